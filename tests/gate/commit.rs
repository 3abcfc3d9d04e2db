//! Commits through real git: what is judged is what is staged, and nothing of the user's moves.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::Repo;

/// A repository whose pre-commit hook writes the files it is handed to `../log`.
fn logging() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  log:\n    run: 'printf \"%s\\n\" {files} >> ../log'\n    files: [\"*.txt\"]\n    at: [commit]\n",
    )
    .commit("configure");
    repo.installed();
    repo
}

/// A repository whose pre-commit hook always says no.
fn refusing() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  no: { run: 'exit 9', files: none, reads: files, at: [commit] }\n",
    )
    .commit("configure");
    repo.installed();
    repo
}

#[test]
fn a_commit_that_fails_its_check_is_not_made() {
    let repo = refusing();
    let before = repo.id("HEAD");
    repo.write("a.txt", "one\n").stage();
    let commit = repo.try_git(&["commit", "-m", "no"]);
    assert_eq!(commit.status.code(), Some(1));
    assert_eq!(repo.id("HEAD"), before);
    let said = String::from_utf8_lossy(&commit.stderr);
    assert!(
        said.contains("CMD-FAILED") && said.contains("exit code 9"),
        "{said}"
    );
}

#[test]
fn only_what_is_staged_is_handed_over() {
    let repo = logging();
    repo.write("a.txt", "a\n").write("b.txt", "b\n");
    repo.git(&["add", "a.txt"]);
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(repo.logged(), "a.txt\n");
}

/// Case 11: a failed commit leaves the exact status and no litter.
#[test]
fn a_failed_commit_leaves_everything_as_it_was() {
    let repo = refusing();
    repo.write("both.txt", "staged\n")
        .write("gone.txt", "x\n")
        .commit("base");
    repo.write("both.txt", "staged twice\n");
    repo.git(&["add", "both.txt"]);
    repo.write("both.txt", "staged twice\nunstaged\n")
        .write("new.txt", "untracked\n");
    fs::remove_file(repo.path.join("gone.txt")).expect("it was there");
    let (status, index) = (repo.status(), repo.git(&["ls-files", "--stage"]));
    assert!(!repo.try_git(&["commit", "-m", "no"]).status.success());
    assert_eq!(repo.status(), status);
    assert_eq!(repo.git(&["ls-files", "--stage"]), index);
    assert_eq!(repo.read("both.txt"), "staged twice\nunstaged\n");
    assert_eq!(repo.git(&["stash", "list"]), "");
    assert!(!repo.has(".git/index.lock"));
}

/// Case 6: intent-to-add entries are not staged content, and survive.
#[test]
fn intent_to_add_survives_and_is_not_judged() {
    let repo = logging();
    repo.write("planned.txt", "later\n")
        .write("now.txt", "now\n");
    repo.git(&["add", "--intent-to-add", "planned.txt"]);
    repo.git(&["add", "now.txt"]);
    repo.git(&["commit", "-q", "-m", "now"]);
    assert_eq!(repo.logged(), "now.txt\n");
    assert_eq!(repo.status(), " A planned.txt");
    assert_eq!(repo.read("planned.txt"), "later\n");
}

/// Case 7: the first commit of all, partially staged, with a check that says no.
#[test]
fn the_first_commit_loses_nothing() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  no: { run: 'exit 1', files: none, reads: files }\n",
    );
    repo.installed();
    repo.write("a.txt", "staged\n").stage();
    repo.write("a.txt", "staged\nunstaged\n");
    let status = repo.status();
    assert!(!repo.try_git(&["commit", "-m", "first"]).status.success());
    assert_eq!(repo.status(), status);
    assert_eq!(repo.read("a.txt"), "staged\nunstaged\n");
    assert!(!repo.try_git(&["rev-parse", "HEAD"]).status.success());
}

