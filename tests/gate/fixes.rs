//! Fixes at a commit, through real git: they reach the commit, and nothing of the user's is lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::Repo;

/// A repository in which `bad` is replaced by `good` at each commit, and then refused.
fn fixing() -> Repo {
    fixing_with("")
}

fn fixing_with(more: &str) -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  words:\n    run: '! grep -n bad {{files}}'\n    fix: sed -i s/bad/good/ {{files}}\n    fix_on_commit: true\n    files: [\"*.txt\"]\n    at: [commit]\n{more}"
        ),
    )
    .commit("configure");
    repo.installed();
    repo
}

fn committed(repo: &Repo, path: &str) -> String {
    repo.git(&["show", &format!("HEAD:{path}")])
}

#[test]
fn a_fix_reaches_the_commit_and_the_work_tree() {
    let repo = fixing();
    repo.write("a.txt", "a bad day\n").stage();
    fs::set_permissions(repo.path.join("a.txt"), fs::Permissions::from_mode(0o755))
        .expect("a mode");
    repo.stage();
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(committed(&repo, "a.txt"), "a good day");
    assert_eq!(repo.read("a.txt"), "a good day\n");
    assert_eq!(repo.status(), "");
    let mode = fs::metadata(repo.path.join("a.txt"))
        .expect("there")
        .permissions();
    assert_eq!(mode.mode() & 0o777, 0o755);
    assert!(
        repo.git(&["ls-tree", "HEAD", "a.txt"])
            .starts_with("100755")
    );
}

/// Case 3: the fix is committed, and the unstaged hunk stays unstaged.
#[test]
fn a_fix_elsewhere_in_a_partially_staged_file_is_merged() {
    let repo = fixing();
    repo.write("a.txt", "1\n2\n3\n4\n5\n6\n").commit("base");
    repo.write("a.txt", "bad 1\n2\n3\n4\n5\n6\n").stage();
    repo.write("a.txt", "bad 1\n2\n3\n4\n5\nsix, unstaged\n");
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(committed(&repo, "a.txt"), "good 1\n2\n3\n4\n5\n6");
    assert_eq!(repo.read("a.txt"), "good 1\n2\n3\n4\n5\nsix, unstaged\n");
    assert_eq!(repo.status(), " M a.txt");
}

/// Case 2: the commit is refused, every byte is kept, and the message names file and remedy.
#[test]
fn a_fix_that_meets_an_unstaged_line_is_refused() {
    let repo = fixing();
    repo.write("a.txt", "1\n2\n").commit("base");
    repo.write("a.txt", "bad 1\n2\n")
        .write("b.txt", "bad too\n")
        .stage();
    repo.write("a.txt", "bad 1, and more\n2\n");
    let (status, index) = (repo.status(), repo.git(&["ls-files", "--stage"]));
    let commit = repo.try_git(&["commit", "-m", "a"]);
    assert!(!commit.status.success());
    let said = String::from_utf8_lossy(&commit.stderr);
    for word in ["FIX-COLLIDES", "a.txt", "stage or set aside"] {
        assert!(said.contains(word), "{word} in {said}");
    }
    assert_eq!(repo.read("a.txt"), "bad 1, and more\n2\n");
    assert_eq!(repo.read("b.txt"), "bad too\n", "one refusal refuses all");
    assert_eq!(
        (repo.status(), repo.git(&["ls-files", "--stage"])),
        (status, index)
    );
}

/// Case 15: two fixers of one file never lose one another's edit.
#[test]
fn two_fixers_of_one_file_both_count() {
    let repo = fixing_with(
        "  ends:\n    run: '! grep -n END {files}'\n    fix: sed -i s/END/end/ {files}\n    fix_on_commit: true\n    files: [\"*.txt\"]\n    at: [commit]\n",
    );
    for turn in 0..10 {
        repo.write("a.txt", format!("bad {turn} END\n")).stage();
        repo.git(&["commit", "-q", "-m", "a"]);
        assert_eq!(committed(&repo, "a.txt"), format!("good {turn} end"));
        assert_eq!(repo.status(), "");
    }
}

