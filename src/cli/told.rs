//! The report of a command that runs no plan: what it did as steps that have ended, in every format for programs.

use miette::Diagnostic;
use serde_json::{Map, Value};

use super::context::Context;
use crate::clock::{Clock, Timestamp};
use crate::event::{Coverage, Event, EventKind, Will};
use crate::exit::Exit;
use crate::finding::Severity;
use crate::outcome::{OnUnknown, Outcome, Verdict};

/// What a command did.
pub(crate) struct Told {
    command: &'static str,
    subject: &'static str,
    started: Timestamp,
    steps: Vec<(String, String, Outcome)>,
    notes: Vec<(Severity, String)>,
    data: Map<String, Value>,
    coverage: Coverage,
}

impl Told {
    /// A command begins; `subject` is what it is about, in words.
    pub(crate) fn new(command: &'static str, subject: &'static str) -> Self {
        Self {
            command,
            subject,
            started: Clock::Real.now(),
            steps: Vec::new(),
            notes: Vec::new(),
            data: Map::new(),
            coverage: Coverage::default(),
        }
    }

    /// A part of it ended; `what` was done.
    pub(crate) fn step(&mut self, id: &str, what: &str, outcome: Outcome) {
        self.steps.push((id.to_owned(), what.to_owned(), outcome));
    }

    /// Something to say beside.
    pub(crate) fn note(&mut self, severity: Severity, said: impl Into<String>) {
        self.notes.push((severity, said.into()));
    }

    /// Something for `data`.
    pub(crate) fn data(&mut self, name: &str, value: Value) {
        self.data.insert(name.to_owned(), value);
    }

    /// How much was read.
    pub(crate) fn read(&mut self, coverage: Coverage) {
        self.coverage = coverage;
    }

    /// Reports it.
    pub(crate) fn finish(self, context: &Context, exit: Exit) -> Exit {
        let mut reporter = context.reporter(false);
        reporter.add(self.data);
        let now = Clock::Real.now();
        let mut tell = |kind: EventKind| {
            let event = Event { at: now, kind };
            for listener in reporter.listeners() {
                listener.hear(&event);
            }
        };
        tell(EventKind::RunStarted {
            command: self.command.to_owned(),
            moment: None,
            on_unknown: OnUnknown::default(),
            subject: self.subject.to_owned(),
        });
        for (severity, message) in self.notes {
            tell(EventKind::Noted { severity, message });
        }
        for (id, reason, _) in &self.steps {
            tell(EventKind::StepPlanned {
                id: id.clone(),
                needs: Vec::new(),
                will: Will::Run,
                reason: reason.clone(),
            });
        }
        for (id, _, outcome) in self.steps {
            tell(EventKind::StepFinished {
                id,
                outcome,
                duration_ms: 0,
                cached: false,
                coverage: Coverage::default(),
            });
        }
        let took = now.since(self.started).as_millis();
        tell(EventKind::RunFinished {
            verdict: verdict(exit),
            exit: exit.code(),
            duration_ms: u64::try_from(took).unwrap_or(u64::MAX),
            coverage: self.coverage,
        });
        reporter.finish(exit)
    }

    /// Says what stood in the way, in the report too; wrong usage has none.
    pub(crate) fn fail(mut self, context: &Context, error: &dyn Diagnostic, exit: Exit) -> Exit {
        context.fail(error, exit);
        if exit == Exit::Usage || context.is_for_people() {
            return exit;
        }
        self.note(Severity::Error, error.to_string());
        self.finish(context, exit)
    }
}

/// The verdict that agrees with an exit code.
fn verdict(exit: Exit) -> Verdict {
    match exit {
        Exit::Good => Verdict::Passed,
        Exit::Blocked | Exit::Foreign(_) => Verdict::Failed,
        Exit::Refused => Verdict::Refused,
        Exit::Interrupted | Exit::Terminated => Verdict::Interrupted,
        Exit::Usage | Exit::Unknown | Exit::Bug => Verdict::Unknown,
    }
}
