//! guard's own rules, as the build packed them from `rules.toml`: nothing of them is read before it is asked for.

use std::borrow::Cow;

use super::known::Known;
use super::rule::{Allowlist, List, Own, Required, Rule, Target, Text};
use super::set::{Fact, Frame};
use super::sketch::Kind;
use super::words::{Gram, Words};

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// All that the rules say.
static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.txt"));

/// How many rules there are.
pub(super) const COUNT: usize = FACTS.len();

/// What a search asks of every rule.
pub(super) fn facts() -> &'static [Fact] {
    &FACTS
}

/// The sets of bytes that the facts name.
pub(super) fn kinds() -> &'static [Kind] {
    &KINDS
}

/// The words that wake the rules.
pub(super) fn words() -> Words {
    Words {
        text: Cow::Borrowed(include_bytes!(concat!(env!("OUT_DIR"), "/words.bin"))),
        ends: Cow::Borrowed(&WORD_ENDS),
        may: Cow::Borrowed(include_bytes!(concat!(env!("OUT_DIR"), "/may.bin"))),
        starts: Cow::Borrowed(&GRAM_STARTS),
        grams: Cow::Borrowed(&GRAMS),
    }
}

/// The rules that each word wakes, one list behind the other, and where each ends.
pub(super) fn owners() -> (&'static [u16], &'static [u32]) {
    (&OWNERS, &OWNER_ENDS)
}

/// What the rules know by name.
pub(super) fn known() -> Known {
    let mut reader = Reader { at: NAMED };
    Known {
        prefixes: reader.texts(),
        beginnings: reader.texts(),
        names: reader.texts(),
    }
}

/// A rule by its number; they are in the order of their codes' names.
pub(super) fn rule(number: usize) -> Rule {
    let fact = &FACTS[number];
    let mut reader = Reader {
        at: STARTS[number] as usize,
    };
    let mut rule = Rule {
        id: reader.text().into(),
        description: reader.text().into(),
        regex: reader.maybe(Reader::cow),
        path: reader.maybe(Reader::cow),
        group: reader.count(),
        entropy: reader.maybe(Reader::float),
        keywords: reader.texts().into(),
        allowed: reader.list(Reader::allowlist).into(),
        required: reader.list(Reader::required).into(),
        is_part: reader.flag(),
        sketch: fact.sketch(&KINDS),
        own: None,
    };
    rule.own = Some(Own {
        shown: reader.text(),
        name: reader.text(),
        check: reader.maybe(Reader::text),
        yields: reader.flag(),
        is_generic: fact.is_generic,
        is_assigned: fact.is_assigned,
    });
    rule
}

/// Reads what the build wrote.
struct Reader {
    at: usize,
}

impl Reader {
    fn number(&mut self) -> u32 {
        let number = NUMBERS[self.at];
        self.at += 1;
        number
    }

    fn count(&mut self) -> usize {
        self.number() as usize
    }

    fn flag(&mut self) -> bool {
        self.number() == 1
    }

    fn text(&mut self) -> &'static str {
        let start = self.count();
        &TEXT[start..start + self.count()]
    }

    fn cow(&mut self) -> Text {
        self.text().into()
    }

    fn float(&mut self) -> f64 {
        let high = u64::from(self.number());
        f64::from_bits(high << 32 | u64::from(self.number()))
    }

    fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| read(self))
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.number()).map(|_| read(self)).collect()
    }

    fn texts(&mut self) -> Vec<Text> {
        self.list(Self::cow)
    }

    fn some_texts(&mut self) -> List<Text> {
        self.texts().into()
    }

    fn allowlist(&mut self) -> Allowlist {
        let needs_all = self.flag();
        let target = match self.number() {
            1 => Target::Match,
            2 => Target::Line,
            _ => Target::Secret,
        };
        Allowlist {
            needs_all,
            target,
            paths: self.some_texts(),
            regexes: self.some_texts(),
            stopwords: self.some_texts(),
            commits: self.some_texts(),
        }
    }

    fn required(&mut self) -> Required {
        Required {
            id: self.cow(),
            lines: self.maybe(Self::count),
            columns: self.maybe(Self::count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// What the build packed is what the file says.
    #[test]
    fn every_rule_is_read_back_as_it_stands_in_the_file() {
        let file: toml::Table = include_str!("rules.toml").parse().unwrap();
        let told: BTreeMap<&str, &toml::Table> = file["rules"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(toml::Value::as_table)
            .map(|rule| (rule["id"].as_str().unwrap(), rule))
            .collect();
        assert_eq!(told.len(), COUNT);
        for number in 0..COUNT {
            let rule = rule(number);
            let told = told[&*rule.id];
            let text = |key: &str| told.get(key).and_then(toml::Value::as_str);
            let texts = |table: &toml::Table, key: &str| -> Vec<String> {
                let list = table.get(key).and_then(toml::Value::as_array);
                let list = list.into_iter().flatten().filter_map(toml::Value::as_str);
                list.map(str::to_owned).collect()
            };
            assert_eq!(rule.regex.as_deref(), text("regex"), "{}", rule.id);
            assert_eq!(rule.path.as_deref(), text("path"), "{}", rule.id);
            assert_eq!(Some(&*rule.description), text("description"));
            assert_eq!(*rule.keywords, texts(told, "keywords"), "{}", rule.id);
            let lists = told.get("allowlists").and_then(toml::Value::as_array);
            let lists: Vec<&toml::Table> = lists
                .into_iter()
                .flatten()
                .filter_map(toml::Value::as_table)
                .collect();
            assert_eq!(rule.allowed.len(), lists.len(), "{}", rule.id);
            for (allowed, list) in rule.allowed.iter().zip(lists) {
                assert_eq!(*allowed.regexes, texts(list, "regexes"), "{}", rule.id);
                assert_eq!(*allowed.stopwords, texts(list, "stopwords"), "{}", rule.id);
            }
            let own = rule.own.as_ref().unwrap();
            let shown = told["guard"].get("shown").and_then(toml::Value::as_str);
            assert_eq!(own.shown, shown.unwrap_or_default(), "{}", rule.id);
        }
    }
}
