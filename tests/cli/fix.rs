//! `guard fix`: which files, by whom, what is written, what is said, and how it ends.

use crate::support::Repo;

/// A repository whose `words` replaces `bad` by `good`, pushed to a remote.
fn fixing() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  words:\n    run: '! grep -n bad {files}'\n    fix: sed -i s/bad/good/ {files}\n    files: [\"*.txt\"]\n",
    )
    .write("old.txt", "bad, and old\n")
    .commit("configure");
    repo.remote("origin");
    repo.git(&["push", "-q", "--no-verify", "-u", "origin", "main"]);
    repo
}

#[test]
fn what_is_staged_is_fixed_in_the_index_and_in_the_work_tree() {
    let repo = fixing();
    repo.write("a.txt", "bad\n")
        .write("b.txt", "bad too\n")
        .stage();
    repo.write("c.txt", "bad, not staged\n");
    let ran = repo.guard("fix").run();
    insta::assert_snapshot!(ran.whole(), @"
    exit 0
    --- out
    · the fixes are staged: `git diff --cached` shows them, `guard run pre-commit`
      judges what is left
    ✓ guard fix: fixed 2 files: a.txt, b.txt · [TIME]
    --- err
    ");
    assert_eq!(repo.read("a.txt"), "good\n");
    assert_eq!(repo.git(&["show", ":b.txt"]), "good too");
    assert_eq!(repo.read("c.txt"), "bad, not staged\n");
    assert_eq!(repo.read("old.txt"), "bad, and old\n");
    assert_eq!(repo.status(), "A  a.txt\nA  b.txt\n?? c.txt");
    assert_eq!(repo.guard("run pre-commit").run().code, 0);
}

#[test]
fn where_nothing_is_staged_it_is_what_a_push_would_send() {
    let repo = fixing();
    repo.write("a.txt", "bad\n").commit("a");
    repo.write("b.txt", "fine\n").commit("b");
    let pushed = repo.guard("run pre-push --format json").stdin(format!(
        "refs/heads/main {} refs/heads/main {}\n",
        repo.id("HEAD"),
        repo.id("origin/main")
    ));
    let pushed = pushed.run();
    assert_eq!(pushed.code, 1, "{}", pushed.whole());
    let help = pushed.json()["findings"][0]["help"].to_string();
    assert!(
        help.contains("`guard fix` repairs it, then commit and push again"),
        "{help}"
    );
    // Work that is not staged is merged.
    repo.write("b.txt", "fine, and more\n");
    let ran = repo.guard("fix --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let report = ran.json();
    assert_eq!(report["command"], "fix");
    assert_eq!(report["findings"][0]["code"], "FIX-APPLIED");
    assert_eq!(report["findings"][0]["path"], "a.txt");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(repo.status(), "M  a.txt\n M b.txt");
    assert_eq!(
        repo.read("old.txt"),
        "bad, and old\n",
        "it is pushed already"
    );
}

#[test]
fn the_first_push_of_a_branch_is_what_the_remote_lacks() {
    let repo = fixing();
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo.write("a.txt", "bad\n").commit("a");
    let ran = repo.guard("fix").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.status(), "M  a.txt");
}

#[test]
fn without_a_remote_it_is_what_the_default_branch_lacks() {
    let repo = fixing();
    repo.git(&["remote", "remove", "origin"]);
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo.write("a.txt", "bad\n").commit("a");
    let ran = repo.guard("fix").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.status(), "M  a.txt");
}

#[test]
fn nothing_to_fix_is_good() {
    let repo = fixing();
    let ran = repo.guard("fix").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(
        ran.out.contains("nothing to fix (nothing changed)"),
        "{}",
        ran.out
    );
    repo.write("a.txt", "good\n").stage();
    let ran = repo.guard("fix").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(ran.out.contains("nothing was to be fixed"), "{}", ran.out);
    let none = Repo::new();
    let ran = none.guard("fix").run();
    assert_eq!(ran.code, 0, "without a commit: {}", ran.whole());
    assert!(ran.out.contains("no command has a `fix`"), "{}", ran.out);
}

