//! The ground on which a command stands: the user's work tree, or guard's own checkout.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::checkout::Checkout;
use crate::dependencies;
use crate::path::RepoPath;
use crate::process::variables::Variables;

/// Where a command runs, and what it sees there.
pub(super) struct Ground {
    /// The top of the tree.
    top: PathBuf,
    /// Its environment.
    pub(super) variables: Variables,
    /// The top as people know it, where that is another one: what the command prints says this one.
    known_as: Option<(String, String)>,
    /// Kept while the command runs: it holds the lease.
    pub(super) checkout: Option<Arc<Checkout>>,
}

impl Ground {
    /// The user's work tree.
    pub(super) fn in_place(work_tree: &Path, variables: &Variables) -> Self {
        Self {
            top: work_tree.to_owned(),
            variables: variables.clone(),
            known_as: None,
            checkout: None,
        }
    }

    /// guard's own checkout, beside the work tree that people know.
    pub(super) fn of_checkout(
        checkout: Arc<Checkout>,
        work_tree: Option<&Path>,
        variables: &Variables,
    ) -> Self {
        let top = checkout.root().to_owned();
        let variables = match work_tree {
            Some(work_tree) => dependencies::variables(work_tree, &top, variables),
            None => variables.clone(),
        };
        let known_as = work_tree.and_then(|known| {
            let (top, known) = (top.to_str()?, known.to_str()?);
            Some((top.to_owned(), known.to_owned()))
        });
        Self {
            top,
            variables,
            known_as,
            checkout: Some(checkout),
        }
    }

    /// The working directory of a command with this root.
    pub(super) fn folder(&self, root: &RepoPath) -> PathBuf {
        // Not joined with an empty path: that would add a `/` to what the command sees as PWD.
        if root.is_root() {
            self.top.clone()
        } else {
            self.top.join(root.to_os())
        }
    }

    /// What a command printed, with the paths that people and editors know.
    pub(super) fn told(&self, text: &str) -> Option<String> {
        let (top, known) = self.known_as.as_ref()?;
        text.contains(top.as_str())
            .then(|| text.replace(top, known))
    }
}
