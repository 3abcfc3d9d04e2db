//! Where a repository's checkouts lie, always in the same place.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

use super::error::{CheckoutError, refusal};
use super::hash;
use crate::environment::Environment;
use crate::repository::Repository;

/// The file that says whose checkouts they are.
pub(crate) const OWNER: &str = "repository";

/// A repository's folder for its checkouts, made where it is missing; and what is to be said about it.
pub(crate) fn folder(
    repository: &Repository,
    environment: &Environment,
) -> Result<(PathBuf, Option<String>), CheckoutError> {
    let common = repository.common_dir();
    let common = common.canonicalize().unwrap_or_else(|_| common.to_owned());
    let why = match state_home(environment) {
        Some(home) => {
            let folder = home.join("guard/checkout").join(name(&common));
            match make(&folder, &common) {
                Ok(()) => return Ok((folder, None)),
                Err(error) => format!("{} could not be made ({error})", folder.display()),
            }
        }
        None => "there is no home folder".to_owned(),
    };
    let folder = within(&common);
    make(&folder, &common).map_err(refusal("written", &folder))?;
    let note = format!(
        "{why}: guard's own checkout lies at {}; some tools skip whatever is below a `.git` folder",
        folder.display()
    );
    Ok((folder, Some(note)))
}

/// Where a repository's checkouts lie, whether they are there or not.
pub(crate) fn of(common: &Path, environment: &Environment) -> PathBuf {
    let common = common.canonicalize().unwrap_or_else(|_| common.to_owned());
    all(environment).map_or_else(|| within(&common), |all| all.join(name(&common)))
}

/// Where all repositories' checkouts lie, if there is a home for them.
pub(crate) fn all(environment: &Environment) -> Option<PathBuf> {
    Some(state_home(environment)?.join("guard/checkout"))
}

/// Where they lie when there is no home.
pub(crate) fn within(common: &Path) -> PathBuf {
    common.join("guard/checkout")
}

fn state_home(environment: &Environment) -> Option<PathBuf> {
    let named = environment.os("XDG_STATE_HOME").map(PathBuf::from);
    // A relative one is to be ignored, says its standard.
    if let Some(named) = named.filter(|named| named.is_absolute()) {
        return Some(named);
    }
    // A home that is not there is not wanted either.
    let home = environment.home().filter(|home| home.is_dir())?;
    Some(home.join(".local/state"))
}

fn make(folder: &Path, common: &Path) -> io::Result<()> {
    make_private(folder)?;
    let owner = folder.join(OWNER);
    let text = common.as_os_str().as_encoded_bytes();
    if fs::read(&owner).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(owner, text)
}

/// A folder that only the user may look into.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A name for people and a part that no other repository has.
fn name(common: &Path) -> String {
    let is_dot_git = common.file_name().is_some_and(|name| name == ".git");
    let named = if is_dot_git {
        common.parent()
    } else {
        Some(common)
    };
    let name = named.and_then(Path::file_name).unwrap_or_default();
    let harmless: String = name
        .to_string_lossy()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .take(40)
        .collect();
    let sum = hash::of_parts([common.as_os_str().as_encoded_bytes()]);
    let sum = u64::from_be_bytes(*sum.first_chunk().expect("a hash has 32 bytes"));
    format!("{}-{sum:016x}", harmless.trim_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_for_people_and_differ() {
        let one = name(Path::new("/a/my app/.git"));
        let two = name(Path::new("/b/my app/.git"));
        assert!(
            one.starts_with("my-app-") && two.starts_with("my-app-"),
            "{one} {two}"
        );
        assert_eq!(one.len(), "my-app-".len() + 16);
        assert_ne!(one, two);
        assert!(name(Path::new("/srv/x.git")).starts_with("x-git-"));
        assert!(!name(Path::new("/a/..evil/.git")).starts_with('.'));
    }
}
