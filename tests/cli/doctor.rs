//! `guard doctor`: every state that a line can have, told by the real binary, and nothing written.

mod hooks;
mod railway;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{Ran, Repo};

/// The line of that id.
fn line(ran: &Ran, id: &str) -> Value {
    let report = ran.json();
    let lines = report["data"]["lines"].as_array().expect("lines");
    let found = lines.iter().find(|line| line["id"] == id);
    found
        .unwrap_or_else(|| panic!("no {id} in {}", ran.whole()))
        .clone()
}

/// Its state, after a look at its reason and its fix.
fn says(ran: &Ran, id: &str, state: &str, reason: &str, fix: Option<&str>) {
    let line = line(ran, id);
    assert_eq!(line["state"], state, "{}", ran.whole());
    let said = line["reason"].as_str().expect("a reason");
    assert!(said.contains(reason), "{id}: {said}");
    assert_eq!(line["fix"].as_str(), fix, "{id}: {said}");
}

/// A folder with guard in it, to be put on PATH.
fn bin(repo: &Repo) -> PathBuf {
    let bin = repo.beside("bin");
    fs::create_dir_all(&bin).expect("a folder");
    let _ = fs::remove_file(bin.join("guard"));
    symlink(env!("CARGO_BIN_EXE_guard"), bin.join("guard")).expect("a link");
    bin
}

/// A script in that folder.
fn tool(repo: &Repo, name: &str, text: &str) {
    let file = bin(repo).join(name);
    fs::write(&file, format!("#!/bin/sh\n{text}\n")).expect("a script");
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("a mode");
}

fn path(repo: &Repo) -> String {
    let old = std::env::var("PATH").unwrap_or_default();
    format!("{}:{old}", bin(repo).display())
}

fn doctor(repo: &Repo) -> Ran {
    repo.guard("doctor --format json")
        .env("PATH", path(repo))
        .run()
}

fn healthy() -> Repo {
    let repo = Repo::new();
    tool(&repo, "frob", "echo frob 1.2.3");
    repo.write(
        "guard.yaml",
        "commands:\n  words: { run: 'frob {files}', files: ['*.txt'] }\n",
    )
    .commit("configure")
    .installed();
    repo
}

/// Every file below a folder with all that a write changes.
fn state(folder: &Path) -> BTreeMap<PathBuf, (u64, i64, i64)> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder").flatten() {
            let about = entry.metadata().expect("a file");
            if about.is_dir() {
                folders.push(entry.path());
            }
            let times = (about.len(), about.mtime(), about.mtime_nsec());
            all.insert(entry.path(), times);
        }
    }
    all
}

#[test]
fn a_healthy_repository_is_green_and_stays_as_it_is() {
    let repo = healthy();
    let environment = path(&repo);
    let before = state(&repo.beside(""));
    let ran = repo
        .guard("doctor --format json")
        .env("PATH", environment)
        .run();
    assert_eq!(state(&repo.beside("")), before, "nothing is written");
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let report = ran.json();
    assert_eq!(
        (&report["command"], &report["verdict"]),
        (&"doctor".into(), &"passed".into())
    );
    for (id, reason) in [
        ("guard", env!("CARGO_PKG_VERSION")),
        ("guard-path", "is this one"),
        ("git", "/git"),
        ("reader", "guard's own walk"),
        ("owner", "yours"),
        ("hooks", ".git/hooks"),
        ("hook-pre-commit", "it fires"),
        ("hook-pre-push", "it fires"),
        ("config", "guard.yaml is valid: 1 command"),
        ("variables", "nothing is set"),
        ("tool-words", "frob 1.2.3, "),
        ("clock", "newest commit"),
        ("registry", "registry.sqlite"),
        ("records", "0 records"),
        ("checkouts", "none yet"),
    ] {
        says(&ran, id, "ok", reason, None);
    }
    says(&ran, "railway", "skipped", "no RAILWAY_TOKEN", None);
    let lines = report["data"]["lines"].as_array().expect("lines");
    for line in lines {
        let keys: Vec<&String> = line.as_object().expect("a line").keys().collect();
        assert_eq!(keys, ["fix", "id", "reason", "state"]);
    }
    let ids = |lines: &Value| -> Vec<String> {
        let lines = lines.as_array().expect("a list").iter();
        lines.map(|line| line["id"].to_string()).collect()
    };
    assert_eq!(ids(&report["checks"]), ids(&report["data"]["lines"]));
}

