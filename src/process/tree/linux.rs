//! Looking through /proc for the processes of one job.

use std::collections::HashSet;
use std::fs;
use std::sync::Once;

use memchr::memmem;
use rustix::process::{Pid, PidfdFlags, getpid, pidfd_open, set_child_subreaper};

use super::{Member, Tree};

/// More handles than this are not opened: a job that multiplies must not take guard's files.
const MOST_HANDLES: usize = 64;

/// What /proc says about a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Process {
    pid: i32,
    parent: i32,
    group: i32,
    /// Ended, and not collected yet.
    dead: bool,
    began: u64,
}

pub(super) fn adopt_orphans() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without it (an old kernel, a strict sandbox) orphans are still known by their tag.
        let _ = set_child_subreaper(Some(getpid()));
    });
}

/// Brings the tree's members up to date.
pub(super) fn look(tree: &mut Tree) {
    let leader = tree.leader.as_raw_nonzero().get();
    let all = processes();
    for member in &mut tree.members {
        // Once a member, always a member: one that is dying has no environment any more.
        let now = all.iter().find(|now| member.is(now) && !now.dead);
        member.alive = now.is_some();
        // It may have left the group since.
        member.in_group = now.is_some_and(|now| now.group == leader);
    }
    for process in members(&all, leader, &|pid| has_tag(pid, &tree.tag)) {
        if !tree.members.iter().any(|member| member.is(&process)) {
            tree.members
                .extend(Member::of(process, leader, tree.members.len()));
        }
    }
}

impl Member {
    fn of(process: Process, leader: i32, already: usize) -> Option<Self> {
        let pid = Pid::from_raw(process.pid)?;
        let handle = (already < MOST_HANDLES)
            .then(|| pidfd_open(pid, PidfdFlags::empty()).ok())
            .flatten();
        // Between the look and the handle the id may have gone to somebody else.
        let same = read(process.pid).is_some_and(|now| now.began == process.began);
        same.then_some(Self {
            pid,
            began: process.began,
            in_group: process.group == leader,
            alive: true,
            handle,
        })
    }

    fn is(&self, process: &Process) -> bool {
        self.pid.as_raw_nonzero().get() == process.pid && self.began == process.began
    }
}

/// The living that belong to the leader's job, without the leader.
fn members(all: &[Process], leader: i32, has_tag: &dyn Fn(i32) -> bool) -> Vec<Process> {
    let own = getpid().as_raw_nonzero().get();
    let mut belongs: HashSet<i32> = HashSet::from([leader]);
    for process in all {
        if process.pid != own && (process.group == leader || has_tag(process.pid)) {
            belongs.insert(process.pid);
        }
    }
    // A child may stand before its parent: ids start again from below.
    loop {
        let before = belongs.len();
        for process in all {
            if process.pid != own && belongs.contains(&process.parent) {
                belongs.insert(process.pid);
            }
        }
        if belongs.len() == before {
            break;
        }
    }
    all.iter()
        .filter(|process| !process.dead && process.pid != leader && belongs.contains(&process.pid))
        .copied()
        .collect()
}

/// Every process there is.
fn processes() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| read(entry.file_name().to_str()?.parse().ok()?))
        .collect()
}

fn read(pid: i32) -> Option<Process> {
    parse(pid, &fs::read(format!("/proc/{pid}/stat")).ok()?)
}

/// `PID (NAME) STATE PARENT GROUP …`; the name may hold anything, brackets and spaces too.
fn parse(pid: i32, stat: &[u8]) -> Option<Process> {
    let behind = memchr::memrchr(b')', stat)? + 1;
    let text = std::str::from_utf8(&stat[behind..]).ok()?;
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    Some(Process {
        pid,
        parent: fields.get(1)?.parse().ok()?,
        group: fields.get(2)?.parse().ok()?,
        dead: matches!(*fields.first()?, "Z" | "X" | "x"),
        began: fields.get(19)?.parse().ok()?,
    })
}

/// Whether the process was started with the job's tag; other users' processes keep theirs secret.
fn has_tag(pid: i32, tag: &str) -> bool {
    fs::read(format!("/proc/{pid}/environ"))
        .is_ok_and(|environment| memmem::find(&environment, tag.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_forge_the_fields() {
        let stat = b"42 (a) Z 1 1 (b)) S 7 8 9 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 12345 99 0";
        assert_eq!(
            parse(42, stat),
            Some(Process {
                pid: 42,
                parent: 7,
                group: 8,
                dead: false,
                began: 12345
            })
        );
        assert_eq!(parse(1, b""), None);
        assert_eq!(parse(1, b"1 (x) S"), None);
    }

    #[test]
    fn group_tag_and_descent_each_suffice_and_neighbours_do_not() {
        let process = |pid, parent, group| Process {
            pid,
            parent,
            group,
            dead: false,
            began: 1,
        };
        let all = [
            process(100_000_003, 100_000_009, 100_000_003),
            process(100_000_001, 1, 100_000_001),
            process(100_000_002, 1, 100_000_001),
            process(100_000_009, 1, 100_000_009),
            process(100_000_010, 1, 100_000_010),
        ];
        let found = members(&all, 100_000_001, &|pid| pid == 100_000_009);
        let pids: Vec<i32> = found
            .iter()
            .map(|process| process.pid - 100_000_000)
            .collect();
        assert_eq!(pids, [3, 2, 9]);
    }

    #[test]
    fn guard_sees_itself() {
        let own = getpid().as_raw_nonzero().get();
        assert!(
            processes()
                .iter()
                .any(|process| process.pid == own && !process.dead)
        );
    }
}
