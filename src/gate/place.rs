//! Where a command runs: in place only when what it reads there is what is judged, else in guard's own checkout.

use std::collections::BTreeMap;
use std::path::PathBuf;

use miette::Diagnostic;

use crate::change::Judged;
use crate::command::work::Placement;
use crate::config::valid::Reads;
use crate::path::RepoPath;
use crate::repository::{Disagreement, Repository, RepositoryError};

/// Answers about one judged tree, each question asked once.
pub(crate) struct Places<'a> {
    repository: &'a Repository,
    judged: Judged,
    projects: BTreeMap<RepoPath, Placement>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(repository: &'a Repository, judged: Judged) -> Self {
        Self {
            repository,
            judged,
            projects: BTreeMap::new(),
        }
    }

    /// Whether a command with this root may run in place; `files` are those it reads when it reads files only.
    pub(crate) fn of(&mut self, reads: Reads, root: &RepoPath, files: &[RepoPath]) -> Placement {
        if self.repository.work_tree().is_none() {
            return Placement::Checkout {
                because: "this repository has no work tree".to_owned(),
            };
        }
        match reads {
            Reads::Files => {
                let found = self.repository.disagreeing(&self.judged, files);
                self.place(found.map(|all| all.into_iter().next()))
            }
            Reads::Project => {
                if let Some(known) = self.projects.get(root) {
                    return known.clone();
                }
                let found = self.repository.project_disagreement(&self.judged, root);
                let place = self.place(found);
                self.projects.insert(root.clone(), place.clone());
                place
            }
        }
    }

    fn place(&self, found: Result<Option<Disagreement>, RepositoryError>) -> Placement {
        match found {
            Ok(None) => Placement::InPlace {
                work_tree: self
                    .repository
                    .work_tree()
                    .map_or_else(PathBuf::new, PathBuf::from),
            },
            Ok(Some(Disagreement { path, why })) => {
                let judged = match self.judged {
                    Judged::Index => "what is staged",
                    Judged::Commit(_) => "the judged commit",
                };
                Placement::Checkout {
                    because: format!("{path} in the work tree is not {judged}: {why}"),
                }
            }
            Err(error) => Self::unreadable(&error),
        }
    }

    /// What cannot be compared cannot be judged in place.
    pub(crate) fn unreadable(error: &RepositoryError) -> Placement {
        Placement::Nowhere {
            reason: error.to_string(),
            remedy: remedy(error),
        }
    }
}

/// The way out that an error offers.
pub(crate) fn remedy(error: &dyn Diagnostic) -> String {
    error
        .help()
        .map(|help| help.to_string())
        .unwrap_or_default()
}
