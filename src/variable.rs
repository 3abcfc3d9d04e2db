//! What a source says of environment variables: the words that all readers of sources share.

pub mod model;
pub mod placeholder;

use std::ops::Range;

/// One place in a source that names a variable, or that reads one whose name stands elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The name; empty where it is made while the program runs.
    pub name: String,
    /// The bytes of the name, or of what the name is made from.
    pub span: Range<usize>,
    /// What is done.
    pub what: What,
    /// Whether it may be missing.
    pub need: Need,
    /// Whether a value stands there for the case that it is missing.
    pub has_default: bool,
    /// Where the code runs, as far as the source itself says so.
    pub side: Side,
    /// By which way it is asked for.
    pub way: Way,
}

/// What a source does with a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Its value is asked for.
    Read,
    /// A variable is asked for whose name is made while the program runs.
    Dynamic,
    /// It is declared: in a schema of the code, or as one that is handed in.
    Declared,
    /// It gets its value here.
    Assigned,
    /// A file with variables is named; the name is the file's.
    File,
    /// A secret of the forge.
    Secret,
    /// A variable of the forge.
    Setting,
}

/// Whether a variable may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Without it the code fails at this place.
    Required,
    /// The code goes on without it.
    Optional,
    /// It cannot be told from this place.
    Unknown,
}

/// Where code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// With the operator.
    Server,
    /// With whoever opens the page.
    Client,
    /// It cannot be told.
    Unknown,
}

/// By which way a variable is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// Of the process that runs.
    Process,
    /// Of the bundler, which writes the value into what it builds.
    Bundle,
}

impl Mention {
    /// A plain read of which nothing more is known.
    pub fn read(name: impl Into<String>, span: Range<usize>) -> Self {
        Self::new(What::Read, name, span)
    }

    /// A mention of which nothing more is known.
    pub fn new(what: What, name: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            name: name.into(),
            span,
            what,
            need: Need::Unknown,
            has_default: false,
            side: Side::Unknown,
            way: Way::Process,
        }
    }

    /// A read whose name is made while the program runs.
    pub fn dynamic(span: Range<usize>) -> Self {
        Self::new(What::Dynamic, "", span)
    }

    /// The same with another need.
    #[must_use]
    pub fn needed(mut self, need: Need) -> Self {
        self.need = need;
        self
    }

    /// The same with a value for the case that it is missing.
    #[must_use]
    pub fn with_default(mut self) -> Self {
        self.need = Need::Optional;
        self.has_default = true;
        self
    }
}

/// How much of a source was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// All of it.
    Whole,
    /// It has errors: what stands beside them was read.
    Broken,
    /// It was only searched for the usual words: too large, too deep, or not understood at all.
    Rough,
}

/// Whether a name is written as those of variables are: capitals, digits and `_`, beginning with no digit.
pub fn is_capital(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}
