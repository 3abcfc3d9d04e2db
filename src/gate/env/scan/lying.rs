//! The sources as they lie on the disk: tracked or not, but not ignored.
//!
//! A file that git's index knows unchanged is the content that the index names, and what was remembered of that
//! content holds. Everything else is read.

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use ignore::WalkBuilder;
use rayon::prelude::*;

use super::{Read, Scanned};
use crate::change;
use crate::path::RepoPath;
use crate::repository::{Judged, Repository, RepositoryError};
use crate::usage::{self, File, Kept, Kind, LONGEST, Why};

/// A source on the disk.
pub(super) struct Lying {
    pub(super) path: RepoPath,
    /// The name of its content, where git knows that it did not change.
    name: Option<[u8; 20]>,
}

/// Which sources there are.
pub(super) fn listed(
    root: &Path,
    repository: Option<&Repository>,
) -> Result<Vec<Lying>, RepositoryError> {
    let Some(repository) = repository else {
        return Ok(below(root));
    };
    repository.needs_work_tree()?;
    let indexed = change::everything(repository, Judged::Index)?.files;
    let mut sources: Vec<Lying> = indexed
        .into_iter()
        .filter_map(|file| {
            let blob = file.new.filter(|blob| blob.mode.is_regular())?;
            Kind::of(&file.path)?;
            Some(Lying {
                name: super::name(&blob.id),
                path: file.path,
            })
        })
        .collect();
    let everywhere = RepoPath::root();
    // One look at the whole, which is all that is needed where nothing changed.
    let odd = repository.project_disagreement(&Judged::Index, &everywhere)?;
    if odd.is_none() {
        return Ok(sources);
    }
    let paths: Vec<RepoPath> = sources.iter().map(|source| source.path.clone()).collect();
    let other = repository.disagreeing(&Judged::Index, &paths)?;
    let other: HashSet<RepoPath> = other.into_iter().map(|one| one.path).collect();
    sources.retain_mut(|source| {
        if !other.contains(&source.path) {
            return true;
        }
        source.name = None;
        is_plain(root, &source.path)
    });
    let known: HashSet<RepoPath> = paths.into_iter().collect();
    // What is only going to be added is tracked, and has no content yet.
    let promised = repository.tracked(std::slice::from_ref(&everywhere))?;
    let strangers = repository.untracked(&[everywhere])?;
    let more = promised.into_iter().chain(strangers);
    let more = more
        .filter(|path| Kind::of(path).is_some() && !known.contains(path) && is_plain(root, path));
    sources.extend(more.map(|path| Lying { path, name: None }));
    Ok(sources)
}

/// Whether a plain file lies there, and no link leads to it.
fn is_plain(root: &Path, path: &RepoPath) -> bool {
    let mut place = root.to_owned();
    let whole = path.to_os();
    let mut parts = whole.components().peekable();
    while let Some(part) = parts.next() {
        place.push(part);
        let Ok(about) = place.symlink_metadata() else {
            return false;
        };
        let is_right = if parts.peek().is_some() {
            about.is_dir()
        } else {
            about.is_file()
        };
        if !is_right {
            return false;
        }
    }
    true
}

/// The sources below a folder that is in no repository. Folders of installed packages are left out, whether or not
/// somebody wrote down that they are to be ignored.
fn below(root: &Path) -> Vec<Lying> {
    let is_meant = |entry: &ignore::DirEntry| {
        let name = entry.file_name();
        let is_installed = || entry.depth() > 0 && entry.path().join("pyvenv.cfg").exists();
        let is_aside = name == ".git" || name == "node_modules" || is_installed();
        !is_aside
    };
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .ignore(false)
        .parents(false)
        .git_global(false)
        .require_git(false)
        .follow_links(false)
        .filter_entry(is_meant)
        .build();
    let files = walk.flatten().filter(|entry| {
        let sort = entry.file_type();
        sort.is_some_and(|sort| sort.is_file())
    });
    let paths = files.filter_map(|entry| {
        let path = entry.path().strip_prefix(root).ok()?;
        let path = RepoPath::new(path.as_os_str().as_encoded_bytes());
        Kind::of(&path).map(|_| path)
    });
    paths.map(|path| Lying { path, name: None }).collect()
}

/// Reads them, as far as nothing is remembered of them.
pub(super) fn read(root: &Path, sources: Vec<Lying>, kept: &Kept) -> Scanned {
    let bytes = AtomicU64::new(0);
    let files = sources.into_par_iter().map(|source| {
        let bytes = &bytes;
        let place = source.path.clone();
        File {
            path: source.path,
            id: source.name,
            read: move || {
                let read = content(&root.join(place.to_os()))?;
                bytes.fetch_add(read.len() as u64, Ordering::Relaxed);
                Ok(read)
            },
        }
    });
    let usage = usage::scan(files, kept);
    Scanned::of(usage, bytes.into_inner())
}

fn content(place: &Path) -> Read {
    let read = || {
        let file = fs::File::open(place)?;
        let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let mut bytes = Vec::with_capacity(length.min(LONGEST) + 1);
        file.take(LONGEST as u64 + 1).read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    };
    let bytes = read().map_err(|_| Why::NoBytes)?;
    Ok(bytes.into())
}
