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
#[error("`{source_name}` names `{id}`, and there is no such check or command")]
pub struct UnknownId {
    id: String,
    source_name: &'static str,
    #[help]
    help: String,
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

    /// Every name must be one that the configuration knows.
    pub(crate) fn check(&self, config: &Config) -> Result<(), UnknownId> {
        let only = self.only.iter().map(|id| (id, "--only"));
        let named = only.chain(self.skip.iter().map(|(id, source)| (id, *source)));
        for (id, source_name) in named {
            if config.commands.contains_key(id) || id == CHANGE || id == FIX {
                continue;
            }
            let nearest = config
                .commands
                .keys()
                .map(|known| (strsim::damerau_levenshtein(known, id), known))
                .min();
            let help = match nearest {
                Some((distance, known)) if distance <= known.len().max(id.len()) / 2 => {
                    format!("did you mean `{known}`?")
                }
                Some(_) => {
                    let all: Vec<&str> = config.commands.keys().map(String::as_str).collect();
                    format!("there are: {}", all.join(", "))
                }
                None => "guard.yaml has no commands".to_owned(),
            };
            return Err(UnknownId {
                id: id.clone(),
                source_name,
                help,
            });
        }
        Ok(())
    }
}
