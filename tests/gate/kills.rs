//! SIGKILL at random moments, and an editor that saves all the time: nothing of the user's is lost.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::Repo;

/// How often: the whole number where CI has the time.
const COMMITS: u64 = if cfg!(feature = "slow-tests") {
    200
} else {
    12
};

const BASE: &str = "1\n2\n3\n4\n5\n6\n7\n8\n";

fn repository(fix_on_commit: bool) -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  words:\n    run: '! grep -n bad {{files}}'\n    fix: sed -i s/bad/good/ {{files}}\n    fix_on_commit: {fix_on_commit}\n    files: [\"*.txt\"]\n    at: [commit]\n"
        ),
    );
    for name in ["a.txt", "b.txt", "c.txt"] {
        repo.write(name, BASE);
    }
    repo.commit("base");
    repo.installed();
    repo
}

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    /// git and its hook: git's own locks are then git's.
    Commit,
    /// guard alone: whatever lock is left is guard's.
    Guard,
}

fn start(repo: &Repo, victim: Victim) -> Child {
    let mut command = match victim {
        Victim::Commit => repo.git_command(&["commit", "-q", "-m", "killed"]),
        Victim::Guard => repo.guard("run pre-commit").command(),
    };
    // A group of its own, so that all go at once.
    command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().expect("it starts")
}

fn kill(mut child: Child) {
    let group = format!("-{}", child.id());
    let _ = std::process::Command::new("kill")
        .args(["-KILL", "--", &group])
        .stderr(Stdio::null())
        .status();
    let _ = child.wait();
}

/// Pseudo-random waits that are the same every time.
fn wait(turn: u64) -> Duration {
    let mixed = turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    Duration::from_micros(mixed % 60_000)
}

fn staged_and_unstaged(turn: u64, bad: &str) -> (String, String) {
    let staged = BASE.replace("1\n", &format!("{bad}one {turn}\n"));
    let unstaged = staged.replace("8\n", &format!("eight, unstaged {turn}\n"));
    (staged, unstaged)
}

fn survives(fix: bool, victim: Victim) {
    let repo = repository(fix);
    let bad = if fix { "bad " } else { "" };
    for turn in 0..COMMITS {
        let (staged, unstaged) = staged_and_unstaged(turn, bad);
        for name in ["a.txt", "b.txt", "c.txt"] {
            repo.write(name, &staged);
        }
        repo.git(&["add", "a.txt", "b.txt", "c.txt"]);
        for name in ["a.txt", "b.txt", "c.txt"] {
            repo.write(name, &unstaged);
        }
        let child = start(&repo, victim);
        std::thread::sleep(wait(turn));
        kill(child);

        let fixed = unstaged.replace("bad ", "good ");
        for name in ["a.txt", "b.txt", "c.txt"] {
            let now = repo.read(name);
            assert!(
                now == unstaged || now == fixed,
                "turn {turn}, {name}:\n{now}"
            );
        }
        let stray: Vec<_> = fs::read_dir(&repo.path)
            .expect("the work tree is there")
            .map(|entry| entry.expect("an entry").file_name())
            .filter(|name| {
                !["a.txt", "b.txt", "c.txt", "guard.yaml", ".git"]
                    .iter()
                    .any(|known| name == known)
            })
            .collect();
        assert!(stray.is_empty(), "turn {turn}: {stray:?}");
        for lock in ["index.lock", "HEAD.lock", "refs/heads/main.lock"] {
            let held = repo.path.join(".git").join(lock);
            if held.exists() {
                assert_eq!(victim, Victim::Commit, "turn {turn}: guard left {lock}");
                fs::remove_file(held).expect("it is there");
            }
        }
        // The next commit works, and everything that was wanted is there.
        repo.git(&["commit", "-q", "-a", "--allow-empty", "-m", "next"]);
        assert_eq!(repo.read("a.txt"), fixed, "turn {turn}");
        assert_eq!(
            repo.git(&["show", "HEAD:a.txt"]),
            fixed.trim_end(),
            "turn {turn}"
        );
        assert_eq!(repo.status(), "", "turn {turn}");
    }
    let leftovers = repo.git(&["stash", "list"]);
    assert_eq!(leftovers, "");
}

#[test]
fn partially_staged_commits_that_are_killed_lose_nothing() {
    survives(false, Victim::Commit);
}

#[test]
fn fixes_that_are_killed_lose_nothing() {
    survives(true, Victim::Commit);
}

#[test]
fn a_guard_that_is_killed_leaves_no_lock() {
    survives(true, Victim::Guard);
}

/// An editor that saves while a fix is written back: every save survives.
#[test]
fn an_editor_that_saves_during_a_fix_loses_nothing() {
    let tries = if cfg!(feature = "slow-tests") {
        500
    } else {
        15
    };
    let repo = repository(true);
    for turn in 0..tries {
        let (staged, _) = staged_and_unstaged(turn, "bad ");
        repo.write("a.txt", &staged);
        repo.git(&["add", "a.txt"]);
        let mut commit = repo.git_command(&["commit", "-q", "-m", "a"]);
        let mut commit = commit.stderr(Stdio::piped()).spawn().expect("git starts");
        let mut last = String::new();
        for save in 0.. {
            if commit.try_wait().expect("a child").is_some() {
                break;
            }
            // The editor works on what it last read, and saves its own line.
            let line = format!("eight, saved {turn} {save}\n");
            let now = repo.read("a.txt");
            let mut lines: Vec<&str> = now.split_inclusive('\n').collect();
            lines.pop();
            lines.push(&line);
            let text = lines.concat();
            if save % 2 == 0 {
                repo.write("a.txt", &text);
            } else {
                repo.write("a.txt.swp", &text);
                fs::rename(repo.path.join("a.txt.swp"), repo.path.join("a.txt")).expect("a save");
            }
            last = line;
            std::thread::sleep(wait(turn * 31 + save) / 20);
        }
        let output = commit.wait_with_output().expect("git ends");
        let now = repo.read("a.txt");
        assert!(
            last.is_empty() || now.ends_with(&last),
            "turn {turn}: {last:?} is not in\n{now}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(now.lines().count(), 8, "turn {turn}:\n{now}");
        repo.git(&[
            "commit",
            "-q",
            "--no-verify",
            "-a",
            "--allow-empty",
            "-m",
            "rest",
        ]);
    }
}
