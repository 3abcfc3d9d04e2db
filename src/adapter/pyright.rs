//! Pyright, from npm or from a Python environment.

use serde::Deserialize;

use super::by_file::call;
use super::columns::{Columns, Counts};
use super::packages::{Interest, NODE_LOCKS, PYTHON_LOCKS, Touched, ends, touched};
use super::said::{self, Faults, at, fault, span};
use super::{Adapter, Ask, install, traces};
use crate::finding::Severity;
use crate::finding::code::TYPES_ERROR;
use crate::path::RepoPath;
use crate::tool::{Ear, Fault, Heard, Missing, Told, Unit};

const CONFIG: &str = "pyrightconfig.json";

/// The adapter.
pub(super) struct Pyright;

impl Adapter for Pyright {
    fn id(&self) -> &'static str {
        "pyright"
    }

    fn check(&self) -> &'static str {
        "types"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let interest = Interest {
            judges: &|name| ends(name, &["py", "pyi"]),
            rules: &rules,
            home: &|folder| is_home(ask, folder),
        };
        let touched = touched(ask, &interest).into_iter();
        touched.map(|touched| unit(ask, touched)).collect()
    }
}

fn rules(name: &str) -> bool {
    [CONFIG, "pyproject.toml", "package.json"].contains(&name)
        || NODE_LOCKS.contains(&name)
        || PYTHON_LOCKS.contains(&name)
        || traces::is_requirements(name)
}

fn is_home(ask: &Ask<'_>, folder: &RepoPath) -> bool {
    ask.project.holds(folder, CONFIG.as_bytes())
        || traces::pyproject_has(ask.project, folder, "tool.pyright")
        || traces::node_names(ask.project, folder, "pyright")
        || traces::python_names(ask.project, folder, "pyright")
}

fn unit(ask: &Ask<'_>, touched: Touched) -> Unit {
    let call = found(ask, &touched.root).map(|program| {
        let mut run = vec![program, "--outputjson".to_owned()];
        // It does not look for an environment beside the project by itself.
        if !names_environment(ask, &touched.root)
            && let Some(python) = ask.finder.python(&touched.root, "python")
            && python.contains('/')
        {
            run.extend(["--pythonpath".to_owned(), python]);
        }
        call(ask, run, &PyrightEar)
    });
    Unit {
        tool: "pyright",
        root: touched.root,
        files: touched.files,
        call,
    }
}

fn found(ask: &Ask<'_>, root: &RepoPath) -> Result<String, Missing> {
    let node = ask.finder.node(root, "pyright");
    match node.or_else(|| ask.finder.python(root, "pyright")) {
        Some(program) => Ok(program),
        None if traces::node_names_above(ask.project, root, "pyright") => {
            install::node(ask, root, "pyright", "pyright")
        }
        None => install::python(ask, root, "pyright"),
    }
}

fn names_environment(ask: &Ask<'_>, root: &RepoPath) -> bool {
    let config = ask.project.json(&root.join(CONFIG.as_bytes()));
    let in_own = config.is_some_and(|config| config.get("venv").is_some());
    in_own || traces::pyproject_has(ask.project, root, "tool.pyright.venv")
}

/// Understands `--outputjson`.
struct PyrightEar;

#[derive(Deserialize)]
struct Diagnostic {
    #[serde(default)]
    file: String,
    #[serde(default)]
    severity: String,
    message: String,
    range: Option<Range>,
    rule: Option<String>,
}

#[derive(Deserialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Deserialize)]
struct Place {
    line: u64,
    character: u64,
}

impl Ear for PyrightEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let broken = || said::broken(told, "pyright", "pyright");
        // 2 is a crash, 3 a broken configuration, 4 a command line that it does not know.
        if !matches!(told.exit, 0 | 1) {
            return broken();
        }
        let list = said::elements::<Diagnostic>(told.out, Some("\"generalDiagnostics\":"));
        let Some((diagnostics, is_whole)) = list else {
            return broken();
        };
        let mut columns = Columns::new(told.ran, Counts::Utf16);
        let mut faults = Faults::new(TYPES_ERROR);
        for diagnostic in &diagnostics {
            faults.push(diagnostic.fault(told, &mut columns));
        }
        if !is_whole {
            faults.note("pyright said more than guard keeps; what it said last is missing".into());
        }
        if (told.exit != 0 || !is_whole) && !faults.has_error() {
            return broken();
        }
        faults.heard(None)
    }
}

