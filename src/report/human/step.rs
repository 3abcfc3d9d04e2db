//! A step that has ended: its line, and below it, in one piece, what its tool printed.

use super::marked;
use crate::outcome::Outcome;
use crate::report::captured::{self, Captured, Room};
use crate::report::words;
use crate::terminal::{Mark, Style, escape, escape_line, text, tool_line};

/// What is shown of an output before a person asks for more.
pub(super) const USUAL: Room = Room {
    first: 15,
    last: 35,
};

/// What is shown with `-v`, and kept in memory while a step runs.
pub(super) const AMPLE: Room = Room {
    first: 200,
    last: 800,
};

/// A longer message or remedy is cut; JSON has all of it.
pub(super) const MOST_LINES: usize = 6;

/// A step's end, as events tell it.
pub(super) struct Ended<'e> {
    pub(super) id: &'e str,
    pub(super) outcome: &'e Outcome,
    pub(super) duration_ms: u64,
    pub(super) cached: bool,
}

impl Ended<'_> {
    /// The line, and for an unknown what to do about it.
    pub(super) fn line(&self, style: Style) -> String {
        let id = escape_line(self.id);
        let reason = escape_line(self.outcome.reason().unwrap_or_default());
        let time = format!("{}{}", style.dot(), words::duration(self.duration_ms));
        match self.outcome {
            Outcome::Passed if self.cached => {
                marked(style, Mark::Good, &format!("{id}{}cached", style.dot()))
            }
            Outcome::Passed => marked(style, Mark::Good, &format!("{id}{time}")),
            Outcome::Failed { .. } => {
                marked(style, Mark::Bad, &format!("{id} failed: {reason}{time}"))
            }
            Outcome::Skipped { .. } => {
                marked(style, Mark::Quiet, &format!("{id} skipped: {reason}"))
            }
            Outcome::Unknown { remedy, .. } => {
                marked(
                    style,
                    Mark::Unsure,
                    &format!("{id} unknown: {reason}{time}"),
                ) + &help(style, remedy)
            }
        }
    }
}

/// What to do about something, below its line.
pub(super) fn help(style: Style, remedy: &str) -> String {
    if remedy.trim().is_empty() {
        return String::new();
    }
    let said = format!("help: {}", escape(remedy));
    let said = text::clip(&said, MOST_LINES * style.width);
    let lines = text::wrap(&said, style.width, "  ", "        ");
    let shown: Vec<&str> = lines.lines().take(MOST_LINES + 1).collect();
    shown.join("\n") + "\n"
}

/// An output, indented: nothing that a tool prints begins where guard's own lines begin, so none
/// can pass for one. `all` says how to see what is left out.
pub(super) fn output(captured: &Captured, room: Room, style: Style, all: &str) -> String {
    let mut block = String::new();
    for shown in captured.shown(room) {
        match shown {
            captured::Shown::Line(line) => block.push_str(&output_line(&line, style)),
            captured::Shown::LeftOut(lines) => {
                let left_out = words::counted(lines, "line");
                let said = format!("{left_out} left out; all of them: `{all}`");
                let inner = Style {
                    width: style.width - 2,
                    ..style
                };
                for line in marked(inner, Mark::Quiet, &said).lines() {
                    block.push_str("  ");
                    block.push_str(line);
                    block.push('\n');
                }
            }
        }
    }
    block
}

/// One line of an output.
pub(super) fn output_line(line: &str, style: Style) -> String {
    let line = tool_line(line, style.colour);
    if line.is_empty() {
        "\n".to_owned()
    } else {
        format!("  {line}\n")
    }
}
