//! `guard env setup`: a developer's own file, made by questions on a real terminal and without one.

use std::os::unix::fs::PermissionsExt;

use rustix::process::Signal;

use crate::support::{Person, Repo};

const SCHEMA: &str = "\
variables:
  DATABASE_URL: { type: url, schemes: [postgresql], secret: true, required: true, description: where the data lies }
  NAME: { required: true }
  COUNT: { type: int, min: 1, max: 9, default: 5, required: true }
  LIMIT: { type: int, default: 10 }
  REGION: { required: true }
  SESSION_SECRET: { secret: true, min_length: 32, required: true }
  OPENAI_API_KEY: { prefix: sk-, secret: true, required: [production] }
  STAGE: { const: mine }
environments:
  production: { variables: { STAGE: { const: theirs } } }
";

const PASSWORD: &str = "postgresql://me:pa$$w%23rd@db:5432/app";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("schemas/env.yaml", SCHEMA)
        .write(".gitignore", ".env\n.env.*\n!.env.example\n")
        .write("package.json", "{}")
        .write(
            ".env.example",
            "REGION=eu\nNAME=your-name\nSESSION_SECRET=short\n",
        );
    repo
}

fn setup(repo: &Repo, more: &str) -> Person {
    Person::at(repo.guard(&format!("env setup {more}")).command())
}

fn line<'t>(text: &'t str, name: &str) -> &'t str {
    let mut lines = text.lines();
    lines
        .find(|line| line.starts_with(&format!("{name}=")))
        .unwrap_or_else(|| panic!("no {name} in:\n{text}"))
}

fn mode(repo: &Repo, name: &str) -> u32 {
    let about = std::fs::metadata(repo.path.join(name)).expect("it is there");
    about.permissions().mode() & 0o777
}

#[test]
fn a_person_is_asked_for_what_is_missing_and_a_second_time_for_nothing() {
    let repo = repo();
    let mut person = setup(&repo, "");
    person
        .sees("DATABASE_URL: where the data lies")
        .sees("not shown: ");
    assert!(!person.echoes());
    person
        .types("mysql://me@db/app\n")
        .sees("DATABASE_URL")
        .sees("not shown: ");
    person.types(&format!("{PASSWORD}\n"));
    person.sees("NAME").sees("string: ");
    assert!(person.echoes());
    person
        .types("\n")
        .sees("is required")
        .sees("string: ")
        .types("two words\n");
    person.sees("int, 1 to 9 [5]: ").types("12\n");
    person.sees("COUNT").sees("[5]: ").types("\n");
    let left = person.leaves();
    assert_eq!(left.code, 0, "{}", left.screen);
    assert!(left.echoes);
    assert!(
        !left.screen.contains("pa$$w") && !left.screen.contains("mysql"),
        "{}",
        left.screen
    );
    let text = repo.read(".env.local");
    assert_eq!(
        line(&text, "DATABASE_URL"),
        format!("DATABASE_URL='{PASSWORD}'")
    );
    assert_eq!(line(&text, "NAME"), "NAME='two words'");
    assert_eq!(line(&text, "COUNT"), "COUNT=5");
    assert_eq!(line(&text, "LIMIT"), "LIMIT=10");
    assert_eq!(line(&text, "REGION"), "REGION=eu");
    assert_eq!(line(&text, "STAGE"), "STAGE=mine");
    assert_eq!(
        line(&text, "SESSION_SECRET").len(),
        "SESSION_SECRET=".len() + 43
    );
    assert!(!text.contains("OPENAI") && !left.screen.contains("OPENAI"));
    assert_eq!(mode(&repo, ".env.local"), 0o600);
    let secret = line(&text, "SESSION_SECRET")
        .split_once('=')
        .unwrap()
        .1
        .to_owned();
    assert!(!left.screen.contains(&secret));
    // Nothing is left to be asked.
    let again = setup(&repo, "").leaves();
    assert_eq!(again.code, 0, "{}", again.screen);
    assert!(again.screen.contains("nothing to add"), "{}", again.screen);
    assert_eq!(repo.read(".env.local"), text);
    let checked = repo.guard("env check .env.local --env development").run();
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
}

