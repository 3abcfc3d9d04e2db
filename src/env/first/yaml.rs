//! Scalars and lists as YAML text: plain where that cannot be misread, in double quotes where it could.

use std::fmt::Write as _;

/// A text.
pub(crate) fn text(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            ' '..='~' => quoted.push(letter),
            letter if letter.is_alphanumeric() || "—–…’“”→←·─".contains(letter) =>
            {
                quoted.push(letter);
            }
            letter => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(letter));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// A list on one line.
pub(crate) fn list<'t>(items: impl IntoIterator<Item = &'t str>) -> String {
    let items: Vec<String> = items.into_iter().map(text).collect();
    format!("[{}]", items.join(", "))
}

/// A line is broken up where it would be longer.
const WIDE: usize = 100;

/// A name with its keys and their values, on one line if it fits, so far indented.
pub(crate) fn entry(indent: usize, name: &str, keys: &[(&str, String)]) -> String {
    let name = text(name);
    let lead = " ".repeat(indent);
    let flow: Vec<String> = keys
        .iter()
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    if flow.is_empty() {
        return format!("{lead}{name}: {{}}\n");
    }
    let line = format!("{lead}{name}: {{ {} }}", flow.join(", "));
    if line.chars().count() <= WIDE {
        return line + "\n";
    }
    let lines = flow.iter().map(|line| format!("{lead}  {line}\n"));
    format!("{lead}{name}:\n{}", lines.collect::<String>())
}

/// One line of a comment: what could end it is taken out.
pub(crate) fn comment(said: &str) -> String {
    said.chars()
        .map(|letter| {
            if letter.is_control() || "\u{85}\u{2028}\u{2029}\u{feff}".contains(letter) {
                ' '
            } else {
                letter
            }
        })
        .collect()
}

/// Whether a text is itself without quotes, in a list too.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "none", "nan", "inf",
    ];
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(letter)
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config;

    proptest! {
        #[test]
        fn whatever_is_written_reads_back(a in any::<String>(), b in ".*") {
            let written = format!("{{ k: {}, l: {} }}\n# {}\n", text(&a), list([b.as_str(), "x"]), comment(&b));
            let read = config::yaml_value(&written).expect("it is YAML");
            prop_assert_eq!(&read["k"], &serde_json::Value::from(a));
            prop_assert_eq!(&read["l"][0], &serde_json::Value::from(b));
        }
    }

    #[test]
    fn words_with_a_meaning_of_their_own_are_quoted() {
        for word in [
            "true", "No", "null", "~", "1", "1.0", "0x1", "", " a", "a: b", "a #b", "*.ts", "{a}",
            "-",
        ] {
            let written = text(word);
            assert!(written.starts_with('"'), "{word} became {written}");
            assert_eq!(
                config::yaml_value(&format!("k: {written}")).unwrap()["k"],
                word
            );
        }
        assert_eq!(text("src/a-b.ts"), "src/a-b.ts");
    }
}
