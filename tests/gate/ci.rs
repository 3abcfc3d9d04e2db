//! A range of commits for CI, shallow clones included.

use std::fs;

use crate::support::Repo;

/// main with one commit, and a branch with two more.
fn branched() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  log: {{ run: 'printf \"%s\\n\" {{files}} >> {log}; cat \"$@\" > {log}.seen', files: ['*.txt'], at: [ci] }}\n",
            log = repo.beside("log").display()
        ),
    );
    repo.write("m0.txt", "m0\n").commit("m0");
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo.write("n1.txt", "n1\n").commit("n1");
    repo.write("n2.txt", "n2\n").commit("n2");
    repo
}

#[test]
fn a_range_is_judged_from_a_to_b() {
    let repo = branched();
    let ran = repo.guard("run ci --from HEAD~1 --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.take_log(), "n2.txt\n");
    assert_eq!(ran.json()["summary"]["files"], 1);
    assert_eq!(ran.json()["summary"]["bytes"], 3);
    assert_eq!(ran.json()["moment"], "ci");
    let ran = repo.guard("run ci --from main --to HEAD").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.take_log(), "n1.txt\nn2.txt\n");
}

#[test]
fn a_range_that_ends_elsewhere_is_not_judged_by_the_work_tree() {
    let repo = branched();
    let ran = repo
        .guard("run ci --from main --to HEAD~1 --format json")
        .run();
    assert_eq!(ran.code, 0, "n1 is the same in both: {}", ran.whole());
    assert_eq!(repo.take_log(), "n1.txt\n");
    repo.write("n1.txt", "changed\n").commit("n1 again");
    let ran = repo
        .guard("run ci --from main --to HEAD~2 --format json")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.take_log(), "n1.txt\n");
    let seen = fs::read_to_string(repo.beside("log.seen")).expect("it ran");
    assert_eq!(seen, "n1\n", "as it was in that commit");
}

#[test]
fn what_the_other_branch_did_is_not_in_the_range() {
    let repo = branched();
    repo.git(&["checkout", "-q", "main"]);
    repo.write("m1.txt", "m1\n").commit("m1");
    repo.git(&["checkout", "-q", "feature"]);
    let ran = repo.guard("run ci --from main").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.logged(), "n1.txt\nn2.txt\n");
}

#[test]
fn without_a_base_the_default_branch_gives_it() {
    let repo = branched();
    let bare = repo.remote("origin");
    repo.git(&["push", "-q", "--no-verify", "origin", "main"]);
    repo.git(&["remote", "set-head", "origin", "main"]);
    let ran = repo.guard("run ci").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.take_log(), "n1.txt\nn2.txt\n");
    assert!(bare.is_dir());
}

