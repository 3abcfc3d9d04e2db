//! A file in the making, without a terminal.

use super::*;
use crate::schema::{Read, read};

fn schema(text: &str) -> Read {
    read(schema::PATH, text.as_bytes()).unwrap()
}

fn counting(bytes: &mut [u8]) -> bool {
    for (at, byte) in (0..).zip(bytes) {
        *byte = at;
    }
    true
}

fn lines(setup: &Setup<'_>) -> Vec<String> {
    let text = setup.added(b"", &|_| false);
    text.lines().map(str::to_owned).collect()
}

fn wanted(setup: &Setup<'_>) -> Vec<String> {
    let wanted = setup.wanted().into_iter();
    wanted.map(|wanted| wanted.variable.name).collect()
}

#[test]
fn constants_examples_and_defaults_come_in_this_order() {
    let read = schema(
        "variables:\n  A: { const: a, default: a }\n  B: { default: b }\n  C: { type: int, default: 3 }\n  D: { default: d }\n  E: {}\n  OLD: { default: x, deprecated: use B }\n",
    );
    let effective = read.schema.for_environment(None);
    let mut setup = Setup::new(&effective, vec![("D".to_owned(), String::new())]);
    let example = [
        ("A", "x"),
        ("B", "shown"),
        ("C", "no number"),
        ("E", "your-e"),
    ];
    let example = example.map(|(name, value)| (name.to_owned(), value.to_owned()));
    setup.fill(&example.into(), false);
    // A value of the example that the schema does not take is none.
    assert_eq!(lines(&setup), ["A=a", "B=shown"]);
    assert!(setup.wanted().is_empty());
}

#[test]
fn the_defaults_of_what_is_required_are_offered_where_somebody_is_asked() {
    let read = schema("variables:\n  A: { default: a, required: true }\n  B: { default: b }\n");
    let effective = read.schema.for_environment(None);
    let mut setup = Setup::new(&effective, Vec::new());
    setup.fill(&HashMap::new(), true);
    assert_eq!(lines(&setup), ["B=b"]);
    let offered = setup.wanted();
    assert_eq!(offered[0].default.as_deref(), Some("a"));
    setup.take("A", "other", Origin::Typed).unwrap();
    assert_eq!(lines(&setup), ["B=b", "A=other"]);
    assert!(setup.wanted().is_empty());
}

#[test]
fn a_bad_answer_is_refused_without_being_repeated() {
    let read = schema(
        "variables:\n  A: { type: int, min: 2, max: 9, required: true }\n  B: { type: int, required: true }\nrules: [{ le: [A, B] }]\n",
    );
    let effective = read.schema.for_environment(None);
    let mut setup = Setup::new(&effective, vec![("B".to_owned(), "5".to_owned())]);
    for bad in ["planted", "12", ""] {
        let refusal = setup.take("A", bad, Origin::Typed).unwrap_err();
        let said = format!("{} {}", refusal.what, refusal.help);
        assert!(!said.contains("planted"), "{said}");
    }
    assert_eq!(wanted(&setup), ["A"]);
    setup.take("A", "4", Origin::Typed).unwrap();
    assert!(setup.wanted().is_empty());
}

#[test]
fn what_is_left_out_stays_missing_and_is_not_asked_again() {
    let read = schema("variables: { A: { required: true } }\n");
    let effective = read.schema.for_environment(None);
    let mut setup = Setup::new(&effective, Vec::new());
    setup.leave("A");
    assert!(setup.wanted().is_empty());
    assert_eq!(setup.missing().len(), 1);
}

#[test]
fn what_railway_sets_is_asked_for_on_a_developers_machine_only() {
    let read = schema("variables: { A: { required: true, provided_by: railway, default: x } }\n");
    for (environment, offered) in [("development", 1), ("production", 0)] {
        let effective = read.schema.for_environment(Some(environment));
        let mut setup = Setup::new(&effective, Vec::new());
        setup.fill(&HashMap::new(), true);
        assert_eq!(setup.wanted().len(), offered, "{environment}");
        assert!(setup.decided().is_empty());
    }
}

#[test]
fn a_made_secret_is_one_that_the_schema_takes() {
    let read =
        schema("variables: { JWT_SECRET: { secret: true, min_length: 50, required: true } }\n");
    let effective = read.schema.for_environment(None);
    let mut setup = Setup::new(&effective, Vec::new());
    let wanted = setup.wanted().remove(0);
    assert!(setup.make(&wanted.variable, &mut counting));
    assert_eq!(lines(&setup)[0].len(), "JWT_SECRET=".len() + 50);
    assert!(setup.wanted().is_empty());
}

#[test]
fn lines_end_as_the_files_own_do_and_the_last_one_is_closed() {
    let read = schema("variables: { A: { const: a }, B: { const: b } }\n");
    let effective = read.schema.for_environment(None);
    let mut setup = Setup::new(&effective, Vec::new());
    setup.fill(&HashMap::new(), false);
    assert_eq!(setup.added(b"X=1\n", &|_| false), "A=a\nB=b\n");
    assert_eq!(setup.added(b"X=1", &|name| name == "A"), "\nB=b\n");
    assert_eq!(setup.added(b"X=1\r\nY=2\r\n", &|_| false), "A=a\r\nB=b\r\n");
    assert_eq!(setup.added(b"X=1", &|_| true), "");
}
