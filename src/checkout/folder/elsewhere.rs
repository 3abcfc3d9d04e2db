//! A folder as a path, for systems without handles to look names up in: every step is looked at first.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Look, Moment, Sort, Stat};
use crate::path::RepoPath;

/// A folder.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if fs::symlink_metadata(path)?.is_dir() {
            return Ok(Self(path.to_owned()));
        }
        Err(ErrorKind::NotADirectory.into())
    }

    fn at(&self, name: &[u8]) -> PathBuf {
        self.0.join(RepoPath::new(name).to_os())
    }

    pub(crate) fn below(&self, path: &[u8]) -> io::Result<Option<Self>> {
        let mut at = self.0.clone();
        for name in path.split(|byte| *byte == b'/') {
            at.push(RepoPath::new(name).to_os());
            match fs::symlink_metadata(&at) {
                Ok(about) if about.is_dir() => {}
                Ok(_) => return Ok(None),
                Err(error) if is_absent(&error) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(Some(Self(at)))
    }

    pub(crate) fn make_below(&self, path: &[u8]) -> io::Result<Self> {
        let mut at = self.0.clone();
        for name in path.split(|byte| *byte == b'/') {
            at.push(RepoPath::new(name).to_os());
            match fs::create_dir(&at) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            if !fs::symlink_metadata(&at)?.is_dir() {
                return Err(ErrorKind::NotADirectory.into());
            }
        }
        Ok(Self(at))
    }

    pub(crate) fn look(&self, name: &[u8]) -> io::Result<Option<Look>> {
        match fs::symlink_metadata(self.at(name)) {
            Ok(about) => Ok(Some(look(&about))),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn names(&self) -> io::Result<Vec<Vec<u8>>> {
        let entries = fs::read_dir(&self.0)?;
        entries
            .map(|entry| Ok(entry?.file_name().as_encoded_bytes().to_vec()))
            .collect()
    }

    pub(crate) fn create(&self, name: &[u8], _executable: bool) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).open(self.at(name))
    }

    /// How many names a file has is not known here: another file is always made.
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "the signature is Unix's"
    )]
    pub(crate) fn emptied(&self, _: &[u8], _executable: bool) -> io::Result<Option<File>> {
        Ok(None)
    }

    /// A file with the target in it, as git makes it where links need a privilege.
    pub(crate) fn link(&self, name: &[u8], target: &[u8]) -> io::Result<()> {
        io::Write::write_all(&mut self.create(name, false)?, target)
    }

    pub(crate) fn rename(&self, name: &[u8], to: &Folder, new: &[u8]) -> io::Result<()> {
        fs::rename(self.at(name), to.at(new))
    }

    pub(crate) fn file(&self, name: &[u8]) -> io::Result<Option<File>> {
        match self.look(name)?.map(|look| look.sort) {
            Some(Sort::File { .. }) => File::open(self.at(name)).map(Some),
            _ => Ok(None),
        }
    }

    pub(crate) fn read(&self, name: &[u8]) -> io::Result<Option<Vec<u8>>> {
        match self.file(name)? {
            Some(_) => fs::read(self.at(name)).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn target(&self, name: &[u8]) -> io::Result<Vec<u8>> {
        Ok(fs::read_link(self.at(name))?
            .as_os_str()
            .as_encoded_bytes()
            .to_vec())
    }

    pub(crate) fn remove(&self, name: &[u8]) -> io::Result<()> {
        let removed = match self.look(name)?.map(|look| look.sort) {
            None => Ok(()),
            // It does not follow links either.
            Some(Sort::Folder) => fs::remove_dir_all(self.at(name)),
            Some(_) => fs::remove_file(self.at(name)),
        };
        removed.or_else(|error| {
            if is_absent(&error) {
                Ok(())
            } else {
                Err(error)
            }
        })
    }

    pub(crate) fn remove_empty(&self, name: &[u8]) -> io::Result<bool> {
        match fs::remove_dir(self.at(name)) {
            Ok(()) => Ok(true),
            Err(error) if is_absent(&error) => Ok(true),
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// What an open file looks like.
pub(crate) fn look_at(file: &File) -> io::Result<Look> {
    Ok(look(&file.metadata()?))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn look(about: &Metadata) -> Look {
    let sort = if about.is_dir() {
        Sort::Folder
    } else if about.is_symlink() {
        Sort::Link
    } else {
        Sort::File { executable: false }
    };
    let modified = about.modified().ok();
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let moment = since.map_or_else(Moment::default, |since| {
        let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
        Moment(seconds, since.subsec_nanos())
    });
    let stat = Stat {
        size: about.len(),
        modified: moment,
        changed: moment,
        ..Stat::default()
    };
    Look { sort, stat }
}
