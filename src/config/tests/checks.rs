//! `checks`: what is refused, how, and where.

mod meant;

use insta::assert_snapshot;

use super::{complaints, complaints_about};

#[test]
fn checks_that_are_none() {
    let text = "checks:\n  lnt: false\n  railway: false\n  ruff: true\n  zebra: {}\n";
    assert_snapshot!(complaints("yaml", text), @r"
     ✗ unknown key `lnt`
      ╭─[guard.yaml:2:3]
    2 │   lnt: false
      ·   ───
      ╰────
     help: did you mean `lint`?

     ✗ unknown key `railway`
      ╭─[guard.yaml:3:3]
    3 │   railway: false
      ·   ───────
      ╰────
     help: guard 0.1.0 does not read `checks.railway` yet: take it out

     ✗ unknown key `ruff`
      ╭─[guard.yaml:4:3]
    4 │   ruff: true
      ·   ────
      ╰────
     help: it is a tool of `format`, `lint`: `format: { tools: [ruff] }`

     ✗ unknown key `zebra`
      ╭─[guard.yaml:5:3]
    5 │   zebra: {}
      ·   ─────
      ╰────
     help: the checks are `build`, `coverage`, `env`, `format`, `gitignore`,
           `lint`, `secrets`, `tests`, `types`; your own tools belong under
           `commands`
    ");
}

#[test]
fn checks_of_the_wrong_kind() {
    let text = "checks:\n  lint: off-ish\n  types: 0\n  tests: [push]\n";
    assert_snapshot!(complaints("yaml", text), @r"
     ✗ `lint` cannot be the text `off-ish`
      ╭─[guard.yaml:2:9]
    2 │   lint: off-ish
      ·         ───────
      ╰────
     help: write `false` to switch it off, or what differs: `{ at: [push] }`

     ✗ `types` cannot be the number 0
      ╭─[guard.yaml:3:10]
    3 │   types: 0
      ·          ─
      ╰────
     help: write `false` to switch it off, or what differs: `{ at: [push] }`

     ✗ `tests` cannot be a list
      ╭─[guard.yaml:4:10]
    4 │   tests: [push]
      ·          ─
      ╰────
     help: write `false` to switch it off, or what differs: `{ at: [push] }`
    ");
    assert_snapshot!(complaints("yaml", "checks: [lint]\n"), @r"
     ✗ `checks` cannot be a list
      ╭─[guard.yaml:1:9]
    1 │ checks: [lint]
      ·         ─
      ╰────
     help: write the checks by id: `checks: { lint: false }`
    ");
}

#[test]
fn settings_that_are_none_or_another_checks() {
    let text = "checks:\n  lint: { min: 80, tol: [ruff] }\n  gitignore: { timeout: 5s }\n  coverage: { tools: [jest], mni: 80 }\n  types: { zebra: 1 }\n";
    assert_snapshot!(complaints("yaml", text), @r"
     ✗ unknown key `min`
      ╭─[guard.yaml:2:11]
    2 │   lint: { min: 80, tol: [ruff] }
      ·           ───
      ╰────
     help: `min` is a setting of `coverage`

     ✗ unknown key `tol`
      ╭─[guard.yaml:2:20]
    2 │   lint: { min: 80, tol: [ruff] }
      ·                    ───
      ╰────
     help: the keys here are `at`, `exclude`, `severity`, `timeout`, `branches`,
           `isolate`, `cache`, `env`, `pass_env`, `tools`

     ✗ unknown key `timeout`
      ╭─[guard.yaml:3:16]
    3 │   gitignore: { timeout: 5s }
      ·                ───────
      ╰────
     help: `timeout` is a setting of `build`, `coverage`, `format`, `lint`,
           `tests`, `types`

     ✗ unknown key `tools`
      ╭─[guard.yaml:4:15]
    4 │   coverage: { tools: [jest], mni: 80 }
      ·               ─────
      ╰────
     help: `tools` is a setting of `build`, `format`, `lint`, `tests`, `types`

     ✗ unknown key `mni`
      ╭─[guard.yaml:4:30]
    4 │   coverage: { tools: [jest], mni: 80 }
      ·                              ───
      ╰────
     help: did you mean `min`?

     ✗ unknown key `zebra`
      ╭─[guard.yaml:5:12]
    5 │   types: { zebra: 1 }
      ·            ─────
      ╰────
     help: the keys here are `at`, `exclude`, `severity`, `timeout`, `branches`,
           `isolate`, `cache`, `env`, `pass_env`, `tools`
    ");
}

#[test]
fn settings_of_the_wrong_kind() {
    let text = "checks:\n  coverage:\n    min: 80%\n    report: 5\n    at: push\n    severity: info\n    exclude: { a: 1 }\n  build:\n    docker: sometimes\n    cache: 1\n    env: [A]\n    isolate: move\n    pass_env: A\n";
    assert_snapshot!(complaints("yaml", text), @r#"
     ✗ `min` cannot be the text `80%`
      ╭─[guard.yaml:3:10]
    3 │     min: 80%
      ·          ───
      ╰────
     help: write a number between 0 and 100: `80`, `87.5`

     ✗ `report` cannot be the number 5
      ╭─[guard.yaml:4:13]
    4 │     report: 5
      ·             ─
      ╰────
     help: write a pattern or a list of patterns

     ✗ `at` cannot be the text `push`
      ╭─[guard.yaml:5:9]
    5 │     at: push
      ·         ────
      ╰────
     help: write a list of `commit`, `push`, `ci`: `at: [commit]`

     ✗ `severity` cannot be the text `info`
      ╭─[guard.yaml:6:15]
    6 │     severity: info
      ·               ────
      ╰────
     help: write a severity for each code: `severity: { CMD-FAILED: warning }`

     ✗ `exclude` cannot be a map
      ╭─[guard.yaml:7:14]
    7 │     exclude: { a: 1 }
      ·              ─
      ╰────
     help: write a pattern or a list of patterns

     ✗ `docker` cannot be the text `sometimes`
      ╭─[guard.yaml:9:13]
    9 │     docker: sometimes
      ·             ─────────
      ╰────
     help: write `true` or `false`

     ✗ `cache` cannot be the number 1
       ╭─[guard.yaml:10:12]
    10 │     cache: 1
       ·            ─
       ╰────
     help: write `true` or `false`

     ✗ `env` cannot be a list
       ╭─[guard.yaml:11:10]
    11 │     env: [A]
       ·          ─
       ╰────
     help: write the variables by name: `env: { CI: "1" }`

     ✗ `move` is no value of `isolate`
       ╭─[guard.yaml:12:14]
    12 │     isolate: move
       ·              ────
       ╰────
     help: choose one of `link`, `copy`

     ✗ `pass_env` cannot be the text `A`
       ╭─[guard.yaml:13:15]
    13 │     pass_env: A
       ·               ─
       ╰────
     help: write a list: `pass_env: [A]`
    "#);
}

#[test]
fn settings_that_mean_nothing() {
    let text = "checks:\n  coverage: { min: 180, at: [], timeout: soon, report: [\"./x\"] }\n  lint:\n    tools: []\n    branches: [\"a{b\"]\n    exclude: \"#b\"\n    env: { GIT_DIR: x }\n    pass_env: [A-B]\n";
    assert_snapshot!(complaints("yaml", text), @r##"
     ✗ 180 is no percentage
      ╭─[guard.yaml:2:20]
    2 │   coverage: { min: 180, at: [], timeout: soon, report: ["./x"] }
      ·                    ───
      ╰────
     help: write a number between 0 and 100: `80`, `87.5`

     ✗ no moment is named, so it would never run
      ╭─[guard.yaml:2:29]
    2 │   coverage: { min: 180, at: [], timeout: soon, report: ["./x"] }
      ·                             ─
      ╰────
     help: name some of `commit`, `push`, `ci`; to switch the check off write
           `false` in place of its map

     ✗ `soon` is no time
      ╭─[guard.yaml:2:42]
    2 │   coverage: { min: 180, at: [], timeout: soon, report: ["./x"] }
      ·                                          ────
      ╰────
     help: write it as `500ms`, `60s`, `5m` or `1h30m`

     ✗ `./x` never matches: paths begin at the root
      ╭─[guard.yaml:2:57]
    2 │   coverage: { min: 180, at: [], timeout: soon, report: ["./x"] }
      ·                                                         ─────
      ╰────
     help: write it without `./` or `../`: `/src/**` is only the `src` at the
           root

     ✗ no tool is named, so nothing would be looked at
      ╭─[guard.yaml:4:12]
    4 │     tools: []
      ·            ─
      ╰────
     help: name some, or leave `tools` out; to switch the check off write `false`
           in place of its map

     ✗ `a{b` is no pattern: unclosed alternate group; missing '}' (maybe escape
     │ '{' with '[{]'?)
      ╭─[guard.yaml:5:16]
    5 │     branches: ["a{b"]
      ·                ─────
      ╰────
     help: patterns are written as in .gitignore: `*.rs`, `src/**`, `**/*.
           {ts,tsx}`

     ✗ `#b` is a comment in gitignore's language
      ╭─[guard.yaml:6:14]
    6 │     exclude: "#b"
      ·              ────
      ╰────
     help: write `\#b` for a name that begins with `#`

     ✗ `GIT_DIR` tells git where the repository is, and no command is given it
      ╭─[guard.yaml:7:12]
    7 │     env: { GIT_DIR: x }
      ·            ───────
      ╰────
     help: take it out: the command runs in the right folder

     ✗ `A-B` is no name of a variable
      ╭─[guard.yaml:8:16]
    8 │     pass_env: [A-B]
      ·                ───
      ╰────
     help: letters, digits and `_`, with no digit first
    "##);
}

#[test]
fn tools_of_another_check() {
    let text = "checks:\n  lint: { tools: [ruff, eslnt, mypy, 5] }\n";
    assert_snapshot!(complaints("yaml", text), @r"
     ✗ `eslnt` is no value of `tools`
      ╭─[guard.yaml:2:25]
    2 │   lint: { tools: [ruff, eslnt, mypy, 5] }
      ·                         ─────
      ╰────
     help: did you mean `eslint`?

     ✗ `mypy` is no value of `tools`
      ╭─[guard.yaml:2:32]
    2 │   lint: { tools: [ruff, eslnt, mypy, 5] }
      ·                                ────
      ╰────
     help: choose one of `eslint`, `biome`, `oxlint`, `ruff`, `flake8`, `clippy`

     ✗ an item of `tools` cannot be the number 5
      ╭─[guard.yaml:2:38]
    2 │   lint: { tools: [ruff, eslnt, mypy, 5] }
      ·                                      ─
      ╰────
     help: write a text, in quotes where it looks like something else
    ");
}

#[test]
fn severities_that_are_none() {
    let text = "checks:\n  lint:\n    severity:\n      CMD-FALED: info\n      cmd-timeout: info\n      NO-SUCH-THING: error\n      CMD-FAILED: warnin\n      DEPS-STALE: 2\n      LINT-RULE:\n";
    assert_snapshot!(complaints("yaml", text), @r"
     ✗ `CMD-FALED` is no code of `lint`
      ╭─[guard.yaml:4:7]
    4 │       CMD-FALED: info
      ·       ─────────
      ╰────
     help: did you mean `CMD-FAILED`?

     ✗ `cmd-timeout` is no code of `lint`
      ╭─[guard.yaml:5:7]
    5 │       cmd-timeout: info
      ·       ───────────
      ╰────
     help: did you mean `CMD-TIMEOUT`?

     ✗ `NO-SUCH-THING` is no code of `lint`
      ╭─[guard.yaml:6:7]
    6 │       NO-SUCH-THING: error
      ·       ─────────────
      ╰────
     help: its codes are `LINT-RULE`, `CHECKOUT-NOTE`, `CMD-CHANGED-FILE`, `CMD-
           FAILED`, `CMD-TIMEOUT`, `DEPS-STALE`

     ✗ `warnin` is no value of `CMD-FAILED`
      ╭─[guard.yaml:7:19]
    7 │       CMD-FAILED: warnin
      ·                   ──────
      ╰────
     help: did you mean `warning`?

     ✗ the severity of `DEPS-STALE` cannot be the number 2
      ╭─[guard.yaml:8:19]
    8 │       DEPS-STALE: 2
      ·                   ─
      ╰────
     help: choose one of `error`, `warning`, `info`

     ✗ the severity of `LINT-RULE` cannot be empty
      ╭─[guard.yaml:9:16]
    9 │       LINT-RULE:
      ·                ─
      ╰────
     help: choose one of `error`, `warning`, `info`
    ");
}

#[test]
fn the_place_is_exact_in_toml_and_json() {
    assert_snapshot!(complaints("toml", "[checks.coverage]\nmin = 101.5\nmaximum = 1\n"), @r"
     ✗ 101.5 is no percentage
      ╭─[guard.toml:2:7]
    2 │ min = 101.5
      ·       ─────
      ╰────
     help: write a number between 0 and 100: `80`, `87.5`

     ✗ unknown key `maximum`
      ╭─[guard.toml:3:1]
    3 │ maximum = 1
      · ───────
      ╰────
     help: the keys here are `at`, `exclude`, `severity`, `timeout`, `branches`,
           `isolate`, `cache`, `env`, `pass_env`, `min`, `report`
    ");
    assert_snapshot!(complaints("json", "{ \"checks\": { \"lint\": { \"severity\": { \"CMD-FALED\": \"info\" } } } }"), @r#"
     ✗ `CMD-FALED` is no code of `lint`
      ╭─[guard.json:1:39]
    1 │ { "checks": { "lint": { "severity": { "CMD-FALED": "info" } } } }
      ·                                       ───────────
      ╰────
     help: did you mean `CMD-FAILED`?
    "#);
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
        assert!(shown.contains("guard.yaml:1:28"), "{number}: {shown}");
    }
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
    assert_snapshot!(complaints_about(&[], &variables), @r"
    ✗ GUARD_CHECKS_LNT: there is no such setting
    help: did you mean GUARD_CHECKS_LINT? else unset it: `unset
          GUARD_CHECKS_LNT`

    ✗ GUARD_CHECKS_COVERAGE_MIN: `min` cannot be the text `most`
    help: write a number between 0 and 100: `80`, `87.5`

    ✗ GUARD_CHECKS_LINT_AT: `comit` is no value of `at`
    help: did you mean `commit`?

    ✗ GUARD_CHECKS_TESTS_TOOLS: `mocha` is no value of `tools`
    help: choose one of `jest`, `vitest`, `node`, `pytest`, `cargo`, `nextest`,
          `script`

    ✗ GUARD_CHECKS_TYPES: `types` cannot be the text `off`
    help: write `false` to switch it off, or what differs: `{ at: [push] }`

    ✗ GUARD_CHECKS_BUILD_TIMEOUT: `soon` is no time
    help: write it as `500ms`, `60s`, `5m` or `1h30m`
    ");
    assert_snapshot!(complaints_about(&[], &[("GUARD_CHECKS_COVERAGE_MIN", "100.5")]), @r"
    ✗ GUARD_CHECKS_COVERAGE_MIN: 100.5 is no percentage
    help: write a number between 0 and 100: `80`, `87.5`
    ");
    for number in ["NaN", "inf", "99999999999999999999999999999999999999999999"] {
        let shown = complaints_about(&[], &[("GUARD_CHECKS_COVERAGE_MIN", number)]);
        assert!(shown.contains("between 0 and 100"), "{number}: {shown}");
    }
}
