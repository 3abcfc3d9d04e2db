//! `guard explain`: every example gives what its page says, and every answer is one for people and programs.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use railguard::explain::example::{Example, Half, Step};
use railguard::explain::examples::EXAMPLES;
use railguard::finding::Severity;
use railguard::finding::code::{self, Code};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::support::Repo;

/// The codes whose wrong half is told and not run, and why that is so.
const IN_WORDS: [(&str, &str); 1] = [(
    "GUARD-BUG",
    "it is said of what guard's authors hold to be impossible: whatever brought it about would be mended",
)];

/// Which half of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Wrong,
    Right,
}

/// Does what a half says; what its last call of guard reported, and with which exit code it ended.
fn report(half: &Half<'_>) -> Result<(Value, Option<i32>), String> {
    let repo = Repo::new();
    let (bin, report) = (repo.beside("bin"), repo.beside("report.json"));
    put_guard(&repo, &bin, &report);
    let mut code = None;
    let steps = half.steps.as_deref().unwrap_or_default();
    for (place, step) in steps.iter().enumerate() {
        let line = match step {
            Step::Write { path, text } => {
                repo.write(path, text);
                continue;
            }
            Step::Type(line) => line,
        };
        // To a file: what goes on in the background would hold a pipe open.
        let said = repo.beside("said");
        let file = || Stdio::from(fs::File::create(&said).expect("a file"));
        let mut command = repo.shell(line, &bin);
        command.env("PATH", with_tools(&bin));
        let status = command.stdout(file()).stderr(file()).status();
        let status = status.map_err(|error| error.to_string())?;
        code = status.code();
        if place + 1 < steps.len() && !status.success() {
            let said = fs::read_to_string(&said).unwrap_or_default();
            return Err(format!("`{line}` ended with {code:?}: {said}"));
        }
    }
    let text = fs::read_to_string(&report).map_err(|error| format!("no report: {error}"))?;
    let report = serde_json::from_str(&text).map_err(|error| format!("{error} in {text}"))?;
    Ok((report, code))
}

/// PATH with what the examples need: the toolchain itself, since rustup's programs look for it in the home that
/// the tests hide, and the tools that `.ci/run` installs.
fn with_tools(bin: &Path) -> OsString {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers");
    let cargo = Path::new(env!("CARGO"))
        .parent()
        .expect("it lies in a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = [
        bin.to_owned(),
        cargo.to_owned(),
        peers.join("suites/venv/bin"),
        peers.join("tools/venv/bin"),
    ];
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&path))).expect("folders")
}

/// Lays `guard` out as the tests want to read it: the real binary, with its report in a file.
fn put_guard(repo: &Repo, bin: &Path, report: &Path) {
    let guard = env!("CARGO_BIN_EXE_guard");
    let script = format!(
        "#!/bin/sh\nexec '{guard}' --format json --output '{}' \"$@\"\n",
        report.display()
    );
    // Written by a child: a file that this process has open for writing may not be run by its others.
    let line = format!(
        "mkdir -p '{0}' && printf %s \"$SCRIPT\" > '{0}/guard' && chmod 755 '{0}/guard'",
        bin.display()
    );
    let status = repo.shell(&line, bin).env("SCRIPT", script).status();
    assert!(status.expect("sh runs").success());
}

/// What is wrong with a half: nothing, if the wrong one gives exactly its code and the right one none.
///
/// Infos beside the code are tolerated: a fix that was applied says so, whatever else is shown.
fn fault(code: &Code, kind: Kind, half: &Half<'_>) -> Option<String> {
    let id = code.id;
    let fault = |what: String| Some(format!("{id}, {kind:?}: {what}"));
    let (report, exit) = match report(half) {
        Ok(done) => done,
        Err(error) => return fault(error),
    };
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let gives = findings.iter().any(|finding| finding["code"] == id);
    let other = findings
        .iter()
        .find(|finding| finding["code"] != id && finding["severity"] != "info");
    // Only an error blocks; a step beside it that could not find out would be 3.
    let expected = i32::from(kind == Kind::Wrong && code.severity == Severity::Error);
    if let Some(other) = other {
        fault(format!("it also gives {other}"))
    } else if gives != (kind == Kind::Wrong) {
        fault(format!("it gives {findings:?}"))
    } else if exit != Some(expected) {
        fault(format!(
            "it ends with {exit:?}, not with {expected}: {report}"
        ))
    } else {
        None
    }
}

/// Whether what an example needs may be expected to be there.
fn can_run(example: &Example<'_>) -> bool {
    example.needs.is_empty() || cfg!(feature = "peer-tests")
}

