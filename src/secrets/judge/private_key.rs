//! Private keys: whether there is a key behind the header, and whether it lies there open.

use super::list::has;
use super::{Setting, base64, place};

/// More of a body is not read: the largest keys in use take a fifth of it.
const MOST: usize = 16 * 1024;

/// The smallest key in use, Ed25519, takes 64 characters.
const SHORTEST: usize = 56;

/// Whether an unencrypted private key stands here. The match begins with the key's header, or holds all of it in base64.
pub(super) fn holds(at: &Setting<'_>) -> bool {
    let header = at
        .text
        .get(at.whole.start..at.value.start)
        .unwrap_or_default();
    if place::is_trial(at.path) {
        return false;
    }
    if let Some(text) = at
        .value()
        .starts_with(b"LS0tLS1")
        .then(|| base64::decode(whole_groups(at.value())))
        .flatten()
    {
        return is_packed(&text);
    }
    if has(header, b"private-lines:") {
        let before = &at.text[at.whole.start.saturating_sub(4096)..at.whole.start];
        return has(before, b"putty-user-key-file-")
            && has(before, b"encryption: none")
            && is_body(at.value());
    }
    if header.starts_with(b"\"") || has(header, b"\"kty\"") {
        // A JSON Web Key: what the rule took is the private part.
        return is_body(at.value()) || at.value().len() >= 40;
    }
    !has(header, b"encrypted")
        && is_body(&at.text[at.value.start..at.text.len().min(at.value.start + MOST)])
}

/// Base64 that was cut off in the middle still says what it begins with.
fn whole_groups(value: &[u8]) -> &[u8] {
    &value[..value.len() / 4 * 4]
}

/// Whether the text, itself unpacked, begins with an open private key.
fn is_packed(text: &[u8]) -> bool {
    const END: &[u8] = b"PRIVATE KEY";
    let Some(found) = text.windows(END.len()).position(|window| window == END) else {
        return false;
    };
    let (header, rest) = text.split_at(found);
    let rest = &rest[END.len()..];
    let body = rest.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    !has(header, b"encrypted") && is_body(&rest[body..])
}

/// Whether lines of base64 follow, as many as a key takes, up to where the key ends.
fn is_body(text: &[u8]) -> bool {
    let mut counts = [0_usize; 256];
    let mut length = 0;
    let mut is_first = true;
    for line in lines(text) {
        if line.starts_with(b"-----") {
            break;
        }
        let line = trim(line);
        if has(line, b"encrypted")
            || has(line, b"...")
            || has(line, b"example")
            || is_locked(line) && is_first
        {
            return false;
        }
        if line.is_empty() {
            continue;
        }
        if !line
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-".contains(byte))
        {
            // `Version: …` may stand above a key; below its first line only its end does.
            if is_first && has(line, b": ") {
                continue;
            }
            break;
        }
        is_first = false;
        length += line.len();
        for byte in line {
            counts[usize::from(*byte)] += 1;
        }
    }
    let different = counts.iter().filter(|count| **count > 0).count();
    // An old key is full of zeros, written `A`; no other character fills a third of one.
    let most = (0_u8..=255)
        .filter(|byte| *byte != b'A')
        .map(|byte| counts[usize::from(byte)])
        .max();
    length >= SHORTEST && different >= 20 && most.is_some_and(|most| most * 3 <= length)
}

/// OpenSSH's own format names the cipher first: without one it is `none`.
fn is_locked(line: &[u8]) -> bool {
    const FORMAT: &[u8] = b"b3BlbnNzaC1rZXktdjEAAAAA";
    line.strip_prefix(FORMAT)
        .is_some_and(|rest| rest.len() >= 6 && !rest.starts_with(b"BG5vbm"))
}

/// The lines of a body, also where line ends are written as `\n` inside one line.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n' || *byte == b'\\')
        .map(|line| match line {
            [b'n' | b'r', rest @ ..] if rest.len() >= 8 || rest.is_empty() => escaped(line, rest),
            _ => line,
        })
}

/// After a backslash the letter belongs to the escape; at the beginning of a real line it belongs to the key. Lines of a key
/// are 64 or 76 long, so one more character than a multiple of four is the escape's.
fn escaped<'a>(line: &'a [u8], rest: &'a [u8]) -> &'a [u8] {
    if line.len() % 4 == 1 { rest } else { line }
}

/// Without what stands around lines in sources: quotes, signs of concatenation, indentation, comments.
fn trim(line: &[u8]) -> &[u8] {
    let is_around = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`,;+*#|>.()[]{}<".contains(byte);
    let Some(start) = line.iter().position(|byte| !is_around(byte)) else {
        return b"";
    };
    let end = line
        .iter()
        .rposition(|byte| !is_around(byte))
        .unwrap_or(start);
    &line[start..=end]
}
