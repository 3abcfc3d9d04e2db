//! The lease of a slot: a lock of the operating system, gone with the process whatever ends it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::Isolate;
use super::error::{CheckoutError, refusal};
use super::place::make_private;
use super::state::State;
use crate::process::signal::Cancel;

/// How many checkouts of one kind a repository may have.
pub(crate) const SLOTS: usize = 8;

/// How long to wait between two looks at slots that are all in use, and how often.
const PAUSE: Duration = Duration::from_millis(50);
const LOOKS: usize = 12_000;

/// A slot that nobody else uses while this lives.
#[derive(Debug)]
pub(crate) struct Lease {
    pub(crate) slot: PathBuf,
    file: File,
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Closing is not enough: a child that another thread is starting right now has the file too, until
        // it becomes its program. A lock that cannot be given back goes with the process.
        let _ = self.file.unlock();
    }
}

/// Leases a free slot, one that holds this very tree before any other.
pub(crate) fn take(
    folder: &Path,
    isolate: Isolate,
    key: &[u8; 32],
    cancel: &Cancel,
) -> Result<Lease, CheckoutError> {
    let mut slots: Vec<PathBuf> = (1..=SLOTS)
        .map(|number| folder.join(format!("{}-{number}", isolate.word())))
        .collect();
    slots.sort_by_key(|slot| holds(slot).as_ref() != Some(key));
    for _ in 0..LOOKS {
        if cancel.is_cancelled() {
            return Err(CheckoutError::Cancelled);
        }
        for slot in &slots {
            if let Some(lease) = lock(slot)? {
                return Ok(lease);
            }
        }
        thread::sleep(PAUSE);
    }
    Err(CheckoutError::Busy {
        slots: SLOTS,
        folder: folder.to_owned(),
    })
}

/// What a slot holds, as the first bytes of its state say.
fn holds(slot: &Path) -> Option<[u8; 32]> {
    let mut head = [0; 128];
    let mut file = File::open(slot.join("state")).ok()?;
    let read = io::Read::read(&mut file, &mut head).ok()?;
    State::key_of(&head[..read])
}

/// Leases one slot; none when it is in use.
pub(crate) fn lock(slot: &Path) -> Result<Option<Lease>, CheckoutError> {
    make_private(slot).map_err(refusal("written", slot))?;
    let path = slot.join("lease");
    let refused = refusal("locked", &path);
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    let mut file = match options.open(&path) {
        Ok(file) => file,
        // Somebody removes the slot at this moment.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(error)),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(refused(error)),
    }
    // Who removes a slot holds its lease: what was just locked may be a file that has no name any more.
    if !is_still_there(&file, &path).map_err(&refused)? {
        return Ok(None);
    }
    // Its time says when the slot was used last.
    file.set_len(0).map_err(&refused)?;
    file.write_all(b"leased\n").map_err(&refused)?;
    Ok(Some(Lease {
        slot: slot.to_owned(),
        file,
    }))
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let held = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(named) => Ok((held.dev(), held.ino()) == (named.dev(), named.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_still_there(_: &File, path: &Path) -> io::Result<bool> {
    // An open file cannot be removed there.
    fs::exists(path)
}
