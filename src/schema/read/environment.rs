//! The environments.

use super::Reader;
use crate::config::names::shown;
use crate::config::node::Node;
use crate::schema::model::{Environment, Span, Stage};

/// The keys of an environment.
pub(in crate::schema) const KEYS: [&str; 4] = ["extends", "kind", "branches", "variables"];

/// The base by its own name, for whoever likes to say what everything extends anyway.
const BASE: &str = "base";

impl Reader<'_> {
    pub(super) fn environments(&mut self, node: &Node) -> Vec<Environment> {
        let help = "write a name and what differs there: `production: { variables: { … } }`";
        let entries = self.entries(node, "`environments`", help);
        let names: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        let mut environments = Vec::with_capacity(entries.len());
        for entry in entries {
            if !is_name(&entry.key) {
                let what = format!("no environment can be called `{}`", shown(&entry.key));
                let help = "names consist of letters, digits, dashes and underscores";
                self.wrong(entry.span.clone(), what, help);
                continue;
            }
            let mut environment = Environment {
                name: entry.key.clone(),
                at: Span::of(&entry.span),
                ..Environment::default()
            };
            let what = format!("`{}`", shown(&entry.key));
            for field in self.entries(&entry.node, &what, help) {
                match field.key.as_str() {
                    "extends" => {
                        let said = self.text(field);
                        environment.extends =
                            said.filter(|said| said.value != BASE || names.contains(&BASE));
                    }
                    "kind" => {
                        let synonyms = [("prod", "production"), ("dev", "development")];
                        environment.kind = self.word(field, &Stage::ALL, &synonyms);
                    }
                    "branches" => {
                        environment.branches = self.items(field).unwrap_or_default();
                    }
                    "variables" => environment.variables = self.variables(&field.node),
                    _ => self.unknown(
                        field,
                        &KEYS,
                        &[("branch", "branches"), ("vars", "variables")],
                    ),
                }
            }
            environments.push(environment);
        }
        environments
    }
}

fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !name.is_empty() && name.bytes().all(is_letter)
}
