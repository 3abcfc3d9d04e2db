//! What is checked out, and what a push of it would tell the hook: for guard called by hand.

use bstr::{BString, ByteSlice};

use super::known::Remote;
use super::push::Update;
use super::{Judged, revision};
use crate::repository::{Repository, RepositoryError};

/// The commit that is checked out.
pub fn head(repository: &Repository) -> Result<Judged, RepositoryError> {
    let head = repository.ask(|reader| reader.head())?;
    head.map(Judged::Commit)
        .ok_or_else(|| RepositoryError::UnknownRevision {
            revision: "HEAD".to_owned(),
            nearest: None,
        })
}

/// The id of the commit that a name leads to, if it leads to one.
pub fn resolve(repository: &Repository, name: &str) -> Option<String> {
    let commit = revision::commit(repository, name).ok()?;
    Some(commit.to_string())
}

/// The update that pushing the checked-out branch would be, and the remote that it would go to.
///
/// `remote` is what the caller named, if anything; else git's own order holds: the branch's push
/// remote, the default push remote, the branch's remote, `origin`.
pub fn as_if_pushed(
    repository: &Repository,
    remote: Remote,
) -> Result<(Vec<Update>, Remote), RepositoryError> {
    let Judged::Commit(local) = head(repository)? else {
        return Ok((Vec::new(), remote));
    };
    let config = repository.config()?;
    let last = |name: &str| {
        let mut values = config.iter().rev().filter(|(key, _)| key == name);
        values.next().map(|(_, value)| value.clone())
    };
    let branch = repository.branch()?;
    let of_branch = |key: &str| last(&format!("branch.{}.{key}", branch.as_deref()?));
    let remote = if remote.name.is_empty() {
        let name = of_branch("pushremote")
            .or_else(|| last("remote.pushdefault"))
            .or_else(|| of_branch("remote"))
            .unwrap_or_else(|| BString::from("origin"));
        let url = last(&format!("remote.{}.url", name.to_str_lossy())).unwrap_or_default();
        Remote { name, url }
    } else {
        remote
    };
    let update = match &branch {
        Some(branch) => {
            let tracking = format!("refs/remotes/{}/{branch}", remote.name.to_str_lossy());
            Update {
                local_ref: format!("refs/heads/{branch}").into(),
                local: Some(local),
                remote_ref: format!("refs/heads/{branch}").into(),
                remote: revision::of_ref(repository, &tracking)?,
            }
        }
        None => Update {
            local_ref: "HEAD".into(),
            local: Some(local),
            remote_ref: "HEAD".into(),
            remote: None,
        },
    };
    Ok((vec![update], remote))
}
