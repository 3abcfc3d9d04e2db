//! The lines for people: a mark, the id, why, and the next command below it.

use std::fmt::Write as _;

use crate::health::{Line, State};
use crate::report::Verbosity;
use crate::terminal::text::{pad, width, wrap};
use crate::terminal::{Mark, Style};

/// An id that is longer does not widen the column.
const WIDEST: usize = 18;

/// All lines, and one that counts them. `-q` leaves out what needs nobody's attention.
pub fn render(lines: &[Line], style: Style, verbosity: Verbosity) -> String {
    let quiet = verbosity == Verbosity::Quiet;
    let is_fine = |line: &&Line| matches!(line.state, State::Ok | State::Skipped);
    let shown: Vec<&Line> = lines
        .iter()
        .filter(|line| !quiet || !is_fine(line))
        .collect();
    if quiet && shown.is_empty() {
        return String::new();
    }
    let column = shown
        .iter()
        .map(|line| width(&line.id).min(WIDEST))
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for line in shown {
        tell(&mut text, line, column, style);
    }
    let _ = writeln!(text, "{}", counts(lines));
    text
}

fn tell(text: &mut String, line: &Line, column: usize, style: Style) {
    let mark = match line.state {
        State::Ok => Mark::Good,
        State::Warning | State::Unknown => Mark::Unsure,
        State::Error => Mark::Bad,
        State::Skipped => Mark::Quiet,
    };
    // The two that share a mark differ by the word.
    let said = match line.state {
        State::Unknown => format!("unknown: {}", line.reason),
        State::Skipped => format!("skipped: {}", line.reason),
        _ => line.reason.clone(),
    };
    let lead = width(style.bare(mark)) + 1 + column + 2;
    let indent = " ".repeat(lead);
    let first = format!("{} {}  ", style.bare(mark), pad(&line.id, column));
    let body = wrap(&said, style.width, &first, &indent);
    // Wrapped without colour, so that its escape codes take no columns.
    let body = body.replacen(style.bare(mark), &style.mark(mark), 1);
    let _ = writeln!(text, "{body}");
    if let Some(fix) = &line.fix {
        // Never broken: it is there to be copied.
        let _ = writeln!(text, "{indent}{fix}");
    }
}

fn counts(lines: &[Line]) -> String {
    let count = |state| lines.iter().filter(|line| line.state == state).count();
    let some = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    format!(
        "guard doctor: {} ok, {}, {}, {} unknown, {} skipped",
        count(State::Ok),
        some(count(State::Warning), "warning"),
        some(count(State::Error), "error"),
        count(State::Unknown),
        count(State::Skipped)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<Line> {
        let long = "the first thing and the second thing and the third thing and the fourth";
        vec![
            Line::ok("git", "2.47.3, /usr/bin/git"),
            Line::new("hook-pre-push", State::Error, "no pre-push hook").fix("guard install"),
            Line::new("clock", State::Warning, long),
            Line::new("railway", State::Unknown, "no answer within 2s").fix("guard doctor"),
            Line::skipped("tools", "not in a git repository"),
        ]
    }

    #[test]
    fn people_see_one_line_a_thing() {
        insta::assert_snapshot!(render(&lines(), Style::PLAIN, Verbosity::Normal), @r"
        ✓ git            2.47.3, /usr/bin/git
        ✗ hook-pre-push  no pre-push hook
                         guard install
        ! clock          the first thing and the second thing and the third thing and
                         the fourth
        ! railway        unknown: no answer within 2s
                         guard doctor
        · tools          skipped: not in a git repository
        guard doctor: 1 ok, 1 warning, 1 error, 1 unknown, 1 skipped
        ");
    }

    #[test]
    fn quiet_leaves_out_what_is_fine() {
        let quiet = render(&lines(), Style::PLAIN, Verbosity::Quiet);
        assert!(
            !quiet.contains("git  ") && !quiet.contains("tools"),
            "{quiet}"
        );
        assert!(quiet.contains("hook-pre-push"), "{quiet}");
        let fine = [Line::ok("git", "x")];
        assert_eq!(render(&fine, Style::PLAIN, Verbosity::Quiet), "");
    }

    #[test]
    fn colour_changes_no_column() {
        let style = Style {
            colour: true,
            ..Style::PLAIN
        };
        let coloured = render(&lines(), style, Verbosity::Normal);
        let plain: String = coloured
            .lines()
            .map(|line| crate::terminal::tool_line(line, false) + "\n")
            .collect();
        assert_eq!(plain, render(&lines(), Style::PLAIN, Verbosity::Normal));
    }
}
