//! The calls of one command: as many as its files need, one after the other, and what their ends mean together.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use miette::Diagnostic;

use super::ground::{Ground, renamed};
use super::hearing::{Hearing, Heeded};
use super::{batch, reason, template, tool};
use crate::config::valid::Run;
use crate::dependencies;
use crate::engine::Context;
use crate::finding::Finding;
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::process::variables::Variables;
use crate::process::{End, Job, StartError};
use crate::secret::Redactor;

/// How much of the output's end is kept to find a missing tool's name in.
const TAIL: usize = 2048;

/// What is the same for every call of a command.
pub(super) struct Calls<'a> {
    /// The command's name.
    pub(super) id: &'a str,
    /// What is run.
    pub(super) run: &'a Run,
    /// The command's root.
    pub(super) root: &'a RepoPath,
    /// The files, as the command names them.
    pub(super) names: Vec<OsString>,
    /// Where it runs.
    pub(super) ground: &'a Ground,
    /// What its output is cleaned of.
    pub(super) redactor: &'a Redactor,
    /// How long all calls together may take.
    pub(super) timeout: Option<Duration>,
    /// Who understands what it says, where somebody does.
    pub(super) hearing: Option<&'a Hearing>,
}

/// One process to be run.
pub(super) struct Start<'a> {
    pub(super) argv: &'a [OsString],
    pub(super) variables: &'a Variables,
    pub(super) folder: &'a Path,
    pub(super) deadline: Option<Instant>,
    /// Where its standard output goes, when that is meant for guard.
    pub(super) apart: Option<&'a File>,
    pub(super) context: &'a Context,
}

/// What all calls came to.
pub(super) struct Called {
    pub(super) outcome: Outcome,
    /// What the tool said, understood.
    pub(super) findings: Vec<Finding>,
}

impl Calls<'_> {
    /// All of them: each may find something. The gravest end counts.
    pub(super) fn all(&self, context: &Context) -> Called {
        let deadline = self
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        let fixed = template::argv(self.run, &[]);
        let batches = if self.run.takes_files() {
            batch::batches(&self.names, &fixed, &self.ground.variables)
        } else {
            // One call, whatever the files.
            std::iter::once(0..0).collect()
        };
        let folder = self.ground.folder(self.root);
        let mut called = Called {
            outcome: Outcome::Passed,
            findings: Vec::new(),
        };
        let mut worst = None;
        for batch in batches {
            let argv = template::argv(self.run, &self.names[batch.clone()]);
            let (outcome, goes_on) = match self.hearing {
                None => self.one(&argv, &folder, deadline, context),
                Some(hearing) => {
                    let call = Heeded {
                        calls: self,
                        hearing,
                        files: batch,
                        folder: &folder,
                        deadline,
                    };
                    call.run(&argv, &mut called.findings, context)
                }
            };
            let is_graver = |worst: &Outcome| gravity(&outcome) > gravity(worst);
            if worst.as_ref().is_none_or(is_graver) {
                worst = Some(outcome);
            }
            if !goes_on {
                break;
            }
        }
        called.outcome = worst.unwrap_or(Outcome::Passed);
        called
    }

    /// One call, and whether another one makes sense.
    fn one(
        &self,
        argv: &[OsString],
        folder: &Path,
        deadline: Option<Instant>,
        context: &Context,
    ) -> (Outcome, bool) {
        let (end, tail) = self.process(&Start {
            argv,
            variables: &self.ground.variables,
            folder,
            deadline,
            apart: None,
            context,
        });
        match end {
            Ok(End::Exited(0)) => (Outcome::Passed, true),
            Ok(End::Exited(code)) => self.complaint(code, folder, &tail),
            other => self.cut_short(other, folder),
        }
    }

    /// Runs one process; its end, and the end of what it told people.
    pub(super) fn process(&self, start: &Start<'_>) -> (Result<End, StartError>, String) {
        let mut tail = String::new();
        let names = self.ground.names(self.root);
        let context = start.context;
        let job = Job {
            argv: start.argv,
            directory: start.folder,
            variables: start.variables,
            deadline: start.deadline,
            cancel: context.cancel(),
            redactor: self.redactor,
            apart: start.apart,
        };
        let end = job.run(&mut |text| {
            keep_tail(&mut tail, text);
            match renamed(text, &names) {
                Some(told) => context.say(&told),
                None => context.say(text),
            }
        });
        (end, tail)
    }

    /// What an end means that is no answer; and whether another call makes sense.
    pub(super) fn cut_short(&self, end: Result<End, StartError>, folder: &Path) -> (Outcome, bool) {
        match end {
            Ok(End::Exited(code)) => (Outcome::failed(reason::exit(code, self.run)), true),
            Ok(End::Killed(signal)) => (Outcome::failed(reason::killed(signal)), true),
            Ok(End::TimedOut) => {
                let timeout = self.timeout.unwrap_or_default();
                (Outcome::failed(reason::timed_out(timeout)), false)
            }
            // Another call would want it too.
            Ok(End::Stopped) => (Outcome::failed(reason::WANTED_TERMINAL), false),
            Ok(End::Cancelled) => (Outcome::unknown("interrupted", "run it again"), false),
            Err(error) => (self.not_started(&error, folder), false),
        }
    }

    /// An exit code that is not 0: the tool's no, unless it could not do its work at all.
    fn complaint(&self, code: i32, folder: &Path, tail: &str) -> (Outcome, bool) {
        match self.not_done(code, folder, tail) {
            Some(unknown) => (unknown, false),
            None => (Outcome::failed(reason::exit(code, self.run)), true),
        }
    }

    /// Why the tool could not do its work, where that can be told.
    pub(super) fn not_done(&self, code: i32, folder: &Path, tail: &str) -> Option<Outcome> {
        if let Some(unknown) = tool::could_not_run(self.id, folder, code, tail) {
            return Some(unknown);
        }
        let is_away = self.ground.checkout.is_some();
        let why = dependencies::refuses_links(tail).filter(|_| is_away)?;
        let remedy = format!("set `isolate: copy` for `{}` in guard.yaml", self.id);
        Some(Outcome::unknown(why, remedy))
    }

    fn not_started(&self, error: &StartError, folder: &Path) -> Outcome {
        match error {
            StartError::NotFound { program } => tool::not_found(self.id, program, folder),
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
}

/// Which of two ends counts.
fn gravity(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Skipped { .. } => 0,
        Outcome::Passed => 1,
        Outcome::Unknown { .. } => 2,
        Outcome::Failed { .. } => 3,
    }
}

fn keep_tail(tail: &mut String, text: &str) {
    tail.push_str(text);
    if tail.len() > 2 * TAIL {
        let cut = tail.ceil_char_boundary(tail.len() - TAIL);
        tail.drain(..cut);
    }
}
