//! Taking over from every manager.

use proptest::prelude::*;

use super::*;
use crate::project::sketch::Sketch;

/// The commands as they are written, what is covered, and what is left.
fn taken(from: From, files: &[(&str, &str)]) -> String {
    let project = Project::new(Sketch::of(files));
    let import = import(&project, &Stack::of(&project), from);
    let mut text: String = import.imported.iter().map(Imported::text).collect();
    for covered in &import.covered {
        let _ = writeln!(text, "covered {} by {}", covered.what, covered.by);
    }
    for left in &import.left {
        let _ = writeln!(text, "left {}: {}", left.what, left.reason);
    }
    for twice in import.twice() {
        let _ = writeln!(text, "twice {twice}");
    }
    text
}

#[test]
fn lefthook_is_taken_over() {
    let config = r#"
min_version: 1.0.0
output: [summary]
pre-commit:
  parallel: true
  commands:
    guard: { run: "guard hook pre-commit --" }
    lint:
      glob: "src/*.{ts,tsx}"
      run: npx eslint --fix {staged_files}
      stage_fixed: true
      env: { CI: 1 }
    tidy:
      root: web/
      glob: ["web/**/*.css", "*.scss"]
      exclude: web/vendor/*.css
      run: ./tidy '{staged_files}'
      stage_fixed: true
    off: { run: x, skip: true }
    when: { run: x, only: [{ run: test -f x }] }
    whole: { run: "x {all_files}" }
    own: { run: "x {files}", files: git ls-files }
  scripts:
    check.sh: { runner: bash }
    plain.sh: {}
pre-push:
  piped: true
  skip: [merge, rebase]
  jobs:
    - run: cargo test
      only: [{ ref: main }]
    - name: second
      run: cargo clippy
    - group:
        jobs:
          - { name: inner, run: make inner, glob: "*.rs" }
      root: sub
commit-msg:
  commands: { x: { run: x } }
extends: [a.yml]
"#;
    insta::assert_snapshot!(taken(From::Lefthook, &[("lefthook.yml", config)]), @r#"
  # lefthook.yml: pre-commit.commands.lint
  lefthook-lint:
    run: npx eslint {files}
    fix: npx eslint --fix {files}
    fix_on_commit: true
    files: ["src/**/*.{ts,tsx}"]
    env: { CI: "1" }
    at: [commit, ci]
  # lefthook.yml: pre-commit.commands.tidy
  tidy:
    run: "./tidy {files}"
    fix: "./tidy {files}"
    fix_on_commit: true
    files: ["**/*.css", "*.scss"]
    exclude: ["vendor/**/*.css"]
    root: web
    at: [commit]
  # lefthook.yml: pre-commit.scripts.check.sh
  check.sh:
    run: bash .lefthook/pre-commit/check.sh
    at: [commit, ci]
  # lefthook.yml: pre-commit.scripts.plain.sh
  plain.sh:
    run: ".lefthook/pre-commit/plain.sh"
    at: [commit, ci]
  # lefthook.yml: pre-push.jobs[0]
  # lefthook had `skip: merge, rebase`; guard runs it then too
  test:
    run: cargo test
    branches: [main]
    at: [push, ci]
  # lefthook.yml: pre-push.jobs.second
  # lefthook had `skip: merge, rebase`; guard runs it then too
  second:
    run: cargo clippy
    needs: [test]
    at: [push, ci]
  # lefthook.yml: pre-push.jobs[2].jobs.inner
  # lefthook had `skip: merge, rebase`; guard runs it then too
  inner:
    run: make inner
    files: ["*.rs"]
    needs: [second]
    root: sub
    at: [push, ci]
left lefthook.yml: commit-msg: guard has no such hook; lefthook goes on running it
left lefthook.yml: extends: other files are not followed
left lefthook.yml: pre-commit.commands.off `x`: it is switched off there (`skip: true`)
left lefthook.yml: pre-commit.commands.own `x {files}`: it makes a list of files of its own; in guard.yaml `files` are patterns
left lefthook.yml: pre-commit.commands.when `x`: `only` has a condition that guard.yaml cannot say
left lefthook.yml: pre-commit.commands.whole `x {all_files}`: guard has no counterpart of `{all_files}`
twice lefthook.yml: pre-commit.commands.lint
twice lefthook.yml: pre-commit.commands.tidy
twice lefthook.yml: pre-commit.scripts.check.sh
twice lefthook.yml: pre-commit.scripts.plain.sh
twice lefthook.yml: pre-push.jobs[0]
twice lefthook.yml: pre-push.jobs.second
twice lefthook.yml: pre-push.jobs[2].jobs.inner
"#);
}

