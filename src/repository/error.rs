//! What can stand between guard and a repository, each with its way out.

use std::path::PathBuf;

use bstr::ByteSlice;
use miette::Diagnostic;
use thiserror::Error;

use super::Id;
use crate::exit::Exit;
use crate::path::RepoPath;
use crate::process::git::{self, GitError};

/// Why a question about the repository has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error, Diagnostic)]
pub enum RepositoryError {
    /// There is no repository here.
    #[error("there is no git repository at {}", .directory.display())]
    #[diagnostic(help(
        "run it inside a repository, or name one: `guard -C DIR …`; `git init` makes one"
    ))]
    NotFound {
        /// Where it was looked for.
        directory: PathBuf,
    },
    /// The repository belongs to another user.
    #[error("the repository at {} belongs to another user", .path.display())]
    #[diagnostic(help(
        "git and guard read settings from a repository only if you trust its owner.\n\
         if you do: `git config --global --add safe.directory {}`",
        .path.display()
    ))]
    ForeignOwner {
        /// The folder that git names.
        path: PathBuf,
    },
    /// There is no work tree, so nothing can be staged.
    #[error("the repository at {} has no work tree", .git_dir.display())]
    #[diagnostic(help(
        "nothing can be staged in a bare repository. Run it in a checkout, or name one: \
         `GIT_WORK_TREE=DIR guard …`"
    ))]
    NoWorkTree {
        /// The repository's own folder.
        git_dir: PathBuf,
    },
    /// Files with conflicts are staged.
    #[error("{} unmerged: {}", count(.paths.len()), list(.paths))]
    #[diagnostic(help(
        "a commit cannot be judged while files are in conflict. \
         Mend them, then `git add` each, or `git merge --abort`"
    ))]
    Unmerged {
        /// Every such file, sorted.
        paths: Vec<RepoPath>,
    },
    /// A revision that git does not know.
    #[error("`{revision}` names no commit in this repository")]
    #[diagnostic(help("{}", nearest_help(.nearest.as_deref())))]
    UnknownRevision {
        /// As it was asked for.
        revision: String,
        /// The name that is most like it.
        nearest: Option<String>,
    },
    /// A commit that this clone does not have.
    #[error("commit {id} is not in this clone")]
    #[diagnostic(help("{}", missing_help(id, *.is_shallow)))]
    Missing {
        /// Its id.
        id: Id,
        /// Whether the clone was cut short on purpose.
        is_shallow: bool,
    },
    /// The index is cut short or otherwise not in its own form.
    #[error("the index {} is damaged", .file.display())]
    #[diagnostic(help(
        "what is staged cannot be told, and git itself may read wrong names from it. \
         Make a new one, then stage again: `rm {} && git reset`",
        .file.display()
    ))]
    DamagedIndex {
        /// The file.
        file: PathBuf,
    },
    /// The git program is needed and gave no answer.
    #[error("{0}")]
    #[diagnostic(help(
        "guard asks git about repositories that it cannot read itself. \
         Check it with `git --version`"
    ))]
    Git(#[from] GitError),
    /// Neither guard nor git could read it.
    #[error("{what} could not be read: {why}")]
    #[diagnostic(help(
        "`git fsck` says what is damaged, `git status` whether git itself can read it"
    ))]
    Unreadable {
        /// What guard wanted to know.
        what: &'static str,
        /// What git said.
        why: String,
    },
}

impl RepositoryError {
    /// git's refusal to read what belongs to another user, if that is what it said.
    pub(crate) fn foreign_owner(answer: &git::Answer) -> Option<Self> {
        if !answer.err.contains_str("dubious ownership") {
            return None;
        }
        // fatal: detected dubious ownership in repository at '/path'
        let complaint = answer.complaint();
        let path = complaint
            .split_once('\'')
            .map_or(complaint.as_str(), |(_, path)| path.trim_end_matches('\''));
        Some(Self::ForeignOwner { path: path.into() })
    }

    /// How a command that meets this ends.
    pub fn exit(&self) -> Exit {
        match self {
            Self::NotFound { .. }
            | Self::NoWorkTree { .. }
            | Self::Unmerged { .. }
            | Self::UnknownRevision { .. } => Exit::Usage,
            Self::ForeignOwner { .. }
            | Self::Missing { .. }
            | Self::DamagedIndex { .. }
            | Self::Git(_)
            | Self::Unreadable { .. } => Exit::Unknown,
        }
    }
}

fn count(files: usize) -> String {
    match files {
        1 => "1 file is".to_owned(),
        _ => format!("{files} files are"),
    }
}

fn list(paths: &[RepoPath]) -> String {
    let names: Vec<_> = paths.iter().map(RepoPath::to_text).collect();
    names.join(", ")
}

fn nearest_help(nearest: Option<&str>) -> String {
    match nearest {
        Some(name) => {
            format!("did you mean `{name}`? `git fetch` brings names that only the remote has")
        }
        None => "`git fetch` brings names that only the remote has; `git branch --all` lists them"
            .to_owned(),
    }
}

fn missing_help(id: &Id, is_shallow: bool) -> String {
    if is_shallow {
        format!(
            "the clone is shallow: `git fetch --unshallow`, or only this commit: `git fetch origin {id}`"
        )
    } else {
        format!("bring it: `git fetch origin {id}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_usage_and_not_knowing_end_differently() {
        let unmerged = RepositoryError::Unmerged {
            paths: vec!["a".into(), "b c".into()],
        };
        assert_eq!(unmerged.to_string(), "2 files are unmerged: a, b c");
        assert_eq!(unmerged.exit(), Exit::Usage);
        let id = Id::parse("1".repeat(40)).unwrap();
        let missing = RepositoryError::Missing {
            id,
            is_shallow: true,
        };
        assert_eq!(missing.exit(), Exit::Unknown);
        let help = missing.help().map(|help| help.to_string()).unwrap();
        assert!(help.contains("`git fetch --unshallow`"), "{help}");
    }

    #[test]
    fn a_foreign_owner_is_named_with_the_remedy() {
        let error = RepositoryError::ForeignOwner {
            path: "/srv/repo".into(),
        };
        let help = error.help().map(|help| help.to_string()).unwrap();
        assert!(
            help.ends_with("`git config --global --add safe.directory /srv/repo`"),
            "{help}"
        );
    }
}
