//! What must differ between environments: the files of one folder, held against one another.

use std::ops::Range;

use super::place::Lines;
use super::{CHECK, Subject};
use crate::dotenv::{self, Dialect, Entry};
use crate::finding::{Finding, Place, code};
use crate::path::RepoPath;
use crate::schema::{self, Read};
use crate::secret::Secret;

/// A file that is for one environment.
pub(crate) struct Side<'a> {
    pub(crate) path: &'a RepoPath,
    pub(crate) bytes: &'a [u8],
    pub(crate) reader: Dialect,
    pub(crate) environment: String,
}

/// What is the same in two of these files, and must not be.
pub(crate) fn between(schema: &Read, sides: &[Side<'_>]) -> Vec<Finding> {
    if sides.len() < 2 || !schema.schema.has_differences() {
        return Vec::new();
    }
    let files: Vec<dotenv::File> = sides
        .iter()
        .map(|side| dotenv::parse(side.bytes, side.reader))
        .collect();
    let entries: Vec<Vec<&Entry>> = files
        .iter()
        .map(|file| file.effective().collect())
        .collect();
    let given: Vec<schema::Side<'_>> = sides
        .iter()
        .zip(&entries)
        .map(|(side, entries)| schema::Side {
            environment: &side.environment,
            values: entries
                .iter()
                .map(|entry| {
                    let value = entry.value.as_ref().map_or("", Secret::reveal);
                    (entry.key.as_str(), value)
                })
                .collect(),
        })
        .collect();
    let broken = schema::judge_between(&schema.schema, &given).into_iter();
    broken
        .map(|(side, broken)| {
            let entry = broken.entry.and_then(|number| entries[side].get(number));
            let span = entry.map(|entry| Subject::at_value(entry));
            let message = format!("`{}` {}", broken.key, broken.what);
            let mut help = broken.help;
            if let Some(rule) = broken.rule {
                let line = schema.source.position(rule.range().start).line;
                help = format!("{help} ({}:{line})", schema.source.name());
            }
            told(&sides[side], span, message, help)
        })
        .collect()
}

fn told(side: &Side<'_>, span: Option<Range<usize>>, message: String, help: String) -> Finding {
    let mut finding = Finding::new(CHECK, code::ENV_RULE, message, help);
    let lines = Lines::of(side.bytes);
    finding.place = Some(Place {
        path: side.path.clone(),
        span: span.map(|span| lines.span(&span)),
    });
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_two_environments_share_is_told_in_the_second() {
        let text = "variables:\n  KEY: { secret: true, differs_between: [staging, production] }\n  \
                    OTHER: {}\nenvironments: { staging: {}, production: {} }\n";
        let schema = schema::read("schemas/env.yaml", text.as_bytes()).expect("it is right");
        let paths = [".env.staging".into(), ".env.production".into()];
        let side = |at: usize, bytes: &'static str| Side {
            path: &paths[at],
            bytes: bytes.as_bytes(),
            reader: Dialect::Node,
            environment: ["staging", "production"][at].to_owned(),
        };
        let same = [
            side(0, "KEY=abcdef\nOTHER=1\n"),
            side(1, "OTHER=1\nKEY=abcdef\n"),
        ];
        let found = between(&schema, &same);
        let [finding] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!(finding.message, "`KEY` is the same as in staging");
        let place = finding.place.as_ref().expect("it has one");
        assert_eq!(place.path, paths[1]);
        let (start, _) = place.span.expect("it has one");
        assert_eq!((start.line, start.column), (2, 5));
        let other = [side(0, "KEY=abcdef\n"), side(1, "KEY=ghijkl\n")];
        assert_eq!(between(&schema, &other), []);
        assert_eq!(between(&schema, &same[..1]), []);
    }
}
