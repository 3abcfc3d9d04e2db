//! Where a tool of the project is: where its package manager put it, else on PATH.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::environment::Environment;
use crate::path::RepoPath;

/// Folders of a Python environment, nearest first.
const ENVIRONMENTS: [&str; 2] = [".venv", "venv"];

/// Where an environment keeps its programs.
const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// Looks tools up; each once.
pub(crate) struct Finder<'a> {
    /// Where what is installed lies: dependencies are never committed.
    work_tree: Option<&'a Path>,
    path: Option<OsString>,
    /// The environment that is switched on in the user's shell.
    active: Option<PathBuf>,
    on_path: Mutex<HashMap<String, bool>>,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(work_tree: Option<&'a Path>, environment: &Environment) -> Self {
        let active = environment
            .os("VIRTUAL_ENV")
            .filter(|path| !path.is_empty());
        Self {
            work_tree,
            path: environment.os("PATH").map(ToOwned::to_owned),
            active: active.map(PathBuf::from),
            on_path: Mutex::default(),
        }
    }

    /// A program that npm, pnpm, yarn or bun installed for `root` or above it: how it is called from there.
    pub(crate) fn node(&self, root: &RepoPath, program: &str) -> Option<String> {
        self.installed(root, &["node_modules/.bin"], program)
    }

    /// The version of a package that is installed for `root` or above it: major and minor.
    pub(crate) fn node_version(&self, root: &RepoPath, package: &str) -> Option<(u32, u32)> {
        let work_tree = self.work_tree?;
        let manifest = format!("node_modules/{package}/package.json");
        let mut above = crate::project::up(root);
        let text = above.find_map(|at| {
            let path = work_tree.join(at.join(manifest.as_bytes()).to_os());
            std::fs::read(path).ok()
        })?;
        let manifest: serde_json::Value = serde_json::from_slice(&text).ok()?;
        let mut parts = manifest.get("version")?.as_str()?.split('.');
        let mut part = || parts.next()?.parse().ok();
        Some((part()?, part()?))
    }

    /// A program of the Python environment in `root` or above it, of the one that is switched on, or on PATH.
    pub(crate) fn python(&self, root: &RepoPath, program: &str) -> Option<String> {
        let folders = ENVIRONMENTS.map(|name| format!("{name}/{PROGRAMS}"));
        let folders = folders.each_ref().map(String::as_str);
        if let Some(found) = self.installed(root, &folders, program) {
            return Some(found);
        }
        let active = self
            .active
            .as_ref()
            .map(|active| active.join(PROGRAMS).join(program));
        if let Some(found) = active.filter(|path| path.is_file()) {
            return found.to_str().map(str::to_owned);
        }
        self.on_path(program)
    }

    /// Whether something lies in the work tree at `below` in `root` or a folder above it: `node_modules/jest`.
    pub(crate) fn lies(&self, root: &RepoPath, below: &str) -> bool {
        let (folder, name) = below.rsplit_once('/').unwrap_or((".", below));
        self.installed(root, &[folder], name).is_some()
    }

    /// A program on PATH: its name, by which it is called.
    pub(crate) fn on_path(&self, program: &str) -> Option<String> {
        let mut known = self
            .on_path
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_there = *known.entry(program.to_owned()).or_insert_with(|| {
            let at = self.work_tree.unwrap_or(Path::new("/"));
            which::which_in(program, self.path.as_ref(), at).is_ok()
        });
        is_there.then(|| program.to_owned())
    }

    fn installed(&self, root: &RepoPath, folders: &[&str], program: &str) -> Option<String> {
        let work_tree = self.work_tree?;
        let mut way = String::new();
        for at in crate::project::up(root) {
            for folder in folders {
                let below = at.join(folder.as_bytes()).join(program.as_bytes());
                if work_tree.join(below.to_os()).exists() {
                    return Some(format!("{way}{folder}/{program}"));
                }
            }
            way.push_str("../");
        }
        None
    }
}
