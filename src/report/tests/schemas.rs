//! What the published formats ask for, as far as guard uses them, so that a break shows without a network.

use serde_json::{Value, json};

use super::xml::Element;

/// SARIF 2.1.0: the members that guard writes, and no others.
pub(super) fn sarif() -> Value {
    let closed = |required: &[&str], properties: Value| {
        json!({
            "type": "object",
            "required": required,
            "properties": properties,
            "additionalProperties": false,
        })
    };
    let text = json!({ "type": "string", "minLength": 1 });
    let number = json!({ "type": "integer", "minimum": 1 });
    let level = json!({ "enum": ["none", "note", "warning", "error"] });
    let bag = json!({ "type": "object" });
    let message = closed(&["text"], json!({ "text": text, "markdown": text }));
    let region = closed(
        &["startLine"],
        json!({ "startLine": number, "startColumn": number, "endLine": number, "endColumn": number }),
    );
    let artifact = closed(
        &["uri", "uriBaseId"],
        json!({
            "uri": { "type": "string", "pattern": "^([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$" },
            "uriBaseId": { "const": "%SRCROOT%" },
        }),
    );
    let physical = closed(
        &["artifactLocation"],
        json!({ "artifactLocation": artifact, "region": region }),
    );
    let location = closed(
        &["physicalLocation"],
        json!({ "physicalLocation": physical }),
    );
    let rule = closed(
        &[
            "id",
            "shortDescription",
            "fullDescription",
            "help",
            "defaultConfiguration",
        ],
        json!({
            "id": text,
            "shortDescription": message,
            "fullDescription": message,
            "help": message,
            "defaultConfiguration": closed(&["level"], json!({ "level": level })),
        }),
    );
    let driver = closed(
        &["name", "version", "rules"],
        json!({
            "name": { "const": "guard" },
            "version": text,
            "semanticVersion": text,
            "rules": { "type": "array", "uniqueItems": true, "items": rule },
        }),
    );
    let result = closed(
        &[
            "ruleId",
            "ruleIndex",
            "level",
            "message",
            "partialFingerprints",
            "properties",
        ],
        json!({
            "ruleId": text,
            "ruleIndex": { "type": "integer", "minimum": 0 },
            "level": level,
            "message": message,
            "locations": { "type": "array", "minItems": 1, "maxItems": 1, "items": location },
            "partialFingerprints": { "type": "object", "additionalProperties": text },
            "properties": bag,
        }),
    );
    let notification = closed(
        &["descriptor", "level", "message"],
        json!({
            "descriptor": closed(&["id"], json!({ "id": text })),
            "level": level,
            "message": message,
            "properties": bag,
        }),
    );
    let invocation = closed(
        &["executionSuccessful", "toolExecutionNotifications"],
        json!({
            "executionSuccessful": { "type": "boolean" },
            "exitCode": { "type": "integer" },
            "toolExecutionNotifications": { "type": "array", "items": notification },
        }),
    );
    let run = closed(
        &[
            "tool",
            "invocations",
            "originalUriBaseIds",
            "columnKind",
            "results",
            "properties",
        ],
        json!({
            "tool": closed(&["driver"], json!({ "driver": driver })),
            "invocations": { "type": "array", "minItems": 1, "maxItems": 1, "items": invocation },
            "originalUriBaseIds": bag,
            "columnKind": { "const": "unicodeCodePoints" },
            "results": { "type": "array", "items": result },
            "properties": bag,
        }),
    );
    closed(
        &["$schema", "version", "runs"],
        json!({
            "$schema": { "type": "string", "format": "uri" },
            "version": { "const": "2.1.0" },
            "runs": { "type": "array", "minItems": 1, "maxItems": 1, "items": run },
        }),
    )
}

/// GitLab's code quality report. GitLab's own schema wants less; its pages want this much.
pub(super) fn gitlab() -> Value {
    let line = json!({ "type": "integer", "minimum": 1 });
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "additionalProperties": false,
            "properties": {
                "description": { "type": "string", "minLength": 1 },
                "check_name": { "type": "string", "minLength": 1 },
                "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{16}(-[0-9]+)?$" },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "additionalProperties": false,
                    "properties": {
                        "path": { "type": "string", "minLength": 1 },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "additionalProperties": false,
                            "properties": { "begin": line, "end": line },
                        },
                    },
                },
            },
        },
    })
}

/// JUnit XML as Jenkins' schema has it: which element holds which, and counts that are right.
pub(super) fn junit(suites: &Element) -> Result<(), String> {
    let numbers = ["tests", "failures", "errors"];
    is(
        suites,
        "testsuites",
        &["name", "tests", "failures", "errors", "time"],
    )?;
    for suite in &suites.children {
        is(
            suite,
            "testsuite",
            &["name", "tests", "failures", "errors", "skipped", "time"],
        )?;
        for number in numbers {
            if suite.attributes[number] != suites.attributes[number] {
                return Err(format!("{number} differs between the suite and the suites"));
            }
        }
        for case in &suite.children {
            is(case, "testcase", &["classname", "name", "time"])?;
            for child in &case.children {
                match child.name.as_str() {
                    "failure" | "error" => is(child, &child.name, &["message", "type"])?,
                    "skipped" if child.attributes.len() == 1 => is(child, "skipped", &["message"])?,
                    "skipped" => is(child, "skipped", &["message", "type"])?,
                    _ => is(child, "system-out", &[])?,
                }
            }
            let ends = case
                .children
                .iter()
                .filter(|child| child.name != "system-out");
            if ends.count() > 1 {
                return Err("a case has two ends".to_owned());
            }
        }
        let with = |tag: &str| {
            let has = |case: &&Element| case.children.iter().any(|child| child.name == tag);
            suite.children.iter().filter(has).count().to_string()
        };
        let counted = [
            ("tests", suite.children.len().to_string()),
            ("failures", with("failure")),
            ("errors", with("error")),
            ("skipped", with("skipped")),
        ];
        for (name, count) in counted {
            if suite.attributes[name] != count {
                return Err(format!("{name} should be {count}"));
            }
        }
    }
    Ok(())
}

fn is(element: &Element, name: &str, attributes: &[&str]) -> Result<(), String> {
    let mut wanted = attributes.to_vec();
    wanted.sort_unstable();
    let has: Vec<&str> = element.attributes.keys().map(String::as_str).collect();
    if element.name != name || has != wanted {
        return Err(format!(
            "{} with {has:?} is no {name} with {wanted:?}",
            element.name
        ));
    }
    Ok(())
}
