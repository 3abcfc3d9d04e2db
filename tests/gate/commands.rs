//! The team's commands: what they see, how they end, in which order.

use std::time::{Duration, Instant};

use crate::support::{Ran, Repo};

/// A repository with this configuration, and `a.txt` staged.
fn staged(config: &str) -> Repo {
    let repo = Repo::new();
    repo.write("guard.yaml", config).commit("configure");
    repo.write("a.txt", "a\n").stage();
    repo
}

fn judged(repo: &Repo) -> Ran {
    repo.guard("run pre-commit --format json").run()
}

fn outcome(ran: &Ran, id: &str) -> (String, String) {
    let report = ran.json();
    let check = report["checks"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|check| check["id"] == id)
        .unwrap_or_else(|| panic!("no {id} in {report}"))
        .clone();
    (
        check["outcome"].as_str().unwrap_or_default().to_owned(),
        check["reason"].as_str().unwrap_or_default().to_owned(),
    )
}

/// Case 35.
#[test]
fn children_see_neither_gits_location_nor_guards_secrets() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n\
         \x20 plain: { run: 'env > ../plain', files: none, reads: files, env: { MINE: yes-mine } }\n\
         \x20 given: { run: 'env > ../given', files: none, reads: files, pass_env: [GITHUB_TOKEN] }\n",
    )
    .commit("configure");
    repo.installed();
    repo.write("a.txt", "a\n").stage();
    let commit = repo
        .git_command(&["commit", "-q", "-a", "-m", "a"])
        .env("GITHUB_TOKEN", "ghs_abcdefgh12345")
        .env("RAILWAY_TOKEN", "rw-12345678")
        .env("SLACK_WEBHOOK_URL", "https://hooks.example.test/x")
        .env("GIT_SSH_COMMAND", "ssh -v")
        .output()
        .expect("git runs");
    assert!(
        commit.status.success(),
        "{}",
        String::from_utf8_lossy(&commit.stderr)
    );
    let plain = std::fs::read_to_string(repo.beside("plain")).expect("written");
    for name in [
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_WORK_TREE",
        "GIT_PREFIX",
        "GIT_OBJECT_DIRECTORY",
        "GITHUB_TOKEN",
        "RAILWAY_TOKEN",
        "SLACK_WEBHOOK_URL",
    ] {
        assert!(
            !plain
                .lines()
                .any(|line| line.starts_with(&format!("{name}="))),
            "{name} in\n{plain}"
        );
    }
    for kept in [
        "MINE=yes-mine",
        "GIT_SSH_COMMAND=ssh -v",
        "GIT_AUTHOR_NAME=author",
    ] {
        assert!(
            plain.lines().any(|line| line == kept),
            "{kept} not in\n{plain}"
        );
    }
    let given = std::fs::read_to_string(repo.beside("given")).expect("written");
    assert!(given.contains("GITHUB_TOKEN=ghs_abcdefgh12345"));
    assert!(
        !given.contains("MINE="),
        "one command's variables are not another's"
    );
    assert!(!given.contains("RAILWAY_TOKEN"));
}

#[test]
fn what_a_command_prints_passes_the_filter() {
    let repo = staged(
        "commands:\n  leak: { run: 'echo token=$GITHUB_TOKEN; exit 1', files: none, reads: files, pass_env: [GITHUB_TOKEN] }\n",
    );
    for format in ["human", "json", "ndjson"] {
        let ran = repo
            .guard("run pre-commit -v --format")
            .arg(format)
            .env("GITHUB_TOKEN", "ghs_abcdefgh12345")
            .run();
        assert_eq!(ran.code, 1);
        assert!(
            !ran.whole().contains("ghs_abcdefgh12345"),
            "{}",
            ran.whole()
        );
    }
}

/// Case 38.
#[test]
fn a_timeout_kills_the_tree_and_says_how_long() {
    let repo = staged(
        "commands:\n\
         \x20 slow: { run: 'sleep 60 & echo $! > ../pid; wait', files: none, reads: files, timeout: 300ms }\n\
         \x20 timely: { run: 'true', files: none, reads: files, timeout: 60s }\n",
    );
    let start = Instant::now();
    let ran = judged(&repo);
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(ran.code, 1);
    assert_eq!(
        outcome(&ran, "slow"),
        ("failed".into(), "timed out after 300ms".into())
    );
    assert_eq!(outcome(&ran, "timely").0, "passed");
    assert_eq!(ran.json()["findings"][0]["code"], "CMD-TIMEOUT");
    let pid = std::fs::read_to_string(repo.beside("pid")).expect("written");
    assert!(!std::path::Path::new(&format!("/proc/{}", pid.trim())).exists());
}

