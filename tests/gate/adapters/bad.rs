//! Tools that lie, crash, rewrite or hang: a script stands where the project's own linter would.

use serde_json::Value;

use crate::support::{Ran, Repo};

/// A project that is linted by ruff, with this script as its ruff.
fn with_ruff(script: &str) -> Repo {
    let repo = Repo::new();
    repo.write("ruff.toml", "line-length = 100\n")
        .write(".gitignore", ".venv\n")
        .commit("configure");
    repo.script(".venv/bin/ruff", &format!("#!/bin/sh\n{script}\n"));
    repo.write(".venv/pyvenv.cfg", "home = /usr/bin\n")
        .write("a.py", "import os\n")
        .stage();
    repo
}

fn lint(repo: &Repo) -> (Ran, Value) {
    let ran = repo.guard("run pre-commit --only lint --format json").run();
    let check = ran.json()["checks"][0].clone();
    assert_eq!(check["id"], "lint", "{}", ran.whole());
    (ran, check)
}

fn says(check: &Value, name: &str, part: &str) {
    let said = check[name].as_str().unwrap_or_default();
    assert!(said.contains(part), "{name}: {check}");
}

const FAULT: &str = r#"[{"code":"F401","filename":"a.py","location":{"row":1,"column":8},"end_location":{"row":1,"column":10},"message":"`os` is not used","fix":{"applicability":"safe"}}]"#;

