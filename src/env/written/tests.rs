//! Each oddity where it stands, for each reader, and no more of it than people read.

use super::*;
use crate::dotenv::Dialect::{self, Compose, Node, Python, Railway};
use crate::env::asking::{asked, told};
use crate::finding::Severity;

fn found(path: &str, readers: &[Dialect], bytes: &[u8]) -> Vec<String> {
    told(path, readers, bytes, judge)
}

#[test]
fn each_oddity_has_its_code_at_its_place() {
    for (text, wanted) in [
        ("A=1\nB='x y' # c\n\n# d\n", &[][..]),
        (
            "A=1\nB=2\nA=3\n",
            &["3:1-3:2 warning ENV-DUPLICATE `A` is set again; line 1 set it first"],
        ),
        (
            "A=1\rB=2\rA=3\r",
            &["3:1-3:2 warning ENV-DUPLICATE `A` is set again; line 1 set it first"],
        ),
        ("aB=1\n", &["1:1-1:3 info ENV-KEY `aB` has small letters"]),
        (
            "x=1\n\u{e9}.b=1\n",
            &[
                "1:1-1:2 info ENV-KEY `x` has small letters",
                "2:1-2:6 warning ENV-SYNTAX this is no assignment that can be read: node drops the line",
            ],
        ),
        (
            "A-B=1\n",
            &["1:1-1:4 warning ENV-KEY `A-B` has characters that a shell cannot take"],
        ),
        (
            "A = 1\n",
            &["1:2-1:5 info ENV-BLANKS there are blanks around `=` (safe)"],
        ),
        (
            "A=1 \n",
            &["1:4-1:5 info ENV-BLANKS there are blanks at the end of the line (safe)"],
        ),
        (
            "# é\nA=\"ü \"\n",
            &["2:5-2:6 warning ENV-BLANKS the value ends with blanks within its quotes"],
        ),
        (
            "A\n",
            &["1:1-1:2 warning ENV-NO-VALUE `A` has no `=`, and so no value"],
        ),
        (
            "export A\n",
            &["1:1-1:9 warning ENV-NO-VALUE `export` stands without a value"],
        ),
        (
            "\u{feff}A=1\n",
            &["1:1-1:1 warning ENV-ENCODING the file begins with a byte order mark (safe)"],
        ),
        (
            "A=1\r\nB=2\n",
            &["1:4-2:1 info ENV-LINE-ENDS some lines end with CRLF, and others with LF (safe)"],
        ),
        (
            "A=1",
            &["1:4-1:4 info ENV-LINE-ENDS the last line has no end (safe)"],
        ),
        (
            "A=\"x\nB=1\n",
            &["1:3-1:4 warning ENV-SYNTAX the quote is not closed"],
        ),
        (
            "A='x' y\n",
            &["1:7-1:8 warning ENV-SYNTAX there is text behind the closing quote"],
        ),
        (
            "A=1;B=2\n",
            &["1:5-1:6 warning ENV-SYNTAX there are several assignments in one line"],
        ),
    ] {
        assert_eq!(found(".env", &[Node], text.as_bytes()), wanted, "{text:?}");
    }
}

#[test]
fn what_costs_a_variable_blocks_and_says_whom() {
    let quote = "A=\"x\nB=1\n";
    let behind = "A='x' y\n";
    for (path, readers, text, wanted) in [
        (
            ".env",
            &[Python][..],
            quote,
            &["1:3 error ENV-SYNTAX the quote is not closed: python drops the line"][..],
        ),
        (
            ".env",
            &[Compose],
            quote,
            &["1:3 error ENV-SYNTAX the quote is not closed: compose reads nothing of the file"],
        ),
        (
            ".env",
            &[Node, Python],
            behind,
            &["1:7 error ENV-SYNTAX there is text behind the closing quote: python drops the line"],
        ),
        (
            ".env",
            &[Node, Python, Compose],
            quote,
            &[
                "1:3 error ENV-SYNTAX the quote is not closed: compose reads nothing of the file, python drops the line",
            ],
        ),
        // What only shows how one is written loses nothing; who stops at it stops there, too.
        (
            ".env.example",
            &[Python],
            quote,
            &["1:3 warning ENV-SYNTAX the quote is not closed: python drops the line"],
        ),
        (
            ".env.example",
            &[Compose],
            quote,
            &["1:3 error ENV-SYNTAX the quote is not closed: compose reads nothing of the file"],
        ),
        (
            ".env",
            &[Compose],
            "A=${B:?needed}\n",
            &["1:3 info ENV-SYNTAX the reference wants a variable that this file does not set"],
        ),
        (
            ".env",
            &[Compose],
            "A=${B\n",
            &[
                "1:3 error ENV-SYNTAX `${` begins a reference that cannot be read: compose reads nothing of the file",
            ],
        ),
        (
            ".env",
            &[Compose],
            "A\n",
            &["1:1 info ENV-NO-VALUE `A` has no `=`: compose takes it from its machine"],
        ),
    ] {
        let begins: Vec<String> = found(path, readers, text.as_bytes())
            .iter()
            .map(|told| {
                let (span, rest) = told.split_once(' ').unwrap();
                format!("{} {rest}", span.split('-').next().unwrap())
            })
            .collect();
        assert_eq!(begins, wanted, "{text:?} {readers:?}");
    }
}

