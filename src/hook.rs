//! Hooks that fire: put in, chained, proven through git itself, and taken out again byte for byte.
//!
//! A hook that is silently not run is worse than none, so every way in which git or another hook
//! manager can pass over a file is either handled here or said.

mod apply;
pub mod bypass;
mod chain;
mod error;
mod files;
mod git;
mod health;
mod install;
mod lefthook;
mod look;
mod place;
mod plan;
mod pre_commit;
mod probe;
mod shell;
mod shim;
mod uninstall;
mod yaml;

#[cfg(test)]
#[cfg(unix)]
mod support;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::fmt;
use std::path::PathBuf;

pub use chain::{Call, Chained, chain, is_repeat};
pub use error::HookError;
pub use health::health;
pub use install::{install, preview};
pub use pre_commit::lines_from_pre_commit;
pub use probe::{PROBE_EXIT, probe_answer};
pub use shim::{Shim, check_shim, shim, shim_version};
pub use uninstall::uninstall;

/// The hooks that guard puts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HookName {
    /// Before a commit is made.
    PreCommit,
    /// Before commits are sent.
    PrePush,
}

impl HookName {
    /// Both, in the order in which a change meets them.
    pub const ALL: [HookName; 2] = [HookName::PreCommit, HookName::PrePush];

    /// git's name for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PrePush => "pre-push",
        }
    }

    /// The hook of this name, if guard knows it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.word() == word)
    }
}

impl fmt::Display for HookName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a hook does when it finds no guard binary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// It blocks, with the remedy.
    #[default]
    Block,
    /// It says so, and lets pass.
    Warn,
}

impl Missing {
    /// The word of `--missing`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Warn => "warn",
        }
    }
}

/// What is to be installed.
#[derive(Clone, Debug)]
pub struct Install {
    /// The binary that the shims try first: an absolute path.
    pub binary: PathBuf,
    /// What they do without any.
    pub missing: Missing,
    /// Which hooks.
    pub names: Vec<HookName>,
}

/// Whether git really calls guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fires {
    /// git ran the hook, and guard answered.
    Yes,
    /// git ran the hook, or would not, and guard did not answer.
    No(String),
    /// It could not be tried; the reason says what to do.
    Unproven(String),
}

/// One hook that was put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Which hook.
    pub name: HookName,
    /// What was done for it: `wrote .git/hooks/pre-push`, `already there`.
    pub what: Vec<String>,
    /// Whether it fires.
    pub fires: Fires,
}

/// What an install would write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The files.
    pub files: Vec<FileChange>,
    /// What is to be known besides.
    pub notes: Vec<String>,
}

/// A file that an install would write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Where, for people.
    pub path: String,
    /// Whether there is no such file yet.
    pub is_new: bool,
    /// How many lines come to it.
    pub lines: usize,
}

/// One hook that was taken out, or was left for the reason given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Which hook.
    pub name: HookName,
    /// What was done: `removed .git/hooks/pre-push`, `put your own hook back`.
    pub what: String,
}
