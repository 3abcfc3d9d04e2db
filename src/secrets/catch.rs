//! The search of one piece: what it is, what it holds, and where in it.

use std::ops::Range;

use super::scan::{self, Matches, Text};
use super::set::RuleSet;
use super::{closer, decode};
use crate::finding::Position;
use crate::path::RepoPath;

/// A secret in a piece.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Caught {
    /// The rule's number.
    pub(crate) rule: u16,
    /// The value itself. It is never shown.
    pub(crate) value: Vec<u8>,
    /// Where it begins, and where what follows it does.
    pub(crate) place: (Position, Position),
    /// The line on which it begins, and the one above: whoever allows it says so there.
    pub(crate) here: Vec<u8>,
    pub(crate) above: Vec<u8>,
}

/// As much of a line is kept for those who look for a word about it.
const LINE: usize = 4096;

/// What a search of a text came to.
#[derive(Default)]
pub(crate) struct Catch {
    /// The secrets, in the order in which they stand.
    pub(crate) caught: Vec<Caught>,
    /// Whether nothing here is a secret, whatever the file is called: then nobody need look again.
    pub(crate) is_clean: bool,
}

/// What was found in a text, and in what stands encoded in it.
pub(crate) fn catch(set: &RuleSet, text: Text<'_>) -> Catch {
    let Matches { hits, is_open } = scan::matches(set, text);
    let mut is_clean = !is_open && closer::is_clean(set, text, &hits);
    let secrets = closer::secrets(set, text, hits);
    let mut lines = Lines::new(text.bytes);
    let mut caught = |rule: u16, value: &[u8], span: &Range<usize>| Caught {
        rule,
        value: value.to_vec(),
        place: (lines.position(span.start), lines.position(span.end)),
        here: cut(text.bytes, closer::line(text.bytes, span), span),
        above: above(text.bytes, span),
    };
    let mut all: Vec<(Range<usize>, Caught)> = secrets
        .into_iter()
        .map(|hit| {
            let value = &text.bytes[hit.value.clone()];
            (hit.value.clone(), caught(hit.rule, value, &hit.value))
        })
        .collect();
    decode::every(text.bytes, &mut |span, inner| {
        let decoded = Text {
            bytes: inner,
            ..text
        };
        let Matches { hits, is_open } = scan::matches(set, decoded);
        is_clean = is_clean && !is_open && closer::is_clean(set, decoded, &hits);
        // What stands there openly speaks for itself.
        let is_told =
            |(other, _): &(Range<usize>, Caught)| other.start < span.end && span.start < other.end;
        if hits.is_empty() || all.iter().any(is_told) {
            return;
        }
        if let Some(hit) = closer::secrets(set, decoded, hits).first() {
            let value = &inner[hit.value.clone()];
            all.push((span.clone(), caught(hit.rule, value, &span)));
        }
    });
    all.sort_by_key(|(span, caught)| (span.start, caught.rule));
    Catch {
        caught: all.into_iter().map(|(_, caught)| caught).collect(),
        is_clean,
    }
}

/// The rule, if any, to which the path alone is enough.
pub(crate) fn by_path(set: &RuleSet, path: &RepoPath) -> Option<Caught> {
    let mut rules = set.by_path.iter();
    let rule = rules.find(|rule| {
        let compiled = set.compiled(**rule);
        let regex = compiled.and_then(|compiled| compiled.path.as_ref());
        regex.is_some_and(|regex| regex.is_match(path.as_bytes()))
    })?;
    let start = Position { line: 1, column: 1 };
    Some(Caught {
        rule: *rule,
        value: Vec::new(),
        place: (start, start),
        here: Vec::new(),
        above: Vec::new(),
    })
}

/// The line above the one on which a value begins.
fn above(text: &[u8], value: &Range<usize>) -> Vec<u8> {
    let start = closer::line(text, value).start;
    match start.checked_sub(1) {
        Some(end) => cut(text, closer::line(text, &(end..end)), &(end..end)),
        None => Vec::new(),
    }
}

/// A line, or what of a long one is nearest to a value.
fn cut(text: &[u8], line: Range<usize>, value: &Range<usize>) -> Vec<u8> {
    let start = line.start.max(value.start.saturating_sub(LINE / 2));
    let end = line.end.min(value.end.saturating_add(LINE / 2));
    text[start..end.max(start)].to_vec()
}

/// Positions in a text, asked for in any order and cheapest from front to back.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u32,
    start: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            start: 0,
        }
    }

    fn position(&mut self, at: usize) -> Position {
        if at < self.at {
            *self = Self::new(self.text);
        }
        for end in memchr::memchr_iter(b'\n', &self.text[self.at..at]) {
            self.line = self.line.saturating_add(1);
            self.start = self.at + end + 1;
        }
        self.at = at;
        // Bytes that go on with a character are none by themselves.
        let before = self.text[self.start..at].iter();
        let column = before.filter(|byte| **byte & 0xC0 != 0x80).count() + 1;
        Position {
            line: self.line,
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

/// A name for a value of a kind in a file: the same wherever it stands in it.
pub(crate) fn name(set: &RuleSet, caught: &Caught, path: &RepoPath) -> [u8; 32] {
    let mut name = blake3::Hasher::new();
    let id = set.rule(caught.rule).id.as_bytes();
    for part in [id, path.as_bytes(), &caught.value] {
        name.update(&(part.len() as u64).to_le_bytes());
        name.update(part);
    }
    *name.finalize().as_bytes()
}
