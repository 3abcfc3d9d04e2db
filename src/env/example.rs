//! Examples of env files that have fallen behind the schema.

use std::collections::HashSet;

use super::Subject;
use crate::dotenv::name::Role;
use crate::dotenv::{Edit, PieceKind};
use crate::finding::{Finding, Fix, code};
use crate::schema;
use crate::secret::Secret;

/// So many names a message lists.
const LISTED: usize = 12;

/// One finding for all names that an example lacks.
pub(super) fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    let missing = missing(subject);
    if missing.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = missing
        .iter()
        .take(LISTED)
        .map(|entry| format!("`{}`", entry.name))
        .collect();
    let more = match missing.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "the example lacks {}{more}, of which the schema speaks",
        names.join(", ")
    );
    let help = "add them: `guard env example` writes the lines";
    let mut finding = subject.in_file(code::ENV_EXAMPLE, message, help);
    finding.fix = Fix::Safe;
    vec![finding]
}

/// What mends the finding of [`judge`]: the lines that the schema would write, behind all others.
pub(super) fn edit(subject: &Subject<'_>) -> Option<Edit> {
    let missing = missing(subject);
    if missing.is_empty() {
        return None;
    }
    let bytes = subject.asked().bytes;
    let has_returns = memchr::memmem::find(bytes, b"\r\n").is_some();
    let mut text = String::new();
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        text.push('\n');
    }
    for entry in &missing {
        text.push('\n');
        text.push_str(&entry.lines);
        text.push('\n');
    }
    if has_returns {
        text = text.replace('\n', "\r\n");
    }
    Some(Edit {
        span: bytes.len()..bytes.len(),
        text: Secret::new(text),
    })
}

/// A variable as the schema would write it into an example.
struct Lines {
    name: String,
    lines: String,
}

/// What the schema would write, and the file lacks, even as a comment.
fn missing(subject: &Subject<'_>) -> Vec<Lines> {
    // The example of a package shows what that package needs: the schema is about all of them.
    let is_of_schema = subject.role() == Role::Example && subject.asked().needs.is_none();
    if !is_of_schema || !subject.has_schema() || subject.file().refused().is_some() {
        return Vec::new();
    }
    let shown = shown(subject);
    let effective = subject.effective();
    let written = schema::example(effective);
    let blocks = written.split("\n\n").filter_map(|block| {
        let block = block.trim_matches('\n');
        let last = block.lines().last()?;
        let name = name(last.strip_prefix("# ").unwrap_or(last))?;
        let variable = effective.get(name);
        let is_wanted = variable.is_none_or(|variable| {
            let is_old = variable
                .deprecated
                .as_ref()
                .is_some_and(|said| said.value.is_some());
            !is_old && !variable.is_provided()
        });
        (is_wanted && !shown.contains(name)).then(|| Lines {
            name: name.to_owned(),
            lines: block.to_owned(),
        })
    });
    blocks.collect()
}

/// Every name that a file shows, those in comments included.
pub(crate) fn shown(subject: &Subject<'_>) -> HashSet<String> {
    let file = subject.file();
    let mut names: HashSet<String> = file
        .entries()
        .iter()
        .map(|entry| entry.key.clone())
        .collect();
    let comments = file
        .pieces()
        .iter()
        .filter(|piece| piece.kind == PieceKind::Comment);
    for piece in comments {
        let line = String::from_utf8_lossy(&subject.asked().bytes[piece.span.clone()]);
        let line = line.trim().trim_start_matches('#').trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line);
        names.extend(name(line).map(str::to_owned));
    }
    names
}

/// The name that a line sets.
fn name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once('=')?;
    let name = name.trim_end();
    let is_name = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_name && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::tests::{Case, told};

    const SCHEMA: &str = "\
variables:
  PORT: { type: port, description: Where it listens }
  KEY: { secret: true, required: true, prefix: sk- }
  OLD: { deprecated: use KEY }
  HOST_BY: { provided_by: railway }
environments: { production: { variables: { EXTRA: { type: int, min: 5 } } } }
";

    #[test]
    fn an_example_shows_every_variable_of_the_schema() {
        let case = Case::of(".env.example").schema(SCHEMA);
        for (text, expected) in [
            ("PORT=3000\nKEY=\nEXTRA=\n", ""),
            ("PORT=3000\n# KEY=\n#EXTRA=\n", ""),
            ("PORT=3000\n", "0:0 warning ENV-EXAMPLE"),
            (
                "PORT=3000\nKEY=\nEXTRA=\nOLD=\n",
                "4:1 warning ENV-DEPRECATED",
            ),
            ("PORT=3000\nKEY=\nEXTRA=\nNEW=\n", "4:1 warning ENV-UNKNOWN"),
            ("PORT=x\nKEY=\nEXTRA=\n", "1:6 warning ENV-TYPE"),
            ("PORT=3000\nKEY=your-key\nEXTRA=\n", ""),
            ("PORT=3000\nKEY=real\nEXTRA=\n", "2:5 warning ENV-SHAPE"),
        ] {
            assert_eq!(told(&case, text, ""), expected, "{text}");
        }
        let real = Case::of(".env").schema(SCHEMA);
        assert_eq!(told(&real, "PORT=1\n", "ENV-EXAMPLE"), "");
        let none = Case::of(".env.example");
        assert_eq!(told(&none, "PORT=1\n", ""), "", "there is no schema");
    }

    #[test]
    fn the_missing_lines_are_added_behind_the_others_and_nothing_is_missing_then() {
        for text in ["", "PORT=3000", "# head\r\nPORT=3000\r\n", "A='x\ny'\n"] {
            let case = Case::of(".env.example").schema(SCHEMA);
            let mended = case.with(text, |subject| {
                let edit = edit(subject).expect("something is missing");
                assert_eq!(edit.span, text.len()..text.len());
                format!("{text}{}", edit.text.reveal())
            });
            assert_eq!(told(&case, &mended, "ENV-EXAMPLE"), "", "{mended}");
            let written = case.with(text, |subject| {
                crate::env::rewritten(subject.asked(), Fix::Safe)
            });
            let written = written.expect("something is mended");
            assert_eq!(
                told(
                    &case,
                    &String::from_utf8(written.bytes).unwrap(),
                    "ENV-EXAMPLE"
                ),
                ""
            );
            assert!(written.codes.contains(&code::ENV_EXAMPLE));
            assert!(
                mended.contains("KEY=") && !mended.contains("OLD="),
                "{mended}"
            );
            assert!(case.with(&mended, |subject| edit(subject).is_none()));
        }
    }
}
