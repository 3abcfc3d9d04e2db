//! A project as it is judged: by the index or a commit, never by the work tree.

use bstr::ByteSlice;

use super::{Child, Contents, Kind, WorkTree, split};
use crate::path::RepoPath;
use crate::repository::{Judged, Repository, RepositoryError};

/// What is judged, as a project.
pub(crate) struct Judgement<'a> {
    repository: &'a Repository,
    judged: Judged,
}

impl<'a> Judgement<'a> {
    pub(crate) fn new(repository: &'a Repository, judged: Judged) -> Self {
        Self { repository, judged }
    }
}

impl Contents for Judgement<'_> {
    fn children(&self, folder: &RepoPath) -> Result<Vec<Child>, RepositoryError> {
        let children = self.repository.children(self.judged, folder)?;
        let child = |child: crate::repository::Child| Child {
            name: child.name.into(),
            kind: match child.blob {
                None => Kind::Folder,
                Some(blob) if blob.mode.is_regular() => Kind::File,
                Some(_) => Kind::Other,
            },
        };
        Ok(children.into_iter().map(child).collect())
    }

    fn guess(&self, folder: &RepoPath) -> Option<Vec<Child>> {
        // The git program would have to be started. What is staged lies in the work tree too, but for files that
        // were deleted there since.
        let is_dear = self.judged == Judged::Index && !self.repository.is_read_by_guard();
        let work_tree = self.repository.work_tree().filter(|_| is_dear)?;
        WorkTree::new(work_tree).children(folder).ok()
    }

    fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, RepositoryError> {
        let (folder, name) = split(path);
        let children = self.repository.children(self.judged, &folder)?;
        let mut children = children.into_iter();
        let found = children.find(|child| child.name.as_bytes() == name);
        match found.and_then(|child| child.blob) {
            Some(blob) if blob.mode.is_regular() => self.repository.read(&blob.id),
            _ => Ok(None),
        }
    }

    fn files(&self) -> Result<Vec<RepoPath>, RepositoryError> {
        let all = crate::change::everything(self.repository, self.judged)?;
        let files = all.files.into_iter();
        let regular = files.filter(|change| change.new.is_some_and(|blob| blob.mode.is_regular()));
        Ok(regular.map(|change| change.path).collect())
    }
}
