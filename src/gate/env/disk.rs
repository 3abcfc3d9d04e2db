//! Env files as they lie on the disk, ignored by git or not.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::config::valid::CheckSettings;
use crate::dotenv::LARGEST;
use crate::dotenv::name::{self, Role};
use crate::env::{self, Asked, Choice};
use crate::finding::{Finding, Fix, Severity, code};
use crate::gate::secrets::Ready;
use crate::ignoring::{self, Scope};
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::project::{Project, WorkTree, split};
use crate::repository::{Change, Kind as Became, Repository};
use crate::secrets::inspect::{Inspected, Inspector};
use crate::secrets::piece::{Piece, Source};
use crate::secrets::{self, Reach};

use super::{Ground, Judged, Wanted, judge, mending};

/// Files on the disk, and what they are judged by.
pub(in crate::gate) struct Files {
    /// From where they are told.
    pub(super) root: PathBuf,
    /// The files as they are told, and where they lie.
    pub(super) listed: Vec<(RepoPath, PathBuf)>,
    /// Whether somebody named them.
    pub(super) are_named: bool,
    pub(super) ground: Ground,
    pub(super) choice: Choice,
    /// What git does with them.
    pub(super) kept: Vec<Finding>,
    /// What examples that were named are searched for secrets with.
    pub(super) ready: Option<Ready>,
    /// The gravest fix that may be made first.
    pub(super) fix: Fix,
}

impl Files {
    /// Whether reading and judging them takes a few milliseconds.
    pub(super) fn is_small(&self) -> bool {
        /// Five thousand variables take a tenth of it.
        const LITTLE: u64 = 1 << 20;
        let size =
            |(_, place): &(RepoPath, PathBuf)| fs::metadata(place).map_or(0, |about| about.len());
        self.listed.iter().map(size).sum::<u64>() < LITTLE
    }

    pub(super) fn judge(&self, judged: &mut Judged) {
        let project = Project::new(WorkTree::new(&self.root));
        let mut files = Vec::with_capacity(self.listed.len());
        for (path, place) in &self.listed {
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
        judged.findings.extend(self.kept.iter().cloned());
        if let Some(ready) = &self.ready {
            judged.findings.extend(self.secrets(ready));
        }
    }

    /// Real secrets in examples. In the gate the check `secrets` tells them.
    fn secrets(&self, ready: &Ready) -> Vec<Finding> {
        let examples = self.listed.iter();
        let examples = examples.filter(|(path, _)| name::role(path) == Some(Role::Example));
        let pieces = examples.map(|(path, place)| Piece {
            path: path.clone(),
            source: Source::File(place.clone()),
            old: None,
            commit: None,
        });
        let inspector = Inspector {
            repository: None,
            set: &ready.set,
            pardons: &ready.pardons,
            cancel: &Cancel::new(),
            clean: None,
            draft: None,
        };
        let mut inspected = Inspected::default();
        inspector.inspect(pieces.collect(), &mut inspected);
        let found = inspected.found.iter();
        found
            .map(|found| secrets::finding(&ready.set, found, Reach::Disk))
            .collect()
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
            schema: self.ground.at(&split(path).0).1.schema(),
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

/// Env files that were found.
pub(super) struct Found {
    pub(super) files: Vec<RepoPath>,
    /// Which of them git tracks.
    tracked: Vec<RepoPath>,
}

/// Every env file at the root of a package, but examples.
pub(super) fn found(root: &Path, repository: Option<&Repository>) -> Found {
    let mut found = Vec::new();
    // What git cannot list is told by whoever needs it; here the root is enough.
    let all = repository.and_then(|repository| {
        let all = crate::change::everything(repository, crate::repository::Judged::Index);
        all.ok().map(|all| all.files)
    });
    let all = all.unwrap_or_default();
    for folder in packages(root, &all) {
        let Ok(entries) = fs::read_dir(root.join(folder.to_os())) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name().into_encoded_bytes();
            let path = folder.join(&name);
            let is_env = name.starts_with(b".env");
            let is_real = env::is_judged(&path) && name::role(&path) != Some(Role::Example);
            // Python's virtual environments are called so, too.
            let is_python = entry.path().join("pyvenv.cfg").exists();
            if is_env && is_real && !is_python {
                found.push(path);
            }
        }
    }
    found.sort_unstable();
    let is_tracked = |path: &&RepoPath| all.iter().any(|file| file.path == **path);
    let tracked = found.iter().filter(is_tracked).cloned().collect();
    Found {
        files: found,
        tracked,
    }
}

/// What git does with the files that were found, as the check `gitignore` tells it. Nothing blocks: that is for the
/// moment at which they are committed.
pub(super) fn kept(root: &Path, found: &Found, settings: &CheckSettings) -> Vec<Finding> {
    // What is not tracked counts for its folder alone, as what a change takes away.
    let change = |path: &RepoPath| Change {
        path: path.clone(),
        kind: if found.tracked.contains(path) {
            Became::Modified
        } else {
            Became::Deleted
        },
        old: None,
        new: None,
    };
    if found.files.is_empty() {
        return Vec::new();
    }
    let changes: Vec<Change> = found.files.iter().map(change).collect();
    let project = Project::new(WorkTree::new(root));
    let judged = ignoring::judge(&project, &changes, Scope::Change);
    let (_, mut findings) = settings.weigh(Outcome::Passed, judged.findings);
    for finding in &mut findings {
        finding.severity = finding.severity.min(Severity::Warning);
    }
    findings
}

/// The root, and every folder with a manifest.
fn packages(root: &Path, all: &[Change]) -> Vec<RepoPath> {
    let mut folders = vec![RepoPath::root()];
    for file in all {
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
pub(super) fn content(place: &Path, is_named: bool) -> Result<Vec<u8>, String> {
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
