//! What must hold of every format, for every kind of run: readers understand it, and nothing bad looks good.

mod github;
#[cfg(feature = "peer-tests")]
mod peers;
mod schemas;
mod xml;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{FORMATS, Manner, Report, Verbosity, format, samples};
use crate::outcome::Verdict;
use crate::secret::{Redactor, Secret};
use crate::terminal::{Style, escape};

/// The report in that format.
pub(super) fn rendered(id: &str, report: &Report) -> String {
    let manner = Manner {
        style: Style::PLAIN,
        verbosity: Verbosity::Normal,
    };
    format(id).expect("a format").render(report, manner)
}

fn json(id: &str, report: &Report) -> Value {
    serde_json::from_str(&rendered(id, report)).expect("JSON")
}

fn faults(schema: &Value, document: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    let errors = validator.iter_errors(document);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_list_is_one_name_each_and_the_page_has_them_all() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let page = fs::read_to_string(page).expect("docs/formats.md is there");
    let mut names = HashSet::new();
    for format in FORMATS {
        let (id, about) = (format.id(), format.about());
        assert!(names.insert(id), "{id} is there twice");
        assert!(about.len() <= 60 && !about.ends_with('.'), "{about}");
        assert!(
            page.contains(&format!("\n| `{id}` | {about} |")),
            "the table of docs/formats.md has no row `| `{id}` | {about} |`"
        );
    }
    assert_eq!(FORMATS[0].id(), "human", "the default, as the help says");
}

#[test]
fn a_terminal_obeys_nothing_that_a_format_prints() {
    for (name, report) in samples::every() {
        for format in FORMATS {
            let text = rendered(format.id(), &report);
            assert_eq!(escape(&text), text, "{} of {name}", format.id());
        }
    }
}

#[test]
fn sarif_is_what_its_readers_know() {
    for (name, report) in samples::every() {
        let log = json("sarif", &report);
        assert_eq!(faults(&schemas::sarif(), &log), [""; 0], "{name}");
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        for result in results {
            let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[rule]["id"], result["ruleId"], "{name}");
        }
        assert_eq!(results.len(), report.findings.len(), "{name}");
    }
}

#[test]
fn gitlab_finds_a_path_and_a_fingerprint_of_its_own_in_every_entry() {
    for (name, report) in samples::every() {
        let entries = json("gitlab", &report);
        assert_eq!(faults(&schemas::gitlab(), &entries), [""; 0], "{name}");
        let mut seen = HashSet::new();
        for entry in entries.as_array().unwrap() {
            assert!(seen.insert(entry["fingerprint"].to_string()), "{name}");
        }
    }
}

#[test]
fn junit_is_xml_and_its_counts_are_right() {
    for (name, report) in samples::every() {
        let text = rendered("junit", &report);
        let suites = xml::read(&text).unwrap_or_else(|fault| panic!("{name}: {fault}\n{text}"));
        schemas::junit(&suites).unwrap_or_else(|fault| panic!("{name}: {fault}\n{text}"));
    }
}

#[test]
fn what_is_hostile_reads_back_as_text() {
    let report = samples::report(&samples::hostile());
    let suites = xml::read(&rendered("junit", &report)).unwrap();
    let case = &suites.children[0].children[0];
    let name = escape(samples::HOSTILE).replace('\n', "\\u{a}");
    assert_eq!(case.attributes["name"], name);
    assert_eq!(case.children[0].attributes["message"], name);

    let log = json("sarif", &report);
    let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    let uri = location["artifactLocation"]["uri"].as_str().unwrap();
    assert_eq!(decoded(uri), samples::hostile_path().as_bytes());
    assert_eq!(
        json("gitlab", &report)[0]["location"]["path"],
        *samples::hostile_path().to_text()
    );
}

/// What a percent-encoded path means.
fn decoded(uri: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(&behind[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &behind[2..];
        } else {
            assert!(first.is_ascii_alphanumeric() || b"-._~/".contains(first));
            bytes.push(*first);
            rest = behind;
        }
    }
    bytes
}

#[test]
fn what_is_not_good_never_looks_good() {
    let mut bad = 0;
    let mut reports = samples::every();
    // Verdicts that nothing else speaks for.
    for verdict in [Verdict::Failed, Verdict::Unknown, Verdict::Refused] {
        let mut run = samples::passed();
        run.done(verdict, 1, 0);
        reports.push((verdict.word(), samples::report(&run)));
    }
    for (name, report) in reports {
        if report.verdict() == Verdict::Passed || report.plan_only {
            continue;
        }
        bad += 1;
        let suites = xml::read(&rendered("junit", &report)).unwrap();
        let count = |key: &str| suites.attributes[key].parse::<u32>().unwrap();
        assert!(count("failures") + count("errors") > 0, "junit of {name}");
        assert!(
            rendered("github", &report).contains("::error "),
            "github of {name}"
        );
        let severities = json("gitlab", &report).to_string();
        assert!(
            severities.contains("critical") || severities.contains("major"),
            "gitlab of {name}"
        );
        assert!(!rendered("markdown", &report).contains("### ✓"), "{name}");
        let log = json("sarif", &report);
        let run = &log["runs"][0];
        assert!(
            run.to_string().contains(r#""level":"error""#),
            "sarif of {name}"
        );
        assert_ne!(run["properties"]["verdict"], "passed", "sarif of {name}");
    }
    assert!(bad > 8);
}

#[test]
fn an_unknown_that_lets_pass_is_still_said() {
    for (name, report) in samples::every() {
        if name == "let-pass" {
            let log = json("sarif", &report);
            let invocation = &log["runs"][0]["invocations"][0];
            assert_eq!(invocation["executionSuccessful"], false);
            assert_eq!(invocation["exitCode"], 0);
            assert!(rendered("github", &report).starts_with("::warning title=types%3A unknown::"));
            assert!(rendered("junit", &report).contains(r#"<error type="unknown""#));
            assert_eq!(json("gitlab", &report)[0]["severity"], "minor");
        }
    }
}

#[test]
fn a_secret_is_hidden_before_it_is_escaped() {
    let secret = "s<e>c|r&e\"t`%,:\\@x";
    let redactor = Redactor::new([("TOKEN", &Secret::new(secret))]);
    let run = samples::hostile();
    let mut report = samples::report(&run);
    for finding in &mut report.findings {
        finding.message = format!("it is {secret}");
        finding.help.clone_from(&finding.message);
    }
    report.notes[0].1 = format!("note {secret}");
    for step in &mut report.steps {
        step.because = format!("for {secret}");
        step.outcome = Some(crate::outcome::Outcome::unknown(secret, secret));
    }
    report.hide(&redactor);
    for format in FORMATS {
        let text = rendered(format.id(), &report);
        for part in ["s<e>", "s&lt;", "s&#60;", "s\\<", "&e", "r&amp;"] {
            assert!(!text.contains(part), "{} shows {part}: {text}", format.id());
        }
        let told = format.id() == "ndjson" || (text.contains("[TOKEN") && text.contains("hidden]"));
        assert!(told, "{}: {text}", format.id());
    }
}

#[test]
fn a_page_keeps_to_its_room_and_says_what_is_missing() {
    let report = samples::report(&samples::plenty());
    for (most, is_cut) in [(300, true), (1000, true), (100_000, false)] {
        let page = super::markdown::page(&report, most);
        assert!(page.len() <= most, "{} of {most}", page.len());
        assert_eq!(page.contains("did not fit"), is_cut, "{most}");
    }
    assert_eq!(super::markdown::page(&report, 0), "");
    assert_eq!(super::markdown::page(&report, 100), "");
}
