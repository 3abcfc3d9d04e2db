//! The rules of one run: which words to look for, and whom each of them wakes.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::built_in;
use super::compiled::{Compiled, Exceptions, Form, Refused};
use super::rule::{Allowlist, Rule};
use super::words::Words;

/// The rules of one run.
#[derive(Debug)]
pub(crate) struct RuleSet {
    pub(crate) rules: Cow<'static, [Rule]>,
    /// What is let pass whatever the rule.
    pub(crate) allowed: Vec<(Allowlist, Exceptions)>,
    /// The rules of each word.
    owners: Vec<Vec<u16>>,
    /// The words.
    pub(crate) words: Words,
    /// Those that no word wakes, and that have something to look for.
    pub(crate) always: Vec<u16>,
    /// Those to which a file's path is enough.
    pub(crate) by_path: Vec<u16>,
    compiled: Vec<OnceLock<Result<Compiled, Refused>>>,
    /// Whether much is searched.
    is_much: AtomicBool,
    /// How values of known services begin, and what those services are called, in small letters.
    known: OnceLock<Known>,
    /// What tells this set from any other.
    pub(crate) key: [u8; 32],
}

/// What guard knows by name: a rule for what could be anybody's has nothing to say there.
#[derive(Debug)]
pub(crate) struct Known {
    prefixes: Vec<String>,
    /// Words of rules that look like the beginning of a value.
    beginnings: Vec<String>,
    names: Words,
}

/// Words of credentials themselves, which are no service's name, the longer ones first.
const PLAIN: [&str; 24] = [
    "security", "password", "personal", "standard", "storage", "service", "private", "session",
    "account", "access", "client", "secret", "shared", "token", "auth", "live", "pass", "team",
    "test", "user", "api", "sdk", "key", "id",
];

/// Whether a word is made of words of credentials alone, as `access_key` and `x-api-key` are.
fn is_plain(word: &[u8]) -> bool {
    let mut rest = word;
    let mut others = 0;
    while let Some(first) = rest.first() {
        let plain = PLAIN.iter().find(|plain| {
            let start = rest.get(..plain.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(plain.as_bytes()))
        });
        others += usize::from(plain.is_none() && first.is_ascii_alphabetic());
        rest = &rest[plain.map_or(1, |plain| plain.len())..];
    }
    // A single letter says nothing.
    others < 2
}

impl Known {
    fn of(rules: &[Rule]) -> Self {
        let mut prefixes = Vec::new();
        let mut beginnings = Vec::new();
        let mut all_names = Vec::new();
        for rule in rules {
            let Some(own) = rule.own.as_ref().filter(|own| !own.is_generic) else {
                continue;
            };
            if own.shown.len() >= 3 {
                prefixes.push(own.shown.to_ascii_lowercase());
            }
            let words = rule.keywords.iter().filter(|word| word.len() >= 3);
            if own.is_assigned {
                let names =
                    words.map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
                all_names.extend(names.map(str::to_owned));
            } else {
                let begins = words.filter(|word| word.len() >= 4 && word.ends_with(['_', '-']));
                beginnings.extend(begins.map(ToString::to_string));
            }
        }
        all_names.sort();
        all_names.dedup();
        prefixes.sort();
        prefixes.dedup();
        Self {
            prefixes,
            beginnings,
            names: Words::of(&all_names),
        }
    }

    /// Whether a value begins as those of a known service do.
    pub(crate) fn has_prefix(&self, value: &[u8]) -> bool {
        let value = value[..value.len().min(40)].to_ascii_lowercase();
        let begins = |prefix: &&String| value.starts_with(prefix.as_bytes());
        let mut beginnings = self.beginnings.iter().filter(begins);
        self.prefixes.iter().any(|prefix| begins(&prefix))
            || beginnings.any(|beginning| !is_plain(beginning.as_bytes()))
    }