impl Diagnostic {
    fn fault(&self, told: &Told<'_>, columns: &mut Columns<'_>) -> Fault {
        let path = told.ran.path(&self.file);
        // It counts lines and columns from 0.
        let mut place = |place: &Place| {
            let place = at(
                place.line.saturating_add(1),
                place.character.saturating_add(1),
            );
            columns.place(path.as_ref(), place)
        };
        let range = self.range.as_ref();
        let range = range.map(|range| (place(&range.start), place(&range.end)));
        let mut lines = self.message.lines();
        let message = lines.next().unwrap_or_default();
        let rest: Vec<&str> = lines.map(str::trim).collect();
        Fault {
            severity: match self.severity.as_str() {
                "warning" => Severity::Warning,
                "information" => Severity::Info,
                _ => Severity::Error,
            },
            span: range.map(|(start, end)| span(start, Some(end))),
            rule: self.rule.clone(),
            help: (!rest.is_empty()).then(|| said::short(&rest.join(" "))),
            ..fault(TYPES_ERROR, path, message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::{Rehearsal, heard};

    #[test]
    fn it_is_found_in_either_world_and_told_of_the_environment() {
        let config = (CONFIG, "{}");
        let rehearsal = Rehearsal::of(&[config]).changed(&["a.py"]);
        let rehearsal = rehearsal.installs(&["node_modules/.bin/pyright", ".venv/bin/python"]);
        assert_eq!(
            rehearsal.said(&Pyright),
            [": node_modules/.bin/pyright --outputjson --pythonpath .venv/bin/python"]
        );
        let named = (CONFIG, r#"{"venvPath": ".", "venv": ".venv"}"#);
        let rehearsal = Rehearsal::of(&[named]).changed(&["a.py"]);
        let rehearsal = rehearsal.installs(&[".venv/bin/pyright", ".venv/bin/python"]);
        assert_eq!(
            rehearsal.said(&Pyright),
            [": .venv/bin/pyright --outputjson"]
        );
        let missing =
            Rehearsal::of(&[("package.json", r#"{"devDependencies": {"pyright": "1"}}"#)]);
        assert_eq!(
            missing.changed(&["a.py"]).said(&Pyright),
            [" ? `pyright` is in package.json and not installed > npm install"]
        );
        assert!(
            Rehearsal::of(&[])
                .changed(&["a.py"])
                .units(&Pyright)
                .is_empty()
        );
    }

    /// As version 1.1.414 said it, shortened.
    const OUT: &str = r#"{"version": "1.1.414", "time": "1", "generalDiagnostics": [
        {"file": "/tree/app/a.py", "severity": "error", "message": "Type \"str\" is not assignable\n  \"str\" is not \"int\"",
         "range": {"start": {"line": 0, "character": 9}, "end": {"line": 0, "character": 13}}, "rule": "reportAssignmentType"},
        {"file": "/tree/app/a.py", "severity": "information", "message": "Type of \"x\" is \"int\"",
         "range": {"start": {"line": 7, "character": 12}, "end": {"line": 7, "character": 13}}}],
        "summary": {"filesAnalyzed": 4, "errorCount": 1}}"#;

    #[test]
    fn its_json_becomes_faults_with_places() {
        assert_eq!(
            heard(&PyrightEar, 1, OUT, ""),
            [
                "app/a.py:1:10-1:14 error reportAssignmentType Type \"str\" is not assignable (\"str\" is not \"int\")",
                "app/a.py:8:13-8:14 info - Type of \"x\" is \"int\"",
            ]
        );
        let nothing = r#"{"generalDiagnostics": [], "summary": {}}"#;
        assert!(heard(&PyrightEar, 0, nothing, "").is_empty());
    }

    #[test]
    fn what_is_not_understood_is_no_pass() {
        let err = "Config file \"pyrightconfig.json\" could not be parsed.\n";
        assert!(heard(&PyrightEar, 3, "", err)[0].starts_with("? pyright: Config file"));
        let nothing = r#"{"generalDiagnostics": []}"#;
        for (exit, out) in [
            (0, ""),
            (1, nothing),
            (2, OUT),
            (1, "No configuration file found.\n"),
        ] {
            assert!(
                heard(&PyrightEar, exit, out, "")[0].starts_with('?'),
                "{exit} {out}"
            );
        }
    }
}
