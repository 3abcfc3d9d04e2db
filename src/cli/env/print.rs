//! `guard env print`: a file as one of its readers sees it, the values hidden unless they are asked for.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::help;
use crate::cli::context::Context;
use crate::cli::told::Told;
use crate::dotenv::{self, Dialect, Entry, File, LARGEST, Problem};
use crate::event::Coverage;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::report::Verbosity;
use crate::secret::Secret;
use crate::terminal::{escape_line, text};

/// Arguments of `guard env print`.
#[derive(Args, Debug)]
#[command(before_help = help::PRINT, after_help = help::PRINT_EXITS)]
pub(crate) struct Arguments {
    /// The file; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// By whose rules it is read
    #[arg(long, value_enum, default_value_t = Reader::Node, value_name = "DIALECT")]
    dialect: Reader,
    /// Let references see this process's variables, too
    #[arg(long)]
    expand_from_env: bool,
    /// Show the values
    #[arg(long)]
    reveal: bool,
}

/// The readers by the names that people type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Reader {
    /// dotenv for Node: references stay as they are
    Node,
    /// python-dotenv: `${NAME}` is replaced
    Python,
    /// Docker Compose's env_file: `$NAME` is replaced, too
    Compose,
    /// Railway's raw editor, as far as it is known
    Railway,
}

impl Reader {
    fn dialect(self) -> Dialect {
        match self {
            Self::Node => Dialect::Node,
            Self::Python => Dialect::Python,
            Self::Compose => Dialect::Compose,
            Self::Railway => Dialect::Railway,
        }
    }
}

/// Wider names are not waited for.
const WIDEST: usize = 40;

/// Reads the file and says what is in it.
pub(crate) fn run(context: &Context, arguments: &Arguments) -> Exit {
    let mut told = Told::new("env print", "an env file as one of its readers sees it");
    let is_input = arguments.file == Path::new("-");
    let name = if is_input {
        "standard input".to_owned()
    } else {
        escape_line(&arguments.file.display().to_string()).into_owned()
    };
    let path = context.environment.directory.join(&arguments.file);
    let bytes = match if is_input { input() } else { content(&path) } {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return told.fail(context, &NoFile(name), Exit::Usage);
        }
        Err(error) => return told.fail(context, &Unreadable { name, error }, Exit::Blocked),
    };
    told.read(Coverage {
        files: 1,
        bytes: bytes.len() as u64,
    });
    let from_env = |wanted: &str| {
        let value = context.environment.text(wanted);
        value
            .filter(|_| arguments.expand_from_env)
            .map(str::to_owned)
    };
    let file = dotenv::parse_with(&bytes, arguments.dialect.dialect(), &from_env);
    say(
        context,
        told,
        &Printed {
            name,
            file,
            is_open: arguments.reveal,
        },
    )
}

/// A file that is to be told.
struct Printed {
    name: String,
    file: File,
    /// Whether values are shown.
    is_open: bool,
}

fn say(context: &Context, mut told: Told, printed: &Printed) -> Exit {
    let Printed { name, file, .. } = printed;
    let reader = file.dialect().word();
    if let Some(problem) = file.refused() {
        told.data("entries", json!([]));
        let error = Refused::new(name, reader, problem);
        return told.fail(context, &error, Exit::Blocked);
    }
    let dropped = file.problems().iter();
    let dropped: Vec<String> = dropped.map(|problem| at(name, problem)).collect();
    if context.is_for_people() {
        if context.verbosity != Verbosity::Quiet {
            for line in &dropped {
                context.terminal.err(&format!("warning: {line}\n"));
            }
        }
        return context.say(&printed.text());
    }
    for line in dropped {
        told.note(Severity::Warning, line);
    }
    let entries: Vec<Value> = file.effective().map(|entry| printed.data(entry)).collect();
    told.data("entries", Value::Array(entries));
    told.finish(context, Exit::Good)
}

impl Printed {
    fn text(&self) -> String {
        let entries: Vec<&Entry> = self.file.effective().collect();
        let count = match entries.len() {
            1 => "1 variable".to_owned(),
            count => format!("{count} variables"),
        };
        let hidden = if self.is_open || entries.is_empty() {
            ""
        } else {
            "; `--reveal` shows the values"
        };
        let reader = self.file.dialect().word();
        let mut told = format!("{} as {reader} reads it: {count}{hidden}\n", self.name);
        let keys = entries
            .iter()
            .map(|entry| text::width(&escape_line(&self.key(entry))));
        let widest = keys.max().unwrap_or_default().min(WIDEST);
        let place = |entry: &Entry| format!("{}:{}", entry.place.line, entry.place.column);
        let last = entries.last().map_or(0, |entry| place(entry).len());
        for entry in entries {
            let key = text::pad(&escape_line(&self.key(entry)), widest);
            let value = entry.value.as_ref().map(|value| self.shown(value));
            let value = value.unwrap_or_else(|| "(no value)".to_owned());
            let value = escape_line(&value);
            let line = format!("  {:>last$}  {key}  {value}", place(entry));
            let _ = writeln!(told, "{}", line.trim_end());
        }
        told
    }

    fn data(&self, entry: &Entry) -> Value {
        json!({
            "key": self.key(entry),
            "value": entry.value.as_ref().map(|value| self.shown(value)),
            "line": entry.place.line,
            "column": entry.place.column,
        })
    }

    /// A name, or how long it is where it may be a line of a value.
    fn key<'e>(&self, entry: &'e Entry) -> Cow<'e, str> {
        match entry.shown_key() {
            Some(key) => Cow::Borrowed(key),
            None if self.is_open => Cow::Borrowed(&entry.key),
            None => Cow::Owned(format!("({} bytes)", entry.key.len())),
        }
    }

    /// A value, or how long it is.
    fn shown(&self, value: &Secret) -> String {
        match (self.is_open, value.reveal().len()) {
            (true, _) => value.reveal().to_owned(),
            (_, 1) => "(1 byte)".to_owned(),
            (_, length) => format!("({length} bytes)"),
        }
    }
}

fn at(name: &str, problem: &Problem) -> String {
    let place = problem.place;
    let words = problem.kind.words();
    format!("{name}:{}:{}: {words}", place.line, place.column)
}

/// The content, up to what shows that there is too much of it.
fn content(path: &Path) -> io::Result<Vec<u8>> {
    bounded(fs::File::open(path)?)
}

fn input() -> io::Result<Vec<u8>> {
    bounded(io::stdin().lock())
}

fn bounded(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// There is no such file.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no `{0}`")]
#[diagnostic(help("`guard env print FILE` reads one env file; `-` reads standard input"))]
struct NoFile(String);

/// A folder, or a file that must not be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`{name}` cannot be read: {error}")]
#[diagnostic(help("an env file is a plain file that you may read; `ls -ld` shows what it is"))]
struct Unreadable {
    name: String,
    error: io::Error,
}

/// A file that the reader refuses.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{reader} reads nothing of this file: {told}")]
#[diagnostic(help("mend the place that is named; until then not one of its variables is set"))]
struct Refused {
    reader: &'static str,
    told: String,
}

impl Refused {
    fn new(name: &str, reader: &'static str, problem: &Problem) -> Self {
        Self {
            reader,
            told: at(name, problem),
        }
    }
}
