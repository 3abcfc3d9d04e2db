//! A JSON Schema (2020-12) of the values as a program has them once they are read: numbers are numbers, lists arrays.

use serde_json::{Map, Value, json};

use crate::schema::effective::Effective;
use crate::schema::kind::Kind;
use crate::schema::model::{Required, Variable, When};

/// The schema of one environment's values.
pub fn json_schema(effective: &Effective<'_>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut conditions = Vec::new();
    for variable in &effective.variables {
        properties.insert(variable.name.clone(), property(variable));
        match variable.required.as_ref().map(|said| &said.value) {
            _ if variable.default.is_some() => {}
            Some(Required::Always) => required.push(variable.name.clone()),
            Some(Required::In(names)) => {
                let here = effective.environment.as_ref();
                if here.is_some_and(|here| names.contains(here)) {
                    required.push(variable.name.clone());
                }
            }
            Some(Required::When(all)) => conditions.push(condition(effective, variable, all)),
            Some(Required::Never) | None => {}
        }
    }
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": match &effective.environment {
            Some(name) => format!("environment variables of {name}"),
            None => "environment variables".to_owned(),
        },
        "$comment": "Made from schemas/env.yaml by guard: for values as a program has them once they are read, numbers as numbers and lists as arrays. Rules between variables are not in it.",
        "type": "object",
        "properties": properties,
    });
    let top = schema.as_object_mut().expect("it was made as an object");
    if !required.is_empty() {
        top.insert("required".to_owned(), required.into());
    }
    if !conditions.is_empty() {
        top.insert("allOf".to_owned(), conditions.into());
    }
    schema
}

fn condition(effective: &Effective<'_>, variable: &Variable, all: &[When]) -> Value {
    let mut asked = Map::new();
    let mut names = Vec::new();
    for when in all {
        let other = effective.get(&when.name);
        let kind = other.map_or(Kind::Text, Variable::kind);
        let values: Vec<Value> = when.values.iter().map(|value| typed(kind, value)).collect();
        let wanted = if values.is_empty() {
            json!({})
        } else {
            json!({ "enum": values })
        };
        asked.insert(when.name.clone(), wanted);
        // A default that is asked for holds without being set.
        let default = other.and_then(|other| other.default.as_ref());
        let holds_unset = default.is_some_and(|default| {
            let same = |value: &String| kind.same(value, &default.value);
            when.values.is_empty() || when.values.iter().any(same)
        });
        if !holds_unset {
            names.push(when.name.clone());
        }
    }
    json!({ "if": { "properties": asked, "required": names }, "then": { "required": [variable.name] } })
}

fn property(variable: &Variable) -> Value {
    let kind = variable.kind();
    let mut property = if kind == Kind::List {
        let of = variable.of.as_ref().map_or(Kind::Text, |of| of.value);
        let mut item = of_kind(of);
        constraints(&mut item, variable, of);
        let mut list = Map::new();
        list.insert("type".to_owned(), "array".into());
        list.insert("items".to_owned(), item.into());
        list
    } else {
        let mut property = of_kind(kind);
        constraints(&mut property, variable, kind);
        if let Some(constant) = &variable.constant {
            property.insert("const".to_owned(), typed(kind, &constant.value));
        }
        property
    };
    let mut put = |key: &str, value: Value| property.insert(key.to_owned(), value);
    if let Some(description) = &variable.description {
        put("description", description.value.as_str().into());
    }
    if let Some(default) = variable
        .default
        .as_ref()
        .filter(|_| !variable.is_secret() && kind != Kind::List)
    {
        put("default", typed(kind, &default.value));
    }
    if variable
        .deprecated
        .as_ref()
        .is_some_and(|said| said.value.is_some())
    {
        put("deprecated", true.into());
    }
    if variable.is_secret() {
        put("writeOnly", true.into());
    }
    property.into()
}

