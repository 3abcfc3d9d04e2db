//! The search through many sources, side by side.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::iter::ParallelIterator;

use super::{Content, Kept, Kind, Spot, content};
use crate::path::RepoPath;
use crate::variable::{Reading, What};

/// A source is read up to this length.
pub const LONGEST: usize = 16 << 20;

/// A file that may be a source.
#[derive(Debug)]
pub struct File<R> {
    /// Where it lies.
    pub path: RepoPath,
    /// The id of its content, where git knows it.
    pub id: Option<[u8; 20]>,
    /// Its bytes, asked for only where they are not known yet, or why there are none.
    pub read: R,
}

/// A source that has something to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it lies.
    pub path: RepoPath,
    /// How it was read.
    pub kind: Kind,
    /// What it says.
    pub content: Content,
}

/// A file that should have been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Where it lies.
    pub path: RepoPath,
    /// What stood in the way.
    pub why: Why,
}

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is longer than 16 MB.
    TooLong,
    /// It could not be read.
    NoBytes,
}

/// What the sources of a project say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Those that say something, or could not be understood as a whole, by their paths.
    pub sources: Vec<Source>,
    /// Those that were not read: what they say is unknown.
    pub unread: Vec<Unread>,
    /// How many sources there were.
    pub count: usize,
}

impl Usage {
    /// The places by the names of variables, of what is done in one of these ways.
    pub fn by_name(&self, whats: &[What]) -> BTreeMap<&str, Vec<(&Source, &Spot)>> {
        let mut names: BTreeMap<&str, Vec<(&Source, &Spot)>> = BTreeMap::new();
        for source in &self.sources {
            for spot in &source.content.spots {
                if whats.contains(&spot.what) && !spot.name.is_empty() {
                    names.entry(&spot.name).or_default().push((source, spot));
                }
            }
        }
        names
    }
}

/// What came of one file.
enum Looked {
    /// Known from the last time.
    Known(Source),
    /// Read now.
    Read(Source, Option<[u8; 20]>),
    Unread(Unread),
}

/// Reads all sources among the files. What is new is remembered.
pub fn scan<'b, R>(files: impl ParallelIterator<Item = File<R>>, kept: &Kept) -> Usage
where
    R: FnOnce() -> Result<Cow<'b, [u8]>, Why> + Send,
{
    let looked: Vec<Looked> = files.filter_map(|file| look(file, kept)).collect();
    let mut usage = Usage {
        count: looked.len(),
        ..Usage::default()
    };
    let new = looked.iter().filter_map(|looked| match looked {
        Looked::Read(source, Some(id)) => Some((source.kind, id.as_slice(), &source.content)),
        _ => None,
    });
    kept.put(new);
    for looked in looked {
        match looked {
            Looked::Unread(unread) => usage.unread.push(unread),
            Looked::Known(source) | Looked::Read(source, _) => {
                let is_silent = source.content.spots.is_empty();
                if !is_silent || source.content.reading != Reading::Whole {
                    usage.sources.push(source);
                }
            }
        }
    }
    usage.sources.sort_by(|a, b| a.path.cmp(&b.path));
    usage.unread.sort_by(|a, b| a.path.cmp(&b.path));
    usage
}

fn look<'b, R>(file: File<R>, kept: &Kept) -> Option<Looked>
where
    R: FnOnce() -> Result<Cow<'b, [u8]>, Why>,
{
    let kind = Kind::of(&file.path)?;
    let path = file.path;
    if let Some(content) = file.id.as_ref().and_then(|id| kept.get(kind, id)) {
        return Some(Looked::Known(Source {
            path,
            kind,
            content,
        }));
    }
    let bytes = match (file.read)() {
        Ok(bytes) if bytes.len() <= LONGEST => bytes,
        Ok(_) => {
            let why = Why::TooLong;
            return Some(Looked::Unread(Unread { path, why }));
        }
        Err(why) => return Some(Looked::Unread(Unread { path, why })),
    };
    let content = content(kind, &bytes);
    Some(Looked::Read(
        Source {
            path,
            kind,
            content,
        },
        file.id,
    ))
}
