//! What is no key, and what is no value of its kind: each at its place, all of them at once.

use insta::assert_snapshot;

use super::complaints;

#[test]
fn an_unknown_key_with_its_nearest() {
    let text = "comands:\n  a: { run: x }\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ unknown key `comands`
       ╭─[guard.yaml:1:1]
     1 │ comands:
       · ───────
       ╰────
      help: did you mean `commands`?
    ");
}

#[test]
fn several_mistakes_in_one_file_and_columns_count_characters() {
    let text = "# é\ncommands:\n  ünïcode: { run: é, tiemout: 5s }\n  eslint:\n    ruun: npx eslint\n    at: [push, comit]\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ `ünïcode` is no name for a command
       ╭─[guard.yaml:3:3]
     3 │   ünïcode: { run: é, tiemout: 5s }
       ·   ───────
       ╰────
      help: letters, digits and `_`, `.`, `:`, `-`: it is the id that `--only` and
            `--skip` take

      ✗ unknown key `tiemout`
       ╭─[guard.yaml:3:22]
     3 │   ünïcode: { run: é, tiemout: 5s }
       ·                      ───────
       ╰────
      help: did you mean `timeout`?

      ✗ unknown key `ruun`
       ╭─[guard.yaml:5:5]
     5 │     ruun: npx eslint
       ·     ────
       ╰────
      help: did you mean `run`?

      ✗ `comit` is no value of `at`
       ╭─[guard.yaml:6:16]
     6 │     at: [push, comit]
       ·                ─────
       ╰────
      help: did you mean `commit`?
    ");
}

#[test]
fn a_key_that_is_like_no_other() {
    let text = "hooks: 1\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ unknown key `hooks`
       ╭─[guard.yaml:1:1]
     1 │ hooks: 1
       · ─────
       ╰────
      help: the keys here are `commands`, `checks`, `on_unknown`, `empty_fix`,
            `jobs`, `min_version`
    ");
}

#[test]
fn a_key_of_a_later_version() {
    let text = "ship: { lock: { lease: 15s } }\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ unknown key `ship`
       ╭─[guard.yaml:1:1]
     1 │ ship: { lock: { lease: 15s } }
       · ────
       ╰────
      help: guard 0.1.0 does not read `ship` yet: take it out
    ");
}

#[test]
fn a_wrong_type_and_a_wrong_word() {
    let text = "jobs: many\non_unknown: blok\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ `jobs` cannot be the text `many`
       ╭─[guard.yaml:1:7]
     1 │ jobs: many
       ·       ────
       ╰────
      help: write a whole number between 1 and 512

      ✗ `blok` is no value of `on_unknown`
       ╭─[guard.yaml:2:13]
     2 │ on_unknown: blok
       ·             ────
       ╰────
      help: did you mean `block`?
    ");
}

