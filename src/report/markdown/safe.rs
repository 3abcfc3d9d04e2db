//! Foreign text in Markdown: no name or message becomes a link, an image, a mention, HTML or a row of a table.
//!
//! Escaping is not enough: a mention, an issue number or an address is found by GitHub and GitLab in
//! the finished text, where a backslash is long gone. Inside code nothing is looked for. So every
//! word that is more than letters and quiet punctuation is shown as code.

use std::fmt::Write as _;

use crate::terminal::escape_line;

/// A sentence on one line. What stands between backticks is code, as guard writes it.
pub(super) fn prose(text: &str) -> String {
    let mut parts: Vec<&str> = text.split('`').collect();
    // A backtick without its partner is a character like others.
    let odd = if parts.len().is_multiple_of(2) {
        parts.pop()
    } else {
        None
    };
    let mut said = String::with_capacity(text.len() + 16);
    for (at, part) in parts.iter().enumerate() {
        let part = if at % 2 == 1 { code(part) } else { words(part) };
        // Code beside code would run into one.
        if said.ends_with('`') && part.starts_with('`') {
            said.push(' ');
        }
        said.push_str(&part);
    }
    if let Some(rest) = odd {
        said.push_str(&words(&format!("`{rest}")));
    }
    said.trim().to_owned()
}

/// Words, of which the wild ones become code. Line ends are spaces: what stands on one line cannot
/// begin a heading, a list or a fence.
fn words(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    if text.starts_with(char::is_whitespace) {
        said.push(' ');
    }
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| {
            // What ends a sentence is no part of the name before it.
            let bare = word.trim_end_matches([',', '.', ';', ':']);
            if is_tame(bare) {
                word.to_owned()
            } else {
                code(bare) + &word[bare.len()..]
            }
        })
        .collect();
    said.push_str(&words.join(" "));
    if !words.is_empty() && text.ends_with(char::is_whitespace) {
        said.push(' ');
    }
    said
}

/// Whether a word means nothing but itself, wherever it stands.
fn is_tame(word: &str) -> bool {
    let is_quiet = |c: char| c.is_alphanumeric() || ",.;'\"()/%=+-?·".contains(c);
    word.chars().all(is_quiet) && !word.to_ascii_lowercase().contains("www.")
}

/// Text as code on one line. Empty text stays empty.
pub(super) fn code(text: &str) -> String {
    let text = escape_line(text);
    if text.trim().is_empty() {
        return String::new();
    }
    // A backtick would end the code, a bar the cell of a table, and spaces at both ends get lost.
    let is_plain = !text.contains(['`', '|']) && text.trim() == text;
    if is_plain {
        format!("`{text}`")
    } else {
        tagged(&text)
    }
}

/// The same for where Markdown is not read, or could not hold it: in tags, as character references.
pub(super) fn tagged(text: &str) -> String {
    let mut tagged = String::from("<code>");
    for c in escape_line(text).chars() {
        // Only ASCII means anything to Markdown and HTML.
        if c.is_ascii_punctuation() {
            let _ = write!(tagged, "&#{};", u32::from(c));
        } else {
            tagged.push(c);
        }
    }
    tagged + "</code>"
}

/// Text of several lines, in a fence that is longer than any in the text.
pub(super) fn fenced(text: &str, kind: &str) -> String {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{kind}\n{text}\n{fence}\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_guard_says_reads_well_and_what_others_say_means_nothing() {
        for (text, shown) in [
            ("exit code 1", "exit code 1"),
            ("`types` failed: exit code 1", "`types` failed: exit code 1"),
            (
                "3 files, of which (all) are new.",
                "3 files, of which (all) are new.",
            ),
            (
                "2 commits of main -> origin/main",
                "2 commits of main `->` origin/main",
            ),
            (
                "@team see https://a.test/x.",
                "`@team` see `https://a.test/x`.",
            ),
            (
                "![x](y) <b> a|b #12",
                "`![x](y)` `<b>` <code>a&#124;b</code> `#12`",
            ),
            ("www.a.test", "`www.a.test`"),
            ("a\n# b", "a `#` b"),
            ("`a` and `b", "`a` and <code>&#96;b</code>"),
            ("``", ""),
            ("`a\u{202e}b`", "`a\\u{202e}b`"),
            ("#`a``b`", "`#` `a` `b`"),
            ("` x `", "<code> x </code>"),
            ("", ""),
        ] {
            assert_eq!(prose(text), shown, "{text:?}");
        }
        assert_eq!(
            fenced("a\n````\nb", "text"),
            "`````text\na\n````\nb\n`````\n"
        );
        assert_eq!(fenced("a", "text"), "```text\na\n```\n");
    }

    /// The text without what is code.
    fn around_code(markdown: &str) -> String {
        let mut around = String::new();
        let mut rest = markdown;
        loop {
            let tick = rest.find('`');
            let tag = rest.find("<code>");
            let (at, open, close) = match (tick, tag) {
                (Some(tick), Some(tag)) if tag < tick => (tag, 6, "</code>"),
                (Some(tick), _) => (tick, 1, "`"),
                (None, Some(tag)) => (tag, 6, "</code>"),
                (None, None) => return around + rest,
            };
            around.push_str(&rest[..at]);
            let inner = &rest[at + open..];
            let end = inner.find(close).expect("code that was begun ends");
            assert!(
                end > 0 && !inner[..end].contains(['`', '|', '\n']),
                "{markdown:?}"
            );
            rest = &inner[end + close.len()..];
        }
    }

    proptest! {
        #[test]
        fn outside_code_nothing_has_a_meaning(text in "[a-z@#`|<>&*_\\[\\]()!~:/\\\\ \n\u{202e}.w-]{0,40}") {
            let around = around_code(&prose(&text));
            prop_assert!(
                !around.contains(['@', '#', '|', '<', '>', '&', '*', '_', '[', ']', '!', '~', '\\', '\n', '\u{202e}']),
                "{:?} of {:?}", around, text
            );
            prop_assert!(!around.contains("www.") && !around.contains("://"));
        }
    }
}
