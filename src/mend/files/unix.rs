//! A folder's open handle: what is done in it stays in it, whatever becomes of the path that led there.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;

use super::{Barred, Found, Seen, Trouble};

/// An open folder.
#[derive(Debug)]
pub(crate) struct Folder {
    handle: OwnedFd,
    /// Its name, for what is written down about it.
    pub(crate) path: PathBuf,
}

const FOLDER: OFlags = OFlags::DIRECTORY
    .union(OFlags::RDONLY)
    .union(OFlags::CLOEXEC);
const PERMISSIONS: u32 = 0o7777;

impl Folder {
    /// Opens a folder that guard trusts by its name.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            handle: rustix::fs::open(path, FOLDER, Mode::empty())?,
            path: path.to_owned(),
        })
    }

    /// The same folder once more.
    pub(crate) fn again(&self) -> io::Result<Self> {
        Ok(Self {
            handle: self.handle.try_clone()?,
            path: self.path.clone(),
        })
    }

    /// Goes down from this folder, one name after the other; none where there is nothing.
    pub(crate) fn below(&self, names: &[impl AsRef<OsStr>]) -> Result<Option<Self>, Barred> {
        let mut folder = self.again().map_err(Barred::System)?;
        for name in names {
            let name = name.as_ref();
            let flags = FOLDER | OFlags::NOFOLLOW;
            folder.handle = match rustix::fs::openat(&folder.handle, name, flags, Mode::empty()) {
                Ok(handle) => handle,
                Err(Errno::NOENT) => return Ok(None),
                Err(Errno::LOOP | Errno::NOTDIR) => return folder.not_a_folder(name),
                Err(error) => return Err(Barred::System(error.into())),
            };
            folder.path.push(name);
        }
        Ok(Some(folder))
    }

    fn not_a_folder(&self, name: &OsStr) -> Result<Option<Self>, Barred> {
        let about = rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW);
        let about = about.map_err(|error| Barred::System(error.into()))?;
        if rustix::fs::FileType::from_raw_mode(about.st_mode).is_symlink() {
            return Err(Barred::Unsafe("a folder in its path is a link"));
        }
        // A file lies where the folder was.
        Ok(None)
    }

    /// Looks at a name.
    pub(crate) fn look(&self, name: &OsStr) -> io::Result<Found> {
        // A pipe must not make it wait.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let handle = match rustix::fs::openat(&self.handle, name, flags, Mode::empty()) {
            Ok(handle) => handle,
            Err(Errno::NOENT) => return Ok(Found::Missing),
            Err(Errno::LOOP | Errno::NXIO | Errno::OPNOTSUPP) => return Ok(Found::Other),
            Err(error) => return Err(error.into()),
        };
        let mut file = File::from(handle);
        let about = file.metadata()?;
        if !about.is_file() {
            return Ok(Found::Other);
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Found::File(Seen {
            bytes,
            mode: about.mode() & PERMISSIONS,
            identity: (about.dev(), about.ino()),
            file,
        }))
    }

    /// Makes a file with the mode, owner and attributes of another.
    pub(crate) fn create(&self, name: &OsStr, bytes: &[u8], like: &Seen) -> io::Result<()> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let private = Mode::RUSR | Mode::WUSR;
        let mut file = File::from(rustix::fs::openat(&self.handle, name, flags, private)?);
        file.write_all(bytes)?;
        let (about, wanted) = (file.metadata()?, like.file.metadata()?);
        if (about.uid(), about.gid()) != (wanted.uid(), wanted.gid()) {
            let (owner, group) = (Uid::from_raw(wanted.uid()), Gid::from_raw(wanted.gid()));
            // Only an administrator can give a file away; its group alone is often possible.
            if rustix::fs::fchown(&file, Some(owner), Some(group)).is_err() {
                rustix::fs::fchown(&file, None, Some(group)).ok();
            }
        }
        attributes(&like.file, &file);
        // Last, as a new owner or an attribute may have changed it.
        #[cfg_attr(
            not(target_vendor = "apple"),
            expect(clippy::useless_conversion, reason = "the type is smaller elsewhere")
        )]
        let raw = like.mode.try_into().map_err(io::Error::other)?;
        let mode = Mode::from_raw_mode(raw);
        rustix::fs::fchmod(&file, mode)?;
        Ok(())
    }

    /// Exchanges a file with one of another folder, in one step.
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    pub(crate) fn exchange(
        &self,
        name: &OsStr,
        other: &Self,
        theirs: &OsStr,
    ) -> Result<(), Trouble> {
        let flags = rustix::fs::RenameFlags::EXCHANGE;
        let done = rustix::fs::renameat_with(&self.handle, name, &other.handle, theirs, flags);
        done.map_err(|error| match error {
            Errno::XDEV => Trouble::OtherDevice,
            Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP => Trouble::Unsupported,
            error => Trouble::System(error.into()),
        })
    }

    /// Exchanges a file with one of another folder, in one step.
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    pub(crate) fn exchange(&self, _: &OsStr, _: &Self, _: &OsStr) -> Result<(), Trouble> {
        Err(Trouble::Unsupported)
    }

    /// Puts a file of this folder at a name in another, over what lies there.
    pub(crate) fn replace(
        &self,
        name: &OsStr,
        other: &Self,
        theirs: &OsStr,
    ) -> Result<(), Trouble> {
        rustix::fs::renameat(&self.handle, name, &other.handle, theirs).map_err(|error| match error
        {
            Errno::XDEV => Trouble::OtherDevice,
            error => Trouble::System(error.into()),
        })
    }

    /// Removes a file.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.handle, name, AtFlags::empty())?)
    }
}

impl Seen {
    /// The bytes of the file now, by whatever name it goes.
    pub(crate) fn again(&self) -> io::Result<Vec<u8>> {
        use std::os::unix::fs::FileExt;
        let mut bytes = Vec::with_capacity(self.bytes.len() + 1);
        let mut piece = vec![0; 1 << 16];
        loop {
            match self.file.read_at(&mut piece, bytes.len() as u64)? {
                0 => return Ok(bytes),
                count => bytes.extend_from_slice(&piece[..count]),
            }
        }
    }
}

/// Copies extended attributes, access lists among them. What the system keeps to itself stays behind.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn attributes(from: &File, to: &File) {
    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fsetxattr};

    const LONGEST: usize = 1 << 16;
    let mut names = vec![0; LONGEST];
    let Ok(count) = flistxattr(from, &mut names[..]) else {
        return;
    };
    let mut value = vec![0; LONGEST];
    for name in names[..count].split(|byte| *byte == 0) {
        if name.is_empty() {
            continue;
        }
        if let Ok(length) = fgetxattr(from, name, &mut value[..]) {
            fsetxattr(to, name, &value[..length], XattrFlags::empty()).ok();
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn attributes(_: &File, _: &File) {}
