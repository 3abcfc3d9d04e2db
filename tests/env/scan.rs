//! `guard env scan`: which variables the code uses, on real repositories.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Ran, Repo};

const SCHEMA: &str = "variables:
  DATABASE_URL: { type: url, secret: true }
  NEXT_PUBLIC_API: { type: url }
  REDIS_URL: { type: url }
  LEGACY_FLAG: { type: bool }
";

/// Next.js, FastAPI and Rust, with what stands around them.
fn mixed(repo: &Repo) {
    repo.write("schemas/env.yaml", SCHEMA)
        .write("apps/web/package.json", "{}\n")
        .write(
            "apps/web/app/page.tsx",
            "export default () => <a href={process.env.NEXT_PUBLIC_API}>{process.env.NODE_ENV}</a>;\n",
        )
        .write(
            "apps/web/app/button.tsx",
            "'use client'\n// process.env.COMMENTED\nexport const url = process.env.DATABASE_URL;\n",
        )
        .write(
            "apps/api/main.py",
            "import os\n\nurl = os.environ[\"DATABASE_URL\"]\nredis = os.getenv(\"REDIS_URI\")\n",
        )
        .write(
            "apps/api/tests/test_main.py",
            "import os\nos.environ[\"TEST_ONLY\"]\n",
        )
        .write(
            "worker/src/main.rs",
            "fn main() {\n    let _ = std::env::var(\"REDIS_URI\");\n}\n",
        )
        .write("Dockerfile", "FROM scratch\nCMD echo $PORT\n")
        .write(".gitignore", "node_modules\n")
        .write("node_modules/a.js", "process.env.INSTALLED\n");
}

fn data(ran: &Ran) -> Value {
    ran.json()["data"].clone()
}

fn scanned(repo: &Repo) -> Value {
    let ran = repo.guard("env scan --format json").run();
    assert!(ran.code < 2, "{}", ran.whole());
    data(&ran)
}

fn codes(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let findings = report["findings"].as_array().expect("a list").iter();
    let told = findings.map(|finding| {
        let word = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let path = word("path");
        format!(
            "{} {} {path}:{}",
            word("code"),
            word("severity"),
            finding["line"]
        )
    });
    told.collect()
}

#[test]
fn code_and_schema_are_held_against_each_other() {
    let repo = Repo::new();
    mixed(&repo);
    repo.commit("one");
    let cold = repo.guard("env scan --format json").run();
    assert_eq!(cold.code, 1, "{}", cold.whole());
    let report = cold.json();
    assert_eq!(report["command"], "env scan");
    assert_eq!(report["verdict"], "failed");
    assert_eq!(
        report["data"],
        json!({
            "used": {
                "DATABASE_URL": ["apps/api/main.py:3", "apps/web/app/button.tsx:3"],
                "NEXT_PUBLIC_API": ["apps/web/app/page.tsx:1"],
                "NODE_ENV": ["apps/web/app/page.tsx:1"],
                "PORT": ["Dockerfile:2"],
                "REDIS_URI": ["apps/api/main.py:4", "worker/src/main.rs:2"],
                "TEST_ONLY": ["apps/api/tests/test_main.py:2"],
            },
            "undeclared": ["REDIS_URI"],
            "unused": ["LEGACY_FLAG", "REDIS_URL"],
            "client": ["DATABASE_URL"],
            "dynamic": [],
            "unread": [],
        })
    );
    assert_eq!(
        codes(&cold),
        [
            "ENV-CLIENT error apps/web/app/button.tsx:3",
            "ENV-UNDECLARED warning apps/api/main.py:4",
            "ENV-UNUSED info schemas/env.yaml:5",
            "ENV-UNUSED info schemas/env.yaml:4",
        ]
    );
    assert!(repo.has(".git/guard/usage"));
    let warm = repo.guard("env scan --format json").run();
    assert_eq!(data(&warm), report["data"]);
    assert_eq!(codes(&warm), codes(&cold));
    assert_eq!(warm.json()["summary"]["files"], report["summary"]["files"]);
    // From below, paths are told from the top.
    let below = repo.guard("-C apps/api env scan --format json").run();
    assert_eq!(data(&below), report["data"]);
}

