//! The JSON Schema of the report and of the events, made from the very types that are printed.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::{json, ndjson};

/// The schema, as `guard schema report` prints it: the document is the report, a line of ndjson is `#/$defs/Event`.
pub fn schema() -> String {
    let mut generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    generator.subschema_for::<json::Document<'_>>();
    generator.subschema_for::<ndjson::Line<'_>>();
    let definitions = Value::Object(generator.take_definitions(true));
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "guard report",
        "description": "What `guard --format json` prints. A line of `--format ndjson` is `#/$defs/Event`.",
        "$ref": "#/$defs/Report",
        "$defs": definitions,
    });
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    #[test]
    fn the_committed_copy_is_what_is_printed() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/report.json");
        if fs::read_to_string(&path).unwrap_or_default() != super::schema() {
            let fresh = tempfile::Builder::new()
                .prefix("report-")
                .suffix(".json")
                .tempfile()
                .unwrap();
            fs::write(fresh.path(), super::schema()).unwrap();
            let (_, kept) = fresh.keep().unwrap();
            panic!(
                "schemas/report.json is out of date: `cp {} schemas/report.json`",
                kept.display()
            );
        }
    }
}
