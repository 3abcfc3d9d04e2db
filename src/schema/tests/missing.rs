//! What is missing and why, what is unknown, and the rules between variables.

use super::{broken, schema};
use crate::schema::judge;

#[test]
fn what_is_missing_says_why() {
    let schema = schema(
        "
variables:
  ALWAYS: { required: true }
  WITH_DEFAULT: { required: true, default: x }
  NEVER: { required: false }
  IN: { required: [production, staging] }
  MAIL: { type: bool, default: false }
  HOST: { required: { when: { MAIL: true } } }
  USER: { required: { when: { HOST: '*', MAIL: [true] } } }
  MODE: { required: { when: { LEVEL: [debug, trace] } } }
  LEVEL: {}
environments:
  production: { variables: { ALWAYS: { required: false }, NEVER: { required: true } } }
",
    );
    assert_eq!(
        broken(&schema, None, &[]),
        "ENV-MISSING ALWAYS is not set\n"
    );
    assert_eq!(
        broken(&schema, Some("production"), &[]),
        "ENV-MISSING NEVER is not set, and it is required in production\n\
         ENV-MISSING IN is not set, and it is required in production\n"
    );
    assert_eq!(
        broken(&schema, Some("staging"), &[]),
        "ENV-MISSING ALWAYS is not set, and it is required in staging\n\
         ENV-MISSING IN is not set, and it is required in staging\n"
    );
    let values = [("ALWAYS", "1"), ("MAIL", "1"), ("LEVEL", "trace")];
    assert_eq!(
        broken(&schema, None, &values),
        "ENV-MISSING HOST is not set, and `MAIL` asks for it\n\
         ENV-MISSING MODE is not set, and `LEVEL` asks for it\n"
    );
    let values = [("ALWAYS", "1"), ("MAIL", "True"), ("HOST", "h")];
    assert_eq!(
        broken(&schema, None, &values),
        "ENV-MISSING USER is not set, and `HOST`, `MAIL` ask for it\n"
    );
    let values = [
        ("ALWAYS", "1"),
        ("MAIL", "false"),
        ("HOST", ""),
        ("LEVEL", "info"),
    ];
    assert_eq!(broken(&schema, None, &values), "");
}

#[test]
fn a_default_that_does_not_suit_the_environment_is_none() {
    let schema = schema(
        "
variables: { MODE: { enum: [development, production], default: development } }
environments: { production: { variables: { MODE: { const: production } } } }
",
    );
    assert_eq!(broken(&schema, None, &[]), "");
    assert_eq!(
        broken(&schema, Some("production"), &[]),
        "ENV-MISSING MODE is not set, and its default is not `production`\n"
    );
}

#[test]
fn unknown_names_have_a_nearest_one_that_is_not_set_yet() {
    let schema = schema(
        "
variables: { DATABASE_URL: {}, DATABASE_URI: {}, PORT: {} }
environments: { staging: { variables: { ONLY_THERE: {} } } }
",
    );
    let effective = schema.for_environment(None);
    let values = [
        ("DATABASE_URI", "x"),
        ("DATABSE_URL", "x"),
        ("SOMETHING", "x"),
        ("ONLY_THERE", "x"),
    ];
    let helps: Vec<String> = judge(&effective, &mut values.into_iter())
        .into_iter()
        .map(|broken| format!("{:?} {}: {}", broken.entry, broken.key, broken.help))
        .collect();
    assert_eq!(
        helps,
        [
            "Some(1) DATABSE_URL: did you mean `DATABASE_URL`?",
            "Some(2) SOMETHING: add it to the schema, or take it out",
        ]
    );
}

#[test]
fn rules_compare_numbers_as_numbers_and_texts_as_texts() {
    let schema = schema(
        "
variables:
  LOW: { type: int }
  HIGH: { type: int, default: 10 }
  SHORT: { type: duration }
  LONG: { type: duration }
  A: {}
  B: {}
rules:
  - le: [LOW, HIGH]
  - lt: [SHORT, LONG]
  - ne: [A, B]
  - eq: [B, A]
",
    );
    let all = |values: &[(&str, &str)]| broken(&schema, None, values);
    assert_eq!(all(&[("LOW", "9"), ("HIGH", "10")]), "");
    assert_eq!(
        all(&[("LOW", "11"), ("HIGH", "10")]),
        "ENV-RULE LOW is above `HIGH`\n"
    );
    assert_eq!(all(&[("LOW", "11")]), "ENV-RULE LOW is above `HIGH`\n");
    assert_eq!(all(&[("HIGH", "1")]), "");
    assert_eq!(
        all(&[("LOW", "x"), ("HIGH", "1")]),
        "ENV-TYPE LOW is not a whole number\n"
    );
    assert_eq!(
        all(&[("SHORT", "60s"), ("LONG", "1m")]),
        "ENV-RULE SHORT is not below `LONG`\n"
    );
    assert_eq!(all(&[("SHORT", "59s"), ("LONG", "1m")]), "");
    assert_eq!(
        all(&[("A", "x"), ("B", "x")]),
        "ENV-RULE A is the same as `B`\n"
    );
    assert_eq!(
        all(&[("A", "x"), ("B", "y")]),
        "ENV-RULE B is not the same as `A`\n"
    );
    assert_eq!(all(&[("A", ""), ("B", "y")]), "");
}

#[test]
fn every_broken_rule_has_its_place() {
    let text =
        "variables:\n  A: { type: int, min: 5 }\n  B: { required: true }\n  C: { enum: [x] }\n";
    let read = crate::schema::read("env.yaml", text.as_bytes()).unwrap();
    let effective = read.schema.for_environment(None);
    let values = [("A", "1"), ("C", "y"), ("A", "z")];
    let places: Vec<String> = judge(&effective, &mut values.into_iter())
        .into_iter()
        .map(|broken| {
            let rule = broken.rule.unwrap().range();
            let place = read.source.position(rule.start);
            let said = read.source.slice(rule);
            format!("{} {}:{} {said}", broken.key, place.line, place.column)
        })
        .collect();
    assert_eq!(
        places,
        ["A 2:24 5", "C 4:14 [", "A 2:14 int", "B 3:18 true"]
    );
}

#[test]
fn what_railway_provides_is_missing_only_where_railway_is_not() {
    let schema =
        schema("variables: { DATABASE_URL: { type: url, required: true, provided_by: railway } }");
    assert_eq!(
        broken(&schema, None, &[]),
        "ENV-MISSING DATABASE_URL is not set\n"
    );
    let local = broken(&schema, Some("development"), &[]);
    assert_eq!(
        local,
        "ENV-MISSING DATABASE_URL is not set, and it is required in development\n"
    );
    assert_eq!(broken(&schema, Some("production"), &[]), "");
}
