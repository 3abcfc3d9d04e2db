//! A job's process from its start to the last byte that it and its children wrote.

mod stopped;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, PipeReader, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, Signal};

use super::exit_watch::ExitWatch;
use super::output::Output;
use super::signal::{Cancel, Wish};
use super::start::{self, StartError};
use super::tree::Tree;
use super::{End, Job};
use stopped::Stops;

/// How long the asked-for end may take before it is no longer asked for.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long the output is read on after the process itself has ended: what its last children
/// still write belongs to it; a service that it left behind does not hold guard up.
const DRAIN: Duration = Duration::from_millis(100);

/// How long the ended are waited for: one that the system cannot end must not hang guard.
const GIVE_UP: Duration = Duration::from_secs(1);

/// How long nothing is looked at where nothing would tell.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// How much is read at once.
const CHUNK: usize = 16 * 1024;

/// Runs a job.
pub(super) fn run(job: &Job, say: &mut dyn FnMut(&str)) -> Result<End, StartError> {
    if job.cancel.is_cancelled() {
        return Ok(End::Cancelled);
    }
    if job
        .deadline
        .is_some_and(|deadline| Instant::now() >= deadline)
    {
        return Ok(End::TimedOut);
    }
    Tree::adopt_orphans();
    let tag = tag(job);
    let (child, pipe) = start::start(job, &tag)?;
    let mut running = Running::new(job, child, pipe, &tag, say)
        .map_err(|error| StartError::system(job, error))?;
    let stop = running.wait(job.deadline, job.cancel);
    if matches!(stop, Stop::Ended) {
        running.drain(Instant::now() + DRAIN, job.cancel);
    } else {
        running.end(job.cancel);
    }
    let status = running.collect();
    running.output.finish();
    match (stop, status) {
        (Stop::OutOfTime, _) => Ok(End::TimedOut),
        (Stop::Cancelled, _) => Ok(End::Cancelled),
        (Stop::WantsTerminal, _) => Ok(End::Stopped),
        (Stop::Ended, Ok(status)) => Ok(End::of(status)),
        (Stop::Ended, Err(error)) => Err(StartError::system(job, error)),
    }
}

/// A name that no other job has, behind those of the jobs that guard itself runs in: whoever
/// ends an outer job finds the inner ones too.
fn tag(job: &Job) -> String {
    let id = RandomState::new().build_hasher().finish();
    let outer = job.variables.get(start::TAG).and_then(|tag| tag.to_str());
    format!("{}/{id:016x}", outer.unwrap_or_default())
}

struct Running<'a> {
    child: Child,
    tree: Tree,
    /// `None` once nobody can write any more.
    pipe: Option<PipeReader>,
    /// `None` once the process itself has ended.
    exit: Option<ExitWatch>,
    output: Output<'a>,
    chunk: Vec<u8>,
}

/// Why the waiting stopped.
enum Stop {
    Ended,
    OutOfTime,
    Cancelled,
    WantsTerminal,
}

impl<'a> Running<'a> {
    fn new(
        job: &Job<'a>,
        mut child: Child,
        pipe: PipeReader,
        tag: &str,
        say: &'a mut dyn FnMut(&str),
    ) -> io::Result<Self> {
        let leader = Pid::from_child(&child);
        let exit = ExitWatch::on(leader).inspect_err(|_| {
            // Neither files nor threads to watch it with: it must not run on unwatched.
            Tree::new(leader, tag).signal(Signal::KILL);
            let _ = child.wait();
        })?;
        Ok(Self {
            child,
            tree: Tree::new(leader, tag),
            pipe: Some(pipe),
            exit: Some(exit),
            output: Output::new(job.redactor, say),
            chunk: vec![0; CHUNK],
        })
    }

    /// Waits for the process itself, not for those that it leaves behind.
    fn wait(&mut self, deadline: Option<Instant>, cancel: &Cancel) -> Stop {
        let mut stops = Stops::of(Pid::from_child(&self.child));
        loop {
            if cancel.is_cancelled() {
                return Stop::Cancelled;
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Stop::OutOfTime;
            }
            if stops.lasts() {
                return Stop::WantsTerminal;
            }
            let until = deadline.map_or(stops.next_look(), |deadline| {
                deadline.min(stops.next_look())
            });
            self.turn(cancel.bell(Wish::Gentle), Some(until));
            if self.exit.is_none() {
                return Stop::Ended;
            }
        }
    }

