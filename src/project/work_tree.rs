//! A project as it lies on disk, for `init`, which may come before the first commit. What git ignores is left out.

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use ignore::WalkBuilder;

use super::{Child, Contents, Kind, LARGEST};
use crate::path::RepoPath;
use crate::repository::RepositoryError;

/// A folder as a project.
pub(crate) struct WorkTree {
    root: PathBuf,
}

impl WorkTree {
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl Contents for WorkTree {
    fn children(&self, folder: &RepoPath) -> Result<Vec<Child>, RepositoryError> {
        // What cannot be looked into is as good as empty: this is for finding out what there is.
        let Ok(entries) = fs::read_dir(self.root.join(folder.to_os())) else {
            return Ok(Vec::new());
        };
        let mut children: Vec<Child> = entries
            .flatten()
            .filter_map(|entry| {
                let kind = entry.file_type().ok()?;
                let name = entry.file_name().into_encoded_bytes();
                let kind = match kind {
                    kind if kind.is_file() => Kind::File,
                    kind if kind.is_dir() => Kind::Folder,
                    _ => Kind::Other,
                };
                (name != b".git").then_some(Child { name, kind })
            })
            .collect();
        children.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(children)
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, RepositoryError> {
        let path = self.root.join(path.to_os());
        if !fs::symlink_metadata(&path).is_ok_and(|about| about.is_file()) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        let read = fs::File::open(&path)
            .and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes));
        Ok(read.is_ok().then_some(bytes))
    }

    fn files(&self) -> Result<Vec<RepoPath>, RepositoryError> {
        let walk = WalkBuilder::new(&self.root)
            .hidden(false)
            .ignore(false)
            .require_git(false)
            .follow_links(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build();
        let mut files: Vec<RepoPath> = walk
            .flatten()
            .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
            .filter_map(|entry| {
                let path = entry.path().strip_prefix(&self.root).ok()?;
                Some(RepoPath::new(path.as_os_str().as_encoded_bytes()))
            })
            .collect();
        files.sort_unstable();
        Ok(files)
    }
}
