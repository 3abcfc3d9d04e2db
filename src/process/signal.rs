//! Ctrl-C, SIGTERM and a closed terminal become a wish that every running step can wait for.

#[cfg(unix)]
mod bell;
#[cfg(unix)]
mod watch;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(unix)]
use bell::Bell;
#[cfg(unix)]
pub use watch::{Watch, watch};

use crate::exit::Exit;

/// What wants the run to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// Ctrl-C, and Ctrl-\.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// The terminal closed.
    HangUp,
    /// The time that it had is over.
    Deadline,
}

/// How soon the run is to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wish {
    /// It may go on.
    #[default]
    None,
    /// Soon: children are asked first.
    Gentle,
    /// At once.
    Now,
}

/// The wish that a run ends, shared by everyone who has to know.
#[derive(Clone, Default)]
pub struct Cancel(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<(Wish, Option<Interruption>)>,
    #[cfg(unix)]
    gentle: Bell,
    #[cfg(unix)]
    now: Bell,
}

impl Cancel {
    /// Nobody wishes anything yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for the end. A second Ctrl-C, or a deadline that passes again, asks for it at once; a closing terminal may say so
    /// several times and means the same each time.
    pub fn cancel(&self, by: Interruption) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let insists = matches!(by, Interruption::Interrupt | Interruption::Deadline);
        let again = state.0 > Wish::None && insists;
        state.0 = if again {
            Wish::Now
        } else {
            state.0.max(Wish::Gentle)
        };
        state.1.get_or_insert(by);
        let wish = state.0;
        drop(state);
        self.ring(wish);
    }

    /// What is wished now.
    pub fn wish(&self) -> Wish {
        self.state().0
    }

    /// Whether the run is to end.
    pub fn is_cancelled(&self) -> bool {
        self.wish() > Wish::None
    }

    /// What asked for the end first.
    pub fn by(&self) -> Option<Interruption> {
        self.state().1
    }

    /// How the process exits because of it.
    pub fn exit(&self) -> Option<Exit> {
        self.by().map(|by| match by {
            Interruption::Interrupt => Exit::Interrupted,
            Interruption::Terminate | Interruption::HangUp => Exit::Terminated,
            // What was not looked at is unknown.
            Interruption::Deadline => Exit::Unknown,
        })
    }

    #[cfg(unix)]
    fn ring(&self, wish: Wish) {
        self.0.gentle.ring();
        if wish == Wish::Now {
            self.0.now.ring();
        }
    }

    #[cfg(not(unix))]
    fn ring(&self, _wish: Wish) {}

    /// Something to poll: it hangs up once `wish` or more is wished. `None` where the system has
    /// no more files to open.
    #[cfg(unix)]
    pub(crate) fn bell(&self, wish: Wish) -> Option<std::os::fd::BorrowedFd<'_>> {
        let bell = if wish == Wish::Now {
            &self.0.now
        } else {
            &self.0.gentle
        };
        let fd = bell.fd();
        // It may have been asked for while the bell was being hung.
        if self.wish() >= wish {
            bell.ring();
        }
        fd
    }

    fn state(&self) -> (Wish, Option<Interruption>) {
        *self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cancel({:?})", self.state())
    }
}

/// `SIGSEGV` and the like.
pub fn name(signal: i32) -> String {
    signal_hook::low_level::signal_name(signal)
        .map_or_else(|| format!("signal {signal}"), ToOwned::to_owned)
}

/// Nothing is watched here: Ctrl-C ends guard as it ends any program.
#[cfg(not(unix))]
#[derive(Debug)]
pub struct Watch;

/// Signals stay what they are on this system.
#[cfg(not(unix))]
pub fn watch(_cancel: &Cancel) -> std::io::Result<Watch> {
    Ok(Watch)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::*;

    fn has_rung(cancel: &Cancel, wish: Wish) -> bool {
        let fd = cancel.bell(wish).unwrap();
        let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::IN)];
        poll(&mut fds, Some(&Timespec::default())).unwrap() > 0
    }

    #[test]
    fn only_a_second_ctrl_c_hurries() {
        let cancel = Cancel::new();
        assert!(!has_rung(&cancel, Wish::Gentle));
        cancel.cancel(Interruption::HangUp);
        cancel.cancel(Interruption::HangUp);
        cancel.cancel(Interruption::Terminate);
        assert_eq!(cancel.wish(), Wish::Gentle);
        assert!(has_rung(&cancel, Wish::Gentle));
        assert!(!has_rung(&cancel, Wish::Now));
        cancel.cancel(Interruption::Interrupt);
        assert_eq!(cancel.wish(), Wish::Now);
        assert!(has_rung(&cancel, Wish::Now));
        assert_eq!(cancel.exit(), Some(Exit::Terminated));
    }

    #[test]
    fn a_bell_hung_late_has_rung() {
        let cancel = Cancel::new();
        cancel.cancel(Interruption::Interrupt);
        cancel.cancel(Interruption::Interrupt);
        assert!(has_rung(&cancel, Wish::Gentle) && has_rung(&cancel, Wish::Now));
        assert_eq!(cancel.exit(), Some(Exit::Interrupted));
    }

    #[test]
    fn signals_have_names() {
        assert_eq!(name(signal_hook::consts::SIGSEGV), "SIGSEGV");
        assert_eq!(name(99), "signal 99");
    }
}
