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

mod carry;
mod choice;
pub(crate) mod first;
mod place;
mod readers;
mod subject;
mod values;

use crate::dotenv::name::Role;
use crate::finding::Finding;
pub(crate) use carry::{Carried, Note, carry};
pub(crate) use choice::Choice;
pub(crate) use readers::{is_manifest, readers};
pub(crate) use subject::{Asked, Subject};

/// The check's id.
pub(crate) const CHECK: &str = "env";

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
