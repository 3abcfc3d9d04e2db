//! Every kind of `git commit` with its own index, held at its hook while the fix is written, and the lock.

use crate::config::valid::EmptyFix;
use std::ffi::OsString;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread;

use super::*;
use crate::environment::Environment;
use crate::process::signal::Interruption;

/// A `git commit` that stands still in its hook.
struct Held {
    child: Child,
    /// What git gave the hook.
    variables: Vec<(String, String)>,
    go: std::path::PathBuf,
}

impl Held {
    fn start(repo: &Repo, arguments: &[&str]) -> Self {
        let hook = repo.root.join(".git/hooks/pre-commit");
        let (told, go) = (repo.root.join(".git/told"), repo.root.join(".git/go"));
        for pipe in [&told, &go] {
            if !pipe.exists() {
                let mode = rustix::fs::Mode::from_raw_mode(0o600);
                rustix::fs::mkfifoat(rustix::fs::CWD, pipe, mode).unwrap();
            }
        }
        let script = format!(
            "#!/bin/sh\nenv | grep ^GIT_ > {}\ncat {} > /dev/null\n",
            told.display(),
            go.display()
        );
        fs::write(&hook, script).unwrap();
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
        let environment = repo.environment();
        let path: OsString = environment.os("PATH").unwrap().into();
        let child = Command::new("git")
            .args(arguments)
            .current_dir(&repo.root)
            .env_clear()
            .envs(environment.iter())
            .env("PATH", path)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut text = String::new();
        fs::File::open(&told)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        let variables = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self {
            child,
            variables,
            go,
        }
    }

    fn mend(&self, repo: &Repo, edits: &[Edit]) -> Result<Mended, MendError> {
        let variables: Vec<(&str, &str)> = self
            .variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut all: Vec<(OsString, OsString)> = repo
            .environment()
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        all.extend(
            variables
                .iter()
                .map(|(name, value)| (name.into(), value.into())),
        );
        let environment = Environment::of(&repo.root, all);
        let repository = crate::repository::Repository::discover(&environment).unwrap();
        mend(
            &repository,
            &environment,
            edits,
            EmptyFix::Block,
            &Cancel::new(),
        )
    }

