//! The command line: what was typed becomes what is meant, a flow runs, an exit code comes out.

mod arguments;
mod cache;
mod complete;
mod completions;
mod context;
mod diagnostic;
#[cfg(test)]
mod docs;
mod doctor;
mod env;
mod explain;
mod first_look;
mod fix;
mod help;
mod hook;
mod init;
mod install;
mod man;
mod near;
mod reporter;
mod run;
mod schema;
mod secrets;
mod summary;
mod told;

use std::ffi::OsString;
use std::panic;

use clap::Parser;
use clap::error::ErrorKind;

use crate::engine;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::terminal::{Color, Terminal};
use arguments::{Cli, Command};
use context::Context;

/// Runs guard with the process's own arguments and environment.
pub fn main() -> Exit {
    // A panic is never printed where it happens: a step's becomes a finding, any other is told here.
    panic::set_hook(Box::new(|info| {
        engine::hear_panic(info);
    }));
    let outcome = panic::catch_unwind(|| meet(Environment::arguments(), Environment::read()));
    outcome.unwrap_or_else(|payload| {
        let what = payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string))
            .unwrap_or_else(|| "no message".to_owned());
        terminal(&Environment::read()).err(&format!(
            "error: guard itself went wrong: {what}\n\
             help: please report it with the output of `guard --version` (`guard explain GUARD-BUG`)\n"
        ));
        Exit::Bug
    })
}

/// From words to exit code.
fn meet(words: Vec<OsString>, environment: Environment) -> Exit {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(mut error) => {
            near::suggest(&mut error);
            return said_by_clap(&error, &environment);
        }
    };
    let context = match Context::new(&cli.global, environment) {
        Ok(context) => context,
        Err(exit) => return exit,
    };
    match cli.command {
        Command::Init(arguments) => init::run(&context, &arguments),
        Command::Run(arguments) => run::run(&context, &arguments),
        Command::Secrets(arguments) => secrets::run(&context, &arguments),
        Command::Env { what } => env::run(&context, &what),
        Command::Fix(arguments) => fix::run(&context, &arguments),
        Command::Hook(arguments) => hook::run(&context, &arguments),
        Command::Install(arguments) => install::install(&context, &arguments),
        Command::Uninstall => install::uninstall(&context),
        Command::Cache { what } => cache::run(&context, &what),
        Command::Doctor => doctor::run(&context),
        Command::Schema { which } => schema::run(&context, which),
        Command::Completions { shell } => completions::run(&context, shell),
        Command::Man { command } => man::run(&context, &command),
        Command::Complete { fresh, words } => complete::run(&context, words, fresh),
        Command::Explain(arguments) => explain::run(&context, &arguments),
    }
}

/// Both streams, before any flag was read.
fn terminal(environment: &Environment) -> Terminal {
    Terminal::new(environment, Color::Auto, None)
}

/// Help and version are data; everything else that clap says is a usage error.
fn said_by_clap(error: &clap::Error, environment: &Environment) -> Exit {
    let terminal = terminal(environment);
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            terminal.out(&text);
            Exit::Good
        }
        _ => {
            terminal.err(&text);
            Exit::Usage
        }
    }
}