#[test]
fn an_interrupted_setup_writes_nothing_and_lets_the_terminal_speak_again() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let repo = repo();
        repo.write(".env.local", "NAME=me\n");
        let mut person = setup(&repo, "");
        person.sees("not shown: ");
        assert!(!person.echoes());
        let left = {
            person.sends(signal);
            person.leaves()
        };
        assert_eq!(left.code, code, "{}", left.screen);
        assert!(left.echoes, "{}", left.screen);
        assert!(
            left.screen.contains("nothing was written"),
            "{}",
            left.screen
        );
        assert_eq!(repo.read(".env.local"), "NAME=me\n");
        let status = repo.status();
        assert!(!status.contains(".env.local"), "{status}");
    }
}

#[test]
fn answers_that_end_leave_everything_as_it_was() {
    let repo = repo();
    let mut person = setup(&repo, "");
    person.sees("not shown: ").types("\x04");
    let left = person.leaves();
    assert_eq!(left.code, 6, "{}", left.screen);
    assert!(left.echoes && !repo.has(".env.local"));
}

#[test]
fn a_pasted_key_is_one_answer_with_all_its_lines() {
    let repo = Repo::new();
    repo.write(
        "schemas/env.yaml",
        "variables: { KEY: { secret: true, required: true } }\n",
    )
    .write(".gitignore", ".env*\n");
    let key = "-----BEGIN PRIVATE KEY-----\nMIIB+/=\n-----END PRIVATE KEY-----";
    let mut person = setup(&repo, "");
    person.sees("not shown: ").types(&format!("{key}\n"));
    let left = person.leaves();
    assert_eq!(left.code, 0, "{}", left.screen);
    assert!(!left.screen.contains("MIIB"), "{}", left.screen);
    let read = repo
        .guard("env print .env.local --reveal --format json")
        .run()
        .json();
    assert_eq!(read["data"]["entries"][0]["value"], key);
}

#[test]
fn what_cannot_be_written_for_all_readers_is_asked_again() {
    let repo = Repo::new();
    repo.write("schemas/env.yaml", "variables: { A: { required: true } }\n")
        .write(".gitignore", ".env*\n");
    let mut person = setup(&repo, "");
    person.sees("string: ").types("${HOME}/x\n");
    person
        .sees("cannot be written")
        .sees("string: ")
        .types("x\n");
    let left = person.leaves();
    assert_eq!(left.code, 0, "{}", left.screen);
    assert_eq!(repo.read(".env.local"), "A=x\n");
}

#[test]
fn without_a_terminal_the_rest_is_written_and_what_is_missing_is_told() {
    let repo = repo();
    repo.write(".env.local", "# mine\nREGION=us\nCOUNT='3'");
    let ran = repo.guard("env setup --no-input").run();
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let text = repo.read(".env.local");
    assert!(
        text.starts_with("# mine\nREGION=us\nCOUNT='3'\nLIMIT=10\nSTAGE=mine\nSESSION_SECRET="),
        "{text}"
    );
    assert_eq!(text.lines().count(), 6);
    assert!(
        ran.err
            .contains("error[ENV-MISSING]: `DATABASE_URL` is not set"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("at schemas/env.yaml:2:"), "{}", ran.err);
    assert!(
        ran.err.contains("`NAME`") && !ran.err.contains("`COUNT`"),
        "{}",
        ran.err
    );
    assert!(
        ran.out.contains("3 variables added, for development"),
        "{}",
        ran.out
    );
    assert_eq!(mode(&repo, ".env.local"), 0o600);
    // The second time no byte changes, and programs are told the same.
    let ran = repo.guard("env setup --format json").run();
    let told = ran.json();
    assert_eq!((ran.code, told["verdict"].as_str()), (1, Some("failed")));
    assert_eq!(
        told["data"]["missing"],
        serde_json::json!(["DATABASE_URL", "NAME"])
    );
    assert_eq!(told["data"]["added"], serde_json::json!([]));
    assert_eq!(repo.read(".env.local"), text);
}

#[test]
fn yes_takes_all_defaults() {
    let repo = repo();
    let ran = repo.guard("env setup --yes --file mine/.env.own").run();
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("has no folder"), "{}", ran.err);
    let ran = repo.guard("env setup --yes --format json").run();
    let told = ran.json();
    let added = &told["data"]["added"];
    assert_eq!(
        added[0],
        serde_json::json!({ "name": "COUNT", "from": "default" })
    );
    assert_eq!(
        added[2],
        serde_json::json!({ "name": "REGION", "from": "example" })
    );
    assert_eq!(
        added[4],
        serde_json::json!({ "name": "SESSION_SECRET", "from": "made" })
    );
    assert_eq!(told["data"]["file"], ".env.local");
}

