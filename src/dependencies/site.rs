//! The two work trees, as everything here that plans sees them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::repoint::{Repoint, bytes};
use super::seen::Seen;
use super::{DependencyError, Isolate, node, python};
use crate::path::RepoPath;

/// What is looked at, and what was said about it.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    /// The user's work tree, links resolved. It is only ever read.
    pub(crate) original: PathBuf,
    repoint: RefCell<Repoint>,
    pub(crate) tracked: &'a [RepoPath],
    pub(crate) isolate: Isolate,
    /// What the plan depends on.
    pub(crate) seen: RefCell<Seen>,
    /// What people should know.
    pub(crate) notes: RefCell<BTreeSet<String>>,
}

/// One entry of a folder of the original.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: OsString,
    pub(crate) path: PathBuf,
    pub(crate) kind: fs::FileType,
}

impl<'a> Site<'a> {
    pub(crate) fn new(
        original: &Path,
        checkout: &Path,
        tracked: &'a [RepoPath],
        isolate: Isolate,
    ) -> Result<Self, DependencyError> {
        let original = original
            .canonicalize()
            .map_err(DependencyError::read(original))?;
        Ok(Self {
            repoint: RefCell::new(Repoint::new(&original, checkout)),
            original,
            tracked,
            isolate,
            seen: RefCell::default(),
            notes: RefCell::default(),
        })
    }

    /// Takes other work trees for the original where what is installed is a link into theirs: a
    /// linked work tree often borrows so, and their packages are not what is judged either.
    pub(crate) fn find_others(&self) {
        let all = [&node::MANIFESTS[..], &python::MANIFESTS].concat();
        for folder in self.folders_with(&all) {
            let whole = self.original.join(folder.to_os());
            for name in ["node_modules"].iter().chain(&python::USUAL) {
                let link = whole.join(name);
                if !link.is_symlink() {
                    continue;
                }
                let Ok(real) = link.canonicalize() else {
                    continue;
                };
                let below = Path::new(&folder.to_os()).join(name);
                let depth = below.components().count();
                if let Some(other) = real.ancestors().nth(depth)
                    && real.ends_with(&below)
                    && other.join(".git").exists()
                {
                    self.repoint.borrow_mut().also(other);
                }
            }
        }
    }

    /// From the original, by all its names, to the checkout.
    pub(crate) fn repoint(&self) -> Repoint {
        self.repoint.borrow().clone()
    }

    /// The folders of the repository that hold a file of one of these names, and the root.
    pub(crate) fn folders_with(&self, names: &[&str]) -> BTreeSet<RepoPath> {
        let mut folders = BTreeSet::from([RepoPath::root()]);
        for path in self.tracked {
            let (folder, name) = split(path);
            if names.iter().any(|wanted| wanted.as_bytes() == name)
                && !within_modules(path.as_bytes())
            {
                folders.insert(folder);
            }
        }
        folders
    }

    /// Whether a tracked file lies at this path or below it.
    pub(crate) fn judges(&self, path: &RepoPath) -> bool {
        self.tracked.iter().any(|tracked| tracked.is_within(path))
    }

    /// Where a path of the original lies in the repository.
    pub(crate) fn place(&self, path: &Path) -> Option<RepoPath> {
        let repoint = self.repoint.borrow();
        let below = repoint.below(path)?;
        Some(RepoPath::new(bytes(below.as_os_str()).into_owned()))
    }

    /// Whether this real path is the repository's own: inside the original, but nothing installed.
    pub(crate) fn is_local(&self, real: &Path) -> bool {
        self.repoint
            .borrow()
            .below(real)
            .is_some_and(|below| !within_modules(&bytes(below.as_os_str())))
    }

    /// The entries of a folder of the original, sorted; none where there is no such folder.
    pub(crate) fn entries(&self, folder: &Path) -> Result<Vec<Entry>, DependencyError> {
        self.seen.borrow_mut().look(folder);
        entries(folder)
    }

    /// The bytes of a file of the original, if it is there.
    pub(crate) fn read(&self, file: &Path) -> Option<Vec<u8>> {
        self.seen.borrow_mut().look(file);
        fs::read(file).ok()
    }

    /// The bytes of a file as it is judged and lies in the checkout, if it is tracked.
    pub(crate) fn judged(
        &self,
        tree: &Folder,
        path: &RepoPath,
    ) -> Result<Option<Vec<u8>>, DependencyError> {
        let (folder, name) = split(path);
        let Some(folder) = tree.descend(&folder)? else {
            return Ok(None);
        };
        if !self.tracked.contains(path) {
            return Ok(None);
        }
        let name = OsStr::from_bytes(name);
        self.seen.borrow_mut().look(&folder.path().join(name));
        Ok(folder.read(name))
    }

    pub(crate) fn note(&self, sentence: String) {
        self.notes.borrow_mut().insert(sentence);
    }
}

/// The entries of a folder, sorted; for one that changes only when another changes that was
/// looked at. None where there is no such folder.
pub(crate) fn entries(folder: &Path) -> Result<Vec<Entry>, DependencyError> {
    let read = match fs::read_dir(folder) {
        Ok(read) => read,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(DependencyError::read(folder)(error)),
    };
    let mut entries = Vec::new();
    for entry in read {
        let entry = entry.map_err(DependencyError::read(folder))?;
        entries.push(Entry {
            name: entry.file_name(),
            path: entry.path(),
            kind: entry.file_type().map_err(DependencyError::read(folder))?,
        });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// Whether a path leads through a `node_modules`.
pub(crate) fn within_modules(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/')
        .any(|part| part == b"node_modules")
}

/// A path's folder and its last name.
pub(crate) fn split(path: &RepoPath) -> (RepoPath, &[u8]) {
    let whole = path.as_bytes();
    match whole.iter().rposition(|byte| *byte == b'/') {
        Some(cut) => (RepoPath::new(&whole[..cut]), &whole[cut + 1..]),
        None => (RepoPath::root(), whole),
    }
}
