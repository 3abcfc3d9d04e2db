//! What each commit brings: the contents that none of its parents has at that place.

use super::{Blob, Change};
use crate::path::RepoPath;
use crate::repository::reader::{Line, Peeled};
use crate::repository::{Id, Repository, RepositoryError};

/// A content that a commit brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Brought {
    /// Where.
    pub(crate) path: RepoPath,
    /// What.
    pub(crate) blob: Blob,
    /// What the first parent has there.
    pub(crate) old: Option<Blob>,
    /// Who.
    pub(crate) commit: Id,
}

/// The commits of these tips that the known ones have not in their history, the oldest first.
pub(crate) fn history(
    repository: &Repository,
    tips: &[Id],
    known: &[Id],
) -> Result<Vec<Line>, RepositoryError> {
    repository.ask(|reader| reader.lines(tips, known))
}

/// What one commit brings. A merge brings what differs from all its parents.
pub(crate) fn brought(
    repository: &Repository,
    line: &Line,
) -> Result<Vec<Brought>, RepositoryError> {
    let between = |parent| repository.ask(|reader| reader.between(parent, line.commit));
    let mut parents = line.parents.iter();
    let mut changes = between(parents.next().copied())?;
    for parent in parents {
        let other = between(Some(*parent))?;
        changes.retain(|change| {
            let found = other.binary_search_by(|other| other.path.cmp(&change.path));
            found.is_ok()
        });
    }
    let brought = |change: Change| {
        Some(Brought {
            blob: change.new?,
            path: change.path,
            old: change.old,
            commit: line.commit,
        })
    };
    Ok(changes.into_iter().filter_map(brought).collect())
}

/// The commits that all refs and HEAD name.
pub(crate) fn tips(repository: &Repository) -> Result<Vec<Id>, RepositoryError> {
    let refs = repository.ask(|reader| reader.refs("refs/"))?;
    let ids: Vec<Id> = refs.into_iter().map(|(_, id)| id).collect();
    let peeled = repository.ask(|reader| reader.peel(&ids))?;
    let mut tips: Vec<Id> = peeled
        .into_iter()
        .filter_map(|peeled| match peeled {
            Peeled::Commit(commit) => Some(commit),
            Peeled::Other(_) | Peeled::Missing => None,
        })
        .collect();
    tips.extend(repository.ask(|reader| reader.head())?);
    tips.sort_unstable();
    tips.dedup();
    Ok(tips)
}
