//! The base of a CI run.

use crate::change::{Base, ChangeSet, ci};
use crate::repository::RepositoryError;
use crate::repository::tests::{Repo, both, brief};

/// What both readers say in a clone, called with these variables.
fn judge(repo: &Repo, variables: &[(&str, &str)]) -> ChangeSet {
    let environment = repo.environment_with(variables);
    both(|| repo.open(), |r| ci(r, &environment)).unwrap()
}

/// A clone of a repository whose default branch is `trunk`, on a branch of two commits.
fn branched() -> (Repo, Repo) {
    let source = Repo::new();
    source.git(&["branch", "-m", "trunk"]);
    source.commit("base", "1");
    let clone = source.cloned(&[]);
    source.commit("later", "1");
    clone.git(&["checkout", "-q", "-b", "topic"]);
    clone.commit("one", "1");
    clone.commit("two", "1");
    (source, clone)
}

#[test]
fn without_variables_it_is_the_default_branch_wherever_it_is() {
    let (_source, clone) = branched();
    let set = judge(&clone, &[]);
    assert_eq!(brief(&set.files), ["A one", "A two"]);
    let base = clone.id("HEAD~2").short();
    let said = format!("since {base}, the merge base with the default branch `origin/HEAD`");
    assert_eq!((set.reason, set.findings), (said, vec![]));

    // Another name for the remote, no HEAD there, the default branch not here under its usual name.
    clone.git(&["remote", "rename", "origin", "up"]);
    clone.git(&["symbolic-ref", "-d", "refs/remotes/up/HEAD"]);
    clone.git(&["branch", "-D", "trunk"]);
    clone.git(&["config", "init.defaultBranch", "trunk"]);
    let set = judge(&clone, &[]);
    assert_eq!(brief(&set.files), ["A one", "A two"]);
    assert!(set.reason.ends_with("`up/trunk`"), "{}", set.reason);
}

#[test]
fn what_the_service_says_comes_first() {
    let (_source, clone) = branched();
    let before = clone.id("HEAD~1").to_string();
    let set = judge(&clone, &[("CI_COMMIT_BEFORE_SHA", &before)]);
    assert_eq!(brief(&set.files), ["A two"]);
    assert!(
        set.reason.contains("(CI_COMMIT_BEFORE_SHA)"),
        "{}",
        set.reason
    );
    let set = judge(&clone, &[("GITHUB_BASE_REF", "trunk")]);
    assert_eq!(brief(&set.files), ["A one", "A two"]);
    assert!(
        set.reason.contains("`origin/trunk` (GITHUB_BASE_REF)"),
        "{}",
        set.reason
    );
    // A new branch has only zeros before it.
    let set = judge(&clone, &[("CI_COMMIT_BEFORE_SHA", &"0".repeat(40))]);
    assert_eq!(brief(&set.files), ["A one", "A two"]);
}

#[test]
fn where_nothing_is_known_all_files_count_and_it_is_said() {
    let (_source, clone) = branched();
    let shallow = clone.cloned(&["--depth=1", "-b", "topic"]);
    let gone = clone.id("HEAD~1");
    let set = judge(&shallow, &[("CI_COMMIT_BEFORE_SHA", &gone.to_string())]);
    assert_eq!(brief(&set.files), ["A base", "A one", "A two"]);
    assert_eq!(set.findings.len(), 1);
    let finding = &set.findings[0];
    assert_eq!(finding.code.id, "GATE-ALL-FILES");
    let lost = format!(
        "{} (CI_COMMIT_BEFORE_SHA) is not in this clone",
        gone.short()
    );
    assert!(finding.message.contains(&lost), "{}", finding.message);
    assert!(finding.help.contains("--unshallow"), "{}", finding.help);
}

#[test]
fn the_default_branch_is_not_judged_against_itself() {
    let repo = Repo::new();
    repo.commit("a", "1");
    let set = judge(&repo, &[]);
    assert_eq!(brief(&set.files), ["A a"]);
    assert_eq!(set.findings.len(), 1);
    let said = "HEAD is in the default branch `main` already";
    assert!(set.reason.contains(said), "{}", set.reason);
}

#[test]
fn a_pull_request_s_merge_commit_changes_what_the_request_changes() {
    let (source, clone) = branched();
    clone.git(&["fetch", "-q"]);
    clone.git(&["checkout", "-q", "--detach", "origin/trunk"]);
    clone.git(&["merge", "-q", "--no-ff", "-m", "x", "topic"]);
    let set = judge(&clone, &[("GITHUB_BASE_REF", "trunk")]);
    assert_eq!(brief(&set.files), ["A one", "A two"]);
    assert_eq!(set.base, Some(Base::Commit(source.id("HEAD"))));
}

#[test]
fn before_the_first_commit_there_is_nothing_to_judge() {
    let repo = Repo::new();
    let environment = repo.environment();
    let error = both(|| repo.open(), |r| ci(r, &environment)).unwrap_err();
    assert!(
        matches!(error, RepositoryError::UnknownRevision { .. }),
        "{error:?}"
    );
}
