//! Notices that a job waits for the terminal for ever.
//!
//! A job is a background group of its session: the system stops the whole group, its leader with
//! it, as soon as one of them reads the terminal or changes its settings, and nobody would ever
//! continue it.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};

/// How long passes between two looks. A job that is shorter is never looked at.
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// Looks at a job's leader now and then.
pub(super) struct Stops {
    leader: Pid,
    next_look: Instant,
    /// Whether the last look found it stopped.
    seen: bool,
}

impl Stops {
    /// Of a child of this process that was not collected yet.
    pub(super) fn of(leader: Pid) -> Self {
        Self {
            leader,
            next_look: Instant::now() + BETWEEN_LOOKS,
            seen: false,
        }
    }

    /// When to ask again.
    pub(super) fn next_look(&self) -> Instant {
        self.next_look
    }

    /// Whether the terminal stopped it, at this look and at the one before: a single one may
    /// come just before somebody continues it.
    pub(super) fn lasts(&mut self) -> bool {
        let now = Instant::now();
        if now < self.next_look {
            return false;
        }
        self.next_look = now + BETWEEN_LOOKS;
        let before = std::mem::replace(&mut self.seen, is_stopped(self.leader));
        before && self.seen
    }
}

/// Whether the terminal stopped the process. The answer stays for whoever asks next; one that was
/// stopped on purpose does not count.
fn is_stopped(pid: Pid) -> bool {
    let options = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let Ok(Some(status)) = waitid(WaitId::Pid(pid), options) else {
        return false;
    };
    let by = status.stopping_signal();
    [Signal::TTIN, Signal::TTOU]
        .iter()
        .any(|signal| by == Some(signal.as_raw()))
}
