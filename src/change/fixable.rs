//! Which files a fix is about, when somebody asks for one by hand: always as they stand in the index.

use std::collections::BTreeSet;

use super::ci::since_default;
use super::{ChangeSet, Judged, against, as_if_pushed, everything, pushed, range, staged};
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::repository::{Repository, RepositoryError};

/// Which files are to be repaired.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// What is staged; where nothing is, what a push would send.
    #[default]
    Usual,
    /// What these commits change.
    Range {
        /// The base.
        from: String,
        /// The end.
        to: String,
    },
    /// Every tracked file.
    AllFiles,
}

/// The files that a fix is about, and whether they are what is staged.
pub fn fixable(
    repository: &Repository,
    environment: &Environment,
    wanted: &Wanted,
) -> Result<(ChangeSet, bool), RepositoryError> {
    let staged = staged(repository)?;
    let is_staged = !staged.files.is_empty();
    let named = match wanted {
        Wanted::Usual if is_staged => return Ok((staged, true)),
        Wanted::Usual => {
            let Some(sent) = sent(repository, environment)? else {
                let reason = "nothing is staged, and there is no commit yet".to_owned();
                return Ok((ChangeSet { reason, ..staged }, false));
            };
            sent
        }
        Wanted::Range { from, to } => range(repository, from, to)?,
        Wanted::AllFiles => return Ok((everything(repository, Judged::Index)?, is_staged)),
    };
    let paths: BTreeSet<RepoPath> = named.files.into_iter().map(|file| file.path).collect();
    let mut changes = everything(repository, Judged::Index)?;
    changes.files.retain(|file| paths.contains(&file.path));
    changes.base = named.base;
    changes.reason = named.reason;
    Ok((changes, is_staged))
}

/// What a push of the checked-out commit would send; none before the first commit.
fn sent(
    repository: &Repository,
    environment: &Environment,
) -> Result<Option<ChangeSet>, RepositoryError> {
    let Some(head) = repository.ask(|reader| reader.head())? else {
        return Ok(None);
    };
    let (updates, remote) = as_if_pushed(repository, super::Remote::new("", ""))?;
    let mut sent = pushed(repository, &updates, &remote)?.commits;
    let told = |reason: &str| format!("nothing is staged, so what a push would send: {reason}");
    let sent = sent.pop().map(|sent| sent.changes);
    if let Some(sent) = sent
        && sent.base.is_some()
    {
        let reason = told(&sent.reason);
        return Ok(Some(ChangeSet { reason, ..sent }));
    }
    // Nothing is known of the remote. Whoever has a default branch means what came after it.
    match since_default(repository, environment, head)? {
        Ok((base, reason)) => against(repository, base, head, told(&reason)).map(Some),
        Err(why) => {
            let mut all = everything(repository, Judged::Commit(head))?;
            all.reason = told(&format!("all files, as {why}"));
            Ok(Some(all))
        }
    }
}
