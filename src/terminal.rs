//! The only writer of standard output and standard error: data goes to the one, messages to the other.

mod escape;
mod looks;
mod output;
mod question;
mod stream;
mod style;
pub mod text;

use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use escape::{escape, escape_line, tool_line};
pub use looks::{Color, Facts, Looks, Size};
pub use output::{Arrival, Output};
pub use question::{Answer, Echo, Wake};
pub use style::{Mark, Style, Tone};

use crate::environment::Environment;
use crate::exit::Exit;
use crate::secret::Redactor;
use stream::Stream;

/// Data that could not be written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum TerminalError {
    /// `--output` names something that cannot be written.
    #[error("cannot write to `{}`: {source}", escape_line(&path.to_string_lossy()))]
    #[diagnostic(help(
        "name a file in a folder that exists, or leave `--output` out to get the report on standard output"
    ))]
    Output {
        /// The path as it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The report was made, and the file could not take it.
    #[error("the report could not be written to `{}`: {source}", escape_line(&path.to_string_lossy()))]
    #[diagnostic(help(
        "what was judged is not recorded; mend the cause, or name another `--output`, and run it again"
    ))]
    FileLost {
        /// The path as it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The report was made, and standard output could not take it.
    #[error("the report could not be written to standard output: {source}")]
    #[diagnostic(help(
        "what was judged is not recorded; mend the cause, or use `--output FILE`, and run it again"
    ))]
    OutLost {
        /// What the system said.
        source: io::Error,
    },
}

impl TerminalError {
    /// A wrong path is wrong usage; a report that was lost leaves the caller without an answer.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Output { .. } => Exit::Usage,
            Self::FileLost { .. } | Self::OutLost { .. } => Exit::Unknown,
        }
    }
}

/// A handle on both streams. Clones write to the same streams.
#[derive(Clone)]
pub struct Terminal {
    streams: Arc<Mutex<Streams>>,
    looks: Looks,
    size: SizeOf,
}

struct Streams {
    /// Taken out of whatever is written.
    redactor: Redactor,
    out: Stream,
    err: Stream,
    file: Option<Output>,
    lost: Option<TerminalError>,
}

#[derive(Clone)]
enum SizeOf {
    /// Asked for at every use: people resize their windows.
    Terminal,
    /// As a test says.
    Fixed(Arc<Mutex<Size>>),
}

impl Terminal {
    /// The process's own streams; data goes to `output` where one is given.
    pub fn new(environment: &Environment, color: Color, output: Option<Output>) -> Self {
        let facts = Facts {
            out_is_terminal: io::stdout().is_terminal() && output.is_none(),
            err_is_terminal: io::stderr().is_terminal(),
            size: real_size(),
        };
        Self {
            streams: Arc::new(Mutex::new(Streams {
                redactor: Redactor::default(),
                out: Stream::new(stream::standard_output(), facts.out_is_terminal),
                err: Stream::new(stream::standard_error(), facts.err_is_terminal),
                file: output,
                lost: None,
            })),
            looks: Looks::decide(environment, color, facts),
            size: SizeOf::Terminal,
        }
    }

    /// A terminal in memory, of the given looks and size, and what was written to it.
    pub fn in_memory(looks: Looks, size: Size) -> (Self, Memory) {
        let memory = Memory {
            out: Shared::default(),
            err: Shared::default(),
            size: Arc::new(Mutex::new(size)),
        };
        let terminal = Self {
            streams: Arc::new(Mutex::new(Streams {
                redactor: Redactor::default(),
                out: Stream::new(Box::new(memory.out.clone()), false),
                err: Stream::new(Box::new(memory.err.clone()), looks.live),
                file: None,
                lost: None,
            })),
            looks,
            size: SizeOf::Fixed(Arc::clone(&memory.size)),
        };
        (terminal, memory)
    }

    /// How both streams are written to.
    pub fn looks(&self) -> Looks {
        self.looks
    }

