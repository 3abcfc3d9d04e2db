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
