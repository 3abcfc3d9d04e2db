//! What GitHub's runner makes of the output: read as it reads, line by line.

use std::collections::BTreeMap;

use super::rendered;
use crate::report::samples;
use crate::terminal::escape_line;

/// A workflow command as the runner understands it.
struct Command {
    kind: String,
    properties: BTreeMap<String, String>,
    message: String,
}

/// The commands of a log. What is no command must be nothing that the runner could take for one:
/// it trims the line before it looks for `::`, and finds `##[` anywhere.
fn commands(log: &str) -> Vec<Command> {
    let mut found = Vec::new();
    for line in log.lines() {
        let Some(rest) = line.trim_start().strip_prefix("::") else {
            assert!(!line.contains("##["), "{line}");
            continue;
        };
        let (head, message) = rest.split_once("::").expect("a command has a message");
        let (kind, list) = head.split_once(' ').expect("all of ours have properties");
        let mut properties = BTreeMap::new();
        for property in list.trim().split(',') {
            let (name, value) = property.split_once('=').expect("a property has a value");
            properties.insert(
                name.to_owned(),
                undone(value, &[(":", "%3A"), (",", "%2C")]),
            );
        }
        found.push(Command {
            kind: kind.to_owned(),
            properties,
            message: undone(message, &[]),
        });
    }
    found
}

/// The escapes undone, the percent sign last.
fn undone(text: &str, more: &[(&str, &str)]) -> String {
    let always = [("\r", "%0D"), ("\n", "%0A")];
    let all = always.iter().chain(more);
    let text = all.fold(text.to_owned(), |text, (token, code)| {
        text.replace(code, token)
    });
    text.replace("%25", "%")
}

#[test]
fn the_runner_reads_what_was_meant_and_nothing_more() {
    for (name, report) in samples::every() {
        let found = commands(&rendered("github", &report));
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        for command in &found {
            assert!(
                ["error", "warning", "notice"].contains(&command.kind.as_str()),
                "{name}"
            );
            assert!(
                command
                    .properties
                    .keys()
                    .all(|key| known.contains(&key.as_str())),
                "{name}"
            );
            assert!(
                !command.message.is_empty() && command.message.len() < 4096,
                "{name}"
            );
        }
        for kind in ["error", "warning", "notice"] {
            let count = found.iter().filter(|command| command.kind == kind).count();
            assert!(count <= 10, "{name}: GitHub drops the eleventh");
        }
    }
}

#[test]
fn hostile_text_comes_back_as_it_was() {
    let report = samples::report(&samples::hostile());
    let found = commands(&rendered("github", &report));
    assert_eq!(found.len(), 2);
    let shown = escape_line(samples::HOSTILE);
    let path = samples::hostile_path();
    assert_eq!(found[0].properties["file"], escape_line(&path.to_text()));
    assert_eq!(found[0].properties["title"], format!("{shown}: CMD-FAILED"));
    assert!(
        found[0].message.starts_with(&*shown),
        "{}",
        found[0].message
    );
    // The span goes over lines, and GitHub takes columns within one only.
    assert_eq!(found[0].properties["endLine"], "3");
    assert!(!found[0].properties.contains_key("col"));
}

#[test]
fn the_gravest_come_first_and_the_rest_is_counted() {
    let report = samples::report(&samples::plenty());
    let text = rendered("github", &report);
    let kinds: Vec<String> = commands(&text)
        .into_iter()
        .map(|command| command.kind)
        .collect();
    assert_eq!(
        kinds.join(" "),
        ["error "; 10].concat() + &["warning "; 10].concat() + &["notice"; 10].join(" ")
    );
    insta::assert_snapshot!(text.lines().skip(30).collect::<Vec<_>>().join("\n"), @"
    guard: 3 more errors, 1 more notice; GitHub shows 10 of each kind, `guard run ci --format json` has all
    guard ci: failed · 1 failed · 13 errors · 10 warnings · 10ms
    ");
}

#[test]
fn a_long_message_is_cut_where_a_character_ends() {
    let mut report = samples::report(&samples::findings());
    report.findings[0].message = "é".repeat(5000);
    let text = rendered("github", &report);
    assert!(commands(&text)[0].message.ends_with("é ..."), "{text}");
}
