//! The sources of a judged tree, read side by side, and what they say of the variables that they use.

pub(in crate::gate) mod alone;
mod lying;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::{Ground, Judged};
use crate::change::Change;
use crate::env::Used;
use crate::event::Coverage;
use crate::path::RepoPath;
use crate::repository::contents::{Content, Contents};
use crate::repository::{Blob, Id, Repository, RepositoryError};
use crate::usage::{self, File, Kept, Kind, LONGEST, Usage, Why};

/// Bytes of a source, or why there are none.
type Read = Result<Cow<'static, [u8]>, Why>;

/// What the sources say, and how much was read for it.
struct Scanned {
    usage: Usage,
    /// What was remembered counts as a file, and not its bytes.
    coverage: Coverage,
}

/// Judges the variables that the sources among these files use.
pub(super) fn judge(
    repository: &Repository,
    files: &[Change],
    ground: &Ground,
    judged: &mut Judged,
) -> Result<(), RepositoryError> {
    let scanned = judged_sources(repository, files)?;
    let used = Used::of(&scanned.usage, ground.all().collect());
    judged.findings.extend(used.findings());
    judged.coverage.files += scanned.coverage.files;
    judged.coverage.bytes += scanned.coverage.bytes;
    Ok(())
}

/// Reads the sources of a judged tree, as it holds them.
fn judged_sources(repository: &Repository, files: &[Change]) -> Result<Scanned, RepositoryError> {
    let blobs: Vec<(&RepoPath, Kind, Blob)> = files
        .iter()
        .filter_map(|file| {
            let blob = file.new.filter(|blob| blob.mode.is_regular())?;
            Some((&file.path, Kind::of(&file.path)?, blob))
        })
        .collect();
    let kept = Kept::of(repository.common_dir());
    let bytes = AtomicU64::new(0);
    let counted = |read: Read| {
        let length = read.as_ref().map_or(0, |bytes| bytes.len());
        bytes.fetch_add(length as u64, Ordering::Relaxed);
        read
    };
    let usage = if repository.reads_contents() {
        let readers = Readers {
            repository,
            idle: Mutex::default(),
        };
        let files = blobs.into_par_iter().map(|(path, _, blob)| {
            let (readers, counted) = (&readers, &counted);
            File {
                path: path.clone(),
                id: name(&blob.id),
                read: move || counted(readers.read(&blob.id)),
            }
        });
        usage::scan(files, &kept)
    } else {
        let contents = Mutex::new(fetched(repository, &blobs, &kept)?);
        let files = blobs.into_par_iter().map(|(path, _, blob)| {
            let (contents, counted) = (&contents, &counted);
            File {
                path: path.clone(),
                id: name(&blob.id),
                read: move || {
                    let contents = contents.lock().unwrap_or_else(PoisonError::into_inner);
                    let content = contents.get(&blob.id).cloned();
                    drop(contents);
                    counted(content.unwrap_or(Err(Why::NoBytes)))
                },
            }
        });
        usage::scan(files, &kept)
    };
    Ok(Scanned::of(usage, bytes.into_inner()))
}

impl Scanned {
    fn of(usage: Usage, bytes: u64) -> Self {
        let coverage = Coverage {
            files: usage.count as u64,
            bytes,
        };
        Self { usage, coverage }
    }
}

/// Readers of contents, as many as there are threads that read at a time: to open one takes longer than a read.
struct Readers<'r> {
    repository: &'r Repository,
    idle: Mutex<Vec<Contents<'r>>>,
}

impl Readers<'_> {
    fn read(&self, id: &Id) -> Read {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = idle().pop();
        let reader = waiting.unwrap_or_else(|| self.repository.contents());
        let content = reader.read(id, LONGEST as u64);
        idle().push(reader);
        whole(content.map_err(|_| Why::NoBytes)?)
    }
}

/// The contents of which nothing is known, where the git program reads: it is asked for all at once.
fn fetched(
    repository: &Repository,
    blobs: &[(&RepoPath, Kind, Blob)],
    kept: &Kept,
) -> Result<HashMap<Id, Read>, RepositoryError> {
    let unknown = blobs
        .iter()
        .filter(|(_, kind, blob)| !name(&blob.id).is_some_and(|name| kept.knows(*kind, &name)));
    let mut ids: Vec<Id> = unknown.map(|(_, _, blob)| blob.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut contents = HashMap::with_capacity(ids.len());
    if !ids.is_empty() {
        repository.each_content(&ids, LONGEST as u64, &mut |number, content| {
            contents.insert(ids[number], whole(content));
        })?;
    }
    Ok(contents)
}

fn whole(content: Content) -> Read {
    match content {
        Content::Whole(bytes) => Ok(bytes.into()),
        Content::Large(_) => Err(Why::TooLong),
        Content::Missing => Err(Why::NoBytes),
    }
}

/// By which name a content is remembered: git's id, or as much of it as an older kind of id has.
fn name(id: &Id) -> Option<[u8; 20]> {
    id.as_bytes().first_chunk().copied()
}
