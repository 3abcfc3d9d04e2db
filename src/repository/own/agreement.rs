//! The work tree beside what is judged, helped by what the index remembers of each file.

use std::collections::BTreeMap;
use std::fs::Metadata;

use git2::{ErrorCode, ObjectType, Oid};

use super::{Own, id, tree_of, unreadable};
use crate::path::RepoPath;
use crate::repository::Id;
use crate::repository::agree::look::{Look, Looker};
use crate::repository::agree::{
    Abilities, Contents, Expected, Open, conflict, disagreement, settle, untracked,
};
use crate::repository::entry::{Blob, Disagreement, Judged};
use crate::repository::error::RepositoryError;
use crate::repository::index::{Entry, Index, Unreadable};
use crate::repository::reader::{Answer, Reader};
use crate::repository::walk::blob;

pub(super) fn disagreeing(
    own: &Own,
    judged: Judged,
    paths: &[RepoPath],
) -> Answer<Vec<Disagreement>> {
    let expected = paths
        .iter()
        .map(|path| Ok((path.clone(), expected_at(own, judged, path)?)))
        .collect::<Answer<Vec<Expected>>>()?;
    let (mut found, open) = look_at(own, &expected, false)?;
    found.extend(settle(own, &own.program, judged, &open)?);
    found.sort();
    found.dedup();
    Ok(found)
}

pub(super) fn project(own: &Own, judged: Judged, root: &RepoPath) -> Answer<Option<Disagreement>> {
    let index = own.index()?;
    if let Some(entry) = below(index, root).find(|entry| entry.stage != 0) {
        return Ok(Some(conflict(&RepoPath::new(entry.path))));
    }
    let expected = match judged {
        Judged::Index => below(index, root)
            .map(|entry| Ok((RepoPath::new(entry.path), staged_blob(&entry)?)))
            .collect::<Result<Vec<Expected>, Unreadable>>()?,
        Judged::Commit(commit) => expected_below(own, commit, index, root)?,
    };
    let (found, open) = look_at(own, &expected, true)?;
    if let Some(first) = found.into_iter().next() {
        return Ok(Some(first));
    }
    if let Some(first) = settle(own, &own.program, judged, &open)?.into_iter().next() {
        return Ok(Some(first));
    }
    untracked(&own.program, root, |path| {
        let known = expected.binary_search_by(|(expected, _)| expected.cmp(path));
        known.is_ok_and(|at| expected[at].1.is_some())
    })
}

/// Every path of the commit below `root`, and what only the index has there as nothing judged.
fn expected_below(own: &Own, commit: Id, index: &Index, root: &RepoPath) -> Answer<Vec<Expected>> {
    let mut expected: BTreeMap<RepoPath, Option<Blob>> = below(index, root)
        .map(|entry| (RepoPath::new(entry.path), None))
        .collect();
    let committed = own.between(None, commit)?.into_iter();
    expected.extend(
        committed
            .filter(|change| change.path.is_within(root))
            .map(|change| (change.path, change.new)),
    );
    Ok(expected.into_iter().collect())
}

/// The index's entries below a folder, the folder's own path included.
fn below<'a>(index: &'a Index, root: &'a RepoPath) -> impl Iterator<Item = Entry<'a>> {
    let start = index.position(root.as_bytes());
    (start..index.len())
        .map_while(|at| index.entry(at))
        .take_while(|entry| entry.path.starts_with(root.as_bytes()))
        .filter(|entry| {
            root.is_root() || matches!(entry.path.get(root.as_bytes().len()), None | Some(b'/'))
        })
}

fn staged_blob(entry: &Entry<'_>) -> Result<Option<Blob>, Unreadable> {
    if entry.intent_to_add {
        return Ok(None);
    }
    blob(entry.mode(), entry.id).map(Some)
}

fn expected_at(own: &Own, judged: Judged, path: &RepoPath) -> Answer<Option<Blob>> {
    match judged {
        Judged::Index => match own.index()?.find(path.as_bytes()) {
            Some(entry) => Ok(staged_blob(&entry)?),
            None => Ok(None),
        },
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

/// Looks at every path; what differs at a glance comes first, what needs reading second.
fn look_at(
    own: &Own,
    expected: &[Expected],
    stop_at_first: bool,
) -> Answer<(Vec<Disagreement>, Vec<Open>)> {
    let work_tree = own.work_tree.as_ref().ok_or(RepositoryError::NoWorkTree {
        git_dir: own.lock().path().to_owned(),
    })?;
    let index = own.index()?;
    let mut looker = Looker::new(work_tree, Abilities::of(own)?);
    let (mut found, mut open) = (Vec::new(), Vec::new());
    for (path, judged) in expected {
        let (look, about) = looker.look(path, *judged);
        match (look, judged) {
            (Look::Differs(why), _) => {
                found.push(disagreement(path, why));
                if stop_at_first {
                    break;
                }
            }
            (Look::Agrees, _) | (_, None) => {}
            (Look::File | Look::Link(_), Some(blob))
                if is_unchanged(index, path, *blob, about.as_ref()) => {}
            (look, Some(blob)) => open.push(Open {
                path: path.clone(),
                blob: *blob,
                look,
            }),
        }
    }
    Ok((found, open))
}

/// Whether the file is as it was when its present index entry was made, and that entry is what is judged.
fn is_unchanged(index: &Index, path: &RepoPath, blob: Blob, about: Option<&Metadata>) -> bool {
    let (Some(entry), Some(about)) = (index.find(path.as_bytes()), about) else {
        return false;
    };
    entry.id == blob.id.as_bytes()
        && staged_blob(&entry) == Ok(Some(blob))
        && remembered::same(index, &entry, about)
}

#[cfg(unix)]
mod remembered {
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt;
    use std::time::{Duration, UNIX_EPOCH};

    use crate::repository::index::{Entry, Index};

    /// Whether the index remembers exactly this file, from before the index itself was written.
    ///
    /// A file as young as the index may have changed again within the clock's last tick.
    pub(super) fn same(index: &Index, entry: &Entry<'_>, about: &Metadata) -> bool {
        let written = index
            .written
            .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let touched = Duration::new(
            u64::try_from(about.mtime()).unwrap_or(u64::MAX),
            u32::try_from(about.mtime_nsec()).unwrap_or_default(),
        );
        written.is_some_and(|written| touched < written)
            && [
                (0, about.ctime().cast_unsigned()),
                (1, about.ctime_nsec().cast_unsigned()),
                (2, about.mtime().cast_unsigned()),
                (3, about.mtime_nsec().cast_unsigned()),
                (5, about.ino()),
                (7, u64::from(about.uid())),
                (8, u64::from(about.gid())),
                (9, about.size()),
            ]
            .iter()
            .all(|(at, value)| u64::from(entry.number(*at)) == value & u64::from(u32::MAX))
    }
}

#[cfg(not(unix))]
mod remembered {
    use std::fs::Metadata;

    use crate::repository::index::{Entry, Index};

    /// What the index remembers of a file is not portable: its content is compared.
    pub(super) fn same(_: &Index, _: &Entry<'_>, _: &Metadata) -> bool {
        false
    }
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

    fn link(&self, target: &[u8]) -> Answer<Option<Id>> {
        let found = Oid::hash_object(ObjectType::Blob, target).map_err(unreadable)?;
        Ok(Some(id(found)?))
    }
}
