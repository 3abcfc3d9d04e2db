//! Everything that ever happens in a run, in the order in which it happens.
//!
//! All that is shown is a fold over these: the live block, the report, JSON, later the history.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::finding::{Finding, Severity};
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Outcome, Verdict};

/// The version of the event format; written as `v` into every line of ndjson.
pub const VERSION: u32 = 1;

/// What is going to happen to a step.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Will {
    /// It runs.
    Run,
    /// It does not, for the reason given.
    Skip,
    /// An earlier pass serves.
    Reuse,
}

impl Will {
    /// What is going to happen, as half a sentence: `eslint would run`.
    pub fn said(self) -> &'static str {
        match self {
            Self::Run => "would run",
            Self::Skip => "would be skipped",
            Self::Reuse => "would be reused",
        }
    }
}

/// How much was really read: each blob once, as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum EventKind {
    /// The run began. Always first.
    RunStarted {
        /// The command: `run`.
        command: String,
        /// The moment, where the command has one.
        moment: Option<Moment>,
        /// What an unknown does to the verdict.
        on_unknown: OnUnknown,
        /// What is judged, in words: `2 commits of main -> origin/main`.
        subject: String,
    },
    /// Something that people must be told, and that is no finding: which reader serves, why a base was chosen.
    Noted {
        /// How grave; `Info` is shown with `-v` only.
        severity: Severity,
        /// The sentence.
        message: String,
    },
    /// A step is part of the plan.
    StepPlanned {
        /// Its id.
        id: String,
        /// The steps that must have ended before it starts.
        needs: Vec<String>,
        /// What is going to happen.
        will: Will,
        /// Why.
        reason: String,
    },
    /// A step began.
    StepStarted {
        /// Its id.
        id: String,
    },
    /// A step's tool printed something: whole lines, secrets already hidden.
    StepOutput {
        /// Its id.
        id: String,
        /// The text, with its line ends.
        text: String,
    },
    /// Something was found.
    Found(Finding),
    /// A step ended. Exactly once for each planned step of a run that was not plan-only.
    StepFinished {
        /// Its id.
        id: String,
        /// How.
        outcome: Outcome,
        /// How long it took, in milliseconds.
        duration_ms: u64,
        /// Whether an earlier pass served.
        cached: bool,
        /// What it read.
        coverage: Coverage,
    },
    /// The run ended. Always last.
    RunFinished {
        /// What it means.
        verdict: Verdict,
        /// The process's exit code.
        exit: u8,
        /// How long it took, in milliseconds.
        duration_ms: u64,
        /// What was read, each blob once.
        coverage: Coverage,
    },
}

/// Someone who is told every event, in order, on one thread.
pub trait Listener {
    /// Something happened.
    fn hear(&mut self, event: &Event);

    /// Time passed and nothing happened: a chance to show that guard is alive.
    fn tick(&mut self, _now: Timestamp) {}
}