#[test]
fn numbers_that_are_no_numbers_of_jobs() {
    let text = "jobs: 99999999999999999999999\ncommands: { a: { run: x, cache: 1, needs: b, at: push, timeout: 60 } }\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ `jobs` cannot be the number 100000000000000000000000
       ╭─[guard.yaml:1:7]
     1 │ jobs: 99999999999999999999999
       ·       ───────────────────────
       ╰────
      help: write a whole number between 1 and 512

      ✗ `cache` cannot be the number 1
       ╭─[guard.yaml:2:33]
     2 │ commands: { a: { run: x, cache: 1, needs: b, at: push, timeout: 60 }…
       ·                                 ─
       ╰────
      help: write `true` or `false`

      ✗ `needs` cannot be the text `b`
       ╭─[guard.yaml:2:43]
     2 │ commands: { a: { run: x, cache: 1, needs: b, at: push, timeout: 60 }…
       ·                                           ─
       ╰────
      help: write a list: `needs: [b]`

      ✗ `at` cannot be the text `push`
       ╭─[guard.yaml:2:50]
     2 │ commands: { a: { run: x, cache: 1, needs: b, at: push, timeout: 60 }…
       ·                                                  ────
       ╰────
      help: write a list of `commit`, `push`, `ci`: `at: [commit]`

      ✗ `timeout` cannot be the number 60
       ╭─[guard.yaml:2:65]
     2 │ commands: { a: { run: x, cache: 1, needs: b, at: push, timeout: 60 }…
       ·                                                                 ──
       ╰────
      help: write a time with its unit: `500ms`, `60s`, `5m`, `1h30m`
    ");
}

#[test]
fn a_command_that_is_none() {
    let text = "commands:\n  a: npm test\n  b:\n  c: {}\n  d: [x]\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ a command cannot be the text `npm test`
       ╭─[guard.yaml:2:6]
     2 │   a: npm test
       ·      ────────
       ╰────
      help: write `{ run: npm test }`

      ✗ a command cannot be empty
       ╭─[guard.yaml:3:4]
     3 │   b:
       ·    ─
       ╰────
      help: write what it runs: `{ run: npx eslint {files} }`

      ✗ the command has no `run`
       ╭─[guard.yaml:4:3]
     4 │   c: {}
       ·   ─
       ╰────
      help: say what it runs: `run: npx eslint {files}`

      ✗ a command cannot be a list
       ╭─[guard.yaml:5:6]
     5 │   d: [x]
       ·      ─
       ╰────
      help: write what it runs: `{ run: npx eslint {files} }`
    ");
}

#[test]
fn a_version_without_quotes() {
    let text = "min_version: 0.1\n";
    assert_snapshot!(complaints("yaml", text), @r#"
      ✗ `min_version` cannot be the number 0.1
       ╭─[guard.yaml:1:14]
     1 │ min_version: 0.1
       ·              ───
       ╰────
      help: put the version in quotes: `"0.1"`
    "#);
}

#[test]
fn lists_with_something_else_in_them() {
    let text =
        "commands:\n  a: { run: [npm, 1], needs: [true], env: { A: [1], B: }, files: { x: 1 } }\n";
    assert_snapshot!(complaints("yaml", text), @r#"
      ✗ an item of `run` cannot be the number 1
       ╭─[guard.yaml:2:19]
     2 │   a: { run: [npm, 1], needs: [true], env: { A: [1], B: }, files: { x…
       ·                   ─
       ╰────
      help: write a text, in quotes where it looks like something else

      ✗ an item of `needs` cannot be the boolean `true`
       ╭─[guard.yaml:2:31]
     2 │   a: { run: [npm, 1], needs: [true], env: { A: [1], B: }, files: { x…
       ·                               ────
       ╰────
      help: write a text, in quotes where it looks like something else

      ✗ the variable `A` cannot be a list
       ╭─[guard.yaml:2:48]
     2 │   a: { run: [npm, 1], needs: [true], env: { A: [1], B: }, files: { x…
       ·                                                ─
       ╰────
      help: write a text, a number or a boolean; `""` for an empty one

      ✗ the variable `B` cannot be empty
       ╭─[guard.yaml:2:54]
     2 │   a: { run: [npm, 1], needs: [true], env: { A: [1], B: }, files: { x…
       ·                                                      ─
       ╰────
      help: write a text, a number or a boolean; `""` for an empty one

      ✗ `files` cannot be a map
       ╭─[guard.yaml:2:66]
     2 │   a: { run: [npm, 1], needs: [true], env: { A: [1], B: }, files: { x…
       ·                                                                  ─
       ╰────
      help: write a pattern or a list of patterns
    "#);
}

#[test]
fn a_newer_file_is_one_mistake() {
    let text = "future: 1\nmin_version: \"9.1\"\ncommands: { a: 1 }\n";
    assert_snapshot!(complaints("yaml", text), @r#"
      ✗ this configuration is written for guard 9.1.0 and newer, and this is guard
      │ 0.1.0
       ╭─[guard.yaml:2:14]
     2 │ min_version: "9.1"
       ·              ─────
       ╰────
      help: install a newer guard: `cargo install railguard`
    "#);
}

#[test]
fn a_newer_file_without_quotes_is_the_same() {
    let text = "min_version: 9.1\nfuture: 1\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ this configuration is written for guard 9.1.0 and newer, and this is guard
      │ 0.1.0
       ╭─[guard.yaml:1:14]
     1 │ min_version: 9.1
       ·              ───
       ╰────
      help: install a newer guard: `cargo install railguard`
    ");
}
