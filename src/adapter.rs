//! The tools that a project already has: which of them a change concerns, how they are called, what they say.
//!
//! One file and one line here to add one.

mod biome;
mod black;
mod built;
mod by_file;
mod call;
mod cargo;
mod clippy;
mod columns;
mod coverage;
mod crates;
mod docker;
mod eslint;
mod flake8;
mod install;
mod jest;
mod jest_json;
mod junit;
mod libtest;
mod mypy;
mod next;
mod nextest;
mod node;
mod oxlint;
mod packager;
mod packages;
mod place;
mod prettier;
mod pyright;
mod pytest;
mod python;
#[cfg(test)]
mod rehearsal;
mod ruff;
mod rust;
mod rustfmt;
mod said;
#[cfg(test)]
mod scene;
mod script;
mod suite;
mod telling;
mod traces;
mod tsc;
mod users;
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
    &biome::FORMAT,
    &black::Black,
    &prettier::Prettier,
    &ruff::FORMAT,
    &rustfmt::Rustfmt,
    &biome::LINT,
    &clippy::Clippy,
    &eslint::Eslint,
    &flake8::Flake8,
    &oxlint::Oxlint,
    &ruff::LINT,
    &cargo::Tests,
    &jest::Jest,
    &nextest::Nextest,
    &node::Node,
    &pytest::Pytest,
    &script::Tests,
    &vitest::Vitest,
    &mypy::Mypy,
    &pyright::Pyright,
    &tsc::Tsc,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn the_list_is_sorted_without_doubles() {
        let names: Vec<(&str, &str)> = ALL.iter().map(|one| (one.check(), one.id())).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }

    #[test]
    fn the_settings_know_every_tool() {
        for check in check::ALL {
            let known: Vec<&str> = ALL
                .iter()
                .filter(|one| one.check() == check.id)
                .map(|one| one.id())
                .collect();
            let mut named = check.tools.to_vec();
            named.sort_unstable();
            assert_eq!(known, named, "{}", check.id);
        }
    }
}
