//! Schemas of code and examples become schemas/env.yaml, and what of them does not is said.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::Repo;

/// The schema of a web application, with an environment each.
const APPLICATION: &str = include_str!("../cases/env/import/environment.schema.ts");

/// Settings of a service.
const SETTINGS: &str = include_str!("../cases/env/import/settings.py");

const EXAMPLES: [(&str, &str, &str, &str); 4] = [
    (
        "ainative",
        include_str!("../../examples/env/ainative.yaml"),
        include_str!("../../examples/env/ainative.good.env"),
        include_str!("../../examples/env/ainative.bad.env"),
    ),
    (
        "farm",
        include_str!("../../examples/env/farm.yaml"),
        include_str!("../../examples/env/farm.good.env"),
        include_str!("../../examples/env/farm.bad.env"),
    ),
    (
        "pm33",
        include_str!("../../examples/env/pm33.yaml"),
        include_str!("../../examples/env/pm33.good.env"),
        include_str!("../../examples/env/pm33.bad.env"),
    ),
    (
        "sentia",
        include_str!("../../examples/env/sentia.yaml"),
        include_str!("../../examples/env/sentia.good.env"),
        include_str!("../../examples/env/sentia.bad.env"),
    ),
];

#[test]
fn the_schema_of_an_application_comes_over() {
    let repo = Repo::new();
    repo.write("config/environment.schema.ts", APPLICATION);
    let ran = repo
        .guard("env import --from zod config/environment.schema.ts")
        .run();
    assert_snapshot!(ran.whole(), @r#"
    exit 0
    --- out
    # What the environment of this project must hold.
    # Carried over from config/environment.schema.ts by `guard env import`.
    # stricter than the code, lines 26, 27: `coerce.boolean()` takes every text but the empty one for true, "false" too; guard takes it for false
    variables:
      NEXT_PUBLIC_API_BASE_URL: { type: url, visibility: public, required: true }
      NEXT_PUBLIC_API_TIMEOUT: { type: int, min: 1000, max: 60000, visibility: public, required: true }
      NEXT_PUBLIC_ENVIRONMENT:
        enum: [development, staging, production]
        visibility: public
        required: true
      NEXTAUTH_URL: { type: url, required: true }
      NEXTAUTH_SECRET: { type: string, min_length: 32, secret: true, required: true }
      # some providers give postgres://: `prefix: ["postgresql://", "postgres://"]` takes both
      DATABASE_URL: { type: string, prefix: "postgresql://", secret: true, required: true }
      DATABASE_POOL_SIZE: { type: int, min: 5, max: 50, default: 10 }
      # some providers give rediss://: `prefix: ["redis://", "rediss://"]` takes both
      REDIS_URL: { type: string, prefix: "redis://", secret: true, required: true }
      # not everywhere the same, and so with each environment: `prefix`
      OPENAI_API_KEY: { type: string, secret: true, required: [production] }
      ANTHROPIC_API_KEY: { type: string, prefix: sk-ant-, secret: true, required: [production] }
      NEXT_PUBLIC_ENABLE_AI_FEATURES: { type: bool, visibility: public, default: true }
      NEXT_PUBLIC_ENABLE_QUANTUM_FEATURES: { type: bool, visibility: public, default: false }
      NEXT_PUBLIC_SENTRY_DSN: { type: url, visibility: public, required: [production] }
      NEXT_PUBLIC_GA_ID: { type: string, visibility: public, required: [production] }
    environments:
      development:
        variables:
          OPENAI_API_KEY: { prefix: sk- }
      staging:
        variables:
          NEXT_PUBLIC_ENVIRONMENT: { const: staging }
      production:
        variables:
          NEXT_PUBLIC_ENVIRONMENT: { const: production }
          OPENAI_API_KEY: { prefix: sk- }
          NEXT_PUBLIC_GA_ID: { pattern: "^G-[A-Z0-9]+$" }
          STRIPE_SECRET_KEY: { type: string, prefix: sk_live_, secret: true, required: true }
    --- err
    warning: config/environment.schema.ts:26:44: NEXT_PUBLIC_ENABLE_AI_FEATURES: `coerce.boolean()` takes every text but the empty one for true, "false" too; guard takes it for false
    warning: config/environment.schema.ts:27:49: NEXT_PUBLIC_ENABLE_QUANTUM_FEATURES: `coerce.boolean()` takes every text but the empty one for true, "false" too; guard takes it for false
    "#);
    let ran = repo
        .guard("env import config/environment.schema.ts --write")
        .run();
    assert_snapshot!(ran.whole(), @r#"
    exit 0
    --- out
    wrote schemas/env.yaml: 15 variables, 3 environments; 2 things could not be carried over
    --- err
    note: read as zod, by its name; `--from` says otherwise
    warning: config/environment.schema.ts:26:44: NEXT_PUBLIC_ENABLE_AI_FEATURES: `coerce.boolean()` takes every text but the empty one for true, "false" too; guard takes it for false
    warning: config/environment.schema.ts:27:49: NEXT_PUBLIC_ENABLE_QUANTUM_FEATURES: `coerce.boolean()` takes every text but the empty one for true, "false" too; guard takes it for false
    "#);
    // The schema is accepted, and asks each environment for what the code asks there.
    repo.write(".env.production", "NEXT_PUBLIC_ENVIRONMENT=staging\n");
    let ran = repo.guard("env check --format json").run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let codes = codes(&ran.json());
    assert_eq!(codes[&("ENV-ENUM".to_owned(), Some(1))], 1);
    assert_eq!(codes[&("ENV-MISSING".to_owned(), None)], 11);
}

#[test]
fn the_settings_of_a_service_come_over() {
    let repo = Repo::new();
    repo.write("settings.py", SETTINGS);
    let ran = repo.guard("env import --from pydantic settings.py").run();
    assert_snapshot!(ran.whole(), @r#"
    exit 0
    --- out
    # What the environment of this project must hold.
    # Carried over from settings.py by `guard env import`.
    variables:
      APP_DEBUG: { type: bool, default: false }
      APP_LEVEL: { enum: [INFO, DEBUG], default: INFO }
      APP_STAGE: { enum: [development, production], required: true }
      APP_API_URL: { type: url, schemes: [http, https], required: true }
      APP_SECRET_KEY: { type: string, min_length: 32, secret: true, required: true }
      # could not be carried over, line 27: its default is not copied: it may be a secret
      APP_JWT_SECRET: { type: string, secret: true }
      APP_WORKERS:
        type: int
        min: 1
        max: 64
        default: 4
        description: "How many processes serve requests."
      APP_SAMPLE_RATE: { type: float, min: 0, max: 1, default: 0.1 }
      APP_REGION: { type: string, pattern: "^[a-z]+-[a-z]+-[0-9]$", default: eu-west-1 }
      DATABASE_URL: { type: string, secret: true, required: true }
      # could not be carried over, line 36: `field_validator` is code, which is not carried over
      APP_SENDER: { type: string }
      # could not be carried over, line 33: the type `list[str]` has no counterpart here
      # could not be carried over, line 33: the default is made by code
      APP_ORIGINS: { type: string }
      # could not be carried over, line 34: `APP_MAIL` as one JSON text: its fields stand here one by one
      APP_MAIL__HOST: { type: string, required: true }
      APP_MAIL__PORT: { type: int, min: 1, max: 65535, default: 587 }
      APP_MAIL__PASSWORD: { type: string, secret: true, required: true }
    --- err
    warning: settings.py:27:5: APP_JWT_SECRET: its default is not copied: it may be a secret
    warning: settings.py:33:14: APP_ORIGINS: the type `list[str]` has no counterpart here
    warning: settings.py:33:26: APP_ORIGINS: the default is made by code
    warning: settings.py:34:5: APP_MAIL__HOST: `APP_MAIL` as one JSON text: its fields stand here one by one
    warning: settings.py:36:6: APP_SENDER: `field_validator` is code, which is not carried over
    "#);
}

#[test]
fn an_example_is_guessed_from() {
    let repo = Repo::new();
    let example =
        "# Where it listens\nPORT=3000\nJWT_SECRET=\nLOG_LEVEL=info # debug | info\nnonsense\n";
    let ran = repo.guard("env import -").stdin(example).run();
    assert_snapshot!(ran.whole(), @r#"
    exit 0
    --- out
    # What the environment of this project must hold.
    # First written from standard input.
    # Guesses to be corrected: a variable of which little is known is a plain string.
    #   type: string, url, int, float, bool, port, email, enum, duration, json, list, ...
    #   required: true, false, or the environments that need it: [production]
    #   secret: true hides the value; visibility: public is what browsers get to see
    #   provided_by: railway needs no value of yours
    variables:
      PORT: { type: port, description: "Where it listens" }
      JWT_SECRET: { type: string, secret: true }
      LOG_LEVEL: { type: enum, enum: [debug, info], default: info, description: "debug | info" }
    --- err
    note: read as example, by its content; `--from` says otherwise
    warning: standard input:5:1: this line sets no variable
    "#);
}

#[test]
fn programs_get_the_schema_and_what_was_lost() {
    let repo = Repo::new();
    repo.write(
        "env.ts",
        "export const env = createEnv({\n  server: { A: z.string().refine(ok) },\n});\n",
    );
    let ran = repo
        .guard("env import --from t3-env env.ts --format json")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let data = &ran.json()["data"];
    let yaml = data["yaml"].as_str().expect("a text");
    assert!(
        yaml.contains("A: { type: string, visibility: server, required: true }"),
        "{yaml}"
    );
    assert_eq!(
        data["lost"],
        serde_json::json!([{ "line": 2, "column": 27, "variable": "A", "what": "`refine` is code, which is not carried over" }])
    );
}

#[test]
fn what_is_no_schema_is_told_and_nothing_is_written() {
    let repo = Repo::new();
    repo.write("none.ts", "export const a = 1;\n")
        .write("broken.ts", "export const a = z.object({\n  A: ,\n});\n")
        .write("broken.py", "class S(BaseSettings:\n  a: str\n")
        .write("none.py", "a = 1\n")
        .write("prose.txt", "nothing here\n")
        .write("binary.ts", b"const a = '\xff';")
        .write(".env.example", "# nothing yet\n")
        .write("folder/x", "");
    for (arguments, code, said) in [
        ("none.ts", 1, "there is no schema in `none.ts`"),
        (
            "broken.ts",
            1,
            "broken.ts:2:6: the file does not parse as TypeScript",
        ),
        ("broken.py", 1, "the file does not parse as Python"),
        ("none.py", 1, "there is no schema in `none.py`"),
        (".env.example", 1, "there is no schema in `.env.example`"),
        ("binary.ts", 1, "binary.ts:1:12: this is not UTF-8"),
        ("folder --from zod", 1, "`folder` cannot be read"),
        ("prose.txt", 2, "nothing says what `prose.txt` is"),
        ("missing.ts", 2, "there is no `missing.ts`"),
        ("none.ts --from nonsense", 2, "invalid value"),
    ] {
        let ran = repo.guard(&format!("env import {arguments} --write")).run();
        assert_eq!(ran.code, code, "{arguments}: {}", ran.whole());
        assert!(ran.err.contains(said), "{arguments}: {}", ran.whole());
        assert_eq!(ran.out, "", "{arguments}");
    }
    assert!(!repo.has("schemas"));
}

#[test]
fn a_schema_that_stands_is_never_written_over() {
    let repo = Repo::new();
    repo.write(
        "env.ts",
        "export const env = z.object({ A: z.string() });\n",
    )
    .write("schemas/env.yaml", "variables: {}\n");
    let ran = repo.guard("env import env.ts --write").run();
    assert_eq!(ran.code, 6, "{}", ran.whole());
    assert!(ran.err.contains("stands already"), "{}", ran.err);
    assert_eq!(repo.read("schemas/env.yaml"), "variables: {}\n");
    let ran = repo.guard("env import env.ts --write --format json").run();
    assert_eq!(
        (ran.code, ran.json()["verdict"].as_str()),
        (6, Some("refused"))
    );

    // Nor does a link lead out.
    let repo = Repo::new();
    repo.write(
        "env.ts",
        "export const env = z.object({ A: z.string() });\n",
    );
    let outside = repo.beside("outside");
    std::fs::create_dir(&outside).expect("a folder");
    std::os::unix::fs::symlink(&outside, repo.path.join("schemas")).expect("a link");
    let ran = repo.guard("env import env.ts --write").run();
    assert_eq!(ran.code, 6, "{}", ran.whole());
    assert_eq!(std::fs::read_dir(outside).expect("it is there").count(), 0);
}

#[test]
fn an_example_and_a_page_come_from_the_schema() {
    let repo = Repo::new();
    for command in ["example", "docs"] {
        let ran = repo.guard(&format!("env {command}")).run();
        assert_eq!(ran.code, 2, "{}", ran.whole());
        assert!(ran.err.contains("guard env import FILE"), "{}", ran.err);
    }
    repo.write(
        "schemas/env.yaml",
        "variables:\n  PORT: { type: port, default: 3000, description: Where it listens. }\n  TOKEN: { secret: true, required: [production] }\nenvironments:\n  production: { variables: { PORT: { default: 80 } } }\n",
    );
    let ran = repo.guard("env example --env production --write").run();
    assert_eq!((ran.code, ran.out.as_str()), (0, "wrote .env.example\n"));
    assert_snapshot!(repo.read(".env.example"), @r#"
    # Made from schemas/env.yaml by `guard env example`.
    # Copy it to .env.local and fill in what is empty.

    # --- Needed in some environments, or with others ---

    # string; required in production; secret
    TOKEN=

    # --- Optional ---

    # Where it listens.
    # port
    PORT=80
    "#);
    assert_eq!(repo.guard("env check .env.example").run().code, 0);
    let ran = repo.guard("env example --write").run();
    assert_eq!(ran.code, 6, "{}", ran.whole());
    assert!(ran.err.contains("guard env check"), "{}", ran.err);
    let ran = repo.guard("env docs").run();
    assert_snapshot!(ran.whole(), @r#"
    exit 0
    --- out
    | Variable | What it is | Required | Default | Notes |
    |---|---|---|---|---|
    | `PORT` | port | no | `3000` | Where it listens. |
    | `TOKEN` | string | in production |  | Secret. |
    --- err
    "#);
    let ran = repo.guard("env docs --env prodution").run();
    assert_eq!(ran.code, 2, "{}", ran.whole());
    let ran = repo
        .guard("env docs --as json-schema --env production --format json")
        .run();
    assert_eq!(
        ran.json()["data"]["json_schema"]["required"],
        serde_json::json!(["TOKEN"])
    );
    repo.write("schemas/env.yaml", "variables: { A: { type: nonsense } }\n");
    assert_eq!(repo.guard("env docs").run().code, 2);
}

#[test]
fn a_json_schema_takes_good_values_and_no_bad_ones() {
    let repo = Repo::new();
    repo.write("env.ts", APPLICATION);
    assert_eq!(repo.guard("env import env.ts --write").run().code, 0);
    let ran = repo
        .guard("env docs --as json-schema --env production")
        .run();
    let schema: Value = serde_json::from_str(&ran.out).expect("JSON");
    jsonschema::meta::validate(&schema).expect("a schema of its draft");
    let validator = jsonschema::validator_for(&schema).expect("it compiles");
    let mut good = serde_json::json!({
        "NEXT_PUBLIC_API_BASE_URL": "https://api.ainative.internal",
        "NEXT_PUBLIC_API_TIMEOUT": 5000,
        "NEXT_PUBLIC_ENVIRONMENT": "production",
        "NEXTAUTH_URL": "https://app.ainative.internal",
        "NEXTAUTH_SECRET": "made-up-".repeat(5),
        "DATABASE_URL": "postgresql://db.ainative.internal/app",
        "REDIS_URL": "redis://cache.ainative.internal",
        "OPENAI_API_KEY": "sk-made-up",
        "ANTHROPIC_API_KEY": "sk-ant-made-up",
        "STRIPE_SECRET_KEY": "sk_live_made-up",
        "NEXT_PUBLIC_SENTRY_DSN": "https://sentry.ainative.internal/1",
        "NEXT_PUBLIC_GA_ID": "G-MADEUP",
    });
    assert!(validator.is_valid(&good), "{:?}", validator.validate(&good));
    for (name, bad) in [
        ("NEXT_PUBLIC_API_TIMEOUT", Value::from(500)),
        ("NEXT_PUBLIC_ENVIRONMENT", Value::from("staging")),
        ("NEXTAUTH_SECRET", Value::from("short")),
        ("STRIPE_SECRET_KEY", Value::from("sk_other_made-up")),
        ("NEXT_PUBLIC_GA_ID", Value::from("UA-1")),
    ] {
        let right = std::mem::replace(&mut good[name], bad);
        assert!(!validator.is_valid(&good), "{name}");
        good[name] = right;
    }
}

#[test]
fn a_filled_in_example_of_an_imported_schema_is_good() {
    let repo = Repo::new();
    repo.write("env.ts", APPLICATION);
    assert_eq!(repo.guard("env import env.ts --write").run().code, 0);
    assert_eq!(repo.guard("env example --write").run().code, 0);
    let values = BTreeMap::from([
        ("NEXT_PUBLIC_API_BASE_URL", "https://api.ainative.internal"),
        ("NEXT_PUBLIC_API_TIMEOUT", "5000"),
        ("NEXT_PUBLIC_ENVIRONMENT", "development"),
        ("NEXTAUTH_URL", "https://app.ainative.internal"),
        ("NEXTAUTH_SECRET", "made-up-made-up-made-up-made-up-made-up"),
        ("DATABASE_URL", "postgresql://db.ainative.internal/app"),
        ("REDIS_URL", "redis://cache.ainative.internal"),
    ]);
    let example = repo.read(".env.example");
    let filled: Vec<String> = example
        .lines()
        .map(|line| match line.split_once('=') {
            Some((name, "")) => format!("{name}={}", values.get(name).unwrap_or(&"")),
            _ => line.to_owned(),
        })
        .collect();
    repo.write(".gitignore", ".env.local\n")
        .write(".env.local", filled.join("\n") + "\n");
    let ran = repo.guard("env check .env.local").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    for name in values.keys() {
        let without = filled
            .iter()
            .filter(|line| !line.starts_with(&format!("{name}=")));
        let without: Vec<&str> = without.map(String::as_str).collect();
        repo.write(".env.local", without.join("\n") + "\n");
        let ran = repo.guard("env check .env.local").run();
        assert_eq!(ran.code, 1, "{name}: {}", ran.whole());
    }
}

/// How often each code is told on each line; those that block or warn.
fn codes(report: &Value) -> BTreeMap<(String, Option<u64>), usize> {
    let mut codes = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings") {
        if finding["severity"] != "info" {
            let code = finding["code"].as_str().expect("a code").to_owned();
            *codes.entry((code, finding["line"].as_u64())).or_default() += 1;
        }
    }
    codes
}

/// What the comments of a file say: the code of the line below, or of no line where something is missing.
fn expected(file: &str) -> BTreeMap<(String, Option<u64>), usize> {
    let mut codes = BTreeMap::new();
    for (line, at) in file.lines().zip(2..) {
        if let Some(code) = line.strip_prefix("# ENV-") {
            let (code, line) = match code.split_once(':') {
                Some((code, _)) => (code, None),
                None => (code, Some(at)),
            };
            *codes.entry((format!("ENV-{code}"), line)).or_default() += 1;
        }
    }
    codes
}

#[test]
fn the_good_files_of_the_examples_are_good_and_the_bad_ones_are_told() {
    for (name, schema, good, bad) in EXAMPLES {
        let repo = Repo::new();
        repo.write("schemas/env.yaml", schema)
            .write(".gitignore", ".env*\n");
        for (file, code, expected) in [(good, 0, BTreeMap::new()), (bad, 1, expected(bad))] {
            repo.write(".env.production", file);
            let ran = repo.guard("env check --format json").run();
            assert_eq!(ran.code, code, "{name}: {}", ran.whole());
            assert_eq!(codes(&ran.json()), expected, "{name}");
        }
    }
}

#[test]
fn the_files_of_the_examples_hold_no_secrets() {
    let repo = Repo::new();
    for (name, _, good, bad) in EXAMPLES {
        repo.write(format!("{name}.good.env"), good)
            .write(format!("{name}.bad.env"), bad);
    }
    let ran = repo.guard("secrets .").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
}
