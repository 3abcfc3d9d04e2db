//! What is known about a slot before it is used: what was laid out, and whether that can be believed.

use std::collections::BTreeSet;
use std::io;

use super::folder::{Folder, Look, Moment, look_at, split};
use super::state::{Entry, State};
use super::survey;
use super::wanted::{File, Wanted};

/// The file with the state, and the mark that a move was begun.
pub(crate) const STATE: &[u8] = b"state";
pub(crate) const MOVING: &[u8] = b"moving";

/// What is remembered of a slot.
pub(crate) struct Memory {
    pub(crate) state: Option<State>,
    /// When the state was written: what changed in the same instant may have changed unseen.
    pub(crate) written: Moment,
    /// Set after a move that never ended.
    cut: Option<BTreeSet<Vec<u8>>>,
    stale: Stale,
}

/// Where contents may be converted otherwise than they were.
enum Stale {
    Nowhere,
    Below(Vec<Vec<u8>>),
    Everywhere,
}

impl Memory {
    /// Reads what a slot remembers, for what is wanted now.
    pub(crate) fn read(slot: &Folder, wanted: &Wanted, settings: &[u8; 32]) -> io::Result<Self> {
        let mut written = Moment::default();
        if let Some(file) = slot.file(STATE)? {
            written = look_at(&file)?.stat.modified;
        }
        let state = slot.read(STATE)?.and_then(|bytes| State::parse(&bytes));
        let cut = slot.read(MOVING)?.map(|mark| {
            let paths = mark.split(|byte| *byte == 0);
            paths.map(<[u8]>::to_vec).collect()
        });
        let conversions = match &state {
            Some(state) if state.settings == *settings => below_changed(state, wanted),
            _ => Stale::Everywhere,
        };
        Ok(Self {
            state,
            written,
            cut,
            stale: conversions,
        })
    }

    /// Whether the last move ended.
    pub(crate) fn is_whole(&self) -> bool {
        self.cut.is_none()
    }

    /// What a move that never ended was going to write.
    pub(crate) fn cut(&self) -> impl Iterator<Item = &[u8]> {
        self.cut.iter().flatten().map(Vec::as_slice)
    }

    pub(crate) fn entry(&self, path: &[u8]) -> Option<&Entry> {
        self.state.as_ref()?.entry(path)
    }

    /// Whether guard laid a file out there, or was about to.
    pub(crate) fn had(&self, path: &[u8]) -> bool {
        self.entry(path).is_some() || self.cut.as_ref().is_some_and(|cut| cut.contains(path))
    }

    /// The same for anything below a folder.
    pub(crate) fn had_below(&self, folder: &[u8]) -> bool {
        let below = [folder, b"/"].concat();
        let was_cut = |cut: &BTreeSet<Vec<u8>>| {
            let next = cut.range(below.clone()..).next();
            next.is_some_and(|path| path.starts_with(&below))
        };
        let state = self.state.as_ref();
        state.is_some_and(|state| state.has_below(folder)) || self.cut.as_ref().is_some_and(was_cut)
    }

    /// Whether a file is unchanged for sure, without reading it.
    pub(crate) fn is_sure(&self, entry: &Entry, look: Look) -> bool {
        self.is_whole() && is_unchanged(entry, look, self.written)
    }

    /// Whether a file is converted by the rules by which it was laid out.
    pub(crate) fn converts_as_before(&self, file: &File) -> bool {
        match &self.stale {
            Stale::Nowhere => true,
            Stale::Below(folders) => !folders.iter().any(|folder| file.path.starts_with(folder)),
            Stale::Everywhere => false,
        }
    }
}

/// Whether a file looks as it was laid out, in a state that was written at that time.
pub(crate) fn is_unchanged(entry: &Entry, look: Look, written: Moment) -> bool {
    look.stat == entry.stat
        && entry.stat.changed.max(entry.stat.modified) < written
        && survey::is_sort(entry.mode, look.sort)
}

/// The folders whose `.gitattributes` are not what they were, each with a `/` at its end.
fn below_changed(state: &State, wanted: &Wanted) -> Stale {
    let is_attributes = |path: &[u8]| split(path).1 == b".gitattributes";
    let old = state
        .entries
        .iter()
        .filter(|entry| is_attributes(&entry.path));
    let old: BTreeSet<_> = old
        .map(|entry| (&entry.path, entry.mode, entry.id))
        .collect();
    let new = wanted.files.iter().filter(|file| is_attributes(&file.path));
    let new: BTreeSet<_> = new.map(|file| (&file.path, file.mode, file.id)).collect();
    let changed = old.symmetric_difference(&new);
    let folders: Vec<Vec<u8>> = changed
        .map(|(path, ..)| path[..path.len() - b".gitattributes".len()].to_vec())
        .collect();
    if folders.is_empty() {
        Stale::Nowhere
    } else {
        Stale::Below(folders)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Mode;
    use crate::checkout::folder::{Sort, Stat};
    use crate::repository::Id;

    #[test]
    fn what_changed_in_the_instant_of_the_state_is_read_again() {
        let id = Id::parse("1".repeat(40)).unwrap();
        let at = |modified, changed| Stat {
            modified,
            changed,
            ..Stat::default()
        };
        let is_sure = |stat, sort| {
            let entry = Entry {
                path: b"a".to_vec(),
                mode: Mode::Link,
                id,
                laid: id,
                stat,
            };
            is_unchanged(&entry, Look { sort, stat }, Moment(5, 7))
        };
        let (before, same) = (Moment(5, 6), Moment(5, 7));
        assert!(is_sure(at(before, before), Sort::Link));
        assert!(!is_sure(at(same, before), Sort::Link));
        assert!(!is_sure(at(before, same), Sort::Link));
        assert!(!is_sure(at(before, Moment(6, 0)), Sort::Link));
        assert!(!is_sure(at(before, before), Sort::Folder));
    }
}
