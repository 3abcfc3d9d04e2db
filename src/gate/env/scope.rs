//! Which env files are judged: those of a change, all that are tracked, or files on the disk.

use crate::change::{self, Change, ChangeSet};
use crate::env::{self, Choice, process};
use crate::finding::Finding;
use crate::path::RepoPath;
use crate::project::{Judgement, Project};
use crate::repository::{Repository, RepositoryError};

use super::disk::Files;
use super::{Ground, Judged, Wanted, judge};

/// What is judged.
pub(in crate::gate) enum Scope {
    /// Files of a judged tree.
    Change {
        changes: Box<ChangeSet>,
        ground: Ground,
        choice: Choice,
        reach: Reach,
        /// What the change is called where there are several.
        commit: Option<String>,
    },
    /// Files on the disk.
    Disk(Box<Files>),
    /// The variables of the process that called.
    Process {
        ground: Ground,
        environment: Option<String>,
        variables: Vec<(String, String)>,
    },
}

/// How far the look goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) enum Reach {
    /// The files of the change, and others only for what a change of the schema breaks.
    Change,
    /// All that are tracked, and the code that reads variables.
    Everything,
}

impl Scope {
    /// Whether it takes a few milliseconds.
    pub(super) fn is_small(&self) -> bool {
        /// More may be worth a second thread.
        const FEW: usize = 64;
        match self {
            Self::Process { .. } => true,
            Self::Disk(files) => files.is_small(),
            Self::Change { changes, reach, .. } => {
                *reach == Reach::Change && changes.files.len() < FEW
            }
        }
    }

    /// Judges.
    pub(super) fn judge(
        &self,
        repository: Option<&Repository>,
        judged: &mut Judged,
    ) -> Result<(), RepositoryError> {
        match (self, repository) {
            (Self::Disk(files), _) => {
                files.judge(judged);
                Ok(())
            }
            (
                Self::Process {
                    ground,
                    environment,
                    variables,
                },
                _,
            ) => {
                judged.has_looked = true;
                let schema = ground.at(&RepoPath::root()).1.schema();
                let found = process::judge(schema, environment.as_deref(), variables);
                judged.findings.extend(found);
                Ok(())
            }
            (
                Self::Change {
                    changes,
                    ground,
                    choice,
                    reach,
                    commit,
                },
                Some(repository),
            ) => {
                let begin = judged.findings.len();
                let all = listed(repository, changes, ground, *reach)?;
                let listed = all.as_ref().map_or(&changes.files, |all| &all.files);
                let files = files(repository, changes, listed, *reach)?;
                let project = Project::new(Judgement::new(repository, changes.judged));
                judge(&files, (&project, ground, choice), judged);
                if *reach == Reach::Everything {
                    super::scan::judge(repository, listed, ground, judged)?;
                }
                for finding in &mut judged.findings[begin..] {
                    finding.commit.clone_from(commit);
                }
                project.take_trouble().map_or(Ok(()), Err)
            }
            (Self::Change { .. }, None) => unreachable!("a change is one of a repository"),
        }
    }
}

/// All files of the judged tree, where more than the change is looked at.
fn listed(
    repository: &Repository,
    changes: &ChangeSet,
    ground: &Ground,
    reach: Reach,
) -> Result<Option<ChangeSet>, RepositoryError> {
    let is_all = reach == Reach::Everything || ground.has_before();
    is_all
        .then(|| change::everything(repository, changes.judged))
        .transpose()
}

/// The env files that are looked at.
fn files(
    repository: &Repository,
    changes: &ChangeSet,
    listed: &[Change],
    reach: Reach,
) -> Result<Vec<Wanted>, RepositoryError> {
    let mut files = Vec::new();
    for file in listed {
        let Some(blob) = file.new.filter(|blob| blob.mode.is_regular()) else {
            continue;
        };
        if !env::is_judged(&file.path) {
            continue;
        }
        let is_changed = || changes.files.iter().any(|change| change.path == file.path);
        let bytes = repository.read(&blob.id)?;
        files.push(Wanted {
            bytes: bytes.ok_or_else(|| missing(file)),
            is_named: false,
            is_committed: true,
            is_old: reach == Reach::Change && !is_changed(),
            path: file.path.clone(),
        });
    }
    Ok(files)
}

/// A file whose content is not in this clone.
fn missing(file: &Change) -> Finding {
    super::disk::unreadable(&file.path, "its content is not in this clone")
}
