//! What is judged is what is committed or pushed, whatever lies in the work tree: guard's own checkout, through real git.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use crate::support::Repo;

/// A repository whose pre-commit hook copies what it reads of each text file to `../seen`.
fn reading() -> Repo {
    let repo = Repo::new();
    let seen = repo.beside("seen");
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  read:\n    run: 'pwd > {seen}.at; cat {{files}} > {seen}'\n    files: [\"*.txt\"]\n    at: [commit, push]\n",
            seen = seen.display()
        ),
    )
    .commit("configure");
    repo.installed();
    repo
}

fn seen(repo: &Repo) -> String {
    fs::read_to_string(repo.beside("seen")).unwrap_or_default()
}

/// The folder in which the command ran last.
fn ran_in(repo: &Repo) -> PathBuf {
    let folder = fs::read_to_string(repo.beside("seen.at")).expect("it ran");
    PathBuf::from(folder.trim_end())
}

/// Case 1.
#[test]
fn a_partially_staged_file_is_judged_as_it_is_staged() {
    let repo = reading();
    repo.write("a.txt", "one\ntwo\n").commit("base");
    repo.write("a.txt", "one staged\ntwo\n").stage();
    repo.write("a.txt", "one staged\ntwo unstaged\n");
    repo.git(&["commit", "-q", "-m", "part"]);
    assert_eq!(seen(&repo), "one staged\ntwo\n");
    assert_eq!(repo.read("a.txt"), "one staged\ntwo unstaged\n");
    assert_eq!(repo.status(), " M a.txt");
    assert_ne!(ran_in(&repo), repo.path);
}

/// Case 8: what is staged is judged although the work tree has nothing there.
#[test]
fn a_staged_file_that_was_deleted_is_judged() {
    let repo = reading();
    repo.write("a.txt", "staged\n").stage();
    fs::remove_file(repo.path.join("a.txt")).expect("it was there");
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(seen(&repo), "staged\n");
    assert_eq!(repo.status(), " D a.txt");
}

/// Case 6: an intent to add is no content, and is not laid out.
#[test]
fn an_intent_to_add_is_not_laid_out() {
    let repo = Repo::new();
    let seen = repo.beside("seen");
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  list: {{ run: 'ls *.txt > {}' }}\n",
            seen.display()
        ),
    )
    .commit("configure");
    repo.installed();
    repo.write("planned.txt", "later\n")
        .write("now.txt", "now\n");
    repo.git(&["add", "--intent-to-add", "planned.txt"]);
    repo.git(&["add", "now.txt"]);
    repo.git(&["commit", "-q", "-m", "now"]);
    assert_eq!(fs::read_to_string(seen).expect("it ran"), "now.txt\n");
    assert_eq!(repo.status(), " A planned.txt");
}

/// A command that reads its project is not fooled by what lies there untracked.
#[test]
fn a_project_is_judged_without_what_is_not_committed() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  test: { run: 'test ! -e helper.sh' }\n",
    )
    .write(".gitignore", "*.log\n")
    .commit("configure");
    repo.installed();
    repo.write("a.txt", "a\n");
    repo.git(&["add", "a.txt"]);
    repo.write("helper.sh", "untracked\n")
        .write("x.log", "ignored\n");
    repo.git(&["commit", "-q", "-m", "a"]);
    assert_eq!(repo.status(), "?? helper.sh");
}

/// Case 25: the pushed commit is what is judged, whatever is checked out.
#[test]
fn a_branch_that_is_not_checked_out_is_judged_by_its_own_content() {
    let repo = reading();
    repo.remote("origin");
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.write("a.txt", "of the other branch\n").commit("other");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a.txt", "in the work tree\n");
    repo.git(&["push", "-q", "origin", "other"]);
    assert_eq!(seen(&repo), "of the other branch\n");
    assert_eq!(repo.read("a.txt"), "in the work tree\n");
}

