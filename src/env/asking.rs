//! What the tests of all who look at a file share.

use std::collections::HashSet;

use super::{Asked, Subject};
use crate::dotenv::Dialect;
use crate::finding::{Finding, Fix};
use crate::path::RepoPath;
use crate::schema::{self, Read};

/// A file that nobody named and no schema knows.
pub(super) fn asked<'a>(
    (path, readers, bytes): (&'a RepoPath, &'a [Dialect], &'a [u8]),
    schema: &'a Read,
    beside: &'a HashSet<String>,
) -> Asked<'a> {
    Asked {
        path,
        bytes,
        readers,
        schema,
        environment: None,
        is_committed: false,
        is_named: false,
        beside,
        needs: None,
    }
}

/// What is said of a file: place, severity, code, message, and whether it can be mended.
pub(super) fn told(
    path: &str,
    readers: &[Dialect],
    bytes: &[u8],
    judge: impl Fn(&Subject<'_>) -> Vec<Finding>,
) -> Vec<String> {
    let (path, schema, beside) = (path.into(), schema::none(), HashSet::new());
    let asked = asked((&path, readers, bytes), &schema, &beside);
    let mut found = judge(&Subject::of(&asked));
    found.sort_by_key(|found| found.place.as_ref().and_then(|place| place.span));
    found.iter().map(line).collect()
}

fn line(found: &Finding) -> String {
    let span = found.place.as_ref().and_then(|place| place.span);
    let place = span.map_or("-".to_owned(), |(start, end)| {
        format!(
            "{}:{}-{}:{}",
            start.line, start.column, end.line, end.column
        )
    });
    let fix = match found.fix {
        Fix::None => "",
        Fix::Safe => " (safe)",
        Fix::Unsafe => " (unsafe)",
    };
    let severity = found.severity.word();
    format!(
        "{place} {severity} {} {}{fix}",
        found.code.id, found.message
    )
}
