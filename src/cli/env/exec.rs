//! `guard env exec`: the variables of an environment, judged, and then the program that was asked for in guard's
//! place.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::base::{self, Base, Unreadable};
use super::{help, shown};
use crate::cli::context::Context;
use crate::config::names;
use crate::env::{self, Choice, Layer};
use crate::exit::Exit;
use crate::process::{self, variables::Variables};
use crate::schema::{Schema, Stage};

/// Arguments of `guard env exec`.
#[derive(Args, Debug)]
#[command(before_help = help::EXEC, after_help = help::EXEC_EXITS)]
pub(crate) struct Arguments {
    /// The environment (default: GUARD_ENV, else the one of the branch)
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Read this file instead of those beside the schema; may be repeated, the last one wins
    #[arg(long = "file", value_name = "FILE", conflicts_with = "no_files")]
    files: Vec<PathBuf>,
    /// Read no file: the process has everything
    #[arg(long)]
    no_files: bool,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "CMD")]
    command: Vec<OsString>,
}

/// `guard env exec -- CMD…`.
pub(crate) fn run(context: &Context, arguments: &Arguments) -> Exit {
    match ready(context, arguments) {
        Ok(variables) => start(context, &arguments.command, &variables),
        Err(exit) => exit,
    }
}

/// Everything that the program is going to see; what keeps it from starting was said.
fn ready(context: &Context, arguments: &Arguments) -> Result<Variables, Exit> {
    let base = Base::of(context);
    let schema = base.needed_schema(context)?;
    let name = environment(context, arguments, &base, &schema.schema)?;
    let layers = layers(context, arguments, &base, &schema.schema, &name)?;
    let readers = base.readers();
    let reader = readers.first().copied();
    let reader = reader.unwrap_or(crate::dotenv::Dialect::Node);
    let seen = env::see(&layers, reader, &context.environment, (&schema, &name));
    shown::tell(context, &seen.findings);
    if shown::blocks(&seen.findings) {
        return Err(Exit::Blocked);
    }
    // The user asked for his environment: guard's own secrets and git's places are a part of it.
    let own = context.environment.iter();
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let added = seen.added.iter();
    let added = added.map(|(name, value)| (name.into(), value.reveal().into()));
    let place = place(context);
    Ok(own.chain(added).chain(place).collect())
}

/// Where the program works, where that is not where the shell thinks: `-C` was given.
fn place(context: &Context) -> Option<(OsString, OsString)> {
    let directory = &context.environment.directory;
    let said = PathBuf::from(context.environment.os("PWD")?);
    let is_there = said.canonicalize().ok() == directory.canonicalize().ok();
    (!is_there).then(|| ("PWD".into(), directory.into()))
}

/// Which environment is meant.
fn environment(
    context: &Context,
    arguments: &Arguments,
    base: &Base,
    schema: &Schema,
) -> Result<String, Exit> {
    let usual = || context.environment.filled("GUARD_ENV").map(str::to_owned);
    let asked = arguments.env.clone().or_else(usual);
    let of_branch = || {
        let branch = base.repository.as_ref()?.branch().ok()??;
        schema.environment_of_branch(&branch).map(str::to_owned)
    };
    let Some(name) = asked.or_else(of_branch) else {
        return Err(context.fail(&Unnamed::of(schema), Exit::Usage));
    };
    let choice = Choice {
        asked: Some(name.clone()),
        ..Choice::default()
    };
    match choice.check(schema) {
        Ok(()) => Ok(name),
        Err(error) => Err(match error.problems() {
            [one] => context.fail(one, Exit::Usage),
            _ => context.fail(&error, Exit::Usage),
        }),
    }
}

/// The files, the weakest first.
fn layers(
    context: &Context,
    arguments: &Arguments,
    base: &Base,
    schema: &Schema,
    name: &str,
) -> Result<Vec<Layer>, Exit> {
    let mut layers = Vec::new();
    if arguments.no_files {
        return Ok(layers);
    }
    let unreadable = |path: &std::path::Path, error: &std::io::Error| Unreadable {
        name: path.display().to_string(),
        why: base::told(error),
    };
    for file in &arguments.files {
        let path = context.environment.directory.join(file);
        match base::content(&path) {
            Ok(Some(bytes)) => layers.push(Layer {
                path: base.told(&path),
                bytes,
            }),
            Ok(None) => {
                let error = NoFile(file.display().to_string());
                return Err(context.fail(&error, Exit::Usage));
            }
            Err(error) => return Err(context.fail(&unreadable(file, &error), Exit::Blocked)),
        }
    }
    if !arguments.files.is_empty() {
        return Ok(layers);
    }
    for file in usual(schema, name) {
        let path = base.root.join(&file);
        match base::plain_content(&path) {
            Ok(Some(bytes)) => layers.push(Layer {
                path: file.as_str().into(),
                bytes,
            }),
            Ok(None) => {}
            Err(error) => {
                let error = unreadable(std::path::Path::new(&file), &error);
                return Err(context.fail(&error, Exit::Blocked));
            }
        }
    }
    Ok(layers)
}

/// The files that an environment has, the weakest first. What a developer has for his own machine is none of
/// production's.
fn usual(schema: &Schema, name: &str) -> Vec<String> {
    let stage = schema.for_environment(Some(name)).stage;
    let mut files = Vec::new();
    if matches!(stage, None | Some(Stage::Development)) {
        files.extend([".env".to_owned(), ".env.local".to_owned()]);
    }
    // A name that leads elsewhere is none of a file.
    if !name.contains('/') {
        files.extend([format!(".env.{name}"), format!(".env.{name}.local")]);
    }
    files
}

/// Becomes the program.
fn start(context: &Context, command: &[OsString], variables: &Variables) -> Exit {
    match process::replace(command, variables, &context.environment.directory) {
        Ok(code) => Exit::Foreign(u8::try_from(code).unwrap_or(1)),
        Err(error) => context.fail(&error, Exit::Foreign(error.shell_code())),
    }
}

/// Nothing says which environment is meant.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("nothing says which environment this is")]
#[diagnostic(help("{help}"))]
struct Unnamed {
    help: String,
}

impl Unnamed {
    fn of(schema: &Schema) -> Self {
        let names = schema.environments.iter();
        let names = if schema.environments.is_empty() {
            names::list(Stage::ALL.iter().map(|(name, _)| *name))
        } else {
            names::list(names.map(|known| known.name.as_str()))
        };
        Self {
            help: format!("name it with `--env` or GUARD_ENV; there are {names}"),
        }
    }
}

/// A file that is not there.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no `{}`", crate::terminal::escape_line(.0))]
#[diagnostic(help(
    "without `--file` the files beside the schema are read; with `--no-files` none is"
))]
struct NoFile(String);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn a_developers_files_are_none_of_productions() {
        let text = "variables: {}\nenvironments: { blue: {}, eu: { kind: production } }\n";
        let read = schema::read(schema::PATH, text.as_bytes()).unwrap();
        let of = |name: &str| usual(&read.schema, name).join(" ");
        assert_eq!(
            of("development"),
            ".env .env.local .env.development .env.development.local"
        );
        assert_eq!(of("blue"), ".env .env.local .env.blue .env.blue.local");
        assert_eq!(of("production"), ".env.production .env.production.local");
        assert_eq!(of("eu"), ".env.eu .env.eu.local");
    }
}
