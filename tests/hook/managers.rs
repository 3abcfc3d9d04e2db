//! The other hook managers, for real: guard joins them by one line, fires through them, and leaves no trace.
//!
//! Needs husky, lefthook, pre-commit and prek on PATH; `.ci/run` installs them.

use std::process::Command;

use super::install::with_guard_on_path;
use crate::support::Repo;

const CONFIG: &str = "commands:\n\
    \x20 commit: { run: 'printf \"guard %s\\n\" {files} >> \"$HOME/log\"', files: ['*.txt'], at: [commit] }\n\
    \x20 push: { run: 'printf \"pushed %s\\n\" {files} >> \"$HOME/log\"', files: ['*.txt'], at: [push] }\n";

/// A repository with a remote that has its first commit.
fn pushed() -> Repo {
    let repo = Repo::new();
    repo.remote("origin");
    repo.write("guard.yaml", CONFIG)
        .write("package.json", "{\"name\":\"x\",\"private\":true}\n")
        .write("m0.md", "m0\n")
        .commit("m0");
    repo.git(&["push", "-q", "origin", "main"]);
    repo
}

/// Runs a manager's own command in the repository.
fn manager(repo: &Repo, words: &[&str]) {
    let mut command = repo.git_command(&[]);
    let environment: Vec<_> = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect();
    command = Command::new(words[0]);
    let output = command
        .args(&words[1..])
        .current_dir(&repo.path)
        .env_clear()
        .envs(environment)
        .output()
        .unwrap_or_else(|error| panic!("{} must be on PATH: {error}", words[0]));
    assert!(
        output.status.success(),
        "{words:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn log(repo: &Repo) -> Vec<String> {
    let text = std::fs::read_to_string(repo.home().join("log")).unwrap_or_default();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn git(repo: &Repo, args: &[&str]) {
    let output = repo
        .git_command(args)
        .env("PATH", with_guard_on_path())
        .output()
        .expect("git runs");
    assert!(
        output.status.success(),
        "git {args:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Installs guard beside the manager, commits and pushes, takes guard out again.
fn get_on(repo: &Repo, file: &str) {
    let before = repo.has(file).then(|| repo.read(file));
    let ran = repo
        .guard("install")
        .env("PATH", with_guard_on_path())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let joined = repo.read(file);
    assert_ne!(Some(&joined), before.as_ref(), "{}", ran.whole());
    assert!(!joined.contains(env!("CARGO_BIN_EXE_guard")), "{joined}");
    assert_eq!(log(repo), [""; 0], "the proof ran somebody's jobs");
    repo.commit("guard");

    repo.write("n1.txt", "n1\n").stage();
    git(repo, &["commit", "-q", "-m", "n1"]);
    assert_eq!(log(repo), ["guard n1.txt", "theirs"]);
    git(repo, &["push", "-q", "origin", "main"]);
    assert_eq!(log(repo), ["guard n1.txt", "pushed n1.txt", "theirs"]);

    let again = repo
        .guard("install")
        .env("PATH", with_guard_on_path())
        .run();
    assert_eq!(again.code, 0, "{}", again.whole());
    assert_eq!(repo.read(file), joined, "a second install changes nothing");
    assert_eq!(repo.guard("uninstall").run().code, 0);
    assert_eq!(repo.has(file).then(|| repo.read(file)), before);
}

#[test]
fn husky() {
    let repo = pushed();
    manager(&repo, &["husky"]);
    repo.write(".husky/pre-commit", "echo theirs >> \"$HOME/log\"\n")
        .commit("husky");
    get_on(&repo, ".husky/pre-commit");
}

/// husky runs its files with a shell: they need no executable bit, and doctor must not ask for one.
#[test]
fn a_hook_of_huskys_is_fine_as_it_is() {
    let repo = pushed();
    manager(&repo, &["husky"]);
    repo.write(".husky/pre-commit", "echo theirs >> \"$HOME/log\"\n")
        .write(".husky/pre-push", "echo theirs >> \"$HOME/log\"\n")
        .commit("husky");
    let on_path = |args| repo.guard(args).env("PATH", with_guard_on_path()).run();
    let installed = on_path("install");
    assert_eq!(installed.code, 0, "{}", installed.whole());
    let told = on_path("doctor --format json").json();
    let lines = told["data"]["lines"].as_array().expect("lines");
    for id in ["hook-pre-commit", "hook-pre-push"] {
        let line = lines.iter().find(|line| line["id"] == id).expect("a line");
        assert_eq!(line["state"], "ok", "{line}");
    }
}

#[test]
fn lefthook() {
    for text in [
        "pre-commit:\n  commands:\n    theirs:\n      run: echo theirs >> \"$HOME/log\"\n",
        "# ours\npre-commit:\n  parallel: true\n  jobs:\n    - name: theirs\n      run: echo theirs >> \"$HOME/log\"\n",
    ] {
        let repo = pushed();
        repo.write("lefthook.yml", text).commit("lefthook");
        manager(&repo, &["lefthook", "install"]);
        get_on(&repo, "lefthook.yml");
    }
}

const PRE_COMMIT: &str = "repos:\n- repo: local\n  hooks:\n  - id: theirs\n    name: theirs\n    entry: sh -c 'echo theirs >> \"$HOME/log\"'\n    language: system\n    always_run: true\n    pass_filenames: false\n    stages: [pre-commit]\n";

#[test]
fn pre_commit() {
    let repo = pushed();
    repo.write(".pre-commit-config.yaml", PRE_COMMIT)
        .commit("pre-commit");
    manager(&repo, &["pre-commit", "install"]);
    get_on(&repo, ".pre-commit-config.yaml");
}

#[test]
fn pre_commit_with_its_own_pre_push() {
    let repo = pushed();
    repo.write(".pre-commit-config.yaml", PRE_COMMIT)
        .commit("pre-commit");
    manager(
        &repo,
        &[
            "pre-commit",
            "install",
            "-t",
            "pre-commit",
            "-t",
            "pre-push",
        ],
    );
    get_on(&repo, ".pre-commit-config.yaml");
}

#[test]
fn prek() {
    let repo = pushed();
    repo.write(".pre-commit-config.yaml", PRE_COMMIT)
        .commit("prek");
    manager(
        &repo,
        &["prek", "install", "-t", "pre-commit", "-t", "pre-push"],
    );
    get_on(&repo, ".pre-commit-config.yaml");
}
