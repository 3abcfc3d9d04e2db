//! `--format json`: the whole report as one JSON document, every key always there (CONTRACT §3).

use std::borrow::Cow;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Format, KEPT, Manner, Report, Step, UNHEARD};
use crate::event::Will;
use crate::finding::{self, Fix, Severity};
use crate::moment::Moment;
use crate::outcome::{Outcome, Verdict};
use crate::terminal;

/// The format's name.
pub const ID: &str = "json";

/// The version of the document.
pub const VERSION: u32 = 1;

/// The format.
#[derive(Clone, Copy, Debug)]
pub struct Json;

impl Format for Json {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "One report for scripts (`guard schema report`)"
    }

    fn render(&self, report: &Report, _: Manner) -> String {
        render(report)
    }
}

/// The report as JSON, with a line end.
pub fn render(report: &Report) -> String {
    let text = serde_json::to_string_pretty(&Document::of(report))
        .expect("strings, numbers and maps with string keys are JSON");
    harmless(text) + "\n"
}

/// JSON that may be shown on a terminal: what does something to one is written as its escape,
/// which reads back as the same text.
pub(super) fn harmless(json: String) -> String {
    let harmful =
        |c: char| c != '\n' && !terminal::escape_line(c.encode_utf8(&mut [0; 4])).contains(c);
    if json.is_ascii() && !json.contains('\x7f') || !json.contains(harmful) {
        return json;
    }
    let mut clean = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if harmful(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(clean, "\\u{unit:04x}");
            }
        } else {
            clean.push(c);
        }
    }
    clean
}

/// What `--format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Report")]
pub(super) struct Document<'r> {
    /// The version of this format.
    version: u32,
    /// The version of guard.
    guard: &'static str,
    /// The command.
    command: &'r str,
    /// The moment; null where the command has none.
    moment: Option<Moment>,
    /// What the run means. It agrees with the exit code.
    verdict: Verdict,
    /// What was checked.
    checks: Vec<Check<'r>>,
    /// What was found.
    findings: Vec<Finding<'r>>,
    /// What the command has to say beyond the checks.
    data: Cow<'r, Map<String, Value>>,
    /// The sums.
    summary: Summary,
}

/// How a check or a command ended.
#[derive(Serialize, JsonSchema)]
struct Check<'r> {
    /// Its id.
    id: &'r str,
    /// How it ended.
    outcome: OutcomeWord,
    /// Why; null where it passed.
    reason: Option<&'r str>,
    /// What to do about an unknown.
    remedy: Option<&'r str>,
    /// How long it took.
    duration_ms: u64,
    /// Whether an earlier pass served.
    cached: bool,
    /// What its tool printed, both ends of it, where it did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
}

/// The output of a step that did not pass, without escape sequences.
fn output(step: &Step) -> Option<String> {
    let told = matches!(
        step.outcome,
        Some(Outcome::Failed { .. } | Outcome::Unknown { .. })
    );
    if !told || step.output.is_empty() {
        return None;
    }
    Some(step.output.text(KEPT))
}

/// How a step ended, in a word.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum OutcomeWord {
    /// Judged, and good.
    Passed,
    /// Judged, and not good.
    Failed,
    /// Not run, and that is right.
    Skipped,
    /// guard could not find out.
    Unknown,
}

impl OutcomeWord {
    pub(super) fn of(outcome: &Outcome) -> Self {
        use crate::outcome::Outcome;
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::Failed { .. } => Self::Failed,
            Outcome::Skipped { .. } => Self::Skipped,
            Outcome::Unknown { .. } => Self::Unknown,
        }
    }
}

