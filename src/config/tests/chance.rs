//! Chance: no text panics, whoever judges agrees, and what was meant comes back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::shown;
use crate::check::{self, Setting};
use crate::config::load::fuzz;
use crate::config::node::{Entry, Node};
use crate::config::raw::Raw;
use crate::config::{parse, shape};

/// Pieces of configurations, so that chance gets past the first line.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "commands",
            "run",
            "files",
            "needs",
            "timeout",
            "env",
            "at",
            "checks",
            "lint",
            "severity",
            "CMD-FAILED",
            "min",
            "tools",
            "jobs",
            "min_version",
            "none",
            "5s",
            "{files}",
            ": ",
            "\n",
            "\n  ",
            "\n    ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "\"",
            "'",
            "&a ",
            "*a",
            "<<: *a",
            "=",
            "\t",
            "\r\n",
            "# ",
            "|",
            ">",
            "---",
            "...",
            "? ",
            "!!int ",
            "!x ",
            "\u{feff}",
            "é",
            "\\u",
            "\\ud800",
            "[[",
            "]]",
            "1",
            "-1",
            "1.5",
            "true",
            "null",
            "~",
            "\u{85}",
            "\u{2028}",
            "\r",
            "%YAML 1.2",
            "@",
            "`",
            "${",
            "$A",
            "\\",
            "export ",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,3}",
    ]
}

