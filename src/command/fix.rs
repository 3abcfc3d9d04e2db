//! The repairing forms of commands as one step: each runs on the judged content in guard's own checkout,
//! one after the other, and what they made of the files of the change is written back at once.
//!
//! One after the other, because two that repair one file would each undo what the other did.

mod said;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use miette::Diagnostic;

use super::calls::Calls;
use super::ground::Ground;
use super::template;
use crate::checkout::{Checkout, Checkouts};
use crate::config::valid::{EmptyFix, Isolate, Run};
use crate::engine::{Context, Ended, Work};
use crate::environment::Environment;
use crate::finding::{Finding, Fix};
use crate::mend::{self, Edit, MendError};
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::process::variables::Variables;
use crate::repository::{Change, Judged, Repository};
use crate::secret::Redactor;

/// Something that repairs what is judged.
pub struct Fixer {
    /// The command or check whose findings it mends.
    pub id: String,
    /// Whether the files may mean something else after it.
    pub fix: Fix,
    /// How it repairs.
    pub repair: Repair,
}

/// How a fixer repairs. One that works without a tool of the team's is another variant here, and another
/// arm in `run_fixers`.
pub enum Repair {
    /// By a command in guard's own checkout: what it leaves there is the fix.
    Command(Repairing),
    /// By content that guard knows itself, for each of these files. One that is not there yet is made in the
    /// work tree.
    Write(Vec<(RepoPath, Vec<u8>)>),
}

/// The repairing form of one command.
pub struct Repairing {
    /// What is run.
    pub run: Run,
    /// Its working directory.
    pub root: RepoPath,
    /// The files it is about.
    pub files: Vec<RepoPath>,
    /// What it sees as its environment.
    pub variables: Variables,
    /// How long it may take.
    pub timeout: Option<Duration>,
}

/// All fixers of a commit.
pub struct FixWork {
    /// The step's id.
    pub id: &'static str,
    /// In their order.
    pub fixers: Vec<Fixer>,
    /// What is staged: nothing else is written back.
    pub changes: Vec<Change>,
    /// Where it is written back.
    pub repository: Arc<Repository>,
    /// Names the index that git works on.
    pub environment: Environment,
    /// guard's own checkouts.
    pub checkouts: Arc<Checkouts>,
    /// How dependencies come into them.
    pub isolate: Isolate,
    /// What output is cleaned of.
    pub redactor: Redactor,
    /// What happens when nothing is left to commit.
    pub empty: EmptyFix,
    /// Who says what the fixers could not mend.
    pub rest: Rest,
}

/// Who says what fixers could not mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// The judgement that follows.
    Judged,
    /// Nobody else: a fixer that ends with an exit code did not mend everything.
    Told,
}

/// A fixer that did not mend everything.
struct Left {
    id: String,
    reason: String,
}

/// What the fixers changed in the checkout: each path with the fixer that was first to change it.
type Changed = BTreeMap<RepoPath, String>;

impl Work for FixWork {
    fn run(&self, context: &Context) -> Ended {
        self.fix(context).unwrap_or_else(Ended::from)
    }
}

impl FixWork {
    fn fix(&self, context: &Context) -> Result<Ended, Outcome> {
        let checkout = self
            .checkouts
            .of(Judged::Index, self.isolate, context.cancel())
            .map_err(|error| unknown(&error))?;
        let (changed, left) = self.run_fixers(&checkout, context)?;
        let (edits, aside) = self.edits(&checkout, &changed)?;
        let mut findings: Vec<Finding> = aside
            .iter()
            .map(|path| said::left_alone(path, &changed[path], self.is_in_change(path)))
            .collect();
        if context.cancel().is_cancelled() {
            return Err(Outcome::unknown("interrupted", "run it again"));
        }
        let written = mend::mend(
            &self.repository,
            &self.environment,
            &edits,
            self.empty,
            context.cancel(),
        );
        let outcome = match written {
            Ok(mended) => {
                let over = mended.saved_over.iter();
                findings.extend(over.map(|path| said::saved_over(self.id, path)));
                let rescued = mended.rescued.iter();
                findings.extend(rescued.map(|saved| said::rescued(self.id, saved)));
                findings.extend(mended.files.into_iter().map(|path| {
                    let id = changed.get(&path).cloned().unwrap_or_default();
                    said::applied(&id, path)
                }));
                match self.make(&mut findings) {
                    Outcome::Passed => self.told(&left, &mut findings),
                    other => other,
                }
            }
            Err(error) => self.refused(&error, &changed, &mut findings),
        };
        Ok(Ended {
            findings,
            ..outcome.into()
        })
    }

    /// Runs each fixer, and says which of them did not mend everything. One that was cut short leaves
    /// nothing that may be written back.
    fn run_fixers(
        &self,
        checkout: &Arc<Checkout>,
        context: &Context,
    ) -> Result<(Changed, Vec<Left>), Outcome> {
        let mut changed = Changed::new();
        let mut left = Vec::new();
        for fixer in &self.fixers {
            let outcome = match &fixer.repair {
                Repair::Command(repairing) => self.command(&fixer.id, repairing, checkout, context),
                Repair::Write(files) => self.write(checkout, files)?,
            };
            match outcome {
                Outcome::Passed | Outcome::Skipped { .. } => {}
                Outcome::Failed { reason } if reason.starts_with("exit code") => left.push(Left {
                    id: fixer.id.clone(),
                    reason,
                }),
                Outcome::Failed { reason } => {
                    let reason = format!("the fix of `{}`: {reason}", fixer.id);
                    return Err(Outcome::failed(reason));
                }
                Outcome::Unknown { reason, remedy } => {
                    let reason = format!("the fix of `{}`: {reason}", fixer.id);
                    return Err(Outcome::unknown(reason, remedy));
                }
            }
            for path in checkout.changed().map_err(|error| unknown(&error))? {
                changed.entry(path).or_insert_with(|| fixer.id.clone());
            }
        }
        Ok((changed, left))
    }

