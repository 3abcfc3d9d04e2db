//! Odd names and long lists: verbatim, each exactly once, nothing executed.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use crate::support::Repo;

const NAMES: [&[u8]; 13] = [
    b"with space.txt",
    b"new\nline.txt",
    b"tab\there.txt",
    b"quote'single.txt",
    b"quote\"double.txt",
    b"$(touch pwned).txt",
    b"`touch pwned`.txt",
    b"star*[a-z]?.txt",
    b"-leading-dash.txt",
    b"--output=pwned.txt",
    "名前.txt".as_bytes(),
    b"latin-\xe9.txt",
    b"back\\slash;semi&and.txt",
];

/// Case 18.
#[test]
fn names_reach_the_command_verbatim() {
    for run in [
        "'for f in {files}; do printf \"%s\\0\" \"$f\"; done >> ../log'",
        "[sh, -c, 'for f in \"$@\"; do printf \"%s\\0\" \"$f\"; done >> ../log', sh, '{files}']",
    ] {
        let repo = Repo::new();
        repo.write(
            "guard.yaml",
            format!("commands:\n  log: {{ run: {run}, files: ['*.txt'] }}\n"),
        )
        .commit("configure");
        for name in NAMES {
            repo.write(OsStr::from_bytes(name), "x\n");
        }
        repo.stage();
        let ran = repo.guard("run pre-commit").run();
        assert_eq!(ran.code, 0, "{}", ran.whole());
        let log = fs::read(repo.beside("log")).expect("the command wrote it");
        let mut seen: Vec<Vec<u8>> = log
            .split(|byte| *byte == 0)
            .filter(|name| !name.is_empty())
            .map(|name| name.strip_prefix(b"./").unwrap_or(name).to_vec())
            .collect();
        seen.sort();
        let mut wanted: Vec<Vec<u8>> = NAMES.iter().map(|name| name.to_vec()).collect();
        wanted.sort();
        assert_eq!(seen, wanted);
        assert!(!repo.has("pwned"));
    }
}

#[test]
fn a_leading_dash_is_no_flag() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  cat: { run: 'cat {files}', files: ['*.txt'] }\n",
    )
    .commit("configure");
    repo.write("-n.txt", "x\n").stage();
    let ran = repo.guard("run pre-commit").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
}

/// Hostile names are shown so that they do nothing to the terminal.
#[test]
fn names_are_escaped_where_they_are_shown() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  log: { run: 'true {files}', files: ['*.txt'] }\n",
    )
    .commit("configure");
    let name = "\u{1b}]0;owned\u{7}\u{202e}txt.exe.txt";
    repo.write(name, "x\n").stage();
    fs::remove_file(repo.path.join(name)).expect("it was there");
    let ran = repo.guard("run pre-commit").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let plan = repo.guard("run pre-commit --plan").run();
    assert!(plan.out.contains("txt.exe.txt"), "{}", plan.whole());
    let ran = plan;
    for evil in ['\u{1b}', '\u{7}', '\u{202e}'] {
        assert!(!ran.whole().contains(evil), "{:?}", ran.whole());
    }
}

/// Case 19: more names than one call can carry.
#[test]
fn a_long_list_is_split_and_each_file_comes_once() {
    let repo = Repo::new();
    repo.write(
        "guard.yaml",
        "commands:\n  log: { run: 'echo start >> ../starts; printf \"%s\\n\" {files} >> ../log', files: ['*.txt'] }\n",
    )
    .commit("configure");
    let mut wanted = Vec::new();
    for folder in 0..60 {
        for file in 0..100 {
            let name = format!(
                "{folder:03}-{}/{file:03}-{}.txt",
                "d".repeat(180),
                "f".repeat(200)
            );
            repo.write(&name, "");
            wanted.push(name);
        }
    }
    repo.stage();
    let ran = repo.guard("run pre-commit --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.err);
    let log = repo.logged();
    let mut seen: Vec<&str> = log.lines().collect();
    seen.sort_unstable();
    wanted.sort();
    assert_eq!(seen, wanted);
    let starts = fs::read_to_string(repo.beside("starts"))
        .expect("written")
        .lines()
        .count();
    assert!((2..=20).contains(&starts), "{starts} starts");
    assert_eq!(ran.json()["summary"]["files"], 6000);
}
