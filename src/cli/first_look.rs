//! The end of `guard init`: what the gate finds in everything that is there, for ten seconds at most.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::change::{self, Judged};
use crate::clock::Clock;
use crate::event::Listener;
use crate::exit::Exit;
use crate::finding::{Finding, Severity};
use crate::gate::{self, Cache, Filter, Fixes, Request, Selection, World};
use crate::moment::Moment;
use crate::outcome::{Outcome, Verdict};
use crate::process::signal::{Cancel, Interruption};
use crate::report::{self, Report, Verbosity};
use crate::repository::Repository;
use crate::terminal::{Mark, Style, escape_line, text};

use super::context::Context;

/// How long it may look, and how long what runs then may take to end.
const PATIENCE: Duration = Duration::from_secs(9);
const GRACE: Duration = Duration::from_millis(500);

/// How many findings are shown.
const GRAVEST: usize = 5;

/// What came of it.
pub(super) enum Look {
    /// It was not tried, for this reason.
    Skipped(String),
    /// The gate ran.
    Ran {
        report: Box<Report>,
        /// What is typed to see all of it.
        again: &'static str,
        /// Whether the time was too short.
        late: bool,
        /// What a signal asks for.
        interrupted: Option<Exit>,
    },
}

/// Looks.
pub(super) fn look(context: &Context, repository: &Arc<Repository>) -> Look {
    let (moment, again) = match change::head(repository) {
        Ok(_) => (Moment::Ci, "guard run ci --all-files"),
        // Before the first commit what is staged is all that there is to judge.
        Err(_) => {
            match change::everything(repository, Judged::Index) {
                Ok(staged) if staged.files.is_empty() => {
                    return Look::Skipped("nothing is committed or staged yet: `git add -A`, then `guard run pre-commit`".into());
                }
                Ok(_) => (Moment::Commit, "guard run pre-commit --all-files"),
                Err(error) => return Look::Skipped(error.to_string()),
            }
        }
    };
    if context.environment.text("GUARD") == Some("0") {
        return Look::Skipped("guard is off (GUARD=0)".into());
    }
    // What is wrong was said where these were read for the first time.
    let Ok(settings) = context.settings(repository) else {
        return Look::Skipped("the settings cannot be read".into());
    };
    let Ok(loaded) = context.load(repository, &settings.read) else {
        return Look::Skipped("guard.yaml cannot be read".into());
    };
    announce(context);
    let clock = Clock::Real;
    let cancel = Cancel::new();
    let world = World {
        repository,
        config: &loaded.config,
        environment: &context.environment,
        redactor: settings.redactor.clone(),
        clock: &clock,
        cancel: cancel.clone(),
    };
    let request = Request {
        moment,
        selection: Selection::AllFiles,
        filter: Filter::new(Vec::new(), &[], &[]),
        cache: Cache::Use,
        findings: Vec::new(),
        notes: Vec::new(),
        fixes: Fixes::Never,
        plan_only: false,
    };
    let mut report = Report::new();
    let ended = {
        let _deadline = Deadline::after(&cancel);
        let mut listeners: Vec<&mut dyn Listener> = vec![&mut report];
        gate::run(&world, &request, &mut listeners)
    };
    match ended {
        Ok(_) => Look::Ran {
            report: Box::new(report),
            again,
            late: cancel.by() == Some(Interruption::Deadline),
            interrupted: cancel.exit().filter(|exit| *exit != Exit::Unknown),
        },
        Err(error) => Look::Skipped(error.to_string()),
    }
}

