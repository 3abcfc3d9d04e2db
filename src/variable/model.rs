//! A schema of variables as programs write it, in plain data: what it says, and what could not be carried over.

use std::fmt;
use std::ops::Range;

use super::Side;

/// The schema of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// What holds everywhere.
    pub base: Vec<Declared>,
    /// What holds in one environment.
    pub environments: Vec<Environment>,
    /// What of no single variable could be carried over.
    pub lost: Vec<Lost>,
}

/// An environment of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Range<usize>,
    /// The environment that it is made from, where that is not the base.
    pub extends: Option<String>,
    /// The variables that differ from the base.
    pub variables: Vec<Declared>,
}

/// A variable of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Range<usize>,
    /// What its values are.
    pub kind: Kind,
    /// What further holds for them.
    pub constraints: Vec<Constraint>,
    /// Whether it must be there.
    pub is_required: bool,
    /// Its value where it is missing.
    pub default: Option<Value>,
    /// Whether its type hides it.
    pub is_secret: bool,
    /// Where it is read, as far as the schema says so.
    pub side: Side,
    /// What the schema says about it.
    pub description: Option<String>,
    /// What could not be carried over.
    pub lost: Vec<Lost>,
}

/// What the values of a variable are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Url,
    Email,
    Uuid,
    Json,
    Base64,
    Hex,
    /// One of these.
    Enum(Vec<String>),
    /// This and nothing else.
    Const(String),
    /// It could not be told.
    Unknown,
}

/// What further holds for the values of a variable. Numbers stand as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    Min(String),
    Max(String),
    MinLength(String),
    MaxLength(String),
    Prefix(String),
    Suffix(String),
    Pattern(String),
    Schemes(Vec<&'static str>),
}

/// A value of a variable. It may be one that nobody should see, so it shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Value(pub(crate) String);

impl Value {
    /// The text, for whoever writes it into a file.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(…)")
    }
}

/// Something that could not be carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Where it stands.
    pub span: Range<usize>,
    /// What it is, and why it was left: a sentence without its full stop.
    pub what: String,
}

impl Declared {
    /// A variable of which only the name is known.
    pub(crate) fn new(name: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            name: name.into(),
            span,
            kind: Kind::Unknown,
            constraints: Vec::new(),
            is_required: true,
            default: None,
            is_secret: false,
            side: Side::Unknown,
            description: None,
            lost: Vec::new(),
        }
    }

    /// Whether it asks for the same as another, wherever that stands.
    pub fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.constraints == other.constraints
            && self.is_required == other.is_required
            && self.default == other.default
            && self.is_secret == other.is_secret
    }

    pub(crate) fn lose(&mut self, span: Range<usize>, what: impl Into<String>) {
        self.lost.push(Lost {
            span,
            what: what.into(),
        });
    }

    /// Gives it a default, which makes it one that may be missing.
    pub(crate) fn or(&mut self, default: impl Into<String>) {
        self.default = Some(Value(default.into()));
        self.is_required = false;
    }
}

/// Puts variables over others of the same name; the order is that of the first.
pub(crate) fn overlay(base: &mut Vec<Declared>, over: Vec<Declared>) {
    let mut places: std::collections::HashMap<String, usize> = base
        .iter()
        .enumerate()
        .map(|(at, declared)| (declared.name.clone(), at))
        .collect();
    for declared in over {
        if let Some(at) = places.get(&declared.name) {
            base[*at] = declared;
        } else {
            places.insert(declared.name.clone(), base.len());
            base.push(declared);
        }
    }
}
