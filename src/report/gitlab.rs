//! `--format gitlab`: findings as GitLab's code quality report, which its merge requests show.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::json::harmless;
use super::remark::{self, Gravity, Remark};
use super::{Format, Manner, Report};
use crate::finding;
use crate::terminal::escape_line;

/// The format's name.
pub const ID: &str = "gitlab";

/// Where something is that has no place. GitLab wants a path for everything, and stops reading at
/// the first entry without one. What has no place is said by a command or about the run as a whole,
/// and both are configured in this file: whoever follows the link finds what can be changed. A file
/// of the change would be blamed for what guard does not know of it.
const ELSEWHERE: &str = "guard.yaml";

/// The format.
#[derive(Clone, Copy, Debug)]
pub struct Gitlab;

impl Format for Gitlab {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "GitLab's code quality report"
    }

    fn render(&self, report: &Report, _: Manner) -> String {
        let mut seen = HashMap::new();
        let remarks = remark::all(report);
        let entries: Vec<Value> = remarks
            .iter()
            .map(|remark| entry(remark, &mut seen))
            .collect();
        let text = serde_json::to_string_pretty(&entries).expect("a value is JSON");
        harmless(text) + "\n"
    }
}

fn entry(remark: &Remark<'_>, seen: &mut HashMap<String, usize>) -> Value {
    let place = remark.finding.and_then(|finding| finding.place.as_ref());
    let span = place.and_then(|place| place.span);
    let path = place.map_or(ELSEWHERE.into(), |place| place.path.to_text());
    let mut description = escape_line(&remark.message).into_owned();
    if !remark.help.trim().is_empty() {
        let help: Vec<&str> = remark.help.split_whitespace().collect();
        description = format!("{description} ({})", escape_line(&help.join(" ")));
    }
    json!({
        "description": description,
        "check_name": remark.kind,
        "fingerprint": unique(fingerprint(remark), seen),
        "severity": severity(remark.gravity),
        "location": {
            "path": path,
            "lines": span.map_or_else(
                || json!({ "begin": 1 }),
                |(start, end)| json!({ "begin": start.line, "end": end.line }),
            ),
        },
    })
}

fn severity(gravity: Gravity) -> &'static str {
    match gravity {
        Gravity::Error => "critical",
        Gravity::Unknown => "major",
        Gravity::Warning => "minor",
        Gravity::Info => "info",
    }
}

fn fingerprint(remark: &Remark<'_>) -> String {
    match remark.finding {
        Some(finding) => finding.fingerprint(),
        None => finding::named([remark.check.as_bytes(), remark.kind.as_bytes()]),
    }
}

/// GitLab keeps one entry of each fingerprint, so the same finding twice in a file gets an ordinal.
fn unique(fingerprint: String, seen: &mut HashMap<String, usize>) -> String {
    let count = seen.entry(fingerprint.clone()).or_default();
    *count += 1;
    match *count {
        1 => fingerprint,
        ordinal => format!("{fingerprint}-{ordinal}"),
    }
}

#[cfg(test)]
mod tests;
