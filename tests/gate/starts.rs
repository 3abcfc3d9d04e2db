//! How many processes a hook starts where the git program reads and nothing matches.

use std::fs;

use crate::support::Repo;

/// A repository in which no command's files match, with two commits and a staged file.
fn unmatched(init: &[&str]) -> Repo {
    let all = [&["init", "-q", "--initial-branch=main"], init].concat();
    let repo = Repo::with(&all);
    repo.write(
        "guard.yaml",
        "commands:\n  no: { run: 'false {files}', files: ['*.none'] }\n",
    )
    .commit("configure");
    repo.write("a.txt", "1\n").commit("a");
    repo.write("a.txt", "2\n").stage();
    repo
}

/// Runs a hook that finds nothing to do, and tells git's commands that it started.
fn started(repo: &Repo, hook: &str, stdin: &str) -> Vec<String> {
    let trace = repo.beside("trace");
    let ran = repo
        .guard(&format!("hook {hook}"))
        .env("GIT_TRACE2", &trace)
        .stdin(stdin)
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let text = fs::read_to_string(&trace).unwrap_or_default();
    let named = text
        .lines()
        .filter_map(|line| line.split_once(" cmd_name "));
    let words = named.filter_map(|(_, rest)| rest.split_whitespace().next());
    words.map(str::to_owned).collect()
}

#[test]
fn a_commit_starts_git_as_often_as_it_must() {
    let repo = unmatched(&["--object-format=sha256"]);
    assert_eq!(
        started(&repo, "pre-commit --", ""),
        ["diff-index", "cat-file", "cat-file"]
    );
    let repo = unmatched(&[]);
    assert!(started(&repo, "pre-commit --", "").is_empty());
    repo.git(&["update-index", "--split-index"]);
    assert_eq!(started(&repo, "pre-commit --", ""), ["diff-index"]);
}

#[test]
fn a_push_that_goes_on_starts_git_as_often_as_it_must() {
    let repo = unmatched(&["--object-format=sha256"]);
    let (old, new) = (repo.id("HEAD~1"), repo.id("HEAD"));
    let line = format!("refs/heads/main {new} refs/heads/main {old}\n");
    // The last one lists the pushed commit: the project's own tools are those of what is pushed.
    // Then come its commits, what each brings, and the contents, all at once: their sizes and their bytes.
    let wanted = [
        "cat-file",
        "merge-base",
        "diff-tree",
        "diff-tree",
        "rev-list",
        "diff-tree",
        "cat-file",
        "cat-file",
    ];
    assert_eq!(started(&repo, "pre-push -- origin url", &line), wanted);
}
