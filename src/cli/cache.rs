//! `guard cache prune`: takes away the pass records and the checkouts that are of no use.

use serde_json::{Map, Value};

use crate::checkout;
use crate::clock::Clock;
use crate::exit::Exit;
use crate::record::{Prune, Pruned, Store, StoreError};
use crate::repository::Repository;

use super::arguments::Cache;
use super::context::Context;

/// Prunes and says what went and what stays.
pub(crate) fn run(context: &Context, arguments: &Cache) -> Exit {
    let Cache::Prune { all } = arguments;
    let what = if *all { Prune::All } else { Prune::Useless };
    let repository = match Repository::discover(&context.environment) {
        Ok(repository) => repository,
        Err(error) => return context.fail(&error, error.exit()),
    };
    let store = match Store::of(repository.common_dir()) {
        Ok(store) => store,
        Err(error) => return context.fail(&error, Exit::Unknown),
    };
    match store.prune(what, Clock::Real.now()) {
        Ok(pruned) => {
            let now = Clock::Real.now();
            match checkout::prune(Some(&repository), &context.environment, now) {
                Ok(slots) => {
                    let checkouts = slots.slots.len();
                    let text = told(&pruned, checkouts);
                    context.answer("cache prune", data(&pruned, checkouts), &text)
                }
                Err(error) => context.fail(&error, Exit::Unknown),
            }
        }
        Err(error) => {
            let error = StoreError::unwritable(&store, error);
            context.fail(&error, Exit::Unknown)
        }
    }
}

fn told(pruned: &Pruned, checkouts: usize) -> String {
    format!(
        "removed {} ({}) and {}; {} stay ({})\n",
        counted(pruned.removed, "record"),
        size(pruned.freed_bytes),
        counted(checkouts as u64, "checkout"),
        pruned.kept,
        size(pruned.kept_bytes)
    )
}

fn data(pruned: &Pruned, checkouts: usize) -> Map<String, Value> {
    let entries: [(&str, Value); 5] = [
        ("removed", pruned.removed.into()),
        ("freed_bytes", pruned.freed_bytes.into()),
        ("kept", pruned.kept.into()),
        ("kept_bytes", pruned.kept_bytes.into()),
        ("checkouts", checkouts.into()),
    ];
    entries
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect()
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
    use serde_json::json;

    use super::*;

    #[test]
    fn people_and_programs_are_told_the_same() {
        let pruned = Pruned {
            removed: 1,
            freed_bytes: 1023,
            kept: 12,
            kept_bytes: 1025,
        };
        assert_eq!(
            told(&pruned, 0),
            "removed 1 record (1023 B) and 0 checkouts; 12 stay (2 KiB)\n"
        );
        assert_eq!(
            Value::Object(data(&pruned, 2)),
            json!({"removed": 1, "freed_bytes": 1023, "kept": 12, "kept_bytes": 1025, "checkouts": 2})
        );
    }
}
