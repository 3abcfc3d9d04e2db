//! `guard env import`: the schema that a program's code has already, or an example, as `schemas/env.yaml`.

mod source;

use std::io;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::ground::Ground;
use super::{help, input, new};
use crate::cli::context::Context;
use crate::cli::told::Told;
use crate::env::Carried;
use crate::event::Coverage;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::report::Verbosity;
use crate::schema;
use crate::source::Source;
use crate::terminal::escape_line;

/// Arguments of `guard env import`.
#[derive(Args, Debug)]
#[command(before_help = help::IMPORT, after_help = help::IMPORT_EXITS)]
pub(crate) struct Arguments {
    /// The file with the schema; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the file is (default: what its name or its content says)
    #[arg(long, value_enum, value_name = "KIND")]
    from: Option<From>,
    /// Write it to schemas/env.yaml, where none stands yet
    #[arg(long)]
    write: bool,
}

/// What a schema is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum From {
    /// JavaScript or TypeScript with a schema of zod, or t3-env's createEnv
    #[value(alias = "t3-env", alias = "t3")]
    Zod,
    /// Python with settings of pydantic
    Pydantic,
    /// An example of an env file: what it shows is guessed from
    Example,
}

impl From {
    fn word(self) -> &'static str {
        match self {
            Self::Zod => "zod",
            Self::Pydantic => "pydantic",
            Self::Example => "example",
        }
    }
}

/// `guard env import FILE`.
pub(crate) fn run(context: &Context, arguments: &Arguments) -> Exit {
    let mut told = Told::new("env import", "a schema from what the code says");
    let name = input::name(&arguments.file);
    let bytes = match input::read(context, &arguments.file) {
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
    let text = match source::text(&name, bytes) {
        Ok(text) => text,
        Err(error) => return told.fail(context, &error, Exit::Blocked),
    };
    let source = Source::new(name, text);
    let from = match (
        arguments.from,
        source::guess(&arguments.file, source.text()),
    ) {
        (Some(from), _) => from,
        (None, Some((from, why))) => {
            let note = format!("read as {}, by {why}; `--from` says otherwise", from.word());
            tell(context, &mut told, Severity::Info, note);
            from
        }
        (None, None) => {
            return told.fail(context, &NoKind(source.name().to_owned()), Exit::Usage);
        }
    };
    let carried = match source::carried(from, &arguments.file, &source) {
        Ok(carried) => carried,
        Err(error) => return told.fail(context, &error, Exit::Blocked),
    };
    say(context, told, arguments, &source, carried)
}

/// Something beside the data: at once for people, in the report for programs.
fn tell(context: &Context, told: &mut Told, severity: Severity, said: String) {
    if !context.is_for_people() {
        told.note(severity, said);
    } else if context.verbosity != Verbosity::Quiet {
        let word = match severity {
            Severity::Info => "note",
            _ => "warning",
        };
        let line = format!("{word}: {}\n", escape_line(&said));
        context.terminal.err(&line);
    }
}

fn say(
    context: &Context,
    mut told: Told,
    arguments: &Arguments,
    source: &Source,
    carried: Carried,
) -> Exit {
    if arguments.write {
        let ground = match Ground::of(context) {
            Ok(ground) => ground,
            Err(exit) => return exit,
        };
        let remedy = "without `--write` it is printed, so that the two can be compared";
        let path = schema::PATH.into();
        let written = new::write(&ground.root(context), &path, &carried.yaml, remedy);
        if let Err(error) = written {
            return told.fail(context, &error, Exit::Refused);
        }
    }
    for note in &carried.lost {
        let variable = note.variable.as_ref().map(|name| format!("{name}: "));
        let variable = variable.unwrap_or_default();
        let (line, column) = (note.line, note.column);
        let said = format!("{}:{line}:{column}: {variable}{}", source.name(), note.what);
        tell(context, &mut told, Severity::Warning, said);
    }
    if context.is_for_people() {
        return context.say(&if arguments.write {
            written(&carried)
        } else {
            carried.yaml
        });
    }
    let lost = serde_json::to_value(&carried.lost).expect("notes are plain data");
    told.data("lost", lost);
    told.data("yaml", Value::String(carried.yaml));
    told.finish(context, Exit::Good)
}

fn written(carried: &Carried) -> String {
    let count = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    };
    let mut told = format!(
        "wrote {}: {}",
        schema::PATH,
        count(carried.variables, "variable", "variables")
    );
    if carried.environments > 0 {
        told.push_str(", ");
        told.push_str(&count(carried.environments, "environment", "environments"));
    }
    if !carried.lost.is_empty() {
        let lost = count(carried.lost.len(), "thing", "things");
        told.push_str("; ");
        told.push_str(&lost);
        told.push_str(" could not be carried over");
    }
    told + "\n"
}

/// There is no such file.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no `{0}`")]
#[diagnostic(help(
    "`guard env import FILE` reads the file with the schema; `-` reads standard input"
))]
struct NoFile(String);

/// A folder, or a file that must not be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`{name}` cannot be read: {error}")]
#[diagnostic(help("name the plain file that holds the schema; `ls -ld` shows what this is"))]
struct Unreadable {
    name: String,
    error: io::Error,
}

/// Neither name nor content says what it is.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("nothing says what `{0}` is")]
#[diagnostic(help("say it: `--from zod`, `--from pydantic` or `--from example`"))]
struct NoKind(String);
