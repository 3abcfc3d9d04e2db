//! Whatever comes in, nothing panics, and no value comes out.

use std::collections::HashSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::schema;
use crate::config::{Colour, render};
use crate::schema::read::VARIABLE;
use crate::schema::{Schema, judge, read};

const ALL: &str = "
variables:
  TEXT: { prefix: a, suffix: b, pattern: '^a.*b$', min_length: 2, max_length: 50 }
  URL: { type: url, schemes: [https], hosts: ['*.example.org'] }
  INT: { type: int, min: -5, max: 5 }
  FLOAT: { type: float, min: 0.5 }
  BOOL: { type: bool }
  PORT: { type: port }
  EMAIL: { type: email }
  ENUM: { enum: [one, two] }
  DURATION: { type: duration, max: 1h }
  JSON: { type: json }
  BASE64: { type: base64 }
  HEX: { type: hex, secret: true }
  PHONE: { type: phone }
  SEMVER: { type: semver }
  LIST: { type: list, of: url, separator: ';' }
  CONST: { const: fixed, secret: true }
  GIVEN: { provided_by: railway }
  CORS_ORIGINS: {}
  API_HOST: {}
  DEBUG: {}
rules: [{ le: [INT, PORT] }, { ne: [TEXT, CONST] }]
environments: { production: }
";

const NAMES: [&str; 21] = [
    "TEXT",
    "URL",
    "INT",
    "FLOAT",
    "BOOL",
    "PORT",
    "EMAIL",
    "ENUM",
    "DURATION",
    "JSON",
    "BASE64",
    "HEX",
    "PHONE",
    "SEMVER",
    "LIST",
    "CONST",
    "GIVEN",
    "CORS_ORIGINS",
    "API_HOST",
    "DEBUG",
    "ELSE",
];

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| schema(ALL));

/// What stands in no message of guard's own.
const MARK: &str = "zq7zq7";

/// Judges a value as it is, and with something about it that would be recognised.
fn judged(value: &str) {
    for (value, is_marked) in [(value.to_owned(), false), (format!("{value}{MARK}"), true)] {
        for environment in [None, Some("production")] {
            let effective = SCHEMA.for_environment(environment);
            let values = NAMES.map(|name| (name, value.as_str()));
            let mut told = HashSet::new();
            for broken in judge(&effective, &mut values.into_iter()) {
                if is_marked {
                    assert!(!broken.what.contains(MARK), "{}", broken.what);
                    assert!(!broken.help.contains(MARK), "{}", broken.help);
                }
                // Besides what is wrong with the value there may be something between it and others.
                let is_own = !["ENV-RULE", "ENV-UNKNOWN"].contains(&broken.breach.code());
                assert!(!is_own || told.insert(broken.entry), "{broken:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_value_is_judged(value in any::<String>()) {
        judged(&value);
    }

    #[test]
    fn values_that_are_nearly_right_are_judged(value in "[-+a-f0-9:/.@,;\\[\\]{}$=_ \"'%?#eEtrufalsx]{0,24}") {
        judged(&value);
    }

    #[test]
    fn urls_of_any_sort_are_judged(value in "(https|postgres|[a-z+]{0,4})(:|://|:///)[a-z0-9.:@\\[\\]%,-]{0,12}[/?#@]?[a-z@:]{0,6}") {
        judged(&value);
    }

    #[test]
    fn any_schema_is_read_or_refused(text in "(variables|rules|environments|x): ?[\\[{]?[-a-zA-Z:,{}\\[\\] \n0-9]{0,60}") {
        if let Err(error) = read("env.yaml", text.as_bytes()) {
            assert!(!render(&error, 80, Colour::Off).is_empty());
        }
    }

    #[test]
    fn any_description_is_read_or_refused(
        key in proptest::sample::select(VARIABLE.to_vec()),
        kind in proptest::sample::select(crate::schema::Kind::ALL.map(|(word, _)| word).to_vec()),
        value in "[-a-z0-9.\\[\\]{}:, ']{0,12}",
    ) {
        let text = format!("variables: {{ A: {{ type: {kind}, {key}: {value} }}, B: {{ {key}: {value}, type: {kind}, of: {kind} }} }}");
        if let Ok(read) = read("env.yaml", text.as_bytes()) {
            let effective = read.schema.for_environment(Some("production"));
            judge(&effective, &mut [("A", "1"), ("B", "x")].into_iter());
            crate::schema::example(&effective);
            crate::schema::markdown(&effective);
            crate::schema::json_schema(&effective);
        }
    }

    /// What the fuzz target `schema` does: a schema with bytes changed, and any pairs held against it.
    #[test]
    fn a_spoilt_schema_judges_any_pairs(
        spoilt in proptest::collection::vec((0..ALL.len(), any::<u8>()), 0..4),
        mut pairs in proptest::collection::vec((any::<String>(), any::<String>()), 0..4),
        known in proptest::sample::select(NAMES.to_vec()),
        value in any::<String>(),
    ) {
        let mut bytes = ALL.as_bytes().to_vec();
        for (at, byte) in spoilt {
            bytes[at] = byte;
        }
        pairs.push((known.to_owned(), value));
        if let Ok(read) = read("env.yaml", &bytes) {
            for environment in [None, Some("production"), Some("nowhere")] {
                let effective = read.schema.for_environment(environment);
                let given = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                judge(&effective, &mut given.into_iter());
                crate::schema::example(&effective);
                crate::schema::markdown(&effective);
                crate::schema::json_schema(&effective);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        if let Err(error) = read("env.yaml", &bytes) {
            assert!(!error.problems().is_empty());
        }
    }
}

#[test]
fn a_long_value_is_judged_in_one_go() {
    let long = "a".repeat(1 << 18) + "b";
    judged(&long);
    judged(&"1,".repeat(10_000));
    judged(&"https://".repeat(10_000));
}

#[test]
fn a_deep_one_is_judged_too() {
    judged(&"[".repeat(50_000));
}
