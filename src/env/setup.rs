//! A developer's own env file, made from the schema: what needs no answer, what may be made, and what has to be asked.
//!
//! ```text
//! file, example ──> Setup ── fill ──> constants, the example's values, defaults ──┐
//!                     └── wanted ──> make, or ask ── answer: judged, and written ─┴─> text: lines to be added
//! ```
//!
//! Whether something is missing the schema's own judgement says, after each round anew: an answer may ask for others.

mod made;
mod placeholder;
mod quote;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use crate::finding::Severity;
use crate::schema::{self, Breach, Broken, Effective, Required, Stage, Variable};
use crate::secret::Secret;
use placeholder::is_placeholder;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The schema allows no other.
    Constant,
    /// The schema's default.
    Default,
    /// The project's example.
    Example,
    /// The system's source of chance.
    Made,
    /// Somebody typed it.
    Typed,
}

impl Origin {
    /// The word for it in reports.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Default => "default",
            Self::Example => "example",
            Self::Made => "made",
            Self::Typed => "typed",
        }
    }

    /// The words for it, to be read behind a name.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Constant => "the only value that the schema allows",
            Self::Default => "the default",
            Self::Example => "from the example",
            Self::Made => "made by chance",
            Self::Typed => "as you typed it",
        }
    }
}

/// A variable that is to be written.
pub(crate) struct Decided {
    pub(crate) name: String,
    value: Secret,
    pub(crate) origin: Origin,
    /// As it will stand in the file.
    line: Secret,
}

/// A variable that has to be asked for.
pub(crate) struct Wanted {
    pub(crate) variable: Variable,
    /// What is taken where nothing is typed.
    pub(crate) default: Option<String>,
}

/// Why a value was not taken, to be read behind the variable's name. It never holds the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) what: String,
    pub(crate) help: String,
}

/// A file in the making.
pub(crate) struct Setup<'s> {
    effective: &'s Effective<'s>,
    /// What the file sets as it stands.
    standing: Vec<(String, String)>,
    decided: Vec<Decided>,
    /// What nobody had an answer for.
    left: HashSet<String>,
}

impl<'s> Setup<'s> {
    pub(crate) fn new(effective: &'s Effective<'s>, standing: Vec<(String, String)>) -> Self {
        Self {
            effective,
            standing,
            decided: Vec::new(),
            left: HashSet::new(),
        }
    }

    /// Takes what needs no answer. The defaults of what is required are left to be offered where somebody can be asked.
    pub(crate) fn fill(&mut self, example: &HashMap<String, String>, asks: bool) {
        let effective = self.effective;
        let mut candidates = Vec::new();
        for variable in &effective.variables {
            let name = &variable.name;
            let is_old = variable
                .deprecated
                .as_ref()
                .is_some_and(|said| said.value.is_some());
            if self.is_set(name) || self.is_elsewhere(variable) || is_old {
                continue;
            }
            let constant = variable.constant.as_ref();
            let default = variable.default.as_ref();
            let shown = || {
                let value = example.get(name)?;
                let is_made = made::kind(variable).is_some();
                (!is_made && !is_placeholder(value)).then(|| value.clone())
            };
            let default = default.filter(|_| !asks || !self.is_needed(variable));
            let ways = [
                (Origin::Constant, constant.map(|said| said.value.clone())),
                (Origin::Example, shown()),
                (Origin::Default, default.map(|said| said.value.clone())),
            ];
            let mut ways = ways.into_iter();
            let fitting = ways.find_map(|(origin, value)| {
                let value = value.filter(|value| !value.is_empty())?;
                let line = quote::line(name, &value)?;
                Some((name.clone(), value, origin, line))
            });
            candidates.extend(fitting);
        }
        let broken = self.broken_by(&candidates);
        for (name, value, origin, line) in candidates {
            if !broken.contains(&name) {
                self.decided.push(Decided {
                    name,
                    value: Secret::new(value),
                    origin,
                    line,
                });
            }
        }
    }

    /// What is missing now and was not left out, in the schema's order. An answer may bring more.
    pub(crate) fn wanted(&self) -> Vec<Wanted> {
        let broken = self.missing().into_iter();
        let names: HashSet<String> = broken
            // What stands there without a value is its owner's to fill in.
            .filter(|broken| !self.is_known(&broken.key))
            .map(|broken| broken.key)
            .collect();
        let defaults = |variable: &Variable| {
            let is_offered = self.is_needed(variable) && !self.is_known(&variable.name);
            is_offered && variable.default.is_some()
        };
        let variables = self.effective.variables.iter();
        variables
            .filter(|variable| names.contains(&variable.name) || defaults(variable))
            .map(|variable| Wanted {
                variable: Variable::clone(variable),
                default: variable.default.as_ref().map(|said| said.value.clone()),
            })
            .collect()
    }

