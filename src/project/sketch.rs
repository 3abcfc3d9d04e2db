//! A project in memory, for tests.

use std::collections::BTreeMap;

use super::{Child, Contents, Kind, Project, split};
use crate::path::RepoPath;
use crate::repository::RepositoryError;

/// Files by path, and nothing else.
pub(crate) struct Sketch(BTreeMap<RepoPath, Vec<u8>>);

impl Sketch {
    /// A project of these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Project<'static> {
        let file = |(path, text): &(&str, &str)| (RepoPath::from(*path), text.as_bytes().to_vec());
        Project::new(Self(files.iter().map(file).collect()))
    }
}

impl Contents for Sketch {
    fn children(&self, folder: &RepoPath) -> Result<Vec<Child>, RepositoryError> {
        let mut children = BTreeMap::new();
        for below in self.0.keys().filter_map(|path| path.relative_to(folder)) {
            let mut parts = below.as_bytes().splitn(2, |byte| *byte == b'/');
            let name = parts.next().unwrap_or_default().to_vec();
            let kind = parts.next().map_or(Kind::File, |_| Kind::Folder);
            if !name.is_empty() {
                children.insert(name, kind);
            }
        }
        let child = |(name, kind)| Child { name, kind };
        Ok(children.into_iter().map(child).collect())
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, RepositoryError> {
        Ok(self.0.get(path).cloned())
    }

    fn files(&self) -> Result<Vec<RepoPath>, RepositoryError> {
        Ok(self.0.keys().cloned().collect())
    }
}

#[test]
fn a_sketch_has_folders() {
    let project = Sketch::of(&[("a/b/c.txt", "c"), ("a/d.txt", "d")]);
    assert!(project.has(&"a/b/c.txt".into()) && !project.has(&"a/b".into()));
    assert_eq!(project.children(&"a".into()).len(), 2);
    assert_eq!(split(&"a/d.txt".into()).1, b"d.txt");
}
