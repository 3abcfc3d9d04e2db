//! Linters, formatters and type checkers on small projects with planted faults.
//!
//! `.ci/run` installs them below `target/peers/tools`; each test links what it needs into its repository.

mod python;
mod rust;
mod types;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Ran, Repo};

const MANIFEST: &str = "{\"private\": true, \"type\": \"module\"}\n";

const ESLINT: &str = "export default [{ rules: { \"no-debugger\": \"error\", \"no-var\": \"warn\", \"prefer-const\": \"error\" } }];\n";

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/tools")
}

/// A repository that ignores what is installed, with nothing committed yet.
fn bare() -> Repo {
    let repo = Repo::new();
    repo.write(
        ".gitignore",
        "node_modules/\n/.venv\n__pycache__/\n.mypy_cache/\n.ruff_cache/\n",
    );
    repo
}

/// The same with the tools of npm's world installed: a folder of its own, full of links.
fn node() -> Repo {
    let repo = bare();
    let from = tools().join("node_modules");
    let to = repo.path.join("node_modules");
    fs::create_dir_all(&to).expect("a folder");
    let installed = fs::read_dir(&from).expect("`.ci/run` installed them");
    for entry in installed {
        let name = entry.expect("an entry").file_name();
        symlink(from.join(&name), to.join(&name)).expect("a link");
    }
    repo.write("package.json", MANIFEST);
    repo
}

/// Files that are committed as a base, past all checks.
fn with(repo: Repo, files: &[(&str, &str)]) -> Repo {
    for (path, text) in files {
        repo.write(path, text);
    }
    repo.commit("base");
    repo
}

fn judged(repo: &Repo) -> Ran {
    repo.guard("run pre-commit --format json").run()
}

/// What was found, a line each: `check code path:line:column`.
fn found(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let findings = report["findings"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let number = |value: &Value| {
        value
            .as_u64()
            .map_or_else(|| "-".to_owned(), |n| n.to_string())
    };
    let line = |finding: &Value| {
        let place = [&finding["line"], &finding["column"]].map(number).join(":");
        let (check, code) = (text(&finding["check"]), text(&finding["code"]));
        format!("{check} {code} {}:{place}", text(&finding["path"]))
    };
    let mut lines: Vec<String> = findings.iter().map(line).collect();
    lines.sort();
    lines
}

/// The finding of this place, whole.
fn finding(ran: &Ran, path: &str) -> Value {
    let report = ran.json();
    let mut findings = report["findings"].as_array().expect("a list").iter();
    let one = findings.find(|finding| finding["path"] == path);
    one.unwrap_or_else(|| panic!("nothing about {path} in {report}"))
        .clone()
}

fn check(ran: &Ran, id: &str) -> Value {
    let report = ran.json();
    let mut checks = report["checks"].as_array().expect("a list").iter();
    let one = checks.find(|check| check["id"] == id);
    one.unwrap_or_else(|| panic!("no {id} in {report}")).clone()
}

#[test]
fn eslint_says_what_and_where_in_characters() {
    let repo = with(node(), &[("eslint.config.js", ESLINT)]);
    repo.write(
        "src/a.js",
        "export const a = \"😀\"; debugger;\nvar b = 1;\nexport { b };\n",
    )
    .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(
        found(&ran),
        [
            "lint LINT-RULE src/a.js:1:23",
            "lint LINT-RULE src/a.js:2:1"
        ]
    );
    let first = finding(&ran, "src/a.js");
    assert_eq!(first["severity"], "error");
    assert!(
        first["message"].to_string().contains("no-debugger"),
        "{first}"
    );
    // Warnings alone let a commit pass.
    repo.write("src/a.js", "var b = 1;\nexport { b };\n")
        .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(found(&ran), ["lint LINT-RULE src/a.js:1:1"]);
    assert_eq!(finding(&ran, "src/a.js")["fix"], "safe");
}

#[test]
fn what_is_staged_is_linted_and_what_is_not_is_left_alone() {
    let repo = with(
        node(),
        &[
            ("eslint.config.js", ESLINT),
            ("src/a.js", "export const a = 1;\n"),
        ],
    );
    repo.write("src/a.js", "debugger;\nexport const a = 1;\n")
        .stage();
    // The staged fault is mended here, another is made, and a bad file is not staged at all.
    repo.write("src/a.js", "export const a = 1;\n\n\ndebugger;\n")
        .write("src/b.js", "debugger;\n");
    let index = repo.git(&["ls-files", "--stage"]);
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["lint LINT-RULE src/a.js:1:1"]);
    assert_eq!(
        repo.read("src/a.js"),
        "export const a = 1;\n\n\ndebugger;\n"
    );
    assert_eq!(repo.git(&["ls-files", "--stage"]), index);
}

#[test]
fn an_ignored_file_is_no_fault_and_a_gone_one_is_not_asked_about() {
    let config = ESLINT.replace("[{", "[{ ignores: [\"gen/**\"] }, {");
    let repo = with(
        node(),
        &[("eslint.config.js", &config), ("old.js", "debugger;\n")],
    );
    repo.write("gen/x.js", "debugger;\n");
    fs::remove_file(repo.path.join("old.js")).expect("it is there");
    repo.stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(found(&ran), Vec::<String>::new());
}

