//! What there is to say about fixes, as findings.

use crate::finding::{Finding, Place, Position, code};
use crate::mend::Rescued;
use crate::path::RepoPath;

pub(super) fn applied(id: &str, path: RepoPath) -> Finding {
    Finding::new(
        id,
        code::FIX_APPLIED,
        format!("`{id}` fixed `{path}`"),
        "the fix is staged and in the work tree: `git diff --cached` shows it",
    )
    .in_file(path)
}

/// A file that was not there before.
pub(super) fn made(id: &str, path: RepoPath) -> Finding {
    Finding::new(
        id,
        code::FIX_APPLIED,
        format!("`{id}` made `{path}`"),
        format!("it is in the work tree and not staged: `git add {path}`"),
    )
    .in_file(path)
}

/// A fixer that ended with an exit code: part of what it is about is not mended.
pub(super) fn left(step: &str, id: &str, reason: &str) -> Finding {
    Finding::new(
        step,
        code::FIX_LEFT,
        format!("the fix of `{id}` did not mend everything: {reason}"),
        "what it mended is staged; its output says what is left",
    )
}

pub(super) fn left_alone(path: &RepoPath, id: &str, is_in_change: bool) -> Finding {
    let why = if is_in_change {
        "only the content of files is written back"
    } else {
        "it is no part of the change"
    };
    let message = format!("the fix of `{id}` also changed `{path}`: left as it was");
    Finding::new(
        id,
        code::FIX_ASIDE,
        message,
        format!("{why}; fix it by hand"),
    )
    .in_file(path.clone())
}

/// Somebody saved while the fix was written: that save stays.
pub(super) fn saved_over(id: &str, path: &RepoPath) -> Finding {
    Finding::new(
        id,
        code::FIX_SAVED,
        format!("`{path}` was saved during the fix: the save stays, the fix is staged only"),
        "look at `git diff`, then save and stage the file again",
    )
    .in_file(path.clone())
}

/// A save that fitted nowhere: it is kept.
pub(super) fn rescued(id: &str, saved: &Rescued) -> Finding {
    let (path, file) = (&saved.path, saved.file.display());
    Finding::new(
        id,
        code::FIX_SAVED,
        format!("`{path}` was saved during the fix, and what was saved is kept in {file}"),
        "compare the two files, then stage what is meant",
    )
    .in_file(path.clone())
}

pub(super) fn would_be_empty(id: &str) -> Finding {
    Finding::new(
        id,
        code::FIX_EMPTY,
        "after the fix nothing would be left to commit",
        "nothing was written; `empty_fix: allow` in guard.yaml lets the commit become empty",
    )
}

pub(super) fn collides(id: &str, path: &RepoPath, line: Option<u32>) -> Finding {
    let at = |line| Position { line, column: 1 };
    let mut finding = Finding::new(
        id,
        code::FIX_COLLIDES,
        format!("the fix of `{id}` meets lines of `{path}` that are not staged"),
        format!(
            "nothing was written; stage or set aside what is not staged in `{path}`, then try again"
        ),
    );
    finding.place = Some(Place {
        path: path.clone(),
        span: line.map(|line| (at(line), at(line + 1))),
    });
    finding
}
