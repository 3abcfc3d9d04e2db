//! What is dangerous in env files: placeholders, keys of the wrong world, secrets for browsers, examples left behind,
//! layers of files, schemas of packages, and the process itself.

use crate::support::{Ran, Repo};

const LIVE: &str = "rk_live_4eC39HqLyjWDarjtT1zdp7dc";

/// Each finding: where, how grave, which; sorted.
fn told(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let findings = report["findings"].as_array().expect("a list").iter();
    let mut told: Vec<String> = findings
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
            let number = |key: &str| {
                finding[key]
                    .as_u64()
                    .map_or("-".to_owned(), |it| it.to_string())
            };
            format!(
                "{}:{}:{} {} {}",
                text("path"),
                number("line"),
                number("column"),
                text("severity"),
                text("code")
            )
        })
        .collect();
    told.sort();
    told
}

fn check(repo: &Repo, arguments: &str) -> (i32, Vec<String>) {
    let ran = repo
        .guard(&format!("env check {arguments} --format json"))
        .run();
    (ran.code, told(&ran))
}

fn good() -> (i32, Vec<String>) {
    (0, Vec::new())
}

fn found(code: i32, findings: &[&str]) -> (i32, Vec<String>) {
    (
        code,
        findings
            .iter()
            .map(|finding| (*finding).to_owned())
            .collect(),
    )
}

#[test]
fn placeholders_and_keys_of_the_wrong_world_stand_at_the_value() {
    let repo = Repo::new();
    repo.write(".env.staging", format!("A=1\nPAY = \"{LIVE}\"\n"));
    repo.write(
        ".env.production",
        "KEY=your-key-here\nPAY=rk_test_4eC39HqLyjWDarjtT1zdp7dc\n",
    );
    repo.write(
        ".env",
        "KEY=changeme\nURL=https://your-domain-registry.io\n",
    );
    let ran = repo.guard("env check --format json").run();
    assert_eq!(ran.code, 1);
    assert_eq!(
        told(&ran),
        [
            ".env.production:1:5 error ENV-PLACEHOLDER",
            ".env.production:2:5 error ENV-TEST-KEY",
            ".env.staging:2:4 info ENV-BLANKS",
            ".env.staging:2:7 error ENV-LIVE-KEY",
            ".env:1:5 warning ENV-PLACEHOLDER",
        ]
    );
    assert!(!ran.whole().contains("4eC39H"), "{}", ran.whole());
    assert_eq!(
        check(&repo, "--env production .env"),
        found(1, &[".env:1:5 error ENV-PLACEHOLDER"])
    );
}

#[test]
fn a_secret_for_browsers_blocks_and_a_commit_is_stopped() {
    let repo = Repo::new();
    repo.write(
        "schemas/env.yaml",
        "variables: { VITE_KEY: { secret: true } }\n",
    );
    repo.write(".env.development", "VITE_KEY=q8Zr2mVx0LpT7s\n");
    assert_eq!(
        check(&repo, ""),
        found(1, &[".env.development:1:1 error ENV-PUBLIC-SECRET"])
    );
    repo.stage();
    let ran = repo.guard("run pre-commit --only env --format json").run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(told(&ran), [".env.development:1:1 error ENV-PUBLIC-SECRET"]);
}

#[test]
fn an_example_is_judged_when_it_is_named_and_real_secrets_in_it_are_told() {
    let repo = Repo::new();
    repo.write(
        "schemas/env.yaml",
        "variables:\n  PORT: { type: port }\n  KEY: { secret: true, required: true }\n",
    );
    repo.write(".env.example", "PORT=many\n");
    assert_eq!(check(&repo, ""), good(), "examples are left out");
    assert_eq!(
        check(&repo, ".env.example"),
        found(
            0,
            &[
                ".env.example:-:- warning ENV-EXAMPLE",
                ".env.example:1:6 warning ENV-TYPE"
            ]
        )
    );
    repo.write(".env.example", format!("PORT=3000\nKEY={LIVE}\n"));
    let (code, findings) = check(&repo, ".env.example");
    assert_eq!(code, 1);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(
        findings[0].starts_with(".env.example:2:5 error SEC-"),
        "{findings:?}"
    );
}

#[test]
fn what_is_read_together_is_judged_together() {
    let repo = Repo::new();
    repo.write(
        "schemas/env.yaml",
        "variables: { A: { required: true }, B: { required: true } }\n",
    );
    repo.write(".gitignore", ".env*\n");
    repo.write(
        "package.json",
        "{ \"dependencies\": { \"next\": \"16.0.0\" } }\n",
    );
    repo.write(".env", "A=1\n");
    repo.write(".env.local", "B=1\n");
    assert_eq!(check(&repo, ""), good());
    repo.write(
        "package.json",
        "{ \"dependencies\": { \"express\": \"5.0.0\" } }\n",
    );
    assert_eq!(
        check(&repo, ""),
        found(
            1,
            &[
                ".env.local:-:- error ENV-MISSING",
                ".env:-:- error ENV-MISSING"
            ]
        )
    );
}

