//! Who reads what, in words, and whose values a rewriting changes.

use super::*;
use crate::dotenv::Dialect::{self, Compose, Node, Python, Railway};
use crate::env::asking::{asked, told};

fn found(readers: &[Dialect], text: &str) -> Vec<String> {
    told(".env", readers, text.as_bytes(), judge)
}

const ALL: &[Dialect] = &[Node, Python, Compose, Railway];

#[test]
fn who_reads_what_is_said_without_the_value() {
    for (readers, text, wanted) in [
        (
            &[Node, Python][..],
            "PASSWORD=hunter#22\n",
            "1:10-1:16 warning ENV-PORTABILITY `PASSWORD` is not the same to all who read it: node reads 6 characters (cut at `#`), python reads 9 characters (unsafe)",
        ),
        (
            &[Node, Python, Compose],
            "A=`x y`\n",
            "1:3-1:8 warning ENV-PORTABILITY `A` is not the same to all who read it: node reads 3 characters, python and compose read 5 characters (with the quotes) (unsafe)",
        ),
        (
            &[Node, Compose],
            "B=1\nA=x${B}\n",
            "2:3-2:8 warning ENV-PORTABILITY `A` is not the same to all who read it: node reads 5 characters, compose reads 2 characters (with `$` expanded)",
        ),
        (
            &[Node, Python],
            "A=\"x\\ty\"\n",
            "1:3-1:9 warning ENV-PORTABILITY `A` is not the same to all who read it: node reads 4 characters, python reads 3 characters (unescaped)",
        ),
        (
            &[Node, Python],
            "A: x\n",
            "1:4-1:5 warning ENV-PORTABILITY `A` is not the same to all who read it: node reads 1 character, python reads nothing (safe)",
        ),
        (
            &[Node, Compose],
            "A='x' y\n",
            "1:3-1:8 warning ENV-PORTABILITY `A` is not the same to all who read it: node reads 5 characters (with the quotes), compose reads 1 character",
        ),
        (
            &[Node, Railway],
            "export A=1\nB=\"x\\ty\"\n",
            "1:10-1:11 info ENV-PORTABILITY Railway says nowhere what it makes of `export` and escapes: 2 values here may be another there",
        ),
    ] {
        let found = found(readers, text);
        assert_eq!(found, [wanted], "{text:?}");
    }
}

#[test]
fn one_reader_disagrees_with_nobody() {
    let text = "A=x#y\nB=`x`\nC=${A}\nexport D=\"\\t\"\n";
    for reader in &ALL[1..] {
        assert_eq!(found(&[*reader], text), [""; 0]);
    }
    // A value that is cut is told to node alone, too.
    let cut =
        "1:3-1:4 warning ENV-PORTABILITY node ends `A` at `#`: it gets 1 of 3 characters (unsafe)";
    assert_eq!(found(&[Node], text), [cut]);
    assert_eq!(found(&[], text), [""; 0]);
    assert_eq!(found(ALL, "A=1\nB='x y'\n# c\n"), [""; 0]);
}

/// Whoever got a value before keeps it where a fix is called safe.
#[test]
fn a_fix_is_safe_where_nobody_loses_a_value() {
    for (readers, text, fix) in [
        (&[Node, Python][..], "A=x#y\n", Fix::Unsafe),
        (&[Node, Python, Compose], "A: x\n", Fix::Safe),
        (&[Node, Compose], "A=x${B}\n", Fix::None),
    ] {
        let (path, schema, none) = (
            ".env".into(),
            crate::schema::none(),
            std::collections::HashSet::new(),
        );
        let asked = asked((&path, readers, text.as_bytes()), &schema, &none);
        let found = judge(&Subject::of(&asked));
        assert_eq!(found[0].fix, fix, "{text:?}");
    }
}

#[test]
fn the_help_names_the_cause_and_the_way_out() {
    let (path, schema, none) = (
        ".env".into(),
        crate::schema::none(),
        std::collections::HashSet::new(),
    );
    let help = |text: &str| {
        let asked = asked(
            (&path, &[Node, Python, Compose], text.as_bytes()),
            &schema,
            &none,
        );
        judge(&Subject::of(&asked))[0].help.clone()
    };
    assert_eq!(
        help("A=x#y\n"),
        "to node every `#` begins a comment, to the others one behind a blank; in single quotes all read the same"
    );
    assert_eq!(
        help("B=1\nA=x$B\n"),
        "python expands `${NAME}`, compose `$NAME` too, node and Railway keep both; write the value out; where `$` is \
         part of it, put it in single quotes"
    );
}

#[test]
fn no_value_is_told() {
    let text = "A=hunter#22\nB=`hunter22`\nC=x${A}hunter22\nD=\"hun\\ter22\"\nE='hunter' 22\nhunter22=hunter22#1\n";
    for told in found(ALL, text)
        .iter()
        .filter(|told| !told.contains("`hunter22`"))
    {
        assert!(!told.contains("hunter"), "{told}");
    }
}
