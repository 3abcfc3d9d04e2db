//! How a step ended, and what all the steps of a run together mean.

use serde::{Deserialize, Serialize};

/// How a step ended. `Unknown` is never green: guard could not find out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Judged, and good.
    Passed,
    /// Judged, and not good.
    Failed {
        /// Why, in half a sentence: `exit code 1`, `timed out after 60s`.
        reason: String,
    },
    /// Not run, and that is right.
    Skipped {
        /// Why: `no matching files`, `--skip`, `types failed`.
        reason: String,
    },
    /// guard could not find out.
    Unknown {
        /// What stood in the way.
        reason: String,
        /// What to do about it: a command, or a setting.
        remedy: String,
    },
}

impl Outcome {
    /// A failure with its reason.
    pub fn failed(reason: impl Into<String>) -> Self {
        Self::Failed {
            reason: reason.into(),
        }
    }

    /// A skip with its reason.
    pub fn skipped(reason: impl Into<String>) -> Self {
        Self::Skipped {
            reason: reason.into(),
        }
    }

    /// An unknown with its reason and its remedy.
    pub fn unknown(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Unknown {
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }

    /// The word that reports use.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed { .. } => "failed",
            Self::Skipped { .. } => "skipped",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// The reason, where the outcome has one.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Passed => None,
            Self::Failed { reason } | Self::Skipped { reason } | Self::Unknown { reason, .. } => {
                Some(reason)
            }
        }
    }

    /// The remedy of an unknown.
    pub fn remedy(&self) -> Option<&str> {
        match self {
            Self::Unknown { remedy, .. } => Some(remedy),
            _ => None,
        }
    }

    /// Whether a step that needs this one may start.
    pub fn lets_others_start(&self) -> bool {
        matches!(self, Self::Passed | Self::Skipped { .. })
    }
}

/// What a whole run means. The order is the order of gravity, lightest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing stands against it.
    Passed,
    /// A step could not find out, and nothing failed.
    Unknown,
    /// A step failed, or an error was found.
    Failed,
    /// Refused before anything was changed.
    Refused,
    /// Stopped by a signal.
    Interrupted,
}

impl Verdict {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Interrupted => "interrupted",
        }
    }
}

/// What an unknown step does to the verdict of a hook.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum OnUnknown {
    /// Unknown blocks, as a failure does.
    #[default]
    Block,
    /// Unknown is said aloud, and lets pass.
    Warn,
}
