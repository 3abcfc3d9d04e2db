//! The first schemas/env.yaml: what all examples together say, each variable on a line.

use std::fmt::Write as _;

use super::example::Example;
use super::infer::{self, Kind, Variable};
use super::yaml;
use crate::path::RepoPath;

/// A file that was read, and what it came to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Read {
    /// The file.
    pub(crate) path: RepoPath,
    /// How many variables it shows.
    pub(crate) variables: usize,
    /// How many of them are secret.
    pub(crate) secrets: usize,
    /// How many of them browsers get to see.
    pub(crate) public: usize,
    /// The lines that are no assignment, from 1.
    pub(crate) unread: Vec<usize>,
}

/// What all examples together show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Schema {
    /// What was read.
    pub(crate) read: Vec<Read>,
    /// The variables, each with the examples that show it, by their places in `read`.
    variables: Vec<(Variable, Vec<usize>)>,
}

impl Schema {
    /// Takes one more example in.
    pub(crate) fn take(&mut self, path: &RepoPath, example: &Example) {
        let at = self.read.len();
        let mut read = Read {
            path: path.clone(),
            variables: example.entries.len(),
            secrets: 0,
            public: 0,
            unread: example.unread.clone(),
        };
        for entry in &example.entries {
            let variable = infer::variable(entry);
            read.secrets += usize::from(variable.is_secret);
            read.public += usize::from(variable.is_public);
            let mut known = self.variables.iter_mut();
            match known.find(|(known, _)| known.name == variable.name) {
                Some((known, by)) => {
                    infer::merge(known, variable);
                    by.push(at);
                }
                None => self.variables.push((variable, vec![at])),
            }
        }
        self.read.push(read);
    }

    /// Names that say secret on variables that every visitor gets to see.
    pub(crate) fn exposed(&self) -> Vec<&str> {
        let variables = self.variables.iter().map(|(variable, _)| variable);
        let exposed = variables
            .filter(|variable| variable.is_public && super::looks::is_secret_name(&variable.name));
        exposed.map(|variable| variable.name.as_str()).collect()
    }

    /// The file's text; none where there is no variable to describe.
    pub(crate) fn text(&self) -> Option<String> {
        if self.variables.is_empty() {
            return None;
        }
        let from: Vec<String> = self
            .read
            .iter()
            .map(|read| yaml::comment(&read.path.to_text()))
            .collect();
        let mut text = String::from(HEAD);
        let _ = writeln!(text, "# First written from {}.", from.join(", "));
        text.push_str(TEACH);
        text.push_str("variables:\n");
        let mut heading: &[usize] = &[];
        for (variable, by) in self.in_groups() {
            if self.read.len() > 1 && heading != by {
                let names: Vec<&str> = by.iter().map(|at| from[*at].as_str()).collect();
                let _ = writeln!(text, "  # {}", names.join(", "));
                heading = by;
            }
            write(&mut text, variable);
        }
        Some(text)
    }

    /// The variables, those of the same examples together.
    fn in_groups(&self) -> Vec<(&Variable, &[usize])> {
        let mut all: Vec<(&Variable, &[usize])> = self
            .variables
            .iter()
            .map(|(variable, by)| (variable, by.as_slice()))
            .collect();
        all.sort_by_key(|(_, by)| *by);
        all
    }
}

const HEAD: &str = "# What the environment of this project must hold.\n";

const TEACH: &str = "\
# Guesses to be corrected: a variable of which little is known is a plain string.
#   type: string, url, int, float, bool, port, email, enum, duration, json, list, ...
#   required: true, false, or the environments that need it: [production]
#   secret: true hides the value; visibility: public is what browsers get to see
#   provided_by: railway needs no value of yours
";

fn write(text: &mut String, variable: &Variable) {
    let mut keys = vec![("type", kind(&variable.kind).to_owned())];
    match &variable.kind {
        Kind::Url(schemes) if !schemes.is_empty() => {
            keys.push(("schemes", yaml::list(schemes.iter().map(String::as_str))));
        }
        Kind::Enum(values) => keys.push(("enum", yaml::list(values.iter().map(String::as_str)))),
        _ => {}
    }
    if variable.is_secret {
        keys.push(("secret", "true".to_owned()));
    }
    if variable.is_public {
        keys.push(("visibility", "public".to_owned()));
    }
    if variable.is_provided {
        keys.push(("provided_by", "railway".to_owned()));
    }
    if variable.is_required {
        keys.push(("required", "true".to_owned()));
    }
    if let Some(default) = &variable.default {
        let written = match variable.kind {
            Kind::Int | Kind::Float | Kind::Bool => default.clone(),
            _ => yaml::text(default),
        };
        keys.push(("default", written));
    }
    if let Some(description) = &variable.description {
        keys.push(("description", yaml::text(description)));
    }
    text.push_str(&yaml::entry(2, &variable.name, &keys));
}

fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "string",
        Kind::Url(_) => "url",
        Kind::Int => "int",
        Kind::Float => "float",
        Kind::Bool => "bool",
        Kind::Port => "port",
        Kind::Email => "email",
        Kind::Enum(_) => "enum",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::env::first::example;
    use crate::schema;

    proptest! {
        #[test]
        fn whatever_an_example_shows_is_a_schema(lines in prop::collection::vec((
            prop::sample::select(vec!["PORT", "A", "no", "LOG_LEVEL", "API_TOKEN", "VITE_X", "DB_URL", "RATE", "DEBUG", "MAIL_FROM"]),
            prop::sample::select(vec!["", "1", "0.5", "99999", "true", "info", "https://a.io/x", "a@b.io", "x y", "${{A.B}}", "'q'", "postgres://u:p@h/d"]),
            prop::sample::select(vec!["", " # one of: info, debug", " # info | debug", " # says: { it }", " # optional"]),
        ), 1..8)) {
            let mut text = String::new();
            for (name, value, comment) in lines {
                let _ = writeln!(text, "{name}={value}{comment}");
            }
            let mut first = Schema::default();
            first.take(&".env.example".into(), &example::read(&text));
            let written = first.text().expect("there are variables");
            let read = schema::read(schema::PATH, written.as_bytes());
            prop_assert!(read.is_ok(), "{:?}\n{}", read.err(), written);
        }
    }
}
