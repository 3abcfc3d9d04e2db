//! Builds, tests, coverage and env files with the real tools, on small projects with planted faults.
//!
//! They lie in `target/peers/suites`, where `.ci/run` installs them.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Ran, Repo};

const ADD: &str = "exports.add = (a, b) => a + b;\nexports.sub = (a, b) => {\n  if (a > b) {\n    return a - b;\n  }\n  \
                   return 0;\n};\n";

fn peers() -> PathBuf {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/suites");
    assert!(
        peers.is_dir(),
        "{} is missing: `.ci/run` makes it",
        peers.display()
    );
    peers
}

/// A repository with what is installed, and ignored.
fn repo() -> Repo {
    let repo = Repo::new();
    symlink(peers().join("node_modules"), repo.path.join("node_modules")).expect("a link");
    symlink(peers().join("venv"), repo.path.join(".venv")).expect("a link");
    repo.write(
        ".gitignore",
        "node_modules\n.venv\n.env*\n!.env.example\n__pycache__\n.pytest_cache\ntarget\ndist\ncoverage\n.coverage\n",
    );
    repo
}

/// Runs one check on all files.
fn judge(repo: &Repo, check: &str) -> Ran {
    // The toolchain's own programs: rustup's would look for it in the scrubbed home.
    let cargo = PathBuf::from(env!("CARGO"));
    let mut path = vec![cargo.parent().expect("it lies in a folder").to_owned()];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let path = std::env::join_paths(path).expect("paths without colons");
    repo.guard(&format!("run ci --all-files --only {check} --format json"))
        .env("PATH", path)
        .run()
}

