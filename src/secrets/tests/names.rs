//! What is remembered as clean is so under every name: a content is known by its id alone.

use super::super::catch;
use super::super::scan::Text;
use super::super::set::RuleSet;
use super::cases;
use super::codes;
use super::generate::{Dice, filled};
use crate::path::RepoPath;

/// Names that something is made of: programs, trials, documentation, settings, lists of hashes.
const NAMES: [&str; 14] = [
    ".env",
    ".env.example",
    "README.md",
    "docs/api.rst",
    "src/app.ts",
    "src/app.test.ts",
    "tests/fixtures/config.json",
    "examples/demo.py",
    "package-lock.json",
    "checksums.txt",
    "infra/main.tf",
    ".npmrc",
    "a",
    "spec/x_spec.rb",
];

#[test]
fn what_is_clean_under_one_name_is_clean_under_all() {
    let set = RuleSet::built_in();
    let mut dice = Dice::new(3);
    let mut clean = 0;
    let cases = cases::all();
    let templates = cases
        .values()
        .flat_map(|case| case.found.iter().chain(&case.left));
    // One in five is as good as all, and a fifth of the time.
    for template in templates.step_by(5) {
        let text = filled(template, &mut dice);
        for name in ["a.txt", "test/fixture.md"] {
            let path = RepoPath::new(name);
            let asked = Text {
                path: &path,
                bytes: text.as_bytes(),
                commit: None,
                is_plain: true,
            };
            if !catch::catch(&set, asked).is_clean {
                continue;
            }
            clean += 1;
            for other in NAMES {
                let found: Vec<&str> = codes(&set, other, &text)
                    .into_iter()
                    .filter(|code| !is_by_path(&set, code))
                    .collect();
                assert!(
                    found.is_empty(),
                    "`{template}` is clean as {name}, and {found:?} as {other}"
                );
            }
        }
    }
    assert!(clean > 100, "{clean} texts were clean");
}

/// Whether the path alone is enough for it: then nobody asks what is remembered.
fn is_by_path(set: &RuleSet, code: &str) -> bool {
    let mut rules = set.rules().filter(|(_, rule)| rule.regex.is_none());
    rules.any(|(_, rule)| format!("SEC-{}", rule.id.to_ascii_uppercase()) == *code)
}
