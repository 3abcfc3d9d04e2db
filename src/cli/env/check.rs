//! `guard env check`: from what was typed to the files that are judged.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::Context;
use crate::clock::Clock;
use crate::event::Listener;
use crate::exit::Exit;
use crate::finding::Fix;
use crate::gate::{self, Checked};
use crate::process::signal::Cancel;

use super::ground::Ground;
use super::help;

/// Arguments of `guard env check`.
#[derive(Args, Debug)]
#[command(before_help = help::CHECK, after_help = help::CHECK_EXITS)]
pub(crate) struct Arguments {
    /// The files (default: every `.env*` at a package's root, but examples)
    #[arg(value_name = "FILES")]
    files: Vec<PathBuf>,
    /// Mend what can be mended without changing a value, then judge
    #[arg(long)]
    fix: bool,
    /// With --fix: also what some reader gets another value of
    #[arg(long = "unsafe", requires = "fix")]
    is_unsafe: bool,
    /// The environment whose rules hold (default: what a file's name says, else the base)
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Another schema than schemas/env.yaml
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Judge the variables that this process was started with instead of files
    #[arg(long, conflicts_with = "files")]
    process: bool,
}

impl Arguments {
    /// The gravest fix that may be made.
    fn allowed(&self) -> Fix {
        match (self.fix, self.is_unsafe) {
            (false, _) => Fix::None,
            (true, false) => Fix::Safe,
            (true, true) => Fix::Unsafe,
        }
    }
}

/// `guard env check [FILES…]`.
pub(crate) fn run(context: &Context, arguments: &Arguments) -> Exit {
    let directory = &context.environment.directory;
    let files: Vec<PathBuf> = arguments
        .files
        .iter()
        .map(|file| directory.join(file))
        .collect();
    let named = arguments.files.iter().chain(&arguments.schema);
    if let Some(missing) = named
        .clone()
        .find(|file| directory.join(file).symlink_metadata().is_err())
    {
        let error = NoFile(missing.display().to_string());
        return context.fail(&error, Exit::Usage);
    }
    let ground = match Ground::of(context) {
        Ok(ground) => ground,
        Err(exit) => return exit,
    };
    let clock = Clock::Real;
    let checked = Checked {
        repository: ground.repository.as_ref(),
        root: ground.root(context),
        files,
        schema: arguments
            .schema
            .as_ref()
            .map(|schema| directory.join(schema)),
        fix: arguments.allowed(),
        environment: arguments.env.clone(),
        variables: arguments.process.then(|| variables(context)),
        usual: ground.usual.clone(),
        settings: &ground.settings,
        gitignore: ground.gitignore.as_ref(),
        clock: &clock,
        cancel: Cancel::new(),
        notes: ground.notes.clone(),
    };
    let mut reporter = context.reporter(false);
    let ended = {
        let mut listeners: Vec<&mut dyn Listener> = reporter.listeners();
        gate::env(&checked, &mut listeners)
    };
    match ended {
        Ok(exit) => reporter.finish(exit),
        Err(error) => context.fail(&error, error.exit()),
    }
}

/// What the process was started with; what is no text is shown to the schema as far as it is.
fn variables(context: &Context) -> Vec<(String, String)> {
    let all = context.environment.iter();
    all.map(|(name, value)| {
        let text = |text: &std::ffi::OsStr| text.to_string_lossy().into_owned();
        (text(name), text(value))
    })
    .collect()
}

/// A file that is not there.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no `{0}`")]
#[diagnostic(help(
    "`guard env check` without files looks at every `.env*` at a package's root, but examples"
))]
struct NoFile(String);
