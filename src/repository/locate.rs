//! Where the repository is: found as git finds it, from the folder and the variables git gave the hook.
//!
//! The common cases are found here without a process. Whatever is out of the ordinary, git is asked;
//! it also speaks the last word about owners.

mod plain;

use std::fs;
use std::path::{Path, PathBuf};

use bstr::ByteSlice;

use super::error::RepositoryError;
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::process::git::{self, Git};

pub(crate) use plain::plain;

/// The folders of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) git_dir: PathBuf,
    pub(crate) common_dir: PathBuf,
    pub(crate) work_tree: Option<PathBuf>,
}

impl Layout {
    /// The index: its variable is relative to the top, as git changes there before it looks.
    pub(crate) fn index_file(&self, environment: &Environment) -> PathBuf {
        match environment.os("GIT_INDEX_FILE").filter(|f| !f.is_empty()) {
            Some(file) => self.top().join(file),
            None => self.git_dir.join("index"),
        }
    }

    /// The folder in which git works: the work tree's, or the repository's own.
    pub(crate) fn top(&self) -> &Path {
        self.work_tree.as_deref().unwrap_or(&self.git_dir)
    }
}

/// A repository's own folder, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// By `.git` in this folder.
    In { top: PathBuf, git_dir: PathBuf },
    /// Named by `GIT_DIR`.
    Named { git_dir: PathBuf },
}

impl Found {
    pub(crate) fn git_dir(&self) -> &Path {
        match self {
            Self::In { git_dir, .. } | Self::Named { git_dir } => git_dir,
        }
    }
}

/// Finds an ordinary repository; none when git should be asked.
pub(crate) fn quick(environment: &Environment) -> Option<Found> {
    let here = &environment.directory;
    if let Some(named) = environment.os("GIT_DIR") {
        let git_dir = real_git_dir(&here.join(named))?;
        return Some(Found::Named { git_dir });
    }
    if !here.is_absolute() || environment.os("GIT_CEILING_DIRECTORIES").is_some() {
        return None;
    }
    let device = device(here)?;
    for folder in here.ancestors() {
        if let Some(git_dir) = real_git_dir(&folder.join(".git")) {
            let top = folder.to_owned();
            return Some(Found::In { top, git_dir });
        }
        // A bare repository, the inside of one, or another file system: git has settings for these.
        if folder.join("HEAD").exists() || self::device(folder) != Some(device) {
            return None;
        }
    }
    None
}

/// A `.git` folder, or the folder that a `.git` file names.
fn real_git_dir(place: &Path) -> Option<PathBuf> {
    let about = fs::metadata(place).ok()?;
    if about.is_dir() {
        return place
            .join("HEAD")
            .symlink_metadata()
            .is_ok()
            .then(|| place.to_owned());
    }
    // git refuses a longer one as well.
    if about.len() > 1 << 20 {
        return None;
    }
    let text = fs::read(place).ok()?;
    let target = text
        .strip_prefix(b"gitdir: ")?
        .trim_end_with(|c| c == '\n' || c == '\r');
    Some(place.parent()?.join(RepoPath::new(target).to_os()))
}

#[cfg(unix)]
fn device(folder: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(fs::metadata(folder).ok()?.dev())
}

#[cfg(not(unix))]
fn device(_: &Path) -> Option<u64> {
    Some(0)
}

/// The work tree of a repository that libgit2 opened, by git's rules.
pub(crate) fn work_tree(
    environment: &Environment,
    found: &Found,
    repository: &git2::Repository,
) -> Option<PathBuf> {
    let here = &environment.directory;
    if let Some(named) = environment.os("GIT_WORK_TREE").filter(|w| !w.is_empty()) {
        return Some(here.join(named));
    }
    match found {
        Found::In { top, .. } => {
            let own = repository.workdir()?;
            // libgit2 takes the folder around the git folder, which is another one when `.git` is a file.
            let is_named = repository.config().is_ok_and(|config| {
                let entry = config.get_entry("core.worktree");
                entry.is_ok_and(|entry| entry.has_value())
            });
            if !is_named && !repository.is_worktree() {
                return Some(top.clone());
            }
            // libgit2 writes paths in its own way; the folder in which `.git` was found stays as it was named.
            let is_same = own == top || own.canonicalize().ok() == top.canonicalize().ok();
            Some(if is_same { top.clone() } else { own.to_owned() })
        }
        Found::Named { git_dir } => {
            let config = repository.config().ok()?;
            // A linked work tree shares the configuration, and these two settings are not about it.
            let is_linked = repository.path() != repository.commondir();
            if !is_linked && let Ok(named) = config.get_path("core.worktree") {
                return Some(git_dir.join(named));
            }
            let is_bare = !is_linked && config.get_bool("core.bare").unwrap_or(false);
            let implicit = environment.text("GIT_IMPLICIT_WORK_TREE");
            let is_denied = matches!(implicit, Some("0" | "false" | "no" | "off"));
            (!is_bare && !is_denied).then(|| here.clone())
        }
    }
}

/// Asks git where the repository is.
pub(crate) fn ask(environment: &Environment, git: &Git) -> Result<Layout, RepositoryError> {
    const DIRS: [&str; 4] = [
        "rev-parse",
        "--path-format=absolute",
        "--git-dir",
        "--git-common-dir",
    ];
    let with_top = [&DIRS[..], &["--show-toplevel"]].concat();
    let mut answer = git.ask(&with_top)?;
    let is_bare = answer.err.contains_str("must be run in a work tree");
    if is_bare {
        answer = git.ask(&DIRS)?;
    }
    if !answer.good() {
        return Err(refused(environment, &answer));
    }
    let lines: Vec<PathBuf> = answer
        .out
        .lines()
        .map(|line| RepoPath::new(line).to_os())
        .collect();
    match &lines[..] {
        [git_dir, common_dir, top @ ..] if top.len() == usize::from(!is_bare) => Ok(Layout {
            git_dir: git_dir.clone(),
            common_dir: common_dir.clone(),
            work_tree: top.first().cloned(),
        }),
        _ => Err(RepositoryError::Unreadable {
            what: "the repository's place",
            why: "its path has a line end in it".to_owned(),
        }),
    }
}

fn refused(environment: &Environment, answer: &git::Answer) -> RepositoryError {
    if let Some(foreign) = RepositoryError::foreign_owner(answer) {
        return foreign;
    }
    if answer.err.contains_str("not a git repository") {
        return RepositoryError::NotFound {
            directory: environment.directory.clone(),
        };
    }
    RepositoryError::Unreadable {
        what: "the repository",
        why: answer.complaint(),
    }
}
