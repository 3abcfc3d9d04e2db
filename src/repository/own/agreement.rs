//! The work tree beside what is judged, helped by what the index remembers of each file.

use std::collections::BTreeMap;
use std::fs::Metadata;

use git2::{ErrorCode, ObjectType, Oid};

use super::{Own, id, tree_of, unreadable};
use crate::path::RepoPath;
use crate::repository::Id;
use crate::repository::agree::look::{Look, Looker};
use crate::repository::agree::{
    Abilities, Contents, Open, conflict, disagreement, settle, untracked,
};
use crate::repository::entry::{Blob, Disagreement, Judged};
use crate::repository::error::RepositoryError;
use crate::repository::index::{Entry, Index, Unreadable};
use crate::repository::reader::{Answer, Reader};
use crate::repository::walk::blob;

/// How many files of a project are compared before the rest is looked at: one that differs is
/// enough, and often among the first that were touched.
const FIRST_BATCH: usize = 64;

/// What is judged at a path, if anything, and the number of the index's entry for it.
struct Expected {
    path: RepoPath,
    blob: Option<Blob>,
    entry: Option<usize>,
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
            path: path.clone(),
            blob: expected_at(own, judged, path)?,
            entry: index.find(path.as_bytes()),
        };
        match look_at(&mut looker, index, &expected) {
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

pub(super) fn project(own: &Own, judged: Judged, root: &RepoPath) -> Answer<Option<Disagreement>> {
    let index = own.index()?;
    if let Some((_, entry)) = below(index, root).find(|(_, entry)| entry.stage != 0) {
        return Ok(Some(conflict(&RepoPath::new(entry.path))));
    }
    let all = match judged {
        Judged::Index => indexed_below(index, root)?,
        Judged::Commit(commit) => committed_below(own, commit, index, root)?,
    };
    let mut looker = looker(own)?;
    let (mut open, mut batch) = (Vec::new(), FIRST_BATCH);
    for expected in &all {
        match look_at(&mut looker, index, expected) {
            Seen::Agrees => {}
            Seen::Differs(one) => return Ok(Some(one)),
            Seen::Open(one) => open.push(one),
        }
        if open.len() == batch {
            let found = settle(own, &own.program, judged, &open)?;
            if !found.is_empty() {
                return Ok(found.into_iter().next());
            }
            open.clear();
            batch *= 4;
        }
    }
    let found = settle(own, &own.program, judged, &open)?;
    if !found.is_empty() {
        return Ok(found.into_iter().next());
    }
    untracked(&own.program, root, |path| {
        let known = all.binary_search_by(|expected| expected.path.cmp(path));
        known.is_ok_and(|at| all[at].blob.is_some())
    })
}

fn indexed_below(index: &Index, root: &RepoPath) -> Result<Vec<Expected>, Unreadable> {
    let entries = below(index, root).map(|(number, entry)| {
        Ok(Expected {
            path: RepoPath::new(entry.path),
            blob: staged_blob(&entry)?,
            entry: Some(number),
        })
    });
    entries.collect()
}

/// Every path of the commit below `root`, and what only the index has there as nothing judged.
fn committed_below(own: &Own, commit: Id, index: &Index, root: &RepoPath) -> Answer<Vec<Expected>> {
    let mut all: BTreeMap<RepoPath, (Option<Blob>, Option<usize>)> = below(index, root)
        .map(|(number, entry)| (RepoPath::new(entry.path), (None, Some(number))))
        .collect();
    for change in own.between(None, commit)? {
        if change.path.is_within(root) {
            all.entry(change.path).or_default().0 = change.new;
        }
    }
    let expected = |(path, (blob, entry))| Expected { path, blob, entry };
    Ok(all.into_iter().map(expected).collect())
}

/// The index's entries below a folder, the folder's own path included.
pub(super) fn below<'a>(
    index: &'a Index,
    root: &'a RepoPath,
) -> impl Iterator<Item = (usize, Entry<'a>)> {
    let start = index.position(root.as_bytes());
    (start..index.len())
        .map_while(|number| Some((number, index.entry(number)?)))
        .take_while(|(_, entry)| entry.path.starts_with(root.as_bytes()))
        .filter(|(_, entry)| {
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

fn looker(own: &Own) -> Answer<Looker<'_>> {
    if let Some(work_tree) = &own.work_tree {
        return Ok(Looker::new(work_tree, Abilities::of(own)?));
    }
    let git_dir = own.lock().path().to_owned();
    Err(RepositoryError::NoWorkTree { git_dir }.into())
}

/// What one look and the index's memory tell.
enum Seen {
    Agrees,
    Differs(Disagreement),
    /// The content must be read.
    Open(Open),
}

fn look_at(looker: &mut Looker<'_>, index: &Index, expected: &Expected) -> Seen {
    let Expected { path, blob, entry } = expected;
    let (look, about) = looker.look(path, *blob);
    match (look, blob) {
        (Look::Differs(why), _) => Seen::Differs(disagreement(path, why)),
        (Look::Agrees, _) | (_, None) => Seen::Agrees,
        (Look::File | Look::Link(_), Some(blob))
            if is_unchanged(index, *entry, *blob, about.as_ref()) =>
        {
            Seen::Agrees
        }
        (look, Some(blob)) => Seen::Open(Open {
            path: path.clone(),
            blob: *blob,
            look,
        }),
    }
}

/// Whether the file is as it was when its present index entry was made, and that entry is what is judged.
fn is_unchanged(index: &Index, entry: Option<usize>, blob: Blob, about: Option<&Metadata>) -> bool {
    let entry = entry.and_then(|number| index.entry(number));
    let (Some(entry), Some(about)) = (entry, about) else {
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
                remembered::same(&index, &entry, &about),
                is_trusted,
                "{written:?}"
            );
        }
    }
}
