//! What a push brings: for each pushed commit, what differs from all that the remote has of its history.
//!
//! Where less is known of the remote, more counts as changed: widen, never narrow.

use std::collections::{BTreeMap, BTreeSet};

use super::known::{self, Known, Remote};
use super::push::Update;
use super::{Change, ChangeSet, Judged};
use crate::path::RepoPath;
use crate::repository::reader::Peeled;
use crate::repository::{Id, Repository, RepositoryError};

/// One pushed commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// What it changes.
    pub changes: ChangeSet,
    /// All updates that push it.
    pub refs: Vec<Update>,
}

/// All that a push brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pushes {
    /// Each distinct commit once, in the order of the push. Deletions bring none.
    pub commits: Vec<Pushed>,
    /// Updates that are not judged, and why: a tag on a tree, for one.
    pub unjudged: Vec<String>,
}

/// What objects lead to, each looked at once.
#[derive(Debug, Default)]
pub(super) struct Objects(BTreeMap<Id, Peeled>);

impl Objects {
    /// Looks at those of the objects that were not looked at yet, together.
    pub(super) fn look(
        &mut self,
        repository: &Repository,
        ids: impl Iterator<Item = Option<Id>>,
    ) -> Result<(), RepositoryError> {
        let unknown: BTreeSet<Id> = ids
            .flatten()
            .filter(|id| !self.0.contains_key(id))
            .collect();
        let unknown: Vec<Id> = unknown.into_iter().collect();
        if !unknown.is_empty() {
            let peeled = repository.ask(|reader| reader.peel(&unknown))?;
            self.0.extend(unknown.into_iter().zip(peeled));
        }
        Ok(())
    }

    /// What an object that was looked at leads to.
    pub(super) fn get(&self, id: Id) -> Peeled {
        self.0.get(&id).copied().unwrap_or(Peeled::Missing)
    }
}

/// What the updates of a push bring to the remote.
pub fn pushed(
    repository: &Repository,
    updates: &[Update],
    remote: &Remote,
) -> Result<Pushes, RepositoryError> {
    let mut pushes = Pushes::default();
    let mut commits: Vec<(Id, Vec<&Update>)> = Vec::new();
    let mut peeled = Objects::default();
    // A deletion costs nothing, so that only the others are looked at; all at once.
    let standing = updates.iter().filter(|update| update.local.is_some());
    peeled.look(
        repository,
        standing.flat_map(|update| [update.local, update.remote]),
    )?;
    for update in updates {
        let Some(local) = update.local else {
            continue;
        };
        match peeled.get(local) {
            Peeled::Commit(commit) => match commits.iter_mut().find(|(c, _)| *c == commit) {
                Some((_, refs)) => refs.push(update),
                None => commits.push((commit, vec![update])),
            },
            Peeled::Other(kind) => pushes.unjudged.push(format!(
                "{} is a {kind}, not a commit: it was not judged",
                update.remote_ref
            )),
            Peeled::Missing => {
                return Err(RepositoryError::Missing {
                    id: local,
                    is_shallow: repository.is_shallow(),
                });
            }
        }
    }
    // What the remote has is found out once, and only when a plain update is not all there is.
    let mut known = None;
    for (commit, refs) in commits {
        let mut bases = Vec::new();
        for update in &refs {
            let base = if let Some(base) = continued(repository, commit, update, &peeled)? {
                base
            } else {
                let known = match &known {
                    Some(known) => known,
                    None => known.insert(known::look(repository, remote, updates, &mut peeled)?),
                };
                lacking(repository, commit, known, remote)?
            };
            if !bases.contains(&base) {
                bases.push(base);
            }
        }
        pushes.commits.push(Pushed {
            changes: changes(repository, commit, &bases)?,
            refs: refs.into_iter().cloned().collect(),
        });
    }
    Ok(pushes)
}

/// What a pushed commit is compared with, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Base {
    /// The commits that the new ones stand on. None of them: all files count.
    commits: Vec<Id>,
    reason: String,
}

