//! Merges by example, and what must hold for any three texts.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Collision, Lines, merge};

/// The merged text, or the line at which the sides meet.
type Wanted = Result<&'static str, u32>;

#[test]
fn merges_by_example() {
    let base = "a\nb\nc\nd\ne\n";
    let cases: [(&str, &str, &str, Wanted); 17] = [
        (base, base, "A\nb\nc\nd\ne\n", Ok("A\nb\nc\nd\ne\n")),
        (base, "a\nb\nc\nd\nE\n", base, Ok("a\nb\nc\nd\nE\n")),
        (
            base,
            "a\nb\nc\nd\nE\n",
            "A\nb\nc\nd\ne\n",
            Ok("A\nb\nc\nd\nE\n"),
        ),
        // The same line, the next line, and an insertion at the border.
        (base, "a\nb\nours\nd\ne\n", "a\nb\ntheirs\nd\ne\n", Err(3)),
        (base, "a\nB\nc\nd\ne\n", "a\nb\nC\nd\ne\n", Err(2)),
        (base, "a\nB\nc\nd\ne\n", "a\nb\nnew\nc\nd\ne\n", Err(2)),
        (base, "a\nx\nb\nc\nd\ne\n", "a\ny\nb\nc\nd\ne\n", Err(2)),
        // One line lies between.
        (
            base,
            "a\nB\nc\nd\ne\n",
            "a\nb\nc\nD\ne\n",
            Ok("a\nB\nc\nD\ne\n"),
        ),
        // Both did the same, and one of them more elsewhere.
        (
            base,
            "a\nB\nc\nd\nE\n",
            "a\nB\nc\nd\ne\n",
            Ok("a\nB\nc\nd\nE\n"),
        ),
        // The line is counted in our text, which has grown.
        (base, "n\nn\na\nb\nc\nd\nE\n", "a\nb\nc\nd\nF\n", Err(7)),
        // A deletion beside an edit of the deleted.
        (base, "a\nd\ne\n", "a\nb\nC\nd\ne\n", Err(2)),
        (base, "a\nb\nc\nd\n", "A\nb\nc\nd\ne\n", Ok("A\nb\nc\nd\n")),
        // A missing last line end is an edit of the last line.
        ("a\nb\nc", "A\nb\nc", "a\nb\nc\n", Ok("A\nb\nc\n")),
        ("a\nb\nc", "a\nb\nC", "a\nb\nc\n", Err(3)),
        // CRLF is kept where nobody touched it.
        (
            "a\r\nb\r\nc\r\n",
            "A\r\nb\r\nc\r\n",
            "a\r\nb\r\nc\n",
            Ok("A\r\nb\r\nc\n"),
        ),
        ("", "ours\n", "theirs\n", Err(1)),
        ("a\n", "", "A\n", Err(1)),
    ];
    for (base, ours, theirs, wanted) in cases {
        let merged = merge(base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
        let wanted = match wanted {
            Ok(text) => Ok(text.as_bytes().to_vec()),
            Err(line) => Err(Collision(vec![Some(line)])),
        };
        assert_eq!(merged, wanted, "{base:?} {ours:?} {theirs:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_merged_or_refused_whole() {
    let merged = merge(b"\xff\nb\nc\n", b"\xfe\nb\nc\n", b"\xff\nb\n\xe9\n");
    assert_eq!(merged, Ok(b"\xfe\nb\n\xe9\n".to_vec()));
    let refused = Err(Collision(vec![None]));
    assert_eq!(
        merge(b"a\0\nb\nc\n", b"A\0\nb\nc\n", b"a\0\nb\nC\n"),
        refused
    );
    assert_eq!(merge(b"a\0", b"a\0", b"b\0"), Ok(b"b\0".to_vec()));
    assert_eq!(merge(b"a\0", b"b\0", b"b\0"), Ok(b"b\0".to_vec()));
}

#[test]
fn a_long_file_is_merged() {
    let numbers = |skip: usize, text: &str| -> Vec<u8> {
        let line = |n| {
            if n == skip {
                text.to_owned()
            } else {
                format!("{n}\n")
            }
        };
        (0..200_000).map(line).collect::<String>().into_bytes()
    };
    let base = numbers(usize::MAX, "");
    let merged = merge(&base, &numbers(3, "ours\n"), &numbers(199_990, "theirs\n"));
    let text = String::from_utf8(merged.unwrap()).unwrap();
    assert!(text.contains("\nours\n") && text.contains("\ntheirs\n"));
    assert_eq!(text.lines().count(), 200_000);
}

/// Texts of few different lines, so that they repeat, with and without the last line end.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec!["a\n", "b\n", "c\r\n", "\n", "}\n", "\u{e9}\n", "dd\n"]);
    (prop::collection::vec(line, 0..12), any::<bool>()).prop_map(|(lines, cut)| {
        let mut text = lines.concat().into_bytes();
        if cut {
            text.pop();
        }
        text
    })
}

/// Edits of a text: for each line whether it stays, goes, is replaced or gets a neighbour.
fn edited(base: &[u8], edits: &[u8], mark: &str) -> Vec<u8> {
    let lines = Lines::of(base);
    let mut made = Vec::new();
    for line in 0..lines.len() {
        let text = lines.text(line..line + 1);
        match edits.get(line) {
            Some(1) => {}
            Some(2) => made.extend(format!("{mark}{line}\n").bytes()),
            Some(3) => {
                made.extend_from_slice(text);
                made.extend(format!("{mark}{line}\n").bytes());
            }
            _ => made.extend_from_slice(text),
        }
    }
    made
}

fn lines(text: &[u8]) -> BTreeSet<Vec<u8>> {
    text.split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn no_line_of_ours_or_theirs_is_lost(base in text(), ours in text(), theirs in text()) {
        if let Ok(merged) = merge(&base, &ours, &theirs) {
            let (old, merged) = (lines(&base), lines(&merged));
            for new in lines(&ours).union(&lines(&theirs)) {
                prop_assert!(old.contains(new) || merged.contains(new), "{:?}", new);
            }
        }
    }

    #[test]
    fn the_sides_may_be_swapped(base in text(), ours in text(), theirs in text()) {
        let (one, other) = (merge(&base, &ours, &theirs), merge(&base, &theirs, &ours));
        prop_assert_eq!(one.ok(), other.ok());
    }

    #[test]
    fn edits_apart_are_both_kept(
        count in 3_usize..30,
        ours in prop::collection::vec(0_u8..4, 30),
        theirs in prop::collection::vec(0_u8..4, 30),
        border in 1_usize..28,
    ) {
        let base: Vec<u8> = (0..count).flat_map(|n| format!("line {n}\n").into_bytes()).collect();
        // Ours above the border, theirs below it, two lines untouched between them.
        let keep = |edits: &[u8], part: &dyn Fn(usize) -> bool| -> Vec<u8> {
            edits.iter().enumerate().map(|(at, edit)| if part(at) { *edit } else { 0 }).collect()
        };
        let above = keep(&ours, &|at| at < border);
        let below = keep(&theirs, &|at| at > border + 1);
        let both: Vec<u8> = above.iter().zip(&below).map(|(a, b)| a | b).collect();
        let merged = merge(&base, &edited(&base, &above, "new "), &edited(&base, &below, "new "));
        prop_assert_eq!(merged, Ok(edited(&base, &both, "new ")));
    }
}
