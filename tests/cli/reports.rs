//! Commands that judge nothing report in every format too.

use serde_json::Value;

use crate::support::{Ran, Repo};

fn events(ran: &Ran) -> Vec<Value> {
    let lines = ran.out.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect()
}

#[test]
fn install_and_uninstall_report_what_they_did() {
    let repo = Repo::new();
    let ran = repo.guard("install --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let report = ran.json();
    assert_eq!(report["command"], "install");
    assert_eq!(report["verdict"], "passed");
    assert_eq!(report["checks"][1]["id"], "pre-push");
    assert_eq!(report["checks"][1]["outcome"], "passed");
    assert_eq!(report["data"]["hooks"][0]["name"], "pre-commit");
    assert_eq!(report["data"]["hooks"][0]["fires"], "yes");
    let ran = repo.guard("install --format ndjson").run();
    let events = events(&ran);
    assert_eq!(events[0]["event"], "run-started");
    assert_eq!(events.last().expect("an end")["event"], "run-finished");
    let ran = repo.guard("uninstall --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(ran.json()["command"], "uninstall");
    let hooks = ran.json()["data"]["hooks"].clone();
    assert_eq!(hooks.as_array().map(Vec::len), Some(2), "{hooks}");
    assert!(!repo.has(".git/hooks/pre-push"));
}

/// A refusal has its own verdict; wrong usage has no report at all.
#[test]
fn a_refusal_is_reported_and_wrong_usage_is_not() {
    let repo = Repo::new();
    let outside = repo.beside("hooks");
    std::fs::create_dir(&outside).expect("a folder");
    repo.git(&["config", "core.hooksPath", outside.to_str().expect("text")]);
    let ran = repo.guard("install --format json").run();
    assert_eq!(ran.code, 6, "{}", ran.whole());
    assert_eq!(ran.json()["verdict"], "refused");
    assert!(!ran.err.is_empty());
    let none = repo
        .guard("install --format json")
        .within(repo.home())
        .run();
    assert_eq!(none.code, 2, "{}", none.whole());
    assert_eq!(none.out, "");
}

#[test]
fn cache_prune_reports_in_lines_too() {
    let repo = Repo::new();
    let ran = repo.guard("cache prune --format ndjson").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let events = events(&ran);
    let names: Vec<&Value> = events.iter().map(|event| &event["event"]).collect();
    assert_eq!(names, ["run-started", "noted", "run-finished"]);
    assert_eq!(
        events[1]["message"],
        "removed 0 records (0 B) and 0 checkouts; 0 stay (0 B)"
    );
    let report = repo.guard("cache prune --format json").run().json();
    assert_eq!(report["data"]["removed"], 0);
    assert_eq!(report["summary"]["errors"], 0);
}
