//! The layers of the configuration, lowest first, and which of them a value came from.

use std::ops::Range;

use figment::value::{Dict, Map, Value as Merged};
use figment::{Figment, Metadata, Profile, Provider};

use super::node::{Node, Trail, Value};
use super::problem::Problem;
use super::shape::{Mistake, Part};
use crate::source::Source;

/// One layer.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) origin: Origin,
    pub(super) node: Node,
}

/// Where a layer was written.
#[derive(Debug)]
pub(super) enum Origin {
    /// In a file.
    File(Source),
    /// In an environment variable or a flag: its name.
    Name(String),
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.name().to_owned())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.node.to_dict()))
    }
}

impl Origin {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::File(source) => source.name(),
            Self::Name(name) => name,
        }
    }
}

/// All layers, lowest first.
#[derive(Debug, Default)]
pub(super) struct Layers(pub(super) Vec<Layer>);

impl Layers {
    /// All of them on top of each other.
    pub(super) fn figment(&self) -> Figment {
        self.0.iter().fold(Figment::new(), Figment::merge)
    }

    /// What figment made of them, for those who look at all of it.
    pub(super) fn merged(&self) -> Dict {
        match self.figment().extract::<Merged>() {
            Ok(Merged::Dict(_, dict)) => dict,
            _ => Dict::new(),
        }
    }

    /// The layer that a value came from. Lists replace each other whole, maps are merged: so it is
    /// the highest layer that has the value, or the list in which it stands.
    pub(super) fn layer_of(&self, trail: &Trail) -> Option<&Layer> {
        let owner = trail.keys_only();
        self.0
            .iter()
            .rev()
            .find(|layer| layer.node.find(&owner).is_some())
    }

    /// What was written for a scalar, digit by digit, where it stands in a file.
    pub(super) fn literal(&self, trail: &Trail) -> Option<&str> {
        let layer = self.layer_of(trail)?;
        let Origin::File(source) = &layer.origin else {
            return None;
        };
        let spot = layer.node.find(trail)?;
        match spot.node.value {
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {
                let text = source.slice(spot.node.span.clone()).trim();
                (!text.is_empty()).then_some(text)
            }
            _ => None,
        }
    }

    /// `FILE:LINE`, or the name of the variable or flag.
    pub(super) fn origin_of(&self, trail: &Trail) -> Option<String> {
        let layer = self.layer_of(trail)?;
        Some(match &layer.origin {
            Origin::Name(name) => name.clone(),
            Origin::File(source) => {
                let spot = layer.node.find(trail)?;
                let start = spot.key.unwrap_or(spot.node.span.clone()).start;
                format!("{}:{}", source.name(), source.position(start).line)
            }
        })
    }

    /// The mistake with its place: in the layer that the value came from, never in another.
    pub(super) fn locate(&self, mistake: Mistake) -> Problem {
        let trail = &mistake.trail;
        // What is missing is told where the thing stands that misses it.
        let layer = self
            .layer_of(trail)
            .or_else(|| self.layer_of(&trail.parent()));
        let Some(layer) = layer else {
            return Problem::new(
                format!("{trail}: {}", mistake.message),
                mistake.help.unwrap_or_default(),
            );
        };
        match &layer.origin {
            Origin::Name(name) => Problem::new(
                format!("{name}: {}", mistake.message),
                mistake.help.unwrap_or_default(),
            ),
            Origin::File(source) => {
                let span = span(&layer.node, trail, mistake.spot);
                Problem::at(source, span, mistake.message, mistake.help)
            }
        }
    }
}

/// Where a mistake stands; what was not written stands at the nearest thing above it that was.
fn span(node: &Node, trail: &Trail, part: Part) -> Range<usize> {
    let mut trail = trail.clone();
    let spot = loop {
        match node.find(&trail) {
            Some(spot) => break spot,
            None => trail = trail.parent(),
        }
    };
    match (part, spot.key) {
        (Part::Key, Some(key)) => key,
        _ => spot.node.span.clone(),
    }
}
