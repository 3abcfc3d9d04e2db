//! The tools that a project already has: which of them a change concerns, how they are called, what they say.
//!
//! One file and one line here to add one.

mod built;
mod call;
mod cargo;
mod coverage;
mod crates;
mod docker;
mod jest;
mod jest_json;
mod junit;
mod libtest;
mod next;
mod nextest;
mod node;
mod packager;
mod place;
mod pytest;
mod python;
#[cfg(test)]
mod scene;
mod script;
mod suite;
mod telling;
mod vitest;
mod workspace;
mod xml;

use crate::config::valid::CheckSettings;
use crate::moment::Moment;
use crate::project::Project;
use crate::repository::Change;
use crate::tool::{Finder, Unit};

/// A tool that guard knows.
pub(crate) trait Adapter: Sync {
    /// Its id: `eslint`. What `checks.lint.tools` takes.
    fn id(&self) -> &'static str;

    /// The built-in check to which it belongs: `lint`.
    fn check(&self) -> &'static str;

    /// What is to be run for a change; nothing where the project has no trace of the tool, or the change does not
    /// concern it.
    fn units(&self, ask: &Ask<'_>) -> Vec<Unit>;
}

/// What an adapter is asked.
pub(crate) struct Ask<'a> {
    /// The project as it is judged.
    pub(crate) project: &'a Project<'a>,
    /// What changed, without what the settings exclude; sorted by path. `new` is none for what is gone.
    pub(crate) changed: &'a [Change],
    /// Where tools are.
    pub(crate) finder: &'a Finder<'a>,
    /// How the check is configured.
    pub(crate) settings: &'a CheckSettings,
    /// What coverage is asked for, where tests are to be run with it: `min` is set then.
    pub(crate) coverage: Option<&'a CheckSettings>,
    /// When.
    pub(crate) moment: Moment,
}

/// Every adapter, by check and name.
pub(crate) static ALL: &[&dyn Adapter] = &[
    &cargo::Build,
    &docker::Docker,
    &next::Next,
    &script::Build,
    &cargo::Tests,
    &jest::Jest,
    &nextest::Nextest,
    &node::Node,
    &pytest::Pytest,
    &script::Tests,
    &vitest::Vitest,
];