/// The base of an update that goes on where the remote is.
fn continued(
    repository: &Repository,
    commit: Id,
    update: &Update,
    peeled: &Objects,
) -> Result<Option<Base>, RepositoryError> {
    let Some(Peeled::Commit(old)) = update.remote.map(|remote| peeled.get(remote)) else {
        return Ok(None);
    };
    let goes_on = repository.ask(|reader| reader.is_ancestor(old, commit))?;
    Ok(goes_on.then(|| Base {
        commits: vec![old],
        reason: format!("since {}, where {} is", old.short(), update.remote_ref),
    }))
}

/// The base of a new or forced ref: the commits of the remote on which its new commits stand.
fn lacking(
    repository: &Repository,
    commit: Id,
    known: &Known,
    remote: &Remote,
) -> Result<Base, RepositoryError> {
    let all = |reason: String| Base {
        commits: Vec::new(),
        reason,
    };
    let name = remote.shown();
    if known.commits.is_empty() && known.is_elsewhere {
        return Ok(all(format!(
            "{name} is not pushed where it is fetched from, so nothing is known of what it has: \
             all files count"
        )));
    }
    if known.commits.is_empty() {
        return Ok(all(format!(
            "nothing is known of what {name} has, so all files count"
        )));
    }
    let lacking = repository.ask(|reader| reader.lacking(commit, &known.commits))?;
    if lacking.commits == 0 {
        return Ok(Base {
            commits: vec![commit],
            reason: format!("{name} has this commit already"),
        });
    }
    let commits = match lacking.boundaries.len() {
        0 | 1 => lacking.boundaries,
        _ => repository.ask(|reader| reader.independent(&lacking.boundaries))?,
    };
    let new = match lacking.commits {
        1 => "1 commit".to_owned(),
        count => format!("{count} commits"),
    };
    let stands = format!("{name} lacks {new}");
    Ok(match &commits[..] {
        [] if repository.is_shallow() => all(format!(
            "{stands}, and this shallow clone does not reach back to what it has: all files count"
        )),
        [] => all(format!(
            "{stands}, which share no history with what it has: all files count"
        )),
        [base] => Base {
            reason: format!("{stands}, since {}", base.short()),
            commits,
        },
        [..] => {
            let names: Vec<String> = commits.iter().map(Id::short).collect();
            Base {
                reason: format!("{stands}, since {} together", names.join(", ")),
                commits,
            }
        }
    })
}

/// What a commit changes against any of its bases: where refs differ in what they had, all counts.
fn changes(
    repository: &Repository,
    commit: Id,
    bases: &[Base],
) -> Result<ChangeSet, RepositoryError> {
    let mut files: BTreeMap<RepoPath, Change> = BTreeMap::new();
    for base in bases {
        for change in combined(repository, commit, &base.commits)? {
            files.entry(change.path.clone()).or_insert(change);
        }
    }
    let counts_all = bases.iter().any(|base| base.commits.is_empty());
    let first = bases.first().and_then(|base| base.commits.first());
    let reasons: Vec<&str> = bases.iter().map(|base| base.reason.as_str()).collect();
    Ok(ChangeSet {
        judged: Judged::Commit(commit),
        base: first
            .copied()
            .filter(|_| !counts_all)
            .map(super::Base::Commit),
        files: files.into_values().collect(),
        reason: reasons.join("; "),
        known: Some(if counts_all {
            Vec::new()
        } else {
            bases
                .iter()
                .flat_map(|base| base.commits.iter().copied())
                .collect()
        }),
        findings: Vec::new(),
    })
}

/// What differs from every base, as in git's combined diff; `old` is what the first one has.
fn combined(
    repository: &Repository,
    commit: Id,
    bases: &[Id],
) -> Result<Vec<Change>, RepositoryError> {
    let between = |base| repository.ask(|reader| reader.between(base, commit));
    let Some((first, others)) = bases.split_first() else {
        return between(None);
    };
    let mut files = between(Some(*first))?;
    for other in others {
        let differing = between(Some(*other))?;
        files.retain(|file| {
            let found = differing.binary_search_by(|other| other.path.cmp(&file.path));
            found.is_ok()
        });
    }
    Ok(files)
}
