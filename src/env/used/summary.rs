//! What a scan came to, as data: names and places, and nothing that borrows from the sources.

use std::collections::BTreeMap;

use super::findings::{reading, words};
use super::{At, Used};
use crate::path::RepoPath;

/// A line of a source.
pub(crate) type Line = (RepoPath, u32);

/// What the sources use, and what the schema says to it.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// How many sources there are.
    pub(crate) sources: usize,
    /// Where each variable is read, or declared for the code that reads it.
    pub(crate) used: BTreeMap<String, Vec<Line>>,
    /// What the schema lacks, with the name that was probably meant.
    pub(crate) undeclared: Vec<(String, Option<String>)>,
    /// What no source names.
    pub(crate) unused: Vec<String>,
    /// What code for browsers reads and should not.
    pub(crate) client: Vec<String>,
    /// Where variables are read whose names only the running program knows.
    pub(crate) dynamic: Vec<Line>,
    /// The sources that were not read as a whole, and why.
    pub(crate) unread: Vec<(RepoPath, &'static str)>,
    /// Whether there is a schema to hold them against.
    pub(crate) has_schema: bool,
    /// Whether nothing can be read that was not seen.
    pub(crate) sees_all: bool,
}

impl Used<'_> {
    pub(crate) fn summary(&self) -> Summary {
        let undeclared = self.undeclared().into_iter();
        let unread = self.usage.unread.iter();
        let unread = unread.map(|unread| (unread.path.clone(), words(unread.why)));
        let rough = self.rough();
        let rough = rough.map(|source| (source.path.clone(), reading(source.content.reading)));
        let used = self.places.iter();
        Summary {
            sources: self.usage.count,
            used: used
                .map(|(name, places)| ((*name).to_owned(), lines(places)))
                .collect(),
            undeclared: undeclared
                .map(|one| (one.name.to_owned(), one.near.map(str::to_owned)))
                .collect(),
            unused: self.unused().iter().map(|one| one.name.clone()).collect(),
            client: self
                .exposed()
                .iter()
                .map(|one| one.name.to_owned())
                .collect(),
            dynamic: lines(&self.dynamic()),
            unread: unread.chain(rough).collect(),
            has_schema: !self.schemas.is_empty(),
            sees_all: self.sees_all(),
        }
    }
}

/// Each line once: `${A:-$A}` is one place.
fn lines(places: &[At<'_>]) -> Vec<Line> {
    let places = places.iter();
    let mut lines: Vec<Line> = places
        .map(|(source, spot)| (source.path.clone(), spot.line))
        .collect();
    lines.dedup();
    lines
}
