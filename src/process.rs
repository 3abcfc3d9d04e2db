//! Children: the only place that starts a process.
//!
//! A [`Job`] owns everything that its process starts: a deadline or a cancellation ends the whole
//! tree, also what left the process group or was orphaned, and only that.

#[cfg(any(not(unix), test))]
mod elsewhere;
#[cfg(unix)]
mod exit_watch;
pub mod git;
mod output;
mod replace;
#[cfg(unix)]
mod running;
pub mod script;
pub mod signal;
pub mod space;
mod start;
#[cfg(unix)]
mod tree;
pub mod variables;

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::time::Instant;

use crate::secret::Redactor;
pub use output::LONGEST_LINE;
pub use replace::replace;
use signal::Cancel;
pub use start::StartError;
use variables::Variables;

/// One process to run to its end. Its standard input is empty; its two outputs are one stream,
/// so that their order is kept, unless `apart` takes the first.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The program and its arguments. A program with a `/` is resolved against `directory`,
    /// any other is looked for on the child's own PATH.
    pub argv: &'a [OsString],
    /// The working directory.
    pub directory: &'a Path,
    /// Everything that it sees as its environment.
    pub variables: &'a Variables,
    /// When it has to have ended.
    pub deadline: Option<Instant>,
    /// What ends it early.
    pub cancel: &'a Cancel,
    /// What its output is cleaned of.
    pub redactor: &'a Redactor,
    /// Where its standard output goes as it is, when that is meant for guard and not for people.
    pub apart: Option<&'a File>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this exit code.
    Exited(i32),
    /// By this signal, which guard did not send.
    Killed(i32),
    /// guard ended it and all that it had started: it ran out of time.
    TimedOut,
    /// guard ended it and all that it had started: the run was cancelled.
    Cancelled,
    /// guard ended it and all that it had started: it waited for the terminal, which no job has.
    Stopped,
}

impl Job<'_> {
    /// Runs the process. `say` gets what it prints as whole lines, several at a time where they
    /// come fast; only the very last may lack its line end.
    pub fn run(&self, say: &mut dyn FnMut(&str)) -> Result<End, StartError> {
        #[cfg(unix)]
        return running::run(self, say);
        #[cfg(not(unix))]
        return elsewhere::run(self, say);
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
