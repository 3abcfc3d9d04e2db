//! `guard hook NAME -- ARGS`: what the installed shims call.

use std::sync::Arc;

use crate::change::{self, Remote};
use crate::exit::Exit;
use crate::finding::Severity;
use crate::hook::{self, Call, Chained, HookName, PROBE_EXIT};
use crate::moment::Moment;
use crate::repository::Repository;
use crate::terminal::escape_line;

use super::arguments::{Called, Hook};
use super::context::Context;
use super::run::{self, Meant};

/// Answers git: the kept hook first, then the gate.
pub(crate) fn run(context: &Context, arguments: &Hook) -> Exit {
    let (name, moment) = match arguments.name {
        Called::PreCommit => (HookName::PreCommit, Moment::Commit),
        Called::PrePush => (HookName::PrePush, Moment::Push),
    };
    // Drained before anything else: git must never write into a closed pipe.
    let input = match name {
        HookName::PrePush => run::standard_input(),
        HookName::PreCommit => Vec::new(),
    };
    if let Some(answer) = hook::probe_answer(&context.environment, name) {
        context.terminal.out(&format!("{answer}\n"));
        return PROBE_EXIT;
    }
    let repository = match Repository::discover(&context.environment) {
        Ok(repository) => Arc::new(repository),
        Err(error) => return context.fail(&error, error.exit()),
    };
    if hook::is_repeat(&context.environment, name, repository.git_dir()) {
        let again = format!("guard: already judging this {name}, not a second time\n");
        context.terminal.err(&again);
        return Exit::Good;
    }
    let shim = hook::shim(&context.environment, name);
    // A line in somebody else's hook keeps nothing; only guard's own file has a neighbour.
    if let Some(folder) = shim.as_ref().and_then(hook::Shim::folder) {
        let call = Call {
            name,
            args: &arguments.arguments,
            stdin: &input,
            git_dir: repository.git_dir(),
        };
        match hook::chain(folder, &call, &context.environment) {
            Chained::None | Chained::Passed => {}
            Chained::Failed { code, reason } => {
                let reason = escape_line(&reason).into_owned();
                context.terminal.err(&format!("guard: {reason}\n"));
                return Exit::Foreign(code);
            }
        }
    }
    let warning = hook::check_shim(shim.map(|shim| shim.version));
    let notes = warning.map(|warning| (Severity::Warning, warning));
    let input = if input.is_empty() {
        let resolve = |name: &str| change::resolve(&repository, name);
        hook::lines_from_pre_commit(&context.environment, resolve).unwrap_or_default()
    } else {
        input
    };
    let remote = remote(context, arguments);
    let meant = Meant::hook(moment, &input, remote, notes.into_iter().collect());
    run::gate(context, &repository, meant)
}

/// Where a push goes: git gives a name and an address; managers that swallow them leave variables.
fn remote(context: &Context, arguments: &Hook) -> Remote {
    let variable = |name: &str| context.environment.filled(name).map(str::to_owned);
    let mut words = arguments
        .arguments
        .iter()
        .map(|word| word.to_string_lossy());
    let mut next = || words.next().map(std::borrow::Cow::into_owned);
    let name = next().or_else(|| variable("PRE_COMMIT_REMOTE_NAME"));
    let url = next().or_else(|| variable("PRE_COMMIT_REMOTE_URL"));
    Remote {
        name: name.unwrap_or_default().into(),
        url: url.unwrap_or_default().into(),
    }
}
