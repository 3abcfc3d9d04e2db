//! Work trees with installed dependencies, their checkouts, and what every kind must keep.

mod cargo;
mod lock;
mod node;
#[cfg(feature = "peer-tests")]
mod peers;
mod python;
mod store;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::{Isolate, Prepared, prepare};
use crate::path::RepoPath;
use crate::repository::tests::Repo;

/// A repository and guard's checkout of it, beside each other.
pub(super) struct World {
    pub(super) repo: Repo,
    pub(super) checkout: PathBuf,
}

impl World {
    /// A repository with these tracked files and a checkout of them.
    pub(super) fn new(tracked: &[(&str, &str)]) -> Self {
        let repo = Repo::new();
        for (path, text) in tracked {
            repo.stage(path, text);
        }
        let checkout = repo.root.parent().unwrap().join("slot/tree");
        fs::create_dir_all(&checkout).unwrap();
        let world = Self { repo, checkout };
        world.lay();
        world
    }

    /// Lays the index out.
    pub(super) fn lay(&self) {
        let prefix = format!("--prefix={}/", self.checkout.display());
        self.repo.git(&["checkout-index", "-a", "-f", &prefix]);
    }

    /// Installs a file that git does not track.
    pub(super) fn install(&self, path: &str, text: &str) {
        self.repo.write(path, text);
    }

    /// Installs a link.
    pub(super) fn link(&self, path: &str, target: impl AsRef<Path>) {
        let link = self.repo.root.join(path);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(target, link).unwrap();
    }

    pub(super) fn tracked(&self) -> Vec<RepoPath> {
        let all = self.repo.git(&["ls-files", "-z"]);
        let names = all.split('\0').filter(|name| !name.is_empty());
        names.map(RepoPath::from).collect()
    }

    pub(super) fn prepare(&self, isolate: Isolate) -> Prepared {
        prepare(&self.repo.root, &self.checkout, &self.tracked(), isolate).unwrap()
    }

    /// Where a path of the checkout really lies: `checkout:…`, `original:…`, or `none`.
    pub(super) fn real(&self, path: &str) -> String {
        let Ok(real) = self.checkout.join(path).canonicalize() else {
            return "none".into();
        };
        for (name, root) in [("checkout", &self.checkout), ("original", &self.repo.root)] {
            if let Ok(rest) = real.strip_prefix(root) {
                return format!("{name}:{}", rest.display());
            }
        }
        real.display().to_string()
    }

    /// Everything in the original, with contents, modes and times.
    pub(super) fn original(&self) -> BTreeMap<PathBuf, String> {
        everything(&self.repo.root)
    }

    /// Everything in the checkout.
    pub(super) fn laid(&self) -> BTreeMap<PathBuf, String> {
        everything(&self.checkout)
    }
}

/// Every path below a folder, links not followed, with what there is to know about it.
fn everything(root: &Path) -> BTreeMap<PathBuf, String> {
    use std::os::unix::fs::MetadataExt;
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let data = fs::symlink_metadata(&path).unwrap();
            let content = if data.is_symlink() {
                fs::read_link(&path).unwrap().display().to_string()
            } else if data.is_dir() {
                open.push(path.clone());
                String::new()
            } else {
                String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()
            };
            let facts = (data.mode(), data.ino(), data.mtime(), data.mtime_nsec());
            let below = path.strip_prefix(root).unwrap().to_owned();
            found.insert(below, format!("{facts:?} {content}"));
        }
    }
    found
}
