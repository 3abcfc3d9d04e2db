//! A command as a step: runs it on its files, and says what its end means.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use miette::Diagnostic;

use super::{batch, reason, template, tool};
use crate::config::valid::Run;
use crate::engine::{Context, Ended, Work};
use crate::event::Coverage;
use crate::finding::code::Code;
use crate::finding::{Finding, code};
use crate::moment::Moment;
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::process::variables::Variables;
use crate::process::{End, Job, StartError};
use crate::secret::Redactor;

/// Where a command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In the work tree: what it reads there is what is judged.
    InPlace {
        /// The work tree's root.
        work_tree: PathBuf,
    },
    /// Nowhere: what it would read is not what is judged.
    Nowhere {
        /// What stands in the way.
        reason: String,
        /// What to do about it.
        remedy: String,
    },
}

/// One command of the team, ready to run.
pub struct CommandWork {
    /// Its name.
    pub id: String,
    /// When it runs; findings name the call that runs it alone.
    pub moment: Moment,
    /// What is run.
    pub run: Run,
    /// Its working directory, relative to the repository's root.
    pub root: RepoPath,
    /// The files it is about, relative to the repository's root.
    pub files: Vec<RepoPath>,
    /// Where it runs.
    pub placement: Placement,
    /// What it sees as its environment.
    pub variables: Variables,
    /// What its output is cleaned of.
    pub redactor: Redactor,
    /// How long it may take, all its calls together.
    pub timeout: Option<Duration>,
    /// What the files amount to.
    pub coverage: Coverage,
    /// Notices which files change while it runs.
    pub watching: Watching,
}

/// Called before a command runs. What it gives is called when the command has ended, and names the
/// files that changed meanwhile.
pub type Watching = Box<dyn Fn() -> Box<dyn FnOnce() -> Vec<RepoPath>> + Send + Sync>;

/// How much of the output's end is kept to find a missing tool's name in.
const TAIL: usize = 2048;

impl Work for CommandWork {
    fn run(&self, context: &Context) -> Ended {
        let work_tree = match &self.placement {
            Placement::InPlace { work_tree } => work_tree,
            Placement::Nowhere { reason, remedy } => {
                return Outcome::unknown(reason, remedy).into();
            }
        };
        let names: Vec<OsString> = self
            .files
            .iter()
            .filter_map(|file| template::name(file, &self.root))
            .collect();
        if self.run.takes_files() && names.is_empty() {
            return Outcome::skipped("no matching files").into();
        }
        // Not joined with an empty path: that would add a `/` to what the command sees as PWD.
        let folder = if self.root.is_root() {
            work_tree.clone()
        } else {
            work_tree.join(self.root.to_os())
        };
        let changed = (self.watching)();
        let outcome = self.call_all(&Calls { names, folder }, context);
        self.ended(outcome, changed, context)
    }
}

/// What is the same for every call of a command.
struct Calls {
    names: Vec<OsString>,
    folder: PathBuf,
}

impl CommandWork {
    /// One call after the other, all of them: each may find something. The gravest end counts.
    fn call_all(&self, calls: &Calls, context: &Context) -> Outcome {
        let deadline = self
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        let fixed = template::argv(&self.run, &[]);
        let batches = if self.run.takes_files() {
            batch::batches(&calls.names, &fixed, &self.variables)
        } else {
            // One call, whatever the files.
            std::iter::once(0..0).collect()
        };
        let mut worst = Outcome::Passed;
        for batch in batches {
            let argv = template::argv(&self.run, &calls.names[batch]);
            let (outcome, goes_on) = self.call(&argv, calls, deadline, context);
            if gravity(&outcome) > gravity(&worst) {
                worst = outcome;
            }
            if !goes_on {
                break;
            }
        }
        worst
    }

