//! pytest: the whole suite of each package.

use super::call::{argv, call, unit};
use super::jest_json::unexplained;
use super::junit::Failure;
use super::packager::missing_python;
use super::place::{Spot, bounded, fault, own, raised};
use super::suite::has_suite;
use super::telling::{broken, first_line, from};
use super::workspace::{World, touched};
use super::{Adapter, Ask, coverage, junit, python};
use crate::finding::Position;
use crate::finding::code::TESTS_FAILED;
use crate::path::RepoPath;
use crate::project::{Project, up};
use crate::tool::{Call, Ear, Fault, Heard, Missing, Ran, Told, Unit};

pub(crate) struct Pytest;

struct Results;

/// No test was found.
const NOTHING: i32 = 5;

/// Files that are about nothing but pytest.
const OWN: [&str; 6] = [
    "pytest.ini",
    ".pytest.ini",
    "pytest.toml",
    ".pytest.toml",
    "conftest.py",
    "tests/conftest.py",
];

impl Adapter for Pytest {
    fn id(&self) -> &'static str {
        "pytest"
    }

    fn check(&self) -> &'static str {
        "tests"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let folders = touched(ask.project, ask.changed, World::Python).into_iter();
        let mut homes: Vec<RepoPath> = folders
            .filter_map(|folder| up(&folder).find(|at| has_suite(ask.project, at)))
            .filter(|home| is_traced(ask.project, home))
            .collect();
        homes.sort();
        homes.dedup();
        homes
            .into_iter()
            .map(|home| {
                let made = made(ask, &home);
                unit(ask, "pytest", home, made)
            })
            .collect()
    }
}

/// Whether a folder's tests are pytest's.
pub(crate) fn is_traced(project: &Project<'_>, folder: &RepoPath) -> bool {
    let has = |file: &str| project.has(&folder.join(file.as_bytes()));
    let says = |file: &str, section: &str| {
        let text = project.text(&folder.join(file.as_bytes()));
        text.is_some_and(|text| text.lines().any(|line| line.trim_end() == section))
    };
    let manifest = project.toml(&folder.join(b"pyproject.toml"));
    let in_manifest = manifest.is_some_and(|manifest| {
        let tool = manifest.get("tool").and_then(toml::Value::as_table);
        tool.is_some_and(|tool| tool.contains_key("pytest"))
    });
    OWN.iter().any(|file| has(file))
        || in_manifest
        || says("setup.cfg", "[tool:pytest]")
        || says("tox.ini", "[pytest]")
        || python::names(project, folder, "pytest")
}

fn made(ask: &Ask<'_>, home: &RepoPath) -> Result<Call, Missing> {
    let program = ask.finder.python(home, "pytest");
    let program = program.ok_or_else(|| missing_python(ask.project, home, "pytest"))?;
    // `python -m pytest` finds modules beside the tests as well as `pytest` does, and those of the package.
    let python = program
        .strip_suffix("/pytest")
        .map(|folder| format!("{folder}/python"));
    let python = python.filter(|python| ask.finder.python(home, "python").as_ref() == Some(python));
    let mut run = match python {
        Some(python) => argv(&[&python, "-m", "pytest"]),
        None => vec![program],
    };
    run.extend(argv(&[
        "-q",
        "--color=no",
        "--junitxml={report}",
        "-o",
        "junit_family=xunit1",
    ]));
    let mut made = call(Vec::new(), &Results).covered(ask).with("CI", "true");
    if ask.coverage.is_some() {
        if !measures_itself(ask.project, home) {
            // Without a source only what tests import would count.
            let measures = if has_source(ask.project, home) {
                "--cov"
            } else {
                "--cov=."
            };
            run.push(measures.to_owned());
        }
        run.push("--cov-report=xml:{reports}/coverage.xml".to_owned());
        // Its data would lie in the work tree else.
        made = made.with("COVERAGE_FILE", "{reports}/.coverage");
    }
    made.run = run;
    Ok(made)
}

/// Whether coverage.py is told what to measure.
fn has_source(project: &Project<'_>, home: &RepoPath) -> bool {
    let files = [".coveragerc", "pyproject.toml", "setup.cfg", "tox.ini"];
    files.iter().any(|file| {
        let text = project
            .text(&home.join(file.as_bytes()))
            .unwrap_or_default();
        let mut lines = text.lines().map(str::trim_start);
        (*file == ".coveragerc" || text.contains("coverage"))
            && lines.any(|line| line.starts_with("source"))
    })
}

