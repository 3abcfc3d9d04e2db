//! Which steps are left out, and by whose word.

use crate::config::valid::Config;

use super::{CHANGE, FIX};

/// The steps that were asked for and those that are passed over.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    only: Vec<String>,
    /// Ids with the source that a reason names.
    skip: Vec<(String, &'static str)>,
}

/// A step was named that does not exist.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`{source_name}` names `{id}`, and {}", .what.words())]
pub struct UnknownId {
    id: String,
    source_name: &'static str,
    what: Absence,
    #[help]
    help: String,
}

/// Why there is no step of a name.
#[derive(Clone, Copy, Debug)]
enum Absence {
    /// Nobody knows it.
    Unknown,
    /// It is a built-in check that the configuration switches off.
    Off,
}

impl Absence {
    fn words(self) -> &'static str {
        match self {
            Self::Unknown => "there is no such check or command",
            Self::Off => "that check is switched off",
        }
    }
}

impl Filter {
    /// A filter from `--only`, `--skip` and `GUARD_SKIP`.
    pub fn new(only: Vec<String>, skip: &[String], by_variable: &[String]) -> Self {
        let skip = skip.iter().map(|id| (id.clone(), "--skip"));
        let variable = by_variable.iter().filter(|id| !id.is_empty());
        Self {
            only,
            skip: skip
                .chain(variable.map(|id| (id.clone(), "GUARD_SKIP")))
                .collect(),
        }
    }

    /// Why this step is left out, if it is.
    pub(crate) fn reason(&self, id: &str) -> Option<&'static str> {
        if let Some((_, source)) = self.skip.iter().find(|(skipped, _)| skipped == id) {
            return Some(source);
        }
        let asked = self.only.is_empty() || self.only.iter().any(|only| only == id);
        (!asked).then_some("not named by --only")
    }

    /// Whether somebody asked for this step by its name.
    pub(crate) fn asks(&self, id: &str) -> bool {
        self.only.iter().any(|only| only == id)
    }

    /// Whether this id is passed over by name.
    pub(crate) fn names(&self, id: &str) -> bool {
        self.skip.iter().any(|(skipped, _)| skipped == id)
    }

    /// The ids that are passed over, each with whose word it is.
    pub(crate) fn skips(&self) -> impl Iterator<Item = (&str, &str)> {
        self.skip.iter().map(|(id, source)| (id.as_str(), *source))
    }

    /// What was passed over, in words that a record keeps.
    pub fn bypasses(&self) -> Vec<String> {
        self.skip
            .iter()
            .map(|(id, source)| format!("{source} {id}"))
            .collect()
    }

    /// Every name must be one that the configuration knows. Whether it has anything to do this time
    /// is another question.
    pub(crate) fn check(&self, config: &Config) -> Result<(), UnknownId> {
        let only = self.only.iter().map(|id| (id, "--only"));
        let named = only.chain(self.skip.iter().map(|(id, source)| (id, *source)));
        for (id, source_name) in named {
            if ids(config).any(|known| known == id) || id == CHANGE || id == FIX {
                continue;
            }
            let is_off = config.checks.contains_key(id.as_str());
            return Err(UnknownId {
                id: id.clone(),
                source_name,
                what: if is_off {
                    Absence::Off
                } else {
                    Absence::Unknown
                },
                help: if is_off {
                    format!("`guard explain config checks.{id}` says where; take the name out here")
                } else {
                    nearest(id, config)
                },
            });
        }
        Ok(())
    }
}

/// The ids of all commands and of all checks that are switched on.
fn ids(config: &Config) -> impl Iterator<Item = &str> {
    let checks = config.checks.iter().filter(|(_, check)| check.enabled);
    let commands = config.commands.keys().map(String::as_str);
    commands.chain(checks.map(|(id, _)| *id))
}

fn nearest(id: &str, config: &Config) -> String {
    let nearest = ids(config)
        .map(|known| (strsim::damerau_levenshtein(known, id), known))
        .min();
    match nearest {
        Some((distance, known)) if distance <= known.len().max(id.len()) / 2 => {
            format!("did you mean `{known}`?")
        }
        Some(_) => format!("there are: {}", ids(config).collect::<Vec<_>>().join(", ")),
        None => "guard.yaml has no commands, and all checks are switched off".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use miette::Diagnostic as _;

    use super::*;
    use crate::config::parse;

    /// What is said about a name, and what to do.
    fn said(skip: &str, config: &str) -> String {
        let config = parse("yaml", config).unwrap();
        let filter = Filter::new(Vec::new(), &[skip.to_owned()], &[]);
        match filter.check(&config) {
            Ok(()) => "taken".to_owned(),
            Err(error) => format!("{error}\n{}", error.help().unwrap()),
        }
    }

    #[test]
    fn checks_and_commands_are_named_alike() {
        let config = "commands: { eslint: { run: x } }\nchecks: { tests: false }\n";
        for id in ["eslint", "lint", "coverage", "gitignore", CHANGE, FIX] {
            assert_eq!(said(id, config), "taken", "{id}");
        }
        assert_snapshot!(said("lnt", config), @r"
        `--skip` names `lnt`, and there is no such check or command
        did you mean `lint`?
        ");
        assert_snapshot!(said("esslint", config), @r"
        `--skip` names `esslint`, and there is no such check or command
        did you mean `eslint`?
        ");
        assert_snapshot!(said("zzzzzzzzzzzz", config), @r"
        `--skip` names `zzzzzzzzzzzz`, and there is no such check or command
        there are: eslint, build, coverage, env, format, gitignore, lint, secrets, types
        ");
        assert_snapshot!(said("tests", config), @r"
        `--skip` names `tests`, and that check is switched off
        `guard explain config checks.tests` says where; take the name out here
        ");
    }

    #[test]
    fn where_everything_is_off_nothing_can_be_named() {
        let off: Vec<String> = crate::check::ALL
            .iter()
            .map(|check| format!("{}: false", check.id))
            .collect();
        assert_snapshot!(said("x", &format!("checks: {{ {} }}", off.join(", "))), @r"
        `--skip` names `x`, and there is no such check or command
        guard.yaml has no commands, and all checks are switched off
        ");
    }
}
