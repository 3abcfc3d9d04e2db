//! Python, read by ruff's parser: the only place that knows its syntax tree.
//!
//! What leaves this room are facts, so that the parser stays replaceable. Today these are the environment
//! variables that a source names; what it imports will be told here too.

mod names;
mod reads;
mod rough;
pub mod schema;
mod settings;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::HashSet;

use crate::depth;
use crate::variable::{Mention, Reading};

/// What a source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The environment variables, in the order of the text.
    pub mentions: Vec<Mention>,
    /// How much was understood.
    pub reading: Reading,
}

/// Reads a source. Offsets are those of the text.
pub fn read(text: &str) -> Facts {
    // A tree of this parser is taken down level by level: that needs the room too.
    let read = depth::with_room(text.as_bytes(), || {
        tree::with(text, |body, reading| {
            let mut mentions = reads::mentions(body);
            mentions.extend(settings::mentions(body));
            Facts { mentions, reading }
        })
    });
    let mut facts = read.unwrap_or(Facts {
        mentions: Vec::new(),
        reading: Reading::Rough,
    });
    if facts.reading != Reading::Whole {
        // The parser skips what it does not understand, and what else stands there with it.
        let known: HashSet<usize> = facts.mentions.iter().map(|at| at.span.start).collect();
        let rough = rough::mentions(text).into_iter();
        facts
            .mentions
            .extend(rough.filter(|mention| !known.contains(&mention.span.start)));
    }
    facts.mentions.sort_by_key(|mention| mention.span.start);
    facts
}
