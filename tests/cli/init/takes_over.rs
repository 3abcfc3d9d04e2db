//! Beside other hook managers, and instead of them.

use super::photograph;
use crate::support::Repo;

/// The plan at a commit names these commands.
fn plans(repo: &Repo, ids: &[&str]) {
    repo.stage();
    let ran = repo
        .guard("run pre-commit --all-files --plan --format json")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let report = ran.json();
    let steps = report["data"]["steps"].as_array().expect("a list").clone();
    for id in ids {
        assert!(
            steps.iter().any(|step| step["id"] == *id),
            "{id}: {}",
            ran.out
        );
    }
}

#[test]
fn a_line_joins_husky_and_nothing_else_is_touched() {
    let repo = Repo::new();
    repo.write("package.json", r#"{"devDependencies":{"husky":"^9"}}"#)
        .script(".husky/_/h", "#!/usr/bin/env sh\n")
        .script(
            ".husky/_/pre-commit",
            "#!/usr/bin/env sh\nsh -e .husky/pre-commit\n",
        )
        .write(".husky/pre-commit", "true\n");
    repo.git(&["config", "core.hooksPath", ".husky/_"]);
    let ran = repo.guard("init --dry-run").run();
    assert!(ran.out.contains("husky 9 (.husky)"), "{}", ran.whole());
    assert!(
        ran.out.contains(".husky/pre-commit (+1 line)"),
        "{}",
        ran.whole()
    );
    assert!(
        ran.out.contains(".husky/pre-push (new, "),
        "{}",
        ran.whole()
    );
    // Whether it fires is another matter: husky's own files are not here.
    repo.guard("init --yes").run();
    let text = repo.read(".husky/pre-commit");
    assert!(
        text.contains("hook pre-commit --") && text.ends_with("true\n"),
        "{text}"
    );
}

#[test]
fn a_hook_of_ones_own_is_kept_and_that_is_said_before() {
    let repo = Repo::new();
    repo.write("a", "a\n")
        .script(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    let ran = repo.guard("init --dry-run").run();
    assert!(
        ran.out.contains("your own hook is kept as"),
        "{}",
        ran.whole()
    );
    let ran = repo.guard("init --yes").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(repo.has(".git/hooks/pre-commit.kept-by-guard"));
}

#[test]
fn lefthook_is_joined_and_its_commands_are_taken_over() {
    let repo = Repo::new();
    let config = "pre-commit:\n  commands:\n    look: { run: 'true {staged_files}', glob: '*.txt' }\n    odd: { run: x, skip: true }\n";
    repo.write("a.txt", "a\n").write("lefthook.yml", config);
    let ran = repo.guard("init --yes --import lefthook").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    insta::assert_snapshot!(ran.out, @"
found   no package that guard knows in 2 files; hooks and commands of your own
        work all the same
found   hooks by: lefthook (lefthook.yml)
read    no .env.example: schemas/env.yaml begins with the first one
write   guard.yaml (new, 18 lines)
write   .git/hooks/pre-commit (new, 9 lines)
write   .git/hooks/pre-push (new, 9 lines)
write   lefthook.yml (+2 lines)
import  1 command from lefthook: look
✓ pre-commit  wrote .git/hooks/pre-commit, added one line to lefthook.yml · it
              fires
✓ pre-push    wrote .git/hooks/pre-push, added one line to lefthook.yml · it
              fires
left    lefthook.yml: pre-commit.commands.odd `x`: it is switched off there
        (`skip: true`)
remove  until these are taken out there they run twice, by guard and as before
        (guard removes nothing of lefthook's):
        lefthook.yml: pre-commit.commands.look
· not looked yet: nothing is committed or staged yet: `git add -A`, then
  `guard run pre-commit`

next: git add guard.yaml lefthook.yml && git commit
");
    plans(&repo, &["look"]);
    assert!(
        repo.read("lefthook.yml")
            .contains("look: { run: 'true {staged_files}'")
    );
}

#[test]
fn husky_and_lint_staged_are_taken_over() {
    for from in ["husky", "lint-staged"] {
        let repo = Repo::new();
        repo.write("package.json", r#"{"lint-staged":{"*.txt":"./look.sh"}}"#)
            .write(".husky/pre-commit", "npx lint-staged\n")
            .script("look.sh", "#!/bin/sh\n")
            .write("a.txt", "a\n");
        let ran = repo.guard("init --yes --import").arg(from).run();
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert!(ran.out.contains("1 command from"), "{}", ran.whole());
        plans(&repo, &["look.sh"]);
        let committed = repo.try_git(&["commit", "-m", "x"]);
        assert!(
            committed.status.success(),
            "{}",
            String::from_utf8_lossy(&committed.stderr)
        );
    }
}

#[test]
fn pre_commit_is_taken_over_and_what_is_left_has_its_reason() {
    let repo = Repo::new();
    let config = "repos:\n- repo: local\n  hooks:\n  - { id: look, entry: 'true', language: system, types: [python] }\n\
                  - repo: meta\n  hooks: [{ id: identity }]\n";
    repo.write("a.py", "a\n")
        .write(".pre-commit-config.yaml", config);
    let ran = repo.guard("init --yes --import pre-commit").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(
        ran.out
            .contains("left    .pre-commit-config.yaml: identity:"),
        "{}",
        ran.whole()
    );
    plans(&repo, &["look"]);
}

#[test]
fn a_guard_yaml_that_is_there_stays_and_the_commands_are_shown() {
    let repo = Repo::new();
    repo.write("guard.yaml", "jobs: 2\n")
        .write(".husky/pre-commit", "npm test\n");
    let before = photograph(&repo.path);
    let ran = repo.guard("init --yes --no-install --import husky").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(
        ran.out
            .contains("commands:\n  # .husky/pre-commit: npm test\n  test:\n"),
        "{}",
        ran.out
    );
    assert_eq!(photograph(&repo.path), before);
}

#[test]
fn an_unknown_manager_is_wrong_usage() {
    let ran = Repo::new().guard("init --import huskey").run();
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("husky"), "{}", ran.err);
}
