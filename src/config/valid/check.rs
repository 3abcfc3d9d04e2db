//! What holds for one built-in check, and what that means for what it found.

use std::collections::BTreeMap;
use std::time::Duration;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::Isolate;
use crate::check::{self, Check};
use crate::finding::{Finding, Severity};
use crate::moment::Moment;
use crate::outcome::Outcome;
use crate::path::RepoPath;

/// The settings of one built-in check, defaults included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckSettings {
    /// Whether it is switched on. Whether it has anything to do is another question.
    pub enabled: bool,
    /// At which moments.
    pub at: Vec<Moment>,
    /// The files whose findings do not count: gitignore-style patterns from the repository's root.
    pub exclude: Vec<String>,
    /// How grave a code is, where that differs from the code's own word.
    pub severity: BTreeMap<&'static str, Severity>,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// On which branches: glob patterns; empty means on all.
    pub branches: Vec<String>,
    /// How installed dependencies come into guard's own checkout.
    pub isolate: Isolate,
    /// Whether a pass is remembered; `None` leaves it to what it depends on.
    pub cache: Option<bool>,
    /// Variables that its tools see besides the inherited ones.
    pub env: BTreeMap<String, String>,
    /// Withheld variables that its tools get back.
    pub pass_env: Vec<String>,
    /// The only tools that it uses; `None` leaves it to what the project has.
    pub tools: Option<Vec<&'static str>>,
    /// How much of the code the tests must reach, in percent.
    pub min: Option<f64>,
    /// Where coverage reports lie: gitignore-style patterns; empty means at the usual places.
    pub report: Vec<String>,
    /// Whether Docker images are built.
    pub docker: bool,
}

impl CheckSettings {
    /// What holds for a check about which nothing is said.
    pub fn of(check: &Check) -> Self {
        Self {
            enabled: true,
            at: check.moments.to_vec(),
            exclude: Vec::new(),
            severity: BTreeMap::new(),
            timeout: None,
            branches: Vec::new(),
            isolate: Isolate::default(),
            cache: None,
            env: BTreeMap::new(),
            pass_env: Vec::new(),
            tools: None,
            min: None,
            report: Vec::new(),
            docker: false,
        }
    }

    /// Whether the check may use this tool.
    pub fn uses(&self, tool: &str) -> bool {
        self.tools
            .as_ref()
            .is_none_or(|tools| tools.contains(&tool))
    }

    /// Whether findings in this file do not count.
    pub fn excludes(&self, path: &RepoPath) -> bool {
        excluded(&self.exclude).is_some_and(|excluded| is_picked(&excluded, path))
    }

    /// What the check found, as the team weighs it: without what lies in excluded files, each finding
    /// as grave as the team says. The outcome follows: a failure that only came from errors which
    /// are none any more is a pass, and what has an error now failed.
    ///
    /// A failure without any error among its findings has another cause, and stays.
    #[must_use]
    pub fn weigh(&self, outcome: Outcome, mut findings: Vec<Finding>) -> (Outcome, Vec<Finding>) {
        let had_errors = errors(&findings) > 0;
        if let Some(excluded) = excluded(&self.exclude) {
            findings.retain(|finding| {
                let place = finding.place.as_ref();
                !place.is_some_and(|place| is_picked(&excluded, &place.path))
            });
        }
        for finding in &mut findings {
            if let Some(severity) = self.severity.get(finding.code.id) {
                finding.severity = *severity;
            }
        }
        let outcome = match (outcome, errors(&findings)) {
            (Outcome::Failed { .. }, 0) if had_errors => Outcome::Passed,
            (Outcome::Passed, 1) => Outcome::failed("1 error"),
            (Outcome::Passed, count @ 2..) => Outcome::failed(format!("{count} errors")),
            (outcome, _) => outcome,
        };
        (outcome, findings)
    }
}

/// The settings of every built-in check about which nothing is said.
pub(super) fn defaults() -> BTreeMap<&'static str, CheckSettings> {
    let of = |check: &&'static Check| (check.id, CheckSettings::of(check));
    check::ALL.iter().map(of).collect()
}

fn errors(findings: &[Finding]) -> usize {
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    errors.count()
}

/// The excluded files. Patterns that only take back take back from everything, as for commands;
/// what cannot be read excludes nothing, so that no finding is lost.
fn excluded(patterns: &[String]) -> Option<Gitignore> {
    if patterns.is_empty() {
        return None;
    }
    let mut builder = GitignoreBuilder::new("");
    if patterns.iter().all(|pattern| pattern.starts_with('!')) {
        builder.add_line(None, "*").ok()?;
    }
    for pattern in patterns {
        builder.add_line(None, pattern).ok()?;
    }
    builder.build().ok()
}

