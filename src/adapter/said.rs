//! What tools say, made into faults: bounded, and never a pass where it was not understood.

use serde::de::DeserializeOwned;

use super::install;
use super::telling::exit;
use crate::finding::code::Code;
use crate::finding::{Fix, Position, Severity};
use crate::path::RepoPath;
use crate::tool::{Fault, Heard, Told};

/// How many errors, and how many of the rest, of one answer are kept.
const MOST: usize = 2000;

/// How many characters of a message or reason are kept.
const LONGEST: usize = 1000;

/// The faults of one answer.
pub(super) struct Faults {
    code: Code,
    kept: Vec<Fault>,
    errors: usize,
    others: usize,
}

impl Faults {
    pub(super) fn new(code: Code) -> Self {
        Self {
            code,
            kept: Vec::new(),
            errors: 0,
            others: 0,
        }
    }

    /// Keeps a fault; beyond the bound it is only counted.
    pub(super) fn push(&mut self, fault: Fault) {
        let count = match fault.severity {
            Severity::Error => &mut self.errors,
            _ => &mut self.others,
        };
        *count += 1;
        if *count <= MOST {
            self.kept.push(fault);
        }
    }

    pub(super) fn has_error(&self) -> bool {
        self.errors > 0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub(super) fn last(&mut self) -> Option<&mut Fault> {
        self.kept.last_mut()
    }

    pub(super) fn heard(mut self, files: Option<u64>) -> Heard {
        let more = (self.errors + self.others).saturating_sub(self.kept.len());
        if more > 0 {
            self.note(format!("{more} more findings are not listed"));
        }
        Heard::Judged {
            faults: self.kept,
            files,
        }
    }

    /// Something to know about the answer itself.
    pub(super) fn note(&mut self, message: String) {
        self.kept.push(Fault {
            severity: Severity::Info,
            ..fault(self.code, None, message)
        });
    }
}

/// An error that has no more than a file and words.
pub(super) fn fault(code: Code, path: Option<RepoPath>, message: impl Into<String>) -> Fault {
    Fault {
        code,
        severity: Severity::Error,
        path,
        span: None,
        rule: None,
        message: short(&message.into()),
        help: None,
        fix: Fix::None,
    }
}

/// A line and a column, from 1; what is not there is the first.
pub(super) fn at(line: u64, column: u64) -> Position {
    let number = |value: u64| u32::try_from(value).unwrap_or(u32::MAX).max(1);
    Position {
        line: number(line),
        column: number(column),
    }
}

/// From here to there; a point where the end is not known or not behind.
pub(super) fn span(from: Position, to: Option<Position>) -> (Position, Position) {
    (from, to.filter(|to| *to > from).unwrap_or(from))
}

/// An answer that is no judgement. `see` is a command that shows all of it.
pub(super) fn broken(told: &Told<'_>, tool: &str, see: &str) -> Heard {
    let out = String::from_utf8_lossy(told.out);
    let words = telling(told.err).or_else(|| telling(&out));
    let reason = match words {
        Some(words) => format!("{tool}: {words}"),
        None => format!(
            "{tool} ended with {} and said nothing that guard understands",
            exit(told.exit)
        ),
    };
    let remedy = if lacks_something(told.err) || lacks_something(&out) {
        install::again(told.ran, see)
    } else {
        let folder = &told.ran.root;
        if folder.is_root() {
            format!("`{see}` shows all of it")
        } else {
            format!("`{see}` in {folder} shows all of it")
        }
    };
    Heard::Broken { reason, remedy }
}

/// Whether a tool says that a part of it is not installed.
fn lacks_something(text: &str) -> bool {
    const SIGNS: [&str; 9] = [
        "Cannot find module",
        "Cannot find package",
        "Cannot find type definition file",
        "ERR_MODULE_NOT_FOUND",
        "No module named",
        "couldn't find the config",
        "couldn't find the plugin",
        "couldn't find the parser",
        "is not installed",
    ];
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// The first line that says something, without its ornaments, and the causes that follow it.
pub(super) fn telling(text: &str) -> Option<String> {
    const MOST_CAUSES: usize = 4;
    let mut lines = text.lines().map(|line| short(bare(&plain(line))));
    let mut said = lines.find(|line| {
        let banner = [
            "Oops",
            "ESLint: ",
            "usage:",
            "npm ",
            "(node:",
            "(Use `node",
            "warning:",
        ];
        line.chars().any(char::is_alphabetic)
            && !line.contains('━')
            && !banner.iter().any(|start| line.starts_with(start))
            && !line.ends_with("experimental and may change in patch releases.")
    })?;
    let lines = lines.filter(|line| line.chars().any(char::is_alphabetic));
    for line in lines.take(MOST_CAUSES) {
        if said.ends_with(':') {
            said = format!("{said} {line}");
        } else if let Some(cause) = line.strip_prefix("Cause: ") {
            said = format!("{said}: {cause}");
        } else {
            break;
        }
    }
    Some(short(&said))
}

/// Without control sequences and control characters.
pub(super) fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // An escape ends with its first letter.
            let _ = letters.by_ref().find(char::is_ascii_alphabetic);
        } else if !letter.is_control() {
            plain.push(letter);
        }
    }
    plain
}

