//! A checkout in use: where it is, what a command changed in it, and what it holds.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::error::{CheckoutError, refusal};
use super::folder::{Folder, Folders, Moment, split};
use super::lease::Lease;
use super::state::Entry;
use super::{Said, memory, name, quick, survey};
use crate::path::RepoPath;
use crate::repository::Repository;
use crate::watch::{Mark, Watch};

/// A folder with what is judged, which nobody else uses while this lives.
pub struct Checkout {
    root: PathBuf,
    tree: Folder,
    laid: Laid,
    /// Told by the system what is written; it began when everything lay there.
    watch: Watch,
    began: Mark,
    /// Said once, however many steps run here.
    said: Mutex<Said>,
    /// The changed files that somebody was told about.
    known: Mutex<BTreeSet<RepoPath>>,
    lease: Lease,
}

/// What is known of the files.
pub(super) enum Laid {
    /// Each was looked at.
    Whole {
        entries: Vec<Entry>,
        written: Moment,
    },
    /// Few were; this repository's index says what all should hold.
    Few { repository: Arc<Repository> },
}

impl Checkout {
    /// `folders` are all that hold tracked files, and those that lead to them.
    pub(super) fn new(
        lease: Lease,
        tree: Folder,
        laid: Laid,
        folders: Vec<RepoPath>,
        said: Said,
    ) -> Self {
        let root = lease.slot.join("tree");
        let watch = Watch::on(&root, folders);
        Self {
            began: watch.mark(),
            watch,
            root,
            tree,
            laid,
            said: Mutex::new(said),
            known: Mutex::default(),
            lease,
        }
    }

    /// The top of the tree.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What is to be said about it; nothing, once it was asked for.
    pub fn take_said(&self) -> Said {
        std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Those of the changed files that nobody was told about yet: of steps that run here at the same
    /// time, only one is blamed for a file.
    ///
    /// What the step reads is compared in any case: a file may have been written under another name.
    pub fn newly_changed(&self, reads: &[RepoPath]) -> Result<Vec<RepoPath>, CheckoutError> {
        let mut changed = self.changed_of(reads)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        changed.retain(|path| known.insert(path.clone()));
        Ok(changed)
    }

    /// Tracked files that are no longer what was laid out: what a command changed, sorted.
    pub fn changed(&self) -> Result<Vec<RepoPath>, CheckoutError> {
        self.changed_of(&[])
    }

    fn changed_of(&self, reads: &[RepoPath]) -> Result<Vec<RepoPath>, CheckoutError> {
        let written = self.watch.written_since(self.began, || self.all());
        let mut suspects = written.contents;
        suspects.extend(written.attributes);
        suspects.extend(reads.iter().cloned());
        let written: Vec<RepoPath> = suspects.into_iter().collect();
        let changed = match &self.laid {
            Laid::Whole {
                entries,
                written: state,
            } => self.changed_entries(entries, *state, &written)?,
            Laid::Few { repository } => {
                let mut changed = Vec::new();
                for path in repository.tracked(&written)? {
                    let one = std::slice::from_ref(&path);
                    if !quick::holds(&self.tree, &self.root, repository, one)? {
                        changed.push(path);
                    }
                }
                changed
            }
        };
        if !changed.is_empty() {
            // Nobody may believe any more that all lies here as it was laid out.
            quick::forget(&self.lease.slot)?;
        }
        Ok(changed)
    }

    /// Whether these files are as they are judged; asked only where not all were looked at.
    pub(super) fn holds(&self, paths: &[RepoPath]) -> Result<bool, CheckoutError> {
        match &self.laid {
            Laid::Whole { .. } => Ok(true),
            Laid::Few { repository } => quick::holds(&self.tree, &self.root, repository, paths),
        }
    }

    /// Every file, where the system does not tell which were written.
    fn all(&self) -> Vec<RepoPath> {
        match &self.laid {
            Laid::Whole { entries, .. } => {
                let entries = entries.iter();
                entries
                    .map(|entry| RepoPath::new(entry.path.as_slice()))
                    .collect()
            }
            // What cannot be listed cannot have been laid out either.
            Laid::Few { repository } => {
                let all = repository.tracked(&[RepoPath::root()]);
                all.unwrap_or_default()
            }
        }
    }

    fn changed_entries(
        &self,
        entries: &[Entry],
        state: Moment,
        written: &[RepoPath],
    ) -> Result<Vec<RepoPath>, CheckoutError> {
        let mut folders = Folders::below(&self.tree);
        let mut changed = BTreeSet::new();
        for entry in written.iter().flat_map(|path| below(entries, path)) {
            let mut is_as_laid = || {
                let (folder, name) = split(&entry.path);
                let Some(folder) = folders.at(folder)? else {
                    return Ok(false);
                };
                let Some(look) = folder.look(name)? else {
                    return Ok(false);
                };
                if memory::is_unchanged(entry, look, state) {
                    return Ok(true);
                }
                survey::is_as_laid(entry, folder, name, look)
            };
            let path = RepoPath::new(entry.path.as_slice());
            let place = self.root.join(path.to_os());
            if !is_as_laid().map_err(refusal("read", &place))? {
                changed.insert(path);
            }
        }
        Ok(changed.into_iter().collect())
    }

    /// Writes over an ordinary file that lies there; false where there is none.
    pub fn write(&self, path: &RepoPath, content: &[u8]) -> Result<bool, CheckoutError> {
        if name::refused(path.as_bytes()).is_some() {
            return Ok(false);
        }
        let place = self.root.join(path.to_os());
        let (folder, name) = split(path.as_bytes());
        let mut folders = Folders::below(&self.tree);
        let mut write = || -> std::io::Result<bool> {
            let Some(folder) = folders.at(folder)? else {
                return Ok(false);
            };
            let Some(mut file) = folder.emptied(name, false)? else {
                return Ok(false);
            };
            file.write_all(content)?;
            Ok(true)
        };
        write().map_err(refusal("written", &place))
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

/// The entry of a path, or those below it.
fn below<'e>(entries: &'e [Entry], path: &RepoPath) -> impl Iterator<Item = &'e Entry> {
    let path = path.as_bytes().to_vec();
    let first = entries.partition_point(|entry| entry.path < path);
    entries[first..]
        .iter()
        .take_while({
            let path = path.clone();
            move |entry| entry.path.starts_with(&path)
        })
        .filter(move |entry| {
            path.is_empty() || matches!(entry.path.get(path.len()), None | Some(b'/'))
        })
}