#[test]
fn what_it_says_becomes_a_finding_with_its_place() {
    let repo = with_ruff(&format!("echo '{FAULT}'; exit 1"));
    let (ran, check) = lint(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(check["outcome"], "failed");
    let finding = &ran.json()["findings"][0];
    for (name, value) in [
        ("check", "lint"),
        ("code", "LINT-RULE"),
        ("severity", "error"),
        ("path", "a.py"),
        ("fix", "safe"),
    ] {
        assert_eq!(finding[name], value, "{finding}");
    }
    assert_eq!(
        (&finding["line"], &finding["column"], &finding["end_column"]),
        (&1.into(), &8.into(), &10.into())
    );
    let text = repo.guard("run pre-commit --only lint").run().out;
    assert!(text.contains("a.py:1:8") && text.contains("F401"), "{text}");
}

#[test]
fn a_pass_is_remembered_until_something_that_counts_changes() {
    let repo = with_ruff("echo run >> ../log; echo '[]'");
    for (number, cached) in [false, true].into_iter().enumerate() {
        let (ran, check) = lint(&repo);
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert_eq!(check["cached"], cached, "{number}");
    }
    repo.write("b.txt", "no file of ruff's\n").stage();
    assert_eq!(lint(&repo).1["cached"], true);
    repo.write("ruff.toml", "line-length = 80\n").stage();
    assert_eq!(lint(&repo).1["cached"], false);
    repo.write("a.py", "import sys\n").stage();
    assert_eq!(lint(&repo).1["cached"], false);
}

#[test]
fn one_that_is_not_installed_is_unknown_with_the_command_that_installs_it() {
    let repo = with_ruff("exit 0");
    std::fs::remove_dir_all(repo.path.join(".venv")).expect("removed");
    let ran = repo
        .guard("run pre-commit --only lint --format json")
        .env("PATH", "/usr/bin:/bin")
        .run();
    assert_eq!(ran.code, 3, "{}", ran.whole());
    let check = &ran.json()["checks"][0];
    assert_eq!(check["outcome"], "unknown");
    says(check, "reason", "`ruff`");
    says(check, "remedy", "pip install ruff");
}

#[test]
fn what_cannot_be_understood_is_never_a_pass() {
    for script in [
        "echo 'Traceback: it broke' >&2; exit 1",
        "echo '[{\"code\":'; exit 1",
        "echo 'unknown option --output-format' >&2; exit 2",
        "head -c 3000000 /dev/zero | tr '\\0' x; exit 1",
        "kill -SEGV $$",
        "printf '[{\"filename\":\"/etc/passwd\"}]'; exit 1",
    ] {
        let (ran, check) = lint(&with_ruff(script));
        assert_ne!(check["outcome"], "passed", "{script}: {}", ran.whole());
        assert!([1, 3].contains(&ran.code), "{script}: {}", ran.whole());
        let findings = ran.json()["findings"].to_string();
        assert!(!findings.contains("passwd\",\"line"), "{findings}");
    }
}

#[test]
fn one_that_rewrites_what_it_judges_is_named() {
    let repo = with_ruff("echo '# more' >> a.py; echo '[]'");
    let (ran, _) = lint(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let finding = &ran.json()["findings"][0];
    assert_eq!(finding["code"], "CMD-CHANGED-FILE", "{finding}");
    assert_eq!(finding["path"], "a.py");
}

#[test]
fn a_secret_in_what_it_says_is_hidden() {
    let repo = with_ruff(
        "echo '[{\"code\":\"X\",\"filename\":\"a.py\",\"location\":{\"row\":1,\"column\":1},\"message\":\"token hush-hush-1234\"}]'; exit 1",
    );
    let ran = repo
        .guard("run pre-commit --only lint --format json")
        .env("RAILWAY_TOKEN", "hush-hush-1234")
        .run();
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert!(!ran.whole().contains("hush-hush"), "{}", ran.whole());
}

#[test]
fn it_is_tuned_silenced_and_switched_off_in_guard_yaml() {
    let repo = with_ruff(&format!("echo '{FAULT}'; exit 1"));
    for (checks, code, outcome) in [
        ("lint: { severity: { LINT-RULE: warning } }", 0, "passed"),
        ("lint: { exclude: [a.py] }", 0, "skipped"),
        ("lint: { tools: [eslint] }", 0, "skipped"),
        ("lint: { at: [push] }", 0, ""),
        ("lint: { timeout: 5s }", 1, "failed"),
    ] {
        repo.write("guard.yaml", format!("checks:\n  {checks}\n"));
        let ran = repo.guard("run pre-commit --only lint --format json").run();
        assert_eq!(ran.code, code, "{checks}: {}", ran.whole());
        let said = ran.json()["checks"][0]["outcome"].clone();
        assert_eq!(said.as_str().unwrap_or_default(), outcome, "{checks}");
    }
    repo.write("guard.yaml", "checks: { lint: false }\n");
    let ran = repo.guard("run pre-commit --only lint").run();
    assert_eq!(ran.code, 2, "{}", ran.whole());
    assert_eq!(repo.guard("run pre-commit").run().code, 0);
}

#[test]
fn one_that_hangs_is_ended() {
    let repo = with_ruff("sleep 30");
    repo.write("guard.yaml", "checks:\n  lint: { timeout: 200ms }\n");
    let (ran, _) = lint(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    let finding = &ran.json()["findings"][0];
    assert_eq!(finding["code"], "CMD-TIMEOUT", "{finding}");
}

#[test]
fn what_is_staged_is_judged_and_not_what_lies_beside_it() {
    let script = &format!(
        "for file; do :; done; grep -q BAD \"$file\" && echo '{FAULT}' && exit 1; echo '[]'"
    );
    let repo = with_ruff(script);
    repo.write("a.py", "BAD\n").stage().write("a.py", "good\n");
    assert_eq!(lint(&repo).0.code, 1, "the staged fault is found");
    repo.write("a.py", "good\n").stage().write("a.py", "BAD\n");
    let (ran, _) = lint(&repo);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    repo.write("c.py", "BAD\n");
    assert_eq!(
        lint(&repo).0.code,
        0,
        "what is not staged is not handed over"
    );
}

#[test]
fn what_it_says_of_a_file_that_is_not_judged_does_not_count() {
    let repo = with_ruff(&format!(
        "echo '{}'; exit 1",
        FAULT.replace("a.py", "scratch/s.py")
    ));
    repo.write("scratch/s.py", "import os\n");
    let (ran, check) = lint(&repo);
    assert_eq!(
        (ran.code, &check["outcome"]),
        (0, &"passed".into()),
        "{}",
        ran.whole()
    );
    // The same file, once it is part of what is judged.
    repo.git(&["add", "--force", "scratch/s.py"]);
    assert_eq!(lint(&repo).0.code, 1);
}

#[test]
fn one_that_is_killed_has_not_judged() {
    let repo = with_ruff("kill -9 $$");
    let (ran, check) = lint(&repo);
    assert_eq!(ran.code, 3, "{}", ran.whole());
    assert_eq!(check["outcome"], "unknown");
    says(&check, "reason", "ruff: killed by SIGKILL");
    // A wrapper says it by its exit code.
    let repo = with_ruff("exit 137");
    let (ran, check) = lint(&repo);
    assert_eq!(ran.code, 3, "{}", ran.whole());
    says(&check, "reason", "137, killed by SIGKILL");
}

#[test]
fn one_that_names_itself_is_named_once_and_its_causes_are_not_cut() {
    let repo = with_ruff("echo 'ruff failed\n  Cause: no such rule' >&2; exit 2");
    let (_, check) = lint(&repo);
    assert_eq!(check["reason"], "ruff: failed: no such rule", "{check}");
}

#[test]
fn what_two_configurations_see_is_told_once() {
    let script = format!(
        "case $PWD in */api) f=a.py;; *) f=api/a.py;; esac; echo '{FAULT}' | sed s,a.py,$f,; exit 1"
    );
    let repo = with_ruff(&script);
    repo.write("api/a.py", "import os\n")
        .write("api/ruff.toml", "line-length = 90\n")
        .write("ruff.toml", "line-length = 90\n")
        .stage();
    let (ran, check) = lint(&repo);
    assert_eq!(check["outcome"], "failed");
    let findings = ran.json()["findings"].clone();
    assert_eq!(findings.as_array().map(Vec::len), Some(1), "{findings}");
}

#[test]
fn a_repair_speaks_to_people() {
    let repo = with_ruff("echo \"seen: $RUFF_OUTPUT_FORMAT.\"");
    repo.write("ruff.toml", "[format]\n").stage();
    let ran = repo.guard("fix -v").run();
    let said = ran.whole();
    assert!(said.contains("seen: ."), "{said}");
    assert!(!said.contains("seen: json"), "{said}");
}

/// A package that another one reads as it was built, with these scripts as its package manager and its compiler.
fn types_after(npm: &str, tsc: &str) -> (Ran, Value) {
    let repo = Repo::new();
    repo.write("package.json", r#"{"workspaces": ["core", "web"]}"#)
        .write(
            "core/package.json",
            r#"{"name": "core", "types": "dist/index.d.ts", "scripts": {"build": "x"}}"#,
        )
        .write(
            "web/package.json",
            r#"{"name": "web", "dependencies": {"core": "*"}}"#,
        )
        .write("web/tsconfig.json", "{}")
        .write(".gitignore", "node_modules\ndist\n")
        .commit("base");
    repo.script("node_modules/.bin/tsc", &format!("#!/bin/sh\n{tsc}\n"));
    repo.script("../bin/npm", &format!("#!/bin/sh\n{npm}\n"));
    repo.write("core/dist/index.d.ts", "stale\n")
        .write("web/a.ts", "")
        .stage();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(repo.beside("bin")).chain(std::env::split_paths(&path));
    let ran = repo
        .guard("run pre-commit --only types --format json")
        .env("PATH", std::env::join_paths(folders).expect("folders"))
        .run();
    let check = ran.json()["checks"][0].clone();
    (ran, check)
}

#[test]
fn types_are_judged_by_what_was_built_now_and_not_without_it() {
    let build = "test \"$*\" = 'run build' && mkdir -p dist && echo new >dist/index.d.ts";
    let (ran, check) = types_after(build, "grep -q new ../core/dist/index.d.ts");
    assert_eq!(check["outcome"], "passed", "{}", ran.whole());
    let (ran, check) = types_after("exit 1", "exit 0");
    assert_eq!(ran.code, 3, "{}", ran.whole());
    assert_eq!(check["outcome"], "unknown", "{check}");
    says(
        &check,
        "reason",
        "it reads what core is built to, and that cannot be built",
    );
    let text = ran.json()["findings"].to_string() + &check.to_string();
    assert!(text.contains("cd core && npm run build"), "{}", ran.whole());
}
