//! The rules and the search, held against generated values.

mod cases;
mod chance;
mod generate;
mod linear;
mod names;

use super::catch;
use super::scan::Text;
use super::set::RuleSet;
use super::tell;
use crate::path::RepoPath;

/// The codes of what is found in a text of this name.
fn codes(set: &RuleSet, path: &str, text: &str) -> Vec<&'static str> {
    let path = RepoPath::new(path);
    let text = Text {
        path: &path,
        bytes: text.as_bytes(),
        commit: None,
        is_plain: true,
    };
    let caught = catch::catch(set, text).caught.into_iter();
    let by_path = catch::by_path(set, &path);
    by_path
        .into_iter()
        .chain(caught)
        .map(|caught| tell::code_of(set, caught.rule).id)
        .collect()
}

#[test]
fn every_rule_compiles_and_ends() {
    let set = RuleSet::built_in();
    for (number, rule) in set.rules() {
        let id = &rule.id;
        let own = rule.own.as_ref().expect("a rule of guard's");
        assert!(
            rule.regex.is_none() || !rule.keywords.is_empty(),
            "{id}: no word wakes it"
        );
        if let Some(name) = own.check {
            let known = super::judge::Verifier::from_name(name);
            assert!(known.is_some(), "{id}: nobody is called `{name}`");
        }
        let compiled = set.compiled(number).expect("it compiles");
        let allowed = compiled.allowed(rule);
        assert_eq!(allowed.len(), rule.allowed.len(), "{id}: what it lets pass");
        if let Some(expression) = &compiled.regex {
            // What the build drew is what the program would.
            assert_eq!(rule.sketch, expression.sketch(), "{id}");
            let longest = rule.sketch.longest.unwrap_or(u32::MAX);
            assert!(longest <= 70_000, "{id}: a match has no end");
        }
    }
}

#[test]
fn there_are_rules_enough_and_few_of_them_are_generic() {
    let set = RuleSet::built_in();
    let generic = set.rules().filter(|(_, rule)| {
        let own = rule.own.as_ref();
        own.is_some_and(|own| own.is_generic)
    });
    let generic = generic.count();
    assert!(
        set.count() >= 250 && generic * 10 <= set.count(),
        "{generic}"
    );
}
