//! The schema of `checks`: one entry for each built-in check, with the keys that it has.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::{RawChecks, RawTuning};
use crate::check::{self, Check, Setting};
use crate::finding::code::Code;

/// Where the schema says once what each key means.
const KEYS: &str = "#/$defs/check/properties";

impl JsonSchema for RawChecks {
    fn schema_name() -> Cow<'static, str> {
        "checks".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        // Puts it under its name, where `KEYS` looks for it.
        generator.subschema_for::<RawTuning>();
        let checks: Map<String, Value> = check::ALL
            .iter()
            .map(|check| (check.id.to_owned(), of(check)))
            .collect();
        json_schema!({
            "description": "Built-in checks by id.",
            "type": "object",
            "properties": checks,
            "additionalProperties": false,
        })
    }
}

/// The ids of these codes.
pub(super) fn codes(codes: &[Code]) -> Vec<&'static str> {
    codes.iter().map(|code| code.id).collect()
}

fn of(check: &Check) -> Value {
    let settings: Map<String, Value> = check
        .settings
        .iter()
        .map(|setting| (setting.key().to_owned(), key(check, *setting)))
        .collect();
    json!({
        "description": check.about,
        "anyOf": [
            { "description": "Off, or on as it comes.", "type": "boolean" },
            {
                "description": "On, and tuned.",
                "type": "object",
                "properties": settings,
                "additionalProperties": false,
            },
            { "type": "null" },
        ],
    })
}

/// What a key means is said once for all checks; what it may hold depends on the check.
fn key(check: &Check, setting: Setting) -> Value {
    let mut schema = json!({ "$ref": format!("{KEYS}/{}", setting.key()) });
    match setting {
        Setting::At => schema["default"] = json!(check.moments),
        Setting::Tools => schema["items"] = json!({ "enum": check.tools }),
        Setting::Severity => {
            schema["propertyNames"] = json!({ "enum": codes(check.codes()) });
        }
        _ => {}
    }
    schema
}
