//! Contents in which nothing was found, by the rules that they were searched with: history is not read twice.
//!
//! There may be a million of them, so they are no records of their own but entries of 20 bytes: the first 16
//! of a hash of the content's id, and 4 that tell a damaged entry. New ones are appended to one file, which is
//! sorted into 256 when it has grown. A torn, lost or foreign entry is a miss.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::files;

/// The length of an entry, and of what of it is the name.
const ENTRY: usize = 20;
const NAME: usize = 16;

/// The file of the new ones, and how long it grows.
const RECENT: &str = "recent";
const GROWN: u64 = 64 << 10;

/// As many entries has each of the 256 files at most: half a million contents in all take 10 MB.
const MOST: usize = 4096;

/// As long a file is read at most.
const LONGEST: u64 = 1 << 20;

/// Folders of older rules that stay: a branch with another rule file is gone back to.
const KEPT: usize = 2;

/// The contents that are known to be clean, as far as one run asks.
#[derive(Debug)]
pub(crate) struct Clean {
    folders: [PathBuf; 3],
    key: [u8; 32],
    recent: HashSet<[u8; NAME]>,
    shards: BTreeMap<u8, HashSet<[u8; NAME]>>,
}

impl Clean {
    /// Those of this common git folder, by the rules of this key.
    pub(crate) fn of(common_dir: &Path, key: [u8; 32]) -> Self {
        let guard = common_dir.join("guard");
        let secrets = guard.join("secrets");
        let name = blake3::Hash::from(key).to_hex();
        let name = &name[..16];
        let own = secrets.join(name);
        let mut clean = Self {
            folders: [guard, secrets, own],
            key,
            recent: HashSet::new(),
            shards: BTreeMap::new(),
        };
        clean.recent = clean.read(RECENT);
        clean
    }

    /// Whether nothing was found in this content.
    pub(crate) fn has(&mut self, id: &[u8]) -> bool {
        let name = self.name(id);
        if self.recent.contains(&name) {
            return true;
        }
        if !self.shards.contains_key(&name[0]) {
            let read = self.read(&shard(name[0]));
            self.shards.insert(name[0], read);
        }
        self.shards[&name[0]].contains(&name)
    }

