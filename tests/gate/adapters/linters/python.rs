//! ruff, flake8, black and mypy, each where the project says so.

use std::os::unix::fs::symlink;

use super::{bare, check, finding, found, judged, tools, with};
use crate::support::Repo;

/// A repository in which the tools of Python's world are installed.
fn python() -> Repo {
    let repo = bare();
    symlink(tools().join("venv"), repo.path.join(".venv")).expect("a link");
    repo
}

#[test]
fn ruff_lints_and_formats_only_where_it_is_the_formatter() {
    let lint = "[tool.ruff.lint]\nselect = [\"E\", \"F\"]\n";
    let repo = with(python(), &[("pyproject.toml", lint)]);
    repo.write(
        "app/a.py",
        "import os\nx = \"😀\"; import sys\nprint(  x)\n",
    )
    .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(
        found(&ran),
        [
            "lint LINT-RULE app/a.py:1:8",
            "lint LINT-RULE app/a.py:2:10",
            "lint LINT-RULE app/a.py:2:17",
            "lint LINT-RULE app/a.py:2:8",
        ]
    );
    let first = finding(&ran, "app/a.py");
    assert!(first["message"].to_string().contains("F401"), "{first}");
    assert_eq!(first["fix"], "safe");
    repo.write("pyproject.toml", format!("{lint}[tool.ruff.format]\n"))
        .stage();
    let ran = judged(&repo);
    assert!(
        found(&ran).contains(&"format FORMAT-DIFFERS app/a.py:-:-".to_owned()),
        "{:?}",
        found(&ran)
    );
}

#[test]
fn a_fix_mends_what_is_staged() {
    let repo = with(
        python(),
        &[("ruff.toml", "lint.select = [\"F\"]\n[format]\n")],
    );
    repo.write("a.py", "import os\nx = (  1)\n").stage();
    let ran = repo.guard("run pre-commit --fix --format json").run();
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(repo.git(&["show", ":a.py"]), "x = 1");
    assert_eq!(repo.read("a.py"), "x = 1\n");
}

#[test]
fn two_linters_and_a_formatter_live_side_by_side() {
    let repo = with(
        python(),
        &[
            (
                "pyproject.toml",
                "[tool.ruff.lint]\nselect = [\"F\"]\n[tool.black]\nextend-exclude = \"gen\"\n",
            ),
            (".flake8", "[flake8]\nselect = E7\n"),
        ],
    );
    repo.write("a.py", "import os\nx = 1; y = 2\n")
        .write("gen/b.py", "x  =  1\n")
        .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(
        found(&ran),
        [
            "format FORMAT-DIFFERS a.py:-:-",
            "lint LINT-RULE a.py:1:8",
            "lint LINT-RULE a.py:2:6",
        ]
    );
}

#[test]
fn mypy_finds_what_a_change_breaks_elsewhere() {
    let repo = with(
        python(),
        &[
            ("mypy.ini", "[mypy]\nfiles = app\n"),
            ("app/__init__.py", ""),
            ("app/a.py", "def f(x: int) -> int:\n    return x\n"),
            ("app/b.py", "from app.a import f\n\nf(1)\n"),
        ],
    );
    repo.write("app/a.py", "def f(x: str) -> str:\n    return x\n")
        .stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert_eq!(found(&ran), ["types TYPES-ERROR app/b.py:3:3"]);
    assert!(
        finding(&ran, "app/b.py")["message"]
            .to_string()
            .contains("arg-type")
    );
    assert_eq!(repo.status(), "M  app/a.py", "nothing is left in the tree");
}

#[test]
fn a_broken_configuration_is_unknown() {
    let repo = with(
        python(),
        &[("pyproject.toml", "[tool.ruff]\nno-such-key = 1\n")],
    );
    repo.write("a.py", "x = 1\n").stage();
    let ran = judged(&repo);
    assert_eq!(ran.code, 3, "{}", ran.whole());
    let lint = check(&ran, "lint");
    assert!(lint["remedy"].to_string().contains("ruff check"), "{lint}");
}

#[test]
fn a_configuration_that_mypy_does_not_understand_is_unknown() {
    for (file, text) in [
        ("mypy.ini", "[mypy]\nstrict = maybe\n"),
        ("pyproject.toml", "[tool.mypy]\nstrickt = true\n"),
    ] {
        let repo = with(python(), &[(file, text)]);
        repo.write("a.py", "def f(x):\n    return x\n").stage();
        let ran = judged(&repo);
        assert_eq!(ran.code, 3, "{file}: {}", ran.whole());
        assert_eq!(check(&ran, "types")["outcome"], "unknown", "{file}");
    }
}
