//! What a run was, as a fold over its events: the one truth that every format shows.

pub mod captured;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod ndjson;
mod remark;
#[cfg(test)]
mod samples;
pub mod sarif;
mod schema;
mod words;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::event::{Coverage, Event, EventKind, Listener, Will};
use crate::finding::{Finding, Severity};
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Outcome, Verdict};
use crate::secret::Redactor;
use crate::terminal::{Arrival, Style, Terminal};
use captured::{Captured, Room};
use human::Shown;
pub use schema::schema;

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbosity {
    /// `-q`: nothing while all is well.
    Quiet,
    /// One line while all is well.
    #[default]
    Normal,
    /// `-v`: also what was skipped, why, and what passed.
    Verbose,
}

/// How people want to be told; programs get the same whatever is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// How standard output is written to.
    pub style: Style,
    /// How much is said.
    pub verbosity: Verbosity,
}

/// A way to show a run.
pub trait Format: fmt::Debug + Sync {
    /// The name that `--format` takes.
    fn id(&self) -> &'static str;

    /// Who it is for, in a few words, as `--help` has it.
    fn about(&self) -> &'static str;

    /// What standard output gets once the run has ended.
    fn render(&self, report: &Report, manner: Manner) -> String;

    /// Who reads it.
    fn shown(&self) -> Shown {
        Shown::Machine
    }

    /// Whether it comes at the end or as things happen.
    fn arrival(&self) -> Arrival {
        Arrival::Whole
    }

    /// Someone who writes what happens as it happens.
    fn lines(&self, _terminal: &Terminal) -> Option<Box<dyn Listener>> {
        None
    }

    /// What the summary page of a CI service gets beside standard output, in at most so many bytes.
    fn summary(&self, _report: &Report, _most: usize) -> Option<String> {
        None
    }

    /// What standard output gets from a command that tells no events.
    fn answer(&self, report: &Report, manner: Manner) -> String {
        self.render(report, manner)
    }
}

/// Every format, as `--format` takes them; the first is the default.
pub static FORMATS: [&dyn Format; 8] = [
    &human::Text,
    &json::Json,
    &ndjson::Ndjson,
    &sarif::Sarif,
    &junit::Junit,
    &github::Github,
    &gitlab::Gitlab,
    &markdown::Markdown,
];

/// The format of that name.
pub fn format(id: &str) -> Option<&'static dyn Format> {
    FORMATS.into_iter().find(|format| format.id() == id)
}

/// What is kept of an output: both ends, which is all that any report shows.
const KEPT: Room = Room {
    first: 15,
    last: 85,
};

/// The reason of a step that a signal stopped.
const INTERRUPTED: &str = "interrupted";

/// The reason of a step that was planned and never ended.
const UNHEARD: &str = "its end was not heard";

/// One run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The command: `run`.
    pub command: String,
    /// The moment, where the command has one.
    pub moment: Option<Moment>,
    /// What is judged, in words.
    pub subject: String,
    /// What an unknown does to the verdict.
    pub on_unknown: OnUnknown,
    /// Whether only the plan was asked for; whoever asked says so.
    pub plan_only: bool,
    /// What the command has to say beyond the checks (CONTRACT §3, `data` by command).
    pub data: Map<String, Value>,
    /// The steps, as planned.
    pub steps: Vec<Step>,
    /// What was found, in the order in which it was.
    pub findings: Vec<Finding>,
    /// What people must be told and is no finding.
    pub notes: Vec<(Severity, String)>,
    /// How the run ended, once it has.
    pub end: Option<End>,
    places: HashMap<String, usize>,
    ends: usize,
}

/// One step of a run.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// The steps that end before it starts.
    pub needs: Vec<String>,
    /// What was planned.
    pub will: Will,
    /// Why it was planned so.
    pub because: String,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
    /// How long it took.
    pub duration_ms: u64,
    /// Whether an earlier pass served.
    pub cached: bool,
    /// What it read.
    pub coverage: Coverage,
    /// The end of what its tool printed.
    pub output: Captured,
    /// The how-manieth it was to end.
    pub ended: usize,
}

/// How a run ended.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// What it means.
    pub verdict: Verdict,
    /// The process's exit code.
    pub exit: u8,
    /// How long it took.
    pub duration_ms: u64,
    /// What was read, each blob once.
    pub coverage: Coverage,
}

impl Report {
    /// A run of which nothing has been heard.
    pub fn new() -> Self {
        Self::default()
    }

    /// A run of which only the plan is wanted.
    pub fn of_plan() -> Self {
        Self {
            plan_only: true,
            ..Self::default()
        }
    }

    /// What a command found out that tells no events: all is well, and here are the data.
    pub fn of_data(command: &str, data: Map<String, Value>) -> Self {
        Self {
            command: command.to_owned(),
            data,
            end: Some(End {
                verdict: Verdict::Passed,
                exit: 0,
                duration_ms: 0,
                coverage: Coverage::default(),
            }),
            ..Self::default()
        }
    }

