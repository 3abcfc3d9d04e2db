//! The schema for others: JSON Schema, `.env.example`, Markdown. Text only; who asks for it writes it.

mod example;
mod json;
mod markdown;
mod words;

use std::collections::HashMap;

use super::effective::Effective;
use super::model::Variable;

pub use example::example;
pub use json::json_schema;
pub use markdown::markdown;

/// A variable, and the environments that have it where this one does not.
struct Shown<'e> {
    variable: &'e Variable,
    elsewhere: Vec<&'e str>,
}

/// Every variable: as it is in this environment, and after those the ones that only others have.
fn everything<'e>(effective: &'e Effective<'_>) -> Vec<Shown<'e>> {
    let own = effective.variables.iter();
    let mut all: Vec<Shown<'e>> = own
        .map(|variable| Shown {
            variable,
            elsewhere: Vec::new(),
        })
        .collect();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for environment in &effective.schema.environments {
        for variable in &environment.variables {
            if effective.get(&variable.name).is_some() {
                continue;
            }
            let place = *places.entry(&variable.name).or_insert_with(|| {
                all.push(Shown {
                    variable,
                    elsewhere: Vec::new(),
                });
                all.len() - 1
            });
            all[place].elsewhere.push(&environment.name);
        }
    }
    all
}
