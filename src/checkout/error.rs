//! What can stand between guard and a checkout of its own, each with its way out.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::dependencies::DependencyError;
use crate::path::RepoPath;
use crate::repository::{Id, RepositoryError};

/// Why there is no checkout: the step that needs it is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Error, Diagnostic)]
pub enum CheckoutError {
    /// What is judged could not be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Repository(#[from] RepositoryError),
    /// The system refused something.
    #[error("guard's own checkout: {} could not be {action}: {reason}", .place.display())]
    #[diagnostic(help(
        "a command that reads the whole project runs in guard's own checkout. Make the folder \
         usable, or remove it: guard makes it again"
    ))]
    System {
        /// What guard did with it: `written`, `read`, `removed`.
        action: &'static str,
        /// Which file or folder.
        place: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// What is installed could not be made to be there.
    #[error("{reason}")]
    #[diagnostic(help("{help}"))]
    Dependencies {
        /// What stood in the way.
        reason: String,
        /// What to do about it.
        help: String,
    },
    /// The disk is full.
    #[error("guard's own checkout: no space is left for {}", .place.display())]
    #[diagnostic(help(
        "the judged files are laid out there. Free some space, `guard cache prune` removes what is \
         old; the next run mends what is half there"
    ))]
    Full {
        /// The file that did not fit.
        place: PathBuf,
    },
    /// A path that must not be written anywhere.
    #[error("`{path}` cannot be laid out: {why}")]
    #[diagnostic(help(
        "git itself refuses to check such a path out. Remove it from the commit: \
         `git rm --cached -- PATH`"
    ))]
    Name {
        /// The path.
        path: RepoPath,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Two paths that this file system takes for one.
    #[error("`{one}` and `{other}` are the same file on this file system")]
    #[diagnostic(help(
        "one would silently replace the other. Rename one of them, or run guard where capitals matter"
    ))]
    Collision {
        /// One of them.
        one: RepoPath,
        /// The other.
        other: RepoPath,
    },
    /// A content that this clone does not have.
    #[error("the content of `{path}` ({id}) is not in this clone")]
    #[diagnostic(help(
        "guard fetches nothing by itself. In a partial clone, `git checkout` or \
         `git fetch --refetch --filter=blob:none` with your branch brings it"
    ))]
    Missing {
        /// Whose content.
        path: RepoPath,
        /// Its id.
        id: Id,
    },
    /// Contents that git LFS keeps elsewhere.
    #[error("{} not here: {}", lfs_count(.paths.len()), some(.paths))]
    #[diagnostic(help("guard downloads nothing by itself. Bring them: `git lfs fetch`"))]
    LfsMissing {
        /// Whose contents, sorted.
        paths: Vec<RepoPath>,
    },
    /// A content that git LFS keeps, and that is not what was committed.
    #[error("the git LFS object of `{path}` is damaged: {}", .object.display())]
    #[diagnostic(help("remove the object, then bring it again: `git lfs fetch`"))]
    LfsDamaged {
        /// Whose content.
        path: RepoPath,
        /// Where it lies.
        object: PathBuf,
    },
    /// git could not convert a file as its attributes demand.
    #[error("git could not convert `{path}`{}: {said}", by(.filter.as_deref()))]
    #[diagnostic(help(
        "the judged .gitattributes ask for it. `git check-attr --all -- PATH` names the filter, \
         `git config --get-regexp '^filter'` what it runs"
    ))]
    Conversion {
        /// The file.
        path: RepoPath,
        /// The filter that its attributes name.
        filter: Option<String>,
        /// What git said.
        said: String,
    },
    /// A submodule whose content is not here.
    #[error("submodule `{path}` at {commit} is not here: {why}")]
    #[diagnostic(help("bring it: `git submodule update --init -- PATH`"))]
    Submodule {
        /// Where it belongs.
        path: RepoPath,
        /// The commit that is recorded.
        commit: Id,
        /// What is missing.
        why: String,
    },
    /// Every checkout is in use.
    #[error("all {slots} of guard's checkouts below {} are in use", .folder.display())]
    #[diagnostic(help("other runs of guard use them. Run it again when they have ended"))]
    Busy {
        /// How many there may be.
        slots: usize,
        /// Where they lie.
        folder: PathBuf,
    },
    /// The run was cancelled first.
    #[error("cancelled before guard's own checkout was ready")]
    #[diagnostic(help("nothing is wrong with it: the next run goes on from there"))]
    Cancelled,
}

impl From<DependencyError> for CheckoutError {
    fn from(error: DependencyError) -> Self {
        Self::Dependencies {
            reason: error.to_string(),
            help: error
                .help()
                .map(|help| help.to_string())
                .unwrap_or_default(),
        }
    }
}

impl CheckoutError {
    /// What the system refused to do with a place.
    pub(crate) fn system(action: &'static str, place: &Path, error: &io::Error) -> Self {
        let place = place.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { place },
            _ => Self::System {
                action,
                place,
                reason: error.to_string(),
            },
        }
    }
}

/// The refusal of one action at one place, for `map_err`.
pub(crate) fn refusal(action: &'static str, place: &Path) -> impl Fn(io::Error) -> CheckoutError {
    move |error| CheckoutError::system(action, place, &error)
}

fn lfs_count(files: usize) -> String {
    match files {
        1 => "1 git LFS object is".to_owned(),
        _ => format!("{files} git LFS objects are"),
    }
}

fn some(paths: &[RepoPath]) -> String {
    const SHOWN: usize = 10;
    let names: Vec<_> = paths.iter().take(SHOWN).map(RepoPath::to_text).collect();
    match paths.len().saturating_sub(SHOWN) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

fn by(filter: Option<&str>) -> String {
    filter.map_or_else(String::new, |filter| format!(" by the filter `{filter}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart_and_long_lists_are_cut() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let error = refusal("written", Path::new("/x"))(full);
        assert_eq!(error, CheckoutError::Full { place: "/x".into() });
        let paths = (0..12).map(|n| RepoPath::from(format!("a{n}").as_str()));
        let text = CheckoutError::LfsMissing {
            paths: paths.collect(),
        }
        .to_string();
        assert!(
            text.starts_with("12 git LFS objects are not here: a0, a1,"),
            "{text}"
        );
        assert!(text.ends_with("a9 and 2 more"), "{text}");
    }
}
