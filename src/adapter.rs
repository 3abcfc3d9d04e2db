//! The tools that a project already has: which of them a change concerns, how they are called, what they say.
//!
//! One file and one line here to add one.

mod biome;
mod black;
mod by_file;
mod clippy;
mod columns;
mod eslint;
mod flake8;
mod install;
mod mypy;
mod oxlint;
mod packages;
mod prettier;
mod pyright;
#[cfg(test)]
mod rehearsal;
mod ruff;
mod rust;
mod rustfmt;
mod said;
mod traces;
mod tsc;
mod users;

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
    /// When.
    pub(crate) moment: Moment,
}

/// Every adapter, by check and name.
pub(crate) static ALL: &[&dyn Adapter] = &[
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
    &mypy::Mypy,
    &pyright::Pyright,
    &tsc::Tsc,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_without_doubles() {
        let names: Vec<(&str, &str)> = ALL.iter().map(|one| (one.check(), one.id())).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }
}
