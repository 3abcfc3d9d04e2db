//! Railway's raw editor: `KEY=VALUE` lines, as far as they are known (see the head of the room).

use std::ops::Range;

use memchr::memchr;

use super::file::{Entry, Piece, PieceKind, Quote, Read, START};
use super::text::{Text, last_of};
use super::{Problem, ProblemKind};
use crate::secret::Secret;

/// Reads a text line by line.
pub(super) fn read(text: &Text) -> Read {
    let mark = text.mark;
    let text = text.whole.as_ref();
    let lines = Lines {
        text,
        last_single: last_of(b'\'', text),
        last_double: last_of(b'"', text),
    };
    let mut read = Read::default();
    let mut at = mark;
    while at < text.len() {
        let end = lines.end(at);
        let line = trimmed(text, at..end);
        let mut next = (end + 1).min(text.len());
        let kind = if line.is_empty() {
            PieceKind::Blank
        } else if text.as_bytes()[line.start] == b'#' {
            PieceKind::Comment
        } else if let Some(entry) = lines.entry(line.clone()) {
            let value = entry.value_span.clone().unwrap_or(line);
            next = (lines.end(value.end) + 1).min(text.len());
            read.entries.push(entry);
            PieceKind::Entry(read.entries.len() - 1)
        } else {
            let kind = match memchr(b'=', &text.as_bytes()[line.clone()]) {
                Some(_) => ProblemKind::Key,
                None => ProblemKind::NoAssignment,
            };
            read.problems.push(Problem::new(kind, line));
            PieceKind::Unread
        };
        let span = at..next;
        read.pieces.push(Piece { kind, span });
        at = next;
    }
    read
}

struct Lines<'t> {
    text: &'t str,
    /// A quote behind the last of its kind is closed by none; asking once keeps the whole linear.
    last_single: Option<usize>,
    last_double: Option<usize>,
}

impl Lines<'_> {
    /// Where the line ends that an offset is in.
    fn end(&self, at: usize) -> usize {
        memchr(b'\n', &self.text.as_bytes()[at..]).map_or(self.text.len(), |end| at + end)
    }

    fn entry(&self, line: Range<usize>) -> Option<Entry> {
        let equals = line.start + memchr(b'=', &self.text.as_bytes()[line.clone()])?;
        let key_span = trimmed(self.text, line.start..equals);
        let key = &self.text[key_span.clone()];
        let is_name = !key.is_empty() && !key.contains(char::is_whitespace);
        if !is_name {
            return None;
        }
        let rest = trimmed(self.text, equals + 1..line.end);
        let (value, body, comment, quote) = match self.quoted(rest.clone()) {
            Some(found) => found,
            None => self.plain(equals + 1, rest),
        };
        let text = Some(Secret::new(&self.text[body.clone()]));
        Some(Entry {
            key: key.to_owned(),
            value: text,
            key_span,
            value_span: Some(value),
            body_span: Some(body),
            export: None,
            separator: Some(equals..equals + 1),
            comment,
            quote,
            is_read: true,
            place: START,
            value_place: START,
        })
    }

    /// A value within quotes, which may go on over several lines.
    fn quoted(&self, rest: Range<usize>) -> Option<Found> {
        let bytes = self.text.as_bytes();
        let open = *bytes[rest.clone()].first()?;
        let (quote, last) = match open {
            b'\'' => (Quote::Single, self.last_single?),
            b'"' => (Quote::Double, self.last_double?),
            _ => return None,
        };
        if last <= rest.start {
            return None;
        }
        let close = rest.start + 1 + memchr(open, &bytes[rest.start + 1..])?;
        let behind = trimmed(self.text, close + 1..self.end(close));
        let comment = match bytes[behind.clone()].first() {
            None => None,
            Some(b'#') => Some(behind),
            Some(_) => return None,
        };
        Some((rest.start..close + 1, rest.start + 1..close, comment, quote))
    }

    /// A value up to a comment or the line's end.
    fn plain(&self, from: usize, rest: Range<usize>) -> Found {
        let bytes = self.text.as_bytes();
        let hash = rest
            .clone()
            .find(|at| bytes[*at] == b'#' && *at > from && matches!(bytes[at - 1], b' ' | b'\t'));
        let value = trimmed(self.text, rest.start..hash.unwrap_or(rest.end));
        let comment = hash.map(|hash| hash..rest.end);
        (value.clone(), value, comment, Quote::None)
    }
}

/// The value with its quotes, without them, the comment behind it, and the quotes.
type Found = (Range<usize>, Range<usize>, Option<Range<usize>>, Quote);

/// A stretch without the blanks around it.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let part = &text[span.clone()];
    let start = span.start + (part.len() - part.trim_start().len());
    start..(start + part.trim().len())
}
