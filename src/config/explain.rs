//! What a setting is, where it came from, and what it means.

mod check;

use figment::value::Value as Merged;
use serde_json::Value as Json;

use super::Loaded;
use super::names;
use super::node::{Step, Trail};
use super::shape::{COMMAND, Key, TOP};

/// The answer of `guard explain config KEY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The setting.
    pub key: String,
    /// What holds, on one line.
    pub value: String,
    /// `built-in default`, `FILE:LINE`, or the name of a variable or flag.
    pub origin: String,
    /// What the setting means.
    pub text: String,
}

/// There is no such setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("there is no setting `{}`", names::shown(.key))]
#[diagnostic(help("{}", .nearest.as_ref().map_or_else(|| "settings are listed by `guard schema config`".to_owned(), |near| format!("did you mean `{near}`?"))))]
pub struct UnknownKey {
    /// What was asked for.
    pub key: String,
    /// What was probably meant.
    pub nearest: Option<String>,
}

pub(super) fn explain(loaded: &Loaded, key: &str) -> Result<Explained, UnknownKey> {
    let Some((trail, known)) = resolve(loaded, key) else {
        return Err(UnknownKey {
            key: key.to_owned(),
            nearest: nearest(loaded, key),
        });
    };
    let merged = value(loaded, &trail).filter(|value| !matches!(value, Merged::Empty(..)));
    let origin = merged
        .as_ref()
        .and_then(|_| loaded.layers.origin_of(&trail));
    Ok(Explained {
        key: key.to_owned(),
        value: match &merged {
            // The digits of a variable are its text: 1.10 is not 1.1.
            Some(value) => match loaded.layers.literal(&trail) {
                Some(literal) if is_variable(&trail) => literal.to_owned(),
                _ => written(value),
            },
            None => default(loaded, &trail, known),
        },
        origin: origin.unwrap_or_else(|| "built-in default".to_owned()),
        text: text(loaded, &trail),
    })
}

/// The trail of a dotted path; names of commands may hold dots themselves.
fn resolve(loaded: &Loaded, key: &str) -> Option<(Trail, Option<Key>)> {
    let find = |keys: &[Key], name: &str| keys.iter().find(|key| key.name == name).copied();
    if let Some(known) = find(&TOP, key) {
        return Some((Trail::of([key]), Some(known)));
    }
    if let Some(rest) = key.strip_prefix("checks.") {
        return check::resolve(loaded, rest);
    }
    let rest = key.strip_prefix("commands.")?;
    loaded.config.commands.iter().find_map(|(name, command)| {
        let trail = Trail::of(["commands", name]);
        let rest = match rest.strip_prefix(name.as_str())? {
            "" => return Some((trail, None)),
            rest => rest.strip_prefix('.')?,
        };
        if let Some(variable) = rest.strip_prefix("env.") {
            let (variable, _) = command.env.get_key_value(variable)?;
            return Some((trail.key("env").key(variable), None));
        }
        let known = find(&COMMAND, rest)?;
        Some((trail.key(rest), Some(known)))
    })
}

fn nearest(loaded: &Loaded, key: &str) -> Option<String> {
    names::nearest(key, keys(loaded).iter().map(String::as_str)).map(str::to_owned)
}

/// Every setting that can be explained, as a dotted path.
pub(super) fn keys(loaded: &Loaded) -> Vec<String> {
    let mut all: Vec<String> = TOP.iter().map(|key| key.name.to_owned()).collect();
    for (name, command) in &loaded.config.commands {
        all.push(format!("commands.{name}"));
        all.extend(
            COMMAND
                .iter()
                .map(|key| format!("commands.{name}.{}", key.name)),
        );
        all.extend(
            command
                .env
                .keys()
                .map(|variable| format!("commands.{name}.env.{variable}")),
        );
    }
    all.extend(check::keys(loaded));
    all
}

fn value(loaded: &Loaded, trail: &Trail) -> Option<Merged> {
    let mut value = Merged::from(loaded.layers.merged());
    for step in &trail.0 {
        let (Step::Key(key), Merged::Dict(_, mut dict)) = (step, value) else {
            return None;
        };
        value = dict.remove(key)?;
    }
    Some(value)
}

/// What holds without being set.
fn default(loaded: &Loaded, trail: &Trail, known: Option<Key>) -> String {
    let command = match &trail.0[..] {
        [Step::Key(section), Step::Key(name), rest @ ..] if section == "checks" => {
            return check::default(name, rest, known);
        }
        [_, Step::Key(name), _] => loaded.config.commands.get(name),
        _ => None,
    };
    match (known, command) {
        (Some(key), Some(command)) if key.name == "reads" => match command.reads {
            super::valid::Reads::Files => "files".to_owned(),
            super::valid::Reads::Project => "project".to_owned(),
        },
        (Some(key), Some(command)) if key.name == "cache" => {
            (!command.inputs.is_empty()).to_string()
        }
        (Some(key), _) => key.default.to_owned(),
        (None, _) => String::new(),
    }
}

/// Whether this is a variable of a command or a check.
fn is_variable(trail: &Trail) -> bool {
    matches!(&trail.0[..], [_, _, Step::Key(key), Step::Key(_)] if key == "env")
}

/// A value on one line, as it could be written in guard.yaml.
fn written(value: &Merged) -> String {
    serde_json::to_value(value).map_or_else(
        |_| String::new(),
        |value| match value {
            Json::String(text) if !text.contains(['\n', '\r']) => text,
            other => other.to_string(),
        },
    )
}

/// The sentence above the field, by way of the schema.
fn text(loaded: &Loaded, trail: &Trail) -> String {
    let schema = super::schema();
    let description = |place: &Json| place["description"].as_str().unwrap_or_default().to_owned();
    let command = &schema["$defs"]["command"];
    match &trail.0[..] {
        [Step::Key(section), rest @ ..] if section == "checks" => {
            let about = |key: &str| description(&schema["$defs"]["check"]["properties"][key]);
            match rest {
                [] => check::section(&description(&schema["properties"][section])),
                [Step::Key(id), rest @ ..] => check::text(loaded, id, rest, about),
                [Step::Index(_), ..] => String::new(),
            }
        }
        [Step::Key(key)] => description(&schema["properties"][key]),
        [_, _, Step::Key(key), ..] => description(&command["properties"][key]),
        _ => description(command),
    }
}
