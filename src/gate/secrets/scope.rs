//! What is searched for secrets: a tree, the commits that go out, all of history, or files on the disk.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::change::{self, Change, ChangeSet, Judged};
use crate::path::RepoPath;
use crate::repository::{Id, Repository, RepositoryError};
use crate::secrets::Reach;
use crate::secrets::piece::{Piece, Source};

/// What is searched.
#[derive(Clone, Debug)]
pub(in crate::gate) enum Scope {
    /// What changed in a tree, each content against what was there before.
    Changes(Vec<Change>, Reach),
    /// Each commit of these tips that the known ones have not in their history.
    Commits { tips: Vec<Id>, known: Vec<Id> },
    /// Files and folders on the disk; told as seen from the root.
    Paths { root: PathBuf, paths: Vec<PathBuf> },
}

impl Scope {
    /// What a change brings: its commits where it has any, else its files.
    pub(in crate::gate) fn of(changes: &ChangeSet) -> Self {
        match (&changes.known, changes.judged) {
            (Some(known), Judged::Commit(commit)) => Self::Commits {
                tips: vec![commit],
                known: known.clone(),
            },
            (_, Judged::Index) => Self::Changes(changes.files.clone(), Reach::Staged),
            (None, Judged::Commit(_)) => Self::Changes(changes.files.clone(), Reach::Committed),
        }
    }

    /// Whether nothing is in it, as far as that is known before anybody looks.
    pub(in crate::gate) fn is_empty(&self) -> bool {
        match self {
            Self::Changes(changes, _) => changes.iter().all(|change| change.new.is_none()),
            Self::Commits { tips, known } => tips.iter().all(|tip| known.contains(tip)),
            Self::Paths { paths, .. } => paths.is_empty(),
        }
    }

    /// Whether it takes milliseconds.
    pub(super) fn is_small(&self) -> bool {
        /// More may be worth a second thread.
        const FEW: usize = 64;
        matches!(self, Self::Changes(changes, _) if changes.len() < FEW)
    }

    /// What is searched, in words.
    pub(in crate::gate) fn words(scopes: &[Self]) -> String {
        let has_commits = scopes
            .iter()
            .any(|scope| matches!(scope, Self::Commits { .. }));
        if has_commits {
            "every commit that goes out is searched".to_owned()
        } else {
            "what changed is searched".to_owned()
        }
    }

    /// How far a secret has come that is found here.
    pub(super) fn reach(&self) -> Reach {
        match self {
            Self::Changes(_, reach) => *reach,
            Self::Commits { .. } => Reach::Committed,
            Self::Paths { .. } => Reach::Disk,
        }
    }

    /// Gives the pieces on, about so many at a time and the oldest first, until somebody has enough.
    pub(super) fn pieces(
        &self,
        repository: Option<&Repository>,
        together: usize,
        take: &mut dyn FnMut(Vec<Piece>) -> bool,
    ) -> Result<(), RepositoryError> {
        match (self, repository) {
            (Self::Changes(changes, _), _) => {
                for some in changes.chunks(together) {
                    if !take(some.iter().filter_map(changed).collect()) {
                        break;
                    }
                }
            }
            (Self::Commits { tips, known }, Some(repository)) => {
                let mut pieces = Vec::new();
                for line in change::history(repository, tips, known)? {
                    let brought = change::brought(repository, &line)?;
                    pieces.extend(brought.into_iter().filter_map(brings));
                    if pieces.len() >= together && !take(std::mem::take(&mut pieces)) {
                        return Ok(());
                    }
                }
                take(pieces);
            }
            (Self::Commits { .. }, None) => {}
            (Self::Paths { root, paths }, _) => {
                let mut pieces = Vec::new();
                for path in paths {
                    for file in files(path) {
                        pieces.push(on_disk(root, file));
                        if pieces.len() >= together && !take(std::mem::take(&mut pieces)) {
                            return Ok(());
                        }
                    }
                }
                take(pieces);
            }
        }
        Ok(())
    }
}

/// A content that a change brings; a link's is the path that it leads to.
fn changed(change: &Change) -> Option<Piece> {
    let blob = change.new?;
    let old = change.old.filter(|old| old.mode.is_regular());
    (blob.mode != change::Mode::Submodule).then(|| Piece {
        path: change.path.clone(),
        source: Source::Blob(blob),
        old: old.map(|old| old.id),
        commit: None,
    })
}

fn brings(brought: change::Brought) -> Option<Piece> {
    let old = brought.old.filter(|old| old.mode.is_regular());
    (brought.blob.mode != change::Mode::Submodule).then_some(Piece {
        path: brought.path,
        source: Source::Blob(brought.blob),
        old: old.map(|old| old.id),
        commit: Some(brought.commit),
    })
}

/// The files at and below a path, but not git's own. Links are not followed.
fn files(path: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let mut walk = WalkBuilder::new(path);
    walk.standard_filters(false)
        .follow_links(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .sort_by_file_name(Ord::cmp);
    walk.build().filter_map(|entry| match entry {
        Ok(entry) => {
            let is_file = entry.file_type().is_some_and(|sort| sort.is_file());
            is_file.then(|| entry.into_path())
        }
        // What cannot be listed is read, so that its reader says why not.
        Err(error) => path_of(&error),
    })
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}

fn on_disk(root: &Path, file: PathBuf) -> Piece {
    use bstr::ByteVec;
    let shown = file.strip_prefix(root).unwrap_or(&file).to_owned();
    Piece {
        path: RepoPath::new(Vec::from_path_lossy(&shown).into_owned()),
        source: Source::File(file),
        old: None,
        commit: None,
    }
}
