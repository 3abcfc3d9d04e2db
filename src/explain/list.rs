//! Every code on a line, by its area.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Answer, WIDTH, fields, topic};
use crate::finding::code::{self, ALL, Code};
use crate::terminal::text::{pad, wrap};

/// What an area's codes are about. One without an entry is headed by its name.
const AREAS: [(&str, &str); 14] = [
    ("BUILD", "Builds"),
    ("CHECKOUT", "guard's own checkout"),
    ("CMD", "Commands of guard.yaml"),
    ("COVERAGE", "Coverage"),
    ("DEPS", "Installed dependencies"),
    ("ENV", "Env files"),
    ("FIX", "Fixes"),
    ("FORMAT", "Formatters"),
    ("GATE", "What is judged"),
    ("GUARD", "guard itself"),
    ("HOOK", "Hooks"),
    ("LINT", "Linters"),
    ("TESTS", "Tests"),
    ("TYPES", "Type checkers"),
];

/// Every code, and what else can be asked for.
pub(super) fn all() -> Answer {
    let mut text = String::new();
    let mut area = "";
    for code in ALL {
        if area_of(code) != area {
            area = area_of(code);
            let titled = AREAS.iter().find(|(known, _)| *known == area);
            let _ = writeln!(text, "{}", titled.map_or(area, |(_, title)| title));
        }
        text.push_str(&line(code));
    }
    let _ = writeln!(text, "Secrets ({} kinds)", code::secrets().len());
    for code in code::secrets() {
        text.push_str(&line(code));
    }
    text.push('\n');
    for (asked, about) in topic::ASKED {
        let asked = pad(&format!("guard explain {asked}"), 26);
        let _ = writeln!(text, "{asked}  {about}");
    }
    Answer {
        text,
        data: fields(data()),
    }
}

/// A code with its title; a long title goes on below itself.
pub(super) fn line(code: &Code) -> String {
    let own = if code::secrets().iter().any(|secret| secret.id == code.id) {
        code::secrets()
    } else {
        ALL
    };
    let widest = own.iter().map(|code| code.id.len()).max().unwrap_or(0);
    let first = format!("  {}  ", pad(code.id, widest));
    wrap(code.title, WIDTH, &first, &" ".repeat(widest + 4)) + "\n"
}

/// A code for a program's list.
pub(super) fn entry(code: &Code) -> Value {
    json!({
        "code": code.id,
        "severity": code.severity,
        "title": code.title,
        "since": code.since,
    })
}

fn area_of(code: &Code) -> &'static str {
    code.id.split('-').next().unwrap_or(code.id)
}

fn data() -> Value {
    let topics: Vec<Value> = topic::ASKED
        .iter()
        .map(|(asked, about)| json!({ "topic": asked, "about": about }))
        .collect();
    json!({
        "codes": Code::every().map(entry).collect::<Vec<_>>(),
        "topics": topics,
    })
}