#[test]
fn people_see_a_table_and_what_is_wrong() {
    let repo = Repo::new();
    mixed(&repo);
    repo.commit("one");
    assert_snapshot!(repo.guard("env scan").run().out, @r#"
    6 variables in 6 sources
      DATABASE_URL     2  apps/api/main.py:3
      NEXT_PUBLIC_API  1  apps/web/app/page.tsx:1
      NODE_ENV         1  apps/web/app/page.tsx:1
      PORT             1  Dockerfile:2
      REDIS_URI        2  apps/api/main.py:4
      TEST_ONLY        1  apps/api/tests/test_main.py:2

    not in the schema:
      REDIS_URI (did you mean `REDIS_URL`?)

    in the schema, and named by no source:
      LEGACY_FLAG
      REDIS_URL

    error[ENV-CLIENT]: `DATABASE_URL` is a secret by the schema, and code for
      browsers names it: the file says "use client"
      at apps/web/app/button.tsx:3:32
      help: read it on the server, and hand on only what the page may show

    warning[ENV-UNDECLARED]: `REDIS_URI` is read here, and the schema does not have
      it
      at apps/api/main.py:4:20
      help: did you mean `REDIS_URL`? Otherwise add it to `schemas/env.yaml`

    info[ENV-UNUSED]: `LEGACY_FLAG` is in the schema, and no source here names it
      at schemas/env.yaml:5:3
      help: take it out, unless something that is not in this repository reads it

    info[ENV-UNUSED]: `REDIS_URL` is in the schema, and no source here names it
      at schemas/env.yaml:4:3

    · why it matters: `guard explain CODE`
    ✗ guard env scan: 1 of 1 failed · [TIME]
    "#);
    repo.write("schemas/env.yaml", "variables: {}\n");
    fs::remove_file(repo.path.join("schemas/env.yaml")).unwrap();
    let ran = repo.guard("env scan").run();
    assert!(
        ran.out.contains("there is no `schemas/env.yaml`"),
        "{}",
        ran.whole()
    );
    assert_eq!(ran.code, 0, "{}", ran.whole());
}

#[test]
fn files_are_read_as_they_lie_on_the_disk() {
    let repo = Repo::new();
    repo.write("a.ts", "process.env.STAGED\n")
        .write("b.ts", "process.env.B\n")
        .write("gone.ts", "process.env.GONE\n")
        .write(".gitignore", "ignored.ts\n")
        .commit("one");
    assert_eq!(names(&repo), ["B", "GONE", "STAGED"]);
    repo.write("a.ts", "process.env.MODIFIED\n")
        .write("new.ts", "process.env.UNTRACKED\n")
        .write("promised.ts", "process.env.PROMISED\n")
        .write("ignored.ts", "process.env.IGNORED\n");
    fs::remove_file(repo.path.join("gone.ts")).unwrap();
    repo.git(&["add", "-N", "promised.ts"]);
    for _ in 0..2 {
        assert_eq!(names(&repo), ["B", "MODIFIED", "PROMISED", "UNTRACKED"]);
    }
    repo.git(&["checkout", "-q", "--", "."]);
    assert_eq!(names(&repo), ["B", "GONE", "STAGED", "UNTRACKED"]);
}

fn names(repo: &Repo) -> Vec<String> {
    let data = scanned(repo);
    let used = data["used"].as_object().expect("names").keys();
    used.cloned().collect()
}

#[test]
fn a_folder_without_a_repository_is_read_too() {
    let repo = Repo::new();
    fs::remove_dir_all(repo.path.join(".git")).unwrap();
    mixed(&repo);
    repo.write("venv/pyvenv.cfg", "")
        .write("venv/a.py", "import os\nos.environ['VENV']\n");
    let data = scanned(&repo);
    assert_eq!(data["undeclared"], json!(["REDIS_URI"]));
    assert_eq!(data["used"]["INSTALLED"], Value::Null);
    assert_eq!(data["used"]["VENV"], Value::Null);
}

#[test]
fn the_git_program_reads_as_well() {
    let repo = Repo::with(&["init", "-q", "-b", "main", "--object-format=sha256"]);
    mixed(&repo);
    repo.commit("one");
    let cold = scanned(&repo);
    assert_eq!(cold["undeclared"], json!(["REDIS_URI"]));
    assert_eq!(scanned(&repo), cold);
    for _ in 0..2 {
        let gate = repo
            .guard("run ci --all-files --only env --format json")
            .run();
        let codes = codes(&gate);
        assert!(
            codes.contains(&"ENV-CLIENT error apps/web/app/button.tsx:3".to_owned()),
            "{codes:?}"
        );
        assert!(
            codes.contains(&"ENV-UNDECLARED warning apps/api/main.py:4".to_owned()),
            "{codes:?}"
        );
        repo.write("worker/b.rs", "fn b() { option_env!(\"B\"); }\n")
            .commit("two");
    }
}

#[test]
fn the_gate_reads_what_is_judged() {
    let repo = Repo::new();
    mixed(&repo);
    repo.commit("one");
    // The work tree is another thing.
    repo.write("apps/web/app/button.tsx", "'use client'\n");
    let ran = repo
        .guard("run ci --all-files --only env --format json")
        .run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(
        codes(&ran),
        [
            "ENV-CLIENT error apps/web/app/button.tsx:3",
            "ENV-UNDECLARED warning apps/api/main.py:4",
            "ENV-UNUSED info schemas/env.yaml:5",
            "ENV-UNUSED info schemas/env.yaml:4",
        ]
    );
    // At commit only env files are looked at.
    repo.stage();
    let ran = repo.guard("run pre-commit --only env --format json").run();
    assert_eq!(codes(&ran), [] as [&str; 0], "{}", ran.whole());
}

#[test]
fn hostile_sources_stop_nothing() {
    let repo = Repo::new();
    repo.write("schemas/env.yaml", "variables: { A: {} }\n")
        .write("broken.ts", "process.env.A; const = {{{\n")
        .write("a\nb\u{1b}[31m.ts", "process.env.B\n")
        .write("src/binary.ts", b"\0\0process.env.C")
        .write("src/latin.py", b"import os\n# \xe9\nos.environ['D']\n")
        .write(
            "long.js",
            format!("process.env.E;{}\n", " ".repeat(20 << 20)),
        )
        .write(
            "wide.js",
            format!("process.env.F;{}\n", "a;".repeat(1 << 20)),
        );
    std::os::unix::fs::symlink("/etc", repo.path.join("etc.ts")).unwrap();
    std::os::unix::fs::symlink("/etc", repo.path.join("linked")).unwrap();
    repo.commit("one");
    let ran = repo.guard("env scan --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let data = data(&ran);
    let used: Vec<&String> = data["used"].as_object().expect("names").keys().collect();
    assert_eq!(used, ["A", "B", "D", "F"]);
    assert_eq!(data["undeclared"], json!(["B", "D", "F"]));
    assert_eq!(data["unread"], json!(["long.js", "broken.ts", "wide.js"]));
    let shown = repo.guard("env scan").run();
    assert!(!shown.out.contains('\u{1b}'), "{}", shown.whole());
    assert!(
        shown.out.contains("long.js: is longer than 16 MB"),
        "{}",
        shown.whole()
    );
}

#[test]
fn what_cannot_be_read_is_unknown() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = Repo::new();
    repo.write("a.ts", "process.env.A\n").commit("one");
    repo.write("b.ts", "process.env.B\n");
    let place = repo.path.join("b.ts");
    fs::set_permissions(&place, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(&place).is_ok() {
        // The superuser reads everything: then it is read, and nothing is unknown.
        assert_eq!(names(&repo), ["A", "B"]);
        return;
    }
    let ran = repo.guard("env scan --format json").run();
    assert_eq!(ran.code, 3, "{}", ran.whole());
    assert_eq!(data(&ran)["unread"], json!(["b.ts"]));
}

#[test]
fn a_wrong_schema_is_wrong_usage() {
    let repo = Repo::new();
    repo.write("schemas/env.yaml", "variables: { A: { type: no } }\n")
        .write("a.ts", "process.env.A\n")
        .commit("one");
    let ran = repo.guard("env scan --format json").run();
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.whole());
}

#[test]
fn nothing_to_read_is_no_pass() {
    let repo = Repo::new();
    repo.write("README.md", "process.env.A\n").commit("one");
    let ran = repo.guard("env scan --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(ran.json()["checks"][0]["outcome"], "skipped");
    assert_eq!(data(&ran)["used"], json!({}));
}
