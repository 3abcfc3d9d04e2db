//! Which edits may be made without asking: only those after which every reader gets what it got before.

use super::{Dialect, Edit, Lint, LintKind, parse};
use crate::dotenv::File;
use crate::secret::Secret;

/// Takes back the edits that change what some reader gets. First all are tried together, then each kind alone.
pub(super) fn keep(bytes: &[u8], lints: &mut [Lint]) {
    if lints.iter().all(|lint| lint.edits.is_empty()) {
        return;
    }
    let before = Dialect::ALL.map(|dialect| parse(bytes, dialect));
    let is_safe = |lints: &[Lint], only: Option<LintKind>| {
        let wanted = |lint: &&Lint| only.is_none_or(|kind| kind == lint.kind);
        let edits = lints.iter().filter(wanted).flat_map(|lint| &lint.edits);
        let after = apply(bytes, edits);
        before
            .iter()
            .all(|before| is_same(before, &parse(&after, before.dialect())))
    };
    if is_safe(lints, None) {
        return;
    }
    let mut kinds: Vec<LintKind> = Vec::new();
    for lint in lints.iter().filter(|lint| !lint.edits.is_empty()) {
        if !kinds.contains(&lint.kind) {
            kinds.push(lint.kind);
        }
    }
    kinds.retain(|kind| !is_safe(lints, Some(*kind)));
    take_back(lints, |kind| kinds.contains(&kind));
    if !is_safe(lints, None) {
        take_back(lints, |_| true);
    }
}

fn take_back(lints: &mut [Lint], is_taken: impl Fn(LintKind) -> bool) {
    for lint in lints.iter_mut().filter(|lint| is_taken(lint.kind)) {
        lint.edits.clear();
    }
}

/// The text with edits made; they do not overlap, and where they do the later one is left out.
pub(crate) fn apply<'e>(bytes: &[u8], edits: impl Iterator<Item = &'e Edit>) -> Vec<u8> {
    let mut edits: Vec<&Edit> = edits.collect();
    edits.sort_by_key(|edit| edit.span.start);
    let mut text = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for edit in edits {
        if edit.span.start < done {
            continue;
        }
        text.extend_from_slice(&bytes[done..edit.span.start]);
        text.extend_from_slice(edit.text.reveal().as_bytes());
        done = edit.span.end;
    }
    text.extend_from_slice(&bytes[done..]);
    text
}

fn is_same(before: &File, after: &File) -> bool {
    let refused = before.refused().map(|problem| problem.kind);
    let read = |file: &'_ File| -> Vec<(String, Option<Secret>)> {
        let read = file.effective();
        read.map(|entry| (entry.key.clone(), entry.value.clone()))
            .collect()
    };
    refused == after.refused().map(|problem| problem.kind) && read(before) == read(after)
}
