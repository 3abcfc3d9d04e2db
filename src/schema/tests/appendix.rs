//! The schemas under `examples/env`: four real systems with values that are right, and values that are wrong in one thing.

use super::{broken, schema};
use crate::schema::{Schema, example, json_schema, markdown, own_schema};

const ALL: [(&str, &str); 4] = [
    (
        "ainative",
        include_str!("../../../examples/env/ainative.yaml"),
    ),
    ("pm33", include_str!("../../../examples/env/pm33.yaml")),
    ("sentia", include_str!("../../../examples/env/sentia.yaml")),
    ("farm", include_str!("../../../examples/env/farm.yaml")),
];

fn of(name: &str) -> Schema {
    let (_, text) = ALL.iter().find(|(known, _)| *known == name).unwrap();
    schema(text)
}

/// A value that looks like a provider's key. It is put together here so that no file holds one.
fn key(prefix: &str) -> String {
    format!("{prefix}{}", "x1".repeat(20))
}

/// Values that are right in production, and with each of the changes wrong in one thing.
fn cases(name: &str, right: &[(&str, String)], wrong: &[(&str, &str, &str)]) {
    let schema = of(name);
    let told = |change: Option<(&str, &str)>| {
        let mut values: Vec<(&str, &str)> = right
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        if let Some((name, value)) = change {
            values.retain(|(known, _)| *known != name);
            if value != "(unset)" {
                values.push((name, value));
            }
        }
        broken(&schema, Some("production"), &values)
    };
    assert_eq!(told(None), "", "{name}");
    for (variable, value, expected) in wrong {
        let told = told(Some((variable, value)));
        assert_eq!(told.trim_end(), *expected, "{variable}={value}");
    }
}

fn text(value: &str) -> String {
    value.to_owned()
}

#[test]
fn ainative() {
    let right = [
        ("NEXT_PUBLIC_API_BASE_URL", text("https://api.example.org")),
        ("NEXT_PUBLIC_API_TIMEOUT", text("5000")),
        ("NEXT_PUBLIC_ENVIRONMENT", text("production")),
        ("NEXTAUTH_URL", text("https://app.example.org")),
        ("NEXTAUTH_SECRET", key("")),
        ("DATABASE_URL", text("${{Postgres.DATABASE_URL}}")),
        ("DATABASE_POOL_SIZE", text("50")),
        ("REDIS_URL", text("rediss://u:p@cache.example.org:6379")),
        ("OPENAI_API_KEY", key("sk-")),
        ("ANTHROPIC_API_KEY", key("sk-ant-")),
        ("STRIPE_SECRET_KEY", key("sk_live_")),
        ("NEXT_PUBLIC_ENABLE_AI_FEATURES", text("false")),
        (
            "NEXT_PUBLIC_SENTRY_DSN",
            text("https://k@sentry.example.org/1"),
        ),
        ("NEXT_PUBLIC_GA_ID", text("G-AB12CD")),
        ("NODE_ENV", text("production")),
    ];
    let test_key = key("sk_test_");
    cases(
        "ainative",
        &right,
        &[
            (
                "NEXT_PUBLIC_API_BASE_URL",
                "http://localhost:3000",
                "ENV-LOCALHOST NEXT_PUBLIC_API_BASE_URL names this machine in production, where nothing of the kind runs",
            ),
            (
                "NEXT_PUBLIC_API_BASE_URL",
                "https://staging.example.org",
                "ENV-STAGING-HOST NEXT_PUBLIC_API_BASE_URL names a host of staging in production",
            ),
            (
                "NEXT_PUBLIC_API_TIMEOUT",
                "999",
                "ENV-RANGE NEXT_PUBLIC_API_TIMEOUT is below 1000",
            ),
            (
                "NEXT_PUBLIC_API_TIMEOUT",
                "5s",
                "ENV-TYPE NEXT_PUBLIC_API_TIMEOUT is not a whole number",
            ),
            (
                "NEXT_PUBLIC_ENVIRONMENT",
                "staging",
                "ENV-ENUM NEXT_PUBLIC_ENVIRONMENT is not `production`",
            ),
            (
                "NEXTAUTH_SECRET",
                "short",
                "ENV-SHAPE NEXTAUTH_SECRET is shorter than 32 characters",
            ),
            (
                "DATABASE_URL",
                "mysql://db/app",
                "ENV-SHAPE DATABASE_URL has another scheme than `postgresql`, `postgres`",
            ),
            (
                "DATABASE_URL",
                "${{Postgres}",
                "ENV-REFERENCE DATABASE_URL has a Railway reference that is not closed",
            ),
            (
                "DATABASE_POOL_SIZE",
                "51",
                "ENV-RANGE DATABASE_POOL_SIZE is above 50",
            ),
            (
                "NEXTAUTH_URL",
                "${{web.URL}}",
                "ENV-REFERENCE NEXTAUTH_URL is a Railway reference, which only Railway resolves: a program that reads the file gets this text",
            ),
            (
                "STRIPE_SECRET_KEY",
                &test_key,
                "ENV-SHAPE STRIPE_SECRET_KEY does not begin with `sk_live_`",
            ),
            (
                "ANTHROPIC_API_KEY",
                "(unset)",
                "ENV-MISSING ANTHROPIC_API_KEY is not set, and it is required in production",
            ),
            (
                "NEXT_PUBLIC_ENABLE_AI_FEATURES",
                "no",
                "ENV-BOOLEAN NEXT_PUBLIC_ENABLE_AI_FEATURES is a yes or no that not every program reads",
            ),
            (
                "NEXT_PUBLIC_GA_ID",
                "UA-12",
                "ENV-SHAPE NEXT_PUBLIC_GA_ID does not match `^G-[A-Z0-9]+$`",
            ),
            (
                "NEXT_PUBLIC_GA4_ID",
                "G-1",
                "ENV-UNKNOWN NEXT_PUBLIC_GA4_ID is not in the schema",
            ),
        ],
    );
    let schema = of("ainative");
    assert_eq!(schema.environment_of_branch("main"), Some("production"));
    let without = [
        ("OPENAI_API_KEY", ""),
        ("NEXT_PUBLIC_ENVIRONMENT", "staging"),
    ];
    let told = broken(&schema, Some("staging"), &without);
    assert!(
        !told.contains("OPENAI") && !told.contains("STRIPE") && !told.contains("ENVIRONMENT"),
        "{told}"
    );
}

