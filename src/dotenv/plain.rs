//! Lines that node, python and compose read alike, which are most lines: they are read here, fast, and the
//! grammars are asked about the rest.
//!
//! What is plain is a matter of bytes in one line; nothing before or behind it changes what it means. The tests hold
//! that against the grammars.

use std::ops::Range;

use memchr::{memchr, memchr3, memmem};

use super::file::Quote;

/// A plain line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing but blanks.
    Blank,
    /// A comment.
    Comment,
    /// An assignment.
    Assignment(Assignment),
}

/// Where the parts of a plain assignment are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) export: Option<Range<usize>>,
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
    pub(super) quote: Quote,
    pub(super) comment: Option<Range<usize>>,
}

/// The line that begins here and where the next begins, if it is plain.
pub(super) fn line(bytes: &[u8], at: usize) -> Option<(Line, usize)> {
    let (end, next) = match memchr(b'\n', &bytes[at..]) {
        Some(length) => (at + length, at + length + 1),
        None => (bytes.len(), bytes.len()),
    };
    let has_cr = next > end && bytes[at..end].ends_with(b"\r");
    let end = end - usize::from(has_cr);
    let start = at + blanks(&bytes[at..end]);
    let text = &bytes[start..end];
    let line = match text.first() {
        None => Line::Blank,
        Some(b'#') if is_one_line(text) => Line::Comment,
        Some(_) if start == at && text.iter().copied().all(is_plain) => {
            Line::Assignment(assignment(bytes, at..end, next)?)
        }
        Some(_) => return None,
    };
    Some((line, next))
}

/// Where the lines end that are handed to a grammar together: before a plain line that is no blank, once nothing that
/// was handed over can go on in it. Where that never comes, all the rest goes.
pub(super) fn rest(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut is_closed = true;
    while at < bytes.len() {
        let is_end = at > start
            && is_closed
            && matches!(
                line(bytes, at),
                Some((Line::Comment | Line::Assignment(_), _))
            );
        if is_end {
            return at;
        }
        let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length + 1);
        let said = text[at..end].trim();
        if opens_nothing(said) {
            is_closed = match said.bytes().last() {
                None => is_closed,
                // The value, or the name, may come in the next line.
                Some(b':' | b'=') => false,
                Some(_) => !said.ends_with("export"),
            };
        } else {
            return bytes.len();
        }
        at = end;
    }
    bytes.len()
}

/// Whether every line is plain and read alike by all dialects: none holds a `$`, and none an `export`.
pub(super) fn is_all(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match line(bytes, at) {
            Some((Line::Assignment(found), _)) if found.export.is_some() => return false,
            Some((_, next)) => at = next,
            None => return false,
        }
    }
    memchr(b'$', bytes).is_none()
}

fn assignment(bytes: &[u8], line: Range<usize>, next: usize) -> Option<Assignment> {
    let word = bytes[line.clone()].strip_prefix(b"export ");
    let (export, start) = match word {
        Some(_) => (Some(line.start..line.start + 6), line.start + 7),
        None => (None, line.start),
    };
    let is_letter = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let length = bytes[start..line.end].iter().take_while(is_letter).count();
    let key = start..start + length;
    let name = &bytes[key.clone()];
    let is_name = name.first().is_some_and(|byte| !byte.is_ascii_digit());
    if !is_name || matches!(name, b"export" | b"__proto__") || bytes.get(key.end) != Some(&b'=') {
        return None;
    }
    let from = key.end + 1;
    let rest = &bytes[from..line.end];
    let found = |value: Range<usize>, quote: Quote, comment: Option<Range<usize>>| Assignment {
        export,
        key,
        value,
        quote,
        comment,
    };
    let quote = match rest.first() {
        // To node a quote in one of the next lines would begin the value.
        None => {
            let behind = bytes.get(next).copied();
            let is_last = behind.is_none_or(|byte| byte.is_ascii_alphabetic() || byte == b'_');
            return is_last.then(|| found(from..from, Quote::None, None));
        }
        Some(b' ' | b'\t' | b'#' | b'`') => return None,
        Some(b'"') => Quote::Double,
        Some(b'\'') => Quote::Single,
        Some(_) => {
            let hash = memchr(b'#', rest);
            if hash.is_some_and(|hash| rest[hash - 1] != b' ') {
                return None;
            }
            let comment = hash.map(|hash| from + hash..line.end);
            let value = rest[..hash.unwrap_or(rest.len())].trim_ascii_end();
            return Some(found(from..from + value.len(), Quote::None, comment));
        }
    };
    let close = 1 + memchr(rest[0], &rest[1..])?;
    if memchr(b'\\', &rest[..close]).is_some() {
        return None;
    }
    let behind = close + 1 + blanks(&rest[close + 1..]);
    let comment = match rest.get(behind) {
        None => None,
        Some(b'#') => Some(from + behind..line.end),
        Some(_) => return None,
    };
    Some(found(from..from + close + 1, quote, comment))
}

/// Whether no value of this line can go on behind it: it has no quotes, or its value begins with something else.
fn opens_nothing(said: &str) -> bool {
    let bytes = said.as_bytes();
    if memchr3(b'"', b'\'', b'`', bytes).is_none() {
        return true;
    }
    let rest = bytes.strip_prefix(b"export ").unwrap_or(bytes);
    let is_letter = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
    let key = rest.iter().take_while(is_letter).count();
    let rest = &rest[key..];
    let rest = &rest[blanks(rest)..];
    let Some(value) = rest.strip_prefix(b"=").filter(|_| key > 0) else {
        return false;
    };
    let first = value.get(blanks(value));
    is_one_line(bytes)
        && first.is_some_and(|first| first.is_ascii_graphic() && !b"\"'`#".contains(first))
}

/// Whether nothing in it ends a line to some reader.
fn is_one_line(text: &[u8]) -> bool {
    let separators: [&[u8]; 2] = ["\u{2028}".as_bytes(), "\u{2029}".as_bytes()];
    memchr(b'\r', text).is_none()
        && separators
            .iter()
            .all(|separator| memmem::find(text, separator).is_none())
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t')
}

fn blanks(text: &[u8]) -> usize {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
    text.iter().take_while(is_blank).count()
}
