//! Commands that only judge and change files all the same: every tracked file is noticed, and no other is blamed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{Ran, Repo};

/// A repository whose one command gets `{files}` and does this, with files that it is not handed.
fn repo(deed: &str) -> Repo {
    let repo = Repo::new();
    let quoted = deed.replace('\'', "''");
    repo.write(
        "guard.yaml",
        format!("commands:\n  eslint: {{ run: 'true {{files}}; {quoted}', files: ['*.txt'] }}\n"),
    )
    .write("other.md", "other\n")
    .write("deep/er/file.md", "file\n")
    .write("deep/too.md", "too\n")
    .commit("base");
    repo.installed();
    repo.write("a.txt", "a\n").stage();
    repo
}

/// The paths that were blamed, each with its code.
fn blamed(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let findings = report["findings"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|one| format!("{} {}", text(&one["code"]), text(&one["path"])))
        .collect()
}

fn judged(repo: &Repo) -> Vec<String> {
    blamed(&repo.guard("run pre-commit --format json").run())
}

#[test]
fn a_commit_whose_command_changed_a_file_it_was_not_handed_fails_by_name() {
    for (deed, names) in [
        ("echo more >> other.md", &["other.md"][..]),
        ("echo new > ../new; mv ../new other.md", &["other.md"]),
        ("rm other.md", &["other.md"]),
        (": > deep/er/file.md", &["deep/er/file.md"]),
        ("chmod +x deep/er/file.md", &["deep/er/file.md"]),
        ("ln -sf too.md deep/er/file.md", &["deep/er/file.md"]),
        ("mv deep moved", &["deep/er/file.md", "deep/too.md"]),
        (
            "rm -r deep; mkdir -p deep/er; echo x > deep/er/file.md",
            &["deep/er/file.md", "deep/too.md"],
        ),
        (
            "mv deep/er deep/re; mkdir deep/er; echo x > deep/er/file.md",
            &["deep/er/file.md"],
        ),
        (
            "echo more >> a.txt; echo more >> other.md",
            &["a.txt", "other.md"],
        ),
    ] {
        let repo = repo(deed);
        let before = repo.id("HEAD");
        let commit = repo.try_git(&["commit", "-q", "-m", "a"]);
        let said = String::from_utf8_lossy(&commit.stderr);
        assert!(!commit.status.success(), "{deed}");
        for name in names {
            assert!(said.contains(name), "{deed}:\n{said}");
        }
        assert_eq!(repo.id("HEAD"), before, "{deed}");
        repo.git(&["checkout", "--", "."]);
        let wanted: Vec<String> = names
            .iter()
            .map(|name| format!("CMD-CHANGED-FILE {name}"))
            .collect();
        assert_eq!(judged(&repo), wanted, "{deed}");
    }
}

#[test]
fn nobody_is_blamed_for_what_is_the_same() {
    for deed in [
        // Equal content, however it is written.
        "echo other > other.md; touch deep/too.md",
        "cp deep/er/file.md ../file; mv ../file deep/er/file.md",
        "rm other.md; echo other > other.md",
        "mv deep away; mv away deep",
        "chmod +x other.md; chmod -x other.md",
        // What was not there before, and is not tracked.
        "echo new > new.md; mkdir build; echo x > build/out; mkdir deep/out; touch deep/out/x",
        // What is only read.
        "cat other.md deep/er/file.md",
    ] {
        let repo = repo(deed);
        let commit = repo.try_git(&["commit", "-q", "-m", "a"]);
        let said = String::from_utf8_lossy(&commit.stderr);
        assert!(commit.status.success(), "{deed}:\n{said}");
    }
}

#[test]
fn what_was_changed_before_is_not_blamed_on_a_command() {
    let repo = repo("echo x > new.md; echo x > deep/er/new.md");
    repo.write("other.md", "dirty\n");
    fs::remove_file(repo.path.join("deep/too.md")).expect("it was there");
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(repo.path.join("deep/er/file.md"), mode).expect("the mode can be set");
    assert_eq!(judged(&repo), Vec::<String>::new());
    // Its mode was set again: that is no change to its content.
    repo.write(
        "guard.yaml",
        "commands:\n  eslint: { run: 'true {files}; chmod 644 other.md', files: ['*.txt'] }\n",
    );
    assert_eq!(judged(&repo), Vec::<String>::new());
    // Who writes it answers for it.
    repo.write(
        "guard.yaml",
        "commands:\n  eslint: { run: 'true {files}; echo x >> other.md', files: ['*.txt'] }\n",
    );
    assert_eq!(judged(&repo), ["CMD-CHANGED-FILE other.md"]);
}

