//! flake8.

use std::collections::BTreeMap;

use super::by_file::{ByFile, mentions, text_of, words};
use super::columns::{Columns, Counts};
use super::packages::{Interest, PYTHON_LOCKS, Touched, ends, touched};
use super::said::{self, Faults, at, fault, span};
use super::{Adapter, Ask, install, traces};
use crate::config::valid::Reads;
use crate::finding::code::LINT_RULE;
use crate::path::RepoPath;
use crate::tool::{Ear, Fault, Heard, Told, Unit};

const FILES: [&str; 3] = [".flake8", "setup.cfg", "tox.ini"];

/// The adapter.
pub(super) struct Flake8;

impl Adapter for Flake8 {
    fn id(&self) -> &'static str {
        "flake8"
    }

    fn check(&self) -> &'static str {
        "lint"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let interest = Interest {
            judges: &|name| ends(name, &["py", "pyi"]),
            rules: &rules,
            home: &|folder| is_home(ask, folder),
        };
        let touched = touched(ask, &interest).into_iter();
        touched.filter_map(|touched| unit(ask, touched)).collect()
    }
}

fn rules(name: &str) -> bool {
    FILES.contains(&name)
        || name == "pyproject.toml"
        || PYTHON_LOCKS.contains(&name)
        || traces::is_requirements(name)
}

fn is_home(ask: &Ask<'_>, folder: &RepoPath) -> bool {
    let has = |file: &&str| traces::ini_section(ask.project, folder, file, "flake8").is_some();
    FILES.iter().any(has) || traces::python_names(ask.project, folder, "flake8")
}

fn unit(ask: &Ask<'_>, touched: Touched) -> Option<Unit> {
    let config = text_of(ask, &touched.root, &FILES);
    let others = [
        "import-order",
        "isort",
        "local-plugins",
        "application-import-names",
    ];
    let tool = ByFile {
        tool: "flake8",
        found: install::python(ask, &touched.root, "flake8"),
        run: words(&[
            "--format",
            "%(path)s\t%(row)d\t%(col)d\t%(code)s\t%(text)s",
            "--extend-exclude",
            INSTALLED,
        ]),
        fix: Vec::new(),
        reads: if mentions(&config, &others) {
            Reads::Project
        } else {
            Reads::Files
        },
        rules: &rules,
        ear: &Flake8Ear,
        env: BTreeMap::new(),
    };
    let mut unit = tool.unit(ask, touched)?;
    if let Ok(call) = unit.call.as_mut() {
        call.fix = None;
    }
    Some(unit)
}

/// What is installed or made: flake8 asks git for nothing.
const INSTALLED: &str =
    ".venv,venv,env,node_modules,build,dist,.nox,.mypy_cache,.ruff_cache,.pytest_cache";

/// Understands lines of five fields with tabs between them.
struct Flake8Ear;

impl Ear for Flake8Ear {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let out = String::from_utf8_lossy(told.out);
        let mut columns = Columns::new(told.ran, Counts::Bytes);
        let mut faults = Faults::new(LINT_RULE);
        for line in out.lines() {
            if let Some(fault) = read(line, told, &mut columns) {
                faults.push(fault);
            }
        }
        let is_pass = told.exit == 0 && faults.is_empty();
        let is_fail = matches!(told.exit, 0 | 1) && faults.has_error();
        if is_pass || is_fail {
            return faults.heard(None);
        }
        said::broken(told, "flake8", "flake8 .")
    }
}

fn read(line: &str, told: &Told<'_>, columns: &mut Columns<'_>) -> Option<Fault> {
    let mut fields = line.splitn(5, '\t');
    let name = fields.next()?;
    let row = fields.next()?.parse().ok()?;
    let column = fields.next()?.parse().ok()?;
    let (code, text) = (fields.next()?, fields.next()?);
    let path: Option<RepoPath> = told.ran.path(name);
    // pycodestyle counts characters; what works on the syntax tree counts bytes.
    let place = if code.starts_with(['E', 'W']) {
        at(row, column)
    } else {
        columns.place(path.as_ref(), at(row, column))
    };
    Some(Fault {
        span: Some(span(place, None)),
        rule: Some(code.to_owned()),
        ..fault(LINT_RULE, path, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::{Rehearsal, heard, ready};

    #[test]
    fn every_place_of_its_configuration_is_a_trace() {
        for (path, text, is_trace) in [
            (".flake8", "[flake8]\n", true),
            (
                "setup.cfg",
                "[metadata]\n[flake8]\nmax-line-length = 99\n",
                true,
            ),
            ("tox.ini", "[flake8]\n", true),
            ("requirements-dev.txt", "flake8\n", true),
            ("setup.cfg", "[mypy]\n", false),
            ("tox.ini", "[tox]\n", false),
        ] {
            let rehearsal = Rehearsal::of(&[(path, text)]).changed(&["a.py"]);
            let units = rehearsal.installs(&["venv/bin/flake8"]).units(&Flake8);
            assert_eq!(units.len(), usize::from(is_trace), "{path} {text}");
            if let Some(unit) = units.first() {
                let call = ready(&unit.call);
                assert!(call.fix.is_none() && call.reads == Reads::Files);
            }
        }
    }

    #[test]
    fn its_lines_become_faults_with_places() {
        let out = "a.py\t1\t1\tF401\t'os' imported but unused\nb c.py\t1\t8\tE999\tSyntaxError: invalid syntax\n2\n";
        assert_eq!(
            heard(&Flake8Ear, 1, out, ""),
            [
                "app/a.py:1:1-1:1 error F401 'os' imported but unused",
                "app/b c.py:1:8-1:8 error E999 SyntaxError: invalid syntax",
            ]
        );
        assert!(heard(&Flake8Ear, 0, "", "").is_empty());
    }

    #[test]
    fn what_is_not_understood_is_no_pass() {
        let err =
            "There was a critical error during execution of Flake8:\nplugin code `X` is bad\n";
        for (exit, out) in [
            (1, ""),
            (1, "a.py:1:1: F401 no"),
            (2, "a.py\t1\t1\tF401\tx"),
        ] {
            let heard = heard(&Flake8Ear, exit, out, err);
            assert!(
                heard[0].starts_with("? flake8: There was a critical"),
                "{heard:?}"
            );
        }
    }
}
