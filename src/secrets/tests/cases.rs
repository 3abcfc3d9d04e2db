//! The cases of each rule: values that it must find, and near misses that it must leave.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::super::set::RuleSet;
use super::codes;
use super::generate::{Dice, filled};
use crate::finding::code;

/// What is known of one rule: texts with `<<…>>` for values.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) found: Vec<String>,
    pub(super) left: Vec<String>,
    /// The name of the file, where it matters.
    path: Option<String>,
}

/// Each is tried with so many values.
const TRIES: u64 = 2;

pub(super) fn all() -> BTreeMap<String, Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/secrets");
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let cases: BTreeMap<String, Case> = toml::from_str(&text).unwrap();
        for (id, case) in cases {
            assert!(all.insert(id.clone(), case).is_none(), "{id} has two cases");
        }
    }
    all
}

fn code(id: &str) -> String {
    format!("SEC-{}", id.to_ascii_uppercase())
}

#[test]
fn every_rule_has_cases_and_every_case_a_rule() {
    let set = RuleSet::built_in();
    let cases = all();
    for (_, rule) in set.rules() {
        let case = cases.get(&*rule.id);
        let case = case.unwrap_or_else(|| panic!("{} has no case", rule.id));
        // A rule that goes by the path alone has its names in `found`.
        assert!(
            case.found.len() >= 3 && case.left.len() >= 3,
            "{}: three of each",
            rule.id
        );
    }
    for id in cases.keys() {
        assert!(
            set.rules().any(|(_, rule)| *rule.id == **id),
            "no rule is called {id}"
        );
    }
}

#[test]
fn every_rule_finds_its_own_and_leaves_near_misses() {
    let set = RuleSet::built_in();
    let mut wrong = Vec::new();
    for (id, case) in all() {
        let code = code(&id);
        let path = case.path.as_deref().unwrap_or("src/settings.txt");
        let by_path = set
            .rules()
            .any(|(_, rule)| *rule.id == *id && rule.regex.is_none());
        for seed in 0..TRIES {
            let mut dice = Dice::new(seed + 1);
            for template in &case.found {
                let text = filled(template, &mut dice);
                let found = if by_path {
                    codes(&set, &text, "")
                } else {
                    codes(&set, path, &text)
                };
                // A text may hold what belongs to it: an id beside its secret.
                if !found.contains(&code.as_str()) {
                    wrong.push(format!("{id} misses `{template}`: {found:?}"));
                }
            }
            for template in &case.left {
                let text = filled(template, &mut dice);
                let found = if by_path {
                    codes(&set, &text, "")
                } else {
                    codes(&set, path, &text)
                };
                if found.contains(&code.as_str()) {
                    wrong.push(format!("{id} fires at `{template}`"));
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_example_is_found_by_its_code_alone() {
    let set = RuleSet::built_in();
    let mut wrong = Vec::new();
    let cases = all();
    for (code, example) in code::secrets().iter().zip(code::secret_examples()) {
        let id = code.id.trim_start_matches("SEC-").to_ascii_lowercase();
        // That of the user's own rules needs his file.
        if id == "rule"
            || set
                .rules()
                .any(|(_, rule)| *rule.id == *id && rule.regex.is_none())
        {
            continue;
        }
        let path = cases.get(&id).and_then(|case| case.path.as_deref());
        let text = filled(example, &mut Dice::new(7));
        let found = codes(&set, path.unwrap_or(".env"), &text);
        if found != [code.id] {
            wrong.push(format!("{}: `{example}` gives {found:?}", code.id));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
