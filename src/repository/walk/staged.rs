//! What is staged: the index beside HEAD's tree, without a look at the work tree.
//!
//! Where the index's TREE extension says that a folder is exactly the tree that HEAD has there, the
//! folder is skipped whole. git trusts that extension as well; what it says about counts is checked.

use std::cmp::Ordering;

use super::{DEPTH, Trees, Walk, blob};
use crate::repository::entry::Change;
use crate::repository::index::{Entry, Index, Unreadable};
use crate::repository::tree::{Item, Items, order};

const IMPOSSIBLE: Unreadable = Unreadable("an index with an impossible name");

/// What differs between a tree (none: an empty one) and the index, sorted by path.
pub(crate) fn staged<T: Trees>(
    trees: &T,
    tree: Option<&[u8]>,
    index: &Index,
) -> Result<Vec<Change>, Unreadable> {
    let mut beside = Beside {
        index,
        at: 0,
        walk: Walk::new(trees),
    };
    let root = index
        .trees
        .as_ref()
        .and_then(super::super::index::cache_tree::CacheTree::root);
    match tree {
        Some(tree) if beside.is_known(root, tree)?.is_some() => {}
        Some(tree) => beside.folder(tree, root, 0)?,
        None => beside.rest_is_new()?,
    }
    Ok(beside.walk.finish())
}

/// A walk over the index beside a tree.
struct Beside<'a, T> {
    index: &'a Index,
    /// The next entry of the index.
    at: usize,
    walk: Walk<'a, T>,
}

/// A name in the folder that the walk is in, as the index has it.
struct Staged<'a> {
    name: &'a [u8],
    is_folder: bool,
    entry: Entry<'a>,
}

impl<'a, T: Trees> Beside<'a, T> {
    fn folder(&mut self, tree: &[u8], node: Option<usize>, depth: usize) -> Result<(), Unreadable> {
        if depth > DEPTH {
            return Err(Unreadable("folders nested too deep"));
        }
        let content = self.walk.trees.tree(tree)?;
        let mut items = Items::new(content.as_ref());
        let index = self.index;
        let below = match (&index.trees, node) {
            (Some(trees), Some(node)) => trees.children(node),
            _ => Vec::new(),
        };
        let (mut item, mut name) = (items.next()?, self.name()?);
        loop {
            let side = match (&item, &name) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(item), Some(name)) => {
                    order((item.name, item.is_folder()), (name.name, name.is_folder))
                }
            };
            match (item, &name, side) {
                (Some(old), _, Ordering::Less) => self.walk.item(Some(old), None, depth)?,
                (_, Some(new), Ordering::Greater) => self.only_staged(new)?,
                (Some(old), Some(new), _) if new.is_folder => {
                    let child = below.binary_search_by_key(&new.name, |(name, _)| name);
                    let child = child.ok().map(|found| below[found].1);
                    self.both_folders(old, child, depth)?;
                }
                (Some(old), Some(new), _) => self.both_files(old, new)?,
                _ => {}
            }
            if side.is_le() {
                item = items.next()?;
            }
            if side.is_ge() {
                name = self.name()?;
            }
        }
    }

    /// The next name of the index in this folder; none when the folder ends.
    fn name(&self) -> Result<Option<Staged<'a>>, Unreadable> {
        let Some(entry) = self.index.entry(self.at) else {
            return Ok(None);
        };
        let Some(rest) = entry.path.strip_prefix(&self.walk.prefix[..]) else {
            return Ok(None);
        };
        let before = self.at.checked_sub(1).and_then(|at| self.index.entry(at));
        if before.is_some_and(|before| before.path >= entry.path) {
            return Err(Unreadable("an index out of order"));
        }
        let slash = memchr::memchr(b'/', rest);
        let name = &rest[..slash.unwrap_or(rest.len())];
        if name.is_empty() {
            return Err(IMPOSSIBLE);
        }
        Ok(Some(Staged {
            name,
            is_folder: slash.is_some(),
            entry,
        }))
    }

    /// A file, or a whole folder, that the tree does not have.
    fn only_staged(&mut self, new: &Staged<'_>) -> Result<(), Unreadable> {
        if !new.is_folder {
            self.add(&new.entry)?;
            self.at += 1;
            return Ok(());
        }
        let folder = &new.entry.path[..=self.walk.prefix.len() + new.name.len()];
        while let Some(entry) = self.index.entry(self.at) {
            if !entry.path.starts_with(folder) {
                break;
            }
            self.add(&entry)?;
            self.at += 1;
        }
        Ok(())
    }

    fn rest_is_new(&mut self) -> Result<(), Unreadable> {
        while let Some(new) = self.name()? {
            self.add(&new.entry)?;
            self.at += 1;
        }
        Ok(())
    }

    /// Notes a staged file that is new. What is only meant to be added some day is not staged.
    fn add(&mut self, entry: &Entry<'_>) -> Result<(), Unreadable> {
        if entry.intent_to_add {
            return Ok(());
        }
        // Only a crafted length can reach over the NUL that ends a name.
        if memchr::memchr(0, entry.path).is_some() {
            return Err(IMPOSSIBLE);
        }
        let new = blob(entry.mode(), entry.id)?;
        let change = Change::between(entry.path, None, Some(new));
        self.walk.changes.extend(change);
        Ok(())
    }

    fn both_files(&mut self, old: Item<'_>, new: &Staged<'_>) -> Result<(), Unreadable> {
        let entry = &new.entry;
        self.at += 1;
        if entry.id == old.id && entry.mode() == old.mode && !entry.intent_to_add {
            return Ok(());
        }
        let staged = if entry.intent_to_add {
            None
        } else {
            Some(blob(entry.mode(), entry.id)?)
        };
        let change = Change::between(entry.path, Some(blob(old.mode, old.id)?), staged);
        self.walk.changes.extend(change);
        Ok(())
    }

    fn both_folders(
        &mut self,
        old: Item<'_>,
        node: Option<usize>,
        depth: usize,
    ) -> Result<(), Unreadable> {
        let length = self.walk.prefix.len();
        self.walk.prefix.extend_from_slice(old.name);
        self.walk.prefix.push(b'/');
        match self.is_known(node, old.id)? {
            Some(entries) => self.at += entries,
            None => self.folder(old.id, node, depth + 1)?,
        }
        self.walk.prefix.truncate(length);
        Ok(())
    }

    /// How many entries to skip because git knows that they are exactly `tree`.
    fn is_known(&self, node: Option<usize>, tree: &[u8]) -> Result<Option<usize>, Unreadable> {
        let (Some(trees), Some(node)) = (&self.index.trees, node) else {
            return Ok(None);
        };
        let Some(known) = trees.known(node).filter(|known| known.tree == tree) else {
            return Ok(None);
        };
        let end = self.at.checked_add(known.entries);
        let inside = |at: usize| {
            let entry = self.index.entry(at);
            entry.is_some_and(|entry| entry.path.starts_with(&self.walk.prefix))
        };
        let fits = end.is_some_and(|end| match known.entries {
            0 => self.index.len() == 0,
            _ => inside(self.at) && inside(end - 1) && !inside(end),
        });
        if fits {
            Ok(Some(known.entries))
        } else {
            Err(Unreadable("a tree cache that does not fit the index"))
        }
    }
}
