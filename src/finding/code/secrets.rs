//! The kinds of secrets as codes, as the build packed them from `src/secrets/rules.toml`.

use std::sync::OnceLock;

use super::Code;
use crate::finding::Severity;

/// A rule of the user's own found a secret.
pub const SEC_RULE: Code = Code {
    id: "SEC-RULE",
    severity: Severity::Error,
    title: "a rule of .gitleaks.toml found a secret",
    why: "The team's own rule says that such a value must not be in the repository. \
          Taken out again, it still stands in the history.",
    fix: "Take it out of the commit, and read it from the environment instead. If it was pushed anywhere, \
          it must be rotated. A rule that matches too much gets an `allowlists` entry in .gitleaks.toml.",
    since: "0.1.0",
};

/// In what a user's own rule would find something.
const EXAMPLE: &str = "TEAM_TOKEN=<<team-[0-9]{10}>>";

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

/// All that is said of them.
static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/codes.txt"));

/// Every kind of secret that guard knows, by name.
pub fn secrets() -> &'static [Code] {
    &kinds().0
}

/// A line in which each of them would stand.
pub fn secret_examples() -> &'static [&'static str] {
    &kinds().1
}

/// They are packed until somebody asks: a thousand kinds would cost every start.
fn kinds() -> &'static (Vec<Code>, Vec<&'static str>) {
    static ALL: OnceLock<(Vec<Code>, Vec<&'static str>)> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut numbers = NUMBERS.iter().map(|number| *number as usize);
        let count = numbers.next().unwrap_or_default();
        (0..count).map_while(|_| read(&mut numbers)).unzip()
    })
}

/// One kind and its example, as the build wrote them.
fn read(numbers: &mut impl Iterator<Item = usize>) -> Option<(Code, &'static str)> {
    let id = text(numbers)?;
    if numbers.next()? == 0 {
        return Some((SEC_RULE, EXAMPLE));
    }
    let severity = match numbers.next()? {
        0 => Severity::Error,
        1 => Severity::Warning,
        _ => Severity::Info,
    };
    let code = Code {
        id,
        severity,
        title: text(numbers)?,
        why: text(numbers)?,
        fix: text(numbers)?,
        since: "0.1.0",
    };
    Some((code, text(numbers)?))
}

fn text(numbers: &mut impl Iterator<Item = usize>) -> Option<&'static str> {
    let start = numbers.next()?;
    TEXT.get(start..start + numbers.next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_without_doubles_and_speaks() {
        assert!(secrets().windows(2).all(|pair| pair[0].id < pair[1].id));
        assert_eq!(secrets().len(), NUMBERS[0] as usize);
        for (code, example) in secrets().iter().zip(secret_examples()) {
            let id = code.id;
            assert!(id.starts_with("SEC-") && id == id.to_uppercase(), "{id}");
            for text in [code.title, code.why, code.fix, example] {
                assert!(!text.is_empty(), "{id}");
            }
            for text in [code.title, code.why, code.fix] {
                assert!(!text.contains('!'), "{id}: {text}");
            }
            assert!(
                !code.title.ends_with('.') && code.fix.ends_with('.'),
                "{id}"
            );
        }
    }
}
