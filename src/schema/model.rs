//! The schema as it was written: every field of every variable with its place.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::kind::Kind;

/// A stretch of the schema's text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span of these bytes. No schema is as long as 4 GiB.
    pub fn of(range: &Range<usize>) -> Self {
        let number = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            start: number(range.start),
            end: number(range.end),
        }
    }

    /// The bytes.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Something that was said, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct At<T> {
    pub value: T,
    pub span: Span,
}

/// What few variables have: a schema of thousands would be mostly empty room otherwise.
pub(super) type Rarely<T> = Option<Box<At<T>>>;

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    /// What holds everywhere, in the order in which it stands.
    pub variables: Vec<Variable>,
    /// What holds in each environment besides.
    pub environments: Vec<Environment>,
    /// What holds between variables.
    pub rules: Vec<Rule>,
}

/// An environment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    pub name: String,
    pub at: Span,
    /// The environment that it adds to, where that is not the base.
    pub extends: Option<At<String>>,
    /// What it is, where its name does not say so.
    pub kind: Option<At<Stage>>,
    /// The branches that are deployed there: `*` stands for anything.
    pub branches: Vec<At<String>>,
    pub variables: Vec<Variable>,
}

/// What an environment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    Development,
    Staging,
    Production,
}

impl Stage {
    /// Every stage by its word.
    pub const ALL: [(&'static str, Self); 3] = [
        ("development", Self::Development),
        ("staging", Self::Staging),
        ("production", Self::Production),
    ];

    /// What a usual name says.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "development" | "dev" | "local" | "test" | "testing" | "ci" => Self::Development,
            "staging" | "stage" | "preview" | "qa" => Self::Staging,
            "production" | "prod" | "live" => Self::Production,
            _ => return None,
        })
    }
}

/// What is said of a variable in one place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    pub name: String,
    pub at: Span,
    pub kind: Option<At<Kind>>,
    /// What each item of a list is.
    pub of: Option<At<Kind>>,
    pub separator: Rarely<String>,
    pub constant: Rarely<String>,
    pub choices: Rarely<Vec<String>>,
    pub prefix: Rarely<Vec<String>>,
    pub suffix: Rarely<Vec<String>>,
    pub pattern: Rarely<String>,
    /// As it was written: what it means depends on the type.
    pub min: Rarely<String>,
    pub max: Rarely<String>,
    pub min_length: Option<At<u64>>,
    pub max_length: Option<At<u64>>,
    pub schemes: Rarely<Vec<String>>,
    pub hosts: Rarely<Vec<String>>,
    pub required: Rarely<Required>,
    pub default: Rarely<String>,
    /// What to use instead; empty where that is not said, nothing where it is said not to be deprecated.
    pub deprecated: Rarely<Option<String>>,
    pub visibility: Option<At<Visibility>>,
    pub provided_by: Option<At<Provider>>,
    pub secret: Option<At<bool>>,
    pub differs_between: Rarely<Vec<String>>,
    pub rotation: Rarely<String>,
    pub owner: Rarely<String>,
    pub description: Rarely<String>,
}

/// Where a variable must be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Required {
    Always,
    Never,
    /// In these environments.
    In(Vec<String>),
    /// Where all of these hold.
    When(Vec<When>),
}

/// Another variable has one of these values, or any where none is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    pub name: String,
    pub at: Span,
    pub values: Vec<String>,
}

/// Who gets to see a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visibility {
    Server,
    Public,
}

impl Visibility {
    pub const ALL: [(&'static str, Self); 2] = [("server", Self::Server), ("public", Self::Public)];
}

/// Who sets a value where a service runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Provider {
    Railway,
}

impl Provider {
    pub const ALL: [(&'static str, Self); 1] = [("railway", Self::Railway)];
}

/// What holds between variables, or between environments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub at: Span,
    pub holds: Holds,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Holds {
    /// The first and the second compare like this.
    Compare(Comparison, [At<String>; 2]),
    /// No two of these environments have the same value for any of these variables; without any named, of those
    /// that are secret.
    Differ {
        environments: Vec<At<String>>,
        variables: Vec<At<String>>,
    },
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    Different,
}

impl Comparison {
    pub const ALL: [(&'static str, Self); 4] = [
        ("lt", Self::Less),
        ("le", Self::LessOrEqual),
        ("eq", Self::Equal),
        ("ne", Self::Different),
    ];

    /// Whether it asks which of two is greater.
    pub fn is_order(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual)
    }
}

impl Schema {
    /// The environment of this name.
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|known| known.name == name)
    }

    /// The environment that a branch is deployed to: the first whose patterns match.
    pub fn environment_of_branch(&self, branch: &str) -> Option<&str> {
        let mut all = self.environments.iter();
        let found = all.find(|environment| {
            let mut patterns = environment.branches.iter();
            patterns.any(|pattern| super::pattern::is_like(&pattern.value, branch))
        });
        found.map(|environment| environment.name.as_str())
    }
}

impl Variable {
    /// Its type; a text where nothing else is said.
    pub fn kind(&self) -> Kind {
        match (&self.kind, &self.choices) {
            (Some(kind), _) => kind.value,
            (None, Some(_)) => Kind::Enum,
            (None, None) => Kind::Text,
        }
    }

    /// Whether its value must never be shown.
    pub fn is_secret(&self) -> bool {
        self.secret.as_ref().is_some_and(|secret| secret.value)
    }

    /// Whether browsers get to see it.
    pub fn is_public(&self) -> bool {
        let said = self.visibility.as_ref().map(|said| said.value);
        said == Some(Visibility::Public)
    }

    /// Whether Railway sets it.
    pub fn is_provided(&self) -> bool {
        self.provided_by.is_some()
    }

    /// What separates the items of a list.
    pub fn separator(&self) -> &str {
        let said = self.separator.as_ref();
        said.map_or(",", |said| said.value.as_str())
    }
}
