//! What is no YAML, TOML or JSON, and that every format is told the same.

use insta::assert_snapshot;

use super::complaints;

#[test]
fn a_key_that_stands_twice_beside_other_mistakes() {
    let text = "jobs: 1\njobs: 2\nnope: 3\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ the key `jobs` stands twice here
       ╭─[guard.yaml:2:1]
     2 │ jobs: 2
       · ────
       ╰────
      help: keep one of them: guard does not choose

      ✗ unknown key `nope`
       ╭─[guard.yaml:3:1]
     3 │ nope: 3
       · ────
       ╰────
      help: the keys here are `commands`, `checks`, `on_unknown`, `empty_fix`,
            `jobs`, `min_version`
    ");
}

#[test]
fn a_tab_in_yaml() {
    let text = "commands:\n\ta: x\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ not valid YAML: tabs disallowed within this context (block indentation)
       ╭─[guard.yaml:2:2]
     2 │  a: x
       ·  ─
       ╰────
      help: indent by spaces: YAML allows no tabs there
    ");
}

#[test]
fn an_open_bracket_in_yaml() {
    let text = "jobs: 1\ncommands: [é, x\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ not valid YAML: unclosed bracket '['
       ╭─[guard.yaml:2:11]
     2 │ commands: [é, x
       ·           ─
       ╰────
    ");
}

#[test]
fn braces_in_a_flow_mapping() {
    let text = "commands:\n  a: { run: eslint {files}, at: [push] }\n";
    assert_snapshot!(complaints("yaml", text), @r#"
      ✗ not valid YAML: while parsing a flow mapping, did not find expected ','
      │ or '}'
       ╭─[guard.yaml:2:20]
     2 │   a: { run: eslint {files}, at: [push] }
       ·                    ─
       ╰────
      help: inside `{ }` a text with braces or commas wants quotes: `run: "npx
            eslint {files}"`
    "#);
}

#[test]
fn a_second_document() {
    let text = "jobs: 1\n---\njobs: 2\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ not valid YAML: a second document begins
       ╭─[guard.yaml:3:1]
     3 │ jobs: 2
       · ─
       ╰────
      help: keep one document in the file
    ");
}

#[test]
fn an_alias_to_nothing() {
    let text = "commands: *nope\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ not valid YAML: alias references unknown anchor
       ╭─[guard.yaml:1:11]
     1 │ commands: *nope
       ·           ─
       ╰────
    ");
}

#[test]
fn an_alias_is_wrong_where_its_value_stands() {
    let text = "commands:\n  a: { run: x, timeout: &t soon }\n  b: { run: x, timeout: *t }\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ `soon` is no time
       ╭─[guard.yaml:2:28]
     2 │   a: { run: x, timeout: &t soon }
       ·                            ────
       ╰────
      help: write it as `500ms`, `60s`, `5m` or `1h30m`
    ");
}

#[test]
fn what_a_merge_key_brings_is_wrong_where_it_stands() {
    let text = "commands:\n  a: &a\n    run: x\n    tmeout: 5s\n  b:\n    <<: *a\n    run: y\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ unknown key `tmeout`
       ╭─[guard.yaml:4:5]
     4 │     tmeout: 5s
       ·     ──────
       ╰────
      help: did you mean `timeout`?
    ");
}

#[test]
fn a_list_is_no_configuration() {
    let text = "- a\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ the configuration consists of keys and values, and this is neither
       ╭─[guard.yaml:1:1]
     1 │ - a
       · ─
       ╰────
      help: begin with `commands:`
    ");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends() {
    let text = "\u{feff}jobs: x\r\non_unknown: y\r\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ `jobs` cannot be the text `x`
       ╭─[guard.yaml:1:7]
     1 │ jobs: x
       ·       ─
       ╰────
      help: write a whole number between 1 and 512

      ✗ `y` is no value of `on_unknown`
       ╭─[guard.yaml:2:13]
     2 │ on_unknown: y
       ·             ─
       ╰────
      help: choose one of `block`, `warn`
    ");
}

#[test]
fn syntax_in_toml() {
    let text = "jobs = \n[commands.a\nrun = 5\n";
    assert_snapshot!(complaints("toml", text), @r"
      ✗ not valid TOML: string values must be quoted, expected literal string
       ╭─[guard.toml:1:8]
     1 │ jobs =
       ·        ─
       ╰────

      ✗ not valid TOML: unclosed table, expected `]`
       ╭─[guard.toml:2:12]
     2 │ [commands.a
       ·            ─
       ╰────
    ");
}

#[test]
fn the_same_mistakes_in_toml() {
    let text = "comands = 1\n\n[commands.\"é\"]\nrun = \"x\"\ntimeout = \"soon\"\n\n[commands.b]\nrun = 5\n";
    assert_snapshot!(complaints("toml", text), @r#"
      ✗ unknown key `comands`
       ╭─[guard.toml:1:1]
     1 │ comands = 1
       · ───────
       ╰────
      help: did you mean `commands`?

      ✗ `é` is no name for a command
       ╭─[guard.toml:3:11]
     3 │ [commands."é"]
       ·           ───
       ╰────
      help: letters, digits and `_`, `.`, `:`, `-`: it is the id that `--only` and
            `--skip` take

      ✗ `soon` is no time
       ╭─[guard.toml:5:11]
     5 │ timeout = "soon"
       ·           ──────
       ╰────
      help: write it as `500ms`, `60s`, `5m` or `1h30m`

      ✗ `run` cannot be the number 5
       ╭─[guard.toml:8:7]
     8 │ run = 5
       ·       ─
       ╰────
      help: write a line for the shell, or a list of words
    "#);
}

#[test]
fn a_date_in_toml() {
    let text = "[commands.b]\nrun = 10:00:00\ntimeout = 1979-05-27\n";
    assert_snapshot!(complaints("toml", text), @r"
      ✗ no setting of guard is a date or a time of day
       ╭─[guard.toml:2:7]
     2 │ run = 10:00:00
       ·       ────────
       ╰────
      help: put it in quotes if it is meant as a text

      ✗ no setting of guard is a date or a time of day
       ╭─[guard.toml:3:11]
     3 │ timeout = 1979-05-27
       ·           ──────────
       ╰────
      help: put it in quotes if it is meant as a text
    ");
}

#[test]
fn a_key_that_stands_twice_in_toml() {
    let text = "jobs = 1\njobs = 2\nnope = 1\n";
    assert_snapshot!(complaints("toml", text), @r"
      ✗ the key `jobs` stands twice here
       ╭─[guard.toml:2:1]
     2 │ jobs = 2
       · ────
       ╰────
      help: keep one of them: guard does not choose

      ✗ unknown key `nope`
       ╭─[guard.toml:3:1]
     3 │ nope = 1
       · ────
       ╰────
      help: the keys here are `commands`, `checks`, `on_unknown`, `empty_fix`,
            `jobs`, `min_version`
    ");
}

#[test]
fn syntax_in_json() {
    let text = "{\n  \"jobs\": 1,\n}\n";
    assert_snapshot!(complaints("json", text), @r"
      ✗ not valid JSON: key must be a string
       ╭─[guard.json:3:1]
     3 │ }
       · ─
       ╰────
    ");
}

#[test]
fn an_empty_json() {
    let text = "\n";
    assert_snapshot!(complaints("json", text), @r"
      ✗ not valid JSON: the file is empty
       ╭─[guard.json:1:1]
     1 │
       · ─
       ╰────
      help: write `{}` for a configuration without settings
    ");
}

#[test]
fn half_a_character_in_json() {
    let text = "{ \"on_unknown\": \"\\ud800\" }";
    assert_snapshot!(complaints("json", text), @r#"
      ✗ not valid JSON: half of a surrogate pair stands alone
       ╭─[guard.json:1:17]
     1 │ { "on_unknown": "\ud800" }
       ·                 ────────
       ╰────
    "#);
}

#[test]
fn the_same_mistakes_in_json() {
    let text = "{\n\t\"comands\": 1,\n\t\"jobs\": 1, \"jobs\": 2,\n\t\"commands\": { \"é\": { \"run\": \"x\", \"timeout\": \"soon\" } }\n}\n";
    assert_snapshot!(complaints("json", text), @r#"
      ✗ unknown key `comands`
       ╭─[guard.json:2:2]
     2 │  "comands": 1,
       ·  ─────────
       ╰────
      help: did you mean `commands`?

      ✗ the key `jobs` stands twice here
       ╭─[guard.json:3:13]
     3 │  "jobs": 1, "jobs": 2,
       ·             ──────
       ╰────
      help: keep one of them: guard does not choose

      ✗ `é` is no name for a command
       ╭─[guard.json:4:16]
     4 │  "commands": { "é": { "run": "x", "timeout": "soon" } }
       ·                ───
       ╰────
      help: letters, digits and `_`, `.`, `:`, `-`: it is the id that `--only` and
            `--skip` take

      ✗ `soon` is no time
       ╭─[guard.json:4:46]
     4 │  "commands": { "é": { "run": "x", "timeout": "soon" } }
       ·                                              ──────
       ╰────
      help: write it as `500ms`, `60s`, `5m` or `1h30m`
    "#);
}

#[test]
fn a_long_line_is_shown_around_the_mistake() {
    let text = "{\"commands\":{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":{\"run\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"timeout\":\"soon\",\"needs\":[\"xxxxxxxxxxxxxxxxxxxxx\"]}}}";
    assert_snapshot!(complaints("json", text), @r#"
      ✗ `soon` is no time
       ╭─[guard.json:1:110]
     1 │ …aaaaaaaaaa","timeout":"soon","needs":["xxxxxxxxxxxxxxxxxxxxx"]}}}
       ·                        ──────
       ╰────
      help: write it as `500ms`, `60s`, `5m` or `1h30m`

      ✗ `xxxxxxxxxxxxxxxxxxxxx` is the id of no command or check
       ╭─[guard.json:1:126]
     1 │ …eout":"soon","needs":["xxxxxxxxxxxxxxxxxxxxx"]}}}
       ·                        ───────────────────────
       ╰────
      help: there are: build, coverage, env, format, gitignore, lint, secrets,
            tests, types
    "#);
}

#[test]
fn control_characters_are_not_obeyed() {
    let text = "jobs: \u{202e}x\n\"a\\e[31m\": 1\n";
    assert_snapshot!(complaints("yaml", text), @r#"
      ✗ `jobs` cannot be the text `�x`
       ╭─[guard.yaml:1:7]
     1 │ jobs: �x
       ·       ──
       ╰────
      help: write a whole number between 1 and 512

      ✗ unknown key `a�[31m`
       ╭─[guard.yaml:2:1]
     2 │ "a\e[31m": 1
       · ─────────
       ╰────
      help: the keys here are `commands`, `checks`, `on_unknown`, `empty_fix`,
            `jobs`, `min_version`
    "#);
}