    /// Remembers that nothing was found in these. What cannot be written is searched again, and that is all.
    pub(crate) fn put<'i>(&mut self, ids: impl Iterator<Item = &'i [u8]>) {
        let names: Vec<[u8; NAME]> = ids.map(|id| self.name(id)).collect();
        let new: Vec<[u8; NAME]> = names
            .into_iter()
            .filter(|name| self.recent.insert(*name))
            .collect();
        if !new.is_empty() {
            let _ = self.write(&new);
        }
    }

    fn write(&self, new: &[[u8; NAME]]) -> io::Result<()> {
        let is_first = !files::is_folder(&self.folders[2]);
        for folder in &self.folders {
            files::make_folder(folder)?;
        }
        if is_first {
            self.forget_others();
        }
        let path = self.folders[2].join(RECENT);
        let length = path.symlink_metadata().map_or(0, |about| about.len());
        let bytes: Vec<u8> = new.iter().flat_map(|name| self.entry(name)).collect();
        if length + bytes.len() as u64 <= GROWN {
            let mut options = OpenOptions::new();
            options.append(true).create(true);
            files::careful(&mut options);
            let written = options.open(&path)?.write_all(&bytes);
            if written.is_err() && length == 0 {
                // A full disk has room for a name only: nothing is left of it.
                let _ = fs::remove_file(&path);
            }
            return written;
        }
        self.sort_in()?;
        fs::remove_file(&path).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })
    }

    /// Puts the recent ones where they belong.
    fn sort_in(&self) -> io::Result<()> {
        let mut by_shard: BTreeMap<u8, Vec<[u8; NAME]>> = BTreeMap::new();
        for name in &self.recent {
            by_shard.entry(name[0]).or_default().push(*name);
        }
        for (first, mut names) in by_shard {
            let file = shard(first);
            let old = self.read(&file);
            names.extend(old);
            names.sort_unstable();
            names.dedup();
            names.truncate(MOST);
            let bytes: Vec<u8> = names.iter().flat_map(|name| self.entry(name)).collect();
            files::put_lightly(&self.folders[2].join(file), &bytes)?;
        }
        Ok(())
    }

    /// Rules come and go; what was clean by the oldest of them helps nobody.
    fn forget_others(&self) {
        let Ok(entries) = fs::read_dir(&self.folders[1]) else {
            return;
        };
        let mut others: Vec<(std::time::SystemTime, PathBuf)> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| *path != self.folders[2] && files::is_folder(path))
            .filter_map(|path| Some((path.symlink_metadata().ok()?.modified().ok()?, path)))
            .collect();
        others.sort();
        for (_, old) in others.iter().rev().skip(KEPT) {
            let _ = fs::remove_dir_all(old);
        }
    }

    fn read(&self, file: &str) -> HashSet<[u8; NAME]> {
        if !files::is_folder(&self.folders[2]) {
            return HashSet::new();
        }
        let bytes = files::read(&self.folders[2].join(file), LONGEST).unwrap_or_default();
        let entries = bytes.chunks_exact(ENTRY);
        entries
            .filter_map(|entry| {
                let name: [u8; NAME] = entry[..NAME].try_into().ok()?;
                (self.entry(&name) == entry).then_some(name)
            })
            .collect()
    }

    fn name(&self, id: &[u8]) -> [u8; NAME] {
        let hash = blake3::keyed_hash(&self.key, id);
        let mut name = [0; NAME];
        name.copy_from_slice(&hash.as_bytes()[..NAME]);
        name
    }

    fn entry(&self, name: &[u8; NAME]) -> [u8; ENTRY] {
        let check = blake3::keyed_hash(&self.key, name);
        let mut entry = [0; ENTRY];
        entry[..NAME].copy_from_slice(name);
        entry[NAME..].copy_from_slice(&check.as_bytes()[..ENTRY - NAME]);
        entry
    }
}

fn shard(first: u8) -> String {
    format!("{first:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(range: std::ops::Range<u32>) -> Vec<[u8; 4]> {
        range.map(u32::to_be_bytes).collect()
    }

    fn put(folder: &Path, key: [u8; 32], range: std::ops::Range<u32>) {
        let ids = ids(range);
        Clean::of(folder, key).put(ids.iter().map(<[u8; 4]>::as_slice));
    }

    fn known(folder: &Path, key: [u8; 32], range: std::ops::Range<u32>) -> usize {
        let mut clean = Clean::of(folder, key);
        let ids = ids(range);
        ids.iter().filter(|id| clean.has(id.as_slice())).count()
    }

    #[test]
    fn what_is_put_is_there_by_its_own_rules_only() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = ([1; 32], [2; 32]);
        for from in [0, 20, 5000] {
            put(folder.path(), one, from..from + 5000);
        }
        assert_eq!(known(folder.path(), one, 0..12_000), 10_000);
        assert_eq!(known(folder.path(), other, 0..12_000), 0);
        assert!(
            folder
                .path()
                .join("guard/secrets/0101010101010101/00")
                .is_file()
        );
    }

    #[test]
    fn damage_is_a_miss_and_never_a_hit() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), [1; 32], 0..10);
        let file = folder.path().join("guard/secrets/0101010101010101/recent");
        let whole = fs::read(&file).unwrap();
        for cut in 0..whole.len() {
            fs::write(&file, &whole[..cut]).unwrap();
            assert_eq!(known(folder.path(), [1; 32], 0..10), cut / ENTRY);
            let mut bent = whole.clone();
            bent[cut] ^= 0x10;
            fs::write(&file, &bent).unwrap();
            assert_eq!(known(folder.path(), [1; 32], 0..10), 9);
        }
    }

    #[test]
    fn rules_that_nobody_has_any_more_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        for key in 1..=6_u8 {
            put(folder.path(), [key; 32], 0..1);
        }
        let left = fs::read_dir(folder.path().join("guard/secrets")).unwrap();
        assert_eq!(left.count(), KEPT + 1);
    }
}
