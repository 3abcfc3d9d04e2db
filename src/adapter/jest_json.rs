//! Test results as jest's JSON, which vitest writes as well.

use serde_json::Value;

use super::place::{Spot, bounded, fault, frame, own};
use super::telling::{broken, first_line, plain, short, telling};
use crate::finding::code::TESTS_FAILED;
use crate::tool::{Fault, Heard, Ran, Told};

/// What an answer with such a report means.
pub(crate) fn hear(told: &Told<'_>, tool: &str, see: &str) -> Heard {
    let report = told
        .report
        .as_deref()
        .and_then(|report| serde_json::from_slice::<Value>(report).ok());
    let Some(files) = report
        .as_ref()
        .and_then(|report| report.get("testResults")?.as_array())
    else {
        return broken(told, tool, see);
    };
    let mut faults: Vec<Fault> = files
        .iter()
        .flat_map(|file| of_file(file, told.ran))
        .collect();
    if faults.is_empty() && told.exit != 0 {
        faults.push(unexplained(told, tool));
    }
    Heard::Judged {
        faults: bounded(TESTS_FAILED, faults),
        files: Some(files.len() as u64),
    }
}

/// A no of the runner that no test explains: a threshold of its own, an error outside of all tests.
pub(crate) fn unexplained(told: &Told<'_>, tool: &str) -> Fault {
    let out = String::from_utf8_lossy(told.out);
    let line = telling(&[told.err, &out]).unwrap_or_else(|| "it does not say why".to_owned());
    let message = format!(
        "{tool} failed (exit {}) though no test did: {line}",
        told.exit
    );
    fault(TESTS_FAILED, message, None)
}

fn of_file(file: &Value, ran: &Ran) -> Vec<Fault> {
    let text = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let path = own(&text(file, "name"), ran);
    let tests = file.get("assertionResults").and_then(Value::as_array);
    let failed = tests
        .into_iter()
        .flatten()
        .filter(|test| text(test, "status") == "failed");
    let mut faults: Vec<Fault> = failed
        .map(|test| {
            let failures = test.get("failureMessages").and_then(Value::as_array);
            let first = failures
                .and_then(|failures| failures.first()?.as_str())
                .unwrap_or_default();
            let failure = plain(first);
            let spot = frame(&failure, ran).or_else(|| path.clone().map(Spot::file));
            let message = format!("{}: {}", full_name(test), first_line(&failure));
            fault(TESTS_FAILED, message, spot)
        })
        .collect();
    if faults.is_empty() && text(file, "status") == "failed" {
        let failure = plain(&text(file, "message"));
        let lines = failure
            .lines()
            .filter(|line| !line.trim_start().starts_with('●'));
        let reason = lines
            .map(short)
            .find(|line| !line.is_empty())
            .unwrap_or_default();
        let spot = frame(&failure, ran).or_else(|| path.map(Spot::file));
        faults.push(fault(
            TESTS_FAILED,
            format!("the test file did not run: {reason}"),
            spot,
        ));
    }
    faults
}

fn full_name(test: &Value) -> String {
    let titles = test
        .get("ancestorTitles")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let titles = titles.chain(test.get("title")).filter_map(Value::as_str);
    short(
        &titles
            .filter(|title| !title.is_empty())
            .collect::<Vec<_>>()
            .join(" > "),
    )
}
