//! A text that messages point into: byte offsets on one side, lines and columns as people count them on the other.

use std::ops::Range;
use std::sync::OnceLock;

/// A text with the name under which people know it.
#[derive(Clone, Debug, Default)]
pub struct Source {
    name: String,
    text: String,
    /// Where each line begins. Made at the first question: only what is shown pays for it.
    starts: OnceLock<Vec<usize>>,
}

/// A place as editors count it: both begin at 1, and columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character within the line.
    pub column: usize,
}

impl Source {
    /// A text under a name. A byte order mark is no part of the text: it would count as a column.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Self {
            name: name.into(),
            text,
            starts: OnceLock::new(),
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The part of the text that a span covers; empty where the span lies outside or cuts a character.
    pub fn slice(&self, span: Range<usize>) -> &str {
        self.text.get(span).unwrap_or_default()
    }

    /// Where a byte offset is. One beyond the end is at the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let starts = self.starts();
        let line = starts.partition_point(|start| *start <= offset);
        let start = starts[line - 1];
        Position {
            line,
            column: self.text[start..offset].chars().count() + 1,
        }
    }

    /// The bytes of a line (the first is 1) without its line end; empty beyond the last.
    pub fn line(&self, line: usize) -> Range<usize> {
        let starts = self.starts();
        let end_of_text = self.text.len();
        let Some(start) = line.checked_sub(1).and_then(|index| starts.get(index)) else {
            return end_of_text..end_of_text;
        };
        let next = starts.get(line).copied().unwrap_or(end_of_text);
        let text = &self.text[*start..next];
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        *start..*start + text.len()
    }

    /// The byte offset of a line and a byte column, both counted from 1, as some parsers report.
    pub fn offset_of(&self, line: usize, byte_column: usize) -> usize {
        let range = self.line(line);
        let offset = range.start + byte_column.saturating_sub(1);
        self.text.floor_char_boundary(offset.min(range.end))
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            std::iter::once(0)
                .chain(memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|end| end + 1))
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(line: usize, column: usize) -> Position {
        Position { line, column }
    }

    #[test]
    fn columns_count_characters_and_lines_end_in_any_way() {
        let source = Source::new("f", "a\r\nü: é!\n\nlast");
        assert_eq!(source.position(0), at(1, 1));
        assert_eq!(source.position(3), at(2, 1));
        // Behind the two-byte letter, and in the middle of it.
        assert_eq!(source.position(5), at(2, 2));
        assert_eq!(source.position(4), at(2, 1));
        assert_eq!(source.slice(source.line(1)), "a");
        assert_eq!(source.slice(source.line(2)), "ü: é!");
        assert_eq!(source.slice(source.line(3)), "");
        assert_eq!(source.slice(source.line(4)), "last");
        assert_eq!(source.slice(source.line(5)), "");
        assert_eq!(source.slice(source.line(0)), "");
        assert_eq!(source.position(9999), at(4, 5));
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        assert_eq!(Source::new("f", "\u{feff}ab").position(1), at(1, 2));
    }

    proptest! {
        #[test]
        fn no_offset_panics(text in "[a\u{e9}\r\n\u{1f600}]{0,40}", offset in 0usize..200) {
            let source = Source::new("f", text);
            let place = source.position(offset);
            prop_assert!(place.line >= 1 && place.column >= 1);
            let line = source.line(place.line);
            prop_assert!(line.start <= offset);
            source.offset_of(offset, offset);
        }
    }
}
