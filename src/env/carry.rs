//! The schema of a program's code carried over to `schemas/env.yaml`, and what of it could not be.
//!
//! ```text
//! Model ── said: each variable as YAML has it, secrets left out ── sound: only what goes together
//!       ── layers: what of it is the base's, what each environment's ── text: the file
//! ```
//!
//! The schema that comes out asks for nothing that the code did not ask for: a rule that would make it wrong, or that
//! guard has no word for, is left out and said, at its place in the code.

mod layers;
mod said;
mod sound;
#[cfg(test)]
mod tests;
mod text;

use std::ops::Range;

use crate::source::Source;
use crate::variable::model::Model;
use layers::Layers;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Carried {
    /// The text of the schema.
    pub(crate) yaml: String,
    /// What could not be carried over, in the order of the code.
    pub(crate) lost: Vec<Note>,
    /// How many variables were.
    pub(crate) variables: usize,
    /// How many environments were.
    pub(crate) environments: usize,
}

/// Something that could not be carried over, at its place in the code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub(crate) struct Note {
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// None where it is about no single one.
    pub(crate) variable: Option<String>,
    pub(crate) what: String,
}

impl Note {
    fn at(source: &Source, span: &Range<usize>, variable: Option<&str>, what: String) -> Self {
        let place = source.position(span.start);
        Self {
            line: place.line,
            column: place.column,
            variable: variable.map(str::to_owned),
            what,
        }
    }
}

/// Carries a schema over. The spans point into the source.
pub(crate) fn carry(model: &Model, source: &Source) -> Carried {
    let mut lost: Vec<Note> = model
        .lost
        .iter()
        .map(|lost| Note::at(source, &lost.span, None, lost.what.clone()))
        .collect();
    let layers = Layers::of(model, source, &mut lost);
    let yaml = text::yaml(&layers, source.name(), &lost);
    lost.extend(layers.lost().cloned());
    lost.sort();
    lost.dedup();
    Carried {
        yaml,
        variables: layers.variables(),
        environments: layers.environments.len(),
        lost,
    }
}
