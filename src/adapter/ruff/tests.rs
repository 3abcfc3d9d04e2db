//! The adapters asked, and their ears with what ruff really said.

use super::*;
use crate::adapter::rehearsal::{Rehearsal, heard, ready};

const BIN: &[&str] = &[".venv/bin/ruff"];

#[test]
fn it_lints_where_it_is_configured_or_named() {
    for trace in [
        ("pyproject.toml", "[tool.ruff]\nline-length = 100\n"),
        ("ruff.toml", ""),
        (".ruff.toml", ""),
        ("requirements-dev.txt", "ruff==0.8\n"),
    ] {
        let rehearsal = Rehearsal::of(&[trace]).changed(&["app/a.py", "b.js"]);
        let wanted = ": .venv/bin/ruff check --no-fix --no-fix-only --force-exclude --output-format=json {files}";
        let rehearsal = rehearsal.installs(BIN);
        assert_eq!(rehearsal.said(&LINT), [wanted], "{trace:?}");
        assert!(rehearsal.units(&FORMAT).is_empty(), "{trace:?}");
    }
    let none = Rehearsal::of(&[("pyproject.toml", "[tool.black]\n")]).changed(&["a.py"]);
    assert!(none.units(&LINT).is_empty());
}

#[test]
fn it_formats_only_where_the_project_says_so() {
    let formats = |files: &[(&str, &str)]| {
        let mut files = files.to_vec();
        files.push(("requirements.txt", "ruff\n"));
        let rehearsal = Rehearsal::of(&files).changed(&["a.py"]).installs(BIN);
        !rehearsal.units(&FORMAT).is_empty()
    };
    assert!(formats(&[(
        "pyproject.toml",
        "[tool.ruff.format]\nquote-style = 'single'\n"
    )]));
    assert!(formats(&[("ruff.toml", "[format]\n")]));
    assert!(formats(&[(
        ".pre-commit-config.yaml",
        "  - id: ruff-format\n"
    )]));
    assert!(formats(&[("Makefile", "fmt:\n\truff format .\n")]));
    assert!(!formats(&[(
        "pyproject.toml",
        "[tool.ruff.lint]\n[tool.black]\n"
    )]));
    assert!(!formats(&[("Makefile", "lint:\n\truff check .\n")]));
}

#[test]
fn sorting_imports_looks_at_the_project() {
    let reads = |config: &str| {
        let rehearsal = Rehearsal::of(&[("ruff.toml", config)]).changed(&["a.py"]);
        let units = rehearsal.installs(BIN).units(&LINT);
        ready(&units[0].call).reads
    };
    assert_eq!(reads("lint.select = [\"E\", \"F\"]"), Reads::Files);
    assert_eq!(reads("lint.select = [\"E\", \"I\"]"), Reads::Project);
    assert_eq!(reads("lint.select = ['ALL']"), Reads::Project);
    assert_eq!(reads("extend = \"../ruff.toml\""), Reads::Project);
}

/// As version 0.17 said it, shortened; a code that is null is of older ones.
const LINTED: &str = r#"[
  {"cell": null, "code": "F401", "end_location": {"column": 10, "row": 1}, "filename": "/tree/app/a.py",
   "fix": {"applicability": "safe", "edits": [], "message": "Remove unused import: `os`"},
   "location": {"column": 8, "row": 1}, "message": "`os` imported but unused", "noqa_row": 1, "url": null},
  {"cell": 2, "code": "E702", "end_location": {"column": 9, "row": 2}, "filename": "/tree/app/n.ipynb",
   "fix": null, "location": {"column": 8, "row": 2}, "message": "Multiple statements", "noqa_row": 2},
  {"cell": null, "code": null, "end_location": {"column": 8, "row": 1}, "filename": "/tree/app/p.py",
   "fix": {"applicability": "unsafe"}, "location": {"column": 7, "row": 1}, "message": "SyntaxError: Expected `)`"}
]"#;

#[test]
fn its_json_becomes_faults_with_places() {
    assert_eq!(
        heard(LINT.ear, 1, LINTED, ""),
        [
            "app/a.py:1:8-1:10 error F401 `os` imported but unused [safe]",
            "app/n.ipynb error E702 cell 2: Multiple statements",
            "app/p.py:1:7-1:8 error - SyntaxError: Expected `)`",
        ]
    );
    let nothing = "warning: No Python files found under the given path(s)\n";
    assert!(heard(LINT.ear, 0, "[]\n", nothing).is_empty());
}

#[test]
fn a_formatter_is_understood_in_all_its_versions() {
    let wanted = [
        "app/a.py error - ruff would format it differently [safe]",
        "app/p.py:1:7-1:7 error invalid-syntax Expected a parameter",
    ];
    let old = "Would reformat: a.py\n1 file would be reformatted, 1 file already formatted\n";
    let err = "warning: The --output-format flag is unstable.\nerror: Failed to parse p.py:1:7: Expected a parameter\n";
    assert_eq!(heard(FORMAT.ear, 2, old, err), wanted);
    let new = "unformatted: File would be reformatted\n --> a.py:2:1\n  |\n1 | import os\n  - x\n\ninvalid-syntax: Expected a parameter\n --> p.py:1:7\n  |\n";
    assert_eq!(heard(FORMAT.ear, 2, new, ""), wanted);
    let json = r#"[{"cell": null, "code": "unformatted", "filename": "/tree/app/a.py", "fix": {"applicability": "safe"}, "location": {"column": 1, "row": 2}, "end_location": {"column": 9, "row": 3}, "message": "File would be reformatted"}]"#;
    assert_eq!(heard(FORMAT.ear, 1, json, ""), wanted[..1]);
    assert!(heard(FORMAT.ear, 0, "1 file already formatted\n", "").is_empty());
    assert!(heard(FORMAT.ear, 0, "[]", "").is_empty());
}

#[test]
fn a_broken_configuration_is_no_pass() {
    let err = "ruff failed\n  Cause: Failed to parse /tree/app/pyproject.toml\n";
    for ear in [LINT.ear, FORMAT.ear] {
        assert!(heard(ear, 2, "", err)[0].starts_with("? ruff: ruff failed"));
        for (exit, out) in [(1, ""), (1, "[]"), (101, LINTED), (2, "[]")] {
            assert!(
                heard(ear, exit, out, "")[0].starts_with('?'),
                "{exit} {out}"
            );
        }
    }
    assert!(heard(LINT.ear, 0, "", "")[0].starts_with('?'));
    let cut = heard(LINT.ear, 1, &LINTED[..LINTED.len() - 60], "");
    assert_eq!(cut.len(), 3, "{cut:?}");
    assert!(cut[2].contains("more than guard keeps"));
}
