//! `--format junit`: a test case for each step, for CI services that show test results.

use std::fmt::Write as _;

use super::remark::{self, is_accused};
use super::{Format, KEPT, Manner, Report, Step};
use crate::finding::{Finding, Severity};
use crate::outcome::Outcome;
use crate::terminal::{escape, escape_line};

/// The format's name.
pub const ID: &str = "junit";

/// The format.
#[derive(Clone, Copy, Debug)]
pub struct Junit;

impl Format for Junit {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "JUnit XML, for the test reports of CI services"
    }

    fn render(&self, report: &Report, _: Manner) -> String {
        let cases = cases(report);
        let count = |tag| cases.iter().filter(|case| case.tag() == Some(tag)).count();
        let tests = cases.len();
        let (failures, errors, skipped) = (count("failure"), count("error"), count("skipped"));
        let time = seconds(report.end.map_or(0, |end| end.duration_ms));
        let name = attribute(&report.name());
        let class = attribute(&report.name().replace(' ', "."));
        let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let _ = writeln!(xml, "<testsuites name=\"guard\" {counts} time=\"{time}\">");
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{name}\" {counts} skipped=\"{skipped}\" time=\"{time}\">"
        );
        for case in &cases {
            xml.push_str(&case.xml(&class));
        }
        xml.push_str("  </testsuite>\n</testsuites>\n");
        xml
    }
}

/// A test case.
struct Case<'r> {
    name: &'r str,
    millis: u64,
    end: Option<Ended>,
    out: String,
}

/// How a test case ended that did not pass.
struct Ended {
    tag: &'static str,
    kind: String,
    message: String,
    text: String,
}

impl Ended {
    fn new(tag: &'static str, kind: &str, message: &str, text: String) -> Self {
        Self {
            tag,
            kind: kind.to_owned(),
            message: message.to_owned(),
            text,
        }
    }
}

impl Case<'_> {
    fn tag(&self) -> Option<&'static str> {
        self.end.as_ref().map(|end| end.tag)
    }

    fn xml(&self, class: &str) -> String {
        let mut xml = format!(
            "    <testcase classname=\"{class}\" name=\"{}\" time=\"{}\"",
            attribute(self.name),
            seconds(self.millis)
        );
        if self.end.is_none() && self.out.is_empty() {
            return xml + "/>\n";
        }
        xml.push_str(">\n");
        if let Some(end) = &self.end {
            let tag = end.tag;
            let _ = write!(xml, "      <{tag}");
            if !end.kind.is_empty() {
                let _ = write!(xml, " type=\"{}\"", attribute(&end.kind));
            }
            let _ = write!(xml, " message=\"{}\"", attribute(&end.message));
            if end.text.is_empty() {
                xml.push_str("/>\n");
            } else {
                let _ = writeln!(xml, ">{}</{tag}>", text(&end.text));
            }
        }
        if !self.out.is_empty() {
            let _ = writeln!(xml, "      <system-out>{}</system-out>", text(&self.out));
        }
        xml + "    </testcase>\n"
    }
}

/// A case for each step, for each check that is no step and found something, and for the run itself
/// where that has something to say: a run that is not good never looks green.
fn cases(report: &Report) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = report
        .steps
        .iter()
        .map(|step| of_step(report, step))
        .collect();
    for finding in &report.findings {
        let name = finding.check.as_str();
        if report.step(name).is_none() && cases.iter().all(|case| case.name != name) {
            cases.push(Case {
                name,
                millis: 0,
                end: accused(report, name, None),
                out: said(report, name, false),
            });
        }
    }
    if let Some(remark) = remark::of_run(report) {
        let help = remark.help.into_owned();
        cases.push(Case {
            name: remark.check,
            millis: 0,
            end: Some(Ended::new("error", remark.kind, &remark.message, help)),
            out: String::new(),
        });
    }
    cases
}

fn of_step<'r>(report: &'r Report, step: &'r Step) -> Case<'r> {
    let fate = step.fate();
    let end = match &*fate {
        _ if report.plan_only => {
            let message = format!("{}: {}", step.will.said(), step.because);
            Some(Ended::new("skipped", "plan", &message, String::new()))
        }
        // An error that was found stands, however the step says that it ended.
        Outcome::Failed { reason } => accused(report, &step.id, Some(reason)),
        _ if is_accused(report, &step.id) => accused(report, &step.id, None),
        Outcome::Passed => None,
        Outcome::Skipped { reason } => Some(Ended::new("skipped", "", reason, String::new())),
        Outcome::Unknown { reason, remedy } => {
            Some(Ended::new("error", "unknown", reason, remedy.clone()))
        }
    };
    let mut out = said(report, &step.id, false);
    if !step.output.is_empty() {
        out.push_str(&step.output.text(KEPT));
        out.push('\n');
    }
    Case {
        name: &step.id,
        millis: step.duration_ms,
        end,
        out,
    }
}

/// The failure of a check: for its own reason, or for the errors that it found.
fn accused(report: &Report, check: &str, reason: Option<&str>) -> Option<Ended> {
    let mut errors = report
        .findings
        .iter()
        .filter(|finding| finding.check == check && finding.severity == Severity::Error);
    let first = errors.next();
    let kind = first.map_or("failed", |first| first.code.id);
    let message = match (reason, first) {
        (Some(reason), _) => reason,
        (None, Some(first)) => &first.message,
        (None, None) => return None,
    };
    Some(Ended::new(
        "failure",
        kind,
        message,
        said(report, check, true),
    ))
}

/// What a check found, a line and its way out each: its errors, or all the rest.
fn said(report: &Report, check: &str, errors: bool) -> String {
    let findings = report.findings.iter();
    findings
        .filter(|finding| finding.check == check && (finding.severity == Severity::Error) == errors)
        .map(block)
        .collect()
}

fn block(finding: &Finding) -> String {
    let place = remark::place(finding).map_or(String::new(), |place| place + ": ");
    let mut block = format!(
        "{}{}[{}]: {}\n",
        escape_line(&place),
        finding.severity.word(),
        finding.code.id,
        escape_line(&finding.message)
    );
    if !finding.help.trim().is_empty() {
        let _ = writeln!(block, "  help: {}", finding.help);
    }
    block
}

/// Milliseconds as the seconds that the format wants.
fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

/// Text for an attribute, on one line.
fn attribute(text: &str) -> String {
    xml(&escape_line(text))
}

/// Text between tags.
fn text(text: &str) -> String {
    xml(&escape(text))
}

/// Markup becomes text. What XML 1.0 cannot hold at all is a control that became visible before,
/// or one of two that are no characters.
fn xml(text: &str) -> String {
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => clean.push_str("&amp;"),
            '<' => clean.push_str("&lt;"),
            '>' => clean.push_str("&gt;"),
            '"' => clean.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(c));
            }
            _ => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests;