#[test]
fn without_any_base_all_files_are_judged_and_that_is_said() {
    let repo = branched();
    repo.git(&["branch", "-D", "main"]);
    let ran = repo.guard("run ci --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.take_log(), "m0.txt\nn1.txt\nn2.txt\n");
    let finding = &ran.json()["findings"][0];
    assert_eq!(finding["code"], "GATE-ALL-FILES");
    assert_eq!(finding["severity"], "info");
}

#[test]
fn the_cis_own_variables_give_the_base() {
    let repo = branched();
    repo.remote("origin");
    repo.git(&["push", "-q", "--no-verify", "origin", "main", "feature"]);
    let pull = repo
        .guard("run ci")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_EVENT_NAME", "pull_request")
        .env("GITHUB_BASE_REF", "main")
        .run();
    assert_eq!(pull.code, 0, "{}", pull.whole());
    assert_eq!(repo.take_log(), "n1.txt\nn2.txt\n");

    let event = repo.beside("event.json");
    fs::write(&event, format!("{{\"before\":\"{}\"}}", repo.id("HEAD~1"))).expect("a file");
    let push = repo
        .guard("run ci")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_EVENT_NAME", "push")
        .env("GITHUB_EVENT_PATH", &event)
        .run();
    assert_eq!(push.code, 0, "{}", push.whole());
    assert_eq!(repo.take_log(), "n2.txt\n");

    let gitlab = repo
        .guard("run ci")
        .env("GITLAB_CI", "true")
        .env("CI_MERGE_REQUEST_DIFF_BASE_SHA", repo.id("main"))
        .run();
    assert_eq!(gitlab.code, 0, "{}", gitlab.whole());
    assert_eq!(repo.take_log(), "n1.txt\nn2.txt\n");
}

#[test]
fn a_shallow_clone_judges_everything_or_says_what_to_fetch() {
    let repo = branched();
    let shallow = Repo::with(&["version"]);
    fs::remove_dir_all(&shallow.path).expect("it is empty");
    let url = format!("file://{}", repo.path.display());
    repo.git(&[
        "clone",
        "-q",
        "--depth=1",
        &url,
        shallow.path.to_str().expect("text"),
    ]);
    let all = shallow.guard("run ci --format json").run();
    assert_eq!(all.code, 0, "{}", all.whole());
    assert_eq!(repo.take_log(), "m0.txt\nn1.txt\nn2.txt\n");
    assert_eq!(all.json()["findings"][0]["code"], "GATE-ALL-FILES");

    let missing = repo.id("main");
    let unknown = shallow
        .guard("run ci --format json --from")
        .arg(&missing)
        .run();
    assert_eq!(unknown.code, 3, "{}", unknown.whole());
    assert!(unknown.whole().contains("git fetch"), "{}", unknown.whole());
}

#[test]
fn a_name_that_does_not_exist_is_wrong_usage_with_the_nearest() {
    let repo = branched();
    let ran = repo.guard("run ci --from mian").run();
    assert_eq!(ran.code, 2, "{}", ran.whole());
    assert_eq!(ran.out, "");
    assert!(
        ran.err.contains("mian") && ran.err.contains("main"),
        "{}",
        ran.err
    );
}

#[test]
fn all_files_means_every_tracked_file() {
    let repo = branched();
    repo.write("untracked.txt", "u\n");
    let ran = repo.guard("run ci --all-files").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.logged(), "m0.txt\nn1.txt\nn2.txt\n");
}

/// A clone of `of` made as a CI service makes it.
fn clone(of: &Repo, args: &[&str]) -> Repo {
    let clone = Repo::with(&["version"]);
    fs::remove_dir_all(&clone.path).expect("it is empty");
    let url = format!("file://{}", of.path.display());
    let to = clone.path.to_str().expect("text");
    let args = [&["clone", "-q"], args, &[&url, to]].concat();
    of.git(&args);
    clone
}

/// Which files were judged, and the first finding's message and help.
fn judged(repo: &Repo, log: &Repo, variables: &[(&str, &str)]) -> (String, String) {
    let mut guard = repo.guard("run ci --format json");
    for (name, value) in variables {
        guard = guard.env(name, value);
    }
    let ran = guard.run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let finding = ran.json()["findings"][0].clone();
    let said = format!("{} {}", finding["message"], finding["help"]);
    (
        log.take_log().replace(".txt\n", " ").trim().to_owned(),
        said,
    )
}

/// `branched`, and main has gone on: what GitHub checks out for a pull request is the merge of both.
fn merged() -> (Repo, String) {
    let repo = branched();
    repo.git(&["checkout", "-q", "main"]);
    repo.write("m1.txt", "m1\n").commit("m1");
    repo.git(&["checkout", "-q", "--detach"]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
    repo.git(&["update-ref", "refs/heads/pull-7-merge", "HEAD"]);
    let merge = repo.id("HEAD");
    repo.git(&["checkout", "-q", "feature"]);
    (repo, merge)
}

#[test]
fn a_github_pull_request_needs_no_more_than_the_merge_and_its_parents() {
    let (repo, merge) = merged();
    let event = repo.beside("event.json");
    let text = format!(
        "{{\"action\":\"synchronize\",\"before\":\"{}\",\"pull_request\":{{\"base\":{{\"sha\":\"{}\"}}}}}}",
        repo.id("feature~1"),
        repo.id("main~1"),
    );
    fs::write(&event, text).expect("a file");
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_BASE_REF", "main"),
        ("GITHUB_HEAD_REF", "feature"),
        ("GITHUB_REF", "refs/pull/7/merge"),
        ("GITHUB_SHA", merge.as_str()),
        ("GITHUB_EVENT_PATH", event.to_str().expect("text")),
    ];
    let two = clone(&repo, &["--depth=2", "-b", "pull-7-merge"]);
    assert_eq!(judged(&two, &repo, &variables).0, "n1 n2");
    // What is not the service's merge may have parents of any kind.
    let elsewhere = "1".repeat(40);
    let mut own = variables;
    own[5].1 = &elsewhere;
    assert_eq!(judged(&two, &repo, &own).0, "m0 m1 n1 n2");
    let one = clone(&repo, &["--depth=1", "-b", "pull-7-merge"]);
    let (files, said) = judged(&one, &repo, &variables);
    assert_eq!(files, "m0 m1 n1 n2");
    assert!(said.contains("`fetch-depth: 0`"), "{said}");
}

