//! What can stand in the way of putting hooks in or taking them out.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::exit::Exit;
use crate::terminal::escape_line;

/// Why hooks were not put in or taken out. Nothing was changed.
#[derive(Debug, Error, Diagnostic)]
pub enum HookError {
    /// There is no git program.
    #[error("no git program was found on PATH (one inside the repository does not count)")]
    #[diagnostic(help("install git, or put the folder that holds it on PATH"))]
    NoGit,
    /// Not in a repository.
    #[error("{} is not in a git repository", shown(.directory))]
    #[diagnostic(help(
        "go into the repository, or name it: `guard -C DIR install`; a new one begins with `git init`"
    ))]
    NoRepository {
        /// Where guard was called.
        directory: PathBuf,
    },
    /// In a repository, but no commit is made here.
    #[error("this repository has no work tree here, so no hook would ever run")]
    #[diagnostic(help(
        "go into a checkout of it; with a separate work tree set GIT_DIR and GIT_WORK_TREE"
    ))]
    NoWorkTree,
    /// git said no.
    #[error("`git {question}` failed: {said}")]
    #[diagnostic(help("run it by hand in this repository, mend what it names, and try again"))]
    Git {
        /// The question.
        question: String,
        /// git's answer.
        said: String,
    },
    /// `core.hooksPath` switches all hooks off.
    #[error("core.hooksPath is {value} ({origin}): git runs no hook in this repository")]
    #[diagnostic(help("if nothing else needs it: `{remedy}`, then `guard install`"))]
    HooksOff {
        /// The value, in words.
        value: &'static str,
        /// Where it is set.
        origin: String,
        /// The command that takes it away.
        remedy: String,
    },
    /// The hook folder belongs to more than this repository.
    #[error(
        "the hook folder {} lies outside this repository ({origin}), so guard does not write there",
        shown(.folder)
    )]
    #[diagnostic(help("{remedy}"))]
    Outside {
        /// The folder.
        folder: PathBuf,
        /// Why git looks there.
        origin: String,
        /// The lines to add by hand.
        remedy: String,
    },
    /// Two foreign hooks, and only one place to keep one.
    #[error(
        "{} is not guard's, and an earlier hook is already kept as {}",
        shown(.hook),
        shown(.kept)
    )]
    #[diagnostic(help(
        "something replaced guard's hook after the install; join the two by hand into the kept \
         file, remove the other, and run `guard install`"
    ))]
    KeptTwice {
        /// The foreign hook.
        hook: PathBuf,
        /// The one that is kept.
        kept: PathBuf,
    },
    /// A line cannot be added to this file.
    #[error("guard cannot add its line to {}: {why}", shown(.file))]
    #[diagnostic(help("call guard from it by hand; in a shell script the line is\n{line}"))]
    NotJoined {
        /// The file.
        file: PathBuf,
        /// Why not.
        why: String,
        /// What would have been added.
        line: String,
    },
    /// The binary's path cannot be written into a hook.
    #[error("a hook cannot name the binary {}: {why}", shown(.binary))]
    #[diagnostic(help("install guard at a plain absolute path, as `./install.sh` does"))]
    Binary {
        /// The path.
        binary: PathBuf,
        /// Why not.
        why: &'static str,
    },
    /// The file system said no.
    #[error("could not {verb} {}: {source}", shown(.path))]
    #[diagnostic(help(
        "check who owns it and whether the disk is full or read-only; nothing was changed"
    ))]
    File {
        /// What was tried.
        verb: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl HookError {
    /// The exit code that it asks for.
    pub fn exit(&self) -> Exit {
        match self {
            Self::NoRepository { .. } | Self::NoWorkTree | Self::Binary { .. } => Exit::Usage,
            Self::NoGit | Self::Git { .. } => Exit::Unknown,
            Self::HooksOff { .. }
            | Self::Outside { .. }
            | Self::KeptTwice { .. }
            | Self::NotJoined { .. }
            | Self::File { .. } => Exit::Refused,
        }
    }

    /// Says what was tried on which file.
    pub(crate) fn file(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            verb,
            path: path.to_path_buf(),
            source,
        }
    }
}

/// A path for people: what could move the cursor or hide text is written out.
pub(crate) fn shown(path: &Path) -> String {
    plain(&path.to_string_lossy())
}

/// Text from a file or another program for people, as one harmless line.
pub(crate) fn plain(text: &str) -> String {
    escape_line(text).into_owned()
}
