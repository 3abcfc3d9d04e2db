//! vitest: the whole suite of each package, once. Its own selection misses deleted files, configuration and snapshots.

use super::call::{argv, call, unit};
use super::packager::missing;
use super::suite::{Runner, touched_suites};
use super::{Adapter, Ask, coverage, jest_json};
use crate::path::RepoPath;
use crate::tool::{Call, Ear, Heard, Missing, Told, Unit};

pub(crate) struct Vitest;

struct Results;

/// What vitest measures coverage with.
const PROVIDERS: [&str; 2] = ["@vitest/coverage-v8", "@vitest/coverage-istanbul"];

impl Adapter for Vitest {
    fn id(&self) -> &'static str {
        "vitest"
    }

    fn check(&self) -> &'static str {
        "tests"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let suites = touched_suites(ask).into_iter();
        let own = suites.filter(|(_, suite)| suite.runner == Runner::Vitest);
        own.map(|(root, suite)| {
            let made = made(ask, &root, suite.words);
            let made = made.map(|mut call| {
                call.env = suite.env;
                call.covered(ask).with("CI", "true")
            });
            unit(ask, "vitest", root, made)
        })
        .collect()
    }
}

fn made(ask: &Ask<'_>, root: &RepoPath, words: Vec<String>) -> Result<Call, Missing> {
    let program = ask.finder.node(root, "vitest");
    let program = program.ok_or_else(|| missing(ask, root, "vitest"))?;
    let mut run = vec![program, "run".to_owned()];
    run.extend(words);
    run.extend(argv(&[
        "--passWithNoTests",
        "--reporter=default",
        "--reporter=json",
        "--outputFile.json={report}",
    ]));
    if ask.coverage.is_some() {
        let is_there =
            |provider: &&&str| ask.finder.lies(root, &format!("node_modules/{provider}"));
        if PROVIDERS.iter().find(is_there).is_none() {
            return Err(missing(ask, root, PROVIDERS[0]));
        }
        run.retain(|word| !word.starts_with("--coverage"));
        run.extend(argv(&[
            "--coverage.enabled",
            "--coverage.reporter=lcovonly",
            "--coverage.reportsDirectory={reports}",
        ]));
    }
    Ok(call(run, &Results))
}

impl Ear for Results {
    fn hear(&self, told: &Told<'_>) -> Heard {
        coverage::judged(jest_json::hear(told, "vitest", "npx vitest run"), told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::scene::{Answer, Scene};

    const FILES: &[(&str, &str)] = &[
        ("pnpm-lock.yaml", ""),
        (
            "app/package.json",
            r#"{"devDependencies":{"vitest":"^3"},"scripts":{"test":"vitest --coverage"}}"#,
        ),
    ];

    #[test]
    fn it_runs_once_and_never_watches() {
        let scene = Scene::of(FILES, &["app/a.ts"]).installs(&["app/node_modules/.bin/vitest"]);
        assert_eq!(
            scene.said(&Vitest),
            [
                "app: CI=true node_modules/.bin/vitest run --coverage --passWithNoTests --reporter=default \
              --reporter=json --outputFile.json={report}"
            ]
        );
    }

    #[test]
    fn coverage_needs_a_provider() {
        let scene = Scene::of(FILES, &["app/a.ts"])
            .installs(&["app/node_modules/.bin/vitest"])
            .covered();
        assert_eq!(
            scene.said(&Vitest),
            [
                "app ? `@vitest/coverage-v8` is asked for and not installed > cd app && pnpm add --save-dev \
              @vitest/coverage-v8"
            ]
        );
        let scene = scene.installs(&["app/node_modules/@vitest/coverage-istanbul"]);
        assert!(scene.said(&Vitest)[0].ends_with(
            "run --passWithNoTests --reporter=default --reporter=json --outputFile.json={report} --coverage.enabled \
             --coverage.reporter=lcovonly --coverage.reportsDirectory={reports}"
        ));
    }

    /// What vitest 3 writes, shortened.
    const REPORT: &str = r#"{"numTotalTests":2,"success":false,"testResults":[
        {"assertionResults":[{"ancestorTitles":["","add"],"fullName":"add adds","status":"failed","title":"adds",
          "failureMessages":["AssertionError: expected 3 to be 4 // Object.is equality\n    at /tree/app/test/add.test.js:5:23\n    at file:///tree/node_modules/@vitest/runner/dist/chunk-hooks.js:155:11"]}],
         "status":"failed","message":"","name":"/tree/app/test/add.test.js"},
        {"assertionResults":[],"status":"failed","message":"Cannot find module './nothere' imported from '/tree/app/test/bad.test.js'","name":"/tree/app/test/bad.test.js"}]}"#;

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
                "app/test/add.test.js:5:23 TESTS-FAILED add > adds: AssertionError: expected 3 to be 4 // Object.is \
                 equality",
                "app/test/bad.test.js TESTS-FAILED the test file did not run: Cannot find module './nothere' imported \
                 from '/tree/app/test/bad.test.js'",
            ]
        );
    }
}
