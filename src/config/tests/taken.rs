//! What is taken, and as what: defaults, layers of YAML, and the same meaning in three formats.

use std::fmt::Write as _;
use std::time::Duration;

use crate::config::parse;
use crate::config::valid::{Command, Files, Reads, Run};
use crate::moment::Moment;
use crate::path::RepoPath;

fn command(text: &str) -> Command {
    let mut config = parse("yaml", text).unwrap();
    config.commands.remove("a").unwrap()
}

#[test]
fn a_command_has_defaults() {
    let plain = command("commands: { a: { run: npm test } }");
    assert_eq!(plain.run, Run::Shell("npm test".into()));
    assert_eq!(plain.at, Moment::ALL);
    assert_eq!(plain.files, Files::All);
    assert_eq!(plain.reads, Reads::Project);
    assert!(plain.root.is_root());
    assert_eq!((plain.timeout, plain.cache, plain.fix), (None, None, None));
    assert_eq!(
        command("commands: { a: { run: \"x {files}\" } }").reads,
        Reads::Files
    );
    assert_eq!(
        command("commands: { a: { run: [x, \"{files}\"] } }").reads,
        Reads::Files
    );
    assert_eq!(
        command("commands: { a: { run: [x, \"{files}\"], reads: project } }").reads,
        Reads::Project
    );
}

#[test]
fn everything_that_the_contract_shows_is_taken_in_all_formats() {
    let yaml = r#"
commands:
  eslint:
    run: npx eslint {files}
    fix: [npx, eslint, --fix, "{files}"]
    fix_on_commit: false
    at: [push, commit, push]
    files: ["**/*.{ts,tsx}"]
    exclude: "*.d.ts"
    root: ./apps//web/
    needs: [tsc, types]
    reads: files
    inputs: [package-lock.json, eslint.config.js]
    env: { CI: "1" }
    pass_env: [GITHUB_TOKEN]
    timeout: 1m30s
    cache: true
    branches: [main, "release/*"]
  tsc: { run: tsc, files: none }
on_unknown: warn
jobs: 8
min_version: "0.1"
"#;
    let toml = r#"
on_unknown = "warn"
jobs = 8
min_version = "0.1"
[commands.tsc]
run = "tsc"
files = "none"
[commands.eslint]
run = "npx eslint {files}"
fix = ["npx", "eslint", "--fix", "{files}"]
fix_on_commit = false
at = ["push", "commit", "push"]
files = ["**/*.{ts,tsx}"]
exclude = "*.d.ts"
root = "./apps//web/"
needs = ["tsc", "types"]
reads = "files"
inputs = ["package-lock.json", "eslint.config.js"]
env = { CI = "1" }
pass_env = ["GITHUB_TOKEN"]
timeout = "1m30s"
cache = true
branches = ["main", "release/*"]
"#;
    let json = r#"{ "$schema": "x", "on_unknown": "warn", "jobs": 8, "min_version": "0.1", "commands": {
        "tsc": { "run": "tsc", "files": "none" },
        "eslint": { "run": "npx eslint {files}", "fix": ["npx", "eslint", "--fix", "{files}"],
            "fix_on_commit": false, "at": ["push", "commit", "push"], "files": ["**\/*.{ts,tsx}"],
            "exclude": "*.d.ts", "root": "./apps//web/", "needs": ["tsc", "types"], "reads": "files",
            "inputs": ["package-lock.json", "eslint.config.js"], "env": { "CI": "1" },
            "pass_env": ["GITHUB_TOKEN"], "timeout": "1m30s", "cache": true,
            "branches": ["main", "release\u002f*"] } } }"#;
    let config = parse("yaml", yaml).unwrap();
    assert_eq!(parse("toml", toml).unwrap(), config);
    assert_eq!(parse("json", json).unwrap(), config);
    let eslint = &config.commands["eslint"];
    assert_eq!(eslint.at, [Moment::Commit, Moment::Push]);
    assert_eq!(eslint.root, RepoPath::from("apps/web"));
    assert_eq!(eslint.exclude, ["*.d.ts"]);
    assert_eq!(eslint.timeout, Some(Duration::from_secs(90)));
    assert_eq!(config.commands["tsc"].files, Files::None);
    assert_eq!(config.jobs, Some(8));
}

#[test]
fn variables_are_kept_as_they_were_written() {
    let written = [
        ("A", "1.10"),
        ("B", "0x1F"),
        ("C", "007"),
        ("D", "True"),
        ("E", "1e3"),
        ("F", "on"),
        ("G", "1_000"),
        ("H", "99999999999999999999999"),
        ("I", ".inf"),
    ];
    let mut text = "commands: { a: { run: x, env: {".to_owned();
    for (name, value) in written {
        write!(text, " {name}: {value},").unwrap();
    }
    text.push_str(" Z: \"\" } } }");
    let env = command(&text).env;
    for (name, value) in written {
        assert_eq!(env[name], value, "{name}");
    }
    assert_eq!(env["Z"], "");
    let toml = parse(
        "toml",
        "[commands.a]\nrun = 'x'\nenv = { A = 1.10, B = 1_000, C = true }",
    )
    .unwrap();
    assert_eq!(toml.commands["a"].env["A"], "1.10");
    assert_eq!(toml.commands["a"].env["B"], "1_000");
    let json = parse(
        "json",
        r#"{"commands":{"a":{"run":"x","env":{"A":1.10,"B":-0}}}}"#,
    )
    .unwrap();
    assert_eq!(json.commands["a"].env["A"], "1.10");
    assert_eq!(json.commands["a"].env["B"], "-0");
}

#[test]
fn yaml_anchors_aliases_and_merge_keys_mean_what_they_say() {
    let config = parse(
        "yaml",
        "commands:\n  a: &base\n    run: x\n    timeout: &t 5s\n    env: { A: 1.10 }\n  b:\n    <<: *base\n    run: y\n  c:\n    run: z\n    timeout: *t\n  d:\n    timeout: 9s\n    <<: *base\n",
    )
    .unwrap();
    let five = Some(Duration::from_secs(5));
    assert_eq!(config.commands["b"].run, Run::Shell("y".into()));
    assert_eq!(config.commands["b"].timeout, five);
    assert_eq!(config.commands["b"].env["A"], "1.10");
    assert_eq!(config.commands["c"].timeout, five);
    // Written out beats merged, also when it stands first.
    assert_eq!(config.commands["d"].timeout, Some(Duration::from_secs(9)));
}

#[test]
fn a_bomb_of_aliases_is_refused_quickly() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in ('b'..='k').zip('a'..) {
        let ten = vec![format!("*{before}"); 10].join(", ");
        writeln!(text, "{name}: &{name} [{ten}]").unwrap();
    }
    assert!(parse("yaml", &text).is_err());
    let deep = "[".repeat(100_000);
    for format in ["yaml", "toml", "json"] {
        assert!(parse(format, &deep).is_err());
        assert!(parse(format, &format!("{deep}{}", "]".repeat(100_000))).is_err());
        assert!(parse(format, &format!("a = {deep}{}", "]".repeat(100_000))).is_err());
    }
    let nested = format!("{}1{}", "{\"a\":".repeat(5000), "}".repeat(5000));
    assert!(parse("json", &nested).is_err());
    let dotted = format!("{}a = 1\n", "a.".repeat(20_000));
    assert!(parse("toml", &dotted).is_err());
}
