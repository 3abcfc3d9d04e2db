//! The runs of one check, beside one another, and what they mean together.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::command::hearing::Judges;
use crate::config::valid::CheckSettings;
use crate::engine::{Context, Ended, Work};
use crate::event::Coverage;
use crate::finding::{Finding, Severity, code};
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::project::split;
use crate::repository::{Child, Judged, Repository};
use crate::tool::Build;

/// What a run is called.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// The judged commit, where there are several.
    pub(super) part: String,
    pub(super) tool: &'static str,
    pub(super) root: RepoPath,
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.part.is_empty() {
            write!(f, "{}: ", self.part)?;
        }
        f.write_str(self.tool)?;
        if !self.root.is_root() {
            write!(f, " in {}", self.root)?;
        }
        Ok(())
    }
}

/// One run of a tool.
pub(super) struct One {
    names: Names,
    judged: Judged,
    work: Box<dyn Work>,
    /// The builds without which what it reads is of any day.
    after: Vec<(usize, Build)>,
}

/// A build of what runs of a tool read.
pub(super) struct Before {
    /// Which change it belongs to, and what is built.
    pub(super) what: (usize, Build),
    pub(super) work: Box<dyn Work>,
}

impl One {
    pub(super) fn of(names: Names, judged: Judged, work: Box<dyn Work>) -> Self {
        Self {
            names,
            judged,
            work,
            after: Vec::new(),
        }
    }

    /// The same, after these builds.
    pub(super) fn after(self, after: Vec<(usize, Build)>) -> Self {
        Self { after, ..self }
    }
}

/// What could not be built, of what a run reads.
fn unbuilt(one: &One, failed: &[&(usize, Build)]) -> Option<Outcome> {
    let (_, build) = one.after.iter().find(|build| failed.contains(build))?;
    let folder = &build.folder;
    let mut command = build.run.join(" ");
    if !folder.is_root() {
        command = format!("cd {folder} && {command}");
    }
    Some(Outcome::unknown(
        format!("it reads what {folder} is built to, and that cannot be built"),
        format!("`{command}` shows why"),
    ))
}

/// What the tests have to say about coverage, until that is judged.
#[derive(Clone, Default)]
pub(super) struct Aside(Arc<Mutex<Vec<Finding>>>);

/// The check that judges what the tests measured.
pub(super) struct Covered {
    aside: Aside,
    settings: CheckSettings,
}

impl Covered {
    pub(super) fn new(aside: Aside, settings: CheckSettings) -> Self {
        Self { aside, settings }
    }
}

impl Work for Covered {
    fn run(&self, _: &Context) -> Ended {
        let mut aside = self.aside.0.lock().unwrap_or_else(PoisonError::into_inner);
        let findings = std::mem::take(&mut *aside);
        let outcome = match findings.len() {
            0 => Outcome::Passed,
            _ => Outcome::failed("tests reach too little of the code"),
        };
        let (outcome, findings) = self.settings.weigh(outcome, findings);
        Ended {
            findings,
            ..outcome.into()
        }
    }
}

/// Tools that speak of what they made themselves, and mean the project.
const OF_ALL: [&str; 5] = ["cargo", "docker", "next", "script", "tsc"];

/// The team's own script, which may start anything anywhere.
const SCRIPT: &str = "script";

/// Says whether files are part of what is judged. Each folder is looked at once; where that cannot be told, they are.
pub(super) fn judges(repository: &Arc<Repository>, judged: Judged) -> Judges {
    let repository = Arc::clone(repository);
    let known: Mutex<HashMap<RepoPath, Option<Vec<Child>>>> = Mutex::default();
    Box::new(move |path| {
        let (folder, name) = split(path);
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let look = |folder: &RepoPath| repository.children(judged, folder).ok();
        let children = known.entry(folder).or_insert_with_key(look);
        let is_there = |children: &Vec<Child>| children.iter().any(|child| child.name == name);
        children.as_ref().is_none_or(is_there)
    })
}

/// All runs of a check.
pub(super) struct Units {
    runs: Vec<One>,
    /// What is built before, in this order.
    before: Vec<Before>,
    settings: CheckSettings,
    repository: Arc<Repository>,
    /// Who gets what is said about coverage.
    aside: Option<Aside>,
}

impl Units {
    pub(super) fn new(
        runs: Vec<One>,
        settings: CheckSettings,
        repository: &Arc<Repository>,
        aside: Option<Aside>,
    ) -> Self {
        Self {
            runs,
            before: Vec::new(),
            settings,
            repository: Arc::clone(repository),
            aside,
        }
    }

    /// The same, with what is built before.
    pub(super) fn with(self, before: Vec<Before>) -> Self {
        Self { before, ..self }
    }

    /// Builds, one after the other: two would write to one folder, and one reads what the other makes. Gives what
    /// could not be built.
    fn build(&self, context: &Context) -> Vec<&(usize, Build)> {
        let failed = |before: &&Before| {
            let ended = before.work.run(context);
            !matches!(ended.outcome, Outcome::Passed)
        };
        let failed = self.before.iter().filter(failed);
        failed.map(|before| &before.what).collect()
    }

    /// The end without what is said of files that are not judged: in the work tree a tool also sees those that
    /// git ignores.
    fn within(&self, one: &One, mut ended: Ended) -> Ended {
        let is_kept = OF_ALL.contains(&one.names.tool);
        if is_kept && one.names.tool != SCRIPT {
            return ended;
        }
        let judges = judges(&self.repository, one.judged);
        let is_judged = |finding: &Finding| {
            let place = finding.place.as_ref();
            place.is_none_or(|place| judges(&place.path))
        };
        if is_kept {
            // A script that starts others names their files from where they lie: no place is better than a wrong one.
            for finding in &mut ended.findings {
                if !is_judged(finding) {
                    finding.place = None;
                }
            }
            return ended;
        }
        let had = ended.findings.len();
        ended.findings.retain(is_judged);
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        let is_clean = ended.findings.len() < had && !ended.findings.iter().any(is_error);
        if is_clean && matches!(ended.outcome, Outcome::Failed { .. }) {
            ended.outcome = Outcome::Passed;
        }
        ended
    }

