//! cargo-nextest, where the project has set it up and it is installed. It does not run examples in documentation.

use serde_json::Value;

use super::call::unit;
use super::cargo::{tested, tests, unbuilt};
use super::crates::Crates;
use super::place::bounded;
use super::{Adapter, Ask, coverage, libtest};
use crate::finding::code::TESTS_FAILED;
use crate::path::RepoPath;
use crate::tool::{Ear, Fault, Heard, Told, Unit};

pub(crate) struct Nextest;

struct Results;

/// The exit of a run in which tests failed.
const FAILED: i32 = 100;

/// The exit of a run that found no test.
const NOTHING: i32 = 4;

impl Adapter for Nextest {
    fn id(&self) -> &'static str {
        "nextest"
    }

    fn check(&self) -> &'static str {
        "tests"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let crates = Crates::touched(ask).into_iter();
        let own = crates.filter(|crates| is_meant(ask, &crates.root));
        own.map(|crates| {
            let made = tests(ask, &crates, "nextest").map(|mut run| {
                run.push("--message-format=libtest-json".to_owned());
                tested(ask, run, &Results).with("NEXTEST_EXPERIMENTAL_LIBTEST_JSON", "1")
            });
            unit(ask, "nextest", crates.root, made)
        })
        .collect()
    }
}

/// Whether a workspace's tests are to be run by nextest.
pub(crate) fn is_meant(ask: &Ask<'_>, root: &RepoPath) -> bool {
    let tools = ask.settings.tools.as_ref();
    tools.is_none_or(|tools| tools.contains(&"nextest"))
        && ask.project.has(&root.join(b".config/nextest.toml"))
        && ask.finder.on_path("cargo-nextest").is_some()
}

impl Ear for Results {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let judged = |faults| Heard::Judged {
            faults: bounded(TESTS_FAILED, faults),
            files: None,
        };
        match told.exit {
            0 | NOTHING => coverage::judged(judged(Vec::new()), told),
            FAILED => {
                let faults = failed(told);
                if faults.is_empty() {
                    return unbuilt(told, "cargo nextest run");
                }
                judged(faults)
            }
            _ => unbuilt(told, "cargo nextest run"),
        }
    }
}

/// The failed tests by its events; else by the list at the end of what it prints for people.
fn failed(told: &Told<'_>) -> Vec<Fault> {
    let out = String::from_utf8_lossy(told.out);
    let events = out
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let failed = events.filter(|event| event["type"] == "test" && event["event"] == "failed");
    let by_event: Vec<Fault> = failed
        .filter_map(|event| {
            // `crate::binary$module::test`
            let name = event["name"].as_str()?;
            let name = name.split_once('$').map_or(name, |(_, name)| name);
            let text = event["stdout"].as_str().unwrap_or_default();
            Some(libtest::of(name, text, told.ran))
        })
        .collect();
    if !by_event.is_empty() {
        return by_event;
    }
    let names = told.err.lines().filter_map(|line| {
        let line = line.trim_start().strip_prefix("FAIL [")?;
        line.rsplit(' ').next()
    });
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| libtest::of(name, "", told.ran))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::cargo::Tests;
    use crate::adapter::scene::{Answer, Scene};
    use crate::config::valid::CheckSettings;

    #[test]
    fn one_of_both_runners_runs() {
        let files = &[
            ("Cargo.toml", "[package]\nname=\"a\""),
            (".config/nextest.toml", ""),
        ];
        let scene = Scene::of(files, &["src/lib.rs"]).installs(&["bin/cargo"]);
        assert_eq!(
            (scene.units(&Tests).len(), scene.units(&Nextest).len()),
            (1, 0)
        );
        let scene = scene.installs(&["bin/cargo-nextest"]);
        assert!(scene.units(&Tests).is_empty());
        assert_eq!(
            scene.said(&Nextest),
            [
                ": CARGO_TERM_COLOR=never CI=true NEXTEST_EXPERIMENTAL_LIBTEST_JSON=1 cargo nextest run --no-fail-fast \
              --message-format=libtest-json"
            ]
        );
        let tools = Some(vec!["cargo"]);
        let only = scene.with(CheckSettings {
            tools,
            ..CheckSettings::default()
        });
        assert_eq!(
            (only.units(&Tests).len(), only.units(&Nextest).len()),
            (1, 0)
        );
    }

    #[test]
    fn failed_tests_are_read_from_events_or_from_the_list() {
        let out = r#"{"type":"test","event":"ok","name":"rs::rs$tests::works"}
{"type":"test","event":"failed","name":"rs::rs$tests::adds","stdout":"\nthread 'tests::adds' (31946) panicked at src/lib.rs:6:9:\nassertion failed\n"}
{"type":"su"#;
        let err = "        FAIL [   0.325s] (4/4) rs::it far\n  stderr ───\n     Summary\n        FAIL [   0.325s] (4/4) rs::it far\nerror: test run failed\n";
        for (out, err, said) in [
            (
                out,
                err,
                "app/src/lib.rs:6:9 TESTS-FAILED tests::adds: assertion failed",
            ),
            ("", err, " TESTS-FAILED far"),
        ] {
            assert_eq!(
                Answer {
                    exit: 100,
                    out,
                    err,
                    ..Answer::default()
                }
                .to(&Results),
                [said]
            );
        }
        assert!(
            Answer {
                exit: 4,
                err,
                ..Answer::default()
            }
            .to(&Results)
            .is_empty()
        );
        let broken = Answer {
            exit: 96,
            err: "error: invalid config",
            ..Answer::default()
        }
        .to(&Results);
        assert!(
            broken[0].starts_with("? `cargo nextest run` could not judge (exit 96)"),
            "{broken:?}"
        );
    }
}
