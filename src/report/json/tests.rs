//! What programs read: every kind of run as JSON, and all of it as the schema says.

use std::fmt::Write as _;

use serde_json::Value;

use super::render;
use crate::outcome::OnUnknown;
use crate::report::samples::{self, Run};
use crate::report::{Report, ndjson, schema};

fn report(run: &Run) -> Report {
    let mut report = Report::new();
    run.tell(&mut report);
    report
}

/// The document, a line for each member of it and of its lists.
fn outline(run: &Run) -> String {
    let document: Value = serde_json::from_str(&render(&report(run))).unwrap();
    let mut outline = String::new();
    for key in ["verdict", "checks", "findings", "data", "summary"] {
        outline.push_str(key);
        match &document[key] {
            Value::Array(members) => {
                outline.push('\n');
                for member in members {
                    writeln!(outline, "  {member}").unwrap();
                }
            }
            other => writeln!(outline, " {other}").unwrap(),
        }
    }
    outline
}

#[test]
fn a_run_that_fails() {
    insta::assert_snapshot!(render(&report(&samples::findings())), @r#"
    {
      "version": 1,
      "guard": "0.1.0",
      "command": "run",
      "moment": "push",
      "verdict": "failed",
      "checks": [
        {
          "id": "types",
          "outcome": "failed",
          "reason": "exit code 1",
          "remedy": null,
          "duration_ms": 700,
          "cached": false,
          "output": "src/a.ts:3:5 - error TS2322\n\n1 error"
        },
        {
          "id": "eslint",
          "outcome": "skipped",
          "reason": "types failed",
          "remedy": null,
          "duration_ms": 0,
          "cached": false
        },
        {
          "id": "smoke",
          "outcome": "skipped",
          "reason": "branch `fix` matches none of main, release/*",
          "remedy": null,
          "duration_ms": 0,
          "cached": false
        }
      ],
      "findings": [
        {
          "check": "types",
          "code": "CMD-FAILED",
          "severity": "error",
          "message": "`types` failed: exit code 1",
          "help": "read its output and mend the files; alone it runs with `guard run pre-push --only types`",
          "path": null,
          "line": null,
          "column": null,
          "end_line": null,
          "end_column": null,
          "fix": "none",
          "fingerprint": "3e4eda5341c356b2",
          "commit": null
        },
        {
          "check": "lines",
          "code": "HOOK-LINE",
          "severity": "warning",
          "message": "line 2 of git's input is no ref update",
          "help": "let the hook manager pass git's lines unchanged",
          "path": "apps/api/réseau.ts",
          "line": 4,
          "column": 19,
          "end_line": 4,
          "end_column": 40,
          "fix": "safe",
          "fingerprint": "44333ba54013a304",
          "commit": "0123456789abcdef0123456789abcdef01234567"
        }
      ],
      "data": {},
      "summary": {
        "errors": 1,
        "warnings": 1,
        "files": 3,
        "bytes": 1101,
        "duration_ms": 700
      }
    }
    "#);
}

#[test]
fn a_run_that_passes() {
    insta::assert_snapshot!(outline(&samples::passed()), @r#"
    verdict "passed"
    checks
      {"cached":false,"duration_ms":1400,"id":"types","outcome":"passed","reason":null,"remedy":null}
      {"cached":false,"duration_ms":80,"id":"eslint","outcome":"passed","reason":null,"remedy":null}
      {"cached":false,"duration_ms":0,"id":"smoke","outcome":"skipped","reason":"branch `fix` matches none of main, release/*","remedy":null}
    findings
    data {}
    summary {"bytes":1835,"duration_ms":1480,"errors":0,"files":5,"warnings":0}
    "#);
}

#[test]
fn a_run_that_could_not_find_out() {
    insta::assert_snapshot!(outline(&samples::unknown(OnUnknown::Block)), @r#"
    verdict "unknown"
    checks
      {"cached":false,"duration_ms":30,"id":"types","outcome":"unknown","reason":"`tsc` was not found","remedy":"`npm install`"}
      {"cached":false,"duration_ms":50,"id":"eslint","outcome":"passed","reason":null,"remedy":null}
      {"cached":false,"duration_ms":0,"id":"smoke","outcome":"skipped","reason":"branch `fix` matches none of main, release/*","remedy":null}
    findings
    data {}
    summary {"bytes":734,"duration_ms":80,"errors":0,"files":2,"warnings":0}
    "#);
}

#[test]
fn an_unknown_that_lets_pass_stays_unknown() {
    insta::assert_snapshot!(outline(&samples::unknown(OnUnknown::Warn)), @r#"
    verdict "passed"
    checks
      {"cached":false,"duration_ms":30,"id":"types","outcome":"unknown","reason":"`tsc` was not found","remedy":"`npm install`"}
      {"cached":false,"duration_ms":50,"id":"eslint","outcome":"passed","reason":null,"remedy":null}
      {"cached":false,"duration_ms":0,"id":"smoke","outcome":"skipped","reason":"branch `fix` matches none of main, release/*","remedy":null}
    findings
    data {}
    summary {"bytes":734,"duration_ms":80,"errors":0,"files":2,"warnings":0}
    "#);
}

#[test]
fn a_run_that_skips_everything() {
    insta::assert_snapshot!(outline(&samples::skipped()), @r#"
    verdict "passed"
    checks
      {"cached":false,"duration_ms":0,"id":"types","outcome":"skipped","reason":"no matching files","remedy":null}
      {"cached":false,"duration_ms":0,"id":"eslint","outcome":"skipped","reason":"no matching files","remedy":null}
    findings
    data {}
    summary {"bytes":0,"duration_ms":3,"errors":0,"files":0,"warnings":0}
    "#);
}

#[test]
fn a_run_of_nothing() {
    insta::assert_snapshot!(outline(&samples::nothing()), @r#"
    verdict "passed"
    checks
    findings
    data {}
    summary {"bytes":0,"duration_ms":2,"errors":0,"files":0,"warnings":0}
    "#);
}

#[test]
fn a_run_that_was_interrupted() {
    insta::assert_snapshot!(outline(&samples::interrupted()), @r#"
    verdict "interrupted"
    checks
      {"cached":false,"duration_ms":2100,"id":"types","outcome":"unknown","output":"working","reason":"interrupted","remedy":"run it again"}
      {"cached":false,"duration_ms":0,"id":"eslint","outcome":"skipped","reason":"interrupted","remedy":null}
      {"cached":false,"duration_ms":0,"id":"smoke","outcome":"skipped","reason":"branch `fix` matches none of main, release/*","remedy":null}
    findings
    data {}
    summary {"bytes":0,"duration_ms":2100,"errors":0,"files":0,"warnings":0}
    "#);
}

#[test]
fn a_plan() {
    let mut plan = Report::of_plan();
    samples::plan().tell(&mut plan);
    let document: Value = serde_json::from_str(&render(&plan)).unwrap();
    assert_eq!(document["checks"], Value::Array(Vec::new()));
    let steps = document["data"]["steps"].as_array().unwrap();
    let lines: Vec<String> = steps.iter().map(Value::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"id":"types","needs":[],"reason":"3 matching files under apps/web, of which 2 are new and 1 is renamed","will":"run"}
    {"id":"eslint","needs":["types","format"],"reason":"2 matching files","will":"run"}
    {"id":"format","needs":[],"reason":"an earlier pass of the same content","will":"reuse"}
    {"id":"smoke","needs":[],"reason":"branch `fix` matches none of main, release/*","will":"skip"}
    "#);
}

#[test]
fn events_are_lines() {
    let mut lines = String::new();
    let mut listener = ndjson::Lines::new(|line: &str| lines.push_str(line));
    samples::findings().tell(&mut listener);
    insta::assert_snapshot!(lines, @r#"
    {"v":1,"event":"run-started","at":"2026-11-21T08:49:00.000Z","guard":"0.1.0","command":"run","moment":"push","on_unknown":"block","subject":"2 commits of main -> origin/main"}
    {"v":1,"event":"noted","at":"2026-11-21T08:49:00.000Z","severity":"info","message":"names are read by the walk over git's objects"}
    {"v":1,"event":"step-planned","at":"2026-11-21T08:49:00.000Z","id":"types","needs":[],"will":"run","reason":"3 matching files"}
    {"v":1,"event":"step-planned","at":"2026-11-21T08:49:00.000Z","id":"eslint","needs":["types"],"will":"run","reason":"2 matching files"}
    {"v":1,"event":"step-planned","at":"2026-11-21T08:49:00.000Z","id":"smoke","needs":[],"will":"skip","reason":"branch `fix` matches none of main, release/*"}
    {"v":1,"event":"step-finished","at":"2026-11-21T08:49:00.000Z","id":"smoke","outcome":"skipped","reason":"branch `fix` matches none of main, release/*","remedy":null,"duration_ms":0,"cached":false,"files":2,"bytes":100}
    {"v":1,"event":"step-started","at":"2026-11-21T08:49:00.000Z","id":"types"}
    {"v":1,"event":"step-output","at":"2026-11-21T08:49:00.000Z","id":"types","text":"src/a.ts:3:5 - error TS2322\n\n1 error\n"}
    {"v":1,"event":"found","at":"2026-11-21T08:49:00.700Z","check":"types","code":"CMD-FAILED","severity":"error","message":"`types` failed: exit code 1","help":"read its output and mend the files; alone it runs with `guard run pre-push --only types`","path":null,"line":null,"column":null,"end_line":null,"end_column":null,"fix":"none","fingerprint":"3e4eda5341c356b2","commit":null}
    {"v":1,"event":"step-finished","at":"2026-11-21T08:49:00.700Z","id":"types","outcome":"failed","reason":"exit code 1","remedy":null,"duration_ms":700,"cached":false,"files":2,"bytes":100}
    {"v":1,"event":"step-finished","at":"2026-11-21T08:49:00.700Z","id":"eslint","outcome":"skipped","reason":"types failed","remedy":null,"duration_ms":0,"cached":false,"files":2,"bytes":100}
    {"v":1,"event":"found","at":"2026-11-21T08:49:00.700Z","check":"lines","code":"HOOK-LINE","severity":"warning","message":"line 2 of git's input is no ref update","help":"let the hook manager pass git's lines unchanged","path":"apps/api/réseau.ts","line":4,"column":19,"end_line":4,"end_column":40,"fix":"safe","fingerprint":"44333ba54013a304","commit":"0123456789abcdef0123456789abcdef01234567"}
    {"v":1,"event":"run-finished","at":"2026-11-21T08:49:00.700Z","verdict":"failed","exit":1,"duration_ms":700,"files":3,"bytes":1101}
    "#);
}

/// Every sample.
fn all() -> [Run; 8] {
    [
        samples::passed(),
        samples::findings(),
        samples::unknown(OnUnknown::Block),
        samples::unknown(OnUnknown::Warn),
        samples::skipped(),
        samples::nothing(),
        samples::interrupted(),
        samples::plan(),
    ]
}

#[test]
fn what_is_printed_is_what_the_schema_says() {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let whole = jsonschema::validator_for(&schema).unwrap();
    let mut event = schema.clone();
    event["$ref"] = "#/$defs/Event".into();
    let lines = jsonschema::validator_for(&event).unwrap();
    for run in all() {
        for plan_only in [false, true] {
            let mut report = report(&run);
            report.plan_only = plan_only;
            let document: Value = serde_json::from_str(&render(&report)).unwrap();
            let wrong: Vec<_> = whole
                .iter_errors(&document)
                .map(|e| e.to_string())
                .collect();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
        for event in &run.events {
            let line: Value = serde_json::from_str(&ndjson::line(event)).unwrap();
            let wrong: Vec<_> = lines.iter_errors(&line).map(|e| e.to_string()).collect();
            assert!(wrong.is_empty(), "{line}: {wrong:?}");
        }
    }
}

#[test]
fn the_schema_wants_every_key() {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let whole = jsonschema::validator_for(&schema).unwrap();
    let document: Value = serde_json::from_str(&render(&report(&samples::findings()))).unwrap();
    let mut pointers = vec![String::new()];
    for path in ["/checks/0", "/findings/0", "/summary"] {
        pointers.push(path.to_owned());
    }
    for pointer in pointers {
        let members = document.pointer(&pointer).unwrap().as_object().unwrap();
        // The output is there only where something was printed and did not pass.
        for key in members.keys().filter(|key| *key != "output") {
            let mut less = document.clone();
            let members = less.pointer_mut(&pointer).unwrap();
            members.as_object_mut().unwrap().remove(key);
            assert!(!whole.is_valid(&less), "{pointer} without {key} is valid");
        }
    }
}

#[test]
fn the_schema_wants_every_key_of_a_line() {
    let mut schema: Value = serde_json::from_str(&schema()).unwrap();
    schema["$ref"] = "#/$defs/Event".into();
    let lines = jsonschema::validator_for(&schema).unwrap();
    for event in &samples::findings().events {
        let line: Value = serde_json::from_str(&ndjson::line(event)).unwrap();
        for key in line.as_object().unwrap().keys() {
            let mut less = line.clone();
            less.as_object_mut().unwrap().remove(key);
            assert!(!lines.is_valid(&less), "{less} without {key} is valid");
        }
    }
}

#[test]
fn what_a_terminal_would_obey_is_escaped_and_reads_back() {
    let hostile = "\x1b[2J \u{9b}31m \u{202e}txt.exe \u{7f} \u{e0041} plain é";
    let mut run = Run::at(crate::moment::Moment::Ci, OnUnknown::Block);
    run.print("x", hostile)
        .end("x", crate::outcome::Outcome::failed(hostile), 1);
    let text = render(&report(&run));
    for text in [text.as_str(), &ndjson::line(&run.events[1])] {
        assert_eq!(crate::terminal::escape(text), text);
        assert!(text.contains('é'));
    }
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["checks"][0]["reason"], hostile);
}

#[test]
fn a_run_without_an_end_is_not_green() {
    let mut run = samples::passed();
    run.events.truncate(7);
    let document: Value = serde_json::from_str(&render(&report(&run))).unwrap();
    assert_eq!(document["verdict"], "unknown");
    assert_eq!(document["checks"][0]["outcome"], "unknown");
}