/// One thing that was found.
#[derive(Serialize, JsonSchema)]
pub(super) struct Finding<'r> {
    /// The check or command that says so.
    check: &'r str,
    /// What kind of finding it is: a topic of `guard explain`.
    code: &'r str,
    /// How grave.
    severity: Severity,
    /// What is wrong.
    message: &'r str,
    /// What to do about it.
    help: &'r str,
    /// The file, relative to the repository's root.
    path: Option<Cow<'r, str>>,
    /// The line; the first is 1.
    line: Option<u32>,
    /// The character in the line; the first is 1.
    column: Option<u32>,
    /// The line in which it ends.
    end_line: Option<u32>,
    /// The first character behind it.
    end_column: Option<u32>,
    /// Whether guard can mend it.
    fix: Fix,
    /// Names the finding across runs; it does not depend on the line.
    fingerprint: String,
    /// The commit that brought it in.
    commit: Option<&'r str>,
}

/// The sums of a run.
#[derive(Serialize, JsonSchema)]
struct Summary {
    /// Findings that block.
    errors: usize,
    /// Findings that should be mended.
    warnings: usize,
    /// Files that were really read.
    files: u64,
    /// Their bytes.
    bytes: u64,
    /// How long the run took.
    duration_ms: u64,
}

/// A step of the plan, as `data.steps` of `run --plan` has it.
#[derive(Serialize, JsonSchema)]
struct Planned<'r> {
    id: &'r str,
    needs: &'r [String],
    will: Will,
    reason: &'r str,
}

impl<'r> Document<'r> {
    fn of(report: &'r Report) -> Self {
        let end = report.end.as_ref();
        let coverage = end.map(|end| end.coverage).unwrap_or_default();
        Self {
            version: VERSION,
            guard: env!("CARGO_PKG_VERSION"),
            command: &report.command,
            moment: report.moment,
            verdict: report.verdict(),
            checks: checks(report),
            findings: report.findings.iter().map(Finding::of).collect(),
            data: data(report),
            summary: Summary {
                errors: report.count(Severity::Error),
                warnings: report.count(Severity::Warning),
                files: coverage.files,
                bytes: coverage.bytes,
                duration_ms: end.map_or(0, |end| end.duration_ms),
            },
        }
    }
}

fn checks(report: &Report) -> Vec<Check<'_>> {
    if report.plan_only {
        return Vec::new();
    }
    report.steps.iter().map(Check::of).collect()
}

impl<'r> Check<'r> {
    fn of(step: &'r Step) -> Self {
        let (outcome, reason) = match &step.outcome {
            Some(outcome) => (OutcomeWord::of(outcome), outcome.reason()),
            None => (OutcomeWord::Unknown, Some(UNHEARD)),
        };
        Self {
            id: &step.id,
            outcome,
            reason,
            remedy: step.outcome.as_ref().and_then(Outcome::remedy),
            duration_ms: step.duration_ms,
            cached: step.cached,
            output: output(step),
        }
    }
}

impl<'r> Finding<'r> {
    pub(super) fn of(finding: &'r finding::Finding) -> Self {
        let place = finding.place.as_ref();
        let span = place.and_then(|place| place.span);
        Self {
            check: &finding.check,
            code: finding.code.id,
            severity: finding.severity,
            message: &finding.message,
            help: &finding.help,
            path: place.map(|place| place.path.to_text()),
            line: span.map(|(start, _)| start.line),
            column: span.map(|(start, _)| start.column),
            end_line: span.map(|(_, end)| end.line),
            end_column: span.map(|(_, end)| end.column),
            fix: finding.fix,
            fingerprint: finding.fingerprint(),
            commit: finding.commit.as_deref(),
        }
    }
}

fn data(report: &Report) -> Cow<'_, Map<String, Value>> {
    if !report.plan_only {
        return Cow::Borrowed(&report.data);
    }
    let planned = report.steps.iter().map(|step| Planned {
        id: &step.id,
        needs: &step.needs,
        will: step.will,
        reason: &step.because,
    });
    let steps = planned
        .map(serde_json::to_value)
        .collect::<Result<Vec<Value>, _>>()
        .expect("a step of the plan is JSON");
    let mut data = report.data.clone();
    data.insert("steps".to_owned(), Value::Array(steps));
    Cow::Owned(data)
}

#[cfg(test)]
mod tests;