    /// The size of the terminal that shows messages, now.
    pub fn size(&self) -> Size {
        match &self.size {
            SizeOf::Terminal => real_size().unwrap_or(Size::USUAL),
            SizeOf::Fixed(size) => *size.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Hides these secrets in all that is written from now on, guard's own words included.
    pub fn hide(&self, redactor: Redactor) {
        self.lock().redactor = redactor;
    }

    /// What is hidden, for text that must be cleaned before it is escaped or that goes elsewhere.
    pub fn hidden(&self) -> Redactor {
        self.lock().redactor.clone()
    }

    /// Data: the report. What goes wrong is kept for `finish`.
    pub fn out(&self, text: &str) {
        let mut streams = self.lock();
        let Streams {
            redactor,
            out,
            file,
            lost,
            ..
        } = &mut *streams;
        let text = &*redactor.apply(text);
        match file {
            None => out.write(text),
            Some(_) if lost.is_some() => {}
            Some(file) => {
                let error = file.write(text).err();
                *lost = error.and_then(|error| lost_file(file, error));
            }
        }
    }

    /// Messages: progress, warnings, diagnostics. One that nobody can read is dropped.
    pub fn err(&self, text: &str) {
        let mut streams = self.lock();
        let Streams { redactor, err, .. } = &mut *streams;
        err.write(&redactor.apply(text));
    }

    /// Whether the messages go to a terminal, where a question would be seen.
    pub fn is_watched(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Whether somebody may still be reading the messages.
    pub fn is_heard(&self) -> bool {
        self.lock().err.is_open()
    }

    /// Puts the `--output` file in place and says whether any data was lost. To be called once, at the end.
    pub fn finish(&self) -> Result<(), TerminalError> {
        let mut streams = self.lock();
        let Streams {
            out, file, lost, ..
        } = &mut *streams;
        if let Some(error) = out.take_error() {
            return Err(TerminalError::OutLost { source: error });
        }
        if let (Some(file), None) = (file, &lost) {
            let error = file.finish().err();
            *lost = error.and_then(|error| lost_file(file, error));
        }
        lost.take().map_or(Ok(()), Err)
    }

    fn lock(&self) -> MutexGuard<'_, Streams> {
        // A panic elsewhere must not silence the message about it.
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a failed write means: a reader that left a pipe or a terminal wanted no more.
fn lost_file(file: &Output, source: io::Error) -> Option<TerminalError> {
    (source.kind() != io::ErrorKind::BrokenPipe).then(|| TerminalError::FileLost {
        path: file.path().to_owned(),
        source,
    })
}

fn real_size() -> Option<Size> {
    let (columns, rows) = terminal_size::terminal_size_of(io::stderr())
        .or_else(|| terminal_size::terminal_size_of(io::stdout()))?;
    // Some terminals say nothing by saying zero.
    (columns.0 > 0 && rows.0 > 0).then_some(Size {
        columns: columns.0,
        rows: rows.0,
    })
}

/// What was written to a terminal in memory.
#[derive(Clone, Debug)]
pub struct Memory {
    out: Shared,
    err: Shared,
    size: Arc<Mutex<Size>>,
}

impl Memory {
    /// The data so far.
    pub fn out(&self) -> String {
        self.out.text()
    }

    /// The messages so far.
    pub fn err(&self) -> String {
        self.err.text()
    }

    /// Resizes the terminal.
    pub fn resize(&self, size: Size) {
        *self.size.lock().unwrap_or_else(PoisonError::into_inner) = size;
    }
}

#[derive(Clone, Debug, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_goes_into_the_file_and_messages_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        let (terminal, memory) = Terminal::in_memory(
            Looks {
                out: Style::PLAIN,
                err: Style::PLAIN,
                live: false,
            },
            Size::USUAL,
        );
        terminal.lock().file = Some(Output::new(&path, Arrival::Whole).unwrap());
        terminal.clone().out("data\n");
        terminal.err("message\n");
        terminal.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "data\n");
        assert_eq!(
            (memory.out(), memory.err()),
            (String::new(), "message\n".into())
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_unknown_with_a_way_out() {
        let environment = Environment::of("/", [("TERM", "xterm")]);
        let output = Output::new(std::path::Path::new("/dev/full"), Arrival::Whole).unwrap();
        let terminal = Terminal::new(&environment, Color::Auto, Some(output));
        terminal.out("data\n");
        terminal.out("more\n");
        let error = terminal.finish().unwrap_err();
        assert_eq!(error.exit(), Exit::Unknown);
        insta::assert_snapshot!(error, @"the report could not be written to `/dev/full`: No space left on device (os error 28)");
        assert!(miette::Diagnostic::help(&error).is_some());
    }
}
