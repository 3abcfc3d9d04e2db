//! What is to lie in the checkout, and the laying of it by difference.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::FileType;

use super::DependencyError;
use super::folder::{Cloned, Folder, Sharing};
use super::repoint::Repoint;

/// The entries of a folder.
pub(crate) type Entries = BTreeMap<OsString, Want>;

/// One thing in the checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// A link with this text.
    Link(PathBuf),
    /// A small file of guard's own.
    File(Vec<u8>, u32),
    /// A file like this one of the original.
    Clone(PathBuf),
    /// A real folder with these entries.
    Folder(Entries, Others),
    /// A file or folder like this one of the original that shares nothing with it: tools write
    /// into it in place.
    Fresh(PathBuf),
    /// A real folder like this one of the original, but with these entries as they are here.
    Tree(PathBuf, Entries),
}

/// What becomes of entries that nobody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// They are stale.
    Go,
    /// Hidden folders stay, where tools keep their caches.
    HiddenStay,
    /// Only `node_modules` stays.
    ModulesStay,
}

/// Hidden folders of a `node_modules` that are no caches: guard lays them, and takes them away.
const OURS: [&str; 6] = [".bin", ".bun", ".deno", ".pnpm", ".prisma", ".store"];

/// Lays what is wanted.
#[derive(Debug)]
pub(crate) struct Layer<'a> {
    pub(crate) repoint: &'a Repoint,
    /// How many files had to be copied byte by byte.
    pub(crate) copied: u64,
    /// Every folder that was made real, copies aside.
    pub(crate) folders: Vec<PathBuf>,
}

impl<'a> Layer<'a> {
    /// One that has laid nothing yet.
    pub(crate) fn new(repoint: &'a Repoint) -> Self {
        Self {
            repoint,
            copied: 0,
            folders: Vec::new(),
        }
    }

    /// Makes `name` what is wanted, and touches nothing that is so already.
    pub(crate) fn lay(
        &mut self,
        parent: &Folder,
        name: &OsStr,
        want: &Want,
    ) -> Result<(), DependencyError> {
        match want {
            Want::Link(target) => parent.link(name, target),
            Want::File(bytes, mode) => parent.file(name, bytes, *mode),
            Want::Clone(source) => {
                if parent.clone_of(name, source, Sharing::Inode)? == Cloned::Copied {
                    self.copied += 1;
                }
                Ok(())
            }
            Want::Fresh(source) if source.is_dir() => {
                let mut entries = self.tree(source, &Entries::new())?;
                for want in entries.values_mut() {
                    if let Want::Clone(inner) | Want::Tree(inner, _) = want {
                        *want = Want::Fresh(std::mem::take(inner));
                    }
                }
                self.fill(&parent.make(name)?, &entries, Others::Go)
            }
            Want::Fresh(source) => parent.clone_of(name, source, Sharing::Blocks).map(|_| ()),
            Want::Folder(entries, others) => {
                let folder = parent.make(name)?;
                self.folders.push(folder.path().to_owned());
                self.fill(&folder, entries, *others)
            }
            Want::Tree(source, instead) => {
                let entries = self.tree(source, instead)?;
                self.fill(&parent.make(name)?, &entries, Others::Go)
            }
        }
    }

    /// Makes a folder hold these entries.
    pub(crate) fn fill(
        &mut self,
        folder: &Folder,
        entries: &Entries,
        others: Others,
    ) -> Result<(), DependencyError> {
        for (name, kind) in folder.entries()? {
            let stays = match others {
                Others::ModulesStay => name == "node_modules",
                Others::HiddenStay => {
                    kind == FileType::Directory
                        && name.as_bytes().starts_with(b".")
                        && !OURS.iter().any(|ours| name == *ours)
                }
                Others::Go => false,
            };
            if !stays && !entries.contains_key(&name) {
                folder.remove(&name)?;
            }
        }
        for (name, want) in entries {
            self.lay(folder, name, want)?;
        }
        Ok(())
    }

    /// What a copy of a folder consists of, one level deep.
    fn tree(&self, source: &Path, instead: &Entries) -> Result<Entries, DependencyError> {
        let mut entries = instead.clone();
        for entry in fs::read_dir(source).map_err(DependencyError::read(source))? {
            let entry = entry.map_err(DependencyError::read(source))?;
            let kind = entry.file_type().map_err(DependencyError::read(source))?;
            if entries.contains_key(&entry.file_name()) {
                continue;
            }
            let want = if kind.is_dir() {
                Want::Tree(entry.path(), Entries::new())
            } else if kind.is_symlink() {
                match link_like(self.repoint, &entry.path()) {
                    Some(target) => Want::Link(target),
                    None => continue,
                }
            } else if kind.is_file() {
                Want::Clone(entry.path())
            } else {
                continue;
            };
            entries.insert(entry.file_name(), want);
        }
        Ok(entries)
    }
}

/// The text of a link in the checkout that does there what this one does in the original: a
/// relative link within the original keeps its text, since the checkout has the same layout.
pub(crate) fn link_like(repoint: &Repoint, link: &Path) -> Option<PathBuf> {
    let text = fs::read_link(link).ok()?;
    if text.is_absolute() {
        return Some(repoint.path(&text).unwrap_or(text));
    }
    let whole = resolve(link, &text);
    Some(if repoint.below(&whole).is_some() {
        text
    } else {
        whole
    })
}

/// Where a link's text leads, by its letters alone.
pub(crate) fn resolve(link: &Path, text: &Path) -> PathBuf {
    let mut whole = link.parent().map(Path::to_owned).unwrap_or_default();
    for part in text.components() {
        match part {
            Component::ParentDir => {
                whole.pop();
            }
            Component::CurDir => {}
            other => whole.push(other),
        }
    }
    whole
}
