//! Which type an example's value becomes, and what else is said of it.

use super::says;

#[test]
fn types_are_what_is_sure() {
    for (example, name, said) in [
        ("A=true", "A", r#"{"type":"bool","default":true}"#),
        ("A=False", "A", r#"{"type":"bool","default":false}"#),
        ("DEBUG=true", "DEBUG", r#"{"type":"bool"}"#),
        ("A=yes", "A", r#"{"type":"string","default":"yes"}"#),
        ("A=0", "A", r#"{"type":"string","default":"0"}"#),
        ("WORKERS=4", "WORKERS", r#"{"type":"int","default":4}"#),
        ("CHAT_ID=123456", "CHAT_ID", r#"{"type":"string"}"#),
        ("PIN=0042", "PIN", r#"{"type":"string","default":"0042"}"#),
        (
            "TEMPERATURE=0.7",
            "TEMPERATURE",
            r#"{"type":"float","default":0.7}"#,
        ),
        ("TIMEOUT=30", "TIMEOUT", r#"{"type":"float","default":30}"#),
        (
            "APP_VERSION=1.0",
            "APP_VERSION",
            r#"{"type":"string","default":"1.0"}"#,
        ),
        ("PORT=", "PORT", r#"{"type":"port"}"#),
        ("SMTP_PORT=587", "SMTP_PORT", r#"{"type":"port"}"#),
        ("SMTP_PORT=70000", "SMTP_PORT", r#"{"type":"string"}"#),
        (
            "DB_URL=postgres://h/d",
            "DB_URL",
            r#"{"type":"url","schemes":["postgresql","postgres","postgresql+asyncpg"]}"#,
        ),
        (
            "DB_URL=postgresql+psycopg://h/d",
            "DB_URL",
            r#"{"type":"url","schemes":["postgresql","postgres","postgresql+asyncpg","postgresql+psycopg"]}"#,
        ),
        ("X=sqlite:///./a.db", "X", r#"{"type":"url"}"#),
        ("X=http://a.io,http://b.io", "X", r#"{"type":"string"}"#),
        (
            "ALLOWED_ORIGINS=http://a.io",
            "ALLOWED_ORIGINS",
            r#"{"type":"string"}"#,
        ),
        ("X=<your url>", "X", r#"{"type":"string"}"#),
        ("X=${Y}", "X", r#"{"type":"string"}"#),
        (
            "X=${{Postgres.URL}}",
            "X",
            r#"{"type":"string","provided_by":"railway"}"#,
        ),
        (
            "RAILWAY_REGION=x",
            "RAILWAY_REGION",
            r#"{"type":"string","provided_by":"railway"}"#,
        ),
        ("NODE_ENV=development", "NODE_ENV", r#"{"type":"string"}"#),
        (
            "# a | b | c\nMODE=b",
            "MODE",
            r#"{"type":"enum","enum":["a","b","c"],"default":"b","description":"a | b | c"}"#,
        ),
        (
            "# a | b | c\nMODE=d",
            "MODE",
            r#"{"type":"string","default":"d","description":"a | b | c"}"#,
        ),
        (
            "# development | test\nAPP_ENV=test",
            "APP_ENV",
            r#"{"type":"string","description":"development | test"}"#,
        ),
        (
            "API_KEY=your-key",
            "API_KEY",
            r#"{"type":"string","secret":true,"required":true}"#,
        ),
        ("API_KEY=", "API_KEY", r#"{"type":"string","secret":true}"#),
        (
            "# Optional.\nAPI_KEY=x",
            "API_KEY",
            r#"{"type":"string","secret":true,"description":"Optional."}"#,
        ),
        (
            "# API_KEY=x",
            "API_KEY",
            r#"{"type":"string","secret":true}"#,
        ),
        (
            "# REQUIRED. Where it listens.\nBIND=",
            "BIND",
            r#"{"type":"string","required":true,"description":"REQUIRED. Where it listens."}"#,
        ),
        (
            "NEXT_PUBLIC_NAME=abc",
            "NEXT_PUBLIC_NAME",
            r#"{"type":"string","visibility":"public","default":"abc"}"#,
        ),
        (
            "CONTACT_EMAIL=a@b.io",
            "CONTACT_EMAIL",
            r#"{"type":"email"}"#,
        ),
        ("MAIL_FROM=A <a@b.io>", "MAIL_FROM", r#"{"type":"string"}"#),
        (
            "# like sk-abcdefgh123\nMODEL=x",
            "MODEL",
            r#"{"type":"string","default":"x","description":"like"}"#,
        ),
    ] {
        let wanted: serde_json::Value = serde_json::from_str(said).unwrap();
        assert_eq!(says(example, name), wanted, "{example}");
    }
}
