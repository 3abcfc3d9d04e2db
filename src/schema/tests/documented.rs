//! The page `docs/env.md` against the code: all that a schema can say stands there, and its example is a schema.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::finding::code::Code;
use crate::schema::{Kind, own_schema, read};

fn page() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/env.md");
    fs::read_to_string(page).expect("docs/env.md is there")
}

/// Every key of every map in a JSON Schema.
fn keys(schema: &Value, found: &mut BTreeSet<String>) {
    let below: Vec<&Value> = match schema {
        Value::Object(map) => map.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        found.extend(properties.keys().cloned());
    }
    for value in below {
        keys(value, found);
    }
}

#[test]
fn every_key_and_every_type_stands_on_the_page() {
    let page = page();
    let mut all = BTreeSet::new();
    keys(&own_schema(), &mut all);
    assert!(all.len() > 30, "{all:?}");
    let is_said = |key: &&String| {
        let forms = [
            format!("`{key}`"),
            format!("`{key}: "),
            format!("{key}: {{"),
        ];
        forms.iter().any(|form| page.contains(form))
    };
    let missing: Vec<&String> = all.iter().filter(|key| !is_said(key)).collect();
    assert!(
        missing.is_empty(),
        "docs/env.md says nothing of {missing:?}"
    );
    for (word, _) in Kind::ALL {
        let row = format!("| `{word}` |");
        assert!(page.contains(&row), "docs/env.md has no row `{row}`");
    }
}

#[test]
fn what_the_page_names_is_there() {
    let page = page();
    for (at, _) in page.match_indices("`ENV-") {
        let id = page[at + 1..].split(['`', ':']).next().unwrap();
        assert!(Code::by_id(id).is_some(), "there is no code {id}");
    }
    let blocks = page.split("```yaml\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    let schemas: Vec<&str> = blocks
        .filter(|block| block.starts_with("variables:"))
        .collect();
    assert!(!schemas.is_empty());
    for schema in schemas {
        assert!(read("docs/env.md", schema.as_bytes()).is_ok(), "{schema}");
    }
}
