//! A revision as people write it, made a commit, or an error that says which name was meant.

use bstr::ByteSlice;

use crate::repository::reader::Peeled;
use crate::repository::{Id, Repository, RepositoryError};

/// The commit that a revision names.
pub(super) fn commit(repository: &Repository, revision: &str) -> Result<Id, RepositoryError> {
    let whole = Id::parse(revision);
    let peeled = match whole {
        Some(id) => repository.ask_aside(|reader| reader.peel_one(id))?,
        None => repository.ask_aside(|reader| reader.resolve(revision))?,
    };
    match (peeled, whole) {
        (Peeled::Commit(id), _) => Ok(id),
        (Peeled::Missing, Some(id)) => Err(RepositoryError::Missing {
            id,
            is_shallow: repository.is_shallow(),
        }),
        _ => Err(RepositoryError::UnknownRevision {
            revision: revision.to_owned(),
            nearest: nearest(repository, revision)?,
        }),
    }
}

/// The commit that a whole ref name leads to, if there is such a ref.
pub(super) fn of_ref(repository: &Repository, name: &str) -> Result<Option<Id>, RepositoryError> {
    match repository.ask_aside(|reader| reader.resolve(name))? {
        Peeled::Commit(id) => Ok(Some(id)),
        _ => Ok(None),
    }
}

/// The short names of branches, tags and remote branches, each with what it is.
pub fn names(repository: &Repository) -> Result<Vec<(String, &'static str)>, RepositoryError> {
    let refs = repository.ask_aside(|reader| reader.refs("refs/"))?;
    let kinds = [
        ("refs/heads/", "a branch"),
        ("refs/remotes/", "a branch of a remote"),
        ("refs/tags/", "a tag"),
    ];
    let mut names = Vec::new();
    for (folder, kind) in kinds {
        let full = refs.iter().filter_map(|(full, _)| full.to_str().ok());
        let short = full.filter_map(|full| full.strip_prefix(folder));
        names.extend(short.map(|short| (short.to_owned(), kind)));
    }
    Ok(names)
}

/// The ref that is most like a name: the same name at a remote, or a few letters away.
fn nearest(repository: &Repository, name: &str) -> Result<Option<String>, RepositoryError> {
    let refs = repository.ask_aside(|reader| reader.refs("refs/"))?;
    let names = refs
        .iter()
        .filter_map(|(full, _)| short(full.to_str().ok()?));
    let letters = name.chars().count();
    let distance = |known: &str| {
        if known
            .strip_suffix(name)
            .is_some_and(|rest| rest.ends_with('/'))
        {
            return 0;
        }
        strsim::damerau_levenshtein(known, name)
    };
    let nearest = names.map(|known| (distance(known), known)).min();
    let close = nearest.filter(|(distance, _)| *distance <= 2.max(letters / 3));
    Ok(close.map(|(_, known)| known.to_owned()))
}

fn short(full: &str) -> Option<&str> {
    ["refs/heads/", "refs/tags/", "refs/remotes/"]
        .iter()
        .find_map(|prefix| full.strip_prefix(prefix))
}
