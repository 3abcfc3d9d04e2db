//! A file of pardons that cannot be read: what is wrong, and where. Exit code 2.

use std::fmt;

use miette::Diagnostic;

use crate::source::Source;

/// As many characters of a message, which may quote the file.
const LONGEST: usize = 160;

/// What is wrong with a file of pardons.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    name: String,
    line: usize,
    column: usize,
    message: String,
    help: String,
}

impl Fault {
    /// A fault at a byte of the text.
    pub(crate) fn at(
        source: &Source,
        offset: usize,
        message: impl fmt::Display,
        help: impl Into<String>,
    ) -> Self {
        let place = source.position(offset);
        Self {
            name: source.name().to_owned(),
            line: place.line,
            column: place.column,
            message: message.to_string().chars().take(LONGEST).collect(),
            help: help.into(),
        }
    }

    /// What serde_json could not read.
    pub(crate) fn json(
        source: &Source,
        error: &serde_json::Error,
        help: impl Into<String>,
    ) -> Self {
        let message = error.to_string();
        let message = match message.rfind(" at line ") {
            Some(end) => &message[..end],
            None => &message,
        };
        // The column is that of the last byte read: of a value, the last one.
        let end = source.offset_of(error.line(), error.column() + 1);
        let start = if error.is_data() {
            start_of_value(source.text(), end)
        } else {
            source.offset_of(error.line(), error.column())
        };
        Self::at(source, start, message, help)
    }

    /// The text of a file of pardons, which is at most so long and UTF-8.
    pub(crate) fn text(name: &str, bytes: &[u8], longest: usize) -> Result<Source, Self> {
        if bytes.len() > longest {
            return Err(Self::at(
                &Source::new(name, ""),
                0,
                format_args!("the file is longer than {} MiB", longest >> 20),
                "Such a file is not made by hand or by a tool: look at what it is.",
            ));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Source::new(name, text)),
            Err(error) => {
                let read = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
                let source = Source::new(name, read);
                Err(Self::at(
                    &source,
                    source.text().len(),
                    "the file is not UTF-8",
                    "Save it as UTF-8.",
                ))
            }
        }
    }
}

/// Where the JSON value begins that ends there: a string, or a word.
fn start_of_value(text: &str, end: usize) -> usize {
    let read = text[..end].trim_end_matches([',', '}', ']', ' ', '\n', '\r', '\t']);
    let start = match read.strip_suffix('"') {
        Some(inside) => inside.rfind('"'),
        None => read
            .rfind(|letter: char| !letter.is_ascii_alphanumeric() && !"+-.".contains(letter))
            .map(|at| at + 1),
    };
    start.unwrap_or(0)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            line,
            column,
            message,
            ..
        } = self;
        write!(f, "{name}:{line}:{column}: {message}")
    }
}

impl std::error::Error for Fault {}

impl Diagnostic for Fault {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }
}
