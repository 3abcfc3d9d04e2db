//! What was let pass unjudged in this repository, remembered until it is shown.
//!
//! One line each in `guard/bypasses` below git's common folder; the shims write the same lines
//! where there is no binary that could.

use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::error::{HookError, plain};
use super::files::{Draft, Rights, open_plain, open_to_append};
use crate::clock::Timestamp;

/// Only the file's end is read: nobody reads ten thousand bypasses.
const LONGEST: u64 = 64 << 10;
/// And of those only so many, the latest.
const MOST: usize = 100;
/// A longer field is cut.
const WIDEST: usize = 200;

/// One bypass, its text harmless to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bypass {
    /// When, as it was written down.
    pub at: String,
    /// At which hook or command.
    pub hook: String,
    /// By what: `GUARD=0`, `GUARD_SKIP=eslint`.
    pub what: String,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bypasses {
    /// The latest, oldest first.
    pub entries: Vec<Bypass>,
    /// Whether there were older ones that are not among them.
    pub more: bool,
    /// How long the file was: what is written after this reading is not cleared with it.
    length: u64,
}

fn file(common_dir: &Path) -> PathBuf {
    common_dir.join("guard").join("bypasses")
}

/// Remembers one.
pub fn record(common_dir: &Path, at: Timestamp, hook: &str, what: &str) -> io::Result<()> {
    let path = file(common_dir);
    fs::create_dir_all(common_dir.join("guard"))?;
    let line = format!("{at}\t{}\t{}\n", plain(hook), plain(what));
    // One write to a file opened for appending: two hooks at once do not mix their lines.
    open_to_append(&path)?.write_all(line.as_bytes())
}

/// Reads them; without any, an empty list.
pub fn read(common_dir: &Path) -> io::Result<Bypasses> {
    let mut file = match open_plain(&file(common_dir)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Bypasses::default()),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    let start = length.saturating_sub(LONGEST);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    // A reading that begins in the middle begins in the middle of a line.
    let skipped = usize::from(start > 0);
    let mut entries: Vec<Bypass> = text.lines().skip(skipped).filter_map(entry).collect();
    let surplus = entries.len().saturating_sub(MOST);
    entries.drain(..surplus);
    Ok(Bypasses {
        entries,
        more: start > 0 || surplus > 0,
        length,
    })
}

fn entry(line: &str) -> Option<Bypass> {
    let mut fields = line.splitn(3, '\t').map(|field| {
        let cut: String = field.chars().take(WIDEST).collect();
        plain(&cut)
    });
    Some(Bypass {
        at: fields.next()?,
        hook: fields.next()?,
        what: fields.next()?,
    })
}

/// Forgets what was read; what came after it stays.
pub fn clear(common_dir: &Path, shown: &Bypasses) -> Result<(), HookError> {
    let path = file(common_dir);
    if shown.length == 0 {
        return Ok(());
    }
    let rest = (|| {
        let mut file = open_plain(&path)?;
        file.seek(SeekFrom::Start(shown.length))?;
        let mut rest = Vec::new();
        file.take(LONGEST).read_to_end(&mut rest)?;
        Ok(rest)
    })();
    match rest {
        Err(error) if io::Error::kind(&error) == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(HookError::file("read", &path)(error)),
        Ok(rest) if rest.is_empty() => {
            fs::remove_file(&path).map_err(HookError::file("remove", &path))
        }
        Ok(rest) => Draft::write(&path, &rest, Rights::AsBefore)?.put(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(at: &Path, what: &str) {
        record(at, Timestamp(0), "pre-push", what).unwrap();
    }

    #[test]
    fn what_is_shown_is_forgotten_and_what_came_meanwhile_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        assert_eq!(read(at).unwrap(), Bypasses::default());
        note(at, "GUARD=0");
        let shown = read(at).unwrap();
        assert_eq!(
            shown.entries,
            [Bypass {
                at: "1970-01-01T00:00:00.000Z".into(),
                hook: "pre-push".into(),
                what: "GUARD=0".into(),
            }]
        );
        note(at, "GUARD_SKIP=a");
        clear(at, &shown).unwrap();
        let rest = read(at).unwrap();
        assert_eq!(rest.entries.len(), 1);
        assert_eq!(rest.entries[0].what, "GUARD_SKIP=a");
        clear(at, &rest).unwrap();
        assert_eq!(read(at).unwrap(), Bypasses::default());
        clear(at, &rest).unwrap();
    }

    #[test]
    fn hostile_lines_are_bounded_and_harmless() {
        let folder = tempfile::tempdir().unwrap();
        note(folder.path(), "x\ny\u{1b}[2J");
        let path = file(folder.path());
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(b"no tabs\n\xff\t\x1b]0;x\x07\t\xe2\x80\xae\n");
        bytes.extend_from_slice(&vec![b'a'; 100_000]);
        bytes.extend_from_slice(b"\n");
        for _ in 0..500 {
            bytes.extend_from_slice(b"t\tpre-push\tGUARD=0\n");
        }
        fs::write(&path, &bytes).unwrap();
        let read = read(folder.path()).unwrap();
        assert!(read.more);
        assert_eq!(read.entries.len(), MOST);
        for entry in &read.entries {
            assert!(!entry.what.chars().any(char::is_control));
        }
        assert_eq!(entry("\x1b\tb\tc\u{202e}").unwrap().at, r"\u{1b}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("guard")).unwrap();
        let target = folder.path().join("target");
        fs::write(&target, "mine").unwrap();
        std::os::unix::fs::symlink(&target, file(folder.path())).unwrap();
        assert!(record(folder.path(), Timestamp(0), "pre-push", "x").is_err());
        assert!(read(folder.path()).is_err());
        assert_eq!(fs::read(&target).unwrap(), b"mine");
    }
}
