//! UTF-16: how it is known, and turned into UTF-8.
//!
//! Positions need no map back. Lines and columns count characters, and a text has as many of them in either
//! form; only byte offsets differ, and nobody is shown those.

use super::Sort;

/// As many pairs of bytes are looked at where no mark says it.
const PAIRS: usize = 512;

/// The order of the bytes, where this is UTF-16. UTF-32 is not: with its mark it looks like UTF-16 of NULs.
pub(super) fn order(first: &[u8]) -> Option<Sort> {
    if first.starts_with(b"\xff\xfe\0\0") || first.starts_with(b"\0\0\xfe\xff") {
        return None;
    }
    if first.starts_with(b"\xff\xfe") {
        return Some(Sort::Utf16Le);
    }
    if first.starts_with(b"\xfe\xff") {
        return Some(Sort::Utf16Be);
    }
    // Without a mark: text of mostly Latin letters, each with a NUL beside it and never two.
    let pairs = || first.chunks_exact(2).take(PAIRS);
    let count = pairs().count();
    let latin = |letter: usize, other: usize| {
        let is_latin = |pair: &&[u8]| {
            pair[other] == 0 && (pair[letter] >= b' ' || b"\t\r\n".contains(&pair[letter]))
        };
        count >= 4 && pairs().filter(is_latin).count() * 5 >= count * 4
    };
    let is_text = !pairs().any(|pair| pair == [0, 0]);
    if is_text && latin(0, 1) {
        Some(Sort::Utf16Le)
    } else if is_text && latin(1, 0) {
        Some(Sort::Utf16Be)
    } else {
        None
    }
}

/// The text in UTF-8, without its mark. What is no character becomes U+FFFD, one for one, so that columns
/// stay; none where the sort is not UTF-16.
pub(crate) fn to_utf8(bytes: &[u8], sort: Sort) -> Option<String> {
    let unit = match sort {
        Sort::Utf16Le => u16::from_le_bytes,
        Sort::Utf16Be => u16::from_be_bytes,
        _ => return None,
    };
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text: String = char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    if bytes.len() % 2 == 1 {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    Some(text)
}
