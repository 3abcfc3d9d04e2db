//! Files of the work tree by their folder's handle: seen, made like another, exchanged; no link is followed.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

use std::ffi::OsString;
use std::fs::File;
use std::io;

use crate::path::RepoPath;

#[cfg(not(unix))]
pub(crate) use elsewhere::Folder;
#[cfg(unix)]
pub(crate) use unix::Folder;

/// What lies at a name.
pub(crate) enum Found {
    /// Nothing.
    Missing,
    /// A link, a folder, a pipe: not guard's to write.
    Other,
    /// A regular file.
    File(Seen),
}

/// A file as it was when it was looked at. The handle stays with it when its name goes to another.
pub(crate) struct Seen {
    pub(crate) bytes: Vec<u8>,
    pub(crate) mode: u32,
    /// Device and number.
    pub(crate) identity: (u64, u64),
    pub(crate) file: File,
}

impl Found {
    /// Whether this is a file with these bytes and this mode.
    pub(crate) fn is(&self, bytes: &[u8], mode: u32) -> bool {
        matches!(self, Self::File(seen) if seen.bytes == bytes && seen.mode == mode)
    }

    /// Whether the same lies there as did in another look.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        match other {
            Self::File(seen) => self.is(&seen.bytes, seen.mode),
            Self::Missing => matches!(self, Self::Missing),
            Self::Other => matches!(self, Self::Other),
        }
    }
}

/// Why two files could not be exchanged.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The system or the file system cannot do it.
    Unsupported,
    /// They lie on different file systems.
    OtherDevice,
    /// Anything else.
    System(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::System(error) => error,
            Trouble::OtherDevice => io::ErrorKind::CrossesDevices.into(),
            Trouble::Unsupported => io::ErrorKind::Unsupported.into(),
        }
    }
}

/// Why a path's folder is not entered.
#[derive(Debug)]
pub(crate) enum Barred {
    /// The path itself, or a link in its way.
    Unsafe(&'static str),
    /// The system says no.
    System(io::Error),
}

/// The folders and the name of a path; none for a path that git would not store.
pub(crate) fn parts(path: &RepoPath) -> Result<(Vec<OsString>, OsString), Barred> {
    let mut parts = Vec::new();
    for part in path.as_bytes().split(|byte| *byte == b'/') {
        let is_git = [&b".git"[..], b"git~1"]
            .iter()
            .any(|name| part.eq_ignore_ascii_case(name));
        let is_odd = part.is_empty() || part == b"." || part == b".." || part.contains(&0);
        let is_foreign = cfg!(windows) && part.iter().any(|byte| b"\\:".contains(byte));
        if is_git || is_odd || is_foreign {
            return Err(Barred::Unsafe("it is no name that git would store"));
        }
        parts.push(RepoPath::new(part).to_os().into_os_string());
    }
    let name = parts.pop().ok_or(Barred::Unsafe("it names the root"))?;
    Ok((parts, name))
}
