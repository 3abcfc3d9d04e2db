//! Configuration as people meet it: explain, schema, layers, and what is wrong with it.

use crate::support::Repo;

fn with(config: &str) -> Repo {
    let repo = Repo::new();
    repo.write("guard.yaml", config)
        .write("a.txt", "a\n")
        .stage();
    repo
}

#[test]
fn a_wrong_key_is_shown_with_its_place_and_the_nearest() {
    let repo = with("commands:\n  eslint:\n    run: 'true'\n    timout: 5s\n");
    let ran = repo.guard("run pre-commit").run();
    assert_eq!(ran.code, 2);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("guard.yaml:4:5"), "{}", ran.err);
    assert_eq!(ran.err.matches("unknown key").count(), 1, "{}", ran.err);
    assert!(ran.err.contains("timeout"), "{}", ran.err);
    assert!(
        ran.err.lines().all(|line| line.chars().count() <= 80),
        "{}",
        ran.err
    );
}

#[test]
fn a_wrong_configuration_leaves_standard_output_empty_in_every_format() {
    let repo = with("on_unknown: maybe\n");
    for format in ["human", "json", "ndjson"] {
        let ran = repo.guard("run pre-commit --format").arg(format).run();
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{format}");
        assert!(ran.err.contains("guard.yaml:1:13"), "{}", ran.err);
    }
}

#[test]
fn layers_win_in_order_and_explain_names_them() {
    let repo = with("jobs: 2\n");
    let origin = |ran: &crate::support::Ran| ran.out.clone();
    let from_file = repo.guard("explain config jobs").run();
    assert!(
        origin(&from_file).contains("guard.yaml:1"),
        "{}",
        from_file.whole()
    );
    repo.write("guard.local.yaml", "# mine\njobs: 3\n");
    let from_local = repo.guard("explain config jobs").run();
    assert!(
        origin(&from_local).contains("guard.local.yaml:2"),
        "{}",
        from_local.whole()
    );
    let from_variable = repo
        .guard("explain config jobs")
        .env("GUARD_JOBS", "4")
        .run();
    assert!(
        origin(&from_variable).contains("GUARD_JOBS") && origin(&from_variable).contains('4'),
        "{}",
        from_variable.whole()
    );
    let default = repo.guard("explain config on_unknown").run();
    assert!(
        origin(&default).contains("built-in default") && origin(&default).contains("block"),
        "{}",
        default.whole()
    );
    let unknown = repo.guard("explain config on_unknwon").run();
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("on_unknown"), "{}", unknown.err);
}

#[test]
fn a_bad_variable_is_shown_as_that_variable() {
    let repo = with("jobs: 2\n");
    let ran = repo.guard("run pre-commit").env("GUARD_JOBS", "many").run();
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("GUARD_JOBS"), "{}", ran.err);
    assert!(!ran.err.contains("guard.yaml:"), "{}", ran.err);
}

/// Case 44.
#[test]
fn two_files_a_newer_one_and_an_empty_one() {
    let repo = with("jobs: 2\n");
    repo.write("guard.toml", "jobs = 2\n");
    let two = repo.guard("run pre-commit").run();
    assert_eq!(two.code, 2);
    assert!(
        two.err.contains("guard.yaml") && two.err.contains("guard.toml"),
        "{}",
        two.err
    );

    let newer = with("min_version: '99.0'\nfrom_the_future: yes\n")
        .guard("run pre-commit")
        .run();
    assert_eq!(newer.code, 2);
    assert!(
        newer.err.contains("99.0") && !newer.err.contains("from_the_future`"),
        "{}",
        newer.err
    );

    assert_eq!(with("").guard("run pre-commit").run().code, 0);
    let none = Repo::new();
    none.write("a.txt", "a\n").stage();
    let ran = none.guard("run pre-commit").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
}

