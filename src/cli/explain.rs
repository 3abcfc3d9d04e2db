//! `guard explain`: what a code means, or where a setting's value came from.

use crate::config::Explained;
use crate::exit::Exit;
use crate::explain;
use crate::repository::Repository;

use super::arguments::Explain;
use super::context::Context;

/// Explains.
pub(crate) fn run(context: &Context, arguments: &Explain) -> Exit {
    match (arguments.topic.as_deref(), arguments.key.as_deref()) {
        (None, _) => context.say(&explain::list()),
        (Some("config"), key) => setting(context, key.unwrap_or_default()),
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
        }) => context.say(&format!("{key}: {value}\nfrom {origin}\n\n{text}\n")),
        Err(error) => context.fail(&error, Exit::Usage),
    }
}
