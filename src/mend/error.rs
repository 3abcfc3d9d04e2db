//! Why a fix was not written back, and what is to be done about it.

use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use crate::exit::Exit;
use crate::path::RepoPath;
use crate::process::git::GitError;
use crate::repository::RepositoryError;

/// Why fixes were not written back. Unless it says otherwise, nothing was changed.
#[derive(Debug, Error, Diagnostic)]
pub enum MendError {
    /// A fix meets lines that are changed in the work tree and not staged.
    #[error("{} not staged: {}", meets(.places.len()), lines(.places))]
    #[diagnostic(help(
        "guard will not mix its edit with yours, and changed nothing. Stage your change with \
         `git add -p`, or run the fixer on the work tree yourself, then commit again"
    ))]
    Collides {
        /// Each place: the path, and the line in the work tree where that can be told.
        places: Vec<(RepoPath, Option<u32>)>,
    },
    /// The fix takes back all that is staged.
    #[error("with the fix, nothing that is staged differs from HEAD any more")]
    #[diagnostic(help(
        "the commit would be empty, so nothing was changed. The fixer undoes exactly what you staged: \
         `git diff --cached` shows it, `git reset` unstages it"
    ))]
    WouldBeEmpty,
    /// Another process holds the index.
    #[error("{} is held by {holder}", .file.display())]
    #[diagnostic(help(
        "wait for it to end, then commit again. If nothing runs, it was left behind by a git that was killed: \
         `rm {}`", .file.display()
    ))]
    IndexLocked {
        /// The lock.
        file: PathBuf,
        /// Who, as far as the system tells.
        holder: String,
    },
    /// The index no longer holds what was judged.
    #[error("staged anew while the fix was made: {}", list(.paths))]
    #[diagnostic(help("the fix was made for what was staged before. Commit again"))]
    Restaged {
        /// Those paths.
        paths: Vec<RepoPath>,
    },
    /// The index cannot be written safely.
    #[error("the index was not written: {reason}")]
    #[diagnostic(help(
        "the fixes are not staged. `git status` says whether git itself can use the index"
    ))]
    Index {
        /// Why.
        reason: String,
    },
    /// A path that guard does not write to.
    #[error("{path} is not written: {why}")]
    #[diagnostic(help(
        "guard follows no link when it writes, as it could lead out of the repository. \
         Make it a plain folder, or stage without the fix"
    ))]
    Unsafe {
        /// The path.
        path: RepoPath,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Somebody saves a file again and again.
    #[error("{path} is being saved again and again")]
    #[diagnostic(help("its last save is in place. Stop what is writing to it, then commit again"))]
    Busy {
        /// The file.
        path: RepoPath,
    },
    /// The system did not let guard write.
    #[error("{what} could not be written: {reason}")]
    #[diagnostic(help("check the permissions and the space left on the disk, then commit again"))]
    NotWritten {
        /// A path, or guard's own folder.
        what: String,
        /// What the system said.
        reason: String,
    },
    /// git did not convert a content between its stored and its work-tree form.
    #[error("git could not convert {what}: {reason}")]
    #[diagnostic(help(
        "its attributes name a filter, an encoding or line ends: `git check-attr --all -- PATH` shows them"
    ))]
    Convert {
        /// What was converted.
        what: String,
        /// What git said.
        reason: String,
    },
    /// The run was interrupted.
    #[error("interrupted before the fix was written")]
    #[diagnostic(help("nothing was changed; commit again"))]
    Cancelled,
    /// The work tree could not be put back, as somebody had saved over the fix.
    #[error("{because}; {} saved meanwhile and stays as it was saved, with the fix below: {}",
        if .paths.len() == 1 { "this file was" } else { "these files were" }, list(.paths))]
    #[diagnostic(help("nothing is staged. `git diff` shows what these files hold now"))]
    SavedOver {
        /// Those files.
        paths: Vec<RepoPath>,
        /// Why the fix was taken back.
        because: Box<MendError>,
    },
    /// The repository could not be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<GitError> for MendError {
    fn from(error: GitError) -> Self {
        Self::Repository(error.into())
    }
}

impl MendError {
    /// How a command that meets this ends.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Collides { .. } | Self::WouldBeEmpty | Self::Unsafe { .. } => Exit::Blocked,
            Self::SavedOver { because, .. } => because.exit(),
            Self::Repository(error) => error.exit(),
            Self::IndexLocked { .. }
            | Self::Restaged { .. }
            | Self::Index { .. }
            | Self::Busy { .. }
            | Self::NotWritten { .. }
            | Self::Convert { .. }
            | Self::Cancelled => Exit::Unknown,
        }
    }

    pub(crate) fn not_written(
        what: &(impl std::fmt::Display + ?Sized),
        error: &std::io::Error,
    ) -> Self {
        Self::NotWritten {
            what: what.to_string(),
            reason: error.to_string(),
        }
    }
}

fn meets(places: usize) -> &'static str {
    match places {
        1 => "the fix meets a change that is",
        _ => "the fix meets changes that are",
    }
}

fn lines(places: &[(RepoPath, Option<u32>)]) -> String {
    let shown = places.iter().map(|(path, line)| match line {
        Some(line) => format!("{path}:{line}"),
        None => path.to_string(),
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn list(paths: &[RepoPath]) -> String {
    let names: Vec<_> = paths.iter().map(RepoPath::to_text).collect();
    names.join(", ")
}
