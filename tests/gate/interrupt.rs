//! Signals: children are dead within a second, and the tree is as it was.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Repo;

/// A repository whose hook starts a child and a grandchild that both want to live for a minute.
fn slow() -> Repo {
    let repo = Repo::new();
    repo.script(
        "slow.sh",
        "#!/bin/sh\ntrap '' HUP\nsleep 61 &\necho $! >> ../pids\nsetsid sleep 62 &\necho $! >> ../pids\necho $$ >> ../pids\ntouch ../ready\nwait\n",
    );
    repo.write(
        "guard.yaml",
        "commands:\n  slow: { run: ./slow.sh, files: none, reads: files }\n",
    )
    .commit("configure");
    repo.installed();
    repo.write("both.txt", "staged\n").stage();
    repo.write("both.txt", "staged\nunstaged\n");
    repo
}

fn until(what: &str, limit: Duration, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < limit, "{what} took longer than {limit:?}");
        std::thread::yield_now();
    }
}

fn alive(pid: &str) -> bool {
    // A zombie is dead: only its parent has not looked yet.
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        !stat
            .rsplit(") ")
            .next()
            .is_some_and(|rest| rest.starts_with('Z'))
    })
}

fn signal(name: &str, target: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, "--", target])
        .status()
        .expect("kill runs");
    assert!(sent.success());
}

/// Starts `git commit` in a process group of its own and waits until the command runs.
fn commit(repo: &Repo) -> Child {
    let child = repo
        .git_command(&["commit", "-m", "slow"])
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git starts");
    let ready = repo.beside("ready");
    until("the start", Duration::from_secs(20), || ready.exists());
    child
}

fn children_are_dead(repo: &Repo, within: Duration) {
    let pids = fs::read_to_string(repo.beside("pids")).expect("the command wrote them");
    assert_eq!(pids.lines().count(), 3);
    for pid in pids.lines() {
        until("the end of a child", within, || !alive(pid));
    }
}

fn untouched(repo: &Repo, status: &str) {
    assert_eq!(repo.status(), status);
    assert_eq!(repo.read("both.txt"), "staged\nunstaged\n");
    assert_eq!(repo.git(&["stash", "list"]), "");
    assert!(!Path::new(&repo.path.join(".git/index.lock")).exists());
}

/// Case 4.
#[test]
fn ctrl_c_ends_everything_within_a_second() {
    let repo = slow();
    let (status, head) = (repo.status(), repo.id("HEAD"));
    let mut child = commit(&repo);
    signal("INT", &format!("-{}", child.id()));
    children_are_dead(&repo, Duration::from_secs(1));
    let ended = child.wait().expect("git ends");
    assert!(!ended.success());
    untouched(&repo, &status);
    assert_eq!(repo.id("HEAD"), head);
}

/// Case 5.
#[test]
fn two_quick_ctrl_c_and_the_other_signals_leave_the_tree() {
    for signals in [&["INT", "INT"][..], &["TERM"], &["HUP"]] {
        let repo = slow();
        let status = repo.status();
        let mut child = commit(&repo);
        for name in signals {
            signal(name, &format!("-{}", child.id()));
        }
        children_are_dead(&repo, Duration::from_secs(1));
        assert!(!child.wait().expect("git ends").success(), "{signals:?}");
        untouched(&repo, &status);
    }
}

/// Case 5: nothing can be done about SIGKILL, and nothing needs to be.
#[test]
fn a_kill_leaves_the_tree() {
    let repo = slow();
    let status = repo.status();
    let mut child = commit(&repo);
    signal("KILL", &format!("-{}", child.id()));
    child.wait().expect("git ends");
    let _ = fs::remove_file(repo.path.join(".git/index.lock"));
    untouched(&repo, &status);
    for pid in fs::read_to_string(repo.beside("pids"))
        .expect("written")
        .lines()
    {
        let _ = Command::new("kill")
            .args(["-s", "KILL", pid])
            .stderr(Stdio::null())
            .status();
    }
}

#[test]
fn the_exit_code_names_the_signal_and_the_report_says_interrupted() {
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 143)] {
        let repo = slow();
        let child = repo
            .guard("run pre-commit --format json")
            .command()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let ready = repo.beside("ready");
        until("the start", Duration::from_secs(20), || ready.exists());
        signal(name, &child.id().to_string());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(code), "{name}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
        assert_eq!(report["verdict"], "interrupted");
        children_are_dead(&repo, Duration::from_secs(1));
    }
}