/// Case 39: all peers hang here.
#[test]
fn a_background_child_that_holds_the_output_does_not_hang_guard() {
    let repo = staged(
        "commands:\n  back: { run: 'sleep 20 & echo $! > ../pid; echo done', files: none, reads: files }\n",
    );
    let start = Instant::now();
    let ran = judged(&repo);
    let took = start.elapsed();
    let pid = std::fs::read_to_string(repo.beside("pid")).expect("written");
    let _ = std::process::Command::new("kill").arg(pid.trim()).status();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(took < Duration::from_secs(5), "{took:?}");
}

/// Case 40.
#[test]
fn a_command_that_reads_gets_the_end_of_file() {
    let repo = staged(
        "commands:\n  read: { run: 'cat; read x; test -z \"$x\"', files: none, reads: files, timeout: 20s }\n",
    );
    let ran = repo
        .guard("run pre-commit --format json")
        .stdin("not for you\n")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
}

/// Case 41.
#[test]
fn output_is_contiguous_in_order_and_without_control_sequences() {
    let noisy = |letter: &str| {
        format!(
            "'for i in 1 2 3 4 5 6 7 8 9; do echo {letter}$i; echo {letter}e$i >&2; done; printf \"\\033[31m{letter}red\\033[0m\\n\"; exit 1'"
        )
    };
    let repo = staged(&format!(
        "commands:\n  x: {{ run: {}, files: none, reads: files }}\n  y: {{ run: {}, files: none, reads: files }}\n",
        noisy("x"),
        noisy("y"),
    ));
    let ran = repo.guard("run pre-commit").run();
    assert_eq!(ran.code, 1);
    let whole = ran.whole();
    assert!(!whole.contains('\u{1b}'), "{whole}");
    for letter in ["x", "y"] {
        let wanted: Vec<String> = (1..=9)
            .flat_map(|i| [format!("{letter}{i}"), format!("{letter}e{i}")])
            .collect();
        let wanted = wanted.join("\n");
        let bare: Vec<&str> = whole.lines().map(str::trim).collect();
        let bare = bare.join("\n");
        assert!(bare.contains(&wanted), "{letter} is torn:\n{whole}");
    }
}

#[test]
fn a_command_that_cannot_be_run_is_unknown_and_never_green() {
    let repo = staged(
        "commands:\n  gone: { run: [no-such-tool-anywhere, --check], files: none, reads: files }\n",
    );
    let ran = judged(&repo);
    assert_eq!(ran.code, 3, "{}", ran.whole());
    assert_eq!(ran.json()["verdict"], "unknown");
    assert!(outcome(&ran, "gone").1.contains("no-such-tool-anywhere"));
    let shell = staged(
        "commands:\n  gone: { run: 'no-such-tool-anywhere --check', files: none, reads: files }\n",
    );
    assert_eq!(judged(&shell).code, 3);
}

#[test]
fn on_unknown_warn_lets_a_hook_pass_and_says_so_but_never_ci() {
    let repo = staged(
        "on_unknown: warn\ncommands:\n  gone: { run: [no-such-tool-anywhere], files: none, reads: files }\n",
    );
    let ran = judged(&repo);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(ran.json()["verdict"], "passed");
    assert_eq!(outcome(&ran, "gone").0, "unknown");
    let human = repo.guard("run pre-commit").run();
    assert_eq!(human.code, 0);
    assert!(human.err.contains("gone"), "{}", human.whole());
    assert_eq!(repo.guard("run ci --all-files").run().code, 3);
}

#[test]
fn needs_give_the_order_and_a_failed_need_skips() {
    let repo = staged(
        "commands:\n\
         \x20 third: { run: 'echo third >> ../log', files: none, reads: files, needs: [second] }\n\
         \x20 second: { run: 'echo second >> ../log', files: none, reads: files, needs: [first] }\n\
         \x20 first: { run: 'echo first >> ../log', files: none, reads: files }\n\
         \x20 bad: { run: 'exit 1', files: none, reads: files }\n\
         \x20 after-bad: { run: 'echo never >> ../log', files: none, reads: files, needs: [bad] }\n",
    );
    let ran = judged(&repo);
    assert_eq!(ran.code, 1);
    assert_eq!(repo.logged(), "first\nsecond\nthird\n");
    let (word, reason) = outcome(&ran, "after-bad");
    assert_eq!(word, "skipped");
    assert!(reason.contains("bad"), "{reason}");
}

