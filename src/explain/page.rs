//! One code on one page: for 80 columns, for programs, and for the docs.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::example::Half;
use super::{Answer, WIDTH, examples, fields};
use crate::finding::code::{ALL, Code};
use crate::terminal::text::wrap;

/// All there is to know about a code.
pub(super) fn of(code: &Code) -> Answer {
    Answer {
        text: text(code),
        data: data(code),
    }
}

fn text(code: &Code) -> String {
    let example = examples::of(code);
    let title = format!("{}: {}", code.id, code.title);
    format!(
        "{}\n\n{}\n\n{}\n\n{}\n\n{}\n\n{}\n\n  severity: {}, since {}\n",
        wrap(&title, WIDTH, "", "  "),
        wrap(code.why, WIDTH, "  why: ", "       "),
        shown("wrong", &example.wrong),
        shown("right", &example.right),
        wrap(code.fix, WIDTH, "  fix: ", "       "),
        wrap(&example.silence, WIDTH, "  silence: ", "           "),
        code.severity.word(),
        code.since,
    )
}

fn shown(kind: &str, half: &Half<'_>) -> String {
    let title = wrap(half.title, WIDTH, &format!("  {kind}: "), "         ");
    let lines = half.text.lines().map(|line| match line {
        "" => String::new(),
        line => format!("    {line}"),
    });
    format!("{title}\n\n{}", lines.collect::<Vec<_>>().join("\n"))
}

fn data(code: &Code) -> Map<String, Value> {
    let example = examples::of(code);
    let half = |half: &Half<'_>| format!("{}\n{}\n", half.title, half.text);
    fields(json!({
        "code": code.id,
        "severity": code.severity,
        "title": code.title,
        "why": code.why,
        "fix": code.fix,
        "silence": example.silence,
        "since": code.since,
        "wrong": half(&example.wrong),
        "right": half(&example.right),
    }))
}

/// The docs page `docs/codes.md`.
pub(super) fn docs() -> String {
    let mut page = String::from(
        "# Finding codes\n\n\
         What `guard explain CODE` says, for all codes. This page is made from `src/finding/code.rs` and \
         `src/explain/examples`.\n\
         A test runs every example in an empty repository: `--- PATH` is a file with the lines below it, \
         `$` is what is typed.\n",
    );
    for code in ALL {
        let example = examples::of(code);
        let anchor = code.id.to_ascii_lowercase();
        let _ = write!(
            page,
            "\n<a id=\"{anchor}\"></a>\n\n## {}: {}\n\nSeverity: {} · since {}\n\n{}\n\n\
             {}{}What to do: {}\n\nSilencing: {}\n",
            code.id,
            code.title,
            code.severity.word(),
            code.since,
            code.why,
            fenced("Wrong", &example.wrong),
            fenced("Right", &example.right),
            code.fix,
            example.silence,
        );
    }
    page
}

fn fenced(kind: &str, half: &Half<'_>) -> String {
    let Half { title, text, steps } = half;
    match steps {
        Some(_) => format!("{kind}: {title}\n\n```text\n{text}\n```\n\n"),
        None => format!("{kind}: {title}\n\n{text}\n\n"),
    }
}
