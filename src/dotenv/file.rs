//! A file as one reader sees it, with nothing of it lost.

use std::collections::HashMap;
use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::text::{self, Text};
use super::{Dialect, Problem, ProblemKind};
use crate::secret::Secret;
use crate::source::Position;

/// What a process can be given in one variable, on Linux: name, `=`, value and a NUL.
const LONGEST: usize = 128 << 10;

/// The quotes around a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quote {
    /// None.
    #[default]
    None,
    /// `'`
    Single,
    /// `"`
    Double,
    /// `` ` ``
    Backtick,
}

/// The place of what has none yet.
pub(super) const START: Position = Position { line: 1, column: 1 };

/// One assignment, or the bare name of a variable. Spans are bytes of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub key: String,
    /// What the reader makes of the value; none for a bare name.
    pub value: Option<Secret>,
    /// The name.
    pub key_span: Range<usize>,
    /// The value with its quotes.
    pub value_span: Option<Range<usize>>,
    /// The value within its quotes.
    pub body_span: Option<Range<usize>>,
    /// The word `export` before the name.
    pub export: Option<Range<usize>>,
    /// `=`, or `:` where the reader takes it.
    pub separator: Option<Range<usize>>,
    /// The comment behind it.
    pub comment: Option<Range<usize>>,
    /// The quotes around the value.
    pub quote: Quote,
    /// Whether the reader hands it on; node drops a bare name.
    pub is_read: bool,
    /// Where the name begins.
    pub place: Position,
    /// Where the value begins, quotes included.
    pub value_place: Position,
}

impl Entry {
    /// The name as it may be shown; none where it may be a line of a key whose value lost its quotes.
    pub fn shown_key(&self) -> Option<&str> {
        // The last line of base64 ends in `=`.
        let value = self.value.as_ref().map_or("", Secret::reveal);
        let has_value = value.bytes().any(|byte| byte != b'=');
        (has_value || !is_like_chance(&self.key)).then_some(self.key.as_str())
    }
}

/// Whether a name is none that people give: long, and letters of both kinds and digits without a break.
fn is_like_chance(name: &str) -> bool {
    let has = |is: fn(&u8) -> bool| name.as_bytes().iter().any(is);
    let is_mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let has_digit = has(u8::is_ascii_digit);
    let has_more = name.contains(['+', '/']);
    let is_odd = match name.len() {
        ..6 => false,
        6..12 => is_mixed && has_digit,
        12..16 => has_digit || has_more,
        16.. => is_mixed || has_digit || has_more,
    };
    is_odd && !name.contains('_')
}

/// What a stretch of the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// The byte order mark.
    Mark,
    /// Nothing but blanks.
    Blank,
    /// A comment of its own.
    Comment,
    /// The entry of this number.
    Entry(usize),
    /// What the reader does not read.
    Unread,
}

/// A stretch of the file, its line end included. All pieces together are the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Its bytes.
    pub span: Range<usize>,
}

/// What a grammar finds, in offsets of the text.
#[derive(Default)]
pub(super) struct Read {
    pub(super) entries: Vec<Entry>,
    pub(super) pieces: Vec<Piece>,
    pub(super) problems: Vec<Problem>,
}

/// A file as one reader sees it.
#[derive(Clone, Debug)]
pub struct File {
    dialect: Dialect,
    entries: Vec<Entry>,
    pieces: Vec<Piece>,
    problems: Vec<Problem>,
}

impl File {
    /// A file that is not even text.
    pub(super) fn unreadable(bytes: &[u8], dialect: Dialect, kind: ProblemKind) -> Self {
        let line = match kind {
            ProblemKind::TooLarge => text::longest_line(bytes),
            _ => 0..bytes.len().min(2),
        };
        // What makes a line so long is its value.
        let name = &bytes[line.start..line.end.min(line.start + LONGEST)];
        let behind = memchr(b'=', name).map_or(0, |equals| equals + 1);
        let span = line.start + behind..line.end;
        let mut problem = Problem::refusal(kind, span);
        problem.place.line += memchr_iter(b'\n', &bytes[..line.start]).count();
        problem.place.column += String::from_utf8_lossy(&name[..behind]).chars().count();
        Self {
            dialect,
            entries: Vec::new(),
            pieces: vec![Piece {
                kind: PieceKind::Unread,
                span: 0..bytes.len(),
            }],
            problems: vec![problem],
        }
    }

