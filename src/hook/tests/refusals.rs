//! What guard will not do, what it says instead, and that nothing changed.

use std::fs;
use std::os::unix::fs::symlink;

use super::super::support::Repo;
use super::super::{HookError, Missing, uninstall};
use crate::environment::Environment;
use crate::exit::Exit;

/// Installs, which must be refused and change nothing.
fn refused(repo: &Repo) -> HookError {
    let before = repo.picture();
    let error = repo.install_as(Missing::Block).unwrap_err();
    assert_eq!(repo.picture(), before);
    error
}

fn text(repo: &Repo, error: &HookError) -> String {
    let help = miette::Diagnostic::help(error).map(|help| help.to_string());
    format!("{error}\nhelp: {}", help.unwrap_or_default())
        .replace(repo.base().to_str().unwrap(), "BASE")
}

#[test]
fn a_folder_of_everybody_is_never_written() {
    let repo = Repo::new();
    fs::create_dir(repo.base().join("home/hooks")).unwrap();
    repo.git(&["config", "--global", "core.hooksPath", "~/hooks"]);
    let error = refused(&repo);
    assert_eq!(error.exit(), Exit::Refused);
    let text = text(&repo, &error);
    let head: Vec<&str> = text.lines().take(3).collect();
    insta::assert_snapshot!(head.join("\n"), @r"
    the hook folder BASE/home/hooks lies outside this repository (core.hooksPath, set in BASE/gitconfig), so guard does not write there
    help: add these lines by hand, or give this repository its own folder: `git config core.hooksPath .githooks`, then `guard install`
    BASE/home/hooks/pre-commit:
    ");
    assert_eq!(
        fs::read_dir(repo.base().join("home/hooks"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn nor_is_it_when_the_work_tree_is_around_it() {
    // Dotfiles: the home folder itself is a work tree.
    let repo = Repo::new();
    let folder = repo.top.join("hooks");
    repo.git(&[
        "config",
        "--global",
        "core.hooksPath",
        folder.to_str().unwrap(),
    ]);
    assert!(matches!(refused(&repo), HookError::Outside { .. }));
}

#[test]
fn a_link_out_of_the_repository_is_not_written_through() {
    let repo = Repo::new();
    fs::remove_dir_all(repo.top.join(".git/hooks")).unwrap();
    symlink(repo.base().join("home"), repo.top.join(".git/hooks")).unwrap();
    let error = refused(&repo);
    assert!(text(&repo, &error).contains("(a link leads there)"));
    assert_eq!(fs::read_dir(repo.base().join("home")).unwrap().count(), 0);
    assert_eq!(repo.uninstall(), "");
}

#[test]
fn switched_off_hooks_are_told_with_the_way_back() {
    for (scope, value, said) in [
        ("--local", "", "empty"),
        ("--global", "/dev/null", "/dev/null"),
    ] {
        let repo = Repo::new();
        repo.git(&["config", scope, "core.hooksPath", value]);
        let error = refused(&repo);
        assert_eq!(error.exit(), Exit::Refused);
        let text = text(&repo, &error);
        assert!(
            text.starts_with(&format!("core.hooksPath is {said} (set in ")),
            "{text}"
        );
        let remedy = text.split('`').nth(1).unwrap();
        let remedy: Vec<&str> = remedy.strip_prefix("git ").unwrap().split(' ').collect();
        repo.git(&remedy);
        repo.install_that_fires();
    }
}

#[test]
fn two_foreign_hooks_have_one_place() {
    let repo = Repo::new();
    repo.hook(".git/hooks/pre-push", "#!/bin/sh\necho one\n");
    repo.install();
    repo.hook(".git/hooks/pre-push", "#!/bin/sh\necho two\n");
    let error = refused(&repo);
    assert!(matches!(error, HookError::KeptTwice { .. }), "{error}");
    assert_eq!(error.exit(), Exit::Refused);
}

#[test]
fn a_script_that_takes_no_line_is_left_and_the_other_hook_too() {
    for script in ["#!/usr/bin/env python3\nprint(1)\n", "LINK", "FOLDER"] {
        let repo = Repo::new();
        repo.git(&["config", "core.hooksPath", "team"]);
        fs::create_dir(repo.top.join("team")).unwrap();
        match script {
            "LINK" => symlink("../x", repo.top.join("team/pre-push")).unwrap(),
            "FOLDER" => fs::create_dir(repo.top.join("team/pre-push")).unwrap(),
            _ => repo.hook("team/pre-push", script),
        }
        let error = refused(&repo);
        assert!(matches!(error, HookError::NotJoined { .. }), "{error}");
        assert!(text(&repo, &error).contains("hook pre-push --"));
    }
}

#[test]
fn a_folder_in_the_place_of_a_hook() {
    let repo = Repo::new();
    fs::create_dir(repo.top.join(".git/hooks/pre-push")).unwrap();
    assert!(matches!(refused(&repo), HookError::NotJoined { .. }));
}

#[test]
fn outside_a_repository_and_without_a_work_tree() {
    let repo = Repo::bare_folder();
    let mut variables = repo.variables.clone();
    variables.push((
        "GIT_CEILING_DIRECTORIES".into(),
        repo.base().to_str().unwrap().into(),
    ));
    let environment = Environment::of(&repo.top, variables);
    let error = uninstall(&environment).unwrap_err();
    assert!(matches!(error, HookError::NoRepository { .. }), "{error}");
    assert_eq!(error.exit(), Exit::Usage);
    repo.git(&["init", "-q", "--bare", "."]);
    let error = refused(&repo);
    assert!(matches!(error, HookError::NoWorkTree), "{error}");
    assert_eq!(error.exit(), Exit::Usage);
}

#[test]
fn without_git() {
    let repo = Repo::new();
    let environment = Environment::of(&repo.top, [("PATH", "/nonexistent")]);
    let error = uninstall(&environment).unwrap_err();
    assert!(matches!(error, HookError::NoGit), "{error}");
    assert_eq!(error.exit(), Exit::Unknown);
}

#[test]
fn broken_configuration_is_gits_to_tell() {
    let repo = Repo::new();
    repo.write(".git/config", "[core\n");
    let error = refused(&repo);
    assert_eq!(error.exit(), Exit::Unknown);
    assert!(text(&repo, &error).contains("bad config line 1"), "{error}");
}

#[test]
fn a_repository_of_somebody_else_is_gits_to_tell() {
    let mut repo = Repo::new();
    // git's own tests say so this way.
    repo.variables
        .push(("GIT_TEST_ASSUME_DIFFERENT_OWNER".into(), "1".into()));
    let error = refused(&repo);
    assert_eq!(error.exit(), Exit::Unknown);
    assert!(text(&repo, &error).contains("dubious ownership"), "{error}");
}
