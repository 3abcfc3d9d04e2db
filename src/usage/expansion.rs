//! One `$NAME` or `${NAME…}`, as shells, Dockerfiles and Compose write it.

use std::ops::Range;

use crate::variable::{Mention, Need};

/// A reference to a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expansion {
    /// The bytes of the name; empty where the name is another variable's value, or no name at all.
    pub(super) name: Range<usize>,
    /// What is done where it is missing.
    pub(super) missing: Missing,
    /// Where reading goes on: what stands for a default may hold references of its own.
    pub(super) end: usize,
}

/// What is done where a variable is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// Nothing stands there.
    Empty,
    /// Another value: `:-` and `-`.
    Default,
    /// Another value, which it keeps: `:=` and `=`.
    Kept,
    /// It ends: `:?` and `?`.
    Fails,
    /// It is only asked whether it is there: `:+` and `+`.
    Asked,
    /// `${!NAME}`: the name is another variable's value.
    Indirect,
}

/// The reference that begins at the `$` at `at`, if one does.
pub(super) fn at(text: &[u8], at: usize) -> Option<Expansion> {
    let mut start = at + 1;
    let is_braced = text.get(start) == Some(&b'{');
    if !is_braced {
        let end = name_end(text, start);
        return (end > start).then_some(Expansion {
            name: start..end,
            missing: Missing::Empty,
            end,
        });
    }
    start += 1;
    let mut missing = Missing::Empty;
    match text.get(start) {
        // The length of a value is asked of the value.
        Some(b'#') => start += 1,
        Some(b'!') => {
            start += 1;
            missing = Missing::Indirect;
        }
        _ => {}
    }
    let end = name_end(text, start);
    if end == start {
        return None;
    }
    let mut behind = end;
    if missing == Missing::Empty {
        let operator = match text.get(end) {
            Some(b':') => text.get(end + 1),
            other => other,
        };
        missing = match operator {
            Some(b'-') => Missing::Default,
            Some(b'=') => Missing::Kept,
            Some(b'?') => Missing::Fails,
            Some(b'+') => Missing::Asked,
            _ => Missing::Empty,
        };
        if missing != Missing::Empty {
            behind += 1 + usize::from(text[end] == b':');
        }
    }
    Some(Expansion {
        name: start..end,
        missing,
        end: behind,
    })
}

/// Behind the name that begins here.
pub(super) fn name_end(text: &[u8], start: usize) -> usize {
    let Some(rest) = text.get(start..) else {
        return start;
    };
    if rest.first().is_none_or(u8::is_ascii_digit) {
        return start;
    }
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    start + rest.iter().take_while(is_name).count()
}

impl Expansion {
    /// The read that it is.
    pub(super) fn mention(&self, text: &str) -> Mention {
        if self.missing == Missing::Indirect {
            return Mention::dynamic(self.name.clone());
        }
        let mention = Mention::read(&text[self.name.clone()], self.name.clone());
        match self.missing {
            Missing::Default | Missing::Kept => mention.with_default(),
            Missing::Fails => mention.needed(Need::Required),
            Missing::Asked => mention.needed(Need::Optional),
            Missing::Empty | Missing::Indirect => mention,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_shells_do() {
        for (text, name, missing, end) in [
            ("$A b", "A", Missing::Empty, 2),
            ("$A_1-x", "A_1", Missing::Empty, 4),
            ("${A}", "A", Missing::Empty, 3),
            ("${A:-d}", "A", Missing::Default, 5),
            ("${A-d}", "A", Missing::Default, 4),
            ("${A:=d}", "A", Missing::Kept, 5),
            ("${A:?d}", "A", Missing::Fails, 5),
            ("${A+d}", "A", Missing::Asked, 4),
            ("${A:2:3}", "A", Missing::Empty, 3),
            ("${A%%x}", "A", Missing::Empty, 3),
            ("${#A}", "A", Missing::Empty, 4),
            ("${!A}", "A", Missing::Indirect, 4),
            ("${A", "A", Missing::Empty, 3),
        ] {
            let found = at(text.as_bytes(), 0).unwrap();
            assert_eq!(&text[found.name.clone()], name, "{text}");
            assert_eq!((found.missing, found.end), (missing, end), "{text}");
        }
        for text in ["$", "$1", "$@", "${", "${}", "${1}", "$(a)", "${{ a }}"] {
            assert_eq!(at(text.as_bytes(), 0), None, "{text}");
        }
    }
}
