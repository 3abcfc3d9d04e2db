//! The questions that guard asks a repository, whoever answers: guard's own reader or the git program.

use std::collections::HashSet;

use bstr::BString;

use super::Id;
use super::entry::{Base, Blob, Change, Disagreement, Judged, Mode};
use super::error::RepositoryError;
use super::index::Unreadable;
use crate::path::RepoPath;
use crate::process::git::GitError;

/// Why a reader has no answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// This reader cannot tell; the other one may.
    Unreadable(Unreadable),
    /// Nobody could.
    Final(RepositoryError),
}

impl From<Unreadable> for Trouble {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<RepositoryError> for Trouble {
    fn from(error: RepositoryError) -> Self {
        Self::Final(error)
    }
}

impl From<GitError> for Trouble {
    fn from(error: GitError) -> Self {
        Self::Final(error.into())
    }
}

/// A reader's answer.
pub(crate) type Answer<T> = Result<T, Trouble>;

/// What an id or a name leads to once tags are peeled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peeled {
    Commit(Id),
    /// A tree or a blob.
    Other(&'static str),
    /// No such object here.
    Missing,
}

/// The commits that a tip has and a set of known commits has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lacking {
    /// How many there are.
    pub(crate) commits: usize,
    /// The known commits that they stand on, sorted.
    pub(crate) boundaries: Vec<Id>,
}

/// A commit and what it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) commit: Id,
    pub(crate) parents: Vec<Id>,
}

/// What is staged, and on what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Staged {
    /// None before the first commit.
    pub(crate) base: Option<Base>,
    pub(crate) changes: Vec<Change>,
}

/// The folders in which the index has anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folders {
    /// They and those that lead to them, the root among them. Sorted.
    pub(crate) all: Vec<RepoPath>,
    /// Other repositories, of which nothing but a commit is tracked. Sorted.
    pub(crate) submodules: Vec<RepoPath>,
}

impl Folders {
    /// Of the paths of an index, each with git's number for its mode.
    pub(crate) fn of<'a>(entries: impl Iterator<Item = (&'a [u8], u32)>) -> Self {
        let mut all: HashSet<&[u8]> = HashSet::from([&b""[..]]);
        let mut submodules = Vec::new();
        let mut last: &[u8] = b"";
        for (path, mode) in entries {
            if Mode::from_bits(mode) == Some(Mode::Submodule) {
                submodules.push(RepoPath::new(path));
            }
            let mut folder = above(path);
            // Neighbours are next to each other.
            if folder == last {
                continue;
            }
            last = folder;
            while all.insert(folder) {
                folder = above(folder);
            }
        }
        let mut all: Vec<RepoPath> = all.into_iter().map(RepoPath::new).collect();
        all.sort_unstable();
        submodules.sort_unstable();
        Self { all, submodules }
    }
}

fn above(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).map_or(b"", |end| &path[..end])
}

/// What lies directly in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// Its name there.
    pub name: BString,
    /// What it holds; none for a folder.
    pub blob: Option<Blob>,
}

/// Whoever reads a repository. Paths are sorted in every answer.
pub(crate) trait Reader {
    /// The commit that HEAD names; none before the first.
    fn head(&self) -> Answer<Option<Id>>;
    /// The ref that HEAD names; none when it names a commit.
    fn head_ref(&self) -> Answer<Option<BString>>;
    /// The index against HEAD.
    fn staged(&self) -> Answer<Staged>;
    /// All that the index holds, as if it were new.
    fn indexed(&self) -> Answer<Vec<Change>>;
    /// One commit against another, or against nothing.
    fn between(&self, old: Option<Id>, new: Id) -> Answer<Vec<Change>>;
    /// The tree of what is judged, where it can be told without a look at its files.
    fn root_tree(&self, judged: Judged) -> Answer<Option<Id>>;
    /// Whether the index has a path.
    fn is_tracked(&self, path: &RepoPath) -> Answer<bool>;
    /// The folders of the index.
    fn folders(&self) -> Answer<Folders>;
    /// What the index has at any of these paths, and below them.
    fn tracked(&self, at: &[RepoPath]) -> Answer<Vec<RepoPath>>;
    /// What the index holds at each of these paths, in their order.
    fn indexed_at(&self, paths: &[RepoPath]) -> Answer<Vec<Option<Blob>>>;
    /// What lies directly in a folder of what is judged, sorted by name; nothing where there is none.
    fn children(&self, judged: Judged, folder: &RepoPath) -> Answer<Vec<Child>>;
    /// A blob's size; none when the object is not here.
    fn size(&self, id: Id) -> Answer<Option<u64>>;
    /// A blob's bytes as stored; none when the object is not here.
    fn read(&self, id: Id) -> Answer<Option<Vec<u8>>>;
    /// What each of the ids leads to, in their order.
    fn peel(&self, ids: &[Id]) -> Answer<Vec<Peeled>>;
    /// What an id leads to.
    fn peel_one(&self, id: Id) -> Answer<Peeled> {
        Ok(self.peel(&[id])?.pop().unwrap_or(Peeled::Missing))
    }
    /// What a name of git's leads to.
    fn resolve(&self, revision: &str) -> Answer<Peeled>;
    /// Whether `old` is `new` or in its history.
    fn is_ancestor(&self, old: Id, new: Id) -> Answer<bool>;
    /// All best common ancestors, sorted.
    fn merge_bases(&self, a: Id, b: Id) -> Answer<Vec<Id>>;
    /// What `tip` has and `known` has not.
    fn lacking(&self, tip: Id, known: &[Id]) -> Answer<Lacking>;
    /// The commits of these tips that the known ones have not in their history, each after its parents.
    fn lines(&self, tips: &[Id], known: &[Id]) -> Answer<Vec<Line>>;
    /// Those of the commits that are in the history of no other, sorted.
    fn independent(&self, commits: &[Id]) -> Answer<Vec<Id>>;
    /// Refs that begin with `prefix`, sorted; those that only name another ref are left out.
    fn refs(&self, prefix: &str) -> Answer<Vec<(BString, Id)>>;
    /// git's configuration, weakest first.
    fn config(&self) -> Answer<Vec<(BString, BString)>>;
    /// Which of the paths are not in the work tree as they are judged.
    fn disagreeing(&self, judged: Judged, paths: &[RepoPath]) -> Answer<Vec<Disagreement>>;
    /// A path below `root` that is not in the work tree as it is judged, if there is one.
    fn project(&self, judged: Judged, root: &RepoPath) -> Answer<Option<Disagreement>>;
}