    /// From what a grammar found.
    pub(super) fn new(text: &Text, dialect: Dialect, read: Read) -> Self {
        let Read {
            mut entries,
            mut pieces,
            mut problems,
        } = read;
        problems.extend(entries.iter().filter_map(unusable));
        problems.sort_by_key(|problem| problem.span.start);
        let mut walk = Walk::new(text);
        for problem in &mut problems {
            problem.place = walk.to(problem.span.start);
            problem.span = text.bytes(&problem.span);
        }
        let mut walk = Walk::new(text);
        for entry in &mut entries {
            entry.place = walk.to(entry.key_span.start);
            entry.value_place = match &entry.value_span {
                Some(span) => walk.to(span.start),
                None => entry.place,
            };
            entry.key_span = text.bytes(&entry.key_span);
            for span in [
                &mut entry.value_span,
                &mut entry.body_span,
                &mut entry.export,
                &mut entry.separator,
                &mut entry.comment,
            ] {
                *span = span.as_ref().map(|span| text.bytes(span));
            }
        }
        for piece in &mut pieces {
            piece.span = text.bytes(&piece.span);
        }
        if text.mark > 0 {
            let mark = Piece {
                kind: PieceKind::Mark,
                span: 0..text.mark,
            };
            pieces.insert(0, mark);
        }
        Self {
            dialect,
            entries,
            pieces,
            problems,
        }
    }

    /// Whose rules it was read by.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Every assignment and bare name, in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The stretches that the file consists of.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// What is wrong with it for this reader, in the order of the file.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Why the reader refuses the whole file, if it does.
    pub fn refused(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.refuses)
    }

    /// What the reader hands on: of each name the last entry, in the order of the file.
    pub fn effective(&self) -> impl Iterator<Item = &Entry> {
        let read = self.entries.iter().enumerate();
        let read = read.filter(|(_, entry)| entry.is_read);
        let last: HashMap<&str, usize> = read
            .clone()
            .map(|(number, entry)| (entry.key.as_str(), number))
            .collect();
        read.filter(move |(number, entry)| last.get(entry.key.as_str()) == Some(number))
            .map(|(_, entry)| entry)
    }
}

/// What no process can be given, whoever reads it.
fn unusable(entry: &Entry) -> Option<Problem> {
    let value = entry.value.as_ref()?.reveal();
    let span = entry.value_span.clone()?;
    if value.contains('\0') || entry.key.contains('\0') {
        return Some(Problem::new(ProblemKind::Nul, span));
    }
    let is_long = entry.key.len() + value.len() + 2 > LONGEST;
    is_long.then(|| Problem::new(ProblemKind::ValueTooLong, span))
}

/// Finds places in one pass over the text: each place costs what lies between it and the one before.
pub(super) struct Walk<'t> {
    text: &'t str,
    at: usize,
    place: Position,
}

impl<'t> Walk<'t> {
    pub(super) fn new(text: &'t Text) -> Self {
        Self {
            text: &text.whole,
            // The mark is no column.
            at: text.mark,
            place: START,
        }
    }

    /// The place of an offset; one before the last that was asked for is where that was.
    pub(super) fn to(&mut self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let passed = self.text.get(self.at..offset).unwrap_or_default();
        let lines = memchr_iter(b'\n', passed.as_bytes());
        let (count, last) = lines.fold((0, None), |(count, _), at| (count + 1, Some(at)));
        self.place.line += count;
        match last {
            Some(last) => self.place.column = 1 + passed[last + 1..].chars().count(),
            None => self.place.column += passed.chars().count(),
        }
        self.at = self.at.max(offset);
        self.place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_and_lines_of_keys_are_not() {
        for (line, is_shown) in [
            ("DATABASE_URL=x", true),
            ("DATABASE_URL", true),
            ("NODE_ENV=", true),
            ("S3=", true),
            ("camelCase=", true),
            ("next_public_base64_key_of_2026", true),
            // A value behind it shows that it is a name.
            ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC=x", true),
            ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", false),
            ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC==", false),
            ("vQIBADANBg+kqh/kiG", false),
            ("q8Zr2mVx=", false),
            ("JBSWY3DPEHPK3PXP", false),
            ("0123456789abcdef0123456789abcdef", false),
        ] {
            let file = super::super::parse(line.as_bytes(), Dialect::Python);
            let entry = file.entries().first().unwrap();
            assert_eq!(entry.shown_key().is_some(), is_shown, "{line}");
        }
    }
}
