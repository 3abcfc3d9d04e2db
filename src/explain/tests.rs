//! The pages of codes and topics as people see them.

use std::fs;
use std::path::Path;

use miette::Diagnostic as _;

use super::*;
use crate::finding::code::Code;
use crate::terminal::text;

fn text_of(asked: &str) -> String {
    known(asked).unwrap().text
}

#[test]
fn a_code_is_explained_on_a_page() {
    insta::assert_snapshot!(text_of("cmd_timeout"), @"
    CMD-TIMEOUT: a command of guard.yaml ran out of time

      why: guard ended the command and every process that it had started. What it
           would have said is not known, so it counts as failed.

      wrong: the command needs longer than it may

        --- guard.yaml
        commands:
          test: { run: sleep 5, timeout: 100ms }
        $ git add .
        $ guard run pre-commit

      right: there is time enough

        --- guard.yaml
        commands:
          test: { run: sleep 0.1, timeout: 1m }
        $ git add .
        $ guard run pre-commit

      fix: Make the command faster, narrow its `files`, or raise its `timeout`.

      silence: A command without `timeout` never runs out of time, and `at: [ci]`
               keeps a slow one out of the hooks: write the reason in a comment
               beside it. `GUARD_SKIP=ID git commit` (or `git push`) skips it once,
               and is recorded.

      severity: error, since 0.1.0
    ");
    for code in Code::every() {
        let page = known(code.id).unwrap();
        for line in page.text.lines() {
            assert!(text::width(line) <= WIDTH, "{line}");
        }
        let mut keys: Vec<&str> = page.data.keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            [
                "code", "fix", "right", "severity", "silence", "since", "title", "why", "wrong"
            ]
        );
    }
}

#[test]
fn every_code_is_listed_in_its_area() {
    let listed = list();
    let (codes, topics) = listed.text.rsplit_once("\n\n").unwrap();
    assert!(
        codes.contains("Commands of guard.yaml\n  CMD-CHANGED-FILE "),
        "{codes}"
    );
    insta::assert_snapshot!(topics, @"
    guard explain CODE          why, wrong and right, what to do
    guard explain ID            a step or a command of guard.yaml, and its codes
    guard explain config KEY    a setting's value, and where it came from
    guard explain moments       commit, push and ci: what is judged when
    guard explain exit-codes    what the exit code says
    ");
    for code in Code::every() {
        let of_code = |line: &&str| line.starts_with(&format!("  {} ", code.id));
        assert_eq!(
            listed.text.lines().filter(of_code).count(),
            1,
            "{}",
            code.id
        );
    }
    assert!(listed.text.lines().all(|line| text::width(line) <= WIDTH));
    assert_eq!(
        listed.data["codes"].as_array().unwrap().len(),
        Code::every().count()
    );
}

#[test]
fn steps_moments_and_exit_codes_are_explained() {
    let fix = text_of("fix");
    let (about, codes) = fix.split_once("\n\n").unwrap();
    insta::assert_snapshot!(about, @"
    fix: The repairing forms of commands: each runs on what is staged, in guard's
      own checkout, and what it made of files in the commit goes to the index and
      the work tree. It is planned with `--fix`, or where a command has
      `fix_on_commit: true`.
    ");
    assert!(codes.contains("\n  FIX-COLLIDES "), "{codes}");
    assert!(text_of("change").ends_with("\n\nIt gives no codes of its own.\n"));
    insta::assert_snapshot!(text_of("pre-push"), @"
    The moments at which guard judges:

      commit  guard run pre-commit  what is staged
      push    guard run pre-push    what is pushed and the remote does not have
      ci      guard run ci          what HEAD changes since its base

    `guard install` puts the hooks in that call the first two. `at: [commit, push]`
    in guard.yaml says when a command runs. `--plan` says what would run, and why.
    ");
    insta::assert_snapshot!(text_of("exit-codes"), @"
    The exit codes:

        0  good
        1  findings block
        2  wrong usage or wrong configuration
        3  could not find out (never green)
        6  refused, nothing was changed
       70  a bug in guard
      130  interrupted (Ctrl-C)
      143  terminated, or the terminal closed
    ");
    assert_eq!(known("commit"), known("Moments"));
    assert_eq!(known("command"), None);
    for (id, _) in STEPS {
        let page = text_of(id);
        assert!(
            page.lines().all(|line| text::width(line) <= WIDTH),
            "{page}"
        );
    }
}

#[test]
fn a_command_is_explained_from_guard_yaml() {
    let config = crate::config::parse(
        "yaml",
        "commands: { names: { run: [sort, -c, \"a\\e[31m\"], at: [ci], fix: 'sort -o a a' } }\n",
    )
    .unwrap();
    let page = command("names", &config.commands["names"]);
    let (about, codes) = page.text.split_once("\n\nThe codes").unwrap();
    insta::assert_snapshot!(about, @r"
    names: a command of guard.yaml

      run: sort -c a\u{1b}[31m
      fix: sort -o a a
      at:  ci
    ");
    for code in [
        "CMD-FAILED ",
        "FIX-EMPTY ",
        "`guard explain config commands.names`",
    ] {
        assert!(codes.contains(code), "{codes}");
    }
    assert_eq!(page.data["at"], serde_json::json!(["ci"]));
    assert_eq!(page.data["codes"][0]["code"], "CHECKOUT-NOTE");
}

#[test]
fn a_slip_is_put_right_and_nonsense_is_not() {
    for (asked, meant) in [
        ("CMD-FALED", Some("CMD-FAILED")),
        ("comit", Some("commit")),
        ("exit_code", Some("exit-codes")),
        ("jbos", Some("config jobs")),
        ("conifg", Some("config")),
        ("esl1nt", Some("eslint")),
        ("\x1b[31m", None),
        ("", None),
    ] {
        let slip = unknown(asked, ["eslint"]);
        assert_eq!(slip.nearest.as_deref(), meant, "{asked}");
    }
    assert_eq!(unknown(&"CMD-FAILED".repeat(10_000), []).nearest, None);
    let slip = unknown("\x1b[31m", []);
    assert_eq!(
        slip.to_string(),
        "there is no code, step, command or topic `\\u{1b}[31m`"
    );
    let help = unknown("CMD-FALED", []).help().unwrap().to_string();
    assert_eq!(help, "did you mean `guard explain CMD-FAILED`?");
}

#[test]
fn the_docs_pages_are_what_the_codes_say() {
    for (page, said) in [
        ("docs/codes.md", docs()),
        ("docs/secret-kinds.md", docs_of_secrets()),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let committed = fs::read_to_string(&path).unwrap_or_default();
        if committed != said {
            let fresh = tempfile::Builder::new()
                .prefix("codes-")
                .suffix(".md")
                .tempfile()
                .unwrap();
            fs::write(fresh.path(), said).unwrap();
            let (_, kept) = fresh.keep().unwrap();
            panic!("{page} is out of date: `cp {} {page}`", kept.display());
        }
    }
}

#[test]
fn a_kind_of_secret_is_explained_without_a_value() {
    let page = text_of("sec_stripe_live");
    assert!(page.contains("sk_live_…"), "{page}");
    for code in code::secrets() {
        let page = text_of(code.id);
        assert!(!page.contains("<<") && page.contains("wrong:"), "{page}");
    }
}
