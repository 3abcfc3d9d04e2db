//! The watch that needs no system: files tell by their own times whether they were written since a moment.
//!
//! It tells too much rather than too little: a mode that was set counts as content.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Written;
use crate::clock::Timestamp;
use crate::path::RepoPath;

/// File systems stamp with a clock that moves in ticks, and so is late by up to one.
const TICK: Duration = Duration::from_millis(20);

/// File systems without fractions of a second may know every other second only.
const COARSE: Duration = Duration::from_secs(2);

/// Those of the files that may have been written, moved or removed since.
pub(super) fn written_since(root: &Path, at: Timestamp, files: Vec<RepoPath>) -> Written {
    let at = UNIX_EPOCH + Duration::from_millis(at.0);
    let is_young = |path: &RepoPath| match root.join(path.to_os()).symlink_metadata() {
        Ok(about) => is_since(&about, at),
        // When it went, the folder was written.
        Err(_) => folder(root, path).is_none_or(|about| is_since(&about, at)),
    };
    Written {
        contents: files.into_iter().filter(is_young).collect(),
        ..Written::default()
    }
}

/// The nearest folder above a path that is there.
fn folder(root: &Path, path: &RepoPath) -> Option<Metadata> {
    let path = path.to_os();
    let above = path.ancestors().skip(1);
    let mut found = above.map(|folder| root.join(folder).symlink_metadata());
    found.find_map(Result::ok)
}

fn is_since(about: &Metadata, at: SystemTime) -> bool {
    let times = [about.modified().ok(), changed(about)];
    times.into_iter().flatten().any(|time| is_at(time, at))
}

/// Whether a stamp may have been set at that moment or later.
fn is_at(stamp: SystemTime, at: SystemTime) -> bool {
    let since = stamp.duration_since(UNIX_EPOCH).unwrap_or_default();
    let late = if since.subsec_nanos() == 0 {
        COARSE
    } else {
        TICK
    };
    at.checked_sub(late).is_none_or(|at| stamp >= at)
}

/// When anything about the file last changed: nobody can set this time.
#[cfg(unix)]
fn changed(about: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt;
    let seconds = Duration::from_secs(u64::try_from(about.ctime()).ok()?);
    let rest = Duration::from_nanos(u64::try_from(about.ctime_nsec()).ok()?);
    UNIX_EPOCH.checked_add(seconds)?.checked_add(rest)
}

#[cfg(not(unix))]
fn changed(about: &Metadata) -> Option<SystemTime> {
    about.created().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_believed_as_far_as_its_clock_goes() {
        let moment = |millis| UNIX_EPOCH + Duration::from_millis(millis);
        for (stamp, at, counts) in [
            (10_500, 10_500, true),
            (10_499, 10_500, true),
            (10_480, 10_500, true),
            (10_479, 10_500, false),
            (10_000, 10_500, true),
            (10_000, 12_000, true),
            (10_000, 12_001, false),
            (0, 1, true),
        ] {
            assert_eq!(is_at(moment(stamp), moment(at)), counts, "{stamp} {at}");
        }
    }
}
