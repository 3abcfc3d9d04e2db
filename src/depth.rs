//! Room on the stack for what goes down into its input: parsers of languages, and walks over their trees.
//!
//! Each level of such a tree takes at least one token, so a source cannot nest deeper than it has tokens.
//! That is counted beforehand, and so much stack is there; what would need too much is not parsed.

/// What one level takes at most, from the parser down to the walk. Measured for both languages; code without
/// optimization takes several times as much.
const LEVEL: usize = if cfg!(debug_assertions) {
    24 << 10
} else {
    4 << 10
};

/// As much stack is made at most. Memory is taken only where it is used.
const MOST: usize = 512 << 20;

/// For everything that does not nest.
const FLOOR: usize = 256 << 10;

/// Does something that goes down into a text, with as much stack as this text can ask for. `None` where that
/// is more than there may be.
pub(crate) fn with_room<T>(text: &[u8], work: impl FnOnce() -> T) -> Option<T> {
    let room = tokens(text).checked_mul(LEVEL)?.checked_add(FLOOR)?;
    (room <= MOST).then(|| stacker::maybe_grow(room, room, work))
}

/// As many tokens a text has at most, whatever its language.
fn tokens(text: &[u8]) -> usize {
    let mut count = 0;
    let mut goes_on = false;
    for byte in text {
        let is_word = byte.is_ascii_alphanumeric() || !byte.is_ascii() || *byte == b'_';
        let is_mark = byte.is_ascii_punctuation() && !is_word;
        count += usize::from(is_mark || (is_word && !goes_on));
        goes_on = is_word;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_words_and_marks() {
        for (text, count) in [
            ("", 0),
            ("  \n", 0),
            ("a.b(c_1)", 6),
            ("((((", 4),
            ("é ü", 2),
        ] {
            assert_eq!(tokens(text.as_bytes()), count, "{text}");
        }
    }

    #[test]
    fn what_asks_for_too_much_is_not_begun() {
        assert_eq!(with_room(&b"(".repeat(MOST / LEVEL), || 1), None);
        assert_eq!(with_room(b"(((", || 1), Some(1));
    }
}
