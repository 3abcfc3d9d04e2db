//! The first contact over projects in memory.

mod types;

use proptest::prelude::*;

use super::*;
use crate::config;
use crate::env::first::looks;
use crate::project::sketch::Sketch;
use crate::terminal::Style;

const NEXT: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"dependencies":{"next":"^16.0.1"},"devDependencies":{"eslint":"^9.1","typescript":"5.9"}}"#,
    ),
    ("railway.json", "{}"),
    (
        ".env.example",
        "# Database\nDATABASE_URL=\"postgresql://postgres:postgres@localhost:5432/app\"\n\
         NEXT_PUBLIC_APP_URL=http://localhost:3000\nSTRIPE_SECRET_KEY=sk_test_...\n\
         NEXT_PUBLIC_MAPS_SECRET=x\nPORT=3000\n",
    ),
];

const WORKERS: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"dependencies":{"express":"5","bullmq":"5"},"devDependencies":{"vitest":"3"}}"#,
    ),
    (
        ".env.example",
        "REDIS_URL=redis://localhost:6379\nQUEUE_CONCURRENCY=5\nDEBUG=true\n\
         # one of: debug, info, warn\nLOG_LEVEL=info # noisy at debug\nRAILWAY_TOKEN=\nHOST=${{RAILWAY_PRIVATE_DOMAIN}}\n",
    ),
];

const VITE: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"devDependencies":{"vite":"7","prettier":"3"}}"#,
    ),
    (
        ".env.example",
        "VITE_API_URL=http://localhost:8000\nVITE_APP_NAME=Demo\n",
    ),
];

const FASTAPI: &[(&str, &str)] = &[
    (
        "pyproject.toml",
        "[project]\nname='api'\ndependencies=['fastapi>=0.115','alembic']\n[tool.ruff]\n[tool.mypy]\n",
    ),
    ("alembic.ini", ""),
    (
        ".env.example",
        "DATABASE_URL=postgresql+asyncpg://u:p@db/x\nDEBUG=False\nENABLE_CACHE=True\nSUPABASE_ANON_KEY=\n\
         ADMIN_EMAIL=admin@example.com\nSAMPLE_RATE=1.5\n",
    ),
];

const RUST: &[(&str, &str)] = &[(
    "Cargo.toml",
    "[package]\nname='a'\n[dependencies]\naxum='0.8'\n",
)];

fn drafted(files: &[(&str, &str)]) -> Draft {
    draft(&Project::new(Sketch::of(files)), None).unwrap()
}

fn text(files: &[(&str, &str)], path: &str) -> String {
    let draft = drafted(files);
    let mut written = draft.files.into_iter();
    let file = written.find(|file| file.path == path.into());
    file.map(|file| file.text).unwrap_or_default()
}

fn told(files: &[(&str, &str)]) -> String {
    future(&drafted(files), None, Style::PLAIN)
}

/// What a written schema says of a variable.
fn says(example: &str, name: &str) -> serde_json::Value {
    let text = text(&[(".env.example", example)], ENV_SCHEMA);
    let value = config::yaml_value(&text).unwrap_or_else(|| panic!("{text}"));
    value["variables"][name].clone()
}