/// Ends a run that takes too long, for as long as it lives itself.
struct Deadline {
    over: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Deadline {
    fn after(cancel: &Cancel) -> Self {
        let (over, wait) = mpsc::channel();
        let cancel = cancel.clone();
        let watch = move || {
            // Asked first, then told.
            for patience in [PATIENCE, GRACE] {
                if wait.recv_timeout(patience) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
                cancel.cancel(Interruption::Deadline);
            }
        };
        let thread = thread::Builder::new()
            .name("deadline".to_owned())
            .spawn(watch);
        Self {
            over: Some(over),
            // Without a thread it takes as long as it takes.
            thread: thread.ok(),
        }
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        drop(self.over.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Look {
    /// What a signal asks for.
    pub(super) fn interrupted(&self) -> Option<Exit> {
        match self {
            Self::Skipped(_) => None,
            Self::Ran { interrupted, .. } => *interrupted,
        }
    }

    /// For people.
    pub(super) fn text(&self, style: Style) -> String {
        let (report, again, late) = match self {
            Self::Skipped(reason) => {
                let said = format!("not looked yet: {}", escape_line(reason));
                return marked(style, Mark::Quiet, &said);
            }
            Self::Ran {
                report,
                again,
                late,
                ..
            } => (report, again, late),
        };
        let gravest = gravest(report);
        let mut said = String::new();
        if !gravest.is_empty() {
            let all = report.findings.len();
            let of = if all > gravest.len() {
                format!(", of {all}")
            } else {
                String::new()
            };
            let things = if gravest.len() == 1 {
                "1 thing"
            } else {
                &format!("{} things", gravest.len())
            };
            let _ = writeln!(said, "\n{things} to know now{of}");
        }
        for finding in gravest {
            let mark = match finding.severity {
                Severity::Error => Mark::Bad,
                Severity::Warning => Mark::Unsure,
                Severity::Info => Mark::Quiet,
            };
            let message = text::clip(&escape_line(&finding.message), 240);
            said.push_str(&marked(
                style,
                mark,
                &format!(
                    "{}[{}]: {message}",
                    finding.severity.word(),
                    finding.code.id
                ),
            ));
            let place = finding.place.as_ref().map(|place| {
                let path = escape_line(&place.path.to_text()).into_owned();
                match place.span {
                    Some((start, _)) => {
                        format!("at {path}:{}:{}{}", start.line, start.column, style.dot())
                    }
                    None => format!("at {path}{}", style.dot()),
                }
            });
            let place = place.unwrap_or_default();
            let _ = writeln!(said, "  {place}`guard explain {}`", finding.code.id);
        }
        for (id, reason, remedy) in unknown(report) {
            let id = escape_line(id);
            said.push_str(&marked(
                style,
                Mark::Unsure,
                &format!("unknown[{id}]: {}", text::clip(&escape_line(reason), 240)),
            ));
            said.push_str(&marked_help(style, remedy));
        }
        let unseen = unseen(report);
        if *late || !unseen.is_empty() {
            let what = if unseen.is_empty() {
                String::new()
            } else {
                format!(" not looked at: {}.", unseen.join(", "))
            };
            let time = if *late {
                "10 s were too short."
            } else {
                "it was interrupted."
            };
            said.push_str(&marked(
                style,
                Mark::Unsure,
                &format!("{time}{what} all of it: `{again}`"),
            ));
        } else if report.steps.iter().all(|step| !step.was_judged()) {
            said.push_str(&marked(
                style,
                Mark::Quiet,
                &format!("no check looked at anything here yet: `{again} --plan` says why"),
            ));
        } else if report.verdict() == Verdict::Passed && report.findings.is_empty() {
            let count = report.steps.iter().filter(|step| step.was_judged()).count();
            let checks = if count == 1 {
                "check finds"
            } else {
                "checks find"
            };
            said.push_str(&marked(
                style,
                Mark::Good,
                &format!("{count} {checks} nothing wrong in what is there"),
            ));
        } else {
            said.push_str(&marked(
                style,
                Mark::Quiet,
                &format!("all of it: `{again}`"),
            ));
        }
        said
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Skipped(reason) => json!({ "skipped": reason }),
            Self::Ran {
                report,
                again,
                late,
                ..
            } => {
                // The report's own words for findings and checks.
                let whole: Value =
                    serde_json::from_str(&report::json::render(report)).unwrap_or_default();
                let of = |finding: &&Finding| {
                    let name = finding.fingerprint();
                    let mut all = whole["findings"].as_array().into_iter().flatten();
                    all.find(|finding| finding["fingerprint"] == name.as_str())
                        .cloned()
                };
                let shown: Vec<Value> = gravest(report).iter().filter_map(of).collect();
                json!({
                    "command": again,
                    "verdict": whole["verdict"],
                    "complete": !late && unseen(report).is_empty(),
                    "checks": whole["checks"],
                    "findings": shown,
                    "total": report.findings.len(),
                })
            }
        }
    }
}

/// The findings that are shown, the gravest first.
fn gravest(report: &Report) -> Vec<&Finding> {
    let mut all: Vec<&Finding> = report.findings.iter().collect();
    all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    all.truncate(GRAVEST);
    all
}

/// The steps that the end of the run took by surprise.
fn unseen(report: &Report) -> Vec<String> {
    let cut = |outcome: &Option<Outcome>| match outcome {
        None => true,
        Some(outcome) => outcome.reason() == Some("interrupted"),
    };
    let steps = report.steps.iter().filter(|step| cut(&step.outcome));
    steps
        .map(|step| escape_line(&step.id).into_owned())
        .collect()
}

/// The steps that could not find out, each with the way out.
fn unknown(report: &Report) -> Vec<(&str, &str, &str)> {
    let steps = report.steps.iter().filter_map(|step| match &step.outcome {
        Some(Outcome::Unknown { reason, remedy }) if reason != "interrupted" => {
            Some((step.id.as_str(), reason.as_str(), remedy.as_str()))
        }
        _ => None,
    });
    steps.take(GRAVEST).collect()
}

fn marked(style: Style, mark: Mark, said: &str) -> String {
    let indent = " ".repeat(text::width(style.bare(mark)) + 1);
    let lines = text::wrap(said, style.width.min(80), &indent, &indent);
    format!("{} {}\n", style.mark(mark), lines.trim_start())
}

fn marked_help(style: Style, remedy: &str) -> String {
    text::wrap(
        &escape_line(remedy),
        style.width.min(80),
        "  help: ",
        "        ",
    ) + "\n"
}

/// What is said before it begins.
fn announce(context: &Context) {
    if context.verbosity != Verbosity::Quiet {
        context
            .terminal
            .err("looking at what is here, for 10 s at most\n");
    }
}
