//! What the last laying depended on, so that the next one can see at a glance that nothing changed.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::repoint::{bytes, path_of};

/// Files and folders, each as it was when it was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen(Vec<(PathBuf, Stamp)>);

/// What changes when a file or a folder does; `None` where nothing was.
type Stamp = Option<[i128; 5]>;

/// Times come from a clock that ticks: what changed this shortly before it was looked at may
/// change again and look the same. In nanoseconds.
const TICK: i128 = 20_000_000;

impl Seen {
    /// Remembers how this is now. To be called before it is read.
    pub(crate) fn look(&mut self, path: &Path) {
        let stamp = stamp(path);
        self.0.push((path.to_owned(), stamp));
    }

    /// Whether everything still is as it was.
    pub(crate) fn holds(&self) -> bool {
        self.0.iter().all(|(path, was)| stamp(path) == *was)
    }

    /// Forgets nothing, but makes what was as young as this moment never hold again.
    pub(crate) fn distrust_since(&mut self, now: i128) {
        for (_, was) in &mut self.0 {
            if let Some(was) = was
                && was[3].max(was[4]) + TICK >= now
            {
                was[0] = -1;
            }
        }
    }

    /// As bytes: numbers and a path each, every field ended by a NUL.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut made = Vec::new();
        for (path, stamp) in &self.0 {
            let numbers: Vec<String> = stamp.iter().flatten().map(ToString::to_string).collect();
            made.extend_from_slice(numbers.join(" ").as_bytes());
            made.push(0);
            made.extend_from_slice(&bytes(path.as_os_str()));
            made.push(0);
        }
        made
    }

    /// From such bytes; `None` for any others.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let mut fields = text.split(|byte| *byte == 0);
        let mut seen = Vec::new();
        loop {
            let numbers = fields.next()?;
            let Some(path) = fields.next() else {
                return numbers.is_empty().then_some(Self(seen));
            };
            let stamp = if numbers.is_empty() {
                None
            } else {
                let numbers: Option<Vec<i128>> = std::str::from_utf8(numbers)
                    .ok()?
                    .split(' ')
                    .map(|number| number.parse().ok())
                    .collect();
                Some(numbers?.try_into().ok()?)
            };
            seen.push((path_of(path), stamp));
        }
    }
}

fn stamp(path: &Path) -> Stamp {
    let found = fs::symlink_metadata(path).ok()?;
    let nanos = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
    Some([
        i128::from(found.dev()),
        i128::from(found.ino()),
        i128::from(found.len()),
        nanos(found.mtime(), found.mtime_nsec()),
        nanos(found.ctime(), found.ctime_nsec()),
    ])
}

/// The time by the clock of files: that of a file just written.
pub(crate) fn now(fresh: &Path) -> i128 {
    stamp(fresh).map_or(0, |stamp| stamp[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_show_and_the_bytes_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a\nb");
        fs::write(&file, "1").unwrap();
        let mut seen = Seen::default();
        seen.look(&file);
        seen.look(&folder.path().join("absent"));
        let again = Seen::parse(&seen.to_bytes()).unwrap();
        assert_eq!(again, seen);
        assert!(again.holds());
        fs::write(folder.path().join("absent"), "").unwrap();
        assert!(!again.holds());
        for wrong in [&b"1 2\0p\0"[..], b"x\0p\0", b"1 2 3 4 5\0"] {
            assert_eq!(Seen::parse(wrong), None);
        }
        assert_eq!(Seen::parse(b""), Some(Seen::default()));
    }

    #[test]
    fn what_is_too_young_is_looked_at_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut seen = Seen::default();
        seen.look(folder.path());
        let made = now(folder.path());
        let mut trusted = seen.clone();
        trusted.distrust_since(made + 10 * TICK);
        assert!(trusted.holds());
        seen.distrust_since(made);
        assert!(!seen.holds());
    }
}