    /// One call, and whether another one makes sense.
    fn call(
        &self,
        argv: &[OsString],
        calls: &Calls,
        deadline: Option<Instant>,
        context: &Context,
    ) -> (Outcome, bool) {
        let mut tail = String::new();
        let job = Job {
            argv,
            directory: &calls.folder,
            variables: &self.variables,
            deadline,
            cancel: context.cancel(),
            redactor: &self.redactor,
        };
        let end = job.run(&mut |text| {
            keep_tail(&mut tail, text);
            context.say(text);
        });
        match end {
            Ok(End::Exited(0)) => (Outcome::Passed, true),
            Ok(End::Exited(code)) => {
                match tool::could_not_run(&self.id, &calls.folder, code, &tail) {
                    Some(unknown) => (unknown, false),
                    None => (Outcome::failed(reason::exit(code, &self.run)), true),
                }
            }
            Ok(End::Killed(signal)) => (Outcome::failed(reason::killed(signal)), true),
            Ok(End::TimedOut) => {
                let timeout = self.timeout.unwrap_or_default();
                (Outcome::failed(reason::timed_out(timeout)), false)
            }
            // Another call would want it too.
            Ok(End::Stopped) => (Outcome::failed(reason::WANTED_TERMINAL), false),
            Ok(End::Cancelled) => (Outcome::unknown("interrupted", "run it again"), false),
            Err(error) => (self.not_started(&error, calls), false),
        }
    }

    fn not_started(&self, error: &StartError, calls: &Calls) -> Outcome {
        match error {
            StartError::NotFound { program } => tool::not_found(&self.id, program, &calls.folder),
            StartError::NoDirectory { .. } if !self.root.is_root() => Outcome::unknown(
                format!("the folder {} is not in the work tree", self.root),
                format!("correct `root` of `{}` in guard.yaml", self.id),
            ),
            StartError::NotExecutable { .. }
            | StartError::NoDirectory { .. }
            | StartError::System { .. } => {
                let help = error.help().map(|help| help.to_string());
                Outcome::unknown(error.to_string(), help.unwrap_or_default())
            }
        }
    }

    /// The end with its findings, the files that it changed among them.
    fn ended(
        &self,
        mut outcome: Outcome,
        changed: impl FnOnce() -> Vec<RepoPath>,
        context: &Context,
    ) -> Ended {
        let mut findings = Vec::new();
        if let Outcome::Failed { reason } = &outcome {
            findings.push(self.failure(reason));
        }
        // Whoever interrupts a command interrupts its writing too: that says nothing about it. And
        // one that could not run changed nothing.
        let never_ran = matches!(outcome, Outcome::Unknown { .. });
        let changed = if never_ran || context.cancel().is_cancelled() {
            Vec::new()
        } else {
            changed()
        };
        if outcome == Outcome::Passed {
            outcome = match changed.as_slice() {
                [] => outcome,
                [one] => Outcome::failed(format!("{one} changed while it ran")),
                [..] => Outcome::failed(format!("{} files changed while it ran", changed.len())),
            };
        }
        findings.extend(changed.into_iter().map(|path| self.changed(path)));
        Ended {
            outcome,
            findings,
            coverage: self.coverage,
            cached: false,
        }
    }

    fn failure(&self, reason: &str) -> Finding {
        let code = if reason.starts_with("timed out") {
            code::CMD_TIMEOUT
        } else {
            code::CMD_FAILED
        };
        let help = if code.id == code::CMD_TIMEOUT.id {
            "make it faster, narrow its `files`, or raise its `timeout`".to_owned()
        } else if reason == reason::WANTED_TERMINAL {
            "commands have no terminal: give it its answers by flags or files".to_owned()
        } else {
            let (moment, id) = (self.moment.command(), &self.id);
            format!("read its output; `guard run {moment} --only {id}` runs it alone")
        };
        self.finding(code, format!("`{}` failed: {reason}", self.id), help)
    }

    fn changed(&self, path: RepoPath) -> Finding {
        // Which of the commands that ran at the same time wrote it is not known.
        let message = format!("`{path}` changed while `{}` ran", self.id);
        let help = "a command that only judges must not rewrite files: give `run` the tool's check \
                    mode and put the rewriting form under `fix`; if you saved it yourself, try again"
            .to_owned();
        self.finding(code::CMD_CHANGED_FILE, message, help)
            .in_file(path)
    }

    fn finding(&self, code: Code, message: String, help: String) -> Finding {
        Finding::new(self.id.clone(), code, message, help)
    }
}

/// Which of two ends counts.
fn gravity(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Passed | Outcome::Skipped { .. } => 0,
        Outcome::Unknown { .. } => 1,
        Outcome::Failed { .. } => 2,
    }
}

fn keep_tail(tail: &mut String, text: &str) {
    tail.push_str(text);
    if tail.len() > 2 * TAIL {
        let cut = tail.ceil_char_boundary(tail.len() - TAIL);
        tail.drain(..cut);
    }
}
