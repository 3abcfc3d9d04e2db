//! Living with findings: comments, the baseline, what other tools left, and what a change newly allows.

use super::{key, one, secrets, told};
use crate::support::Repo;

#[test]
fn a_comment_allows_with_its_code_and_a_reason_only() {
    let repo = Repo::new();
    for (comment, code) in [
        ("# guard:allow SEC-STRIPE-LIVE made up for the docs", 0),
        ("# guard:allow SEC-STRIPE-LIVE", 1),
        ("# guard:allow SEC-STRIPE-TEST another kind", 1),
        ("# gitleaks:allow", 0),
        ("# pragma: allowlist secret", 0),
    ] {
        repo.write("a.env", format!("KEY={} {comment}\n", key()))
            .stage();
        let ran = secrets(&repo, "--staged");
        assert_eq!(ran.code, code, "{comment}: {}", ran.whole());
        if code == 0 {
            let shown = repo.guard("secrets --staged -v").run().whole();
            assert!(
                shown.contains("a.env:1:5: allowed beside it"),
                "{comment}: {shown}"
            );
        }
    }
    let shown = repo.guard("secrets --staged -v").run().whole();
    assert!(shown.contains("pragma: allowlist secret"), "{shown}");
}

#[test]
fn a_baseline_knows_values_wherever_they_move_and_shows_none() {
    let repo = Repo::new();
    let (old, weak) = (key(), "hunter2-tulip");
    repo.write("a.env", format!("KEY={old}\n"));
    repo.write("b.yml", format!("database:\n  password: {weak}!9\n"))
        .commit("legacy");
    let before = told(&secrets(&repo, ""));
    assert!(!before.is_empty());
    let made = repo.guard("secrets --update-baseline").run();
    assert_eq!(made.code, 0, "{}", made.whole());
    let text = repo.read("guard-baseline.json");
    assert!(!text.contains(&old) && !text.contains(weak), "{text}");
    assert_eq!(secrets(&repo, "").code, 0);
    // Lines move; the baseline does not change when nothing does.
    repo.write("a.env", format!("MORE=1\n\n\nKEY={old}\n"))
        .stage();
    assert_eq!(secrets(&repo, "").code, 0);
    let again = repo.guard("secrets --update-baseline").run();
    assert_eq!(
        (again.code, repo.read("guard-baseline.json")),
        (0, text.clone()),
        "{}",
        again.whole()
    );
    // Another value in the same place is new.
    repo.write("a.env", format!("KEY={}\n", key())).stage();
    assert_eq!(
        told(&secrets(&repo, "")),
        one("SEC-STRIPE-LIVE", "a.env:1:5", "error")
    );
    let ran = secrets(&repo, "--baseline no/such.json");
    assert_eq!(ran.code, 2, "{}", ran.whole());
}

#[test]
fn a_baseline_of_another_version_or_a_broken_one_is_wrong_configuration() {
    let repo = Repo::new();
    repo.write("a.txt", "1\n").commit("first");
    for (text, place) in [
        (
            "{\n  \"version\": 99,\n  \"anything\": 1\n}\n",
            "guard-baseline.json:2:",
        ),
        ("{ \"version\": 1, \"salt\": ", "guard-baseline.json:1:"),
        ("", "guard-baseline.json:1:"),
    ] {
        repo.write("guard-baseline.json", text);
        for call in ["secrets", "run pre-commit --all-files --only secrets"] {
            let ran = repo.guard(call).run();
            assert_eq!((ran.code, &*ran.out), (2, ""), "{}", ran.whole());
            assert!(ran.err.contains(place), "{}", ran.err);
        }
    }
}

#[test]
fn what_gitleaks_and_detect_secrets_left_counts() {
    let repo = Repo::new();
    repo.write("a.env", format!("X=1\nKEY={}\n", key()))
        .commit("first");
    repo.write(".gitleaksignore", "# ours\na.env:some-rule-of-theirs:2\n");
    assert_eq!(secrets(&repo, "").code, 0);
    repo.write(".gitleaksignore", "a.env:some-rule-of-theirs:1\n");
    assert_eq!(secrets(&repo, "").code, 1);
    repo.write(".secrets.baseline", "{ \"results\": 5 }");
    assert_eq!(secrets(&repo, "").code, 2);
}

#[test]
fn what_a_change_newly_allows_is_said_once() {
    let repo = Repo::new();
    repo.write("a.env", format!("KEY={}\n", key()))
        .commit("first");
    repo.write(".gitleaksignore", "a.env:stripe:1\n").stage();
    let call = "run pre-commit --format json --only secrets";
    let ran = repo.guard(call).run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(
        told(&ran),
        one("GATE-LOOSENED", ".gitleaksignore:1:1", "warning")
    );
    repo.commit("ignore it");
    repo.write("b.txt", "1\n").stage();
    assert_eq!(told(&repo.guard(call).run()), Vec::new());
    let line = format!("A={} # guard:allow SEC-STRIPE-LIVE made up\n", key());
    repo.write("c.env", line).stage();
    let told = told(&repo.guard(call).run());
    assert_eq!(told, one("GATE-LOOSENED", "c.env:1:1", "warning"));
}

#[test]
fn the_check_is_tuned_like_any_other() {
    let repo = Repo::new();
    repo.write("fixtures/a.env", format!("KEY={}\n", key()))
        .commit("first");
    let config = |text: &str| {
        repo.write("guard.yaml", text);
        secrets(&repo, "").code
    };
    assert_eq!(
        config("checks: { secrets: { exclude: ['fixtures/**'] } }\n"),
        0
    );
    assert_eq!(
        config("checks: { secrets: { severity: { SEC-STRIPE-LIVE: warning } } }\n"),
        0
    );
    assert_eq!(
        config("checks: { secrets: { severity: { SEC-STRIPE-LIV: warning } } }\n"),
        2
    );
    assert_eq!(config("jobs: 2\n"), 1);
    repo.write("guard.yaml", "checks: { secrets: false }\n");
    let ran = repo.guard("run pre-commit --all-files --format json").run();
    let checks = ran.json()["checks"].as_array().cloned().unwrap_or_default();
    assert!(
        checks.iter().all(|check| check["id"] != "secrets"),
        "{}",
        ran.whole()
    );
}
