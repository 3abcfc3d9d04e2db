//! Checks that guard makes itself, without a tool: looked at while the plan is made, told as steps.

use super::Planner;
use crate::config::valid::CheckSettings;
use crate::engine::{Context, Ended, Step, Work};
use crate::event::{Coverage, Will};
use crate::finding::{Finding, Severity};
use crate::gate::place::remedy;
use crate::gate::subject::Selection;
use crate::ignoring::{self, Scope};
use crate::outcome::Outcome;
use crate::project::{Judgement, Project};

/// The check's id.
const GITIGNORE: &str = "gitignore";

impl Planner<'_, '_> {
    /// Whether git ignores what holds secrets; no step where nothing suggests that there is any.
    pub(super) fn ignoring(&mut self, settings: &CheckSettings) -> Option<Step> {
        let filter = &self.request.filter;
        let reason = filter.reason(GITIGNORE);
        if reason.is_some() && !filter.names(GITIGNORE) {
            return None;
        }
        let scope = match self.request.selection {
            Selection::AllFiles => Scope::Everything,
            _ => Scope::Change,
        };
        let mut told = Told {
            findings: Vec::new(),
            files: 0,
            unknown: None,
            settings: settings.clone(),
        };
        let mut is_about = false;
        for desk in &self.parts {
            let part = desk.part;
            if !matches!(super::refusal(&settings.branches, &part.branches), Ok(None)) {
                continue;
            }
            let judged = part.changes.judged;
            let project = Project::new(Judgement::new(self.world.repository, judged));
            let judgement = ignoring::judge(&project, &part.changes.files, scope);
            if let Some(error) = project.take_trouble() {
                told.unknown = Some(Outcome::unknown(error.to_string(), remedy(&error)));
                is_about = true;
            }
            is_about |= judgement.skipped.is_none();
            told.files += judgement.files;
            let commit = Some(&part.name).filter(|name| !name.is_empty());
            told.findings
                .extend(judgement.findings.into_iter().map(|finding| Finding {
                    commit: commit.cloned(),
                    ..finding
                }));
        }
        if !is_about && !filter.asks(GITIGNORE) {
            return None;
        }
        let will = match (reason, is_about) {
            (None, true) => Will::Run,
            _ => Will::Skip,
        };
        let because = match (reason, is_about) {
            (Some(reason), _) => reason,
            (None, true) => "something here suggests env files",
            (None, false) => "nothing here suggests env files",
        };
        Some(Step {
            id: GITIGNORE.to_owned(),
            needs: Vec::new(),
            will,
            reason: because.to_owned(),
            work: Some(Box::new(told)),
        })
    }
}

/// What was found while the plan was made.
struct Told {
    findings: Vec<Finding>,
    files: u64,
    unknown: Option<Outcome>,
    settings: CheckSettings,
}

impl Work for Told {
    fn run(&self, _: &Context) -> Ended {
        let is_error = |finding: &&Finding| finding.severity == Severity::Error;
        let outcome = match (&self.unknown, self.findings.iter().filter(is_error).count()) {
            (Some(unknown), _) => unknown.clone(),
            (None, 0) => Outcome::Passed,
            (None, 1) => Outcome::failed("1 error"),
            (None, errors) => Outcome::failed(format!("{errors} errors")),
        };
        let (outcome, findings) = self.settings.weigh(outcome, self.findings.clone());
        Ended {
            outcome,
            findings,
            coverage: Coverage {
                files: self.files,
                bytes: 0,
            },
            cached: false,
        }
    }
}

/// What cannot be run: unknown is never green.
pub(super) struct Stuck(pub(super) Outcome);

impl Work for Stuck {
    fn run(&self, _: &Context) -> Ended {
        self.0.clone().into()
    }
}
