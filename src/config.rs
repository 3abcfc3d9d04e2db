//! What the team wants: guard.yaml and its layers, from raw text to valid values.
//!
//! `built-in defaults < guard.yaml < guard.local.yaml < GUARD_* < flags`. figment merges, serde and
//! garde judge, and a tree with places says where each mistake was written.

mod convert;
pub(crate) mod document;
mod duration;
mod explain;
mod file;
mod json;
mod layers;
mod load;
pub(crate) mod names;
mod needs;
pub(crate) mod node;
mod placeholder;
mod problem;
mod raw;
mod rules;
mod shape;
#[cfg(test)]
mod tests;
mod toml;
mod tuning;
mod user;
pub mod valid;
mod variables;
mod version;
mod yaml;

use std::path::{Path, PathBuf};

#[doc(hidden)]
pub use load::fuzz;

pub use explain::{Explained, UnknownKey};
pub use problem::{Colour, ConfigError, Problem, render};
pub use user::{own_environment, user_environment};

use crate::environment::Environment;

/// What is read, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The root of the work tree in which guard was called.
    pub root: &'a Path,
    /// The file that `--config` names. It stands for guard.yaml and guard.local.yaml.
    pub explicit: Option<&'a Path>,
    /// The environment, for `GUARD_*` and `GUARD_CONFIG`.
    pub environment: &'a Environment,
    /// The ids that no command may have, besides those of the built-in checks.
    pub reserved: &'a [&'a str],
}

/// A setting from the command line, the highest layer.
#[derive(Clone, Copy, Debug)]
pub struct Flag<'a> {
    /// How it is called there: `--jobs`.
    pub name: &'a str,
    /// The setting: `jobs`.
    pub key: &'a str,
    /// Its value.
    pub value: &'a str,
}

/// The configuration, and where it came from.
#[derive(Debug)]
pub struct Loaded {
    /// What holds.
    pub config: valid::Config,
    /// The file that was read, where there is one.
    pub file: Option<PathBuf>,
    /// What is odd, and no mistake.
    pub warnings: Vec<String>,
    layers: layers::Layers,
}

/// Reads the configuration. Without any file, the defaults hold.
pub fn load(request: &Request<'_>) -> Result<Loaded, ConfigError> {
    load::load(request, &[])
}

/// Reads the configuration, with settings from the command line on top.
pub fn load_with(request: &Request<'_>, flags: &[Flag<'_>]) -> Result<Loaded, ConfigError> {
    load::load(request, flags)
}

/// The JSON Schema (draft 2020-12) of guard.yaml.
pub fn schema() -> serde_json::Value {
    let schema = schemars::schema_for!(raw::Raw);
    schema.to_value()
}

/// What any YAML text means, another tool's file for one; `None` when it cannot be read.
pub fn yaml_value(text: &str) -> Option<serde_json::Value> {
    yaml::value(text)
}

/// Reads one text as the whole configuration, as the fuzzer does: `format` is `yaml`, `toml` or `json`.
pub fn parse(format: &str, text: &str) -> Result<valid::Config, ConfigError> {
    load::parse(format, text)
}

impl Loaded {
    /// The files and variables that say anything, weakest first.
    pub fn layers(&self) -> Vec<&str> {
        self.layers
            .0
            .iter()
            .map(|layer| layer.origin.name())
            .collect()
    }

    /// What a setting is, where it came from, and what it means. `key` is a dotted path such as
    /// `commands.eslint.timeout`, or a section of it.
    pub fn explain(&self, key: &str) -> Result<Explained, UnknownKey> {
        explain::explain(self, key)
    }

    /// Every setting that can be explained, as a dotted path.
    pub fn keys(&self) -> Vec<String> {
        explain::keys(self)
    }
}
