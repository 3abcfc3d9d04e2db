//! Which keys there are and of what kind, so that every wrong one can be named at once, at its place.
//!
//! serde stops at the first mistake. This table says the same as the types in `raw`, and a test holds the two together.

mod check;

use figment::value::{Dict, Value as Merged};

pub(super) use check::{keys as of_check, switch};

use super::names::{self, list, shown};
use super::node::{Step, Trail};

/// A key of the configuration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// What holds when it is not set, in words that `explain` shows.
    pub(super) default: &'static str,
}

/// What a value may look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Commands,
    Checks,
    Choice(&'static [&'static str]),
    Choices(&'static [&'static str]),
    Whole,
    Percent,
    Boolean,
    Version,
    Time,
    Text,
    Texts,
    Run,
    Patterns,
    Variables,
    Severities,
}

/// Some of the moments.
const MOMENTS: Shape = Shape::Choices(&["commit", "push", "ci"]);

/// How installed packages come into guard's own checkout.
const ISOLATE: Shape = Shape::Choice(&["link", "copy"]);

const fn key(name: &'static str, shape: Shape, default: &'static str) -> Key {
    Key {
        name,
        shape,
        default,
    }
}

/// The one key that is not guard's: JSON has no comment in which editors could look.
pub(super) const EDITORS: &str = "$schema";

/// The keys of the file.
pub(super) const TOP: [Key; 7] = [
    key(EDITORS, Shape::Text, "none"),
    key("commands", Shape::Commands, "{}"),
    key("checks", Shape::Checks, "{}"),
    key("on_unknown", Shape::Choice(&["block", "warn"]), "block"),
    key("empty_fix", Shape::Choice(&["block", "allow"]), "block"),
    key("jobs", Shape::Whole, "as many as there are processors"),
    key("min_version", Shape::Version, "any version"),
];

/// The keys of a command.
pub(super) const COMMAND: [Key; 16] = [
    key("run", Shape::Run, ""),
    key("fix", Shape::Run, "none"),
    key("fix_on_commit", Shape::Boolean, "false"),
    key("at", MOMENTS, "[commit, push, ci]"),
    key("files", Shape::Patterns, "every changed file below root"),
    key("exclude", Shape::Patterns, "[]"),
    key("root", Shape::Text, "the repository's root"),
    key("needs", Shape::Texts, "[]"),
    key(
        "reads",
        Shape::Choice(&["files", "project"]),
        "files where `{files}` is used, else project",
    ),
    key("isolate", ISOLATE, "link"),
    key("inputs", Shape::Texts, "[]"),
    key("env", Shape::Variables, "{}"),
    key("pass_env", Shape::Texts, "[]"),
    key("timeout", Shape::Time, "none"),
    key(
        "cache",
        Shape::Boolean,
        "true for a command with inputs, else false",
    ),
    key("branches", Shape::Texts, "all branches"),
];

/// Keys that the documentation describes and that this version does not read yet.
const LATER: [&str; 2] = ["notify", "ship"];

/// What a percentage is.
const PERCENT: &str = "write a number between 0 and 100: `80`, `87.5`";

/// A mistake before it has a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) trail: Trail,
    pub(super) spot: Part,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Which part of an entry a mistake is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Key,
    Value,
}

impl Mistake {
    fn key(trail: Trail, message: String, help: Option<String>) -> Self {
        Self {
            trail,
            spot: Part::Key,
            message,
            help,
        }
    }

    fn value(trail: Trail, message: String, help: impl Into<String>) -> Self {
        Self {
            trail,
            spot: Part::Value,
            message,
            help: Some(help.into()),
        }
    }
}

/// Every key that does not exist, and every value of the wrong kind.
pub(super) fn judge(root: &Dict) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    entries(root, &TOP, &Trail::default(), &mut mistakes);
    mistakes
}

fn entries(dict: &Dict, keys: &[Key], trail: &Trail, mistakes: &mut Vec<Mistake>) {
    for (name, value) in dict {
        let here = trail.key(name);
        match keys.iter().find(|key| key.name == name) {
            Some(key) => shape(value, key, &here, mistakes),
            None => mistakes.push(unknown(name, keys, here)),
        }
    }
}

