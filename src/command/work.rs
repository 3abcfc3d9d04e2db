//! A command as a step: runs it on its files, and says what its end means.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use miette::Diagnostic;

use super::calls::{Called, Calls};
use super::ground::Ground;
use super::hearing::Hearing;
use super::{reason, template};
use crate::checkout::{Checkouts, Said};
use crate::config::valid::{Isolate, Run};
use crate::engine::{Context, Ended, Work};
use crate::event::Coverage;
use crate::finding::code::Code;
use crate::finding::{Finding, Fix, Severity, code};
use crate::moment::Moment;
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::process::variables::Variables;
use crate::repository::Judged;
use crate::secret::Redactor;

/// Where a command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In the work tree: what it reads there is what is judged.
    InPlace {
        /// The work tree's root.
        work_tree: PathBuf,
    },
    /// In guard's own checkout of what is judged.
    Checkout {
        /// Why not in the work tree.
        because: String,
    },
    /// Nowhere: what it would read cannot be told.
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
    /// Whether there is a command that repairs what this one complains about.
    pub has_fix: bool,
    /// Its working directory, relative to the repository's root.
    pub root: RepoPath,
    /// The files it is about, relative to the repository's root.
    pub files: Vec<RepoPath>,
    /// All that it reads, where that is a few files.
    pub reads: Option<Vec<RepoPath>>,
    /// Where it runs.
    pub placement: Placement,
    /// What is judged.
    pub judged: Judged,
    /// guard's own checkouts.
    pub checkouts: Arc<Checkouts>,
    /// How dependencies come into them.
    pub isolate: Isolate,
    /// What it sees as its environment.
    pub variables: Variables,
    /// What its output is cleaned of.
    pub redactor: Redactor,
    /// How long it may take, all its calls together.
    pub timeout: Option<Duration>,
    /// What the files amount to.
    pub coverage: Coverage,
    /// Notices which files change while it runs in place.
    pub watching: Watching,
    /// Who understands what it says, where guard knows the tool.
    pub(crate) hearing: Option<Hearing>,
}

/// Called before a command runs. What it gives is called when the command has ended, and names the
/// files that changed meanwhile.
pub type Watching = Box<dyn Fn() -> Box<dyn FnOnce() -> Vec<RepoPath>> + Send + Sync>;

impl Work for CommandWork {
    fn run(&self, context: &Context) -> Ended {
        if self.run.takes_files() && self.names().is_empty() {
            return Outcome::skipped("no matching files").into();
        }
        match &self.placement {
            Placement::Nowhere { reason, remedy } => Outcome::unknown(reason, remedy).into(),
            Placement::Checkout { .. } => self.in_checkout(context),
            Placement::InPlace { work_tree } => {
                let ground = Ground::in_place(work_tree, &self.variables);
                let changed = (self.watching)();
                let called = self.calls(&ground).all(context);
                // Whoever interrupts a command interrupts its writing too: that says nothing about
                // it. And one that could not run changed nothing.
                let never_ran = matches!(called.outcome, Outcome::Unknown { .. });
                if never_ran || context.cancel().is_cancelled() {
                    return self.ended(called, Vec::new());
                }
                let changed = changed();
                if changed.is_empty() {
                    return self.ended(called, changed);
                }
                self.again(called, changed, context)
            }
        }
    }
}

impl CommandWork {
    fn names(&self) -> Vec<OsString> {
        self.files
            .iter()
            .filter_map(|file| template::name(file, &self.root))
            .collect()
    }

    fn calls<'a>(&'a self, ground: &'a Ground) -> Calls<'a> {
        Calls {
            id: &self.id,
            run: &self.run,
            root: &self.root,
            names: self.names(),
            ground,
            redactor: &self.redactor,
            timeout: self.timeout,
            hearing: self.hearing.as_ref(),
        }
    }

    /// The work tree changed while the command ran there: by the command, or by an editor. In guard's
    /// own checkout nobody else writes, so what happens there decides.
    fn again(&self, first: Called, changed: Vec<RepoPath>, context: &Context) -> Ended {
        let again = self.in_checkout(context);
        match (&first.outcome, &again.outcome) {
            // Somebody else wrote.
            (_, Outcome::Passed) => again,
            // Only the first run can tell then, and not who wrote. Or the command wrote here as well, or
            // it wants something that only the work tree has.
            (_, Outcome::Unknown { .. }) | (Outcome::Passed, _) => self.ended(first, changed),
            _ => again,
        }
    }

