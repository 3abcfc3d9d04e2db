//! What a step does, what it is given, and what it gives back.

use std::sync::mpsc::SyncSender;

use crate::event::Coverage;
use crate::finding::Finding;
use crate::outcome::Outcome;
use crate::process::signal::Cancel;

/// Something to do. It may run on any thread, and must look at the context's wish to end
/// wherever it waits or loops for long.
pub trait Work: Send + Sync {
    /// Does it.
    fn run(&self, context: &Context) -> Ended;

    /// Whether it is over before anybody could wish for its end, starts no process and says a few things at most.
    /// Alone it then runs where it is called: a thread takes longer to begin.
    fn is_brief(&self) -> bool {
        false
    }
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How it ended.
    pub outcome: Outcome,
    /// What it found.
    pub findings: Vec<Finding>,
    /// What it read.
    pub coverage: Coverage,
    /// Whether an earlier pass served.
    pub cached: bool,
}

impl From<Outcome> for Ended {
    /// An end without findings that read nothing.
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            findings: Vec::new(),
            coverage: Coverage::default(),
            cached: false,
        }
    }
}

/// What a running step is given.
pub struct Context {
    pub(super) step: usize,
    pub(super) send: SyncSender<Message>,
    pub(super) cancel: Cancel,
}

impl Context {
    /// Tells what the step's tool printed: whole lines, secrets already hidden.
    pub fn say(&self, text: &str) {
        // Nobody listens any more when the run ended without this step.
        let _ = self.send.send(Message::Said {
            step: self.step,
            text: text.to_owned(),
        });
    }

    /// The wish that the run ends.
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }
}

/// From the threads of the steps to the one that tells.
pub(super) enum Message {
    Said {
        step: usize,
        text: String,
    },
    Ended {
        step: usize,
        ended: Ended,
        duration_ms: u64,
    },
}