fn unknown(name: &str, keys: &[Key], trail: Trail) -> Mistake {
    let names = || {
        keys.iter()
            .map(|key| key.name)
            .filter(|name| *name != EDITORS)
    };
    let at_top = trail.0.len() == 1;
    let help = if at_top && LATER.contains(&name) {
        format!(
            "guard {} does not read `{name}` yet: take it out",
            env!("CARGO_PKG_VERSION")
        )
    } else if let Some(near) = names::nearest(name, names()) {
        format!("did you mean `{near}`?")
    } else {
        format!("the keys here are {}", list(names()))
    };
    Mistake::key(trail, format!("unknown key `{}`", shown(name)), Some(help))
}

fn shape(value: &Merged, key: &Key, trail: &Trail, mistakes: &mut Vec<Mistake>) {
    let name = key.name;
    let mut wrong = |help: String| {
        let what = kind(value);
        let message = format!("`{name}` cannot be {what}");
        mistakes.push(Mistake::value(trail.clone(), message, help));
    };
    match (key.shape, value) {
        // Nothing is written: the default holds. Only `run` has none.
        (_, Merged::Empty(..)) if name != "run" => {}
        (Shape::Commands, Merged::Dict(_, dict)) => {
            for (name, command) in dict {
                self::command(command, &trail.key(name), mistakes);
            }
        }
        (Shape::Commands, _) => wrong("write the commands by name: `NAME: { run: … }`".to_owned()),
        (Shape::Checks, Merged::Dict(_, dict)) => check::judge(dict, trail, mistakes),
        (Shape::Checks, _) => wrong("write the checks by id: `checks: { lint: false }`".to_owned()),
        (Shape::Choice(words), Merged::String(_, word)) => choice(word, words, trail, mistakes),
        (Shape::Choice(words), _) => {
            wrong(format!("choose one of {}", list(words.iter().copied())));
        }
        (Shape::Choices(words), Merged::Array(_, items)) => {
            texts(name, items, trail, mistakes);
            for (index, item) in items.iter().enumerate() {
                if let Some(word) = item.as_str() {
                    choice(word, words, &trail.index(index), mistakes);
                }
            }
        }
        (Shape::Choices(words), _) => {
            wrong(format!(
                "write a list of {}: `{name}: [{}]`",
                list(words.iter().copied()),
                words[0]
            ));
        }
        (Shape::Whole, Merged::Num(_, number)) => {
            let fits = number
                .to_i128()
                .map(i64::try_from)
                .or_else(|| number.to_u128().map(i64::try_from));
            if !matches!(fits, Some(Ok(_))) {
                wrong("write a whole number between 1 and 512".to_owned());
            }
        }
        (Shape::Whole, _) => wrong("write a whole number between 1 and 512".to_owned()),
        (Shape::Percent, Merged::Num(_, number)) => {
            let fits = number.to_f64().is_some()
                || number.to_i128().is_some_and(|it| i64::try_from(it).is_ok())
                || number.to_u128().is_some_and(|it| u64::try_from(it).is_ok());
            if !fits {
                wrong(PERCENT.to_owned());
            }
        }
        (Shape::Percent, _) => wrong(PERCENT.to_owned()),
        (Shape::Boolean, Merged::Bool(..))
        | (
            Shape::Version | Shape::Time | Shape::Text | Shape::Run | Shape::Patterns,
            Merged::String(..),
        ) => {}
        (Shape::Boolean, _) => wrong("write `true` or `false`".to_owned()),
        (Shape::Version, _) => wrong("put the version in quotes: `\"0.1\"`".to_owned()),
        (Shape::Time, _) => {
            wrong("write a time with its unit: `500ms`, `60s`, `5m`, `1h30m`".to_owned());
        }
        (Shape::Text, _) => {
            wrong("write a text, in quotes where it looks like something else".to_owned());
        }
        (Shape::Texts | Shape::Run | Shape::Patterns, Merged::Array(_, items)) => {
            texts(name, items, trail, mistakes);
        }
        (Shape::Texts, Merged::String(_, text)) => {
            wrong(format!("write a list: `{name}: [{}]`", shown(text)));
        }
        (Shape::Texts, _) => wrong("write a list of texts".to_owned()),
        (Shape::Run, _) => wrong("write a line for the shell, or a list of words".to_owned()),
        (Shape::Patterns, _) => wrong("write a pattern or a list of patterns".to_owned()),
        (Shape::Variables, Merged::Dict(_, dict)) => variables(dict, trail, mistakes),
        (Shape::Variables, _) => {
            wrong("write the variables by name: `env: { CI: \"1\" }`".to_owned());
        }
        (Shape::Severities, Merged::Dict(_, dict)) => check::severities(dict, trail, mistakes),
        (Shape::Severities, _) => {
            wrong("write a severity for each code: `severity: { CMD-FAILED: warning }`".to_owned());
        }
    }
}

