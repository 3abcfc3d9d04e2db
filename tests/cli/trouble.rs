//! What goes wrong around guard: no repository, foreign owners, full disks, closed terminals.

use std::fs;
use std::process::{Command, Stdio};

use crate::support::Repo;

fn fine() -> Repo {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  fine: { run: 'true {files}', files: ['*.txt'] }\n",
    )
    .commit("configure");
    repo.write("a.txt", "a\n").stage();
    repo
}

#[test]
fn no_repository() {
    let repo = fine();
    let outside = repo.beside("outside");
    fs::create_dir(&outside).expect("a folder");
    let ran = repo
        .guard("run pre-commit")
        .within(&outside)
        .env("GIT_CEILING_DIRECTORIES", repo.beside(""))
        .run();
    assert_eq!(ran.code, 2, "{}", ran.whole());
    assert_eq!(ran.out, "");
    assert!(
        ran.err.contains("git repository") && ran.err.contains("git init"),
        "{}",
        ran.err
    );
}

#[test]
fn a_folder_to_be_called_in_that_is_not_there() {
    let ran = fine().guard("-C gone run pre-commit").run();
    assert_eq!(ran.code, 2, "{}", ran.whole());
    assert!(ran.err.contains("gone"), "{}", ran.err);
}

#[test]
fn a_repository_of_somebody_else_is_reported_never_bypassed() {
    let repo = fine();
    // Only root can give files away; elsewhere there is nothing to try this with.
    let given = Command::new("chown")
        .args(["-R", "12345:12345"])
        .arg(&repo.path)
        .stderr(Stdio::null())
        .status();
    if !given.is_ok_and(|status| status.success()) {
        return;
    }
    let ran = repo.guard("run pre-commit").run();
    assert_eq!(ran.code, 3, "{}", ran.whole());
    assert!(ran.whole().contains("safe.directory"), "{}", ran.whole());
    repo.git_command(&["config", "--global", "--add", "safe.directory", "*"])
        .current_dir("/")
        .status()
        .expect("git runs");
    assert_eq!(
        repo.guard("run pre-commit").run().code,
        0,
        "what the user trusts is trusted"
    );
}

#[test]
fn a_damaged_repository_is_unknown_or_wrong_but_never_green() {
    for (file, bytes) in [
        (".git/index", &b"DIRC garbage"[..]),
        (".git/HEAD", b"nonsense\n"),
        (".git/config", b"[core\n"),
    ] {
        let repo = fine();
        repo.write(file, bytes);
        let ran = repo.guard("run pre-commit").run();
        assert!([2, 3].contains(&ran.code), "{file}: {}", ran.whole());
        assert!(!ran.err.is_empty() || !ran.out.is_empty());
        assert_eq!(
            fs::read(repo.path.join(file)).expect("there"),
            bytes,
            "nothing is mended behind the user's back"
        );
    }
}

#[test]
fn a_full_disk_is_no_success() {
    let ran = fine()
        .guard("run pre-commit --format json --output /dev/full")
        .run();
    assert_eq!(ran.code, 3, "{}", ran.whole());
    assert!(ran.err.contains("/dev/full"), "{}", ran.err);
    let repo = fine();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("it is there");
    let status = repo
        .guard("run pre-commit --format json")
        .command()
        .stdin(Stdio::null())
        .stdout(full)
        .stderr(Stdio::null())
        .status()
        .expect("the binary runs");
    assert_eq!(status.code(), Some(3));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let repo = fine();
    let mut child = repo
        .guard("run pre-commit --format ndjson")
        .command()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panic"));
}

#[test]
fn a_bare_repository_has_nothing_staged() {
    let repo = Repo::new();
    let bare = repo.remote("origin");
    let ran = repo.guard("run pre-commit").within(&bare).run();
    assert_eq!(ran.code, 2, "{}", ran.whole());
    assert!(ran.err.contains("work tree"), "{}", ran.err);
}

#[test]
fn the_folder_above_is_the_folder_above() {
    let repo = fine();
    repo.write(
        "guard.yaml",
        "commands:\n  outer: { run: 'exit 1', files: none, reads: files }\n",
    );
    repo.git(&["init", "-q", "packages/inner"]);
    repo.write("packages/inner/guard.yaml", "commands: {}\n");
    let ran = repo
        .guard("-C .. run pre-commit")
        .within(repo.path.join("packages/inner"))
        .run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
}

#[test]
fn guards_own_words_hide_secrets_too() {
    let repo = fine();
    let secret = "rw-secret-0123456789";
    for (ran, code) in [
        (
            repo.guard("run pre-commit")
                .env("GUARD_JOBS", secret)
                .env("RAILWAY_TOKEN", secret)
                .run(),
            2,
        ),
        (
            repo.guard("run pre-push --format json -- origin")
                .env("RAILWAY_TOKEN", secret)
                .stdin(format!("{secret} is no update\n"))
                .run(),
            0,
        ),
    ] {
        assert_eq!(ran.code, code, "{}", ran.whole());
        assert!(!ran.whole().contains(secret), "{}", ran.whole());
    }
}

/// A file of the user's own beside the project keeps a command out of the work tree, not from running.
#[test]
fn what_only_the_user_has_is_not_judged() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  pack: { run: 'test ! -e .env.guard', files: none }\n",
    )
    .commit("configure");
    repo.write(".env.guard", "GITHUB_TOKEN=ghs_0123456789\n");
    let ran = repo.guard("run pre-commit").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let plan = repo.guard("run pre-commit --plan").run();
    let said = plan.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("in guard's own checkout, since .env.guard"),
        "{said}"
    );
}
