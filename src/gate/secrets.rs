//! The check `secrets`: which contents go out with a change, searched and told as one step.

pub(in crate::gate) mod alone;
mod loosened;
mod ready;
mod scope;
mod update;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::change::Change;
use crate::config::valid::CheckSettings;
use crate::engine::{Context, Ended, Work};
use crate::event::Coverage;
use crate::finding::{Finding, Severity};
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::record::Clean;
use crate::repository::{Id, Repository, RepositoryError};
use crate::secret::{self, Secret};
use crate::secrets::inspect::{Inspected, Inspector, Read};
use crate::secrets::piece::Unread;
use crate::secrets::{self};

use super::Cache;
use super::place::remedy;
pub(super) use ready::Ready;
pub use ready::RuleError;
pub(super) use scope::Scope;
pub(super) use update::Update;

/// As many pieces are searched at once: their names are all in memory then.
const TOGETHER: usize = 4096;

/// The search, as a step.
pub(super) struct Search {
    /// None where paths are searched that are in no repository.
    pub(super) repository: Option<Arc<Repository>>,
    pub(super) scopes: Vec<Scope>,
    /// Whether everything is searched that a baseline can be about.
    pub(super) is_whole: bool,
    /// What differs in all, against the base: whether that loosens anything.
    pub(super) changed: Vec<Change>,
    pub(super) settings: CheckSettings,
    pub(super) ready: Arc<Ready>,
    pub(super) cache: Cache,
    /// The baseline that is written anew; then nothing is a finding.
    pub(super) update: Option<Update>,
    /// What the run and the step share.
    pub(super) searching: Arc<Searching>,
}

/// What a run and its search for secrets share.
#[derive(Default)]
pub(super) struct Searching {
    /// Under way from the run's beginning: until it has ended, nobody shows what a tool printed.
    under_way: Mutex<Option<secret::Search>>,
    /// What was read, and what was too much to list.
    read: Mutex<(Vec<Read>, Coverage)>,
}

impl Searching {
    /// The run begins.
    pub(super) fn begin(&self, found: &secret::Found) {
        *self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(found.begin());
    }

    /// Adds what was read to what others read; what could not be listed comes back.
    pub(super) fn read_into(&self, blobs: &mut BTreeMap<(RepoPath, Id), u64>) -> Coverage {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        blobs.extend(
            read.0
                .iter()
                .map(|read| ((read.path.clone(), read.id), read.size)),
        );
        read.1
    }

    fn take(&self) -> Option<secret::Search> {
        let mut held = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        held.take()
    }
}

impl Work for Search {
    fn run(&self, context: &Context) -> Ended {
        let under_way = self.searching.take();
        let repository = self.repository.as_deref();
        let (set, pardons) = (&self.ready.set, &self.ready.pardons);
        let clean = match (repository, self.cache) {
            (Some(repository), Cache::Use) => {
                Some(Mutex::new(Clean::of(repository.common_dir(), set.key)))
            }
            _ => None,
        };
        let draft = match &self.update {
            None => None,
            Some(update) => match update.draft(pardons) {
                Ok(draft) => Some(Mutex::new(draft)),
                Err(outcome) => return outcome.into(),
            },
        };
        let mut inspected = Inspected::default();
        let mut findings = Vec::new();
        let mut trouble = None;
        let inspector = Inspector {
            repository,
            set,
            pardons,
            cancel: context.cancel(),
            clean: clean.as_ref(),
            draft: draft.as_ref(),
        };
        for scope in &self.scopes {
            let told = scope.pieces(repository, TOGETHER, &mut |pieces| {
                inspector.inspect(pieces, &mut inspected);
                !context.cancel().is_cancelled()
            });
            trouble = trouble.or(told.err());
            let found = std::mem::take(&mut inspected.found);
            if let Some(search) = &under_way {
                let values = found.iter().map(|found| &found.caught.value);
                let pardoned = inspected.pardoned.iter();
                let values = values.chain(pardoned.map(|pardoned| &pardoned.found.caught.value));
                let values: Vec<Secret> = values
                    .map(|value| Secret::new(String::from_utf8_lossy(value)))
                    .collect();
                search.found(values.iter());
            }
            let reach = scope.reach();
            let told = found.iter();
            findings.extend(told.map(|found| secrets::finding(set, found, reach)));
        }
        if let Some(repository) = repository {
            let told = loosened::loosened(repository, &self.changed, &inspected.pardoned);
            findings.extend(told);
        }
        *self
            .searching
            .read
            .lock()
            .unwrap_or_else(PoisonError::into_inner) =
            (std::mem::take(&mut inspected.read), inspected.more);
        let baseline = pardons.baseline.as_ref().filter(|_| self.is_whole);
        let stale = baseline.map_or(0, |baseline| baseline.stale(|_| true).len());
        if stale > 0 && self.update.is_none() {
            let known = counted(stale as u64, "known finding");
            context.say(&format!(
                "the baseline has {known} that nobody finds any more: `guard secrets --update-baseline`\n"
            ));
        }
        let lines = said(&inspected);
        if !lines.is_empty() {
            context.say(&lines.concat());
        }
        if let (Some(update), Some(draft)) = (&self.update, draft) {
            findings.clear();
            let ended = self.ended(&inspected, findings, trouble.as_ref());
            if !matches!(ended.outcome, Outcome::Passed | Outcome::Skipped { .. }) {
                return ended;
            }
            let draft = draft.into_inner().unwrap_or_else(PoisonError::into_inner);
            let (outcome, line) = update.write(draft, pardons);
            context.say(&line);
            return Ended {
                outcome,
                cached: false,
                ..ended
            };
        }
        self.ended(&inspected, findings, trouble.as_ref())
    }

