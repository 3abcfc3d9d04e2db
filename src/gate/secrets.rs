//! The check `secrets`: which contents go out with a change, searched and told as one step.

pub(in crate::gate) mod alone;
mod scope;

use std::sync::Arc;

use crate::config::valid::CheckSettings;
use crate::engine::{Context, Ended, Work};
use crate::event::Coverage;
use crate::finding::{Finding, Severity};
use crate::outcome::Outcome;
use crate::repository::{Repository, RepositoryError};
use crate::secrets::inspect::{Inspected, Inspector};
use crate::secrets::piece::Unread;
use crate::secrets::set::RuleSet;
use crate::secrets::{self};

use super::place::remedy;
pub(super) use scope::Scope;

/// As many pieces are searched at once: their names are all in memory then.
const TOGETHER: usize = 4096;

/// An average file, for a guess at how much there is to search.
const USUAL: u64 = 8 << 10;

/// The search, as a step.
pub(super) struct Search {
    /// None where paths are searched that are in no repository.
    pub(super) repository: Option<Arc<Repository>>,
    pub(super) scopes: Vec<Scope>,
    pub(super) settings: CheckSettings,
    /// Who hides what is found; the search is under way from the beginning, so that nobody shows it first.
    pub(super) found: Search,
}

impl Work for Search {
    fn run(&self, context: &Context) -> Ended {
        let set = RuleSet::built_in();
        let repository = self.repository.as_deref();
        let mut findings = Vec::new();
        let mut inspected = Inspected::default();
        let mut trouble = None;
        for scope in &self.scopes {
            let mut inspector = Inspector {
                repository,
                set: &set,
                cancel: context.cancel(),
                volume: 0,
            };
            let told = scope.pieces(repository, TOGETHER, &mut |pieces| {
                inspector.volume += pieces.len() as u64 * USUAL;
                inspector.inspect(pieces, &mut inspected);
                !context.cancel().is_cancelled()
            });
            trouble = trouble.or(told.err());
            let found = std::mem::take(&mut inspected.found);
            let reach = scope.reach();
            findings.extend(
                found
                    .iter()
                    .map(|found| secrets::finding(&set, found, reach)),
            );
        }
        self.ended(inspected, findings, trouble)
    }
}

impl Search {
    fn ended(
        &self,
        inspected: Inspected,
        findings: Vec<Finding>,
        trouble: Option<RepositoryError>,
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
            (Outcome::Passed, Some(error)) => Outcome::unknown(error.to_string(), remedy(&error)),
            (Outcome::Passed, None) if !inspected.unread.is_empty() => unread(&inspected.unread),
            (Outcome::Passed, None) if inspected.files == 0 => {
                Outcome::skipped("there is nothing to read")
            }
            (outcome, _) => outcome,
        };
        Ended {
            outcome,
            findings,
            coverage: Coverage {
                files: inspected.files,
                bytes: inspected.bytes,
            },
            cached: false,
        }
    }
}

/// Contents into which nobody looked: unknown is never green.
fn unread(unread: &[Unread]) -> Outcome {
    let [first, rest @ ..] = unread else {
        return Outcome::Passed;
    };
    let more = match rest.len() {
        0 => String::new(),
        count => format!(", and {count} more could not be read"),
    };
    let reason = format!("{}: {}{more}", first.path.to_text(), first.why);
    Outcome::unknown(reason, first.remedy.clone())
}
