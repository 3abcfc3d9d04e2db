//! Variables of which the schema says nothing, and which was probably meant.

use std::collections::{HashMap, HashSet};

use crate::config::names::nearest;
use crate::schema::broken::{Breach, Broken};
use crate::schema::effective::Effective;

/// So many names are compared in one run: who has thousands of unknown ones is not helped by more.
const COMPARED: usize = 5_000_000;

/// Finds what was meant.
pub(super) struct Near<'e, 's> {
    effective: &'e Effective<'s>,
    /// What other environments have, and letters of each name; made for the first unknown one.
    others: Option<HashSet<&'s str>>,
    letters: Vec<u64>,
    left: usize,
}

impl<'e, 's> Near<'e, 's> {
    pub(super) fn new(effective: &'e Effective<'s>) -> Self {
        Self {
            effective,
            others: None,
            letters: Vec::new(),
            left: COMPARED,
        }
    }

    /// What is to say about a name that the environment's schema does not have.
    pub(super) fn unknown(
        &mut self,
        name: &str,
        entry: usize,
        given: &HashMap<&str, usize>,
    ) -> Option<Broken> {
        let schema = self.effective.schema;
        let others = self.others.get_or_insert_with(|| {
            let all = schema.environments.iter();
            let all = all.flat_map(|environment| &environment.variables);
            all.map(|variable| variable.name.as_str()).collect()
        });
        if others.contains(name) {
            return None;
        }
        let help = match self.meant(name, given) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "add it to the schema, or take it out".to_owned(),
        };
        Some(Broken {
            key: name.to_owned(),
            entry: Some(entry),
            what: "is not in the schema".to_owned(),
            help,
            rule: None,
            breach: Breach::Unknown,
        })
    }

    /// The name that was probably meant: one that is not set yet.
    fn meant(&mut self, name: &str, given: &HashMap<&str, usize>) -> Option<&'e str> {
        let variables = &self.effective.variables;
        if self.letters.is_empty() {
            self.letters = variables
                .iter()
                .map(|variable| letters(&variable.name))
                .collect();
        }
        if self.left < variables.len() || name.len() > 100 {
            return None;
        }
        self.left -= variables.len();
        let own = letters(name);
        let mut candidates = Vec::new();
        for (variable, letters) in variables.iter().zip(&self.letters) {
            // Three changes touch six letters at most: most names are told apart without a closer look.
            let may_be =
                (letters ^ own).count_ones() <= 6 && variable.name.len().abs_diff(name.len()) <= 3;
            if may_be && !given.contains_key(variable.name.as_str()) {
                candidates.push(variable.name.as_str());
            }
        }
        nearest(name, candidates)
    }
}

/// Which letters and digits a name has.
fn letters(name: &str) -> u64 {
    name.bytes().fold(0, |all, byte| {
        let byte = byte.to_ascii_lowercase();
        match byte {
            b'a'..=b'z' => all | 1 << (byte - b'a'),
            b'0'..=b'9' => all | 1 << (26 + byte - b'0'),
            _ => all,
        }
    })
}
