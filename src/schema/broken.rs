//! What is wrong with a value, by which rule of the schema. It never holds the value.

use super::model::Span;
use crate::finding::Severity;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The variable.
    pub key: String,
    /// Which of the values that were handed in; none where there is none.
    pub entry: Option<usize>,
    /// What is wrong, to be read behind the variable's name.
    pub what: String,
    /// What to do about it.
    pub help: String,
    /// Where the schema says so.
    pub rule: Option<Span>,
    /// Which kind of trouble it is.
    pub breach: Breach,
}

impl Broken {
    /// How grave it is unless the configuration says otherwise.
    pub fn severity(&self) -> Severity {
        self.breach.severity()
    }
}

/// A kind of trouble. Each has its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breach {
    Missing,
    Type,
    Enum,
    Shape,
    Range,
    Rule,
    Unknown,
    Deprecated,
    Boolean,
    Precision,
    Reference,
    Localhost,
    StagingHost,
    Cors,
    Debug,
}

impl Breach {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Missing,
        Self::Type,
        Self::Enum,
        Self::Shape,
        Self::Range,
        Self::Rule,
        Self::Unknown,
        Self::Deprecated,
        Self::Boolean,
        Self::Precision,
        Self::Reference,
        Self::Localhost,
        Self::StagingHost,
        Self::Cors,
        Self::Debug,
    ];

    /// The name of its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "ENV-MISSING",
            Self::Type => "ENV-TYPE",
            Self::Enum => "ENV-ENUM",
            Self::Shape => "ENV-SHAPE",
            Self::Range => "ENV-RANGE",
            Self::Rule => "ENV-RULE",
            Self::Unknown => "ENV-UNKNOWN",
            Self::Deprecated => "ENV-DEPRECATED",
            Self::Boolean => "ENV-BOOLEAN",
            Self::Precision => "ENV-PRECISION",
            Self::Reference => "ENV-REFERENCE",
            Self::Localhost => "ENV-LOCALHOST",
            Self::StagingHost => "ENV-STAGING-HOST",
            Self::Cors => "ENV-CORS",
            Self::Debug => "ENV-DEBUG",
        }
    }

    /// How grave it is unless the configuration says otherwise.
    pub fn severity(self) -> Severity {
        match self {
            Self::Unknown
            | Self::Deprecated
            | Self::Boolean
            | Self::Precision
            | Self::StagingHost => Severity::Warning,
            _ => Severity::Error,
        }
    }
}
