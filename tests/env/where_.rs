//! `guard env where`: who describes a variable, sets it and reads it.

use serde_json::json;

use crate::support::Repo;

const SCHEMA: &str = "\
variables:
  DATABASE_URL: { type: url, secret: true, required: true, visibility: server }
  LIMIT: { type: int }
environments:
  staging: { variables: { LIMIT: { required: true } } }
  production: { extends: staging, variables: { LIMIT: { min: 2 } } }
";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("schemas/env.yaml", SCHEMA)
        .write(".gitignore", ".env\n.env.local\n")
        .write("package.json", "{}")
        .write("web/package.json", "{}")
        .write(".env.example", "DATABASE_URL=\n")
        .write(
            "src/db.ts",
            "// DATABASE_URL\nconst url = process.env.DATABASE_URL;\n",
        )
        .write(
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    env:\n      DATABASE_URL: ${{ secrets.DATABASE_URL }}\n",
        )
        .write(
            "compose.yml",
            "services:\n  a:\n    environment:\n      DATABASE_URL: x\n",
        )
        .stage();
    repo.write(
        ".env",
        "A=1\nDATABASE_URL=planted-one\nDATABASE_URL=planted-other\n",
    )
    .write("web/.env.local", "DATABASE_URL='planted third'\n");
    repo
}

#[test]
fn everything_that_is_known_of_a_variable_is_listed_without_its_value() {
    let repo = repo();
    let ran = repo
        .guard("env where DATABASE_URL")
        .env("DATABASE_URL", "planted-fourth")
        .run();
    insta::assert_snapshot!(ran.whole(), @r"
    exit 0
    --- out
    DATABASE_URL
    schema
      schemas/env.yaml:2  everywhere: url, required, server, secret
    files
      .env:2            11 bytes, replaced further down
      .env:3            13 bytes
      web/.env.local:1  13 bytes
    example
      .env.example:1  0 bytes
    process
      set
    read
      src/db.ts:2  read
    set or handed in
      .github/workflows/ci.yml:4  set
      .github/workflows/ci.yml:4  a secret of the forge
      compose.yml:4               set
    --- err
    ");
}

#[test]
fn programs_get_all_of_it() {
    let repo = repo();
    let ran = repo.guard("env where DATABASE_URL --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.out.contains("planted"), "{}", ran.out);
    let data = &ran.json()["data"];
    assert_eq!(data["variable"], "DATABASE_URL");
    assert_eq!(data["process"], false);
    assert_eq!(data["used"], json!(["src/db.ts:2"]));
    assert_eq!(data["schema"][0]["line"], 2);
    assert_eq!(data["schema"][0]["required"], "always");
    let files = data["files"].as_array().expect("a list");
    let places: Vec<String> = files
        .iter()
        .map(|set| {
            format!(
                "{}:{} {} {}",
                set["path"].as_str().unwrap(),
                set["line"],
                set["length"],
                set["wins"]
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            ".env:2 11 false",
            ".env:3 13 true",
            ".env.example:1 0 true",
            "web/.env.local:1 13 true"
        ]
    );
}

#[test]
fn what_holds_in_an_environment_comes_from_what_it_extends() {
    let repo = repo();
    let ran = repo.guard("env where LIMIT --format json").run();
    let schema = ran.json()["data"]["schema"].clone();
    let said: Vec<String> = schema
        .as_array()
        .expect("a list")
        .iter()
        .map(|said| {
            format!(
                "{} {} {} {}",
                said["environment"], said["line"], said["type"], said["required"]
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "null 3 \"int\" \"no\"",
            "\"staging\" 5 \"int\" \"always\"",
            "\"production\" 6 \"int\" \"always\""
        ]
    );
}

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    let repo = repo();
    let ran = repo.guard("env where DATABASE_ULR").run();
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.err.contains("did you mean `DATABASE_URL`?"),
        "{}",
        ran.err
    );
    let ran = repo
        .guard("env where NOTHING_LIKE_IT_HERE --format json")
        .run();
    assert_eq!(
        (ran.code, ran.json()["verdict"].as_str()),
        (1, Some("failed"))
    );
    let ran = repo.guard("env where HOME").run();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("process\n  set"), "{}", ran.out);
}

#[test]
fn a_folder_without_a_repository_will_do() {
    let repo = repo();
    let app = repo.beside("app");
    std::fs::create_dir_all(&app).unwrap();
    std::fs::write(app.join(".env"), "ONE=planted\n").unwrap();
    let ran = repo.guard("env where ONE").within(&app).run();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains(".env:1") && !ran.out.contains("planted"),
        "{}",
        ran.out
    );
}
