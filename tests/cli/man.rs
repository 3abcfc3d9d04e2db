//! Manual pages: every command has one, and man can read it.

#[cfg(feature = "peer-tests")]
use std::io::Write;
#[cfg(feature = "peer-tests")]
use std::process::{Command, Stdio};

use crate::support::Repo;

/// What each page is about: the words behind `guard man`.
const PAGES: [&str; 24] = [
    "",
    "init",
    "doctor",
    "run",
    "fix",
    "install",
    "uninstall",
    "cache",
    "secrets",
    "env",
    "env print",
    "env check",
    "env docs",
    "env example",
    "env exec",
    "env import",
    "env scan",
    "env setup",
    "env where",
    "cache prune",
    "schema",
    "explain",
    "completions",
    "man",
];

#[test]
fn every_command_has_a_page_with_examples_and_exit_codes() {
    let repo = Repo::new();
    let listed = repo.guard("complete --fresh -- man").run().out;
    let commands: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    for command in commands {
        assert!(PAGES.contains(&command), "no test of the page of {command}");
    }
    for words in PAGES {
        let ran = repo.guard("man").args(words.split_whitespace()).run();
        assert_eq!((ran.code, &*ran.err), (0, ""), "{words}");
        let title: Vec<&str> = ["guard"]
            .into_iter()
            .chain(words.split_whitespace())
            .collect();
        let title = title.join("-").to_uppercase();
        assert!(
            ran.out.contains(&format!(".TH {title} 1")),
            "{title}: {}",
            ran.out
        );
        for section in [
            "NAME",
            "SYNOPSIS",
            "EXAMPLES",
            "\"OPTIONS OF EVERY COMMAND\"",
            "\"EXIT STATUS\"",
        ] {
            assert!(
                ran.out.contains(&format!(".SH {section}\n")),
                "{words}: {section} in {}",
                ran.out
            );
        }
    }
}

#[test]
fn a_page_that_is_not_there_is_wrong_usage() {
    let repo = Repo::new();
    let ran = repo.guard("man rnu").run();
    assert_eq!((ran.code, &*ran.out), (2, ""));
    assert!(
        ran.err.contains("did you mean `guard man run`?"),
        "{}",
        ran.err
    );
}

/// groff's own warnings are an error here.
#[cfg(feature = "peer-tests")]
#[test]
fn groff_has_nothing_to_complain_of() {
    let repo = Repo::new();
    for words in PAGES {
        let page = repo.guard("man").args(words.split_whitespace()).run().out;
        let text = groff(&page);
        assert!(text.contains("EXIT STATUS"), "{words}: {text}");
    }
}

#[cfg(feature = "peer-tests")]
fn groff(page: &str) -> String {
    let mut groff = Command::new("groff")
        .args(["-man", "-Tutf8", "-ww", "-K", "utf8", "-P-cbou"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("groff is there");
    let mut input = groff.stdin.take().expect("a pipe");
    input.write_all(page.as_bytes()).expect("groff reads");
    drop(input);
    let output = groff.wait_with_output().expect("groff ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
