//! The check `env` in the gate: what is staged or pushed, by the schema that is staged or pushed with it.

use serde_json::Value;

use crate::support::{Ran, Repo};

const SCHEMA: &str = "\
variables:
  PORT: { type: port }
  LIMIT: { type: int }
environments:
  staging: { branches: [develop], variables: { LIMIT: { max: 50 } } }
  production: { branches: [main, 'release/*'], variables: { LIMIT: { max: 10 } } }
";

/// A repository whose schema is committed.
fn schemed() -> Repo {
    let repo = Repo::new();
    repo.write("schemas/env.yaml", SCHEMA)
        .write("README.md", "x\n")
        .commit("first");
    repo
}

/// What the check says of env files: code, place and, where it is not an error, how grave it is.
fn told(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let findings = report["findings"].as_array().expect("a list").iter();
    let is_about = |path: &Value| path.as_str().is_some_and(|path| path.contains(".env"));
    let own = findings.filter(|finding| finding["check"] == "env" && is_about(&finding["path"]));
    own.map(|finding| {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| {
            finding[key]
                .as_u64()
                .map_or(String::new(), |n| format!(":{n}"))
        };
        let severity = match text("severity").as_str() {
            "error" => String::new(),
            other => format!(" {other}"),
        };
        let (line, column) = (number("line"), number("column"));
        format!("{} {}{line}{column}{severity}", text("code"), text("path"))
    })
    .collect()
}

fn commit(repo: &Repo) -> Ran {
    repo.guard("run pre-commit --only env --format json").run()
}

/// A push of HEAD to these branches; none of them is on the remote yet.
fn push(repo: &Repo, branches: &[&str]) -> Ran {
    pushed(repo, branches, "")
}

fn pushed(repo: &Repo, branches: &[&str], environment: &str) -> Ran {
    let (head, zero) = (repo.id("HEAD"), "0".repeat(40));
    let line = |branch: &&str| format!("refs/heads/work {head} refs/heads/{branch} {zero}\n");
    let lines: String = branches.iter().map(line).collect();
    repo.guard("run pre-push --only env --format json -- origin")
        .env("GUARD_ENV", environment)
        .stdin(lines)
        .run()
}

fn outcome(ran: &Ran) -> (Value, Value) {
    let report = ran.json();
    let checks = report["checks"].as_array().expect("a list");
    let own = checks.iter().find(|check| check["id"] == "env");
    let own = own.unwrap_or_else(|| panic!("no step env: {}", ran.whole()));
    (own["outcome"].clone(), own["reason"].clone())
}

/// The plan's line about the check.
fn planned(repo: &Repo, call: &str) -> Option<(String, String)> {
    let ran = repo.guard(call).args(["--plan", "--format", "json"]).run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let report = ran.json();
    let steps = report["data"]["steps"].as_array().expect("a list");
    let own = steps.iter().find(|step| step["id"] == "env")?;
    let text = |key: &str| own[key].as_str().expect("a text").to_owned();
    Some((text("will"), text("reason")))
}

