//! What an env file holds, as far as it must be known to say how bad it is that it is in the commit. Never a value.

/// What kind of values are in it; the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Content {
    /// Names without values, or with values that only hold a place.
    Nothing,
    /// It is encrypted.
    Encrypted,
    /// Values, none of which looks like a secret.
    Values,
    /// A value that looks like a secret.
    Secret,
}

/// Parts of a name whose value is a secret.
const NAMES: [&str; 14] = [
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "PASS",
    "PRIVATE",
    "APIKEY",
    "KEY",
    "CREDENTIAL",
    "CREDENTIALS",
    "PWD",
    "SALT",
    "WEBHOOK",
    "AUTH",
];

/// How names begin whose values every browser sees.
const PUBLIC: [&str; 8] = [
    "NEXT_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "EXPO_PUBLIC_",
    "PUBLIC_",
    "NUXT_PUBLIC_",
    "GATSBY_",
    "VUE_APP_",
];

/// How secrets of known services begin.
const PREFIXES: [&str; 16] = [
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "sk-",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "ASIA",
    "npm_",
    "AIza",
    "-----BEGIN",
];

/// Words that only hold a place.
const PLACES: [&str; 18] = [
    "changeme",
    "change-me",
    "change_me",
    "replace",
    "your",
    "example",
    "placeholder",
    "xxx",
    "todo",
    "dummy",
    "fake",
    "insert",
    "<",
    "...",
    "secret",
    "password",
    "none",
    "null",
];

/// What a file's text holds.
pub(super) fn of(text: &str) -> Content {
    if text.starts_with('\0') {
        return Content::Encrypted;
    }
    let entries = text.lines().filter_map(entry);
    entries
        .map(|(name, value)| weigh(name, value))
        .max()
        .unwrap_or(Content::Nothing)
}

/// A line's name and value, without quotes.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    if line.starts_with('#') {
        return None;
    }
    let (name, value) = line.split_once('=')?;
    let value = value.trim();
    let quote = value
        .chars()
        .next()
        .filter(|letter| matches!(letter, '"' | '\'' | '`'));
    let value = match quote {
        Some(quote) => value[1..].split(quote).next().unwrap_or_default(),
        None => value.split(" #").next().unwrap_or_default(),
    };
    Some((name.trim(), value.trim()))
}

fn weigh(name: &str, value: &str) -> Content {
    let name = name.to_uppercase();
    if value.starts_with("encrypted:")
        || value.starts_with("ENC[")
        || name.starts_with("DOTENV_PUBLIC_KEY")
    {
        return Content::Encrypted;
    }
    if holds_a_place(value) {
        return Content::Nothing;
    }
    if PREFIXES.iter().any(|prefix| value.starts_with(prefix)) || has_password(value) {
        return Content::Secret;
    }
    let is_public = PUBLIC.iter().any(|prefix| name.starts_with(prefix));
    let is_named = name
        .split(['_', '-', '.'])
        .any(|part| NAMES.contains(&part));
    let is_plain = value.len() < 8 || value.parse::<f64>().is_ok() || is_address(value);
    if is_named && !is_public && !is_plain {
        return Content::Secret;
    }
    Content::Values
}

fn holds_a_place(value: &str) -> bool {
    let lower = value.to_lowercase();
    value.is_empty()
        || value.starts_with("${")
        || value
            .chars()
            .all(|letter| matches!(letter, '*' | 'x' | 'X' | '.' | '-' | '_'))
        || PLACES.iter().any(|place| lower.starts_with(place))
}

/// A URL that says where, and no more.
fn is_address(value: &str) -> bool {
    value.starts_with("http://")
        || value.starts_with("https://")
        || value.starts_with('/')
        || value.starts_with("./")
}

/// A URL with a password in it, towards another machine than this one.
fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, host)) = authority.rsplit_once('@') else {
        return false;
    };
    let password = user.split_once(':').map_or("", |(_, password)| password);
    let host = host.split(':').next().unwrap_or_default();
    // A name without a dot is a container of the same compose file.
    let is_far = host.contains('.')
        && !host.starts_with("127.")
        && host != "0.0.0.0"
        && !host.ends_with(".internal");
    !holds_a_place(password) && is_far
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worst_value_counts() {
        for (text, content) in [
            ("", Content::Nothing),
            (
                "# a\nA=\nB=\"\"\nC=your-key-here\nD=<token>\nE=${A}\nSECRET_KEY=changeme\n",
                Content::Nothing,
            ),
            (
                "PORT=3000\nNEXT_PUBLIC_API_KEY=pk1234567890\n",
                Content::Values,
            ),
            (
                "API_URL=https://api.example.com\nTOKEN_URL=https://x.io/token",
                Content::Values,
            ),
            (
                "DATABASE_URL=postgres://postgres:postgres@localhost:5432/app",
                Content::Values,
            ),
            (
                "DATABASE_URL=postgres://app:s3cr3tpw@db:5432/app",
                Content::Values,
            ),
            (
                "DATABASE_URL=postgres://app:hunter22@db.acme.io:5432/app",
                Content::Secret,
            ),
            (
                "export SESSION_SECRET='9f8a7b6c5d4e3f2a'\n",
                Content::Secret,
            ),
            ("X=ghp_abcdef # mine", Content::Secret),
            (
                "DOTENV_PUBLIC_KEY=\"03a\"\nHELLO=\"encrypted:BD\"\n",
                Content::Encrypted,
            ),
            ("\0GITCRYPT\0", Content::Encrypted),
            ("not an env file", Content::Nothing),
        ] {
            assert_eq!(of(text), content, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(A|=|\"|'|é|://|:|@|\\.|#| |\n){0,40}") {
            let _ = of(&text);
        }
    }
}
