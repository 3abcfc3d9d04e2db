//! Env files as they lie on the disk, ignored by git or not.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::dotenv::LARGEST;
use crate::dotenv::name::{self, Role};
use crate::env::{self, Asked, Choice};
use crate::finding::{Finding, Fix, code};
use crate::path::RepoPath;
use crate::project::{Project, WorkTree, split};
use crate::repository::Repository;

use super::{Ground, Judged, Wanted, judge, mending};

/// Files on the disk, and what they are judged by.
pub(in crate::gate) struct Files {
    /// From where they are told.
    pub(super) root: PathBuf,
    /// The files as they are told, and where they lie.
    pub(super) files: Vec<(RepoPath, PathBuf)>,
    /// Whether somebody named them.
    pub(super) are_named: bool,
    pub(super) ground: Ground,
    pub(super) choice: Choice,
    /// The gravest fix that may be made first.
    pub(super) fix: Fix,
}

impl Files {
    pub(super) fn judge(&self, judged: &mut Judged) {
        let project = Project::new(WorkTree::new(&self.root));
        let mut files = Vec::with_capacity(self.files.len());
        for (path, place) in &self.files {
            let mut bytes = content(place, self.are_named);
            if let (Ok(before), true) = (&bytes, self.fix != Fix::None)
                && let Some(told) = self.mend(&project, (path, place), before)
            {
                judged.findings.push(told);
                // Judged is what lies there now.
                bytes = content(place, self.are_named);
            }
            files.push(Wanted {
                bytes: bytes.map_err(|why| unreadable(path, &why)),
                is_named: self.are_named,
                is_committed: false,
                is_old: false,
                path: path.clone(),
            });
        }
        judge(&files, (&project, &self.ground, &self.choice), judged);
    }

    /// Writes a file anew where that mends anything; what came of it.
    fn mend(
        &self,
        project: &Project<'_>,
        (path, place): (&RepoPath, &Path),
        before: &[u8],
    ) -> Option<Finding> {
        let asked = Asked {
            path,
            bytes: before,
            readers: &env::readers(project, path),
            schema: self.ground.schema(),
            environment: None,
            is_committed: false,
            is_named: self.are_named,
            beside: &HashSet::new(),
            needs: None,
        };
        let made = env::rewritten(&asked, self.fix)?;
        Some(mending::mend(path, place, before, &made))
    }
}

/// Every env file at the root of a package, but examples.
pub(super) fn found(root: &Path, repository: Option<&Repository>) -> Vec<RepoPath> {
    let mut found = Vec::new();
    for folder in packages(root, repository) {
        let Ok(entries) = fs::read_dir(root.join(folder.to_os())) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name().into_encoded_bytes();
            let path = folder.join(&name);
            let is_env = name.starts_with(b".env");
            let is_real = name::role(&path).is_some_and(|role| role != Role::Example);
            // Python's virtual environments are called so, too.
            let is_venv = entry.path().join("pyvenv.cfg").exists();
            if is_env && is_real && !is_venv {
                found.push(path);
            }
        }
    }
    found.sort_unstable();
    found
}

/// The root, and every folder with a manifest.
fn packages(root: &Path, repository: Option<&Repository>) -> Vec<RepoPath> {
    let mut folders = vec![RepoPath::root()];
    let Some(repository) = repository else {
        return folders;
    };
    // What git cannot list is told by whoever needs it; here the root is enough.
    let all = crate::change::everything(repository, crate::repository::Judged::Index);
    let files = all.map(|all| all.files).unwrap_or_default();
    for file in &files {
        let (folder, name) = split(&file.path);
        if env::is_manifest(name) && !folder.is_root() && root.join(folder.to_os()).is_dir() {
            folders.push(folder);
        }
    }
    folders.sort_unstable();
    folders.dedup();
    folders
}

/// A file's bytes, up to what shows that there is too much of it.
fn content(place: &Path, is_named: bool) -> Result<Vec<u8>, String> {
    let about = fs::metadata(place).map_err(|error| told(&error))?;
    if about.is_dir() {
        return Err("it is a folder".to_owned());
    }
    // A pipe that nobody writes to would be waited for without end; who names one means it.
    if !about.is_file() && !is_named {
        return Err("it is no plain file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(place).map_err(|error| told(&error))?;
    let read = file.take(LARGEST as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| told(&error))?;
    Ok(bytes)
}

/// Why it failed, without the system's number for it.
pub(super) fn told(error: &std::io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    text[..end].to_lowercase()
}

/// A file that cannot be read.
pub(super) fn unreadable(path: &RepoPath, why: &str) -> Finding {
    let message = format!("{path} cannot be read: {why}");
    let mut finding = Finding::new(
        env::CHECK,
        code::ENV_UNREADABLE,
        message,
        code::ENV_UNREADABLE.fix,
    );
    finding = finding.in_file(path.clone());
    finding
}
