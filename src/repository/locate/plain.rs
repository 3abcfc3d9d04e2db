//! Where the parts of an ordinary repository lie, for one that libgit2 does not open: known without asking git.
//!
//! git's own rules, and only where they leave no doubt. The owner is looked at before a setting is:
//! where git would have a word to say about trust, git is asked, and refuses.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use bstr::ByteSlice;

use super::{Found, Layout};
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::repository::form::Form;
use crate::repository::head;

/// Variables that change where git looks, or whom it trusts.
const UNUSUAL: [&str; 5] = [
    "GIT_COMMON_DIR",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_REFERENCE_BACKEND",
    "GIT_TEST_ASSUME_DIFFERENT_OWNER",
];

/// The layout and the form of an ordinary repository; none when git should be asked.
pub(crate) fn plain(environment: &Environment, found: &Found) -> Option<(Layout, Form)> {
    if UNUSUAL.iter().any(|name| environment.os(name).is_some()) {
        return None;
    }
    let here = &environment.directory;
    // git looks around from the real folder, whatever links led to it.
    if here.canonicalize().ok()? != *here {
        return None;
    }
    let git_dir = found.git_dir().canonicalize().ok()?;
    let common_dir = common_dir(&git_dir)?;
    let mut owned = vec![git_dir.clone(), common_dir.clone()];
    if let Found::In { top, .. } = found {
        owned.extend([top.clone(), top.join(".git")]);
    }
    if !is_git_dir(&git_dir, &common_dir) || !owner::is_this_user(&owned) {
        return None;
    }
    let form = Form::read(&git_dir, &common_dir)?;
    let layout = Layout {
        work_tree: Some(work_tree(environment, found, &git_dir, &form)?),
        git_dir,
        common_dir,
    };
    Some((layout, form))
}

/// The folder that linked work trees share.
fn common_dir(git_dir: &Path) -> Option<PathBuf> {
    match fs::read(git_dir.join("commondir")) {
        Ok(text) => {
            let named = RepoPath::new(text.trim_end_with(|c| c == '\n' || c == '\r')).to_os();
            git_dir.join(named).canonicalize().ok()
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Some(git_dir.to_owned()),
        Err(_) => None,
    }
}

/// Whether git takes the folder for a repository: where it does not, it looks further up.
fn is_git_dir(git_dir: &Path, common_dir: &Path) -> bool {
    // The dot asks for the right to look inside as well.
    let is_open = |name: &str| fs::metadata(common_dir.join(name).join(".")).is_ok();
    head::is_plausible(git_dir) && is_open("objects") && is_open("refs")
}

fn work_tree(
    environment: &Environment,
    found: &Found,
    git_dir: &Path,
    form: &Form,
) -> Option<PathBuf> {
    let here = &environment.directory;
    if let Some(named) = environment.os("GIT_WORK_TREE") {
        let named = here.join((!named.is_empty()).then_some(named)?);
        return named.canonicalize().ok();
    }
    if form.is_bare {
        return None;
    }
    let Some(configured) = &form.work_tree else {
        return Some(match found {
            Found::In { top, .. } => top.clone(),
            Found::Named { .. } => here.clone(),
        });
    };
    let named = (!configured.is_empty()).then(|| RepoPath::new(configured.as_bytes()).to_os())?;
    let configured = git_dir.join(named).canonicalize().ok()?;
    match found {
        // A submodule names the folder in which it was found. Elsewhere is for git to say.
        Found::In { top, .. } => (configured == *top).then_some(configured),
        Found::Named { .. } => Some(configured),
    }
}

#[cfg(unix)]
mod owner {
    use std::fs;
    use std::os::unix::fs::MetadataExt;
    use std::path::PathBuf;

    /// Whether all of it belongs to whoever runs guard: what git trusts without looking at `safe.directory`.
    pub(super) fn is_this_user(paths: &[PathBuf]) -> bool {
        let user = rustix::process::geteuid().as_raw();
        let is_owned = |path: &PathBuf| {
            let about = fs::symlink_metadata(path);
            about.is_ok_and(|about| about.uid() == user)
        };
        paths.iter().all(is_owned)
    }
}

#[cfg(not(unix))]
mod owner {
    use std::path::PathBuf;

    /// Owners are git's to judge where they are no numbers.
    pub(super) fn is_this_user(_: &[PathBuf]) -> bool {
        false
    }
}
