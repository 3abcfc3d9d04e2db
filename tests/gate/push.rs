//! Pushes through real git: each ref is judged by the commits that the remote lacks.

use std::fs;

use crate::support::Repo;

/// A repository with a remote `origin`, one pushed commit, and a pre-push hook that writes what it is handed to `../log`.
fn pushed() -> Repo {
    let repo = Repo::new();
    repo.remote("origin");
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  log: {{ run: 'printf \"%s\\n\" {{files}} >> {}; ! grep -H bad \"$@\"', files: ['*.txt'], at: [push] }}\n",
            repo.beside("log").display()
        ),
    );
    repo.write("m0.txt", "m0\n").commit("m0");
    repo.git(&["push", "-q", "origin", "main"]);
    repo.installed();
    repo
}

fn push(repo: &Repo, args: &[&str]) -> (bool, String) {
    let output = repo.try_git(&[&["push"], args].concat());
    // git leaves a pre-push hook's output where it is: the report comes out on standard output.
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

fn must_push(repo: &Repo, args: &[&str]) {
    let (fine, said) = push(repo, args);
    assert!(fine, "{said}");
}

/// Case 22.
#[test]
fn a_new_branch_is_judged_by_its_own_commits() {
    let repo = pushed();
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo.write("n1.txt", "n1\n").commit("n1");
    must_push(&repo, &["origin", "feature"]);
    assert_eq!(repo.logged(), "n1.txt\n");
}

#[test]
fn a_push_that_fails_its_check_changes_nothing_on_the_remote() {
    let repo = pushed();
    repo.write(
        "guard.yaml",
        "commands:\n  no: { run: 'exit 1', files: none, reads: files }\n",
    );
    repo.write("n1.txt", "n1\n").commit("n1");
    let before = repo.git(&["ls-remote", "origin"]);
    let (fine, said) = push(&repo, &["origin", "main"]);
    assert!(!fine && said.contains("CMD-FAILED"), "{said}");
    assert_eq!(repo.git(&["ls-remote", "origin"]), before);
}

/// Case 23, first half.
#[test]
fn an_update_is_judged_from_the_old_to_the_new() {
    let repo = pushed();
    repo.write("n1.txt", "n1\n").commit("n1");
    must_push(&repo, &["origin", "main"]);
    repo.take_log();
    repo.write("n2.txt", "n2\n").commit("n2");
    repo.write("n3.txt", "n3\n").commit("n3");
    must_push(&repo, &["origin", "main"]);
    assert_eq!(repo.logged(), "n2.txt\nn3.txt\n");
}

/// Case 23, second half: what main brought in by the rebase is not this push's doing.
#[test]
fn a_forced_push_after_a_rebase_leaves_mains_files_out() {
    let repo = pushed();
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo.write("n1.txt", "n1\n").commit("n1");
    must_push(&repo, &["origin", "feature"]);
    repo.git(&["checkout", "-q", "main"]);
    repo.write("m1.txt", "m1\n").commit("m1");
    must_push(&repo, &["origin", "main"]);
    repo.git(&["checkout", "-q", "feature"]);
    repo.git(&["rebase", "-q", "main"]);
    repo.take_log();
    must_push(&repo, &["--force", "origin", "feature"]);
    assert_eq!(repo.logged(), "n1.txt\n");
}

/// Case 24.
#[test]
fn several_refs_are_each_judged() {
    let repo = pushed();
    for name in ["f1", "f2"] {
        repo.git(&["checkout", "-q", "-b", name, "main"]);
        repo.write(format!("{name}.txt"), "x\n").commit(name);
    }
    let lines = format!(
        "refs/heads/f1 {} refs/heads/f1 {zero}\nrefs/heads/f2 {} refs/heads/f2 {zero}\n",
        repo.id("f1"),
        repo.id("f2"),
        zero = "0".repeat(40),
    );
    let ran = repo
        .guard("run pre-push --format json -- origin")
        .stdin(lines)
        .run();
    // f2 is checked out and runs in place; f1 is not, and is judged by its own content.
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let log = repo.logged();
    let mut names: Vec<&str> = log.lines().collect();
    names.sort_unstable();
    assert_eq!(names, ["f1.txt", "f2.txt"]);
}

#[test]
fn branches_match_the_remote_refs_short_name() {
    let repo = pushed();
    repo.write(
        "guard.yaml",
        "commands:\n\
         \x20 release: { run: 'echo release >> ../log', files: none, reads: files, branches: [main, 'release/*'] }\n",
    );
    repo.commit("configure");
    repo.git(&["checkout", "-q", "-b", "local"]);
    must_push(&repo, &["origin", "local:topic"]);
    assert_eq!(repo.take_log(), "");
    must_push(&repo, &["origin", "local:release/1"]);
    assert_eq!(repo.take_log(), "release\n");
}

#[test]
fn a_commit_pushed_to_two_refs_is_judged_once() {
    let repo = pushed();
    repo.write("n1.txt", "n1\n").commit("n1");
    must_push(&repo, &["origin", "main", "main:refs/heads/copy"]);
    assert_eq!(repo.logged(), "n1.txt\n");
}

/// Case 25: what is pushed is judged, wherever the work tree stands.
#[test]
fn a_branch_that_is_not_checked_out_is_never_judged_by_the_work_tree() {
    let repo = pushed();
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.write("other.txt", "bad\n").commit("other");
    repo.git(&["checkout", "-q", "main"]);
    let (fine, said) = push(&repo, &["origin", "other"]);
    assert!(!fine && said.contains("other.txt"), "{said}");
    assert_eq!(repo.logged(), "other.txt\n");
    repo.git(&["checkout", "-q", "other"]);
    repo.write("other.txt", "good\n").commit("mended");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("other.txt", "bad, and only here\n");
    must_push(&repo, &["origin", "other"]);
}

/// The committed content is bad, the work tree was mended and not committed.
#[test]
fn a_mended_work_tree_does_not_make_a_bad_commit_good() {
    let repo = pushed();
    repo.write("a.txt", "bad\n").commit("bad");
    repo.write("a.txt", "good\n");
    let (fine, said) = push(&repo, &["origin", "main"]);
    assert!(!fine && said.contains("a.txt"), "{said}");
    assert_eq!(repo.read("a.txt"), "good\n");
}

/// Case 26.
#[test]
fn a_deletion_costs_nothing() {
    let repo = pushed();
    repo.git(&["push", "-q", "--no-verify", "origin", "main:old"]);
    must_push(&repo, &["origin", ":old"]);
    assert_eq!(repo.logged(), "");
    repo.git(&["push", "-q", "--no-verify", "origin", "main:old"]);
    repo.write("n1.txt", "n1\n").commit("n1");
    must_push(&repo, &["origin", ":old", "main"]);
    assert_eq!(repo.logged(), "n1.txt\n");
}

/// Case 27.
#[test]
fn tags_are_judged_by_what_they_bring() {
    let repo = pushed();
    repo.git(&["tag", "light-old"]);
    repo.git(&["tag", "-a", "-m", "old", "annotated-old"]);
    must_push(&repo, &["origin", "light-old", "annotated-old"]);
    assert_eq!(repo.logged(), "");
    repo.write("n1.txt", "n1\n").commit("n1");
    repo.git(&["tag", "-a", "-m", "new", "annotated-new"]);
    must_push(&repo, &["origin", "annotated-new"]);
    assert_eq!(repo.take_log(), "n1.txt\n");
    repo.write("n2.txt", "n2\n").commit("n2");
    repo.git(&["tag", "light-new"]);
    must_push(&repo, &["origin", "light-new"]);
    assert!(repo.logged().contains("n2.txt"), "{}", repo.logged());
}

/// Case 28: the remote moved on without us.
#[test]
fn an_unknown_remote_object_is_no_obstacle() {
    let repo = pushed();
    let bare = repo.beside("origin.git");
    let other = repo.beside("other");
    repo.git(&[
        "clone",
        "-q",
        bare.to_str().expect("text"),
        other.to_str().expect("text"),
    ]);
    fs::write(other.join("theirs.txt"), "theirs\n").expect("a file");
    for args in [
        &["add", "."][..],
        &["commit", "-q", "-m", "theirs"],
        &["push", "-q", "origin", "main"],
    ] {
        let done = repo
            .git_command(args)
            .current_dir(&other)
            .status()
            .expect("git runs");
        assert!(done.success());
    }
    repo.write("n1.txt", "n1\n").commit("n1");
    must_push(&repo, &["--force", "origin", "main"]);
    assert_eq!(repo.logged(), "n1.txt\n");
}

#[test]
fn an_orphan_branch_brings_all_its_files() {
    let repo = pushed();
    repo.git(&["checkout", "-q", "--orphan", "fresh"]);
    repo.write("fresh.txt", "fresh\n").commit("fresh");
    must_push(&repo, &["origin", "fresh"]);
    assert_eq!(repo.logged(), "fresh.txt\nm0.txt\n");
}

#[test]
fn a_shallow_clone_pushes() {
    let repo = pushed();
    repo.write("n1.txt", "n1\n").commit("n1");
    repo.git(&["push", "-q", "--no-verify", "origin", "main"]);
    let shallow = Repo::with(&["version"]);
    fs::remove_dir_all(&shallow.path).expect("it is empty");
    let url = format!("file://{}", repo.beside("origin.git").display());
    let cloned = repo
        .git_command(&[
            "clone",
            "-q",
            "--depth=1",
            &url,
            shallow.path.to_str().expect("text"),
        ])
        .status()
        .expect("git runs");
    assert!(cloned.success());
    shallow.installed();
    shallow.git(&["checkout", "-q", "-b", "feature"]);
    shallow.write("n2.txt", "n2\n").commit("n2");
    must_push(&shallow, &["origin", "feature"]);
    assert_eq!(repo.logged(), "n2.txt\n");
}

#[test]
fn a_sha_256_repository_is_served_by_the_git_program() {
    let repo = Repo::with(&[
        "init",
        "-q",
        "--initial-branch=main",
        "--object-format=sha256",
    ]);
    let bare = repo.beside("origin.git");
    repo.git(&[
        "init",
        "-q",
        "--bare",
        "--object-format=sha256",
        bare.to_str().expect("text"),
    ]);
    repo.git(&["remote", "add", "origin", bare.to_str().expect("text")]);
    repo.write(
        "guard.yaml",
        "commands:\n  log: { run: 'printf \"%s\\n\" {files} >> ../log', files: ['*.txt'] }\n",
    );
    repo.write("a.txt", "a\n").stage();
    repo.installed();
    repo.git(&["commit", "-q", "-m", "first"]);
    assert_eq!(repo.take_log(), "a.txt\n");
    must_push(&repo, &["origin", "main"]);
    assert_eq!(repo.take_log(), "a.txt\n");
    repo.write("b.txt", "b\n").commit("b");
    must_push(&repo, &["origin", "main"]);
    assert_eq!(repo.logged(), "b.txt\n");
    let ran = repo.guard("run pre-commit -v").run();
    assert!(ran.err.contains("git program"), "{}", ran.whole());
}

/// Case 30.
#[test]
fn lines_that_cannot_be_read_are_said_aloud_and_the_others_judged() {
    let repo = pushed();
    repo.write("n1.txt", "n1\n").commit("n1");
    let good = format!(
        "refs/heads/main {} refs/heads/main {}",
        repo.id("HEAD"),
        repo.id("HEAD~1")
    );
    let ran = repo
        .guard("run pre-push --format json -- origin")
        .stdin(format!("what is this\n{good}\n\u{1b}[31mred\n"))
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.logged(), "n1.txt\n");
    let codes: Vec<String> = ran.json()["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| finding["code"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(codes, ["HOOK-LINE", "HOOK-LINE"]);
    let human = repo
        .guard("run pre-push -- origin")
        .stdin("\u{1b}[31mred\n")
        .run();
    assert!(!human.whole().contains('\u{1b}'), "{}", human.whole());
}

#[test]
fn no_lines_at_all_is_nothing_to_judge() {
    let repo = pushed();
    let ran = repo.guard("run pre-push --format json -- origin").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(ran.json()["verdict"], "passed");
    assert_eq!(repo.logged(), "");
}

#[test]
fn ten_thousand_refs_are_drained_before_anything_else() {
    let repo = pushed();
    let zero = "0".repeat(40);
    let lines: Vec<String> = (0..10_000)
        .map(|number| format!("(delete) {zero} refs/heads/gone-{number} {zero}\n"))
        .collect();
    let tip = repo.id("HEAD");
    let lines = lines.concat() + &format!("refs/heads/main {tip} refs/heads/new {zero}\n");
    // Not even a broken configuration makes the sender see a closed pipe.
    repo.write("guard.yaml", "comands: {}\n");
    let ran = repo.guard("run pre-push -- origin").stdin(lines).run();
    assert_eq!(ran.code, 2, "{}", ran.err);
}

/// Case 31.
#[test]
fn names_of_remotes_and_branches_do_not_matter() {
    let repo = Repo::new();
    let bare = repo.remote("upstream");
    repo.git(&["branch", "-m", "trunk"]);
    repo.write(
        "guard.yaml",
        "commands:\n  log: { run: 'printf \"%s\\n\" {files} >> ../log', files: ['*.txt'] }\n",
    );
    repo.write("m0.txt", "m0\n").commit("m0");
    repo.git(&["push", "-q", "upstream", "trunk:develop"]);
    repo.installed();
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo.git(&["branch", "-D", "trunk"]);
    repo.write("n1.txt", "n1\n").commit("n1");
    must_push(&repo, &["upstream", "feature"]);
    assert_eq!(repo.take_log(), "n1.txt\n");

    // By URL: git names no remote, and the remote is found by its address.
    repo.git(&["checkout", "-q", "-b", "feature-2"]);
    repo.write("n2.txt", "n2\n").commit("n2");
    must_push(&repo, &[bare.to_str().expect("text"), "feature-2"]);
    assert_eq!(repo.take_log(), "n2.txt\n");

    repo.git(&["config", "push.default", "matching"]);
    repo.write("n3.txt", "n3\n").commit("n3");
    must_push(&repo, &["upstream"]);
    assert_eq!(repo.take_log(), "n3.txt\n");

    // An address that nothing is known of: everything is judged, never less.
    let elsewhere = repo.beside("elsewhere.git");
    repo.git(&["init", "-q", "--bare", elsewhere.to_str().expect("text")]);
    must_push(&repo, &[elsewhere.to_str().expect("text"), "feature-2"]);
    assert_eq!(repo.take_log(), "m0.txt\nn1.txt\nn2.txt\nn3.txt\n");
}

#[test]
fn a_merge_of_main_into_the_branch_leaves_mains_files_out_of_a_new_branch() {
    let repo = pushed();
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo.write("n1.txt", "n1\n").commit("n1");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("m1.txt", "m1\n").commit("m1");
    must_push(&repo, &["origin", "main"]);
    repo.git(&["checkout", "-q", "feature"]);
    repo.git(&["merge", "-q", "--no-edit", "main"]);
    repo.take_log();
    must_push(&repo, &["origin", "feature"]);
    assert_eq!(repo.logged(), "n1.txt\n");
}

#[test]
fn a_tag_on_something_that_is_no_commit_is_unknown_and_never_green() {
    let repo = pushed();
    repo.git(&["tag", "tree", "main^{tree}"]);
    let (fine, said) = push(&repo, &["origin", "tree"]);
    assert!(!fine && said.contains("tree, not a commit"), "{said}");
    let skipped = repo
        .git_command(&["push", "-q", "origin", "tree"])
        .env("GUARD_SKIP", "change")
        .status()
        .expect("git runs");
    assert!(skipped.success());
}

#[test]
fn a_deletion_does_not_even_look_at_the_configuration() {
    let repo = pushed();
    repo.git(&["push", "-q", "--no-verify", "origin", "main:old"]);
    repo.write("guard.yaml", "comands: {}\n");
    must_push(&repo, &["origin", ":old"]);
}