#[test]
fn pm33() {
    let right = [
        ("PM33_ANTHROPIC_API_KEY", key("sk-ant-")),
        ("PM33_OPENAI_API_KEY", key("sk-")),
        ("PM33_TOGETHER_API_KEY", key("")),
        ("PM33_PINECONE_API_KEY", key("")),
        ("PM33_STRIPE_SECRET_KEY", key("sk_live_")),
        (
            "PM33_SENTRY_DSN_BACKEND",
            text("https://k@sentry.example.org/1"),
        ),
        ("PM33_JWT_SECRET", key("")),
        ("SENTRY_SAMPLE_RATE", text("0.10")),
        ("LOG_LEVEL", text("INFO")),
        ("ALERTS_ENABLED", text("true")),
        ("CORS_ORIGINS", text("[\"https://pm33.ai\"]")),
        ("RATE_LIMITING", text("strict")),
    ];
    cases(
        "pm33",
        &right,
        &[
            (
                "SENTRY_SAMPLE_RATE",
                "0.3",
                "ENV-ENUM SENTRY_SAMPLE_RATE is not `0.1`",
            ),
            (
                "SENTRY_SAMPLE_RATE",
                "(unset)",
                "ENV-MISSING SENTRY_SAMPLE_RATE is not set, and its default is not `0.1`",
            ),
            ("LOG_LEVEL", "DEBUG", "ENV-ENUM LOG_LEVEL is not `INFO`"),
            (
                "CORS_ORIGINS",
                "https://pm33.ai,https://staging.pm33.ai",
                "ENV-SHAPE CORS_ORIGINS has an item (no. 2) that has another host than `pm33.ai`",
            ),
            (
                "CORS_ORIGINS",
                "*",
                "ENV-TYPE CORS_ORIGINS has an item (no. 1) that is not a URL: it has no scheme such as `https://`",
            ),
            (
                "RATE_LIMITING",
                "Strict",
                "ENV-ENUM RATE_LIMITING is not `strict`",
            ),
            (
                "PM33_JWT_SECRET",
                "",
                "ENV-MISSING PM33_JWT_SECRET stands here without a value, and it is required",
            ),
            (
                "DATABASE_URL",
                "postgresql+asyncpg://u:p@db.example.org/app",
                "",
            ),
            (
                "DATABASE_URL",
                "postgresql+asyncpg://u:p#q@db.example.org/app",
                "ENV-TYPE DATABASE_URL is not a URL: a `/`, `?` or `#` in the password wants to be written `%2F`, `%3F`, `%23`",
            ),
        ],
    );
}

