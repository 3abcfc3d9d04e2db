//! The look itself: through open folders on Unix, path by path elsewhere.

#[cfg(unix)]
mod folders;

use super::Own;
use super::agreement::{Expected, Seen, looker, seen};
use crate::path::RepoPath;
use crate::repository::agree::{Abilities, Open, settle, untracked};
use crate::repository::entry::{Disagreement, Judged};
use crate::repository::index::Index;
use crate::repository::reader::Answer;

/// How many files of a project are compared before the rest is looked at: one that differs is
/// enough, and often among the first that were touched.
const FIRST_BATCH: usize = 64;

/// More strangers than these are not named to git: it looks for all.
const MOST_STRANGERS: usize = 200;

/// Names that nobody expects.
enum Strangers {
    Named(Vec<RepoPath>),
    /// Nobody looked for them.
    Unknown,
}

/// One look at a project.
pub(super) struct Survey<'a> {
    own: &'a Own,
    index: &'a Index,
    judged: Judged,
    abilities: Abilities,
    /// Files whose content is still to be compared.
    open: Vec<Open>,
    batch: usize,
    strangers: Strangers,
}

impl<'a> Survey<'a> {
    pub(super) fn new(own: &'a Own, index: &'a Index, judged: Judged) -> Answer<Self> {
        Ok(Self {
            own,
            index,
            judged,
            abilities: Abilities::of(own)?,
            open: Vec::new(),
            batch: FIRST_BATCH,
            strangers: Strangers::Named(Vec::new()),
        })
    }

    /// Compares what has gathered; what differs, if anything.
    fn settle(&mut self) -> Answer<Option<Disagreement>> {
        let found = settle(self.own, &self.own.program, self.judged, &self.open)?;
        self.open.clear();
        self.batch *= 4;
        Ok(found.into_iter().next())
    }

    /// The first stranger that git does not ignore.
    pub(super) fn settle_strangers(&mut self, root: &RepoPath) -> Answer<Option<Disagreement>> {
        match &self.strangers {
            Strangers::Named(names) if names.is_empty() => Ok(None),
            Strangers::Named(names) if names.len() <= MOST_STRANGERS => {
                untracked(&self.own.program, names, |_| false)
            }
            _ => untracked(&self.own.program, std::slice::from_ref(root), |_| false),
        }
    }
}

impl Survey<'_> {
    fn take(&mut self, seen: Seen) -> Answer<Option<Disagreement>> {
        match seen {
            Seen::Agrees => Ok(None),
            Seen::Differs(one) => Ok(Some(one)),
            Seen::Open(one) => {
                self.open.push(one);
                if self.open.len() < self.batch {
                    return Ok(None);
                }
                self.settle()
            }
        }
    }

    /// Looks at every path by itself; the first that differs.
    fn look_at_each(&mut self, all: &[Expected<'_>]) -> Answer<Option<Disagreement>> {
        let mut looker = looker(self.own)?;
        for expected in all {
            let (look, about) = looker.look(&RepoPath::new(expected.path), expected.blob);
            let seen = seen(self.index, expected, look, about.as_ref());
            if let Some(found) = self.take(seen)? {
                return Ok(Some(found));
            }
        }
        // Every stranger is looked for.
        self.strangers = Strangers::Unknown;
        self.settle()
    }

    /// Looks at everything below `root`; the first that differs.
    #[cfg(not(unix))]
    pub(super) fn look(
        &mut self,
        _: &RepoPath,
        all: &[Expected<'_>],
    ) -> Answer<Option<Disagreement>> {
        self.look_at_each(all)
    }
}
