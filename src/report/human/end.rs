//! What a finished run came to: what is wrong, on one screen, and one line that sums it up.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::finding;
use super::{fixed, marked, step};
use crate::finding::{Finding, Severity};
use crate::outcome::{Outcome, Verdict};
use crate::report::{End, INTERRUPTED, Report, Step, Verbosity, words};
use crate::terminal::{Mark, Style, Tone, escape_line, text};

/// The lines of a screen that the report takes, its last one and the prompt not counted.
const SCREEN: usize = 20;

/// A step that took longer had its line on the way, so that what was said before is out of sight.
const LONG: u64 = 1000;

pub(super) fn render(report: &Report, style: Style, verbosity: Verbosity) -> String {
    let Some(end) = report.end else {
        let name = report.name();
        return marked(
            style,
            Mark::Unsure,
            &format!("{name}: the end of the run was not heard"),
        );
    };
    match end.verdict {
        Verdict::Passed if verbosity == Verbosity::Quiet => String::new(),
        Verdict::Interrupted => summary(report, &end, style),
        _ => {
            let next = fixed::next(report, style);
            wrongs(report, style, verbosity) + &next + &summary(report, &end, style)
        }
    }
}

/// Something that is wrong, and how grave that is.
struct Wrong {
    gravity: Gravity,
    said: String,
    help: String,
}

/// The gravest is shown first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gravity {
    Error,
    Unknown,
    Warning,
    Info,
}

/// Findings and what could not be judged, gravest first, as many as fit a screen.
fn wrongs(report: &Report, style: Style, verbosity: Verbosity) -> String {
    let mut all = collect(report, style);
    all.sort_by_key(|wrong| wrong.gravity);
    let mut screen = String::new();
    let mut shown = 0;
    let mut helped: HashSet<&str> = HashSet::new();
    for wrong in &all {
        // The same advice twice is no advice.
        let help = if helped.contains(wrong.help.as_str()) {
            ""
        } else {
            &wrong.help
        };
        let lines = screen.lines().count() + wrong.said.lines().count() + help.lines().count() + 1;
        if shown > 0 && lines > SCREEN && verbosity != Verbosity::Verbose {
            break;
        }
        screen.push_str(&wrong.said);
        screen.push_str(help);
        screen.push('\n');
        helped.insert(&wrong.help);
        shown += 1;
    }
    screen.push_str(&rest(report, &all[shown..], style));
    screen.push_str(&explained(report, style));
    screen
}

fn collect(report: &Report, style: Style) -> Vec<Wrong> {
    let mut wrongs: Vec<Wrong> = Vec::new();
    let mut spoken: HashSet<&str> = HashSet::new();
    // The last line names what a repair has fixed.
    let is_told = |found: &&Finding| fixed::is_told(report, found);
    for found in report.findings.iter().filter(|found| !is_told(found)) {
        let mut said = finding::block(found, style);
        if found.severity == Severity::Error && spoken.insert(&found.check) {
            said.push_str(&repeated(report, report.step(&found.check), style));
        }
        wrongs.push(Wrong {
            gravity: match found.severity {
                Severity::Error => Gravity::Error,
                Severity::Warning => Gravity::Warning,
                Severity::Info => Gravity::Info,
            },
            said,
            help: finding::ways_out(found, style),
        });
    }
    for ended in &report.steps {
        let name = escape_line(&ended.id);
        match &ended.outcome {
            // A step that failed without a finding speaks for itself.
            Some(Outcome::Failed { reason }) if !spoken.contains(ended.id.as_str()) => {
                let head = format!("failed[{name}]:");
                let mut said = finding::headed(&head, Tone::Error, reason, style);
                said.push_str(&repeated(report, Some(ended), style));
                wrongs.push(Wrong {
                    gravity: Gravity::Error,
                    said,
                    help: String::new(),
                });
            }
            // Where unknowns let pass, one line on standard error has said so.
            Some(Outcome::Unknown { reason, remedy })
                if reason != INTERRUPTED && report.verdict() != Verdict::Passed =>
            {
                let head = format!("unknown[{name}]:");
                wrongs.push(Wrong {
                    gravity: Gravity::Unknown,
                    said: finding::headed(&head, Tone::Warning, reason, style),
                    help: step::help(style, remedy),
                });
            }
            _ => {}
        }
    }
    wrongs
}