fn of_kind(kind: Kind) -> Map<String, Value> {
    let value = match kind {
        Kind::Int => json!({ "type": "integer" }),
        Kind::Float => json!({ "type": "number" }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Port => json!({ "type": "integer", "minimum": 1, "maximum": 65535 }),
        Kind::Url => json!({ "type": "string", "format": "uri" }),
        Kind::Email => json!({ "type": "string", "format": "email" }),
        Kind::Json => json!({ "type": "string", "contentMediaType": "application/json" }),
        Kind::Base64 => json!({ "type": "string", "contentEncoding": "base64" }),
        Kind::Hex => json!({ "type": "string", "pattern": "^[0-9a-fA-F]+$" }),
        Kind::Phone => json!({ "type": "string", "pattern": r"^\+?[1-9][0-9]{6,14}$" }),
        Kind::Semver => {
            json!({ "type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+([-+].*)?$" })
        }
        Kind::Duration => {
            json!({ "type": "string", "pattern": r"^([0-9]+(\.[0-9]*)?(ns|us|ms|s|m|h|d|w))+$" })
        }
        Kind::Text | Kind::Enum | Kind::List => json!({ "type": "string" }),
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn constraints(property: &mut Map<String, Value>, variable: &Variable, kind: Kind) {
    if let Some(choices) = &variable.choices {
        let choices: Vec<Value> = choices
            .value
            .iter()
            .map(|choice| typed(kind, choice))
            .collect();
        property.insert("enum".to_owned(), choices.into());
    }
    let is_number = matches!(kind, Kind::Int | Kind::Float | Kind::Port);
    for (key, bound) in [("minimum", &variable.min), ("maximum", &variable.max)] {
        if let Some(bound) = bound.as_ref().filter(|_| is_number) {
            property.insert(key.to_owned(), typed(Kind::Float, &bound.value));
        }
    }
    if is_number || kind == Kind::Bool {
        return;
    }
    for (key, length) in [
        ("minLength", &variable.min_length),
        ("maxLength", &variable.max_length),
    ] {
        if let Some(length) = length {
            property.insert(key.to_owned(), length.value.into());
        }
    }
    let escaped = |words: &[String]| {
        let words: Vec<String> = words
            .iter()
            .map(|word| regex_syntax::escape(word))
            .collect();
        words.join("|")
    };
    let mut patterns = Vec::new();
    if let Some(prefix) = &variable.prefix {
        patterns.push(format!("^({})", escaped(&prefix.value)));
    }
    if let Some(suffix) = &variable.suffix {
        patterns.push(format!("({})$", escaped(&suffix.value)));
    }
    if let Some(schemes) = &variable.schemes {
        let bare: Vec<String> = schemes
            .value
            .iter()
            .map(|scheme| scheme.trim_end_matches("://").to_owned())
            .collect();
        patterns.push(format!("^({})://", escaped(&bare)));
    }
    if let Some(pattern) = &variable.pattern {
        patterns.push(pattern.value.clone());
    }
    let mut patterns = patterns.into_iter();
    if !property.contains_key("pattern")
        && let Some(first) = patterns.next()
    {
        property.insert("pattern".to_owned(), first.into());
    }
    let more: Vec<Value> = patterns
        .map(|pattern| json!({ "pattern": pattern }))
        .collect();
    if !more.is_empty() {
        property.insert("allOf".to_owned(), more.into());
    }
}

/// A value of the schema as JSON has it.
fn typed(kind: Kind, value: &str) -> Value {
    let number = || value.parse::<i64>().ok().map(Value::from);
    let real = || {
        let real = value.parse::<f64>().ok()?;
        serde_json::Number::from_f64(real).map(Value::Number)
    };
    let meant = match kind {
        Kind::Int | Kind::Port => number(),
        Kind::Float => number().or_else(real),
        Kind::Bool => Some(kind.same(value, "true").into()),
        _ => None,
    };
    meant.unwrap_or_else(|| value.into())
}
