//! The configuration as people write it: what serde reads, garde judges, and the schema describes.
//!
//! The sentences above the fields are what `guard explain config` and editors show.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use garde::Validate;
use schemars::JsonSchema;
use serde::Deserialize as Derive;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

use super::rules;
use super::tuning::RawChecks;
use crate::check;
use crate::moment::Moment;
use crate::outcome::OnUnknown;

/// What the rules need to know besides the value that they judge.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// Every name under `commands`, those with mistakes included.
    pub(super) names: BTreeSet<String>,
    /// The ids of the built-in checks, and others that guard keeps for itself.
    pub(super) reserved: BTreeSet<String>,
}

impl Context {
    /// No command may be called like a built-in check, or like one of these.
    pub(super) fn new(names: BTreeSet<String>, reserved: &[&str]) -> Self {
        let checks = check::ALL.iter().map(|check| check.id);
        let reserved = reserved.iter().copied().chain(checks);
        Self {
            names,
            reserved: reserved.map(str::to_owned).collect(),
        }
    }
}

/// The configuration of guard.
#[derive(Debug, Derive, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "guard.yaml", deny_unknown_fields)]
#[garde(context(Context))]
pub(super) struct Raw {
    /// The team's own tools, by name. The name is the step's id: `--only`, `--skip` and `GUARD_SKIP` take it.
    #[garde(dive)]
    pub(super) commands: Option<RawCommands>,
    /// The built-in checks: `false` switches one off, a map tunes it.
    #[garde(dive)]
    pub(super) checks: Option<RawChecks>,
    /// What a step that could not find out does to a hook: `block` stops it, `warn` says so and lets pass. CI always blocks.
    #[garde(skip)]
    pub(super) on_unknown: Option<OnUnknown>,
    /// What happens when a fix leaves nothing to commit: `block` refuses it, `allow` lets the commit become empty.
    #[garde(skip)]
    pub(super) empty_fix: Option<RawEmptyFix>,
    /// How many steps run at once.
    #[garde(range(min = 1, max = 512))]
    pub(super) jobs: Option<i64>,
    /// Where an editor finds the schema of this file. guard itself does not look at it.
    #[serde(rename = "$schema")]
    #[garde(skip)]
    #[expect(dead_code, reason = "only editors read it")]
    pub(super) schema: Option<String>,
    /// The oldest guard that may read this file, in quotes: `"0.1"` or `"0.1.0"`.
    #[schemars(regex(pattern = r"^[0-9]+\.[0-9]+(\.[0-9]+)?$"))]
    #[garde(inner(custom(rules::version)))]
    pub(super) min_version: Option<String>,
}

/// Commands by name.
#[derive(Debug, Default, Derive, JsonSchema)]
#[serde(transparent)]
#[schemars(
    rename = "commands",
    extend("propertyNames" = {
        "pattern": "^[A-Za-z0-9_.:-]+$",
        "not": { "enum": check::ALL.iter().map(|check| check.id).collect::<Vec<_>>() },
    })
)]
pub(super) struct RawCommands(pub(super) BTreeMap<String, RawCommand>);

/// One of the team's own tools.
#[derive(Debug, Derive, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schemars(
    rename = "command",
    deny_unknown_fields,
    extend(
        "if" = { "properties": { "fix_on_commit": { "const": true } }, "required": ["fix_on_commit"] },
        "then" = { "required": ["fix"] }
    )
)]
#[garde(context(Context))]
pub(super) struct RawCommand {
    /// What is run to judge. A text goes to `sh -c`, with `{files}` as `"$@"`; a list is an argv without a shell.
    #[garde(custom(rules::run(self.files.as_ref())))]
    pub(super) run: RawRun,
    /// What is run to repair, by `--fix`, or at commit with `fix_on_commit`. Written like `run`.
    #[garde(inner(custom(rules::run(self.files.as_ref()))))]
    pub(super) fix: Option<RawRun>,
    /// Whether `fix` runs by itself at commit, before `run` judges the result.
    #[garde(inner(custom(rules::fix_on_commit(self.fix.is_some()))))]
    pub(super) fix_on_commit: Option<bool>,
    /// The moments at which it runs.
    #[schemars(length(min = 1))]
    #[garde(inner(custom(rules::some_moment)))]
    pub(super) at: Option<Vec<Moment>>,
    /// Which changed files it is about: gitignore-style patterns relative to `root`, or `none` when it wants none.
    #[garde(dive)]
    pub(super) files: Option<RawPatterns>,
    /// Which of those files it is not about: gitignore-style patterns relative to `root`.
    #[garde(dive)]
    pub(super) exclude: Option<RawPatterns>,
    /// The working directory, from the repository's root. Patterns and `{files}` are relative to it.
    #[garde(inner(custom(rules::root)))]
    pub(super) root: Option<String>,
    /// The steps that end before it starts. When one of them fails, it is skipped.
    #[garde(skip)]
    pub(super) needs: Option<Vec<String>>,
    /// What must agree with the judged commit for it to run in place: `files` the matching files and `inputs`, `project` everything under `root`.
    #[garde(skip)]
    pub(super) reads: Option<RawReads>,
    /// How installed dependencies come into guard's own checkout, where it runs there: `link`, or `copy` for tools that refuse links out of their root.
    #[garde(skip)]
    pub(super) isolate: Option<RawIsolate>,
    /// What a pass depends on besides the files: gitignore-style patterns relative to `root`.
    #[garde(inner(inner(custom(rules::pattern))))]
    pub(super) inputs: Option<Vec<String>>,
    /// Variables that it sees besides the inherited ones.
    #[garde(dive)]
    pub(super) env: Option<RawVariables>,
    /// Secrets that guard withholds from children, and that this one gets back.
    #[garde(inner(inner(custom(rules::variable))))]
    pub(super) pass_env: Option<Vec<String>>,
    /// How long it may take: `500ms`, `60s`, `5m`, `1h30m`. Then its whole process tree is ended, and it failed.
    #[schemars(
        length(min = 1),
        regex(pattern = r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$")
    )]
    #[garde(inner(custom(rules::timeout)))]
    pub(super) timeout: Option<String>,
    /// Whether a pass is remembered until something that it depends on changes: `run`, `env`, `root`, its tool, `inputs`, the files that match. Where it is not set: whether there are `inputs`. With `files: none` and no `inputs`: never.
    #[garde(skip)]
    pub(super) cache: Option<bool>,
    /// On which branches it runs: patterns for the remote branch's short name. Without any: on all.
    #[garde(inner(inner(custom(rules::pattern))))]
    pub(super) branches: Option<Vec<String>>,
}