/// Case 9: whatever the content is, its bytes stay.
#[test]
fn bytes_modes_and_links_are_preserved() {
    let repo = refusing();
    repo.git(&["config", "core.autocrlf", "true"]);
    repo.write("link-to-be", "text\n")
        .write("mode.sh", "#!/bin/sh\n")
        .commit("base");
    let binary: Vec<u8> = (0..=255).collect();
    repo.write("binary.bin", &binary)
        .write("latin.txt", b"caf\xe9\n")
        .write("crlf.txt", "one\r\ntwo\r\n");
    fs::remove_file(repo.path.join("link-to-be")).expect("it was there");
    symlink("mode.sh", repo.path.join("link-to-be")).expect("a link");
    fs::set_permissions(repo.path.join("mode.sh"), fs::Permissions::from_mode(0o755))
        .expect("a mode");
    repo.stage();
    let status = repo.status();
    let before = repo
        .guard("run pre-commit --format json --plan")
        .run()
        .json();
    assert!(!repo.try_git(&["commit", "-m", "no"]).status.success());
    assert_eq!(repo.status(), status);
    assert_eq!(
        fs::read(repo.path.join("binary.bin")).expect("there"),
        binary
    );
    assert_eq!(
        fs::read(repo.path.join("latin.txt")).expect("there"),
        b"caf\xe9\n"
    );
    assert_eq!(repo.read("crlf.txt"), "one\r\ntwo\r\n");
    assert_eq!(
        fs::read_link(repo.path.join("link-to-be"))
            .expect("a link")
            .to_str(),
        Some("mode.sh")
    );
    assert_eq!(before["verdict"], "passed");
}

/// Case 10: the user's own git configuration changes nothing of the answer.
#[test]
fn the_users_git_configuration_changes_nothing() {
    let repo = logging();
    repo.write("a.txt", "a  \n")
        .write("dir/ü.txt", "b\n")
        .stage();
    let plain = repo
        .guard("run pre-commit --format json --plan")
        .run()
        .json();
    for (key, value) in [
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.external", "false"),
        ("color.ui", "always"),
        ("apply.whitespace", "error"),
        ("core.quotePath", "true"),
        ("diff.renames", "copies"),
        ("status.showUntrackedFiles", "no"),
        ("diff.ignoreSubmodules", "all"),
        ("diff.orderFile", "/dev/null"),
    ] {
        repo.git(&["config", key, value]);
        let with = repo
            .guard("run pre-commit --format json --plan")
            .run()
            .json();
        assert_eq!(with["data"], plain["data"], "{key}={value}");
    }
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(repo.logged(), "a.txt\ndir/ü.txt\n");
}

/// Case 12: a merge in progress keeps its heads; unmerged entries are refused by name.
#[test]
fn a_merge_in_progress_is_kept() {
    let repo = refusing();
    repo.write("a.txt", "base\n").commit("base");
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.write("a.txt", "theirs\n").commit("theirs");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a.txt", "ours\n").commit("ours");
    assert!(!repo.try_git(&["merge", "other"]).status.success());

    let unmerged = repo.guard("run pre-commit").run();
    assert_eq!(unmerged.code, 2, "{}", unmerged.err);
    assert!(unmerged.err.contains("a.txt"), "{}", unmerged.err);
    assert_eq!(unmerged.out, "");

    repo.write("a.txt", "merged\n").stage();
    let message = repo.read(".git/MERGE_MSG");
    assert!(!repo.try_git(&["commit", "--no-edit"]).status.success());
    assert!(repo.has(".git/MERGE_HEAD"));
    assert_eq!(repo.read(".git/MERGE_MSG"), message);
}

/// Case 13: what somebody else saves during the run survives, whoever is blamed for it.
#[test]
fn a_save_during_the_run_survives() {
    let repo = Repo::new();
    repo.write("b.txt", "before\n").write(
        "guard.yaml",
        "commands:\n  editor: { run: 'echo saved > b.txt; true {files}', files: [a.txt] }\n",
    );
    repo.commit("base");
    repo.installed();
    repo.write("a.txt", "a\n").stage();
    let commit = repo.try_git(&["commit", "-q", "-m", "a"]);
    let said = String::from_utf8_lossy(&commit.stderr);
    assert!(
        said.contains("`b.txt` changed while `editor` ran"),
        "{said}"
    );
    assert_eq!(repo.read("b.txt"), "saved\n");
    assert_eq!(repo.status(), "A  a.txt\n M b.txt");
}

