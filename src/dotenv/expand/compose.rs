//! Compose's escapes and references: `$NAME`, `${NAME}` with `:-` `-` `:+` `+` `:?` `?`, and `$$`; none of them within
//! single quotes.

use std::borrow::Cow;

use memchr::{memchr, memrchr};

use super::{Grown, InFile, ProblemKind, Scope};
use crate::dotenv::Quote;

/// References within defaults go no deeper.
const DEEPEST: usize = 64;

/// The value with its escapes and references replaced.
pub(super) fn expand<'v>(
    value: &'v str,
    quote: Quote,
    scope: &Scope,
) -> Result<Cow<'v, str>, ProblemKind> {
    if quote == Quote::Single {
        return Ok(Cow::Borrowed(value));
    }
    let value = match quote {
        Quote::Double => escapes(value),
        _ => Cow::Borrowed(value),
    };
    if memchr(b'$', value.as_bytes()).is_none() {
        return Ok(value);
    }
    let mut grown = Grown::of(&value);
    substitute(&value, scope, &mut grown, 0)?;
    Ok(Cow::Owned(grown.text))
}

/// A value in double quotes: first `\"` becomes a quote, then the escapes of a shell what they mean. A dollar that
/// was escaped is doubled, which makes text of it further on.
fn escapes(raw: &str) -> Cow<'_, str> {
    if memchr(b'\\', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let raw = raw_quotes(raw);
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw.as_str();
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(letter) = rest.chars().next() else {
            text.push('\\');
            break;
        };
        let meant = match letter {
            'a' => "\u{7}",
            'b' => "\u{8}",
            'f' => "\u{c}",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'v' => "\u{b}",
            '$' => "$$",
            '"' => "\"",
            '\\' => "\\",
            '0' => {
                rest = octal(&rest[1..], &mut text);
                continue;
            }
            _ => {
                text.push('\\');
                continue;
            }
        };
        text.push_str(meant);
        rest = &rest[1..];
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// `\"` without its backslash; every other backslash stays with what it escapes.
fn raw_quotes(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('"') => text.push('"'),
            Some(escaped) => text.extend(['\\', escaped]),
            None => {}
        }
    }
    text
}

/// What stands behind `\0`: up to three octal digits, which must be three and a byte to mean anything.
fn octal<'r>(rest: &'r str, text: &mut String) -> &'r str {
    let digits = rest.bytes().take(3).take_while(u8::is_ascii_digit).count();
    let (number, rest) = rest.split_at(digits);
    let byte = u8::from_str_radix(number, 8).ok().filter(|_| digits == 3);
    match byte {
        Some(byte) => text.push(char::from(byte)),
        None => text.extend(['\\'].into_iter().chain(number.chars())),
    }
    rest
}

fn substitute(
    text: &str,
    scope: &Scope,
    grown: &mut Grown,
    depth: usize,
) -> Result<(), ProblemKind> {
    if depth > DEEPEST {
        return Err(ProblemKind::Runaway);
    }
    let bytes = text.as_bytes();
    let mut line = Line::default();
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = memchr(b'$', &bytes[from..]) {
        let dollar = from + found;
        let Some(behind) = bytes.get(dollar + 1) else {
            break;
        };
        match behind {
            b'$' => {
                grown.push(&text[done..=dollar])?;
                (done, from) = (dollar + 2, dollar + 2);
            }
            b'{' => {
                grown.push(&text[done..dollar])?;
                let end = braced(text, dollar, &mut line, scope, grown, depth)?;
                (done, from) = (end, end);
            }
            _ => {
                let end = name(text, dollar + 1);
                from = dollar + 1;
                if end > from {
                    grown.push(&text[done..dollar])?;
                    grown.push(&value(&text[from..end], scope).unwrap_or_default())?;
                    (done, from) = (end, end);
                }
            }
        }
    }
    grown.push(&text[done..])
}

/// A reference in braces; gives where it ends.
fn braced(
    text: &str,
    dollar: usize,
    line: &mut Line,
    scope: &Scope,
    grown: &mut Grown,
    depth: usize,
) -> Result<usize, ProblemKind> {
    let bytes = text.as_bytes();
    let start = dollar + 2;
    let behind = name(text, start);
    let found = value(&text[start..behind], scope);
    if behind == start {
        return Err(ProblemKind::Reference);
    }
    if bytes.get(behind) == Some(&b'}') {
        grown.push(&found.unwrap_or_default())?;
        return Ok(behind + 1);
    }
    let counts_empty = bytes.get(behind) == Some(&b':');
    let operator = behind + usize::from(counts_empty);
    let last = line
        .last_brace(text, dollar)
        .filter(|last| *last > operator);
    let (Some(kind @ (b'-' | b'+' | b'?')), Some(last)) = (bytes.get(operator), last) else {
        return Err(ProblemKind::Reference);
    };
    let end = closing(&bytes[dollar..=last]).map_or(last, |length| dollar + length);
    let argument = &text[operator + 1..end.max(operator + 1)];
    let is_there = found
        .as_deref()
        .is_some_and(|value| !(counts_empty && value.is_empty()));
    match (kind, is_there) {
        (b'?', false) => return Err(ProblemKind::Required),
        (b'-', false) | (b'+', true) => substitute(argument, scope, grown, depth + 1)?,
        _ => grown.push(&found.unwrap_or_default())?,
    }
    Ok(end + 1)
}

/// Where a name ends that begins here.
fn name(text: &str, start: usize) -> usize {
    let bytes = &text.as_bytes()[start..];
    if bytes.first().is_none_or(u8::is_ascii_digit) {
        return start;
    }
    let length = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count();
    start + length
}

/// The lookup goes before the file.
fn value<'s>(name: &str, scope: &'s Scope) -> Option<Cow<'s, str>> {
    if let Some(value) = (scope.lookup)(name) {
        return Some(Cow::Owned(value));
    }
    match scope.file(name) {
        InFile::Value(value) => Some(Cow::Borrowed(value)),
        InFile::Bare | InFile::Unsaid => None,
    }
}

/// The brace that closes the first one; what stands right behind an opening one is not looked at.
fn closing(bytes: &[u8]) -> Option<usize> {
    let mut open = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'}' => {
                open = open.checked_sub(1)?;
                if open == 0 {
                    return Some(at);
                }
            }
            b'{' => {
                open += 1;
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The last brace of the line that was asked about, so that a line is looked through once.
#[derive(Default)]
struct Line {
    end: usize,
    last: Option<usize>,
}

impl Line {
    fn last_brace(&mut self, text: &str, at: usize) -> Option<usize> {
        if at >= self.end {
            let rest = &text.as_bytes()[at..];
            self.end = at + memchr(b'\n', rest).unwrap_or(rest.len());
            self.last = memrchr(b'}', &text.as_bytes()[at..self.end]).map(|last| at + last);
        }
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_a_shell() {
        for (raw, meant) in [
            (r"a\tb\d", "a\tb\\d"),
            (r"\\t\$B", "\\t$$B"),
            (r#"\"x\""#, "\"x\""),
            (r"\0123 \012 \0 \0777 \08", r"S \12 \ \777 \8"),
        ] {
            assert_eq!(escapes(raw), meant, "{raw}");
        }
    }
}