#[test]
fn people_are_told_in_80_columns_and_the_help_says_what_counts() {
    let repo = Repo::new();
    let ran = repo.guard("doctor").run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let hook = "✗ hook-pre-push    no pre-push hook: nothing is judged then\n                   guard install\n";
    assert!(ran.out.contains(hook), "{}", ran.out);
    let last = ran.out.lines().last().expect("a last line");
    assert!(
        last.starts_with("guard doctor: ") && last.contains(" 2 errors, "),
        "{last}"
    );
    let quiet = repo.guard("doctor -q").run();
    assert!(!quiet.out.contains("reader"), "{}", quiet.out);
    assert!(quiet.out.contains("hook-pre-push"), "{}", quiet.out);

    let help = repo.guard("doctor --help").run().out;
    assert!(help.starts_with("Examples:"), "{help}");
    for word in ["unknown", "error", "warning", "skipped"] {
        assert!(help.contains(word), "{help}");
    }
    assert!(
        help.lines().all(|line| line.chars().count() <= 80),
        "{help}"
    );
    assert_eq!(repo.guard("doctor x").run().code, 2);
    let events = repo.guard("doctor --format ndjson").run();
    assert!(
        events
            .out
            .contains("\"id\":\"hook-pre-push\",\"outcome\":\"failed\"")
    );
}

#[test]
fn another_tool_named_guard_is_told() {
    let repo = healthy();
    let first = repo.beside("first");
    fs::create_dir(&first).expect("a folder");
    let foreign = first.join("guard");
    let with = |text: &str| {
        fs::write(&foreign, format!("#!/bin/sh\n{text}\n")).expect("a script");
        fs::set_permissions(&foreign, fs::Permissions::from_mode(0o755)).expect("a mode");
        let path = format!("{}:{}", first.display(), path(&repo));
        repo.guard("doctor --format json").env("PATH", path).run()
    };
    let ran = with("echo 'Guard version 2.18.0'");
    assert_eq!(ran.code, 0, "{}", ran.whole());
    says(
        &ran,
        "guard-path",
        "warning",
        "foreign tool of the same name: [FOLDER]/first/guard (Guard version 2.18.0)",
        line(&ran, "guard-path")["fix"]
            .as_str()
            .filter(|fix| fix.starts_with("export PATH=")),
    );
    says(&ran, "hook-pre-push", "ok", "it fires", None);
    let ran = with("exec sleep 60");
    assert!(
        line(&ran, "guard-path")["reason"]
            .to_string()
            .contains("does not say what it is")
    );
    let ran = with("echo 'guard (railguard) 0.0.1'");
    assert!(
        line(&ran, "guard-path")["reason"]
            .to_string()
            .contains("another one")
    );
}

