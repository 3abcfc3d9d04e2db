//! The rules between the variables of one environment.

use super::Given;
use crate::schema::broken::{Breach, Broken};
use crate::schema::effective::Effective;
use crate::schema::kind::Kind;
use crate::schema::model::{Comparison, Holds};

/// The rules that these values break.
pub(super) fn judge(effective: &Effective<'_>, given: &Given<'_>) -> Vec<Broken> {
    let mut broken = Vec::new();
    for rule in &effective.schema.rules {
        let Holds::Compare(comparison, names) = &rule.holds else {
            continue;
        };
        let [one, other] = names.each_ref().map(|name| name.value.as_str());
        let (Some(first), Some(second)) = (
            Side::of(effective, given, one),
            Side::of(effective, given, other),
        ) else {
            continue;
        };
        // What only the schema's own defaults break is the schema's matter.
        let Some(side) = [&first, &second]
            .into_iter()
            .find(|side| side.entry.is_some())
        else {
            continue;
        };
        if holds(*comparison, &first, &second) != Some(false) {
            continue;
        }
        let (key, against) = if first.entry.is_some() {
            (one, other)
        } else {
            (other, one)
        };
        broken.push(Broken {
            key: key.to_owned(),
            entry: side.entry,
            what: said(*comparison, key == one, against),
            help: format!("change one of `{one}` and `{other}`"),
            rule: Some(rule.at),
            breach: Breach::Rule,
        });
    }
    broken
}

/// One side of a rule: a value, or the default that stands for it.
struct Side<'v> {
    kind: Kind,
    value: &'v str,
    entry: Option<usize>,
}

impl<'v> Side<'v> {
    fn of(effective: &'v Effective<'_>, given: &Given<'v>, name: &str) -> Option<Self> {
        let variable = effective.get(name)?;
        let kind = variable.kind();
        let side = match given.get(name) {
            Some((entry, value)) => Self {
                kind,
                value,
                entry: Some(entry),
            },
            None => Self {
                kind,
                value: &variable.default.as_ref()?.value,
                entry: None,
            },
        };
        (!side.value.is_empty() && !crate::schema::reference::is_in(side.value)).then_some(side)
    }
}

/// Whether it holds; unknown where one of the two is not even of its type, which was told already.
fn holds(comparison: Comparison, first: &Side<'_>, second: &Side<'_>) -> Option<bool> {
    let amounts = match (
        first.kind.amount(first.value),
        second.kind.amount(second.value),
    ) {
        (Some(one), Some(other)) => Some(one.partial_cmp(&other)?),
        _ if first.kind.class().is_amount() || second.kind.class().is_amount() => return None,
        _ => None,
    };
    let order = amounts.unwrap_or_else(|| first.value.cmp(second.value));
    Some(match comparison {
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Equal => order.is_eq() || first.kind.same(first.value, second.value),
        Comparison::Different => !order.is_eq() && !first.kind.same(first.value, second.value),
    })
}

fn said(comparison: Comparison, is_first: bool, against: &str) -> String {
    match (comparison, is_first) {
        (Comparison::Less, true) => format!("is not below `{against}`"),
        (Comparison::Less, false) => format!("is not above `{against}`"),
        (Comparison::LessOrEqual, true) => format!("is above `{against}`"),
        (Comparison::LessOrEqual, false) => format!("is below `{against}`"),
        (Comparison::Equal, _) => format!("is not the same as `{against}`"),
        (Comparison::Different, _) => format!("is the same as `{against}`"),
    }
}
