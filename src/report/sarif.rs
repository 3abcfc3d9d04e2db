//! `--format sarif`: findings as SARIF 2.1.0, for code scanning, editors and other readers of it.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::json::harmless;
use super::remark::{self, Gravity, Remark};
use super::{Format, Manner, Report};
use crate::finding::code::Code;
use crate::finding::{Finding, Fix, Place};
use crate::outcome::{Outcome, Verdict};
use crate::path::RepoPath;
use crate::terminal::{escape, escape_line};

/// The format's name.
pub const ID: &str = "sarif";

/// The published schema.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What paths are relative to; the name that GitHub gives to the root of a checkout.
const ROOT: &str = "%SRCROOT%";

/// The format.
#[derive(Clone, Copy, Debug)]
pub struct Sarif;

impl Format for Sarif {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "SARIF 2.1.0, for code scanning and editors"
    }

    fn render(&self, report: &Report, _: Manner) -> String {
        let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run(report)] });
        let text = serde_json::to_string_pretty(&log).expect("a value is JSON");
        harmless(text) + "\n"
    }
}

fn run(report: &Report) -> Value {
    let mut codes: Vec<Code> = Vec::new();
    for finding in &report.findings {
        if !codes.contains(&finding.code) {
            codes.push(finding.code);
        }
    }
    let results = report.findings.iter().map(|finding| {
        let index = codes.iter().position(|code| *code == finding.code);
        result(finding, index.expect("every finding's code was collected"))
    });
    json!({
        "tool": { "driver": {
            "name": "guard",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": codes.iter().map(rule).collect::<Vec<_>>(),
        } },
        "invocations": [invocation(report)],
        "originalUriBaseIds": { ROOT: { "description": { "text": "the root of the repository" } } },
        "columnKind": "unicodeCodePoints",
        "results": results.collect::<Vec<_>>(),
        "properties": properties(report),
    })
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": { "text": code.title },
        "fullDescription": { "text": code.why },
        "help": {
            "text": format!("{} More: guard explain {}", code.fix, code.id),
            "markdown": format!("{}\n\nMore: `guard explain {}`", code.fix, code.id),
        },
        "defaultConfiguration": { "level": level(Gravity::of(code.severity)) },
    })
}

fn level(gravity: Gravity) -> &'static str {
    match gravity {
        Gravity::Error | Gravity::Unknown => "error",
        Gravity::Warning => "warning",
        Gravity::Info => "note",
    }
}

fn result(finding: &Finding, rule: usize) -> Value {
    let mut result = json!({
        "ruleId": finding.code.id,
        "ruleIndex": rule,
        "level": level(Gravity::of(finding.severity)),
        "message": { "text": message(&finding.message, &finding.help) },
        "partialFingerprints": { "guard/v1": finding.fingerprint() },
        "properties": { "check": finding.check, "fix": finding.fix, "commit": finding.commit },
    });
    // A place is never invented: without one there are no locations.
    if let Some(place) = &finding.place {
        result["locations"] = json!([location(place)]);
    }
    if finding.fix == Fix::None {
        remove(&mut result, "fix");
    }
    if finding.commit.is_none() {
        remove(&mut result, "commit");
    }
    result
}

fn remove(result: &mut Value, property: &str) {
    let bag = result["properties"].as_object_mut();
    bag.expect("a result has properties").remove(property);
}

fn location(place: &Place) -> Value {
    let mut physical = json!({
        "artifactLocation": { "uri": uri(&place.path), "uriBaseId": ROOT },
    });
    if let Some((start, end)) = place.span {
        physical["region"] = json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        });
    }
    json!({ "physicalLocation": physical })
}

/// A path as a relative reference: every byte that is not plain is percent-encoded, the colon too,
/// which would end a scheme.
fn uri(path: &RepoPath) -> String {
    let mut uri = String::with_capacity(path.as_bytes().len());
    for byte in path.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// What is wrong and the way out, as plain text. Readers make links of `[text](target)`; nothing
/// that guard says is one, so what looks like it gets its brackets escaped.
fn message(said: &str, help: &str) -> String {
    let mut text = escape_line(said).into_owned();
    if !help.trim().is_empty() {
        let _ = write!(text, "\n{}", escape(help));
    }
    if text.contains("](") {
        text = text.replace('[', "\\[").replace(']', "\\]");
    }
    text
}

fn invocation(report: &Report) -> Value {
    let noted = report.notes.iter().map(|(severity, note)| {
        let level = level(Gravity::of(*severity));
        notification("note", level, &message(note, ""), None)
    });
    let planned = report
        .steps
        .iter()
        .filter(|_| report.plan_only)
        .map(|step| {
            let said = format!("`{}` {}: {}", step.id, step.will.said(), step.because);
            notification("plan", "note", &message(&said, ""), Some(&step.id))
        });
    let unfound = remark::unfound(report).map(|remark: Remark<'_>| {
        let step = report.step(remark.check).map(|step| step.id.as_str());
        let text = message(&remark.message, &remark.help);
        notification(remark.kind, level(remark.gravity), &text, step)
    });
    let mut invocation = Map::new();
    invocation.insert("executionSuccessful".into(), was_whole(report).into());
    if let Some(end) = report.end {
        invocation.insert("exitCode".into(), end.exit.into());
    }
    let all: Vec<Value> = noted.chain(planned).chain(unfound).collect();
    invocation.insert("toolExecutionNotifications".into(), all.into());
    invocation.into()
}

/// Whether guard could do what it was asked for, whatever it found.
fn was_whole(report: &Report) -> bool {
    let verdict = report.end.map(|end| end.verdict);
    let is_unknown = |outcome: &Outcome| matches!(outcome, Outcome::Unknown { .. });
    matches!(verdict, Some(Verdict::Passed | Verdict::Failed))
        && (report.plan_only || !report.steps.iter().any(|step| is_unknown(&step.fate())))
}

fn notification(kind: &str, level: &str, text: &str, step: Option<&str>) -> Value {
    let mut notification = json!({
        "descriptor": { "id": kind },
        "level": level,
        "message": { "text": text },
    });
    if let Some(step) = step {
        notification["properties"] = json!({ "check": step });
    }
    notification
}

/// What SARIF has no word for: which steps were judged, and what the run means.
fn properties(report: &Report) -> Value {
    let steps = report.steps.iter().filter(|_| !report.plan_only);
    let steps = steps.map(|step| {
        let fate = step.fate();
        json!({ "id": step.id, "outcome": fate.word(), "reason": fate.reason() })
    });
    json!({
        "command": report.command,
        "moment": report.moment,
        "verdict": report.verdict(),
        "checks": steps.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests;
