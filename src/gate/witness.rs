//! Who changed a file: what was written while a command ran in place, compared with what is judged.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::change::Judged;
use crate::command::work::Watching;
use crate::config::valid::Reads;
use crate::path::RepoPath;
use crate::repository::{Repository, RepositoryError};
use crate::watch::{Mark, Watch};

/// Watches the tracked files of a work tree from before the first look at them. One for a run.
pub(crate) struct Witness {
    repository: Arc<Repository>,
    watch: Watch,
    /// Other repositories, into which the watch does not see.
    submodules: Vec<RepoPath>,
    began: Mark,
}

/// What a command reads, and so has to find as it is judged from the first look to its own end.
pub(crate) struct Reading {
    pub(crate) judged: Judged,
    pub(crate) reads: Reads,
    pub(crate) root: RepoPath,
    /// The files that it reads when it reads files only, sorted.
    pub(crate) files: Vec<RepoPath>,
}

/// Watches nothing, and compares what a command read when it has ended.
pub(crate) fn comparing(repository: &Arc<Repository>, reading: Reading) -> Watching {
    let (repository, reading) = (Arc::clone(repository), Arc::new(reading));
    Box::new(move || {
        let (repository, reading) = (Arc::clone(&repository), Arc::clone(&reading));
        Box::new(move || {
            let compared = repository.disagreeing(&reading.judged, &reading.files);
            let differing = compared.map(|all| all.into_iter().map(|one| one.path).collect());
            // What cannot be compared may have changed.
            differing.unwrap_or_else(|_| reading.files.clone())
        })
    })
}

impl Witness {
    /// Begins to watch.
    pub(crate) fn of(
        repository: &Arc<Repository>,
        work_tree: &Path,
    ) -> Result<Self, RepositoryError> {
        let folders = repository.folders()?;
        let watch = Watch::on(work_tree, folders.all);
        Ok(Self {
            repository: Arc::clone(repository),
            began: watch.mark(),
            watch,
            submodules: folders.submodules,
        })
    }

    /// Watches one command, from when it is called to when what it gave is called.
    pub(crate) fn watching(self: &Arc<Self>, reading: Reading) -> Watching {
        let (witness, reading) = (Arc::clone(self), Arc::new(reading));
        Box::new(move || {
            let (witness, reading) = (Arc::clone(&witness), Arc::clone(&reading));
            let begun = witness.watch.mark();
            Box::new(move || witness.changed(&reading, begun))
        })
    }

    /// The files that changed since a command began. What it reads counts since the first look: a
    /// change before it began would have it judge something else.
    fn changed(&self, reading: &Reading, begun: Mark) -> Vec<RepoPath> {
        let everything = RepoPath::root();
        let mut spans = vec![(begun, &everything)];
        // The watch knows files by name, and does not see into other repositories: what is read and
        // can be compared at little cost is compared in any case.
        let always: BTreeSet<&RepoPath> = match reading.reads {
            Reads::Files => reading.files.iter().collect(),
            Reads::Project => {
                spans.push((self.began, &reading.root));
                let all = self.submodules.iter();
                all.filter(|path| path.is_within(&reading.root)).collect()
            }
        };
        let (mut contents, mut attributes) = (BTreeSet::new(), BTreeSet::new());
        for (mark, top) in spans {
            let written = self.watch.written_since(mark, || self.tracked([top]));
            let is_below = |path: &RepoPath| path.is_within(top);
            let found = self.tracked(&written.contents).into_iter();
            contents.extend(found.filter(is_below));
            let found = self.tracked(&written.attributes).into_iter();
            attributes.extend(found.filter(is_below));
        }
        let paths: BTreeSet<&RepoPath> = contents
            .iter()
            .chain(&attributes)
            .chain(always.clone())
            .collect();
        if paths.is_empty() {
            return Vec::new();
        }
        let paths: Vec<RepoPath> = paths.into_iter().cloned().collect();
        let Ok(mut found) = self.repository.disagreeing(&reading.judged, &paths) else {
            // They were written, and nobody can say that they are the same.
            return contents.into_iter().collect();
        };
        // Where at most the mode was set, another content is no news.
        found.retain(|one| {
            let path = &one.path;
            contents.contains(path) || always.contains(path) || one.is_of_mode()
        });
        found.into_iter().map(|one| one.path).collect()
    }

    /// The tracked files at these paths and below them.
    fn tracked<'a>(&self, paths: impl IntoIterator<Item = &'a RepoPath>) -> Vec<RepoPath> {
        let paths: Vec<RepoPath> = paths.into_iter().cloned().collect();
        let found = self.repository.tracked(&paths);
        // What cannot be looked up may well be tracked.
        found.unwrap_or(paths)
    }
}
