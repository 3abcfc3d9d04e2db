//! One change on the desk: what is known about its tree, each thing looked up once.

use std::collections::BTreeSet;

use crate::change::{self, Change, Judged};
use crate::command::key::Content;
use crate::command::pattern::Patterns;
use crate::command::select::{self, Changed, Decision};
use crate::config::valid::{Command, Files};
use crate::path::RepoPath;
use crate::repository::{Repository, RepositoryError};

use super::super::memory::Known;
use super::super::place::Places;
use super::super::subject::Part;

/// One change, with what is known about its tree.
pub(super) struct Desk<'a> {
    pub(super) part: &'a Part,
    pub(super) places: Places<'a>,
    pub(super) known: Known,
    /// Every file of the judged tree, once somebody has asked.
    pub(super) tree: Option<Vec<Content>>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(repository: &'a Repository, part: &'a Part) -> Self {
        Self {
            part,
            places: Places::new(repository, part.changes.judged),
            known: Known::default(),
            tree: None,
        }
    }

    /// Some of the files that changed: where the work tree is not what is judged, it mostly shows in those.
    pub(super) fn likely(&self, root: &RepoPath) -> Vec<RepoPath> {
        const SOME: usize = 32;
        let changed = self.part.changes.files.iter().map(|change| &change.path);
        let below = changed.filter(|path| path.is_within(root));
        below.take(SOME).cloned().collect()
    }

    /// The files that a command with `reads: files` may look at: those it is handed, or, where it
    /// is handed none, all that match; and its inputs.
    pub(super) fn read(
        &mut self,
        repository: &Repository,
        command: &Command,
        files: &[RepoPath],
    ) -> Result<Vec<RepoPath>, RepositoryError> {
        let mut read: BTreeSet<RepoPath> = files.iter().cloned().collect();
        if !command.run.takes_files() && command.files != Files::None {
            // What was deleted must be gone here too, so the changed paths count as well.
            let tree = self.tree(repository)?.iter();
            let mut all: BTreeSet<RepoPath> = tree.map(|(path, _)| path.clone()).collect();
            all.extend(
                self.part
                    .changes
                    .files
                    .iter()
                    .map(|change| change.path.clone()),
            );
            let all: Vec<Changed<'_>> = all.iter().map(there).collect();
            if let Ok(Decision::Run { files, .. }) = select::decide(command, &all) {
                read.extend(files);
            }
        }
        if let (false, Ok(inputs)) = (
            command.inputs.is_empty(),
            Patterns::of_files(&command.inputs),
        ) {
            let root = &command.root;
            let is_input = |path: &&RepoPath| {
                path.relative_to(root)
                    .is_some_and(|below| inputs.pick_file(&below.to_os()))
            };
            let tree = self.tree(repository)?.iter().map(|(path, _)| path);
            read.extend(tree.filter(is_input).cloned());
            // An input that the judged tree lacks must not lie in the work tree either.
            let plain = |input: &&String| !input.contains(['*', '?', '[', '{', '!', '\\']);
            let named = command.inputs.iter().filter(plain);
            read.extend(named.map(|input| root.join(input.trim_matches('/').as_bytes())));
        }
        Ok(read.into_iter().collect())
    }

    fn tree(&mut self, repository: &Repository) -> Result<&[Content], RepositoryError> {
        listed(&mut self.tree, repository, self.part.changes.judged)
    }
}

/// Every file of a judged tree, listed once.
pub(super) fn listed<'t>(
    tree: &'t mut Option<Vec<Content>>,
    repository: &Repository,
    judged: Judged,
) -> Result<&'t [Content], RepositoryError> {
    if tree.is_none() {
        let all = change::everything(repository, judged)?.files;
        let content = |change: Change| Some((change.path, change.new?));
        *tree = Some(all.into_iter().filter_map(content).collect());
    }
    Ok(tree.as_deref().unwrap_or_default())
}

/// A path of which only the name matters.
fn there(path: &RepoPath) -> Changed<'_> {
    Changed {
        path,
        present: true,
        regular: true,
    }
}