/// A value that is often, and not always, of the right kind.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2i64..600).prop_map(Value::from),
        Just(json!(1.5)),
        Just(json!(u64::MAX)),
        prop::sample::select(vec![
            "x",
            "none",
            "push",
            "files",
            "project",
            "warn",
            "5s",
            "0.1",
            "x {files}",
            ""
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[aA1]", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

fn any_configuration() -> impl Strategy<Value = Value> {
    let names = |keys: &[shape::Key]| {
        let names: Vec<&str> = keys.iter().map(|key| key.name).chain(["nope"]).collect();
        prop::sample::select(names)
    };
    let command = prop::collection::btree_map(names(&shape::COMMAND), value(), 0..5);
    let command = (command, any::<bool>()).prop_map(|(mut command, runs)| {
        if runs {
            command.insert("run", json!("x"));
        }
        json!(command)
    });
    let commands =
        prop::collection::btree_map("[ab]", prop_oneof![4 => command, 1 => value()], 0..3);
    let checks = prop::collection::btree_map(
        prop::sample::select(check::ALL.to_vec()).prop_map(|check| check.id),
        prop_oneof![6 => tuning(), 1 => value()],
        0..4,
    );
    let strange = prop::sample::select(vec!["", "env", "lnt", "eslint"]);
    let checks = (checks, strange, value()).prop_map(|(mut checks, strange, value)| {
        if !strange.is_empty() {
            checks.insert(strange, value);
        }
        json!(checks)
    });
    let checks = prop_oneof![1 => Just(Value::Null), 4 => checks];
    let top = prop::collection::btree_map(names(&shape::TOP), value(), 0..3);
    (top, commands, checks, any::<bool>()).prop_map(|(mut top, commands, checks, has)| {
        if has {
            top.insert("commands", json!(commands));
            top.insert("checks", checks);
        }
        json!(top)
    })
}

/// What is said about a check: any setting, whether it has it or not.
fn tuning() -> impl Strategy<Value = Value> {
    let keys: Vec<&str> = Setting::ALL.iter().map(|setting| setting.key()).collect();
    let good = prop::sample::select(vec![
        json!(["push"]),
        json!(["eslint", "cargo"]),
        json!({ "CMD-FAILED": "info" }),
        json!({ "A": 1 }),
        json!(80.5),
        json!(80),
        json!("copy"),
        json!(null),
    ]);
    let value = prop_oneof![3 => good, 1 => value()];
    let keys = prop::sample::select(keys);
    prop::collection::btree_map(keys, value, 0..4).prop_map(|map| json!(map))
}

proptest! {
    #[test]
    fn no_text_panics(pieces in prop::collection::vec(piece(), 0..40)) {
        fuzz(pieces.concat().as_bytes());
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        fuzz(&bytes);
    }

    /// The table of keys complains exactly when serde does, so nothing is refused without a place.
    #[test]
    fn the_table_and_serde_agree(configuration in any_configuration()) {
        let node = crate::config::json::parse(&configuration.to_string()).unwrap().root;
        let dict = node.to_dict();
        let by_serde = figment::value::Value::from(dict.clone()).deserialize::<Raw>();
        let by_table = shape::judge(&dict);
        prop_assert_eq!(by_serde.is_err(), !by_table.is_empty(), "{:?} {:?}", by_serde.err(), by_table);
    }

    /// Every mistake has a place in the file.
    #[test]
    fn every_mistake_has_a_place(configuration in any_configuration()) {
        if let Err(error) = parse("json", &serde_json::to_string_pretty(&configuration).unwrap()) {
            shown(&error);
            for problem in error.problems() {
                prop_assert!(problem.place().is_some(), "{}", problem);
            }
        }
    }

    /// The three formats are trees of the same shape: a configuration means the same in JSON and YAML.
    #[test]
    fn json_means_the_same_as_yaml(configuration in any_configuration()) {
        let text = serde_json::to_string_pretty(&configuration).unwrap();
        let (json, yaml) = (parse("json", &text), parse("yaml", &text));
        match (json, yaml) {
            (Ok(json), Ok(yaml)) => prop_assert_eq!(json, yaml),
            (Err(json), Err(yaml)) => {
                let places = |error: &crate::config::ConfigError| -> Vec<String> {
                    let place = |problem: &crate::config::Problem| problem.place().unwrap_or_default();
                    error.problems().iter().map(|one| place(one).split_once(':').unwrap().1.to_owned()).collect()
                };
                prop_assert_eq!(places(&json), places(&yaml));
            }
            (json, yaml) => prop_assert!(false, "{:?} {:?}", json, yaml),
        }
    }

    /// What was meant comes back: names, texts and variables survive every format.
    #[test]
    fn valid_configurations_round_trip(
        jobs in 1usize..=512,
        commands in prop::collection::btree_map("[a-z][a-z0-9_.:-]{0,8}", ("[ -~]{0,12}[a-z]", "[A-Z_]{1,6}", "\\PC{0,12}"), 0..5),
    ) {
        let commands: BTreeMap<String, (String, String, String)> = commands
            .into_iter()
            .filter(|(name, (run, _, value))| {
                check::by_id(name).is_none() && !run.contains("{files}") && !value.contains('\0')
            })
            .collect();
        let written: BTreeMap<&String, Value> = commands
            .iter()
            .map(|(name, (run, variable, value))| (name, json!({ "run": run, "env": { variable: value } })))
            .collect();
        let text = json!({ "jobs": jobs, "commands": written }).to_string();
        for format in ["json", "yaml"] {
            let config = parse(format, &text).unwrap();
            prop_assert_eq!(config.jobs, Some(jobs));
            prop_assert_eq!(config.commands.len(), commands.len());
            for (name, (run, variable, value)) in &commands {
                let command = &config.commands[name];
                prop_assert_eq!(&command.run, &crate::config::valid::Run::Shell(run.clone()));
                prop_assert_eq!(&command.env[variable], value);
            }
        }
    }
}

/// A tree never has two entries of one key, or lookups by key would see only one of them.
#[test]
fn a_tree_has_each_key_once() {
    fn check(node: &Node) {
        if let crate::config::node::Value::Map(entries) = &node.value {
            let mut keys: Vec<&str> = entries
                .iter()
                .map(|entry: &Entry| entry.key.as_str())
                .collect();
            keys.sort_unstable();
            let all = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), all);
            for entry in entries {
                check(&entry.node);
            }
        }
    }
    check(
        &crate::config::yaml::parse("a: 1\na: 2\nb: &b { c: 1, d: 2 }\ne: { c: 3, <<: *b }\n")
            .unwrap()
            .root,
    );
    check(
        &crate::config::json::parse("{\"a\":1,\"a\":2}")
            .unwrap()
            .root,
    );
}
