//! `--output FILE`: a regular file is replaced as a whole once the report is complete; anything else is opened and written.
//!
//! A device, a pipe or a link must never be replaced by a rename: `--output /dev/stdout` as root
//! would destroy it. And a report that is half written must not take the place of the last whole one.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::TerminalError;

/// How the text comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// All at the end, as a report does: a reader sees the old one or the new one.
    Whole,
    /// Piece by piece, as ndjson does: a reader sees each piece at once.
    Streamed,
}

/// The file that data is written to instead of standard output.
#[derive(Debug)]
pub struct Output {
    path: PathBuf,
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// Collected, then put in place by a rename.
    Replace {
        text: Vec<u8>,
        permissions: Option<Permissions>,
    },
    /// Opened at the first write, so that a pipe's reader may come late.
    Later,
    /// Written as it comes.
    Open(File),
}

impl Output {
    /// Looks at the path, so that a wrong one is said before the work begins.
    pub fn new(path: &Path, arrival: Arrival) -> Result<Self, TerminalError> {
        let wrong = |source: io::Error| TerminalError::Output {
            path: path.to_owned(),
            source,
        };
        let way = match fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => return Err(wrong(io::ErrorKind::IsADirectory.into())),
            Ok(found) if found.is_file() && arrival == Arrival::Whole => Way::Replace {
                text: Vec::new(),
                permissions: Some(found.permissions()),
            },
            Ok(found) if found.is_file() => Way::Open(truncate(path).map_err(wrong)?),
            Ok(_) => Way::Later,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let folder = folder_of(path);
                if !fs::metadata(folder).map_err(wrong)?.is_dir() {
                    return Err(wrong(io::ErrorKind::NotADirectory.into()));
                }
                match arrival {
                    Arrival::Whole => Way::Replace {
                        text: Vec::new(),
                        permissions: None,
                    },
                    Arrival::Streamed => Way::Open(
                        OpenOptions::new()
                            .write(true)
                            .create_new(true)
                            .open(path)
                            .map_err(wrong)?,
                    ),
                }
            }
            Err(error) => return Err(wrong(error)),
        };
        Ok(Self {
            path: path.to_owned(),
            way,
        })
    }

    /// Where it goes, for messages.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes text.
    pub(crate) fn write(&mut self, text: &str) -> io::Result<()> {
        match &mut self.way {
            Way::Replace { text: whole, .. } => {
                whole.extend_from_slice(text.as_bytes());
                Ok(())
            }
            Way::Later => {
                let mut file = open_special(&self.path)?;
                let written = file.write_all(text.as_bytes());
                self.way = Way::Open(file);
                written
            }
            Way::Open(file) => file.write_all(text.as_bytes()),
        }
    }

    /// Puts the whole text in place, where that was waited for.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        match &mut self.way {
            Way::Replace { text, permissions } => {
                replace(&self.path, &std::mem::take(text), permissions.take())
            }
            Way::Later | Way::Open(_) => Ok(()),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn truncate(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).truncate(true).open(path)
}

/// Writes a file beside `path` and renames it to `path`. In a folder where no file can be made,
/// one that stands already is overwritten.
fn replace(path: &Path, text: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let (beside, mut file) = match create_beside(path) {
        Ok(created) => created,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && permissions.is_some() => {
            return truncate(path)?.write_all(text);
        }
        Err(error) => return Err(error),
    };
    let placed = file
        .write_all(text)
        .and_then(|()| permissions.map_or(Ok(()), |kept| file.set_permissions(kept)))
        .and_then(|()| fs::rename(&beside, path));
    if placed.is_err() {
        // The error that is reported is the first one; a file left behind would be a second.
        let _ = fs::remove_file(&beside);
    }
    placed
}

