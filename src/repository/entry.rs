//! What a tree or an index holds at a path, and what became of it.

use super::Id;
use crate::path::RepoPath;

/// What kind of thing lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A plain file.
    File,
    /// A file with the executable bit.
    Executable,
    /// A symbolic link.
    Link,
    /// Another repository's commit.
    Submodule,
}

impl Mode {
    /// The mode that git's number means; `None` for a tree and for numbers that git never writes.
    pub(crate) fn from_bits(bits: u32) -> Option<Self> {
        match bits & 0o170_000 {
            0o100_000 if bits & 0o100 != 0 => Some(Self::Executable),
            0o100_000 => Some(Self::File),
            0o120_000 => Some(Self::Link),
            0o160_000 => Some(Self::Submodule),
            _ => None,
        }
    }

    /// Whether it is a file that a tool can be given.
    pub fn is_regular(self) -> bool {
        matches!(self, Self::File | Self::Executable)
    }

    /// Whether a change from one to the other is a change of type for git, not only of mode.
    fn same_type(self, other: Self) -> bool {
        self == other || (self.is_regular() && other.is_regular())
    }
}

/// A content at a path: for a submodule the id is a commit of the other repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blob {
    /// The content's id.
    pub id: Id,
    /// What kind of thing it is.
    pub mode: Mode,
}

/// What became of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is new.
    Added,
    /// Its content or its executable bit changed.
    Modified,
    /// It is gone.
    Deleted,
    /// It became another kind of thing: a file a link, a link a submodule.
    TypeChanged,
}

/// A path that differs between the base and what is judged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Where.
    pub path: RepoPath,
    /// What became of it.
    pub kind: Kind,
    /// What the base holds there.
    pub old: Option<Blob>,
    /// What is judged there.
    pub new: Option<Blob>,
}

impl Change {
    /// The change from `old` to `new`; `None` when they are equal.
    pub(crate) fn between(path: &[u8], old: Option<Blob>, new: Option<Blob>) -> Option<Self> {
        let kind = match (old, new) {
            (None, None) => return None,
            (None, Some(_)) => Kind::Added,
            (Some(_), None) => Kind::Deleted,
            (Some(a), Some(b)) if a == b => return None,
            (Some(a), Some(b)) if a.mode.same_type(b.mode) => Kind::Modified,
            (Some(_), Some(_)) => Kind::TypeChanged,
        };
        Some(Self {
            path: RepoPath::new(path),
            kind,
            old,
            new,
        })
    }
}

/// The commit that changes are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// This one.
    Commit(Id),
    /// The one that HEAD names: git compared with it, and was not asked for its id.
    Head,
}

/// What is judged: content comes from here, never from the work tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Judged {
    /// What is staged.
    Index,
    /// A commit.
    Commit(Id),
}

/// A path whose work-tree content is not what is judged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Disagreement {
    /// Where.
    pub path: RepoPath,
    /// In what way, as the end of a sentence that begins with the path.
    pub why: &'static str,
}

pub(super) const OTHER_MODE: &str = "has another mode in the work tree";

impl Disagreement {
    /// Whether it is the executable bit that differs.
    pub(crate) fn is_of_mode(&self) -> bool {
        self.why == OTHER_MODE
    }
}
