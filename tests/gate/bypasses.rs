//! What was passed over is remembered until a push has shown it, whoever looks at it meanwhile.

use crate::support::Repo;

/// A repository whose commits are judged, with a remote.
fn guarded() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  words: { run: '! grep -n bad {files}', files: ['*.txt'] }\n",
    )
    .commit("configure");
    repo.remote("origin");
    repo.git(&["push", "-q", "origin", "main"]);
    repo.installed();
    repo
}

fn push(repo: &Repo) -> String {
    let output = repo.try_git(&["push", "origin", "main"]);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

/// It is recorded as every skip is; told as what it was, since nothing left the machine by it.
#[test]
fn a_skip_in_a_run_of_ci_is_shown_at_the_push_as_one_that_let_nothing_through() {
    let repo = guarded();
    repo.write("a.txt", "good\n").commit("a");
    let ran = repo
        .guard("run ci --from HEAD~1 --format json")
        .env("GUARD_SKIP", "words")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(ran.json()["checks"][1]["outcome"], "skipped");
    let again = repo.guard("run ci --from HEAD~1 --format json").run();
    let finding = &again.json()["findings"][0];
    assert_eq!(finding["code"], "GATE-BYPASS", "{finding}");
    let message = finding["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("GUARD_SKIP words at ci, "), "{message}");
    let help = finding["help"].as_str().unwrap_or_default();
    assert!(help.starts_with("nothing was let through by it"), "{help}");
    let said = push(&repo);
    assert!(said.contains("GUARD_SKIP words at ci"), "{said}");
    let after = repo.guard("run ci --from HEAD~1 --format json").run();
    assert_eq!(after.json()["findings"].as_array().map(Vec::len), Some(0));
}

/// Who only asks what a push would bring pushes nothing: the push itself is still to be told.
#[cfg(target_os = "linux")]
#[test]
fn a_push_by_hand_keeps_bypasses_for_the_push() {
    let repo = guarded();
    repo.write("a.txt", "good\n").stage();
    let off = repo
        .git_command(&["commit", "-q", "-m", "a"])
        .env("GUARD", "0")
        .output()
        .expect("git runs");
    assert!(off.status.success());
    for _ in 0..2 {
        let terminal = std::fs::File::options()
            .read(true)
            .write(true)
            .open("/dev/ptmx")
            .expect("a terminal");
        let by_hand = repo.guard("run pre-push --format json").command();
        let output = { by_hand }
            .stdin(terminal)
            .output()
            .expect("the binary runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains("GUARD=0 at pre-commit"), "{said}");
        assert!(said.contains("\"words\""), "the change is judged: {said}");
    }
    assert!(push(&repo).contains("GUARD=0 at pre-commit"));
    let rest = repo.guard("run ci --from HEAD~1 --format json").run();
    assert_eq!(rest.json()["findings"].as_array().map(Vec::len), Some(0));
}
