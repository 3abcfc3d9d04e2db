//! Single flight: whoever runs a command holds a lock for its key, and the others wait for the pass.
//!
//! The operating system gives the lock up with the process, however that ends. A lock has a file of
//! its own, so that nobody waits for a stranger, and the file goes with it. A file is removed only by
//! who holds its lock, and a lock counts only while its file is still the one at that name: so two
//! can never hold a key's lock at once.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::files;
use super::key::Key;
use super::store::Store;
use crate::process::signal::Cancel;

/// Between two looks at a lock that somebody else holds.
const PAUSE: Duration = Duration::from_millis(20);

/// How often a file may be taken away while it is being locked, before the run goes on without a lock.
const TRIES: usize = 100;

/// What came of asking for a key.
#[derive(Debug)]
pub enum Claim {
    /// It is this run's. Whoever had it before may have left a record.
    Mine(Flight),
    /// There is no lock to be had, or it took too long: the command runs all the same.
    Without,
    /// The run is to end.
    Cancelled,
}

/// The right to run for one key. Dropped, it is free.
#[derive(Debug)]
pub struct Flight {
    file: File,
    path: PathBuf,
}

impl Drop for Flight {
    fn drop(&mut self) {
        if is_still(&self.file, &self.path) {
            // Still locked: nobody else can hold a lock on this file when it goes.
            let _ = fs::remove_file(&self.path);
        }
        let _ = self.file.unlock();
    }
}

impl Store {
    /// Asks for the right to run for a key, and waits at most so long while others have it.
    pub fn claim(&self, key: &Key, cancel: &Cancel, patience: Duration) -> Claim {
        let path = self.flights().join(key.to_string());
        let ready = self
            .make()
            .and_then(|()| files::make_folder(&self.flights()));
        if ready.is_err() {
            return Claim::Without;
        }
        let (mut waited, mut tries) = (Duration::ZERO, 0);
        loop {
            match take(&path) {
                Ok(Some(flight)) => return Claim::Mine(flight),
                // Its holder took the file away meanwhile: the next look makes a new one.
                Ok(None) if tries < TRIES => tries += 1,
                Err(TryLockError::WouldBlock) if cancel.is_cancelled() => return Claim::Cancelled,
                Err(TryLockError::WouldBlock) if waited < patience => {
                    thread::sleep(PAUSE);
                    waited += PAUSE;
                }
                Ok(None) | Err(_) => return Claim::Without,
            }
        }
    }
}

/// Locks the file at a path; none when it was no longer at that path by then.
pub(super) fn take(path: &Path) -> Result<Option<Flight>, TryLockError> {
    let file = files::open_to_lock(path).map_err(TryLockError::Error)?;
    if !file.metadata().map_err(TryLockError::Error)?.is_file() {
        return Err(TryLockError::Error(io::ErrorKind::InvalidInput.into()));
    }
    file.try_lock()?;
    if is_still(&file, path) {
        let path = path.to_owned();
        return Ok(Some(Flight { file, path }));
    }
    Ok(None)
}

/// Whether an open file is the one at a path.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), path.symlink_metadata()) {
        (Ok(open), Ok(there)) => open.ino() == there.ino() && open.dev() == there.dev(),
        _ => false,
    }
}

/// A file that is open cannot be replaced here.
#[cfg(not(unix))]
fn is_still(_: &File, path: &Path) -> bool {
    path.exists()
}
