//! What changed: the judged tree against its base, with the reason for that base in words.

mod brought;
mod checkout;
pub mod ci;
mod fixable;
mod known;
pub mod push;
mod pushed;
mod revision;

pub use crate::repository::{Base, Blob, Change, Judged, Kind, Mode};
pub(crate) use brought::{Brought, brought, history, tips};
pub use checkout::{as_if_pushed, head, resolve};
pub use ci::ci;
pub use fixable::{Wanted, fixable};
pub use known::Remote;
pub use pushed::{Pushed, Pushes, pushed};
pub use revision::names;

use crate::finding::Finding;
use crate::repository::{Id, Repository, RepositoryError};

/// What is judged and what of it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    /// Where contents come from.
    pub judged: Judged,
    /// The commit that it is compared with; none when there is none, or when everything counts.
    pub base: Option<Base>,
    /// What differs, sorted by path.
    pub files: Vec<Change>,
    /// Why this base, in words.
    pub reason: String,
    /// Commits whose history is known where this goes: every other one of the judged commit's history goes
    /// along. None where no commit does: at what is staged, and where all files of a tree are looked at.
    pub known: Option<Vec<Id>>,
    /// What is to be said about it aloud.
    pub findings: Vec<Finding>,
}

/// What is staged, against HEAD.
pub fn staged(repository: &Repository) -> Result<ChangeSet, RepositoryError> {
    repository.needs_work_tree()?;
    let staged = repository.ask(|reader| reader.staged())?;
    let reason = match staged.base {
        Some(Base::Commit(head)) => format!("what is staged, against HEAD ({})", head.short()),
        Some(Base::Head) => "what is staged, against HEAD".to_owned(),
        None => "what is staged for the first commit".to_owned(),
    };
    Ok(ChangeSet {
        judged: Judged::Index,
        base: staged.base,
        files: staged.changes,
        reason,
        known: None,
        findings: Vec::new(),
    })
}

/// From one revision to another: since `from` itself where it is in the history of `to`, else since
/// their merge base.
pub fn range(repository: &Repository, from: &str, to: &str) -> Result<ChangeSet, RepositoryError> {
    let old = revision::commit(repository, from)?;
    let new = revision::commit(repository, to)?;
    let named = |name: &str, id: Id| {
        if Id::parse(name).is_some() {
            format!("`{}`", id.short())
        } else {
            format!("`{name}` ({})", id.short())
        }
    };
    let (base, reason) = since(repository, old, &named(from, old), new, &named(to, new))?;
    against(repository, base, new, reason)
}

/// Every file, as if it were new.
pub fn everything(repository: &Repository, judged: Judged) -> Result<ChangeSet, RepositoryError> {
    let files = match judged {
        Judged::Index => repository.ask(|reader| reader.indexed())?,
        Judged::Commit(commit) => repository.ask(|reader| reader.between(None, commit))?,
    };
    Ok(ChangeSet {
        judged,
        base: None,
        files,
        reason: "all files".to_owned(),
        known: None,
        findings: Vec::new(),
    })
}

/// The base for `old..new`, and why: `old` where it is an ancestor, else the merge base.
fn since(
    repository: &Repository,
    old: Id,
    old_name: &str,
    new: Id,
    new_name: &str,
) -> Result<(Id, String), RepositoryError> {
    if repository.ask(|reader| reader.is_ancestor(old, new))? {
        return Ok((old, format!("since {old_name}, up to {new_name}")));
    }
    let bases = repository.ask(|reader| reader.merge_bases(old, new))?;
    let not_in = format!("{old_name} is not in the history of {new_name}");
    Ok(match bases[..] {
        [] if repository.is_shallow() => (
            old,
            format!("{not_in} as far as this shallow clone knows: compared with its own tree"),
        ),
        [] => (
            old,
            format!("{not_in}, and they share none: compared with its own tree"),
        ),
        [base] => (
            base,
            format!("{not_in}: since their merge base {}", base.short()),
        ),
        [base, ..] => (
            base,
            format!(
                "{not_in}: since {}, one of their {} merge bases",
                base.short(),
                bases.len()
            ),
        ),
    })
}

/// One commit against another.
fn against(
    repository: &Repository,
    base: Id,
    commit: Id,
    reason: String,
) -> Result<ChangeSet, RepositoryError> {
    let files = repository.ask(|reader| reader.between(Some(base), commit))?;
    Ok(ChangeSet {
        judged: Judged::Commit(commit),
        base: Some(Base::Commit(base)),
        files,
        reason,
        known: Some(vec![base]),
        findings: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