#[test]
fn people_are_told_what_was_found_and_what_will_be_written() {
    insta::assert_snapshot!(told(NEXT), @"
found   Next.js 16
found   Railway: railway.json
found   eslint 9, tsc 5
read    .env.example: 5 variables, 2 secrets, 2 public
note    browsers get to see NEXT_PUBLIC_MAPS_SECRET, though the name says secret
write   guard.yaml (new, 19 lines)
write   schemas/env.yaml (new, 18 lines)
");
    insta::assert_snapshot!(told(RUST), @"
found   Rust + axum 0.8
found   clippy, rustfmt
read    no .env.example: schemas/env.yaml begins with the first one
write   guard.yaml (new, 19 lines)
");
    insta::assert_snapshot!(told(&[("go.mod", ""), ("main.go", "")]), @"
found   Go: guard has no tools for it yet; hooks and commands of your own work
        all the same
read    no .env.example: schemas/env.yaml begins with the first one
write   guard.yaml (new, 18 lines)
");
    insta::assert_snapshot!(told(&[("README.md", "")]), @"
found   no package that guard knows in 1 file; hooks and commands of your own
        work all the same
read    no .env.example: schemas/env.yaml begins with the first one
write   guard.yaml (new, 18 lines)
");
}

#[test]
fn a_monorepo_is_told_on_few_lines() {
    insta::assert_snapshot!(told(&[
        ("package.json", r#"{"devDependencies":{"husky":"^9"}}"#),
        ("pnpm-workspace.yaml", "packages: ['apps/*', 'packages/*']\n"),
        (".husky/pre-commit", "npm test\n"),
        ("apps/web/package.json", r#"{"dependencies":{"next":"16"}}"#),
        ("apps/web/railway.json", "{}"),
        ("apps/web/.env.example", "A=1\nnonsense\n"),
        ("apps/jobs/package.json", r#"{"dependencies":{"express":"5","bullmq":"5"}}"#),
        ("apps/api/pyproject.toml", "[project]\ndependencies=['fastapi','alembic']\n"),
        ("apps/api/railway.toml", ""),
        ("packages/ui/package.json", "{}"),
        ("packages/db/package.json", "{}"),
        ("guard.toml", ""),
    ]), @"
found   FastAPI + Alembic (apps/api) · Express 5 + BullMQ workers (apps/jobs) ·
        Next.js 16 (apps/web) · 3 more packages
found   pnpm workspace: 4 packages
found   Railway: apps/api/railway.toml, apps/web/railway.json
found   hooks by: husky 9 (.husky)
read    apps/web/.env.example: 1 variable, 0 secrets, 0 public; line 2 is no
        assignment
write   schemas/env.yaml (new, 9 lines)
keep    guard.toml is there already and stays as it is
");
}

#[test]
fn each_stack_gets_its_guard_yaml() {
    insta::assert_snapshot!(text(NEXT, SETTINGS), @r#"
# yaml-language-server: $schema=.git/guard/schema/guard.json
# What guard does here at a commit, at a push and in CI. The line above is for editors:
# `guard init` keeps that file up to date, `guard schema config` prints it.
min_version: "0.1"

# Built-in checks need no entry: the tools that the project has are found.
#   guard run pre-commit --plan    what would run at a commit, and why
#   guard explain config           what can be set, and from where it comes
# Found when this was written: eslint, tsc.
# checks:
#   coverage: { min: 80 }        # the share of lines that tests must reach

# Commands of your own stand beside them, for example:
# commands:
#   smoke:
#     run: ./scripts/smoke.sh
#     files: none
#     at: [push]
#     branches: [main, "release/*"]
"#);
    insta::assert_snapshot!(text(FASTAPI, SETTINGS), @r#"
# yaml-language-server: $schema=.git/guard/schema/guard.json
# What guard does here at a commit, at a push and in CI. The line above is for editors:
# `guard init` keeps that file up to date, `guard schema config` prints it.
min_version: "0.1"

# Built-in checks need no entry: the tools that the project has are found.
#   guard run pre-commit --plan    what would run at a commit, and why
#   guard explain config           what can be set, and from where it comes
# Found when this was written: ruff, mypy.
# checks:
#   coverage: { min: 80 }        # the share of lines that tests must reach

# Commands of your own stand beside them, for example:
# commands:
#   migrations:
#     run: alembic check
#     files: ["**/*.py"]
#     at: [push]
#     branches: [main]
"#);
}

#[test]
fn each_stack_gets_its_schema() {
    insta::assert_snapshot!(text(NEXT, ENV_SCHEMA), @r#"
# What the environment of this project must hold.
# First written from .env.example.
# Guesses to be corrected: a variable of which little is known is a plain string.
#   type: string, url, int, float, bool, port, email, enum, duration, json, list, ...
#   required: true, false, or the environments that need it: [production]
#   secret: true hides the value; visibility: public is what browsers get to see
#   provided_by: railway needs no value of yours
variables:
  DATABASE_URL:
    type: url
    schemes: [postgresql, postgres, "postgresql+asyncpg"]
    secret: true
    required: true
    description: Database
  NEXT_PUBLIC_APP_URL: { type: url, schemes: [http, https], visibility: public }
  STRIPE_SECRET_KEY: { type: string, secret: true, required: true }
  NEXT_PUBLIC_MAPS_SECRET: { type: string, visibility: public }
  PORT: { type: port }
"#);
    insta::assert_snapshot!(text(WORKERS, ENV_SCHEMA), @r#"
# What the environment of this project must hold.
# First written from .env.example.
# Guesses to be corrected: a variable of which little is known is a plain string.
#   type: string, url, int, float, bool, port, email, enum, duration, json, list, ...
#   required: true, false, or the environments that need it: [production]
#   secret: true hides the value; visibility: public is what browsers get to see
#   provided_by: railway needs no value of yours
variables:
  REDIS_URL: { type: url, schemes: [redis, rediss], secret: true, required: true }
  QUEUE_CONCURRENCY: { type: int, default: 5 }
  DEBUG: { type: bool }
  LOG_LEVEL:
    type: enum
    enum: [debug, info, warn]
    default: info
    description: "one of: debug, info, warn noisy at debug"
  RAILWAY_TOKEN: { type: string, secret: true }
  HOST: { type: string, provided_by: railway }
"#);
    insta::assert_snapshot!(text(VITE, ENV_SCHEMA), @"
# What the environment of this project must hold.
# First written from .env.example.
# Guesses to be corrected: a variable of which little is known is a plain string.
#   type: string, url, int, float, bool, port, email, enum, duration, json, list, ...
#   required: true, false, or the environments that need it: [production]
#   secret: true hides the value; visibility: public is what browsers get to see
#   provided_by: railway needs no value of yours
variables:
  VITE_API_URL: { type: url, schemes: [http, https], visibility: public }
  VITE_APP_NAME: { type: string, visibility: public, default: Demo }
");
    insta::assert_snapshot!(text(FASTAPI, ENV_SCHEMA), @r#"
# What the environment of this project must hold.
# First written from .env.example.
# Guesses to be corrected: a variable of which little is known is a plain string.
#   type: string, url, int, float, bool, port, email, enum, duration, json, list, ...
#   required: true, false, or the environments that need it: [production]
#   secret: true hides the value; visibility: public is what browsers get to see
#   provided_by: railway needs no value of yours
variables:
  DATABASE_URL:
    type: url
    schemes: [postgresql, postgres, "postgresql+asyncpg"]
    secret: true
    required: true
  DEBUG: { type: bool }
  ENABLE_CACHE: { type: bool, default: true }
  SUPABASE_ANON_KEY: { type: string }
  ADMIN_EMAIL: { type: email }
  SAMPLE_RATE: { type: float, default: 1.5 }
"#);
    assert_eq!(text(RUST, ENV_SCHEMA), "");
}

#[test]
fn every_guard_yaml_loads_and_so_do_its_examples() {
    for files in [
        NEXT,
        WORKERS,
        VITE,
        FASTAPI,
        RUST,
        &[
            ("prisma/x", ""),
            ("package.json", r#"{"dependencies":{"prisma":"6"}}"#),
        ],
    ] {
        let text = text(files, SETTINGS);
        config::parse("yaml", &text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        // Without the marks of comments, what is shown as an example of a command is one.
        let (_, shown) = text.split_once("# commands:\n").unwrap();
        let bare: String = shown
            .lines()
            .map(|line| line.replacen("# ", "", 1) + "\n")
            .collect();
        let whole = format!("commands:\n{bare}");
        config::parse("yaml", &whole).unwrap_or_else(|error| panic!("{error:?}\n{whole}"));
    }
}

#[test]
fn several_examples_say_only_what_all_of_them_say() {
    let text = text(
        &[
            (".env.example", "A=1\nB=2\nSHARED=x\n"),
            (
                "web/.env.example",
                "B=yes\nSHARED=x\nDATABASE_URL=postgres://u:p@h/d\n",
            ),
        ],
        ENV_SCHEMA,
    );
    insta::assert_snapshot!(text, @r#"
# What the environment of this project must hold.
# First written from .env.example, web/.env.example.
# Guesses to be corrected: a variable of which little is known is a plain string.
#   type: string, url, int, float, bool, port, email, enum, duration, json, list, ...
#   required: true, false, or the environments that need it: [production]
#   secret: true hides the value; visibility: public is what browsers get to see
#   provided_by: railway needs no value of yours
variables:
  # .env.example
  A: { type: string, default: "1" }
  # .env.example, web/.env.example
  B: { type: string }
  SHARED: { type: string, default: x }
  # web/.env.example
  DATABASE_URL:
    type: url
    schemes: [postgresql, postgres, "postgresql+asyncpg"]
    secret: true
    required: true
"#);
}

#[test]
fn what_stands_already_is_kept_whatever_it_is() {
    let draft = drafted(&[
        ("guard.json", "{"),
        ("schemas/env.yaml", "x"),
        (".env.example", "A=1\n"),
    ]);
    assert!(draft.files.is_empty());
    assert_eq!(draft.kept, ["guard.json".into(), ENV_SCHEMA.into()]);
}

#[test]
fn commands_for_a_file_that_is_kept_are_shown() {
    let project = Project::new(Sketch::of(&[
        ("guard.yaml", "jobs: 2\n"),
        (".husky/pre-commit", "npm test\n"),
    ]));
    let draft = draft(&project, Some(From::Husky)).unwrap();
    insta::assert_snapshot!(past(&draft, Style::PLAIN), @"
add     guard.yaml is never overwritten; these commands are to be added to it by
        hand:
commands:
  # .husky/pre-commit: npm test
  test:
    run: npm test
    at: [commit, ci]
");
}

proptest! {
    #[test]
    fn whatever_an_example_says_the_schema_reads_and_hides(text in "(?s).{0,300}", lines in prop::collection::vec(("(export )?[A-Z_]{1,12}(KEY|URL|TOKEN|PORT|)", " ?= ?", ".{0,30}", "( # .{0,20})?"), 0..12)) {
        let lines: Vec<String> = lines.into_iter().map(|(name, is, value, behind)| format!("{name}{is}{value}{behind}")).collect();
        let lines = lines.join("\n");
        for example in [text.as_str(), &lines] {
            let files = [(".env.example", example), ("a/.env.example", &lines)];
            let project = Project::new(Sketch::of(&files));
            let draft = draft(&project, None).unwrap();
            let _ = future(&draft, None, Style::PLAIN);
            for file in &draft.files {
                let read = config::yaml_value(&file.text);
                prop_assert!(read.is_some(), "{}", file.text);
                if file.path == RepoPath::from(ENV_SCHEMA) {
                    for (_, variable) in read.unwrap()["variables"].as_object().unwrap() {
                        prop_assert!(variable.get("secret").is_none() || variable.get("default").is_none());
                    }
                }
            }
        }
    }
}

/// Real examples of public repositories may lie beside the checkout; they are not copied into it.
#[test]
fn real_examples_give_schemas_without_secrets() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut corpus = folder
        .ancestors()
        .map(|folder| folder.join("shared/corpus/env"));
    let Some(corpus) = corpus.find(|folder| folder.is_dir()) else {
        return;
    };
    let mut read = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let shown_example = String::from_utf8_lossy(&bytes);
        let written = text(&[(".env.example", &shown_example)], ENV_SCHEMA);
        let shown = path.display();
        let schema = config::yaml_value(&written).unwrap_or_else(|| panic!("{shown}:\n{written}"));
        let entries = example::read(&shown_example).entries;
        assert!(
            entries.len() + 1
                >= shown_example
                    .lines()
                    .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase())
                        && line.contains('='))
                    .count(),
            "{shown}"
        );
        for entry in entries {
            read += 1;
            let said = &schema["variables"][&entry.name];
            assert!(said.is_object(), "{shown}: {}", entry.name);
            if !looks::is_secret_name(&entry.name) && !looks::may_be_secret(&entry.value)
                || entry.value.len() < 6
            {
                continue;
            }
            let told = format!("{}\n{}", said["default"], said["description"]);
            assert!(
                !told.contains(&entry.value),
                "{shown}: {} shows its value: {told}",
                entry.name
            );
        }
    }
    assert!(read > 300, "only {read} variables were read");
}

#[test]
fn a_formatter_of_yaml_is_not_asked_about_what_init_wrote() {
    let line = "format: { exclude: [guard.yaml, schemas/env.yaml] }";
    for (manifest, is_said) in [
        (r#"{"devDependencies": {"prettier": "3"}}"#, true),
        (r#"{"devDependencies": {"@biomejs/biome": "2"}}"#, true),
        (r#"{"devDependencies": {"eslint": "9"}}"#, false),
        ("{}", false),
    ] {
        let text = text(&[("package.json", manifest)], "guard.yaml");
        assert_eq!(text.contains(line), is_said, "{manifest}: {text}");
        let config = config::parse("yaml", &text).expect("it loads");
        let exclude = &config.checks["format"].exclude;
        assert_eq!(exclude.is_empty(), !is_said, "{manifest}");
    }
}
