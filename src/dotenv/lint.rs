//! What is odd in an env file whoever reads it: the things that people trip over, each with its place and, where it
//! is safe, the edit that mends it.

mod lines;
mod safe;

use std::collections::HashMap;
use std::ops::Range;

use super::file::{START, Walk};
use super::{Dialect, Edit, Entry, File, ProblemKind, Quote, parse};
use crate::secret::Secret;
use crate::source::Position;
pub(crate) use safe::apply;

/// What is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LintKind {
    /// The name was set before; the later one wins.
    DuplicateKey,
    /// Small letters in the name.
    LowerCaseKey,
    /// A name that a shell cannot take.
    KeyCharacters,
    /// Blanks around `=`.
    BlankAroundSeparator,
    /// Blanks at a line's end.
    TrailingBlank,
    /// Blanks at the end of a value, within its quotes.
    TrailingBlankInValue,
    /// A name without `=`.
    MissingValue,
    /// A byte order mark.
    Mark,
    /// CRLF and LF in one file.
    MixedLineEnds,
    /// The last line has no end.
    NoFinalNewline,
    /// `export NAME` without a value.
    ExportWithoutValue,
    /// A quote that is not closed.
    UnterminatedQuote,
    /// Something behind the closing quote.
    TextBehindQuote,
    /// Several assignments in one line.
    SeveralAssignments,
}

/// Something odd.
#[derive(Clone, Debug)]
pub struct Lint {
    /// What.
    pub kind: LintKind,
    /// Its bytes.
    pub span: Range<usize>,
    /// Where they begin.
    pub place: Position,
    /// For a name that was set before: where that was.
    pub other: Option<Position>,
    /// What mends it without changing what is read; none where that is for people to decide.
    pub edits: Vec<Edit>,
}

/// Everything odd in a file, in its order, as this reader parts it.
pub fn lint(bytes: &[u8], dialect: Dialect) -> Vec<Lint> {
    let file = parse(bytes, dialect);
    let mut found = Found(Vec::new());
    let is_text = |kind| !matches!(kind, ProblemKind::Utf16 | ProblemKind::TooLarge);
    if !file.refused().is_none_or(|problem| is_text(problem.kind)) {
        return Vec::new();
    }
    let mut first: HashMap<&str, Position> = HashMap::new();
    for (number, entry) in file.entries().iter().enumerate() {
        let before = number.checked_sub(1).map(|before| &file.entries()[before]);
        found.key(entry);
        found.assignment(bytes, entry);
        found.value(bytes, entry, before);
        if entry.value.is_some() || entry.is_read {
            match first.get(entry.key.as_str()) {
                Some(place) => {
                    let other = Some(*place);
                    let lint = Lint::new(LintKind::DuplicateKey, entry.key_span.clone());
                    found.0.push(Lint { other, ..lint });
                }
                None => {
                    first.insert(&entry.key, entry.place);
                }
            }
        }
    }
    found.problems(&file);
    lines::lint(bytes, &file, &mut found.0);
    found.0.sort_by_key(|lint| lint.span.start);
    safe::keep(bytes, &mut found.0);
    place(bytes, &mut found.0);
    found.0
}

/// Finds the places in one pass.
fn place(bytes: &[u8], lints: &mut [Lint]) {
    let Ok(text) = super::text::Text::of(bytes) else {
        return;
    };
    let mut walk = Walk::new(&text);
    for lint in lints {
        lint.place = walk.to(text.offset(lint.span.start));
    }
}

impl Lint {
    fn new(kind: LintKind, span: Range<usize>) -> Self {
        Self {
            kind,
            span,
            place: START,
            other: None,
            edits: Vec::new(),
        }
    }

    fn with(mut self, span: Range<usize>, text: &str) -> Self {
        self.edits.push(Edit {
            span,
            text: Secret::new(text),
        });
        self
    }
}

struct Found(Vec<Lint>);

impl Found {
    fn add(&mut self, kind: LintKind, span: Range<usize>) {
        self.0.push(Lint::new(kind, span));
    }

