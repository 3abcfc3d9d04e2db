//! Layers: which value holds, and that a mistake is shown in the layer that it came from.

use std::path::Path;
use std::time::Duration;

use insta::assert_snapshot;

use super::{complaints_about, folder, loaded, shown};
use crate::config::valid::Run;
use crate::config::{Flag, Request, load, load_with};
use crate::environment::Environment;
use crate::outcome::OnUnknown;

const COMMAND: &str = "commands:\n  es-lint:\n    run: eslint {files}\n    timeout: 60s\n";

#[test]
fn without_a_file_the_defaults_hold() {
    let folder = folder(&[]);
    let loaded = loaded(folder.path(), &[]).unwrap();
    assert_eq!(loaded.config, crate::config::valid::Config::default());
    assert_eq!(loaded.file, None);
}

#[test]
fn an_empty_file_says_nothing() {
    for text in ["", "\n# nothing\n", "---\n", "commands:\n", "\u{feff}"] {
        let folder = folder(&[("guard.yaml", text)]);
        let loaded = loaded(folder.path(), &[]).unwrap();
        assert_eq!(
            loaded.config,
            crate::config::valid::Config::default(),
            "{text:?}"
        );
        assert_eq!(loaded.file, Some(folder.path().join("guard.yaml")));
    }
}

#[test]
fn later_layers_win_key_by_key() {
    let folder = folder(&[
        (
            "guard.yaml",
            &format!("jobs: 1\non_unknown: block\n{COMMAND}"),
        ),
        (
            "guard.local.toml",
            "jobs = 2\n[commands.es-lint]\ntimeout = \"5s\"\n",
        ),
    ]);
    let variables = [
        ("GUARD_ON_UNKNOWN", "warn"),
        ("GUARD_JOBS", ""),
        ("GUARD_COMMANDS_ES_LINT_AT", "push,ci"),
        ("GUARD_COMMANDS_ES_LINT_RUN", "[\"npx\", \"eslint\"]"),
        ("GUARD_COMMANDS_ES_LINT_CACHE", "1"),
    ];
    let environment = Environment::of(folder.path(), variables);
    let request = Request {
        root: folder.path(),
        explicit: None,
        environment: &environment,
        reserved: &[],
    };
    let flags = [Flag {
        name: "--on-unknown",
        key: "on_unknown",
        value: "block",
    }];
    let loaded = load_with(&request, &flags).unwrap();
    assert_eq!(loaded.config.on_unknown, OnUnknown::Block);
    // A variable that is set to nothing is not set.
    assert_eq!(loaded.config.jobs, Some(2));
    let command = &loaded.config.commands["es-lint"];
    assert_eq!(command.timeout, Some(Duration::from_secs(5)));
    assert_eq!(command.run, Run::Argv(vec!["npx".into(), "eslint".into()]));
    assert_eq!(command.at.len(), 2);
    assert_eq!(command.cache, Some(true));

    let explain = |key: &str| {
        let explained = loaded.explain(key).unwrap();
        format!("{} <- {}", explained.value, explained.origin)
    };
    assert_eq!(explain("on_unknown"), "block <- --on-unknown");
    assert_eq!(explain("jobs"), "2 <- guard.local.toml:1");
    assert_eq!(
        explain("commands.es-lint.timeout"),
        "5s <- guard.local.toml:3"
    );
    assert_eq!(
        explain("commands.es-lint.at"),
        "[\"push\",\"ci\"] <- GUARD_COMMANDS_ES_LINT_AT"
    );
    assert_eq!(explain("commands.es-lint.needs"), "[] <- built-in default");
    assert_eq!(
        explain("commands.es-lint.reads"),
        "project <- built-in default"
    );
    assert_eq!(explain("min_version"), "any version <- built-in default");
}

#[test]
fn explain_knows_sections_and_names_with_dots_and_the_nearest() {
    let folder = folder(&[(
        "guard.yaml",
        "\ncommands:\n  a: { run: x }\n  a.b:\n    run: y {files}\n    env: { N: 1.10 }\n",
    )]);
    let loaded = loaded(folder.path(), &[]).unwrap();
    let explained = loaded.explain("commands.a.b.run").unwrap();
    assert_eq!(
        (explained.value.as_str(), explained.origin.as_str()),
        ("y {files}", "guard.yaml:5")
    );
    assert!(explained.text.contains("sh -c"), "{}", explained.text);
    assert_eq!(loaded.explain("commands.a.b.reads").unwrap().value, "files");
    let variable = loaded.explain("commands.a.b.env.N").unwrap();
    assert_eq!(
        (variable.value.as_str(), variable.origin.as_str()),
        ("1.10", "guard.yaml:6")
    );
    assert_eq!(loaded.explain("commands.a").unwrap().origin, "guard.yaml:3");
    assert_eq!(loaded.explain("commands").unwrap().origin, "guard.yaml:2");
    for (key, nearest) in [
        ("comands", Some("commands")),
        ("commands.a.timout", Some("commands.a.timeout")),
        ("commands.zebra.timeout", None),
        ("", None),
    ] {
        let unknown = loaded.explain(key).unwrap_err();
        assert_eq!(unknown.nearest.as_deref(), nearest, "{key}");
    }
    // Every key of every kind has its sentence.
    for key in crate::config::shape::TOP {
        assert!(
            !loaded.explain(key.name).unwrap().text.is_empty(),
            "{}",
            key.name
        );
    }
    for key in crate::config::shape::COMMAND {
        let explained = loaded.explain(&format!("commands.a.{}", key.name)).unwrap();
        assert!(!explained.text.is_empty(), "{}", key.name);
    }
}

