//! Which variables the sources use, held against the schema: what either lacks, and what browsers get to see.
//!
//! Everything is asked of the names alone. What a place needs, and what it does not, is decided in `needed`.

mod client;
mod findings;
mod needed;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::config::names;
use crate::schema::{Read, Variable};
use crate::usage::{Source, Spot, Usage, known};
use crate::variable::{Reading, Way, What};
pub(crate) use summary::{Line, Summary};

/// The nearest name is looked for so often: who has more undeclared ones has another problem than a misspelt one.
const MOST_NEAREST: usize = 50;

/// A place in a source.
type At<'a> = (&'a Source, &'a Spot);

/// What sources use, beside what a schema says.
pub(crate) struct Used<'a> {
    usage: &'a Usage,
    /// None where the project has none: then nothing is undeclared or unused.
    schemas: Vec<&'a Read>,
    /// Where each variable is read, or declared for the code that reads it.
    places: BTreeMap<&'a str, Vec<At<'a>>>,
    /// What the schema says of each name, whatever the environment.
    declared: BTreeMap<&'a str, Vec<&'a Variable>>,
}

/// A variable that the schema does not have.
struct Undeclared<'a> {
    name: &'a str,
    /// The first place that needs it.
    at: At<'a>,
    /// What was probably meant.
    near: Option<&'a str>,
}

impl<'a> Used<'a> {
    pub(crate) fn of(usage: &'a Usage, schemas: Vec<&'a Read>) -> Self {
        let mut declared: BTreeMap<&str, Vec<&Variable>> = BTreeMap::new();
        for variable in schemas.iter().flat_map(|read| variables(read)) {
            declared.entry(&variable.name).or_default().push(variable);
        }
        Self {
            usage,
            schemas,
            places: usage.by_name(&[What::Read, What::Declared]),
            declared,
        }
    }

    /// The names that something deployed needs and the schema does not have. What somebody else sets needs none.
    fn undeclared(&self) -> Vec<Undeclared<'a>> {
        if self.schemas.is_empty() {
            return Vec::new();
        }
        let of_images = self.of_images();
        let mut undeclared: Vec<Undeclared<'a>> = Vec::new();
        for (name, places) in &self.places {
            let is_known = self.declared.contains_key(name) || is_of_others(name, places);
            if is_known || of_images.contains_key(name) {
                continue;
            }
            let mut needed = places
                .iter()
                .filter(|(source, spot)| needed::is(source, spot));
            let Some(at) = needed.next() else {
                continue;
            };
            let near = (undeclared.len() < MOST_NEAREST).then(|| self.nearest(name));
            undeclared.push(Undeclared {
                name,
                at: *at,
                near: near.flatten(),
            });
        }
        undeclared
    }

    /// What an image has by itself, wherever it runs.
    fn of_images(&self) -> BTreeMap<&'a str, Vec<At<'a>>> {
        let mut set = self.usage.by_name(&[What::Assigned]);
        set.retain(|_, places| {
            let mut places = places.iter();
            places.any(|(source, _)| source.kind == crate::usage::Kind::Docker)
        });
        set
    }

    /// What the schema has and no source names in any way. What tools and platforms read by themselves is used.
    fn unused(&self) -> Vec<&'a Variable> {
        let every = [
            What::Read,
            What::Declared,
            What::Assigned,
            What::Secret,
            What::Setting,
        ];
        let named = self.usage.by_name(&every);
        let all = self.declared.iter();
        all.filter(|(name, _)| !named.contains_key(*name) && known::by_whom(name).is_none())
            .filter_map(|(_, said)| said.first().copied())
            .collect()
    }

    /// Whether every source was understood, and names what it reads: only then is it sure that nothing else is read.
    fn sees_all(&self) -> bool {
        self.usage.unread.is_empty() && self.rough().next().is_none() && self.dynamic().is_empty()
    }

    /// Places at which something deployed reads a variable whose name only the running program knows.
    fn dynamic(&self) -> Vec<At<'a>> {
        let sources = self.deployed();
        let spots =
            sources.flat_map(|source| source.content.spots.iter().map(move |s| (source, s)));
        spots
            .filter(|(_, spot)| spot.what == What::Dynamic)
            .collect()
    }

    /// The deployed sources that were not understood as a whole.
    fn rough(&self) -> impl Iterator<Item = &'a Source> {
        self.deployed()
            .filter(|source| source.content.reading != Reading::Whole)
    }

    fn deployed(&self) -> impl Iterator<Item = &'a Source> {
        let sources = self.usage.sources.iter();
        sources.filter(|source| !needed::is_aside(source))
    }

    /// The nearest name of the schema.
    fn nearest(&self, name: &str) -> Option<&'a str> {
        // A name of quite another length is no slip of the finger, and is not compared letter by letter.
        let all = self.declared.keys().copied();
        let like = all.filter(|known| known.len().abs_diff(name.len()) <= 3);
        names::nearest(name, like)
    }
}

/// Every variable that is spoken of, the base first.
fn variables(read: &Read) -> impl Iterator<Item = &Variable> {
    let own = read.schema.environments.iter();
    let own = own.flat_map(|environment| &environment.variables);
    read.schema.variables.iter().chain(own)
}

/// Whether somebody else sets a variable: the system, a platform, or the bundler for what it builds.
fn is_of_others(name: &str, places: &[At<'_>]) -> bool {
    let is_built_in = |(_, spot): &At<'_>| spot.way == Way::Bundle;
    known::by_whom(name).is_some() || known::is_of_bundler(name) && places.iter().all(is_built_in)
}