/// A line for the shell, or an argv.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "run", untagged)]
pub(super) enum RawRun {
    /// Goes to `sh -c`.
    Shell(#[schemars(length(min = 1))] String),
    /// Runs without a shell.
    Argv(#[schemars(length(min = 1))] Vec<String>),
}

/// One pattern, or a list of them.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "patterns", untagged)]
pub(super) enum RawPatterns {
    /// One.
    One(#[schemars(length(min = 1))] String),
    /// Several.
    Many(#[schemars(length(min = 1))] Vec<String>),
}

/// Which part of the tree a command reads.
#[derive(Clone, Copy, Debug, Derive, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "reads")]
pub(super) enum RawReads {
    /// The matching files and the inputs only.
    Files,
    /// Everything under its root.
    Project,
}

/// How installed dependencies come into guard's own checkout.
#[derive(Clone, Copy, Debug, Derive, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "isolate")]
pub(super) enum RawIsolate {
    /// One link for each installed package.
    Link,
    /// Copies, for tools that refuse links out of their root.
    Copy,
}

/// What happens when a fix leaves nothing to commit.
#[derive(Clone, Copy, Debug, Derive, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "empty_fix")]
pub(super) enum RawEmptyFix {
    /// The fix is refused.
    Block,
    /// The commit may become empty.
    Allow,
}

/// Variables by name.
#[derive(Debug, Derive, JsonSchema)]
#[serde(transparent)]
#[schemars(
    rename = "variables",
    extend("propertyNames" = { "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" })
)]
pub(super) struct RawVariables(pub(super) BTreeMap<String, RawText>);

/// A text, a number or a boolean: all of them become text, as they were written.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "text", untagged)]
pub(super) enum RawText {
    /// A text.
    Text(String),
    /// A number, kept as it was written.
    // Its digits are asked of the file: 1.10 is not 1.1.
    Number(f64),
    /// A boolean.
    Boolean(bool),
}

impl RawPatterns {
    /// The patterns, however many.
    pub(super) fn items(&self) -> &[String] {
        match self {
            Self::One(item) => std::slice::from_ref(item),
            Self::Many(items) => items,
        }
    }

    /// Whether this is the word `none`.
    pub(super) fn is_none(&self) -> bool {
        matches!(self, Self::One(word) if word == "none")
    }
}

impl<'de> Deserialize<'de> for RawRun {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match deserializer.deserialize_any(TextOrList)? {
            Ok(text) => Self::Shell(text),
            Err(list) => Self::Argv(list),
        })
    }
}

impl<'de> Deserialize<'de> for RawPatterns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match deserializer.deserialize_any(TextOrList)? {
            Ok(text) => Self::One(text),
            Err(list) => Self::Many(list),
        })
    }
}

/// Reads a text (`Ok`) or a list of texts (`Err`).
struct TextOrList;

impl<'de> Visitor<'de> for TextOrList {
    type Value = Result<String, Vec<String>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Ok(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Err(list))
    }
}

impl<'de> Deserialize<'de> for RawText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Scalar)
    }
}

struct Scalar;

#[expect(
    clippy::cast_precision_loss,
    reason = "the number stands for `not a text`; its digits are taken from the file"
)]
impl Visitor<'_> for Scalar {
    type Value = RawText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number or a boolean")
    }

    fn visit_str<E>(self, text: &str) -> Result<RawText, E> {
        Ok(RawText::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<RawText, E> {
        Ok(RawText::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<RawText, E> {
        Ok(RawText::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<RawText, E> {
        Ok(RawText::Number(value as f64))
    }

    fn visit_i128<E>(self, value: i128) -> Result<RawText, E> {
        Ok(RawText::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<RawText, E> {
        Ok(RawText::Number(value))
    }
}
