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
        let tracked = |paths: &BTreeSet<RepoPath>| {
            let paths: Vec<RepoPath> = paths.iter().cloned().collect();
            let found = self.repository.tracked(&paths);
            // What cannot be looked up may well be tracked.
            found.unwrap_or(paths)
        };
        let mut contents = BTreeSet::new();
        let mut attributes = BTreeSet::new();
        for (mark, only_read) in [(begun, false), (self.began, true)] {
            let counts = |path: &RepoPath| !only_read || reading.has(path);
            let written = self.watch.written_since(mark, || match reading.reads {
                Reads::Files if only_read => reading.files.clone(),
                // The index was read when the watch began.
                _ => self
                    .repository
                    .tracked(&[RepoPath::root()])
                    .unwrap_or_default(),
            });
            contents.extend(tracked(&written.contents).into_iter().filter(counts));
            attributes.extend(tracked(&written.attributes).into_iter().filter(counts));
        }
        contents.extend(self.unwatched(reading));
        let paths: BTreeSet<&RepoPath> = contents.union(&attributes).collect();
        if paths.is_empty() {
            return Vec::new();
        }
        let paths: Vec<RepoPath> = paths.into_iter().cloned().collect();
        let Ok(mut found) = self.repository.disagreeing(&reading.judged, &paths) else {
            // They were written, and nobody can say that they are the same.
            return contents.into_iter().collect();
        };
        // Where at most the mode was set, another content is no news.
        found.retain(|one| contents.contains(&one.path) || one.is_of_mode());
        found.into_iter().map(|one| one.path).collect()
    }

    /// What a command reads and the watch does not see: it is compared in any case.
    fn unwatched(&self, reading: &Reading) -> Vec<RepoPath> {
        match reading.reads {
            Reads::Files => {
                let tracked = self.repository.tracked(&reading.files).unwrap_or_default();
                let is_not = |path: &&RepoPath| tracked.binary_search(path).is_err();
                reading.files.iter().filter(is_not).cloned().collect()
            }
            Reads::Project => {
                let all = self.submodules.iter();
                all.filter(|path| reading.has(path)).cloned().collect()
            }
        }
    }
}

impl Reading {
    fn has(&self, path: &RepoPath) -> bool {
        match self.reads {
            Reads::Files => self.files.binary_search(path).is_ok(),
            Reads::Project => path.is_within(&self.root),
        }
    }
}
