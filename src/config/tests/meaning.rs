//! What is of the right kind and means nothing, and what does not go together.

use insta::assert_snapshot;

use super::complaints;

#[test]
fn out_of_range() {
    let text = "jobs: 0\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ `jobs` is lower than 1
       ╭─[guard.yaml:1:7]
     1 │ jobs: 0
       ·       ─
       ╰────
      help: write a whole number between 1 and 512
    ");
}

#[test]
fn files_and_no_files() {
    let text = "commands:\n  a:\n    run: eslint {files}\n    files: none\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ `{files}` stands here, but `files: none` says that there are none
       ╭─[guard.yaml:3:10]
     3 │     run: eslint {files}
       ·          ──────────────
       ╰────
      help: take out one of the two
    ");
}

#[test]
fn files_inside_quotes_or_twice() {
    let text = "commands:\n  a:\n    run: eslint '{files}'\n    fix: eslint {files} {files}\n  b:\n    run: [sh, -c, \"x {files}\"]\n";
    assert_snapshot!(complaints("yaml", text), @r#"
      ✗ `{files}` stands inside quotes
       ╭─[guard.yaml:3:10]
     3 │     run: eslint '{files}'
       ·          ────────────────
       ╰────
      help: take the quotes away: every file becomes one argument of its own,
            spaces included

      ✗ `{files}` stands twice
       ╭─[guard.yaml:4:10]
     4 │     fix: eslint {files} {files}
       ·          ──────────────────────
       ╰────
      help: name it once: a list that is split would reach only a part of the
            command whole

      ✗ `{files}` is a part of the item `x {files}`
       ╭─[guard.yaml:6:10]
     6 │     run: [sh, -c, "x {files}"]
       ·          ─
       ╰────
      help: in a list it must be an item of its own: `"{files}"`
    "#);
}

#[test]
fn nothing_to_run() {
    let text = "commands:\n  a:\n    run: \" \"\n  b:\n    run: []\n  c:\n    run: [\"{files}\"]\n";
    assert_snapshot!(complaints("yaml", text), @r#"
      ✗ nothing to run
       ╭─[guard.yaml:3:10]
     3 │     run: " "
       ·          ───
       ╰────
      help: write the command here

      ✗ nothing to run
       ╭─[guard.yaml:5:10]
     5 │     run: []
       ·          ─
       ╰────
      help: name the program as the first item

      ✗ `{files}` stands where the program belongs
       ╭─[guard.yaml:7:10]
     7 │     run: ["{files}"]
       ·          ─
       ╰────
      help: name the program as the first item
    "#);
}

#[test]
fn needs_that_nobody_meets() {
    let text = "commands:\n  own: { run: x, needs: [lnt, own, zebra, lint] }\n  tsc: { run: x }\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ `lnt` is the id of no command or check
       ╭─[guard.yaml:2:26]
     2 │   own: { run: x, needs: [lnt, own, zebra, lint] }
       ·                          ───
       ╰────
      help: did you mean `lint`?

      ✗ `own` needs itself
       ╭─[guard.yaml:2:31]
     2 │   own: { run: x, needs: [lnt, own, zebra, lint] }
       ·                               ───
       ╰────
      help: take it out of the list

      ✗ `zebra` is the id of no command or check
       ╭─[guard.yaml:2:36]
     2 │   own: { run: x, needs: [lnt, own, zebra, lint] }
       ·                                    ─────
       ╰────
      help: there are: tsc, build, coverage, env, format, gitignore, lint,
            secrets, tests, types
    ");
}

#[test]
fn a_circle_names_its_members() {
    let text = "commands:\n  c: { run: x, needs: [a] }\n  a: { run: x, needs: [d, b] }\n  b: { run: x, needs: [c] }\n  d: { run: x }\n  e: { run: x, needs: [a] }\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ the needs go round in a circle: `a` → `b` → `c` → `a`
       ╭─[guard.yaml:3:27]
     3 │   a: { run: x, needs: [d, b] }
       ·                           ─
       ╰────
      help: let one of them go without the next
    ");
}

#[test]
fn roots_that_are_elsewhere() {
    let text = "commands:\n  a: { run: x, root: /etc }\n  b: { run: x, root: a/../.. }\n  c: { run: x, root: a/.GIT }\n  d: { run: x, root: \"\" }\n";
    assert_snapshot!(complaints("yaml", text), @r#"
      ✗ `/etc` is an absolute path
       ╭─[guard.yaml:2:22]
     2 │   a: { run: x, root: /etc }
       ·                      ────
       ╰────
      help: name a folder of this repository, seen from its root: `apps/web`

      ✗ `a/../..` leads upwards
       ╭─[guard.yaml:3:22]
     3 │   b: { run: x, root: a/../.. }
       ·                      ───────
       ╰────
      help: name a folder of this repository, seen from its root: `apps/web`

      ✗ `a/.GIT` leads into git's own folder
       ╭─[guard.yaml:4:22]
     4 │   c: { run: x, root: a/.GIT }
       ·                      ──────
       ╰────
      help: name a folder of this repository, seen from its root: `apps/web`

      ✗ `` is empty
       ╭─[guard.yaml:5:22]
     5 │   d: { run: x, root: "" }
       ·                      ──
       ╰────
      help: name a folder of this repository, seen from its root: `apps/web`
    "#);
}

#[test]
fn names_that_are_none() {
    let text = "commands:\n  \"\": { run: x }\n  a b: { run: x, env: { 1A: x, GIT_DIR: x }, pass_env: [A-B] }\n";
    assert_snapshot!(complaints("yaml", text), @r#"
      ✗ `` is no name for a command
       ╭─[guard.yaml:2:3]
     2 │   "": { run: x }
       ·   ──
       ╰────
      help: letters, digits and `_`, `.`, `:`, `-`: it is the id that `--only` and
            `--skip` take

      ✗ `a b` is no name for a command
       ╭─[guard.yaml:3:3]
     3 │   a b: { run: x, env: { 1A: x, GIT_DIR: x }, pass_env: [A-B] }
       ·   ───
       ╰────
      help: letters, digits and `_`, `.`, `:`, `-`: it is the id that `--only` and
            `--skip` take

      ✗ `1A` is no name of a variable
       ╭─[guard.yaml:3:25]
     3 │   a b: { run: x, env: { 1A: x, GIT_DIR: x }, pass_env: [A-B] }
       ·                         ──
       ╰────
      help: letters, digits and `_`, with no digit first

      ✗ `GIT_DIR` tells git where the repository is, and no command is given it
       ╭─[guard.yaml:3:32]
     3 │   a b: { run: x, env: { 1A: x, GIT_DIR: x }, pass_env: [A-B] }
       ·                                ───────
       ╰────
      help: take it out: the command runs in the right folder

      ✗ `A-B` is no name of a variable
       ╭─[guard.yaml:3:57]
     3 │   a b: { run: x, env: { 1A: x, GIT_DIR: x }, pass_env: [A-B] }
       ·                                                         ───
       ╰────
      help: letters, digits and `_`, with no digit first
    "#);
}

#[test]
fn times_that_are_none() {
    let text = "commands:\n  a: { run: x, timeout: soon }\n  b: { run: x, timeout: 0s }\n  c: { run: x, timeout: 2000h }\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ `soon` is no time
       ╭─[guard.yaml:2:25]
     2 │   a: { run: x, timeout: soon }
       ·                         ────
       ╰────
      help: write it as `500ms`, `60s`, `5m` or `1h30m`

      ✗ a timeout of `0s` leaves no time at all
       ╭─[guard.yaml:3:25]
     3 │   b: { run: x, timeout: 0s }
       ·                         ──
       ╰────
      help: write a positive time such as `60s`, or leave it out for none

      ✗ `2000h` is longer than 1000 hours
       ╭─[guard.yaml:4:25]
     4 │   c: { run: x, timeout: 2000h }
       ·                         ─────
       ╰────
      help: write a shorter time, or leave it out for none
    ");
}

#[test]
fn patterns_that_are_none() {
    let text = "commands:\n  a:\n    run: x\n    files: [\"{a\", \"\", \"#b\"]\n    exclude: \"{\"\n    branches: [\"a{b\"]\n  b: { run: x, files: [], at: [] }\n";
    assert_snapshot!(complaints("yaml", text), @r##"
      ✗ `{a` is no pattern: unclosed alternate group; missing '}' (maybe escape
      │ '{' with '[{]'?)
       ╭─[guard.yaml:4:13]
     4 │     files: ["{a", "", "#b"]
       ·             ────
       ╰────
      help: patterns are written as in .gitignore: `*.rs`, `src/**`, `**/*.
            {ts,tsx}`

      ✗ the pattern is empty
       ╭─[guard.yaml:4:19]
     4 │     files: ["{a", "", "#b"]
       ·                   ──
       ╰────
      help: take it out, or write `**` for all

      ✗ `#b` is a comment in gitignore's language
       ╭─[guard.yaml:4:23]
     4 │     files: ["{a", "", "#b"]
       ·                       ────
       ╰────
      help: write `\#b` for a name that begins with `#`

      ✗ `{` is no pattern: unclosed alternate group; missing '}' (maybe escape '{'
      │ with '[{]'?)
       ╭─[guard.yaml:5:14]
     5 │     exclude: "{"
       ·              ───
       ╰────
      help: patterns are written as in .gitignore: `*.rs`, `src/**`, `**/*.
            {ts,tsx}`

      ✗ `a{b` is no pattern: unclosed alternate group; missing '}' (maybe escape
      │ '{' with '[{]'?)
       ╭─[guard.yaml:6:16]
     6 │     branches: ["a{b"]
       ·                ─────
       ╰────
      help: patterns are written as in .gitignore: `*.rs`, `src/**`, `**/*.
            {ts,tsx}`

      ✗ the list of patterns is empty
       ╭─[guard.yaml:7:23]
     7 │   b: { run: x, files: [], at: [] }
       ·                       ─
       ╰────
      help: leave it out, or name some patterns; `files: none` is for a command
            that wants no files

      ✗ no moment is named, so it would never run
       ╭─[guard.yaml:7:31]
     7 │   b: { run: x, files: [], at: [] }
       ·                               ─
       ╰────
      help: name some of `commit`, `push`, `ci`, or leave `at` out for all of them
    "##);
}

#[test]
fn a_fix_that_is_wanted_must_be_there() {
    let text = "commands:\n  a:\n    run: x\n    fix_on_commit: true\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ there is no `fix` that could run at commit
       ╭─[guard.yaml:4:20]
     4 │     fix_on_commit: true
       ·                    ────
       ╰────
      help: write the repairing form of the command under `fix`, or take this out
    ");
}

#[test]
fn the_rest_is_judged_beside_a_wrong_type() {
    let text = "jobs: x\ncommands:\n  a: { run: 5, timeout: 0s }\n  b: { run: x, needs: [a, q] }\n";
    assert_snapshot!(complaints("yaml", text), @r"
      ✗ `jobs` cannot be the text `x`
       ╭─[guard.yaml:1:7]
     1 │ jobs: x
       ·       ─
       ╰────
      help: write a whole number between 1 and 512

      ✗ `run` cannot be the number 5
       ╭─[guard.yaml:3:13]
     3 │   a: { run: 5, timeout: 0s }
       ·             ─
       ╰────
      help: write a line for the shell, or a list of words

      ✗ a timeout of `0s` leaves no time at all
       ╭─[guard.yaml:3:25]
     3 │   a: { run: 5, timeout: 0s }
       ·                         ──
       ╰────
      help: write a positive time such as `60s`, or leave it out for none

      ✗ `q` is the id of no command or check
       ╭─[guard.yaml:4:27]
     4 │   b: { run: x, needs: [a, q] }
       ·                           ─
       ╰────
      help: there are: a, build, coverage, env, format, gitignore, lint, secrets,
            tests, types
    ");
}
