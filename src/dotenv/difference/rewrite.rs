//! One assignment written so that every reader gets the same: only where it is clear what was meant, and only
//! after all of them were asked.

use memchr::memchr;

use super::{Cause, Edit, Entry, Reading, Told};
use crate::dotenv::{Dialect, Quote, parse};
use crate::secret::Secret;

/// What follows on the line is read again with each attempt; more than this is left alone.
const LONGEST_REST: usize = 4 << 10;

/// What is to be written anew.
pub(super) struct Wanted<'d> {
    pub(super) bytes: &'d [u8],
    /// As the first who sees it reads it.
    pub(super) first: &'d Entry,
    /// Where the longest reading ends.
    pub(super) end: usize,
    pub(super) readings: &'d [Reading],
    pub(super) causes: &'d [Cause],
}

/// The safest way to write it, if there is one.
pub(super) fn rewrite(wanted: &Wanted) -> Option<Edit> {
    let meant = meant(wanted)?;
    let key = &wanted.first.key;
    let start = wanted.first.key_span.start;
    let rest = &wanted.bytes[wanted.end..];
    let rest = &rest[..memchr(b'\n', rest).map_or(rest.len(), |end| end + 1)];
    if rest.len() > LONGEST_REST {
        return None;
    }
    let rest = std::str::from_utf8(rest).ok()?;
    let before = match &wanted.first.export {
        Some(export) => std::str::from_utf8(&wanted.bytes[export.start..start]).ok()?,
        None => "",
    };
    let is_alike = |text: &String, dialects: &[Dialect]| {
        let line = format!("{before}{text}{rest}");
        let mut dialects = dialects.iter();
        dialects.all(|dialect| reads(line.as_bytes(), *dialect, key, meant))
    };
    let asked: Vec<Dialect> = wanted.readings.iter().map(|reading| reading.dialect).collect();
    let ways = ways(key, meant);
    let alike = |dialects: &[Dialect]| ways.iter().find(|way| is_alike(way, dialects));
    let text = alike(&Dialect::ALL).or_else(|| alike(&asked))?;
    Some(Edit {
        span: start..wanted.end,
        text: Secret::new(text.as_str()),
    })
}

/// Ways to write an assignment, the safest first.
fn ways(key: &str, value: &str) -> Vec<String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@%+,=?&".contains(letter);
    let bare = format!("{key}={value}");
    let mut ways = Vec::with_capacity(3);
    if value.chars().all(is_plain) {
        ways.push(bare.clone());
    }
    if !value.contains('\'') {
        ways.push(format!("{key}='{value}'"));
    }
    if !value.contains('"') {
        ways.push(format!("{key}=\"{value}\""));
    }
    ways.push(bare);
    ways
}

/// Whether a reader gets this variable of the text, and nothing else.
fn reads(line: &[u8], dialect: Dialect, key: &str, value: &str) -> bool {
    let file = parse(line, dialect);
    let mut read = file.effective();
    let one = read.next();
    let is_one = one.is_some_and(|entry| {
        entry.key == key && entry.value.as_ref().map(Secret::reveal) == Some(value)
    });
    is_one && read.next().is_none() && file.problems().is_empty()
}

/// The value that was meant, where that is clear: what most readers get, or what the cause says.
fn meant<'d>(wanted: &'d Wanted) -> Option<&'d str> {
    let values: Vec<(Dialect, &str)> = wanted
        .readings
        .iter()
        .filter_map(|reading| match &reading.told {
            Told::Value { key, value } if *key == wanted.first.key => {
                Some((reading.dialect, value.reveal()))
            }
            _ => None,
        })
        .collect();
    let by = |dialect: Dialect| values.iter().find(|(who, _)| *who == dialect).map(|(_, value)| *value);
    let has = |cause: Cause| wanted.causes.contains(&cause);
    if has(Cause::UnterminatedQuote) || has(Cause::TextBehindQuote) || has(Cause::Key) {
        return None;
    }
    let lengths = || values.iter().map(|(_, value)| *value);
    if wanted.causes == [Cause::Hash] {
        let is_tight = tight(wanted);
        return if is_tight {
            lengths().max_by_key(|value| value.len())
        } else {
            lengths().min_by_key(|value| value.len())
        };
    }
    if wanted.causes == [Cause::Backtick] {
        return by(Dialect::Node);
    }
    if wanted.causes == [Cause::Backslash] && wanted.first.quote != Quote::None {
        return unescaped(wanted, &values);
    }
    let (best, count) = values
        .iter()
        .map(|(_, value)| {
            let alike = values.iter().filter(|(_, other)| other == value);
            (*value, alike.count())
        })
        .max_by_key(|(_, count)| *count)?;
    // Those who read nothing cannot mean anything else.
    (count * 2 > values.len()).then_some(best)
}

/// Whether the first `#` stands behind something else than a blank.
fn tight(wanted: &Wanted) -> bool {
    let start = wanted.first.separator.as_ref().map_or(wanted.first.key_span.end, |at| at.end);
    let raw = &wanted.bytes[start..wanted.end];
    memchr(b'#', raw).is_some_and(|at| at == 0 || !matches!(raw[at - 1], b' ' | b'\t'))
}

/// Where every backslash escapes a quote or itself, what python reads is what is meant.
fn unescaped<'d>(wanted: &Wanted, values: &[(Dialect, &'d str)]) -> Option<&'d str> {
    let body = &wanted.bytes[wanted.first.body_span.clone()?];
    let mut at = 0;
    while let Some(found) = memchr(b'\\', &body[at..]) {
        let escaped = body.get(at + found + 1)?;
        if !matches!(escaped, b'"' | b'\'' | b'\\') {
            return None;
        }
        at += found + 2;
    }
    let python = values.iter().find(|(who, _)| *who == Dialect::Python);
    let python = python.or_else(|| values.iter().find(|(who, _)| *who == Dialect::Compose));
    python.map(|(_, value)| *value)
}
