//! `clock`: this machine's time against Railway's, or against the newest commit's.

use std::time::Duration;

use super::World;
use crate::clock::{Clock, Timestamp};
use crate::health::{Line, State};

/// How far Railway's time may be away: tokens and approvals live for minutes.
const AWAY: Duration = Duration::from_mins(1);
/// How far a commit's time may be ahead: it was made on a machine with another clock.
const AHEAD: Duration = Duration::from_mins(5);
/// git answers in milliseconds.
const PATIENCE: Duration = Duration::from_secs(1);

/// Judged by Railway's time where it gave one.
pub(super) fn line(world: &World, railway: Option<Timestamp>) -> Line {
    let now = Clock::Real.now();
    if let Some(theirs) = railway {
        return against_railway(now, theirs);
    }
    match newest_commit(world) {
        Some(commit) => against_commit(now, commit),
        None => Line::skipped("clock", "nothing to compare it with"),
    }
}

fn against_railway(now: Timestamp, theirs: Timestamp) -> Line {
    let (apart, which) = if now > theirs {
        (now.since(theirs), "ahead of")
    } else {
        (theirs.since(now), "behind")
    };
    let seconds = apart.as_secs();
    if apart > AWAY {
        let why = format!("{seconds}s {which} Railway's: signatures and leases go by the time");
        return Line::new("clock", State::Warning, why);
    }
    Line::ok("clock", format!("within {}s of Railway's", AWAY.as_secs()))
}

fn against_commit(now: Timestamp, commit: Timestamp) -> Line {
    let ahead = commit.since(now);
    if ahead > AHEAD {
        let seconds = ahead.as_secs();
        let why = format!("{seconds}s behind the newest commit's time: one of the two is wrong");
        return Line::new("clock", State::Warning, why);
    }
    Line::ok(
        "clock",
        "not behind the newest commit (Railway was not asked)",
    )
}

fn newest_commit(world: &World) -> Option<Timestamp> {
    let git = world.repository.as_ref().ok()?.git().ok()?;
    let git = git.clone().within(PATIENCE);
    let answer = git.ask(&[
        "log",
        "-1",
        "--no-show-signature",
        "--format=%ct",
        "HEAD",
        "--",
    ]);
    let answer = answer.ok().filter(crate::process::git::Answer::good)?;
    let seconds: u64 = String::from_utf8_lossy(&answer.out).trim().parse().ok()?;
    Some(Timestamp(seconds.checked_mul(1000)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_away_is_told() {
        let at = |seconds: u64| Timestamp(seconds * 1000);
        let railway = |now, theirs| against_railway(at(now), at(theirs)).state;
        assert_eq!(railway(1000, 1000), State::Ok);
        assert_eq!(railway(1060, 1000), State::Ok);
        assert_eq!(railway(1061, 1000), State::Warning);
        assert_eq!(railway(1000, 1061), State::Warning);
        let commit = |now, theirs| against_commit(at(now), at(theirs)).state;
        assert_eq!(commit(9000, 1000), State::Ok);
        assert_eq!(commit(1000, 1300), State::Ok);
        assert_eq!(commit(1000, 1301), State::Warning);
    }
}
