//! cargo: builds the packages that a change touches, and runs their tests.

use serde_json::Value;

use super::call::{argv, call, unit};
use super::crates::Crates;
use super::packager::missing_program;
use super::place::{Spot, bounded, fault, own, spot};
use super::telling::{broken, from, short};
use super::{Adapter, Ask, coverage, libtest, nextest};
use crate::finding::Position;
use crate::finding::code::{BUILD_FAILED, TESTS_FAILED};
use crate::tool::{Call, Ear, Fault, Heard, Missing, Ran, Told, Unit};

/// `cargo build`.
pub(crate) struct Build;

/// `cargo test`, where nextest is not set up.
pub(crate) struct Tests;

struct Built;

struct Tested;

impl Adapter for Build {
    fn id(&self) -> &'static str {
        "cargo"
    }

    fn check(&self) -> &'static str {
        "build"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let crates = Crates::touched(ask).into_iter();
        crates
            .map(|crates| {
                let run = crates.cargo(ask, &["build", "--message-format=json"]);
                let made = run.map(|run| call(run, &Built).with("CARGO_TERM_COLOR", "never"));
                unit(ask, "cargo", crates.root, made)
            })
            .collect()
    }
}

impl Adapter for Tests {
    fn id(&self) -> &'static str {
        "cargo"
    }

    fn check(&self) -> &'static str {
        "tests"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let crates = Crates::touched(ask).into_iter();
        let own = crates.filter(|crates| !nextest::is_meant(ask, &crates.root));
        own.map(|crates| {
            let made = tests(ask, &crates, "test").map(|run| tested(ask, run, &Tested));
            unit(ask, "cargo", crates.root, made)
        })
        .collect()
    }
}

/// A command line that runs tests, with coverage where that is asked for.
pub(crate) fn tests(ask: &Ask<'_>, crates: &Crates, runner: &str) -> Result<Vec<String>, Missing> {
    let plain: &[&str] = if runner == "test" {
        &["test"]
    } else {
        &["nextest", "run"]
    };
    if ask.coverage.is_none() {
        let mut run = crates.cargo(ask, plain)?;
        if runner == "test" {
            // A line an error, so that what is kept of a long output has them.
            run.push("--message-format=short".to_owned());
        }
        run.push("--no-fail-fast".to_owned());
        return Ok(run);
    }
    if ask.finder.on_path("cargo-llvm-cov").is_none() {
        return Err(missing_program(
            "cargo-llvm-cov",
            "cargo install cargo-llvm-cov",
        ));
    }
    let words: &[&str] = if runner == "test" {
        &["llvm-cov"]
    } else {
        &["llvm-cov", "nextest"]
    };
    let mut run = crates.cargo(ask, words)?;
    run.extend(argv(&[
        "--no-fail-fast",
        "--lcov",
        "--output-path={reports}/lcov.info",
    ]));
    Ok(run)
}

/// The call for such a command line.
pub(crate) fn tested(ask: &Ask<'_>, run: Vec<String>, ear: &'static dyn Ear) -> Call {
    call(run, ear)
        .covered(ask)
        .with("CARGO_TERM_COLOR", "never")
        .with("CI", "true")
}

impl Ear for Built {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let out = String::from_utf8_lossy(told.out);
        let messages = out
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let faults: Vec<Fault> = messages
            .filter_map(|message| compiler(&message, told.ran))
            .collect();
        if faults.is_empty() && told.exit != 0 {
            return refused(told, "cargo build");
        }
        let faults = if told.exit == 0 { Vec::new() } else { faults };
        Heard::Judged {
            faults: bounded(BUILD_FAILED, faults),
            files: None,
        }
    }
}

/// An error of the compiler's; what only counts them has no place and is none.
fn compiler(message: &Value, ran: &Ran) -> Option<Fault> {
    let message = message
        .get("message")
        .filter(|_| message["reason"] == "compiler-message")?;
    let is_error = message["level"].as_str()?.starts_with("error");
    let spans = message["spans"]
        .as_array()
        .filter(|spans| is_error && !spans.is_empty())?;
    let span = spans.iter().find(|span| span["is_primary"] == true)?;
    let number = |name: &str| {
        span[name]
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
    };
    let at = |line, column| {
        Some(Position {
            line: number(line)?,
            column: number(column)?,
        })
    };
    let path = span["file_name"].as_str().and_then(|file| own(file, ran));
    let mut fault = fault(
        BUILD_FAILED,
        short(message["message"].as_str()?),
        path.map(Spot::file),
    );
    fault.span = at("line_start", "column_start").zip(at("line_end", "column_end"));
    fault.rule = message["code"]["code"].as_str().map(str::to_owned);
    Some(fault)
}