/// Whether pytest's own configuration says what is measured: another `--cov` would widen that to everything.
fn measures_itself(project: &Project<'_>, home: &RepoPath) -> bool {
    let files = [
        "pyproject.toml",
        "pytest.ini",
        "setup.cfg",
        "tox.ini",
        ".pytest.ini",
    ];
    files.iter().any(|file| {
        let text = project.text(&home.join(file.as_bytes()));
        text.is_some_and(|text| text.contains("--cov=") || text.contains("--cov "))
    })
}

impl Ear for Results {
    fn hear(&self, told: &Told<'_>) -> Heard {
        if told.err.contains("unrecognized arguments") && told.err.contains("--cov") {
            return Heard::Broken {
                reason: "pytest cannot measure coverage: `pytest-cov` is not installed".to_owned(),
                remedy: format!(
                    "add `pytest-cov` where pytest is: `{}`",
                    from(told, "python3 -m pip install pytest-cov")
                ),
            };
        }
        let text = told.report.as_deref().map(String::from_utf8_lossy);
        let results = text.and_then(|text| junit::read(&text));
        let Some(results) = results.filter(|_| matches!(told.exit, 0..=2 | NOTHING)) else {
            return broken(told, "pytest", "python3 -m pytest");
        };
        let failures = results.failures.iter();
        let mut faults: Vec<Fault> = failures.map(|failure| of(failure, told.ran)).collect();
        match told.exit {
            2 if faults.is_empty() => return broken(told, "pytest", "python3 -m pytest"),
            1 if faults.is_empty() => faults.push(unexplained(told, "pytest")),
            _ => {}
        }
        let heard = Heard::Judged {
            faults: bounded(TESTS_FAILED, faults),
            files: (results.tests == 0).then_some(0),
        };
        coverage::judged(heard, told)
    }
}

fn of(failure: &Failure, ran: &Ran) -> Fault {
    let file = failure.file.as_deref().and_then(|file| own(file, ran));
    let declared = file.map(|path| {
        let line = failure.line.map(|line| line.saturating_add(1));
        let at = line.map(|line| Position { line, column: 1 });
        Spot { path, at }
    });
    let spot = raised(&failure.text, ran).or(declared);
    // What stands behind `E` is the exception itself, where the attribute only says when it came.
    let is_of_when = failure.message.starts_with("collection failure")
        || failure.message.starts_with("failed on ");
    let raised = failure
        .text
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("E  "));
    let message = raised.filter(|_| is_of_when).unwrap_or(&failure.message);
    fault(
        TESTS_FAILED,
        format!("{}: {}", node_id(failure), first_line(message)),
        spot,
    )
}

