//! The schema that a change is judged by, and the one before it.

use std::io::ErrorKind;
use std::path::Path;

use super::disk;
use crate::change::ChangeSet;
use crate::config::{ConfigError, Problem};
use crate::repository::{Mode, Repository, RepositoryError};
use crate::schema::{self, Read};

/// The schema as it is judged, and as it was.
pub(in crate::gate) struct Ground {
    schema: Read,
    /// Where the change changes it.
    before: Option<Read>,
    is_there: bool,
}

/// Why there is no schema to judge by.
pub(in crate::gate) enum NoGround {
    /// It is wrong.
    Schema(ConfigError),
    /// It cannot be read.
    Repository(RepositoryError),
}

impl Ground {
    /// The schema of what is judged, which the change may have changed.
    pub(in crate::gate) fn of(
        repository: &Repository,
        changes: &ChangeSet,
    ) -> Result<Self, NoGround> {
        let path = schema::PATH.into();
        let (folder, name) = crate::project::split(&path);
        let children = repository.children(changes.judged, &folder);
        let children = children.map_err(NoGround::Repository)?;
        let child = children.into_iter().find(|child| child.name == name);
        let Some(child) = child else {
            return Ok(Self::empty());
        };
        // A schema that is there and cannot be read is no reason to ask for nothing.
        let odd = match child.blob.map(|blob| blob.mode) {
            Some(mode) if mode.is_regular() => None,
            Some(Mode::Link) => Some("it is a link, and git keeps only where that leads"),
            Some(_) => Some("it is another repository"),
            None => Some("it is a folder"),
        };
        if let Some(why) = odd {
            return Err(NoGround::Schema(unreadable(schema::PATH, why)));
        }
        let read = |blob: Option<crate::repository::Blob>| match blob {
            Some(blob) => repository.read(&blob.id).map_err(NoGround::Repository),
            None => Ok(None),
        };
        let Some(bytes) = read(child.blob)? else {
            return Ok(Self::empty());
        };
        let common = repository.common_dir();
        let now = schema::load(common, schema::PATH, &bytes).map_err(NoGround::Schema)?;
        let change = changes.files.iter().find(|change| change.path == path);
        let before = match change {
            // A first schema is one more than none, and one that was wrong said nothing about what was right.
            Some(change) => Some(match read(change.old)? {
                Some(bytes) => schema::load(common, schema::PATH, &bytes).ok(),
                None => None,
            }),
            None => None,
        };
        let before = before.map(|before| before.unwrap_or_else(schema::none));
        Ok(Self {
            schema: now,
            before,
            is_there: true,
        })
    }

    /// The schema of a file on the disk; one without variables where there is no such file. The project's own is a
    /// plain file, as it is for the gate; who names another means what it leads to.
    pub(in crate::gate) fn on_disk(
        path: &Path,
        name: &str,
        common_dir: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let is_named = name != schema::PATH;
        match path.symlink_metadata() {
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(Self::empty());
            }
            Ok(about) if about.is_symlink() && !is_named => {
                let why = "it is a link, and git keeps only where that leads";
                return Err(unreadable(name, why));
            }
            _ => {}
        }
        let bytes = disk::content(path, is_named).map_err(|why| unreadable(name, &why))?;
        let schema = match common_dir {
            Some(common_dir) => schema::load(common_dir, name, &bytes)?,
            None => schema::read(name, &bytes)?,
        };
        Ok(Self {
            schema,
            before: None,
            is_there: true,
        })
    }

    fn empty() -> Self {
        Self {
            schema: schema::none(),
            before: None,
            is_there: false,
        }
    }

    pub(in crate::gate) fn schema(&self) -> &Read {
        &self.schema
    }

    pub(in crate::gate) fn before(&self) -> Option<&Read> {
        self.before.as_ref()
    }

    /// Whether the project has one.
    pub(in crate::gate) fn is_there(&self) -> bool {
        self.is_there
    }
}

/// A schema that is there and is no file that can be read.
fn unreadable(name: &str, why: &str) -> ConfigError {
    let what = format!("{name} cannot be read: {why}");
    let help = "the schema is a plain file; `guard env check --schema FILE` reads another one";
    ConfigError::one(Problem::new(what, help))
}