#[test]
fn toml_and_json_mean_the_same() {
    for (name, text) in [
        (
            "guard.toml",
            "[commands.log]\nrun = 'echo ran >> ../log'\nfiles = 'none'\nreads = 'files'\n",
        ),
        (
            "guard.json",
            "{\"commands\":{\"log\":{\"run\":\"echo ran >> ../log\",\"files\":\"none\",\"reads\":\"files\"}}}",
        ),
    ] {
        let repo = Repo::new();
        repo.write(name, text).write("a.txt", "a\n").stage();
        let ran = repo.guard("run pre-commit").run();
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert_eq!(repo.logged(), "ran\n", "{name}");
    }
}

#[test]
fn another_file_can_be_named() {
    let repo = with("jobs: nonsense\n");
    repo.write("other/mine.yaml", "jobs: 2\n");
    assert_eq!(
        repo.guard("run pre-commit --config other/mine.yaml")
            .run()
            .code,
        0
    );
    let by_variable = repo
        .guard("run pre-commit")
        .env("GUARD_CONFIG", "other/mine.yaml")
        .run();
    assert_eq!(by_variable.code, 0, "{}", by_variable.whole());
    assert_eq!(
        repo.guard("run pre-commit --config gone.yaml").run().code,
        2
    );
}

#[test]
fn commands_are_checked_before_anything_runs() {
    for (config, names) in [
        (
            "commands:\n  a: { run: x, needs: [b] }\n  b: { run: x, needs: [a] }\n",
            &["a", "b"][..],
        ),
        (
            "commands:\n  a: { run: 'lint \"{files}\"' }\n",
            &["{files}"],
        ),
        (
            "commands:\n  a: { run: 'lint {files} {files}' }\n",
            &["{files}"],
        ),
        ("commands:\n  a: { run: x, timeout: 0s }\n", &["timeout"]),
        (
            "commands:\n  a: { run: x, files: ['./src/**'] }\n",
            &["./src"],
        ),
        ("commands:\n  a: { run: x, files: ['[a'] }\n", &["["]),
        ("commands:\n  a: { run: x, branches: ['[m'] }\n", &["["]),
        ("commands:\n  a: { run: x, root: ../up }\n", &["root"]),
        (
            "commands:\n  a: { run: x, needs: [eslnt] }\n  eslint: { run: x }\n",
            &["eslnt", "eslint"],
        ),
    ] {
        let ran = with(config).guard("run pre-commit").run();
        assert_eq!(ran.code, 2, "{config}{}", ran.whole());
        assert!(ran.err.contains("guard.yaml:"), "{}", ran.err);
        for name in names {
            assert!(ran.err.contains(name), "{name}: {}", ran.err);
        }
    }
}

#[test]
fn checks_are_tuned_and_every_mistake_has_its_place() {
    for (config, place, help) in [
        (
            "checks:\n  lnt: false\n",
            "guard.yaml:2:3",
            "did you mean `lint`?",
        ),
        (
            "checks:\n  lint: { tols: [ruff] }\n",
            "guard.yaml:2:11",
            "did you mean `tools`?",
        ),
        (
            "checks:\n  lint:\n    severity: { CMD-FALED: info }\n",
            "guard.yaml:3:17",
            "did you mean `CMD-FAILED`?",
        ),
        (
            "checks:\n  coverage: { min: 180 }\n",
            "guard.yaml:2:20",
            "between 0 and 100",
        ),
        (
            "checks:\n  railway: false\n",
            "guard.yaml:2:3",
            "does not read `checks.railway` yet",
        ),
        (
            "commands:\n  lint: { run: x }\n",
            "guard.yaml:2:3",
            "`lint-team`",
        ),
        (
            "commands:\n  fix: { run: x }\n",
            "guard.yaml:2:3",
            "`fix-team`",
        ),
    ] {
        let ran = with(config).guard("run pre-commit").run();
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{config}");
        assert!(ran.err.contains(place), "{place}: {}", ran.err);
        assert!(ran.err.contains(help), "{help}: {}", ran.err);
    }
}

