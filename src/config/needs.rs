//! What runs before what: every name in `needs` exists, and nothing waits for itself.

use std::collections::{BTreeMap, BTreeSet};

use garde::Error;

use super::names;
use super::raw::{Context, RawCommands};
use super::rules::{need, shown};

/// A complaint about the `needs` of a command: its name, the item of the list, and what is wrong.
type Complaint<'c> = (&'c str, Option<usize>, Error);

/// Everything that is wrong with the needs of these commands.
pub(super) fn judge<'c>(commands: &'c RawCommands, context: &Context) -> Vec<Complaint<'c>> {
    let mut complaints = Vec::new();
    for (name, command) in &commands.0 {
        for (index, wanted) in command.needs.iter().flatten().enumerate() {
            if wanted == name {
                let error = need(format!("`{name}` needs itself"), "take it out of the list");
                complaints.push((name.as_str(), Some(index), error));
            } else if !context.names.contains(wanted) && !context.reserved.contains(wanted) {
                complaints.push((name, Some(index), unknown(wanted, name, context)));
            }
        }
    }
    for cycle in cycles(commands) {
        let way = cycle.join("` → `");
        let first = cycle[0];
        let error = need(
            format!("the needs go round in a circle: `{way}` → `{first}`"),
            "let one of them go without the next",
        );
        let next = cycle[1 % cycle.len()];
        let index = commands.0[first]
            .needs
            .iter()
            .flatten()
            .position(|wanted| wanted == next);
        complaints.push((first, index, error));
    }
    complaints
}

fn unknown(wanted: &str, asker: &str, context: &Context) -> Error {
    let known = || {
        let ids = context.names.iter().chain(&context.reserved);
        ids.map(String::as_str).filter(|name| *name != asker)
    };
    let help = match names::nearest(wanted, known()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "there are: {}",
            known().take(20).collect::<Vec<_>>().join(", ")
        ),
    };
    need(
        format!("`{}` is the id of no command or check", shown(wanted)),
        help,
    )
}

/// One way round for each group of commands that wait for each other, beginning with its first name.
/// A command that needs itself has been told so already.
fn cycles(commands: &RawCommands) -> Vec<Vec<&str>> {
    let waiting = waiting_forever(commands);
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut cycles = Vec::new();
    for start in waiting.keys() {
        let mut way: Vec<&str> = Vec::new();
        let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
        let mut at = *start;
        while told.insert(at) {
            positions.insert(at, way.len());
            way.push(at);
            at = waiting[at];
        }
        // Only a way that meets itself is a new circle; one that meets an older way leads to a told one.
        if let Some(entry) = positions.get(at) {
            let mut cycle = way.split_off(*entry);
            let first = (0..cycle.len())
                .min_by_key(|index| cycle[*index])
                .unwrap_or(0);
            cycle.rotate_left(first);
            cycles.push(cycle);
        }
    }
    cycles
}

/// The commands whose turn never comes, each with one that it waits for in vain.
fn waiting_forever(commands: &RawCommands) -> BTreeMap<&str, &str> {
    let known = |name: &'_ str| -> Vec<&str> {
        let wanted = commands.0[name].needs.iter().flatten();
        wanted
            .filter_map(|wanted| Some(commands.0.get_key_value(wanted)?.0.as_str()))
            .filter(|wanted| *wanted != name)
            .collect()
    };
    let mut unmet: BTreeMap<&str, usize> = BTreeMap::new();
    let mut waiters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in commands.0.keys() {
        let wanted = known(name);
        unmet.insert(name, wanted.len());
        for wanted in wanted {
            waiters.entry(wanted).or_default().push(name);
        }
    }
    let mut ready: Vec<&str> = unmet
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(name, _)| *name)
        .collect();
    while let Some(name) = ready.pop() {
        unmet.remove(name);
        for waiter in waiters.get(name).into_iter().flatten() {
            if let Some(count) = unmet.get_mut(waiter) {
                *count -= 1;
                if *count == 0 {
                    ready.push(waiter);
                }
            }
        }
    }
    let stuck = |name: &str| {
        known(name)
            .into_iter()
            .find(|wanted| unmet.contains_key(wanted))
    };
    unmet
        .keys()
        .filter_map(|name| Some((*name, stuck(name)?)))
        .collect()
}