#[test]
fn a_bad_value_is_shown_in_the_local_file_that_it_came_from() {
    let files = [
        ("guard.yaml", COMMAND),
        (
            "guard.local.yaml",
            "commands: { es-lint: { timeout: soon } }",
        ),
    ];
    assert_snapshot!(complaints_about(&files, &[]), @r"
     ✗ `soon` is no time
      ╭─[guard.local.yaml:1:33]
    1 │ commands: { es-lint: { timeout: soon } }
      ·                                 ────
      ╰────
     help: write it as `500ms`, `60s`, `5m` or `1h30m`
    ");
}

#[test]
fn a_local_command_without_run_is_told_there() {
    let files = [
        ("guard.yaml", COMMAND),
        ("guard.local.yaml", "commands: { eslint: { timeout: 5s } }"),
    ];
    assert_snapshot!(complaints_about(&files, &[]), @r"
     ✗ the command has no `run`
      ╭─[guard.local.yaml:1:13]
    1 │ commands: { eslint: { timeout: 5s } }
      ·             ──────
      ╰────
     help: say what it runs: `run: npx eslint {files}`
    ");
}

#[test]
fn a_bad_variable_is_shown_as_that_variable() {
    let variables = [
        ("GUARD_JOBS", "many"),
        ("GUARD_ON_UNKNOWN", "blok"),
        ("GUARD_COMMANDS_ES_LINT_TIMEOUT", "soon"),
        ("GUARD_COMMANDS_ES_LINT_AT", "push,comit"),
    ];
    assert_snapshot!(complaints_about(&[("guard.yaml", &format!("jobs: 4\n{COMMAND}"))], &variables), @r"
    ✗ GUARD_COMMANDS_ES_LINT_AT: `comit` is no value of `at`
    help: did you mean `commit`?

    ✗ GUARD_JOBS: `jobs` cannot be the text `many`
    help: write a whole number between 1 and 512

    ✗ GUARD_ON_UNKNOWN: `blok` is no value of `on_unknown`
    help: did you mean `block`?

    ✗ GUARD_COMMANDS_ES_LINT_TIMEOUT: `soon` is no time
    help: write it as `500ms`, `60s`, `5m` or `1h30m`
    ");
}

#[test]
fn a_mistyped_variable_is_a_mistake_and_a_strange_one_a_warning() {
    let folder = folder(&[("guard.yaml", COMMAND)]);
    let error = loaded(
        folder.path(),
        &[("GUARD_JOBZ", "4"), ("GUARD_COMMANDS_ESLINT_RUN", "x")],
    )
    .unwrap_err();
    assert_snapshot!(shown(&error), @r"
    ✗ GUARD_COMMANDS_ESLINT_RUN: there is no such setting
    help: did you mean GUARD_COMMANDS_ES_LINT_RUN? else unset it: `unset
          GUARD_COMMANDS_ESLINT_RUN`

    ✗ GUARD_JOBZ: there is no such setting
    help: did you mean GUARD_JOBS? else unset it: `unset GUARD_JOBZ`
    ");
    let loaded = loaded(
        folder.path(),
        &[
            ("GUARD_DUTY_ACCOUNT", "s3cret"),
            ("GUARD_SKIPS", "s3cret"),
            ("GUARD_SKIP", "x"),
            ("GUARD", "0"),
        ],
    );
    assert_snapshot!(loaded.unwrap().warnings.join("\n"), @r"
    the environment sets GUARD_DUTY_ACCOUNT, which guard does not know
    the environment sets GUARD_SKIPS, which guard does not know; did you mean GUARD_SKIP?
    ");
}

#[test]
fn a_variable_of_two_meanings_is_refused() {
    let files = [(
        "guard.yaml",
        "commands:\n  a-b: { run: x }\n  a_b: { run: x }\n",
    )];
    assert_snapshot!(complaints_about(&files, &[("GUARD_COMMANDS_A_B_TIMEOUT", "5s")]), @r"
    ✗ GUARD_COMMANDS_A_B_TIMEOUT could mean `commands.a-b.timeout` or
    │ `commands.a_b.timeout`
    help: set it in guard.yaml or guard.local.yaml, where the names differ
    ");
}

#[test]
fn two_files_or_a_wrong_name_are_refused() {
    assert_snapshot!(complaints_about(&[("guard.yaml", ""), ("guard.json", "{}")], &[]), @r"
    ✗ there are 2 configurations: guard.yaml and guard.json
    help: keep one of them: guard does not choose
    ");
    assert_snapshot!(complaints_about(&[("guard.yml", "")], &[]), @r"
    ✗ guard.yml: guard does not read a file of this name
    help: call it guard.yaml: `git mv guard.yml guard.yaml`
    ");
    assert_snapshot!(complaints_about(&[("guard.local.toml", ""), ("guard.local.yaml", "")], &[]), @r"
    ✗ there are 2 configurations: guard.local.yaml and guard.local.toml
    help: keep one of them: guard does not choose
    ");
}

#[test]
fn a_command_may_not_be_called_like_a_built_in_check() {
    assert_snapshot!(complaints_about(&[("guard.yaml", "commands:\n  lint: { run: x }\n  change: { run: x }\n")], &[]), @r"
     ✗ `lint` is the id of a built-in check
      ╭─[guard.yaml:2:3]
    2 │   lint: { run: x }
      ·   ────
      ╰────
     help: call the command something else, such as `lint-team`

     ✗ `change` is the id of a step of guard's own
      ╭─[guard.yaml:3:3]
    3 │   change: { run: x }
      ·   ──────
      ╰────
     help: call the command something else, such as `change-team`
    ");
}

#[test]
fn a_named_file_stands_for_all_others() {
    let folder = folder(&[
        ("guard.yaml", "jobs: 1"),
        ("guard.json", "{}"),
        ("guard.local.yaml", "jobs: 2"),
        ("ci/strict.toml", "jobs = 3"),
        ("notes.txt", ""),
    ]);
    let read = |explicit: Option<&str>, variable: &str| {
        let environment = Environment::of(folder.path().join("ci"), [("GUARD_CONFIG", variable)]);
        load(&Request {
            root: folder.path(),
            explicit: explicit.map(Path::new),
            environment: &environment,
            reserved: &[],
        })
    };
    assert_eq!(read(Some("strict.toml"), "").unwrap().config.jobs, Some(3));
    assert_eq!(read(None, "strict.toml").unwrap().config.jobs, Some(3));
    assert_eq!(
        read(Some("../guard.yaml"), "strict.toml")
            .unwrap()
            .config
            .jobs,
        Some(1)
    );
    assert!(read(None, "").is_err());
    assert_snapshot!(shown(&read(Some("nowhere.yaml"), "").unwrap_err()), @r"
    ✗ ci/nowhere.yaml: there is no such file
    help: is the path right?
    ");
    assert_snapshot!(shown(&read(Some("../notes.txt"), "").unwrap_err()), @r"
    ✗ ci/../notes.txt: the name does not say what the file is written in
    help: let it end in .yaml, .toml or .json
    ");
    assert_snapshot!(shown(&read(Some("../ci"), "").unwrap_err()), @r"
    ✗ ci/../ci: is not a file
    help: put a file in its place, or take it away
    ");
}

#[test]
fn what_is_not_text_or_too_long_is_refused() {
    let folder = folder(&[]);
    std::fs::write(folder.path().join("guard.yaml"), b"jobs: 1\n# caf\xe9\n").unwrap();
    assert_snapshot!(shown(&loaded(folder.path(), &[]).unwrap_err()), @r"
     ✗ not UTF-8
      ╭─[guard.yaml:2:6]
    2 │ # caf�
      ·      ─
      ╰────
     help: save the file as UTF-8
    ");
    std::fs::write(
        folder.path().join("guard.yaml"),
        vec![b'#'; 1024 * 1024 + 1],
    )
    .unwrap();
    assert_snapshot!(shown(&loaded(folder.path(), &[]).unwrap_err()), @r"
    ✗ guard.yaml: is longer than 1 MiB
    help: is this the right file?
    ");
    std::fs::remove_file(folder.path().join("guard.yaml")).unwrap();
    std::fs::create_dir(folder.path().join("guard.yaml")).unwrap();
    assert_snapshot!(shown(&loaded(folder.path(), &[]).unwrap_err()), @r"
    ✗ guard.yaml: is not a file
    help: put a file in its place, or take it away
    ");
}
