//! What a change newly lets pass: it is told once, so that nobody loosens the gate in passing.

use crate::change::Change;
use crate::finding::code::GATE_LOOSENED;
use crate::finding::{Finding, Place, Position};
use crate::path::RepoPath;
use crate::repository::Repository;
use crate::secrets::CHECK;
use crate::secrets::inspect::Pardoned;
use crate::secrets::pardon::{
    Baseline, Detected, Ignored, Loosened, Pardon, loosened_baseline, loosened_comments,
    loosened_detected, loosened_ignored,
};

/// As many are told of one file.
const MOST: usize = 20;

/// What these changes let pass that was told before them.
pub(super) fn loosened(
    repository: &Repository,
    changed: &[Change],
    pardoned: &[Pardoned],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for change in changed {
        let name = change.path.to_text();
        let known = [Baseline::NAME, Ignored::NAME, Detected::NAME];
        let is_beside = || {
            pardoned.iter().any(|pardoned| {
                let is_comment =
                    matches!(pardoned.pardon, Pardon::Comment { .. } | Pardon::Pragma(_));
                is_comment && pardoned.found.piece.path == change.path
            })
        };
        let is_file = known.contains(&&*name);
        if !is_file && !is_beside() {
            continue;
        }
        let read = |blob: Option<crate::repository::Blob>| {
            blob.and_then(|blob| repository.read(&blob.id).ok().flatten())
        };
        let Some(judged) = read(change.new) else {
            continue;
        };
        let base = read(change.old);
        let told = news(&name, base.as_deref(), &judged);
        findings.extend(
            told.into_iter()
                .take(MOST)
                .map(|news| finding(&change.path, &news)),
        );
    }
    findings
}

/// What a file lets pass that it did not before. One that cannot be read is a fault elsewhere.
fn news(name: &str, base: Option<&[u8]>, judged: &[u8]) -> Vec<Loosened> {
    let told = match name {
        Baseline::NAME => Baseline::parse(name, judged)
            .ok()
            .map(|judged| loosened_baseline(base, &judged)),
        Ignored::NAME => Ignored::parse(name, judged)
            .ok()
            .map(|judged| loosened_ignored(name, base, &judged)),
        Detected::NAME => Detected::parse(name, judged)
            .ok()
            .map(|judged| loosened_detected(base, &judged)),
        _ => Some(loosened_comments(base, judged)),
    };
    told.unwrap_or_default()
}

fn finding(path: &RepoPath, news: &Loosened) -> Finding {
    let line = news.line.and_then(|line| u32::try_from(line).ok());
    let at = |line| Position { line, column: 1 };
    Finding {
        place: Some(Place {
            path: path.clone(),
            span: line.map(|line| (at(line), at(line.saturating_add(1)))),
        }),
        ..Finding::new(
            CHECK,
            GATE_LOOSENED,
            format!("this change newly allows {}", news.what),
            "look whether it is meant; `guard explain GATE-LOOSENED` says why it is told",
        )
    }
}
