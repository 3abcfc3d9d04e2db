//! The types of values: which texts each of them takes, and why another is not one.

mod encoded;
mod net;
mod number;
mod url;

use serde::{Deserialize, Serialize};

pub(crate) use number::Amount;
pub(crate) use url::{Url, split};

/// A type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Text,
    Url,
    Int,
    Float,
    Bool,
    Port,
    Email,
    Enum,
    Duration,
    Json,
    Base64,
    Hex,
    Phone,
    Semver,
    List,
}

/// Why a text is not of a type, without the text: `is not a whole number`, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) what: String,
    pub(crate) help: String,
}

impl Wrong {
    pub(super) fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: help.into(),
        }
    }
}

/// A text of its type that is odd all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Odd {
    /// A yes or no that not every program reads.
    Word,
    /// A whole number that a double cannot hold.
    Huge,
}

/// Which values are compared like which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Number,
    Time,
    Text,
    Bool,
    Version,
    /// Not at all.
    None,
}

impl Class {
    /// Whether its values are amounts.
    pub(crate) fn is_amount(self) -> bool {
        matches!(self, Self::Number | Self::Time)
    }

    /// Whether of two values one can be the greater.
    pub(crate) fn has_order(self) -> bool {
        matches!(self, Self::Number | Self::Time | Self::Text)
    }
}

impl Kind {
    /// Every type by its word.
    pub(crate) const ALL: [(&'static str, Self); 15] = [
        ("string", Self::Text),
        ("url", Self::Url),
        ("int", Self::Int),
        ("float", Self::Float),
        ("bool", Self::Bool),
        ("port", Self::Port),
        ("email", Self::Email),
        ("enum", Self::Enum),
        ("duration", Self::Duration),
        ("json", Self::Json),
        ("base64", Self::Base64),
        ("hex", Self::Hex),
        ("phone", Self::Phone),
        ("semver", Self::Semver),
        ("list", Self::List),
    ];

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        let mut all = Self::ALL.iter();
        let found = all.find(|(_, kind)| *kind == self);
        found.map_or("string", |(word, _)| *word)
    }

    /// How its values compare.
    pub(crate) fn class(self) -> Class {
        match self {
            Self::Int | Self::Float | Self::Port => Class::Number,
            Self::Duration => Class::Time,
            Self::Bool => Class::Bool,
            Self::Semver => Class::Version,
            Self::Json | Self::List => Class::None,
            Self::Text
            | Self::Url
            | Self::Email
            | Self::Enum
            | Self::Base64
            | Self::Hex
            | Self::Phone => Class::Text,
        }
    }

    /// Whether a text is of this type. Lists are judged item by item, by whoever knows the separator.
    pub(crate) fn check(self, text: &str) -> Result<Option<Odd>, Wrong> {
        match self {
            Self::Text | Self::Enum | Self::List => Ok(None),
            Self::Int => number::whole(text),
            Self::Float => number::real(text),
            Self::Port => number::port(text),
            Self::Bool => number::boolean(text).map(|(_, odd)| odd),
            Self::Duration => number::duration(text).map(|_| None),
            Self::Url => Url::parse(text).map(|_| None),
            Self::Email => net::email(text),
            Self::Phone => net::phone(text),
            Self::Json => encoded::json(text),
            Self::Base64 => encoded::base64(text),
            Self::Hex => encoded::hex(text),
            Self::Semver => encoded::semver(text),
        }
    }

    /// How much a text of this type is, where it is an amount.
    pub(crate) fn amount(self, text: &str) -> Option<Amount> {
        match self.class() {
            Class::Number => Amount::of_number(text),
            Class::Time => number::duration(text).ok(),
            _ => None,
        }
    }

    /// Whether two texts mean the same.
    pub(crate) fn same(self, one: &str, other: &str) -> bool {
        if one == other {
            return true;
        }
        match self.class() {
            Class::Bool => {
                let read = |text| number::boolean(text).ok().map(|(value, _)| value);
                read(one).is_some_and(|value| read(other) == Some(value))
            }
            Class::Number | Class::Time => {
                let amount = self.amount(one);
                amount.is_some_and(|amount| Some(amount) == self.amount(other))
            }
            _ => false,
        }
    }
}
