//! One value: empty, against the rules of its variable, odd, or dangerous.

use super::{Given, needed};
use crate::schema::broken::{Breach, Broken};
use crate::schema::danger;
use crate::schema::effective::Effective;
use crate::schema::fault::{self, Fault};
use crate::schema::kind::{Class, Kind};
use crate::schema::model::Variable;
use crate::schema::pattern::Patterns;

/// The one thing that is wrong with a value; which of the values it is comes with it.
pub(super) fn judge(
    effective: &Effective<'_>,
    variable: &Variable,
    (entry, value): (usize, &str),
    given: &Given<'_>,
    patterns: &mut Patterns,
) -> Option<Broken> {
    let broken = |fault: Fault| Broken {
        key: variable.name.clone(),
        entry: Some(entry),
        what: fault.what,
        help: fault.help,
        rule: fault.rule,
        breach: fault.breach,
    };
    if value.is_empty() && !takes_empty(variable) {
        return empty(effective, variable, given).map(broken);
    }
    let fault = fault::first(variable, value, patterns);
    let fault = fault.or_else(|| dangerous(effective, &variable.name, Some(variable), value));
    let fault = fault.or_else(|| fault::odd(variable, value));
    fault.map(broken)
}

/// What is dangerous about a value of which the schema says nothing.
pub(super) fn judge_undeclared(
    effective: &Effective<'_>,
    name: &str,
    (entry, value): (usize, &str),
) -> Option<Broken> {
    let fault = dangerous(effective, name, None, value)?;
    Some(Broken {
        key: name.to_owned(),
        entry: Some(entry),
        what: fault.what,
        help: fault.help,
        rule: None,
        breach: fault.breach,
    })
}

/// Whether the schema itself says that nothing is a value.
fn takes_empty(variable: &Variable) -> bool {
    let constant = variable.constant.as_ref();
    constant.is_some_and(|said| said.value.is_empty())
        || variable
            .min_length
            .as_ref()
            .is_some_and(|said| said.value == 0)
        || variable
            .choices
            .as_ref()
            .is_some_and(|said| said.value.iter().any(String::is_empty))
}

/// `NAME=`: missing where something is wanted; elsewhere not set, unless a program would read a number or a no.
fn empty(effective: &Effective<'_>, variable: &Variable, given: &Given<'_>) -> Option<Fault> {
    if needed(effective, variable, given).is_some() {
        let rule = variable.required.as_ref().map(|said| said.span);
        return Some(Fault {
            breach: Breach::Missing,
            what: "stands here without a value, and it is required".to_owned(),
            help: "write its value behind the `=`".to_owned(),
            rule,
        });
    }
    let kind = variable.kind();
    let is_read_wrongly =
        matches!(kind.class(), Class::Bool | Class::Number) || kind == Kind::Duration;
    let rule = variable.kind.as_ref().map(|said| said.span);
    is_read_wrongly.then(|| Fault {
        breach: Breach::Type,
        what: format!("is empty, which is no {}", kind.word()),
        help: "write its value, or take the line out where it shall not be set".to_owned(),
        rule,
    })
}

fn dangerous(
    effective: &Effective<'_>,
    name: &str,
    variable: Option<&Variable>,
    value: &str,
) -> Option<Fault> {
    if !effective.is_production() {
        return None;
    }
    let danger = danger::of(name, variable, value)?;
    Some(Fault {
        breach: danger.breach,
        what: danger.what.to_owned(),
        help: danger.help.to_owned(),
        rule: None,
    })
}