/// Railway has no published grammar: what it makes of a line stops nobody.
#[test]
fn what_is_not_known_of_railway_does_not_block() {
    let both = [Node, Railway];
    assert_eq!(found(".env", &both, b"export A=1\nexport B='x'\n"), [""; 0]);
    for text in ["A B=1\n", "-A=1\n", "A='x\n"] {
        let found = found(".env", &both, text.as_bytes());
        assert!(!found.is_empty(), "{text:?}");
        assert!(
            found.iter().all(|told| !told.contains(" error ")),
            "{found:?}"
        );
    }
}

/// A sentence that lacks its `#` costs nobody a variable.
#[test]
fn prose_does_not_block() {
    for text in [
        "set these first\nA=1\n",
        "Set FOO=bar in your shell\n",
        "-----\n",
        "--- a = b\n",
    ] {
        for reader in [Node, Python, Railway] {
            let found = found(".env", &[reader], text.as_bytes());
            let errors = found.iter().filter(|told| told.contains(" error "));
            assert_eq!(errors.count(), 0, "{text:?} {reader:?} {found:?}");
        }
    }
}

#[test]
fn files_that_are_hardly_text_give_one_finding() {
    let utf16: Vec<u8> = "\u{feff}A=1\nB=2\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let large = format!("A=1\nB={}\n", "x".repeat(dotenv::LARGEST));
    let long = format!("A=1\nB={}\n", "x".repeat(200 << 10));
    for (bytes, readers, wanted) in [
        (
            &utf16[..],
            &[Node][..],
            "1:1 error ENV-ENCODING the file is UTF-16: node reads nothing of the file",
        ),
        (
            large.as_bytes(),
            &[Node],
            "2:3 error ENV-ENCODING the file is larger than 64 MiB; this is its longest line: node reads nothing of the file",
        ),
        (
            b"A=1\nB=x\0y\n",
            &[Node, Python],
            "2:3 error ENV-SYNTAX there is a NUL character, and no variable can hold one",
        ),
        (
            b"A=1\nB=x\xff\n",
            &[Python],
            "2:4 error ENV-ENCODING these bytes are not UTF-8: python reads nothing of the file",
        ),
        (
            b"A=1\nB=x\xff\n",
            &[Node],
            "2:4 warning ENV-ENCODING these bytes are not UTF-8",
        ),
        (
            long.as_bytes(),
            &[Compose],
            "2:3 error ENV-SYNTAX the value is longer than 128 KiB, the most that a process can be given",
        ),
        (
            long.as_bytes(),
            &[Node],
            "2:3 warning ENV-SYNTAX the value is longer than 128 KiB, the most that a process can be given",
        ),
    ] {
        let found = found(".env", readers, bytes);
        let begins: Vec<String> = found
            .iter()
            .map(|told| {
                let (span, rest) = told.split_once(' ').unwrap();
                format!("{} {rest}", span.split('-').next().unwrap())
            })
            .collect();
        assert_eq!(begins, [wanted]);
    }
}

/// A key that lost its quotes looks like names without values: none of it is told.
#[test]
fn what_may_be_a_piece_of_a_value_is_not_told() {
    let text = "KEY=-----BEGIN-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\nq7Zr8AbQ==\nd41d8cd98f00b204e9800998ecf8427e\nq7Zr8AbQ=x\n";
    for reader in Dialect::ALL {
        let found = found(".env", &[reader], text.as_bytes());
        assert!(found.len() >= 2, "{found:?}");
        for told in found {
            let is_quiet = ["MII", "q7Z", "d41"]
                .iter()
                .all(|part| !told.contains(part));
            assert!(is_quiet, "{told}");
        }
    }
    for (key, wanted) in [
        ("DATABASE_URL", "`DATABASE_URL`"),
        ("apiKey", "`apiKey`"),
        ("S3BUCKET", "`S3BUCKET`"),
        ("spring.datasource.url", "`spring.datasource.url`"),
        ("a b", "a name"),
        ("", "a name"),
        ("x\u{202e}y", "a name"),
    ] {
        assert_eq!(called(key), wanted);
    }
}

#[test]
fn nobody_is_told_the_same_without_end() {
    let text = "a=1 \n".repeat(MOST + 5);
    let readers = [Node];
    let path = ".env".into();
    let schema = crate::schema::none();
    let none = std::collections::HashSet::new();
    let asked = asked((&path, &readers, text.as_bytes()), &schema, &none);
    let found = judge(&Subject::of(&asked));
    let count = |id: &str| found.iter().filter(|found| found.code.id == id).count();
    assert_eq!(
        [
            count("ENV-BLANKS"),
            count("ENV-KEY"),
            count("ENV-DUPLICATE")
        ],
        [MOST + 1; 3]
    );
    let left = found
        .iter()
        .filter(|found| found.message == "5 more of these are not listed");
    assert_eq!(left.count(), 2);
    assert!(found.iter().all(|found| found.severity < Severity::Error));
}
