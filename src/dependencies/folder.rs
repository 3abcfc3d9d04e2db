//! A folder of the checkout, open: everything below it is made and removed without following a link.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::DependencyError;
use crate::path::RepoPath;

/// The name under which a file is made before it takes its own.
const FRESH: &str = ".guard-fresh";

/// An open folder, and what it is called in messages.
#[derive(Debug)]
pub(crate) struct Folder {
    fd: OwnedFd,
    path: PathBuf,
}

/// How a file came to be a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cloned {
    /// It was there already.
    Kept,
    /// It shares its blocks or its inode with the original.
    Shared,
    /// Its bytes were copied.
    Copied,
}

/// What a copy may have in common with its original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// Blocks, as long as neither is written.
    Blocks,
    /// Blocks or the whole inode: it is not written in place.
    Inode,
}

impl Folder {
    /// Opens a folder of guard's own, which must be there.
    pub(crate) fn open(path: &Path) -> Result<Self, DependencyError> {
        let fd = fs::openat(CWD, path, flags(), Mode::empty())
            .map_err(DependencyError::write(path.to_owned()))?;
        Ok(Self {
            fd,
            path: path.to_owned(),
        })
    }

    /// The folder of this repository path, if folders lead there and no link.
    pub(crate) fn descend(&self, path: &RepoPath) -> Result<Option<Self>, DependencyError> {
        let mut folder = self.child(OsStr::new("."))?;
        for part in path.as_bytes().split(|byte| *byte == b'/') {
            let Some(here) = folder else {
                return Ok(None);
            };
            // The root has no parts; whatever climbs is no repository path.
            folder = match part {
                b"" => Some(here),
                b".." => None,
                name => here.child(OsStr::from_bytes(name))?,
            };
        }
        Ok(folder)
    }

    /// What it is called.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of this name, if a folder is what lies there.
    pub(crate) fn child(&self, name: &OsStr) -> Result<Option<Self>, DependencyError> {
        let path = self.path.join(name);
        match fs::openat(&self.fd, name, flags(), Mode::empty()) {
            Ok(fd) => Ok(Some(Self { fd, path })),
            // A link is `ELOOP` or, with `O_DIRECTORY`, `ENOTDIR`: the system's choice.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
            Err(errno) => Err(DependencyError::write(path)(errno)),
        }
    }

    /// The folder of this name; made, in place of anything else that lies there.
    pub(crate) fn make(&self, name: &OsStr) -> Result<Self, DependencyError> {
        if let Some(child) = self.child(name)? {
            return Ok(child);
        }
        self.remove(name)?;
        fs::mkdirat(&self.fd, name, Mode::from_raw_mode(0o755))
            .map_err(DependencyError::write(self.path.join(name)))?;
        self.child(name)?
            .ok_or_else(|| DependencyError::write(self.path.join(name))(Errno::NOTDIR))
    }

