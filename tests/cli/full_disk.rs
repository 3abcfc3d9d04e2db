//! A disk without a byte left: one clear word, nothing half written, and all is well once there is space.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Repo, scrub};

/// What the script left of one step.
struct Step {
    code: String,
    out: String,
    err: String,
}

fn read(out: &Path, name: &str) -> String {
    let text = fs::read(out.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    String::from_utf8_lossy(&text).into_owned()
}

fn step(out: &Path, name: &str) -> Step {
    let part = |ending| read(out, &format!("{name}.{ending}"));
    Step {
        code: part("code").trim().to_owned(),
        out: part("out"),
        err: part("err"),
    }
}

/// One diagnostic on standard error, nothing on standard output.
fn assert_said(step: &Step, code: &str, words: &[&str]) {
    let err = &step.err;
    assert_eq!((step.code.as_str(), step.out.as_str()), (code, ""), "{err}");
    assert_eq!(err.matches('×').count(), 1, "{err}");
    let plain = err.split_whitespace().filter(|word| *word != "│");
    let plain = plain.collect::<Vec<_>>().join(" ");
    for word in words.iter().chain(&["No space left on device", "help:"]) {
        assert!(plain.contains(word), "no `{word}` in\n{err}");
    }
}

/// Runs the script where it may mount; what the system says where it lets nobody.
fn run(repo: &Repo, disk: &Path, out: &Path) -> Result<(), String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/full_disk.sh");
    let mut refusals = String::new();
    // As root of a name space of users, then as root.
    for spaces in ["-Urm", "-m"] {
        let mut command = Command::new("unshare");
        scrub(&mut command, &repo.home());
        let output = command
            .args([spaces, "sh", script])
            .args([disk, out])
            .arg(env!("CARGO_BIN_EXE_guard"))
            .output()
            .map_err(|error| format!("unshare: {error}"))?;
        if out.join("mounted").exists() {
            assert!(output.status.success(), "{output:?}");
            return Ok(());
        }
        refusals.push_str(&String::from_utf8_lossy(&output.stderr));
    }
    Err(refusals)
}

#[test]
fn a_full_disk_is_said_once_and_nothing_is_half_written() {
    let repo = Repo::new();
    let (disk, out) = (repo.beside("disk"), repo.beside("out"));
    fs::create_dir(&disk).expect("a folder");
    fs::create_dir(&out).expect("a folder");
    if let Err(refusals) = run(&repo, &disk, &out) {
        eprintln!("no full disk was tried, nothing can be mounted here: {refusals}");
        return;
    }

    let install = step(&out, "install-full");
    assert_said(&install, "6", &["hooks/", "nothing was changed"]);
    assert_eq!(read(&out, "before-install"), read(&out, "after-install"));
    assert_eq!(step(&out, "install").code, "0");

    // A run writes nothing, so that it needs no space.
    let run = step(&out, "run-full");
    assert_eq!(run.code, "0", "{}{}", run.out, run.err);
    for (name, file) in [
        ("report-full", "disk/report"),
        ("new-report-full", "disk/new"),
    ] {
        assert_said(&step(&out, name), "3", &[file, "could not be written"]);
    }
    let commit = step(&out, "commit-full");
    assert_ne!(commit.code, "0", "git found space");
    let bypass = step(&out, "bypass-full");
    assert_ne!(bypass.code, "0", "git found space");
    assert_eq!(read(&out, "before"), read(&out, "after"));

    let commit = step(&out, "commit");
    assert_eq!(commit.code, "0", "{}", commit.err);
    let said = [commit.out, commit.err].concat();
    assert!(said.contains("guard pre-commit"), "{said}");
    assert_eq!(read(&out, "log"), "a\nbase\n");
    assert_eq!(step(&out, "report").code, "0");
    let report: serde_json::Value =
        serde_json::from_str(&read(&out, "report")).expect("a whole report");
    assert_eq!(report["verdict"], "passed");

    let uninstall = step(&out, "uninstall-full");
    assert_eq!(uninstall.code, "0", "{}", uninstall.err);
    assert_eq!(read(&out, "hooks"), "pre-push\n");
    assert_eq!(read(&out, "pre-push"), "#!/bin/sh\nexit 0\n");
}