    /// Reads on until nobody can write any more, or until `until`.
    fn drain(&mut self, until: Instant, cancel: &Cancel) {
        while self.pipe.is_some() && Instant::now() < until {
            if cancel.is_cancelled() {
                return self.end(cancel);
            }
            self.turn(cancel.bell(Wish::Gentle), Some(until));
        }
    }

    /// Ends the process and all that it started: asks first, then does not.
    fn end(&mut self, cancel: &Cancel) {
        if cancel.wish() < Wish::Now {
            self.tree.signal(Signal::TERM);
            self.await_death(Instant::now() + PATIENCE, Some(cancel));
        }
        let give_up = Instant::now() + GIVE_UP;
        // Gone is what two looks in a row do not find: one process may have been started during
        // the first, or have been between two programs and so without a tag.
        let mut looks_in_vain = 0;
        while looks_in_vain < 2 && Instant::now() < give_up {
            self.tree.signal(Signal::KILL);
            if self.is_over() {
                looks_in_vain += 1;
            } else {
                looks_in_vain = 0;
                let soon = Instant::now() + LOOK_AGAIN;
                self.await_death(soon.min(give_up), None);
            }
        }
        self.drain_what_is_there();
    }

    /// Waits until the process and its tree are gone. Their output is read meanwhile: one that
    /// writes its farewell into a full pipe would never end.
    fn await_death(&mut self, until: Instant, cancel: Option<&Cancel>) {
        while !self.is_over() && Instant::now() < until {
            let hurry = cancel.and_then(|cancel| cancel.bell(Wish::Now));
            if cancel.is_some_and(|cancel| cancel.wish() == Wish::Now) {
                return;
            }
            if self.turn(hurry, Some(until)) {
                self.tree.look();
            }
        }
    }

    fn is_over(&self) -> bool {
        self.exit.is_none() && !self.tree.is_alive()
    }

    /// Waits until something happens and reads what was written. Whether a process has ended.
    fn turn(&mut self, bell: Option<BorrowedFd>, until: Option<Instant>) -> bool {
        let pipe = self.pipe.as_ref().map(AsFd::as_fd);
        let exit = self.exit.as_ref().map(AsFd::as_fd);
        let members = self.tree.handles();
        let wanted = [pipe, exit, bell].into_iter().flatten().chain(members);
        let mut fds: Vec<PollFd> = wanted
            .map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN))
            .collect();
        // Without a bell a cancellation is looked for now and then.
        let look_again = bell.is_none().then(|| Instant::now() + LOOK_AGAIN);
        let until = [until, look_again].into_iter().flatten().min();
        match poll(&mut fds, until.map(time_left).as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            // Out of memory: waiting a little is all that is left.
            Err(_) => std::thread::sleep(Duration::from_millis(5)),
        }
        let mut ready = fds.iter().map(|fd| !fd.revents().is_empty());
        let written = pipe.is_some() && ready.next() == Some(true);
        let exited = exit.is_some() && ready.next() == Some(true);
        let _bell = bell.is_some() && ready.next() == Some(true);
        let ended = ready.any(|ready| ready);
        drop(fds);
        if written {
            self.read();
        }
        if exited {
            self.exit = None;
        }
        exited || ended
    }

    fn read(&mut self) {
        let Some(pipe) = &mut self.pipe else { return };
        match pipe.read(&mut self.chunk) {
            Ok(0) => self.pipe = None,
            Ok(length) => self.output.take(&self.chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => self.pipe = None,
        }
    }

    /// Reads what the ended left in the pipe, and does not wait for more.
    fn drain_what_is_there(&mut self) {
        let now = Instant::now();
        let until = now + DRAIN;
        while let Some(pipe) = &self.pipe {
            let mut fds = [PollFd::new(pipe, PollFlags::IN)];
            let something = poll(&mut fds, Some(&time_left(now))).is_ok_and(|ready| ready > 0);
            if !something || Instant::now() >= until {
                return;
            }
            self.read();
        }
    }

    /// Collects the process, and those that were left to guard.
    fn collect(&mut self) -> io::Result<ExitStatus> {
        // Never waits: one that could not be ended stays.
        let status = self.child.try_wait();
        self.tree.collect();
        status?.ok_or_else(|| io::Error::other("it could not be ended"))
    }
}

impl End {
    fn of(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Exited(code),
            (None, signal) => Self::Killed(signal.unwrap_or(0)),
        }
    }
}

fn time_left(until: Instant) -> Timespec {
    let left = until.saturating_duration_since(Instant::now());
    Timespec::try_from(left).unwrap_or(Timespec {
        tv_sec: i64::from(i32::MAX),
        tv_nsec: 0,
    })
}