    fn in_checkout(&self, context: &Context) -> Ended {
        let (checkouts, cancel) = (&self.checkouts, context.cancel());
        let laid_out = match (&self.reads, self.judged) {
            (Some(reads), Judged::Index) => checkouts.for_files(reads, self.isolate, cancel),
            _ => checkouts.of(self.judged, self.isolate, cancel),
        };
        let checkout = match laid_out {
            Ok(checkout) => checkout,
            Err(error) => {
                let remedy = error.help().map(|help| help.to_string());
                return Outcome::unknown(error.to_string(), remedy.unwrap_or_default()).into();
            }
        };
        let ground = Ground::of_checkout(
            Arc::clone(&checkout),
            self.checkouts.work_tree(),
            &self.variables,
        );
        let called = self.calls(&ground).all(context);
        let never_ran = matches!(called.outcome, Outcome::Unknown { .. });
        let mut ended = if never_ran || context.cancel().is_cancelled() {
            self.ended(called, Vec::new())
        } else {
            match checkout.newly_changed(self.reads.as_deref().unwrap_or_default()) {
                Ok(changed) => self.ended(called, changed),
                Err(error) => {
                    let remedy = error.help().map(|help| help.to_string());
                    Outcome::unknown(error.to_string(), remedy.unwrap_or_default()).into()
                }
            }
        };
        if !matches!(ended.outcome, Outcome::Passed) || !ended.findings.is_empty() {
            // The next step must find what is judged, not what this one may have made of it.
            self.checkouts.let_go();
        }
        ended.findings.extend(self.said(checkout.take_said()));
        ended
    }

    /// What there is to say about the checkout.
    fn said(&self, said: Said) -> impl Iterator<Item = Finding> {
        let notes = said.notes.into_iter().map(|note| {
            let help = "it concerns guard's own checkout, in which this command ran";
            self.finding(code::CHECKOUT_NOTE, note, help.to_owned())
        });
        let stale = said.stale.into_iter().map(|stale| {
            let help = format!("install what it asks for: `{}`", stale.remedy);
            self.finding(code::DEPS_STALE, stale.what, help)
                .in_file(stale.file)
        });
        notes.chain(stale)
    }

    /// The end with its findings, the files that it changed among them.
    fn ended(&self, called: Called, changed: Vec<RepoPath>) -> Ended {
        let Called {
            mut outcome,
            mut findings,
        } = called;
        // A tool that is understood has said what is wrong, unless it was cut short.
        let is_told = findings
            .iter()
            .any(|finding| finding.severity == Severity::Error);
        if let (Outcome::Failed { reason }, false) = (&outcome, is_told) {
            findings.push(self.failure(reason));
        }
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
            let alone = format!("read its output; `guard run {moment} --only {id}` runs it alone");
            match (self.has_fix, self.moment) {
                (false, _) => alone,
                (true, Moment::Commit) => {
                    format!("{alone}; `guard fix` repairs what it can, then commit again")
                }
                (true, Moment::Push) => {
                    format!("{alone}; `guard fix` repairs it, then commit and push again")
                }
                // What CI judges was pushed already, so that `guard fix` alone would find nothing to do.
                (true, Moment::Ci) => format!(
                    "{alone}; `guard fix --from REF` repairs what changed since REF, \
                     then commit and push again"
                ),
            }
        };
        let fix = if self.has_fix && code.id == code::CMD_FAILED.id {
            Fix::Safe
        } else {
            Fix::None
        };
        Finding {
            fix,
            ..self.finding(code, format!("`{}` failed: {reason}", self.name()), help)
        }
    }

    fn changed(&self, path: RepoPath) -> Finding {
        // Which of the commands that ran at the same time wrote it is not known.
        let message = format!("`{path}` changed while `{}` ran", self.name());
        let help =
            "a command that only judges must not rewrite files: give `run` the tool's check \
                    mode and put the rewriting form under `fix`"
                .to_owned();
        self.finding(code::CMD_CHANGED_FILE, message, help)
            .in_file(path)
    }

    /// What people call it.
    fn name(&self) -> &str {
        let tool = self.hearing.as_ref().map(|hearing| hearing.tool);
        tool.unwrap_or(&self.id)
    }

    fn finding(&self, code: Code, message: String, help: String) -> Finding {
        Finding::new(self.id.clone(), code, message, help)
    }
}
