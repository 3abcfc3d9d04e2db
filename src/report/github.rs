//! `--format github`: annotations by GitHub's workflow commands, and the job's summary page.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::captured::Room;
use super::remark::{self, Gravity, Remark};
use super::{Format, Manner, Report, markdown, words};
use crate::terminal::{escape, escape_line};

/// The format's name.
pub const ID: &str = "github";

/// GitHub shows so many annotations of each kind for a step of a job, and drops the others unsaid.
const MOST: usize = 10;

/// GitHub cuts a longer message.
const LONGEST: usize = 4000;

/// What a message repeats of a tool's output.
const REPEATED: Room = Room { first: 0, last: 20 };

/// The format.
#[derive(Clone, Copy, Debug)]
pub struct Github;

impl Format for Github {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "Annotations and a job summary in GitHub Actions"
    }

    fn render(&self, report: &Report, _: Manner) -> String {
        // Made of fixed words and numbers only: nothing in it can begin a command.
        format!("{}{}\n", annotations(report), remark::sum(report))
    }

    fn summary(&self, report: &Report, most: usize) -> Option<String> {
        // `--plan` changes nothing, a page of GitHub's included.
        (!report.plan_only).then(|| markdown::page(report, most))
    }
}

/// A workflow command for each remark, the gravest first, as many as GitHub shows.
pub fn annotations(report: &Report) -> String {
    if report.plan_only {
        return plan(report);
    }
    let remarks = remark::all(report);
    let mut commands = String::new();
    let mut left = Vec::new();
    let mut repeated = HashSet::new();
    for kind in [Kind::Error, Kind::Warning, Kind::Notice] {
        let of_kind = remarks
            .iter()
            .filter(|remark| Kind::of(remark.gravity) == kind);
        let mut count = 0;
        for remark in of_kind {
            count += 1;
            if count <= MOST {
                commands.push_str(&annotation(report, remark, &mut repeated));
            }
        }
        if count > MOST {
            let more = words::count(count - MOST);
            left.push(words::counted(more, &format!("more {}", kind.word())));
        }
    }
    if !left.is_empty() {
        let again = report.again();
        let left = left.join(", ");
        let _ = writeln!(
            commands,
            "guard: {left}; GitHub shows {MOST} of each kind, `{again} --format json` has all"
        );
    }
    commands
}

/// The kinds of annotations.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Error,
    Warning,
    Notice,
}

impl Kind {
    fn of(gravity: Gravity) -> Self {
        match gravity {
            Gravity::Error | Gravity::Unknown => Self::Error,
            Gravity::Warning => Self::Warning,
            Gravity::Info => Self::Notice,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

fn annotation<'r>(report: &Report, remark: &Remark<'r>, repeated: &mut HashSet<&'r str>) -> String {
    let mut properties = Vec::new();
    if let Some(place) = remark.finding.and_then(|finding| finding.place.as_ref()) {
        properties.push(("file", place.path.to_text().into_owned()));
        if let Some((start, end)) = place.span {
            properties.push(("line", start.line.to_string()));
            properties.push(("endLine", end.line.to_string()));
            // GitHub takes columns only within one line.
            if start.line == end.line {
                properties.push(("col", start.column.to_string()));
                properties.push(("endColumn", end.column.to_string()));
            }
        }
    }
    properties.push(("title", format!("{}: {}", remark.check, remark.kind)));
    let mut message = escape_line(&remark.message).into_owned();
    if !remark.help.trim().is_empty() {
        let _ = write!(message, "\n{}", escape(&remark.help));
    }
    // Beside this format nobody tells what a tool printed. What has a place speaks for itself.
    let has_place = properties.iter().any(|(name, _)| *name == "file");
    if remark.gravity <= Gravity::Unknown
        && !has_place
        && let Some(step) = report.step(remark.check)
        && !step.output.is_empty()
        && repeated.insert(remark.check)
    {
        let _ = write!(message, "\n\n{}", step.output.text(REPEATED));
    }
    command(Kind::of(remark.gravity), &properties, &message)
}

/// What would run, as one notice: its lines would be commands if they stood alone.
fn plan(report: &Report) -> String {
    let lines = report.steps.iter().map(|step| {
        let said = format!("{} {}: {}", step.id, step.will.said(), step.because);
        escape_line(&said).into_owned()
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return String::new();
    }
    let title = vec![("title", format!("plan of {}", report.name()))];
    command(Kind::Notice, &title, &lines.join("\n"))
}

/// A workflow command with its line end.
fn command(kind: Kind, properties: &[(&str, String)], message: &str) -> String {
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", property(value)))
        .collect();
    let cut = message.floor_char_boundary(LONGEST);
    let message = if cut < message.len() {
        format!("{} ...", &message[..cut])
    } else {
        message.to_owned()
    };
    format!(
        "::{} {}::{}\n",
        kind.word(),
        properties.join(","),
        data(&message)
    )
}

/// The message of a command. GitHub undoes the percent sign last, so here it comes first.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, on one line.
fn property(text: &str) -> String {
    data(&escape_line(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

#[cfg(test)]
mod tests;