    fn is_brief(&self) -> bool {
        let reads = |repository: &Arc<Repository>| repository.reads_contents();
        self.repository.as_ref().is_some_and(reads) && self.scopes.iter().all(Scope::is_small)
    }
}

impl Search {
    fn ended(
        &self,
        inspected: &Inspected,
        findings: Vec<Finding>,
        trouble: Option<&RepositoryError>,
    ) -> Ended {
        let is_error = |finding: &&Finding| finding.severity == Severity::Error;
        let outcome = match findings.iter().filter(is_error).count() {
            0 => Outcome::Passed,
            1 => Outcome::failed("1 secret"),
            count => Outcome::failed(format!("{count} secrets")),
        };
        let (outcome, findings) = self.settings.weigh(outcome, findings);
        // A secret that was found outweighs what could not be looked at.
        let outcome = match (outcome, trouble) {
            (Outcome::Passed, Some(error)) => Outcome::unknown(error.to_string(), remedy(error)),
            (Outcome::Passed, None) if !inspected.unread.is_empty() => {
                self.unread(&inspected.unread)
            }
            (Outcome::Passed, None) if inspected.files == 0 && inspected.known == 0 => {
                Outcome::skipped("there is nothing to read")
            }
            (outcome, _) => outcome,
        };
        Ended {
            cached: inspected.files == 0 && outcome == Outcome::Passed,
            outcome,
            findings,
            coverage: Coverage {
                files: inspected.files,
                bytes: inspected.bytes,
            },
        }
    }

    /// Contents into which nobody looked: unknown is never green.
    fn unread(&self, unread: &[Unread]) -> Outcome {
        let counts = unread
            .iter()
            .filter(|unread| !self.settings.excludes(&unread.path));
        let counts: Vec<&Unread> = counts.collect();
        let [first, rest @ ..] = &counts[..] else {
            return Outcome::Passed;
        };
        let more = match rest.len() {
            0 => String::new(),
            count => format!(", and {count} more could not be read"),
        };
        let reason = format!("{}: {}{more}", first.path.to_text(), first.why);
        Outcome::unknown(reason, first.remedy.clone())
    }
}

/// What was counted only, and what was allowed, in lines.
fn said(inspected: &Inspected) -> Vec<String> {
    let mut lines = Vec::new();
    if inspected.known > 0 {
        lines.push(format!(
            "{} searched before\n",
            counted(inspected.known, "file")
        ));
    }
    for (sort, count) in &inspected.passed_over {
        let treatment = sort.treatment();
        let (name, why) = (treatment.name, treatment.why);
        lines.push(format!(
            "not searched, only counted: {count} {name}. {why}\n"
        ));
    }
    for pardoned in &inspected.pardoned {
        let place = pardoned.found.caught.place.0;
        let path = pardoned.found.piece.path.to_text();
        let why = pardoned.pardon.words();
        lines.push(format!(
            "{path}:{}:{}: allowed {why}\n",
            place.line, place.column
        ));
    }
    lines
}

fn counted(count: u64, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}