impl Ear for Tested {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let out = String::from_utf8_lossy(told.out);
        if told.exit == 0 {
            let heard = Heard::Judged {
                faults: Vec::new(),
                files: None,
            };
            return coverage::judged(heard, told);
        }
        let failed = libtest::failed(&out).into_iter();
        let faults: Vec<Fault> = failed
            .map(|(name, text)| libtest::of(&name, &text, told.ran))
            .collect();
        if faults.is_empty() {
            return unbuilt(told, "cargo test");
        }
        Heard::Judged {
            faults: bounded(TESTS_FAILED, faults),
            files: None,
        }
    }
}

/// No test failed, but something did: the compiler, or a harness of another kind; else cargo itself.
pub(crate) fn unbuilt(told: &Told<'_>, tool: &str) -> Heard {
    let mut faults: Vec<Fault> = told
        .err
        .lines()
        .filter_map(|line| short_error(line, told.ran))
        .collect();
    if faults.is_empty() {
        let mut lines = told.err.lines();
        let harness = lines.find(|line| {
            line.starts_with("error: test failed") || line.starts_with("error: doctest failed")
        });
        match harness {
            Some(line) => faults.push(fault(TESTS_FAILED, short(line), None)),
            None => return refused(told, tool),
        }
    }
    Heard::Judged {
        faults: bounded(TESTS_FAILED, faults),
        files: None,
    }
}

/// `src/lib.rs:13:9: error[E0308]: mismatched types`, or rustc's longer form, of which only the place is a line.
fn short_error(line: &str, ran: &Ran) -> Option<Fault> {
    if let Some(place) = line.trim_start().strip_prefix("--> ") {
        let spot = spot(place, ran)?;
        return Some(fault(
            TESTS_FAILED,
            "the tests do not compile".to_owned(),
            Some(spot),
        ));
    }
    let (place, message) = line.split_once(": error")?;
    let spot = spot(place, ran)?;
    Some(fault(
        TESTS_FAILED,
        short(&format!("the tests do not compile: error{message}")),
        Some(spot),
    ))
}

