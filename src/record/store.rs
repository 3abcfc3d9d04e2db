//! The folder of records: one small file each, in 256 folders by the key's first digits.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::entry::{LONGEST, Record};
use super::files;
use super::key::Key;
use super::prune::Limits;
use crate::clock::Timestamp;

/// Use is remembered by the file's time, and that is written at most this often.
const USED: Duration = Duration::from_hours(24);

/// So many prunes in a row may come between a folder and what is written into it.
const PRUNES: usize = 5;

/// Why passes cannot be remembered here.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum StoreError {
    /// Something else stands where the folder should be.
    #[error("{} is not a folder", .0.display())]
    #[diagnostic(help("move it away; guard makes the folder itself"))]
    NotAFolder(PathBuf),
    /// Nothing can be written.
    #[error("{} cannot be written: {error}", folder.display())]
    #[diagnostic(help("everything runs each time until that folder can be written"))]
    ReadOnly {
        /// The folder.
        folder: PathBuf,
        /// The system's answer.
        error: io::Error,
    },
}

impl StoreError {
    /// What the system said while the store was written.
    pub fn unwritable(store: &Store, error: io::Error) -> Self {
        Self::ReadOnly {
            folder: store.folder().to_owned(),
            error,
        }
    }
}

/// The records of one repository.
#[derive(Clone, Debug)]
pub struct Store {
    /// The folders down to the one that holds the records; made when the first is written.
    folders: [PathBuf; 2],
    pub(super) limits: Limits,
}

impl Store {
    /// The store in this common git folder. Nothing is made, only looked at.
    pub fn of(common_dir: &Path) -> Result<Self, StoreError> {
        let guard = common_dir.join("guard");
        let folders = [guard.clone(), guard.join("records")];
        let mut last = common_dir;
        for folder in &folders {
            match folder.symlink_metadata() {
                Ok(about) if about.is_dir() => last = folder,
                Ok(_) => return Err(StoreError::NotAFolder(folder.clone())),
                Err(_) => break,
            }
        }
        files::is_writable(last).map_err(|error| StoreError::ReadOnly {
            folder: last.to_owned(),
            error,
        })?;
        Ok(Self {
            folders,
            limits: Limits::default(),
        })
    }

    /// Looks a pass up. What is not wholly as guard wrote it is not there.
    pub fn find(&self, key: &Key) -> Option<Record> {
        let shard = self.shard(key);
        if !files::is_folder(&shard) {
            return None;
        }
        Record::read(key, &files::read(&shard.join(key.to_string()), LONGEST)?)
    }

    /// Remembers a pass, and forgets the least used of its neighbours where there are too many.
    pub fn put(&self, key: &Key, record: &Record) -> io::Result<()> {
        let shard = self.shard(key);
        let path = shard.join(key.to_string());
        let put = || {
            self.make()?;
            files::make_folder(&shard)?;
            if files::is_folder(&path) {
                // Nothing of guard's own; a rename would not replace it.
                fs::remove_dir_all(&path)?;
            }
            files::put(&path, &record.write(key))
        };
        let mut done = put();
        for _ in 0..PRUNES {
            match done {
                // A prune has just taken the empty folder away.
                Err(error) if error.kind() == io::ErrorKind::NotFound => done = put(),
                _ => break,
            }
        }
        done?;
        stamp(&path, record.at);
        self.limits.keep(&shard, &path);
        Ok(())
    }

    /// Remembers that a record was of use, so that it is not the next to go.
    pub fn touch(&self, key: &Key, now: Timestamp) {
        let path = self.shard(key).join(key.to_string());
        let used = path
            .symlink_metadata()
            .and_then(|about| about.modified())
            .ok()
            .and_then(|used| used.duration_since(UNIX_EPOCH).ok());
        let is_stale = |used: Duration| Duration::from_millis(now.0).saturating_sub(used) > USED;
        if used.is_some_and(is_stale) {
            stamp(&path, now);
        }
    }

    pub(super) fn make(&self) -> io::Result<()> {
        self.folders
            .iter()
            .try_for_each(|folder| files::make_folder(folder))
    }

    /// The folder of all records.
    pub(super) fn folder(&self) -> &Path {
        &self.folders[1]
    }

    /// The folder of locks.
    pub(super) fn flights(&self) -> PathBuf {
        self.folder().join("flights")
    }

    fn shard(&self, key: &Key) -> PathBuf {
        self.folder().join(format!("{:02x}", key.shard()))
    }
}

/// Writes a file's time. A time that cannot be written costs a record sooner, nothing else.
fn stamp(path: &Path, at: Timestamp) {
    let time = UNIX_EPOCH + Duration::from_millis(at.0);
    let is_plain = path.symlink_metadata().is_ok_and(|about| about.is_file());
    if is_plain && let Ok(file) = File::open(path) {
        let _ = file.set_times(FileTimes::new().set_modified(time));
    }
}
