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

#[cfg(test)]
mod asking;
mod assembled;
mod between;
mod carry;
mod choice;
mod example;
pub(crate) mod first;
mod keys;
pub(crate) mod layers;
mod node_env;
mod place;
mod placeholder;
mod portable;
pub(crate) mod process;
mod public;
mod readers;
mod rewriting;
mod setup;
mod subject;
#[cfg(test)]
mod tests;
mod used;
mod values;
mod written;

use std::collections::HashSet;

use crate::dotenv::name::{self, Role};
use crate::finding::code::{Code, ENV_LIVE_KEY, ENV_PLACEHOLDER, ENV_TEST_KEY};
use crate::finding::{Finding, Position};
use crate::path::RepoPath;
use crate::project::split;
use crate::schema::Breach;
pub(crate) use assembled::{Layer, missing, see};
pub(crate) use between::{Side, between};
pub(crate) use carry::{Carried, Note, carry};
pub(crate) use choice::Choice;
pub(crate) use public::unseen;
pub(crate) use readers::{is_manifest, readers};
pub(crate) use rewriting::{Rewritten, rewritten};
pub(crate) use setup::{Origin, Setup, Wanted};
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
const JUDGES: &[Judge] = &[
    example::judge,
    keys::judge,
    node_env::judge,
    placeholder::judge,
    portable::judge,
    public::judge,
    values::judge,
    written::judge,
];

/// Everything that is wrong with a file, in its order.
pub(crate) fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    // What serves tests only may be as wrong as the tests want it.
    if subject.role() == Role::Fixture && !subject.asked().is_named {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = JUDGES.iter().flat_map(|judge| judge(subject)).collect();
    once(&mut findings);
    findings.sort_by_key(|finding| {
        let span = finding.place.as_ref().and_then(|place| place.span);
        span.map(|(start, _)| start)
    });
    findings
}

/// What is told about a value only where the schema has nothing to say against it.
const SECOND: [Code; 3] = [ENV_LIVE_KEY, ENV_PLACEHOLDER, ENV_TEST_KEY];

/// Leaves one finding a value: what the schema says comes first.
fn once(findings: &mut Vec<Finding>) {
    let is_rule = |finding: &&Finding| {
        let mut kinds = Breach::ALL.iter();
        kinds.any(|kind| kind.code() == finding.code.id)
    };
    let by_rule = findings.iter().filter(is_rule);
    let taken: HashSet<(Position, Position)> = by_rule
        .filter_map(|finding| finding.place.as_ref()?.span)
        .collect();
    findings.retain(|finding| {
        let span = finding.place.as_ref().and_then(|place| place.span);
        !SECOND.contains(&finding.code) || span.is_none_or(|span| !taken.contains(&span))
    });
}
