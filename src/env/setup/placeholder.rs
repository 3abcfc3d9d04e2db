//! Values that only hold a place in an example: nobody's program works with them.

/// Parts that say so, wherever they stand.
const PARTS: [&str; 20] = [
    "changeme",
    "change-me",
    "change_me",
    "replace-",
    "replace_",
    "replaceme",
    "your-",
    "your_",
    "://your",
    "placeholder",
    "example.com",
    "example.org",
    "dummy",
    "redacted",
    "xxx",
    "***",
    "...",
    "…",
    "insert-",
    "insert_",
];

/// Words that are no value by themselves.
const WORDS: [&str; 8] = [
    "todo", "tbd", "fixme", "fill-in", "fill_in", "none", "null", "secret",
];

/// Whether a value only holds a place.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.trim().to_lowercase();
    let is_marked = |open: char, close: char| {
        value
            .find(open)
            .is_some_and(|at| value[at..].contains(close))
    };
    value.is_empty()
        || value.starts_with("your")
        || value.starts_with("${")
        || PARTS.iter().any(|part| value.contains(part))
        || WORDS.contains(&value.as_str())
        || is_marked('<', '>')
        || value.starts_with('[') && value.ends_with(']') && !value.contains(['"', '{', ','])
        || value.starts_with("enter ")
        || value.starts_with("put ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_place_is_told_from_what_works() {
        for place in [
            "",
            "your-key-here",
            "YOUR_API_KEY",
            "<token>",
            "sk-xxxxxxxx",
            "changeme",
            "postgres://user:<password>@localhost/app",
            "https://api.example.com",
            "${OTHER}",
            "todo",
            "[your key]",
            "https://yourproject.supabase.co",
        ] {
            assert!(is_placeholder(place), "{place}");
        }
        for value in [
            "3000",
            "true",
            "debug",
            "postgres://postgres:postgres@localhost:5432/app",
            "http://localhost:3000",
            "[1,2]",
            "[\"a\"]",
            "redis://127.0.0.1",
        ] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
