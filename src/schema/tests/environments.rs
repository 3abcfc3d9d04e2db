//! The base, what an environment extends, its own words; branches; and what must differ between two.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{broken, schema};
use crate::schema::{Side, Variable, judge_between};

const CHAIN: &str = "
variables:
  POOL: { type: int, min: 5, max: 50, default: 10 }
  MODE: { type: string }
environments:
  staging: { branches: [develop, 'release/*'], variables: { POOL: { max: 20 }, MODE: { const: staging } } }
  production: { extends: staging, branches: main, variables: { MODE: { const: production }, KEY: { required: true } } }
  drill: { extends: production, variables: { POOL: { min: 1 } } }
";

#[test]
fn fields_are_laid_over_each_other_one_by_one() {
    let schema = schema(CHAIN);
    let told = |environment, values: &[(&str, &str)]| broken(&schema, environment, values);
    assert_eq!(told(None, &[("POOL", "50"), ("MODE", "any")]), "");
    assert_eq!(
        told(Some("staging"), &[("POOL", "21")]),
        "ENV-RANGE POOL is above 20\n"
    );
    assert_eq!(
        told(Some("staging"), &[("POOL", "4")]),
        "ENV-RANGE POOL is below 5\n"
    );
    let values = [("POOL", "21"), ("MODE", "staging"), ("KEY", "k")];
    assert_eq!(
        told(Some("production"), &values),
        "ENV-RANGE POOL is above 20\nENV-ENUM MODE is not `production`\n"
    );
    assert_eq!(
        told(Some("drill"), &[("POOL", "1"), ("MODE", "production")]),
        "ENV-MISSING KEY is not set, and it is required in drill\n"
    );
    // What the schema does not know has the base's rules.
    assert_eq!(told(Some("unheard-of"), &[("POOL", "50")]), "");
}

#[test]
fn a_branch_names_its_environment() {
    let schema = schema(CHAIN);
    for (branch, environment) in [
        ("main", Some("production")),
        ("develop", Some("staging")),
        ("release/1.2", Some("staging")),
        ("feature/x", None),
        ("main2", None),
    ] {
        assert_eq!(
            schema.environment_of_branch(branch),
            environment,
            "{branch}"
        );
    }
}

#[test]
fn what_must_differ_between_environments() {
    let schema = schema(
        "
variables:
  KEY: { secret: true }
  OTHER: { secret: true }
  SALT: { differs_between: [development, production] }
  PLAIN: {}
  NAMED: {}
environments: { staging: , production: }
rules:
  - differs_between: [staging, production]
  - { differs_between: [staging, production], variables: [NAMED] }
",
    );
    let side = |environment, values: &[(&'static str, &'static str)]| Side {
        environment,
        values: values.to_vec(),
    };
    let staging = side(
        "staging",
        &[
            ("KEY", "a"),
            ("OTHER", "b"),
            ("PLAIN", "c"),
            ("NAMED", "d"),
            ("SALT", "s"),
        ],
    );
    let production = side(
        "production",
        &[
            ("PLAIN", "c"),
            ("KEY", "a"),
            ("OTHER", "x"),
            ("NAMED", "d"),
            ("SALT", "s"),
        ],
    );
    let development = side("development", &[("KEY", "a"), ("SALT", "s")]);
    let told = |sides: &[Side<'_>]| -> Vec<String> {
        judge_between(&schema, sides)
            .iter()
            .map(|(side, broken)| {
                format!("{side} {:?} {} {}", broken.entry, broken.key, broken.what)
            })
            .collect()
    };
    assert_eq!(
        told(&[production.clone(), staging.clone(), development.clone()]),
        [
            "0 Some(4) SALT is the same as in development",
            "0 Some(1) KEY is the same as in staging",
            "0 Some(3) NAMED is the same as in staging",
        ]
    );
    assert!(told(&[staging.clone(), development.clone()]).is_empty());
    // Two files of one environment may agree.
    assert!(told(&[staging.clone(), staging]).is_empty());
    let empty = side("staging", &[("KEY", ""), ("OTHER", "${{shared.OTHER}}")]);
    let same = side("production", &[("KEY", ""), ("OTHER", "${{shared.OTHER}}")]);
    assert!(told(&[empty, same]).is_empty());
}

/// A variable of which some fields are said.
fn some_variable() -> impl Strategy<Value = Variable> {
    let field = || proptest::option::of(0..3_u32);
    (field(), field(), field(), field()).prop_map(|(min, max, default, secret)| {
        let mut text = String::from("variables: { X: { type: int");
        for (name, said) in [("min", min), ("default", default)] {
            if let Some(number) = said {
                let _ = write!(text, ", {name}: {}", number + 2);
            }
        }
        if let Some(number) = max {
            let _ = write!(text, ", max: {}", number + 10);
        }
        if let Some(number) = secret {
            let _ = write!(text, ", secret: {}", number == 0);
        }
        // Only what is read counts here: whether it goes together is another matter.
        let source = crate::source::Source::new("env.yaml", text + " } }");
        let parsed = crate::config::document::parse(source.text()).unwrap();
        let (mut schema, _) = crate::schema::read::judge(&source, &parsed);
        schema.variables.remove(0)
    })
}

proptest! {
    #[test]
    fn overlays_may_be_put_together_in_any_order(a in some_variable(), b in some_variable(), c in some_variable()) {
        let mut left = a.clone();
        left.overlay(&b);
        left.overlay(&c);
        let mut upper = b;
        upper.overlay(&c);
        let mut right = a;
        right.overlay(&upper);
        prop_assert_eq!(left, right);
    }
}