/// Several pushed commits are judged each.
#[test]
fn two_branches_in_one_push_are_judged_each() {
    let repo = Repo::new();
    let log = repo.beside("log");
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  word: {{ run: 'cat word >> {}; ! grep -q bad word' }}\n",
            log.display()
        ),
    )
    .write("word", "base\n")
    .commit("base");
    repo.installed();
    repo.remote("origin");
    for (branch, word) in [("one", "good\n"), ("two", "bad\n")] {
        repo.git(&["checkout", "-q", "-b", branch, "main"]);
        repo.write("word", word).commit(branch);
    }
    repo.git(&["checkout", "-q", "main"]);
    let push = repo.try_git(&["push", "origin", "one", "two"]);
    assert!(!push.status.success());
    let said = String::from_utf8_lossy(&push.stderr);
    assert!(said.contains(&repo.id("two")[..7]), "{said}");
    let mut words: Vec<String> = repo.logged().lines().map(ToOwned::to_owned).collect();
    words.sort();
    assert_eq!(words, ["bad", "good"]);
    repo.git(&["push", "-q", "origin", "one"]);
}

/// The checkout stays where it is, and what tools leave there ignored stays warm.
#[test]
fn the_checkout_stays_warm_and_clean() {
    let repo = Repo::new();
    let at = repo.beside("at");
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  pack:\n    run: 'pwd >> {at}; ls cache droppings 2>/dev/null >> {at}; touch cache droppings'\n",
            at = at.display()
        ),
    )
    .write(".gitignore", "cache\n")
    .commit("configure");
    repo.installed();
    repo.write("dirt", "untracked\n");
    for turn in ["one", "two"] {
        repo.write(turn, "x\n");
        repo.git(&["add", turn]);
        repo.git(&["commit", "-q", "-m", turn]);
    }
    let lines = fs::read_to_string(at).expect("it ran");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0], lines[1], "the same place");
    assert_eq!(lines[2], "cache", "what is ignored stays, the rest goes");
    assert!(!repo.has("cache") && !repo.has("droppings"));
}

/// Case 9: bytes, modes and links are laid out as git would lay them out.
#[test]
fn bytes_modes_and_links_are_laid_out_as_git_does() {
    let repo = Repo::new();
    let copy = repo.beside("copy");
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  copy: {{ run: 'cp -a . {}', at: [commit] }}\n",
            copy.display()
        ),
    )
    .write(
        ".gitattributes",
        "*.eol text eol=crlf\n*.wide text working-tree-encoding=UTF-16LE\n",
    )
    .commit("configure");
    repo.installed();
    let all: Vec<u8> = (0..=255).collect();
    repo.write("binary.bin", &all)
        .write("latin.txt", b"caf\xe9\n")
        .write("ends.eol", "one\r\ntwo\r\n")
        .write("text.wide", b"h\0i\0\n\0")
        .write("run.sh", "#!/bin/sh\n");
    fs::set_permissions(repo.path.join("run.sh"), fs::Permissions::from_mode(0o755))
        .expect("a mode");
    symlink("run.sh", repo.path.join("link")).expect("a link");
    repo.stage();
    repo.write("dirt", "so that it does not run in place\n");
    repo.git(&["commit", "-q", "-m", "all"]);
    let read = |name: &str| fs::read(copy.join(name)).expect("it was laid out");
    assert_eq!(read("binary.bin"), all);
    assert_eq!(read("latin.txt"), b"caf\xe9\n");
    assert_eq!(read("ends.eol"), b"one\r\ntwo\r\n");
    assert_eq!(read("text.wide"), b"h\0i\0\n\0");
    let link = fs::read_link(copy.join("link")).expect("a link");
    assert_eq!(link.to_str(), Some("run.sh"));
    let mode = fs::metadata(copy.join("run.sh"))
        .expect("there")
        .permissions();
    assert_eq!(mode.mode() & 0o111, 0o111);
    assert!(!copy.join("dirt").exists());
}