#[test]
fn sentia() {
    let right = [
        ("NODE_VERSION", text("20")),
        ("DATABASE_URL", text("postgresql://u:p@db.example.org/app")),
        ("REDIS_URL", text("redis://cache.example.org:6379")),
        ("CLERK_SECRET_KEY", key("sk_live_")),
        ("VITE_CLERK_PUBLISHABLE_KEY", key("pk_live_")),
        ("ENABLE_HSTS", text("TRUE")),
        ("PII_REDACTION_ENABLED", text("1")),
        ("ENABLE_PITR", text("true")),
        (
            "CORS_ALLOWED_ORIGINS",
            text("https://app.example.org, https://example.org"),
        ),
        ("MAINTENANCE_ALLOWED_IPS", text("10.0.0.1,10.0.0.2")),
    ];
    cases(
        "sentia",
        &right,
        &[
            (
                "API_MIN_INSTANCES",
                "11",
                "ENV-RULE API_MIN_INSTANCES is above `API_MAX_INSTANCES`",
            ),
            (
                "API_MIN_INSTANCES",
                "1",
                "ENV-RANGE API_MIN_INSTANCES is below 2",
            ),
            ("ENABLE_HSTS", "false", "ENV-ENUM ENABLE_HSTS is not `true`"),
            (
                "ENABLE_PITR",
                "(unset)",
                "ENV-MISSING ENABLE_PITR is not set, and its default is not `true`",
            ),
            (
                "CORS_ALLOWED_ORIGINS",
                "http://example.org",
                "ENV-SHAPE CORS_ALLOWED_ORIGINS has an item (no. 1) that has another scheme than `https`",
            ),
            (
                "MAINTENANCE_MODE",
                "true",
                "ENV-MISSING MAINTENANCE_MESSAGE is not set, and `MAINTENANCE_MODE` asks for it",
            ),
            (
                "MAINTENANCE_ALLOWED_IPS",
                "10.0.0.1,office",
                "ENV-SHAPE MAINTENANCE_ALLOWED_IPS has an item (no. 2) that does not match `^[0-9.]+$|^[0-9a-f:]+$`",
            ),
            ("NODE_VERSION", "18", "ENV-ENUM NODE_VERSION is not `20`"),
            ("LOG_LEVEL", "INFO", "ENV-ENUM LOG_LEVEL is not `info`"),
        ],
    );
}

#[test]
fn farm() {
    let right = [
        ("DEBUG", text("False")),
        ("LOG_LEVEL", text("INFO")),
        ("SECRET_KEY", key("")),
        ("SUPABASE_URL", text("https://abc.supabase.example")),
        ("SUPABASE_KEY", key("")),
        ("SUPABASE_SERVICE_KEY", key("")),
        ("VONAGE_API_KEY", key("")),
        ("VONAGE_API_SECRET", key("")),
        ("VONAGE_PHONE_NUMBER", ["1555", "010", "0123"].concat()),
        ("OPENAI_API_KEY", key("sk-")),
        ("FTP_EMAIL", text("orders@example.org")),
        ("FTP_PASSWORD", key("")),
        ("SENTRY_DSN", text("https://k@sentry.example.org/1")),
        ("APP_VERSION", text("1.4.0")),
        ("ENCRYPTION_KEY", format!("{}=", "aB1-".repeat(10) + "abc")),
    ];
    let plus = ["+1555", "010", "0123"].concat();
    cases(
        "farm",
        &right,
        &[
            ("DEBUG", "true", "ENV-ENUM DEBUG is not `false`"),
            (
                "DEBUG",
                "",
                "ENV-MISSING DEBUG stands here without a value, and it is required",
            ),
            ("LOG_LEVEL", "DEBUG", "ENV-ENUM LOG_LEVEL is not `INFO`"),
            (
                "VONAGE_PHONE_NUMBER",
                &plus,
                "ENV-SHAPE VONAGE_PHONE_NUMBER does not match `^[0-9]+$`",
            ),
            (
                "FTP_EMAIL",
                "orders",
                "ENV-TYPE FTP_EMAIL is not a mail address: it has no `@`",
            ),
            (
                "REDIS_URL",
                "redis://localhost:6379",
                "ENV-LOCALHOST REDIS_URL names this machine in production, where nothing of the kind runs",
            ),
            (
                "APP_VERSION",
                "v1.4.0",
                "ENV-TYPE APP_VERSION is not a version: it begins with a `v`",
            ),
            (
                "ENCRYPTION_KEY",
                "dG9v",
                "ENV-SHAPE ENCRYPTION_KEY is shorter than 44 characters",
            ),
            ("MOCK_SMS", "true", "ENV-ENUM MOCK_SMS is not `false`"),
            (
                "SENTRY_DSN",
                "(unset)",
                "ENV-MISSING SENTRY_DSN is not set, and it is required in production",
            ),
            (
                "SUPABSE_URL",
                "x",
                "ENV-UNKNOWN SUPABSE_URL is not in the schema",
            ),
        ],
    );
}

#[test]
fn each_can_be_exported_and_edited() {
    let editor = jsonschema::validator_for(&own_schema()).unwrap();
    for (name, text) in ALL {
        let schema = schema(text);
        for environment in [None, Some("staging"), Some("production")] {
            let effective = schema.for_environment(environment);
            jsonschema::meta::validate(&json_schema(&effective)).unwrap();
            let example = example(&effective);
            let table = markdown(&effective);
            for variable in &schema.variables {
                assert!(example.contains(&format!("{}=", variable.name)), "{name}");
                assert!(
                    table.contains(&format!("| `{}` |", variable.name)),
                    "{name}"
                );
            }
        }
        let value: serde_json::Value = serde_yaml::from_str(text).unwrap();
        assert!(editor.is_valid(&value), "{name}");
    }
}
