//! A finding as people read it: what, where, and the way out.

use std::fmt::Write as _;

use super::step;
use crate::finding::{Finding, Place, Severity};
use crate::report::captured::{self, Captured, Room};
use crate::terminal::{Style, Tone, escape_line, text, tool_line};

/// The beginning of a commit's name that people use.
const SHORT_COMMIT: usize = 10;

/// `error[CODE]: message` and what belongs to it.
pub(super) fn block(finding: &Finding, style: Style) -> String {
    let head = format!("{}[{}]:", finding.severity.word(), finding.code.id);
    let mut block = headed(&head, tone(finding.severity), &finding.message, style);
    if let Some(place) = &finding.place {
        let _ = write!(block, "  at {}", at(place));
        if let Some(commit) = &finding.commit {
            let short: String = commit.chars().take(SHORT_COMMIT).collect();
            let _ = write!(block, " in commit {}", escape_line(&short));
        }
        block.push('\n');
    }
    block
}

/// The ways out of a finding.
pub(super) fn ways_out(finding: &Finding, style: Style) -> String {
    step::help(style, &finding.help)
}

/// The end of what a tool printed, where it was printed long ago.
pub(super) fn last_lines(output: &Captured, style: Style) -> String {
    let room = Room { first: 0, last: 5 };
    let mut block = String::new();
    for shown in output.shown(room) {
        if let captured::Shown::Line(line) = shown {
            let line = tool_line(&line, false);
            let line = text::clip(line.trim_end(), style.width.saturating_sub(4));
            let line = format!("    {}", style.paint(Tone::Dim, &line));
            block.push_str(line.trim_end());
            block.push('\n');
        }
    }
    block
}

/// A message behind its head, of which only the head is coloured.
pub(super) fn headed(head: &str, tone: Tone, message: &str, style: Style) -> String {
    let message = text::clip(&escape_line(message), step::MOST_LINES * style.width);
    let said = format!("{head} {message}");
    let lines = text::wrap(&said, style.width, "", "  ");
    lines.replacen(head, &style.paint(tone, head), 1) + "\n"
}

fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Error,
        Severity::Warning => Tone::Warning,
        Severity::Info => Tone::Dim,
    }
}

/// `file:line:column`, which editors and terminals make a link of.
fn at(place: &Place) -> String {
    let path = place.path.to_text();
    let path = escape_line(&path);
    match place.span {
        Some((start, _)) => format!("{path}:{}:{}", start.line, start.column),
        None => path.into_owned(),
    }
}
