//! The closer look at what a rule matched: which of it is a secret, and which rule speaks for it.

use std::ops::Range;

use super::compiled::Exceptions;
use super::judge::{self, Setting, Strictness, Verifier};
use super::rule::{Allowlist, Required, Rule, Target};
use super::scan::{Hit, Text};
use super::set::RuleSet;
use crate::path::RepoPath;

/// Those of the matches that are secrets: one for each value, by the most specific rule.
pub(crate) fn secrets(set: &RuleSet, text: Text<'_>, hits: Vec<Hit>) -> Vec<Hit> {
    let mut good: Vec<Hit> = hits
        .into_iter()
        .filter(|hit| holds(set, text, hit))
        .collect();
    good.sort_by(|a, b| {
        order(set, a)
            .cmp(&order(set, b))
            .then_with(|| place(a).cmp(&place(b)))
    });
    let mut told: Vec<Hit> = Vec::new();
    for hit in &good {
        let rule = set.rule(hit.rule);
        if rule.is_part || !is_complete(set, text, rule, hit, &good) {
            continue;
        }
        if !told.iter().any(|other| overlap(&other.value, &hit.value)) {
            told.push(hit.clone());
        }
    }
    told.sort_by_key(place);
    told
}

/// Whether none of the matches would be a secret under any name of the file, in any commit. It is asked as of two
/// names that speak for all: verifiers ask of a name whether it is one of a test's, and take whatever else it
/// says only as a reason to let a value pass. Allowlists of names or commits leave the question open.
pub(crate) fn is_clean(set: &RuleSet, text: Text<'_>, hits: &[Hit]) -> bool {
    let is_bound = |list: &Allowlist| !list.paths.is_empty() || !list.commits.is_empty();
    let is_open = |hit: &Hit| {
        let own = set.rule(hit.rule).allowed.iter();
        own.chain(set.allowed.iter().map(|(list, _)| list))
            .any(is_bound)
    };
    !hits.iter().any(is_open)
        && ["a", "test/a"].into_iter().all(|name| {
            let path = RepoPath::new(name);
            let text = Text {
                path: &path,
                commit: None,
                ..text
            };
            !hits.iter().any(|hit| holds(set, text, hit))
        })
}