fn outcome(ran: &Ran, check: &str) -> (String, String) {
    let json = ran.json();
    let checks = json["checks"].as_array().cloned().unwrap_or_default();
    let found = checks.iter().find(|found| found["id"] == check);
    let text = |name: &str| {
        found
            .map_or(&Value::Null, |found| &found[name])
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    (text("outcome"), text("reason"))
}

fn findings(ran: &Ran, code: &str) -> Vec<String> {
    let json = ran.json();
    let all = json["findings"].as_array().cloned().unwrap_or_default();
    let own = all.iter().filter(|finding| finding["code"] == code);
    let mut lines: Vec<String> = own
        .map(|finding| {
            let path = finding["path"].as_str().unwrap_or_default();
            let line = finding["line"]
                .as_u64()
                .map_or_else(String::new, |line| format!(":{line}"));
            format!(
                "{path}{line} {}",
                finding["message"].as_str().unwrap_or_default()
            )
        })
        .collect();
    lines.sort();
    lines
}

fn has(lines: &[String], begin: &str) -> bool {
    lines.iter().any(|line| line.starts_with(begin))
}

#[test]
fn jests_failing_tests_have_places_and_coverage_is_measured() {
    let repo = repo();
    repo.write("package.json", r#"{"name":"app","devDependencies":{"jest":"^30"},"scripts":{"test":"jest --watch"}}"#)
        .write("src/add.js", ADD)
        .write(
            "test/add.test.js",
            "const { add } = require('../src/add');\ndescribe('add', () => {\n  it('adds', () => {\n    \
             expect(add(1, 2)).toBe(4);\n  });\n});\n",
        )
        .write("test/bad.test.js", "require('./nothere');\n")
        .commit("base");
    let ran = judge(&repo, "tests");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let lines = findings(&ran, "TESTS-FAILED");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        has(&lines, "test/add.test.js:4 ") && lines[0].contains("add > adds"),
        "{lines:?}"
    );
    assert!(has(&lines, "test/bad.test.js:1 "), "{lines:?}");

    repo.git(&["rm", "-q", "test/bad.test.js"]);
    let test = repo.read("test/add.test.js").replace("toBe(4)", "toBe(3)");
    repo.write("test/add.test.js", test).commit("mended");
    assert_eq!(judge(&repo, "tests").code, 0);

    repo.write("guard.yaml", "checks: { coverage: { min: 80 } }\n")
        .commit("ask for coverage");
    let ran = judge(&repo, "tests,coverage");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let low = findings(&ran, "COVERAGE-LOW");
    assert!(
        low.len() == 1 && low[0].contains("40%") && low[0].contains("src/add.js (2 of 5)"),
        "{low:?}"
    );
    repo.write("guard.yaml", "checks: { coverage: { min: 40 } }\n")
        .commit("ask for less");
    assert_eq!(
        judge(&repo, "tests,coverage").code,
        0,
        "the border itself is enough"
    );
    assert_eq!(repo.status(), "", "nothing is left in the work tree");
}

#[test]
fn vitests_failing_tests_have_places_and_coverage_is_measured() {
    let repo = repo();
    repo.write("package.json", r#"{"type":"module","devDependencies":{"vitest":"^3","@vitest/coverage-v8":"^3"},"scripts":{"test":"vitest"}}"#)
        .write("src/add.js", ADD.replace("exports.", "export const "))
        .write(
            "test/add.test.js",
            "import { expect, it } from 'vitest';\nimport { add } from '../src/add.js';\nit('adds', () => {\n  \
             expect(add(1, 2)).toBe(4);\n});\n",
        )
        .commit("base");
    let ran = judge(&repo, "tests");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let lines = findings(&ran, "TESTS-FAILED");
    assert!(
        lines.len() == 1 && has(&lines, "test/add.test.js:4 adds: "),
        "{lines:?}"
    );

    let test = repo.read("test/add.test.js").replace("toBe(4)", "toBe(3)");
    repo.write("test/add.test.js", test)
        .write("guard.yaml", "checks: { coverage: { min: 80 } }\n")
        .commit("mended");
    let ran = judge(&repo, "tests,coverage");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let low = findings(&ran, "COVERAGE-LOW");
    assert!(
        low.len() == 1 && low[0].contains("src/add.js (2 of 7)"),
        "{low:?}"
    );
}

#[test]
fn nodes_own_runner_is_heard() {
    let repo = repo();
    repo.write("package.json", r#"{"scripts":{"test":"node --test"}}"#)
        .write(
            "add.test.js",
            "const test = require('node:test');\nconst assert = require('node:assert');\ntest('outer', async (t) => {\n  \
             await t.test('inner', () => {\n    assert.strictEqual(1, 2);\n  });\n});\ntest('fine', () => {});\n",
        )
        .commit("base");
    let ran = judge(&repo, "tests");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let lines = findings(&ran, "TESTS-FAILED");
    assert!(has(&lines, "add.test.js:5 outer > inner: "), "{lines:?}");
    repo.write("add.test.js", "require('node:test')('fine', () => {});\n")
        .commit("mended");
    assert_eq!(judge(&repo, "tests").code, 0);
}

#[test]
fn pytests_failing_tests_have_places_and_coverage_is_measured() {
    let repo = repo();
    repo.write("pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = [\"tests\"]\n[tool.coverage.run]\nsource = [\"app\"]\n")
        .write("app/__init__.py", "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    if a > b:\n        return a - b\n    return 0\n")
        .write("tests/test_add.py", "from app import add\n\n\nclass TestAdd:\n    def test_adds(self):\n        assert add(1, 2) == 4\n")
        .commit("base");
    let ran = judge(&repo, "tests");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let lines = findings(&ran, "TESTS-FAILED");
    assert!(
        lines.len() == 1
            && has(
                &lines,
                "tests/test_add.py:6 tests/test_add.py::TestAdd::test_adds: assert 3 == 4"
            ),
        "{lines:?}"
    );

    let test = repo.read("tests/test_add.py").replace("== 4", "== 3");
    repo.write("tests/test_add.py", test)
        .write("guard.yaml", "checks: { coverage: { min: 80 } }\n")
        .commit("mended");
    let ran = judge(&repo, "tests,coverage");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let low = findings(&ran, "COVERAGE-LOW");
    assert!(
        low.len() == 1 && low[0].contains("50%") && low[0].contains("app/__init__.py (3 of 6)"),
        "{low:?}"
    );

    repo.git(&["rm", "-qr", "tests"]);
    repo.write("guard.yaml", "jobs: 1\n").commit("no tests");
    assert_eq!(
        judge(&repo, "tests").code,
        0,
        "nothing to run is no failure"
    );
}

#[test]
fn cargos_failing_tests_have_places_and_what_does_not_build_is_said() {
    let repo = repo();
    repo.write("Cargo.toml", "[package]\nname = \"planted\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
        .write("src/lib.rs", "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n\n#[test]\nfn adds() {\n    assert_eq!(add(1, 2), 4, \"sum\");\n}\n")
        .write("Cargo.lock", "version = 3\n\n[[package]]\nname = \"planted\"\nversion = \"0.1.0\"\n")
        .commit("base");
    let ran = judge(&repo, "tests");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let lines = findings(&ran, "TESTS-FAILED");
    assert!(
        lines.len() == 1
            && has(
                &lines,
                "src/lib.rs:7 adds: assertion `left == right` failed: sum"
            ),
        "{lines:?}"
    );
    assert_eq!(judge(&repo, "build").code, 0);

    repo.write("src/lib.rs", "pub fn add() -> i32 {\n    \"three\"\n}\n")
        .commit("broken");
    let ran = judge(&repo, "build");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert!(
        has(
            &findings(&ran, "BUILD-FAILED"),
            "src/lib.rs:2 mismatched types"
        ),
        "{}",
        ran.whole()
    );

    let manifest = repo.read("Cargo.toml").replace("0.1.0", "0.2.0");
    repo.write("Cargo.toml", manifest)
        .commit("a lock file that does not fit");
    let ran = judge(&repo, "build");
    assert_eq!(ran.code, 3, "{}", ran.whole());
    assert!(
        outcome(&ran, "build").1.contains("Cargo.lock does not fit"),
        "{}",
        ran.whole()
    );
}

#[test]
fn a_packages_build_script_is_run_and_its_errors_have_places() {
    let repo = repo();
    repo.write("package.json", r#"{"scripts":{"build":"node build.js"}}"#)
        .write(
            "build.js",
            "console.error('src/a.ts(3,5): error TS2322: no');\nprocess.exit(2);\n",
        )
        .write("src/a.ts", "\n\nlet a\n")
        .commit("base");
    let ran = judge(&repo, "build");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(findings(&ran, "BUILD-FAILED"), ["src/a.ts:3 TS2322: no"]);
    // A place that is not judged is none.
    repo.git(&["rm", "-q", "src/a.ts"]);
    repo.commit("gone");
    let ran = judge(&repo, "build");
    assert_eq!(findings(&ran, "BUILD-FAILED"), [" TS2322: no"]);
    repo.write("build.js", "").commit("mended");
    assert_eq!(judge(&repo, "build").code, 0);
}

#[test]
fn only_the_packages_that_a_change_touches_are_tested() {
    let repo = repo();
    let own = |name: &str, needs: &str| {
        format!(
            "{{\"name\":\"{name}\",\"dependencies\":{{{needs}}},\"scripts\":{{\"test\":\"node --test\"}}}}"
        )
    };
    repo.write("package.json", r#"{"workspaces":["packages/*"]}"#)
        .write("packages/a/package.json", own("a", ""))
        .write("packages/b/package.json", own("b", "\"a\":\"*\""))
        .write("packages/c/package.json", own("c", ""))
        .write("packages/b/b.test.js", "throw new Error('b');\n")
        .write("packages/c/c.test.js", "throw new Error('c');\n")
        .commit("base");
    repo.write("packages/a/index.js", "").commit("touch a");
    let ran = repo
        .guard("run ci --from HEAD~1 --to HEAD --only tests --format json")
        .run();
    let lines = findings(&ran, "TESTS-FAILED");
    assert!(
        has(&lines, "packages/b/b.test.js"),
        "what depends on it is tested: {}",
        ran.whole()
    );
    assert!(!has(&lines, "packages/c/"), "{lines:?}");
}

#[test]
fn a_runner_that_is_not_installed_is_unknown_with_the_command() {
    let repo = Repo::new();
    repo.write("package.json", r#"{"devDependencies":{"vitest":"^3"}}"#)
        .write("package-lock.json", "{}")
        .commit("base");
    let ran = judge(&repo, "tests");
    assert_eq!(ran.code, 3, "{}", ran.whole());
    assert_eq!(outcome(&ran, "tests").0, "unknown", "{}", ran.whole());
    assert!(ran.out.contains("npm ci"), "{}", ran.whole());
}

#[test]
fn env_files_that_git_does_not_ignore_are_found_and_mended() {
    let repo = Repo::new();
    repo.write("package.json", r#"{"dependencies":{"next":"16"}}"#)
        .write(".gitignore", "node_modules\n")
        .write(".env.example", "API_KEY=\n")
        .write("apps/api/.env", "PORT=3000\n")
        .stage();
    let ran = repo
        .guard("run pre-commit --only gitignore --format json")
        .run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert!(
        has(
            &findings(&ran, "ENV-NOT-IGNORED"),
            ".gitignore .gitignore does not cover `.env`"
        ),
        "{}",
        ran.whole()
    );
    assert!(
        has(&findings(&ran, "ENV-TRACKED"), "apps/api/.env "),
        "{}",
        ran.whole()
    );
    repo.git(&["rm", "-q", "--cached", "apps/api/.env"]);
    let ran = repo
        .guard("run pre-commit --fix --only gitignore --format json")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(
        repo.read(".gitignore")
            .starts_with("node_modules\n\n# Env files"),
        "{}",
        repo.read(".gitignore")
    );
    assert!(
        !repo.status().contains("apps/api/.env"),
        "it is ignored now"
    );
}

#[test]
fn tests_judge_what_was_built_from_this_commit() {
    let repo = repo();
    repo.write(".gitignore", "node_modules\n.venv\ndist\n")
        .write(
            "package.json",
            r#"{"name":"a","scripts":{"build":"mkdir -p dist && cp src.txt dist/out.txt","test":"sh check.sh"}}"#,
        )
        .write("check.sh", "grep -q good dist/out.txt\n")
        .write("src.txt", "good\n")
        .commit("good");
    // What lies there was built from the commit before.
    repo.write("dist/out.txt", "good\n")
        .write("src.txt", "bad\n")
        .commit("bad");
    for stray in [None, Some("stray.txt")] {
        if let Some(stray) = stray {
            // Now in guard's own checkout, where the build before left its output too.
            repo.write(stray, "not tracked\n");
        }
        let ran = repo.guard("run ci --all-files --format json").run();
        assert_eq!(outcome(&ran, "build").0, "passed", "{}", ran.whole());
        assert_eq!(outcome(&ran, "tests").0, "failed", "{}", ran.whole());
    }
    repo.write("src.txt", "good\n").commit("good again");
    let ran = repo.guard("run ci --all-files --format json").run();
    assert_eq!(outcome(&ran, "tests").0, "passed", "{}", ran.whole());
    // What passed is not run again, and then nothing has to be built for it.
    let again = repo.guard("run ci --all-files --format json").run();
    let checks = again.json()["checks"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    for id in ["build", "tests"] {
        let check = checks
            .iter()
            .find(|check| check["id"] == id)
            .expect("planned");
        assert_eq!(check["cached"], true, "{}", again.whole());
    }
}

#[test]
fn no_tests_are_skipped_and_what_no_test_imports_counts() {
    let repo = repo();
    repo.write(
        "pyproject.toml",
        "[tool.pytest.ini_options]\ntestpaths = [\"tests\"]\npythonpath = [\".\"]\n",
    )
    .write("tests/readme.txt", "none yet\n")
    .commit("base");
    let ran = judge(&repo, "tests");
    let (said, why) = outcome(&ran, "tests");
    assert_eq!((ran.code, &*said), (0, "skipped"), "{}", ran.whole());
    assert!(!why.is_empty());
    let never: Vec<String> = (0..60)
        .map(|n| format!("def f{n}():\n    return {n}\n"))
        .collect();
    repo.write("guard.yaml", "checks: { coverage: { min: 80 } }\n")
        .write("never.py", never.concat())
        .write("used.py", "def one():\n    return 1\n")
        .write(
            "tests/test_used.py",
            "from used import one\n\n\ndef test_one():\n    assert one() == 1\n",
        )
        .commit("a module that nobody imports");
    let ran = judge(&repo, "coverage");
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(outcome(&ran, "coverage").0, "failed", "{}", ran.whole());
}

#[test]
fn what_was_built_into_an_ignored_folder_does_not_count_as_covered() {
    let repo = repo();
    let report = "SF:src/a.js\nDA:1,1\nDA:2,0\nend_of_record\nSF:dist/a.js\nDA:1,1\nDA:2,1\nDA:3,1\nDA:4,1\nend_of_record\n";
    repo.write(
        "package.json",
        r#"{"name":"a","scripts":{"test":"sh test.sh"}}"#,
    )
    .write(
        "test.sh",
        format!(
            "mkdir -p coverage dist\nprintf '{}' >coverage/lcov.info\n",
            report.replace('\n', "\\n")
        ),
    )
    .write("src/a.js", "1;\n2;\n")
    .write("guard.yaml", "checks: { coverage: { min: 80 } }\n")
    .commit("base");
    let ran = repo
        .guard("run ci --all-files --only tests,coverage --format json")
        .run();
    let lines = findings(&ran, "COVERAGE-LOW");
    assert_eq!(lines.len(), 1, "{}", ran.whole());
    assert!(lines[0].contains("tests reach 50% "), "{lines:?}");
}