/// The end of a step's output, where other lines have come between it and the end of the run.
fn repeated(report: &Report, ended: Option<&Step>, style: Style) -> String {
    let Some(ended) = ended else {
        return String::new();
    };
    let later = report.steps.iter().any(|other| {
        other.ended > ended.ended
            && other.was_judged()
            && (other.outcome != Some(Outcome::Passed) || other.duration_ms > LONG)
    });
    if later {
        finding::last_lines(&ended.output, style)
    } else {
        String::new()
    }
}

/// What did not fit, counted.
fn rest(report: &Report, left: &[Wrong], style: Style) -> String {
    if left.is_empty() {
        return String::new();
    }
    let counts = [
        (Gravity::Error, "error"),
        (Gravity::Unknown, "unknown"),
        (Gravity::Warning, "warning"),
        (Gravity::Info, "info"),
    ]
    .into_iter()
    .filter_map(|(gravity, thing)| {
        let count = left.iter().filter(|wrong| wrong.gravity == gravity).count();
        (count > 0).then(|| match gravity {
            Gravity::Error | Gravity::Warning => words::counted(words::count(count), thing),
            Gravity::Unknown | Gravity::Info => format!("{count} {thing}"),
        })
    })
    .collect::<Vec<_>>()
    .join(", ");
    let said = format!("and {counts} more; all of them: `{} -v`", report.again());
    marked(style, Mark::Quiet, &said)
}

/// Where to read on.
fn explained(report: &Report, style: Style) -> String {
    let mut codes: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
        .map(|finding| finding.code.id)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let topic = match codes[..] {
        [] => return String::new(),
        [code] => code,
        _ => "CODE",
    };
    let said = format!("why it matters: `guard explain {topic}`");
    marked(style, Mark::Quiet, &said)
}

/// How many steps ended in which way.
#[derive(Default)]
struct Tally {
    passed: u64,
    cached: u64,
    failed: u64,
    unknown: u64,
    /// Skipped because a step that they need did not pass.
    not_started: u64,
}

impl Tally {
    fn of(report: &Report) -> Self {
        let mut tally = Self::default();
        for ended in &report.steps {
            match &ended.outcome {
                None => {}
                Some(Outcome::Passed) => {
                    tally.passed += 1;
                    tally.cached += u64::from(ended.cached);
                }
                Some(Outcome::Failed { .. }) => tally.failed += 1,
                Some(Outcome::Unknown { .. }) => tally.unknown += 1,
                Some(Outcome::Skipped { .. }) => {
                    tally.not_started += u64::from(was_kept_back(report, ended));
                }
            }
        }
        tally
    }

    fn judged(&self) -> u64 {
        self.passed + self.failed + self.unknown
    }
}

/// Whether a skipped step would have run, had not another one failed. A step that was skipped for
/// that reason keeps back those that need it.
fn was_kept_back(report: &Report, skipped: &Step) -> bool {
    // The engine names the step in the reason; what was planned as a skip has its own reason.
    let reason = skipped.outcome.as_ref().and_then(Outcome::reason);
    reason != Some(skipped.because.as_str())
        && skipped.needs.iter().any(|need| {
            let ended = report.step(need).and_then(|step| step.outcome.as_ref());
            ended.is_some_and(|outcome| *outcome != Outcome::Passed)
        })
}

