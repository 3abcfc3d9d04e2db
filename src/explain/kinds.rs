//! The kinds of secrets: hundreds of codes with one shape, from the rules themselves.

use std::fmt::Write as _;

use serde_json::json;

use super::{Answer, WIDTH, fields};
use crate::finding::code::{self, Code};
use crate::terminal::text::{clip, wrap};

/// How any of them is silenced.
const SILENCE: &str = "`guard:allow CODE REASON` in a comment on its line or on the one above; without a reason it does \
     not count. What is known and lived with goes into the baseline: `guard secrets --update-baseline`. \
     Both are shown at every run.";

/// All there is to know about a kind of secret.
pub(super) fn page(code: &Code) -> Answer {
    let silence = SILENCE.replacen("CODE", code.id, 1);
    let wrong = format!(
        "a value in a file that goes out\n--- a file\n{}\n",
        example(code)
    );
    let right = "it is read from the environment, and the file names it only";
    let lines: Vec<String> = example(code)
        .lines()
        .map(|line| format!("    {}", clip(line, WIDTH - 4)))
        .collect();
    let text = format!(
        "{}\n\n{}\n\n  wrong:\n\n{}\n\n{}\n\n{}\n\n{}\n\n  severity: {}, since {}\n",
        wrap(&format!("{}: {}", code.id, code.title), WIDTH, "", "  "),
        wrap(code.why, WIDTH, "  why: ", "       "),
        lines.join("\n"),
        wrap(right, WIDTH, "  right: ", "         "),
        wrap(code.fix, WIDTH, "  fix: ", "       "),
        wrap(&silence, WIDTH, "  silence: ", "           "),
        code.severity.word(),
        code.since,
    );
    let data = fields(json!({
        "code": code.id,
        "severity": code.severity,
        "title": code.title,
        "why": code.why,
        "fix": code.fix,
        "silence": silence,
        "since": code.since,
        "wrong": wrong,
        "right": format!("{right}\n"),
    }));
    Answer { text, data }
}

/// A line in which it would stand, with `…` for the value: a whole one would be a finding itself.
fn example(code: &Code) -> String {
    let mut places = code::secrets().iter();
    let place = places.position(|known| known.id == code.id);
    let mut rest = place.map_or("", |place| code::secret_examples()[place]);
    let mut shown = String::new();
    while let Some((before, value)) = rest.split_once("<<") {
        shown.push_str(before);
        if !shown.ends_with('…') {
            shown.push('…');
        }
        rest = value.split_once(">>").map_or("", |(_, behind)| behind);
    }
    shown + rest
}

/// The docs page `docs/secret-kinds.md`.
pub(super) fn docs() -> String {
    let mut page = String::from(
        "# Kinds of secrets\n\n\
         What guard finds, and how each is rotated. This page is made from `src/secrets/rules.toml`; \
         `guard explain CODE` says the same. `…` stands for a value.\n\n\
         | code | what | example | what to do when it was pushed |\n|---|---|---|---|\n",
    );
    for code in code::secrets() {
        let rotate = code
            .fix
            .split("it must be rotated. ")
            .nth(1)
            .unwrap_or(code.fix);
        let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
        let _ = writeln!(
            page,
            "| <a id=\"{}\"></a>{} | {}{} | `{}` | {} |",
            code.id.to_ascii_lowercase(),
            code.id,
            cell(code.title),
            match code.severity {
                crate::finding::Severity::Error => "",
                crate::finding::Severity::Warning => " (a warning)",
                crate::finding::Severity::Info => " (for your information)",
            },
            cell(&example(code).replace('`', "'")),
            cell(rotate),
        );
    }
    page
}
