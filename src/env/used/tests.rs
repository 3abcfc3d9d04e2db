//! What is said of sources beside a schema.

use super::*;
use crate::finding::Finding;
use crate::schema;
use crate::usage::{Kind, Unread, Why, content};

/// What sources say, by their paths and texts.
fn usage(sources: &[(&str, &str)]) -> Usage {
    let sources: Vec<Source> = sources
        .iter()
        .map(|(path, text)| {
            let kind = Kind::of(&(*path).into()).expect("it is a source");
            Source {
                path: (*path).into(),
                kind,
                content: content(kind, text.as_bytes()),
            }
        })
        .collect();
    Usage {
        count: sources.len(),
        sources,
        unread: Vec::new(),
    }
}

/// The findings, a line each: code, gravity, place, message.
fn told(usage: &Usage, schema: Option<&str>) -> Vec<String> {
    let read = schema.map(|text| schema::read(schema::PATH, text.as_bytes()).unwrap());
    let findings = Used::of(usage, read.iter().collect()).findings();
    findings.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let place = finding.place.as_ref().map_or(String::new(), |place| {
        let at = place
            .span
            .map(|(start, _)| format!(":{}:{}", start.line, start.column));
        format!(" {}{}", place.path, at.unwrap_or_default())
    });
    let code = finding.code.id.trim_start_matches("ENV-");
    format!(
        "{code} {}{place} {}",
        finding.severity.word(),
        finding.message
    )
}

const SCHEMA: &str =
    "variables:\n  DATABASE_URL: { type: url, secret: true }\n  OLD_FLAG: { type: bool }\n";

#[test]
fn each_variable_is_told_once_at_its_first_place() {
    let usage = usage(&[
        (
            "api/a.py",
            "import os\nos.environ['DATABASE_URLS']\nos.environ['DATABASE_URLS']\nos.environ['PATH']",
        ),
        (
            "api/b.py",
            "import os\nos.environ['DATABASE_URLS']\nos.getenv('DATABASE_URL')",
        ),
    ]);
    assert_eq!(
        told(&usage, Some(SCHEMA)),
        [
            "UNDECLARED warning api/a.py:2:13 `DATABASE_URLS` is read here, and the schema does not have it",
            "UNUSED info schemas/env.yaml:3:3 `OLD_FLAG` is in the schema, and no source here names it",
        ]
    );
    let read = schema::read(schema::PATH, SCHEMA.as_bytes()).unwrap();
    let used = Used::of(&usage, vec![&read]);
    let summary = used.summary();
    assert_eq!(
        summary.undeclared,
        [("DATABASE_URLS".to_owned(), Some("DATABASE_URL".to_owned()))]
    );
    assert_eq!(summary.unused, ["OLD_FLAG"]);
    assert_eq!(summary.used["DATABASE_URLS"].len(), 3);
    assert!(summary.used.contains_key("PATH") && summary.sees_all);
    assert_eq!(told(&usage, None), [] as [&str; 0]);
}

#[test]
fn what_no_deployment_needs_is_not_missed() {
    let no = usage(&[
        ("src/a.test.ts", "process.env.A"),
        ("scripts/seed.sh", "echo $B"),
        (".github/workflows/ci.yml", "env:\n  C: ${{ env.D }}\n"),
        ("Dockerfile", "ARG E\nENV F=1\nRUN echo $F"),
        (
            "src/b.ts",
            "process.env.F; process.env.NODE_ENV; import.meta.env.MODE",
        ),
        (
            "compose.yaml",
            "services:\n  a:\n    image: a:${TAG:-latest}\n",
        ),
        ("start.sh", "G=1\necho $G ${H:-x} $HOME"),
    ]);
    assert_eq!(told(&no, Some("variables: {}\n")), [] as [&str; 0]);
    let yes = usage(&[
        ("compose.yaml", "services:\n  a:\n    image: a:${TAG}\n"),
        ("src/b.ts", "process.env.BASE_URL; process.env.A ?? 'x'"),
        ("src/main.rs", "fn main() { std::env::var(\"B\"); }"),
    ]);
    let names = yes.by_name(&[What::Read]).into_keys().collect::<Vec<_>>();
    assert_eq!(names, ["A", "B", "BASE_URL", "TAG"]);
    assert_eq!(told(&yes, Some("variables: {}\n")).len(), 4);
}

