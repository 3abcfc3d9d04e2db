//! `guard explain`: what a code means, or where a setting's value came from.

use crate::config::Explained;
use crate::exit::Exit;
use crate::explain;
use crate::repository::Repository;
use crate::terminal::text::wrap;

use super::arguments::Explain;
use super::context::Context;

/// The width of a page of text, wherever it is read.
const COLUMNS: usize = 80;

/// What can be asked for.
const SETTINGS: &str = "\
guard explain config on_unknown          what an unknown does to a hook
guard explain config empty_fix           what a fix that leaves nothing to commit does
guard explain config jobs                how many steps run at once
guard explain config min_version         the oldest guard that may read it
guard explain config commands            the team's own tools
guard explain config commands.NAME       one of them
guard explain config commands.NAME.run   one of its settings
guard explain config checks              the built-in checks
guard explain config checks.lint         one of them
guard explain config checks.lint.at      one of its settings
";

/// Explains.
pub(crate) fn run(context: &Context, arguments: &Explain) -> Exit {
    match (arguments.topic.as_deref(), arguments.key.as_deref()) {
        (None, _) => context.say(&explain::list()),
        (Some("config"), Some(key)) => setting(context, key),
        (Some("config"), None) => context.say(SETTINGS),
        (Some(code), _) => match explain::code(code) {
            Ok(text) => context.say(&text),
            Err(error) => context.fail(&error, Exit::Usage),
        },
    }
}

fn setting(context: &Context, key: &str) -> Exit {
    let repository = match Repository::discover(&context.environment) {
        Ok(repository) => repository,
        Err(error) => return context.fail(&error, error.exit()),
    };
    let settings = match context.settings(&repository) {
        Ok(settings) => settings,
        Err(exit) => return exit,
    };
    let loaded = match context.load(&repository, &settings.read) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    match loaded.explain(key) {
        Ok(Explained {
            key,
            value,
            origin,
            text,
        }) => {
            let text = wrap(&text, COLUMNS, "", "");
            context.say(&format!("{key}: {value}\nfrom {origin}\n\n{text}\n"))
        }
        Err(error) => context.fail(&error, Exit::Usage),
    }
}