fn is_picked(excluded: &Gitignore, path: &RepoPath) -> bool {
    let path = path.to_os();
    // The library insists on a path below its root; what a tool names may be any.
    !path.as_os_str().is_empty()
        && !path.has_root()
        && excluded
            .matched_path_or_any_parents(&path, false)
            .is_ignore()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::code::{self, Code};

    fn lint() -> CheckSettings {
        CheckSettings::of(check::by_id("lint").unwrap())
    }

    fn found(code: Code, path: &str) -> Finding {
        Finding::new("lint", code, "it is wrong", "mend it").in_file(path.into())
    }

    /// What comes of a failure with these findings: the outcome, and each path with its severity.
    fn weighed(settings: &CheckSettings, outcome: Outcome, findings: Vec<Finding>) -> String {
        let (outcome, findings) = settings.weigh(outcome, findings);
        let mut words = vec![match outcome.reason() {
            None => outcome.word().to_owned(),
            Some(reason) => format!("{} ({reason})", outcome.word()),
        }];
        words.extend(findings.iter().map(|finding| {
            let path = finding.place.as_ref().map(|place| place.path.to_string());
            let path = path.unwrap_or_else(|| "nowhere".to_owned());
            format!("{path} {}", finding.severity.word())
        }));
        words.join(", ")
    }

    fn failed() -> Outcome {
        Outcome::failed("exit code 1")
    }

    #[test]
    fn nothing_said_changes_nothing() {
        let findings = vec![
            found(code::CMD_FAILED, "a.ts"),
            found(code::DEPS_STALE, "b.ts"),
        ];
        for outcome in [
            failed(),
            Outcome::unknown("no tool", "install it"),
            Outcome::skipped("--skip"),
        ] {
            let same = (outcome.clone(), findings.clone());
            assert_eq!(lint().weigh(outcome, findings.clone()), same);
            let (outcome, _) = same;
            assert_eq!(lint().weigh(outcome.clone(), vec![]), (outcome, vec![]));
        }
        let (outcome, _) = lint().weigh(Outcome::Passed, findings[1..].to_vec());
        assert_eq!(outcome, Outcome::Passed);
    }

    #[test]
    fn errors_that_count_as_less_do_not_fail_a_check() {
        let mut settings = lint();
        settings.severity.insert("CMD-FAILED", Severity::Info);
        let one = || found(code::CMD_FAILED, "a.ts");
        let rest = || found(code::CMD_CHANGED_FILE, "b.ts");
        assert_eq!(
            weighed(&settings, failed(), vec![one(), one()]),
            "passed, a.ts info, a.ts info"
        );
        assert_eq!(
            weighed(&settings, failed(), vec![one(), rest()]),
            "failed (exit code 1), a.ts info, b.ts error"
        );
    }

    #[test]
    fn what_has_errors_now_fails() {
        let mut settings = lint();
        settings.severity.insert("DEPS-STALE", Severity::Error);
        let stale = || found(code::DEPS_STALE, "a.ts");
        assert_eq!(
            weighed(&settings, Outcome::Passed, vec![stale()]),
            "failed (1 error), a.ts error"
        );
        assert_eq!(
            weighed(&settings, Outcome::Passed, vec![stale(), stale()]),
            "failed (2 errors), a.ts error, a.ts error"
        );
        let unknown = Outcome::unknown("no tool", "install it");
        assert_eq!(
            weighed(&settings, unknown, vec![stale()]),
            "unknown (no tool), a.ts error"
        );
    }

    #[test]
    fn excluded_files_do_not_count() {
        let mut settings = lint();
        settings.exclude = vec!["fixtures/**".to_owned(), "!fixtures/keep.ts".to_owned()];
        let paths = ["fixtures/deep/a.ts", "fixtures/keep.ts", "src/a.ts"];
        let findings = paths.map(|path| found(code::CMD_FAILED, path)).to_vec();
        assert_eq!(
            weighed(&settings, failed(), findings.clone()),
            "failed (exit code 1), fixtures/keep.ts error, src/a.ts error"
        );
        assert_eq!(
            weighed(&settings, failed(), findings[..1].to_vec()),
            "passed"
        );
        // Patterns that only take back take back from everything.
        settings.exclude = vec!["!src/**".to_owned()];
        assert_eq!(
            weighed(&settings, failed(), findings),
            "failed (exit code 1), src/a.ts error"
        );
    }

    #[test]
    fn what_has_no_place_is_never_excluded() {
        let mut settings = lint();
        settings.exclude = vec!["**".to_owned()];
        let nowhere = Finding::new("lint", code::CMD_FAILED, "it broke", "look");
        assert_eq!(
            weighed(&settings, failed(), vec![nowhere]),
            "failed (exit code 1), nowhere error"
        );
        // A tool may name anything; that is no reason to fall over.
        for path in ["", "/etc/passwd", "../x", "."] {
            let odd = vec![found(code::CMD_FAILED, path)];
            let (_, left) = settings.weigh(failed(), odd);
            assert!(left.len() <= 1, "{path}");
        }
    }

    #[test]
    fn a_failure_of_another_cause_stays() {
        let mut settings = lint();
        settings.severity.insert("CMD-FAILED", Severity::Info);
        settings.exclude = vec!["**".to_owned()];
        assert_eq!(weighed(&settings, failed(), vec![]), "failed (exit code 1)");
        let note = Finding::new("lint", code::CHECKOUT_NOTE, "a note", "nothing");
        assert_eq!(
            weighed(&settings, failed(), vec![note]),
            "failed (exit code 1), nowhere info"
        );
    }
}
