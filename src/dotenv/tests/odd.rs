//! What is odd in a file, and files that are hardly files.

use std::fmt::Write as _;

use super::*;

/// Every oddity as `line:column Kind`, with a `+` where it is mended.
fn told(text: &str, dialect: Dialect) -> Vec<String> {
    lint(text.as_bytes(), dialect)
        .iter()
        .map(|lint| {
            let mended = if lint.edits.is_empty() { "" } else { " +" };
            format!(
                "{}:{} {:?}{mended}",
                lint.place.line, lint.place.column, lint.kind
            )
        })
        .collect()
}

#[test]
fn what_people_trip_over_is_named() {
    for (text, wanted) in [
        ("A=1\nB='x'\n", &[][..]),
        ("A=1\nB=2\nA=3\n", &["3:1 DuplicateKey"]),
        ("aB=1\n", &["1:1 LowerCaseKey"]),
        ("A-B=1\n1A=2\n", &["1:1 KeyCharacters", "2:1 KeyCharacters"]),
        (
            "A = 1\nB= 2\n",
            &["1:2 BlankAroundSeparator +", "2:2 BlankAroundSeparator +"],
        ),
        (
            "A=1 \n# c\t\n",
            &["1:4 TrailingBlank +", "2:4 TrailingBlank +"],
        ),
        ("A=\"1 \"\n", &["1:5 TrailingBlankInValue"]),
        ("A=\"1 \n2\"\n", &[]),
        ("A\n", &["1:1 MissingValue"]),
        ("\u{feff}A=1\n", &["1:1 Mark +"]),
        ("A=1\r\nB=2\n", &["1:4 MixedLineEnds +"]),
        ("A=1\r\nB=2\r\n", &[]),
        ("A=1", &["1:4 NoFinalNewline +"]),
        ("export A\n", &["1:1 ExportWithoutValue"]),
        ("A=\"x\nB=1\n", &["1:3 UnterminatedQuote"]),
        ("A='x' y\n", &["1:7 TextBehindQuote"]),
        ("A=1;B=2\n", &["1:5 SeveralAssignments"]),
        ("A=1 B=2\n", &["1:5 SeveralAssignments"]),
        ("A=Server=x;PWD=y\nB=-x Y=1\n", &["2:6 SeveralAssignments"]),
        ("A=http://h/?q=1\n", &[]),
    ] {
        assert_eq!(told(text, Dialect::Node), wanted, "{text:?}");
    }
}

#[test]
fn who_refuses_or_drops_a_line_says_so_too() {
    let unterminated = ["1:3 UnterminatedQuote"];
    let text = "A=\"x\nB=1\n";
    for dialect in Dialect::ALL {
        assert_eq!(told(text, dialect), unterminated, "{}", dialect.word());
    }
    assert_eq!(told("A=\"x\n", Dialect::Compose), unterminated);
    assert_eq!(told("A='x' y\n", Dialect::Python), ["1:7 TextBehindQuote"]);
    assert_eq!(
        told("A='x' B=1\n", Dialect::Compose),
        ["1:7 SeveralAssignments"]
    );
}

#[test]
fn of_two_the_first_is_named_as_the_other() {
    let found = lint(b"A=1\n\nA=2\n", Dialect::Node);
    let other = found[0].other.expect("there was one before");
    assert_eq!((other.line, other.column), (1, 1));
}

#[test]
fn all_edits_together_leave_nothing_to_mend() {
    let text = "\u{feff}A = 1 \r\nB=\"x\r\ny\"\n# c\t\n\tC=3";
    let mut edits: Vec<Edit> = Vec::new();
    for lint in lint(text.as_bytes(), Dialect::Node) {
        edits.extend(lint.edits);
    }
    let mended = String::from_utf8(apply(text.as_bytes(), &edits)).expect("text");
    assert_eq!(mended, "A=1\nB=\"x\r\ny\"\n# c\n\tC=3\n");
}

#[test]
fn what_is_hardly_a_file_is_told() {
    let problem = |bytes: &[u8], dialect: Dialect| {
        let file = parse(bytes, dialect);
        let problem = file.problems().first().expect("a problem");
        (problem.kind, problem.refuses, problem.place.line)
    };
    let utf16: Vec<u8> = "\u{feff}A=1"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(
        problem(&utf16, Dialect::Node),
        (ProblemKind::Utf16, true, 1)
    );
    assert_eq!(
        problem(b"A=1\nB=\xff\n", Dialect::Python),
        (ProblemKind::NotUtf8, true, 2)
    );
    assert_eq!(
        problem(b"A=\0\n", Dialect::Node),
        (ProblemKind::Nul, false, 1)
    );
    let long = format!("A=1\nB={}\n", "x".repeat(128 << 10));
    assert_eq!(
        problem(long.as_bytes(), Dialect::Node),
        (ProblemKind::ValueTooLong, false, 2)
    );
    let huge = format!("A=1\nB={}\n", "x".repeat(LARGEST));
    assert_eq!(
        problem(huge.as_bytes(), Dialect::Node),
        (ProblemKind::TooLarge, true, 2)
    );
    let place = parse(huge.as_bytes(), Dialect::Node).problems()[0].place;
    assert_eq!((place.line, place.column), (2, 3), "where the value begins");
}

/// Each line doubles what the one before made.
#[test]
fn references_do_not_grow_without_end() {
    let mut text = "A0=xxxxxxxx\n".to_owned();
    for step in 1..64 {
        let before = step - 1;
        let _ = writeln!(text, "A{step}=${{A{before}}}${{A{before}}}");
    }
    for dialect in [Dialect::Python, Dialect::Compose] {
        let file = parse(text.as_bytes(), dialect);
        let kinds: Vec<ProblemKind> = file.problems().iter().map(|found| found.kind).collect();
        assert!(kinds.contains(&ProblemKind::Runaway), "{}", dialect.word());
        assert!(file.refused().is_none());
        let longest = file
            .entries()
            .iter()
            .filter_map(|entry| entry.value.as_ref());
        let longest = longest.map(|value| value.reveal().len()).max();
        assert!(longest < Some(2 << 20));
    }
    let deep = format!("A={}x{}\n", "${B:-".repeat(100), "}".repeat(100));
    let file = parse(deep.as_bytes(), Dialect::Compose);
    assert_eq!(file.problems()[0].kind, ProblemKind::Runaway);
}