    /// The end without what another check judges.
    fn without_coverage(&self, mut ended: Ended) -> Ended {
        let Some(Aside(aside)) = &self.aside else {
            return ended;
        };
        let is_other = |finding: &Finding| finding.code == code::COVERAGE_LOW;
        let (other, own): (Vec<_>, Vec<_>) = ended.findings.into_iter().partition(is_other);
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        let is_all = other.iter().any(is_error) && !own.iter().any(is_error);
        if is_all && matches!(ended.outcome, Outcome::Failed { .. }) {
            ended.outcome = Outcome::Passed;
        }
        let mut aside = aside.lock().unwrap_or_else(PoisonError::into_inner);
        aside.extend(other);
        ended.findings = own;
        ended
    }
}

impl Work for Units {
    fn run(&self, context: &Context) -> Ended {
        let failed = self.build(context);
        let run = |one: &One| {
            if let Some(unknown) = unbuilt(one, &failed) {
                return unknown.into();
            }
            let ended = self.without_coverage(self.within(one, one.work.run(context)));
            // What is excluded does not count, and the team says how grave the rest is.
            let (outcome, findings) = self.settings.weigh(ended.outcome, ended.findings);
            Ended {
                outcome,
                findings,
                ..ended
            }
        };
        // Beside one another; told in the order of the plan.
        let ends: Vec<Ended> = self.runs.par_iter().map(run).collect();
        let mut whole = Ended::from(Outcome::Passed);
        whole.cached = true;
        let mut bad: Vec<(String, Outcome)> = Vec::new();
        let mut seen = HashSet::new();
        let is_skip = |ended: &Ended| matches!(ended.outcome, Outcome::Skipped { .. });
        let skipped = ends.iter().all(is_skip);
        let skipped = ends
            .first()
            .filter(|_| skipped)
            .map(|ended| ended.outcome.clone());
        for (one, ended) in self.runs.iter().zip(ends) {
            whole.cached &= ended.cached;
            let commit = Some(&one.names.part).filter(|part| !part.is_empty());
            let told = ended.findings.into_iter().map(|finding| Finding {
                commit: commit.cloned().or(finding.commit),
                ..finding
            });
            // A run of a folder also judges what lies below, where another configuration has a run of its own.
            let new: Vec<Finding> = told
                .filter(|finding| finding.place.is_none() || !seen.contains(&key(finding)))
                .collect();
            seen.extend(new.iter().map(key));
            whole.findings.extend(new);
            whole.coverage = Coverage {
                files: whole.coverage.files + ended.coverage.files,
                bytes: whole.coverage.bytes + ended.coverage.bytes,
            };
            if !matches!(ended.outcome, Outcome::Passed | Outcome::Skipped { .. }) {
                bad.push((one.names.to_string(), ended.outcome));
            }
        }
        whole.outcome = skipped.unwrap_or_else(|| together(&bad));
        whole
    }
}

/// What makes two findings of different runs the same.
fn key(finding: &Finding) -> String {
    let (code, place) = (finding.code.id, &finding.place);
    format!("{code} {place:?} {:?} {}", finding.commit, finding.message)
}

/// Failed where one failed, else unknown where one is; every reason is said.
fn together(bad: &[(String, Outcome)]) -> Outcome {
    let is_failed = |(_, outcome): &(String, Outcome)| matches!(outcome, Outcome::Failed { .. });
    let failed = bad.iter().any(is_failed);
    let told = bad.iter().filter(|one| is_failed(one) == failed);
    let reasons: Vec<String> = told
        .clone()
        .map(|(name, outcome)| named(name, outcome.reason().unwrap_or_default()))
        .collect();
    let remedy = told.clone().find_map(|(_, outcome)| outcome.remedy());
    match (reasons.is_empty(), failed) {
        (true, _) => Outcome::Passed,
        (false, true) => Outcome::failed(reasons.join("; ")),
        (false, false) => Outcome::unknown(reasons.join("; "), remedy.unwrap_or_default()),
    }
}

/// A reason that names its tool already is not named twice.
fn named(name: &str, reason: &str) -> String {
    let tool = name.rsplit(": ").next().unwrap_or(name);
    let tool = tool.split(" in ").next().unwrap_or(tool);
    match reason
        .strip_prefix(tool)
        .and_then(|rest| rest.strip_prefix(": "))
    {
        Some(rest) => format!("{name}: {rest}"),
        None if reason.contains(tool) => reason.to_owned(),
        None => format!("{name}: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_speaks_and_none_is_named_twice() {
        let failed = |name: &str, reason: &str| (name.to_owned(), Outcome::failed(reason));
        let unknown = (
            "ruff in api".to_owned(),
            Outcome::unknown("`ruff` was not found", "get it"),
        );
        assert_eq!(together(&[]), Outcome::Passed);
        assert_eq!(
            together(std::slice::from_ref(&unknown)),
            Outcome::unknown("`ruff` was not found", "get it")
        );
        assert_eq!(
            together(&[failed("eslint in web", "eslint: 2 errors"), unknown]),
            Outcome::failed("eslint in web: 2 errors")
        );
        assert_eq!(
            together(&[failed("a", "timed out"), failed("b", "b: 1 error")]),
            Outcome::failed("a: timed out; b: 1 error")
        );
    }
}
