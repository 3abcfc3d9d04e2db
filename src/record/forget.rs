//! What else is remembered besides passes: what was searched, read or understood before. It is bounded where it is
//! written, and goes when everything is to be forgotten.

use std::fs;
use std::io;
use std::path::Path;

use super::files;
use super::prune::Pruned;

/// What lies below guard's folder: contents without secrets, what schemas mean, what sources say.
const REMEMBERED: [&str; 3] = ["secrets", "env", "usage"];

/// Takes all of it away. It is no record, and counts by its bytes.
pub fn forget(common_dir: &Path, pruned: &mut Pruned) -> io::Result<()> {
    let guard = common_dir.join("guard");
    if !files::is_folder(&guard) {
        return Ok(());
    }
    for name in REMEMBERED {
        let path = guard.join(name);
        let Ok(about) = path.symlink_metadata() else {
            continue;
        };
        let bytes = if about.is_dir() {
            weigh(&path)
        } else {
            about.len()
        };
        // A link goes, what it leads to stays.
        let gone = if about.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        match gone {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => pruned.freed_bytes += bytes,
        }
    }
    Ok(())
}

/// How much the files in a folder hold.
fn weigh(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let weights = entries.map(|entry| match entry.metadata() {
        Ok(about) if about.is_dir() => weigh(&entry.path()),
        Ok(about) => about.len(),
        Err(_) => 0,
    });
    weights.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_goes_and_is_weighed() {
        let folder = tempfile::tempdir().unwrap();
        let guard = folder.path().join("guard");
        fs::create_dir_all(guard.join("secrets/rules")).unwrap();
        fs::create_dir(guard.join("records")).unwrap();
        fs::write(guard.join("secrets/rules/recent"), "12345").unwrap();
        fs::write(guard.join("usage"), "123").unwrap();
        let mut pruned = Pruned::default();
        forget(folder.path(), &mut pruned).unwrap();
        assert_eq!((pruned.removed, pruned.freed_bytes), (0, 8));
        let left: Vec<_> = fs::read_dir(&guard).unwrap().flatten().collect();
        assert_eq!(left.len(), 1, "{left:?}");
        forget(folder.path(), &mut pruned).unwrap();
        assert_eq!(pruned.freed_bytes, 8);
    }
}
