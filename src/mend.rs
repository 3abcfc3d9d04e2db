//! Writing fixes back: work tree and index get them, and not a byte of the user's is lost.
//!
//! A fix was made on what is staged. The work tree may hold more than that, so the fix goes there by a merge of
//! three: what is staged, what the work tree holds, and the fix. Everything is merged before anything is
//! written, and one collision refuses all. Then the work tree is written, then the index; whoever saves
//! meanwhile is merged too, or keeps what was saved.

mod compose;
mod convert;
mod error;
mod files;
mod flow;
mod holder;
mod index;
mod merge;
mod swap;
mod workshop;

use std::path::PathBuf;

pub use error::MendError;

use crate::config::valid::EmptyFix;
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::repository::{Blob, Repository};

/// A fixer's edit of a staged file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub path: RepoPath,
    /// What the index holds: what the fixer was given.
    pub staged: Blob,
    /// What the fixer left, in work-tree form: with the line ends and filters of a checkout.
    pub fixed: Vec<u8>,
}

/// What came of writing fixes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// The files whose fix is staged, sorted.
    pub files: Vec<RepoPath>,
    /// Those among them that somebody saved during the run, and whose work-tree file holds that save
    /// without the fix, as the two touch.
    pub saved_over: Vec<RepoPath>,
    /// Saves that fitted nowhere any more, each kept in a file of its own.
    pub rescued: Vec<Rescued>,
}

/// Content that is kept outside of the work tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescued {
    /// Where it was saved to.
    pub path: RepoPath,
    /// Where it is now.
    pub file: PathBuf,
}

/// Writes fixes to the work tree and to the index of the commit that is being made: all of them or none.
pub fn mend(
    repository: &Repository,
    environment: &Environment,
    edits: &[Edit],
    empty: EmptyFix,
    cancel: &Cancel,
) -> Result<Mended, MendError> {
    if edits.is_empty() {
        return Ok(Mended::default());
    }
    repository.needs_work_tree()?;
    flow::run(repository, environment, edits, empty, cancel)
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
