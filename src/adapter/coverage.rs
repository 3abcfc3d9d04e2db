//! How much of the code tests reach: reports of several forms, one measure, one verdict.

mod cobertura;
mod json;
mod lcov;

use std::collections::BTreeMap;

use crate::config::valid::CheckSettings;
use crate::finding::code::COVERAGE_LOW;
use crate::finding::{Fix, Severity};
use crate::path::RepoPath;
use crate::tool::{Fault, Floor, Heard, Ran, Told};

/// Where test scripts usually leave their reports.
const USUAL: [&str; 6] = [
    "coverage/lcov.info",
    "coverage/cobertura-coverage.xml",
    "coverage/coverage-summary.json",
    "lcov.info",
    "coverage.xml",
    "coverage.json",
];

/// How many files the message names.
const NAMED: usize = 3;

/// What one report says.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Files as the tool names them.
    pub(crate) files: Vec<(String, Lines)>,
    /// Folders to which these names may be relative.
    pub(crate) sources: Vec<String>,
}

/// The lines of a file that count: each, or only how many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    each: BTreeMap<u32, bool>,
    /// Covered and all, where a report has no more than that.
    counted: (u64, u64),
}

impl Lines {
    /// Only how many; there cannot be more covered ones than lines.
    pub(crate) fn counted(covered: u64, total: u64) -> Self {
        Self {
            each: BTreeMap::new(),
            counted: (covered.min(total), total),
        }
    }

    /// A line is reached where any report says so.
    pub(crate) fn see(&mut self, number: u32, is_hit: bool) {
        *self.each.entry(number).or_default() |= is_hit;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.sums().1 == 0
    }

    /// Covered lines and all.
    pub(crate) fn sums(&self) -> (u64, u64) {
        if self.each.is_empty() {
            return self.counted;
        }
        let covered = self.each.values().filter(|is_hit| **is_hit).count();
        (covered as u64, self.each.len() as u64)
    }

    /// Two reports about the same file. What knows its lines says more than what only counted them.
    fn merge(&mut self, other: Lines) {
        for (number, is_hit) in other.each {
            self.see(number, is_hit);
        }
        self.counted = self.counted.max(other.counted);
    }
}

/// How much is covered.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    pub(crate) covered: u64,
    pub(crate) total: u64,
    /// Covered lines and all, by file.
    pub(crate) files: Vec<(RepoPath, u64, u64)>,
}

impl Measure {
    /// All reports together, by the judged files that they mean. What lies outside the repository is no code of
    /// the team's, and what was built from its code would count twice.
    fn of(reports: Vec<Report>, told: &Told<'_>) -> Self {
        let mut files: BTreeMap<RepoPath, Lines> = BTreeMap::new();
        for report in reports {
            for (file, lines) in report.files {
                let path = meant(&file, &report.sources, told.ran);
                if let Some(path) = path.filter(told.is_judged) {
                    files.entry(path).or_default().merge(lines);
                }
            }
        }
        let mut measure = Self::default();
        for (path, lines) in files {
            let (covered, total) = lines.sums();
            measure.covered = measure.covered.saturating_add(covered);
            measure.total = measure.total.saturating_add(total);
            measure.files.push((path, covered, total));
        }
        measure
    }

    /// Whether it is enough, exact at the border.
    fn reaches(&self, floor: Floor) -> bool {
        let parts = floor.millionths();
        u128::from(self.covered) * 100_000_000 >= parts * u128::from(self.total)
    }

    /// The percentage with two digits, never rounded up: what is too little must not read as enough.
    fn percent(&self) -> String {
        let hundredths = u128::from(self.covered) * 10_000 / u128::from(self.total.max(1));
        trimmed(&format!("{}.{:02}", hundredths / 100, hundredths % 100))
    }

    /// The files that miss most lines.
    fn worst(&self) -> Vec<&(RepoPath, u64, u64)> {
        let mut worst: Vec<_> = self.files.iter().collect();
        worst.retain(|(_, covered, total)| covered < total);
        worst.sort_by_key(|(_, covered, total)| std::cmp::Reverse(total - covered));
        worst.truncate(NAMED);
        worst
    }
}

impl Floor {
    /// A percentage in millionths of a percent: 79.99 is no exact float.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=100 before, and rounded"
    )]
    fn millionths(self) -> u128 {
        (self.percent.clamp(0.0, 100.0) * 1_000_000.0).round() as u128
    }
}

