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
    /// The work tree, where the command runs elsewhere: what it prints is to name that.
    known_as: Option<PathBuf>,
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
        Self {
            top,
            variables,
            known_as: work_tree.map(Path::to_owned),
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

    /// What in the output of a command with this root is to be replaced, and by what, so that it names
    /// the paths that people and editors know.
    pub(super) fn names(&self, root: &RepoPath) -> Vec<(String, String)> {
        let Some(known) = &self.known_as else {
            return Vec::new();
        };
        let mut names = Vec::new();
        if let (Some(top), Some(known)) = (self.top.to_str(), known.to_str()) {
            names.push((top.to_owned(), known.to_owned()));
        }
        // Tools that follow links to installed packages tell them from where they run.
        if let Some(away) = way(&self.folder(root), known) {
            let depth = root.as_bytes().split(|byte| *byte == b'/');
            let depth = depth.filter(|part| !part.is_empty()).count();
            names.push((format!("{away}/"), "../".repeat(depth)));
        }
        names
    }
}

/// The relative way from one absolute folder to another.
fn way(from: &Path, to: &Path) -> Option<String> {
    let pairs = from.components().zip(to.components());
    let shared = pairs.take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.components().count() - shared);
    let down: PathBuf = to.components().skip(shared).collect();
    Some(format!("{up}{}", down.to_str()?))
}

/// The text with all of these replaced; none where there is nothing to replace.
pub(super) fn renamed(text: &str, names: &[(String, String)]) -> Option<String> {
    let is_named = names.iter().any(|(name, _)| text.contains(name.as_str()));
    let all = || {
        let text = text.to_owned();
        names
            .iter()
            .fold(text, |text, (name, known)| text.replace(name, known))
    };
    is_named.then(all)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn output_names_the_work_tree_however_a_tool_says_it() {
        let ground = Ground {
            top: "/state/guard/tree".into(),
            variables: Variables::default(),
            known_as: Some("/srv/app".into()),
            checkout: None,
        };
        for (root, said, told) in [
            ("", "/state/guard/tree/src/a.ts:1", "/srv/app/src/a.ts:1"),
            ("", "../../../srv/app/node_modules/x", "node_modules/x"),
            ("web", "../../../../srv/app/web/x", "../web/x"),
        ] {
            let names = ground.names(&root.into());
            assert_eq!(renamed(said, &names).as_deref(), Some(told), "{root}");
        }
        assert_eq!(renamed("src/a.ts", &ground.names(&"".into())), None);
        let in_place = Ground::in_place(Path::new("/srv/app"), &Variables::default());
        assert!(in_place.names(&"".into()).is_empty());
    }
}
