//! What a program is going to see, by schema, process and files in memory.

use super::*;
use crate::finding::Severity;

const SCHEMA: &str = "\
variables:
  URL: { type: url, required: true, secret: true }
  COUNT: { type: int, min: 1 }
environments:
  production: {}
";

fn layer(path: &str, text: &str) -> Layer {
    Layer {
        path: path.into(),
        bytes: text.as_bytes().to_vec(),
    }
}

fn seen(layers: &[Layer], reader: Dialect, process: &[(&str, &str)]) -> Seen {
    let schema = schema::read(schema::PATH, SCHEMA.as_bytes()).unwrap();
    let environment = Environment::of("/", process.iter().copied());
    see(layers, reader, &environment, (&schema, "production"))
}

fn told(seen: &Seen) -> Vec<String> {
    let findings = seen.findings.iter();
    findings
        .map(|finding| {
            let place = finding.place.as_ref().map(|place| {
                let (start, _) = place.span.unwrap();
                format!("{}:{}:{}", place.path, start.line, start.column)
            });
            format!(
                "{} {} {}",
                place.unwrap_or_default(),
                finding.code.id,
                finding.message
            )
        })
        .collect()
}

fn added(seen: &Seen) -> Vec<String> {
    let added = seen.added.iter();
    added
        .map(|(name, value)| format!("{name}={}", value.reveal()))
        .collect()
}

#[test]
fn the_process_wins_over_files_and_the_last_file_over_the_first() {
    let layers = [
        layer(".env", "URL=http://a\nOWN=1\nBOTH=file\nBARE\n"),
        layer(".env.production", "URL=http://b\nCOUNT=3\n"),
    ];
    let seen = seen(
        &layers,
        Dialect::Node,
        &[("BOTH", "process"), ("COUNT", "5")],
    );
    assert_eq!(added(&seen), ["OWN=1", "URL=http://b"]);
    assert!(seen.findings.is_empty(), "{:?}", told(&seen));
}

#[test]
fn what_is_set_to_nothing_is_set() {
    let layers = [layer(".env", "URL=http://a\n")];
    let seen = seen(&layers, Dialect::Node, &[("URL", "")]);
    assert!(seen.added.is_empty());
    assert_eq!(
        told(&seen),
        [" ENV-MISSING `URL` of the process stands here without a value, and it is required"]
    );
}

#[test]
fn findings_have_the_place_of_what_wins() {
    let layers = [
        layer(".env", "COUNT=zero\n"),
        layer(".env.production", "# é\nCOUNT=0\nUNKNOWN=zero\n"),
    ];
    let seen = seen(&layers, Dialect::Node, &[]);
    let told = told(&seen);
    assert!(
        told[0].starts_with(".env.production:2:7 ENV-RANGE `COUNT`"),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("schemas/env.yaml:2:31 ENV-MISSING `URL` is not set"),
        "{told:?}"
    );
    assert_eq!(told.len(), 2);
    assert!(
        seen.findings
            .iter()
            .all(|finding| finding.severity == Severity::Error)
    );
}

#[test]
fn references_are_the_readers_own() {
    let layers = [layer(".env", "HOST=h\nURL=http://${HOST}/${USER}\n")];
    let process = [("USER", "me")];
    let of = |reader| added(&seen(&layers, reader, &process)).remove(1);
    assert_eq!(of(Dialect::Node), "URL=http://${HOST}/${USER}");
    assert_eq!(of(Dialect::Python), "URL=http://h/me");
}

#[test]
fn a_refused_file_and_a_nul_are_told_in_their_place() {
    let seen = seen(
        &[layer(".env", "A=1\nB='x\0y'\nURL=http://a\n")],
        Dialect::Node,
        &[],
    );
    assert_eq!(added(&seen), ["A=1", "URL=http://a"]);
    assert!(told(&seen)[0].starts_with(".env:2:3 ENV-UNREADABLE"));
    let refused = Layer {
        path: ".env".into(),
        bytes: b"URL=http://a\nB=\xff\n".to_vec(),
    };
    let seen = self::seen(&[refused], Dialect::Python, &[]);
    assert!(told(&seen)[0].contains("ENV-UNREADABLE python reads nothing"));
}
