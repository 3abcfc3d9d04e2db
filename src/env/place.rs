//! From bytes of a file to lines and characters.

use std::cell::Cell;
use std::ops::Range;

use memchr::memchr_iter;

use crate::finding::Position;

/// Where the lines of a file begin.
pub(crate) struct Lines<'b> {
    bytes: &'b [u8],
    starts: Vec<usize>,
    /// The offset that was asked for last, and how many characters stand before it in its line: a line may be as
    /// long as a file, and hold thousands of places.
    last: Cell<(usize, usize)>,
}

impl<'b> Lines<'b> {
    /// Counts the lines once; CR alone is a line end, too.
    pub(crate) fn of(bytes: &'b [u8]) -> Self {
        let mut starts = vec![0];
        if memchr::memchr(b'\n', bytes).is_some() {
            starts.extend(memchr_iter(b'\n', bytes).map(|end| end + 1));
        } else {
            starts.extend(memchr_iter(b'\r', bytes).map(|end| end + 1));
        }
        Self {
            bytes,
            starts,
            last: Cell::new((0, 0)),
        }
    }

    /// The line and the character of an offset.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.bytes.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line.saturating_sub(1)];
        let (last, known) = self.last.get();
        let characters = if start < last && last <= offset {
            known + bstr::ByteSlice::chars(&self.bytes[last..offset]).count()
        } else {
            let mut text = &self.bytes[start..offset];
            if start == 0 {
                text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
            }
            bstr::ByteSlice::chars(text).count()
        };
        self.last.set((offset, characters));
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Position {
            line: number(line),
            column: number(characters.saturating_add(1)),
        }
    }

    /// The first character of a stretch, and the first behind it.
    pub(crate) fn span(&self, span: &Range<usize>) -> (Position, Position) {
        (self.position(span.start), self.position(span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        for (text, offset, line, column) in [
            ("A=1\nB=2\n", 0, 1, 1),
            ("A=1\nB=2\n", 6, 2, 3),
            ("A=é\nB=ü2\n", 9, 2, 4),
            ("\u{feff}A=1", 5, 1, 3),
            ("A=1\r\nB=2", 5, 2, 1),
            ("A=1\rB=2", 6, 2, 3),
            ("A=1\n", 4, 2, 1),
            ("", 9, 1, 1),
        ] {
            let position = Lines::of(text.as_bytes()).position(offset);
            assert_eq!((position.line, position.column), (line, column), "{text:?}");
        }
    }

    #[test]
    fn it_does_not_matter_what_was_asked_before() {
        let text = "\u{feff}A=é\nBB='ü' C=1\n".as_bytes();
        let lines = Lines::of(text);
        let offsets =
            || (0..=text.len()).filter(|at| text.get(*at).is_none_or(|b| b & 0xc0 != 0x80));
        for first in offsets() {
            for second in offsets() {
                lines.position(first);
                assert_eq!(lines.position(second), Lines::of(text).position(second));
            }
        }
    }
}
