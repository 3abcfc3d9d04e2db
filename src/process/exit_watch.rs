//! Tells that a process has ended without collecting it, so that its id and its group stay taken
//! until everything that belongs to it is gone.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::thread;

use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

/// Readable (or hung up) once the process has ended.
pub(super) struct ExitWatch(OwnedFd);

impl ExitWatch {
    /// Watches a child of this process.
    pub(super) fn on(pid: Pid) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Ok(handle) = rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()) {
            return Ok(Self(handle));
        }
        Self::by_thread(pid)
    }

    /// Where there is no handle of a process to poll: a thread that waits and then hangs up.
    fn by_thread(pid: Pid) -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        thread::Builder::new()
            .name("exit watch".to_owned())
            .spawn(move || {
                let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
                while matches!(waitid(WaitId::Pid(pid), options), Err(Errno::INTR)) {}
                drop(writer);
            })?;
        Ok(Self(reader.into()))
    }
}

impl AsFd for ExitWatch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::*;

    fn is_over(watch: &ExitWatch, seconds: i64) -> bool {
        let mut fds = [PollFd::new(watch, PollFlags::IN)];
        let patience = Timespec {
            tv_sec: seconds,
            tv_nsec: 0,
        };
        poll(&mut fds, Some(&patience)).unwrap() > 0
    }

    #[test]
    fn both_ways_tell_the_end_and_leave_the_status_to_the_owner() {
        for watch_on in [ExitWatch::on, ExitWatch::by_thread] {
            let mut child = Command::new("sh")
                .args(["-c", "read line; exit 7"])
                .stdin(std::process::Stdio::piped())
                .spawn()
                .unwrap();
            let watch = watch_on(Pid::from_child(&child)).unwrap();
            assert!(!is_over(&watch, 0));
            drop(child.stdin.take());
            assert!(is_over(&watch, 10));
            assert_eq!(child.wait().unwrap().code(), Some(7));
        }
    }
}
