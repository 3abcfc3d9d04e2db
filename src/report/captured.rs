//! What a step's tool printed, in bounded memory: the first lines, the last lines, and how many there were.

use std::collections::VecDeque;

use super::words;
use crate::terminal::tool_line;

/// A longer line is cut: a minified file is not worth a screen, let alone a gigabyte.
const LONGEST_LINE: usize = 2000;

/// The kept part of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    first: Vec<String>,
    last: VecDeque<String>,
    room: Room,
    lines: u64,
    /// Blank lines that nothing has followed yet: at the end of an output they say nothing.
    blanks: u64,
    partial: Option<String>,
}

/// How many lines are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// From the beginning.
    pub first: usize,
    /// From the end.
    pub last: usize,
}

impl Captured {
    /// Nothing yet.
    pub fn new(room: Room) -> Self {
        Self {
            first: Vec::new(),
            last: VecDeque::new(),
            room,
            lines: 0,
            blanks: 0,
            partial: None,
        }
    }

    /// Takes text with its line ends. A line may come in pieces.
    pub fn push(&mut self, text: &str) {
        for piece in text.split_inclusive('\n') {
            let ends = piece.ends_with('\n');
            let mut line = self.partial.take().unwrap_or_default();
            append(&mut line, piece.trim_end_matches('\n'));
            if ends {
                self.keep(settled(&line));
            } else {
                self.partial = Some(line);
            }
        }
    }

    fn keep(&mut self, line: String) {
        if line.trim().is_empty() {
            self.blanks += 1;
            return;
        }
        let blanks = std::mem::take(&mut self.blanks);
        let seen = blanks.min(words::count(self.room.first + self.room.last));
        self.lines += blanks - seen;
        for _ in 0..seen {
            self.place(String::new());
        }
        self.place(line);
    }

    fn place(&mut self, line: String) {
        self.lines += 1;
        if self.first.len() < self.room.first {
            self.first.push(line);
            return;
        }
        if self.last.len() == self.room.last {
            self.last.pop_front();
        }
        if self.room.last > 0 {
            self.last.push_back(line);
        }
    }

    /// The lines to show, of which `room` limits both ends; where lines are missing stands their number.
    pub fn shown(&self, room: Room) -> Vec<Shown> {
        // What has no line end yet counts as a line.
        let mut whole = self.clone();
        if let Some(partial) = whole.partial.take() {
            whole.keep(settled(&partial));
        }
        let kept: Vec<&String> = whole.first.iter().chain(&whole.last).collect();
        let mut missing = whole.lines - words::count(kept.len());
        let (first, last) = if missing > 0 {
            // Where the middle is missing, each side ends at it.
            (
                room.first.min(whole.first.len()),
                room.last.min(whole.last.len()),
            )
        } else if kept.len() <= room.first + room.last {
            (kept.len(), 0)
        } else {
            (room.first, room.last)
        };
        missing += words::count(kept.len() - first - last);
        let line = |text: &&String| Shown::Line((*text).clone());
        let mut shown: Vec<Shown> = kept[..first].iter().map(line).collect();
        if missing > 0 {
            shown.push(Shown::LeftOut(missing));
        }
        shown.extend(kept[kept.len() - last..].iter().map(line));
        shown
    }

