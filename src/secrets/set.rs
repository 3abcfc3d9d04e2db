//! The rules of one run: which words to look for, and whom each of them wakes.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::built_in;
use super::compiled::{Compiled, Exceptions, Form, Refused};
use super::known::{Known, Told};
use super::rule::{Allowlist, Rule};
use super::sketch::{Kind, Sketch, Stretch};
use super::words::Words;

/// The rules of one run.
#[derive(Debug)]
pub(crate) struct RuleSet {
    /// A user's rules among guard's; none where there are guard's alone, which are packed.
    read: Option<Vec<Rule>>,
    slots: Box<[Slot]>,
    facts: Cow<'static, [Fact]>,
    kinds: Cow<'static, [Kind]>,
    /// What is let pass whatever the rule.
    pub(crate) allowed: Vec<(Allowlist, Exceptions)>,
    /// The rules of each word, one list behind the other, and where each ends.
    owners: Cow<'static, [u16]>,
    owner_ends: Cow<'static, [u32]>,
    /// The words.
    pub(crate) words: Words,
    /// Those that no word wakes, and that have something to look for.
    pub(crate) always: Vec<u16>,
    /// Those to which a file's path is enough.
    pub(crate) by_path: Vec<u16>,
    /// Whether much is searched.
    is_much: AtomicBool,
    known: OnceLock<Known>,
    /// What tells this set from any other.
    pub(crate) key: [u8; 32],
}

/// What is made of a rule when somebody asks for it.
#[derive(Debug, Default)]
struct Slot {
    rule: OnceLock<Box<Rule>>,
    compiled: OnceLock<Box<Result<Compiled, Refused>>>,
}

/// What a search asks of a rule before anything else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    /// The length of the longest match; as much as there is where it has no end.
    pub(crate) longest: u32,
    /// So many bytes of that kind stand in every match; 0 where nothing is known.
    pub(crate) least: u32,
    pub(crate) kind: u16,
    pub(crate) is_generic: bool,
    pub(crate) is_assigned: bool,
    /// Whether it goes by a file's path alone.
    pub(crate) is_by_path: bool,
    /// How what stands behind its words tells whether it has anything to do there.
    pub(crate) frame: Frame,
}

/// What stands around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Something of its own.
    Other,
    /// A name of a service, and an assignment.
    Named,
    /// A name that promises a secret, and an assignment.
    Common,
    /// An address with a user's name before it.
    Address,
}

impl Frame {
    /// What a verifier looks at tells what it stands in.
    fn of(rule: &Rule) -> Self {
        let Some(own) = &rule.own else {
            return Self::Other;
        };
        match own.check {
            Some("assignment") => Self::Common,
            Some("connection") if rule.keywords.iter().all(|word| word == "://") => Self::Address,
            _ if own.is_assigned => Self::Named,
            _ => Self::Other,
        }
    }
}

impl Fact {
    /// Of a rule that was read, with the sets of bytes so far.
    fn of(rule: &Rule, kinds: &mut Vec<Kind>) -> Self {
        let own = rule.own.as_ref();
        let stretch = rule.sketch.stretch;
        let kind = stretch.map_or(0, |stretch| {
            let known = kinds.iter().position(|kind| *kind == stretch.kind);
            known.unwrap_or_else(|| {
                kinds.push(stretch.kind);
                kinds.len() - 1
            })
        });
        Self {
            longest: rule.sketch.longest.unwrap_or(u32::MAX),
            least: stretch.map_or(0, |stretch| stretch.least),
            // There are ten thousand rules at most.
            kind: u16::try_from(kind).unwrap_or(u16::MAX),
            is_generic: own.is_some_and(|own| own.is_generic),
            is_assigned: own.is_some_and(|own| own.is_assigned),
            is_by_path: rule.regex.is_none(),
            frame: Frame::of(rule),
        }
    }

    /// As the rule has it.
    pub(super) fn sketch(&self, kinds: &[Kind]) -> Sketch {
        Sketch {
            longest: (self.longest < u32::MAX).then_some(self.longest),
            stretch: (self.least > 0).then(|| Stretch {
                kind: kinds[usize::from(self.kind)],
                least: self.least,
            }),
        }
    }
}

impl RuleSet {
    /// guard's own rules.
    pub(crate) fn built_in() -> Self {
        let (owners, owner_ends) = built_in::owners();
        let all = (0_u16..).zip(built_in::facts());
        let by_path = all.filter(|(_, fact)| fact.is_by_path);
        Self {
            read: None,
            slots: slots(built_in::COUNT),
            facts: Cow::Borrowed(built_in::facts()),
            kinds: Cow::Borrowed(built_in::kinds()),
            allowed: Vec::new(),
            owners: Cow::Borrowed(owners),
            owner_ends: Cow::Borrowed(owner_ends),
            words: built_in::words(),
            always: Vec::new(),
            by_path: by_path.map(|(number, _)| number).collect(),
            is_much: AtomicBool::new(false),
            known: OnceLock::new(),
            key: key(built_in::MARK.as_bytes(), &[]),
        }
    }

