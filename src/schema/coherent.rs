//! Whether a schema agrees with itself: everything about it that no value could ever satisfy, or that names nothing.

mod names;
mod rules;
mod variable;

use std::collections::HashSet;

use super::model::{Schema, Variable};
use super::pattern::Patterns;
use super::read::Mistake;

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
        let touched = touched(schema, &environment.name);
        let effective = schema.for_environment(Some(&environment.name));
        for name in touched {
            if let Some(variable) = effective.get(name).filter(is_clear) {
                let own = environment.variables.iter().find(|own| own.name == name);
                variable::judge(variable, own, &mut patterns, mistakes);
            }
        }
        rules::judge(&effective, unclear, mistakes);
    }
    rules::judge(&schema.for_environment(None), unclear, mistakes);
    mistakes.sort();
    mistakes.dedup();
}

/// The variables of which an environment, or what it extends, says anything.
fn touched<'s>(schema: &'s Schema, environment: &str) -> Vec<&'s str> {
    let mut seen = HashSet::new();
    let chain = schema.chain(environment);
    let all = chain
        .into_iter()
        .flat_map(|environment| &environment.variables);
    let names = all.map(|variable: &Variable| variable.name.as_str());
    names.filter(|name| seen.insert(*name)).collect()
}
