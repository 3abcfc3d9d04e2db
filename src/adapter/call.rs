//! How suites and builds become units: they read the whole project, and their files are what made them run.

use std::collections::BTreeMap;

use super::Ask;
use super::coverage::floor;
use crate::config::valid::{Isolate, Reads};
use crate::path::RepoPath;
use crate::repository::Kind;
use crate::tool::{Call, Ear, Missing, Unit};

/// A call that reads a project, in guard's own words for machines: no colours, no watching, no questions.
pub(crate) fn call(run: Vec<String>, ear: &'static dyn Ear) -> Call {
    Call {
        run,
        fix: None,
        reads: Reads::Project,
        inputs: Vec::new(),
        env: BTreeMap::new(),
        isolate: Isolate::Link,
        leaves: Vec::new(),
        floor: None,
        is_away: false,
        first: Vec::new(),
        ear,
    }
}

impl Call {
    /// The same, with a variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same, and what its tests must reach where that is asked for.
    pub(crate) fn covered(mut self, ask: &Ask<'_>) -> Self {
        self.floor = floor(ask.coverage);
        self
    }
}

/// One run in a package.
pub(crate) fn unit(
    ask: &Ask<'_>,
    tool: &'static str,
    root: RepoPath,
    call: Result<Call, Missing>,
) -> Unit {
    let below = ask
        .changed
        .iter()
        .filter(|change| change.kind != Kind::Deleted && change.path.is_within(&root));
    Unit {
        tool,
        files: below.map(|change| change.path.clone()).collect(),
        call,
        root,
    }
}

/// Words as an argv.
pub(crate) fn argv(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
