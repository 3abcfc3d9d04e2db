//! What is wrong in production whatever the schema says.

use super::{broken, schema};

#[test]
fn production_names_no_localhost_and_no_staging() {
    let schema = schema(
        "
variables:
  URL: { type: url }
  TEXT: {}
  DB_HOST: {}
  HOST: {}
  ALLOWED: { type: list, of: url, separator: ' ' }
  CORS_ORIGINS: { type: list, of: string }
  KNOWN: { type: url, hosts: [localhost] }
  DEBUG: { type: bool }
  APP_DEBUG: {}
  NOTE: { type: json }
environments:
  production: {}
  eu: { extends: production }
  canary: { kind: production }
  staging: { extends: production }
  review: {}
",
    );
    let local = "names this machine in production, where nothing of the kind runs";
    let staging = "names a host of staging in production";
    let cors = "lets every site call production";
    let debug = "switches debugging on in production, which shows visitors what is inside";
    for (name, value, expected) in [
        ("URL", "https://api.example.org", None),
        ("URL", "http://localhost:3000", Some(("LOCALHOST", local))),
        (
            "URL",
            "postgres://u:p@127.0.0.1/x",
            Some(("LOCALHOST", local)),
        ),
        ("URL", "http://127.1.2.3", Some(("LOCALHOST", local))),
        ("URL", "http://0.0.0.0:80", Some(("LOCALHOST", local))),
        ("URL", "http://[::1]:80", Some(("LOCALHOST", local))),
        ("URL", "http://app.localhost", Some(("LOCALHOST", local))),
        (
            "URL",
            "https://staging.example.org",
            Some(("STAGING-HOST", staging)),
        ),
        (
            "URL",
            "https://api-stg.example.org",
            Some(("STAGING-HOST", staging)),
        ),
        ("URL", "https://stagecoach.example.org", None),
        ("URL", "https://example.org/localhost/staging", None),
        ("URL", "https://localhost:p@example.org", None),
        (
            "URL",
            "mongodb://staging.db:1,localhost:2/x",
            Some(("LOCALHOST", local)),
        ),
        ("TEXT", "http://localhost", Some(("LOCALHOST", local))),
        ("TEXT", "talk to localhost", None),
        ("UNDECLARED", "http://localhost", Some(("LOCALHOST", local))),
        ("DB_HOST", "localhost:5432", Some(("LOCALHOST", local))),
        ("DB_HOST", "staging-db", Some(("STAGING-HOST", staging))),
        ("DB_HOST", "0.0.0.0", None),
        ("HOST", "0.0.0.0", None),
        ("HOST", "localhost", None),
        ("KNOWN", "http://localhost", None),
        (
            "ALLOWED",
            "https://a.example http://localhost:3000",
            Some(("LOCALHOST", local)),
        ),
        ("CORS_ORIGINS", "https://a.example,*", Some(("CORS", cors))),
        ("CORS_ORIGINS", "*", Some(("CORS", cors))),
        ("CORS_ORIGINS", "[\"*\"]", Some(("CORS", cors))),
        ("CORS_ORIGINS", "https://*.example", None),
        ("DEBUG", "true", Some(("DEBUG", debug))),
        ("DEBUG", "0", None),
        ("APP_DEBUG", "1", Some(("DEBUG", debug))),
        ("APP_DEBUG", "app:*", None),
        ("NOTE", "{\"see\": \"http://localhost\"}", None),
    ] {
        let expected = expected.map_or_else(String::new, |(code, what)| {
            format!("ENV-{code} {name} {what}\n")
        });
        for environment in ["production", "eu", "canary", "prod"] {
            let told = broken(&schema, Some(environment), &[(name, value)]);
            let told: String = told
                .split_inclusive('\n')
                .filter(|line| !line.starts_with("ENV-UNKNOWN"))
                .collect();
            assert_eq!(told, expected, "{environment} {name} {value}");
        }
        for environment in [None, Some("staging"), Some("review"), Some("development")] {
            let told = broken(&schema, environment, &[(name, value)]);
            assert!(
                told.is_empty() || told.starts_with("ENV-UNKNOWN"),
                "{environment:?}: {told}"
            );
        }
    }
}

#[test]
fn a_broken_rule_comes_first() {
    let schema = schema("variables: { URL: { type: url, schemes: [https] } }");
    let told = broken(&schema, Some("production"), &[("URL", "http://localhost")]);
    assert_eq!(told, "ENV-SHAPE URL has another scheme than `https`\n");
}