#[test]
fn a_configuration_that_is_wrong_is_an_error_with_its_place() {
    let repo = healthy();
    repo.write("guard.yaml", "commands:\n  words: { rum: x }\njops: 3\n");
    let ran = doctor(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let fix = Some("guard run pre-commit --plan");
    says(&ran, "config", "error", "guard.yaml:2:12: ", fix);
    says(&ran, "config", "error", "guard.yaml:3:1: ", fix);
    says(&ran, "tools", "skipped", "not valid", None);

    repo.write("guard.yaml", "");
    repo.write("guard.local.yaml", "jobs: 2\n");
    let ran = repo
        .guard("doctor --format json")
        .env("GUARD_JOBS", "3")
        .env("GUARD_COLOUR_OF_IT", "hush-hush-value")
        .run();
    says(
        &ran,
        "config",
        "ok",
        "on top of it guard.local.yaml, GUARD_JOBS",
        None,
    );
    says(&ran, "variables", "warning", "GUARD_COLOUR_OF_IT", None);
    assert!(!ran.whole().contains("hush-hush-value"), "{}", ran.whole());
    let off = repo.guard("doctor --format json").env("GUARD", "0").run();
    says(&off, "variables", "warning", "GUARD=0", Some("unset GUARD"));

    fs::remove_file(repo.path.join("guard.yaml")).expect("a file");
    says(
        &doctor(&repo),
        "config",
        "warning",
        "no guard.yaml",
        Some("guard init"),
    );
}

#[test]
fn tools_are_found_missing_or_silent_and_own_scripts_are_not_run() {
    let repo = healthy();
    tool(&repo, "mute", "exit 3");
    tool(
        &repo,
        "spy",
        "echo spy 1.0; env >&2; test -z \"$RAILWAY_API_TOKEN\" || echo leak >>\"$HOME/../log\"",
    );
    repo.script("check.sh", "#!/bin/sh\necho ran >>../log\n");
    repo.write(
        "guard.yaml",
        "commands:\n  a: { run: 'frobnicate {files}' }\n  b: { run: 'cd . && mute {files}' }\n  \
         c: { run: './check.sh {files}' }\n  d: { run: [spy, '{files}'] }\n  \
         e: { run: 'npx eslint {files}' }\n  f: { run: 'black {files}' }\n",
    );
    tool(&repo, "npx", "echo 10.0.0");
    // Only what the test puts there.
    let git = repo.beside("git");
    fs::create_dir(&git).expect("a folder");
    for program in ["git", "sh", "env", "sleep"] {
        let found = std::env::split_paths(&std::env::var_os("PATH").expect("PATH"))
            .map(|folder| folder.join(program))
            .find(|path| path.is_file())
            .expect("it is installed");
        symlink(found, git.join(program)).expect("a link");
    }
    let ran = repo
        .guard("doctor --format json")
        .env(
            "PATH",
            format!("{}:{}", bin(&repo).display(), git.display()),
        )
        .env("RAILWAY_API_TOKEN", "hush-hush-token")
        .env("GUARD_RAILWAY_URL", "http://127.0.0.1:1/")
        .run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    says(
        &ran,
        "tool-a",
        "error",
        "`frobnicate` was not found: install",
        None,
    );
    says(
        &ran,
        "tool-b",
        "ok",
        "mute, [FOLDER]/bin/mute; it says no version",
        None,
    );
    says(
        &ran,
        "tool-c",
        "ok",
        "check.sh, of this repository; not run",
        None,
    );
    says(&ran, "tool-d", "ok", "spy 1.0", None);
    let fix = Some("npm install --save-dev eslint");
    says(&ran, "tool-e", "error", "`eslint` was not found", fix);
    says(
        &ran,
        "tool-f",
        "error",
        "`black` was not found",
        Some("pip install black"),
    );
    assert_eq!(repo.logged(), "", "no secret leaked, and no script ran");
}

#[test]
fn outside_a_repository_the_rest_is_told() {
    let repo = Repo::new();
    let outside = repo.beside("outside");
    fs::create_dir(&outside).expect("a folder");
    let ran = repo
        .guard("doctor --format json")
        .within(&outside)
        .env("GIT_CEILING_DIRECTORIES", repo.beside(""))
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    for id in [
        "reader",
        "owner",
        "hooks",
        "config",
        "tools",
        "railway-files",
        "registry",
        "records",
        "checkouts",
    ] {
        says(&ran, id, "skipped", "not in a git repository", None);
    }
    for id in ["guard", "git", "variables"] {
        says(&ran, id, "ok", "", None);
    }
    let root = repo.guard("doctor --format json").within("/").run();
    assert_eq!(root.code, 0, "{}", root.whole());
}

#[test]
fn a_repository_of_somebody_else_is_told_with_the_command_that_trusts_it() {
    let repo = healthy();
    // Only root can give files away; elsewhere there is nothing to try this with.
    let given = Command::new("chown")
        .args(["-R", "12345:12345"])
        .arg(&repo.path)
        .output();
    if !given.is_ok_and(|given| given.status.success()) {
        return;
    }
    let ran = doctor(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let fix = "git config --global --add safe.directory [FOLDER]/repo";
    says(&ran, "owner", "error", "another user owns", Some(fix));
    says(&ran, "records", "skipped", "does not trust", None);
}

#[test]
fn records_that_are_damaged_or_cannot_be_written() {
    let repo = healthy();
    repo.write(
        "guard.yaml",
        "commands:\n  words: { run: 'frob {files}', files: ['*.txt'], cache: true }\n",
    );
    repo.write("a.txt", "a\n").stage();
    let ran = repo.guard("run pre-commit").env("PATH", path(&repo)).run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let records = repo.path.join(".git/guard/records");
    let found = state(&records);
    assert!(!found.is_empty(), "something was recorded");
    says(&doctor(&repo), "records", "ok", "record", None);
    for (path, (size, ..)) in found {
        if path.is_file() && size > 0 {
            fs::write(path, "damaged").expect("a record");
        }
    }
    says(
        &doctor(&repo),
        "records",
        "warning",
        "damaged",
        Some("guard cache prune"),
    );

    fs::set_permissions(&records, fs::Permissions::from_mode(0o555)).expect("a mode");
    // Nothing is read-only for root.
    if fs::write(records.join("probe"), "").is_err() {
        says(
            &doctor(&repo),
            "records",
            "warning",
            "cannot be written",
            None,
        );
    }
    fs::set_permissions(&records, fs::Permissions::from_mode(0o755)).expect("a mode");
    fs::remove_dir_all(&records).expect("a folder");
    fs::write(&records, "").expect("a file");
    let ran = doctor(&repo);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    says(&ran, "records", "warning", "is not a folder", None);
}

#[test]
fn a_tracked_file_with_tokens_is_an_error() {
    let repo = healthy();
    repo.write(".env.guard", "RAILWAY_TOKEN=hush-hush-token\n")
        .commit("a mistake");
    let ran = doctor(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    says(
        &ran,
        "variables",
        "error",
        ".env.guard is tracked",
        Some("git rm --cached .env.guard"),
    );
    says(&ran, "railway", "skipped", "no RAILWAY_TOKEN", None);
    assert!(!ran.whole().contains("hush-hush-token"), "{}", ran.whole());
}

#[test]
fn a_registry_s_address_is_judged_and_its_password_never_shown() {
    let repo = healthy();
    for (url, state) in [
        ("postgres://guard:hush-hush@db.test/guard", "ok"),
        ("mysql://guard:hush-hush@db.test/guard", "error"),
    ] {
        let ran = repo
            .guard("doctor --format json")
            .env("GUARD_REGISTRY_URL", url)
            .run();
        assert_eq!(line(&ran, "registry")["state"], state, "{}", ran.whole());
        assert!(!ran.whole().contains("hush-hush"), "{}", ran.whole());
    }
}

#[test]
fn a_command_called_like_a_known_tool_has_a_line_of_its_own() {
    let repo = healthy();
    tool(&repo, "ruff", "echo ruff 0.9.1");
    repo.write("ruff.toml", "")
        .write("a.py", "")
        .write(
            "guard.yaml",
            "commands:\n  ruff: { run: 'ruff check {files}' }\n",
        )
        .stage();
    let ran = doctor(&repo);
    let lines = ran.json()["data"]["lines"].clone();
    let ids: Vec<&str> = lines
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|line| line["id"].as_str())
        .filter(|id| id.contains("ruff"))
        .collect();
    assert_eq!(ids, ["tool-ruff", "tool-lint-ruff"], "{lines}");
}
