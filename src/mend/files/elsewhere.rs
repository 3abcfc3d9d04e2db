//! A folder by its path, where the system gives no handle to it: looked at name by name before each use.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{Barred, Found, Seen, Trouble};

/// A folder.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Its name.
    pub(crate) path: PathBuf,
}

impl Folder {
    /// Takes a folder that guard trusts by its name.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        fs::metadata(path)?;
        let path = path.to_owned();
        Ok(Self { path })
    }

    /// The same folder once more.
    pub(crate) fn again(&self) -> io::Result<Self> {
        let path = self.path.clone();
        Ok(Self { path })
    }

    /// Goes down from this folder, one name after the other; none where there is nothing.
    pub(crate) fn below(&self, names: &[impl AsRef<OsStr>]) -> Result<Option<Self>, Barred> {
        let mut path = self.path.clone();
        for name in names {
            path.push(name.as_ref());
            match fs::symlink_metadata(&path) {
                Ok(about) if about.is_dir() => {}
                Ok(about) if about.is_symlink() => {
                    return Err(Barred::Unsafe("a folder in its path is a link"));
                }
                Ok(_) => return Ok(None),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(Barred::System(error)),
            }
        }
        Ok(Some(Self { path }))
    }

    /// Looks at a name.
    pub(crate) fn look(&self, name: &OsStr) -> io::Result<Found> {
        let path = self.path.join(name);
        match fs::symlink_metadata(&path) {
            Ok(about) if about.is_file() => {}
            Ok(_) => return Ok(Found::Other),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Missing),
            Err(error) => return Err(error),
        }
        let mut file = File::open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mode = u32::from(file.metadata()?.permissions().readonly());
        Ok(Found::File(Seen {
            bytes,
            mode,
            identity: (0, 0),
            file,
        }))
    }

    /// Makes a file with the permissions of another.
    pub(crate) fn create(&self, name: &OsStr, bytes: &[u8], like: &Seen) -> io::Result<()> {
        let mut file = File::create_new(self.path.join(name))?;
        file.write_all(bytes)?;
        file.set_permissions(like.file.metadata()?.permissions())
    }

    /// No system call for it here.
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
        let done = fs::rename(self.path.join(name), other.path.join(theirs));
        done.map_err(|error| match error.kind() {
            ErrorKind::CrossesDevices => Trouble::OtherDevice,
            _ => Trouble::System(error),
        })
    }

    /// Removes a file.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }
}

impl Seen {
    /// The bytes of the file now, by whatever name it goes.
    pub(crate) fn again(&self) -> io::Result<Vec<u8>> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
