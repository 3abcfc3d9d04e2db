//! The comparison of two trees, skipping whatever has equal ids.
//!
//! libgit2's own comparison reads every tree and every entry; this one reads only folders that differ.

pub(crate) mod staged;

use std::cmp::Ordering;

use super::Id;
use super::entry::{Blob, Change, Mode};
use super::index::Unreadable;
use super::tree::{Item, Items, order};

/// Deeper than people nest folders, and shallow enough for a thread's stack: git answers for the rest.
pub(crate) const DEPTH: usize = 512;

/// Where trees come from.
pub(crate) trait Trees {
    /// A tree's content.
    type Tree: AsRef<[u8]>;
    /// Reads a tree.
    fn tree(&self, id: &[u8]) -> Result<Self::Tree, Unreadable>;
}

/// A walk under way: the folder it is in, and what it has found so far.
pub(crate) struct Walk<'a, T> {
    trees: &'a T,
    prefix: Vec<u8>,
    changes: Vec<Change>,
}

impl<'a, T: Trees> Walk<'a, T> {
    /// What differs between two trees, sorted by path; none is the empty tree.
    pub(crate) fn between(
        trees: &'a T,
        old: Option<&[u8]>,
        new: Option<&[u8]>,
    ) -> Result<Vec<Change>, Unreadable> {
        let mut walk = Self::new(trees);
        walk.pair(old, new, 0)?;
        Ok(walk.finish())
    }

    fn new(trees: &'a T) -> Self {
        Self {
            trees,
            prefix: Vec::new(),
            changes: Vec::new(),
        }
    }

    fn finish(mut self) -> Vec<Change> {
        // git's order of trees is the order of paths; only a crafted tree can be out of it.
        if !self.changes.is_sorted_by(|a, b| a.path < b.path) {
            self.changes.sort();
        }
        self.changes
    }

    fn pair(
        &mut self,
        old: Option<&[u8]>,
        new: Option<&[u8]>,
        depth: usize,
    ) -> Result<(), Unreadable> {
        if old == new {
            return Ok(());
        }
        if depth > DEPTH {
            return Err(Unreadable("folders nested too deep"));
        }
        let old = old.map(|id| self.trees.tree(id)).transpose()?;
        let new = new.map(|id| self.trees.tree(id)).transpose()?;
        let mut olds = Items::new(old.as_ref().map_or(&[], AsRef::as_ref));
        let mut news = Items::new(new.as_ref().map_or(&[], AsRef::as_ref));
        let (mut a, mut b) = (olds.next()?, news.next()?);
        loop {
            let side = match (&a, &b) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => order((a.name, a.is_folder()), (b.name, b.is_folder())),
            };
            self.item(
                a.filter(|_| side.is_le()),
                b.filter(|_| side.is_ge()),
                depth,
            )?;
            if side.is_le() {
                a = olds.next()?;
            }
            if side.is_ge() {
                b = news.next()?;
            }
        }
    }

    /// One name, on one side or both; on both it is a folder on both or on neither.
    fn item(
        &mut self,
        old: Option<Item<'_>>,
        new: Option<Item<'_>>,
        depth: usize,
    ) -> Result<(), Unreadable> {
        let Some(either) = old.or(new) else {
            return Ok(());
        };
        let length = self.prefix.len();
        self.prefix.extend_from_slice(either.name);
        if either.is_folder() {
            self.prefix.push(b'/');
            self.pair(old.map(|item| item.id), new.map(|item| item.id), depth + 1)?;
        } else if !same(old, new) {
            self.note_change(
                old.map(|item| blob(item.mode, item.id)).transpose()?,
                new.map(|item| blob(item.mode, item.id)).transpose()?,
            );
        }
        self.prefix.truncate(length);
        Ok(())
    }

    /// Notes what became of the path that `prefix` holds.
    fn note_change(&mut self, old: Option<Blob>, new: Option<Blob>) {
        self.changes.extend(Change::between(&self.prefix, old, new));
    }
}

/// Whether both sides hold the same, found out without making a value of either.
fn same(old: Option<Item<'_>>, new: Option<Item<'_>>) -> bool {
    matches!((old, new), (Some(a), Some(b)) if a.mode == b.mode && a.id == b.id)
}

/// A blob from git's number and raw id.
pub(crate) fn blob(mode: u32, id: &[u8]) -> Result<Blob, Unreadable> {
    let mode = Mode::from_bits(mode).ok_or(Unreadable("a mode of its own"))?;
    let id = Id::from_bytes(id).ok_or(Unreadable("a damaged id"))?;
    Ok(Blob { id, mode })
}
