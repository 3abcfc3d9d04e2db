//! Submodules: their contents come from their own repositories, which must be here.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bstr::ByteSlice;

use super::error::CheckoutError;
use super::wanted::{Source, Wanted};
use crate::change::Judged;
use crate::environment::{Environment, GIT_LOCATION};
use crate::path::RepoPath;
use crate::repository::{Id, Repository};

/// No system has longer paths. Nesting ends by itself: no commit can hold its own id.
const LONGEST: usize = 4096;

/// A submodule's path and its name.
type Named = (Vec<u8>, Vec<u8>);

/// The repositories of one repository's submodules, each with the commit that is recorded.
pub(crate) fn all(
    parent: &Source,
    wanted: &Wanted,
    submodules: &[(Vec<u8>, Id)],
    environment: &Environment,
) -> Result<Vec<(Source, Judged)>, CheckoutError> {
    if submodules.is_empty() {
        return Ok(Vec::new());
    }
    let names = names(parent, wanted)?;
    let sources = submodules.iter().map(|(path, commit)| {
        let missing = |why: String| CheckoutError::Submodule {
            path: RepoPath::new(path.as_slice()),
            commit: *commit,
            why,
        };
        if path.len() > LONGEST {
            return Err(missing("it is nested too deeply".to_owned()));
        }
        let own = &path[parent.prefix.len()..];
        let name = names.iter().find(|(place, _)| place == own);
        let places = places(
            &parent.repository,
            own,
            name.map(|(_, name)| name.as_slice()),
        );
        let Some(git_dir) = places
            .into_iter()
            .find(|place| place.join("HEAD").is_file())
        else {
            return Err(missing("it was never cloned".to_owned()));
        };
        let repository = Repository::discover(&inside(environment, &git_dir))
            .map_err(|error| missing(error.to_string()))?;
        // An id leads to a commit only where the commit is here.
        let is_here = repository.ask(|reader| reader.peel_one(*commit));
        match is_here {
            Ok(crate::repository::reader::Peeled::Commit(_)) => {}
            Ok(_) => return Err(missing("that commit was never fetched".to_owned())),
            Err(error) => return Err(missing(error.to_string())),
        }
        let source = Source {
            repository: Arc::new(repository),
            prefix: [path.as_slice(), b"/"].concat(),
        };
        Ok((source, Judged::Commit(*commit)))
    });
    sources.collect()
}

/// Where a submodule's own repository may be: in the work tree, or kept by the repository around it.
fn places(parent: &Repository, path: &[u8], name: Option<&[u8]>) -> Vec<PathBuf> {
    let mut places = Vec::new();
    if let Some(top) = parent.work_tree() {
        let dot_git = top.join(RepoPath::new(path).to_os()).join(".git");
        if dot_git.is_dir() {
            places.push(dot_git);
        } else if let Ok(text) = std::fs::read(&dot_git)
            && let Some(target) = text.strip_prefix(b"gitdir: ")
            && let Some(folder) = dot_git.parent()
        {
            let target = target.trim_end_with(|c| c == '\n' || c == '\r');
            places.push(folder.join(RepoPath::new(target).to_os()));
        }
    }
    let is_harmless = |name: &&[u8]| !name.is_empty() && super::name::refused(name).is_none();
    if let Some(name) = name.filter(is_harmless) {
        let name = RepoPath::new(name).to_os();
        for folder in [parent.git_dir(), parent.common_dir()] {
            places.push(folder.join("modules").join(&name));
        }
    }
    places
}

/// The environment of a call for which exactly this repository is meant.
fn inside(environment: &Environment, git_dir: &Path) -> Environment {
    let is_location = |name: &OsStr| {
        name.to_str()
            .is_some_and(|name| GIT_LOCATION.contains(&name))
    };
    let kept = environment
        .iter()
        .filter(|(name, _)| !is_location(name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    // The work tree is not looked at, and need not be there.
    let location = ["GIT_DIR", "GIT_WORK_TREE"].map(|name| (name.into(), git_dir.into()));
    Environment::of(git_dir, kept.chain(location))
}

/// The paths and names in a repository's judged `.gitmodules`.
fn names(parent: &Source, wanted: &Wanted) -> Result<Vec<Named>, CheckoutError> {
    let file = [parent.prefix.as_slice(), b".gitmodules"].concat();
    // The list is not sorted yet.
    let file = wanted.files.iter().rfind(|other| other.path == file);
    let Some(file) = file.filter(|file| file.mode.is_regular()) else {
        return Ok(Vec::new());
    };
    let content = wanted.content(file)?;
    let git = parent.repository.git()?;
    // From its input git includes no other file.
    let arguments = ["config", "--file", "-", "-z", "--list"];
    let answer = git
        .ask_with(&arguments, content)
        .map_err(crate::repository::RepositoryError::from)?;
    let lines = answer.out.split(|byte| *byte == 0);
    let paths = lines.filter_map(|line| {
        let (key, path) = line.split_once_str("\n")?;
        let name = key.strip_prefix(b"submodule.")?.strip_suffix(b".path")?;
        Some((path.to_vec(), name.to_vec()))
    });
    Ok(paths.collect())
}