#[test]
fn all_files_and_a_range_are_what_they_say() {
    let repo = fixing();
    repo.write("a.txt", "bad\n").commit("a");
    repo.write("b.txt", "bad\n").commit("b");
    let range = repo.guard("fix --from HEAD~1").run();
    assert_eq!(range.code, 0, "{}", range.whole());
    assert_eq!(repo.status(), "M  b.txt");
    let earlier = repo.guard("fix --from HEAD~2 --to HEAD~1").run();
    assert_eq!(earlier.code, 0, "{}", earlier.whole());
    assert_eq!(repo.status(), "M  a.txt\nM  b.txt");
    let all = repo.guard("fix --all-files").run();
    assert_eq!(all.code, 0, "{}", all.whole());
    assert_eq!(repo.status(), "M  a.txt\nM  b.txt\nM  old.txt");
}

#[test]
fn a_fix_that_meets_unstaged_work_is_refused_and_nothing_is_written() {
    let repo = fixing();
    repo.write("a.txt", "bad 1\n2\n")
        .write("b.txt", "bad\n")
        .stage();
    repo.write("a.txt", "bad 1, and more\n2\n");
    let before = (repo.status(), repo.git(&["ls-files", "--stage"]));
    let ran = repo.guard("fix").run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    for word in ["FIX-COLLIDES", "a.txt", "nothing was written"] {
        assert!(ran.out.contains(word), "{word} in {}", ran.out);
    }
    assert_eq!(repo.read("a.txt"), "bad 1, and more\n2\n");
    assert_eq!(repo.read("b.txt"), "bad\n");
    assert_eq!((repo.status(), repo.git(&["ls-files", "--stage"])), before);
}

#[test]
fn a_plan_changes_nothing_on_disk() {
    let repo = fixing();
    repo.write("a.txt", "bad\n").stage();
    for flag in ["--plan", "--dry-run"] {
        let ran = repo.guard("fix --format json").arg(flag).run();
        assert_eq!(ran.code, 0, "{}", ran.whole());
        let step = ran.json()["data"]["steps"][0].clone();
        assert_eq!(step["reason"], "repairs by words (1 file)");
        assert_eq!(step["will"], "run");
    }
    assert_eq!(repo.read("a.txt"), "bad\n");
    assert!(!repo.has(".git/guard"), "not even a folder of its own");
    assert!(!repo.home().join(".state/guard").exists());
}

#[test]
fn only_and_skip_choose_the_fixers() {
    let repo = fixing();
    let config = repo.read("guard.yaml");
    repo.write(
        "guard.yaml",
        config + "  ends: { run: 'true', fix: 'sed -i s/END/end/ {files}', files: ['*.txt'] }\n  judge: { run: 'true' }\n",
    );
    repo.write("a.txt", "bad END\n").stage();
    let only = repo.guard("fix --only ends").run();
    assert_eq!(only.code, 0, "{}", only.whole());
    assert_eq!(repo.read("a.txt"), "bad end\n");
    let skip = repo.guard("fix --skip ends").run();
    assert_eq!(skip.code, 0, "{}", skip.whole());
    assert_eq!(repo.read("a.txt"), "good end\n");
    let judge = repo.guard("fix --only judge").run();
    assert_eq!(judge.code, 0, "{}", judge.whole());
    let unknown = repo.guard("fix --only wrds").run();
    assert_eq!((unknown.code, &*unknown.out), (2, ""));
    assert!(
        unknown.err.contains("did you mean `words`?"),
        "{}",
        unknown.err
    );
}

