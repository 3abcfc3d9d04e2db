//! The schema that a change is judged by, and the one before it.

use std::path::Path;

use crate::change::ChangeSet;
use crate::config::ConfigError;
use crate::repository::{Repository, RepositoryError};
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
        let blob = child
            .and_then(|child| child.blob)
            .filter(|blob| blob.mode.is_regular());
        let read = |blob: Option<crate::repository::Blob>| match blob {
            Some(blob) => repository.read(&blob.id).map_err(NoGround::Repository),
            None => Ok(None),
        };
        let Some(bytes) = read(blob)? else {
            return Ok(Self::empty());
        };
        let common = repository.common_dir();
        let now = schema::load(common, schema::PATH, &bytes).map_err(NoGround::Schema)?;
        let change = changes.files.iter().find(|change| change.path == path);
        let before = match change {
            // One that was wrong before says nothing about what was right.
            Some(change) => read(change.old)?.map(|bytes| {
                schema::load(common, schema::PATH, &bytes).unwrap_or_else(|_| schema::none())
            }),
            None => None,
        };
        Ok(Self {
            schema: now,
            before,
            is_there: true,
        })
    }

    /// The schema of a file on the disk; one without variables where there is no such file.
    pub(in crate::gate) fn on_disk(
        path: &Path,
        name: &str,
        common_dir: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let Ok(bytes) = std::fs::read(path) else {
            return Ok(Self::empty());
        };
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