/// What coverage asks of a run; nothing where it asks for nothing.
pub(crate) fn floor(settings: Option<&CheckSettings>) -> Option<Floor> {
    let percent = settings?.min?;
    Some(Floor { percent })
}

/// The report files of a team's own script, by paths from the package: the configured ones, else the usual ones.
pub(crate) fn left_by_scripts(settings: Option<&CheckSettings>, root: &RepoPath) -> Vec<String> {
    let Some(settings) = settings else {
        return Vec::new();
    };
    if settings.report.is_empty() {
        return USUAL.map(str::to_owned).to_vec();
    }
    let below = |pattern: &String| {
        let pattern = pattern.trim_start_matches('/');
        if let Some(anywhere) = pattern.strip_prefix("**/") {
            return Some(anywhere.to_owned());
        }
        let path = RepoPath::from(pattern).relative_to(root);
        path.map(|path| path.to_text().into_owned())
    };
    settings.report.iter().filter_map(below).collect()
}

/// The same answer, and whether the tests reach enough. A failed run covers less than it could: there the failures
/// are what counts.
pub(crate) fn judged(heard: Heard, told: &Told<'_>) -> Heard {
    let Some(floor) = told.floor else {
        return heard;
    };
    match heard {
        Heard::Judged { faults, files } if faults.is_empty() => match verdict(floor, told) {
            Ok(low) => Heard::Judged {
                faults: low.into_iter().collect(),
                files,
            },
            Err((reason, remedy)) => Heard::Broken { reason, remedy },
        },
        heard => heard,
    }
}

fn verdict(floor: Floor, told: &Told<'_>) -> Result<Option<Fault>, (String, String)> {
    let mut reports = Vec::new();
    for (path, content) in &told.left {
        let report = read(content).ok_or_else(|| {
            let name = path.trim_start_matches("{reports}/");
            (
                format!("the coverage report `{name}` cannot be read"),
                "let the tests write lcov, cobertura or coverage.py's JSON".to_owned(),
            )
        })?;
        reports.push(report);
    }
    if reports.is_empty() {
        return Err((
            "`checks.coverage.min` is set, and the tests left no coverage report".to_owned(),
            "let them write one (lcov, cobertura or coverage.py's JSON) and name it in `checks.coverage.report`"
                .to_owned(),
        ));
    }
    let measure = Measure::of(reports, told);
    if measure.total == 0 {
        return Err((
            "`checks.coverage.min` is set, and the coverage report names no line of this repository".to_owned(),
            "tell the test runner which sources to measure, then look at its report".to_owned(),
        ));
    }
    Ok((!measure.reaches(floor)).then(|| low(&measure, floor, told.ran)))
}

fn read(content: &[u8]) -> Option<Report> {
    let text = String::from_utf8_lossy(content);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.as_bytes().first() {
        Some(b'<') => cobertura::read(text),
        Some(b'{' | b'[') => json::read(text),
        _ => lcov::read(text),
    }
}

/// The judged file that a report's name means.
fn meant(file: &str, sources: &[String], ran: &Ran) -> Option<RepoPath> {
    let joined = sources.iter().map(|source| format!("{source}/{file}"));
    joined
        .filter(|_| !file.starts_with('/'))
        .find_map(|path| ran.path(&path))
        .or_else(|| ran.path(file))
}

fn low(measure: &Measure, floor: Floor, ran: &Ran) -> Fault {
    let worst: Vec<String> = measure
        .worst()
        .into_iter()
        .map(|(path, covered, total)| format!("{path} ({covered} of {total})"))
        .collect();
    let place = if ran.root.is_root() {
        String::new()
    } else {
        format!(" of {}", ran.root)
    };
    let percent = trimmed(&format!("{:.6}", floor.percent));
    Fault {
        code: COVERAGE_LOW,
        severity: Severity::Error,
        path: None,
        span: None,
        rule: None,
        message: format!(
            "tests reach {}% of the lines{place}, {percent}% are asked for; least covered: {}",
            measure.percent(),
            worst.join(", ")
        ),
        help: None,
        fix: Fix::None,
    }
}

fn trimmed(number: &str) -> String {
    number
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

#[cfg(test)]
mod tests;
