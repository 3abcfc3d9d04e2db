//! `--format ndjson`: every event as one line of JSON, as it happens.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{Finding, OutcomeWord, harmless};
use super::{Format, Manner, Report};
use crate::clock::{Clock, Timestamp};
use crate::event::{self, Coverage, EventKind, Listener, Will};
use crate::finding::Severity;
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Verdict};
use crate::terminal::{Arrival, Terminal};

/// The format's name.
pub const ID: &str = "ndjson";

/// The format. All of it was written while it happened, so nothing is left for the end.
#[derive(Clone, Copy, Debug)]
pub struct Ndjson;

impl Format for Ndjson {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "Events for scripts, one a line, as they happen"
    }

    fn render(&self, _: &Report, _: Manner) -> String {
        String::new()
    }

    fn arrival(&self) -> Arrival {
        Arrival::Streamed
    }

    fn lines(&self, terminal: &Terminal) -> Option<Box<dyn Listener>> {
        let terminal = terminal.clone();
        Some(Box::new(Lines::new(move |line: &str| terminal.out(line))))
    }

    fn answer(&self, report: &Report, _: Manner) -> String {
        let started = EventKind::RunStarted {
            command: report.command.clone(),
            moment: None,
            on_unknown: OnUnknown::default(),
            subject: String::new(),
        };
        let noted = report
            .notes
            .iter()
            .map(|(severity, message)| EventKind::Noted {
                severity: *severity,
                message: message.clone(),
            });
        let finished = report.end.map(|end| EventKind::RunFinished {
            verdict: end.verdict,
            exit: end.exit,
            duration_ms: end.duration_ms,
            coverage: end.coverage,
        });
        let at = Clock::Real.now();
        let kinds = std::iter::once(started).chain(noted).chain(finished);
        kinds.map(|kind| line(&event::Event { at, kind })).collect()
    }
}

/// Writes each event as a line.
pub struct Lines<W> {
    write: W,
}

impl<W: FnMut(&str)> Lines<W> {
    /// Lines that go to `write`, each with its line end.
    pub fn new(write: W) -> Self {
        Self { write }
    }
}

impl<W: FnMut(&str)> Listener for Lines<W> {
    fn hear(&mut self, event: &event::Event) {
        (self.write)(&line(event));
    }
}

/// An event as a line, with its line end.
pub fn line(event: &event::Event) -> String {
    let text = serde_json::to_string(&Line::of(event)).expect("an event is JSON");
    harmless(text) + "\n"
}

/// A line of `--format ndjson`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub(super) struct Line<'e> {
    /// The version of the event format.
    v: u32,
    #[serde(flatten)]
    said: Said<'e>,
}

/// When something happened: RFC 3339 in UTC, with milliseconds.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(transparent)]
struct At(#[schemars(with = "String")] Timestamp);

/// What happened.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Said<'e> {
    /// The run began. Always first.
    RunStarted {
        at: At,
        /// The version of guard.
        guard: &'static str,
        /// The command.
        command: &'e str,
        /// The moment; null where the command has none.
        moment: Option<Moment>,
        /// What an unknown does to the verdict.
        on_unknown: OnUnknown,
        /// What is judged, in words.
        subject: &'e str,
    },
    /// Something that people must be told and that is no finding.
    Noted {
        at: At,
        severity: Severity,
        message: &'e str,
    },
    /// A step is part of the plan.
    StepPlanned {
        at: At,
        id: &'e str,
        needs: &'e [String],
        will: Will,
        reason: &'e str,
    },
    /// A step began.
    StepStarted { at: At, id: &'e str },
    /// A step's tool printed something: whole lines, secrets already hidden.
    StepOutput { at: At, id: &'e str, text: &'e str },
    /// Something was found; the fields are those of the report's findings.
    Found {
        at: At,
        #[serde(flatten)]
        finding: Finding<'e>,
    },
    /// A step ended.
    StepFinished {
        at: At,
        id: &'e str,
        outcome: OutcomeWord,
        /// Why; null where it passed.
        reason: Option<&'e str>,
        /// What to do about it; null unless it is unknown.
        remedy: Option<&'e str>,
        duration_ms: u64,
        /// Whether an earlier pass served.
        cached: bool,
        /// Files that it really read.
        files: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// The run ended. Always last.
    RunFinished {
        at: At,
        verdict: Verdict,
        /// The process's exit code.
        exit: u8,
        duration_ms: u64,
        /// Files that were really read, each blob once.
        files: u64,
        /// Their bytes.
        bytes: u64,
    },
}

impl<'e> Line<'e> {
    fn of(event: &'e event::Event) -> Self {
        Self {
            v: event::VERSION,
            said: Said::of(At(event.at), &event.kind),
        }
    }
}

impl<'e> Said<'e> {
    fn of(at: At, kind: &'e EventKind) -> Self {
        match kind {
            EventKind::RunStarted {
                command,
                moment,
                on_unknown,
                subject,
            } => Self::RunStarted {
                at,
                guard: env!("CARGO_PKG_VERSION"),
                command,
                moment: *moment,
                on_unknown: *on_unknown,
                subject,
            },
            EventKind::Noted { severity, message } => Self::Noted {
                at,
                severity: *severity,
                message,
            },
            EventKind::StepPlanned {
                id,
                needs,
                will,
                reason,
            } => Self::StepPlanned {
                at,
                id,
                needs,
                will: *will,
                reason,
            },
            EventKind::StepStarted { id } => Self::StepStarted { at, id },
            EventKind::StepOutput { id, text } => Self::StepOutput { at, id, text },
            EventKind::Found(finding) => Self::Found {
                at,
                finding: Finding::of(finding),
            },
            EventKind::StepFinished {
                id,
                outcome,
                duration_ms,
                cached,
                coverage: Coverage { files, bytes },
            } => Self::StepFinished {
                at,
                id,
                outcome: OutcomeWord::of(outcome),
                reason: outcome.reason(),
                remedy: outcome.remedy(),
                duration_ms: *duration_ms,
                cached: *cached,
                files: *files,
                bytes: *bytes,
            },
            EventKind::RunFinished {
                verdict,
                exit,
                duration_ms,
                coverage: Coverage { files, bytes },
            } => Self::RunFinished {
                at,
                verdict: *verdict,
                exit: *exit,
                duration_ms: *duration_ms,
                files: *files,
                bytes: *bytes,
            },
        }
    }
}
