//! What a rewriting changes, and what it leaves.

use proptest::prelude::*;

use super::*;
use crate::dotenv::Dialect::{Compose, Node, Python, Railway};
use crate::env::asking::asked;

fn made(readers: &[Dialect], bytes: &[u8], allowed: Fix) -> Option<Rewritten> {
    let (path, schema, none) = (".env".into(), crate::schema::none(), HashSet::new());
    let asked = asked((&path, readers, bytes), &schema, &none);
    rewritten(&asked, allowed)
}

fn text(readers: &[Dialect], before: &str, allowed: Fix) -> String {
    match made(readers, before.as_bytes(), allowed) {
        Some(made) => {
            let codes: Vec<&str> = made.codes.iter().map(|code| code.id).collect();
            let text = String::from_utf8(made.bytes).unwrap();
            format!("{text}{}", codes.join(" "))
        }
        None => "-".to_owned(),
    }
}

#[test]
fn what_is_allowed_is_mended_and_every_other_byte_stays() {
    let all = &[Node, Python, Compose][..];
    for (readers, before, allowed, after) in [
        (all, "A=1\n", Fix::Unsafe, "-"),
        (all, "A = 1 \n", Fix::None, "-"),
        (
            all,
            "A = 1 \n# c\t\n\nB=x # d\n",
            Fix::Safe,
            "A=1\n# c\n\nB=x # d\nENV-BLANKS",
        ),
        (
            &[Node],
            "\u{feff}A=1\r\nB=2",
            Fix::Safe,
            "A=1\r\nB=2\r\nENV-ENCODING ENV-LINE-ENDS",
        ),
        (
            &[Node],
            "A=1\r\nB=2\n",
            Fix::Safe,
            "A=1\nB=2\nENV-LINE-ENDS",
        ),
        (all, "A=x#y\nB=1\n", Fix::Safe, "-"),
        (all, "A=x#y \nB=1 \n", Fix::Safe, "A=x#y\nB=1\nENV-BLANKS"),
        (
            all,
            "A=x#y\nB=1\n",
            Fix::Unsafe,
            "A='x#y'\nB=1\nENV-PORTABILITY",
        ),
        (all, "A: x\nB=1\n", Fix::Unsafe, "A=x\nB=1\nENV-PORTABILITY"),
        (
            &[Node, Python],
            "A: x\nB=1\n",
            Fix::Safe,
            "A=x\nB=1\nENV-PORTABILITY",
        ),
        // Nobody knows what was meant.
        (all, "A='x' y\n", Fix::Unsafe, "-"),
        (all, "A=\"x\n", Fix::Unsafe, "-"),
    ] {
        assert_eq!(
            text(readers, before, allowed),
            after,
            "{before:?} {allowed:?}"
        );
    }
}

/// B gets A's value from python's reader: a new A would be a new B.
#[test]
fn what_others_refer_to_is_left() {
    let before = "A=x#y\nB=${A}z\n";
    assert_eq!(text(&[Node, Python], before, Fix::Safe), "-");
    let after = text(&[Node, Python], before, Fix::Unsafe);
    assert_eq!(
        after, "A='x#y'\nB=${A}z\nENV-PORTABILITY",
        "python's B stays what it was"
    );
    let before = "A=x\\$y#z\nB=${A}\n";
    let made = made(&[Node, Compose], before.as_bytes(), Fix::Unsafe);
    assert!(made.is_none_or(|made| {
        let read = |bytes: &[u8]| -> Option<String> {
            let file = dotenv::parse(bytes, Compose);
            let found = file.effective().find(|entry| entry.key == "B");
            found?.value.clone().map(|value| value.reveal().to_owned())
        };
        read(before.as_bytes()) == read(&made.bytes)
    }));
}

#[test]
fn samples_of_tests_stay_as_wrong_as_they_are() {
    let (path, schema, none) = (
        "tests/fixtures/.env".into(),
        crate::schema::none(),
        HashSet::new(),
    );
    let mut asked = asked((&path, &[Node], b"A = 1\n"), &schema, &none);
    assert!(rewritten(&asked, Fix::Safe).is_none());
    asked.is_named = true;
    assert!(rewritten(&asked, Fix::Safe).is_some());
}

const WORDS: &[&str] = &[
    "A",
    "B",
    "a.b",
    "=",
    "=",
    ":",
    " ",
    "\t",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "#",
    " #",
    "\"",
    "'",
    "`",
    "\\",
    "\\n",
    "$",
    "${A}",
    "${",
    "}",
    "$$",
    "export ",
    "x",
    "é",
    "\u{a0}",
    "\u{feff}",
    "\0",
    "1",
    "A=1\n",
    "B=x#y\n",
    "A: x\n",
    "C=\"${A}\"\n",
    "D='x' # c\n",
    "A=`z`\n",
    "E = 1 \n",
];

fn content() -> impl Strategy<Value = Vec<u8>> {
    let words = proptest::collection::vec(proptest::sample::select(WORDS), 0..20);
    words.prop_map(|words| words.concat().into_bytes())
}

fn readers() -> impl Strategy<Value = Vec<Dialect>> {
    proptest::sample::subsequence(vec![Node, Python, Compose, Railway], 1..=4)
}

/// What a reader gets; nothing where it refuses the file.
fn got(bytes: &[u8], reader: Dialect) -> Option<Vec<(String, Option<String>)>> {
    let file = dotenv::parse(bytes, reader);
    if file.refused().is_some() {
        return None;
    }
    let mut got: Vec<_> = file
        .effective()
        .map(|entry| {
            let value = entry.value.as_ref().map(|value| value.reveal().to_owned());
            (entry.key.clone(), value)
        })
        .collect();
    got.sort();
    Some(got)
}

proptest! {
    #[test]
    fn a_safe_rewriting_takes_no_value_from_any_reader(bytes in content(), readers in readers()) {
        if let Some(mended) = made(&readers, &bytes, Fix::Safe) {
            for reader in readers {
                let Some(before) = got(&bytes, reader) else { continue };
                let after = got(&mended.bytes, reader);
                prop_assert!(after.is_some(), "{} refuses it now", reader.word());
                let after = after.unwrap_or_default();
                for one in &before {
                    prop_assert!(after.contains(one), "{} lost {}", reader.word(), one.0);
                }
            }
        }
    }

    #[test]
    fn a_daring_one_changes_only_what_readers_disagree_about(bytes in content(), readers in readers()) {
        if let Some(made) = made(&readers, &bytes, Fix::Unsafe) {
            // Of a value that is cut node is told even where nobody else reads it.
            let among = if readers == [Node] { vec![Node, Python] } else { readers.clone() };
            let differ: Vec<String> = dotenv::differences(&bytes, &among)
                .into_iter()
                .map(|found| found.key)
                .collect();
            for reader in readers {
                let Some(before) = got(&bytes, reader) else { continue };
                let after = got(&made.bytes, reader);
                prop_assert!(after.is_some(), "{} refuses it now", reader.word());
                let after = after.unwrap_or_default();
                for one in before.iter().filter(|(key, _)| !differ.contains(key)) {
                    prop_assert!(after.contains(one), "{} lost {}", reader.word(), one.0);
                }
            }
        }
    }
}