#[test]
fn only_the_command_that_ran_meanwhile_is_blamed() {
    let repo = repo("true");
    repo.write(
        "guard.yaml",
        "jobs: 1\ncommands:\n\
         \x20 first: { run: 'true {files}', files: ['*.txt'] }\n\
         \x20 second: { run: 'echo x >> other.md; true {files}', files: ['*.txt'] }\n\
         \x20 third: { run: 'true {files}', files: ['*.txt'] }\n",
    );
    let ran = repo.guard("run pre-commit --format json").run();
    let report = ran.json();
    let findings = report["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["check"], "second");
}

#[test]
fn a_file_that_changed_before_its_reader_began_is_judged_as_it_is_staged() {
    let repo = repo("true");
    repo.write(
        "guard.yaml",
        "jobs: 1\ncommands:\n\
         \x20 a-first: { run: 'echo x >> a.txt', files: none, reads: files }\n\
         \x20 b-second: { run: '! grep x {files}', files: ['*.txt'] }\n",
    );
    let ran = repo.guard("run pre-commit --format json").run();
    let report = ran.json();
    assert_eq!(report["checks"][1]["outcome"], "failed", "{report}");
    // In the work tree it would find an `x`, and say no.
    assert_eq!(report["checks"][2]["outcome"], "passed", "{report}");
}

#[test]
fn a_project_that_builds_beside_its_sources_passes_and_one_that_rewrites_them_does_not() {
    let repo = repo("true");
    repo.write(
        "guard.yaml",
        "commands:\n  pack: { run: 'mkdir -p out; echo x > out/x; touch ../other.md', files: none, root: deep }\n",
    )
    .commit("build");
    repo.write("a.txt", "2\n").stage();
    assert_eq!(judged(&repo), Vec::<String>::new());
    fs::remove_dir_all(repo.path.join("deep/out")).expect("it was built");
    repo.write(
        "guard.yaml",
        "commands:\n  pack: { run: 'echo x >> er/file.md; echo x >> too.md; echo x >> ../other.md', files: none, root: deep }\n",
    )
    .commit("build");
    repo.write("a.txt", "3\n").stage();
    let all = ["deep/er/file.md", "deep/too.md", "other.md"];
    assert_eq!(
        judged(&repo),
        all.map(|name| format!("CMD-CHANGED-FILE {name}"))
    );
}

#[test]
fn what_is_judged_is_looked_at_under_any_name() {
    let repo = repo("ln a.txt ../another; echo more >> ../another");
    assert_eq!(judged(&repo), ["CMD-CHANGED-FILE a.txt"]);
}

#[test]
fn a_submodule_that_moved_is_a_change() {
    let inner = Repo::new();
    inner.write("x", "1\n").commit("one");
    inner.write("x", "2\n").commit("two");
    let repo = repo("true");
    let url = inner.path.to_str().expect("text");
    repo.git(&["submodule", "--quiet", "add", url, "sub"]);
    repo.write(
        "guard.yaml",
        "commands:\n  pack: { run: 'git -C sub checkout -q HEAD~1', files: none }\n",
    )
    .commit("sub");
    repo.write("a.txt", "2\n").stage();
    assert_eq!(judged(&repo), ["CMD-CHANGED-FILE sub"]);
}

#[test]
fn other_kinds_of_repositories_are_watched_too() {
    let repo = Repo::with(&[
        "init",
        "-q",
        "--initial-branch=main",
        "--object-format=sha256",
    ]);
    repo.write(
        "guard.yaml",
        "commands:\n  eslint: { run: 'true {files}; rm deep/b.md; touch a.md', files: ['*.txt'] }\n",
    )
    .write("a.md", "a\n")
    .write("deep/b.md", "b\n")
    .commit("base");
    repo.write("a.txt", "a\n").stage();
    assert_eq!(judged(&repo), ["CMD-CHANGED-FILE deep/b.md"]);
}

/// Where the system grants no watches the times of the files tell.
#[cfg(target_os = "linux")]
mod without_watches {
    use std::process::{Command, Stdio};
    use std::time::{Duration, SystemTime};

    use super::*;

    /// Waits until the clock of the file system has moved on further than it is ever late.
    fn later(repo: &Repo) {
        let wanted = SystemTime::now() + Duration::from_millis(60);
        let probe = repo.beside("probe");
        let is_later = |_: &u32| {
            fs::write(&probe, "x").expect("a file");
            let now = fs::metadata(&probe).and_then(|about| about.modified());
            now.is_ok_and(|now| now > wanted)
        };
        let moved_on = (0..10_000_000).any(|turn| is_later(&turn));
        assert!(moved_on, "the clock stands still");
    }

    /// A command in a name space of its own, where this limit of the system is as given.
    fn limited(command: &Command, limit: &str) -> Command {
        let script = format!(
            "set -e; echo {limit} | {{ read name value; echo $value > $name; test \"$(cat $name)\" = $value; }}; exec \"$@\""
        );
        let mut limited = Command::new("unshare");
        limited
            .args(["-Ur", "sh", "-c", &script, "sh"])
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear()
            .stdin(Stdio::null());
        for (name, value) in command.get_envs() {
            limited.env(name, value.unwrap_or_default());
        }
        if let Some(folder) = command.get_current_dir() {
            limited.current_dir(folder);
        }
        limited
    }

    #[test]
    fn the_times_of_files_tell() {
        for limit in ["max_inotify_instances 0", "max_inotify_watches 1"] {
            let limit = format!("/proc/sys/user/{limit}");
            let repo = repo("echo x >> deep/too.md; rm deep/er/file.md; echo new > new.md");
            let probe = limited(&repo.git_command(&["--version"]), &limit).output();
            if !probe.is_ok_and(|output| output.status.success()) {
                eprintln!("no name space of its own here: only watch::tests looks at times");
                return;
            }
            repo.write("other.md", "dirty\n");
            later(&repo);
            let guard = repo.guard("run pre-commit --format json").command();
            let output = limited(&guard, &limit).output().expect("it starts");
            let wanted = [
                "CMD-CHANGED-FILE deep/er/file.md",
                "CMD-CHANGED-FILE deep/too.md",
            ];
            assert_eq!(blamed(&Ran::of(&output, "/nowhere")), wanted, "{limit}");
        }
    }
}
