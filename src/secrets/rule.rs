//! A rule: what a kind of secret looks like, in the terms of the gitleaks format.

use std::borrow::Cow;

use super::sketch::Sketch;

/// A text of guard's own, or one that a user's file brought.
pub(crate) type Text = Cow<'static, str>;

/// Likewise several.
pub(crate) type List<T> = Cow<'static, [T]>;

/// What one kind of secret looks like.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rule {
    /// Its name.
    pub(crate) id: Text,
    /// What it finds, as half a sentence.
    pub(crate) description: Text,
    /// What the text around and in a value looks like. Without it, a file's path alone decides.
    pub(crate) regex: Option<Text>,
    /// What the file's path must look like.
    pub(crate) path: Option<Text>,
    /// The group of `regex` that is the value; 0 for the first that took part, or else the whole.
    pub(crate) group: usize,
    /// How random the value must be at least: bits for each byte of it.
    pub(crate) entropy: Option<f64>,
    /// One of them stands in every match, in letters of either case. Without any, all text is looked at.
    pub(crate) keywords: List<Text>,
    /// What is let pass.
    pub(crate) allowed: List<Allowlist>,
    /// What must be found near it.
    pub(crate) required: List<Required>,
    /// Whether it is only a part of other rules, and nothing by itself.
    pub(crate) is_part: bool,
    /// What is known of `regex` before it is compiled.
    pub(crate) sketch: Sketch,
    /// What guard knows besides; none for a user's rule.
    pub(crate) own: Option<Own>,
}

/// What guard's own rules say besides.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Own {
    /// What every such value begins with, and so may be shown.
    pub(crate) shown: &'static str,
    /// What the service is called, where every value of it has this rule's form: what stands under that name
    /// and is not of it is no key of it.
    pub(crate) name: &'static str,
    /// Who looks at the value more closely.
    pub(crate) check: Option<&'static str>,
    /// Whether the value could be anybody's: then a placeholder is looked for strictly, and every other rule
    /// speaks first.
    pub(crate) is_generic: bool,
    /// Whether it has nothing to say of a value whose name is one of a service that guard knows: without that
    /// service's form it is no key of it.
    pub(crate) yields: bool,
    /// Whether a value is looked for that stands assigned to a name.
    pub(crate) is_assigned: bool,
}

/// What is let pass although it matches.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Allowlist {
    /// Whether all that is said must hold; otherwise any of it.
    pub(crate) needs_all: bool,
    /// Patterns of paths.
    pub(crate) paths: List<Text>,
    /// Patterns of texts.
    pub(crate) regexes: List<Text>,
    /// Which text.
    pub(crate) target: Target,
    /// Words in the value, in letters of either case.
    pub(crate) stopwords: List<Text>,
    /// Ids of commits, or how they begin.
    pub(crate) commits: List<Text>,
}

/// The text that an allowlist's patterns are held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Target {
    /// The value.
    #[default]
    Secret,
    /// All that the rule matched.
    Match,
    /// The whole line.
    Line,
}

/// Another rule that must match near by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Required {
    /// The other rule.
    pub(crate) id: Text,
    /// At most so many lines away.
    pub(crate) lines: Option<usize>,
    /// At most so many columns away.
    pub(crate) columns: Option<usize>,
}
