//! Keeping the folder small: the least used go, and what is no record goes with them.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::entry::{LONGEST, Record};
use super::files::{self, DRAFT};
use super::key::Key;
use super::store::Store;
use crate::clock::Timestamp;

/// How much one of the 256 folders holds. Keys are spread evenly, so all of them together hold at
/// most 20,000 records and 32 MiB, and a write has to look at its own folder only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) records: usize,
    pub(super) bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            records: 20_000 / 256,
            bytes: (32 << 20) / 256,
        }
    }
}

/// A record that nobody used for so long goes at a prune.
const UNUSED: Duration = Duration::from_hours(30 * 24);

/// An unfinished file this old is nobody's any more.
const ABANDONED: Duration = Duration::from_hours(1);

/// What `prune` takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prune {
    /// What is of no use: damaged, unfinished, long unused.
    Useless,
    /// Everything.
    All,
}

/// What a prune did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Pruned {
    /// Files that were removed.
    pub removed: u64,
    /// Their bytes.
    pub freed_bytes: u64,
    /// Records that stay.
    pub kept: u64,
    /// Their bytes.
    pub kept_bytes: u64,
}

impl Limits {
    /// Removes the least used until the folder holds no more than it may; `newest` stays.
    pub(super) fn keep(self, shard: &Path, newest: &Path) {
        let Ok(entries) = fs::read_dir(shard) else {
            return;
        };
        let entries: Vec<DirEntry> = entries.flatten().collect();
        // Names are free, sizes and times are not: mostly there is nothing to ask.
        if entries.len() <= self.records && entries.len() as u64 * LONGEST <= self.bytes {
            return;
        }
        let mut all: Vec<(SystemTime, u64, PathBuf)> = entries
            .iter()
            .filter_map(|entry| {
                let about = entry.metadata().ok()?;
                let used = about.modified().unwrap_or(UNIX_EPOCH);
                Some((used, about.len(), entry.path()))
            })
            .collect();
        let mut count = all.len();
        let mut bytes: u64 = all.iter().map(|(_, size, _)| size).sum();
        all.retain(|(.., path)| path != newest);
        all.sort();
        for (_, size, path) in all {
            if count <= self.records && bytes <= self.bytes {
                break;
            }
            // Another guard may have been faster.
            let _ = remove(&path);
            count -= 1;
            bytes -= size;
        }
    }
}

impl Store {
    /// Takes away what is of no use, or everything. Locks that somebody holds stay.
    pub fn prune(&self, what: Prune, now: Timestamp) -> io::Result<Pruned> {
        let mut pruned = Pruned::default();
        for shard in entries(self.folder())? {
            let path = shard.path();
            if path == self.flights() && files::is_folder(&path) {
                pruned.removed += self.free()?;
            } else if files::is_folder(&path) {
                for entry in entries(&path)? {
                    judge(what, now, &entry, &mut pruned)?;
                }
                // Only an empty folder can be removed, and it is made again when it is needed.
                let _ = fs::remove_dir(&path);
            } else {
                take_away(&shard, &mut pruned)?;
            }
        }
        Ok(pruned)
    }
}

/// Keeps one entry of a shard or takes it away.
fn judge(what: Prune, now: Timestamp, entry: &DirEntry, pruned: &mut Pruned) -> io::Result<()> {
    let Ok(about) = entry.metadata() else {
        return Ok(());
    };
    let used = about.modified().ok();
    let used = used.and_then(|used| used.duration_since(UNIX_EPOCH).ok());
    let idle = Duration::from_millis(now.0).saturating_sub(used.unwrap_or_default());
    let name = entry.file_name();
    let name = name.to_string_lossy();
    let stays = if name.starts_with(DRAFT) {
        // Somebody may be writing it this moment.
        idle < ABANDONED
    } else {
        what == Prune::Useless && idle < UNUSED && is_record(&name, &entry.path())
    };
    if !stays {
        return take_away(entry, pruned);
    }
    pruned.kept += 1;
    pruned.kept_bytes += about.len();
    Ok(())
}

fn is_record(name: &str, path: &Path) -> bool {
    let read = || Record::read(&Key::parse(name)?, &files::read(path, LONGEST)?);
    read().is_some()
}

fn take_away(entry: &DirEntry, pruned: &mut Pruned) -> io::Result<()> {
    let size = entry.metadata().map_or(0, |about| about.len());
    match remove(&entry.path()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            pruned.removed += 1;
            pruned.freed_bytes += size;
            Ok(())
        }
    }
}

/// Removes what stands at a path inside the store; a link goes, what it leads to stays.
fn remove(path: &Path) -> io::Result<()> {
    if files::is_folder(path) {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    }
}

fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
