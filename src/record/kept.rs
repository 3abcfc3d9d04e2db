//! Small things that were made of a content, by a hash of everything that they depend on: what is costly to make
//! and cheap to read. They save time and are never evidence.
//!
//! One file each, `guard/KIND/HASH` below git's common folder, of the content and a checksum of it. What is damaged,
//! foreign, too long or a link is a miss.

use std::fs;
use std::path::{Path, PathBuf};

use super::files;

/// As long is one at most.
const LONGEST: u64 = 64 << 20;

/// How many stay: a branch with another one is gone back to.
const MOST: usize = 8;

/// The length of the checksum behind the content.
const CHECK: usize = 32;

/// The things of one kind.
#[derive(Debug)]
pub(crate) struct Kept {
    folders: [PathBuf; 2],
    kind: &'static str,
}

impl Kept {
    /// Those of this kind below a common git folder.
    pub(crate) fn of(common_dir: &Path, kind: &'static str) -> Self {
        let guard = common_dir.join("guard");
        let own = guard.join(kind);
        Self {
            folders: [guard, own],
            kind,
        }
    }

    /// What was kept under this key.
    pub(crate) fn get(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        if !self.folders.iter().all(|folder| files::is_folder(folder)) {
            return None;
        }
        let mut bytes = files::read(&self.path(key), LONGEST)?;
        let content = bytes.len().checked_sub(CHECK)?;
        let check = self.check(key, &bytes[..content]);
        if bytes[content..] != check {
            return None;
        }
        bytes.truncate(content);
        Some(bytes)
    }

    /// Keeps it. What cannot be written is made again, and that is all.
    pub(crate) fn put(&self, key: &[u8; 32], content: &[u8]) {
        for folder in &self.folders {
            if files::make_folder(folder).is_err() {
                return;
            }
        }
        let mut bytes = content.to_vec();
        bytes.extend(self.check(key, content));
        if files::put_lightly(&self.path(key), &bytes).is_ok() {
            self.forget_others();
        }
    }

    /// Takes the oldest away.
    fn forget_others(&self) {
        let Ok(entries) = fs::read_dir(&self.folders[1]) else {
            return;
        };
        let mut all: Vec<(std::time::SystemTime, PathBuf)> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        all.sort();
        for (_, old) in all.iter().rev().skip(MOST) {
            let _ = fs::remove_file(old);
        }
    }

    fn path(&self, key: &[u8; 32]) -> PathBuf {
        let name = blake3::Hash::from(*key).to_hex();
        self.folders[1].join(&name[..32])
    }

    fn check(&self, key: &[u8; 32], content: &[u8]) -> [u8; CHECK] {
        let mut hasher = blake3::Hasher::new_keyed(key);
        hasher.update(self.kind.as_bytes());
        hasher.update(&[0]);
        hasher.update(content);
        *hasher.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back_and_what_is_damaged_is_a_miss() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::of(folder.path(), "things");
        let (one, other) = ([1; 32], [2; 32]);
        assert_eq!(kept.get(&one), None);
        kept.put(&one, b"content");
        assert_eq!(kept.get(&one).as_deref(), Some(&b"content"[..]));
        assert_eq!(kept.get(&other), None);
        let path = kept.path(&one);
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut damaged = good.clone();
            damaged[at] ^= 1;
            fs::write(&path, &damaged).unwrap();
            assert_eq!(kept.get(&one), None, "byte {at}");
            fs::write(&path, &good[..at]).unwrap();
            assert_eq!(kept.get(&one), None, "cut at {at}");
        }
        // Under another key or as another kind it is another thing.
        fs::write(kept.path(&other), &good).unwrap();
        assert_eq!(kept.get(&other), None);
    }

    #[test]
    fn only_the_last_few_stay() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::of(folder.path(), "things");
        for key in 0..20 {
            kept.put(&[key; 32], b"content");
        }
        let left = fs::read_dir(&kept.folders[1]).unwrap().count();
        assert_eq!(left, MOST);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_neither_read_nor_followed() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("guard")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("guard/things")).unwrap();
        let kept = Kept::of(folder.path(), "things");
        kept.put(&[1; 32], b"content");
        assert_eq!(kept.get(&[1; 32]), None);
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }
}