/// The last line.
fn summary(report: &Report, end: &End, style: Style) -> String {
    let tally = Tally::of(report);
    let name = report.name();
    let time = words::duration(end.duration_ms);
    let dot = style.dot();
    let (mark, said) = match end.verdict {
        Verdict::Passed if fixed::is_repair(report) => fixed::passed(report, &time, style),
        Verdict::Passed => passed(report, end, &tally, style),
        Verdict::Failed => (
            Mark::Bad,
            format!(
                "{name}: {}{}{dot}{time}",
                wrong(report, &tally, style),
                read(report, end, style)
            ),
        ),
        Verdict::Unknown => (
            Mark::Unsure,
            format!("{name}: {}{dot}{time}", wrong(report, &tally, style)),
        ),
        Verdict::Refused => (
            Mark::Bad,
            format!("{name}: refused, nothing was changed{dot}{time}"),
        ),
        Verdict::Interrupted => {
            let failed = match tally.failed {
                0 => String::new(),
                failed => format!("{dot}{failed} failed before"),
            };
            (Mark::Bad, format!("{name}: interrupted{failed}{dot}{time}"))
        }
    };
    format!("{} {said}\n", style.mark(mark))
}

/// How much a search read: without it nobody knows what its silence is worth.
fn read(report: &Report, end: &End, style: Style) -> String {
    if !report.is_search() {
        return String::new();
    }
    let files = words::counted(end.coverage.files, "file");
    format!(
        "{}{files}, {} read",
        style.dot(),
        words::size(end.coverage.bytes)
    )
}

/// What stands against the run, in numbers.
fn wrong(report: &Report, tally: &Tally, style: Style) -> String {
    if fixed::is_repair(report) {
        return fixed::wrong(report, style);
    }
    let all = tally.judged() + tally.not_started;
    let mut parts = Vec::new();
    if tally.failed > 0 {
        parts.push(format!("{} of {all} failed", tally.failed));
    }
    if tally.unknown > 0 && parts.is_empty() {
        parts.push(format!("{} of {all} unknown", tally.unknown));
    } else if tally.unknown > 0 {
        parts.push(format!("{} unknown", tally.unknown));
    }
    if parts.is_empty() {
        let errors = report.count(Severity::Error);
        parts.push(words::counted(words::count(errors), "error"));
    }
    if tally.not_started > 0 {
        parts.push(format!("{} not started", tally.not_started));
    }
    parts.join(", ")
}

fn passed(report: &Report, end: &End, tally: &Tally, style: Style) -> (Mark, String) {
    let mut parts = vec![report.name()];
    let mut mark = Mark::Good;
    if tally.passed > 0 {
        let mut what = words::counted(tally.passed, "check");
        if tally.cached > 0 {
            let _ = write!(what, " ({} cached)", tally.cached);
        }
        if end.coverage.files > 0 {
            let _ = write!(what, ", {}", words::counted(end.coverage.files, "file"));
            if report.is_search() {
                let _ = write!(what, ", {}", words::size(end.coverage.bytes));
            }
        }
        parts.push(what);
    }
    if tally.unknown > 0 {
        parts.push(format!("{} unknown", tally.unknown));
        mark = if tally.passed > 0 { mark } else { Mark::Unsure };
    }
    let warnings = report.count(Severity::Warning);
    if warnings > 0 {
        parts.push(words::counted(words::count(warnings), "warning"));
    }
    let time = words::duration(end.duration_ms);
    if tally.judged() == 0 {
        // The mark, the brackets with their words, and what stands between the parts.
        let around = "ok nothing to check ()".len() + 3 + time.len();
        let taken: usize = parts.iter().map(|part| text::width(part) + 3).sum();
        let room = style.width.saturating_sub(around + taken);
        let why = text::clip(&nothing(report), room.max(20));
        parts.insert(1, format!("nothing to check ({why})"));
    }
    parts.push(time);
    (mark, parts.join(style.dot()))
}

/// Why nothing was judged.
pub(super) fn nothing(report: &Report) -> String {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for step in &report.steps {
        let reason = step.outcome.as_ref().and_then(Outcome::reason);
        let reason = reason.unwrap_or(&step.because);
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    match (&reasons[..], report.moment) {
        ([], _) => "no check is about this".to_owned(),
        ([(reason, _)], _) => escape_line(reason).into_owned(),
        (several, _) => several
            .iter()
            .map(|(reason, count)| match count {
                1 => escape_line(reason).into_owned(),
                count => format!("{} ({count})", escape_line(reason)),
            })
            .collect::<Vec<_>>()
            .join(", "),
    }
}
