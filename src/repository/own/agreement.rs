//! The work tree beside what is judged, helped by what the index remembers of each file.

use std::time::{Duration, UNIX_EPOCH};

use git2::{ErrorCode, ObjectType, Oid};

use super::{Own, id, tree_of, unreadable};
use crate::path::RepoPath;
use crate::repository::Id;
use crate::repository::agree::about::About;
use crate::repository::agree::look::{Look, Looker};
use crate::repository::agree::{Abilities, Contents, Open, disagreement, settle};
use crate::repository::entry::{Blob, Disagreement, Judged};
use crate::repository::error::RepositoryError;
use crate::repository::index::{Entry, Index, Unreadable};
use crate::repository::reader::Answer;
use crate::repository::walk::blob;

/// What is judged at a path, if anything, and the number of the index's entry for it.
pub(super) struct Expected<'a> {
    pub(super) path: &'a [u8],
    pub(super) blob: Option<Blob>,
    pub(super) entry: Option<usize>,
}

pub(super) fn disagreeing(
    own: &Own,
    judged: Judged,
    paths: &[RepoPath],
) -> Answer<Vec<Disagreement>> {
    let index = own.index()?;
    let mut looker = looker(own)?;
    let (mut found, mut open) = (Vec::new(), Vec::new());
    for path in paths {
        let expected = Expected {
            path: path.as_bytes(),
            blob: expected_at(own, judged, path)?,
            entry: index.find(path.as_bytes()),
        };
        let (look, about) = looker.look(path, expected.blob);
        match seen(index, &expected, look, about.as_ref()) {
            Seen::Agrees => {}
            Seen::Differs(one) => found.push(one),
            Seen::Open(one) => open.push(one),
        }
    }
    found.extend(settle(own, &own.program, judged, &open)?);
    found.sort();
    found.dedup();
    Ok(found)
}

pub(super) fn staged_blob(entry: &Entry<'_>) -> Result<Option<Blob>, Unreadable> {
    if entry.intent_to_add {
        return Ok(None);
    }
    blob(entry.mode(), entry.id).map(Some)
}

pub(super) fn expected_at(own: &Own, judged: Judged, path: &RepoPath) -> Answer<Option<Blob>> {
    match judged {
        Judged::Index => {
            let index = own.index()?;
            let entry = index.find(path.as_bytes()).and_then(|at| index.entry(at));
            Ok(entry.as_ref().map(staged_blob).transpose()?.flatten())
        }
        Judged::Commit(commit) => {
            let repository = own.lock();
            let tree = tree_of(&repository, commit)?;
            let tree = repository.find_tree(tree).map_err(unreadable)?;
            match tree.get_path(&path.to_os()) {
                Ok(entry) if entry.kind() == Some(ObjectType::Tree) => Ok(None),
                Ok(entry) => {
                    let mode = u32::try_from(entry.filemode_raw()).unwrap_or_default();
                    Ok(Some(blob(mode, entry.id().as_bytes())?))
                }
                Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
                // libgit2 refuses names that no tree can hold.
                Err(_) if path.is_root() => Ok(None),
                Err(error) => Err(unreadable(error).into()),
            }
        }
    }
}

pub(super) fn looker(own: &Own) -> Answer<Looker<'_>> {
    if let Some(work_tree) = &own.work_tree {
        return Ok(Looker::new(work_tree, Abilities::of(own)?));
    }
    let git_dir = own.lock().path().to_owned();
    Err(RepositoryError::NoWorkTree { git_dir }.into())
}

/// What one look and the index's memory tell.
pub(super) enum Seen {
    Agrees,
    Differs(Disagreement),
    /// The content must be read.
    Open(Open),
}

pub(super) fn seen(
    index: &Index,
    expected: &Expected<'_>,
    look: Look,
    about: Option<&About>,
) -> Seen {
    let path = || RepoPath::new(expected.path);
    match (look, expected.blob) {
        (Look::Differs(why), _) => Seen::Differs(disagreement(&path(), why)),
        (Look::Agrees, _) | (_, None) => Seen::Agrees,
        (Look::File | Look::Link(_), Some(blob))
            if is_unchanged(index, expected.entry, blob, about) =>
        {
            Seen::Agrees
        }
        (look, Some(blob)) => Seen::Open(Open {
            path: path(),
            blob,
            look,
        }),
    }
}

/// Whether the file is as it was when its present index entry was made, and that entry is what is judged.
fn is_unchanged(index: &Index, entry: Option<usize>, blob: Blob, about: Option<&About>) -> bool {
    let entry = entry.and_then(|number| index.entry(number));
    let (Some(entry), Some(about)) = (entry, about) else {
        return false;
    };
    entry.id == blob.id.as_bytes()
        && staged_blob(&entry) == Ok(Some(blob))
        && is_remembered(index, &entry, about)
}

/// Whether the index remembers exactly this file, from before the index itself was written.
///
/// A file as young as the index may have changed again within the clock's last tick.
fn is_remembered(index: &Index, entry: &Entry<'_>, about: &About) -> bool {
    let (Some(written), Some(memory)) = (index.written, about.memory) else {
        return false;
    };
    let Ok(written) = written.duration_since(UNIX_EPOCH) else {
        return false;
    };
    let nanoseconds = u32::try_from(memory.mtime.1).unwrap_or_default();
    Duration::new(memory.mtime.0, nanoseconds.min(999_999_999)) < written
        && [
            (0, memory.ctime.0),
            (1, memory.ctime.1),
            (2, memory.mtime.0),
            (3, memory.mtime.1),
            (5, memory.inode),
            (7, memory.user),
            (8, memory.group),
            (9, memory.size),
        ]
        .iter()
        .all(|(at, value)| u64::from(entry.number(*at)) == value & u64::from(u32::MAX))
}

impl Contents for Own {
    fn files(&self, paths: &[&RepoPath]) -> Answer<Vec<Option<Id>>> {
        let root = self.work_tree.clone().unwrap_or_default();
        let hash = |path: &&RepoPath| {
            let found = Oid::hash_file(ObjectType::Blob, root.join(path.to_os())).ok()?;
            id(found).ok()
        };
        Ok(paths.iter().map(hash).collect())
    }

    fn is_plain(&self, path: &RepoPath) -> bool {
        Self::is_plain(self, path)
    }

    fn link(&self, target: &[u8]) -> Answer<Option<Id>> {
        let found = Oid::hash_object(ObjectType::Blob, target).map_err(unreadable)?;
        Ok(Some(id(found)?))
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::repository::tests::Repo;

    #[test]
    fn a_file_as_young_as_the_index_is_not_taken_on_trust() {
        let repo = Repo::new();
        repo.stage("a", "1");
        let about = repo.root.join("a").symlink_metadata().unwrap();
        let touched = about.modified().unwrap();
        let tick = Duration::from_nanos(1);
        for (written, is_trusted) in [
            (Some(touched - tick), false),
            (Some(touched), false),
            (Some(touched + tick), true),
            (None, false),
        ] {
            let bytes = std::fs::read(repo.root.join(".git/index")).unwrap();
            let index = Index::parse(bytes, written).unwrap();
            let entry = index.entry(0).unwrap();
            assert_eq!(
                is_remembered(&index, &entry, &About::from(&about)),
                is_trusted,
                "{written:?}"
            );
        }
    }
}