/// The last push of a pull request is less than all of it.
#[test]
fn before_counts_for_a_push_and_not_for_a_pull_request() {
    let repo = branched();
    let event = repo.beside("event.json");
    let path = event.to_str().expect("text").to_owned();
    let before = repo.id("HEAD~1");
    let push = [("GITHUB_EVENT_PATH", path.as_str())];
    fs::write(&event, format!("{{\"before\":\"{before}\"}}")).expect("a file");
    assert_eq!(judged(&repo, &repo, &push).0, "n2");
    let pull = format!("{{\"before\":\"{before}\",\"pull_request\":{{}}}}");
    fs::write(&event, pull).expect("a file");
    assert_eq!(judged(&repo, &repo, &push).0, "n1 n2");
}

#[test]
fn github_s_other_events_are_judged_by_what_they_are_about() {
    let repo = branched();
    repo.git(&["branch", "gone", "HEAD"]);
    let event = repo.beside("event.json");
    let path = event.to_str().expect("text").to_owned();
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_PATH", path.as_str()),
    ];
    let zeros = "0".repeat(40);
    let queue = format!(
        "{{\"merge_group\":{{\"base_sha\":\"{}\"}}}}",
        repo.id("HEAD~1")
    );
    for (what, text, files) in [
        ("a merge queue", queue.as_str(), "n2"),
        (
            "a new branch",
            &format!("{{\"before\":\"{zeros}\"}}"),
            "n1 n2",
        ),
        ("a schedule", "{\"schedule\":\"0 4 * * *\"}", "n1 n2"),
        ("by hand", "{\"inputs\":null}", "n1 n2"),
    ] {
        fs::write(&event, text).expect("a file");
        assert_eq!(judged(&repo, &repo, &variables).0, files, "{what}");
    }
    // A forced push whose old commit is nowhere any more.
    fs::write(&event, format!("{{\"before\":\"{}\"}}", "a".repeat(40))).expect("a file");
    assert_eq!(judged(&repo, &repo, &variables).0, "n1 n2");
    // A forced push to something else that is still known.
    repo.git(&["checkout", "-q", "-b", "other", "main"]);
    repo.write("o1.txt", "o1\n").commit("o1");
    fs::write(&event, format!("{{\"before\":\"{}\"}}", repo.id("gone"))).expect("a file");
    assert_eq!(judged(&repo, &repo, &variables).0, "o1");
    // A forced push back to an earlier commit: that is in the old history already.
    repo.git(&["checkout", "-q", "-b", "back", "gone~1"]);
    assert_eq!(judged(&repo, &repo, &variables).0, "n1");
}

/// A schedule or a tag on the default branch: no change is meant, so everything is judged.
#[test]
fn on_the_default_branch_without_a_push_everything_is_judged() {
    let repo = branched();
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["tag", "v1"]);
    repo.git(&["checkout", "-q", "v1"]);
    let tag = [("GITHUB_REF", "refs/tags/v1"), ("GITHUB_REF_TYPE", "tag")];
    let (files, said) = judged(&repo, &repo, &tag);
    assert_eq!(files, "m0");
    assert!(
        said.contains("in the default branch `main` already"),
        "{said}"
    );
}

/// A request whose target has it already was judged against itself: always good.
#[test]
fn what_is_merged_already_is_not_judged_against_itself() {
    let repo = branched();
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
    repo.git(&["checkout", "-q", "feature"]);
    let (files, said) = judged(&repo, &repo, &[("GITHUB_BASE_REF", "main")]);
    assert_eq!(files, "m0 n1 n2");
    assert!(
        said.contains("HEAD is in `main` (GITHUB_BASE_REF) already"),
        "{said}"
    );
}

