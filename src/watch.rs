//! What is written below a folder while something runs there: told by the system, or by the files' own times.
//!
//! The system tells by name. A file that has another name elsewhere, as a hard link, can be written there
//! without a word here: what must not be missed is to be compared in any case.

#[cfg(target_os = "linux")]
mod queue;
#[cfg(test)]
mod tests;
mod times;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::clock::{Clock, Timestamp};
use crate::path::RepoPath;

/// What was written since a mark. Whether anything differs now is for the caller to compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Files whose content may be another, and folders of which anything may be.
    pub(crate) contents: BTreeSet<RepoPath>,
    /// Files of which at most the mode is another.
    pub(crate) attributes: BTreeSet<RepoPath>,
}

/// A moment of a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// How many looks at the system's queue were taken.
    looks: u64,
    at: Timestamp,
}

/// A folder that is watched until this is dropped. Commands that run at once share one.
pub(crate) struct Watch {
    root: PathBuf,
    #[cfg(target_os = "linux")]
    queue: Option<queue::Queue>,
}

impl Watch {
    /// Watches these folders below `root`, but not what lies deeper than they do. A folder must come
    /// with all those that lead to it: whoever moves one moves what is in it.
    pub(crate) fn on(root: &Path, folders: Vec<RepoPath>) -> Self {
        #[cfg(not(target_os = "linux"))]
        drop(folders);
        Self {
            root: root.to_owned(),
            #[cfg(target_os = "linux")]
            queue: queue::Queue::on(root, folders),
        }
    }

    /// A watch that the system refused.
    #[cfg(test)]
    fn refused(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            #[cfg(target_os = "linux")]
            queue: None,
        }
    }

    /// Now: what was written so far does not count as written since.
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            looks: self.look(),
            at: Clock::Real.now(),
        }
    }

    /// What was written since a mark. Where the system does not tell, or lost count, the times of the
    /// files do: those of `files`, which is asked for then only.
    pub(crate) fn written_since(
        &self,
        mark: Mark,
        files: impl FnOnce() -> Vec<RepoPath>,
    ) -> Written {
        self.told_since(mark)
            .unwrap_or_else(|| times::written_since(&self.root, mark.at, files()))
    }

    #[cfg(target_os = "linux")]
    fn look(&self) -> u64 {
        self.queue.as_ref().map_or(0, queue::Queue::look)
    }

    #[cfg(target_os = "linux")]
    fn told_since(&self, mark: Mark) -> Option<Written> {
        self.queue.as_ref()?.written_since(mark.looks)
    }

    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, reason = "on Linux there is a queue to look at")]
    fn look(&self) -> u64 {
        0
    }

    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, reason = "on Linux there is a queue to look at")]
    fn told_since(&self, _: Mark) -> Option<Written> {
        None
    }
}
