//! The moments at which guard judges.

use std::fmt;

use serde::{Deserialize, Serialize};

/// When a check or a command runs.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Moment {
    /// Before a commit is made: the index is judged.
    Commit,
    /// Before a push: the pushed commits are judged.
    Push,
    /// In continuous integration: a range of commits is judged.
    Ci,
}

impl Moment {
    /// Every moment, in the order in which a change meets them.
    pub const ALL: [Moment; 3] = [Moment::Commit, Moment::Push, Moment::Ci];

    /// The word in configuration and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Push => "push",
            Self::Ci => "ci",
        }
    }

    /// The name on the command line: git's own name for its hooks.
    pub fn command(self) -> &'static str {
        match self {
            Self::Commit => "pre-commit",
            Self::Push => "pre-push",
            Self::Ci => "ci",
        }
    }

    /// Whether this moment is a git hook; `on_unknown: warn` relaxes only those.
    pub fn is_hook(self) -> bool {
        !matches!(self, Self::Ci)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
