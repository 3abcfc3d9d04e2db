//! `checks`: what is refused and how, what is taken and as what, and where it came from.

use std::time::Duration;

use insta::assert_snapshot;

use super::{complaints, complaints_about, folder, loaded};
use crate::check;
use crate::config::parse;
use crate::config::valid::{CheckSettings, Config, Isolate};
use crate::finding::Severity;
use crate::moment::Moment;

#[test]
fn checks_that_are_none() {
    let text = "checks:\n  lnt: false\n  secrets: false\n  ruff: true\n  zebra: {}\n";
    assert_snapshot!(complaints("yaml", text), @r"");
}

#[test]
fn checks_of_the_wrong_kind() {
    let text = "checks:\n  lint: off-ish\n  types: 0\n  tests: [push]\n";
    assert_snapshot!(complaints("yaml", text), @r"");
    assert_snapshot!(complaints("yaml", "checks: [lint]\n"), @r"");
}

#[test]
fn settings_that_are_none_or_another_checks() {
    let text = "checks:\n  lint: { min: 80, tol: [ruff] }\n  gitignore: { timeout: 5s }\n  coverage: { tools: [jest], mni: 80 }\n  types: { zebra: 1 }\n";
    assert_snapshot!(complaints("yaml", text), @r"");
}

#[test]
fn settings_of_the_wrong_kind() {
    let text = "checks:\n  coverage:\n    min: 80%\n    report: 5\n    at: push\n    severity: info\n    exclude: { a: 1 }\n  build:\n    docker: sometimes\n    cache: 1\n    env: [A]\n    isolate: move\n    pass_env: A\n";
    assert_snapshot!(complaints("yaml", text), @r"");
}

#[test]
fn settings_that_mean_nothing() {
    let text = "checks:\n  coverage: { min: 180, at: [], timeout: soon, report: [\"./x\"] }\n  lint:\n    tools: []\n    branches: [\"a{b\"]\n    exclude: \"#b\"\n    env: { GIT_DIR: x }\n    pass_env: [A-B]\n";
    assert_snapshot!(complaints("yaml", text), @r"");
}

#[test]
fn tools_of_another_check() {
    let text = "checks:\n  lint: { tools: [ruff, eslnt, mypy, 5] }\n";
    assert_snapshot!(complaints("yaml", text), @r"");
}

#[test]
fn severities_that_are_none() {
    let text = "checks:\n  lint:\n    severity:\n      CMD-FALED: info\n      cmd-timeout: info\n      NO-SUCH-THING: error\n      CMD-FAILED: warnin\n      FIX-SAVED: 2\n      FIX-EMPTY:\n";
    assert_snapshot!(complaints("yaml", text), @r"");
}

#[test]
fn the_place_is_exact_in_toml_and_json() {
    assert_snapshot!(complaints("toml", "[checks.coverage]\nmin = 101.5\nmaximum = 1\n"), @r"");
    assert_snapshot!(complaints("json", "{ \"checks\": { \"lint\": { \"severity\": { \"CMD-FALED\": \"info\" } } } }"), @r"");
}

#[test]
fn numbers_beyond_reason_are_no_percentage() {
    for number in [
        ".nan",
        ".inf",
        "-1",
        "100.01",
        "1e300",
        "99999999999999999999",
    ] {
        let shown = complaints(
            "yaml",
            &format!("checks: {{ coverage: {{ min: {number} }} }}\n"),
        );
        assert!(shown.contains("between 0 and 100"), "{number}: {shown}");
        assert!(shown.contains("guard.yaml:1:29"), "{number}: {shown}");
    }
}

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
    severity: { CMD-FAILED: warning, FIX-EMPTY: info }
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
severity = { CMD-FAILED = "warning", FIX-EMPTY = "info" }
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
        "severity": { "CMD-FAILED": "warning", "FIX-EMPTY": "info" }, "isolate": "copy",
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

const FILE: &str = "checks:\n  coverage:\n    min: 80\n    severity: { CMD-FAILED: info }\n  lint: { at: [push], env: { N: 1.10 } }\n  tests: false\n";

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
        "checks.coverage.severity.CMD-FAILED",
        "checks.coverage.severity.CMD-TIMEOUT",
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
    assert_snapshot!(explained(&[], &keys), @r"");
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
    assert_snapshot!(explained(&variables, &keys), @r"");
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
    assert_snapshot!(text("checks.tests.at"), @"");
    for (key, nearest) in [
        ("check", Some("checks")),
        ("checks.lnt", Some("checks.lint")),
        ("checks.coverage.mni", Some("checks.coverage.min")),
        ("checks.lint.min", Some("checks.lint.env")),
        (
            "checks.coverage.severity.CMD-FALED",
            Some("checks.coverage.severity.CMD-FAILED"),
        ),
        ("checks.lint.env.M", Some("checks.lint.env.N")),
        ("checks.lint.at.x", None),
        ("checks.", None),
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

#[test]
fn a_bad_variable_is_shown_as_that_variable() {
    let variables = [
        ("GUARD_CHECKS_COVERAGE_MIN", "most"),
        ("GUARD_CHECKS_LINT_AT", "push,comit"),
        ("GUARD_CHECKS_TYPES", "off"),
        ("GUARD_CHECKS_TESTS_TOOLS", "mocha"),
        ("GUARD_CHECKS_BUILD_TIMEOUT", "soon"),
        ("GUARD_CHECKS_LNT", "false"),
    ];
    assert_snapshot!(complaints_about(&[("guard.yaml", FILE)], &variables), @r"");
    assert_snapshot!(complaints_about(&[], &[("GUARD_CHECKS_COVERAGE_MIN", "100.5")]), @r"");
    for number in ["NaN", "inf", "99999999999999999999999999999999999999999999"] {
        let shown = complaints_about(&[], &[("GUARD_CHECKS_COVERAGE_MIN", number)]);
        assert!(shown.contains("between 0 and 100"), "{number}: {shown}");
    }
}
