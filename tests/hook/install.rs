//! `guard install` and `guard uninstall`: nothing foreign is lost, and what is installed is proven to fire.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::Repo;

/// Every file below a folder with its bytes and mode.
fn photograph(folder: &Path) -> BTreeMap<String, (Vec<u8>, u32)> {
    let mut seen = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            let meta = path.symlink_metadata().expect("it is there");
            if meta.is_dir() {
                folders.push(path);
            } else {
                let bytes = if meta.is_symlink() {
                    fs::read_link(&path)
                        .expect("a link")
                        .to_string_lossy()
                        .into_owned()
                        .into_bytes()
                } else {
                    fs::read(&path).expect("a file")
                };
                seen.insert(
                    path.to_string_lossy().into_owned(),
                    (bytes, meta.permissions().mode()),
                );
            }
        }
    }
    seen
}

fn configured() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  log: { run: 'echo guard >> ../log', files: none, reads: files }\n",
    )
    .commit("configure");
    repo
}

fn hook(repo: &Repo, name: &str, text: &str) {
    repo.script(&format!(".git/hooks/{name}"), text);
}

#[test]
fn it_says_that_the_hooks_fire() {
    let repo = configured();
    let ran = repo.guard("install").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    for name in ["pre-commit", "pre-push"] {
        assert!(
            ran.out
                .lines()
                .any(|line| line.contains(name) && line.contains("fires")),
            "{}",
            ran.whole()
        );
    }
    assert_eq!(repo.logged(), "", "the proof runs nothing");
}

/// Case 32.
#[test]
fn a_second_install_changes_no_byte_and_uninstall_puts_everything_back() {
    let repo = configured();
    hook(&repo, "pre-commit", "#!/bin/sh\necho old >> ../log\n");
    hook(&repo, "commit-msg", "#!/bin/sh\nexit 0\n");
    let hooks = repo.path.join(".git/hooks");
    let before = photograph(&hooks);
    assert_eq!(repo.guard("install").run().code, 0);
    let first = photograph(&hooks);
    assert_ne!(before, first);
    assert_eq!(repo.guard("install").run().code, 0);
    assert_eq!(photograph(&hooks), first);
    let ran = repo.guard("uninstall").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(photograph(&hooks), before);
    assert_eq!(
        repo.guard("uninstall").run().code,
        0,
        "nothing to take out is no failure"
    );
}

#[test]
fn a_foreign_hook_runs_first_with_arguments_input_and_exit_code() {
    let repo = configured();
    let bare = repo.remote("origin");
    hook(
        &repo,
        "pre-push",
        "#!/bin/sh\necho \"$1 $2\" >> ../log\ncat >> ../log\n",
    );
    repo.installed();
    let line = format!(
        "refs/heads/main {} refs/heads/main {}",
        repo.id("HEAD"),
        "0".repeat(40)
    );
    repo.git(&["push", "-q", "origin", "main"]);
    assert_eq!(
        repo.take_log(),
        format!("origin {}\n{line}\nguard\n", bare.display())
    );

    // Its own exit code is the hook's, and guard does not judge what it has refused.
    hook(&repo, "pre-push.kept-by-guard", "#!/bin/sh\nexit 7\n");
    let shim = repo.path.join(".git/hooks/pre-push");
    let mut call = repo.git_command(&[]);
    let environment: Vec<_> = call
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect();
    call = std::process::Command::new(shim);
    let status = call
        .args(["origin", "somewhere"])
        .env_clear()
        .envs(environment)
        .current_dir(&repo.path)
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .expect("the shim runs");
    assert_eq!(status.code(), Some(7));
    assert_eq!(repo.logged(), "", "guard did not run after a no");
}

#[test]
fn a_foreign_hook_still_runs_when_guard_is_off() {
    let repo = configured();
    hook(&repo, "pre-commit", "#!/bin/sh\necho old >> ../log\n");
    repo.installed();
    repo.write("a.txt", "a\n").stage();
    let commit = repo
        .git_command(&["commit", "-q", "-m", "a"])
        .env("GUARD", "0")
        .output()
        .expect("git runs");
    assert!(commit.status.success());
    assert!(String::from_utf8_lossy(&commit.stderr).contains("GUARD=0"));
    assert_eq!(repo.logged(), "old\n");
}

