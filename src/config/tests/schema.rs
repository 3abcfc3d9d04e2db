//! The schema says what the types say, and the table of keys says it as well.

use serde_json::{Value, json};

use crate::config::shape::{COMMAND, Key, TOP};
use crate::config::{parse, schema};

fn names(place: &Value) -> Vec<String> {
    let mut names: Vec<String> = place.as_object().unwrap().keys().cloned().collect();
    names.sort();
    names
}

fn keys(keys: &[Key]) -> Vec<String> {
    let mut names: Vec<String> = keys.iter().map(|key| key.name.to_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_table_of_keys_and_the_types_agree() {
    let schema = schema();
    assert_eq!(names(&schema["properties"]), keys(&TOP));
    assert_eq!(
        names(&schema["$defs"]["command"]["properties"]),
        keys(&COMMAND)
    );
}

#[test]
fn the_committed_schema_is_the_one_that_is_printed() {
    let committed: Value =
        serde_json::from_str(include_str!("../../../schemas/guard.json")).unwrap();
    // Not `assert_eq`: two schemas side by side help nobody.
    assert!(
        committed == schema(),
        "write it anew: `cargo run -- schema config > schemas/guard.json`"
    );
}

#[test]
fn the_schema_is_valid_and_judges_as_guard_does() {
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (example, good) in [
        (json!({}), true),
        (
            json!({ "jobs": 512, "on_unknown": "warn", "min_version": "0.1" }),
            true,
        ),
        (
            json!({ "commands": { "a": { "run": "x", "env": { "A": 1, "B": true, "C": "" } } } }),
            true,
        ),
        (
            json!({ "commands": { "a.b:c-d_1": { "run": ["x"], "files": "none", "timeout": "1h30m" } } }),
            true,
        ),
        (
            json!({ "commands": { "a": { "run": "x", "files": ["*.rs"], "at": ["ci"], "needs": [] } } }),
            true,
        ),
        (json!({ "jobs": 0 }), false),
        (json!({ "jobs": 513 }), false),
        (json!({ "jobs": "4" }), false),
        (json!({ "hooks": {} }), false),
        (json!({ "on_unknown": "maybe" }), false),
        (json!({ "min_version": 0.1 }), false),
        (json!({ "min_version": "v0.1" }), false),
        (json!({ "commands": { "a": {} } }), false),
        (json!({ "commands": { "a": { "run": [] } } }), false),
        (json!({ "commands": { "a": { "run": "" } } }), false),
        (json!({ "commands": { "a b": { "run": "x" } } }), false),
        (
            json!({ "commands": { "a": { "run": "x", "env": { "1": "x" } } } }),
            false,
        ),
        (
            json!({ "commands": { "a": { "run": "x", "timeout": "soon" } } }),
            false,
        ),
        (
            json!({ "commands": { "a": { "run": "x", "at": ["merge"] } } }),
            false,
        ),
        (
            json!({ "commands": { "a": { "run": "x", "at": [] } } }),
            false,
        ),
        (
            json!({ "commands": { "a": { "run": "x", "files": [] } } }),
            false,
        ),
        (
            json!({ "commands": { "a": { "run": "x", "fix_on_commit": true } } }),
            false,
        ),
        (
            json!({ "commands": { "a": { "run": "x", "fix": "y", "fix_on_commit": true } } }),
            true,
        ),
        (
            json!({ "empty_fix": "allow", "commands": { "a": { "run": "x", "isolate": "copy" } } }),
            true,
        ),
        (
            json!({ "commands": { "a": { "run": "x", "isolate": "move" } } }),
            false,
        ),
        (
            json!({ "commands": { "a": { "run": "x", "tiemout": "1s" } } }),
            false,
        ),
    ] {
        assert_eq!(
            validator.is_valid(&example),
            good,
            "the schema on {example}"
        );
        assert_eq!(
            parse("json", &example.to_string()).is_ok(),
            good,
            "guard on {example}"
        );
    }
}
