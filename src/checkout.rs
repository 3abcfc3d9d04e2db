//! guard's own checkout: a folder with exactly what is judged, kept warm for the tools that run in it.
//!
//! # Where
//!
//! `$XDG_STATE_HOME/guard/checkout/<repository>/<kind>-<slot>/tree`, always the same. Not below `.git`:
//! jest and vite skip whatever has `/.git/` in its path, and tools that look for their settings upwards
//! (eslint, prettier, cargo, node) would find the user's own work tree there.
//!
//! # What a slot has
//!
//! | name | what |
//! |---|---|
//! | `lease` | locked by the run that uses the slot |
//! | `tree` | the files; its `.git` names the folder `git` |
//! | `git` | `HEAD`, `index` and the way to the real repository: tools see the judged state |
//! | `state` | what was laid out, and what it looked like then |
//! | `moving` | there while files are written: found later, it means that guard was killed |
//!
//! A slot is moved from tree to tree by difference. What the judged `.gitignore` ignores stays, so that
//! `target`, `.next/cache` and `tsconfig.tsbuildinfo` are warm; everything else that a tool left is removed.
//! Submodules are laid out as plain files, without a `.git` of their own.

mod convert;
mod error;
mod folder;
mod git_dir;
mod hash;
mod ignored;
mod index;
mod lease;
mod lfs;
mod memory;
mod name;
mod place;
mod prune;
mod settings;
mod slot;
mod state;
mod submodule;
mod survey;
mod wanted;
mod write;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

pub use error::CheckoutError;
pub use prune::{Pruned, prune};

use crate::change::Judged;
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::repository::Repository;
use error::refusal;
use folder::{Folder, Folders, Moment, split};
use lease::Lease;
use slot::Order;
use state::Entry;
use wanted::Wanted;

/// How installed dependencies come into a checkout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Isolate {
    /// By links to where they are installed.
    #[default]
    Link,
    /// As copies, for tools that refuse links out of their folder.
    Copy,
}

impl Isolate {
    fn word(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Copy => "copy",
        }
    }
}

/// What may be shared: the same tree, furnished in the same way.
type Key = (Judged, Isolate);

/// A checkout that lives as long as somebody uses it.
type Shared = Arc<Mutex<Weak<Checkout>>>;

/// The checkouts of one run, shared by its steps.
pub struct Checkouts {
    repository: Arc<Repository>,
    environment: Environment,
    known: Mutex<HashMap<Key, Shared>>,
}

impl Checkouts {
    /// None is made before it is asked for.
    pub fn new(repository: Arc<Repository>, environment: &Environment) -> Self {
        Self {
            repository,
            environment: environment.clone(),
            known: Mutex::default(),
        }
    }

    /// The checkout of this tree, laid out when it is first asked for. Steps that judge the same tree
    /// share it; another tree at the same time takes another slot. It is free again when the last of
    /// them lets it go.
    pub fn of(
        &self,
        judged: Judged,
        isolate: Isolate,
        cancel: &Cancel,
    ) -> Result<Arc<Checkout>, CheckoutError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = Arc::clone(known.entry((judged, isolate)).or_default());
        drop(known);
        // Who asks for the same tree waits here until it is laid out.
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(checkout) = shared.upgrade() {
            return Ok(checkout);
        }
        let checkout = Arc::new(self.lay_out(judged, isolate, cancel)?);
        *shared = Arc::downgrade(&checkout);
        Ok(checkout)
    }

    fn lay_out(
        &self,
        judged: Judged,
        isolate: Isolate,
        cancel: &Cancel,
    ) -> Result<Checkout, CheckoutError> {
        let wanted = Wanted::of(&self.repository, judged, &self.environment)?;
        let (folder, note) = place::folder(&self.repository, &self.environment)?;
        let lease = lease::take(&folder, isolate, &wanted.key, cancel)?;
        let order = Order {
            repository: &self.repository,
            environment: &self.environment,
            judged,
            wanted: &wanted,
            cancel,
        };
        let settled = slot::settle(&lease.slot, &order)?;
        // Installed dependencies are mirrored here: their notes join the place's.
        Ok(Checkout {
            root: lease.slot.join("tree"),
            tree: settled.tree,
            entries: settled.entries,
            written: settled.written,
            notes: note.into_iter().collect(),
            _lease: lease,
        })
    }
}

/// A folder with what is judged, which nobody else uses while this lives.
pub struct Checkout {
    root: PathBuf,
    tree: Folder,
    entries: Vec<Entry>,
    written: Moment,
    notes: Vec<String>,
    _lease: Lease,
}

impl Checkout {
    /// The top of the tree.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What is to be said about it, in sentences.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Tracked files that are no longer what was laid out: what a command changed, sorted.
    pub fn changed(&self) -> Result<Vec<RepoPath>, CheckoutError> {
        let mut folders = Folders::below(&self.tree);
        let mut changed = Vec::new();
        for entry in &self.entries {
            let mut is_as_laid = || {
                let (folder, name) = split(&entry.path);
                let Some(folder) = folders.at(folder)? else {
                    return Ok(false);
                };
                let Some(look) = folder.look(name)? else {
                    return Ok(false);
                };
                if memory::is_unchanged(entry, look, self.written) {
                    return Ok(true);
                }
                survey::is_as_laid(entry, folder, name, look)
            };
            let path = RepoPath::new(entry.path.as_slice());
            let place = self.root.join(path.to_os());
            if !is_as_laid().map_err(refusal("read", &place))? {
                changed.push(path);
            }
        }
        Ok(changed)
    }

    /// Bytes of a file as it lies there now: an ordinary file, never by way of a link.
    pub fn read(&self, path: &RepoPath) -> Result<Option<Vec<u8>>, CheckoutError> {
        if name::refused(path.as_bytes()).is_some() {
            return Ok(None);
        }
        let place = self.root.join(path.to_os());
        let (folder, name) = split(path.as_bytes());
        let mut folders = Folders::below(&self.tree);
        let folder = folders.at(folder).map_err(refusal("read", &place))?;
        let content = folder.map_or(Ok(None), |folder| folder.read(name));
        content.map_err(refusal("read", &place))
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
