//! Env files as they are judged: what is wrong with each of them, and what to do about it.
//!
//! ```text
//! path ── dotenv::name ──> what kind of file it is, and for which environment ── choice ──> Subject
//! bytes ── dotenv::parse ──> entries ──────────────────────────────────────────────────────────┘ │
//! schemas/env.yaml ── schema ──> what holds there ─────────────────────────────────────────────┘ │
//!                                                            JUDGES, one file each ──> findings <─┘
//! ```
//!
//! It looks at nothing by itself: whoever asks hands in bytes. No value comes into a message.

mod choice;
mod place;
mod readers;
mod subject;
mod used;
mod values;

use crate::dotenv::name::{self, Role};
use crate::finding::Finding;
use crate::path::RepoPath;
use crate::project::split;
pub(crate) use choice::Choice;
pub(crate) use readers::{is_manifest, readers};
pub(crate) use subject::{Asked, Subject};
pub(crate) use used::{Line, Summary, Used};

/// The check's id.
pub(crate) const CHECK: &str = "env";

/// Files that are called like env files and hold something else than an application's variables: guard's own
/// settings, and the keys that dotenvx encrypts with.
const OTHERS: [&[u8]; 2] = [b".env.guard", b".env.keys"];

/// Whether a file is one that is judged.
pub(crate) fn is_judged(path: &RepoPath) -> bool {
    let name = split(path).1;
    name::role(path).is_some() && !OTHERS.contains(&name)
}

/// Somebody who looks at one file.
type Judge = fn(&Subject<'_>) -> Vec<Finding>;

/// Everybody who looks at a file: one line each.
const JUDGES: &[Judge] = &[values::judge];

/// Everything that is wrong with a file, in its order.
pub(crate) fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    // What serves tests only may be as wrong as the tests want it.
    if subject.role() == Role::Fixture && !subject.asked().is_named {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = JUDGES.iter().flat_map(|judge| judge(subject)).collect();
    findings.sort_by_key(|finding| {
        let span = finding.place.as_ref().and_then(|place| place.span);
        span.map(|(start, _)| start)
    });
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_applications_is_left_alone() {
        for (path, judged) in [
            (".env", true),
            ("apps/web/.env.example", true),
            (".env.guard", false),
            ("apps/web/.env.keys", false),
            ("src/env.rs", false),
        ] {
            assert_eq!(is_judged(&path.into()), judged, "{path}");
        }
    }
}