    fn finish(mut self) {
        fs::write(&self.go, "go").unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

/// The edit of what a commit holds, by the index that it works on.
fn edit_in(repo: &Repo, held: &Held, path: &str, fixed: &str) -> Edit {
    let index = held
        .variables
        .iter()
        .find(|(name, _)| name == "GIT_INDEX_FILE");
    let index = repo.root.join(&index.unwrap().1);
    let output = Command::new("git")
        .args(["ls-files", "-s", "--", path])
        .current_dir(&repo.root)
        .env("GIT_INDEX_FILE", index)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let id = Id::parse(text.split_whitespace().nth(1).unwrap()).unwrap();
    Edit {
        path: path.into(),
        staged: Blob {
            id,
            mode: Mode::File,
        },
        fixed: fixed.into(),
    }
}

fn committed(repo: &Repo, path: &str) -> Vec<u8> {
    repo.try_git(&["cat-file", "blob", &format!("HEAD:{path}")])
        .stdout
}

#[test]
fn every_kind_of_commit_takes_the_fix_and_no_index_is_stale() {
    let kinds: [(&[&str], &str); 5] = [
        (&["commit", "-q", "-m", "x"], "M  other"),
        (&["commit", "-q", "-m", "x", "-a"], ""),
        (&["commit", "-q", "-m", "x", "-i", "--", "f"], ""),
        (&["commit", "-q", "-m", "x", "--", "f"], "M  other"),
        (
            &["commit", "-q", "-m", "x", "--amend", "--", "f"],
            "M  other",
        ),
    ];
    for (arguments, _) in kinds {
        let repo = Repo::new();
        repo.commit("first", "x\n");
        repo.commit("f", "old\n");
        repo.commit("other", "old\n");
        repo.commit("unstaged", "old\n");
        repo.stage("other", "new\n");
        repo.write("f", BASE);
        if arguments.len() == 4 {
            repo.git(&["add", "f"]);
        }
        let held = Held::start(&repo, arguments);
        let edit = edit_in(&repo, &held, "f", FIXED);
        held.mend(&repo, &[edit]).unwrap();
        held.finish();
        assert_eq!(committed(&repo, "f"), FIXED.as_bytes(), "{arguments:?}");
        assert_eq!(file(&repo, "f"), FIXED.as_bytes(), "{arguments:?}");
        assert_eq!(indexed(&repo, "f"), FIXED.as_bytes(), "{arguments:?}");
        let is_only = arguments.contains(&"--") && !arguments.contains(&"-i");
        let status = repo.git(&["status", "--porcelain"]);
        assert_eq!(
            status,
            if is_only { "M  other" } else { "" },
            "{arguments:?}"
        );
        is_tidy(&repo);
    }
}

#[test]
fn a_commit_by_another_index_leaves_the_real_one_alone() {
    let repo = with_f();
    let real = fs::read(repo.root.join(".git/index")).unwrap();
    let other = repo.root.join(".git/mine");
    fs::copy(repo.root.join(".git/index"), &other).unwrap();
    let edit = edit(&repo, "f", FIXED);
    mend_with(&repo, &[("GIT_INDEX_FILE", ".git/mine")], &[edit]).unwrap();
    assert!(fs::read(repo.root.join(".git/index")).unwrap() == real);
    assert!(fs::read(other).unwrap() != real);
    assert_eq!(file(&repo, "f"), FIXED.as_bytes());
    assert!(!repo.root.join(".git/mine.lock").exists());
}

#[test]
fn an_index_of_one_commit_without_the_one_that_follows_is_refused() {
    let repo = with_f();
    let edit = edit(&repo, "f", FIXED);
    let next = repo.root.join(".git/next-index-1.lock");
    fs::copy(repo.root.join(".git/index"), &next).unwrap();
    let named = next.to_str().unwrap();
    let error = mend_with(&repo, &[("GIT_INDEX_FILE", named)], &[edit]).unwrap_err();
    assert!(matches!(error, MendError::Index { .. }), "{error}");
    assert_eq!(file(&repo, "f"), BASE.as_bytes());
}

#[test]
fn a_lock_that_stays_is_named_and_everything_put_back() {
    let repo = with_f();
    repo.write("f", "one\ntwo\nthree\nfour\nfive\nmine\n");
    let before = (
        file(&repo, "f"),
        fs::read(repo.root.join(".git/index")).unwrap(),
    );
    let lock = repo.root.join(".git/index.lock");
    let held = fs::File::create(&lock).unwrap();
    let error = mend_with(&repo, &[], &[edit(&repo, "f", FIXED)]).unwrap_err();
    let MendError::IndexLocked {
        file: named,
        holder,
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!(named, &lock);
    if cfg!(target_os = "linux") {
        let process = format!("(process {})", std::process::id());
        assert!(holder.contains(&process), "{holder}");
    }
    drop(held);
    assert!(lock.exists(), "another's lock is never removed");
    fs::remove_file(lock).unwrap();
    let after = (
        file(&repo, "f"),
        fs::read(repo.root.join(".git/index")).unwrap(),
    );
    assert!(before == after);
    is_tidy(&repo);
}

#[test]
fn a_lock_that_goes_is_waited_for() {
    let repo = with_f();
    let lock = repo.root.join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let edits = [edit(&repo, "f", FIXED)];
    thread::scope(|scope| {
        let mending = scope.spawn(|| mend_with(&repo, &[], &edits));
        // Once the work tree is written, the lock is what is waited for.
        until_fixed(&repo, "f");
        fs::remove_file(&lock).unwrap();
        mending.join().unwrap().unwrap();
    });
    assert_eq!(repo.git(&["status", "--porcelain"]), "M  f");
}

#[test]
fn an_interruption_ends_the_wait_and_puts_everything_back() {
    let repo = with_f();
    let lock = repo.root.join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let (cancel, edits) = (Cancel::new(), [edit(&repo, "f", FIXED)]);
    thread::scope(|scope| {
        let mending = scope.spawn(|| {
            let repository = repo.open();
            mend(
                &repository,
                &repo.environment(),
                &edits,
                EmptyFix::Block,
                &cancel,
            )
        });
        until_fixed(&repo, "f");
        cancel.cancel(Interruption::Interrupt);
        let error = mending.join().unwrap().unwrap_err();
        assert!(matches!(error, MendError::Cancelled), "{error}");
    });
    assert_eq!(file(&repo, "f"), BASE.as_bytes());
    fs::remove_file(lock).unwrap();
    is_tidy(&repo);
}
