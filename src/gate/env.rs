//! The check `env`: which env files a change concerns, judged and told as one step.

pub(in crate::gate) mod alone;
mod disk;
mod ground;
mod mending;
pub(in crate::gate) mod scan;
mod scope;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::config::valid::CheckSettings;
use crate::dotenv::Dialect;
use crate::engine::{Context, Ended, Work};
use crate::env::layers::{self, Needs};
use crate::env::{self, Asked, Choice, Side, Subject};
use crate::event::Coverage;
use crate::finding::{Finding, Severity, code};
use crate::gate::place::remedy;
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::project::{Project, split};
use crate::repository::{Repository, RepositoryError};
use crate::schema::Read;
pub(super) use ground::{Ground, NoGround, of_schema};
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
    /// Whether something was judged that is no file.
    has_looked: bool,
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

    fn is_brief(&self) -> bool {
        self.scopes.iter().all(Scope::is_small)
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
            (Outcome::Passed, None) if judged.coverage.files == 0 && !judged.has_looked => {
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
    let mut sides: BTreeMap<RepoPath, Vec<Side<'_>>> = BTreeMap::new();
    for file in files {
        judged.coverage.files += 1;
        let bytes = match &file.bytes {
            Ok(bytes) => bytes,
            Err(finding) => {
                judged.findings.push(finding.clone());
                continue;
            }
        };
        judged.coverage.bytes += bytes.len() as u64;
        let folder = split(&file.path).0;
        let (home, place) = ground.at(&folder);
        let readers = env::readers(project, &file.path);
        let reader = readers.first().copied().unwrap_or(Dialect::Node);
        let beside = layers::beside(project, &file.path, reader);
        let is_whole = file.is_named || is_whole(project, &file.path, &home);
        let needs = if is_whole {
            layers::needs(project, &file.path, &home, reader)
        } else {
            Needs::These(HashSet::new())
        };
        let told = |schema: &Read| {
            let environment = choice.of(&file.path, &schema.schema);
            let asked = Asked {
                path: &file.path,
                bytes,
                readers: &readers,
                schema,
                environment: environment.as_deref(),
                is_committed: file.is_committed,
                is_named: file.is_named,
                beside: &beside,
                needs: match &needs {
                    Needs::These(names) => Some(names),
                    Needs::All | Needs::Unsaid => None,
                },
            };
            env::judge(&Subject::of(&asked))
        };
        let mut findings = told(place.schema());
        if file.is_old {
            // It did not change: only what the schema's change breaks is told.
            let before: HashSet<String> = match place.before() {
                Some(before) => told(before).iter().map(Finding::fingerprint).collect(),
                None => findings.iter().map(Finding::fingerprint).collect(),
            };
            findings.retain(|finding| !before.contains(&finding.fingerprint()));
        }
        if needs == Needs::Unsaid {
            // The schema speaks of all packages, and nobody has said what this one needs of it.
            for finding in &mut findings {
                let is_missing = finding.code == code::ENV_MISSING;
                let is_of_file = finding
                    .place
                    .as_ref()
                    .is_some_and(|place| place.span.is_none());
                if is_missing && is_of_file {
                    finding.severity = finding.severity.min(Severity::Warning);
                }
            }
        }
        if !is_whole {
            findings.retain(|finding| finding.code != code::ENV_UNKNOWN);
        }
        judged.findings.extend(findings);
        if let Some(environment) = choice.of(&file.path, &place.schema().schema) {
            sides.entry(folder.clone()).or_default().push(Side {
                path: &file.path,
                bytes,
                reader,
                environment,
            });
        }
        if layers::has_browser(project, &folder) {
            unseen(place.schema(), judged);
        }
    }
    for (folder, sides) in &sides {
        let (_, place) = ground.at(folder);
        judged.findings.extend(env::between(place.schema(), sides));
    }
}

/// Whether a file is one that a program reads by itself, so that all of its variables should be there: `.env*` at
/// the root of a package. `docker/database.env` is for somebody else.
fn is_whole(project: &Project<'_>, path: &RepoPath, home: &RepoPath) -> bool {
    let (folder, name) = split(path);
    let children = project.about(&folder);
    let mut names = children.iter().map(|child| child.name.as_slice());
    let is_package = folder.is_root() || folder == *home || names.any(env::is_manifest);
    name.starts_with(b".env") && is_package
}

/// What a schema calls public without a public name is told once, however many files it is for.
fn unseen(schema: &Read, judged: &mut Judged) {
    for finding in env::unseen(schema) {
        if !judged.findings.contains(&finding) {
            judged.findings.push(finding);
        }
    }
}