#[test]
fn codes_choose_what_is_mended() {
    let repo = fixing();
    repo.write("a.txt", "bad\n").stage();
    let stranger = repo.guard("fix HOOK-LINE").run();
    assert_eq!(stranger.code, 0, "{}", stranger.whole());
    assert!(
        stranger.err.contains("no fix here mends HOOK-LINE"),
        "{}",
        stranger.err
    );
    assert_eq!(repo.read("a.txt"), "bad\n");
    let unknown = repo.guard("fix CMD-FALED").run();
    assert_eq!((unknown.code, &*unknown.out), (2, ""));
    assert!(
        unknown.err.contains("did you mean `CMD-FAILED`?"),
        "{}",
        unknown.err
    );
    let ran = repo.guard("fix cmd-failed HOOK-LINE").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.read("a.txt"), "good\n");
}

/// What could be mended is, and what is left is no success.
#[test]
fn a_fixer_that_leaves_something_is_said() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  words: { run: 'true', fix: 'sed -i s/bad/good/ {files}; echo worse is left; exit 1', files: ['*.txt'] }\n",
    )
    .commit("configure");
    repo.write("a.txt", "bad and worse\n").stage();
    let ran = repo.guard("fix").run();
    insta::assert_snapshot!(ran.whole(), @"
    exit 1
    --- out
    error[FIX-LEFT]: the fix of `words` did not mend everything: exit code 1
      help: what it mended is staged; its output says what is left

    · why it matters: `guard explain FIX-LEFT`
    · the fixes are staged: `git diff --cached` shows them, `guard run pre-commit`
      judges what is left
    ✗ guard fix: `words` did not mend everything; fixed 1 file: a.txt · [TIME]
    --- err
    ✗ fix failed: `words` did not mend everything · [TIME]
      worse is left

    ");
    assert_eq!(repo.read("a.txt"), "good and worse\n");
}

#[test]
fn a_fixer_that_cannot_run_is_unknown_and_one_without_end_fails() {
    let repo = Repo::new();
    let config = |fix: &str| {
        format!(
            "commands:\n  words: {{ run: 'true', fix: '{fix}', files: ['*.txt'], timeout: 300ms }}\n"
        )
    };
    repo.write("guard.yaml", config("no-such-fixer {files}"))
        .commit("configure");
    repo.write("a.txt", "bad\n").stage();
    let missing = repo.guard("fix").run();
    assert_eq!(missing.code, 3, "{}", missing.whole());
    assert!(missing.out.contains("no-such-fixer"), "{}", missing.out);
    repo.write("guard.yaml", config("echo half > a.txt; sleep 60"));
    let endless = repo.guard("fix").run();
    assert_eq!(endless.code, 1, "{}", endless.whole());
    assert!(
        endless.out.contains("timed out after 300ms"),
        "{}",
        endless.out
    );
    assert_eq!(repo.read("a.txt"), "bad\n");
}

/// `on_unknown: warn` is for hooks.
#[test]
fn what_could_not_be_fixed_is_never_green() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "on_unknown: warn\ncommands:\n  words: { run: 'true', fix: 'no-such-fixer {files}', files: ['*.txt'] }\n",
    )
    .commit("configure");
    repo.write("a.txt", "bad\n").stage();
    assert_eq!(repo.guard("fix").run().code, 3);
}

#[test]
fn a_fix_that_takes_back_what_is_staged_is_refused_unless_allowed() {
    let repo = fixing();
    repo.write("a.txt", "good\n").commit("a");
    repo.write("a.txt", "bad\n").stage();
    let ran = repo.guard("fix").run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert!(ran.out.contains("FIX-EMPTY"), "{}", ran.out);
    assert_eq!(repo.read("a.txt"), "bad\n");
}

#[test]
fn wrong_usage_prints_no_data() {
    let repo = fixing();
    for words in [
        "fix --to HEAD",
        "fix --from HEAD --all-files",
        "fix --from nowhere",
    ] {
        let ran = repo.guard(words).run();
        assert_eq!((ran.code, &*ran.out), (2, ""), "{words}: {}", ran.whole());
    }
}
