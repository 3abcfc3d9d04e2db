//! The block at the bottom of a terminal: a line for each running step, drawn over itself.
//!
//! The cursor is never hidden and stands below the block between two drawings, so that nothing has
//! to be restored however guard ends.

use std::fmt::Write as _;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::report::words;
use crate::terminal::{Mark, Size, Style, Tone, text};

/// A run that is over sooner draws nothing.
pub(super) const PATIENCE: Duration = Duration::from_millis(100);

/// The time between two drawings.
const PACE: Duration = Duration::from_millis(100);

/// More lines than these push what matters off the screen.
const MOST_LINES: usize = 8;

/// A running step as the block shows it.
pub(super) struct Line<'r> {
    pub(super) id: &'r str,
    pub(super) since: Timestamp,
    pub(super) last: &'r str,
}

/// What stands on the screen.
#[derive(Default)]
pub(super) struct Block {
    /// The columns of each line that was drawn.
    drawn: Vec<usize>,
    at: Option<Timestamp>,
}

impl Block {
    /// Whether it is time to draw again.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.at.is_none_or(|at| now.since(at) >= PACE || now < at)
    }

    /// Whether anything stands on the screen.
    pub(super) fn is_empty(&self) -> bool {
        self.drawn.is_empty()
    }

    /// What takes the block off the screen. A window that was made narrower has broken its lines.
    pub(super) fn erase(&mut self, size: Size) -> String {
        let columns = usize::from(size.columns).max(1);
        let rows: usize = self
            .drawn
            .drain(..)
            .map(|width| width.div_ceil(columns).max(1))
            .sum();
        match rows.min(usize::from(size.rows)) {
            0 => String::new(),
            rows => format!("\x1b[{rows}A\r\x1b[J"),
        }
    }

    /// What puts the block on the screen, below all that was written before.
    pub(super) fn draw(
        &mut self,
        lines: &[Line<'_>],
        now: Timestamp,
        size: Size,
        style: Style,
    ) -> String {
        self.at = Some(now);
        // A line that fills the last column wraps on some terminals.
        let room = usize::from(size.columns).saturating_sub(1);
        let most = MOST_LINES
            .min(usize::from(size.rows).saturating_sub(2))
            .max(1);
        let shown = if lines.len() > most {
            most - 1
        } else {
            lines.len()
        };
        let mut block = String::new();
        for line in &lines[..shown] {
            let (width, drawn) = line.draw(now, room, style);
            self.drawn.push(width);
            let _ = writeln!(block, "{drawn}");
        }
        if shown < lines.len() {
            let more = words::number(words::count(lines.len() - shown));
            let more = format!("{} {more} more running", style.bare(Mark::Quiet));
            let more = text::clip(&more, room);
            self.drawn.push(text::width(&more));
            let _ = writeln!(block, "{}", style.paint(Tone::Dim, &more));
        }
        block
    }
}

impl Line<'_> {
    /// The line and its columns, never more than `room`.
    fn draw(&self, now: Timestamp, room: usize, style: Style) -> (usize, String) {
        let since = u64::try_from(now.since(self.since).as_millis()).unwrap_or(u64::MAX);
        let mark = style.bare(Mark::Quiet);
        let head = format!("{mark} {} {}", self.id, words::duration(since));
        let taken = text::width(&head);
        if self.last.is_empty() || taken + 6 > room {
            let head = text::clip(&head, room);
            return (text::width(&head), head);
        }
        let last = text::clip(self.last, room - taken - 2);
        let width = taken + 2 + text::width(&last);
        (width, format!("{head}  {}", style.paint(Tone::Dim, &last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(100_000);

    fn size(columns: u16, rows: u16) -> Size {
        Size { columns, rows }
    }

    fn lines() -> [Line<'static>; 3] {
        [
            Line {
                id: "eslint",
                since: Timestamp(97_900),
                last: "src/components/a/very/long/path/to/a/file/that/does/not/fit/anywhere.tsx: 12 problems",
            },
            Line {
                id: "日本語",
                since: Timestamp(35_000),
                last: "テストを実行しています、しばらくお待ちください、もう少しです、本当に",
            },
            Line {
                id: "types",
                since: NOW,
                last: "",
            },
        ]
    }

    #[test]
    fn a_wide_and_a_narrow_terminal() {
        let draw = |columns| Block::default().draw(&lines(), NOW, size(columns, 24), Style::PLAIN);
        insta::assert_snapshot!(draw(80), @"
        · eslint 2.1s  src/components/a/very/long/path/to/a/file/that/does/not/fit/a...
        · 日本語 1m 05s  テストを実行しています、しばらくお待ちください、もう少しで...
        · types 0ms
        ");
        insta::assert_snapshot!(draw(40), @"
        · eslint 2.1s  src/components/a/very...
        · 日本語 1m 05s  テストを実行してい...
        · types 0ms
        ");
        for columns in 0..100 {
            for line in draw(columns).lines() {
                assert!(
                    text::width(line) < usize::from(columns).max(1),
                    "{columns}: {line}"
                );
            }
        }
    }

    #[test]
    fn a_low_terminal_keeps_the_block_on_the_screen() {
        let drawn = |rows| {
            let mut block = Block::default();
            block.draw(&lines(), NOW, size(80, rows), Style::PLAIN)
        };
        assert_eq!(drawn(24).lines().count(), 3);
        insta::assert_snapshot!(drawn(4), @"
        · eslint 2.1s  src/components/a/very/long/path/to/a/file/that/does/not/fit/a...
        · 2 more running
        ");
        assert_eq!(drawn(0).lines().count(), 1);
    }

    #[test]
    fn erasing_counts_the_rows_that_a_narrower_window_made() {
        let mut block = Block::default();
        assert_eq!(block.erase(size(80, 24)), "");
        block.draw(&lines(), NOW, size(80, 24), Style::PLAIN);
        assert_eq!(block.erase(size(80, 24)), "\x1b[3A\r\x1b[J");
        assert_eq!(block.erase(size(80, 24)), "");
        block.draw(&lines(), NOW, size(80, 24), Style::PLAIN);
        assert_eq!(block.erase(size(40, 24)), "\x1b[5A\r\x1b[J");
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_stop_the_drawing() {
        let mut block = Block::default();
        assert!(block.is_due(NOW));
        block.draw(&lines(), NOW, size(80, 24), Style::PLAIN);
        assert!(!block.is_due(Timestamp(NOW.0 + 99)));
        assert!(block.is_due(Timestamp(NOW.0 + 100)));
        assert!(block.is_due(Timestamp(NOW.0 - 1)));
    }
}
