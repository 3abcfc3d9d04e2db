//! The schema of the schema says what is read, and no more.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::schema::model::{Comparison, Provider, Stage, Visibility};
use crate::schema::read::{ENVIRONMENT, RULE, TOP, VARIABLE};
use crate::schema::{Kind, own_schema, read};

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn words(value: &Value) -> Vec<&str> {
    value["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect()
}

#[test]
fn it_names_the_keys_and_words_that_are_read() {
    let schema = own_schema();
    let of = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<&str>>();
    assert_eq!(keys(&schema["properties"]), of(&TOP));
    let parts = &schema["$defs"];
    assert_eq!(keys(&parts["variable"]["properties"]), of(&VARIABLE));
    assert_eq!(keys(&parts["environment"]["properties"]), of(&ENVIRONMENT));
    assert_eq!(keys(&parts["rule"]["properties"]), of(&RULE));
    let variable = &parts["variable"]["properties"];
    assert_eq!(words(&variable["type"]), Kind::ALL.map(|(word, _)| word));
    assert_eq!(
        words(&variable["visibility"]),
        Visibility::ALL.map(|(word, _)| word)
    );
    assert_eq!(
        words(&variable["provided_by"]),
        Provider::ALL.map(|(word, _)| word)
    );
    let environment = &parts["environment"]["properties"];
    assert_eq!(
        words(&environment["kind"]),
        Stage::ALL.map(|(word, _)| word)
    );
    assert_eq!(RULE[..4], Comparison::ALL.map(|(word, _)| word));
    for (name, place) in variable.as_object().unwrap() {
        assert!(place["description"].is_string(), "{name} has no sentence");
    }
}

#[test]
fn editors_and_guard_agree() {
    let schema = own_schema();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (example, good) in [
        (json!({}), true),
        (json!({ "variables": null }), true),
        (json!({ "variables": { "A": null, "B": {} } }), true),
        (
            json!({ "variables": { "A": { "type": "int", "min": 1, "max": "5", "default": 3 } } }),
            true,
        ),
        (
            json!({ "variables": { "A": { "enum": ["a", 1, true], "required": { "when": { "B": [1, 2] } } }, "B": {} } }),
            true,
        ),
        (
            json!({ "variables": { "A": { "type": "list", "of": "url", "schemes": "https", "separator": ";" } } }),
            true,
        ),
        (
            json!({ "variables": { "A": { "deprecated": "use B", "rotation": "30d", "owner": "ops" } } }),
            true,
        ),
        (
            json!({ "environments": { "staging": null, "production": { "extends": "staging", "kind": "production", "branches": ["main"] } } }),
            true,
        ),
        (
            json!({ "rules": [{ "differs_between": ["staging", "production"] }] }),
            true,
        ),
        (json!({ "vars": {} }), false),
        (json!({ "variables": [] }), false),
        (json!({ "variables": { "A-B": {} } }), false),
        (json!({ "variables": { "A": { "typ": "int" } } }), false),
        (
            json!({ "variables": { "A": { "type": "integer" } } }),
            false,
        ),
        (
            json!({ "variables": { "A": { "type": "list", "of": "list" } } }),
            false,
        ),
        (json!({ "variables": { "A": { "min_length": -1 } } }), false),
        (json!({ "variables": { "A": { "enum": [] } } }), false),
        (
            json!({ "variables": { "A": { "enum": ["a", "a"] } } }),
            false,
        ),
        (json!({ "variables": { "A": { "secret": "yes" } } }), false),
        (
            json!({ "variables": { "A": { "required": "yes" } } }),
            false,
        ),
        (
            json!({ "variables": { "A": { "required": { "when": {} } } } }),
            false,
        ),
        (json!({ "environments": { "a b": {} } }), false),
        (
            json!({ "environments": { "a": { "kind": "prod" } } }),
            false,
        ),
        (json!({ "rules": { "le": ["A", "B"] } }), false),
        (json!({ "rules": [{ "le": ["A"] }] }), false),
    ] {
        assert_eq!(validator.is_valid(&example), good, "schema: {example}");
        let text = example.to_string();
        assert_eq!(
            read("env.yaml", text.as_bytes()).is_ok(),
            good,
            "guard: {example}"
        );
    }
}

#[test]
fn the_file_in_the_repository_is_what_is_printed() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/env.json");
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(
        text,
        format!("{:#}\n", own_schema()),
        "`guard schema env > schemas/env.json`"
    );
}