fn place(hit: &Hit) -> (usize, usize, u16) {
    (hit.value.start, hit.value.end, hit.rule)
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Who speaks first for a value: a user's own rule, then one that knows how such a value begins, then one that
/// knows the service by its name, then what could be anybody's; among equals whoever knows more of the text.
fn order(set: &RuleSet, hit: &Hit) -> (u8, usize) {
    let rule = set.rule(hit.rule);
    let rank = match &rule.own {
        None => 0,
        Some(own) if own.is_generic => 3,
        Some(own) if !own.shown.is_empty() => 1,
        Some(own) if !own.is_assigned => 1,
        Some(_) => 2,
    };
    let shown = rule.own.as_ref().map_or(0, |own| own.shown.len());
    (rank, usize::MAX - shown - hit.value.len())
}

fn holds(set: &RuleSet, text: Text<'_>, hit: &Hit) -> bool {
    let rule = set.rule(hit.rule);
    let value = &text.bytes[hit.value.clone()];
    if value.is_empty() {
        return false;
    }
    if rule
        .entropy
        .is_some_and(|least| judge::entropy(value) < least)
    {
        return false;
    }
    let own = rule.own.as_ref();
    let how = match own {
        Some(own) if own.is_generic => Strictness::Strict,
        Some(own) if own.is_assigned && own.shown.is_empty() => Strictness::Named,
        _ => Strictness::Light,
    };
    if own.is_some() && judge::is_placeholder(value, how) {
        return false;
    }
    if let Some(own) = own.filter(|own| own.is_generic)
        && (set.known().has_prefix(value) || (own.yields && is_named(set, text.bytes, hit)))
    {
        return false;
    }
    if let Some(verifier) = own.and_then(|own| own.check).and_then(Verifier::from_name) {
        let setting = Setting {
            text: text.bytes,
            whole: hit.whole.clone(),
            value: hit.value.clone(),
            path: text.path,
        };
        if !verifier.holds(&setting) {
            return false;
        }
    }
    let exceptions = set
        .compiled(hit.rule)
        .map_or(&[][..], |compiled| compiled.allowed(rule));
    let own = rule.allowed.iter().zip(exceptions);
    let all = own.chain(
        set.allowed
            .iter()
            .map(|(list, exceptions)| (list, exceptions)),
    );
    !all.into_iter()
        .any(|(list, exceptions)| is_let_pass(list, exceptions, text, hit))
}

/// Whether the name before a value, or the call that it stands in, is of a service that has rules of its own.
fn is_named(set: &RuleSet, text: &[u8], hit: &Hit) -> bool {
    /// A name is not longer.
    const NAME: usize = 60;
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-(".contains(byte);
    let before = text[..hit.whole.start].iter().rev().take(NAME);
    let start = hit.whole.start - before.take_while(|byte| is_of_name(byte)).count();
    set.known().is_named(&text[start..hit.value.start])
}

/// Whether an allowlist lets a match pass.
fn is_let_pass(list: &Allowlist, exceptions: &Exceptions, text: Text<'_>, hit: &Hit) -> bool {
    let target = match list.target {
        Target::Secret => hit.value.clone(),
        Target::Match => hit.whole.clone(),
        Target::Line => line(text.bytes, &hit.whole),
    };
    let target = &text.bytes[target];
    let value = text.bytes[hit.value.clone()].to_ascii_lowercase();
    let checks = [
        (!list.commits.is_empty()).then(|| {
            let commit = text.commit.unwrap_or_default();
            let mut commits = list.commits.iter();
            commits.any(|known| known.len() >= 7 && commit.starts_with(known.as_ref()))
        }),
        (!exceptions.paths.is_empty()).then(|| {
            let mut paths = exceptions.paths.iter();
            paths.any(|path| path.is_match(text.path.as_bytes()))
        }),
        (!exceptions.regexes.is_empty()).then(|| {
            let mut regexes = exceptions.regexes.iter();
            regexes.any(|regex| regex.is_match(target))
        }),
        (!list.stopwords.is_empty()).then(|| {
            let mut words = list.stopwords.iter();
            words.any(|word| {
                let word = word.to_ascii_lowercase();
                memchr::memmem::find(&value, word.as_bytes()).is_some()
            })
        }),
    ];
    let mut said = checks.into_iter().flatten().peekable();
    if list.needs_all {
        said.peek().is_some() && said.all(|holds| holds)
    } else {
        said.any(|holds| holds)
    }
}

/// The lines that a range touches, without the last line end.
pub(crate) fn line(text: &[u8], range: &Range<usize>) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &text[..range.start]).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', &text[range.end..]).map_or(text.len(), |end| range.end + end);
    start..end
}

/// Whether all that a rule wants near by is there.
fn is_complete(set: &RuleSet, text: Text<'_>, rule: &Rule, hit: &Hit, all: &[Hit]) -> bool {
    rule.required.iter().all(|required| {
        let mut others = all.iter().filter(|other| {
            let id = &set.rule(other.rule).id;
            *id == required.id
        });
        others.any(|other| is_near(text.bytes, required, hit, other))
    })
}

fn is_near(text: &[u8], required: &Required, hit: &Hit, other: &Hit) -> bool {
    let (a, b) = (hit.whole.start, other.whole.start);
    let (first, last) = (a.min(b), a.max(b));
    let lines = memchr::memchr_iter(b'\n', &text[first..last]).count();
    let column = |at: usize| at - line(text, &(at..at)).start;
    required.lines.is_none_or(|most| lines <= most)
        && required
            .columns
            .is_none_or(|most| column(a).abs_diff(column(b)) <= most)
}
