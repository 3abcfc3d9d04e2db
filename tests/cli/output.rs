//! What people and scripts see.

use crate::support::Repo;

fn mixed() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n\
         \x20 bad: { run: 'echo one; echo two >&2; exit 3', files: none, reads: files }\n\
         \x20 fine: { run: 'echo quiet', files: none, reads: files }\n\
         \x20 md: { run: 'true {files}', files: ['*.md'] }\n",
    )
    .commit("configure");
    repo.write("a.txt", "a\n").stage();
    repo
}

fn fine() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  fine: { run: 'true {files}', files: ['*.txt'] }\n",
    )
    .commit("configure");
    repo.write("a.txt", "a\n").stage();
    repo
}

#[test]
fn success_is_one_line() {
    let ran = fine().guard("run pre-commit").run();
    assert_eq!(ran.code, 0);
    assert_eq!(
        format!("{}{}", ran.out, ran.err).lines().count(),
        1,
        "{}",
        ran.whole()
    );
    assert!(ran.out.starts_with('✓'), "{}", ran.out);
    assert_eq!(
        fine().guard("run pre-commit --quiet").run().whole(),
        "exit 0\n--- out\n--- err\n"
    );
}

#[test]
fn a_failure_fits_the_screen_and_80_columns() {
    let ran = mixed().guard("run pre-commit").run();
    assert_eq!(ran.code, 1);
    let whole = ran.whole();
    for wanted in ["bad", "CMD-FAILED", "exit code 3", "one", "two"] {
        assert!(whole.contains(wanted), "{whole}");
    }
    assert!(!whole.contains("quiet"), "what passed is not shown");
    assert!(
        whole.lines().all(|line| line.chars().count() <= 80),
        "{whole}"
    );
    assert!(whole.lines().count() <= 24, "{whole}");
    assert!(!whole.contains('\u{1b}'));
}

#[test]
fn verbose_shows_what_passed_and_who_read() {
    let ran = mixed().guard("run pre-commit -v").run();
    let whole = ran.whole();
    for wanted in ["quiet", "walk", "no matching files"] {
        assert!(whole.contains(wanted), "{wanted} not in\n{whole}");
    }
}

#[test]
fn json_and_ndjson_keep_their_schema() {
    let repo = mixed();
    let schema = repo.guard("schema report").run().json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for flags in [
        "run pre-commit",
        "run pre-commit --plan",
        "run ci --all-files",
        "run pre-commit --only fine",
    ] {
        let ran = repo.guard(&format!("{flags} --format json")).run();
        let report = ran.json();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?} in {report}");
        for key in [
            "version", "guard", "command", "moment", "verdict", "checks", "findings", "data",
            "summary",
        ] {
            assert!(report.get(key).is_some(), "{key}");
        }
    }
    let ran = repo.guard("run pre-commit --format ndjson").run();
    let events: Vec<serde_json::Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    assert_eq!(events.first().expect("events")["event"], "run-started");
    assert_eq!(events.last().expect("events")["event"], "run-finished");
    assert!(
        events
            .iter()
            .all(|event| event["v"] == 1 && event["at"].is_string())
    );
    let finished = events
        .iter()
        .find(|event| event["event"] == "step-finished" && event["id"] == "bad")
        .expect("bad ended");
    assert_eq!(finished["outcome"], "failed");
}

#[test]
fn the_report_can_go_to_a_file_and_to_what_is_none() {
    let repo = fine();
    let ran = repo
        .guard("run pre-commit --format json --output ../report.json")
        .run();
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    let text = std::fs::read_to_string(repo.beside("report.json")).expect("written");
    let report: serde_json::Value = serde_json::from_str(&text).expect("a report");
    assert_eq!(report["verdict"], "passed");
    let ran = repo
        .guard("run pre-commit --format json --output /dev/null")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(
        std::fs::metadata("/dev/null")
            .expect("there")
            .permissions()
            .readonly()
            || !std::fs::metadata("/dev/null").expect("there").is_file()
    );
}

#[test]
fn help_has_examples_first_and_the_exit_codes() {
    let repo = fine();
    let help = repo.guard("--help").run();
    assert_eq!(help.code, 0);
    let examples = help.out.find("Examples:").expect("examples");
    assert!(examples < help.out.find("Usage:").expect("usage"));
    assert!(help.out.contains("Exit codes:") && help.out.contains("143"));
    assert!(
        help.out.lines().all(|line| line.chars().count() <= 80),
        "{}",
        help.out
    );
    let version = repo.guard("--version").run();
    assert!(
        version.out.starts_with("guard (railguard) 0.1.0"),
        "{}",
        version.out
    );
    let typo = repo.guard("instal").run();
    assert_eq!(typo.code, 2);
    assert!(typo.err.contains("install"), "{}", typo.err);
}

#[test]
fn explain_knows_every_code_and_the_nearest() {
    let repo = fine();
    for code in railguard::finding::code::ALL {
        let ran = repo.guard(&format!("explain {}", code.id)).run();
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert!(ran.out.contains(code.title), "{}", ran.out);
    }
    assert!(repo.guard("explain").run().out.contains("CMD-TIMEOUT"));
    let typo = repo.guard("explain CMD-FIALED").run();
    assert_eq!(typo.code, 2);
    assert!(typo.err.contains("CMD-FAILED"), "{}", typo.err);
}
