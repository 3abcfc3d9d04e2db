//! A file on paper, and what is told about it.

use std::collections::HashSet;

use proptest::prelude::*;

use super::{Asked, Choice, Subject};
use crate::dotenv::Dialect;
use crate::schema::{self, Read};

/// A file that is judged.
pub(super) struct Case {
    path: &'static str,
    schema: Read,
    is_committed: bool,
    is_named: bool,
}

impl Case {
    /// One on the disk, without a schema.
    pub(super) fn of(path: &'static str) -> Self {
        Self {
            path,
            schema: schema::none(),
            is_committed: false,
            is_named: false,
        }
    }

    pub(super) fn schema(mut self, text: &str) -> Self {
        self.schema = schema::read(schema::PATH, text.as_bytes()).expect("the schema is right");
        self
    }

    pub(super) fn committed(mut self) -> Self {
        self.is_committed = true;
        self
    }

    pub(super) fn named(mut self) -> Self {
        self.is_named = true;
        self
    }

    /// Looks at it with this content.
    pub(super) fn with<T>(&self, text: &str, look: impl FnOnce(&Subject<'_>) -> T) -> T {
        let path = self.path.into();
        let environment = Choice::default().of(&path, &self.schema.schema);
        let none = HashSet::new();
        let asked = Asked {
            path: &path,
            bytes: text.as_bytes(),
            readers: &[Dialect::Node],
            schema: &self.schema,
            environment: environment.as_deref(),
            is_committed: self.is_committed,
            is_named: self.is_named,
            beside: &none,
            needs: None,
        };
        look(&Subject::of(&asked))
    }
}

/// The findings whose codes contain some text, in their order: place, severity, code.
pub(super) fn told(case: &Case, text: &str, codes: &str) -> String {
    let findings = case.with(text, super::judge);
    let shown: Vec<String> = findings
        .iter()
        .filter(|finding| finding.code.id.contains(codes) && finding.code.id != "ENV-MISSING")
        .map(|finding| {
            let span = finding.place.as_ref().and_then(|place| place.span);
            let (line, column) = span.map_or((0, 0), |(start, _)| (start.line, start.column));
            let severity = finding.severity.word();
            format!("{line}:{column} {severity} {}", finding.code.id)
        })
        .collect();
    shown.join(", ")
}

const SCHEMA: &str = "\
variables:
  INT: { type: int, min: 5, max: 9 }
  URL: { type: url, schemes: [https], hosts: [acme.io] }
  BOOL: { type: bool }
  WORD: { enum: [one, two] }
  FIXED: { const: one }
  SHAPE: { prefix: sk-, suffix: z, min_length: 90, secret: true }
  PATTERN: { pattern: '^[0-9]{3}$' }
  EMAIL: { type: email }
  JSON: { type: json }
  LIST: { type: list, of: int }
  PORT: { type: port }
  TIME: { type: duration }
  HEX: { type: hex }
  BASE: { type: base64 }
  PHONE: { type: phone }
  VERSION: { type: semver }
  REFERENCE: { provided_by: railway }
  NEXT_PUBLIC_SECRET: { secret: true }
  OLD: { deprecated: use INT }
rules: [{ lt: [INT, PORT] }]
environments: { staging: {}, production: { extends: staging } }
";

/// Every kind of name that something is said about.
const NAMES: [&str; 27] = [
    "INT",
    "URL",
    "BOOL",
    "WORD",
    "FIXED",
    "SHAPE",
    "PATTERN",
    "EMAIL",
    "JSON",
    "LIST",
    "PORT",
    "TIME",
    "HEX",
    "BASE",
    "PHONE",
    "VERSION",
    "REFERENCE",
    "NEXT_PUBLIC_SECRET",
    "OLD",
    "UNKNOWN",
    "VITE_API_SECRET",
    "DEBUG",
    "CORS_ORIGINS",
    "DB_HOST",
    "NODE_ENV",
    "INTT",
    "lower",
];

/// How a secret stands in a value.
const FORMS: [&str; 14] = [
    "@",
    "'@'",
    "\"@\"",
    "@ # note",
    "sk_live_@",
    "sk_test_@",
    "https://u:@@h.io/x",
    "postgres://localhost/@",
    "${{@}}",
    "${{A.@",
    "<@>",
    "your-@",
    "sk-ant-api03-@",
    "a b@",
];

/// Paths of every role, and in every environment.
const PATHS: [&str; 6] = [
    ".env",
    ".env.staging",
    ".env.production",
    ".env.development",
    ".env.example",
    "tests/.env",
];

#[test]
fn what_is_no_applications_is_left_alone() {
    for (path, judged) in [
        (".env", true),
        ("apps/web/.env.example", true),
        (".env.guard", false),
        ("apps/web/.env.keys", false),
        ("src/env.rs", false),
    ] {
        assert_eq!(super::is_judged(&path.into()), judged, "{path}");
    }
}

proptest! {
    #[test]
    fn no_piece_of_a_value_is_in_any_message(
        secrets in proptest::collection::vec("[A-Za-z0-9]{14,24}", 1..6),
        names in proptest::collection::vec(0..NAMES.len(), 6),
        forms in proptest::collection::vec(0..FORMS.len(), 6),
        is_committed in any::<bool>(),
    ) {
        let mut text = String::new();
        for ((secret, name), form) in secrets.iter().zip(&names).zip(&forms) {
            text.push_str(NAMES[*name]);
            text.push('=');
            text.push_str(&FORMS[*form].replacen('@', secret, 1).replace("@@", "@"));
            text.push('\n');
        }
        for path in PATHS {
            let mut case = Case::of(path).schema(SCHEMA).named();
            case.is_committed = is_committed;
            for finding in case.with(&text, super::judge) {
                let said = format!("{} {}", finding.message, finding.help);
                for secret in &secrets {
                    for piece in secret.as_bytes().windows(6) {
                        let piece = std::str::from_utf8(piece).expect("it is ASCII");
                        prop_assert!(!said.contains(piece), "{path}: {said}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_planted_secrets_are_found_by_many_kinds_of_findings() {
    let case = Case::of(".env.production").schema(SCHEMA).named();
    let mut codes = HashSet::new();
    for name in NAMES {
        for form in FORMS {
            let text = format!("{name}={}\n", form.replace('@', "q8Zr2mVx0LpT7s"));
            let findings = case.with(&text, super::judge);
            codes.extend(findings.iter().map(|finding| finding.code.id));
        }
    }
    for code in [
        "ENV-TYPE",
        "ENV-ENUM",
        "ENV-SHAPE",
        "ENV-PLACEHOLDER",
        "ENV-TEST-KEY",
        "ENV-PUBLIC-SECRET",
    ] {
        assert!(codes.contains(code), "{code} of {codes:?}");
    }
}
