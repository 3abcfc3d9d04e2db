//! Makes text harmless for a terminal: file names, messages and tools' output may come from anybody.
//!
//! A name with a line end forges a line, an escape sequence repaints the screen or talks to the
//! terminal, a bidi control turns `exe.txt` around. They are shown as what they are: `\u{1b}`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

/// Text of several lines: line ends and tabs stay, every other control becomes visible.
pub fn escape(text: &str) -> Cow<'_, str> {
    visible(text, |c| c == '\n' || c == '\t')
}

/// Text that must stay on one line: nothing that moves the cursor stays.
pub fn escape_line(text: &str) -> Cow<'_, str> {
    visible(text, |_| false)
}

fn visible(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let harmful = |c: char| is_harmful(c) && !stays(c);
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if harmful(c) {
            show(&mut clean, c);
        } else {
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

/// Whether a character does something to a terminal, or hides, instead of being shown.
pub(crate) fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // Bidirectional marks, embeddings, overrides and isolates.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            // Line and paragraph separators, annotations, and invisible tags.
            | '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

fn show(clean: &mut String, c: char) {
    let _ = write!(clean, "\\u{{{:x}}}", u32::from(c));
}

/// The sequence that ends every colour.
const RESET: &str = "\x1b[0m";

/// A longer colour sequence is no colour sequence.
const LONGEST_COLOUR: usize = 32;

/// One line of a tool's output. Colours stay where `colour` says so and end with the line; other
/// escape sequences are taken out, and a control that stands alone becomes visible.
pub fn tool_line(line: &str, colour: bool) -> String {
    let mut clean = String::with_capacity(line.len());
    let mut coloured = false;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\x1b' => match rest.next_if(|next| ('\x20'..='\x7e').contains(next)) {
                Some('[') => coloured |= control_sequence(&mut rest, &mut clean, colour),
                Some(']' | 'P' | 'X' | '^' | '_') => skip_string(&mut rest),
                Some(' '..='/') => {
                    while rest.next_if(|c| (' '..='/').contains(c)).is_some() {}
                    rest.next_if(|c| ('0'..='~').contains(c));
                }
                Some(_) => {}
                None => show(&mut clean, c),
            },
            '\u{9b}' => coloured |= control_sequence(&mut rest, &mut clean, colour),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => skip_string(&mut rest),
            '\t' => clean.push(c),
            _ if is_harmful(c) => show(&mut clean, c),
            _ => clean.push(c),
        }
    }
    if coloured && !clean.ends_with(RESET) {
        clean.push_str(RESET);
    }
    clean
}

/// Takes a control sequence out, and says whether it was a colour that stays.
fn control_sequence(rest: &mut Peekable<Chars<'_>>, clean: &mut String, colour: bool) -> bool {
    let mut parameters = String::new();
    while let Some(c) = rest.next_if(|c| (' '..='?').contains(c)) {
        parameters.push(c);
    }
    let stays = rest.next_if(|c| ('@'..='~').contains(c)) == Some('m')
        && colour
        && parameters.len() <= LONGEST_COLOUR
        && parameters
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b';' || b == b':');
    if stays {
        let _ = write!(clean, "\x1b[{parameters}m");
    }
    stays
}

/// Skips the text of a title, a link or a device string. One that does not end takes only its
/// introduction with it: what follows is shown rather than lost.
fn skip_string(rest: &mut Peekable<Chars<'_>>) {
    let mut ahead = rest.clone();
    while let Some(c) = ahead.next() {
        let ends = match c {
            '\x07' | '\u{9c}' => true,
            '\x1b' => ahead.next_if_eq(&'\\').is_some(),
            _ => false,
        };
        if ends {
            *rest = ahead;
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_moves_the_cursor_becomes_visible() {
        for (text, shown) in [
            ("plain\n\ttext \u{2713}", "plain\n\ttext \u{2713}"),
            ("\x1b[2Jgone", "\\u{1b}[2Jgone"),
            ("a\rb\x08\x7f\0", "a\\u{d}b\\u{8}\\u{7f}\\u{0}"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("exe.\u{202e}txt", "exe.\\u{202e}txt"),
            (
                "\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}",
                "\\u{2066}\\u{2069}\\u{200e}\\u{200f}\\u{61c}",
            ),
            ("\u{e0041}\u{2028}", "\\u{e0041}\\u{2028}"),
        ] {
            assert_eq!(escape(text), shown);
        }
        assert_eq!(
            escape_line("a\n\u{2713} forged\t"),
            "a\\u{a}\u{2713} forged\\u{9}"
        );
    }

    #[test]
    fn a_tool_keeps_its_colours_and_nothing_else() {
        for (line, with, without) in [
            ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m", "red"),
            ("\x1b[38;5;8;1mopen", "\x1b[38;5;8;1mopen\x1b[0m", "open"),
            ("\u{9b}32mgreen", "\x1b[32mgreen\x1b[0m", "green"),
            ("\x1b[2J\x1b[1;1H\x1b[?25lx", "x", "x"),
            ("\x1b[>4;2mx", "x", "x"),
            ("\x1b]0;title\x07x", "x", "x"),
            ("\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\", "link", "link"),
            ("\x1b]52;c;never ends", "52;c;never ends", "52;c;never ends"),
            ("\x1bPq#0\x1b\\x\x1b(Bx\x1b7\x1b=x", "xxx", "xxx"),
            ("\x1b[31", "", ""),
            ("x\x1b", "x\\u{1b}", "x\\u{1b}"),
            ("\x1b\x1b[5nx", "\\u{1b}x", "\\u{1b}x"),
            ("\x1b\u{e9}", "\\u{1b}\u{e9}", "\\u{1b}\u{e9}"),
            ("a\u{202e}b\0", "a\\u{202e}b\\u{0}", "a\\u{202e}b\\u{0}"),
        ] {
            assert_eq!(tool_line(line, true), with, "{line:?} with colour");
            assert_eq!(tool_line(line, false), without, "{line:?} without");
        }
    }

    /// Text in which the dangerous characters are frequent.
    fn hostile() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                3 => proptest::sample::select(vec![
                    '\x1b', '[', ']', 'm', ';', '0', '1', '\\', '\x07', '\u{9b}', '\u{9d}',
                    '\u{9c}', 'P', '\n', '\r', '(', '?', ' ', '\u{202e}',
                ]),
                1 => any::<char>(),
            ],
            0..40,
        )
        .prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn nothing_harmful_survives(text in hostile()) {
            prop_assert!(!escape_line(&text).contains(is_harmful));
            prop_assert!(!escape(&text).replace(['\n', '\t'], "").contains(is_harmful));
            prop_assert!(!tool_line(&text, false).replace('\t', "").contains(is_harmful));
        }

        #[test]
        fn only_colours_survive_in_colour(text in hostile()) {
            let clean = tool_line(&text, true);
            let mut parts = clean.split('\x1b');
            prop_assert!(!parts.next().unwrap_or_default().replace('\t', "").contains(is_harmful));
            for part in parts {
                let (sequence, after) = part.split_once('m').expect("a colour ends with m");
                prop_assert!(sequence.starts_with('['));
                prop_assert!(sequence[1..].bytes().all(|b| b.is_ascii_digit() || b == b';' || b == b':'));
                prop_assert!(!after.replace('\t', "").contains(is_harmful));
            }
        }
    }
}
