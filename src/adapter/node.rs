//! node's own test runner, where the script `test` calls it.

use super::call::{argv, call, unit};
use super::jest_json::unexplained;
use super::junit::Failure;
use super::packager::missing_program;
use super::place::{Spot, bounded, fault, frame, own};
use super::suite::{Runner, touched_suites};
use super::telling::{broken, first_line};
use super::{Adapter, Ask, coverage, junit};
use crate::finding::code::TESTS_FAILED;
use crate::tool::{Ear, Fault, Heard, Ran, Told, Unit};

pub(crate) struct Node;

struct Results;

impl Adapter for Node {
    fn id(&self) -> &'static str {
        "node"
    }

    fn check(&self) -> &'static str {
        "tests"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let suites = touched_suites(ask).into_iter();
        let own = suites.filter(|(_, suite)| suite.runner == Runner::Node);
        own.map(|(root, suite)| {
            let Some(program) = ask.finder.on_path("node") else {
                let missing = missing_program("node", "install Node.js from https://nodejs.org");
                return unit(ask, "node", root, Err(missing));
            };
            // Options of node stand before the files, which are the last words.
            let mut run = vec![program];
            run.extend(reporter("spec", "stdout"));
            run.extend(reporter("junit", "{report}"));
            if ask.coverage.is_some() {
                run.push("--experimental-test-coverage".to_owned());
                run.extend(reporter("lcov", "{reports}/lcov.info"));
            }
            run.extend(suite.words);
            let mut call = call(run, &Results).covered(ask);
            call.env = suite.env;
            unit(ask, "node", root, Ok(call.with("CI", "true")))
        })
        .collect()
    }
}

fn reporter(name: &str, to: &str) -> Vec<String> {
    argv(&[
        &format!("--test-reporter={name}"),
        &format!("--test-reporter-destination={to}"),
    ])
}

impl Ear for Results {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let text = told.report.as_deref().map(String::from_utf8_lossy);
        let Some(results) = text.and_then(|text| junit::read(&text)) else {
            return broken(told, "node --test", "node --test");
        };
        let failures = results.failures.iter();
        let mut faults: Vec<Fault> = failures.map(|failure| of(failure, told.ran)).collect();
        if faults.is_empty() && told.exit != 0 {
            faults.push(unexplained(told, "node --test"));
        }
        let heard = Heard::Judged {
            faults: bounded(TESTS_FAILED, faults),
            files: None,
        };
        coverage::judged(heard, told)
    }
}

fn of(failure: &Failure, ran: &Ran) -> Fault {
    // A file that did not even run is a test of its own, by its path.
    if let Some(path) = own(&failure.name, ran).filter(|_| is_file(&failure.name)) {
        let message = format!(
            "the test file did not run: {}",
            first_line(&failure.message)
        );
        return fault(TESTS_FAILED, message, Some(Spot::file(path)));
    }
    // The cause's own stack says where; the frames before it only led there.
    let cause = failure
        .text
        .find("cause:")
        .map_or("", |at| &failure.text[at..]);
    let spot = frame(cause, ran).or_else(|| frame(&failure.text, ran));
    let names = failure.suites.iter().chain([&failure.name]);
    let name = names.map(String::as_str).collect::<Vec<_>>().join(" > ");
    let message = format!("{name}: {}", first_line(&failure.message));
    fault(TESTS_FAILED, message, spot)
}

/// Newer versions name a file by its path from where they run.
fn is_file(name: &str) -> bool {
    let endings = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"];
    let is_relative = !name.contains(' ') && endings.iter().any(|ending| name.ends_with(ending));
    name.starts_with('/') || is_relative
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::scene::{Answer, Scene};

    #[test]
    fn the_scripts_own_options_stay() {
        let files = &[(
            "package.json",
            r#"{"scripts":{"test":"node --import tsx --test --watch test/a.js"}}"#,
        )];
        let scene = Scene::of(files, &["a.js"]).installs(&["bin/node"]);
        assert_eq!(
            scene.said(&Node),
            [
                ": CI=true node --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit \
              --test-reporter-destination={report} --import tsx --test test/a.js"
            ]
        );
        assert!(scene.covered().said(&Node)[0].contains(
            " --experimental-test-coverage --test-reporter=lcov --test-reporter-destination={reports}/lcov.info "
        ));
    }

    /// What node 20 writes, shortened.
    const REPORT: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<testsuites>
	<testsuite name="outer" tests="1" failures="1">
		<testcase name="inner" classname="test" failure="Expected values to be strictly equal:1 !== 2">
			<failure type="testCodeFailure" message="Expected values to be strictly equal:1 !== 2">
Error [ERR_TEST_FAILURE]: Expected values to be strictly equal:
    at TestContext.&lt;anonymous> (/tree/app/a.test.js:3:11) {
  cause: AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
      at TestContext.&lt;anonymous> (/tree/app/a.test.js:4:12)
      at Test.runInAsyncScope (node:async_hooks:206:9)
}
			</failure>
		</testcase>
	</testsuite>
	<testcase name="ok" classname="test"/>
	<testcase name="/tree/app/b.test.js" classname="test" failure="test failed">
		<failure type="testCodeFailure" message="test failed">
[Error: test failed] { code: 'ERR_TEST_FAILURE', exitCode: 1 }
		</failure>
	</testcase>
	<!-- tests 5 -->
</testsuites>
"#;

    #[test]
    fn failing_tests_and_files_have_places() {
        let heard = Answer {
            exit: 1,
            report: Some(REPORT),
            ..Answer::default()
        }
        .to(&Results);
        assert_eq!(
            heard,
            [
                "app/a.test.js:4:12 TESTS-FAILED outer > inner: Expected values to be strictly equal:1 !== 2",
                "app/b.test.js TESTS-FAILED the test file did not run: test failed",
            ]
        );
    }

    #[test]
    fn a_cut_off_report_is_none() {
        let heard = Answer {
            exit: 0,
            report: Some(&REPORT[..300]),
            ..Answer::default()
        }
        .to(&Results);
        assert!(
            heard[0].starts_with("? `node --test` could not judge (exit 0)"),
            "{heard:?}"
        );
    }
}
