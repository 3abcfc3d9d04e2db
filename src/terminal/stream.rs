//! One stream of text, whose reader may be gone at any time: that is remembered, and never a panic.

use std::io::{self, Write};

/// A stream and what became of it.
pub(crate) struct Stream {
    writer: Box<dyn Write + Send>,
    is_terminal: bool,
    state: State,
}

enum State {
    Open,
    /// The reader went away: what it did not want is not an error.
    Gone,
    /// Something was to be written, and could not be.
    Failed(io::Error),
}

impl Stream {
    pub(crate) fn new(writer: Box<dyn Write + Send>, is_terminal: bool) -> Self {
        Self {
            writer,
            is_terminal,
            state: State::Open,
        }
    }

    /// Writes, unless the stream has ended already.
    pub(crate) fn write(&mut self, text: &str) {
        if !matches!(self.state, State::Open) {
            return;
        }
        let written = self.writer.write_all(text.as_bytes());
        if let Err(error) = written.and_then(|()| self.writer.flush()) {
            self.state = if self.is_gone(&error) {
                State::Gone
            } else {
                State::Failed(error)
            };
        }
    }

    /// A pipe without a reader, or a terminal that hung up. The same number from a file is a sick disk.
    fn is_gone(&self, error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::BrokenPipe
            || self.is_terminal && error.raw_os_error() == Some(INPUT_OUTPUT_ERROR)
    }

    /// Whether somebody may still be reading.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// The error that kept text from being written, if there was one.
    pub(crate) fn take_error(&mut self) -> Option<io::Error> {
        match std::mem::replace(&mut self.state, State::Gone) {
            State::Failed(error) => Some(error),
            state => {
                self.state = state;
                None
            }
        }
    }
}

/// EIO, which has the same number on every Unix.
const INPUT_OUTPUT_ERROR: i32 = 5;

/// Standard output, written to directly: the standard library would keep what it could not write
/// and try it again at the exit, where nobody hears of it.
pub(crate) fn standard_output() -> Box<dyn Write + Send> {
    direct(io::stdout())
}

/// Standard error.
pub(crate) fn standard_error() -> Box<dyn Write + Send> {
    direct(io::stderr())
}

#[cfg(unix)]
fn direct(stream: impl std::os::fd::AsFd + Send + 'static) -> Box<dyn Write + Send> {
    Box::new(unix::Direct(stream))
}

#[cfg(not(unix))]
fn direct(stream: impl Write + Send + 'static) -> Box<dyn Write + Send> {
    Box::new(stream)
}

#[cfg(unix)]
mod unix {
    //! Writing past the standard library's buffer.

    use std::io::{self, Write};
    use std::os::fd::AsFd;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::{Errno, write};

    /// How long a reader that takes nothing is waited for.
    const PATIENCE: Timespec = Timespec {
        tv_sec: 10,
        tv_nsec: 0,
    };

    pub(super) struct Direct<F>(pub(super) F);

    impl<F: AsFd> Write for Direct<F> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            loop {
                match write(&self.0, bytes) {
                    Ok(written) => return Ok(written),
                    Err(Errno::INTR) => {}
                    // A stream shared with a program that made it non-blocking (node does): wait.
                    Err(Errno::AGAIN) => wait(&self.0)?,
                    Err(error) => return Err(error.into()),
                }
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn wait(stream: &impl AsFd) -> io::Result<()> {
        let mut polled = [PollFd::new(stream, PollFlags::OUT)];
        match poll(&mut polled, Some(&PATIENCE)) {
            Ok(0) => Err(io::ErrorKind::TimedOut.into()),
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken(i32);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::from_raw_os_error(self.0))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn after_writing(error: i32, is_terminal: bool) -> Stream {
        let mut stream = Stream::new(Box::new(Broken(error)), is_terminal);
        stream.write("text");
        stream.write("more");
        stream
    }

    #[test]
    fn a_reader_that_left_is_no_error_and_a_sick_disk_is() {
        const EPIPE: i32 = 32;
        const ENOSPC: i32 = 28;
        for (error, is_terminal, fails) in [
            (EPIPE, false, false),
            (INPUT_OUTPUT_ERROR, true, false),
            (INPUT_OUTPUT_ERROR, false, true),
            (ENOSPC, false, true),
        ] {
            let mut stream = after_writing(error, is_terminal);
            assert!(!stream.is_open());
            assert_eq!(stream.take_error().is_some(), fails, "{error}");
            assert!(stream.take_error().is_none());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_that_is_full_and_does_not_block_is_waited_for() {
        use std::io::Read as _;
        let (mut reader, writer) = io::pipe().unwrap();
        rustix::io::ioctl_fionbio(&writer, true).unwrap();
        let text = "x".repeat(1 << 20);
        let read = std::thread::spawn(move || {
            let mut all = String::new();
            reader.read_to_string(&mut all).map(|_| all)
        });
        let mut stream = Stream::new(direct(writer), false);
        stream.write(&text);
        assert!(stream.take_error().is_none());
        drop(stream);
        assert!(read.join().unwrap().unwrap() == text);
    }

    #[cfg(unix)]
    #[test]
    fn a_closed_pipe_is_quiet() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut stream = Stream::new(direct(writer), false);
        stream.write("text");
        assert!(!stream.is_open());
        assert!(stream.take_error().is_none());
    }
}