/// Case 13: what somebody else saves during the run survives, and is not taken for the command's doing.
#[test]
fn a_save_of_somebody_else_survives_and_blames_nobody() {
    for (reads, run) in [("files", "{files}"), ("project", "")] {
        let repo = Repo::new();
        let (ready, go) = (repo.beside("ready"), repo.beside("go"));
        for pipe in [&ready, &go] {
            repo.git_command(&["--version"]);
            let made = std::process::Command::new("mkfifo").arg(pipe).status();
            assert!(made.expect("mkfifo runs").success());
        }
        // Only in place it waits for the editor: the second run meets no pipes.
        repo.write("b.txt", "before\n").write(
            "guard.yaml",
            format!(
                "commands:\n  slow:\n    run: 'test -p {go} || exit 0; echo > {ready}; cat {go}; true {run}'\n    files: [a.txt]\n    reads: {reads}\n",
                go = go.display(),
                ready = ready.display(),
            ),
        );
        repo.commit("base");
        repo.installed();
        repo.write("a.txt", "a\n").stage();
        let commit = repo.git_command(&["commit", "-q", "-m", "a"]);
        let commit = spawned(commit);
        fs::read(&ready).expect("it runs");
        repo.write("b.txt", "saved by an editor\n");
        fs::remove_file(&ready).expect("it is there");
        let gate = fs::OpenOptions::new()
            .write(true)
            .open(&go)
            .expect("it waits");
        fs::remove_file(&go).expect("it is there");
        drop(gate);
        let output = commit.wait_with_output().expect("git ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "reads {reads}: {said}");
        assert_eq!(repo.read("b.txt"), "saved by an editor\n");
        assert_eq!(repo.status(), " M b.txt");
    }
}

fn spawned(mut command: std::process::Command) -> std::process::Child {
    command
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("git starts")
}

/// Case 45: what a check-only command changes is noticed and named, in place and in the checkout.
#[test]
fn a_command_that_changes_a_file_fails_and_the_file_is_named() {
    for dirt in [None, Some("dirt")] {
        let repo = Repo::new();
        repo.write("other.txt", "as committed\n").write(
            "guard.yaml",
            "commands:\n  rewrite: { run: 'echo more >> other.txt', at: [commit] }\n",
        );
        repo.commit("base");
        repo.write("a.txt", "a\n").stage();
        if let Some(name) = dirt {
            repo.write(name, "untracked\n");
        }
        let ran = repo.guard("run pre-commit --format json").run();
        assert_eq!(ran.code, 1, "{}", ran.err);
        let findings = &ran.json()["findings"];
        let named: Vec<_> = findings
            .as_array()
            .expect("a list")
            .iter()
            .filter(|finding| finding["code"] == "CMD-CHANGED-FILE")
            .map(|finding| finding["path"].clone())
            .collect();
        assert_eq!(named, ["other.txt"], "{findings}");
        if dirt.is_some() {
            assert_eq!(
                repo.read("other.txt"),
                "as committed\n",
                "the user's file was not touched"
            );
        }
    }
}

/// An LFS object that is not here is unknown, and named.
#[test]
fn an_lfs_object_that_is_not_here_is_unknown() {
    let repo = Repo::new();
    let pointer = "version https://git-lfs.github.com/spec/v1\n\
                   oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n\
                   size 12345\n";
    repo.write("guard.yaml", "commands:\n  test: { run: 'true' }\n")
        .write(
            ".gitattributes",
            "*.psd filter=lfs diff=lfs merge=lfs -text\n",
        )
        .write("art.psd", pointer)
        .stage();
    repo.write("dirt", "so that it does not run in place\n");
    let ran = repo.guard("run pre-commit --format json").run();
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    let check = &ran.json()["checks"][1];
    assert_eq!(check["outcome"], "unknown");
    assert!(check["reason"].to_string().contains("art.psd"), "{check}");
    assert!(check["remedy"].to_string().contains("git lfs"), "{check}");
}

/// A hostile tree writes nothing outside the checkout.
#[test]
fn a_link_in_the_tree_leads_nobody_out() {
    let repo = Repo::new();
    let outside = repo.beside("outside");
    fs::create_dir(&outside).expect("a folder");
    repo.write("guard.yaml", "commands:\n  test: { run: 'true' }\n");
    symlink(&outside, repo.path.join("way")).expect("a link");
    repo.commit("a link");
    repo.write("dirt", "untracked\n");
    repo.write("one", "1\n");
    repo.git(&["add", "one"]);
    assert_eq!(repo.guard("run pre-commit").run().code, 0);
    // Now a folder stands where the link was.
    fs::remove_file(repo.path.join("way")).expect("a link");
    repo.write("way/file", "inside\n");
    repo.git(&["add", "way"]);
    assert_eq!(repo.guard("run pre-commit").run().code, 0);
    let left = fs::read_dir(&outside).expect("there").count();
    assert_eq!(left, 0, "nothing was written through the link");
}

/// Tools that ask git see what is judged, and nothing of the user's.
#[test]
fn git_in_the_checkout_shows_what_is_judged() {
    let repo = Repo::new();
    let said = repo.beside("said");
    repo.write(
        "guard.yaml",
        format!(
            "commands:\n  ask: {{ run: '(git status --porcelain; git ls-files; git rev-parse --show-toplevel; pwd) > {}' }}\n",
            said.display()
        ),
    )
    .commit("configure");
    repo.write("a.txt", "staged\n").stage();
    repo.write("a.txt", "unstaged\n");
    assert_eq!(repo.guard("run pre-commit").run().code, 0);
    let said = fs::read_to_string(said).expect("it ran");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[..3], ["A  a.txt", "a.txt", "guard.yaml"], "{said}");
    assert_eq!(lines[3], lines[4], "{said}");
    assert_eq!(repo.status(), "AM a.txt");
    assert_eq!(repo.git(&["worktree", "list"]).lines().count(), 1);
}