/// Case 14: the index that git commits from gets the fix, and the real one does not go stale.
#[test]
fn fixes_reach_the_temporary_index_too() {
    let repo = fixing();
    repo.write("a.txt", "a\n")
        .write("b.txt", "b\n")
        .commit("base");

    repo.write("a.txt", "bad a\n").write("b.txt", "bad b\n");
    repo.git(&["commit", "-q", "-a", "-m", "all"]);
    assert_eq!(committed(&repo, "a.txt"), "good a");
    assert_eq!(committed(&repo, "b.txt"), "good b");
    assert_eq!(repo.status(), "");

    repo.write("a.txt", "bad a again\n")
        .write("b.txt", "bad b, staged\n");
    repo.git(&["add", "b.txt"]);
    repo.git(&["commit", "-q", "-m", "one", "--", "a.txt"]);
    assert_eq!(committed(&repo, "a.txt"), "good a again");
    assert_eq!(repo.read("a.txt"), "good a again\n");
    assert_eq!(repo.status(), "M  b.txt", "neither stale nor dragged in");
    assert_eq!(repo.read("b.txt"), "bad b, staged\n");
    assert!(!repo.has(".git/index.lock"));
}

/// Case 16: an index.lock of somebody else is waited for, and then said.
#[test]
fn a_held_index_lock_is_said_and_nothing_is_half_done() {
    let repo = fixing();
    repo.write("a.txt", "bad\n").stage();
    repo.write(".git/index.lock", "");
    let ran = repo.guard("run pre-commit --fix --format json").run();
    let report = ran.json();
    let fix = &report["checks"][0];
    assert_eq!(fix["outcome"], "unknown", "{report}");
    assert_eq!(fix["id"], "fix");
    assert!(fix["reason"].to_string().contains("index.lock"), "{fix}");
    assert_eq!(repo.read("a.txt"), "bad\n");
    assert_eq!(
        repo.read(".git/index.lock"),
        "",
        "it is not guard's to remove"
    );
    fs::remove_file(repo.path.join(".git/index.lock")).expect("there");
    assert_eq!(repo.status(), "A  a.txt");
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(committed(&repo, "a.txt"), "good");
}

/// Case 20: a fix that leaves nothing to commit is refused, unless that is allowed.
#[test]
fn a_fix_that_empties_the_commit_is_refused_unless_allowed() {
    let repo = fixing();
    repo.write("a.txt", "good\n").commit("base");
    repo.write("a.txt", "bad\n").stage();
    let commit = repo.try_git(&["commit", "-m", "nothing"]);
    assert!(!commit.status.success());
    let said = String::from_utf8_lossy(&commit.stderr);
    assert!(said.contains("FIX-EMPTY"), "{said}");
    assert_eq!(repo.read("a.txt"), "bad\n");
    assert_eq!(repo.status(), "M  a.txt");

    let config = repo.read("guard.yaml");
    repo.write("guard.yaml", format!("{config}empty_fix: allow\n"));
    let ran = repo.guard("run pre-commit").run();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(repo.read("a.txt"), "good\n");
}

/// Case 21: only files of the change are written back.
#[test]
fn a_fix_drags_nothing_else_into_the_commit() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  all:\n    run: 'true'\n    fix: 'sed -i s/bad/good/ *.txt; echo generated > lock.json; rm -f gone.txt'\n    fix_on_commit: true\n    files: [\"*.txt\"]\n",
    )
    .write("other.txt", "bad, and not in the change\n")
    .write("gone.txt", "x\n")
    .commit("configure");
    repo.installed();
    repo.write("a.txt", "bad\n");
    repo.git(&["add", "a.txt"]);
    let ran = repo.guard("run pre-commit --format json").run();
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let codes: Vec<String> = ran.json()["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| format!("{} {}", finding["code"], finding["path"]).replace('"', ""))
        .collect();
    assert_eq!(
        codes,
        [
            "FIX-ASIDE gone.txt",
            "FIX-ASIDE other.txt",
            "FIX-APPLIED a.txt"
        ]
    );
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(committed(&repo, "a.txt"), "good");
    assert_eq!(repo.read("other.txt"), "bad, and not in the change\n");
    assert!(repo.has("gone.txt") && !repo.has("lock.json"));
    assert_eq!(repo.status(), "");
}