    /// What lies there under this name, links not followed.
    pub(crate) fn stat(&self, name: &OsStr) -> Option<Stat> {
        fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW).ok()
    }

    /// Every name with its kind.
    pub(crate) fn entries(&self) -> Result<Vec<(OsString, FileType)>, DependencyError> {
        let fail = |errno| DependencyError::write(self.path.clone())(errno);
        let mut entries = Vec::new();
        for entry in Dir::read_from(&self.fd).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let name = OsString::from_vec(entry.file_name().to_bytes().to_vec());
            if name == "." || name == ".." {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => match self.stat(&name) {
                    Some(stat) => FileType::from_raw_mode(stat.st_mode),
                    None => continue,
                },
                kind => kind,
            };
            entries.push((name, kind));
        }
        Ok(entries)
    }

    /// Removes what lies there, with all that is below; a link itself, never what it leads to.
    pub(crate) fn remove(&self, name: &OsStr) -> Result<(), DependencyError> {
        let fail = DependencyError::write(self.path.join(name));
        match fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => return Ok(()),
            // What a folder gives, here and on macOS.
            Err(Errno::ISDIR | Errno::PERM) => {}
            Err(errno) => return Err(fail(errno)),
        }
        if let Some(child) = self.child(name)? {
            for (inner, _) in child.entries()? {
                child.remove(&inner)?;
            }
        }
        match fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(fail(errno)),
        }
    }

    /// Removes a folder if nothing is in it.
    pub(crate) fn remove_if_empty(&self, name: &OsStr) {
        let _ = fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR);
    }

    /// A link with this text.
    pub(crate) fn link(&self, name: &OsStr, target: &Path) -> Result<(), DependencyError> {
        match fs::readlinkat(&self.fd, name, Vec::new()) {
            Ok(text) if text.as_bytes() == target.as_os_str().as_bytes() => return Ok(()),
            Err(Errno::NOENT) => {}
            _ => self.remove(name)?,
        }
        fs::symlinkat(target, &self.fd, name).map_err(DependencyError::write(self.path.join(name)))
    }

    /// A file with these bytes and this mode.
    pub(crate) fn file(
        &self,
        name: &OsStr,
        bytes: &[u8],
        mode: u32,
    ) -> Result<(), DependencyError> {
        if self.holds(name, bytes, mode) {
            return Ok(());
        }
        let mut file = self.fresh(mode)?;
        file.write_all(bytes)
            .map_err(|source| DependencyError::Write {
                path: self.path.join(name),
                source,
            })?;
        self.settle(name)
    }

    /// The bytes of a regular file, if that is what lies there.
    pub(crate) fn read(&self, name: &OsStr) -> Option<Vec<u8>> {
        let stat = self.stat(name)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return None;
        }
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let mut file = File::from(fs::openat(&self.fd, name, flags, Mode::empty()).ok()?);
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).ok()?;
        Some(bytes)
    }

    fn holds(&self, name: &OsStr, bytes: &[u8], mode: u32) -> bool {
        let same_shape = self.stat(name).is_some_and(|stat| {
            u64::try_from(stat.st_size).is_ok_and(|size| size == bytes.len() as u64)
                && Mode::from_raw_mode(stat.st_mode).bits() & 0o111
                    == Mode::from_raw_mode(mode as fs::RawMode).bits() & 0o111
        });
        same_shape && self.read(name).is_some_and(|there| there == bytes)
    }

    /// A file like this one of the original: with shared blocks, else the same inode, else copied.
    pub(crate) fn clone_of(
        &self,
        name: &OsStr,
        source: &Path,
        sharing: Sharing,
    ) -> Result<Cloned, DependencyError> {
        let wanted = std::fs::symlink_metadata(source).map_err(DependencyError::read(source))?;
        if self.stat(name).is_some_and(|there| {
            alike(&there, &wanted) && (sharing == Sharing::Inode || !is_same(&there, &wanted))
        }) {
            return Ok(Cloned::Kept);
        }
        self.remove(name)?;
        if self.reflink(name, source, &wanted)? {
            return Ok(Cloned::Shared);
        }
        if sharing == Sharing::Inode {
            match fs::linkat(CWD, source, &self.fd, name, AtFlags::empty()) {
                Ok(()) => return Ok(Cloned::Shared),
                // Another file system, one without such links, or too many of them.
                Err(
                    Errno::XDEV | Errno::PERM | Errno::MLINK | Errno::ACCESS | Errno::OPNOTSUPP,
                ) => {}
                Err(errno) => return Err(DependencyError::write(self.path.join(name))(errno)),
            }
        }
        let mut from = File::open(source).map_err(DependencyError::read(source))?;
        let mut to = self.fresh(wanted.mode())?;
        std::io::copy(&mut from, &mut to)
            .and_then(|_| to.set_modified(wanted.modified()?))
            .map_err(|source| DependencyError::Write {
                path: self.path.join(name),
                source,
            })?;
        self.settle(name)?;
        Ok(Cloned::Copied)
    }

    #[cfg(target_os = "linux")]
    fn reflink(
        &self,
        name: &OsStr,
        source: &Path,
        wanted: &std::fs::Metadata,
    ) -> Result<bool, DependencyError> {
        let from = File::open(source).map_err(DependencyError::read(source))?;
        let to = self.fresh(wanted.mode())?;
        let cloned = fs::ioctl_ficlone(&to, &from).is_ok()
            && wanted
                .modified()
                .and_then(|modified| to.set_modified(modified))
                .is_ok();
        if cloned {
            self.settle(name)?;
        } else {
            self.remove(OsStr::new(FRESH))?;
        }
        Ok(cloned)
    }

    #[cfg(target_vendor = "apple")]
    fn reflink(
        &self,
        name: &OsStr,
        source: &Path,
        _wanted: &std::fs::Metadata,
    ) -> Result<bool, DependencyError> {
        let from = File::open(source).map_err(DependencyError::read(source))?;
        Ok(fs::fclonefileat(&from, &self.fd, name, fs::CloneFlags::NOFOLLOW).is_ok())
    }

    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "as the others"
    )]
    fn reflink(
        &self,
        _name: &OsStr,
        _source: &Path,
        _wanted: &std::fs::Metadata,
    ) -> Result<bool, DependencyError> {
        Ok(false)
    }

    /// A new file under a name of guard's own.
    fn fresh(&self, mode: u32) -> Result<File, DependencyError> {
        let name = OsStr::new(FRESH);
        self.remove(name)?;
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // What guard made it must be able to make anew.
        let mode = Mode::from_raw_mode((mode & 0o777 | 0o600) as fs::RawMode);
        fs::openat(&self.fd, name, flags, mode)
            .map(File::from)
            .map_err(DependencyError::write(self.path.join(name)))
    }

    /// Gives the new file its own name.
    fn settle(&self, name: &OsStr) -> Result<(), DependencyError> {
        let renamed = |()| fs::renameat(&self.fd, FRESH, &self.fd, name);
        renamed(())
            .or_else(|errno| match errno {
                Errno::ISDIR | Errno::NOTEMPTY | Errno::EXIST => {
                    self.remove(name).map_err(|_| errno).and_then(renamed)
                }
                errno => Err(errno),
            })
            .map_err(DependencyError::write(self.path.join(name)))
    }
}

/// Whether a file is that one, or a faithful copy of it.
fn alike(there: &Stat, wanted: &std::fs::Metadata) -> bool {
    let at = |stat: &Stat| (i128::from(stat.st_mtime), i128::from(stat.st_mtime_nsec));
    FileType::from_raw_mode(there.st_mode) == FileType::RegularFile
        && i128::from(there.st_size) == i128::from(wanted.len())
        && at(there) == (i128::from(wanted.mtime()), i128::from(wanted.mtime_nsec()))
}

/// Whether both are one inode.
fn is_same(there: &Stat, wanted: &std::fs::Metadata) -> bool {
    i128::from(there.st_ino) == i128::from(wanted.ino())
        && i128::from(there.st_dev) == i128::from(wanted.dev())
}

fn flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}