/// A new file in the folder of `path`; an existing one, or a link, is never opened.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let folder = folder_of(path);
    let process = std::process::id();
    for attempt in 0..100 {
        let beside = folder.join(format!(".guard-output-{process}-{attempt}"));
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)
        {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Opens what is no regular file: a device, a link, a pipe. It is never created: a link to nothing is an error.
#[cfg(not(unix))]
fn open_special(path: &Path) -> io::Result<File> {
    truncate(path)
}

/// Opens what is no regular file: a device, a link, a pipe. It is never created: a link to nothing
/// is an error. A pipe's reader is waited for, but not for ever.
#[cfg(unix)]
fn open_special(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
    use std::time::Duration;

    use rustix::fs::OFlags;

    if !fs::metadata(path)?.file_type().is_fifo() {
        return truncate(path);
    }
    let mut turns_left = 1000_u32;
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).expect("open's flags are an int in C");
    loop {
        // Without a reader a pipe opens for writing only by blocking, or not at all.
        match OpenOptions::new()
            .write(true)
            .custom_flags(flags)
            .open(path)
        {
            Ok(file) => {
                let set = rustix::fs::fcntl_getfl(&file)?;
                rustix::fs::fcntl_setfl(&file, set - OFlags::NONBLOCK)?;
                return Ok(file);
            }
            Err(error)
                if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error())
                    && turns_left > 0 =>
            {
                turns_left -= 1;
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &Path, arrival: Arrival) -> Result<(), TerminalError> {
        let mut output = Output::new(path, arrival)?;
        output.write("new ").unwrap();
        output.write("text").unwrap();
        output.finish().unwrap();
        Ok(())
    }

    #[test]
    fn a_whole_report_replaces_a_file_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        fs::write(&path, "old").unwrap();
        let mut output = Output::new(&path, Arrival::Whole).unwrap();
        output.write("new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        output.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_stream_is_seen_as_it_comes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.ndjson");
        fs::write(&path, "old and longer").unwrap();
        let mut output = Output::new(&path, Arrival::Streamed).unwrap();
        output.write("one\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\n");
        let fresh = folder.path().join("fresh");
        written(&fresh, Arrival::Streamed).unwrap();
        assert_eq!(fs::read_to_string(&fresh).unwrap(), "new text");
    }

    #[test]
    fn a_wrong_path_is_said_before_the_work() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        for wrong in ["", "missing/report", "file/report"] {
            let path = folder.path().join(wrong);
            for arrival in [Arrival::Whole, Arrival::Streamed] {
                let error = Output::new(&path, arrival).unwrap_err();
                assert_eq!(error.exit(), crate::exit::Exit::Usage, "{wrong}: {error}");
            }
        }
    }

    #[cfg(unix)]
    mod unix {
        use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

        use super::*;

        #[test]
        fn a_link_is_written_through_and_stays_a_link() {
            let folder = tempfile::tempdir().unwrap();
            let (file, link) = (folder.path().join("file"), folder.path().join("link"));
            fs::write(&file, "old and longer").unwrap();
            symlink("file", &link).unwrap();
            written(&link, Arrival::Whole).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(&file).unwrap(), "new text");
        }

        #[test]
        fn a_link_to_nothing_makes_nothing() {
            let folder = tempfile::tempdir().unwrap();
            let link = folder.path().join("link");
            symlink("elsewhere", &link).unwrap();
            let mut output = Output::new(&link, Arrival::Whole).unwrap();
            let error = output.write("text").unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
            assert!(!folder.path().join("elsewhere").exists());
        }

        #[test]
        fn a_pipe_stays_a_pipe_and_gets_the_text() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("pipe");
            let made = std::process::Command::new("mkfifo").arg(&path).status();
            assert!(made.unwrap().success());
            let reader = {
                let path = path.clone();
                std::thread::spawn(move || fs::read_to_string(path))
            };
            written(&path, Arrival::Whole).unwrap();
            assert_eq!(reader.join().unwrap().unwrap(), "new text");
            assert!(fs::metadata(&path).unwrap().file_type().is_fifo());
        }

        #[test]
        fn permissions_survive() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("private");
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
            written(&path, Arrival::Whole).unwrap();
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }

        #[cfg(target_os = "linux")]
        #[test]
        fn a_full_disk_is_said() {
            let mut output = Output::new(Path::new("/dev/full"), Arrival::Whole).unwrap();
            let error = output.write("text").unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        }
    }
}
