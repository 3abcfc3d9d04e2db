//! jest: the whole suite of each package. Its own selection follows imports only, and misses configuration, data and
//! snapshots.

use super::call::{argv, call, unit};
use super::packager::missing;
use super::suite::{Runner, touched_suites};
use super::{Adapter, Ask, coverage, jest_json};
use crate::tool::{Ear, Heard, Told, Unit};

pub(crate) struct Jest;

struct Results;

impl Adapter for Jest {
    fn id(&self) -> &'static str {
        "jest"
    }

    fn check(&self) -> &'static str {
        "tests"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let suites = touched_suites(ask).into_iter();
        let own = suites.filter(|(_, suite)| suite.runner == Runner::Jest);
        own.map(|(root, suite)| {
            let Some(program) = ask.finder.node(&root, "jest") else {
                let missing = missing(ask, &root, "jest");
                return unit(ask, "jest", root, Err(missing));
            };
            let mut run = vec![program];
            run.extend(suite.words);
            run.extend(argv(&[
                "--ci",
                "--json",
                "--outputFile={report}",
                "--passWithNoTests",
            ]));
            if ask.coverage.is_some() {
                run.retain(|word| word != "--coverage" && !word.starts_with("--coverageReporters"));
                run.extend(argv(&[
                    "--coverage",
                    "--coverageReporters=lcovonly",
                    "--coverageDirectory={reports}",
                ]));
            }
            let mut call = call(run, &Results).covered(ask);
            call.env = suite.env;
            unit(ask, "jest", root, Ok(call.with("CI", "true")))
        })
        .collect()
    }
}

impl Ear for Results {
    fn hear(&self, told: &Told<'_>) -> Heard {
        coverage::judged(jest_json::hear(told, "jest", "npx jest --ci"), told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::scene::{Answer, Scene};

    const FILES: &[(&str, &str)] = &[
        ("package-lock.json", ""),
        (
            "web/package.json",
            r#"{"devDependencies":{"jest":"^30"},"scripts":{"test":"TZ=UTC jest -i --coverage"}}"#,
        ),
    ];

    #[test]
    fn the_whole_suite_runs_for_machines() {
        let scene = Scene::of(FILES, &["web/a.js"]).installs(&["node_modules/.bin/jest"]);
        assert_eq!(
            scene.said(&Jest),
            [
                "web: CI=true TZ=UTC ../node_modules/.bin/jest -i --coverage --ci --json --outputFile={report} --passWithNoTests"
            ]
        );
        let covered = scene.covered();
        assert!(covered.said(&Jest)[0].ends_with(
            "jest -i --ci --json --outputFile={report} --passWithNoTests --coverage --coverageReporters=lcovonly \
             --coverageDirectory={reports}"
        ));
        assert!(
            covered.units(&Jest)[0]
                .call
                .as_ref()
                .is_ok_and(|call| call.floor.is_some())
        );
    }

    #[test]
    fn one_that_is_not_installed_is_missing_and_one_of_another_package_is_not_asked() {
        let missing = Scene::of(FILES, &["web/a.js"]).said(&Jest);
        assert_eq!(
            missing,
            ["web ? `jest` is in web/package.json and not installed > npm ci"]
        );
        assert!(Scene::of(FILES, &["api/a.js"]).said(&Jest).is_empty());
    }

    /// What jest 30 writes, shortened.
    const REPORT: &str = r#"{"numTotalTests":3,"success":false,"testResults":[
        {"assertionResults":[
            {"ancestorTitles":["add"],"failureMessages":["Error: \u001b[2mexpect(\u001b[22mreceived).toBe(expected)\n\nExpected: 4\n    at Object.toBe (/tree/app/test/add.test.js:4:23)\n    at Promise.finally.completed (/tree/node_modules/jest-circus/build/jestAdapterInit.js:1834:28)"],
             "fullName":"add adds","status":"failed","title":"adds"},
            {"ancestorTitles":[],"failureMessages":["thrown: 1"],"fullName":"odd","status":"failed","title":"odd"},
            {"ancestorTitles":["add"],"failureMessages":[],"fullName":"add works","status":"passed","title":"works"}],
         "message":"","name":"/tree/app/test/add.test.js","status":"failed"},
        {"assertionResults":[],"message":"  ● Test suite failed to run\n\n    Cannot find module './nothere' from 'test/bad.test.js'\n\n      at Resolver._throw (../node_modules/jest-resolve/build/index.js:1031:11)\n      at Object.require (test/bad.test.js:1:11)\n","name":"/tree/app/test/bad.test.js","status":"failed"}]}"#;

    #[test]
    fn each_failing_test_has_its_place() {
        let heard = Answer {
            exit: 1,
            report: Some(REPORT),
            ..Answer::default()
        }
        .to(&Results);
        assert_eq!(
            heard,
            [
                "app/test/add.test.js:4:23 TESTS-FAILED add > adds: Error: expect(received).toBe(expected)",
                "app/test/add.test.js TESTS-FAILED odd: thrown: 1",
                "app/test/bad.test.js:1:11 TESTS-FAILED the test file did not run: Cannot find module './nothere' from \
                 'test/bad.test.js'",
            ]
        );
    }

    #[test]
    fn without_a_report_nothing_was_judged() {
        let err =
            "● Validation Error:\n\n  Preset nothere not found relative to rootDir /tree/app.\n";
        for (exit, report) in [
            (1, None),
            (0, None),
            (1, Some("")),
            (0, Some(&REPORT[..200])),
            (0, Some("{}")),
        ] {
            let heard = Answer {
                exit,
                err,
                report,
                ..Answer::default()
            }
            .to(&Results);
            let said = format!(
                "? `jest` could not judge (exit {exit}): ● Validation Error: > see what it says: `cd app && npx jest --ci`"
            );
            assert_eq!(heard, [said]);
        }
    }

    #[test]
    fn a_threshold_of_its_own_fails_and_no_tests_pass() {
        let report = Some(r#"{"testResults":[]}"#);
        let err = "Jest: \"global\" coverage threshold for lines (90%) not met: 50%";
        let failed = Answer {
            exit: 1,
            err,
            report,
            ..Answer::default()
        }
        .to(&Results);
        assert_eq!(
            failed,
            [format!(
                " TESTS-FAILED jest failed (exit 1) though no test did: {err}"
            )]
        );
        assert!(
            Answer {
                report,
                ..Answer::default()
            }
            .to(&Results)
            .is_empty()
        );
    }

    #[test]
    fn coverage_is_judged_where_it_is_asked_for() {
        let report = Some(r#"{"testResults":[]}"#);
        let left = &[(
            "{reports}/lcov.info",
            "SF:src/add.js\nDA:1,1\nDA:2,0\nend_of_record\n",
        )];
        let heard = Answer {
            report,
            left,
            floor: Some(80.0),
            ..Answer::default()
        }
        .to(&Results);
        assert_eq!(
            heard,
            [
                " COVERAGE-LOW tests reach 50% of the lines of app, 80% are asked for; least covered: app/src/add.js (1 of 2)"
            ]
        );
    }
}
