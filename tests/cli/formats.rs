//! Every report format from the real binary: what it says, where it goes, and that the exit code is the same.

use std::fs;

use railguard::report::{FORMATS, Format};
use serde_json::Value;

use crate::support::Repo;

/// Every format by its name.
fn names() -> Vec<&'static str> {
    FORMATS.into_iter().map(Format::id).collect()
}

fn configured(commands: &str) -> Repo {
    let repo = Repo::new();
    repo.write("guard.yaml", format!("commands:\n{commands}"))
        .commit("configure");
    repo.write("a.txt", "a\n").stage();
    repo
}

fn passing() -> Repo {
    configured("  fine: { run: 'true {files}', files: ['*.txt'] }\n")
}

fn failing() -> Repo {
    configured(
        "  bad: { run: 'echo \"::error::a<b>\"; exit 3', files: none, reads: files }\n\
         \x20 fine: { run: 'true {files}', files: ['*.txt'] }\n",
    )
}

fn unknown() -> Repo {
    configured("  gone: { run: [no-such-tool-anywhere], files: none, reads: files }\n")
}

fn nothing() -> Repo {
    configured("  md: { run: 'true {files}', files: ['*.md'] }\n")
}

fn run(repo: &Repo, format: &str) -> (i32, String) {
    let ran = repo
        .guard("run pre-commit --no-cache --format")
        .arg(format)
        .run();
    (ran.code, ran.out)
}

fn sarif(repo: &Repo) -> Value {
    let log: Value = serde_json::from_str(&run(repo, "sarif").1).expect("JSON");
    published(&log);
    log["runs"][0].clone()
}

