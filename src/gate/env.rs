//! The check `env`: which env files a change concerns, judged and told as one step.

pub(in crate::gate) mod alone;
mod disk;
mod ground;
mod mending;
mod scope;

use std::collections::HashSet;
use std::sync::Arc;

use crate::config::valid::CheckSettings;
use crate::engine::{Context, Ended, Work};
use crate::env::{self, Asked, Choice, Subject};
use crate::event::Coverage;
use crate::finding::{Finding, Severity};
use crate::gate::place::remedy;
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::project::Project;
use crate::repository::{Repository, RepositoryError};
pub(super) use ground::{Ground, NoGround};
pub(super) use scope::{Reach, Scope};

/// The judgement of env files, as a step.
pub(super) struct Judging {
    pub(super) repository: Option<Arc<Repository>>,
    pub(super) scopes: Vec<Scope>,
    pub(super) settings: CheckSettings,
}

/// A file that is to be judged.
struct Wanted {
    path: RepoPath,
    bytes: Result<Vec<u8>, Finding>,
    /// Whether somebody named it.
    is_named: bool,
    is_committed: bool,
    /// Whether it is judged only for what a change of the schema breaks.
    is_old: bool,
}

/// What was found, and how much was read.
#[derive(Default)]
struct Judged {
    findings: Vec<Finding>,
    coverage: Coverage,
}

impl Work for Judging {
    fn run(&self, context: &Context) -> Ended {
        let mut judged = Judged::default();
        let mut trouble = None;
        for scope in &self.scopes {
            if context.cancel().is_cancelled() {
                break;
            }
            let told = scope.judge(self.repository.as_deref(), &mut judged);
            trouble = trouble.or(told.err());
        }
        self.ended(judged, trouble.as_ref())
    }
}

impl Judging {
    fn ended(&self, judged: Judged, trouble: Option<&RepositoryError>) -> Ended {
        let is_error = |finding: &&Finding| finding.severity == Severity::Error;
        let outcome = match judged.findings.iter().filter(is_error).count() {
            0 => Outcome::Passed,
            1 => Outcome::failed("1 error"),
            errors => Outcome::failed(format!("{errors} errors")),
        };
        let (outcome, findings) = self.settings.weigh(outcome, judged.findings);
        let outcome = match (outcome, trouble) {
            (Outcome::Passed, Some(error)) => Outcome::unknown(error.to_string(), remedy(error)),
            (Outcome::Passed, None) if judged.coverage.files == 0 => {
                Outcome::skipped("there is no env file to read")
            }
            (outcome, _) => outcome,
        };
        Ended {
            outcome,
            findings,
            coverage: judged.coverage,
            cached: false,
        }
    }
}

/// Judges files that lie in one project.
fn judge(
    files: &[Wanted],
    (project, ground, choice): (&Project<'_>, &Ground, &Choice),
    judged: &mut Judged,
) {
    let none = HashSet::new();
    for file in files {
        let bytes = match &file.bytes {
            Ok(bytes) => bytes,
            Err(finding) => {
                judged.coverage.files += 1;
                judged.findings.push(finding.clone());
                continue;
            }
        };
        judged.coverage.files += 1;
        judged.coverage.bytes += bytes.len() as u64;
        let readers = env::readers(project, &file.path);
        let told = |schema: &crate::schema::Read| {
            let environment = choice.of(&file.path, &schema.schema);
            let asked = Asked {
                path: &file.path,
                bytes,
                readers: &readers,
                schema,
                environment: environment.as_deref(),
                is_committed: file.is_committed,
                is_named: file.is_named,
                beside: &none,
                needs: None,
            };
            env::judge(&Subject::of(&asked))
        };
        let mut findings = told(ground.schema());
        if file.is_old {
            // It did not change: only what the schema's change breaks is told.
            let before: HashSet<String> = match ground.before() {
                Some(before) => told(before).iter().map(Finding::fingerprint).collect(),
                None => HashSet::new(),
            };
            findings.retain(|finding| !before.contains(&finding.fingerprint()));
        }
        judged.findings.extend(findings);
    }
}
