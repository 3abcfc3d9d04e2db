//! Pass records when runs meet, are killed, and are interrupted.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{CONFIG, judge, path, ready, records, tool};
use crate::support::{Ran, Repo};

/// Waits for something that another process does.
fn until(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{what} took too long"
        );
        std::thread::yield_now();
    }
}

fn start(repo: &Repo) -> Child {
    let call = repo.guard("run ci --all-files --format json");
    let mut command = call.env("PATH", path(repo)).command();
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("the binary starts")
}

fn end(child: Child) -> Ran {
    Ran::of(&child.wait_with_output().expect("it ends"), "none")
}

#[test]
fn two_at_once_run_the_command_once() {
    let repo = ready(CONFIG);
    // The first goes on when the test says so; a second one would write a second line.
    tool(
        &repo,
        "touch ../started; while ! [ -e ../go ]; do sleep 0.02; done",
    );
    let first = start(&repo);
    until("the start", || repo.beside("started").exists());
    let second = start(&repo);
    let log = repo.path.join(".git/guard/records/flights");
    until("the second's wait", || {
        // It has the lock's file open, and only waiting makes it so.
        let fds = fs::read_dir(format!("/proc/{}/fd", second.id()))
            .into_iter()
            .flatten();
        fds.flatten()
            .any(|fd| fs::read_link(fd.path()).is_ok_and(|to| to.starts_with(&log)))
    });
    fs::write(repo.beside("go"), "").expect("written");
    let (first, second) = (end(first), end(second));
    assert_eq!(
        repo.take_log(),
        "ran\n",
        "{}{}",
        first.whole(),
        second.whole()
    );
    for (ran, cached) in [(&first, false), (&second, true)] {
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert_eq!(ran.json()["checks"][1]["cached"], cached, "{}", ran.whole());
    }
    assert_eq!(fs::read_dir(&log).expect("a folder").count(), 0);
}

#[test]
fn whoever_waits_for_a_failure_runs_it_himself() {
    let repo = ready(CONFIG);
    tool(
        &repo,
        "touch ../started; while ! [ -e ../go ]; do sleep 0.02; done",
    );
    repo.write(
        "guard.yaml",
        CONFIG.replace("echo ran >> ../log", "echo ran >> ../log; exit 1"),
    );
    let first = start(&repo);
    until("the start", || repo.beside("started").exists());
    let second = start(&repo);
    fs::write(repo.beside("go"), "").expect("written");
    assert_eq!((end(first).code, end(second).code), (1, 1));
    assert_eq!(repo.take_log(), "ran\nran\n");
}

#[test]
fn a_killed_run_leaves_no_pass_and_no_lock_that_holds() {
    let repo = ready(CONFIG);
    tool(
        &repo,
        "touch ../started; while ! [ -e ../go ]; do sleep 0.02; done",
    );
    let mut killed = start(&repo);
    until("the start", || repo.beside("started").exists());
    killed.kill().expect("killed");
    killed.wait().expect("gone");
    fs::write(repo.beside("go"), "").expect("written");
    assert_eq!(records(&repo).len(), 1, "its lock's file, and no record");
    repo.take_log();
    let ran = judge(&repo, "run ci --all-files");
    assert_eq!(ran.json()["checks"][1]["cached"], false, "{}", ran.whole());
    until("the end of the killed one's command", || {
        repo.logged().contains("ran")
    });
    assert!(!judge(&repo, "run ci --all-files").json()["checks"][1]["cached"].is_null());
    assert_eq!(
        judge(&repo, "run ci --all-files").json()["checks"][1]["cached"],
        true
    );
}

#[test]
fn killed_at_any_moment_what_is_written_is_whole() {
    let repo = ready(CONFIG);
    // Each run has a content of its own, and is killed after another number of turns.
    for round in 0..6_u32 {
        repo.write("a.txt", format!("{round}\n")).commit("round");
        let mut child = start(&repo);
        let turns = round * 8000;
        for _ in 0..turns {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().expect("gone");
        let ran = judge(&repo, "run ci --all-files");
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert_eq!(ran.json()["checks"][1]["outcome"], "passed");
        assert_eq!(
            judge(&repo, "run ci --all-files").json()["checks"][1]["cached"],
            true
        );
    }
}

#[test]
fn an_interrupted_run_is_not_remembered() {
    let repo = ready(CONFIG);
    tool(
        &repo,
        "touch ../started; while ! [ -e ../go ]; do sleep 0.02; done",
    );
    let child = start(&repo);
    until("the start", || repo.beside("started").exists());
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-s", "TERM", &id]).status();
    assert!(sent.expect("kill runs").success());
    assert_eq!(end(child).code, 143);
    assert_eq!(records(&repo), Vec::<PathBuf>::new());
}