#[test]
fn nothing_is_called_unused_where_something_may_read_it() {
    let dynamic = usage(&[("src/a.ts", "process.env[b]; process.env[c]")]);
    assert_eq!(
        told(&dynamic, Some(SCHEMA)),
        [
            "DYNAMIC info src/a.ts:1:13 2 places read variables whose names only the running program knows"
        ]
    );
    let broken = usage(&[("src/a.ts", "process.env.DATABASE_URL; const = ")]);
    assert_eq!(
        told(&broken, Some(SCHEMA)),
        ["UNREAD info src/a.ts this source was searched for the usual words only"]
    );
    let mut closed = usage(&[]);
    closed.unread.push(Unread {
        path: "a.ts".into(),
        why: Why::TooLong,
    });
    assert_eq!(
        told(&closed, Some(SCHEMA)),
        ["UNREAD info a.ts this source is longer than 16 MB, and was not read"]
    );
    // In tests it may be as it wants.
    let aside = usage(&[("tests/a.ts", "process.env[b]; const = ")]);
    assert_eq!(told(&aside, Some(SCHEMA)).len(), 2);
}

#[test]
fn many_sources_that_were_not_read_are_not_all_named() {
    let mut closed = usage(&[]);
    closed.unread = (0..50)
        .map(|number| Unread {
            path: format!("{number}.ts").as_str().into(),
            why: Why::TooLong,
        })
        .collect();
    let told = told(&closed, None);
    assert_eq!(told.len(), 21);
    assert_eq!(
        told[20],
        "UNREAD info 30 more sources were not read as a whole"
    );
}

#[test]
fn browsers_get_what_is_public_only() {
    const SCHEMA: &str = "variables:
  SECRET: { secret: true }
  NEXT_PUBLIC_SECRET: { secret: true }
  SERVER: { visibility: server }
  PLAIN: {}
  OPEN: { visibility: public }
  NEXT_PUBLIC_A: {}
environments:
  production: { variables: { LATE: { secret: true } } }
";
    let read = |name: &str| format!("'use client'\nconst a = process.env.{name}");
    for (name, expected) in [
        ("SECRET", Some("error")),
        ("NEXT_PUBLIC_SECRET", Some("error")),
        ("SERVER", Some("error")),
        ("PLAIN", Some("error")),
        ("LATE", Some("error")),
        ("OPEN", None),
        ("NEXT_PUBLIC_A", None),
        ("NODE_ENV", None),
        ("OTHER", Some("warning")),
    ] {
        let usage = usage(&[("app/a.tsx", &read(name))]);
        let findings = told(&usage, Some(SCHEMA));
        let client: Vec<&String> = findings
            .iter()
            .filter(|line| line.starts_with("CLIENT"))
            .collect();
        let grave = client.first().map(|line| line.split(' ').nth(1).unwrap());
        assert_eq!(grave, expected, "{name}: {findings:?}");
        // What must not be there is not missed in the schema.
        assert!(!findings.iter().any(|line| line.starts_with("UNDECLARED")));
    }
    let usage = usage(&[("app/a.tsx", &read("SECRET"))]);
    assert_eq!(
        told(&usage, None),
        [
            "CLIENT warning app/a.tsx:2:23 `SECRET` has no public prefix, and code for browsers names it: \
             the file says \"use client\""
        ]
    );
}

#[test]
fn what_a_project_hands_out_itself_is_its_own_word() {
    let page = ("app/a.tsx", "'use client'\nprocess.env.PLAIN");
    let config = (
        "next.config.js",
        "module.exports = { env: { PLAIN: process.env.PLAIN } }",
    );
    let plain = "variables: { PLAIN: {} }\n";
    assert_eq!(told(&usage(&[page, config]), Some(plain)), [] as [&str; 0]);
    let secret = "variables: { PLAIN: { secret: true } }\n";
    assert_eq!(told(&usage(&[page, config]), Some(secret)).len(), 1);
    assert_eq!(
        told(&usage(&[config]), Some(secret)),
        [
            "CLIENT error next.config.js:1:27 `PLAIN` is a secret by the schema, and code for browsers names it: \
             the code says so where the variable is named"
        ]
    );
    // Which names Vite hands out is a setting that is not read.
    let vite = usage(&[("src/a.ts", "import.meta.env.PLAIN")]);
    assert!(told(&vite, Some(plain))[0].starts_with("CLIENT warning"));
    assert!(told(&vite, Some(secret))[0].starts_with("CLIENT error"));
}
