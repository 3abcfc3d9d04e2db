//! A look at the records that changes none of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::entry::{LONGEST, Record};
use super::files::{self, DRAFT};
use super::key::Key;
use super::prune::Limits;
use super::store::{Store, StoreError};

/// What lies in the store.
#[derive(Debug)]
pub struct Survey {
    /// The folder.
    pub folder: PathBuf,
    /// How many files look like records.
    pub records: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How many of them were read and are not wholly as guard wrote them.
    pub damaged: u64,
    /// Whether all were seen before the time was up.
    pub is_whole: bool,
    /// Why nothing can be written there, if that is so.
    pub refusal: Option<StoreError>,
    /// No more records than this are kept.
    pub most: u64,
    /// No more bytes than this are kept.
    pub most_bytes: u64,
}

/// Looks at the store in this common git folder while `go_on` says so.
pub fn survey(common_dir: &Path, go_on: &dyn Fn() -> bool) -> Survey {
    let limits = Limits::default();
    let mut survey = Survey {
        folder: common_dir.join("guard").join("records"),
        records: 0,
        bytes: 0,
        damaged: 0,
        is_whole: true,
        refusal: Store::of(common_dir).err(),
        most: limits.records as u64 * 256,
        most_bytes: limits.bytes * 256,
    };
    let is_plain = |folder: &Path| files::is_folder(folder);
    if !is_plain(&common_dir.join("guard")) || !is_plain(&survey.folder) {
        return survey;
    }
    let shards = entries(&survey.folder);
    for shard in shards {
        let name = shard.file_name().unwrap_or_default().to_string_lossy();
        let is_shard = name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_shard || !is_plain(&shard) {
            continue;
        }
        for path in entries(&shard) {
            if !go_on() {
                survey.is_whole = false;
                return survey;
            }
            survey.count(&path);
        }
    }
    survey
}

impl Survey {
    fn count(&mut self, path: &Path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // Somebody may be writing it this moment.
        if name.starts_with(DRAFT) {
            return;
        }
        self.records += 1;
        self.bytes += path.symlink_metadata().map_or(0, |about| about.len());
        let read = || Record::read(&Key::parse(&name)?, &files::read(path, LONGEST)?);
        self.damaged += u64::from(read().is_none());
    }
}

/// What a folder holds; one that cannot be read holds nothing.
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.flatten().map(|entry| entry.path())
}

#[cfg(test)]
mod tests {
    use super::super::Fields;
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn records_are_counted_and_damaged_ones_told() {
        let folder = tempfile::tempdir().unwrap();
        let common = folder.path();
        let empty = survey(common, &|| true);
        assert_eq!((empty.records, empty.is_whole), (0, true));
        assert_eq!(common.read_dir().unwrap().count(), 0, "nothing is made");

        let store = Store::of(common).unwrap();
        let record = Record {
            id: "lint".to_owned(),
            at: Timestamp(1_000),
            duration_ms: 5,
        };
        for number in 0..3 {
            let key = Fields::new("test").number(number).key();
            store.put(&key, &record).unwrap();
        }
        let key = Fields::new("test").number(0).key();
        let shard = key.to_string()[..2].to_owned();
        let one = common
            .join("guard/records")
            .join(shard)
            .join(key.to_string());
        fs::write(one, "something else").unwrap();
        let seen = survey(common, &|| true);
        assert_eq!((seen.records, seen.damaged), (3, 1));
        assert!(seen.bytes > 0 && seen.is_whole && seen.refusal.is_none());

        let cut = survey(common, &|| false);
        assert_eq!((cut.records, cut.is_whole), (0, false));
    }
}
