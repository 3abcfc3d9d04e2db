//! The calls of one command: as many as its files need, one after the other, and what their ends mean together.

use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

use miette::Diagnostic;

use super::ground::{Ground, renamed};
use super::{batch, reason, template, tool};
use crate::config::valid::Run;
use crate::dependencies;
use crate::engine::Context;
use crate::outcome::Outcome;
use crate::path::RepoPath;
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
}

impl Calls<'_> {
    /// All of them: each may find something. The gravest end counts.
    pub(super) fn all(&self, context: &Context) -> Outcome {
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
        let mut worst = Outcome::Passed;
        for batch in batches {
            let argv = template::argv(self.run, &self.names[batch]);
            let (outcome, goes_on) = self.one(&argv, &folder, deadline, context);
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
    fn one(
        &self,
        argv: &[OsString],
        folder: &Path,
        deadline: Option<Instant>,
        context: &Context,
    ) -> (Outcome, bool) {
        let mut tail = String::new();
        let names = self.ground.names(self.root);
        let job = Job {
            argv,
            directory: folder,
            variables: &self.ground.variables,
            deadline,
            cancel: context.cancel(),
            redactor: self.redactor,
        };
        let end = job.run(&mut |text| {
            keep_tail(&mut tail, text);
            match renamed(text, &names) {
                Some(told) => context.say(&told),
                None => context.say(text),
            }
        });
        match end {
            Ok(End::Exited(0)) => (Outcome::Passed, true),
            Ok(End::Exited(code)) => self.complaint(code, folder, &tail),
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
        if let Some(unknown) = tool::could_not_run(self.id, folder, code, tail) {
            return (unknown, false);
        }
        let is_away = self.ground.checkout.is_some();
        if let Some(why) = dependencies::refuses_links(tail).filter(|_| is_away) {
            let remedy = format!("set `isolate: copy` for `{}` in guard.yaml", self.id);
            return (Outcome::unknown(why, remedy), false);
        }
        (Outcome::failed(reason::exit(code, self.run)), true)
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
