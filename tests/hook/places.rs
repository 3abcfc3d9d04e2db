//! Where git keeps its hooks: core.hooksPath in all its forms, worktrees, submodules, bare repositories.

use std::fs;

use super::install::with_guard_on_path;
use crate::support::Repo;

const CONFIG: &str =
    "commands:\n  log: { run: 'echo guard >> \"$HOME/log\"', files: none, reads: files }\n";

fn configured() -> Repo {
    let repo = Repo::new();
    repo.write("guard.yaml", CONFIG).commit("configure");
    repo
}

fn log(repo: &Repo) -> String {
    fs::read_to_string(repo.home().join("log")).unwrap_or_default()
}

fn commit_fires(repo: &Repo) {
    repo.write("a.txt", "a\n").stage();
    let commit = repo
        .git_command(&["commit", "-q", "-m", "a"])
        .env("PATH", with_guard_on_path())
        .output()
        .expect("git runs");
    assert!(
        commit.status.success(),
        "{}",
        String::from_utf8_lossy(&commit.stderr)
    );
    assert_eq!(log(repo), "guard\n");
}

/// Case 33: a folder inside the repository, tracked: one portable line.
#[test]
fn a_tracked_hook_folder_gets_a_portable_line() {
    let repo = configured();
    repo.script(
        ".githooks/pre-commit",
        "#!/bin/sh\necho theirs >> \"$HOME/log\"\n",
    )
    .commit("hooks");
    repo.git(&["config", "core.hooksPath", ".githooks"]);
    let ran = repo
        .guard("install")
        .env("PATH", with_guard_on_path())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let text = repo.read(".githooks/pre-commit");
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(!text.contains(env!("CARGO_BIN_EXE_guard")), "{text}");
    assert!(repo.has(".githooks/pre-push"));
    repo.write("a.txt", "a\n").stage();
    repo.git_command(&["commit", "-q", "-m", "a"])
        .env("PATH", with_guard_on_path())
        .status()
        .expect("git runs");
    assert_eq!(log(&repo), "guard\ntheirs\n");
    assert_eq!(repo.guard("uninstall").run().code, 0);
    assert_eq!(
        repo.read(".githooks/pre-commit"),
        "#!/bin/sh\necho theirs >> \"$HOME/log\"\n"
    );
    assert!(!repo.has(".githooks/pre-push"));
}

#[test]
fn a_hook_folder_outside_the_repository_is_never_written() {
    let repo = configured();
    let outside = repo.beside("global-hooks");
    fs::create_dir(&outside).expect("a folder");
    repo.git(&[
        "config",
        "--global",
        "core.hooksPath",
        outside.to_str().expect("text"),
    ]);
    let ran = repo.guard("install").run();
    assert_eq!(ran.code, 6, "{}", ran.whole());
    assert!(ran.err.contains("core.hooksPath"), "{}", ran.err);
    assert_eq!(fs::read_dir(&outside).expect("a folder").count(), 0);
}

#[test]
fn an_empty_or_null_hooks_path_is_refused_with_the_remedy() {
    for value in ["", "/dev/null"] {
        let repo = configured();
        repo.git(&["config", "core.hooksPath", value]);
        let ran = repo.guard("install").run();
        assert_eq!(ran.code, 6, "{value:?}: {}", ran.whole());
        assert!(ran.err.contains("git config"), "{}", ran.err);
    }
}

#[test]
fn an_included_file_and_a_worktrees_own_setting_count() {
    let repo = configured();
    let included = repo.beside("included");
    fs::write(&included, "[core]\n\thooksPath = .hooks\n").expect("a file");
    repo.git(&["config", "include.path", included.to_str().expect("text")]);
    let ran = repo
        .guard("install")
        .env("PATH", with_guard_on_path())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(repo.has(".hooks/pre-commit") && !repo.has(".git/hooks/pre-commit"));
    commit_fires(&repo);

    let repo = configured();
    repo.git(&["config", "extensions.worktreeConfig", "true"]);
    let tree = repo.beside("tree");
    repo.git(&["worktree", "add", "-q", tree.to_str().expect("text")]);
    repo.git(&[
        "-C",
        tree.to_str().expect("text"),
        "config",
        "--worktree",
        "core.hooksPath",
        ".tree-hooks",
    ]);
    let ran = repo
        .guard("install")
        .within(&tree)
        .env("PATH", with_guard_on_path())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(tree.join(".tree-hooks/pre-commit").exists());
    assert!(!repo.has(".git/hooks/pre-commit"));
}

/// Case 34.
#[test]
fn a_linked_worktree_shares_the_hooks() {
    let repo = configured();
    let tree = repo.beside("tree");
    repo.git(&[
        "worktree",
        "add",
        "-q",
        "-b",
        "linked",
        tree.to_str().expect("text"),
    ]);
    let ran = repo.guard("install").within(&tree).run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(repo.has(".git/hooks/pre-commit"));
    fs::write(tree.join("a.txt"), "a\n").expect("a file");
    for args in [&["add", "."][..], &["commit", "-q", "-m", "a"]] {
        let done = repo
            .git_command(args)
            .current_dir(&tree)
            .output()
            .expect("git runs");
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
    assert_eq!(log(&repo), "guard\n");
}

#[test]
fn a_submodule_has_its_own_hooks() {
    let repo = configured();
    let inner = Repo::new();
    inner.write("guard.yaml", CONFIG).commit("inner");
    repo.git(&[
        "submodule",
        "--quiet",
        "add",
        inner.path.to_str().expect("text"),
        "sub",
    ]);
    let sub = repo.path.join("sub");
    let ran = repo.guard("install").within(&sub).run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(repo.has(".git/modules/sub/hooks/pre-commit"));
    fs::write(sub.join("a.txt"), "a\n").expect("a file");
    for args in [&["add", "."][..], &["commit", "-q", "-m", "a"]] {
        let done = repo
            .git_command(args)
            .current_dir(&sub)
            .output()
            .expect("git runs");
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
    assert_eq!(log(&repo), "guard\n");
}

#[test]
fn a_separate_git_directory_and_a_bare_one_with_a_work_tree_work() {
    let repo = Repo::with(&[
        "init",
        "-q",
        "-b",
        "main",
        "--separate-git-dir=../elsewhere.git",
    ]);
    repo.write("guard.yaml", CONFIG).commit("configure");
    let ran = repo.guard("install").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(repo.beside("elsewhere.git/hooks/pre-commit").exists());
    commit_fires(&repo);

    // Dotfiles: the repository is bare, the work tree is the home.
    let repo = Repo::with(&["init", "-q", "-b", "main", "--bare", "../dotfiles.git"]);
    let bare = repo.beside("dotfiles.git");
    repo.write("guard.yaml", CONFIG).write("dotfile", "x\n");
    let ran = repo
        .guard("install")
        .env("GIT_DIR", &bare)
        .env("GIT_WORK_TREE", &repo.path)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    for args in [&["add", "dotfile"][..], &["commit", "-q", "-m", "dotfile"]] {
        let done = repo
            .git_command(args)
            .env("GIT_DIR", &bare)
            .env("GIT_WORK_TREE", &repo.path)
            .output()
            .expect("git runs");
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
    assert_eq!(log(&repo), "guard\n");
}