/// A second commit of few files moves the checkout the quick way, and judges what is staged all the same.
#[test]
fn a_partially_staged_file_is_judged_anew_at_every_commit() {
    let repo = reading();
    for turn in 0..4 {
        repo.write("a.txt", format!("staged {turn}\n"))
            .write("b.txt", format!("also {turn}\n"))
            .stage();
        repo.write("a.txt", format!("unstaged {turn}\n"));
        repo.git(&["commit", "-q", "-m", "part"]);
        assert_eq!(seen(&repo), format!("staged {turn}\nalso {turn}\n"));
        assert_ne!(ran_in(&repo), repo.path);
        assert_eq!(repo.status(), " M a.txt");
        // What is only in the work tree is not in the checkout.
        let laid = fs::read_to_string(ran_in(&repo).join("a.txt")).expect("it was laid out");
        assert_eq!(laid, format!("staged {turn}\n"));
        repo.write("a.txt", format!("staged {turn}\n"));
    }
}

/// In the quick way too, a command that changes a file which it was not handed is noticed.
#[test]
fn a_changed_file_is_noticed_in_every_checkout() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  eslint: { run: 'grep -q evil {files} && echo x >> other.md; true', files: ['*.txt'], at: [commit] }\n",
    )
    .write("other.md", "other\n")
    .write("a.txt", "a\n")
    .commit("base");
    for (staged, code) in [
        ("one", 0),
        ("two", 0),
        ("evil", 1),
        ("three", 0),
        ("evil too", 1),
    ] {
        repo.write("a.txt", format!("{staged}\n")).stage();
        repo.write("a.txt", "not staged\n");
        let ran = repo.guard("run pre-commit --format json").run();
        assert_eq!(ran.code, code, "{staged}: {}{}", ran.out, ran.err);
        if code == 1 {
            assert_eq!(ran.json()["findings"][0]["path"], "other.md", "{}", ran.out);
        }
        repo.git(&["reset", "-q", "--hard"]);
    }
}
