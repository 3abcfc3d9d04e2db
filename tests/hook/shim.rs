//! The shim alone: poor PATHs, missing binaries, old versions, hooks called by hand.

use std::fs;

use crate::support::Repo;

const CONFIG: &str =
    "commands:\n  log: { run: 'echo guard >> ../log', files: none, reads: files }\n";

fn installed(flags: &str) -> Repo {
    let repo = Repo::new();
    repo.write("guard.yaml", CONFIG).commit("configure");
    let ran = repo.guard(&format!("install {flags}")).run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    repo
}

/// Points the shim at a binary that is not there.
fn lose_the_binary(repo: &Repo) {
    for name in ["pre-commit", "pre-push"] {
        let path = repo.path.join(".git/hooks").join(name);
        let text = fs::read_to_string(&path).expect("a shim");
        let lost = text.replace(env!("CARGO_BIN_EXE_guard"), "/nowhere/guard");
        assert_ne!(text, lost, "the shim knows its binary's path");
        fs::write(&path, lost).expect("a shim");
    }
}

fn commit(repo: &Repo) -> (bool, String) {
    repo.write("a.txt", "a\n").stage();
    let output = repo.try_git(&["commit", "-m", "a"]);
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn shims_are_short_and_carry_a_version() {
    let repo = installed("");
    for name in ["pre-commit", "pre-push"] {
        let text = repo.read(format!(".git/hooks/{name}"));
        assert!(text.lines().count() < 10, "{text}");
        assert!(text.starts_with("#!/bin/sh\n"), "{text}");
        assert!(text.contains("version 1"), "{text}");
    }
}

/// Case 36.
#[test]
fn a_missing_binary_blocks_with_the_remedy() {
    let repo = installed("");
    lose_the_binary(&repo);
    let (fine, said) = commit(&repo);
    assert!(!fine && said.contains("guard"), "{said}");
    assert!(said.contains("PATH") && said.contains("GUARD=0"), "{said}");
}

#[test]
fn a_missing_binary_warns_where_that_was_wished() {
    let repo = installed("--missing warn");
    lose_the_binary(&repo);
    let (fine, said) = commit(&repo);
    assert!(fine && said.contains("guard"), "{said}");
}

#[test]
fn the_users_own_folders_are_searched() {
    let repo = installed("");
    lose_the_binary(&repo);
    let local = repo.home().join(".local/bin");
    fs::create_dir_all(&local).expect("a folder");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_guard"), local.join("guard")).expect("a link");
    let (fine, said) = commit(&repo);
    assert!(fine, "{said}");
    assert_eq!(repo.logged(), "guard\n");
}

#[test]
fn a_foreign_guard_on_the_path_is_not_called() {
    let repo = installed("");
    lose_the_binary(&repo);
    let folder = repo.beside("bin");
    repo.script(
        "../bin/guard",
        "#!/bin/sh\necho '2.18.0'\necho foreign >> ../log\nexit 0\n",
    );
    repo.write("a.txt", "a\n").stage();
    let path = format!(
        "{}:{}",
        folder.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let output = repo
        .git_command(&["commit", "-m", "a"])
        .env("PATH", path)
        .output()
        .expect("git runs");
    assert!(
        !output.status.success(),
        "a commit that nobody judged was made"
    );
}

/// Case 37: shims of other ages keep working.
#[test]
fn an_older_or_newer_shim_gets_on_with_this_binary() {
    let repo = installed("");
    let binary = env!("CARGO_BIN_EXE_guard");
    repo.script(
        ".git/hooks/pre-commit",
        &format!("#!/bin/sh\nexec '{binary}' hook pre-commit -- \"$@\"\n"),
    );
    let (fine, said) = commit(&repo);
    assert!(fine, "{said}");
    assert_eq!(repo.take_log(), "guard\n");
    repo.script(
        ".git/hooks/pre-commit",
        &format!("#!/bin/sh\nGUARD_SHIM=999 exec '{binary}' hook pre-commit -- \"$@\"\n"),
    );
    repo.write("b.txt", "b\n");
    let (fine, said) = commit(&repo);
    assert!(fine, "{said}");
    assert_eq!(repo.logged(), "guard\n");
}

#[test]
fn a_hook_called_by_hand_does_not_wait() {
    let repo = installed("");
    let ran = repo.guard("hook pre-push").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let ran = repo.guard("hook pre-commit").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
}