fn command(value: &Merged, trail: &Trail, mistakes: &mut Vec<Mistake>) {
    match value {
        Merged::Dict(_, dict) => {
            entries(dict, &COMMAND, trail, mistakes);
            // A misspelt `run` has been told where it stands.
            if !dict.contains_key("run") && !dict.keys().any(|name| is_meant_as_run(name)) {
                let message = "the command has no `run`".to_owned();
                let help = "say what it runs: `run: npx eslint {files}`".to_owned();
                mistakes.push(Mistake::key(trail.key("run"), message, Some(help)));
            }
        }
        other => mistakes.push(Mistake::value(
            trail.clone(),
            format!("a command cannot be {}", kind(other)),
            match other {
                Merged::String(_, text) => format!("write `{{ run: {} }}`", shown(text)),
                _ => "write what it runs: `{ run: npx eslint {files} }`".to_owned(),
            },
        )),
    }
}

fn is_meant_as_run(name: &str) -> bool {
    names::nearest(name, COMMAND.iter().map(|key| key.name)) == Some("run")
}

fn choice(word: &str, words: &[&'static str], trail: &Trail, mistakes: &mut Vec<Mistake>) {
    if words.contains(&word) {
        return;
    }
    let help = match names::nearest(word, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("choose one of {}", list(words.iter().copied())),
    };
    let name = match trail.keys_only().0.pop() {
        Some(Step::Key(name)) => name,
        _ => String::new(),
    };
    let message = format!("`{}` is no value of `{name}`", shown(word));
    mistakes.push(Mistake::value(trail.clone(), message, help));
}

fn texts(name: &str, items: &[Merged], trail: &Trail, mistakes: &mut Vec<Mistake>) {
    for (index, item) in items.iter().enumerate() {
        if item.as_str().is_none() {
            mistakes.push(Mistake::value(
                trail.index(index),
                format!("an item of `{name}` cannot be {}", kind(item)),
                "write a text, in quotes where it looks like something else",
            ));
        }
    }
}

fn variables(dict: &Dict, trail: &Trail, mistakes: &mut Vec<Mistake>) {
    for (name, value) in dict {
        if !matches!(
            value,
            Merged::String(..) | Merged::Bool(..) | Merged::Num(..)
        ) {
            mistakes.push(Mistake::value(
                trail.key(name),
                format!("the variable `{}` cannot be {}", shown(name), kind(value)),
                "write a text, a number or a boolean; `\"\"` for an empty one",
            ));
        }
    }
}

/// What a value is, in words.
fn kind(value: &Merged) -> String {
    match value {
        Merged::String(_, text) => format!("the text `{}`", shown(text)),
        Merged::Char(_, letter) => format!("the text `{letter}`"),
        Merged::Bool(_, value) => format!("the boolean `{value}`"),
        Merged::Num(_, number) => match (number.to_i128(), number.to_u128(), number.to_f64()) {
            (Some(number), _, _) => format!("the number {number}"),
            (_, Some(number), _) => format!("the number {number}"),
            (_, _, Some(number)) => format!("the number {number}"),
            _ => "a number".to_owned(),
        },
        Merged::Empty(..) => "empty".to_owned(),
        Merged::Dict(..) => "a map".to_owned(),
        Merged::Array(..) => "a list".to_owned(),
    }
}