/// cargo could not begin: a lock file that does not fit, a registry out of reach, a manifest that cannot be read.
pub(crate) fn refused(told: &Told<'_>, tool: &str) -> Heard {
    let is_stale = told.err.contains("--locked") && told.err.contains("lock file");
    let heard = broken(told, tool, tool);
    match heard {
        Heard::Broken { .. } if is_stale => Heard::Broken {
            reason: "Cargo.lock does not fit Cargo.toml".to_owned(),
            remedy: format!(
                "write it anew and commit it: `{}`",
                from(told, "cargo check")
            ),
        },
        heard => heard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::scene::{Answer, Scene};

    const FILES: &[(&str, &str)] = &[
        ("Cargo.toml", "[workspace]\nmembers=[\"crates/*\"]"),
        ("Cargo.lock", ""),
        ("crates/a/Cargo.toml", "[package]\nname=\"a\""),
        (
            "crates/b/Cargo.toml",
            "[package]\nname=\"bee\"\n[dependencies]\na={path=\"../a\"}",
        ),
        ("crates/c/Cargo.toml", "[package]\nname=\"c\""),
        ("tool/Cargo.toml", "[package]\nname=\"tool\"\n[workspace]"),
    ];

    #[test]
    fn touched_packages_and_what_depends_on_them_are_taken() {
        for (changed, run) in [
            (
                "crates/b/src/lib.rs",
                "cargo test -p bee --locked --message-format=short --no-fail-fast",
            ),
            (
                "crates/a/src/lib.rs",
                "cargo test -p a -p bee --locked --message-format=short --no-fail-fast",
            ),
            (
                "Cargo.lock",
                "cargo test --workspace --locked --message-format=short --no-fail-fast",
            ),
        ] {
            let scene = Scene::of(FILES, &[changed]).installs(&["bin/cargo"]);
            assert_eq!(
                scene.said(&Tests),
                [format!(": CARGO_TERM_COLOR=never CI=true {run}")],
                "{changed}"
            );
        }
        let scene = Scene::of(FILES, &["tool/src/main.rs"]).installs(&["bin/cargo"]);
        assert_eq!(
            scene.said(&Build),
            ["tool: CARGO_TERM_COLOR=never cargo build --message-format=json --workspace"]
        );
    }

    #[test]
    fn what_is_missing_is_said() {
        let scene = Scene::of(FILES, &["tool/src/main.rs"]);
        assert_eq!(
            scene.said(&Build),
            ["tool ? `cargo` is not on PATH > install Rust from https://rustup.rs"]
        );
        let scene = scene.installs(&["bin/cargo"]).covered();
        assert_eq!(
            scene.said(&Tests),
            ["tool ? `cargo-llvm-cov` is not on PATH > cargo install cargo-llvm-cov"]
        );
        let scene = scene.installs(&["bin/cargo-llvm-cov"]);
        assert_eq!(
            scene.said(&Tests),
            [
                "tool: CARGO_TERM_COLOR=never CI=true cargo llvm-cov --workspace --no-fail-fast --lcov \
              --output-path={reports}/lcov.info"
            ]
        );
        assert!(Scene::of(&[("a.c", "")], &["a.c"]).said(&Tests).is_empty());
    }

    #[test]
    fn compiler_errors_have_places() {
        let out = r#"{"reason":"compiler-artifact","target":{}}
{"reason":"compiler-message","message":{"level":"warning","message":"unused","spans":[{"is_primary":true,"file_name":"src/a.rs","line_start":1,"line_end":1,"column_start":1,"column_end":2}],"code":null}}
{"reason":"compiler-message","message":{"level":"error","message":"mismatched types","spans":[{"is_primary":true,"file_name":"src/lib.rs","line_start":13,"line_end":14,"column_start":9,"column_end":2}],"code":{"code":"E0308"}}}
{"reason":"compiler-message","message":{"level":"error","message":"aborting due to 1 previous error","spans":[],"code":null}}
{"reason":"build-finished","success":false}
{"reason":"compiler-mess"#;
        let heard = Answer {
            exit: 101,
            out,
            ..Answer::default()
        }
        .to(&Built);
        assert_eq!(heard, ["app/src/lib.rs:13:9 BUILD-FAILED mismatched types"]);
        assert!(
            Answer {
                out,
                ..Answer::default()
            }
            .to(&Built)
            .is_empty()
        );
        let err = "error: the lock file /tree/app/Cargo.lock needs to be updated but --locked was passed to prevent this";
        assert_eq!(
            Answer {
                exit: 101,
                err,
                ..Answer::default()
            }
            .to(&Built),
            [
                "? Cargo.lock does not fit Cargo.toml > write it anew and commit it: `cd app && cargo check`"
            ]
        );
    }

    #[test]
    fn failing_tests_those_that_do_not_compile_and_cargos_own_trouble_differ() {
        let out = "test a ... FAILED\n\n---- a stdout ----\nthread 'a' panicked at src/lib.rs:6:9:\nboom\n\ntest result: FAILED.";
        let err = "src/lib.rs:13:9: error: this file contains an unclosed delimiter\nerror: could not compile `rs`";
        let registry = "error: failed to get `serde` as a dependency\nCaused by: network";
        let harness = "error: test failed, to rerun pass `--test bdd`";
        for (out, err, said) in [
            (out, "", "app/src/lib.rs:6:9 TESTS-FAILED a: boom"),
            (
                "",
                err,
                "app/src/lib.rs:13:9 TESTS-FAILED the tests do not compile: error: this file contains an unclosed delimiter",
            ),
            (
                "",
                harness,
                " TESTS-FAILED error: test failed, to rerun pass `--test bdd`",
            ),
            (
                "",
                registry,
                "? `cargo test` could not judge (exit 101): error: failed to get `serde` as a dependency > see what it says: `cd app && cargo test`",
            ),
        ] {
            assert_eq!(
                Answer {
                    exit: 101,
                    out,
                    err,
                    ..Answer::default()
                }
                .to(&Tested),
                [said]
            );
        }
        assert!(
            Answer {
                out,
                ..Answer::default()
            }
            .to(&Tested)
            .is_empty(),
            "cargo's exit decides"
        );
    }
}
