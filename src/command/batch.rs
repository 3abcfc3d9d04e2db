//! More files than the system takes at once: several calls, each file in exactly one of them.

use std::ffi::{OsStr, OsString};
use std::ops::Range;

use crate::process::space;
use crate::process::variables::Variables;

/// What a call has left for file names even when nothing seems left: one name always goes.
const LEAST: usize = 4096;

/// How names are shared out, in their order.
pub fn batches(names: &[OsString], fixed: &[OsString], variables: &Variables) -> Vec<Range<usize>> {
    let fixed: usize = fixed.iter().map(|word| cost(word)).sum();
    let taken = fixed + variables.space();
    split(
        names,
        space::for_arguments().saturating_sub(taken).max(LEAST),
    )
}

fn split(names: &[OsString], room: usize) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let (mut first, mut used) = (0, 0);
    for (at, name) in names.iter().enumerate() {
        let cost = cost(name);
        if at > first && used + cost > room {
            batches.push(first..at);
            (first, used) = (at, 0);
        }
        used += cost;
    }
    if first < names.len() {
        batches.push(first..names.len());
    }
    batches
}

/// What an argument takes: its bytes, a NUL, and a pointer.
fn cost(word: &OsStr) -> usize {
    word.len() + 1 + size_of::<usize>()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_name_goes_once_in_order_and_no_call_is_too_long(
            lengths in prop::collection::vec(0_usize..400, 0..60),
            room in 0_usize..2000,
        ) {
            let names: Vec<OsString> = lengths.iter().map(|length| "x".repeat(*length).into()).collect();
            let batches = split(&names, room);
            let sent: Vec<usize> = batches.iter().cloned().flatten().collect();
            prop_assert_eq!(sent, (0..names.len()).collect::<Vec<_>>());
            for batch in batches {
                let used: usize = names[batch.clone()].iter().map(|name| cost(name)).sum();
                prop_assert!(used <= room || batch.len() == 1);
            }
        }
    }

    #[test]
    fn few_names_go_at_once() {
        let names: Vec<OsString> = ["a", "b"].map(OsString::from).to_vec();
        assert_eq!(split(&names, usize::MAX).len(), 1);
        assert!(batches(&[], &[], &Variables::default()).is_empty());
        // Less room than nothing: still one call for each name.
        let variables = Variables::of(
            &crate::environment::Environment::of("/", [("A", "x".repeat(9 << 20))]),
            &[],
            &std::collections::BTreeMap::new(),
        );
        let names = vec![OsString::from("x".repeat(LEAST)); 3];
        assert_eq!(batches(&names, &[], &variables).len(), 3);
    }
}
