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

mod content;
mod convert;
mod error;
pub(crate) mod folder;
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
mod quick;
mod settings;
mod slot;
mod state;
mod stock;
mod submodule;
mod survey;
mod wanted;
mod write;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

pub use crate::config::valid::Isolate;
pub use content::Checkout;
pub use error::CheckoutError;
pub use prune::{Pruned, prune};
pub use stock::{Slot, Stock, stock};

use crate::change::Judged;
use crate::dependencies::{self, Stale};
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::repository::Repository;
use crate::repository::reader::Folders;
use content::Laid;
use slot::Order;
use wanted::Wanted;

/// git's number for an ordinary file.
const FILE: u32 = 0o100_644;

/// What may be shared: the same tree, furnished in the same way.
type Key = (Judged, Isolate);

/// A checkout that lives as long as somebody uses it.
type Shared = Arc<Mutex<Weak<Checkout>>>;

/// What there is to say about a checkout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// What is odd about it, in sentences.
    pub notes: Vec<String>,
    /// Lock files that ask for something else than is installed.
    pub stale: Vec<Stale>,
}

/// The checkouts of one run, shared by its steps.
pub struct Checkouts {
    repository: Arc<Repository>,
    environment: Environment,
    known: Mutex<HashMap<Key, Shared>>,
    /// Kept between two steps that judge the same tree: the next need not look at it anew.
    last: Mutex<Option<Arc<Checkout>>>,
    /// Those that were looked at in a few places only.
    few: Mutex<HashMap<Isolate, Weak<Checkout>>>,
    /// Whether a command of this run reads a whole project.
    whole: AtomicBool,
}

impl Checkouts {
    /// None is made before it is asked for.
    pub fn new(repository: Arc<Repository>, environment: &Environment) -> Self {
        Self {
            repository,
            environment: environment.clone(),
            known: Mutex::default(),
            last: Mutex::default(),
            few: Mutex::default(),
            whole: AtomicBool::new(false),
        }
    }

    /// The user's work tree, whose installed dependencies the checkouts share.
    pub fn work_tree(&self) -> Option<&Path> {
        self.repository.work_tree()
    }

    /// Keeps no checkout any longer than somebody uses it: the next one looks at it anew.
    pub fn let_go(&self) {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
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
        // Its slot may be the very one that is wanted now.
        self.let_go();
        let checkout = Arc::new(self.lay_out(judged, isolate, cancel)?);
        *shared = Arc::downgrade(&checkout);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(Arc::clone(&checkout));
        Ok(checkout)
    }

    /// The checkout of what is staged, for a command that reads these files only: the others are as they
    /// were laid out for sure only where that had to be looked at anyway.
    pub fn for_files(
        &self,
        reads: &[RepoPath],
        isolate: Isolate,
        cancel: &Cancel,
    ) -> Result<Arc<Checkout>, CheckoutError> {
        if self.whole.load(Ordering::Relaxed) {
            return self.of(Judged::Index, isolate, cancel);
        }
        let mut few = self.few.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(checkout) = few.get(&isolate).and_then(Weak::upgrade)
            && checkout.holds(reads)?
        {
            return Ok(checkout);
        }
        let Some(checkout) = self.quickly(reads, isolate, cancel)? else {
            drop(few);
            return self.of(Judged::Index, isolate, cancel);
        };
        let checkout = Arc::new(checkout);
        few.insert(isolate, Arc::downgrade(&checkout));
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(Arc::clone(&checkout));
        Ok(checkout)
    }

    /// Says that a command of this run reads a whole project: the others then share what it needs.
    pub fn want_whole(&self) {
        self.whole.store(true, Ordering::Relaxed);
    }

    fn quickly(
        &self,
        reads: &[RepoPath],
        isolate: Isolate,
        cancel: &Cancel,
    ) -> Result<Option<Checkout>, CheckoutError> {
        // Its slot may be the very one that is wanted now.
        self.let_go();
        let (folder, _) = place::folder(&self.repository, &self.environment)?;
        let lease = lease::take(&folder, isolate, &[0; 32], cancel)?;
        let (repository, environment) = (&self.repository, &self.environment);
        let moved = quick::settle(&lease.slot, repository, environment, isolate, reads)?;
        let Some(moved) = moved else {
            return Ok(None);
        };
        let said = Said {
            notes: Vec::new(),
            stale: moved.stale,
        };
        let folders = repository.folders()?.all;
        let laid = Laid::Few {
            repository: Arc::clone(repository),
        };
        Ok(Some(Checkout::new(lease, moved.tree, laid, folders, said)))
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
        quick::note(
            &lease.slot,
            &self.repository,
            judged,
            &wanted,
            &settled.settings,
        )?;
        let root = lease.slot.join("tree");
        let mut said = Said {
            notes: note.into_iter().collect(),
            stale: Vec::new(),
        };
        if let Some(work_tree) = self.work_tree() {
            let tracked: Vec<RepoPath> = wanted
                .files
                .iter()
                .map(|file| RepoPath::new(file.path.as_slice()))
                .collect();
            let prepared = dependencies::prepare(work_tree, &root, &tracked, isolate)?;
            said.notes.extend(prepared.notes);
            said.stale = prepared.stale;
        }
        let folders = wanted.files.iter().map(|file| (file.path.as_slice(), FILE));
        let folders = Folders::of(folders).all;
        let laid = Laid::Whole {
            entries: settled.entries,
            written: settled.written,
        };
        Ok(Checkout::new(lease, settled.tree, laid, folders, said))
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
