//! What Rust's own test harness prints: which tests failed, and what each of them said.

use super::place::{Spot, fault, own, panicked};
use super::telling::{first_line, plain};
use crate::finding::Position;
use crate::finding::code::TESTS_FAILED;
use crate::tool::{Fault, Ran};

/// Failed tests of all harnesses that printed here, one after the other: their names, and what they printed.
pub(crate) fn failed(text: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut current: Vec<(String, String)> = Vec::new();
    let mut section: Option<usize> = None;
    for line in text.lines() {
        if let Some(name) = line
            .strip_prefix("test ")
            .and_then(|line| line.strip_suffix(" ... FAILED"))
        {
            current.push((name.to_owned(), String::new()));
        } else if line.starts_with("test result: ") {
            all.append(&mut current);
            section = None;
        } else if let Some(at) = begins(line, &current) {
            section = Some(at);
        } else if line == "failures:" {
            section = None;
        } else if let Some(at) = section {
            let (_, text) = &mut current[at];
            text.push_str(line);
            text.push('\n');
        }
    }
    all.append(&mut current);
    all
}

/// The test whose output begins with this line: only one that failed has such a section.
fn begins(line: &str, current: &[(String, String)]) -> Option<usize> {
    let name = line.strip_prefix("---- ")?;
    let name = name
        .strip_suffix(" stdout ----")
        .or_else(|| name.strip_suffix(" stderr ----"))?;
    current
        .iter()
        .position(|(own, _)| own.trim_end_matches(" - should panic") == name)
}

/// One failed test as a fault.
pub(crate) fn of(name: &str, text: &str, ran: &Ran) -> Fault {
    let text = plain(text);
    let (spot, message) = panicked(&text, ran).unwrap_or_else(|| {
        let error = text.lines().find(|line| line.starts_with("Error: "));
        (None, first_line(error.unwrap_or(&text)))
    });
    // Examples in documentation are named after their place.
    let spot = example(name, ran).or(spot);
    let message = if message.is_empty() {
        name.to_owned()
    } else {
        format!("{name}: {message}")
    };
    fault(TESTS_FAILED, message, spot)
}

/// The place in a name like `src/lib.rs - add (line 3)`.
fn example(name: &str, ran: &Ran) -> Option<Spot> {
    let (path, rest) = name.split_once(" - ")?;
    let (_, line) = rest.rsplit_once("(line ")?;
    let line = line.split(')').next()?.parse().ok()?;
    let path = own(path, ran)?;
    Some(Spot {
        path,
        at: Some(Position { line, column: 1 }),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What cargo test prints for two harnesses.
    const PRINTED: &str = "\nrunning 3 tests\ntest tests::gives ... FAILED\ntest tests::works ... ok\n\
        test tests::adds ... FAILED\n\nfailures:\n\n---- tests::gives stdout ----\nError: \"no\"\n\n\
        ---- tests::adds stdout ----\n\nthread 'tests::adds' (20433) panicked at src/lib.rs:6:9:\n\
        assertion `left == right` failed: sum\n  left: 3\n right: 4\n\n\nfailures:\n    tests::adds\n    tests::gives\n\n\
        test result: FAILED. 1 passed; 2 failed; 0 ignored\n\n\nrunning 1 test\ntest far ... FAILED\n\nfailures:\n\n\
        ---- far stdout ----\nsome output\n---- not a test stdout ----\n\nthread 'far' panicked at tests/it.rs:2:37:\nboom\n\n\
        test result: FAILED. 0 passed; 1 failed\n\ntest src/lib.rs - add (line 3) ... FAILED\n";

    #[test]
    fn failed_tests_say_where_and_why() {
        let ran = Ran {
            tops: vec![],
            root: "app".into(),
        };
        let failed = failed(PRINTED).into_iter();
        let faults = failed.map(|(name, text)| {
            let fault = of(&name, &text, &ran);
            let line = fault.span.map_or(0, |(from, _)| from.line);
            format!(
                "{}:{line} {}",
                fault.path.unwrap_or_default(),
                fault.message
            )
        });
        assert_eq!(
            faults.collect::<Vec<_>>(),
            [
                ":0 tests::gives: Error: \"no\"",
                "app/src/lib.rs:6 tests::adds: assertion `left == right` failed: sum",
                "app/tests/it.rs:2 far: boom",
                "app/src/lib.rs:3 src/lib.rs - add (line 3)",
            ]
        );
    }

    proptest! {
        #[test]
        fn no_output_makes_it_panic(text in "(test | \\.\\.\\. FAILED|---- | stdout ----|failures:|test result: |a|\n){0,50}") {
            let _ = failed(&text);
        }
    }
}
