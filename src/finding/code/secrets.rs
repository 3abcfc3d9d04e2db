//! The kinds of secrets as codes, as the build made them from `src/secrets/rules.toml`.

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

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_without_doubles_and_speak() {
        assert!(SECRETS.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert_eq!(SECRETS.len(), SECRET_EXAMPLES.len());
        for code in SECRETS {
            let id = code.id;
            assert!(id.starts_with("SEC-") && id == id.to_uppercase(), "{id}");
            for text in [code.title, code.why, code.fix] {
                assert!(!text.is_empty() && !text.contains('!'), "{id}: {text}");
            }
            assert!(
                !code.title.ends_with('.') && code.fix.ends_with('.'),
                "{id}"
            );
        }
    }
}