    /// Whether a name is one of a known service's: that begins a word of it, and is all of the word when it is short.
    pub(crate) fn is_named(&self, name: &[u8]) -> bool {
        /// Longer ones are no beginnings of other words.
        const SHORT: usize = 4;
        let begins = |at: usize| {
            let before = at.checked_sub(1).map(|before| name[before]);
            before.is_none_or(|before| {
                !before.is_ascii_alphanumeric()
                    || (before.is_ascii_lowercase() && name[at].is_ascii_uppercase())
            })
        };
        let mut is_named = false;
        self.names.find(name, |_, place| {
            let next = name.get(place.end);
            let is_whole = place.len() > SHORT || !next.is_some_and(u8::is_ascii_lowercase);
            is_named =
                is_named || (is_whole && begins(place.start) && !is_plain(&name[place.clone()]));
        });
        is_named
    }
}

impl RuleSet {
    /// guard's own rules.
    pub(crate) fn built_in() -> Self {
        Self::of(Cow::Borrowed(built_in::rules()), Vec::new())
    }

    /// These rules, with what is let pass whatever the rule.
    pub(crate) fn of(rules: Cow<'static, [Rule]>, allowed: Vec<(Allowlist, Exceptions)>) -> Self {
        let mut sorted: Vec<(String, u16)> = Vec::new();
        let mut always = Vec::new();
        let mut by_path = Vec::new();
        for (number, rule) in (0_u16..).zip(rules.iter()) {
            if rule.regex.is_some() && rule.keywords.is_empty() {
                always.push(number);
            }
            if rule.regex.is_none() {
                by_path.push(number);
                continue;
            }
            let keywords = rule.keywords.iter();
            sorted.extend(keywords.map(|word| (word.to_ascii_lowercase(), number)));
        }
        sorted.sort();
        sorted.dedup();
        let mut words: Vec<String> = Vec::new();
        let mut owners: Vec<Vec<u16>> = Vec::new();
        for (word, number) in sorted {
            if words.last() != Some(&word) {
                words.push(word);
                owners.push(Vec::new());
            }
            if let Some(last) = owners.last_mut() {
                last.push(number);
            }
        }
        let mut key = blake3::Hasher::new();
        // What a search means is part of what its outcome depends on.
        key.update(concat!(env!("CARGO_PKG_VERSION"), " secrets 2 ").as_bytes());
        match &rules {
            // To spell them out again would take longer than many a search.
            Cow::Borrowed(_) => key.update(built_in::MARK.as_bytes()),
            Cow::Owned(rules) => key.update(format!("{rules:?}").as_bytes()),
        };
        key.update(format!("{allowed:?}").as_bytes());
        let compiled = rules.iter().map(|_| OnceLock::new()).collect();
        Self {
            rules,
            allowed,
            owners,
            words: Words::of(&words),
            always,
            by_path,
            compiled,
            is_much: AtomicBool::new(false),
            known: OnceLock::new(),
            key: *key.finalize().as_bytes(),
        }
    }

    /// What is known by name.
    pub(crate) fn known(&self) -> &Known {
        self.known.get_or_init(|| Known::of(&self.rules))
    }

    /// The rules that a word wakes.
    pub(crate) fn owners(&self, word: usize) -> &[u16] {
        &self.owners[word]
    }

    /// Much is searched: what runs fast is worth its making.
    pub(crate) fn expect_much(&self) {
        self.is_much.store(true, Ordering::Relaxed);
    }

    fn form(&self) -> Form {
        if self.is_much.load(Ordering::Relaxed) {
            Form::Heavy
        } else {
            Form::Light
        }
    }

    /// A rule in the form that searches. What does not compile was refused when the set was made; guard's
    /// own rules are compiled by a test.
    pub(crate) fn compiled(&self, number: u16) -> Option<&Compiled> {
        let number = usize::from(number);
        let compiled =
            self.compiled[number].get_or_init(|| Compiled::of(&self.rules[number], self.form()));
        compiled.as_ref().ok()
    }

    /// The first rule that does not compile, with the reason.
    #[cfg(test)]
    pub(crate) fn refused(&self) -> Option<(&Rule, Refused)> {
        let mut rules = self.rules.iter();
        rules.find_map(|rule| Some((rule, Compiled::of(rule, Form::Light).err()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_credentials_alone_name_no_service() {
        for (word, is) in [
            ("access_key", true),
            ("X-Api-Key", true),
            ("keys", true),
            ("", true),
            ("acme_key", false),
            ("linear", false),
        ] {
            assert_eq!(is_plain(word.as_bytes()), is, "{word}");
        }
    }
}
