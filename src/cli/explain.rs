//! `guard explain`: what a code, a step, a command or a topic means, or where a setting's value came from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::config::valid::Command;
use crate::config::{ConfigError, Explained};
use crate::exit::Exit;
use crate::explain::{self, Answer};
use crate::repository::Repository;
use crate::terminal::text::{pad, wrap};

use super::arguments::Explain;
use super::context::Context;

/// The width of a page of text, wherever it is read.
const COLUMNS: usize = 80;

/// What `guard explain config` can be asked for.
const SETTINGS: [(&str, &str); 10] = [
    ("on_unknown", "what an unknown does to a hook"),
    ("empty_fix", "what a fix that empties a commit does"),
    ("jobs", "how many steps run at once"),
    ("min_version", "the oldest guard that may read it"),
    ("commands", "the team's own tools"),
    ("commands.NAME", "one of them"),
    ("commands.NAME.run", "one of its settings"),
    ("checks", "the built-in checks"),
    ("checks.lint", "one of them"),
    ("checks.lint.at", "one of its settings"),
];

/// Explains.
pub(crate) fn run(context: &Context, arguments: &Explain) -> Exit {
    match (arguments.topic.as_deref(), arguments.key.as_deref()) {
        (None, _) => say(context, explain::list()),
        (Some("config"), Some(key)) => setting(context, key),
        (Some("config"), None) => say(context, settings()),
        (Some(asked), None) => topic(context, asked),
        (Some(asked), Some(key)) => surplus(context, asked, key),
    }
}

/// A code, a step, a topic, or else a command of guard.yaml.
fn topic(context: &Context, asked: &str) -> Exit {
    if let Some(answer) = explain::known(asked) {
        return say(context, answer);
    }
    let commands = commands(context);
    let known = commands.as_ref().ok().and_then(|all| all.get(asked));
    if let Some(command) = known {
        return say(context, explain::command(asked, command));
    }
    let names = commands.iter().flat_map(BTreeMap::keys);
    let unknown = explain::unknown(asked, names.map(String::as_str));
    match commands {
        // It may well be a command: nobody can tell while guard.yaml cannot be read.
        Err(error) if unknown.nearest.is_none() => context.fail(&error, Exit::Usage),
        _ => context.fail(&unknown, Exit::Usage),
    }
}

/// Only `config` is followed by something.
fn surplus(context: &Context, asked: &str, key: &str) -> Exit {
    let mut unknown = explain::unknown(asked, []);
    if unknown.nearest.as_deref() == Some("config") {
        unknown.nearest = Some(format!("config {key}"));
    }
    unknown.asked = format!("{asked} {key}");
    context.fail(&unknown, Exit::Usage)
}

/// The commands of guard.yaml; none outside of a repository.
fn commands(context: &Context) -> Result<BTreeMap<String, Command>, ConfigError> {
    let Ok(repository) = Repository::discover(&context.environment) else {
        return Ok(BTreeMap::new());
    };
    let loaded = context.try_load(&repository, &context.environment)?;
    Ok(loaded.config.commands)
}

fn settings() -> Answer {
    let mut text = String::new();
    let mut all = Vec::new();
    for (key, about) in SETTINGS {
        let call = pad(&format!("guard explain config {key}"), 39);
        let _ = writeln!(text, "{call}  {about}");
        all.push(json!({ "key": key, "about": about }));
    }
    answer(text, json!({ "settings": all }))
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
            let about = wrap(&text, COLUMNS, "", "");
            let shown = format!("{key}: {value}\nfrom {origin}\n\n{about}\n");
            let data = json!({ "key": key, "value": value, "origin": origin, "about": text });
            say(context, answer(shown, data))
        }
        Err(error) => context.fail(&error, Exit::Usage),
    }
}

fn answer(text: String, data: Value) -> Answer {
    let data = match data {
        Value::Object(data) => data,
        _ => serde_json::Map::new(),
    };
    Answer { text, data }
}

/// Prints an answer.
fn say(context: &Context, answer: Answer) -> Exit {
    context.answer("explain", answer.data, &answer.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate;
    use crate::terminal::text::width;

    #[test]
    fn the_settings_fit_a_page() {
        let listed = settings().text;
        assert_eq!(listed.lines().count(), SETTINGS.len());
        for line in listed.lines() {
            assert!(width(line) <= COLUMNS, "{line}");
        }
    }

    #[test]
    fn the_gate_s_own_steps_are_explained() {
        for id in [gate::CHANGE, gate::FIX] {
            assert!(explain::STEPS.iter().any(|(known, _)| *known == id), "{id}");
        }
    }
}