/// Case 14: the temporary index of `-a` and `-- path` is what is judged, and the real one stays right.
#[test]
fn the_temporary_index_of_git_commit_is_honoured() {
    let repo = logging();
    repo.write("a.txt", "a\n")
        .write("b.txt", "b\n")
        .write("c.txt", "c\n")
        .commit("base");

    repo.write("a.txt", "a2\n").write("b.txt", "b2\n");
    repo.git(&["commit", "-q", "-a", "-m", "all"]);
    assert_eq!(repo.take_log(), "a.txt\nb.txt\n");
    assert_eq!(repo.status(), "");

    repo.write("a.txt", "a3\n").write("b.txt", "b3\n");
    repo.git(&["add", "b.txt"]);
    repo.git(&["commit", "-q", "-m", "one", "--", "a.txt"]);
    assert_eq!(repo.take_log(), "a.txt\n");
    assert_eq!(repo.status(), "M  b.txt");

    repo.git(&["commit", "-q", "-m", "b"]);
    repo.take_log();
    repo.write("c.txt", "c2\n");
    let patch = repo
        .git_command(&["commit", "-q", "-p", "-m", "hunk"])
        .stdin(std::process::Stdio::from(answers(&repo, "y\n")))
        .output()
        .expect("git runs");
    assert!(
        patch.status.success(),
        "{}",
        String::from_utf8_lossy(&patch.stderr)
    );
    assert_eq!(repo.take_log(), "c.txt\n");
    assert_eq!(repo.status(), "");
}

fn answers(repo: &Repo, text: &str) -> fs::File {
    let path = repo.beside("answers");
    fs::write(&path, text).expect("a file");
    fs::File::open(path).expect("a file")
}

/// Case 17: a commit that only deletes.
#[test]
fn a_commit_that_only_deletes_runs_what_needs_no_files() {
    let repo = Repo::new();
    repo.write("a.txt", "a\n").write(
        "guard.yaml",
        "commands:\n\
         \x20 with: { run: 'printf \"with %s\\n\" {files} >> ../log', files: ['*.txt'] }\n\
         \x20 without: { run: 'echo without >> ../log', files: ['*.txt'], reads: files }\n\
         \x20 other: { run: 'echo other >> ../log', files: ['*.md'], reads: files }\n",
    );
    repo.commit("base");
    repo.installed();
    repo.git(&["rm", "-q", "a.txt"]);
    repo.git(&["commit", "-q", "-m", "gone"]);
    assert_eq!(repo.logged(), "without\n");
}

#[test]
fn a_mode_change_and_a_type_change_are_changes() {
    let repo = logging();
    repo.write("mode.txt", "m\n")
        .write("type.txt", "t\n")
        .commit("base");
    fs::set_permissions(
        repo.path.join("mode.txt"),
        fs::Permissions::from_mode(0o755),
    )
    .expect("a mode");
    fs::remove_file(repo.path.join("type.txt")).expect("it was there");
    symlink("mode.txt", repo.path.join("type.txt")).expect("a link");
    repo.stage();
    repo.git(&["commit", "-q", "-m", "change"]);
    assert_eq!(
        repo.logged(),
        "mode.txt\n",
        "a link is no text to hand over"
    );
}

#[test]
fn a_dirty_submodule_is_left_alone() {
    let inner = Repo::new();
    inner.write("x.txt", "x\n").commit("inner");
    let repo = logging();
    repo.git(&[
        "submodule",
        "--quiet",
        "add",
        inner.path.to_str().expect("text"),
        "sub",
    ]);
    repo.commit("submodule");
    repo.take_log();
    repo.write("sub/x.txt", "dirty\n").write("a.txt", "a\n");
    repo.git(&["add", "a.txt"]);
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(repo.logged(), "a.txt\n");
    assert_eq!(repo.read("sub/x.txt"), "dirty\n");
}
