//! The repairing forms of commands as one step: each runs on the judged content in guard's own checkout,
//! one after the other, and what they made of the files of the change is written back at once.
//!
//! One after the other, because two that repair one file would each undo what the other did.

use std::collections::{BTreeMap, BTreeSet};
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
use crate::finding::{Finding, Place, Position, code};
use crate::mend::{self, Edit, MendError, Rescued};
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::process::variables::Variables;
use crate::repository::{Change, Judged, Repository};
use crate::secret::Redactor;

/// The repairing form of one command.
pub struct Fixer {
    /// The command's name.
    pub id: String,
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
        let changed = self.run_fixers(&checkout, context)?;
        let (edits, aside) = self.edits(&checkout, &changed)?;
        let mut findings: Vec<Finding> = aside
            .iter()
            .map(|path| self.left_alone(path, &changed[path]))
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
                findings.extend(
                    mended
                        .saved_over
                        .iter()
                        .map(|path| saved_over(self.id, path)),
                );
                findings.extend(mended.rescued.iter().map(|saved| rescued(self.id, saved)));
                findings.extend(mended.files.into_iter().map(|path| {
                    let id = changed.get(&path).cloned().unwrap_or_default();
                    applied(&id, path)
                }));
                Outcome::Passed
            }
            Err(error) => self.refused(&error, &changed, &mut findings),
        };
        Ok(Ended {
            findings,
            ..outcome.into()
        })
    }

    /// Runs each fixer. What one could not repair is for `run` to say; one that was cut short leaves
    /// nothing that may be written back.
    fn run_fixers(&self, checkout: &Arc<Checkout>, context: &Context) -> Result<Changed, Outcome> {
        let mut changed = Changed::new();
        for fixer in &self.fixers {
            let ground = Ground::of_checkout(
                Arc::clone(checkout),
                self.repository.work_tree(),
                &fixer.variables,
            );
            let names = fixer.files.iter();
            let names = names.filter_map(|file| template::name(file, &fixer.root));
            let calls = Calls {
                id: &fixer.id,
                run: &fixer.run,
                root: &fixer.root,
                names: names.collect(),
                ground: &ground,
                redactor: &self.redactor,
                timeout: fixer.timeout,
            };
            match calls.all(context) {
                Outcome::Passed | Outcome::Skipped { .. } => {}
                Outcome::Failed { reason } if reason.starts_with("exit code") => {}
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
        Ok(changed)
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
                    collides(id, path, *line)
                }));
                Outcome::failed("it meets lines that are not staged")
            }
            MendError::WouldBeEmpty => {
                findings.push(Finding::new(
                    self.id,
                    code::FIX_EMPTY,
                    "after the fix nothing would be left to commit",
                    "nothing was written; `empty_fix: allow` in guard.yaml lets the commit become empty",
                ));
                Outcome::failed("it would leave nothing to commit")
            }
            other => unknown(other),
        }
    }

    fn left_alone(&self, path: &RepoPath, id: &str) -> Finding {
        let is_staged = self
            .changes
            .binary_search_by(|change| change.path.cmp(path))
            .is_ok();
        let why = if is_staged {
            "only the content of files is written back"
        } else {
            "it is no part of the commit"
        };
        let message = format!("the fix of `{id}` also changed `{path}`: left as it was");
        Finding::new(
            id,
            code::FIX_ASIDE,
            message,
            format!("{why}; fix it by hand"),
        )
        .in_file(path.clone())
    }
}

fn applied(id: &str, path: RepoPath) -> Finding {
    Finding::new(
        id,
        code::FIX_APPLIED,
        format!("`{id}` fixed `{path}`"),
        "the fix is staged and in the work tree: `git diff --cached` shows it",
    )
    .in_file(path)
}

/// Somebody saved while the fix was written: that save stays.
fn saved_over(id: &str, path: &RepoPath) -> Finding {
    Finding::new(
        id,
        code::FIX_SAVED,
        format!("`{path}` was saved during the fix: the save stays, the fix is staged only"),
        "look at `git diff`, then save and stage the file again",
    )
    .in_file(path.clone())
}

/// A save that fitted nowhere: it is kept.
fn rescued(id: &str, saved: &Rescued) -> Finding {
    let (path, file) = (&saved.path, saved.file.display());
    Finding::new(
        id,
        code::FIX_SAVED,
        format!("`{path}` was saved during the fix, and what was saved is kept in {file}"),
        "compare the two files, then stage what is meant",
    )
    .in_file(path.clone())
}

fn collides(id: &str, path: &RepoPath, line: Option<u32>) -> Finding {
    let at = |line| Position { line, column: 1 };
    let mut finding = Finding::new(
        id,
        code::FIX_COLLIDES,
        format!("the fix of `{id}` meets lines of `{path}` that are not staged"),
        format!(
            "nothing was written; stage or set aside what is not staged in `{path}`, then try again"
        ),
    );
    finding.place = Some(Place {
        path: path.clone(),
        span: line.map(|line| (at(line), at(line + 1))),
    });
    finding
}

/// What stands in the way, with the way out that it offers.
fn unknown(error: &(impl Diagnostic + ?Sized)) -> Outcome {
    let remedy = error.help().map(|help| help.to_string());
    Outcome::unknown(error.to_string(), remedy.unwrap_or_default())
}
