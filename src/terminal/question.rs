//! A question on the terminal and its answer, which is not shown while it is typed where it is a secret.

use std::io;

use super::Terminal;
use crate::secret::Secret;

/// Whether what is typed is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// As usual.
    Shown,
    /// For secrets.
    Hidden,
}

/// What came of a question.
#[derive(Debug)]
pub enum Answer {
    /// A line, without its end.
    Line(Secret),
    /// Nobody is there any more: Ctrl-D, or the terminal is gone.
    Ended,
    /// Something else ended the wait.
    Woken,
}

/// What ends the wait for an answer: it hangs up when it is time.
#[cfg(unix)]
pub type Wake<'w> = std::os::fd::BorrowedFd<'w>;
/// Nothing ends the wait on this system.
#[cfg(not(unix))]
pub type Wake<'w> = &'w ();

impl Terminal {
    /// Whether somebody can be asked: questions are seen, and answers can be typed.
    pub fn can_ask(&self) -> bool {
        use std::io::IsTerminal as _;
        io::stdin().is_terminal() && self.is_watched()
    }

    /// Asks, and waits for a line. However the wait ends, the terminal is left as it was.
    #[cfg(unix)]
    pub fn ask(&self, question: &str, echo: Echo, wake: Wake<'_>) -> io::Result<Answer> {
        let stdin = io::stdin();
        let quiet = match echo {
            Echo::Shown => None,
            // Before the question: who types fast is not seen either.
            Echo::Hidden => Some(unix::Quiet::new(&stdin)?),
        };
        self.err(question);
        let answer = unix::line(&stdin, wake);
        drop(quiet);
        if !matches!(answer, Ok(Answer::Line(_))) {
            self.err("\n");
        }
        answer
    }

    /// Asks, and waits for a line. A secret cannot be hidden on this system, and so is not asked for.
    #[cfg(not(unix))]
    pub fn ask(&self, question: &str, echo: Echo, _: Wake<'_>) -> io::Result<Answer> {
        if echo == Echo::Hidden {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.err(question);
        let mut text = String::new();
        match io::stdin().read_line(&mut text)? {
            0 => Ok(Answer::Ended),
            _ => Ok(Answer::Line(Secret::new(
                text.trim_end_matches(['\r', '\n']),
            ))),
        }
    }
}

#[cfg(unix)]
mod unix {
    //! The terminal itself: its echo, and its lines as they come.

    use std::io::{self, Stdin};

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::{Errno, read};
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    use super::{Answer, Secret, Wake};

    /// While this lives, nothing that is typed is shown but the end of the line.
    pub(super) struct Quiet<'s> {
        stdin: &'s Stdin,
        before: Termios,
    }

    impl<'s> Quiet<'s> {
        pub(super) fn new(stdin: &'s Stdin) -> io::Result<Self> {
            let before = tcgetattr(stdin)?;
            let mut quiet = before.clone();
            quiet.local_modes.remove(LocalModes::ECHO);
            quiet
                .local_modes
                .insert(LocalModes::ECHONL | LocalModes::ICANON);
            tcsetattr(stdin, OptionalActions::Now, &quiet)?;
            Ok(Self { stdin, before })
        }
    }

    impl Drop for Quiet<'_> {
        fn drop(&mut self) {
            // A terminal that is gone shows nothing any more.
            let _ = tcsetattr(self.stdin, OptionalActions::Now, &self.before);
        }
    }

    /// The longest answer that is read: a terminal gives no longer line, files and pipes might.
    const LONGEST: usize = 64 << 10;

    /// Reads one line, past the standard library: it would read ahead, and what is ahead would not be waited for.
    pub(super) fn line(stdin: &Stdin, wake: Wake<'_>) -> io::Result<Answer> {
        let mut line = Vec::new();
        loop {
            let mut polled = [
                PollFd::new(stdin, PollFlags::IN),
                PollFd::new(&wake, PollFlags::IN),
            ];
            match poll(&mut polled, None) {
                Ok(_) => {}
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            if !polled[1].revents().is_empty() {
                return Ok(Answer::Woken);
            }
            let mut bytes = [0; 4096];
            let count = match read(stdin, &mut bytes) {
                Ok(count) => count,
                Err(Errno::INTR | Errno::AGAIN) => continue,
                // The terminal hung up.
                Err(Errno::IO) => 0,
                Err(error) => return Err(error.into()),
            };
            line.extend_from_slice(&bytes[..count]);
            let is_whole = line.ends_with(b"\n");
            if count == 0 && line.is_empty() {
                return Ok(Answer::Ended);
            }
            if is_whole || count == 0 || line.len() > LONGEST {
                let text = String::from_utf8_lossy(&line);
                let text = text.trim_end_matches(['\r', '\n']);
                return Ok(Answer::Line(Secret::new(text)));
            }
        }
    }
}
