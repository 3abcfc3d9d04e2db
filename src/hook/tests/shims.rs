//! guard's own hooks, run by real git and real shells.

use std::fs;
use std::os::unix::fs::symlink;

use super::super::support::{Repo, write_script};
use super::super::{
    Call, Chained, Fires, HookName, Install, Missing, bypass, chain, install, is_repeat, shim,
};
use crate::process::script::Script;

/// A clone-like pair: a repository with one commit and a remote to push to.
fn with_remote() -> Repo {
    let repo = Repo::new();
    repo.commit();
    repo.git(&["init", "-q", "--bare", "../remote.git"]);
    repo.git(&["remote", "add", "origin", "../remote.git"]);
    repo
}

#[test]
fn both_fire_and_hand_over_what_git_gave() {
    let repo = with_remote();
    let told = repo.install_that_fires();
    insta::assert_snapshot!(told, @r"
    wrote .git/hooks/pre-commit
    wrote .git/hooks/pre-push
    ");
    assert_eq!(repo.log(), "", "a proof judges nothing");
    repo.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
    assert_eq!(
        repo.log(),
        "shim=1 .git/hooks/pre-commit\n<hook>\n<pre-commit>\n<-->\n"
    );
    repo.forget_log();
    repo.git(&["push", "-q", "origin", "main", "main:other"]);
    let head = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let zero = "0".repeat(40);
    assert_eq!(
        repo.log(),
        format!(
            "shim=1 .git/hooks/pre-push\n<hook>\n<pre-push>\n<-->\n<origin>\n<../remote.git>\n\
             in: refs/heads/main {head} refs/heads/main {zero}\n\
             in: refs/heads/main {head} refs/heads/other {zero}\n"
        )
    );
}

#[test]
fn a_no_of_guards_stops_the_commit() {
    let repo = with_remote();
    repo.install();
    let commit = ["commit", "-q", "--allow-empty", "-m", "x"];
    let stopped = repo.run("git", &commit, &[("GUARD_TEST_EXIT", "3")]);
    assert!(!stopped.end.unwrap().is_good());
    assert_eq!(repo.git(&["rev-list", "--count", "HEAD"]), "1\n");
}

#[test]
fn a_second_install_changes_no_byte() {
    let repo = Repo::new();
    repo.hook(".git/hooks/pre-push", "#!/bin/sh\nexit 0\n");
    repo.install_that_fires();
    let before = repo.picture();
    insta::assert_snapshot!(repo.install_that_fires(), @r"
    already there: .git/hooks/pre-commit
    already there: .git/hooks/pre-push
    ");
    assert_eq!(repo.picture(), before);
    // Another policy is another shim, and the kept hook stays kept.
    repo.install_as(Missing::Warn).unwrap();
    assert!(repo.read(".git/hooks/pre-push").contains("missing='warn'"));
    assert!(
        repo.read(".git/hooks/pre-push.kept-by-guard")
            .contains("exit 0")
    );
}

#[test]
fn a_foreign_hook_is_kept_whole_and_comes_back() {
    let repo = Repo::new();
    repo.hook(".git/hooks/pre-commit", "#!/bin/sh\nbasename \"$0\"\n");
    fs::write(repo.base().join("target"), "#!/bin/sh\n").unwrap();
    symlink("../../../target", repo.top.join(".git/hooks/pre-push")).unwrap();
    let before = repo.picture();
    insta::assert_snapshot!(repo.install_that_fires(), @r"
    kept your hook as .git/hooks/pre-commit.kept-by-guard
    look at it: it asks for its own name, which now ends with `.kept-by-guard`
    wrote .git/hooks/pre-commit
    kept your hook as .git/hooks/pre-push.kept-by-guard
    wrote .git/hooks/pre-push
    ");
    assert!(
        repo.top
            .join(".git/hooks/pre-push.kept-by-guard")
            .is_symlink()
    );
    insta::assert_snapshot!(repo.uninstall(), @r"
    put your own hook back: .git/hooks/pre-commit
    put your own hook back: .git/hooks/pre-push
    ");
    assert_eq!(repo.picture(), before);
    assert_eq!(repo.uninstall(), "");
}

#[test]
fn a_hook_that_git_ignored_is_kept_with_its_rights() {
    let repo = Repo::new();
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n");
    let before = repo.picture();
    repo.install_that_fires();
    assert_eq!(repo.mode(".git/hooks/pre-commit.kept-by-guard"), 0o644);
    repo.uninstall();
    assert_eq!(repo.picture(), before);
}

#[test]
fn what_somebody_else_changed_is_left_and_said() {
    let repo = Repo::new();
    repo.install();
    let edited = format!("{}echo mine\n", repo.read(".git/hooks/pre-commit"));
    repo.hook(".git/hooks/pre-commit", &edited);
    repo.hook(".git/hooks/pre-push", "#!/bin/sh\necho theirs\n");
    let told = repo.install_that_fires();
    insta::assert_snapshot!(told, @r"
    left .git/hooks/pre-commit as it is: it is guard's hook, edited or of another version
    kept your hook as .git/hooks/pre-push.kept-by-guard
    wrote .git/hooks/pre-push
    ");
    repo.hook(".git/hooks/pre-push", "#!/bin/sh\necho third\n");
    insta::assert_snapshot!(repo.uninstall(), @r"
    left .git/hooks/pre-commit: it is guard's hook, edited or of another version; remove it by hand
    left .git/hooks/pre-push: it is not guard's; your earlier hook is still kept as .git/hooks/pre-push.kept-by-guard
    ");
    assert!(repo.read(".git/hooks/pre-push").contains("third"));
}

#[test]
fn off_is_said_and_remembered_and_the_kept_hook_still_runs() {
    let repo = with_remote();
    repo.hook(
        ".git/hooks/pre-push",
        "#!/bin/sh\n{ echo \"kept $*\"; cat; } >>\"$GUARD_LOG\"\n",
    );
    repo.install();
    let pushed = repo.run("git", &["push", "-q", "origin", "main"], &[("GUARD", "0")]);
    assert!(pushed.end.unwrap().is_good());
    let said = String::from_utf8(pushed.err).unwrap();
    assert_eq!(said, "guard: off for this pre-push (GUARD=0)\n");
    assert!(
        repo.log()
            .starts_with("kept origin ../remote.git\nrefs/heads/main "),
        "{}",
        repo.log()
    );
    let bypasses = bypass::read(&repo.top.join(".git")).unwrap();
    assert_eq!(bypasses.entries.len(), 1);
    assert_eq!(bypasses.entries[0].hook, "pre-push");
    assert_eq!(bypasses.entries[0].what, "GUARD=0");
    assert!(bypasses.entries[0].at.ends_with('Z'));
    // The kept hook's no is still a no.
    repo.hook(".git/hooks/pre-push.kept-by-guard", "#!/bin/sh\nexit 9\n");
    let pushed = repo.run(
        "git",
        &["push", "-q", "origin", "main:x"],
        &[("GUARD", "0")],
    );
    assert!(!pushed.end.unwrap().is_good());
}

#[test]
fn off_drains_what_git_writes() {
    let repo = Repo::new();
    repo.install();
    // A writer whose reader goes away dies of SIGPIPE, as a push of thousands of refs would.
    let text = "{ head -c 1000000 /dev/zero || echo broken >>\"$GUARD_LOG\"; } \
                | GUARD=0 .git/hooks/pre-push origin url";
    let piped = repo.run("sh", &["-c", text], &[]);
    assert!(piped.end.unwrap().is_good());
    assert_eq!(repo.log(), "");
}

#[test]
fn off_that_cannot_be_remembered_lets_pass() {
    let repo = Repo::new();
    repo.install();
    repo.write(".git/guard", "a file where the folder should be");
    let commit = ["commit", "-q", "--allow-empty", "-m", "x"];
    let made = repo.run("git", &commit, &[("GUARD", "0")]);
    assert!(made.end.unwrap().is_good());
}

#[test]
fn without_a_binary_it_blocks_or_warns_and_the_kept_hook_runs() {
    for (missing, passes) in [(Missing::Block, false), (Missing::Warn, true)] {
        let repo = Repo::new();
        repo.hook(
            ".git/hooks/pre-commit",
            "#!/bin/sh\necho kept >>\"$GUARD_LOG\"\n",
        );
        repo.install_as(missing).unwrap();
        fs::remove_file(repo.guard()).unwrap();
        let commit = ["commit", "-q", "--allow-empty", "-m", "x"];
        let made = repo.run("git", &commit, &[]);
        assert_eq!(made.end.unwrap().is_good(), passes);
        let said = String::from_utf8(made.err).unwrap();
        assert_eq!(
            said,
            "guard: no guard binary was found. Put it on PATH or in ~/.local/bin, or go on once with GUARD=0\n"
        );
        assert_eq!(repo.log(), "kept\n");
        let off = repo.run("git", &commit, &[("GUARD", "0")]);
        assert!(off.end.unwrap().is_good());
    }
}

#[test]
fn the_binary_is_found_elsewhere_and_a_foreign_one_is_passed_over() {
    for place in [
        "../home/.local/bin",
        "../home/.cargo/bin",
        "node_modules/.bin",
        ".venv/bin",
    ] {
        let mut repo = Repo::new();
        repo.install();
        fs::create_dir_all(repo.top.join(place)).unwrap();
        fs::rename(repo.guard(), repo.top.join(place).join("guard")).unwrap();
        // Ruby's guard would eat standard input, or say something else.
        write_script(
            &repo.guard(),
            "#!/bin/sh\ncat >/dev/null\necho 'Guard version 2.18.0'\n",
        );
        let foreign = repo.base().join("bin");
        let path = &mut repo.variables[0].1;
        *path = format!("{}:{path}", foreign.to_str().unwrap());
        // A recorded path is trusted, so the shim must name none that exists.
        let shim = repo
            .read(".git/hooks/pre-commit")
            .replace("/bin/guard'", "/gone/guard'");
        repo.hook(".git/hooks/pre-commit", &shim);
        repo.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
        assert!(repo.log().contains("<pre-commit>"), "{place}");
    }
}

#[test]
fn an_installed_hook_whose_binary_says_something_else_does_not_fire() {
    let repo = Repo::new();
    write_script(
        &repo.guard(),
        "#!/bin/sh\necho 'unknown command hook' >&2\nexit 2\n",
    );
    let done = repo.install();
    assert_eq!(
        done[0].fires,
        Fires::No(
            "the hook ran (exit code 2), but guard did not answer; it said: unknown command hook"
                .into()
        )
    );
}

#[test]
fn a_binary_with_an_odd_path_is_called() {
    let repo = Repo::new();
    let odd = repo.base().join("a b'c $(touch pwned)");
    fs::create_dir(&odd).unwrap();
    fs::rename(repo.guard(), odd.join("guard")).unwrap();
    let wanted = Install {
        binary: odd.join("guard"),
        missing: Missing::Block,
        names: vec![HookName::PreCommit],
    };
    let done = install(&repo.environment(), &wanted).unwrap();
    assert_eq!(done[0].fires, Fires::Yes);
    assert!(repo.uninstall().contains("removed"));
}

#[test]
fn every_shim_is_sound_for_every_shell_here() {
    let repo = Repo::new();
    repo.install();
    for name in ["pre-commit", "pre-push"] {
        for shell in ["sh", "dash", "bash"] {
            let file = format!(".git/hooks/{name}");
            let checked = repo.run(
                "sh",
                &[
                    "-c",
                    "command -v \"$1\" >/dev/null || exit 0; exec \"$1\" -n \"$2\"",
                    "sh",
                    shell,
                    &file,
                ],
                &[],
            );
            assert!(checked.end.unwrap().is_good(), "{shell} {name}");
        }
    }
}

#[test]
fn the_usual_way_needs_no_other_program() {
    let repo = Repo::new();
    repo.install();
    let environment = repo.environment();
    let end = Script::new(
        repo.top.join(".git/hooks/pre-commit"),
        &repo.top,
        &environment,
    )
    .set("PATH", "/nonexistent")
    .run();
    assert!(end.unwrap().is_good());
    assert!(repo.log().contains("<pre-commit>"));
}

#[test]
fn what_other_managers_moved_away_goes_too() {
    let repo = Repo::new();
    let before = repo.picture();
    repo.install();
    let hooks = repo.top.join(".git/hooks");
    fs::rename(hooks.join("pre-push"), hooks.join("pre-push.old")).unwrap();
    fs::copy(hooks.join("pre-commit"), hooks.join("pre-commit.legacy")).unwrap();
    repo.uninstall();
    assert_eq!(repo.picture(), before);
}

#[test]
fn the_kept_hook_is_chained_where_the_shim_says() {
    let repo = Repo::new();
    repo.hook(
        ".git/hooks/pre-push",
        "#!/bin/sh\n{ echo \"$GUARD_CHAIN\"; cat; } >>\"$GUARD_LOG\"\nexit 5\n",
    );
    repo.install();
    let mut environment = repo.environment();
    environment.add("GUARD_SHIM", "1 .git/hooks/pre-push");
    let shim = shim(&environment, HookName::PrePush).unwrap();
    let git_dir = repo.top.join(".git");
    let call = Call {
        name: HookName::PrePush,
        args: &["origin".into(), "url".into()],
        stdin: b"one line\n",
        git_dir: &git_dir,
    };
    let chained = chain(shim.folder().unwrap(), &call, &environment);
    let failed = matches!(chained, Chained::Failed { code: 5, .. });
    assert!(failed, "{chained:?}");
    let log = repo.log();
    let (mark, input) = log.split_once('\n').unwrap();
    assert_eq!(input, "one line\n");
    // What the kept hook calls sees that it is a repeat.
    environment.add("GUARD_CHAIN", mark);
    assert!(is_repeat(&environment, HookName::PrePush, &git_dir));
}
