//! The file: what stands in it stays byte for byte, what is new comes behind it, all at once and readable by its
//! owner only.

use std::ffi::OsString;
use std::fs::Permissions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::HasExit;
use crate::cli::env::base;
use crate::dotenv::{self, Dialect, File};
use crate::env::Setup;
use crate::exit::Exit;
use crate::path::RepoPath;
use crate::secret::Secret;

/// Who reads the file, one way or the other.
const READERS: [Dialect; 3] = [Dialect::Node, Dialect::Python, Dialect::Compose];

/// Where the file is, or is going to be.
pub(super) struct Target {
    /// As people know it.
    pub(super) told: RepoPath,
    /// Its folder, without links.
    pub(super) folder: PathBuf,
    pub(super) name: OsString,
    /// What stands in it; none where it is not there.
    bytes: Option<Vec<u8>>,
}

/// Why nothing is written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(super) enum NoTarget {
    #[error("`{file}` has no folder to lie in")]
    #[diagnostic(help("`--file` names a file in a folder that exists"))]
    NoFolder { file: String },
    #[error("`{file}` cannot be read: {why}")]
    #[diagnostic(help(
        "it has to be a plain file that you may read and write; nothing was written"
    ))]
    Unreadable { file: String, why: String },
    #[error("{reader} would not read what comes behind the end of `{file}`: {why}")]
    #[diagnostic(help("mend the file first (`guard env check {file}`); nothing was written"))]
    Broken {
        file: String,
        reader: &'static str,
        why: String,
    },
    #[error("`{file}` could not be written: {why}")]
    #[diagnostic(help(
        "check who owns the folder and whether the disk is full or read-only; nothing was written"
    ))]
    Unwritten { file: String, why: String },
}

impl HasExit for NoTarget {
    fn exit(&self) -> Exit {
        match self {
            Self::NoFolder { .. } => Exit::Usage,
            Self::Unreadable { .. } | Self::Broken { .. } | Self::Unwritten { .. } => Exit::Refused,
        }
    }
}

impl Target {
    /// Looks at the file. Where it is a link, what it leads to is meant, wherever that lies.
    pub(super) fn find(path: &Path, told: RepoPath) -> Result<Self, NoTarget> {
        let no_folder = || NoTarget::NoFolder {
            file: told.to_string(),
        };
        let unreadable = |why: String| NoTarget::Unreadable {
            file: told.to_string(),
            why,
        };
        let is_there = path.symlink_metadata().is_ok();
        let place = if is_there {
            path.canonicalize()
                .map_err(|error| unreadable(base::told(&error)))?
        } else {
            let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
            let name = path.file_name().ok_or_else(no_folder)?;
            folder.ok_or_else(no_folder)?.join(name)
        };
        let is_plain = !is_there || place.is_file();
        if !is_plain {
            return Err(unreadable("it is no plain file".to_owned()));
        }
        let bytes = base::content(&place).map_err(|error| unreadable(base::told(&error)))?;
        let folder = place.parent().ok_or_else(no_folder)?.to_owned();
        let name = place.file_name().ok_or_else(no_folder)?.to_owned();
        let target = Self {
            told,
            folder,
            name,
            bytes,
        };
        // Before anybody is asked anything.
        target.check(target.bytes.as_deref().unwrap_or_default(), "")?;
        Ok(target)
    }

    pub(super) fn place(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// What the file sets.
    pub(super) fn standing(&self, reader: Dialect) -> Vec<(String, String)> {
        let file = dotenv::parse(self.bytes.as_deref().unwrap_or_default(), reader);
        let values = file.effective();
        values
            .map(|entry| {
                let value = entry.value.as_ref().map_or("", Secret::reveal);
                (entry.key.clone(), value.to_owned())
            })
            .collect()
    }

    /// Adds what was decided, and gives the names that were added. What somebody else wrote meanwhile stays, too.
    pub(super) fn write(&self, setup: &Setup<'_>) -> Result<Vec<String>, NoTarget> {
        let unwritten = |error: &io::Error| NoTarget::Unwritten {
            file: self.told.to_string(),
            why: base::told(error),
        };
        let place = self.place();
        let bytes = base::content(&place).map_err(|error| unwritten(&error))?;
        let bytes = bytes.unwrap_or_default();
        let names = names(&bytes);
        let is_set = |name: &str| names.iter().any(|known| known == name);
        let added = setup.added(&bytes, &is_set);
        if added.is_empty() {
            return Ok(Vec::new());
        }
        self.check(&bytes, &added)?;
        let mut whole = bytes;
        whole.extend_from_slice(added.as_bytes());
        self.replace(&place, &whole)
            .map_err(|error| unwritten(&error))?;
        let new = setup.decided().iter().map(|decided| &decided.name);
        Ok(new.filter(|name| !is_set(name)).cloned().collect())
    }

    /// Puts the new content in place: a reader sees the old one or the new one.
    fn replace(&self, place: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut draft = tempfile::Builder::new()
            .prefix(&self.name)
            .tempfile_in(&self.folder)?;
        only_for_its_owner(draft.as_file())?;
        draft.write_all(bytes)?;
        draft.as_file().sync_all()?;
        draft.persist(place).map_err(|error| error.error)?;
        Ok(())
    }

    /// Whether what is added is read as it is meant, and all the rest as before: an open quote at the end of a file
    /// takes in whatever comes behind.
    fn check(&self, bytes: &[u8], added: &str) -> Result<(), NoTarget> {
        let probe = "GUARD_ENV_SETUP_=1\n";
        let line = if bytes.is_empty() || bytes.ends_with(b"\n") {
            ""
        } else {
            "\n"
        };
        let behind = if added.is_empty() {
            format!("{line}{probe}")
        } else {
            added.to_owned()
        };
        for reader in READERS {
            let broken = |why: &str| NoTarget::Broken {
                file: self.told.to_string(),
                reader: reader.word(),
                why: why.to_owned(),
            };
            let before = dotenv::parse(bytes, reader);
            if let Some(problem) = before.refused() {
                return Err(broken(problem.kind.words()));
            }
            let alone = dotenv::parse(behind.as_bytes(), reader);
            let after = dotenv::parse(&[bytes, behind.as_bytes()].concat(), reader);
            let both = [values(&before), values(&alone)].concat();
            if after.refused().is_some() || values(&after) != both {
                return Err(broken("a value at its end is not closed"));
            }
        }
        Ok(())
    }
}

/// Every assignment, in the order of the file.
fn values(file: &File) -> Vec<(String, Option<Secret>)> {
    let entries = file.entries().iter();
    entries
        .map(|entry| (entry.key.clone(), entry.value.clone()))
        .collect()
}

/// Every name that one of the readers sees.
fn names(bytes: &[u8]) -> Vec<String> {
    let files = READERS.map(|reader| dotenv::parse(bytes, reader));
    let entries = files.iter().flat_map(File::entries);
    entries.map(|entry| entry.key.clone()).collect()
}

#[cfg(unix)]
fn only_for_its_owner(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn only_for_its_owner(file: &std::fs::File) -> io::Result<()> {
    let permissions: Permissions = file.metadata()?.permissions();
    file.set_permissions(permissions)
}