#[test]
fn commands_run_beside_one_another() {
    // Each waits for the other's sign of life: run one after the other, both would time out.
    let wait = |mine: &str, theirs: &str| {
        format!("'touch ../{mine}; while ! test -e ../{theirs}; do sleep 0.01; done'")
    };
    let repo = staged(&format!(
        "jobs: 2\ncommands:\n  x: {{ run: {}, files: none, reads: files, timeout: 20s }}\n  y: {{ run: {}, files: none, reads: files, timeout: 20s }}\n",
        wait("x", "y"),
        wait("y", "x"),
    ));
    assert_eq!(judged(&repo).code, 0);
}

/// Case 43.
#[test]
fn filters_are_said_and_a_wrong_name_has_its_nearest() {
    let repo = staged(
        "commands:\n\
         \x20 eslint: { run: 'echo eslint >> ../log', files: none, reads: files }\n\
         \x20 tsc: { run: 'echo tsc >> ../log', files: none, reads: files }\n",
    );
    assert_eq!(repo.guard("run pre-commit --only eslint").run().code, 0);
    assert_eq!(repo.take_log(), "eslint\n");
    let skipped = repo
        .guard("run pre-commit --skip eslint --format json")
        .run();
    assert_eq!(
        outcome(&skipped, "eslint"),
        ("skipped".into(), "--skip".into())
    );
    assert_eq!(repo.take_log(), "tsc\n");
    let skipped = repo
        .guard("run pre-commit --format json")
        .env("GUARD_SKIP", "tsc")
        .run();
    assert_eq!(
        outcome(&skipped, "tsc"),
        ("skipped".into(), "GUARD_SKIP".into())
    );
    assert_eq!(repo.take_log(), "eslint\n");
    for flag in ["--only", "--skip"] {
        let ran = repo.guard("run pre-commit").arg(flag).arg("eslnit").run();
        assert_eq!(ran.code, 2, "{}", ran.whole());
        assert!(
            ran.err.contains("eslnit") && ran.err.contains("eslint"),
            "{}",
            ran.err
        );
        assert_eq!(ran.out, "");
    }
}

/// Case 45.
#[test]
fn a_check_only_command_that_changes_a_file_fails_by_name() {
    let repo = staged(
        "commands:\n  fmt: { run: 'for f in {files}; do echo more >> \"$f\"; done', files: ['*.txt'] }\n",
    );
    repo.write("dirty.md", "before\n");
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let findings = ran.json()["findings"].clone();
    assert_eq!(findings[0]["code"], "CMD-CHANGED-FILE");
    assert_eq!(findings[0]["path"], "a.txt");
    assert_eq!(findings.as_array().map(Vec::len), Some(1), "{findings}");
}

#[test]
fn a_command_that_reads_the_project_notices_what_it_changed() {
    let repo = staged("commands:\n  pack: { run: 'echo more >> other.txt', files: none }\n");
    repo.write("other.txt", "o\n").commit("other");
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(ran.json()["findings"][0]["path"], "other.txt");
}

#[test]
fn reads_project_runs_in_place_only_when_the_whole_project_agrees() {
    let repo = Repo::new();
    let config = format!(
        "commands:\n  pack: {{ run: '(pwd; cat b.txt; ls) >> {}', files: ['*.txt'], root: app }}\n",
        repo.beside("log").display()
    );
    let in_place = format!("{}/app\n", repo.path.display());
    repo.write("guard.yaml", config)
        .write(".gitignore", "ignored/\n")
        .write("app/b.txt", "b\n")
        .write("elsewhere.txt", "e\n")
        .commit("base");
    repo.write("app/a.txt", "a\n").stage();
    // What lies outside its root, and what is ignored, is no matter.
    repo.write("elsewhere.txt", "dirty\n")
        .write("app/ignored/x.txt", "x\n");
    assert_eq!(judged(&repo).code, 0);
    let log = repo.take_log();
    assert_eq!(log, format!("{in_place}b\na.txt\nb.txt\nignored\n"));

    repo.write("app/b.txt", "dirty\n");
    let ran = judged(&repo);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let log = repo.take_log();
    assert!(log.ends_with("/app\nb\na.txt\nb.txt\n"), "{log}");
    assert!(!log.starts_with(&in_place), "{log}");
    repo.write("app/b.txt", "b\n")
        .write("app/untracked.txt", "u\n");
    assert_eq!(judged(&repo).code, 0);
    let log = repo.take_log();
    assert!(log.ends_with("/app\nb\na.txt\nb.txt\n"), "{log}");
}