#[test]
fn gitlab_s_pipelines_are_judged_by_what_they_are_about() {
    let repo = branched();
    let (base, before) = (repo.id("main"), repo.id("HEAD~1"));
    let zeros = "0".repeat(40);
    for (what, variables, files) in [
        (
            "a merge request",
            vec![
                ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.as_str()),
                ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
                ("CI_COMMIT_BEFORE_SHA", &zeros),
            ],
            "n1 n2",
        ),
        ("a push", vec![("CI_COMMIT_BEFORE_SHA", &before)], "n2"),
        (
            "a new branch",
            vec![
                ("CI_COMMIT_BEFORE_SHA", &zeros),
                ("CI_DEFAULT_BRANCH", "main"),
            ],
            "n1 n2",
        ),
        (
            "a pull request elsewhere",
            vec![("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME", "main")],
            "n1 n2",
        ),
    ] {
        let variables = [&[("GITLAB_CI", "true")], &variables[..]].concat();
        assert_eq!(judged(&repo, &repo, &variables).0, files, "{what}");
    }
    let shallow = clone(&repo, &["--depth=1", "-b", "feature"]);
    let variables = [
        ("GITLAB_CI", "true"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.as_str()),
    ];
    let (files, said) = judged(&shallow, &repo, &variables);
    assert_eq!(files, "m0 n1 n2");
    assert!(said.contains("GIT_DEPTH"), "{said}");
}

/// CircleCI names no base: what the pipeline knows is handed over, and may be nothing.
#[test]
fn a_from_without_a_commit_counts_as_none() {
    let repo = branched();
    for from in ["", &"0".repeat(40)] {
        let ran = repo
            .guard("run ci")
            .args(["--from", from])
            .env("CIRCLECI", "true")
            .env("CIRCLE_BRANCH", "feature")
            .run();
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert_eq!(repo.take_log(), "n1.txt\nn2.txt\n", "`{from}`");
    }
    let before = repo.id("HEAD~1");
    let ran = repo.guard("run ci --from").arg(&before).run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.take_log(), "n2.txt\n");
}

/// A repository whose `words` refuses `bad`, with hooks.
fn guarded() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  words: { run: '! grep -n bad {files}', files: ['*.txt'] }\n",
    )
    .commit("configure");
    repo.installed();
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo
}

#[test]
fn what_no_verify_let_pass_is_judged_again() {
    let repo = guarded();
    repo.write("a.txt", "bad\n").stage();
    assert!(!repo.try_git(&["commit", "-m", "a"]).status.success());
    repo.git(&["commit", "-q", "--no-verify", "-m", "a"]);
    let ran = repo.guard("run ci --format json").run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let findings = ran.json()["findings"].clone();
    assert_eq!(findings[0]["code"], "CMD-FAILED", "{findings}");
    assert_eq!(
        findings.as_array().map(Vec::len),
        Some(1),
        "it leaves no trace"
    );
}

#[test]
fn recorded_bypasses_are_named_in_ci_and_kept_for_the_push() {
    let repo = guarded();
    repo.remote("origin");
    repo.write("a.txt", "good\n").stage();
    let off = repo
        .git_command(&["commit", "-q", "-m", "a"])
        .env("GUARD", "0")
        .output()
        .expect("git runs");
    assert!(off.status.success());
    repo.write("b.txt", "good\n").stage();
    let skipped = repo
        .git_command(&["commit", "-q", "-m", "b"])
        .env("GUARD_SKIP", "words")
        .output()
        .expect("git runs");
    assert!(skipped.status.success());
    for _ in 0..2 {
        let ran = repo.guard("run ci --format json").run();
        assert_eq!(ran.code, 0, "{}", ran.whole());
        let said: Vec<String> = ran.json()["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|finding| {
                format!(
                    "{} {} {}",
                    finding["code"], finding["severity"], finding["message"]
                )
            })
            .collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(
            said[0].contains("GATE-BYPASS") && said[0].contains("info"),
            "{said:?}"
        );
        assert!(said[0].contains("GUARD=0 at pre-commit"), "{said:?}");
        assert!(
            said[1].contains("GUARD_SKIP words at pre-commit"),
            "{said:?}"
        );
    }
    let push = repo.try_git(&["push", "-q", "origin", "feature"]);
    let said =
        String::from_utf8_lossy(&push.stderr).into_owned() + &String::from_utf8_lossy(&push.stdout);
    assert!(
        said.contains("GATE-BYPASS"),
        "not forgotten for the push: {said}"
    );
    let after = repo.guard("run ci --format json").run();
    assert_eq!(
        after.json()["findings"].as_array().map(Vec::len),
        Some(0),
        "shown once"
    );
}
