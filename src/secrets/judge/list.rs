//! Word lists as they are written here, with spaces in between, and what is asked of them.

/// The words of a list.
pub(super) fn words(list: &str) -> impl Iterator<Item = &[u8]> {
    list.split_ascii_whitespace().map(str::as_bytes)
}

/// Whether a word is on the list, whatever the case of its letters.
pub(super) fn is_on(list: &str, word: &[u8]) -> bool {
    words(list).any(|other| word.eq_ignore_ascii_case(other))
}

/// Whether a word of the list stands in the text, whatever the case of its letters.
pub(super) fn is_in(list: &str, text: &[u8]) -> bool {
    words(list).any(|word| has(text, word))
}

/// Whether the text begins with a word of the list, to the letter.
pub(super) fn begins(list: &str, text: &[u8]) -> bool {
    words(list).any(|word| text.starts_with(word))
}

/// Whether the text ends with a word of the list, whatever the case of its letters.
pub(super) fn ends(list: &str, text: &[u8]) -> bool {
    words(list).any(|word| {
        text.len() >= word.len() && text[text.len() - word.len()..].eq_ignore_ascii_case(word)
    })
}

/// Whether the needle stands in the text, whatever the case of its letters.
pub(super) fn has(text: &[u8], needle: &[u8]) -> bool {
    text.windows(needle.len())
        .any(|window| window.eq_ignore_ascii_case(needle))
}

/// Whether one of the needles stands in the text, whatever the case of its letters.
pub(super) fn has_any(text: &[u8], needles: &[&[u8]]) -> bool {
    needles.iter().any(|needle| has(text, needle))
}
