//! Repositories of every kind: where the hooks go, and that they fire there.

use std::fs;
use std::os::unix::fs::symlink;

use super::super::support::{Repo, told};
use super::super::{Fires, HookName, Install, Missing, install, uninstall};
use crate::environment::Environment;

fn install_in(repo: &Repo, directory: &str, extra: &[(&str, &str)]) -> String {
    let mut variables = repo.variables.clone();
    variables.extend(
        extra
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into())),
    );
    let environment = Environment::of(repo.top.join(directory), variables);
    let wanted = Install {
        binary: repo.guard(),
        missing: Missing::Block,
        names: HookName::ALL.into(),
    };
    let done = install(&environment, &wanted).unwrap();
    for one in &done {
        assert_eq!(one.fires, Fires::Yes, "{one:?}");
    }
    told(&done)
}

#[test]
fn from_a_folder_below_the_top() {
    let repo = Repo::new();
    fs::create_dir_all(repo.top.join("a/b")).unwrap();
    insta::assert_snapshot!(install_in(&repo, "a/b", &[]), @r"
    wrote .git/hooks/pre-commit
    wrote .git/hooks/pre-push
    ");
}

#[test]
fn a_linked_work_tree_shares_its_hooks() {
    let repo = Repo::new();
    repo.commit();
    repo.git(&["worktree", "add", "-q", "../linked"]);
    install_in(&repo, "../linked", &[]);
    assert!(repo.top.join(".git/hooks/pre-push").is_file());
    repo.git(&[
        "-C",
        "../linked",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "x",
    ]);
    assert!(repo.log().contains("<pre-commit>"));
    let environment = Environment::of(repo.top.join("../linked"), repo.variables.clone());
    assert_eq!(uninstall(&environment).unwrap().len(), 2);
    assert!(!repo.top.join(".git/hooks/pre-push").exists());
}

#[test]
fn a_submodule_has_its_own() {
    let repo = Repo::new();
    repo.commit();
    repo.git(&["init", "-q", "-b", "main", "../part"]);
    repo.git(&["-C", "../part", "commit", "-q", "--allow-empty", "-m", "x"]);
    repo.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        "../part",
        "sub",
    ]);
    install_in(&repo, "sub", &[]);
    assert!(repo.top.join(".git/modules/sub/hooks/pre-commit").is_file());
    assert!(!repo.top.join(".git/hooks/pre-commit").exists());
    repo.git(&["-C", "sub", "commit", "-q", "--allow-empty", "-m", "x"]);
    assert!(repo.log().contains("<pre-commit>"));
}

#[test]
fn a_separate_git_folder() {
    let repo = Repo::bare_folder();
    repo.git(&["init", "-q", "--separate-git-dir", "../elsewhere"]);
    install_in(&repo, ".", &[]);
    assert!(repo.base().join("elsewhere/hooks/pre-commit").is_file());
}

#[test]
fn a_bare_repository_with_a_work_tree_beside_it() {
    let repo = Repo::bare_folder();
    repo.git(&["init", "-q", "--bare", "../dotfiles"]);
    fs::create_dir(repo.top.join("deep")).unwrap();
    // Relative to the folder of the call, as people write it.
    let extra = [("GIT_DIR", "../../dotfiles"), ("GIT_WORK_TREE", "..")];
    install_in(&repo, "deep", &extra);
    let made = repo.run(
        "git",
        &[
            "--git-dir=../dotfiles",
            "--work-tree=.",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "x",
        ],
        &[],
    );
    assert!(made.end.unwrap().is_good());
    let log = repo.log();
    let shim = log.lines().next().unwrap();
    assert!(shim.ends_with("dotfiles/hooks/pre-commit"), "{shim}");
}

#[test]
fn a_shared_repository_lets_the_group_in() {
    let repo = Repo::new();
    repo.git(&["config", "core.sharedRepository", "group"]);
    repo.install_that_fires();
    assert_eq!(repo.mode(".git/hooks/pre-commit") & 0o070, 0o070);
}

#[test]
fn a_folder_that_is_not_there_is_made() {
    let repo = Repo::new();
    fs::remove_dir_all(repo.top.join(".git/hooks")).unwrap();
    repo.install_that_fires();
}

#[test]
fn a_tracked_folder_gets_one_portable_line() {
    for value in [".githooks", "./.githooks/"] {
        let mut repo = Repo::new();
        repo.git(&["config", "core.hooksPath", value]);
        repo.hook(
            ".githooks/pre-push",
            "#!/bin/sh\nset -eu\ncat >>\"$GUARD_LOG\"\n",
        );
        repo.commit();
        repo.put_guard_on_path();
        let committed = repo.picture();
        assert_eq!(
            repo.install_that_fires(),
            "wrote .githooks/pre-commit\nadded one line to .githooks/pre-push"
        );
        assert_eq!(repo.mode(".githooks/pre-commit") & 0o100, 0o100);
        for name in ["pre-commit", "pre-push"] {
            let text = repo.read(&format!(".githooks/{name}"));
            assert!(!text.contains(repo.base().to_str().unwrap()), "{text}");
        }
        let after = repo.picture();
        assert_eq!(
            repo.install_that_fires(),
            "already there: .githooks/pre-commit\nalready there: .githooks/pre-push"
        );
        assert_eq!(repo.picture(), after);
        // What follows guard's line still reads the refs.
        repo.git(&["init", "-q", "--bare", "../remote.git"]);
        repo.git(&["push", "-q", "../remote.git", "main"]);
        let log = repo.log();
        assert!(
            log.contains("\nin: refs/heads/main ") && log.contains("\nrefs/heads/main "),
            "{log}"
        );
        assert_eq!(
            repo.uninstall(),
            "removed .githooks/pre-commit\ntook guard's line out of .githooks/pre-push"
        );
        assert_eq!(repo.picture(), committed);
    }
}