#[test]
fn husky_is_taken_over() {
    let package = r#"{"devDependencies":{"eslint":"9"},"lint-staged":{"*.{ts,tsx}":["eslint --fix","git add"],"*.md":"prettier --write"}}"#;
    insta::assert_snapshot!(taken(From::Husky, &[
        ("package.json", package),
        ("yarn.lock", ""),
        (".husky/_/h", "x"),
        (".husky/pre-commit", "#!/bin/sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\n# first\nnpx lint-staged\nnpm run types\nCI=1 npm test # all\nfor guard in guard; do \"$guard\" hook pre-commit --; done # guard\n"),
        (".husky/pre-push", "if [ -z \"$CI\" ]; then\n  npm test\nfi\n"),
        (".husky/commit-msg", "npx commitlint --edit $1\n"),
    ]), @r#"
  # package.json: *.md `prettier --write`
  prettier:
    run: yarn run prettier --check {files}
    fix: yarn run prettier --write {files}
    fix_on_commit: true
    files: ["*.md"]
    at: [commit, ci]
  # package.json: *.{ts,tsx} `eslint --fix`
  # the built-in check `lint` runs this tool too: keep one, `checks: { lint: false }` switches that one off
  eslint:
    run: yarn run eslint {files}
    fix: yarn run eslint --fix {files}
    fix_on_commit: true
    files: ["*.{ts,tsx}"]
    at: [commit, ci]
  # .husky/pre-commit: npm run types
  husky-types:
    run: npm run types
    at: [commit, ci]
  # .husky/pre-commit: CI=1 npm test # all
  test:
    run: "CI=1 npm test # all"
    needs: [husky-types]
    at: [commit, ci]
covered package.json: *.{ts,tsx} `git add` by staging
left .husky/commit-msg: guard has no such hook; husky goes on running it
left .husky/pre-push: `if [ -z "$CI" ]; then` is more than a command on a line of its own; call what it does from guard.yaml
twice .husky/pre-commit: npx lint-staged
twice .husky/pre-commit: npm run types
twice .husky/pre-commit: CI=1 npm test # all
"#);
}

#[test]
fn a_line_of_husky_that_calls_lint_staged_goes_with_all_that_it_runs() {
    insta::assert_snapshot!(taken(From::Husky, &[
        ("package.json", r#"{"lint-staged":{"*.ts":"tool --check"}}"#),
        (".husky/pre-commit", "npx --no-install lint-staged\n"),
    ]), @r#"
  # package.json: *.ts `tool --check`
  tool:
    run: npx --no-install tool --check {files}
    files: ["*.ts"]
    at: [commit, ci]
twice .husky/pre-commit: npx --no-install lint-staged
"#);
}

#[test]
fn pre_commit_is_taken_over() {
    let config = r"
default_stages: [pre-commit, pre-push]
exclude: ^vendor/
repos:
- repo: https://github.com/astral-sh/ruff-pre-commit
  rev: v0.8.0
  hooks:
  - id: ruff
    args: [--fix]
  - id: ruff-format
- repo: https://github.com/psf/black
  rev: 24.1.0
  hooks: [{ id: black }]
- repo: https://github.com/pre-commit/pre-commit-hooks
  rev: v5.0.0
  hooks: [{ id: trailing-whitespace }, { id: no-commit-to-branch, stages: [manual] }]
- repo: meta
  hooks: [{ id: check-hooks-apply }]
- repo: local
  hooks:
  - { id: guard, entry: guard hook pre-commit --, language: system }
  - id: lint
    entry: make lint
    language: system
    pass_filenames: false
    stages: [pre-push]
  - id: py
    entry: tools/py.sh
    args: [--strict, 'a b']
    language: script
    types: [python]
    exclude: ^gen/
    stages: [commit]
  - { id: odd, entry: x, language: system, files: '^(a|b)/.*\.[jt]s$', stages: [commit] }
  - { id: node, entry: x, language: node, additional_dependencies: [x], stages: [commit] }
";
    insta::assert_snapshot!(taken(From::PreCommit, &[
        (".pre-commit-config.yaml", config),
        ("pyproject.toml", "[tool.ruff]\n"),
    ]), @r#"
  # .pre-commit-config.yaml: ruff-format
  # through pre-commit, which keeps its environment; the built-in check `format` does it too while pre-commit's file names it: keep one, `checks: { format: false }` switches that one off
  ruff-format:
    run: pre-commit run ruff-format --files {files}
    at: [commit, push, ci]
  # .pre-commit-config.yaml: black
  # through pre-commit, which keeps its environment
  black:
    run: pre-commit run black --files {files}
    at: [commit, push, ci]
  # .pre-commit-config.yaml: trailing-whitespace
  # through pre-commit, which keeps its environment
  trailing-whitespace:
    run: pre-commit run trailing-whitespace --files {files}
    at: [commit, push, ci]
  # .pre-commit-config.yaml: lint
  pre-commit-lint:
    run: make lint
    at: [push, ci]
  # .pre-commit-config.yaml: py
  py:
    run: "./tools/py.sh --strict 'a b' {files}"
    files: ["**/*.py", "**/*.pyi"]
    exclude: ["/gen/**"]
    at: [commit, ci]
  # .pre-commit-config.yaml: odd
  # through pre-commit, which keeps its environment
  odd:
    run: pre-commit run odd --files {files}
    at: [commit, ci]
  # .pre-commit-config.yaml: node
  # through pre-commit, which keeps its environment
  node:
    run: pre-commit run node --files {files}
    at: [commit, ci]
covered .pre-commit-config.yaml: ruff by lint
left .pre-commit-config.yaml: exclude: a filter for all hooks; hooks that go on through pre-commit keep it, the others need `files` or `exclude` of their own
left .pre-commit-config.yaml: no-commit-to-branch: it runs at none of the moments that guard knows
left .pre-commit-config.yaml: check-hooks-apply: it checks pre-commit's own file
twice .pre-commit-config.yaml: ruff-format
twice .pre-commit-config.yaml: black
twice .pre-commit-config.yaml: trailing-whitespace
twice .pre-commit-config.yaml: lint
twice .pre-commit-config.yaml: py
twice .pre-commit-config.yaml: odd
twice .pre-commit-config.yaml: node
twice .pre-commit-config.yaml: ruff
"#);
}

#[test]
fn lint_staged_is_taken_over_package_by_package() {
    insta::assert_snapshot!(taken(From::LintStaged, &[
        ("package.json", r#"{"lint-staged":{"*.{js,ts}":["prettier --write","./check.sh"],"!(a).js":"x","*.css":{"a":1}}}"#),
        ("web/package.json", "{}"),
        ("web/.lintstagedrc", "'src/**/*.ts': 'tsc-files --noEmit'\n"),
        ("api/lint-staged.config.mjs", "export default {}"),
        ("node_modules/x/package.json", r#"{"lint-staged":{"*":"evil"}}"#),
        ("pnpm-lock.yaml", ""),
    ]), @r#"
  # package.json: *.{js,ts} `prettier --write`
  prettier:
    run: pnpm exec prettier --check {files}
    fix: pnpm exec prettier --write {files}
    fix_on_commit: true
    files: ["*.{js,ts}"]
    at: [commit, ci]
  # package.json: *.{js,ts} `./check.sh`
  check.sh:
    run: "./check.sh {files}"
    files: ["*.{js,ts}"]
    needs: [prettier]
    at: [commit, ci]
  # web/.lintstagedrc: src/**/*.ts `tsc-files --noEmit`
  tsc-files:
    run: pnpm exec tsc-files --noEmit {files}
    files: ["src/**/*.ts"]
    root: web
    at: [commit, ci]
left api/lint-staged.config.mjs: it is a program, and guard does not run it to learn what it says; write its commands into guard.yaml
left package.json: !(a).js: guard's patterns are gitignore's, which have no `!( )` or `+( )`
left package.json: *.css: its commands are neither a text nor a list of texts
twice package.json: *.{js,ts} `prettier --write`
twice package.json: *.{js,ts} `./check.sh`
twice web/.lintstagedrc: src/**/*.ts `tsc-files --noEmit`
"#);
}

#[test]
fn what_is_not_there_is_said() {
    for from in [
        From::Lefthook,
        From::Husky,
        From::PreCommit,
        From::LintStaged,
    ] {
        let said = taken(from, &[("README.md", "")]);
        assert!(said.starts_with("left "), "{from:?}: {said}");
    }
}

#[test]
fn names_are_allowed_free_and_nobody_elses() {
    let taken = |name: &str| Imported {
        name: name.into(),
        ..Imported::default()
    };
    assert_eq!(free("lint", From::Lefthook, &[]), "lefthook-lint");
    assert_eq!(free("types", From::Husky, &[]), "husky-types");
    assert_eq!(free("a b/ü", From::Husky, &[]), "a-b");
    assert_eq!(free("", From::Husky, &[]), "husky");
    assert_eq!(free("x", From::Husky, &[taken("x"), taken("x-2")]), "x-3");
}

proptest! {
    #[test]
    fn whatever_they_say_guard_yaml_loads(name in ".{0,20}", run in ".{0,40}", glob in ".{1,20}", env in ".{0,10}", key in any::<u8>()) {
        let job = serde_json::json!({ "run": run, "glob": glob, "stage_fixed": key % 2 == 0, "env": { env.clone(): env }, "root": name });
        let config = serde_json::json!({ "pre-commit": { "commands": { name.clone(): job } } }).to_string();
        let staged = serde_json::json!({ glob: [run] }).to_string();
        let husky = format!("{run}\n{name}\n");
        let files = [("lefthook.json", config.as_str()), (".lintstagedrc", &staged), (".husky/pre-commit", &husky)];
        let project = Project::new(Sketch::of(&files));
        let stack = Stack::of(&project);
        for from in [From::Lefthook, From::LintStaged, From::Husky] {
            let import = import(&project, &stack, from);
            let text = super::super::settings::text(&stack, &import.imported);
            let parsed = config::parse("yaml", &text);
            prop_assert!(parsed.is_ok(), "{}\n{:?}", text, parsed.err());
        }
    }
}

#[test]
fn a_formatter_that_its_own_configuration_names_is_covered() {
    let config = "repos:\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  hooks: [{ id: ruff-format }]\n";
    for file in [
        (
            "pyproject.toml",
            "[tool.ruff.format]\nquote-style = \"single\"\n",
        ),
        ("ruff.toml", "[format]\n"),
    ] {
        let text = taken(
            From::PreCommit,
            &[(".pre-commit-config.yaml", config), file],
        );
        let covered = "covered .pre-commit-config.yaml: ruff-format by format\n";
        assert!(text.starts_with(covered), "{text}");
    }
}
