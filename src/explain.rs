//! `guard explain`: what a code means, with an example of wrong and right, from the same texts that the docs
//! page is made of; and what a step, a command or a topic is.
//!
//! An example is a file that people read and the tests run (`example`); `examples` has one for every code.

pub mod example;
pub mod examples;
mod kinds;
mod list;
mod nearest;
mod page;
#[cfg(test)]
mod tests;
mod topic;

use serde_json::{Map, Value};

use crate::config::valid::Command;
use crate::finding::code::{self, ALL};
pub use nearest::{UnknownTopic, unknown};
pub use topic::STEPS;

/// Lines end here.
const WIDTH: usize = 80;

/// What there is to say, for people and for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// In 80 columns, with a line end.
    pub text: String,
    /// The same as `data` of a report.
    pub data: Map<String, Value>,
}

/// Every code, a line each, and what else can be asked for.
pub fn list() -> Answer {
    list::all()
}

/// All there is to know about a code, a step or a topic. Letters of either case and `_` will do as well.
pub fn known(asked: &str) -> Option<Answer> {
    let meant = nearest::plain(asked);
    if let Some(code) = ALL.iter().find(|code| nearest::plain(code.id) == meant) {
        return Some(page::of(code));
    }
    match code::secrets()
        .iter()
        .find(|code| nearest::plain(code.id) == meant)
    {
        Some(code) => Some(kinds::page(code)),
        None => topic::of(&meant),
    }
}

/// What a command of guard.yaml is.
pub fn command(id: &str, command: &Command) -> Answer {
    topic::command(id, command)
}

/// The docs page `docs/codes.md`.
pub fn docs() -> String {
    page::docs()
}

/// The docs page `docs/secret-kinds.md`.
pub fn docs_of_secrets() -> String {
    kinds::docs()
}

/// The fields of an object.
fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}
