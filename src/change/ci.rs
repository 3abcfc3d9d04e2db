//! The change that a CI run is about: from the service's own variables, else since the default branch.

mod service;

use super::{ChangeSet, Judged, against, everything, revision, since};
use crate::environment::Environment;
use crate::finding::Finding;
use crate::finding::code::GATE_ALL_FILES;
use crate::repository::reader::Peeled;
use crate::repository::{Id, Repository, RepositoryError};
use service::Hint;

/// What HEAD changes against the base that the CI service names, else against the default branch, else
/// against nothing: then all files count, and a finding says why.
pub fn ci(
    repository: &Repository,
    environment: &Environment,
) -> Result<ChangeSet, RepositoryError> {
    let head = revision::commit(repository, "HEAD")?;
    let mut missed = Vec::new();
    for hint in service::hints(environment) {
        match base_of(repository, head, &hint)? {
            // HEAD judged against itself would always be good.
            Ok((base, _)) if base == head => {
                missed.push(format!("HEAD is in {} already", hint.told()));
            }
            Ok((base, reason)) => return against(repository, base, head, reason),
            Err(why) => missed.push(why),
        }
    }
    match since_default(repository, environment, head)? {
        Ok((base, reason)) => against(repository, base, head, reason),
        Err(why) => {
            missed.push(why);
            let deeper = service::deeper(environment);
            all_files(repository, head, &missed.join("; "), deeper)
        }
    }
}

/// A base and why, or why not.
pub(super) type Found = Result<(Id, String), String>;

fn base_of(repository: &Repository, head: Id, hint: &Hint) -> Result<Found, RepositoryError> {
    match hint {
        Hint::Commit(id, from) => match repository.ask_aside(|reader| reader.peel_one(*id))? {
            Peeled::Commit(old) => {
                let name = format!("{} ({from})", old.short());
                since(repository, old, &name, head, "HEAD").map(Ok)
            }
            _ => Ok(Err(format!("{} ({from}) is not in this clone", id.short()))),
        },
        Hint::Merge(commit) => {
            // Only the merge that the service made: one of the branch's own goes on from elsewhere.
            let parents = ["HEAD^1", "HEAD^2"].map(|parent| revision::commit(repository, parent));
            match parents {
                [Ok(base), Ok(_)] if *commit == head => Ok(Ok((
                    base,
                    format!("since {}, {}", base.short(), hint.told()),
                ))),
                _ => Ok(Err(format!("{} is not in this clone", hint.told()))),
            }
        }
        Hint::Branch(branch, from) => match branch_tip(repository, branch)? {
            Some((name, tip)) => {
                let name = format!("`{name}` ({from})");
                since(repository, tip, &name, head, "HEAD").map(Ok)
            }
            None => Ok(Err(format!(
                "branch `{branch}` ({from}) is not in this clone"
            ))),
        },
    }
}

/// A branch as a remote has it, or as it is here.
fn branch_tip(
    repository: &Repository,
    branch: &str,
) -> Result<Option<(String, Id)>, RepositoryError> {
    let branch = branch.strip_prefix("refs/heads/").unwrap_or(branch);
    for remote in remotes(repository)? {
        if let Some(tip) = revision::of_ref(repository, &format!("refs/remotes/{remote}/{branch}"))?
        {
            return Ok(Some((format!("{remote}/{branch}"), tip)));
        }
    }
    let tip = revision::of_ref(repository, &format!("refs/heads/{branch}"))?;
    Ok(tip.map(|tip| (branch.to_owned(), tip)))
}

/// The names of the remotes, `origin` first.
fn remotes(repository: &Repository) -> Result<Vec<String>, RepositoryError> {
    let config = repository.config()?;
    let mut names: Vec<String> = config
        .iter()
        .filter_map(|(key, _)| {
            let key = std::str::from_utf8(key).ok()?;
            let name = key.strip_prefix("remote.")?.strip_suffix(".url")?;
            Some(name.to_owned())
        })
        .collect();
    names.sort_by_key(|name| (name != "origin", name.clone()));
    names.dedup();
    Ok(names)
}

/// The merge base with the default branch, wherever that is known.
pub(super) fn since_default(
    repository: &Repository,
    environment: &Environment,
    head: Id,
) -> Result<Found, RepositoryError> {
    let Some((name, tip)) = default_branch(repository, environment)? else {
        return Ok(Err("no default branch is known here".to_owned()));
    };
    let bases = repository.ask(|reader| reader.merge_bases(tip, head))?;
    Ok(match bases.first() {
        // The default branch judged against itself would always be good.
        Some(base) if *base == head => {
            Err(format!("HEAD is in the default branch `{name}` already"))
        }
        Some(base) => Ok((
            *base,
            format!(
                "since {}, the merge base with the default branch `{name}`",
                base.short()
            ),
        )),
        None => Err(format!(
            "no common history with the default branch `{name}` is known here"
        )),
    })
}

fn default_branch(
    repository: &Repository,
    environment: &Environment,
) -> Result<Option<(String, Id)>, RepositoryError> {
    if let Some(named) = service::default_branch(environment)
        && let Some(found) = branch_tip(repository, named)?
    {
        return Ok(Some(found));
    }
    for remote in remotes(repository)? {
        if let Some(tip) = revision::of_ref(repository, &format!("refs/remotes/{remote}/HEAD"))? {
            return Ok(Some((format!("{remote}/HEAD"), tip)));
        }
    }
    let config = repository.config()?;
    let mut settings = config.iter().rev();
    let configured = settings
        .find(|(key, _)| key == "init.defaultbranch")
        .map(|(_, name)| name.to_string());
    for name in ["main", "master"].into_iter().chain(configured.as_deref()) {
        if let Some(found) = branch_tip(repository, name)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn all_files(
    repository: &Repository,
    head: Id,
    why: &str,
    deeper: &str,
) -> Result<ChangeSet, RepositoryError> {
    let mut all = everything(repository, Judged::Commit(head))?;
    all.reason = format!("all files: {why}");
    let help = if repository.is_shallow() {
        format!(
            "this clone is shallow: fetch more ({deeper}), \
             or name the base: `guard run ci --from REF`"
        )
    } else {
        GATE_ALL_FILES.fix.to_owned()
    };
    let message = format!("no base was found, so all files are judged: {why}");
    all.findings
        .push(Finding::new("gate", GATE_ALL_FILES, message, help));
    Ok(all)
}
