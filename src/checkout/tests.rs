//! guard's own checkout against real git.

mod conversions;
mod first;
mod kinds;
mod places;
mod quick;
mod random;
mod repairs;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::{Checkout, CheckoutError, Checkouts, Isolate};
use crate::change::Judged;
use crate::environment::Environment;
use crate::process::signal::Cancel;
use crate::repository::tests::{Repo, environment};
use crate::repository::{Id, Repository};

/// A repository and a home for its checkouts.
pub(super) struct World {
    pub(super) repo: Repo,
    home: TempDir,
}

impl World {
    pub(super) fn new() -> Self {
        Self::of(Repo::new())
    }

    pub(super) fn of(repo: Repo) -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { repo, home }
    }

    pub(super) fn home(&self) -> PathBuf {
        self.home.path().canonicalize().unwrap()
    }

    pub(super) fn environment(&self) -> Environment {
        environment(
            &self.repo.root,
            &[("XDG_STATE_HOME", self.home().to_str().unwrap())],
        )
    }

    /// As one run of guard sees it.
    pub(super) fn checkouts(&self) -> Checkouts {
        let environment = self.environment();
        let repository = Repository::discover(&environment).unwrap();
        Checkouts::new(Arc::new(repository), &environment)
    }

    /// One run that wants one checkout.
    pub(super) fn try_of(&self, judged: Judged) -> Result<Arc<Checkout>, CheckoutError> {
        self.checkouts().of(judged, Isolate::Link, &Cancel::new())
    }

    pub(super) fn at(&self, commit: Id) -> Arc<Checkout> {
        self.try_of(Judged::Commit(commit)).unwrap()
    }

    pub(super) fn staged(&self) -> Arc<Checkout> {
        self.try_of(Judged::Index).unwrap()
    }

    /// What git itself checks out for a commit.
    pub(super) fn reference(&self, commit: Id) -> Files {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("reference");
        let place = place.to_str().unwrap();
        let commit = commit.to_string();
        self.repo
            .git(&["worktree", "add", "-q", "--detach", place, &commit]);
        let files = files(Path::new(place));
        self.repo.git(&["worktree", "remove", "--force", place]);
        files
    }

    /// Asserts that the checkout is what git makes of the commit, and that git finds it clean.
    pub(super) fn assert_is(&self, checkout: &Checkout, commit: Id) {
        assert_same(&files(checkout.root()), &self.reference(commit));
        assert_eq!(self.git_in(checkout, &["status", "--porcelain", "-z"]), "");
        assert_eq!(
            self.git_in(checkout, &["rev-parse", "HEAD"]),
            commit.to_string()
        );
    }

    /// What git says in a checkout.
    pub(super) fn git_in(&self, checkout: &Checkout, arguments: &[&str]) -> String {
        let root = checkout.root().to_str().unwrap();
        self.repo.git(&[&["-C", root], arguments].concat())
    }
}

/// Every file and link of a folder but git's own: what it is, its permissions, its content.
pub(super) type Files = BTreeMap<Vec<u8>, (char, u32, Vec<u8>)>;

pub(super) fn files(root: &Path) -> Files {
    let mut found = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let below = path
                .strip_prefix(root)
                .unwrap()
                .as_os_str()
                .as_bytes()
                .to_vec();
            let about = fs::symlink_metadata(&path).unwrap();
            let mode = about.permissions().mode() & 0o777;
            if below == b".git" {
            } else if about.is_dir() {
                folders.push(path);
            } else if about.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                found.insert(below, ('l', 0, target.as_os_str().as_bytes().to_vec()));
            } else {
                found.insert(below, ('f', mode, fs::read(&path).unwrap()));
            }
        }
    }
    found
}

pub(super) fn assert_same(ours: &Files, gits: &Files) {
    let names = |files: &Files| -> Vec<String> {
        let names = files.keys();
        names
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect()
    };
    assert_eq!(names(ours), names(gits));
    for (path, file) in ours {
        let (ours, gits) = (text(file), text(&gits[path]));
        assert_eq!(ours, gits, "{}", String::from_utf8_lossy(path));
    }
}

fn text(file: &(char, u32, Vec<u8>)) -> String {
    format!("{}{:o} {}", file.0, file.1, file.2.escape_ascii())
}

/// When a file was last written, and which file it is.
pub(super) fn identity(file: &Path) -> (i64, i64, u64) {
    let about = fs::symlink_metadata(file).unwrap();
    (about.mtime(), about.mtime_nsec(), about.ino())
}
