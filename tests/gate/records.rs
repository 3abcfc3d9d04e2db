//! Pass records: what passed is not run again until something that it depends on changes.

mod parallel;
mod tools;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use crate::support::{Ran, Repo};

/// A command that depends on what matches, on its inputs, and on a tool beside the repository.
const CONFIG: &str = "commands:\n\
    \x20 eslint: { run: 'tool; echo ran >> ../log', files: ['*.txt'], inputs: [lint.json], reads: files, at: [commit, push, ci] }\n";

/// A repository with that command, a tool that it finds, and a remote that lacks everything.
fn ready(config: &str) -> Repo {
    let repo = Repo::new();
    repo.remote("origin");
    fs::create_dir(repo.beside("bin")).expect("a folder");
    tool(&repo, "true");
    repo.write("guard.yaml", config)
        .write("a.txt", "a\n")
        .write("lint.json", "{}\n")
        .write("other.md", "o\n")
        .commit("base");
    repo
}

fn tool(repo: &Repo, body: &str) {
    let path = repo.beside("bin/tool");
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the mode");
}

fn path(repo: &Repo) -> String {
    let usual = std::env::var("PATH").unwrap_or_default();
    format!("{}:{usual}", repo.beside("bin").display())
}

fn judge(repo: &Repo, args: &str) -> Ran {
    let ran = repo.guard(args).args(["--format", "json"]);
    ran.env("PATH", path(repo)).run()
}

/// Judges HEAD as a push of all of it would be.
fn push(repo: &Repo) -> Ran {
    let tip = repo.id("HEAD");
    let line = format!("refs/heads/main {tip} refs/heads/main {}\n", "0".repeat(40));
    let call = repo.guard("run pre-push --format json -- origin url");
    call.env("PATH", path(repo)).stdin(line).run()
}

/// Whether the command ran, by its own word; the report must agree.
fn has_run(repo: &Repo, ran: &Ran) -> bool {
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let check = &ran.json()["checks"][1];
    let log = repo.take_log();
    assert_eq!(check["outcome"], "passed", "{}", ran.whole());
    assert_eq!(check["cached"], log.is_empty(), "{}", ran.whole());
    assert!(log.is_empty() || log == "ran\n", "{log}");
    !log.is_empty()
}