#[test]
fn line_ends_and_clean_filters_are_git_s_own() {
    let repo = fixing();
    repo.git(&["config", "filter.up.clean", "tr a-z A-Z"]);
    repo.git(&["config", "filter.up.smudge", "tr A-Z a-z"]);
    repo.write(
        ".gitattributes",
        "crlf.txt text eol=crlf\nup.txt filter=up\n",
    )
    .commit("attributes");
    repo.write("crlf.txt", "bad\r\nmore\r\n")
        .write("up.txt", "bad\n")
        .stage();
    repo.write("crlf.txt", "bad\r\nmore\r\nunstaged\r\n");
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(repo.read("crlf.txt"), "good\r\nmore\r\nunstaged\r\n");
    assert_eq!(repo.read("up.txt"), "good\n");
    assert_eq!(committed(&repo, "crlf.txt"), "good\nmore");
    assert_eq!(committed(&repo, "up.txt"), "GOOD");
    assert_eq!(repo.status(), " M crlf.txt");
}

/// At a push nothing is written back, whatever is asked for.
#[test]
fn a_push_writes_nothing_back() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  words: { run: '! grep -n bad {files}', fix: 'sed -i s/bad/good/ {files}', fix_on_commit: true, files: [\"*.txt\"] }\n",
    )
    .write("a.txt", "bad\n")
    .commit("base");
    let ran = repo
        .guard("run pre-push --all-files --fix --format json")
        .run();
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(repo.read("a.txt"), "bad\n");
    let finding = &ran.json()["findings"][0];
    assert_eq!(finding["fix"], "safe");
    assert!(
        finding["help"]
            .to_string()
            .contains("`guard fix` repairs it"),
        "{finding}"
    );
    assert!(ran.err.contains("at a commit only"), "{}", ran.err);
}

/// A fixer that is cut short leaves nothing that may be written back.
#[test]
fn a_fixer_that_is_cut_short_writes_nothing() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  words: { run: 'true', fix: 'echo half > a.txt; sleep 60', timeout: 300ms, fix_on_commit: true, files: [\"*.txt\"] }\n",
    )
    .commit("base");
    repo.write("a.txt", "whole\n").stage();
    let ran = repo.guard("run pre-commit --format json").run();
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(repo.read("a.txt"), "whole\n");
    assert!(
        ran.json()["checks"][0]["reason"]
            .to_string()
            .contains("timed out"),
        "{}",
        ran.out
    );
}

/// The plan says what would be repaired, and repairs nothing.
#[test]
fn a_plan_repairs_nothing() {
    let repo = fixing();
    repo.write("a.txt", "bad\n").stage();
    let ran = repo.guard("run pre-commit --plan --format json").run();
    assert_eq!(ran.code, 0);
    let steps = ran.json()["data"]["steps"].clone();
    assert_eq!(steps[0]["id"], "fix");
    assert_eq!(steps[0]["reason"], "repairs what is staged: words");
    assert_eq!(repo.read("a.txt"), "bad\n");
}

/// What a person sees of a fix.
#[test]
fn a_fix_is_told_in_a_line() {
    let repo = fixing();
    repo.write("a.txt", "bad\n").stage();
    let ran = repo.guard("run pre-commit").run();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("`words` fixed `a.txt`") || ran.out.contains("`words` fixed `a.txt`"),
        "{}{}",
        ran.out,
        ran.err
    );
}
