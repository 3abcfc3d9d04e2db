//! Everything that a job's process started, also what left its group or lost its parent.
//!
//! A process belongs to a job when it is in the job's group, carries the job's tag in its
//! environment, or descends from one that does. On Linux guard adopts orphans, so that a process
//! that detached itself is still found, and can be collected. Elsewhere only the group is known.
//! Out of reach: one that emptied its environment, left the group and lost its parent.

#[cfg(target_os = "linux")]
mod linux;

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// The processes of one job.
pub(super) struct Tree {
    leader: Pid,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "the tag is found in /proc")
    )]
    tag: String,
    /// Those that were seen, without the leader.
    members: Vec<Member>,
}

/// A process that a job started, other than the one that guard started for it.
struct Member {
    pid: Pid,
    /// When it began, in the system's ticks: with the id it names a process for good.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "read from /proc")
    )]
    began: u64,
    in_group: bool,
    alive: bool,
    /// Readable once it has ended, where the system has such handles and files to spare.
    handle: Option<OwnedFd>,
}

impl Tree {
    /// Makes guard the parent of its jobs' orphans. Once, before the first job.
    pub(super) fn adopt_orphans() {
        #[cfg(target_os = "linux")]
        linux::adopt_orphans();
    }

    pub(super) fn new(leader: Pid, tag: &str) -> Self {
        Self {
            leader,
            tag: tag.to_owned(),
            members: Vec::new(),
        }
    }

    /// Sends a signal to the group and to those that left it. Only while the leader was not
    /// collected: until then the group's id is nobody else's.
    pub(super) fn signal(&mut self, signal: Signal) {
        // First, while descent still shows: the children of the dead are guard's.
        self.look();
        let _ = kill_process_group(self.leader, signal);
        // One that is stopped hears nothing else.
        let _ = kill_process_group(self.leader, Signal::CONT);
        for member in self.members.iter().filter(|m| m.alive && !m.in_group) {
            member.signal(signal);
            member.signal(Signal::CONT);
        }
    }

    /// Sees who is there now.
    pub(super) fn look(&mut self) {
        #[cfg(target_os = "linux")]
        linux::look(self);
    }

    /// Whether a member other than the leader was alive at the last look.
    pub(super) fn is_alive(&self) -> bool {
        self.members.iter().any(|member| member.alive)
    }

    /// One handle for each living member that has one.
    pub(super) fn handles(&self) -> Vec<BorrowedFd<'_>> {
        let living = self.members.iter().filter(|member| member.alive);
        living
            .filter_map(|member| Some(member.handle.as_ref()?.as_fd()))
            .collect()
    }

    /// Collects the dead that were left to guard. Only after the leader was collected.
    pub(super) fn collect(&self) {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
        for member in &self.members {
            let _ = waitid(member.id(), options);
        }
        // Orphans of the group that ended before anybody looked.
        while let Ok(Some(_)) = waitid(WaitId::Pgid(Some(self.leader)), options) {}
    }
}

impl Member {
    fn id(&self) -> WaitId<'_> {
        #[cfg(target_os = "linux")]
        if let Some(handle) = &self.handle {
            return WaitId::PidFd(handle.as_fd());
        }
        WaitId::Pid(self.pid)
    }

    fn signal(&self, signal: Signal) {
        #[cfg(target_os = "linux")]
        if let Some(handle) = &self.handle {
            let _ = rustix::process::pidfd_send_signal(handle, signal);
            return;
        }
        let _ = rustix::process::kill_process(self.pid, signal);
    }
}
