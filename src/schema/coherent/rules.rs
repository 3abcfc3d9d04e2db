//! Rules that compare what cannot be compared.

use std::collections::HashSet;

use crate::config::names::shown;
use crate::schema::effective::Effective;
use crate::schema::kind::Class;
use crate::schema::model::Holds;
use crate::schema::read::Mistake;

/// Tells them, by the types that variables of which the environment says something have there.
pub(super) fn judge(
    effective: &Effective<'_>,
    said: &HashSet<&str>,
    unclear: &HashSet<String>,
    mistakes: &mut Vec<Mistake>,
) {
    for rule in &effective.schema.rules {
        let Holds::Compare(comparison, [one, other]) = &rule.holds else {
            continue;
        };
        let is_about = |name: &&str| said.contains(name);
        let names = [one.value.as_str(), other.value.as_str()];
        if !names.iter().any(is_about) || names.iter().any(|name| unclear.contains(*name)) {
            continue;
        }
        // What is declared in other environments only is judged there.
        let (Some(first), Some(second)) = (effective.get(&one.value), effective.get(&other.value))
        else {
            continue;
        };
        let (kind, against) = (first.kind(), second.kind());
        let what = if kind.class() != against.class()
            || (kind.class() == Class::None && kind != against)
        {
            format!(
                "`{}` is of type {} and `{}` of type {}: they cannot be compared",
                shown(&one.value),
                kind.word(),
                shown(&other.value),
                against.word()
            )
        } else if comparison.is_order() && !kind.class().has_order() {
            format!("of two values of type {} none is the greater", kind.word())
        } else {
            continue;
        };
        let help = if comparison.is_order() {
            "compare two numbers, two durations or two texts"
        } else {
            "compare two variables of one type"
        };
        mistakes.push(Mistake::new(rule.at.range(), what, help));
    }
}