fn records(repo: &Repo) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![repo.path.join(".git/guard/records")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn the_same_push_again_runs_nothing() {
    let repo = ready(CONFIG);
    assert!(has_run(&repo, &push(&repo)));
    let again = push(&repo);
    assert!(!has_run(&repo, &again));
    let summary = &again.json()["summary"];
    assert_eq!(
        (&summary["files"], &summary["bytes"]),
        (&0.into(), &0.into())
    );
}

#[test]
fn all_moments_share_what_passed() {
    let repo = ready(CONFIG);
    repo.write("a.txt", "b\n").stage();
    assert!(has_run(&repo, &judge(&repo, "run pre-commit")));
    repo.commit("b");
    assert!(!has_run(&repo, &push(&repo)));
    assert!(!has_run(&repo, &judge(&repo, "run ci --all-files")));
}

#[test]
fn linked_work_trees_share_what_passed() {
    let repo = ready(CONFIG);
    assert!(has_run(&repo, &push(&repo)));
    let linked = repo.beside("linked");
    repo.git(&[
        "worktree",
        "add",
        "-q",
        "--detach",
        linked.to_str().expect("text"),
    ]);
    let ran = repo
        .guard("run ci --all-files --format json")
        .env("PATH", path(&repo))
        .within(&linked)
        .run();
    assert!(!has_run(&repo, &ran));
}

#[test]
fn every_part_of_the_key_is_a_reason_to_run_again() {
    type Part = (&'static str, fn(&Repo));
    fn with(repo: &Repo, from: &str, to: &str) {
        assert!(CONFIG.contains(from), "{from}");
        repo.write("guard.yaml", CONFIG.replace(from, to));
    }
    let parts: [Part; 11] = [
        ("run", |repo| with(repo, "'tool;", "'tool x;")),
        ("run's kind", |repo| {
            with(
                repo,
                "'tool; echo ran >> ../log'",
                "[sh, -c, 'tool; echo ran >> ../log']",
            );
        }),
        ("env", |repo| {
            with(repo, "reads: files", "reads: files, env: { A: b }");
        }),
        ("root", |repo| {
            repo.write("sub/a.txt", "a\n")
                .write("sub/lint.json", "{}\n")
                .commit("sub");
            with(
                repo,
                "'tool; echo ran >> ../log'",
                "'tool; echo ran >> ../../log', root: sub",
            );
        }),
        ("the tool at its path", |repo| tool(repo, "exit 0")),
        ("an input's content", |repo| {
            repo.write("lint.json", "{ }\n").commit("input");
        }),
        ("an input's mode", |repo| {
            let mode = fs::Permissions::from_mode(0o755);
            fs::set_permissions(repo.path.join("lint.json"), mode).expect("the mode");
            repo.commit("mode");
        }),
        ("an input that goes", |repo| {
            fs::remove_file(repo.path.join("lint.json")).expect("gone");
            repo.commit("gone");
        }),
        ("a matching file's content", |repo| {
            repo.write("a.txt", "b\n").commit("content");
        }),
        ("a new matching file", |repo| {
            repo.write("deep/b.txt", "a\n").commit("new");
        }),
        ("a matching file's name", |repo| {
            repo.git(&["mv", "a.txt", "z.txt"]);
            repo.commit("name");
        }),
    ];
    for (what, change) in parts {
        let repo = ready(CONFIG);
        assert!(has_run(&repo, &push(&repo)), "{what}");
        assert!(!has_run(&repo, &push(&repo)), "{what}");
        change(&repo);
        assert!(has_run(&repo, &push(&repo)), "{what}");
        assert!(!has_run(&repo, &push(&repo)), "{what}");
    }
}

#[test]
fn other_files_are_no_reason_to_run_again() {
    let repo = ready(CONFIG);
    assert!(has_run(&repo, &push(&repo)));
    repo.write("other.md", "changed\n")
        .write("new.md", "n\n")
        .commit("other");
    assert!(!has_run(&repo, &push(&repo)));
    // And now the tree as a whole is known too.
    assert!(!has_run(&repo, &push(&repo)));
}

#[test]
fn a_failure_is_not_remembered() {
    let repo = ready(CONFIG);
    tool(&repo, "echo ran >> ../log; exit 1");
    repo.write(
        "guard.yaml",
        CONFIG.replace("tool; echo ran >> ../log", "tool"),
    );
    repo.commit("fail");
    for _ in 0..2 {
        let ran = push(&repo);
        assert_eq!(ran.code, 1, "{}", ran.whole());
        assert_eq!(repo.take_log(), "ran\n");
    }
    assert_eq!(records(&repo), Vec::<PathBuf>::new());
}

#[test]
fn an_unknown_is_not_remembered_however_lightly_it_is_taken() {
    let repo = ready(
        "on_unknown: warn\ncommands:\n  eslint: { run: 'echo ran >> ../log; exit 127', files: ['*.txt'], inputs: [lint.json], reads: files }\n",
    );
    for _ in 0..2 {
        let ran = push(&repo);
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert_eq!(ran.json()["checks"][1]["outcome"], "unknown");
        assert_eq!(repo.take_log(), "ran\n");
    }
    assert_eq!(records(&repo), Vec::<PathBuf>::new());
}

#[test]
fn only_what_names_what_it_depends_on_is_remembered() {
    for (settings, is_remembered) in [
        ("files: ['*.txt'], inputs: [lint.json]", true),
        ("files: ['*.txt']", false),
        ("files: ['*.txt'], cache: true", true),
        ("files: ['*.txt'], inputs: [lint.json], cache: false", false),
        ("files: none", false),
        ("files: none, cache: true", false),
        ("files: none, inputs: [lint.json]", true),
    ] {
        let repo = ready(&format!(
            "commands:\n  eslint: {{ run: 'echo ran >> ../log', reads: files, {settings} }}\n"
        ));
        assert!(has_run(&repo, &push(&repo)), "{settings}");
        assert_eq!(has_run(&repo, &push(&repo)), !is_remembered, "{settings}");
    }
}

#[test]
fn no_cache_neither_reads_nor_writes() {
    let repo = ready(CONFIG);
    assert!(has_run(
        &repo,
        &judge(&repo, "run ci --all-files --no-cache")
    ));
    assert_eq!(records(&repo), Vec::<PathBuf>::new());
    assert!(has_run(&repo, &judge(&repo, "run ci --all-files")));
    assert!(has_run(
        &repo,
        &judge(&repo, "run ci --all-files --no-cache")
    ));
    assert!(!has_run(&repo, &judge(&repo, "run ci --all-files")));
}

#[test]
fn a_plan_says_what_is_reused_and_writes_nothing() {
    let repo = ready(CONFIG);
    assert!(has_run(&repo, &push(&repo)));
    let before = records(&repo);
    repo.write("other.md", "changed\n").commit("other");
    let plan = judge(&repo, "run ci --all-files --plan");
    let step = &plan.json()["data"]["steps"][1];
    assert_eq!(step["will"], "reuse");
    assert_eq!(step["reason"], "passed on the same content moments ago");
    assert_eq!(records(&repo), before);
}

#[test]
fn what_is_no_record_is_a_miss() {
    type Harm = (&'static str, fn(&PathBuf));
    let harms: [Harm; 7] = [
        ("other bytes", |path| {
            fs::write(path, b"{}\n\n").expect("written");
        }),
        ("one bit", |path| {
            let mut bytes = fs::read(path).expect("a record");
            bytes[20] ^= 1;
            fs::write(path, bytes).expect("written");
        }),
        ("its half", |path| {
            let bytes = fs::read(path).expect("a record");
            fs::write(path, &bytes[..bytes.len() / 2]).expect("written");
        }),
        ("nothing", |path| fs::write(path, b"").expect("written")),
        ("too much", |path| {
            let mut bytes = fs::read(path).expect("a record");
            bytes.resize(1 << 20, b'\n');
            fs::write(path, bytes).expect("written");
        }),
        ("a folder", |path| {
            fs::remove_file(path).expect("gone");
            fs::create_dir(path).expect("a folder");
        }),
        ("a link to a good one", |path| {
            let good = path.with_file_name("good");
            fs::rename(path, &good).expect("moved");
            symlink(&good, path).expect("a link");
        }),
    ];
    for (what, harm) in harms {
        let repo = ready(CONFIG);
        assert!(has_run(&repo, &push(&repo)), "{what}");
        let written = records(&repo);
        assert!(!written.is_empty());
        written.iter().for_each(harm);
        assert!(has_run(&repo, &push(&repo)), "{what}");
        assert!(!has_run(&repo, &push(&repo)), "{what}");
    }
}

#[test]
fn another_pass_is_no_proof_under_this_ones_name() {
    let repo = ready(CONFIG);
    assert!(has_run(&repo, &push(&repo)));
    let first = records(&repo);
    let good = fs::read(&first[0]).expect("a record");
    repo.write("a.txt", "b\n").commit("b");
    assert!(has_run(&repo, &push(&repo)));
    for path in records(&repo).iter().filter(|path| !first.contains(path)) {
        fs::write(path, &good).expect("written");
    }
    assert!(has_run(&repo, &push(&repo)));
}

#[test]
fn where_nothing_can_be_written_everything_runs_and_it_is_said_once() {
    let repo = ready(CONFIG);
    fs::create_dir(repo.path.join(".git/guard")).expect("a folder");
    let elsewhere = repo.beside("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    symlink(&elsewhere, repo.path.join(".git/guard/records")).expect("a link");
    for _ in 0..2 {
        let call = repo.guard("run ci --all-files").env("PATH", path(&repo));
        let ran = call.run();
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert_eq!(repo.take_log(), "ran\n");
        let said = ran.whole().matches("passes are not remembered").count();
        assert_eq!(said, 1, "{}", ran.whole());
    }
    assert_eq!(fs::read_dir(&elsewhere).expect("a folder").count(), 0);
}

#[test]
fn a_command_with_files_is_about_those_it_was_handed() {
    let config = "commands:\n  eslint: { run: 'echo ran >> ../log; true {files}', files: ['*.txt'], inputs: [lint.json] }\n";
    let repo = ready(config);
    repo.write("a.txt", "b\n").stage();
    assert!(has_run(&repo, &judge(&repo, "run pre-commit")));
    assert!(!has_run(&repo, &judge(&repo, "run pre-commit")));
    // A second file: the first one's pass says nothing of both.
    repo.write("b.txt", "b\n").stage();
    assert!(has_run(&repo, &judge(&repo, "run pre-commit")));
    // And the pass of both says nothing of one alone, which may be called in another way.
    repo.git(&["rm", "-q", "--cached", "b.txt"]);
    assert!(!has_run(&repo, &judge(&repo, "run pre-commit")));
    repo.write("a.txt", "c\n").git(&["add", "a.txt"]);
    assert!(has_run(&repo, &judge(&repo, "run pre-commit")));
}

#[test]
fn a_command_that_changes_a_file_is_not_remembered() {
    let config = CONFIG.replace("echo ran", "echo more >> a.txt; echo ran");
    let repo = ready(&config);
    for _ in 0..2 {
        let ran = judge(&repo, "run ci --all-files");
        assert_eq!(ran.code, 1, "{}", ran.whole());
        repo.git(&["checkout", "-q", "a.txt"]);
    }
    assert_eq!(repo.take_log(), "ran\nran\n");
}

#[test]
fn each_pushed_commit_has_its_own_pass() {
    let repo = ready(CONFIG);
    assert!(has_run(&repo, &push(&repo)));
    let first = repo.id("HEAD");
    repo.git(&["checkout", "-q", "-b", "two"]);
    repo.write("a.txt", "two\n").commit("two");
    let zero = "0".repeat(40);
    let lines = format!(
        "refs/heads/main {first} refs/heads/main {zero}\nrefs/heads/two {} refs/heads/two {zero}\n",
        repo.id("HEAD")
    );
    let both = || {
        let call = repo.guard("run pre-push --format json -- origin url");
        call.env("PATH", path(&repo)).stdin(lines.clone()).run()
    };
    assert!(has_run(&repo, &both()), "the second commit is new");
    assert!(!has_run(&repo, &both()));
}

#[test]
fn prune_takes_away_what_is_asked_for() {
    let repo = ready(CONFIG);
    assert_eq!(repo.guard("cache prune").run().code, 0, "without any");
    assert!(has_run(&repo, &push(&repo)));
    let written = records(&repo).len();
    let kept = repo.guard("cache prune --format json").run();
    assert_eq!(kept.json()["data"]["kept"], written, "{}", kept.whole());
    assert!(!has_run(&repo, &push(&repo)));
    let all = repo.guard("cache prune --all").run();
    assert_eq!(all.code, 0, "{}", all.whole());
    assert!(
        all.out.contains(&format!("removed {written} records")),
        "{}",
        all.whole()
    );
    assert_eq!(records(&repo), Vec::<PathBuf>::new());
    assert!(has_run(&repo, &push(&repo)));
}

#[test]
fn what_a_linked_input_leads_to_counts() {
    let repo = ready(CONFIG);
    fs::remove_file(repo.path.join("lint.json")).expect("gone");
    symlink("shared/lint.json", repo.path.join("lint.json")).expect("a link");
    repo.write("shared/lint.json", "{}\n").commit("link");
    assert!(has_run(&repo, &push(&repo)));
    assert!(!has_run(&repo, &push(&repo)));
    repo.write("shared/lint.json", "{ }\n")
        .commit("behind the link");
    assert!(has_run(&repo, &push(&repo)));
    // Nobody knows what lies outside.
    fs::remove_file(repo.path.join("lint.json")).expect("gone");
    symlink("../lint.json", repo.path.join("lint.json")).expect("a link");
    fs::write(repo.beside("lint.json"), "{}").expect("written");
    repo.commit("outside");
    assert!(has_run(&repo, &push(&repo)));
    assert!(has_run(&repo, &push(&repo)));
}

#[test]
fn what_passed_needs_no_work_tree_that_agrees() {
    let repo = ready(CONFIG);
    assert!(has_run(&repo, &push(&repo)));
    repo.write("lint.json", "{ }\n").write("a.txt", "dirty\n");
    assert!(!has_run(&repo, &push(&repo)));
}