    /// The same as text that may be shown: lines without escape sequences, and a word for what is left out.
    pub fn text(&self, room: Room) -> String {
        let lines = self.shown(room).into_iter().map(|line| match line {
            Shown::Line(line) => tool_line(&line, false),
            Shown::LeftOut(count) => format!("... {count} lines left out ..."),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Whether nothing was printed.
    pub fn is_empty(&self) -> bool {
        self.lines == 0
            && self
                .partial
                .as_deref()
                .is_none_or(|line| settled(line).trim().is_empty())
    }
}

/// A line of a shown output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As the tool printed it.
    Line(String),
    /// So many lines stood here.
    LeftOut(u64),
}

/// Adds to a line, up to a byte more than its longest, by which the cut is known.
fn append(line: &mut String, piece: &str) {
    let room = (LONGEST_LINE + 1).saturating_sub(line.len());
    line.push_str(&piece[..piece.ceil_char_boundary(room)]);
}

/// A line as a terminal would leave it: what a carriage return overwrote is gone.
pub(crate) fn overwritten(line: &str) -> &str {
    let line = line.trim_end_matches('\r');
    line.rsplit('\r')
        .find(|part| !part.is_empty())
        .unwrap_or("")
}

/// A line as it is kept.
pub(crate) fn settled(line: &str) -> String {
    let line = overwritten(line);
    if line.len() <= LONGEST_LINE {
        return line.to_owned();
    }
    format!(
        "{} ... (the rest of a long line is left out)",
        &line[..line.floor_char_boundary(LONGEST_LINE)]
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROOM: Room = Room { first: 2, last: 2 };

    fn shown(text: &str) -> String {
        let mut captured = Captured::new(ROOM);
        captured.push(text);
        let lines = captured.shown(ROOM).into_iter().map(|shown| match shown {
            Shown::Line(line) => line,
            Shown::LeftOut(lines) => format!("<{lines}>"),
        });
        lines.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn both_ends_stay() {
        for (text, lines) in [
            ("", ""),
            ("a", "a"),
            ("a\nb\nc\nd\n", "a|b|c|d"),
            ("a\nb\nc\nd\ne\n", "a|b|<1>|d|e"),
            ("a\n\n\n", "a"),
            ("10%\r50%\r100%\r\nb\r\n", "100%|b"),
            ("\r\r\n", ""),
            ("a\nb\nc\nd\ne\nf\n\n \n", "a|b|<2>|e|f"),
            ("a\n\n\n\n\n\n\nb\n", "a||<4>||b"),
            ("a\nb\nc\nd\ne", "a|b|<1>|d|e"),
        ] {
            assert_eq!(shown(text), lines, "{text:?}");
        }
    }

    #[test]
    fn a_line_in_pieces_is_one_line_and_a_long_one_is_cut() {
        let mut captured = Captured::new(ROOM);
        for piece in ["a", "b", "c\nd"] {
            captured.push(piece);
        }
        let lines = captured.shown(ROOM);
        assert_eq!(lines, [Shown::Line("abc".into()), Shown::Line("d".into())]);

        let mut long = Captured::new(ROOM);
        for _ in 0..10_000 {
            long.push("日本語日本語日本語");
        }
        let Some(Shown::Line(line)) = long.shown(ROOM).pop() else {
            panic!("one line");
        };
        assert!(
            line.len() < LONGEST_LINE + 60
                && line.ends_with("(the rest of a long line is left out)")
        );
    }

    #[test]
    fn a_million_lines_need_the_memory_of_a_few() {
        let mut captured = Captured::new(Room {
            first: 200,
            last: 800,
        });
        let chunk = format!("{}\n", "x".repeat(80)).repeat(1000);
        for _ in 0..1000 {
            captured.push(&chunk);
        }
        let bytes: usize = captured
            .first
            .iter()
            .chain(&captured.last)
            .map(String::capacity)
            .sum();
        assert!(bytes < 200_000, "{bytes}");
        let lines = captured.shown(Room { first: 1, last: 1 });
        assert_eq!(lines[1], Shown::LeftOut(999_998));
    }

    proptest! {
        #[test]
        fn every_line_is_shown_in_its_place_or_counted(
            text in "([ab]{1,2}\n){0,12}", room in (0_usize..6, 0_usize..6), cut in 0_usize..20,
        ) {
            let room = Room { first: room.0, last: room.1 };
            let mut captured = Captured::new(Room { first: 3, last: 3 });
            let cut = cut.min(text.len());
            captured.push(&text[..cut]);
            captured.push(&text[cut..]);
            let lines: Vec<&str> = text.lines().collect();
            let mut at = 0;
            let mut shown_last = 0;
            for shown in captured.shown(room) {
                match shown {
                    Shown::Line(line) => {
                        prop_assert_eq!(&line, lines[at]);
                        (at, shown_last) = (at + 1, shown_last + 1);
                    }
                    Shown::LeftOut(left_out) => {
                        let kept = if lines.len() > 6 { 3 } else { 6 };
                        prop_assert_eq!(at, room.first.min(kept));
                        (at, shown_last) = (at + usize::try_from(left_out).unwrap(), 0);
                    }
                }
            }
            prop_assert_eq!(at, lines.len());
            prop_assert!(shown_last >= room.last.min(3).min(lines.len()));
        }
    }
}
