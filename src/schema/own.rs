//! The JSON Schema of `schemas/env.yaml` itself, for editors.

use serde_json::{Map, Value, json};

use super::kind::Kind;

/// The schema (draft 2020-12).
pub fn own_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "schemas/env.yaml",
        "description": "What guard asks of a project's environment variables.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "variables": described("What holds in every environment, by the variable's name.", reference("variables")),
            "environments": {
                "description": "What holds in each environment besides.",
                "type": ["object", "null"],
                "propertyNames": { "pattern": "^[A-Za-z0-9._-]+$" },
                "additionalProperties": reference("environment"),
                "maxProperties": 100
            },
            "rules": {
                "description": "What holds between variables, or between environments.",
                "type": ["array", "null"],
                "items": reference("rule")
            }
        },
        "$defs": {
            "variables": {
                "type": ["object", "null"],
                "propertyNames": { "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" },
                "additionalProperties": reference("variable")
            },
            "environment": {
                "type": ["object", "null"],
                "additionalProperties": false,
                "properties": {
                    "extends": { "description": "The environment that it adds to. Without it: the variables of the base.", "type": "string" },
                    "kind": { "description": "What it is for, where its name does not say so.", "enum": ["development", "staging", "production"] },
                    "branches": described("The branches that are deployed there; `*` stands for anything.", reference("texts")),
                    "variables": reference("variables")
                }
            },
            "rule": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "lt": described("The first is less than the second.", reference("pair")),
                    "le": described("The first is at most the second.", reference("pair")),
                    "eq": described("Both are the same.", reference("pair")),
                    "ne": described("The two are not the same.", reference("pair")),
                    "differs_between": described("No two of these environments have the same value.", reference("texts")),
                    "variables": described("For which variables; without it, for those that are secret.", reference("texts"))
                }
            },
            "variable": {
                "type": ["object", "null"],
                "additionalProperties": false,
                "properties": variable()
            },
            "pair": { "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 },
            "scalar": { "type": ["string", "number", "boolean"] },
            "texts": {
                "anyOf": [
                    reference("scalar"),
                    { "type": "array", "items": reference("scalar"), "minItems": 1, "uniqueItems": true }
                ]
            }
        }
    })
}

/// What can be said of a variable.
fn variable() -> Map<String, Value> {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|(word, _)| *word).collect();
    let items: Vec<&str> = kinds
        .iter()
        .copied()
        .filter(|kind| *kind != "list")
        .collect();
    let text = json!({ "type": "string" });
    let length = json!({ "type": "integer", "minimum": 0 });
    let entries = [
        (
            "type",
            "What it is. Without it: a string, or an enum where choices are named.",
            json!({ "enum": kinds }),
        ),
        (
            "of",
            "What each item of a list is.",
            json!({ "enum": items }),
        ),
        (
            "separator",
            "What separates the items of a list: a comma unless it is said.",
            json!({ "type": "string", "minLength": 1 }),
        ),
        ("const", "The one value that is right.", reference("scalar")),
        (
            "enum",
            "The values that are right; of a list, the items.",
            reference("texts"),
        ),
        (
            "prefix",
            "What it begins with: one text, or several to choose from.",
            reference("texts"),
        ),
        (
            "suffix",
            "What it ends in: one text, or several to choose from.",
            reference("texts"),
        ),
        (
            "pattern",
            "A regular expression that is found in it; `^` and `$` say where it begins and ends.",
            text.clone(),
        ),
        ("min", "The least number or duration.", reference("scalar")),
        (
            "max",
            "The greatest number or duration.",
            reference("scalar"),
        ),
        (
            "min_length",
            "The least number of characters.",
            length.clone(),
        ),
        ("max_length", "The greatest number of characters.", length),
        (
            "schemes",
            "The schemes that a URL may have.",
            reference("texts"),
        ),
        (
            "hosts",
            "The hosts that a URL may name; `*.example.org` is whatever lies below.",
            reference("texts"),
        ),
        ("required", "Where it must be set.", required()),
        (
            "default",
            "What the program takes where it is not set.",
            reference("scalar"),
        ),
        (
            "deprecated",
            "That it is no longer wanted, or what to use instead.",
            json!({ "type": ["boolean", "string"] }),
        ),
        (
            "visibility",
            "Who gets to see it.",
            json!({ "enum": ["server", "public"] }),
        ),
        (
            "provided_by",
            "Who sets it where the service runs. Railway's references are right values then.",
            json!({ "enum": ["railway"] }),
        ),
        (
            "secret",
            "Whether its value is never shown.",
            json!({ "type": "boolean" }),
        ),
        (
            "differs_between",
            "The environments in which it must not be the same.",
            reference("texts"),
        ),
        ("rotation", "How often it is changed: `30d`.", text.clone()),
        ("owner", "Who knows about it.", text.clone()),
        ("description", "What it is for.", text),
    ];
    let entry = |(key, what, value): (&str, &str, Value)| (key.to_owned(), described(what, value));
    entries.into_iter().map(entry).collect()
}

fn required() -> Value {
    json!({
        "anyOf": [
            { "type": "boolean" },
            { "description": "In these environments.", "type": "array", "items": { "type": "string" }, "minItems": 1 },
            {
                "description": "Where other variables have these values; `*` is any.",
                "type": "object",
                "additionalProperties": false,
                "required": ["when"],
                "properties": {
                    "when": { "type": "object", "minProperties": 1, "additionalProperties": reference("texts") }
                }
            }
        ]
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn described(what: &str, mut value: Value) -> Value {
    if let Some(map) = value.as_object_mut() {
        map.insert("description".to_owned(), what.into());
    }
    value
}
