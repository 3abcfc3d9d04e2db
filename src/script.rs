//! JavaScript and TypeScript, read by oxc: the only place that knows its syntax tree.
//!
//! What leaves this room are facts, so that the parser stays replaceable and its tree lives no longer than one
//! call. Today these are the environment variables that a source names; what it imports will be told here too.

mod aliases;
mod blocks;
mod declared;
mod objects;
mod reads;
mod rough;
pub mod schema;
#[cfg(test)]
mod tests;
mod tree;

use crate::depth;
use crate::variable::{Mention, Reading, Side};
pub use tree::Dialect;

/// What a source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The environment variables, in the order of the text.
    pub mentions: Vec<Mention>,
    /// What the source says of itself by `"use client"` or `"use server"`.
    pub directive: Option<Side>,
    /// How much was understood.
    pub reading: Reading,
}

impl Facts {
    fn none() -> Self {
        Self {
            mentions: Vec::new(),
            directive: None,
            reading: Reading::Whole,
        }
    }
}

/// Reads a source. Offsets are those of the text.
pub fn read(text: &str, dialect: Dialect) -> Facts {
    let mut facts = if dialect.has_blocks() {
        blocks::read(text, dialect)
    } else {
        program(text, dialect)
    };
    facts.mentions.sort_by_key(|mention| mention.span.start);
    facts
}

/// Reads a text that is all code.
fn program(text: &str, dialect: Dialect) -> Facts {
    let read = depth::with_room(text.as_bytes(), || {
        tree::with(text, dialect, |program, reading| Facts {
            mentions: reads::mentions(program, dialect),
            directive: tree::directive(program),
            reading,
        })
    });
    match read {
        Some(facts) if facts.reading != Reading::Rough => facts,
        _ => Facts {
            mentions: rough::mentions(text),
            directive: None,
            reading: Reading::Rough,
        },
    }
}
