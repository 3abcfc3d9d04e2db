//! Everything that a finished run has to say as one list, gravest first: for formats that know neither steps nor unknowns.

use std::borrow::Cow;

use super::{INTERRUPTED, Report, words};
use crate::finding::{Finding, Severity};
use crate::outcome::{Outcome, Verdict};

/// How grave a remark is. The order is the order in which remarks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gravity {
    Error,
    Unknown,
    Warning,
    Info,
}

impl Gravity {
    pub(super) const ALL: [Self; 4] = [Self::Error, Self::Unknown, Self::Warning, Self::Info];

    pub(super) fn of(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Info => Self::Info,
        }
    }
}

/// One thing that a run has to say.
#[derive(Debug)]
pub(super) struct Remark<'r> {
    pub(super) gravity: Gravity,
    /// The finding's code; where no finding speaks, `failed`, `unknown`, `interrupted` or `refused`.
    pub(super) kind: &'static str,
    /// The check or command; `guard` where the run as a whole is meant.
    pub(super) check: &'r str,
    pub(super) message: Cow<'r, str>,
    pub(super) help: Cow<'r, str>,
    /// The finding, where there is one.
    pub(super) finding: Option<&'r Finding>,
}

/// Findings, steps that did not pass and of which no finding speaks, and what is to be said of the
/// run as a whole. A run that is not good never has an empty list.
pub(super) fn all(report: &Report) -> Vec<Remark<'_>> {
    let findings = report.findings.iter().map(of_finding);
    let mut remarks: Vec<Remark<'_>> = findings.chain(of_steps(report)).collect();
    remarks.extend(of_run(report));
    remarks.sort_by_key(|remark| remark.gravity);
    remarks
}

/// What no finding says.
pub(super) fn unfound(report: &Report) -> impl Iterator<Item = Remark<'_>> {
    of_steps(report).chain(of_run(report))
}

fn of_finding(finding: &Finding) -> Remark<'_> {
    Remark {
        gravity: Gravity::of(finding.severity),
        kind: finding.code.id,
        check: &finding.check,
        message: Cow::Borrowed(&finding.message),
        help: Cow::Borrowed(&finding.help),
        finding: Some(finding),
    }
}

/// Whether an error was found by that check.
pub(super) fn is_accused(report: &Report, check: &str) -> bool {
    let mut findings = report.findings.iter();
    findings.any(|finding| finding.check == check && finding.severity == Severity::Error)
}

fn of_steps(report: &Report) -> impl Iterator<Item = Remark<'_>> {
    let steps = report.steps.iter().filter(|_| !report.plan_only);
    steps.filter_map(|step| {
        let (gravity, kind, reason, remedy) = match &*step.fate() {
            Outcome::Failed { reason } if !is_accused(report, &step.id) => {
                (Gravity::Error, "failed", reason.clone(), String::new())
            }
            // Said once, of the run.
            Outcome::Unknown { reason, .. }
                if reason == INTERRUPTED && report.verdict() == Verdict::Interrupted =>
            {
                return None;
            }
            Outcome::Unknown { reason, remedy } => {
                // `on_unknown: warn` lets it pass; it stays unknown.
                let gravity = match report.verdict() {
                    Verdict::Passed => Gravity::Warning,
                    _ => Gravity::Unknown,
                };
                (gravity, "unknown", reason.clone(), remedy.clone())
            }
            Outcome::Passed | Outcome::Skipped { .. } | Outcome::Failed { .. } => return None,
        };
        Some(Remark {
            gravity,
            kind,
            check: &step.id,
            message: Cow::Owned(format!("`{}` {}: {reason}", step.id, said(kind))),
            help: Cow::Owned(remedy),
            finding: None,
        })
    })
}

fn said(kind: &str) -> &str {
    match kind {
        "unknown" => "is unknown",
        other => other,
    }
}

/// What is to be said of the run as a whole.
pub(super) fn of_run(report: &Report) -> Option<Remark<'_>> {
    let again = || format!("run it again: `{}`", report.again());
    let said = |gravity, kind, message: &'static str, help| Remark {
        gravity,
        kind,
        check: "guard",
        message: Cow::Borrowed(message),
        help: Cow::Owned(help),
        finding: None,
    };
    let ended = |is: fn(&Outcome) -> bool| report.steps.iter().any(|step| is(&step.fate()));
    match report.end.map(|end| end.verdict) {
        None if report.plan_only => None,
        None => Some(said(
            Gravity::Unknown,
            "unknown",
            "the end of the run was not heard",
            again(),
        )),
        Some(Verdict::Interrupted) => Some(said(
            Gravity::Unknown,
            "interrupted",
            "the run was interrupted, so nothing is known of what it had not judged",
            again(),
        )),
        Some(Verdict::Refused) => Some(said(
            Gravity::Error,
            "refused",
            "the run was refused, nothing was changed",
            String::new(),
        )),
        // What made it so should have spoken for itself. A run that is not good says so anyway.
        Some(Verdict::Failed)
            if report.count(Severity::Error) == 0
                && !ended(|outcome| matches!(outcome, Outcome::Failed { .. })) =>
        {
            Some(said(Gravity::Error, "failed", "the run failed", again()))
        }
        Some(Verdict::Unknown) if !ended(|outcome| matches!(outcome, Outcome::Unknown { .. })) => {
            let message = "the run could not find out what it was asked for";
            Some(said(Gravity::Unknown, "unknown", message, again()))
        }
        Some(Verdict::Passed | Verdict::Failed | Verdict::Unknown) => None,
    }
}

/// The run in a line of fixed words and numbers: `guard ci: failed · 1 failed, 1 skipped · 1 error`.
pub(super) fn sum(report: &Report) -> String {
    let name = report.name();
    if report.plan_only {
        return format!("plan of {name}");
    }
    let mut parts = vec![format!("{name}: {}", report.verdict().word())];
    let counts = ["failed", "unknown", "passed", "skipped"].map(|word| {
        let steps = report.steps.iter();
        (
            word,
            steps.filter(|step| step.fate().word() == word).count(),
        )
    });
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(word, count)| format!("{} {word}", words::number(words::count(count))))
        .collect();
    if counts.is_empty() && report.moment.is_some() {
        parts.push("nothing to check".to_owned());
    } else if !counts.is_empty() {
        parts.push(counts.join(", "));
    }
    for (severity, thing) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
        let count = report.count(severity);
        if count > 0 {
            parts.push(words::counted(words::count(count), thing));
        }
    }
    if let Some(end) = report.end.filter(|_| report.moment.is_some()) {
        parts.push(words::duration(end.duration_ms));
    }
    parts.join(" · ")
}

/// `path`, `path:line` or `path:line:column` of a remark that has a place.
pub(super) fn place(finding: &Finding) -> Option<String> {
    let place = finding.place.as_ref()?;
    let path = place.path.to_text();
    Some(match place.span {
        Some((start, _)) => format!("{path}:{}:{}", start.line, start.column),
        None => path.into_owned(),
    })
}
