//! Values against what holds in their environment: everything that is wrong, one thing a value.

mod between;
mod near;
mod relation;
mod value;

use std::collections::HashMap;

use super::broken::{Breach, Broken};
use super::effective::Effective;
use super::fault;
use super::model::{Required, Stage, Variable, When};
use super::pattern::Patterns;
use crate::config::names::list;

pub use between::{Side, judge_between};

/// The values that are judged.
#[derive(Default)]
struct Given<'v> {
    values: Vec<(&'v str, &'v str)>,
    /// Where each variable stands last: later lines win.
    by_name: HashMap<&'v str, usize>,
}

impl<'v> Given<'v> {
    fn of(values: &mut dyn Iterator<Item = (&'v str, &'v str)>) -> Self {
        let values: Vec<(&str, &str)> = values.collect();
        let mut by_name = HashMap::with_capacity(values.len());
        for (index, (name, _)) in values.iter().enumerate() {
            by_name.insert(*name, index);
        }
        Self { values, by_name }
    }

    fn get(&self, name: &str) -> Option<(usize, &'v str)> {
        let index = *self.by_name.get(name)?;
        Some((index, self.values[index].1))
    }
}

/// Everything that is wrong with these values, in their order; then what is missing, in the schema's.
pub fn judge<'v>(
    effective: &Effective<'_>,
    values: &mut dyn Iterator<Item = (&'v str, &'v str)>,
) -> Vec<Broken> {
    let given = Given::of(values);
    let mut patterns = Patterns::default();
    let mut near = near::Near::new(effective);
    let mut broken = Vec::new();
    for (entry, (name, value)) in given.values.iter().enumerate() {
        let Some(variable) = effective.get(name) else {
            broken.extend(near.unknown(name, entry, &given.by_name));
            broken.extend(value::judge_undeclared(effective, name, (entry, value)));
            continue;
        };
        let value = (entry, *value);
        broken.extend(deprecated(variable, entry));
        broken.extend(value::judge(
            effective,
            variable,
            value,
            &given,
            &mut patterns,
        ));
    }
    for variable in &effective.variables {
        if !given.by_name.contains_key(variable.name.as_str()) {
            broken.extend(missing(effective, variable, &given, &mut patterns));
        }
    }
    broken.extend(relation::judge(effective, &given));
    broken
}

fn deprecated(variable: &Variable, entry: usize) -> Option<Broken> {
    let said = variable.deprecated.as_ref()?;
    let instead = said.value.as_ref()?;
    Some(Broken {
        key: variable.name.clone(),
        entry: Some(entry),
        what: "is deprecated".to_owned(),
        help: match instead.as_str() {
            "" => "take it out once nothing reads it".to_owned(),
            instead => shown_long(instead),
        },
        rule: Some(said.span),
        breach: Breach::Deprecated,
    })
}

/// A variable that is set nowhere.
fn missing(
    effective: &Effective<'_>,
    variable: &Variable,
    given: &Given<'_>,
    patterns: &mut Patterns,
) -> Option<Broken> {
    let broken = |what: String, help: String, rule| Broken {
        key: variable.name.clone(),
        entry: None,
        what,
        help,
        rule: Some(rule),
        breach: Breach::Missing,
    };
    if let Some(default) = &variable.default {
        // What was said about other environments may be wrong for this one.
        let fault = fault::first(variable, &default.value, patterns)?;
        let what = format!("is not set, and its default {}", fault.what);
        return Some(broken(what, fault.help, default.span));
    }
    let why = needed(effective, variable, given)?;
    let is_deployed = matches!(effective.stage, Some(Stage::Staging | Stage::Production));
    if variable.is_provided() && is_deployed {
        return None;
    }
    let rule = variable
        .required
        .as_ref()
        .map_or(variable.at, |said| said.span);
    let help = match &variable.description {
        Some(text) => format!("set it: {}", shown_long(&text.value)),
        None => "set it, or give it a default in the schema".to_owned(),
    };
    Some(broken(format!("is not set{why}"), help, rule))
}

/// Why a variable must be set, to be read behind `is not set`; nothing where it need not be.
fn needed(effective: &Effective<'_>, variable: &Variable, given: &Given<'_>) -> Option<String> {
    match &variable.required.as_ref()?.value {
        Required::Always => Some(match &effective.environment {
            None => String::new(),
            Some(_) => format!(", and it is required {}", effective.place()),
        }),
        Required::Never => None,
        Required::In(environments) => {
            let here = effective.environment.as_ref()?;
            environments
                .contains(here)
                .then(|| format!(", and it is required {}", effective.place()))
        }
        Required::When(conditions) => {
            let holds = |when: &When| holds(effective, when, given);
            conditions.iter().all(holds).then(|| {
                let names = list(conditions.iter().map(|when| when.name.as_str()));
                let ask = if conditions.len() == 1 { "asks" } else { "ask" };
                format!(", and {names} {ask} for it")
            })
        }
    }
}

fn holds(effective: &Effective<'_>, when: &When, given: &Given<'_>) -> bool {
    let other = effective.get(&when.name);
    let default = other.and_then(|other| other.default.as_ref());
    let value = given.get(&when.name).map(|(_, value)| value);
    let value = value.or_else(|| default.map(|default| default.value.as_str()));
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return false;
    };
    let same = |wanted: &String| match other {
        Some(other) => other.kind().same(wanted, value),
        None => wanted == value,
    };
    when.values.is_empty() || when.values.iter().any(same)
}

/// The schema's own prose inside a message: one line, and not without end.
fn shown_long(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut shown: String = line
        .chars()
        .take(200)
        .map(crate::config::names::visible)
        .collect();
    if line.chars().nth(200).is_some() || text.trim_end().contains('\n') {
        shown.push('…');
    }
    shown
}
