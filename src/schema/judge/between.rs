//! The rules between environments: what must not be the same in two of them.

use std::collections::HashMap;

use crate::config::names::shown;
use crate::schema::broken::{Breach, Broken};
use crate::schema::model::{Holds, Schema, Span};

/// The values of one environment.
#[derive(Clone)]
pub struct Side<'v> {
    /// The environment that they are for.
    pub environment: &'v str,
    /// The values, later ones over earlier ones.
    pub values: Vec<(&'v str, &'v str)>,
}

/// What is the same in two environments and must not be: which of the sides, and what is wrong there.
pub fn judge_between(schema: &Schema, sides: &[Side<'_>]) -> Vec<(usize, Broken)> {
    let wanted = wanted(schema);
    if wanted.is_empty() {
        return Vec::new();
    }
    let by_name: Vec<HashMap<&str, (usize, &str)>> = sides
        .iter()
        .map(|side| {
            let numbered = side.values.iter().enumerate();
            numbered
                .map(|(entry, (name, value))| (*name, (entry, *value)))
                .collect()
        })
        .collect();
    let mut broken = Vec::new();
    for (environments, name, rule) in wanted {
        // The first to have a value may keep it.
        let mut owners: HashMap<&str, &str> = HashMap::new();
        for environment in environments {
            for (side, values) in by_name.iter().enumerate() {
                if sides[side].environment != environment {
                    continue;
                }
                let Some((entry, value)) = values.get(name) else {
                    continue;
                };
                if value.is_empty() || crate::schema::reference::is_in(value) {
                    continue;
                }
                let owner = *owners.entry(*value).or_insert(environment);
                if owner != environment {
                    let told = Broken {
                        key: name.to_owned(),
                        entry: Some(*entry),
                        what: format!("is the same as in {}", shown(owner)),
                        help: "give each environment a value of its own".to_owned(),
                        rule: Some(rule),
                        breach: Breach::Rule,
                    };
                    broken.push((side, told));
                }
            }
        }
    }
    broken
}

impl Schema {
    /// Whether anything must differ between environments.
    pub fn has_differences(&self) -> bool {
        !wanted(self).is_empty()
    }
}

/// Between which environments which variable differs, and where that is said.
fn wanted(schema: &Schema) -> Vec<(Vec<&str>, &str, Span)> {
    let mut wanted = Vec::new();
    let overlays = schema
        .environments
        .iter()
        .flat_map(|environment| &environment.variables);
    for variable in schema.variables.iter().chain(overlays) {
        if let Some(said) = &variable.differs_between {
            let environments = said.value.iter().map(String::as_str).collect();
            wanted.push((environments, variable.name.as_str(), said.span));
        }
    }
    for rule in &schema.rules {
        let Holds::Differ {
            environments,
            variables,
        } = &rule.holds
        else {
            continue;
        };
        let environments: Vec<&str> = environments
            .iter()
            .map(|name| name.value.as_str())
            .collect();
        let said = variables.iter().map(|name| name.value.as_str());
        let secret = schema
            .variables
            .iter()
            .filter(|variable| variable.is_secret());
        let secret = secret.map(|variable| variable.name.as_str());
        let names: Vec<&str> = if variables.is_empty() {
            secret.collect()
        } else {
            said.collect()
        };
        for name in names {
            wanted.push((environments.clone(), name, rule.at));
        }
    }
    wanted
}
