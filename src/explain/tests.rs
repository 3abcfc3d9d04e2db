//! The pages of codes and topics as people see them.

use std::fs;
use std::path::Path;

use miette::Diagnostic as _;

use super::*;
use crate::terminal::text;

fn text_of(asked: &str) -> String {
    known(asked).unwrap().text
}

#[test]
fn a_code_is_explained_on_a_page() {
    insta::assert_snapshot!(text_of("cmd_timeout"), @"");
    for code in ALL {
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
    insta::assert_snapshot!(listed.text, @"");
    for code in ALL {
        let of_code = |line: &&str| line.starts_with(&format!("  {} ", code.id));
        assert_eq!(
            listed.text.lines().filter(of_code).count(),
            1,
            "{}",
            code.id
        );
    }
    assert!(listed.text.lines().all(|line| text::width(line) <= WIDTH));
    assert_eq!(listed.data["codes"].as_array().unwrap().len(), ALL.len());
}

#[test]
fn steps_moments_and_exit_codes_are_explained() {
    insta::assert_snapshot!(text_of("fix"), @"");
    insta::assert_snapshot!(text_of("pre-push"), @"");
    insta::assert_snapshot!(text_of("exit-codes"), @"");
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
    insta::assert_snapshot!(page.text, @"");
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
fn the_docs_page_is_what_the_codes_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes.md");
    let committed = fs::read_to_string(&path).unwrap_or_default();
    if committed != docs() {
        let fresh = tempfile::Builder::new()
            .prefix("codes-")
            .suffix(".md")
            .tempfile()
            .unwrap();
        fs::write(fresh.path(), docs()).unwrap();
        let (_, kept) = fresh.keep().unwrap();
        panic!(
            "docs/codes.md is out of date: `cp {} docs/codes.md`",
            kept.display()
        );
    }
}