fn every(kind: Kind) {
    let examples: Vec<(&Code, Example<'_>)> = code::ALL
        .iter()
        .map(|code| {
            let text = EXAMPLES.iter().find(|(id, _)| *id == code.id);
            let (_, text) = text.unwrap_or_else(|| panic!("{} has no example", code.id));
            (code, Example::parse(text).expect("it can be read"))
        })
        .filter(|(_, example)| can_run(example))
        .collect();
    let faults: Vec<String> = examples
        .par_iter()
        .filter_map(|(code, example)| {
            let half = match kind {
                Kind::Wrong => &example.wrong,
                Kind::Right => &example.right,
            };
            half.steps.as_ref()?;
            fault(code, kind, half)
        })
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_wrong_example_gives_exactly_its_code() {
    every(Kind::Wrong);
}

#[test]
fn every_right_example_gives_no_finding_of_its_code() {
    every(Kind::Right);
}

#[test]
fn only_what_cannot_be_brought_about_is_told_in_words() {
    let told: Vec<&str> = EXAMPLES
        .iter()
        .filter(|(_, text)| {
            let example = Example::parse(text).expect("it can be read");
            example.wrong.steps.is_none() || example.right.steps.is_none()
        })
        .map(|(id, _)| *id)
        .collect();
    let allowed: Vec<&str> = IN_WORDS.iter().map(|(id, _)| *id).collect();
    assert_eq!(told, allowed, "an example that can be run is run");
}

/// The examples are judged, not waved through: a right half in the place of a wrong one is a fault, and so
/// is the other way round.
#[test]
fn a_half_in_the_wrong_place_is_a_fault() {
    let text = EXAMPLES.iter().find(|(id, _)| *id == "CMD-FAILED");
    let example = Example::parse(text.expect("it is there").1).expect("it can be read");
    let swapped = [(Kind::Wrong, &example.right), (Kind::Right, &example.wrong)];
    for (kind, half) in swapped {
        assert!(fault(&code::CMD_FAILED, kind, half).is_some(), "{kind:?}");
    }
    let of_another = fault(&code::CMD_TIMEOUT, Kind::Wrong, &example.wrong);
    assert!(of_another.expect("a fault").contains("it also gives"));
}

fn explained(repo: &Repo, asked: &str) -> Value {
    let ran = repo
        .guard(&format!("explain {asked}"))
        .args(["--format", "json"])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let report = ran.json();
    assert_eq!(report["command"], "explain");
    assert_eq!(report["verdict"], "passed");
    assert_eq!(report["findings"], json!([]));
    let schema = repo.guard("schema report").run().json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&report), "{report}");
    report["data"].clone()
}

#[test]
fn programs_are_told_the_same_as_people() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "jobs: 2\ncommands: { names: { run: sort -c a } }\n",
    );
    let code = explained(&repo, "cmd_failed");
    assert_eq!(code["code"], "CMD-FAILED");
    assert_eq!(code["severity"], "error");
    for key in ["title", "why", "fix", "silence", "since", "wrong", "right"] {
        assert!(
            code[key].as_str().is_some_and(|text| !text.is_empty()),
            "{key}"
        );
    }
    let all = explained(&repo, "");
    assert_eq!(
        all["codes"].as_array().map(Vec::len),
        Some(Code::every().count())
    );
    let setting = explained(&repo, "config jobs");
    assert_eq!(setting["value"], "2");
    assert_eq!(setting["origin"], "guard.yaml:1");
    assert_eq!(
        explained(&repo, "config")["settings"][0]["key"],
        "on_unknown"
    );
    assert_eq!(explained(&repo, "names")["run"], "sort -c a");
    assert_eq!(explained(&repo, "fix")["codes"][0]["code"], "FIX-APPLIED");
    assert_eq!(explained(&repo, "exit-codes")["exit_codes"][1]["exit"], 1);

    let ran = repo.guard("explain CMD-FAILED --format ndjson").run();
    let lines: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let events: Vec<&Value> = lines.iter().map(|line| &line["event"]).collect();
    assert_eq!(events, ["run-started", "noted", "run-finished"]);
    let told = repo.guard("explain CMD-FAILED").run();
    assert_eq!(lines[1]["message"], told.out.as_str());
}

#[test]
fn a_slip_gets_the_nearest_and_nothing_on_standard_output() {
    let repo = Repo::new();
    repo.write("guard.yaml", "commands: { names: { run: sort -c a } }\n");
    for (asked, meant) in [
        ("CMD-FALED", "`guard explain CMD-FAILED`"),
        ("comit", "`guard explain commit`"),
        ("nmes", "`guard explain names`"),
        ("jobs", "`guard explain config jobs`"),
        ("config jbos", "did you mean `jobs`"),
        ("conifg jobs", "`guard explain config jobs`"),
        ("CMD-FAILED more", "`guard explain CMD-FAILED`"),
        ("nonsense", "`guard explain` lists all codes"),
    ] {
        let ran = repo
            .guard(&format!("explain {asked}"))
            .args(["--format", "json"])
            .run();
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{asked}");
        assert!(ran.err.contains(meant), "{asked}: {}", ran.err);
    }
}

/// A code is explained wherever one stands; a name that only guard.yaml could tell is not denied while
/// that cannot be read.
#[test]
fn codes_need_no_configuration_and_commands_do() {
    let repo = Repo::new();
    repo.write("guard.yaml", "jobs: [\n");
    let code = repo.guard("explain CMD-FAILED").run();
    assert_eq!(code.code, 0, "{}", code.whole());
    let slip = repo.guard("explain CMD-FALED").run();
    assert!(slip.err.contains("did you mean"), "{}", slip.err);
    let command = repo.guard("explain eslint").run();
    assert_eq!(command.code, 2);
    assert!(command.err.contains("guard.yaml:"), "{}", command.err);

    let outside = repo.guard("explain fix").within(repo.home()).run();
    assert_eq!(outside.code, 0, "{}", outside.whole());
    let nothing = repo.guard("explain eslint").within(repo.home()).run();
    assert_eq!(nothing.code, 2);
    assert!(nothing.err.contains("there is no code"), "{}", nothing.err);
}