/// The name by which pytest runs one test: `tests/test_a.py::TestX::test_y`.
fn node_id(failure: &Failure) -> String {
    let Some(file) = &failure.file else {
        let parts = [failure.class.as_str(), failure.name.as_str()];
        return parts
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("::");
    };
    let module = file.trim_end_matches(".py").replace('/', ".");
    let class = failure.class.strip_prefix(&module).unwrap_or_default();
    let parts = class
        .split('.')
        .filter(|part| !part.is_empty())
        .chain([failure.name.as_str()]);
    parts.fold(file.clone(), |id, part| format!("{id}::{part}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::scene::{Answer, Scene};

    #[test]
    fn the_packages_own_environment_runs_it() {
        let files = &[
            ("api/pyproject.toml", "[tool.pytest.ini_options]\n"),
            ("pytest.ini", ""),
            ("api/a.py", ""),
        ];
        let scene = Scene::of(files, &["api/a.py"])
            .installs(&["api/.venv/bin/pytest", "api/.venv/bin/python"]);
        assert_eq!(
            scene.said(&Pytest),
            [
                "api: CI=true .venv/bin/python -m pytest -q --color=no --junitxml={report} -o junit_family=xunit1"
            ]
        );
        let on_path = Scene::of(files, &["x.py"])
            .installs(&["bin/pytest"])
            .covered();
        assert_eq!(
            on_path.said(&Pytest),
            [
                ": CI=true COVERAGE_FILE={reports}/.coverage pytest -q --color=no --junitxml={report} -o \
              junit_family=xunit1 --cov=. --cov-report=xml:{reports}/coverage.xml"
            ]
        );
        let missing = Scene::of(files, &["x.py"]).said(&Pytest);
        assert_eq!(
            missing,
            [" ? `pytest` is asked for and not installed > python3 -m pip install pytest"]
        );
    }

    #[test]
    fn every_trace_counts_and_nothing_else() {
        for (file, text, is_one) in [
            ("pytest.ini", "", true),
            ("setup.cfg", "[tool:pytest]\n", true),
            ("tox.ini", "[pytest]\naddopts=\n", true),
            ("tox.ini", "[tox]\n", false),
            ("tests/conftest.py", "", true),
            ("requirements-dev.txt", "pytest", true),
            ("pyproject.toml", "[tool.ruff]", false),
            ("pyproject.toml", "[tool.pytest.ini_options]", true),
        ] {
            let files = &[(file, text)];
            let said = Scene::of(files, &["a.py"]).said(&Pytest);
            assert_eq!(said.len(), usize::from(is_one), "{file} {text}");
        }
    }

    /// What pytest 9 writes, shortened.
    const REPORT: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites name=\"pytest tests\"><testsuite \
        name=\"pytest\" errors=\"1\" failures=\"2\" tests=\"4\"><testcase classname=\"tests.test_a.TestX\" \
        name=\"test_in_class\" file=\"tests/test_a.py\" line=\"5\" time=\"0.014\"><failure message=\"assert 2 == 5&#10; + \
        where\">    def test_in_class(self):\n&gt;       helper(1)\n\ntests/test_a.py:7: \n_ _ _\n\n    def helper(x):\nE\
        \x20      assert 2 == 5\n\ntests/test_a.py:4: AssertionError</failure></testcase><testcase \
        classname=\"tests.test_a\" name=\"test_p[1]\" file=\"tests/test_a.py\" line=\"7\" /><testcase \
        classname=\"tests.test_a\" name=\"test_f\" file=\"tests/test_a.py\" line=\"13\"><error message=\"failed on setup \
        with &quot;RuntimeError: fixture&quot;\">E       RuntimeError: fixture\n\n/usr/lib/x.py:13: \
        RuntimeError</error></testcase><testcase classname=\"\" name=\"tests.test_b\"><error message=\"collection \
        failure\">ImportError while importing test module '/tree/app/tests/test_b.py'.\nTraceback:\ntests/test_b.py:1: in \
        &lt;module&gt;\n    import nothere\nE   ModuleNotFoundError: No module named \
        'nothere'</error></testcase></testsuite></testsuites>";

    #[test]
    fn failing_tests_fixtures_and_modules_have_places() {
        let heard = Answer {
            exit: 2,
            report: Some(REPORT),
            ..Answer::default()
        }
        .to(&Results);
        assert_eq!(
            heard,
            [
                "app/tests/test_a.py:4:1 TESTS-FAILED tests/test_a.py::TestX::test_in_class: assert 2 == 5",
                "app/tests/test_a.py:14:1 TESTS-FAILED tests/test_a.py::test_f: RuntimeError: fixture",
                "app/tests/test_b.py:1:1 TESTS-FAILED tests.test_b: ModuleNotFoundError: No module named 'nothere'",
            ]
        );
    }

    #[test]
    fn no_tests_are_no_failure_and_trouble_is_none_either() {
        let none = "<testsuites><testsuite name=\"pytest\" tests=\"0\" /></testsuites>";
        assert!(
            Answer {
                exit: 5,
                report: Some(none),
                ..Answer::default()
            }
            .to(&Results)
            .is_empty()
        );
        let err = "ImportError while loading conftest '/tree/app/conftest.py'.\nE   ModuleNotFoundError: x";
        for (exit, report) in [
            (4, None),
            (4, Some(none)),
            (3, Some(none)),
            (2, Some(none)),
            (0, None),
            (1, Some("<")),
        ] {
            let heard = Answer {
                exit,
                err,
                report,
                ..Answer::default()
            }
            .to(&Results);
            assert!(
                heard[0].starts_with("? `pytest` could not judge")
                    && heard[0].contains("loading conftest"),
                "{heard:?}"
            );
        }
        let err = "ERROR: usage: pytest\npytest: error: unrecognized arguments: --cov --cov-report=xml:x\n";
        let heard = Answer {
            exit: 4,
            err,
            ..Answer::default()
        }
        .to(&Results);
        assert!(
            heard[0].contains("`pytest-cov` is not installed"),
            "{heard:?}"
        );
        let limit = Answer {
            exit: 1,
            err: "ERROR: Coverage failure: total of 50 is less than fail-under=80",
            report: Some(none),
            ..Answer::default()
        };
        assert!(limit.to(&Results)[0].contains("though no test did: ERROR: Coverage failure"));
    }
}
