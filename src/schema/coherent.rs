//! Whether a schema agrees with itself: everything about it that no value could ever satisfy, or that names nothing.

mod names;
mod rules;
mod variable;

use std::collections::HashSet;

use super::model::{Schema, Variable};
use super::pattern::Patterns;
use super::read::Mistake;

/// So many mistakes are enough: nobody reads more.
const ENOUGH: usize = 10_000;

/// Everything that contradicts itself. Of variables that are unclear nothing is said here.
pub(super) fn judge(schema: &Schema, unclear: &HashSet<String>, mistakes: &mut Vec<Mistake>) {
    let circles = names::judge(schema, mistakes);
    let mut patterns = Patterns::default();
    let is_clear = |variable: &&Variable| !unclear.contains(&variable.name);
    for variable in schema.variables.iter().filter(is_clear) {
        variable::judge(variable, None, &mut patterns, mistakes);
    }
    for environment in &schema.environments {
        // What stands in a circle means nothing.
        if circles.contains(environment.name.as_str()) {
            continue;
        }
        if mistakes.len() > ENOUGH {
            break;
        }
        let effective = schema.for_environment(Some(&environment.name));
        // What it only takes over was judged where it was said.
        for own in &environment.variables {
            if let Some(variable) = effective.get(&own.name).filter(is_clear) {
                variable::judge(variable, Some(own), &mut patterns, mistakes);
            }
        }
        let own = environment.variables.iter().map(|own| own.name.as_str());
        rules::judge(&effective, &own.collect(), unclear, mistakes);
    }
    let base = schema.variables.iter();
    let base = base.map(|variable| variable.name.as_str()).collect();
    rules::judge(&schema.for_environment(None), &base, unclear, mistakes);
    mistakes.sort();
    mistakes.dedup();
}
