//! What others get of a schema: an example, a table, a JSON Schema.

use insta::assert_snapshot;
use serde_json::json;

use super::schema;
use crate::schema::{example, json_schema, markdown};

const TEXT: &str = "
variables:
  DATABASE_URL: { type: url, schemes: [postgresql, postgres], secret: true, required: true, provided_by: railway, description: 'the | main *database*' }
  API_TIMEOUT: { type: int, min: 1000, max: 60000, default: 5000, description: Milliseconds after which a call to the interface of another service is given up and told to whoever asked. }
  OPENAI_API_KEY: { prefix: sk-, secret: true, required: [production], rotation: 90d, owner: ai }
  LOG_LEVEL: { enum: [debug, info], default: info }
  MAIL: { type: bool, default: false }
  SMTP_PORTS: { type: list, of: port, separator: ';', required: { when: { MAIL: true } } }
  RETRIES: { type: int }
  GREETING: { default: 'it''s a \"test\" # $HOME', visibility: public }
  TITLE: { default: 'two words' }
  OLD: { deprecated: use DATABASE_URL }
environments:
  staging: { variables: { PUBLIC_ENV: { const: staging } } }
  production: { extends: staging, variables: { PUBLIC_ENV: { const: production }, LOG_LEVEL: { const: info } } }
";

#[test]
fn an_example_for_people() {
    let schema = schema(TEXT);
    assert_snapshot!(example(&schema.for_environment(None)), @r###"
    # Made from schemas/env.yaml by `guard env example`.
    # Copy it to .env.local and fill in what is empty.

    # --- Needed everywhere ---

    # the | main *database*
    # url, scheme postgresql or postgres; required; secret; provided by Railway
    DATABASE_URL=

    # --- Needed in some environments, or with others ---

    # string, begins with sk-; required in production; secret
    OPENAI_API_KEY=

    # list of port, separated by `;`; required when MAIL is true
    SMTP_PORTS=

    # string; only in staging, production
    # PUBLIC_ENV=

    # --- Optional ---

    # Milliseconds after which a call to the interface of another service is given up and told to
    # whoever asked.
    # int, 1000 to 60000
    API_TIMEOUT=5000

    # one of debug, info
    LOG_LEVEL=info

    # bool
    MAIL=false

    # int
    # RETRIES=

    # string; seen by browsers
    GREETING="it's a \"test\" # $HOME"

    # string
    TITLE='two words'

    # string; deprecated: use DATABASE_URL
    # OLD=
    "###);
}

#[test]
fn a_table_for_people() {
    let schema = schema(TEXT);
    assert_snapshot!(markdown(&schema.for_environment(None)), @r###"
    | Variable | What it is | Required | Default | Notes |
    |---|---|---|---|---|
    | `DATABASE_URL` | url, scheme postgresql or postgres | always |  | the \| main \*database\*. Secret. Provided by Railway. |
    | `API_TIMEOUT` | int, 1000 to 60000 | no | `5000` | Milliseconds after which a call to the interface of another service is given up and told to whoever asked. |
    | `OPENAI_API_KEY` | string, begins with sk- | in production |  | Secret. Changed every 90d. Owner: ai. |
    | `LOG_LEVEL` | one of debug, info | no | `info` |  |
    | `MAIL` | bool | no | `false` |  |
    | `SMTP_PORTS` | list of port, separated by \`;\` | when MAIL is true |  |  |
    | `RETRIES` | int | no |  |  |
    | `GREETING` | string | no | `it's a "test" # $HOME` | Seen by browsers. |
    | `TITLE` | string | no | `two words` |  |
    | `OLD` | string | no |  | Deprecated: use DATABASE\_URL. |
    | `PUBLIC_ENV` | string | only in staging, production |  |  |
    "###);
}

#[test]
fn no_secret_is_exported() {
    let word = ["hun", "ter", "22"].concat();
    let text = format!(
        "variables: {{ A: {{ secret: true, default: {word} }}, B: {{ secret: true, const: {word} }} }}"
    );
    let schema = schema(&text);
    let effective = schema.for_environment(None);
    assert!(!example(&effective).contains(&word));
    assert!(!markdown(&effective).contains(&word));
}

#[test]
fn a_schema_for_programs() {
    let schema = schema(TEXT);
    let base = json_schema(&schema.for_environment(None));
    jsonschema::meta::validate(&base).unwrap();
    assert_eq!(base["properties"]["API_TIMEOUT"]["minimum"], json!(1000));
    assert_eq!(base["properties"]["API_TIMEOUT"]["default"], json!(5000));
    assert_eq!(
        base["properties"]["OPENAI_API_KEY"]["writeOnly"],
        json!(true)
    );
    let production = json_schema(&schema.for_environment(Some("production")));
    jsonschema::meta::validate(&production).unwrap();
    let key = ["sk", "-x"].concat();
    let url = "postgres://db/app";
    for (schema, values, good) in [
        (&base, json!({ "DATABASE_URL": url }), true),
        (&base, json!({}), false),
        (&base, json!({ "DATABASE_URL": "mysql://db" }), false),
        (
            &base,
            json!({ "DATABASE_URL": url, "API_TIMEOUT": 999 }),
            false,
        ),
        (
            &base,
            json!({ "DATABASE_URL": url, "LOG_LEVEL": "trace" }),
            false,
        ),
        (&base, json!({ "DATABASE_URL": url, "MAIL": true }), false),
        (
            &base,
            json!({ "DATABASE_URL": url, "MAIL": true, "SMTP_PORTS": [25, 587] }),
            true,
        ),
        (
            &base,
            json!({ "DATABASE_URL": url, "MAIL": true, "SMTP_PORTS": [0] }),
            false,
        ),
        (&production, json!({ "DATABASE_URL": url }), false),
        (
            &production,
            json!({ "DATABASE_URL": url, "OPENAI_API_KEY": key }),
            true,
        ),
        (
            &production,
            json!({ "DATABASE_URL": url, "OPENAI_API_KEY": "pk" }),
            false,
        ),
        (
            &production,
            json!({ "DATABASE_URL": url, "OPENAI_API_KEY": key, "PUBLIC_ENV": "staging" }),
            false,
        ),
    ] {
        let validator = jsonschema::validator_for(schema).unwrap();
        assert_eq!(validator.is_valid(&values), good, "{values}");
    }
}
