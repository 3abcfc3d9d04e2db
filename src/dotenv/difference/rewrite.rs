//! One assignment written so that every reader gets the same: only where it is clear what was meant, and only
//! after all of them were asked.

use std::collections::HashSet;

use memchr::{memchr, memchr_iter};

use super::{Cause, Edit, Entry, Reading, Told};
use crate::dotenv::{Dialect, Quote, parse, plain};
use crate::secret::Secret;

/// What follows on the line is read again with each attempt; more than this is left alone.
const LONGEST_REST: usize = 4 << 10;

/// What is to be written anew.
pub(super) struct Wanted<'d> {
    pub(super) bytes: &'d [u8],
    /// As those who see it read it.
    pub(super) seen: &'d [&'d Entry],
    /// Where the longest reading ends.
    pub(super) end: usize,
    pub(super) readings: &'d [Reading],
    pub(super) causes: &'d [Cause],
    /// Every name in the file.
    pub(super) names: &'d HashSet<&'d str>,
}

impl Wanted<'_> {
    fn first(&self) -> &Entry {
        self.seen[0]
    }

    /// Where it begins, `export` included.
    fn start(&self) -> usize {
        let first = self.first();
        let export = first.export.as_ref();
        export.map_or(first.key_span.start, |export| export.start)
    }

    /// Whether it has its lines to itself, and all who see it agree how far it goes where it has several.
    fn stands_alone(&self) -> bool {
        let start = self.start();
        let before = &self.bytes[..start];
        let blanks = before.iter().rev().take_while(|byte| b" \t".contains(byte));
        let before = &before[..start - blanks.count()];
        let begins = before.is_empty() || before.ends_with(b"\n") || before == b"\xef\xbb\xbf";
        let has_lines = memchr(b'\n', &self.bytes[start..self.end]).is_some();
        let goes_as_far = |entry: &&Entry| super::end(entry) == self.end;
        begins && (!has_lines || self.seen.iter().all(goes_as_far))
    }

    /// What stands between the separator and the end.
    fn raw(&self) -> &[u8] {
        let first = self.first();
        let separator = first.separator.as_ref();
        let start = separator.map_or(first.key_span.end, |separator| separator.end);
        self.bytes.get(start..self.end).unwrap_or_default()
    }
}

/// The safest way to write it, if there is one.
pub(super) fn rewrite(wanted: &Wanted) -> Option<Edit> {
    if !wanted.stands_alone() {
        return None;
    }
    let meant = meant(wanted).filter(|meant| !meant.contains(char::REPLACEMENT_CHARACTER))?;
    let key = &wanted.first().key;
    let start = wanted.first().key_span.start;
    let rest = &wanted.bytes[wanted.end..];
    let near = &rest[..rest.len().min(LONGEST_REST)];
    let rest = match memchr(b'\n', near) {
        Some(end) => &near[..=end],
        None if near.len() == rest.len() => rest,
        None => return None,
    };
    let rest = std::str::from_utf8(rest).ok()?;
    let before = std::str::from_utf8(&wanted.bytes[wanted.start()..start]).ok()?;
    let is_alike = |text: &String, dialects: &[Dialect]| {
        let line = format!("{before}{text}{rest}");
        // What is plain is read alike by all, so one speaks for them.
        let is_plain = plain::is_all(&line);
        let mut dialects = dialects[..if is_plain { 1 } else { dialects.len() }].iter();
        dialects.all(|dialect| reads(line.as_bytes(), *dialect, key, meant))
    };
    let asked: Vec<Dialect> = wanted
        .readings
        .iter()
        .map(|reading| reading.dialect)
        .collect();
    let ways = ways(key, meant, &comment(wanted));
    let alike = |dialects: &[Dialect]| ways.iter().find(|way| is_alike(way, dialects));
    let text = alike(&Dialect::ALL).or_else(|| alike(&asked))?;
    Some(Edit {
        span: start..wanted.end,
        text: Secret::new(text.as_str()),
    })
}

/// The comment that some take for a part of the value: it stays.
fn comment(wanted: &Wanted) -> String {
    let raw = wanted.raw();
    match memchr(b'#', raw) {
        Some(hash) if wanted.causes == [Cause::Hash] && !is_tight(wanted) => {
            format!(" {}", String::from_utf8_lossy(&raw[hash..]))
        }
        _ => String::new(),
    }
}

/// Ways to write an assignment, the safest first.
fn ways(key: &str, value: &str, comment: &str) -> Vec<String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@%+,=?&".contains(letter);
    let bare = format!("{key}={value}{comment}");
    let mut ways = Vec::with_capacity(3);
    if value.chars().all(is_plain) {
        ways.push(bare.clone());
    }
    if !value.contains('\'') {
        ways.push(format!("{key}='{value}'{comment}"));
    }
    if !value.contains('"') {
        ways.push(format!("{key}=\"{value}\"{comment}"));
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
            Told::Value { key, value } if *key == wanted.first().key => {
                Some((reading.dialect, value.reveal()))
            }
            _ => None,
        })
        .collect();
    let by = |dialect: Dialect| {
        values
            .iter()
            .find(|(who, _)| *who == dialect)
            .map(|(_, value)| *value)
    };
    let has = |cause: Cause| wanted.causes.contains(&cause);
    if has(Cause::UnterminatedQuote) || has(Cause::TextBehindQuote) || has(Cause::Key) {
        return None;
    }
    let lengths = || values.iter().map(|(_, value)| *value);
    if wanted.causes == [Cause::Hash] {
        return if is_tight(wanted) {
            lengths().max_by_key(|value| value.len())
        } else {
            lengths().min_by_key(|value| value.len())
        };
    }
    if wanted.causes == [Cause::Backtick] {
        return by(Dialect::Node);
    }
    if wanted.causes == [Cause::Backslash] && wanted.first().quote != Quote::None {
        return unescaped(wanted, &values);
    }
    if has(Cause::Dollar) {
        // Where nothing can be a reference, what node and Railway read is meant: a dollar.
        let is_text = wanted.causes.len() == 1 && names_nothing(wanted);
        let literal = || by(Dialect::Node).or_else(|| by(Dialect::Railway));
        return is_text.then(literal).flatten();
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
fn is_tight(wanted: &Wanted) -> bool {
    let raw = wanted.raw();
    memchr(b'#', raw).is_some_and(|at| at == 0 || !matches!(raw[at - 1], b' ' | b'\t'))
}

/// Where every backslash escapes a quote or itself, what python reads is what is meant.
fn unescaped<'d>(wanted: &Wanted, values: &[(Dialect, &'d str)]) -> Option<&'d str> {
    let body = &wanted.bytes[wanted.first().body_span.clone()?];
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

/// Whether no `$` can be meant as a reference: none has braces, and none is followed by a name of the file.
fn names_nothing(wanted: &Wanted) -> bool {
    let raw = wanted.raw();
    memchr_iter(b'$', raw).all(|at| {
        let behind = &raw[at + 1..];
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let length = behind.iter().take_while(is_name).count();
        let name = std::str::from_utf8(&behind[..length]).unwrap_or_default();
        behind.first() != Some(&b'{') && !wanted.names.contains(name)
    })
}
