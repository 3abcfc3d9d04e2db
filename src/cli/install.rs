//! `guard install` and `guard uninstall`.

use std::fmt::Write as _;
use std::path::Path;

use crate::config;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::hook::{self, Fires, HookName};
use crate::init;
use crate::report::Verbosity;
use crate::repository::Repository;
use crate::terminal::Mark;
use crate::terminal::text::wrap;

use super::arguments::{Install, Missing};
use super::context::Context;

/// The width of what is printed, wherever it is read.
const COLUMNS: usize = 80;

/// What stands before the lines that follow a hook's first.
const INDENT: &str = "              ";

/// Puts the hooks in and says whether they fire.
pub(crate) fn install(context: &Context, arguments: &Install) -> Exit {
    let Some(binary) = Environment::binary() else {
        context
            .terminal
            .err("error: the system does not say where this binary is\n");
        return Exit::Unknown;
    };
    let asked = hook::Install {
        binary,
        missing: match arguments.missing {
            Missing::Block => hook::Missing::Block,
            Missing::Warn => hook::Missing::Warn,
        },
        names: HookName::ALL.to_vec(),
    };
    let done = match hook::install(&context.environment, &asked) {
        Ok(done) => done,
        Err(error) => return context.fail(&error, error.exit()),
    };
    if let Ok(repository) = Repository::discover(&context.environment) {
        lay_schema(context, repository.common_dir());
    }
    let (text, exit) = told(context, &done);
    match context.say(&text) {
        Exit::Good => exit,
        lost => lost,
    }
}

/// What was done for each hook and whether it fires, and the exit that this asks for.
pub(crate) fn told(context: &Context, done: &[hook::Done]) -> (String, Exit) {
    let style = context.terminal.looks().out;
    let mut text = String::new();
    let mut exit = Exit::Good;
    for step in done {
        let (mark, fires) = match &step.fires {
            Fires::Yes => (Mark::Good, "it fires".to_owned()),
            Fires::No(reason) => {
                exit = Exit::Unknown;
                (Mark::Bad, format!("it does not fire: {reason}"))
            }
            Fires::Unproven(reason) => (
                Mark::Unsure,
                format!("whether it fires is not proven: {reason}"),
            ),
        };
        let is_news = !matches!(step.fires, Fires::Yes);
        if is_news || context.verbosity != Verbosity::Quiet {
            let first = format!("{} {:10}  ", style.mark(mark), step.name.word());
            let told = format!("{} · {fires}", step.what.join(", "));
            let _ = writeln!(text, "{}", wrap(&told, COLUMNS, &first, INDENT));
        }
    }
    (text, exit)
}

/// Puts the schema of guard.yaml where editors look for it. Without it they complete nothing; guard needs it not.
pub(crate) fn lay_schema(context: &Context, common: &Path) {
    let schema = format!("{:#}\n", config::schema());
    if let Err(error) = init::lay_schema(common, &schema) {
        context.terminal.err(&format!(
            "guard: the schema for editors could not be written: {error}\n"
        ));
    }
}

/// Takes the hooks out and says what was put back.
pub(crate) fn uninstall(context: &Context) -> Exit {
    match hook::uninstall(&context.environment) {
        Ok(done) => {
            let mut text = String::new();
            for step in &done {
                let first = format!("· {:10}  ", step.name.word());
                let _ = writeln!(text, "{}", wrap(&step.what, COLUMNS, &first, INDENT));
            }
            if context.verbosity == Verbosity::Quiet {
                return Exit::Good;
            }
            context.say(&text)
        }
        Err(error) => context.fail(&error, error.exit()),
    }
}
