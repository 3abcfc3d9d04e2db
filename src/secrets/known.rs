//! What guard knows by name: a rule for what could be anybody's has nothing to say there.

use std::borrow::Cow;

type Text = Cow<'static, str>;

/// How values of known services begin, and what those services are called, in small letters. All are sorted.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) prefixes: Vec<Text>,
    /// Words of rules that look like the beginning of a value.
    pub(crate) beginnings: Vec<Text>,
    pub(crate) names: Vec<Text>,
}

/// What a rule tells of its service.
pub(crate) struct Told<'r> {
    /// What the service is called, where a value under that name must be of its form.
    pub(crate) name: &'r str,
    /// What every value begins with.
    pub(crate) shown: &'r str,
    pub(crate) keywords: &'r [Text],
    /// Whether a value is looked for that stands assigned to a name.
    pub(crate) is_assigned: bool,
}

/// Longer names are no beginnings of other words.
const SHORT: usize = 4;

/// Words of credentials themselves, which are no service's name, the longer ones first.
const PLAIN: [&str; 24] = [
    "security", "password", "personal", "standard", "storage", "service", "private", "session",
    "account", "access", "client", "secret", "shared", "token", "auth", "live", "pass", "team",
    "test", "user", "api", "sdk", "key", "id",
];

impl Known {
    /// What rules that are not anybody's tell.
    pub(crate) fn of<'r>(rules: impl Iterator<Item = Told<'r>>) -> Self {
        let mut known = Self::default();
        for rule in rules {
            known.names.push(rule.name.to_owned().into());
            if rule.shown.len() >= 3 {
                known.prefixes.push(rule.shown.to_ascii_lowercase().into());
            }
            let words = rule.keywords.iter().filter(|word| word.len() >= 3);
            if rule.is_assigned {
                let names =
                    words.map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
                known
                    .names
                    .extend(names.map(|name| Cow::Owned(name.to_owned())));
            } else {
                let begins = words.filter(|word| word.len() >= 4 && word.ends_with(['_', '-']));
                let begins = begins.filter(|word| !is_plain(word.as_bytes()));
                known.beginnings.extend(begins.cloned());
            }
        }
        for list in [&mut known.prefixes, &mut known.beginnings, &mut known.names] {
            list.retain(|word| !word.is_empty());
            list.sort();
            list.dedup();
        }
        known
    }

    /// Whether a value begins as those of a known service do.
    pub(crate) fn has_prefix(&self, value: &[u8]) -> bool {
        let value = value[..value.len().min(40)].to_ascii_lowercase();
        heads(&self.prefixes, &value).next().is_some()
            || heads(&self.beginnings, &value).next().is_some()
    }

    /// Whether a name is one of a known service's: that begins a word of it, and is all of the word when it is short.
    pub(crate) fn is_named(&self, name: &[u8]) -> bool {
        let small = name.to_ascii_lowercase();
        let mut starts = (0..name.len()).filter(|at| begins_word(name, *at));
        starts.any(|start| {
            heads(&self.names, &small[start..]).any(|length| {
                let next = name.get(start + length);
                let is_whole = length > SHORT || !next.is_some_and(u8::is_ascii_lowercase);
                is_whole && !is_plain(&small[start..start + length])
            })
        })
    }
}

/// Whether a word of a name begins here.
fn begins_word(name: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| name[before]);
    before.is_none_or(|before| {
        !before.is_ascii_alphanumeric()
            || (before.is_ascii_lowercase() && name[at].is_ascii_uppercase())
    })
}

/// The lengths of those words of a sorted list with which a text begins.
fn heads<'l>(list: &'l [Text], text: &'l [u8]) -> impl Iterator<Item = usize> + 'l {
    (1..=text.len())
        .map_while(move |length| {
            // What sorts at or behind this beginning either goes on from it, or nothing does.
            let head = &text[..length];
            let place = list.partition_point(|word| word.as_bytes() < head);
            let next = list.get(place)?.as_bytes();
            next.starts_with(head)
                .then_some((next.len() == length, length))
        })
        .filter_map(|(is_word, length)| is_word.then_some(length))
}

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

    #[test]
    fn names_begin_words_and_values_begin_as_told() {
        let keywords: [Text; 3] = ["acme_".into(), "acmecorp".into(), "api_key".into()];
        let told = |is_assigned| Told {
            name: "acmeco",
            shown: "AC-",
            keywords: &keywords,
            is_assigned,
        };
        let named = Known::of([told(true)].into_iter());
        for (name, is) in [
            ("ACME_KEY", true),
            ("myAcmeKey", true),
            ("acmeKey", true),
            ("acmes", false),
            ("acmecorps", true),
            ("ACMECO_KEY", true),
            ("pacmecorp", false),
            ("API_KEY", false),
            ("", false),
        ] {
            assert_eq!(named.is_named(name.as_bytes()), is, "{name}");
        }
        let begun = Known::of([told(false)].into_iter());
        for (value, is) in [
            ("acme_x", true),
            ("ac-1", true),
            ("ac", false),
            ("acm", false),
        ] {
            assert_eq!(begun.has_prefix(value.as_bytes()), is, "{value}");
        }
    }
}
