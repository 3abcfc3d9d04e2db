//! `checks`: what is taken and as what, and where it came from.

use std::time::Duration;

use insta::assert_snapshot;

use crate::check;
use crate::config::parse;
use crate::config::tests::{folder, loaded};
use crate::config::valid::{CheckSettings, Config, Isolate};
use crate::finding::Severity;
use crate::moment::Moment;

#[test]
fn every_check_is_there_whatever_is_said() {
    for text in [
        "",
        "checks:\n",
        "checks: {}\n",
        "checks: { lint:, build: true, tests: {} }\n",
    ] {
        assert_eq!(parse("yaml", text).unwrap(), Config::default(), "{text:?}");
    }
    let config = Config::default();
    assert_eq!(config.checks.len(), check::ALL.len());
    for check in check::ALL {
        assert_eq!(config.checks[check.id], CheckSettings::of(check));
    }
    assert_eq!(config.checks["build"].at, [Moment::Push, Moment::Ci]);
    assert_eq!(config.checks["lint"].at, Moment::ALL);
    let off = parse("yaml", "checks: { lint: false }\n").unwrap();
    assert!(!off.checks["lint"].enabled);
    assert!(off.checks["format"].enabled);
}

#[test]
fn everything_is_taken_in_all_formats() {
    let yaml = r#"
checks:
  types: false
  lint:
    at: [ci, commit, ci]
    exclude: ["fixtures/**", "*.gen.ts"]
    severity: { CMD-FAILED: warning, LINT-RULE: info }
    timeout: 1m30s
    branches: [main]
    isolate: copy
    cache: false
    env: { N: 1.10, CI: true }
    pass_env: [GITHUB_TOKEN]
    tools: [ruff, eslint, ruff]
  coverage: { min: 87.5, report: "**/lcov.info" }
  build: { docker: true }
"#;
    let toml = r#"
[checks]
types = false
coverage = { min = 87.5, report = "**/lcov.info" }
build.docker = true
[checks.lint]
at = ["ci", "commit", "ci"]
exclude = ["fixtures/**", "*.gen.ts"]
severity = { CMD-FAILED = "warning", LINT-RULE = "info" }
timeout = "1m30s"
branches = ["main"]
isolate = "copy"
cache = false
env = { N = 1.10, CI = true }
pass_env = ["GITHUB_TOKEN"]
tools = ["ruff", "eslint", "ruff"]
"#;
    let json = r#"{ "checks": { "types": false, "coverage": { "min": 87.5, "report": "**/lcov.info" },
        "build": { "docker": true }, "lint": { "at": ["ci", "commit", "ci"],
        "exclude": ["fixtures/**", "*.gen.ts"], "timeout": "1m30s", "branches": ["main"],
        "severity": { "CMD-FAILED": "warning", "LINT-RULE": "info" }, "isolate": "copy",
        "cache": false, "env": { "N": 1.10, "CI": true }, "pass_env": ["GITHUB_TOKEN"],
        "tools": ["ruff", "eslint", "ruff"] } } }"#;
    let config = parse("yaml", yaml).unwrap();
    assert_eq!(parse("toml", toml).unwrap(), config);
    assert_eq!(parse("json", json).unwrap(), config);
    assert!(!config.checks["types"].enabled);
    assert_eq!(config.checks["coverage"].min, Some(87.5));
    assert_eq!(config.checks["coverage"].report, ["**/lcov.info"]);
    assert!(config.checks["build"].docker && !config.checks["lint"].docker);
    let lint = &config.checks["lint"];
    assert_eq!(lint.at, [Moment::Commit, Moment::Ci]);
    assert_eq!(lint.exclude, ["fixtures/**", "*.gen.ts"]);
    assert_eq!(lint.severity["CMD-FAILED"], Severity::Warning);
    assert_eq!(lint.timeout, Some(Duration::from_secs(90)));
    assert_eq!(lint.isolate, Isolate::Copy);
    assert_eq!((lint.cache, &lint.env["N"][..]), (Some(false), "1.10"));
    // Each once, in the order of the list.
    assert_eq!(lint.tools.as_deref(), Some(&["eslint", "ruff"][..]));
    assert!(lint.uses("ruff") && !lint.uses("biome"));
    assert!(config.checks["format"].uses("biome"));
}

const FILE: &str = "checks:\n  coverage:\n    min: 80\n    severity: { COVERAGE-LOW: info }\n  lint: { at: [push], env: { N: 1.10 } }\n  tests: false\n";

fn explained(variables: &[(&str, &str)], keys: &[&str]) -> String {
    let folder = folder(&[
        ("guard.yaml", FILE),
        ("guard.local.yaml", "checks: { lint: { timeout: 5s } }\n"),
    ]);
    let loaded = loaded(folder.path(), variables).unwrap();
    let line = |key: &&str| {
        let explained = loaded.explain(key).unwrap();
        format!("{key}: {} <- {}\n", explained.value, explained.origin)
    };
    keys.iter().map(line).collect()
}

