//! Checkouts that nobody needs any more: unused for two weeks, or of a repository that is gone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::error::{CheckoutError, refusal};
use super::folder::Folder;
use super::{lease, place};
use crate::clock::Timestamp;
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::repository::Repository;

/// How long a checkout is kept for its next use.
const UNUSED: Duration = Duration::from_hours(14 * 24);

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// The folders of the checkouts, sorted.
    pub slots: Vec<PathBuf>,
}

/// Removes the checkouts that were not used for 14 days, and those whose repository is gone. One that
/// is in use stays. `repository` is where it was called, if anywhere.
pub fn prune(
    repository: Option<&Repository>,
    environment: &Environment,
    now: Timestamp,
) -> Result<Pruned, CheckoutError> {
    let mut folders = match place::all(environment) {
        Some(all) => within(&all)?,
        None => Vec::new(),
    };
    folders.extend(repository.map(|repository| place::within(repository.common_dir())));
    let mut pruned = Pruned::default();
    for folder in folders {
        let is_gone = is_orphan(&folder);
        for slot in within(&folder)? {
            if (is_gone || is_old(&slot, now)) && remove(&folder, &slot)? {
                pruned.slots.push(slot);
            }
        }
        if is_gone && within(&folder)?.is_empty() {
            // Somebody may just be making a new one, whose folder then stays.
            drop(fs::remove_file(folder.join(place::OWNER)));
            drop(fs::remove_dir(&folder));
        }
    }
    pruned.slots.sort();
    Ok(pruned)
}

/// The folders in a folder; none when it is not there.
pub(super) fn within(folder: &Path) -> Result<Vec<PathBuf>, CheckoutError> {
    let refused = refusal("read", folder);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(refused(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(&refused)?;
        if entry.file_type().map_err(&refused)?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Whether the repository that the checkouts belong to is certainly gone.
fn is_orphan(folder: &Path) -> bool {
    let Ok(owner) = fs::read(folder.join(place::OWNER)) else {
        return false;
    };
    let common = RepoPath::new(owner).to_os();
    // Somebody may be writing it at this moment.
    if !common.is_absolute() {
        return false;
    }
    let looked = fs::symlink_metadata(common);
    looked.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Whether a slot was not used for long, by the time of its lease.
pub(super) fn is_old(slot: &Path, now: Timestamp) -> bool {
    let used = fs::metadata(slot.join("lease")).and_then(|about| about.modified());
    let since = used
        .ok()
        .and_then(|used| used.duration_since(UNIX_EPOCH).ok());
    let used = since.and_then(|since| u64::try_from(since.as_millis()).ok());
    // What has no lease is no slot, or one that is being made.
    used.is_some_and(|used| now.since(Timestamp(used)) > UNUSED)
}

/// Removes a slot unless it is in use; whether it did.
fn remove(folder: &Path, slot: &Path) -> Result<bool, CheckoutError> {
    let Some(name) = slot.file_name() else {
        return Ok(false);
    };
    let Some(lease) = lease::lock(slot)? else {
        return Ok(false);
    };
    let refused = refusal("removed", slot);
    let folder = Folder::open(folder).map_err(&refused)?;
    folder.remove(name.as_encoded_bytes()).map_err(&refused)?;
    drop(lease);
    Ok(true)
}
