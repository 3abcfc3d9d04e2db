//! `checks` as people write it: each check off, on, or tuned by the keys that it has.
//!
//! Which keys those are is data in `check`, so serde is led by that list, and so is the schema.
//! The sentences above the fields are what `guard explain config` and editors show.

mod rules;
mod schema;

use std::collections::BTreeMap;
use std::fmt;

use garde::Validate;
use schemars::JsonSchema;
use serde::Deserialize as Derive;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::raw::{Context, RawIsolate, RawPatterns, RawVariables};
use crate::check::{self, Check, Setting};
use crate::finding::Severity;
use crate::moment::Moment;

/// The checks that something is said about, by id.
#[derive(Debug, Default)]
pub(super) struct RawChecks(pub(super) BTreeMap<&'static str, RawCheck>);

/// What is said about one check.
#[derive(Debug)]
pub(super) enum RawCheck {
    /// `false` switches it off, `true` leaves it as it comes.
    Switched(bool),
    /// What differs from the defaults.
    Tuned(Box<RawTuning>),
}

/// What can be set about built-in checks. Each of them has some of these keys.
#[derive(Debug, Default, JsonSchema, Validate)]
#[schemars(rename = "check")]
#[garde(context(Context))]
pub(super) struct RawTuning {
    /// The moments at which it runs.
    #[schemars(length(min = 1))]
    #[garde(inner(custom(rules::some_moment)))]
    pub(super) at: Option<Vec<Moment>>,
    /// The files whose findings do not count: gitignore-style patterns from the repository's root.
    #[garde(dive)]
    pub(super) exclude: Option<RawPatterns>,
    /// How grave its findings are, by code. Below `error` they do not block.
    #[garde(skip)]
    pub(super) severity: Option<RawSeverities>,
    /// How long it may take: `500ms`, `60s`, `5m`, `1h30m`. Then its whole process tree is ended, and it failed.
    #[schemars(
        length(min = 1),
        regex(pattern = r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$")
    )]
    #[garde(inner(custom(super::rules::timeout)))]
    pub(super) timeout: Option<String>,
    /// On which branches it runs: patterns for the remote branch's short name. Without any: on all.
    #[garde(inner(inner(custom(super::rules::pattern))))]
    pub(super) branches: Option<Vec<String>>,
    /// How installed dependencies come into guard's own checkout, where it runs there: `link`, or `copy` for tools that refuse links out of their root.
    #[garde(skip)]
    pub(super) isolate: Option<RawIsolate>,
    /// Whether a pass is remembered until something that it depends on changes.
    #[garde(skip)]
    pub(super) cache: Option<bool>,
    /// Variables that its tools see besides the inherited ones.
    #[garde(dive)]
    pub(super) env: Option<RawVariables>,
    /// Secrets that guard withholds from children, and that its tools get back.
    #[garde(inner(inner(custom(super::rules::variable))))]
    pub(super) pass_env: Option<Vec<String>>,
    /// The only tools that it uses. Where it is not set: all of which the project has a trace.
    #[schemars(length(min = 1))]
    #[garde(inner(custom(rules::some_tool)))]
    pub(super) tools: Option<Vec<String>>,
    /// How much of the code the tests must reach, in percent. Without it nothing is compared.
    #[schemars(range(min = 0.0, max = 100.0))]
    #[garde(inner(custom(rules::percent)))]
    pub(super) min: Option<f64>,
    /// Where the tests leave their coverage reports: gitignore-style patterns from the repository's root. Without any: where the usual tools put them.
    #[garde(dive)]
    pub(super) report: Option<RawPatterns>,
    /// Whether Docker images are built as well. That takes long, so it is off unless asked for.
    #[garde(skip)]
    pub(super) docker: Option<bool>,
}

/// Severities by code.
#[derive(Debug, Derive, JsonSchema)]
#[serde(transparent)]
#[schemars(
    rename = "severities",
    extend("propertyNames" = { "enum": schema::codes(&crate::finding::code::Code::every().copied().collect::<Vec<_>>()) })
)]
pub(super) struct RawSeverities(pub(super) BTreeMap<String, Severity>);

impl<'de> Deserialize<'de> for RawChecks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ById)
    }
}

/// Reads what is said about each check.
struct ById;

impl<'de> Visitor<'de> for ById {
    type Value = RawChecks;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the built-in checks by id")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawChecks, A::Error> {
        let mut checks = BTreeMap::new();
        while let Some(id) = map.next_key::<String>()? {
            let check = check::by_id(&id)
                .ok_or_else(|| A::Error::custom(format!("there is no check `{id}`")))?;
            if let Some(raw) = map.next_value_seed(Of(check))? {
                checks.insert(check.id, raw);
            }
        }
        Ok(RawChecks(checks))
    }
}

/// Reads what is said about this check; nothing at all leaves it as it comes.
struct Of(&'static Check);

impl<'de> DeserializeSeed<'de> for Of {
    type Value = Option<RawCheck>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Of {
    type Value = Option<RawCheck>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`true`, `false` or the settings of `{}`", self.0.id)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, on: bool) -> Result<Self::Value, E> {
        Ok(Some(RawCheck::Switched(on)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut tuning = RawTuning::default();
        while let Some(key) = map.next_key::<String>()? {
            let setting = self.0.setting(&key).ok_or_else(|| {
                A::Error::custom(format!("`{}` has no setting `{key}`", self.0.id))
            })?;
            tuning.take(setting, &mut map)?;
        }
        let mut tools = tuning.tools.iter().flatten();
        if let Some(tool) = tools.find(|tool| !self.0.tools.contains(&tool.as_str())) {
            let message = format!("`{tool}` is no tool of `{}`", self.0.id);
            return Err(A::Error::custom(message));
        }
        Ok(Some(RawCheck::Tuned(Box::new(tuning))))
    }
}

impl RawTuning {
    /// Reads the value of a setting.
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        setting: Setting,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match setting {
            Setting::At => self.at = map.next_value()?,
            Setting::Exclude => self.exclude = map.next_value()?,
            Setting::Severity => self.severity = map.next_value()?,
            Setting::Timeout => self.timeout = map.next_value()?,
            Setting::Branches => self.branches = map.next_value()?,
            Setting::Isolate => self.isolate = map.next_value()?,
            Setting::Cache => self.cache = map.next_value()?,
            Setting::Env => self.env = map.next_value()?,
            Setting::PassEnv => self.pass_env = map.next_value()?,
            Setting::Tools => self.tools = map.next_value()?,
            Setting::Min => self.min = map.next_value()?,
            Setting::Report => self.report = map.next_value()?,
            Setting::Docker => self.docker = map.next_value()?,
        }
        Ok(())
    }
}