#[test]
fn each_package_of_a_monorepo_has_its_own_rules() {
    let off = ESLINT.replace("\"no-debugger\": \"error\"", "\"no-debugger\": \"off\"");
    let repo = with(
        node(),
        &[
            ("apps/web/eslint.config.js", ESLINT),
            ("apps/web/package.json", MANIFEST),
            ("apps/api/eslint.config.js", &off),
            ("apps/api/package.json", MANIFEST),
        ],
    );
    repo.write("apps/web/a.js", "debugger;\n")
        .write("apps/api/a.js", "debugger;\n")
        .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["lint LINT-RULE apps/web/a.js:1:1"]);
}

#[test]
fn another_configuration_asks_about_every_file() {
    let loose = ESLINT.replace("\"no-debugger\": \"error\"", "\"no-debugger\": \"off\"");
    let repo = with(
        node(),
        &[("eslint.config.js", &loose), ("src/a.js", "debugger;\n")],
    );
    repo.write("eslint.config.js", ESLINT).stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["lint LINT-RULE src/a.js:1:1"]);
}

#[test]
fn what_is_named_and_not_installed_is_unknown_with_the_command() {
    let named =
        "{\"private\": true, \"devDependencies\": {\"eslint\": \"^9\", \"prettier\": \"^3\"}}\n";
    let repo = with(
        bare(),
        &[
            ("package.json", named),
            ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n"),
            ("eslint.config.js", ESLINT),
        ],
    );
    repo.write("a.js", "debugger;\n").stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 3, "{}", ran.whole());
    for id in ["lint", "format"] {
        let check = check(&ran, id);
        assert_eq!(check["outcome"], "unknown", "{check}");
        assert!(
            check["reason"].to_string().contains("not installed"),
            "{check}"
        );
        assert!(
            check["remedy"].to_string().contains("pnpm install"),
            "{check}"
        );
    }
}

#[test]
fn a_configuration_that_cannot_be_loaded_is_unknown() {
    let repo = with(
        node(),
        &[(
            "eslint.config.js",
            "import x from \"eslint-plugin-nope\";\nexport default [x];\n",
        )],
    );
    repo.write("a.js", "debugger;\n").stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 3, "{}", ran.whole());
    let check = check(&ran, "lint");
    assert!(
        check["reason"].to_string().contains("eslint-plugin-nope"),
        "{check}"
    );
}

#[test]
fn a_project_without_traces_is_left_alone() {
    let repo = with(node(), &[("README.md", "x\n")]);
    repo.write("a.js", "debugger;\n")
        .write("b.py", "import os\n")
        .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(found(&ran), Vec::<String>::new());
}

#[test]
fn prettier_names_files_and_places_that_do_not_parse() {
    let repo = with(
        node(),
        &[(".prettierrc", "{}\n"), (".prettierignore", "gen/\n")],
    );
    repo.write("a.js", "let   a\n")
        .write("ok.md", "# ok\n")
        .write("p.js", "let a = (;\n")
        .write("gen/x.js", "let   a\n")
        .write("logo.bin", "x")
        .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(
        found(&ran),
        [
            "format FORMAT-DIFFERS a.js:-:-",
            "format FORMAT-DIFFERS p.js:1:10"
        ]
    );
    assert_eq!(finding(&ran, "a.js")["fix"], "safe");
}

#[test]
fn a_fix_reaches_the_index_and_the_unstaged_lines_stay() {
    let repo = with(
        node(),
        &[
            (".prettierrc", "{}\n"),
            ("a.js", "let a;\nf(1);\nf(2);\nf(3);\nf(4);\nlet z;\n"),
            ("eslint.config.js", ESLINT),
        ],
    );
    repo.write(
        "a.js",
        "let   a  =  1;\nf(1);\nf(2);\nf(3);\nf(a);\nlet z;\n",
    )
    .stage();
    repo.write(
        "a.js",
        "let   a  =  1;\nf(1);\nf(2);\nf(3);\nf(a);\nlet z; // unstaged\n",
    );
    let ran = repo.guard("run pre-commit --fix --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let staged = repo.git(&["show", ":a.js"]);
    assert!(staged.starts_with("const a = 1;\nf(1);"), "{staged}");
    assert!(!staged.contains("unstaged"), "{staged}");
    assert!(repo.read("a.js").contains("let z; // unstaged"));
}

#[test]
fn biome_lints_and_formats_as_two_checks_and_either_can_be_off() {
    let config = "{\n\t\"linter\": { \"enabled\": true }\n}\n";
    let repo = with(node(), &[("biome.json", config)]);
    let bad = "if (a == 2)   { debugger; }\n";
    repo.write("src/a.ts", format!("const a: number = 1;\n{bad}"))
        .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(
        found(&ran),
        [
            "format FORMAT-DIFFERS src/a.ts:-:-",
            "lint LINT-RULE src/a.ts:2:17",
            "lint LINT-RULE src/a.ts:2:7",
        ]
    );
    repo.write(
        "biome.json",
        config
            .replace("linter", "formatter")
            .replace("true", "false"),
    )
    .stage();
    let ran = judged(&repo);
    assert!(
        found(&ran).iter().all(|line| line.starts_with("lint ")),
        "{:?}",
        found(&ran)
    );
}
