//! A folder as an open handle: every name is looked up in it, and no link on the way is followed.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{self, AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{Look, Moment, Sort, Stat};

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// An open folder.
#[derive(Debug)]
pub(crate) struct Folder(OwnedFd);

impl Folder {
    /// Opens a folder that guard trusts the way to; it is itself no link.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(fs::open(path, FOLDER, Mode::empty())?))
    }

    /// The folder at a relative path; none where something on the way is no folder.
    pub(crate) fn below(&self, path: &[u8]) -> io::Result<Option<Self>> {
        match self.descend(path) {
            Ok(fd) => Ok(Some(Self(fd))),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(target_os = "linux")]
    fn descend(&self, path: &[u8]) -> rustix::io::Result<OwnedFd> {
        use rustix::fs::ResolveFlags;
        let resolve =
            ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        match fs::openat2(&self.0, path, FOLDER, Mode::empty(), resolve) {
            // An old kernel, or a sandbox that does not know the call.
            Err(Errno::NOSYS | Errno::PERM | Errno::AGAIN) => self.step(path),
            opened => opened,
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn descend(&self, path: &[u8]) -> rustix::io::Result<OwnedFd> {
        self.step(path)
    }

    /// One name after the other, for systems that cannot do it at once.
    pub(super) fn step(&self, path: &[u8]) -> rustix::io::Result<OwnedFd> {
        let mut at: Option<OwnedFd> = None;
        for name in path.split(|byte| *byte == b'/') {
            if name.is_empty() || name == b".." {
                return Err(Errno::XDEV);
            }
            let from = at.as_ref().unwrap_or(&self.0);
            at = Some(fs::openat(from, name, FOLDER, Mode::empty())?);
        }
        at.ok_or(Errno::NOENT)
    }

    /// The folder at a relative path, made where it is missing.
    pub(crate) fn make_below(&self, path: &[u8]) -> io::Result<Self> {
        if let Some(folder) = self.below(path)? {
            return Ok(folder);
        }
        let mut at: Option<OwnedFd> = None;
        for name in path.split(|byte| *byte == b'/') {
            if name.is_empty() || name == b".." {
                return Err(Errno::XDEV.into());
            }
            let from = at.as_ref().unwrap_or(&self.0);
            match fs::mkdirat(from, name, Mode::from_raw_mode(0o777)) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
            at = Some(fs::openat(from, name, FOLDER, Mode::empty())?);
        }
        Ok(Self(at.ok_or(Errno::NOENT)?))
    }

    /// What has the name; none when nothing has.
    pub(crate) fn look(&self, name: &[u8]) -> io::Result<Option<Look>> {
        match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(look(&stat))),
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Every name in the folder, in no order.
    pub(crate) fn names(&self) -> io::Result<Vec<Vec<u8>>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push(name.to_vec());
            }
        }
        Ok(names)
    }

    /// A new file, with the mode that git would give it.
    pub(crate) fn create(&self, name: &[u8], executable: bool) -> io::Result<File> {
        let mode = Mode::from_raw_mode(if executable { 0o777 } else { 0o666 });
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(fs::openat(&self.0, name, flags, mode)?.into())
    }

    /// An ordinary file that has the name already, emptied to be written anew; none where it is anything
    /// else, has another mode, or has another name elsewhere: a tool may have linked it out of the tree.
    pub(crate) fn emptied(&self, name: &[u8], executable: bool) -> io::Result<Option<File>> {
        let flags = OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let Ok(file) = fs::openat(&self.0, name, flags, Mode::empty()) else {
            return Ok(None);
        };
        let stat = fs::fstat(&file)?;
        if stat.st_nlink != 1 || look(&stat).sort != (Sort::File { executable }) {
            return Ok(None);
        }
        fs::ftruncate(&file, 0)?;
        Ok(Some(file.into()))
    }

    /// A new link.
    pub(crate) fn link(&self, name: &[u8], target: &[u8]) -> io::Result<()> {
        Ok(fs::symlinkat(target, &self.0, name)?)
    }

    /// Moves a name to another folder, over a file or a link that has it there.
    pub(crate) fn rename(&self, name: &[u8], to: &Folder, new: &[u8]) -> io::Result<()> {
        Ok(fs::renameat(&self.0, name, &to.0, new)?)
    }

    /// An ordinary file to read; none when the name is something else's.
    pub(crate) fn file(&self, name: &[u8]) -> io::Result<Option<File>> {
        // A pipe must not make guard wait.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let fd = match fs::openat(&self.0, name, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NXIO) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let is_file = matches!(look(&fs::fstat(&fd)?).sort, Sort::File { .. });
        Ok(is_file.then(|| fd.into()))
    }

    /// The bytes of an ordinary file; none when the name is something else's.
    pub(crate) fn read(&self, name: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let Some(mut file) = self.file(name)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Where a link leads.
    pub(crate) fn target(&self, name: &[u8]) -> io::Result<Vec<u8>> {
        let target = fs::readlinkat(&self.0, name, Vec::new())?;
        Ok(target.into_bytes())
    }

    /// Removes whatever has the name, a folder with all that is in it; no link is followed.
    pub(crate) fn remove(&self, name: &[u8]) -> io::Result<()> {
        match fs::unlinkat(&self.0, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => return Ok(()),
            Err(Errno::ISDIR | Errno::PERM) => {}
            Err(error) => return Err(error.into()),
        }
        let inner = Self(fs::openat(&self.0, name, FOLDER, Mode::empty())?);
        let names = inner.names()?;
        if !names.is_empty() {
            // Tools make folders that nobody may write in.
            fs::fchmod(&inner.0, Mode::RWXU)?;
        }
        for inside in names {
            inner.remove(&inside)?;
        }
        self.remove_empty(name).map(|_| ())
    }

    /// Removes a folder in which nothing is left; whether it is gone.
    pub(crate) fn remove_empty(&self, name: &[u8]) -> io::Result<bool> {
        match fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOENT) => Ok(true),
            Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// What an open file looks like.
pub(crate) fn look_at(file: &impl AsFd) -> io::Result<Look> {
    Ok(look(&fs::fstat(file)?))
}

fn look(stat: &fs::Stat) -> Look {
    // The numbers have other types on other systems; a value that does not fit is no file of guard's.
    let sort = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Sort::File {
            executable: Mode::from_raw_mode(stat.st_mode).contains(Mode::XUSR),
        },
        FileType::Symlink => Sort::Link,
        FileType::Directory => Sort::Folder,
        _ => Sort::Other,
    };
    let stat = Stat {
        size: u64::try_from(stat.st_size).unwrap_or_default(),
        modified: Moment(
            stat.st_mtime,
            u32::try_from(stat.st_mtime_nsec).unwrap_or_default(),
        ),
        changed: Moment(
            stat.st_ctime,
            u32::try_from(stat.st_ctime_nsec).unwrap_or_default(),
        ),
        inode: stat.st_ino,
        owner: stat.st_uid,
        group: stat.st_gid,
    };
    Look { sort, stat }
}