#[test]
fn packages_need_what_their_examples_name_and_may_have_schemas_of_their_own() {
    let repo = Repo::new();
    repo.write(".gitignore", ".env*\n!.env.example\n");
    repo.write(
        "schemas/env.yaml",
        "variables: { A: { required: true }, B: { required: true } }\n",
    );
    repo.write("apps/web/package.json", "{}\n");
    repo.write("apps/web/.env.example", "A=\n");
    repo.write("apps/web/.env", "A=1\n");
    repo.write("apps/api/package.json", "{}\n");
    repo.write("apps/api/.env", "A=1\n");
    repo.write("apps/jobs/package.json", "{}\n");
    repo.write(
        "apps/jobs/schemas/env.yaml",
        "variables: { C: { type: int, required: true } }\n",
    );
    repo.write("apps/jobs/.env", "C=x\n");
    repo.stage();
    assert_eq!(
        check(&repo, ""),
        found(
            1,
            &[
                "apps/api/.env:-:- warning ENV-MISSING",
                "apps/jobs/.env:1:3 error ENV-TYPE"
            ]
        )
    );
    repo.write("apps/jobs/.env", "C=1\n");
    repo.git(&["add", "--force", "apps/jobs/.env"]);
    let ran = repo.guard("run pre-commit --only env --format json").run();
    assert_eq!((ran.code, told(&ran)), (0, Vec::new()), "{}", ran.whole());
    repo.write("apps/jobs/.env", "C=x\n");
    repo.git(&["add", "--force", "apps/jobs/.env"]);
    let ran = repo.guard("run pre-commit --only env --format json").run();
    assert_eq!(told(&ran), ["apps/jobs/.env:1:3 error ENV-TYPE"]);
    // A wrong schema of a package is told like any other.
    repo.write(
        "apps/jobs/schemas/env.yaml",
        "variables: { C: { type: integ } }\n",
    );
    let ran = repo.guard("env check").run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("apps/jobs/schemas/env.yaml:1:25"),
        "{}",
        ran.err
    );
}

#[test]
fn a_public_name_that_no_browser_gets_is_told_once_and_at_the_schema() {
    let repo = Repo::new();
    repo.write(".gitignore", ".env*\n");
    repo.write(
        "package.json",
        "{ \"devDependencies\": { \"vite\": \"8.0.0\" } }\n",
    );
    repo.write(
        "schemas/env.yaml",
        "variables:\n  API: { visibility: public }\n",
    );
    repo.write(".env", "API=x\n").write(".env.local", "API=x\n");
    assert_eq!(
        check(&repo, ""),
        found(0, &["schemas/env.yaml:2:22 warning ENV-PUBLIC-NAME"])
    );
}

#[test]
fn what_git_does_with_the_files_is_told_without_blocking() {
    let repo = Repo::new();
    repo.write(
        "package.json",
        "{ \"dependencies\": { \"dotenv\": \"18.0.0\" } }\n",
    );
    repo.write(".env", "PORT=3000\n");
    let (code, findings) = check(&repo, "");
    assert_eq!(
        (code, findings),
        found(0, &[".gitignore:-:- warning ENV-NOT-IGNORED"])
    );
    repo.write(".gitignore", ".env*\n");
    assert_eq!(check(&repo, ""), good());
    repo.git(&["add", "--force", ".env"]);
    assert_eq!(
        check(&repo, ""),
        found(0, &[".env:-:- warning ENV-TRACKED"])
    );
    assert_eq!(
        check(&repo, ".env"),
        good(),
        "who names a file asks about that"
    );
    repo.write("guard.yaml", "checks: { gitignore: false }\n");
    assert_eq!(check(&repo, ""), good());
}

#[test]
fn node_env_does_not_choose_the_rules() {
    let repo = Repo::new();
    repo.write(".env", "NODE_ENV=production\nDEBUG=true\n");
    assert_eq!(check(&repo, ""), found(0, &[".env:1:10 info ENV-NODE-ENV"]));
    assert_eq!(
        check(&repo, "--env production"),
        found(1, &[".env:2:7 error ENV-DEBUG"])
    );
}

#[test]
fn a_process_is_judged_by_the_schema() {
    let repo = Repo::new();
    repo.write(
        "schemas/env.yaml",
        "variables: { APP_PORT: { type: port, required: true }, APP_KEY: { required: [production] } }\n\
         environments: { production: {} }\n",
    );
    let process = |arguments: &str, port: &str| {
        let line = format!("env check --process {arguments} --format json");
        repo.guard(&line).env("APP_PORT", port).run()
    };
    let ran = process("", "8080");
    assert_eq!((ran.code, told(&ran)), good(), "{}", ran.whole());
    assert_eq!(ran.json()["verdict"], "passed");
    let ran = process("", "q8Zr2mVx0LpT7s");
    assert_eq!((ran.code, told(&ran)), found(1, &["-:-:- error ENV-TYPE"]));
    assert!(!ran.whole().contains("q8Zr2m"));
    let ran = process("--env production", "8080");
    assert_eq!(
        (ran.code, told(&ran)),
        found(1, &["-:-:- error ENV-MISSING"])
    );
    assert!(
        ran.json()["findings"][0]["message"]
            .as_str()
            .expect("text")
            .contains("APP_KEY")
    );
    assert_eq!(process("--env nowhere", "8080").code, 2);
    assert_eq!(
        process(".env", "8080").code,
        2,
        "it is the process or files"
    );
}
