//! What a run of `guard fix` came to, in a line: what was fixed, and what to do next.

use super::marked;
use crate::finding::{Finding, code};
use crate::report::{Report, words};
use crate::terminal::{Mark, Style, escape_line, text};

/// Whether the run repaired and judged nothing.
pub(super) fn is_repair(report: &Report) -> bool {
    report.command == "fix"
}

/// Whether the last line tells of this finding.
pub(super) fn is_told(report: &Report, found: &Finding) -> bool {
    is_repair(report) && found.code == code::FIX_APPLIED
}

/// The last line of a repair that did all that it was asked for.
pub(super) fn passed(report: &Report, time: &str, style: Style) -> (Mark, String) {
    let (name, dot) = (report.name(), style.dot());
    let room = style
        .width
        .saturating_sub(text::width(&name) + time.len() + 10);
    let what = match fixed(report) {
        Some(fixed) => fixed,
        None => match report.steps.iter().find(|step| step.was_judged()) {
            Some(_) => "nothing was to be fixed".to_owned(),
            None if report.steps.is_empty() => "nothing to fix (no command has a `fix`)".to_owned(),
            None => format!("nothing to fix ({})", super::end::nothing(report)),
        },
    };
    let what = text::clip(&what, room.max(20));
    (Mark::Good, format!("{name}: {what}{dot}{time}"))
}

/// What a repair came to that did not do all that it was asked for.
pub(super) fn wrong(report: &Report, style: Style) -> String {
    let mut judged = report.steps.iter().filter(|step| step.was_judged());
    let reason = judged.find_map(|step| step.outcome.as_ref()?.reason());
    let reason = escape_line(reason.unwrap_or("it went wrong")).into_owned();
    let done = fixed(report).unwrap_or_else(|| "nothing was written".to_owned());
    // The mark, what stands between the parts, and the time.
    let room = style.width.saturating_sub(report.name().len() + 16);
    text::clip(&format!("{reason}; {done}"), room.max(20))
}

/// What is to be done now, where something was fixed.
pub(super) fn next(report: &Report, style: Style) -> String {
    if !is_repair(report) || fixed(report).is_none() {
        return String::new();
    }
    let said = "the fixes are staged: `git diff --cached` shows them, \
                `guard run pre-commit` judges what is left";
    marked(style, Mark::Quiet, said)
}

/// `fixed 2 files: a.ts, b.ts`; none where nothing was.
fn fixed(report: &Report) -> Option<String> {
    let applied = report
        .findings
        .iter()
        .filter(|found| is_told(report, found));
    let places = applied.filter_map(|found| found.place.as_ref());
    let names: Vec<String> = places
        .map(|place| escape_line(&place.path.to_text()).into_owned())
        .collect();
    if names.is_empty() {
        return None;
    }
    let count = words::counted(words::count(names.len()), "file");
    Some(format!("fixed {count}: {}", names.join(", ")))
}
