//! What python and compose put in the place of references; the others leave them as they are.

mod compose;
mod python;

use std::borrow::Cow;
use std::collections::HashMap;

use super::file::Read;
use super::{Dialect, Lookup, Problem, ProblemKind};
use crate::secret::Secret;

/// How much references may add to one value.
const GROWTH: usize = 1 << 20;
/// How much they may add to a file: values that name each other twice double at each step.
const TOTAL: usize = 64 << 20;

/// Replaces the references in every value, in the order of the file.
pub(super) fn expand(read: &mut Read, dialect: Dialect, lookup: Lookup) {
    if matches!(dialect, Dialect::Node | Dialect::Railway) {
        return;
    }
    let mut scope = Scope {
        latest: HashMap::new(),
        values: Vec::with_capacity(read.entries.len()),
        lookup,
    };
    let mut spent = 0;
    let mut problems = Vec::new();
    let mut mute = Vec::new();
    for (number, entry) in read.entries.iter().enumerate() {
        let literal = entry.value.as_ref().map(Secret::reveal);
        let expanded = match (dialect, literal) {
            (Dialect::Compose, None) => Ok(lookup(&entry.key).map(Cow::Owned)),
            (_, None) => Ok(None),
            (Dialect::Compose, Some(value)) => {
                compose::expand(value, entry.quote, &scope).map(Some)
            }
            (_, Some(value)) => python::expand(value, &scope).map(Some),
        };
        let expanded = match expanded {
            Ok(Some(Cow::Owned(text))) if spent + text.len() > TOTAL => Err(ProblemKind::Runaway),
            other => other,
        };
        let value = expanded.unwrap_or_else(|kind| {
            problems.push(Problem {
                refuses: kind != ProblemKind::Runaway,
                ..Problem::new(kind, entry.value_span.clone().unwrap_or_default())
            });
            literal.map(Cow::Borrowed)
        });
        if let Some(Cow::Owned(text)) = &value {
            spent += text.len();
        }
        // To compose a bare name that nobody knows says nothing, so what was set before stays.
        let is_mute = dialect == Dialect::Compose && value.is_none();
        if is_mute && scope.latest.contains_key(entry.key.as_str()) {
            mute.push(number);
        } else {
            scope.latest.insert(&entry.key, number);
        }
        scope.values.push(value);
    }
    let changed: Vec<(usize, String)> = scope
        .values
        .into_iter()
        .enumerate()
        .filter_map(|(number, value)| match value {
            Some(Cow::Owned(text)) => Some((number, text)),
            _ => None,
        })
        .collect();
    for (number, text) in changed {
        read.entries[number].value = Some(Secret::new(text));
    }
    for number in mute {
        read.entries[number].is_read = false;
    }
    read.problems.extend(problems);
}

/// What references see: the file up to here, and the lookup.
struct Scope<'r> {
    latest: HashMap<&'r str, usize>,
    values: Vec<Option<Cow<'r, str>>>,
    lookup: Lookup<'r>,
}

impl Scope<'_> {
    /// What the file has said so far.
    fn file(&self, name: &str) -> InFile<'_> {
        let said = self.latest.get(name).map(|number| &self.values[*number]);
        match said {
            Some(Some(value)) => InFile::Value(value),
            Some(None) => InFile::Bare,
            None => InFile::Unsaid,
        }
    }
}

/// What the file says of a name.
enum InFile<'s> {
    /// This value.
    Value(&'s str),
    /// The bare name.
    Bare,
    /// Nothing.
    Unsaid,
}

/// A text that grows within its limit.
struct Grown {
    text: String,
    limit: usize,
}

impl Grown {
    fn of(source: &str) -> Self {
        Self {
            text: String::with_capacity(source.len()),
            limit: source.len() + GROWTH,
        }
    }

    fn push(&mut self, text: &str) -> Result<(), ProblemKind> {
        if self.text.len() + text.len() > self.limit {
            return Err(ProblemKind::Runaway);
        }
        self.text.push_str(text);
        Ok(())
    }
}