#[test]
fn explain_knows_the_settings_of_checks_from_every_layer() {
    let repo = with("checks:\n  coverage:\n    min: 80\n");
    let min = || repo.guard("explain config checks.coverage.min");
    let from_file = min().run();
    assert_eq!(from_file.code, 0, "{}", from_file.whole());
    assert!(
        from_file
            .out
            .starts_with("checks.coverage.min: 80\nfrom guard.yaml:3\n"),
        "{}",
        from_file.out
    );
    let from_variable = min().env("GUARD_CHECKS_COVERAGE_MIN", "85").run();
    assert!(
        from_variable
            .out
            .starts_with("checks.coverage.min: 85\nfrom GUARD_CHECKS_COVERAGE_MIN\n"),
        "{}",
        from_variable.out
    );
    let section = repo.guard("explain config checks").run();
    assert!(
        section.out.starts_with("checks: {") && section.out.contains("`lint`"),
        "{}",
        section.out
    );
    assert!(
        section.out.lines().all(|line| line.chars().count() <= 80),
        "{}",
        section.out
    );
    let off = repo
        .guard("explain config checks.lint.at")
        .env("GUARD_CHECKS_LINT", "false")
        .run();
    assert!(
        off.out.contains("switched off: GUARD_CHECKS_LINT"),
        "{}",
        off.out
    );
    let slip = repo.guard("explain config checks.coverage.mni").run();
    assert_eq!(slip.code, 2);
    assert!(slip.err.contains("checks.coverage.min"), "{}", slip.err);
}

#[test]
fn checks_are_named_by_filters_and_needs_like_commands() {
    let repo = with(
        "checks: { tests: false }\ncommands:\n  log: { run: 'echo ran >> ../log', files: none, reads: files, needs: [lint] }\n",
    );
    for (arguments, code, logged) in [
        ("--skip lint", 0, "ran\n"),
        ("--skip coverage", 0, "ran\n"),
        ("--only log", 0, "ran\n"),
        ("--only gitignore", 0, ""),
        ("--skip lnt", 2, ""),
        ("--skip tests", 2, ""),
    ] {
        let ran = repo
            .guard(&format!("run pre-commit --no-cache {arguments}"))
            .run();
        assert_eq!(ran.code, code, "{arguments}: {}", ran.whole());
        assert_eq!(repo.take_log(), logged, "{arguments}");
    }
    let slip = repo.guard("run pre-commit").env("GUARD_SKIP", "lnt").run();
    assert_eq!(slip.code, 2);
    assert!(
        slip.err.contains("GUARD_SKIP") && slip.err.contains("did you mean `lint`?"),
        "{}",
        slip.err
    );
    let off = repo.guard("run pre-commit --skip tests").run();
    assert!(off.err.contains("switched off"), "{}", off.err);
}

#[test]
fn a_tracked_env_guard_is_refused_and_an_untracked_one_reaches_no_child() {
    let repo = with("commands:\n  variables: { run: 'env > ../env', files: none, reads: files }\n");
    repo.commit("base");
    repo.write("a.txt", "b\n").stage();
    repo.write(".env.guard", "RAILWAY_TOKEN=rw-secret-123\nGUARD_JOBS=1\n");
    let ran = repo.guard("run pre-commit").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let seen = std::fs::read_to_string(repo.beside("env")).expect("written");
    assert!(
        !seen.contains("rw-secret-123") && !seen.contains("GUARD_JOBS"),
        "{seen}"
    );
    repo.git(&["add", "--force", ".env.guard"]);
    let tracked = repo.guard("run pre-commit").run();
    assert_eq!(tracked.code, 2, "{}", tracked.whole());
    assert!(
        tracked.err.contains(".env.guard") && !tracked.err.contains("rw-secret"),
        "{}",
        tracked.err
    );
}

#[test]
fn the_schemas_are_printed_and_accept_what_guard_accepts() {
    let repo = with("");
    for which in ["config", "env", "report"] {
        let ran = repo.guard(&format!("schema {which}")).run();
        assert_eq!(ran.code, 0);
        jsonschema::meta::validate(&ran.json()).expect("a valid schema");
    }
    let schema = repo.guard("schema config").run().json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(
        validator.is_valid(
            &serde_json::json!({"jobs": 2, "commands": {"a": {"run": ["x", "{files}"]}}})
        )
    );
    assert!(!validator.is_valid(&serde_json::json!({"jbos": 2})));
    assert!(!validator.is_valid(&serde_json::json!({"commands": {"a": {"run": 5}}})));
}