#[test]
fn inputs_must_agree_too() {
    let repo = Repo::new();
    repo.write("lint.json", "{}\n")
        .write(
            "guard.yaml",
            "commands:\n  eslint: { run: '! grep loose lint.json; true {files}', files: ['*.txt'], inputs: [lint.json], cache: false }\n",
        )
        .commit("base");
    repo.write("a.txt", "a\n").stage();
    assert_eq!(judged(&repo).code, 0);
    // Only in the work tree: what is judged is what is staged.
    repo.write("lint.json", "{\"loose\":true}\n");
    assert_eq!(judged(&repo).code, 0);
    let plan = repo.guard("run pre-commit --plan").run().out;
    assert!(plan.contains("lint.json"), "{plan}");
}

/// Case 46.
#[test]
fn paths_are_relative_to_the_commands_root_wherever_guard_is_called() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  log: { run: 'pwd >> ../../../log; printf \"%s\\n\" {files} >> ../../../log', files: ['src/*.ts'], exclude: ['src/skip.ts'], root: apps/web }\n",
    )
    .commit("configure");
    repo.write("apps/web/src/a.ts", "a\n")
        .write("apps/web/src/skip.ts", "s\n")
        .write("apps/api/src/b.ts", "b\n")
        .write("src/c.ts", "c\n")
        .stage();
    let wanted = format!("{}/apps/web\nsrc/a.ts\n", repo.path.display());
    let ran = repo
        .guard("run pre-commit")
        .within(repo.path.join("apps/api/src"))
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.take_log(), wanted);
    let elsewhere = repo
        .guard("-C")
        .arg(&repo.path)
        .args(["run", "pre-commit"])
        .within("/")
        .run();
    assert_eq!(elsewhere.code, 0, "{}", elsewhere.whole());
    assert_eq!(repo.take_log(), wanted);
    repo.installed();
    let commit = repo
        .git_command(&["commit", "-q", "-m", "from below"])
        .current_dir(repo.path.join("apps/api"))
        .output()
        .expect("git runs");
    assert!(
        commit.status.success(),
        "{}",
        String::from_utf8_lossy(&commit.stderr)
    );
    assert_eq!(repo.take_log(), wanted);
}

#[test]
fn nothing_that_matches_is_passed_with_the_reason() {
    let repo = staged("commands:\n  md: { run: 'true {files}', files: ['*.md'] }\n");
    let ran = judged(&repo);
    assert_eq!(ran.code, 0);
    assert_eq!(ran.json()["verdict"], "passed");
    assert_eq!(
        outcome(&ran, "md"),
        ("skipped".into(), "no matching files".into())
    );
}

#[test]
fn a_plan_runs_nothing_and_writes_nothing() {
    let repo = staged(
        "commands:\n\
         \x20 eslint: { run: 'echo ran >> ../log; true {files}', files: ['*.txt'] }\n\
         \x20 md: { run: 'true {files}', files: ['*.md'], needs: [eslint] }\n",
    );
    let before = repo.status();
    let ran = repo
        .guard("run pre-commit --plan --format json --skip md")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let steps = ran.json()["data"]["steps"].clone();
    assert_eq!(steps[1]["id"], "eslint");
    assert_eq!(steps[1]["will"], "run");
    assert_eq!(steps[2]["will"], "skip");
    assert_eq!(steps[2]["reason"], "--skip");
    assert_eq!(steps[2]["needs"][0], "eslint");
    assert_eq!(repo.logged(), "");
    assert_eq!(repo.status(), before);
    assert!(!repo.has(".git/guard"), "a plan records nothing");
}

#[test]
fn guard_0_is_off_and_says_so() {
    let repo = staged("commands:\n  no: { run: 'exit 1', files: none, reads: files }\n");
    let ran = repo.guard("run pre-commit").env("GUARD", "0").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(ran.err.contains("GUARD=0"), "{}", ran.whole());
}

#[test]
fn bypasses_are_shown_at_the_next_push_and_then_forgotten() {
    let repo = staged("commands:\n  fine: { run: 'true', files: none, reads: files }\n");
    repo.remote("origin");
    repo.installed();
    let commit = repo
        .git_command(&["commit", "-q", "-m", "a"])
        .env("GUARD", "0")
        .output()
        .expect("git runs");
    assert!(commit.status.success());
    assert_eq!(repo.guard("run pre-commit --skip fine").run().code, 0);
    let push = repo.try_git(&["push", "origin", "main"]);
    let said = String::from_utf8_lossy(&[push.stdout, push.stderr].concat()).into_owned();
    assert!(
        push.status.success() && said.contains("GUARD=0") && said.contains("--skip"),
        "{said}"
    );
    let again = repo.try_git(&["push", "origin", "main:again"]);
    let said = String::from_utf8_lossy(&[again.stdout, again.stderr].concat()).into_owned();
    assert!(
        again.status.success() && !said.contains("GUARD=0"),
        "{said}"
    );
}
