//! A project in memory, for tests.

use std::collections::BTreeMap;

use super::{Child, Contents, Kind};
use crate::path::RepoPath;
use crate::repository::RepositoryError;

/// Files by their paths.
pub(crate) struct Sketch {
    files: BTreeMap<RepoPath, Vec<u8>>,
}

impl Sketch {
    /// A project of these files: path and text.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| (RepoPath::from(*path), text.as_bytes().to_vec());
        Self {
            files: files.iter().map(file).collect(),
        }
    }
}

impl Contents for Sketch {
    fn children(&self, folder: &RepoPath) -> Result<Vec<Child>, RepositoryError> {
        let mut children = BTreeMap::new();
        for path in self.files.keys() {
            let Some(below) = path.relative_to(folder) else {
                continue;
            };
            let mut parts = below.as_bytes().splitn(2, |byte| *byte == b'/');
            let name = parts.next().unwrap_or_default().to_vec();
            let kind = match parts.next() {
                Some(_) => Kind::Folder,
                None => Kind::File,
            };
            children.insert(name, kind);
        }
        let child = |(name, kind)| Child { name, kind };
        Ok(children.into_iter().map(child).collect())
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, RepositoryError> {
        Ok(self.files.get(path).cloned())
    }

    fn files(&self) -> Result<Vec<RepoPath>, RepositoryError> {
        Ok(self.files.keys().cloned().collect())
    }
}
