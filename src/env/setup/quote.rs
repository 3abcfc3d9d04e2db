//! A value written so that node, python and compose read the same, held against their grammars.

use crate::dotenv::{self, Dialect, parse};
use crate::secret::Secret;

/// Whose reading counts.
const READERS: [Dialect; 3] = [Dialect::Node, Dialect::Python, Dialect::Compose];

/// The line that sets a variable, without its end; none where no way of writing it is read alike by all.
pub(super) fn line(name: &str, value: &str) -> Option<Secret> {
    let ways = ways(name, value);
    let found = ways.into_iter().find(|line| is_read(line, name, value))?;
    Some(Secret::new(found))
}

/// Ways to write it, the plainest first.
fn ways(name: &str, value: &str) -> Vec<String> {
    let is_plain =
        |letter: char| letter.is_ascii_alphanumeric() || "-_./:@%+,=?&~".contains(letter);
    let mut ways = Vec::with_capacity(4);
    if value.chars().all(is_plain) {
        ways.push(format!("{name}={value}"));
    }
    ways.push(format!("{name}='{value}'"));
    ways.push(format!("{name}=\"{value}\""));
    let escaped = value.replace('\n', "\\n");
    ways.push(format!("{name}=\"{escaped}\""));
    ways
}

/// Whether every reader gets this variable of the line, and nothing else, whatever stands before and behind it.
fn is_read(line: &str, name: &str, value: &str) -> bool {
    const BEFORE: &str = "BEFORE=1\n";
    let behind = ("BEHIND", "1");
    let alone = format!("{line}\nBEHIND=1\n");
    let among = format!("{BEFORE}{alone}");
    let expected = [("BEFORE", "1"), (name, value), behind];
    is_alike(&alone, &expected[1..]) && is_alike(&among, &expected)
}

fn is_alike(text: &str, expected: &[(&str, &str)]) -> bool {
    let gets = |reader: &Dialect| {
        let file = parse(text.as_bytes(), *reader);
        let entries = file.entries().iter();
        let read = entries.map(|entry| {
            let value = entry.value.as_ref().map(Secret::reveal);
            (entry.key.as_str(), value.unwrap_or_default())
        });
        file.problems().is_empty() && read.eq(expected.iter().copied())
    };
    READERS.iter().all(gets) && dotenv::differences(text.as_bytes(), &READERS).is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(value: &str) -> Option<String> {
        line("NAME", value).map(|line| line.reveal().to_owned())
    }

    #[test]
    fn the_plainest_way_that_all_read_alike_is_taken() {
        for (value, expected) in [
            ("1", "NAME=1"),
            (
                "postgres://u:p@h:5432/db?x=1&y=2",
                "NAME=postgres://u:p@h:5432/db?x=1&y=2",
            ),
            ("p#w", "NAME='p#w'"),
            ("two words", "NAME='two words'"),
            ("it's", "NAME=\"it's\""),
            ("{\"a\": [1]}", "NAME='{\"a\": [1]}'"),
            ("pa$$word", "NAME='pa$$word'"),
            ("`x`", "NAME='`x`'"),
        ] {
            assert_eq!(written(value).as_deref(), Some(expected), "{value}");
        }
    }

    #[test]
    fn what_readers_disagree_about_is_not_written() {
        for value in ["${HOME}", "both ' and \" and `", "a\rb", "a\0b"] {
            assert_eq!(written(value), None, "{value:?}");
        }
    }

    #[test]
    fn a_key_of_several_lines_can_be_written() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIB+/=\n-----END PRIVATE KEY-----\n";
        assert!(written(key).is_some());
    }

    proptest! {
        #[test]
        fn nobody_disagrees_about_what_is_written(
            value in "([a-zA-Z0-9 ]|\\$|\\{|\\}|'|\"|`|\\\\|#|=|:|\n|\r|\t|é|\u{2028}|\u{feff}|export |\\.|;){0,24}",
        ) {
            if let Some(line) = written(&value) {
                let text = format!("FIRST=1\n{line}\nLAST=2\n");
                prop_assert!(dotenv::differences(text.as_bytes(), &READERS).is_empty());
                for reader in READERS {
                    let file = parse(text.as_bytes(), reader);
                    let read: Vec<(&str, &str)> = file
                        .effective()
                        .map(|entry| (entry.key.as_str(), entry.value.as_ref().map_or("", Secret::reveal)))
                        .collect();
                    prop_assert_eq!(read, vec![("FIRST", "1"), ("NAME", value.as_str()), ("LAST", "2")]);
                }
            }
        }

        #[test]
        fn plain_values_can_always_be_written(value in "[ -#%-&(-\\[\\]-_a-~]{1,40}") {
            // No dollar, no apostrophe, no backslash and no backtick: quotes suffice.
            prop_assert!(written(&value).is_some(), "{}", value);
        }
    }
}
