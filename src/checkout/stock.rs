//! A look at a repository's checkouts that changes none of them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::error::CheckoutError;
use super::{memory, place, prune};
use crate::clock::Timestamp;
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::repository::Repository;

/// A repository's checkouts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// The folder of all of them.
    pub folder: PathBuf,
    /// Each of them, sorted.
    pub slots: Vec<Slot>,
    /// What they hold, as far as it was counted.
    pub bytes: u64,
    /// Whether all was counted before the time was up.
    pub is_whole: bool,
}

/// One checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Whether a run has it now.
    pub in_use: bool,
    /// Whether the last run was killed while it wrote there; the next one repairs it.
    pub is_cut: bool,
    /// Whether nobody used it for so long that a prune takes it away.
    pub is_old: bool,
}

/// Looks, and counts sizes while `go_on` says so.
pub fn stock(
    repository: &Repository,
    environment: &Environment,
    now: Timestamp,
    go_on: &dyn Fn() -> bool,
) -> Result<Stock, CheckoutError> {
    let folder = place::of(repository.common_dir(), environment);
    let mut paths = prune::within(&folder)?;
    paths.sort();
    let slots = paths.iter().map(|slot| look(slot, now)).collect();
    let (bytes, is_whole) = weigh(&folder, go_on);
    Ok(Stock {
        folder,
        slots,
        bytes,
        is_whole,
    })
}

fn look(slot: &Path, now: Timestamp) -> Slot {
    let in_use = is_held(&slot.join("lease"));
    let moving = RepoPath::new(memory::MOVING).to_os();
    Slot {
        name: slot
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        in_use,
        is_cut: !in_use && slot.join(moving).symlink_metadata().is_ok(),
        is_old: prune::is_old(slot, now),
    }
}

/// Whether somebody holds a lease. Asked with a shared lock, given back at once: nothing is written.
fn is_held(lease: &Path) -> bool {
    let is_file = lease.symlink_metadata().is_ok_and(|about| about.is_file());
    let Some(file) = is_file.then(|| File::open(lease).ok()).flatten() else {
        return false;
    };
    let held = matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock));
    // What cannot be given back goes with the process.
    let _ = file.unlock();
    held
}

/// The bytes of all files below a folder, and whether all were seen. Links are not followed.
fn weigh(folder: &Path, go_on: &dyn Fn() -> bool) -> (u64, bool) {
    let mut bytes = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            if !go_on() {
                return (bytes, false);
            }
            match entry.metadata() {
                Ok(about) if about.is_dir() => folders.push(entry.path()),
                Ok(about) => bytes += about.len(),
                Err(_) => {}
            }
        }
    }
    (bytes, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_seen_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let slot = folder.path().join("link-1");
        fs::create_dir(&slot).unwrap();
        fs::write(slot.join("lease"), "leased\n").unwrap();
        let now = Timestamp(crate::clock::Clock::Real.now().0);
        let seen = look(&slot, now);
        assert_eq!((seen.name.as_str(), seen.in_use), ("link-1", false));
        assert!(!seen.is_old && !seen.is_cut);

        fs::write(slot.join("moving"), "a").unwrap();
        assert!(look(&slot, now).is_cut);
        let lease = File::options()
            .write(true)
            .open(slot.join("lease"))
            .unwrap();
        lease.try_lock().unwrap();
        let seen = look(&slot, now);
        assert!(seen.in_use && !seen.is_cut);

        let month = 31 * 24 * 3_600_000;
        assert!(look(&slot, Timestamp(now.0 + month)).is_old);
        assert_eq!(weigh(folder.path(), &|| true), (8, true));
        assert_eq!(weigh(folder.path(), &|| false), (0, false));
    }
}