fn bare(line: &str) -> &str {
    let mut line = line.trim();
    for ornament in ["[error] ", "× ", "x ", "Error: ", "error: "] {
        line = line.strip_prefix(ornament).unwrap_or(line).trim_start();
    }
    line
}

/// At most so long that it can be shown.
pub(super) fn short(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The elements of a JSON list, and whether it came to its end: of a cut answer, those that are whole.
///
/// The list stands behind `before`, or is the first that an element can be read from: plugins and configuration
/// files print what they like in front of it.
pub(super) fn elements<T: DeserializeOwned>(
    bytes: &[u8],
    before: Option<&str>,
) -> Option<(Vec<T>, bool)> {
    let from = match before {
        Some(name) => memchr::memmem::find(bytes, name.as_bytes())? + name.len(),
        None => 0,
    };
    let starts = memchr::memchr_iter(b'[', &bytes[from..]).map(|at| from + at);
    for start in starts.take(50) {
        let rest = &bytes[start + 1..];
        if rest.trim_ascii_start().first() == Some(&b']') {
            return Some((Vec::new(), true));
        }
        let (found, is_whole) = read(rest);
        if !found.is_empty() {
            return Some((found, is_whole));
        }
    }
    None
}

fn read<T: DeserializeOwned>(mut rest: &[u8]) -> (Vec<T>, bool) {
    let mut found = Vec::new();
    loop {
        let mut next = serde_json::Deserializer::from_slice(rest).into_iter::<T>();
        let Some(Ok(element)) = next.next() else {
            return (found, false);
        };
        found.push(element);
        let behind = rest[next.byte_offset()..].trim_ascii_start();
        match behind.split_first() {
            Some((b',', more)) => rest = more,
            Some((b']', _)) => return (found, true),
            _ => return (found, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::code::LINT_RULE;

    #[test]
    fn the_telling_line_is_found_behind_banners() {
        for (text, line) in [
            (
                "\nOops! Something went wrong! :(\n\nESLint: 9.1.0\n\nError: no config\n    at x",
                Some("no config"),
            ),
            (
                "lint ━━━━━\n\n  × Some errors were emitted.\n",
                Some("Some errors were emitted."),
            ),
            ("\u{1b}[31merror\u{1b}[39m: bad\u{7}\n", Some("bad")),
            (
                "usage: mypy [-h]\nmypy: error: Missing target",
                Some("mypy: error: Missing target"),
            ),
            (
                "ruff failed\n  Cause: Failed to parse /x/ruff.toml\n  Cause: TOML parse error at line 1, column 5\n  |\n1 | a b\n",
                Some(
                    "ruff failed: Failed to parse /x/ruff.toml: TOML parse error at line 1, column 5",
                ),
            ),
            (
                "Error: Key \"rules\": Key \"no-x\":\n\tExpected severity of \"off\".\n\nYou passed \"no\".",
                Some("Key \"rules\": Key \"no-x\": Expected severity of \"off\"."),
            ),
            ("---\n \n", None),
        ] {
            assert_eq!(telling(text).as_deref(), line, "{text}");
        }
        assert!(short(&"é".repeat(5000)).chars().count() <= LONGEST + 1);
    }

    #[test]
    fn lists_are_read_behind_chatter_and_as_far_as_they_go() {
        let all = |text: &str| elements::<u32>(text.as_bytes(), None);
        assert_eq!(all("[1, 2]"), Some((vec![1, 2], true)));
        assert_eq!(all("hello [x]\n[1,\n2"), Some((vec![1, 2], false)));
        assert_eq!(all("[1, 2,"), Some((vec![1, 2], false)));
        assert_eq!(all(" []"), Some((vec![], true)));
        assert_eq!(all("nothing"), None);
        assert_eq!(all("["), None);
        let named = elements::<u32>(br#"{"a": [7], "b": [1]}"#, Some("\"b\":"));
        assert_eq!(named, Some((vec![1], true)));
    }

    #[test]
    fn an_error_is_kept_behind_thousands_of_warnings() {
        let mut faults = Faults::new(LINT_RULE);
        for _ in 0..5000 {
            faults.push(Fault {
                severity: Severity::Warning,
                ..fault(LINT_RULE, None, "w")
            });
        }
        faults.push(fault(LINT_RULE, None, "e"));
        assert!(faults.has_error());
        let Heard::Judged { faults, .. } = faults.heard(None) else {
            panic!("it judged");
        };
        assert_eq!(faults.len(), MOST + 2);
        assert_eq!(faults[MOST].message, "e");
        assert_eq!(
            faults[MOST + 1].message,
            "3000 more findings are not listed"
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}", bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            telling(&text);
            plain(&text);
            elements::<serde_json::Value>(&bytes, None);
        }
    }
}