    /// These rules, with what is let pass whatever the rule.
    pub(crate) fn of(rules: Vec<Rule>, allowed: Vec<(Allowlist, Exceptions)>) -> Self {
        let mut sorted: Vec<(String, u16)> = Vec::new();
        let mut always = Vec::new();
        let mut by_path = Vec::new();
        for (number, rule) in (0_u16..).zip(&rules) {
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
        let mut owners: Vec<u16> = Vec::new();
        let mut owner_ends: Vec<u32> = Vec::new();
        for (word, number) in sorted {
            if words.last() != Some(&word) {
                words.push(word);
                owner_ends.push(0);
            }
            owners.push(number);
            if let Some(end) = owner_ends.last_mut() {
                *end = u32::try_from(owners.len()).unwrap_or(u32::MAX);
            }
        }
        let mut kinds = Vec::new();
        let facts: Vec<Fact> = rules
            .iter()
            .map(|rule| Fact::of(rule, &mut kinds))
            .collect();
        Self {
            key: key(format!("{rules:?}").as_bytes(), &allowed),
            slots: slots(rules.len()),
            read: Some(rules),
            facts: facts.into(),
            kinds: kinds.into(),
            allowed,
            owners: owners.into(),
            owner_ends: owner_ends.into(),
            words: Words::of(&words),
            always,
            by_path,
            is_much: AtomicBool::new(false),
            known: OnceLock::new(),
        }
    }

    /// How many rules there are.
    pub(crate) fn count(&self) -> usize {
        self.facts.len()
    }

    /// A rule by its number.
    pub(crate) fn rule(&self, number: u16) -> &Rule {
        let number = usize::from(number);
        if let Some(rules) = &self.read {
            return &rules[number];
        }
        let rule = &self.slots[number].rule;
        rule.get_or_init(|| Box::new(built_in::rule(number)))
    }

    /// What a search asks of it.
    pub(crate) fn fact(&self, number: u16) -> &Fact {
        &self.facts[usize::from(number)]
    }

    /// Whether a text may hold what a rule looks for, as far as can be told without its expression.
    pub(crate) fn may_match(&self, number: u16, text: &[u8]) -> bool {
        let stretch = self.fact(number).sketch(&self.kinds).stretch;
        stretch.is_none_or(|stretch| stretch.stands_in(text))
    }

    /// What is known by name.
    pub(crate) fn known(&self) -> &Known {
        self.known.get_or_init(|| match &self.read {
            None => built_in::known(),
            Some(rules) => {
                let own = rules
                    .iter()
                    .filter_map(|rule| Some((rule, rule.own.as_ref()?)));
                let told = own.filter(|(_, own)| !own.is_generic);
                Known::of(told.map(|(rule, own)| Told {
                    name: own.name,
                    shown: own.shown,
                    keywords: &rule.keywords,
                    is_assigned: own.is_assigned,
                }))
            }
        })
    }

    /// The rules that a word wakes.
    pub(crate) fn owners(&self, word: usize) -> &[u16] {
        let start = word
            .checked_sub(1)
            .map_or(0, |before| self.owner_ends[before]);
        &self.owners[start as usize..self.owner_ends[word] as usize]
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
        let compiled = &self.slots[usize::from(number)].compiled;
        let compiled =
            compiled.get_or_init(|| Box::new(Compiled::of(self.rule(number), self.form())));
        compiled.as_ref().as_ref().ok()
    }

    /// All rules, with their numbers.
    #[cfg(test)]
    pub(crate) fn rules(&self) -> impl Iterator<Item = (u16, &Rule)> {
        let all = 0..u16::try_from(self.count()).unwrap();
        all.map(|number| (number, self.rule(number)))
    }
}

fn slots(count: usize) -> Box<[Slot]> {
    (0..count).map(|_| Slot::default()).collect()
}

/// What a search means is part of what its outcome depends on.
fn key(rules: &[u8], allowed: &[(Allowlist, Exceptions)]) -> [u8; 32] {
    let mut key = blake3::Hasher::new();
    key.update(concat!(env!("CARGO_PKG_VERSION"), " secrets 3 ").as_bytes());
    key.update(rules);
    key.update(format!("{allowed:?}").as_bytes());
    *key.finalize().as_bytes()
}