    /// Lays content into the checkout, as a command would have left it.
    fn write(
        &self,
        checkout: &Checkout,
        files: &[(RepoPath, Vec<u8>)],
    ) -> Result<Outcome, Outcome> {
        for (path, content) in files.iter().filter(|(path, _)| self.is_in_change(path)) {
            let written = checkout.write(path, content);
            if !written.map_err(|error| unknown(&error))? {
                let reason = format!("{path} is no ordinary file in guard's own checkout");
                return Err(Outcome::unknown(reason, "mend it by hand"));
            }
        }
        Ok(Outcome::Passed)
    }

    /// Makes the files that are not there yet: in the work tree, where nothing is in the way, and not staged.
    fn make(&self, findings: &mut Vec<Finding>) -> Outcome {
        let Some(work_tree) = self.repository.work_tree() else {
            return Outcome::Passed;
        };
        let files = self.fixers.iter().filter_map(|fixer| match &fixer.repair {
            Repair::Write(files) => Some((fixer.id.as_str(), files)),
            Repair::Command(_) => None,
        });
        for (id, files) in files {
            for (path, content) in files.iter().filter(|(path, _)| !self.is_in_change(path)) {
                let place = work_tree.join(path.to_os());
                let made = fs::OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .open(&place)
                    .and_then(|mut file| file.write_all(content));
                if let Err(error) = made {
                    let reason = format!("{path} could not be made: {error}");
                    return Outcome::unknown(reason, "make it by hand");
                }
                findings.push(said::made(id, path.clone()));
            }
        }
        Outcome::Passed
    }

    fn command(
        &self,
        id: &str,
        repairing: &Repairing,
        checkout: &Arc<Checkout>,
        context: &Context,
    ) -> Outcome {
        let work_tree = self.repository.work_tree();
        let ground = Ground::of_checkout(Arc::clone(checkout), work_tree, &repairing.variables);
        let names = repairing.files.iter();
        let names = names.filter_map(|file| template::name(file, &repairing.root));
        let calls = Calls {
            id,
            run: &repairing.run,
            root: &repairing.root,
            names: names.collect(),
            ground: &ground,
            redactor: &self.redactor,
            timeout: repairing.timeout,
            hearing: None,
        };
        calls.all(context).outcome
    }

    /// How it ended, where everything was written.
    fn told(&self, left: &[Left], findings: &mut Vec<Finding>) -> Outcome {
        let [first, rest @ ..] = left else {
            return Outcome::Passed;
        };
        if self.rest == Rest::Judged {
            return Outcome::Passed;
        }
        let said = |left: &Left| said::left(self.id, &left.id, &left.reason);
        findings.extend(left.iter().map(said));
        Outcome::failed(match rest {
            [] => format!("`{}` did not mend everything", first.id),
            [..] => format!("{} fixers did not mend everything", left.len()),
        })
    }

    /// What is to be written back, and what the fixers changed besides.
    fn edits(
        &self,
        checkout: &Checkout,
        changed: &Changed,
    ) -> Result<(Vec<Edit>, BTreeSet<RepoPath>), Outcome> {
        let mut edits = Vec::new();
        let mut aside = BTreeSet::new();
        for path in changed.keys() {
            let at = self
                .changes
                .binary_search_by(|change| change.path.cmp(path));
            let staged = at.ok().and_then(|at| self.changes[at].new);
            let staged = staged.filter(|blob| blob.mode.is_regular());
            let fixed = match staged {
                Some(_) => checkout.read(path).map_err(|error| unknown(&error))?,
                None => None,
            };
            match (staged, fixed) {
                (Some(staged), Some(fixed)) => edits.push(Edit {
                    path: path.clone(),
                    staged,
                    fixed,
                }),
                _ => {
                    aside.insert(path.clone());
                }
            }
        }
        Ok((edits, aside))
    }

    /// Why nothing was written back.
    fn refused(
        &self,
        error: &MendError,
        changed: &Changed,
        findings: &mut Vec<Finding>,
    ) -> Outcome {
        match error {
            MendError::Collides { places } => {
                findings.extend(places.iter().map(|(path, line)| {
                    let id = changed.get(path).map_or(self.id, String::as_str);
                    said::collides(id, path, *line)
                }));
                Outcome::failed("it meets lines that are not staged")
            }
            MendError::WouldBeEmpty => {
                findings.push(said::would_be_empty(self.id));
                Outcome::failed("it would leave nothing to commit")
            }
            other => unknown(other),
        }
    }

    fn is_in_change(&self, path: &RepoPath) -> bool {
        let at = self
            .changes
            .binary_search_by(|change| change.path.cmp(path));
        at.is_ok()
    }
}

/// What stands in the way, with the way out that it offers.
fn unknown(error: &(impl Diagnostic + ?Sized)) -> Outcome {
    let remedy = error.help().map(|help| help.to_string());
    Outcome::unknown(error.to_string(), remedy.unwrap_or_default())
}
