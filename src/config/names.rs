//! Names: which are allowed, which is nearest to a mistyped one, and how they are shown.

/// The longest piece of a user's text that a message repeats.
const LONGEST_SHOWN: usize = 40;

/// Whether a text can be the id of a step.
pub(crate) fn is_step(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte))
}

/// Whether a text can be the name of an environment variable.
pub(crate) fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether some file system takes this name for `.git`: letters of either case, characters that
/// HFS+ ignores, trailing dots and spaces and the short name on NTFS.
pub(crate) fn spells_git(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|letter| {
            !matches!(letter, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
        })
        .flat_map(char::to_lowercase)
        .collect();
    let plain = plain.split(['\\', ':']).next().unwrap_or_default();
    let plain = plain.trim_end_matches(['.', ' ']);
    plain == ".git" || plain == "git~1"
}

/// The candidate that was probably meant.
pub(crate) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let plain = plain(word);
    let reach = match plain.chars().count() {
        0..=1 => 0,
        2..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .map(|candidate| (distance(&plain, &self::plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= reach)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters must be changed, put in, left out or swapped with their neighbour.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(a, b)
}

/// Capitals and the kind of dash are no difference.
fn plain(word: &str) -> String {
    word.chars()
        .take(100)
        .map(|letter| {
            if letter == '-' {
                '_'
            } else {
                letter.to_ascii_lowercase()
            }
        })
        .collect()
}

/// Words for a message, each as it would be written.
pub(crate) fn list<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A user's text inside a message: one line, no control or bidi characters, not without end.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_SHOWN).map(visible).collect();
    if text.chars().nth(LONGEST_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// A character that can be shown, or what stands for it.
pub(crate) fn visible(letter: char) -> char {
    match letter {
        '\t' => ' ',
        letter if letter.is_control() => '\u{fffd}',
        '\u{200e}'
        | '\u{200f}'
        | '\u{061c}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{2028}'
        | '\u{2029}' => '\u{fffd}',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_near() {
        let keys = ["commands", "on_unknown", "jobs", "min_version"];
        for (word, expected) in [
            ("comands", Some("commands")),
            ("job", Some("jobs")),
            ("onUnknown", Some("on_unknown")),
            ("on-unknown", Some("on_unknown")),
            ("minversion", Some("min_version")),
            ("x", None),
            ("hooks", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, keys), expected, "{word}");
        }
    }

    #[test]
    fn all_spellings_of_git_are_known() {
        for name in [
            ".git",
            ".GIT",
            ".Git.",
            ".git ",
            "GIT~1",
            ".g\u{200c}it",
            ".git\\x",
            ".git::$INDEX",
        ] {
            assert!(spells_git(name), "{name:?}");
        }
        for name in [".github", "git", ".gitignore", "x.git"] {
            assert!(!spells_git(name), "{name:?}");
        }
    }

    #[test]
    fn shown_text_is_short_and_plain() {
        assert_eq!(shown("a\u{1b}[31m\u{202e}b\tc"), "a\u{fffd}[31m\u{fffd}b c");
        assert_eq!(shown(&"x".repeat(50)).chars().count(), 41);
    }
}