    fn key(&mut self, entry: &Entry) {
        let key = entry.key.as_bytes();
        let starts = key.first().is_some_and(|byte| !byte.is_ascii_digit());
        let all = key
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if !(starts && all) {
            self.add(LintKind::KeyCharacters, entry.key_span.clone());
        } else if key.iter().any(u8::is_ascii_lowercase) {
            self.add(LintKind::LowerCaseKey, entry.key_span.clone());
        }
    }

    fn assignment(&mut self, bytes: &[u8], entry: &Entry) {
        let Some(separator) = &entry.separator else {
            let (kind, span) = match &entry.export {
                Some(export) => (
                    LintKind::ExportWithoutValue,
                    export.start..entry.key_span.end,
                ),
                None => (LintKind::MissingValue, entry.key_span.clone()),
            };
            self.add(kind, span);
            return;
        };
        let value = entry.value_span.clone().unwrap_or(separator.clone());
        let is_empty = value.is_empty() || value == *separator;
        let end = if is_empty { separator.end } else { value.start };
        let around = entry.key_span.end..end;
        let blanks = |span: Range<usize>| bytes[span].iter().all(|byte| b" \t".contains(byte));
        let (before, behind) = (around.start..separator.start, separator.end..end);
        let is_wide = !before.is_empty() || !behind.is_empty();
        if !is_wide || bytes[separator.clone()] != *b"=" {
            return;
        }
        let only = blanks(before) && blanks(behind);
        if only {
            // `A= #x` is empty to most; `A=#x` is not.
            let cut = match bytes.get(end) {
                Some(b'#') => around.start..separator.end,
                _ => around.clone(),
            };
            let lint = Lint::new(LintKind::BlankAroundSeparator, around);
            self.0.push(lint.with(cut, "="));
        }
    }

    fn value(&mut self, bytes: &[u8], entry: &Entry, before: Option<&Entry>) {
        let Some((value, body)) = entry.value_span.clone().zip(entry.body_span.clone()) else {
            return;
        };
        let line_before = before.map(|before| before.value_place.line);
        if line_before == Some(entry.place.line) && before.is_some_and(|b| b.quote != Quote::None) {
            self.add(LintKind::SeveralAssignments, entry.key_span.clone());
        }
        let raw = &bytes[body.clone()];
        if entry.quote != Quote::None {
            let kept = raw.trim_ascii_end().len();
            let cut = &raw[kept..];
            if !cut.is_empty() && cut.iter().all(|byte| b" \t".contains(byte)) {
                self.add(LintKind::TrailingBlankInValue, body.start + kept..body.end);
            }
            return;
        }
        match raw.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let close = memchr::memchr(*quote, &raw[1..]);
                match close {
                    Some(close) => {
                        let behind = &raw[close + 2..];
                        let from = body.end - behind.trim_ascii_start().len();
                        self.add(LintKind::TextBehindQuote, from..body.end);
                    }
                    None => self.add(LintKind::UnterminatedQuote, value.start..value.start + 1),
                }
            }
            _ => {
                if let Some(second) = second_assignment(raw) {
                    let span = body.start + second.start..body.start + second.end;
                    self.add(LintKind::SeveralAssignments, span);
                }
            }
        }
    }

    /// What readers who refuse or drop a line say about its quotes.
    fn problems(&mut self, file: &File) {
        for problem in file.problems() {
            let kind = match problem.kind {
                ProblemKind::UnterminatedQuote => LintKind::UnterminatedQuote,
                ProblemKind::TextBehindQuote => LintKind::TextBehindQuote,
                _ => continue,
            };
            self.add(kind, problem.span.clone());
        }
    }
}

/// The name of a second assignment in a value: `1;B=2`, `1 B=2`. A value that is made of such pairs, as connection
/// strings are, has `=` before the first of them.
fn second_assignment(raw: &[u8]) -> Option<Range<usize>> {
    let equals = memchr::memchr(b'=', raw)?;
    let is_name = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let length = raw[..equals]
        .iter()
        .rev()
        .take_while(|byte| is_name(byte))
        .count();
    let start = equals - length;
    let begins = raw
        .get(start)
        .is_some_and(|byte| byte.is_ascii_uppercase() || *byte == b'_');
    let is_apart = start > 1 && matches!(raw[start - 1], b' ' | b'\t' | b';');
    (length > 0 && begins && is_apart).then_some(start..equals)
}