/// Fails for a log that the published schema refuses, where `.ci/run` has put it.
#[cfg(feature = "peer-tests")]
fn published(log: &Value) {
    let schema = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/target/peers/formats/package/lib/schemas/sarif-2.1.0-rtm.5.json"
    );
    let schema = fs::read(schema).expect(".ci/run puts the schema there");
    let schema: Value = serde_json::from_slice(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> = validator
        .iter_errors(log)
        .map(|error| error.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[cfg(not(feature = "peer-tests"))]
fn published(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
}

#[test]
fn the_exit_code_is_the_same_in_every_format() {
    for (repo, code) in [
        (passing(), 0),
        (failing(), 1),
        (unknown(), 3),
        (nothing(), 0),
    ] {
        for format in names() {
            let (ran, out) = run(&repo, format);
            assert_eq!(ran, code, "{format}: {out}");
            assert!(!out.is_empty(), "{format} says something");
        }
    }
}

#[test]
fn what_passes_looks_good_to_every_reader() {
    for repo in [passing(), nothing()] {
        let log = sarif(&repo);
        assert_eq!(log["invocations"][0]["executionSuccessful"], true);
        assert_eq!(log["invocations"][0]["exitCode"], 0);
        assert_eq!(log["results"], Value::Array(Vec::new()));
        assert_eq!(run(&repo, "gitlab").1, "[]\n");
        let junit = run(&repo, "junit").1;
        assert!(junit.contains(r#"failures="0" errors="0""#), "{junit}");
        let github = run(&repo, "github").1;
        assert!(github.starts_with("guard pre-commit: passed"), "{github}");
        let markdown = run(&repo, "markdown").1;
        assert!(
            markdown.starts_with("### ✓ guard pre-commit: passed"),
            "{markdown}"
        );
    }
    assert!(run(&nothing(), "junit").1.contains("<skipped message="));
}

#[test]
fn a_failed_command_leaves_its_trace_everywhere() {
    let repo = failing();
    let log = sarif(&repo);
    assert_eq!(log["results"][0]["ruleId"], "CMD-FAILED");
    assert_eq!(log["results"][0]["level"], "error");
    assert_eq!(log["results"][0].get("locations"), None);
    let rule = &log["tool"]["driver"]["rules"][0];
    assert_eq!(rule["id"], "CMD-FAILED");
    assert_eq!(log["invocations"][0]["exitCode"], 1);
    let junit = run(&repo, "junit").1;
    assert!(
        junit.contains(r#"<failure type="CMD-FAILED" message="exit code 3">"#),
        "{junit}"
    );
    assert!(junit.contains("<system-out>::error::a&lt;b&gt;"), "{junit}");
    let github = run(&repo, "github").1;
    assert!(
        github.starts_with("::error title=bad%3A CMD-FAILED::"),
        "{github}"
    );
    assert!(github.contains("%0A::error::a<b>\n"), "{github}");
    assert_eq!(github.matches("\n::").count(), 0, "one command: {github}");
    let entries: Value = serde_json::from_str(&run(&repo, "gitlab").1).expect("JSON");
    assert_eq!(entries[0]["check_name"], "CMD-FAILED");
    assert_eq!(entries[0]["location"]["path"], "guard.yaml");
    let markdown = run(&repo, "markdown").1;
    for part in [
        "### ✗",
        "| `bad` | ✗ failed |",
        "- `CMD-FAILED`",
        "```text\n",
    ] {
        assert!(markdown.contains(part), "{part} in {markdown}");
    }
}

#[test]
fn what_could_not_be_found_out_is_nowhere_green() {
    let repo = unknown();
    let log = sarif(&repo);
    let invocation = &log["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 3);
    let told = invocation["toolExecutionNotifications"].to_string();
    assert!(told.contains("no-such-tool-anywhere"), "{told}");
    assert!(run(&repo, "junit").1.contains(r#"<error type="unknown""#));
    assert!(
        run(&repo, "github")
            .1
            .starts_with("::error title=gone%3A unknown::")
    );
    assert!(run(&repo, "gitlab").1.contains(r#""severity": "major""#));
    assert!(run(&repo, "markdown").1.starts_with("### ! "));
}

#[test]
fn wrong_usage_leaves_standard_output_empty_in_every_format() {
    let broken = configured("  bad: { runn: 'true' }\n");
    let fine = passing();
    for format in names() {
        for (repo, words) in [
            (&broken, "run pre-commit"),
            (&fine, "run pre-commit --only fin"),
        ] {
            let ran = repo.guard(words).args(["--format", format]).run();
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{format}");
            assert!(!ran.err.is_empty(), "{format}");
        }
    }
    let typo = fine.guard("run pre-commit --format sarfi").run();
    assert_eq!((typo.code, typo.out.as_str()), (2, ""));
    assert!(typo.err.contains("'sarif'"), "{}", typo.err);
}

#[test]
fn a_plan_can_be_read_in_every_format_and_writes_nothing() {
    let repo = failing();
    let page = repo.beside("summary.md");
    for format in names() {
        let ran = repo
            .guard("run ci --all-files --plan --format")
            .arg(format)
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_STEP_SUMMARY", &page)
            .run();
        assert_eq!(ran.code, 0, "{format}: {}", ran.whole());
        assert!(
            format == "gitlab" || ran.out.contains("fine"),
            "{format}: {}",
            ran.out
        );
    }
    assert!(!page.exists());
}

#[test]
fn every_format_can_go_to_a_file() {
    let repo = failing();
    for format in names() {
        let ran = repo
            .guard("run pre-commit --output ../report --format")
            .arg(format)
            .run();
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{format}");
        let text = fs::read_to_string(repo.beside("report")).expect("a report");
        assert!(text.contains("bad"), "{format}: {text}");
    }
}

#[test]
fn the_job_summary_is_appended_and_its_failure_is_only_said() {
    let repo = failing();
    let page = repo.beside("summary.md");
    fs::write(&page, "before\n").expect("a file");
    let call = |format: &str| {
        repo.guard("run ci --all-files --format")
            .arg(format)
            .env("GITHUB_STEP_SUMMARY", &page)
            .run()
    };
    assert_eq!(call("markdown").code, 1);
    assert_eq!(fs::read_to_string(&page).expect("there"), "before\n");
    assert_eq!(call("github").code, 1);
    let text = fs::read_to_string(&page).expect("there");
    assert!(text.starts_with("before\n### ✗ guard ci: failed"), "{text}");

    let ran = passing()
        .guard("run ci --all-files --format github")
        .env("GITHUB_STEP_SUMMARY", repo.beside("no/summary.md"))
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(ran.err.contains("job summary"), "{}", ran.err);
}

#[test]
fn in_github_actions_people_get_annotations_too() {
    let repo = failing();
    let call = |words: &str| repo.guard(words).env("GITHUB_ACTIONS", "true").run();
    let ran = call("run ci --all-files");
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("::error title=bad%3A CMD-FAILED::"),
        "{}",
        ran.err
    );
    assert!(ran.out.contains("error[CMD-FAILED]"), "{}", ran.out);
    for words in [
        "run ci --all-files --format human",
        "run ci --all-files --format junit",
        "run pre-commit",
    ] {
        let ran = call(words);
        assert_eq!(ran.code, 1, "{words}");
        assert!(!ran.err.contains("\n::error title"), "{words}: {}", ran.err);
    }
}

#[test]
fn a_secret_is_in_no_format_escaped_or_not() {
    let secret = "rw<secret>&\"0123,%|`6789";
    let repo = passing();
    let page = repo.beside("summary.md");
    for format in names() {
        let ran = repo
            .guard("run pre-push --format")
            .arg(format)
            .env("RAILWAY_TOKEN", secret)
            .env("GITHUB_STEP_SUMMARY", &page)
            .stdin(format!("{secret} is no update\n"))
            .run();
        let told = format!("{}{}", ran.out, ran.err);
        assert!(told.contains("RAILWAY_TOKEN"), "{format}: {told}");
        for part in ["rw<", "rw&", "rw\\", "0123,", "0123%2C", "6789"] {
            assert!(!told.contains(part), "{format} shows {part}: {told}");
        }
    }
    let text = fs::read_to_string(&page).expect("a summary");
    assert!(
        text.contains("RAILWAY_TOKEN") && !text.contains("6789"),
        "{text}"
    );
}

#[test]
fn a_command_without_events_answers_in_every_format() {
    let repo = passing();
    for format in names() {
        let ran = repo.guard("cache prune --format").arg(format).run();
        assert_eq!(ran.code, 0, "{format}: {}", ran.whole());
        assert!(!ran.out.is_empty(), "{format}");
    }
    let report = repo.guard("cache prune --format json").run().json();
    assert_eq!(report["command"], "cache prune");
    assert_eq!(report["data"]["removed"], 0);
    let lines = repo.guard("cache prune --format ndjson").run().out;
    assert_eq!(lines.lines().count(), 3, "{lines}");
    assert!(lines.contains("removed 0 records"), "{lines}");
}

#[test]
fn help_names_every_format() {
    let help = passing().guard("run --help").run().out;
    for format in FORMATS {
        assert!(help.contains(format.id()), "{help}");
    }
    assert!(help.contains("[default: human]"), "{help}");
    assert!(
        help.lines().all(|line| line.chars().count() <= 80),
        "{help}"
    );
}