    /// Hides secrets in all that is said. Before anything is escaped for where it is shown: once `&`
    /// is `&amp;` a secret that holds one would no longer be known.
    pub fn hide(&mut self, redactor: &Redactor) {
        let hide = |text: &mut String| {
            if let Cow::Owned(hidden) = redactor.apply(text) {
                *text = hidden;
            }
        };
        hide(&mut self.subject);
        self.notes.iter_mut().for_each(|(_, note)| hide(note));
        for finding in &mut self.findings {
            hide(&mut finding.message);
            hide(&mut finding.help);
        }
        for step in &mut self.steps {
            hide(&mut step.because);
            match &mut step.outcome {
                Some(Outcome::Failed { reason } | Outcome::Skipped { reason }) => hide(reason),
                Some(Outcome::Unknown { reason, remedy }) => {
                    hide(reason);
                    hide(remedy);
                }
                Some(Outcome::Passed) | None => {}
            }
        }
    }

    /// What the run means. One whose end was never heard is unknown, never green.
    pub fn verdict(&self) -> Verdict {
        self.end.map_or(Verdict::Unknown, |end| end.verdict)
    }

    /// The step of that id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.places.get(id).map(|place| &self.steps[*place])
    }

    /// How many findings are of that gravity.
    pub fn count(&self, severity: Severity) -> usize {
        let of = |finding: &&Finding| finding.severity == severity;
        self.findings.iter().filter(of).count()
    }

    /// What is typed to see this run again, with everything said.
    pub(crate) fn again(&self) -> String {
        match self.moment {
            Some(moment) => format!("guard run {}", moment.command()),
            None => format!("guard {}", self.command),
        }
    }

    /// What the lines of the run begin with.
    pub(crate) fn name(&self) -> String {
        match self.moment {
            Some(moment) => format!("guard {}", moment.command()),
            None => format!("guard {}", self.command),
        }
    }

    /// Whether it was a search, of which people want to know how much was read.
    pub(crate) fn is_search(&self) -> bool {
        self.command == "secrets"
    }

    fn step_mut(&mut self, id: &str) -> &mut Step {
        let known = self.places.get(id).copied();
        let place = known.unwrap_or_else(|| {
            self.places.insert(id.to_owned(), self.steps.len());
            self.steps.push(Step::new(id));
            self.steps.len() - 1
        });
        &mut self.steps[place]
    }
}

impl Step {
    fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            needs: Vec::new(),
            will: Will::Run,
            because: String::new(),
            outcome: None,
            duration_ms: 0,
            cached: false,
            coverage: Coverage::default(),
            output: Captured::new(KEPT),
            ended: 0,
        }
    }

    /// How it ended. One whose end was never heard is unknown, never green.
    pub(crate) fn fate(&self) -> Cow<'_, Outcome> {
        match &self.outcome {
            Some(outcome) => Cow::Borrowed(outcome),
            None => Cow::Owned(Outcome::unknown(UNHEARD, "run it again")),
        }
    }

    /// Whether it passed, failed, or could not be judged: anything but skipped or not ended.
    pub(crate) fn was_judged(&self) -> bool {
        !matches!(self.outcome, None | Some(Outcome::Skipped { .. }))
    }
}

impl Listener for Report {
    fn hear(&mut self, event: &Event) {
        match &event.kind {
            EventKind::RunStarted {
                command,
                moment,
                on_unknown,
                subject,
            } => {
                self.command.clone_from(command);
                self.moment = *moment;
                self.on_unknown = *on_unknown;
                self.subject.clone_from(subject);
            }
            EventKind::Noted { severity, message } => self.notes.push((*severity, message.clone())),
            EventKind::StepPlanned {
                id,
                needs,
                will,
                reason,
            } => {
                let step = self.step_mut(id);
                step.needs.clone_from(needs);
                step.will = *will;
                step.because.clone_from(reason);
            }
            EventKind::StepStarted { .. } => {}
            EventKind::StepOutput { id, text } => self.step_mut(id).output.push(text),
            EventKind::Found(finding) => self.findings.push(finding.clone()),
            EventKind::StepFinished {
                id,
                outcome,
                duration_ms,
                cached,
                coverage,
            } => {
                self.ends += 1;
                let ended = self.ends;
                let step = self.step_mut(id);
                step.outcome = Some(outcome.clone());
                step.duration_ms = *duration_ms;
                step.cached = *cached;
                step.coverage = *coverage;
                step.ended = ended;
            }
            EventKind::RunFinished {
                verdict,
                exit,
                duration_ms,
                coverage,
            } => {
                self.end = Some(End {
                    verdict: *verdict,
                    exit: *exit,
                    duration_ms: *duration_ms,
                    coverage: *coverage,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests;