    /// Makes a value by chance, where that is what the variable wants. Whether it did.
    pub(crate) fn make(
        &mut self,
        variable: &Variable,
        chance: &mut dyn FnMut(&mut [u8]) -> bool,
    ) -> bool {
        let Some(kind) = made::kind(variable) else {
            return false;
        };
        let Some(value) = made::value(kind, variable, chance) else {
            return false;
        };
        self.take(&variable.name, &value, Origin::Made).is_ok()
    }

    /// Takes an answer, if it is a good one.
    pub(crate) fn take(&mut self, name: &str, value: &str, origin: Origin) -> Result<(), Refusal> {
        if let Some(refusal) = self.refusal(name, value) {
            return Err(refusal);
        }
        let line = quote::line(name, value).ok_or_else(|| Refusal {
            what: "cannot be written so that every reader of env files gets the same".to_owned(),
            help: "leave `${`, backslashes, control characters and mixed quotes out".to_owned(),
        })?;
        self.decided.push(Decided {
            name: name.to_owned(),
            value: Secret::new(value),
            origin,
            line,
        });
        Ok(())
    }

    /// Nobody has an answer.
    pub(crate) fn leave(&mut self, name: &str) {
        self.left.insert(name.to_owned());
    }

    /// What is decided.
    pub(crate) fn decided(&self) -> &[Decided] {
        &self.decided
    }

    /// What is still missing.
    pub(crate) fn missing(&self) -> Vec<Broken> {
        let mut broken = schema::judge(self.effective, &mut self.values());
        broken.retain(|broken| broken.breach == Breach::Missing);
        broken
    }

    /// The lines that are added to a file that holds these bytes and sets these names.
    pub(crate) fn added(&self, bytes: &[u8], is_set: &dyn Fn(&str) -> bool) -> String {
        let end = if memchr::memmem::find(bytes, b"\r\n").is_some() {
            "\r\n"
        } else {
            "\n"
        };
        let new = self.decided.iter().filter(|decided| !is_set(&decided.name));
        let mut text = String::new();
        for decided in new {
            if text.is_empty() && !bytes.is_empty() && !bytes.ends_with(b"\n") {
                text.push_str(end);
            }
            text.push_str(decided.line.reveal());
            text.push_str(end);
        }
        text
    }

    /// Why the schema does not take a value. Warnings do not count.
    fn refusal(&self, name: &str, value: &str) -> Option<Refusal> {
        let count = self.standing.len() + self.decided.len();
        let mut values = self.values().chain(std::iter::once((name, value)));
        let broken = schema::judge(self.effective, &mut values).into_iter();
        let mut faults = broken.filter(|broken| {
            broken.key == name
                && broken.entry == Some(count)
                && broken.severity() == Severity::Error
        });
        faults.next().map(|broken| Refusal {
            what: broken.what,
            help: broken.help,
        })
    }

    /// The names whose values among these the schema does not take.
    fn broken_by(&self, candidates: &[(String, String, Origin, Secret)]) -> HashSet<String> {
        let count = self.standing.len();
        let standing = self.standing.iter();
        let standing = standing.map(|(name, value)| (name.as_str(), value.as_str()));
        let news = candidates.iter();
        let news = news.map(|(name, value, ..)| (name.as_str(), value.as_str()));
        let broken = schema::judge(self.effective, &mut standing.chain(news)).into_iter();
        broken
            .filter(|broken| broken.severity() == Severity::Error)
            .filter(|broken| broken.entry.is_some_and(|entry| entry >= count))
            .map(|broken| broken.key)
            .collect()
    }

    fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        let standing = self.standing.iter();
        let standing = standing.map(|(name, value)| (name.as_str(), value.as_str()));
        let decided = self.decided.iter();
        standing.chain(decided.map(|decided| (decided.name.as_str(), decided.value.reveal())))
    }

    fn is_set(&self, name: &str) -> bool {
        self.standing.iter().any(|(known, _)| known == name)
    }

    fn is_known(&self, name: &str) -> bool {
        let mut decided = self.decided.iter();
        self.is_set(name) || self.left.contains(name) || decided.any(|known| known.name == name)
    }

    /// Whether the schema asks for it without a condition.
    fn is_needed(&self, variable: &Variable) -> bool {
        match variable.required.as_ref().map(|said| &said.value) {
            Some(Required::Always) => !self.is_elsewhere(variable),
            Some(Required::In(names)) => {
                let here = self.effective.environment.as_ref();
                here.is_some_and(|here| names.contains(here)) && !self.is_elsewhere(variable)
            }
            _ => false,
        }
    }

    /// Whether somebody else sets it where the environment runs.
    fn is_elsewhere(&self, variable: &Variable) -> bool {
        let is_deployed = matches!(
            self.effective.stage,
            Some(Stage::Staging | Stage::Production)
        );
        variable.is_provided() && is_deployed
    }
}
