//! `guard install` and `guard uninstall`.

use std::fmt::Write as _;

use crate::environment::Environment;
use crate::exit::Exit;
use crate::hook::{self, Fires, HookName};
use crate::terminal::Mark;

use super::arguments::{Install, Missing};
use super::context::Context;

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
    let style = context.terminal.looks().out;
    let mut text = String::new();
    let mut exit = Exit::Good;
    for step in &done {
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
        let (mark, what) = (style.mark(mark), step.what.join(", "));
        let _ = writeln!(text, "{mark} {:10}  {what} · {fires}", step.name.word());
    }
    match context.say(&text) {
        Exit::Good => exit,
        lost => lost,
    }
}

/// Takes the hooks out and says what was put back.
pub(crate) fn uninstall(context: &Context) -> Exit {
    match hook::uninstall(&context.environment) {
        Ok(done) => {
            let mut text = String::new();
            for step in &done {
                let _ = writeln!(text, "· {:10}  {}", step.name.word(), step.what);
            }
            context.say(&text)
        }
        Err(error) => context.fail(&error, error.exit()),
    }
}
