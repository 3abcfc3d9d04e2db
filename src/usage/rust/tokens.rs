//! Rust's tokens, as far as they tell code from comments and texts.

use std::ops::Range;

use memchr::{memchr, memmem};

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a number.
    Word,
    /// A text, with the length of what stands before and behind it.
    Text { before: usize, behind: usize },
    /// Anything else, byte by byte.
    Mark(u8),
}

/// The tokens of a source, without comments and blanks.
pub(super) fn of(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (kind, length) = match rest {
            [b'/', b'/', ..] => (None, memchr(b'\n', rest).unwrap_or(rest.len())),
            [b'/', b'*', ..] => (None, block_comment(rest)),
            [b'"', ..] => string(rest, 1),
            [b'b' | b'c', b'"', ..] => string(rest, 2),
            [b'b', b'\'', ..] => (None, 1 + letter(&rest[1..]).unwrap_or(1)),
            [b'r', b'"' | b'#', ..] | [b'b' | b'c', b'r', b'"' | b'#', ..] => raw(rest),
            [b'\'', ..] => (None, letter(rest).unwrap_or(1)),
            [first, ..] if is_word(*first) => {
                let length = rest.iter().take_while(|byte| is_word(**byte)).count();
                (Some(Kind::Word), length)
            }
            [blank, ..] if blank.is_ascii_whitespace() => (None, 1),
            [mark, ..] => (Some(Kind::Mark(*mark)), 1),
            [] => break,
        };
        let end = (at + length.max(1)).min(bytes.len());
        if let Some(kind) = kind {
            tokens.push(Token {
                kind,
                span: at..end,
            });
        }
        at = end;
    }
    tokens
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// The length of a comment, which may hold others.
fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(next) = rest.get(at..at + 2) {
        match next {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    rest.len()
}

/// A text that begins at `before`. One that does not end is none.
fn string(rest: &[u8], before: usize) -> (Option<Kind>, usize) {
    let mut at = before;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return (Some(Kind::Text { before, behind: 1 }), at + 1),
            _ => at += 1,
        }
    }
    (None, rest.len())
}

/// A text without escapes, `r#"…"#`; or a name such as `r#type`.
fn raw(rest: &[u8]) -> (Option<Kind>, usize) {
    let prefix = if rest[0] == b'r' { 1 } else { 2 };
    let hashes = rest[prefix..]
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    let open = prefix + hashes;
    if rest.get(open) != Some(&b'"') {
        let length = rest.iter().take_while(|byte| is_word(**byte)).count();
        return (Some(Kind::Word), length);
    }
    let mut close = vec![b'"'];
    close.resize(1 + hashes, b'#');
    let inside = &rest[open + 1..];
    let Some(end) = memmem::find(inside, &close) else {
        return (None, rest.len());
    };
    let kind = Kind::Text {
        before: open + 1,
        behind: close.len(),
    };
    (Some(kind), open + 1 + end + close.len())
}

/// The length of a letter in quotes; `None` for a lifetime.
fn letter(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        // `'\u{1F600}'` is the longest.
        let end = rest.iter().skip(3).take(10).position(|byte| *byte == b'\'');
        return Some(end.map_or(2, |end| end + 4));
    }
    let text = std::str::from_utf8(rest.get(1..rest.len().min(6))?);
    let first = match text {
        Ok(text) => text.chars().next(),
        Err(cut) => std::str::from_utf8(&rest[1..=cut.valid_up_to()])
            .ok()
            .and_then(|text| text.chars().next()),
    }?;
    let end = 1 + first.len_utf8();
    (rest.get(end) == Some(&b'\'')).then_some(end + 1)
}
