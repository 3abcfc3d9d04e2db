//! `guard cache prune`: takes away the pass records and the checkouts that are of no use.

use serde_json::json;

use crate::checkout;
use crate::clock::Clock;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::record::{self, Prune, Pruned, Store, StoreError};
use crate::repository::Repository;

use super::arguments::Cache;
use super::context::Context;
use super::told::Told;

/// Prunes and says what went and what stays.
pub(crate) fn run(context: &Context, arguments: &Cache) -> Exit {
    let Cache::Prune { all } = arguments;
    let what = if *all { Prune::All } else { Prune::Useless };
    let told = Told::new("cache prune", "what is remembered of earlier runs");
    let repository = match Repository::discover(&context.environment) {
        Ok(repository) => repository,
        Err(error) => return told.fail(context, &error, error.exit()),
    };
    let store = match Store::of(repository.common_dir()) {
        Ok(store) => store,
        Err(error) => return told.fail(context, &error, Exit::Unknown),
    };
    let now = Clock::Real.now();
    let pruned = store.prune(what, now).and_then(|mut pruned| {
        if what == Prune::All {
            record::forget(repository.common_dir(), &mut pruned)?;
        }
        Ok(pruned)
    });
    let pruned = match pruned {
        Ok(pruned) => pruned,
        Err(error) => {
            let error = StoreError::unwritable(&store, error);
            return told.fail(context, &error, Exit::Unknown);
        }
    };
    match checkout::prune(Some(&repository), &context.environment, now) {
        Ok(slots) => say(context, told, &pruned, slots.slots.len()),
        Err(error) => told.fail(context, &error, Exit::Unknown),
    }
}

fn say(context: &Context, mut told: Told, pruned: &Pruned, checkouts: usize) -> Exit {
    let words = words(pruned, checkouts);
    if context.is_for_people() {
        return context.say(&format!("{words}\n"));
    }
    told.note(Severity::Info, words);
    for (name, count) in [
        ("removed", json!(pruned.removed)),
        ("freed_bytes", json!(pruned.freed_bytes)),
        ("kept", json!(pruned.kept)),
        ("kept_bytes", json!(pruned.kept_bytes)),
        ("checkouts", json!(checkouts)),
    ] {
        told.data(name, count);
    }
    told.finish(context, Exit::Good)
}

fn words(pruned: &Pruned, checkouts: usize) -> String {
    format!(
        "removed {} ({}) and {}; {} stay ({})",
        counted(pruned.removed, "record"),
        size(pruned.freed_bytes),
        counted(checkouts as u64, "checkout"),
        pruned.kept,
        size(pruned.kept_bytes)
    )
}

fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} B"),
        _ => format!("{} KiB", bytes.div_ceil(KIB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_in_a_line() {
        let pruned = Pruned {
            removed: 1,
            freed_bytes: 1023,
            kept: 12,
            kept_bytes: 1025,
        };
        assert_eq!(
            words(&pruned, 0),
            "removed 1 record (1023 B) and 0 checkouts; 12 stay (2 KiB)"
        );
    }
}
