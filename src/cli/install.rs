//! `guard install` and `guard uninstall`.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::config;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::hook::{self, Done, Fires, HookName};
use crate::init;
use crate::outcome::Outcome;
use crate::report::Verbosity;
use crate::repository::Repository;
use crate::terminal::Mark;
use crate::terminal::text::wrap;

use super::arguments::{Install, Missing};
use super::context::Context;
use super::told::Told;

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
    let told = Told::new("install", "the hooks");
    let done = match hook::install(&context.environment, &asked) {
        Ok(done) => done,
        Err(error) => return told.fail(context, &error, error.exit()),
    };
    if let Ok(repository) = Repository::discover(&context.environment) {
        lay_schema(context, repository.common_dir());
    }
    let (text, exit) = shown(context, &done);
    if !context.is_for_people() {
        return report(context, told, &done, exit);
    }
    match context.say(&text) {
        Exit::Good => exit,
        lost => lost,
    }
}

/// What was done for each hook and whether it fires, and the exit that this asks for.
pub(crate) fn shown(context: &Context, done: &[Done]) -> (String, Exit) {
    let is_mute = |step: &Done| matches!(step.fires, Fires::No(_));
    let exit = if done.iter().any(is_mute) {
        Exit::Unknown
    } else {
        Exit::Good
    };
    let style = context.terminal.looks().out;
    let mut text = String::new();
    for step in done {
        let (mark, fires) = match &step.fires {
            Fires::Yes => (Mark::Good, "it fires".to_owned()),
            Fires::No(reason) => (Mark::Bad, format!("it does not fire: {reason}")),
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

/// The same for programs: a hook that does not fire is unknown, as what it would judge stays unjudged.
fn report(context: &Context, mut told: Told, done: &[Done], exit: Exit) -> Exit {
    let mut hooks = Vec::new();
    for step in done {
        let (word, reason, outcome) = match &step.fires {
            Fires::Yes => ("yes", None, Outcome::Passed),
            Fires::No(reason) => {
                let unknown = Outcome::unknown(
                    format!("it does not fire: {reason}"),
                    "remove what stands in the way, then `guard install` again",
                );
                ("no", Some(reason), unknown)
            }
            Fires::Unproven(reason) => {
                let skipped = format!("whether it fires is not proven: {reason}");
                ("unproven", Some(reason), Outcome::skipped(skipped))
            }
        };
        hooks.push(json!({
            "name": step.name.word(),
            "what": step.what,
            "fires": word,
            "reason": reason,
        }));
        told.step(step.name.word(), &step.what.join(", "), outcome);
    }
    told.data("hooks", Value::Array(hooks));
    told.finish(context, exit)
}

/// Takes the hooks out and says what was put back.
pub(crate) fn uninstall(context: &Context) -> Exit {
    let mut told = Told::new("uninstall", "the hooks");
    let done = match hook::uninstall(&context.environment) {
        Ok(done) => done,
        Err(error) => return told.fail(context, &error, error.exit()),
    };
    if !context.is_for_people() {
        let hooks = done.iter();
        let hooks = hooks.map(|step| json!({ "name": step.name.word(), "what": step.what }));
        told.data("hooks", hooks.collect());
        return told.finish(context, Exit::Good);
    }
    if context.verbosity == Verbosity::Quiet {
        return Exit::Good;
    }
    let mut text = String::new();
    for step in &done {
        let first = format!("· {:10}  ", step.name.word());
        let _ = writeln!(text, "{}", wrap(&step.what, COLUMNS, &first, INDENT));
    }
    context.say(&text)
}
