//! The room as a whole: what the real parsers read, nothing lost, spans that point at what they say, no panic.

mod odd;
mod whole;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::*;

/// What each reader gets from a text. What stands under node and python was read by dotenv 18.0.10 and python-dotenv
/// 1.2.4, what stands under compose by compose-go's own code; Railway's column is what the room's head says. One case
/// is our own: UTF-16, of which node reads nothing without a word.
const CASES: &str = include_str!("../../tests/cases/dotenv/readers.json");

#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    bytes: Vec<u8>,
    node: Value,
    python: Value,
    compose: Value,
    railway: Value,
    differ: Vec<Differs>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Differs {
    key: String,
    why: Vec<String>,
    rewrite: Option<String>,
}

impl Case {
    fn bytes(&self) -> &[u8] {
        if self.bytes.is_empty() {
            self.text.as_bytes()
        } else {
            &self.bytes
        }
    }
}

fn cases() -> Vec<Case> {
    serde_json::from_str(CASES).expect("the cases are JSON")
}

/// What a reader hands on, or where it gives up.
fn read(bytes: &[u8], dialect: Dialect) -> Value {
    let file = parse(bytes, dialect);
    if let Some(problem) = file.refused() {
        return json!(format!(
            "refused {}:{}",
            problem.place.line, problem.place.column
        ));
    }
    let entries = file.effective().map(|entry| {
        let value = entry.value.as_ref().map(|value| value.reveal().to_owned());
        (entry.key.clone(), json!(value))
    });
    Value::Object(entries.collect::<Map<_, _>>())
}

#[test]
fn every_reader_gets_what_it_gets() {
    let cases = cases();
    assert!(cases.len() > 120);
    for case in &cases {
        for (dialect, wanted) in [
            (Dialect::Node, &case.node),
            (Dialect::Python, &case.python),
            (Dialect::Compose, &case.compose),
            (Dialect::Railway, &case.railway),
        ] {
            let read = read(case.bytes(), dialect);
            assert_eq!(&read, wanted, "{} by {}", case.name, dialect.word());
        }
    }
}

#[test]
fn where_they_part_is_said_with_the_reason_and_a_way_out() {
    for case in cases() {
        let found: Vec<Differs> = differences(case.bytes(), &Dialect::ALL)
            .into_iter()
            .map(|found| Differs {
                key: found.key,
                why: found.causes.iter().map(|why| format!("{why:?}")).collect(),
                rewrite: found.rewrite.map(|edit| edit.text.reveal().to_owned()),
            })
            .collect();
        assert_eq!(found, case.differ, "{}", case.name);
    }
}

/// A rewriting is judged in its place, with all that stands around it.
#[test]
fn a_rewriting_is_read_alike_by_all() {
    let mut rewritten = 0;
    for case in cases() {
        for found in differences(case.bytes(), &Dialect::ALL) {
            let Some(edit) = found.rewrite else { continue };
            let bytes = apply(case.bytes(), &[edit]);
            let left = differences(&bytes, &Dialect::ALL);
            let is_left = left.iter().any(|left| left.place == found.place);
            assert!(!is_left, "{}", case.name);
            rewritten += 1;
        }
    }
    assert!(rewritten > 10);
}

/// Only the readers that are asked about count.
#[test]
fn readers_that_nobody_uses_disagree_with_nobody() {
    let text = b"A=`x`\nB=1\nC=${B}\n";
    let keys = |dialects: &[Dialect]| -> Vec<String> {
        let found = differences(text, dialects).into_iter();
        found.map(|found| found.key).collect()
    };
    assert_eq!(keys(&[Dialect::Node, Dialect::Python]), ["A", "C"]);
    assert_eq!(keys(&[Dialect::Python, Dialect::Compose]), [""; 0]);
    assert_eq!(keys(&[Dialect::Node]), [""; 0]);
    assert_eq!(keys(&[]), [""; 0]);
}

/// Nobody outside Railway knows what it makes of `export` and of escapes, and guard does not claim to.
#[test]
fn what_is_not_known_of_a_reader_is_not_said_of_it() {
    let found = differences(b"export A=1\nB=\"x\\ny\"\nC=`x`\n", &Dialect::ALL);
    let certain: Vec<(&str, bool)> = found
        .iter()
        .map(|found| (found.key.as_str(), found.is_certain()))
        .collect();
    assert_eq!(certain, [("A", false), ("B", false), ("C", true)]);
    assert_eq!(found[0].readings[3].told, Told::Unknown);
}

#[test]
fn a_lookup_goes_behind_the_file_for_python_and_before_it_for_compose() {
    let lookup = |name: &str| match name {
        "A" | "HOME" => Some(format!("outer {name}")),
        _ => None,
    };
    let value = |dialect: Dialect| -> Vec<Option<String>> {
        let file = parse_with(b"A=1\nB=${A}${HOME}\nHOME\n", dialect, &lookup);
        let values = file.effective().map(|entry| entry.value.clone());
        values
            .map(|value| value.map(|value| value.reveal().to_owned()))
            .collect()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        value(Dialect::Python),
        [some("1"), some("1outer HOME"), None]
    );
    assert_eq!(
        value(Dialect::Compose),
        [some("1"), some("outer Aouter HOME"), some("outer HOME")]
    );
    assert_eq!(value(Dialect::Node), [some("1"), some("${A}${HOME}")]);
}

/// A value does not get into what people print for debugging.
#[test]
fn nothing_that_can_be_printed_shows_a_value() {
    let text = b"A=hunter#22\nB='hunter#22' x\nC=${A:?hunter#22}\n";
    for dialect in Dialect::ALL {
        let file = parse(text, dialect);
        assert!(!format!("{file:?}").contains("hunter"));
    }
    let found = differences(text, &Dialect::ALL);
    assert!(found.len() >= 2);
    assert!(!format!("{found:?} {:?}", lint(text, Dialect::Node)).contains("hunter"));
}

/// The file with edits made.
fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut mended = bytes.to_vec();
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span.start);
    for edit in edits.iter().rev() {
        mended.splice(edit.span.clone(), edit.text.reveal().bytes());
    }
    mended
}