#[test]
fn only_what_is_staged_is_judged_at_a_commit() {
    let repo = schemed();
    repo.write(".env.production", "PORT=443\nLIMIT=11\n");
    assert_eq!(told(&commit(&repo)), [""; 0], "it is not staged");
    repo.stage();
    let ran = commit(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(told(&ran), ["ENV-RANGE .env.production:2:7"]);
    // Mended in the work tree alone, it is still what would be committed.
    repo.write(".env.production", "PORT=443\nLIMIT=9\n");
    assert_eq!(commit(&repo).code, 1);
    repo.stage();
    let ran = commit(&repo);
    assert_eq!((ran.code, told(&ran).len()), (0, 0), "{}", ran.whole());
    repo.commit("good");
    repo.write(".env.production", "LIMIT=11\n");
    repo.write("README.md", "y\n");
    repo.git(&["add", "README.md"]);
    assert_eq!(told(&commit(&repo)), [""; 0]);
}

#[test]
fn a_hook_blocks_the_commit() {
    let repo = schemed();
    repo.write("guard.yaml", "checks: { gitignore: false }\n")
        .commit("keep them");
    repo.installed();
    repo.write(".env.staging", "LIMIT=51\n").stage();
    let output = repo.try_git(&["commit", "-m", "wrong"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("ENV-RANGE"), "{said}");
    repo.write(".env.staging", "LIMIT=50\n").stage();
    let output = repo.try_git(&["commit", "-m", "right"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
}

#[test]
fn a_schema_tells_what_it_newly_breaks_and_no_old_fault() {
    let repo = schemed();
    repo.write(".env.production", "PORT=none\nLIMIT=8\n")
        .write(".env.staging", "LIMIT=8\n")
        .commit("an old fault");
    repo.write("schemas/env.yaml", SCHEMA.replace("max: 10", "max: 7"))
        .stage();
    let ran = commit(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(told(&ran), ["ENV-RANGE .env.production:2:7"]);
    // A file that is staged beside it is judged whole.
    repo.write(".env.production", "PORT=none\nLIMIT=9\n")
        .stage();
    assert_eq!(
        told(&commit(&repo)),
        [
            "ENV-TYPE .env.production:1:6",
            "ENV-RANGE .env.production:2:7"
        ]
    );
    repo.git(&["reset", "-q", "--hard"]);
    // One that asks for less, or none at all, breaks nothing.
    repo.write("schemas/env.yaml", SCHEMA.replace("max: 10", "max: 12"))
        .stage();
    assert_eq!(commit(&repo).code, 0);
    repo.git(&["rm", "-q", "-f", "schemas/env.yaml"]);
    let ran = commit(&repo);
    assert_eq!((ran.code, told(&ran).len()), (0, 0), "{}", ran.whole());
}

#[test]
fn a_first_schema_tells_what_it_breaks() {
    let repo = Repo::new();
    repo.write(".env.production", "LIMIT=11\nDEBUG=true\n")
        .commit("first");
    let known = SCHEMA.replacen("variables:\n", "variables:\n  DEBUG: {}\n", 1);
    repo.write("schemas/env.yaml", known).stage();
    let ran = commit(&repo);
    // That it debugs was as wrong before.
    assert_eq!(told(&ran), ["ENV-RANGE .env.production:1:7"]);
}

#[test]
fn a_push_judges_all_tracked_files_of_the_pushed_commit() {
    let repo = schemed();
    repo.write(".env.production", "LIMIT=11\n")
        .write(".env.staging", "LIMIT=11\n")
        .write("apps/api/.env.production", "PORT=x\n")
        .commit("second");
    repo.write("README.md", "y\n").commit("third");
    // The work tree is right, and not what goes out.
    repo.write(".env.production", "LIMIT=1\n");
    let ran = push(&repo, &["topic"]);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let both = [
        "ENV-RANGE .env.production:1:7",
        "ENV-TYPE apps/api/.env.production:1:6",
    ];
    assert_eq!(told(&ran), both);
    let ran = repo
        .guard("run ci --all-files --only env --format json")
        .run();
    assert_eq!(
        (ran.code, told(&ran)),
        (1, both.map(str::to_owned).to_vec())
    );
    let ran = repo
        .guard("run ci --from HEAD~1 --only env --format json")
        .run();
    assert_eq!(
        (ran.code, told(&ran)),
        (1, both.map(str::to_owned).to_vec())
    );
    // The other way round.
    repo.write("apps/api/.env.production", "PORT=1\n")
        .commit("mended");
    repo.write(".env.production", "LIMIT=11\n");
    let ran = push(&repo, &["topic"]);
    assert_eq!((ran.code, told(&ran).len()), (0, 0), "{}", ran.whole());
}

#[test]
fn branches_say_which_rules_a_file_without_a_name_is_judged_by() {
    let repo = schemed();
    repo.write(".env", "LIMIT=30\n").commit("second");
    let range = vec!["ENV-RANGE .env:1:7".to_owned()];
    for (branches, environment, expected) in [
        (&["topic"][..], "", &[][..]),
        (&["develop"], "", &[]),
        (&["main"], "", &range),
        (&["release/1.2"], "", &range),
        // The strictest of several.
        (&["topic", "develop", "main"], "", &range),
        (&["topic"], "production", &range),
        (&["main"], "staging", &[]),
    ] {
        let ran = pushed(&repo, branches, environment);
        let about = format!("{branches:?} {environment}: {}", ran.whole());
        assert_eq!(told(&ran), expected, "{about}");
        assert_eq!(ran.code, i32::from(!expected.is_empty()), "{about}");
    }
    // At a commit the branch says nothing: it is on its way to many.
    repo.write(".env", "LIMIT=31\n").stage();
    assert_eq!(told(&commit(&repo)), [""; 0]);
    let asked = repo
        .guard("run pre-commit --only env --format json")
        .env("GUARD_ENV", "production")
        .run();
    assert_eq!(told(&asked), range);
}

#[test]
fn an_environment_that_nobody_knows_judges_nothing() {
    let repo = schemed();
    repo.write(".env", "LIMIT=30\n").commit("second");
    let ran = pushed(&repo, &["main"], "prodution");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.whole());
    assert!(
        ran.err.contains("did you mean `production`?"),
        "{}",
        ran.err
    );
    let ran = repo.guard("env check --env prodution").run();
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.whole());
}

#[test]
fn what_the_team_sets_holds() {
    let repo = schemed();
    repo.write(".env.production", "LIMIT=11\n").commit("second");
    for (settings, branches, code, expected) in [
        ("{}", "main", 1, &["ENV-RANGE .env.production:1:7"][..]),
        (
            "{ env: { severity: { ENV-RANGE: warning } } }",
            "main",
            0,
            &["ENV-RANGE .env.production:1:7 warning"],
        ),
        ("{ env: { exclude: [.env.production] } }", "main", 0, &[]),
        (
            "{ env: { exclude: ['apps/**'] } }",
            "main",
            1,
            &["ENV-RANGE .env.production:1:7"],
        ),
        ("{ env: { branches: [develop] } }", "main", 0, &[]),
        (
            "{ env: { branches: [develop] } }",
            "develop",
            1,
            &["ENV-RANGE .env.production:1:7"],
        ),
    ] {
        repo.write("guard.yaml", format!("checks: {settings}\n"));
        let ran = push(&repo, &[branches]);
        assert_eq!(told(&ran), expected, "{settings}: {}", ran.whole());
        assert_eq!(ran.code, code, "{settings}: {}", ran.whole());
    }
    repo.write("guard.yaml", "checks: { env: false }\n");
    let lines = format!(
        "refs/heads/main {} refs/heads/main {}\n",
        repo.id("HEAD"),
        "0".repeat(40)
    );
    let ran = repo
        .guard("run pre-push --format json -- origin")
        .stdin(lines)
        .run();
    assert_eq!(told(&ran), [""; 0], "{}", ran.whole());
}

#[test]
fn a_skip_is_said_and_a_plan_gives_the_reason() {
    let repo = schemed();
    repo.write(".env.production", "LIMIT=11\n").stage();
    let ran = repo.guard("run pre-commit --skip env --format json").run();
    assert_eq!(told(&ran), [""; 0]);
    assert_eq!(outcome(&ran), ("skipped".into(), "--skip".into()));
    let ran = repo
        .guard("run pre-commit --format json")
        .env("GUARD_SKIP", "env")
        .run();
    assert_eq!(outcome(&ran), ("skipped".into(), "GUARD_SKIP".into()));
    let (will, reason) = planned(&repo, "run pre-commit").expect("it is planned");
    assert_eq!(will, "run");
    assert!(reason.contains("env files"), "{reason}");
    let skipped = planned(&repo, "run pre-commit --skip env");
    assert_eq!(skipped, Some(("skip".to_owned(), "--skip".to_owned())));
}

#[test]
fn there_is_no_step_where_nothing_is_about_env_files() {
    let repo = Repo::new();
    repo.write("README.md", "x\n").stage();
    assert_eq!(planned(&repo, "run pre-commit"), None);
    repo.commit("first");
    assert_eq!(planned(&repo, "run ci --all-files"), None);
    // With a schema a push looks at all files, and a commit at none of them.
    let repo = schemed();
    repo.write("README.md", "y\n").stage();
    assert_eq!(planned(&repo, "run pre-commit"), None);
    repo.commit("second");
    assert!(planned(&repo, "run ci --from HEAD~1").is_some());
    // Without one it looks at those that change.
    let repo = Repo::new();
    repo.write(".env.production", "DEBUG=true\n")
        .commit("first");
    repo.write("README.md", "x\n").commit("second");
    assert_eq!(planned(&repo, "run ci --from HEAD~1"), None);
    repo.write(".env.production", "DEBUG=1\n").commit("third");
    let ran = repo
        .guard("run ci --from HEAD~1 --only env --format json")
        .run();
    assert_eq!(
        (ran.code, told(&ran)),
        (1, vec!["ENV-DEBUG .env.production:1:7".to_owned()])
    );
}
