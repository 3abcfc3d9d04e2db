//! Text in columns: how wide it is, how it is cut, and how it is broken into lines.

use unicode_width::UnicodeWidthChar;

/// The columns that escaped text takes, counted character by character.
///
/// Terminals disagree about joined emoji; this is the widest reading, so that what is cut by it
/// never wraps.
pub fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(c: char) -> usize {
    // The emoji selector may widen the character before it.
    if c == '\u{fe0f}' {
        1
    } else {
        c.width().unwrap_or(1)
    }
}

/// The text in at most `columns` columns, with `...` where something was cut.
pub fn clip(text: &str, columns: usize) -> String {
    // Far more characters than columns need no look: a line of a megabyte is cut at once.
    let limit = columns.saturating_mul(4);
    let short = text.chars().nth(limit).is_none();
    if short && width(text) <= columns {
        return text.to_owned();
    }
    let dots = columns.min(3);
    let mut taken = 0;
    let mut clipped: String = text
        .chars()
        .take(limit)
        .take_while(|c| {
            taken += columns_of(*c);
            taken + dots <= columns
        })
        .collect();
    clipped.push_str(&"..."[..dots]);
    clipped
}

/// The text filled up with spaces to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The text broken at spaces into lines of at most `columns`, the first behind `first`, the others behind `rest`.
///
/// What stands in backticks is a command to copy, and stays on one line where it fits one. A word
/// without spaces that is longer than a line stays whole (a path cut in two cannot be copied),
/// unless it is of a script that is written without spaces.
pub fn wrap(text: &str, columns: usize, first: &str, rest: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = lead(&lines, first, rest).to_owned();
        let mut empty = true;
        for word in words(paragraph, columns.saturating_sub(width(rest))) {
            let needed = width(&line) + usize::from(!empty) + width(&word);
            if !empty && needed > columns {
                lines.push(std::mem::take(&mut line));
                rest.clone_into(&mut line);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(&word);
            empty = false;
        }
        lines.push(line);
    }
    lines.join("\n")
}

fn lead<'t>(lines: &[String], first: &'t str, rest: &'t str) -> &'t str {
    if lines.is_empty() { first } else { rest }
}

/// The pieces between which a line may end.
fn words(paragraph: &str, room: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    // Odd parts stand between backticks; a backtick without a partner opens nothing.
    let mut open: Option<String> = None;
    for word in paragraph.split_whitespace() {
        let ticks = word.matches('`').count();
        match open.take() {
            Some(mut span) => {
                span.push(' ');
                span.push_str(word);
                if ticks % 2 == 1 {
                    close(&mut words, span, room);
                } else {
                    open = Some(span);
                }
            }
            None if ticks % 2 == 1 => open = Some(word.to_owned()),
            None => close(&mut words, word.to_owned(), room),
        }
    }
    if let Some(span) = open {
        words.extend(span.split(' ').map(str::to_owned));
    }
    words
}

/// Adds a piece, broken further where it cannot fit a line and may be broken.
fn close(words: &mut Vec<String>, piece: String, room: usize) {
    if width(&piece) <= room {
        words.push(piece);
    } else if piece.contains(' ') {
        words.extend(piece.split(' ').map(str::to_owned));
    } else if piece.is_ascii() || room < 2 {
        words.push(piece);
    } else {
        let mut line = String::new();
        for c in piece.chars() {
            if width(&line) + columns_of(c) > room {
                words.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
        words.push(line);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(width("日本"), 4);
        assert_eq!(clip("日本語のテスト", 8), "日本...");
        assert_eq!(clip("short", 5), "short");
        assert_eq!(clip("longer", 5), "lo...");
        assert_eq!(clip("longer", 2), "..");
        assert_eq!(pad("日", 4), "日  ");
    }

    #[test]
    fn commands_are_not_torn() {
        let help = "Read the output, mend the files and try `guard run pre-commit -v` again.";
        insta::assert_snapshot!(wrap(help, 40, "help: ", "      "), @"
        help: Read the output, mend the files
              and try `guard run pre-commit -v`
              again.
        ");
        insta::assert_snapshot!(wrap(help, 24, "", ""), @"
        Read the output, mend
        the files and try `guard
        run pre-commit -v`
        again.
        ");
        insta::assert_snapshot!(wrap("a lonely ` tick and\nanother paragraph", 12, "", " "), @"
        a lonely `
         tick and
         another
         paragraph
        ");
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_asked(text in ".{0,60}", columns in 0_usize..30) {
            let clipped = clip(&text, columns);
            prop_assert!(width(&clipped) <= columns);
            prop_assert!(UnicodeWidthStr::width(clipped.as_str()) <= columns);
        }

        #[test]
        fn wrapping_loses_no_word(text in "[a-z` \u{65e5}]{0,80}", columns in 4_usize..30) {
            let wrapped = wrap(&text, columns, "", "");
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(squeezed(&wrapped), squeezed(&text));
        }
    }
}
