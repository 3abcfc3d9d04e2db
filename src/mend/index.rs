//! The index gets the fixes: on a copy, by git, and the copy takes the index's place in one step.
//!
//! git's own lock is held for no longer than a link and a rename take. What git made for this commit alone,
//! it holds the lock of already: `index.lock` for `commit -a` and `-p`; `next-index-*.lock`, beside the
//! `index.lock` that will be the index afterwards, for `commit -- PATH`.

mod entry;
mod target;

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io, thread};

pub(crate) use entry::{entries, set};
pub(crate) use target::{Target, is_left_lock, targets};

use super::workshop::Workshop;
use super::{MendError, holder};
use crate::path::RepoPath;
use crate::process::git::Git;
use crate::process::signal::Cancel;
use crate::repository::{Blob, Id};

/// How often the index may change under way before guard gives up.
const TRIES: usize = 5;
/// Pauses between two tries for the lock: three seconds in all.
const PAUSES: [u64; 12] = [5, 10, 20, 40, 80, 160, 320, 400, 450, 500, 500, 515];

/// What the index is to hold.
#[derive(Clone, Debug)]
pub(crate) struct Staging {
    pub(crate) path: RepoPath,
    /// What it holds now.
    pub(crate) old: Blob,
    pub(crate) new: Id,
    /// Whether the work tree holds the same, so that git may remember how the file looks.
    pub(crate) is_even: bool,
}

/// A finished copy, and what it was made from.
struct Copy<'a> {
    target: &'a Target,
    before: Vec<u8>,
    file: PathBuf,
}

/// Puts the fixes into every index of this commit, or into none.
pub(crate) fn write(
    git: &Git,
    workshop: &Workshop,
    targets: &[Target],
    stagings: &[Staging],
    places: &[&Path],
    cancel: &Cancel,
) -> Result<(), MendError> {
    for _ in 0..TRIES {
        let copies = targets
            .iter()
            .map(|target| copy(git, workshop, target, stagings))
            .collect::<Result<Vec<_>, _>>()?;
        for copy in &copies {
            if let Some(lock) = &copy.target.lock {
                workshop
                    .note(lock, &[], &RepoPath::root())
                    .map_err(|error| failed(&error))?;
                take(lock, &copy.file, places, cancel)?;
            }
        }
        let done = install(workshop, &copies);
        if !matches!(done, Ok(true)) {
            release(&copies);
        }
        if done? {
            return Ok(());
        }
    }
    let reason = "it is being changed again and again".to_owned();
    Err(MendError::Index { reason })
}

/// A copy of an index with the fixes in it.
fn copy<'a>(
    git: &Git,
    workshop: &Workshop,
    target: &'a Target,
    stagings: &[Staging],
) -> Result<Copy<'a>, MendError> {
    let before = fs::read(&target.file).map_err(|error| failed(&error))?;
    let file = workshop.path();
    fs::write(&file, &before).map_err(|error| failed(&error))?;
    let mut git = git.clone();
    git.set("GIT_INDEX_FILE", &file);
    let paths: Vec<&RepoPath> = stagings.iter().map(|staging| &staging.path).collect();
    let held = entries(&git, &paths)?;
    let is_other =
        |staging: &&Staging| held.get(&staging.path).map(|entry| entry.blob) != Some(staging.old);
    let other: Vec<RepoPath> = stagings
        .iter()
        .filter(is_other)
        .map(|staging| staging.path.clone())
        .collect();
    if !other.is_empty() {
        return Err(MendError::Restaged { paths: other });
    }
    let new = stagings.iter().map(|staging| {
        let mode = staging.old.mode;
        (
            &staging.path,
            Blob {
                id: staging.new,
                mode,
            },
        )
    });
    set(&git, new)?;
    entry::keep_flags(&git, &held)?;
    let even = stagings.iter().filter(|staging| staging.is_even);
    entry::refresh(&git, &even.map(|staging| &staging.path).collect::<Vec<_>>())?;
    fs::metadata(&target.file)
        .and_then(|about| fs::set_permissions(&file, about.permissions()))
        .map_err(|error| failed(&error))?;
    Ok(Copy {
        target,
        before,
        file,
    })
}

/// Takes git's lock by giving the finished copy its name, which fails where the name is taken.
fn take(lock: &Path, copy: &Path, places: &[&Path], cancel: &Cancel) -> Result<(), MendError> {
    for pause in PAUSES.into_iter().map(Some).chain([None]) {
        match target::link(copy, lock) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed(&error));
            }
            Err(_) => {}
        }
        if cancel.is_cancelled() {
            return Err(MendError::Cancelled);
        }
        if let Some(pause) = pause {
            thread::sleep(Duration::from_millis(pause));
        }
    }
    Err(MendError::IndexLocked {
        file: lock.to_owned(),
        holder: holder::of_lock(lock, places),
    })
}

fn release(copies: &[Copy<'_>]) {
    for copy in copies {
        if let Some(lock) = &copy.target.lock {
            // It is guard's own, as it was just taken.
            drop(fs::remove_file(lock));
        }
    }
}

/// Renames the copies onto the indexes, unless one of these has changed since it was copied.
fn install(workshop: &Workshop, copies: &[Copy<'_>]) -> Result<bool, MendError> {
    for copy in copies {
        let now = fs::read(&copy.target.file).map_err(|error| failed(&error))?;
        if now != copy.before {
            return Ok(false);
        }
    }
    let mut done: Vec<(&Copy<'_>, PathBuf)> = Vec::new();
    for copy in copies {
        let was = workshop.path();
        let kept = target::link(&copy.target.file, &was);
        let from = copy.target.lock.as_ref().unwrap_or(&copy.file);
        let renamed = kept.and_then(|()| fs::rename(from, &copy.target.file));
        if let Err(error) = renamed {
            for (copy, was) in done {
                fs::rename(was, &copy.target.file).map_err(|error| failed(&error))?;
            }
            return Err(failed(&error));
        }
        done.push((copy, was));
    }
    Ok(true)
}

fn failed(error: &io::Error) -> MendError {
    let reason = error.to_string();
    MendError::Index { reason }
}