#[test]
fn the_portable_line_passes_guards_no_on() {
    let mut repo = Repo::new();
    repo.commit();
    repo.git(&["config", "core.hooksPath", "hooks"]);
    repo.hook(
        "hooks/pre-push",
        "#!/bin/sh\necho \"after\" >>\"$GUARD_LOG\"\n",
    );
    let plain = repo.variables[0].1.clone();
    repo.put_guard_on_path();
    repo.install_that_fires();
    repo.git(&["init", "-q", "--bare", "../remote.git"]);
    let push = ["push", "-q", "../remote.git", "main"];
    let stopped = repo.run("git", &push, &[("GUARD_TEST_EXIT", "3")]);
    assert!(!stopped.end.unwrap().is_good());
    assert!(!repo.log().contains("after"));
    // Nobody has guard: blocked with the remedy, or off with a line that says so.
    let blocked = repo.run("git", &push, &[("PATH", &plain)]);
    assert!(!blocked.end.unwrap().is_good());
    assert!(String::from_utf8_lossy(&blocked.err).starts_with("guard: no guard binary was found"));
    let off = repo.run("git", &push, &[("PATH", &plain), ("GUARD", "0")]);
    assert!(off.end.unwrap().is_good());
    assert!(String::from_utf8_lossy(&off.err).contains("guard: off for this pre-push (GUARD=0)"));
    assert!(repo.log().ends_with("after\n"));
}

#[test]
fn an_ignored_folder_is_this_clones_own() {
    let repo = Repo::new();
    repo.write(".gitignore", "/.hooks/\n");
    repo.git(&["config", "core.hooksPath", ".hooks"]);
    insta::assert_snapshot!(repo.install_that_fires(), @r"
    wrote .hooks/pre-commit
    wrote .hooks/pre-push
    ");
    assert!(
        repo.read(".hooks/pre-push")
            .contains(repo.guard().to_str().unwrap())
    );
}

#[test]
fn the_folder_is_found_whoever_sets_it() {
    // Of one work tree, by an included file, and for everybody but relative.
    for setter in ["worktree", "include", "global"] {
        let mut repo = Repo::new();
        repo.commit();
        repo.put_guard_on_path();
        match setter {
            "worktree" => {
                repo.git(&["config", "extensions.worktreeConfig", "true"]);
                repo.git(&["config", "--worktree", "core.hooksPath", "team"]);
            }
            "include" => {
                repo.write(".git/more", "[core]\n\thooksPath = team\n");
                repo.git(&["config", "include.path", "more"]);
            }
            _ => {
                repo.git(&["config", "--global", "core.hooksPath", "team"]);
            }
        }
        let told = repo.install_that_fires();
        assert!(told.contains("wrote team/pre-commit"), "{setter}: {told}");
        repo.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
        assert!(repo.log().contains("<pre-commit>"), "{setter}");
    }
}

#[test]
fn a_hooks_folder_that_is_a_link_into_the_work_tree_is_the_teams() {
    let mut repo = Repo::new();
    fs::remove_dir_all(repo.top.join(".git/hooks")).unwrap();
    fs::create_dir(repo.top.join("team")).unwrap();
    symlink("../team", repo.top.join(".git/hooks")).unwrap();
    repo.put_guard_on_path();
    insta::assert_snapshot!(repo.install_that_fires(), @r"
    wrote team/pre-commit
    wrote team/pre-push
    ");
}

#[test]
fn a_line_that_is_not_first_is_not_tried() {
    let repo = Repo::new();
    repo.git(&["config", "core.hooksPath", "team"]);
    repo.install();
    let line = repo
        .read("team/pre-commit")
        .lines()
        .nth(1)
        .unwrap()
        .to_owned();
    repo.hook(
        "team/pre-commit",
        &format!("#!/bin/sh\necho ran >>\"$GUARD_LOG\"\n{line}\n"),
    );
    let done = repo.install();
    assert!(
        matches!(&done[0].fires, Fires::Unproven(why) if why.contains("comes before")),
        "{done:?}"
    );
    assert_eq!(repo.log(), "");
}

#[test]
fn a_script_of_the_teams_that_git_ignores_is_told() {
    let repo = Repo::new();
    repo.git(&["config", "core.hooksPath", "team"]);
    repo.write("team/pre-commit", "#!/bin/sh\n");
    let done = repo.install();
    assert!(
        matches!(&done[0].fires, Fires::No(why) if why.contains("executable")),
        "{done:?}"
    );
    assert_eq!(repo.mode("team/pre-commit"), 0o644);
}
