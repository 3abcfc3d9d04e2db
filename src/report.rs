//! What a run was, as a fold over its events: the one truth that every format shows.

pub mod captured;
pub mod human;
pub mod json;
pub mod ndjson;
#[cfg(test)]
mod samples;
mod schema;
mod words;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::event::{Coverage, Event, EventKind, Listener, Will};
use crate::finding::{Finding, Severity};
use crate::moment::Moment;
use crate::outcome::{OnUnknown, Outcome, Verdict};
use crate::terminal::Style;
use captured::{Captured, Room};
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

/// A way to show a finished run.
pub trait Format {
    /// The name that `--format` takes.
    fn id(&self) -> &'static str;

    /// What standard output gets once the run has ended.
    fn render(&self, report: &Report) -> String;
}

/// The names of all formats, as `--format` takes them.
pub const FORMATS: [&str; 3] = [human::ID, json::ID, ndjson::ID];

/// The format of that name.
pub fn format(id: &str, style: Style, verbosity: Verbosity) -> Option<Box<dyn Format>> {
    match id {
        human::ID => Some(Box::new(human::Text { style, verbosity })),
        json::ID => Some(Box::new(json::Json)),
        ndjson::ID => Some(Box::new(ndjson::Ndjson)),
        _ => None,
    }
}

/// The end of an output is what the report repeats.
const REPEATED: Room = Room { first: 0, last: 5 };

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
            output: Captured::new(REPEATED),
            ended: 0,
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