#[test]
fn explain_says_what_holds_and_where_it_came_from() {
    let keys = [
        "checks.coverage.min",
        "checks.coverage.at",
        "checks.coverage.severity",
        "checks.coverage.severity.COVERAGE-LOW",
        "checks.lint.severity.LINT-RULE",
        "checks.lint",
        "checks.lint.at",
        "checks.lint.timeout",
        "checks.lint.env.N",
        "checks.lint.tools",
        "checks.tests",
        "checks.tests.at",
        "checks.build",
        "checks.build.docker",
    ];
    assert_snapshot!(explained(&[], &keys), @r#"
    checks.coverage.min: 80 <- guard.yaml:3
    checks.coverage.at: [push, ci] <- built-in default
    checks.coverage.severity: {"COVERAGE-LOW":"info"} <- guard.yaml:4
    checks.coverage.severity.COVERAGE-LOW: info <- guard.yaml:4
    checks.lint.severity.LINT-RULE: error <- built-in default
    checks.lint: {"at":["push"],"env":{"N":1.1},"timeout":"5s"} <- guard.local.yaml:1
    checks.lint.at: ["push"] <- guard.yaml:5
    checks.lint.timeout: 5s <- guard.local.yaml:1
    checks.lint.env.N: 1.10 <- guard.yaml:5
    checks.lint.tools: those of which the project has a trace <- built-in default
    checks.tests: false <- guard.yaml:6
    checks.tests.at: [push, ci] <- built-in default
    checks.build: true <- built-in default
    checks.build.docker: false <- built-in default
    "#);
    let variables = [
        ("GUARD_CHECKS_COVERAGE_MIN", "85"),
        ("GUARD_CHECKS_LINT", "false"),
        ("GUARD_CHECKS_LINT_AT", "commit"),
        ("GUARD_CHECKS_TESTS", "true"),
        ("GUARD_CHECKS_TYPES_TOOLS", "tsc,mypy"),
        ("GUARD_CHECKS_BUILD_DOCKER", "1"),
    ];
    let keys = [
        "checks.coverage.min",
        "checks.lint",
        "checks.lint.at",
        "checks.tests",
        "checks.types.tools",
        "checks.build.docker",
    ];
    assert_snapshot!(explained(&variables, &keys), @r#"
    checks.coverage.min: 85 <- GUARD_CHECKS_COVERAGE_MIN
    checks.lint: false <- GUARD_CHECKS_LINT
    checks.lint.at: [commit, push, ci] <- built-in default
    checks.tests: true <- GUARD_CHECKS_TESTS
    checks.types.tools: ["tsc","mypy"] <- GUARD_CHECKS_TYPES_TOOLS
    checks.build.docker: true <- GUARD_CHECKS_BUILD_DOCKER
    "#);
}

#[test]
fn explain_has_a_sentence_for_everything_and_the_nearest_name() {
    let folder = folder(&[("guard.yaml", FILE)]);
    let loaded = loaded(folder.path(), &[]).unwrap();
    let text = |key: &str| loaded.explain(key).unwrap().text;
    for check in check::ALL {
        assert_eq!(text(&format!("checks.{}", check.id)), check.about);
        assert!(text("checks").contains(check.title), "{}", check.id);
        for setting in check.settings {
            let key = format!("checks.{}.{}", check.id, setting.key());
            let explained = loaded.explain(&key).unwrap();
            assert!(explained.text.ends_with('.'), "{key}");
            assert!(!explained.value.is_empty(), "{key} has no default");
        }
    }
    assert_snapshot!(text("checks.tests.at"), @"The moments at which it runs. `tests` is switched off: guard.yaml:6.");
    for (key, nearest) in [
        ("check", Some("checks")),
        ("checks.lnt", Some("checks.lint")),
        ("checks.coverage.mni", Some("checks.coverage.min")),
        (
            "checks.coverage.severity.COVERAGE-LWO",
            Some("checks.coverage.severity.COVERAGE-LOW"),
        ),
        ("checks.lint.env.M", Some("checks.lint.env.N")),
        ("checks.lint.at.x", Some("checks.lint.at")),
        ("checks.", Some("checks")),
        ("zebra.stripes", None),
    ] {
        let unknown = loaded.explain(key).unwrap_err();
        assert_eq!(unknown.nearest.as_deref(), nearest, "{key}");
    }
}

#[test]
fn layers_are_merged_key_by_key_and_a_switch_replaces_a_map() {
    let check = |local: &str, variables: &[(&str, &str)]| {
        let local = format!("checks: {{ lint: {local} }}\n");
        let folder = folder(&[("guard.yaml", FILE), ("guard.local.yaml", &local)]);
        let mut config = loaded(folder.path(), variables).unwrap().config;
        config.checks.remove("lint").unwrap()
    };
    let merged = check("{ timeout: 5s }", &[]);
    assert_eq!((merged.at.len(), merged.timeout.is_some()), (1, true));
    assert!(!check("false", &[]).enabled);
    let defaults = CheckSettings::of(check::by_id("lint").unwrap());
    assert_eq!(check("true", &[]), defaults);
    // Off is off, however many variables there are; on is on, and tuned.
    let (off, on) = (("GUARD_CHECKS_LINT", "0"), ("GUARD_CHECKS_LINT", "1"));
    let at = ("GUARD_CHECKS_LINT_AT", "ci");
    assert!(!check("{}", &[off, at]).enabled);
    let tuned = check("false", &[on, at]);
    assert_eq!((tuned.enabled, &tuned.at[..]), (true, &[Moment::Ci][..]));
}
