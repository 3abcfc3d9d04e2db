//! The configuration as the rest of guard sees it: no invalid value can exist here.

mod check;

use std::collections::BTreeMap;
use std::time::Duration;

pub use check::CheckSettings;

use crate::moment::Moment;
use crate::outcome::OnUnknown;
use crate::path::RepoPath;

/// The whole configuration, all layers merged.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The team's own tools, by name.
    pub commands: BTreeMap<String, Command>,
    /// Every built-in check by its id, whatever is said about it.
    pub checks: BTreeMap<&'static str, CheckSettings>,
    /// What an unknown does to a hook's verdict.
    pub on_unknown: OnUnknown,
    /// What happens when a fix leaves nothing to commit.
    pub empty_fix: EmptyFix,
    /// How many steps run at once; as many as there are processors where it is not set.
    pub jobs: Option<usize>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            commands: BTreeMap::new(),
            checks: check::defaults(),
            on_unknown: OnUnknown::default(),
            empty_fix: EmptyFix::default(),
            jobs: None,
        }
    }
}

/// One of the team's own tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What is run to judge.
    pub run: Run,
    /// What is run to repair.
    pub fix: Option<Run>,
    /// Whether the repair runs by itself at commit.
    pub fix_on_commit: bool,
    /// At which moments.
    pub at: Vec<Moment>,
    /// Which changed files it is about.
    pub files: Files,
    /// Which of those it is not about: gitignore-style patterns, relative to `root`.
    pub exclude: Vec<String>,
    /// Its working directory.
    pub root: RepoPath,
    /// The steps that end before it starts.
    pub needs: Vec<String>,
    /// Which part of the tree it reads.
    pub reads: Reads,
    /// How installed dependencies come into guard's own checkout.
    pub isolate: Isolate,
    /// What a pass depends on besides the files: gitignore-style patterns, relative to `root`.
    pub inputs: Vec<String>,
    /// Variables that it sees besides the inherited ones.
    pub env: BTreeMap<String, String>,
    /// Withheld variables that it gets back.
    pub pass_env: Vec<String>,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// Whether a pass is remembered; `None` leaves it to what it depends on.
    pub cache: Option<bool>,
    /// On which branches: glob patterns; empty means on all.
    pub branches: Vec<String>,
}

/// How a command is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Goes to `sh -c`; `{files}` becomes `"$@"`.
    Shell(String),
    /// An argv without a shell; an element `{files}` becomes the files.
    Argv(Vec<String>),
}

impl Run {
    /// Whether the files are handed over.
    pub fn takes_files(&self) -> bool {
        match self {
            Self::Shell(text) => text.contains("{files}"),
            Self::Argv(words) => words.iter().any(|word| word == "{files}"),
        }
    }
}

/// Which changed files a command is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Files {
    /// Every changed file below its root.
    All,
    /// None: it runs whatever changed.
    None,
    /// Those that match: gitignore-style patterns, relative to the command's root.
    Matching(Vec<String>),
}

/// Which part of the tree a command reads, and so what must agree for it to run in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// The matching files and the inputs only.
    Files,
    /// Everything under its root.
    Project,
}

/// How installed dependencies come into guard's own checkout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Isolate {
    /// One link for each installed package.
    #[default]
    Link,
    /// Copies, for tools that refuse links out of their root.
    Copy,
}

impl Isolate {
    /// The word for it in the configuration and in paths.
    pub fn word(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Copy => "copy",
        }
    }
}

/// What happens when a fix leaves nothing to commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmptyFix {
    /// The fix is refused, and nothing changes.
    #[default]
    Block,
    /// The commit may become empty.
    Allow,
}
