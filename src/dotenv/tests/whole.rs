//! What holds of any bytes at all.

use proptest::prelude::*;

use super::*;

/// Pieces that mean something to some reader, in any order.
const WORDS: &[&str] = &[
    "A", "B", "a.b", "=", "=", ":", " ", "\t", "\n", "\n", "\r\n", "\r", "#", " #", "\"", "'", "`",
    "\\", "\\n", "\\\"", "$", "${", "}", "${A:-", ":-", ":?", "$$", "export ", "x", "é",
    "\u{2028}", "\u{a0}", "\u{feff}", "\0", "{", "1",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let words = proptest::collection::vec(proptest::sample::select(WORDS), 0..24);
    words.prop_map(|words| words.concat().into_bytes())
}

/// Plain lines, with a word that may make them less so.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        Just("A=1\n"),
        Just("B='x y'\n"),
        Just("C=\"a#b\" # c\r\n"),
        Just("D=x y # c\n"),
        Just("E=\n"),
        Just("# it's\n"),
        Just("\n"),
        proptest::sample::select(WORDS),
    ];
    let lines = proptest::collection::vec(line, 0..8);
    lines.prop_map(|lines| lines.concat().into_bytes())
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => text(), 2 => lines(), 1 => proptest::collection::vec(any::<u8>(), 0..40)]
}

/// Everything that must hold of a file, whoever reads it.
fn holds(bytes: &[u8], file: &File) -> Result<(), TestCaseError> {
    let mut together = Vec::new();
    let mut entries = 0;
    for piece in file.pieces() {
        prop_assert_eq!(piece.span.start, together.len(), "pieces follow each other");
        together.extend_from_slice(&bytes[piece.span.clone()]);
        if let PieceKind::Entry(number) = piece.kind {
            prop_assert_eq!(number, entries);
            entries += 1;
            let key = &file.entries()[number].key_span;
            prop_assert!(piece.span.start <= key.start && key.end <= piece.span.end);
        }
    }
    prop_assert_eq!(&together, bytes, "nothing is lost");
    prop_assert_eq!(entries, file.entries().len());
    let whole = std::str::from_utf8(bytes);
    for entry in file.entries() {
        let key = String::from_utf8_lossy(&bytes[entry.key_span.clone()]);
        if !key.contains('\r') {
            prop_assert_eq!(&*key, &entry.key);
        }
        if let Some((value, body)) = entry.value_span.clone().zip(entry.body_span.clone()) {
            prop_assert!(value.start <= body.start && body.end <= value.end);
            prop_assert!(entry.key_span.end <= value.start || entry.key.is_empty());
            let quotes = usize::from(entry.quote != Quote::None);
            prop_assert_eq!(value.len(), body.len() + 2 * quotes);
        }
        if let Ok(text) = whole {
            let source = crate::source::Source::new("", text);
            let mark = bytes.len() - source.text().len();
            let place = source.position(entry.key_span.start - mark);
            prop_assert_eq!(entry.place, place, "the place is where editors see it");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn nothing_is_lost_and_spans_point_at_what_they_say(bytes in content()) {
        for dialect in Dialect::ALL {
            holds(&bytes, &parse(&bytes, dialect))?;
        }
    }

    #[test]
    fn a_rewriting_is_what_was_read(bytes in text()) {
        for found in differences(&bytes, &Dialect::ALL) {
            let Some(edit) = found.rewrite else { continue };
            let line = apply(edit.text.reveal().as_bytes(), &[]);
            let all = Dialect::ALL.map(|dialect| read(&line, dialect));
            prop_assert!(all.iter().all(|one| *one == all[0]));
            let was_read = found.readings.iter().any(|reading| match &reading.told {
                Told::Value { value, .. } => all[0].get(&found.key) == Some(&json!(value.reveal())),
                _ => false,
            });
            prop_assert!(was_read, "no reader had this value");
        }
    }

    /// What is mended without asking changes nothing that any reader gets.
    #[test]
    fn safe_edits_change_no_value(bytes in content()) {
        for dialect in Dialect::ALL {
            let found = lint(&bytes, dialect);
            let edits: Vec<Edit> = found.into_iter().flat_map(|lint| lint.edits).collect();
            let after = apply(&bytes, &edits);
            for reader in Dialect::ALL {
                let is_refused = parse(&bytes, reader).refused().is_some();
                prop_assert_eq!(parse(&after, reader).refused().is_some(), is_refused);
                if !is_refused {
                    prop_assert_eq!(read(&after, reader), read(&bytes, reader));
                }
            }
        }
    }

    #[test]
    fn what_is_plain_is_read_alike_by_all(bytes in content()) {
        if std::str::from_utf8(&bytes).is_ok_and(plain::is_all) {
            let node = read(&bytes, Dialect::Node);
            for dialect in Dialect::ALL {
                prop_assert_eq!(&read(&bytes, dialect), &node);
            }
        }
    }

    #[test]
    fn nothing_panics(bytes in content()) {
        count(&bytes);
    }
}
