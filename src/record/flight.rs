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
        let mut waited = Duration::ZERO;
        for _ in 0..TRIES {
            let Ok(file) = open(&path) else {
                return Claim::Without;
            };
            loop {
                match file.try_lock() {
                    Ok(()) => break,
                    Err(TryLockError::WouldBlock) if cancel.is_cancelled() => {
                        return Claim::Cancelled;
                    }
                    Err(TryLockError::WouldBlock) if waited < patience => {
                        thread::sleep(PAUSE);
                        waited += PAUSE;
                    }
                    Err(_) => return Claim::Without,
                }
            }
            if is_still(&file, &path) {
                return Claim::Mine(Flight { file, path });
            }
            // Its holder took the file away: the next turn makes a new one.
        }
        Claim::Without
    }

    /// Removes the locks that a killed guard left behind; gives how many.
    pub(super) fn free(&self) -> io::Result<u64> {
        let mut freed = 0;
        for entry in fs::read_dir(self.flights())? {
            let path = entry?.path();
            if let Ok(file) = open(&path)
                && file.try_lock().is_ok()
                && is_still(&file, &path)
            {
                drop(Flight { file, path });
                freed += 1;
            }
        }
        Ok(freed)
    }
}

fn open(path: &Path) -> io::Result<File> {
    let file = files::open_to_lock(path)?;
    // A pipe or a device would open, and is nothing of guard's own.
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::ErrorKind::InvalidInput.into())
    }
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