#[test]
fn a_kept_hook_that_calls_guard_again_does_not_go_round_in_circles() {
    let repo = configured();
    let binary = env!("CARGO_BIN_EXE_guard");
    hook(
        &repo,
        "pre-commit",
        &format!("#!/bin/sh\nexec '{binary}' hook pre-commit -- \"$@\"\n"),
    );
    repo.installed();
    repo.write("a.txt", "a\n").stage();
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(repo.logged(), "guard\n");
}

#[test]
fn husky_9_gets_one_line() {
    let repo = configured();
    repo.write(".husky/pre-commit", "echo husky >> ../log\n")
        .script(".husky/_/h", "#!/bin/sh\nn=$(basename \"$0\")\ns=$(dirname \"$(dirname \"$0\")\")/$n\n[ ! -f \"$s\" ] && exit 0\nsh -e \"$s\" \"$@\"\n")
        .write(".husky/_/.gitignore", "*\n");
    for name in ["pre-commit", "pre-push"] {
        repo.script(
            &format!(".husky/_/{name}"),
            "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\n",
        );
    }
    repo.commit("husky");
    repo.git(&["config", "core.hooksPath", ".husky/_"]);
    let before = photograph(&repo.path.join(".husky"));
    let ran = repo
        .guard("install")
        .env("PATH", with_guard_on_path())
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.read(".husky/pre-commit").lines().count(), 2);
    assert!(
        !repo
            .read(".husky/pre-commit")
            .contains(env!("CARGO_BIN_EXE_guard")),
        "no path of this machine"
    );
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
    let mut log: Vec<String> = repo.logged().lines().map(str::to_owned).collect();
    log.sort();
    assert_eq!(log, ["guard", "husky"]);
    assert_eq!(repo.guard("uninstall").run().code, 0);
    assert_eq!(photograph(&repo.path.join(".husky")), before);
}

/// The folder of the binary under test, before everything else.
pub(crate) fn with_guard_on_path() -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_guard"))
        .parent()
        .expect("a folder");
    format!(
        "{}:{}",
        folder.display(),
        std::env::var("PATH").unwrap_or_default()
    )
}

#[test]
fn no_repository_is_one_clear_sentence() {
    let repo = Repo::new();
    let outside = repo.beside("outside");
    fs::create_dir(&outside).expect("a folder");
    let ran = repo
        .guard("install")
        .within(&outside)
        .env("GIT_CEILING_DIRECTORIES", repo.beside(""))
        .run();
    assert_eq!(ran.code, 2, "{}", ran.whole());
    assert!(ran.err.contains("repository"), "{}", ran.err);
}

#[test]
fn a_line_to_add_by_hand_is_not_broken() {
    let repo = configured();
    let outside = repo.beside("global-hooks");
    fs::create_dir(&outside).expect("a folder");
    repo.git(&["config", "core.hooksPath", outside.to_str().expect("text")]);
    let ran = repo.guard("install").run();
    assert_eq!(ran.code, 6, "{}", ran.whole());
    let line = ran
        .err
        .lines()
        .find(|line| line.contains("hook pre-commit -- "))
        .unwrap_or_else(|| panic!("{}", ran.err));
    let checked = std::process::Command::new("sh")
        .args(["-n", "-c", line.trim()])
        .status()
        .expect("sh runs");
    assert!(checked.success(), "{line}");
}

#[test]
fn install_fits_eighty_columns_and_keeps_quiet_when_asked() {
    let repo = Repo::new();
    let deep = ".git/a-folder-with-a-name-that-is-long-enough-to-wrap/and-another-one/hooks";
    repo.git(&["config", "core.hooksPath", deep]);
    for words in ["install", "uninstall", "install"] {
        let ran = repo.guard(words).run();
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let too_wide = |line: &&str| line.chars().count() > 80 && line.trim().contains(' ');
        let wide: Vec<&str> = ran.out.lines().filter(too_wide).collect();
        assert!(!ran.out.is_empty() && wide.is_empty(), "{wide:?}");
    }
    for words in ["-q install", "-q uninstall"] {
        let ran = repo.guard(words).run();
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{words}");
    }
}
