//! Whether a file with secrets may be written here: git must ignore it, or there must be no git.

use std::ffi::OsStr;

use super::HasExit;
use super::write::Target;
use crate::cli::context::Context;
use crate::exit::Exit;
use crate::process::git::{Git, GitError};
use crate::repository::{Repository, RepositoryError};

/// Why no secret is written there.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(super) enum NoHome {
    /// It is in the commit, or in the next one.
    #[error("`{file}` is tracked by git, which would take the secrets")]
    #[diagnostic(help(
        "`git rm --cached -- {file}`, ignore it with the line `{line}` in .gitignore, and renew what it held; nothing was written"
    ))]
    Tracked { file: String, line: String },
    /// The next `git add` takes it.
    #[error("`{file}` is not ignored by git, which would take the secrets")]
    #[diagnostic(help(
        "add the line `{line}` to .gitignore (`guard fix` does); nothing was written"
    ))]
    Open { file: String, line: String },
    /// git has no answer.
    #[error("whether git ignores `{file}` cannot be found out: {why}")]
    #[diagnostic(help("`git check-ignore -v {file}` has to answer first; nothing was written"))]
    Unknown { file: String, why: String },
}

impl HasExit for NoHome {
    fn exit(&self) -> Exit {
        match self {
            Self::Tracked { .. } | Self::Open { .. } => Exit::Refused,
            Self::Unknown { .. } => Exit::Unknown,
        }
    }
}

/// Asks git about the file, in the file's own folder: it may belong to another repository than guard's.
pub(super) fn judge(context: &Context, target: &Target) -> Result<(), NoHome> {
    let file = || target.told.to_string();
    let unknown = |why: String| NoHome::Unknown { file: file(), why };
    let mut place = context.environment.clone();
    place.directory.clone_from(&target.folder);
    let repository = match Repository::discover(&place) {
        Ok(repository) => repository,
        Err(RepositoryError::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(unknown(error.to_string())),
    };
    let Some(work_tree) = repository.work_tree() else {
        return Ok(());
    };
    let git = repository.git();
    let git = git.map_err(|error| unknown(error.to_string()))?;
    let path = target.place();
    let ask = |words: &[&str]| ask(git, words, path.as_os_str());
    // The command refuses guard's usual way of naming paths; a whole path has no magic in it.
    let ignored = ask(&["--no-literal-pathspecs", "check-ignore", "-q", "--"])
        .map_err(|error| unknown(error.to_string()))?;
    let line = format!("{}", target.name.to_string_lossy());
    match ignored {
        Some(0) => Ok(()),
        // What lies in git's own folder or outside is never taken.
        _ if !path.starts_with(real(work_tree)) => Ok(()),
        Some(1) => {
            let tracked = ask(&["ls-files", "--error-unmatch", "--"]);
            let tracked = tracked.map_err(|error| unknown(error.to_string()))?;
            Err(match tracked {
                Some(0) => NoHome::Tracked { file: file(), line },
                _ => NoHome::Open { file: file(), line },
            })
        }
        _ => Err(unknown("git refused the question".to_owned())),
    }
}

fn real(folder: &std::path::Path) -> std::path::PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

fn ask(git: &Git, words: &[&str], path: &OsStr) -> Result<Option<i32>, GitError> {
    let words = words.iter().map(OsStr::new);
    let words: Vec<&OsStr> = words.chain(std::iter::once(path)).collect();
    git.ask(&words).map(|answer| answer.code)
}
