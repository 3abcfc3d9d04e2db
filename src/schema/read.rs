//! From the text of `schemas/env.yaml` to a schema in which nothing is wrong, or to everything that is.

mod environment;
mod rule;
mod scalar;
mod variable;

use std::collections::HashSet;
use std::ops::Range;

use super::coherent;
use super::model::Schema;
use crate::config::node::{Entry, Node, Parsed, Value};
use crate::config::{ConfigError, Problem, document, names};
use crate::source::Source;

/// No schema is longer: 100,000 variables with all that can be said about them take half of it.
const LONGEST: usize = 64 << 20;

/// So many mistakes are prepared to be shown. Who has more is not helped by more.
const PREPARED: usize = 50;

#[cfg(test)]
pub(super) use environment::KEYS as ENVIRONMENT;
#[cfg(test)]
pub(super) use rule::KEYS as RULE;
#[cfg(test)]
pub(super) use variable::KEYS as VARIABLE;

/// The keys of the file.
pub(super) const TOP: [&str; 3] = ["variables", "environments", "rules"];

/// A schema, and the text that its spans point into.
#[derive(Debug)]
pub struct Read {
    pub schema: Schema,
    pub source: Source,
}

/// The schema of a project that has none.
pub fn none() -> Read {
    Read {
        schema: Schema::default(),
        source: Source::new(super::PATH, ""),
    }
}

/// Something that is wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mistake {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) message: String,
    pub(super) help: String,
}

impl Mistake {
    pub(super) fn new(
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            start: span.start,
            end: span.end,
            message: message.into(),
            help: help.into(),
        }
    }
}

/// Reads a schema. The name is what people know the file by.
pub fn read(name: &str, bytes: &[u8]) -> Result<Read, ConfigError> {
    let source = text(name, bytes)?;
    let parsed = document::parse(source.text()).map_err(|faults| {
        let faults = faults.into_iter();
        let problem = |fault: crate::config::node::Fault| {
            Problem::at(&source, fault.span, fault.message, fault.help)
        };
        ConfigError::of(faults.map(problem).collect())
    })?;
    let (schema, mistakes) = judge(&source, &parsed);
    if mistakes.is_empty() {
        return Ok(Read { schema, source });
    }
    Err(told(&source, mistakes))
}

fn text(name: &str, bytes: &[u8]) -> Result<Source, ConfigError> {
    if bytes.len() > LONGEST {
        let help = "is this the right file? Nothing that describes variables is that long";
        let what = format!("{name}: is longer than 64 MiB");
        return Err(ConfigError::one(Problem::new(what, help)));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(error) => {
            let source = Source::new(name, String::from_utf8_lossy(bytes));
            let at = error.valid_up_to();
            let help = Some("save the file as UTF-8".to_owned());
            Err(ConfigError::one(Problem::at(
                &source,
                at..at + 1,
                "not UTF-8",
                help,
            )))
        }
    }
}

fn told(source: &Source, mut mistakes: Vec<Mistake>) -> ConfigError {
    mistakes.sort();
    mistakes.dedup();
    let more = mistakes.len().saturating_sub(PREPARED);
    let prepared = mistakes.into_iter().take(PREPARED).map(|mistake| {
        let span = mistake.start..mistake.end;
        Problem::at(source, span, mistake.message, Some(mistake.help))
    });
    let mut problems: Vec<Problem> = prepared.collect();
    if more > 0 {
        let what = format!("{}: {more} more mistakes", source.name());
        problems.push(Problem::new(
            what,
            "mend the first ones: others often follow from them",
        ));
    }
    ConfigError::of(problems)
}

/// What a tree means, and everything that is wrong with it.
pub(super) fn judge(source: &Source, parsed: &Parsed) -> (Schema, Vec<Mistake>) {
    let mut reader = Reader {
        source,
        mistakes: Vec::new(),
        unclear: HashSet::new(),
    };
    for double in &parsed.doubles {
        let help = double.help.clone().unwrap_or_default();
        reader.wrong(double.span.clone(), double.message.clone(), help);
    }
    let schema = reader.top(&parsed.root);
    coherent::judge(&schema, &reader.unclear, &mut reader.mistakes);
    (schema, reader.mistakes)
}

/// Reads one file.
struct Reader<'t> {
    source: &'t Source,
    mistakes: Vec<Mistake>,
    /// The variables of which it is not known what they are.
    unclear: HashSet<String>,
}

impl Reader<'_> {
    fn wrong(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.mistakes.push(Mistake::new(span, message, help));
    }

    fn top(&mut self, root: &Node) -> Schema {
        let mut schema = Schema::default();
        let entries: &[Entry] = match &root.value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            _ => {
                let help = "begin with `variables:`";
                let what = "the schema consists of keys and values, and this is neither";
                self.wrong(root.span.clone(), what, help);
                &[]
            }
        };
        for entry in entries {
            match entry.key.as_str() {
                "variables" => schema.variables = self.variables(&entry.node),
                "environments" => schema.environments = self.environments(&entry.node),
                "rules" => schema.rules = self.rules(&entry.node),
                _ => self.unknown(entry, &TOP, &[("base", "variables"), ("vars", "variables")]),
            }
        }
        schema
    }

    /// The entries of a map; anything else is told.
    fn entries<'n>(&mut self, node: &'n Node, what: &str, help: &str) -> &'n [Entry] {
        match &node.value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            other => {
                let what = format!("{what} cannot be {}", scalar::called(other));
                self.wrong(node.span.clone(), what, help);
                &[]
            }
        }
    }

    /// A key that there is not, with the one that was probably meant.
    fn unknown(&mut self, entry: &Entry, known: &[&'static str], synonyms: &[(&str, &str)]) {
        let mut said = synonyms.iter();
        let plain = entry.key.to_ascii_lowercase().replace(['-', '_'], "");
        let synonym = said.find(|(word, _)| word.replace('_', "") == plain);
        // Nobody reads that many suggestions, and each costs a look at all names.
        let meant = match synonym {
            Some((_, meant)) => Some(*meant),
            None if self.mistakes.len() < PREPARED * 4 => {
                names::nearest(&entry.key, known.iter().copied())
            }
            None => None,
        };
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            // `{ description: one, two }` has a key `two`.
            None if entry.node.value == Value::Null => {
                "a text with a comma in it wants quotes here".to_owned()
            }
            None => format!("the keys here are {}", names::list(known.iter().copied())),
        };
        let what = format!("unknown key `{}`", names::shown(&entry.key));
        self.wrong(entry.span.clone(), what, help);
    }
}
