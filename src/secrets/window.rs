//! Where a rule looks: around the words that woke it, and nowhere twice.

use std::ops::Range;

/// The stretches of one text at which the rules still have to look.
#[derive(Debug)]
pub(crate) struct Windows {
    /// How many rules there are.
    rules: usize,
    /// By rule; an empty one has nothing to look at. Made with the first: most texts have none.
    open: Vec<Range<usize>>,
    /// The rules that have one.
    waiting: Vec<u16>,
}

impl Windows {
    pub(crate) fn new(rules: usize) -> Self {
        Self {
            rules,
            open: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Notes that a rule has to look here. What it was to look at before comes back when that is done: windows
    /// that touch are one, so that no byte is looked at twice.
    pub(crate) fn add(&mut self, rule: u16, window: Range<usize>) -> Option<Range<usize>> {
        if self.open.is_empty() {
            self.open.resize(self.rules, 0..0);
        }
        let open = &mut self.open[usize::from(rule)];
        if open.start >= open.end {
            self.waiting.push(rule);
            *open = window;
            return None;
        }
        if window.start <= open.end {
            // Words come nearly in their order, and so do windows.
            open.start = open.start.min(window.start);
            open.end = open.end.max(window.end);
            return None;
        }
        Some(std::mem::replace(open, window))
    }

    /// What is left, and nothing is then.
    pub(crate) fn take(&mut self) -> Vec<(u16, Range<usize>)> {
        let waiting = std::mem::take(&mut self.waiting);
        let taken = waiting.into_iter();
        taken
            .map(|rule| {
                (
                    rule,
                    std::mem::replace(&mut self.open[usize::from(rule)], 0..0),
                )
            })
            .collect()
    }
}

/// Whether something may be assigned behind a name: most words of everyday text are followed by nothing of
/// the kind, and need no expression to tell.
pub(crate) fn is_assigned(text: &[u8], end: usize) -> bool {
    /// A name goes on for so long at most.
    const NAME: usize = 64;
    let rest = &text[end..text.len().min(end + NAME + 8)];
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_ .-\t".contains(byte);
    let length = rest.iter().take(NAME).take_while(|byte| name(byte)).count();
    let behind = rest[length..].iter();
    let mut marks = behind.skip_while(|byte| b"\"'`])\\ \t\r\n".contains(byte));
    // Nothing left of what was looked at: the expression decides. A field called `value` holds it as well.
    // In `variable "api_token" {` the value stands as its default.
    let may_open = matches!(rest.get(length), Some(b'"' | b'\''));
    marks
        .next()
        .is_none_or(|byte| b"=:?|>,(vV".contains(byte) || (may_open && *byte == b'{'))
        || holds_long_word(&text[end..text.len().min(end + 2 * NAME)])
}

/// Whether a word stands there, behind a blank and on the same line, that nobody would write in prose: so long,
/// and with a digit in it. Some say `service token VALUE`.
fn holds_long_word(rest: &[u8]) -> bool {
    /// Shorter ones are versions, dates and names.
    const LONG: usize = 16;
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let words = line.split(|byte| !byte.is_ascii_alphanumeric() && !b"_-+/=.".contains(byte));
    words
        .skip(1)
        .any(|word| word.len() >= LONG && word.iter().any(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_that_touch_are_one() {
        let mut windows = Windows::new(3);
        assert_eq!(windows.add(1, 0..10), None);
        assert_eq!(windows.add(1, 10..15), None);
        assert_eq!(windows.add(2, 3..4), None);
        assert_eq!(windows.add(1, 16..20), Some(0..15));
        assert_eq!(windows.take(), [(1, 16..20), (2, 3..4)]);
        assert_eq!(windows.take(), []);
        assert_eq!(windows.add(1, 2..3), None);
    }

    #[test]
    fn an_assignment_is_told_from_prose() {
        for (text, is) in [
            ("KEY=abc", true),
            ("key\": \"abc", true),
            ("key_of_the_house : 'x'", true),
            ("key']='x'", true),
            ("key", true),
            ("keys and tokens; nothing", false),
            ("key/path", false),
            ("key) {", false),
            ("key_token\" {\n  default = \"", true),
        ] {
            assert_eq!(is_assigned(text.as_bytes(), 3), is, "{text}");
        }
    }
}