#[test]
fn a_file_that_git_would_take_gets_no_secrets() {
    let repo = repo();
    repo.write(".gitignore", "node_modules\n");
    for more in ["--yes", "--no-input", "--yes --file .env.mine"] {
        let ran = repo.guard(&format!("env setup {more}")).run();
        assert_eq!(ran.code, 6, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("is not ignored by git"), "{}", ran.err);
        assert!(ran.err.contains("guard fix"), "{}", ran.err);
        assert!(!repo.has(".env.local") && !repo.has(".env.mine"));
    }
    repo.write(".env.local", "NAME=1\n").commit("oops");
    repo.write(".gitignore", ".env.local\n");
    let ran = repo.guard("env setup --yes").run();
    assert_eq!(ran.code, 6, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("is tracked by git"), "{}", ran.err);
    assert_eq!(repo.read(".env.local"), "NAME=1\n");
}

#[test]
fn a_link_is_judged_and_written_where_it_leads() {
    let repo = repo();
    repo.write("shared.txt", "NAME=1\n");
    std::os::unix::fs::symlink("shared.txt", repo.path.join(".env.local")).unwrap();
    let ran = repo.guard("env setup --yes").run();
    assert_eq!(ran.code, 6, "{}{}", ran.out, ran.err);
    assert_eq!(repo.read("shared.txt"), "NAME=1\n");
}

#[test]
fn a_file_that_swallows_what_comes_behind_is_left_alone() {
    let repo = repo();
    for text in ["NAME='open\n", "A=1\nB=\"x\ny"] {
        repo.write(".env.local", text);
        let ran = repo.guard("env setup --yes").run();
        assert_eq!(ran.code, 6, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("nothing was written"), "{}", ran.err);
        assert_eq!(repo.read(".env.local"), text);
    }
}

#[test]
fn python_alone_has_one_file_and_what_is_deployed_has_its_own() {
    let repo = Repo::new();
    let schema = "variables:\n  A: { default: 1 }\n  B: { required: true, provided_by: railway }\n";
    repo.write("schemas/env.yaml", schema)
        .write("pyproject.toml", "")
        .write(".gitignore", ".env*\n");
    let ran = repo.guard("env setup --no-input").run();
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert_eq!(repo.read(".env"), "A=1\n");
    // Railway sets the other one there.
    let ran = repo.guard("env setup --no-input --env staging").run();
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(repo.read(".env.staging"), "A=1\n");
}

#[test]
fn an_answer_may_ask_for_more() {
    let repo = Repo::new();
    let schema = "variables:\n  EXTRA: { required: { when: { MODE: full } } }\n  MODE: { enum: [plain, full], required: true }\n";
    repo.write("schemas/env.yaml", schema)
        .write(".gitignore", ".env*\n");
    let mut person = setup(&repo, "");
    person
        .sees("`plain`, `full`: ")
        .types("full\n")
        .sees("EXTRA")
        .sees("string: ")
        .types("x\n");
    let left = person.leaves();
    assert_eq!(left.code, 0, "{}", left.screen);
    assert_eq!(repo.read(".env.local"), "MODE=full\nEXTRA=x\n");
}

#[test]
fn without_a_schema_there_is_nothing_to_set_up() {
    let repo = Repo::new();
    for (command, more) in [("setup", ""), ("exec --env production --", "true")] {
        let ran = repo.guard(&format!("env {command} {more}")).run();
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(ran.err.contains("guard init"), "{}", ran.err);
    }
    repo.write("schemas/env.yaml", SCHEMA);
    let ran = repo.guard("env setup --env prodution").run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("did you mean `production`?"),
        "{}",
        ran.err
    );
}
