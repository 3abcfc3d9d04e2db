//! The schema says what the types say, and the table of keys says it as well.

use serde_json::{Value, json};

use crate::check::{self, Setting};
use crate::config::shape::{COMMAND, Key, TOP, of_check};
use crate::config::valid::CheckSettings;
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
fn each_check_has_the_keys_that_its_data_says() {
    let schema = schema();
    let checks = &schema["$defs"]["checks"]["properties"];
    assert_eq!(
        names(checks),
        check::ALL.iter().map(|check| check.id).collect::<Vec<_>>()
    );
    let meanings = &schema["$defs"]["check"]["properties"];
    assert_eq!(names(meanings).len(), Setting::ALL.len());
    for check in check::ALL {
        let tuned = &checks[check.id]["anyOf"][1]["properties"];
        assert_eq!(names(tuned), keys(&of_check(check).collect::<Vec<_>>()));
        for name in names(tuned) {
            let meaning = &meanings[&name]["description"];
            assert!(meaning.is_string(), "{name} has no sentence");
            assert_eq!(
                tuned[&name]["$ref"],
                format!("#/$defs/check/properties/{name}")
            );
        }
    }
}

/// The fields of the type and the settings of the data: a value that is taken for one must not
/// land in another.
#[test]
fn every_setting_of_every_check_is_taken_and_judged_alike() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for check in check::ALL {
        for setting in Setting::ALL {
            let value = match setting {
                Setting::At => json!(["push"]),
                Setting::Exclude | Setting::Report => json!("x/**"),
                Setting::Severity => json!({ check.codes()[0].id: "info" }),
                Setting::Timeout => json!("5s"),
                Setting::Branches | Setting::PassEnv => json!(["A"]),
                Setting::Isolate => json!("copy"),
                Setting::Cache | Setting::Docker => json!(true),
                Setting::Env => json!({ "A": 1.5 }),
                Setting::Tools => json!(check.tools),
                Setting::Min => json!(80.5),
            };
            let example = json!({ "checks": { check.id: { setting.key(): value } } });
            let good = check.settings.contains(&setting);
            assert_eq!(validator.is_valid(&example), good, "schema: {example}");
            let parsed = parse("json", &example.to_string());
            assert_eq!(parsed.is_ok(), good, "guard: {example}");
            if let Ok(config) = parsed {
                let defaults = CheckSettings::of(check);
                assert_ne!(config.checks[check.id], defaults, "lost: {example}");
            }
        }
    }
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
        (json!({ "commands": { "lint": { "run": "x" } } }), false),
        (json!({ "checks": null }), true),
        (
            json!({ "checks": { "lint": false, "types": true, "tests": null, "build": {} } }),
            true,
        ),
        (
            json!({ "checks": { "coverage": { "min": 0, "report": ["a"] } } }),
            true,
        ),
        (json!({ "checks": { "coverage": { "min": 100.0 } } }), true),
        (
            json!({ "checks": { "lint": { "tools": ["ruff"], "at": null } } }),
            true,
        ),
        (json!({ "checks": false }), false),
        (json!({ "checks": { "railway": false } }), false),
        (json!({ "checks": { "lint": "off" } }), false),
        (json!({ "checks": { "lint": 0 } }), false),
        (json!({ "checks": { "lint": { "at": [] } } }), false),
        (json!({ "checks": { "lint": { "tools": [] } } }), false),
        (
            json!({ "checks": { "lint": { "tools": ["mypy"] } } }),
            false,
        ),
        (json!({ "checks": { "lint": { "tools": "ruff" } } }), false),
        (json!({ "checks": { "lint": { "exclude": [] } } }), false),
        (
            json!({ "checks": { "lint": { "env": { "1": "x" } } } }),
            false,
        ),
        (
            json!({ "checks": { "lint": { "severity": "info" } } }),
            false,
        ),
        (
            json!({ "checks": { "lint": { "severity": { "CMD-FAILED": "off" } } } }),
            false,
        ),
        (
            json!({ "checks": { "lint": { "severity": { "CMD-FALED": "info" } } } }),
            false,
        ),
        (json!({ "checks": { "coverage": { "min": 101 } } }), false),
        (json!({ "checks": { "coverage": { "min": -0.1 } } }), false),
        (json!({ "checks": { "coverage": { "min": "80" } } }), false),
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
