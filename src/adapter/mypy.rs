//! mypy, by its lines of text: they are the same in all versions, and its JSON is not.

use super::by_file::{call, words};
use super::columns::{Columns, Counts};
use super::packages::{Interest, PYTHON_LOCKS, ends, touched};
use super::said::{self, Faults, at, fault, plain, span};
use super::{Adapter, Ask, install, traces};
use crate::finding::code::TYPES_ERROR;
use crate::path::RepoPath;
use crate::tool::{Ear, Fault, Heard, Told, Unit};

/// Files of its own, in the order in which it looks for them; then the shared ones.
const OWN: [&str; 2] = ["mypy.ini", ".mypy.ini"];

/// Settings that say what it checks.
const TARGETS: [&str; 3] = ["files", "packages", "modules"];

/// The adapter.
pub(super) struct Mypy;

impl Adapter for Mypy {
    fn id(&self) -> &'static str {
        "mypy"
    }

    fn check(&self) -> &'static str {
        "types"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let interest = Interest {
            judges: &|name| ends(name, &["py", "pyi"]),
            rules: &rules,
            home: &|folder| {
                is_configured(ask, folder) || traces::python_names(ask.project, folder, "mypy")
            },
        };
        let touched = touched(ask, &interest).into_iter();
        let unit = |touched: super::packages::Touched| Unit {
            tool: "mypy",
            call: install::python(ask, &touched.root, "mypy").map(|program| {
                let run = line(ask, &touched.root, program);
                call(ask, run, &MypyEar)
            }),
            root: touched.root,
            files: touched.files,
        };
        touched.map(unit).collect()
    }
}

fn rules(name: &str) -> bool {
    OWN.contains(&name)
        || ["pyproject.toml", "setup.cfg"].contains(&name)
        || PYTHON_LOCKS.contains(&name)
        || traces::is_requirements(name)
}

fn is_configured(ask: &Ask<'_>, folder: &RepoPath) -> bool {
    ask.project.first(folder, &OWN).is_some()
        || traces::pyproject_has(ask.project, folder, "tool.mypy")
        || traces::ini_section(ask.project, folder, "setup.cfg", "mypy").is_some()
}

/// Whether the configuration that it will find says what it checks.
fn names_targets(ask: &Ask<'_>, folder: &RepoPath) -> bool {
    let in_ini = |file: &str| {
        let lines = traces::ini_section(ask.project, folder, file, "mypy");
        lines.is_some_and(|lines| traces::sets(&lines, &TARGETS))
    };
    if let Some(own) = ask.project.first(folder, &OWN) {
        return in_ini(own);
    }
    if traces::pyproject_has(ask.project, folder, "tool.mypy") {
        let set =
            |key: &&str| traces::pyproject_has(ask.project, folder, &format!("tool.mypy.{key}"));
        return TARGETS.iter().any(set);
    }
    in_ini("setup.cfg")
}

fn line(ask: &Ask<'_>, root: &RepoPath, program: String) -> Vec<String> {
    let is_elsewhere = !program.contains('/');
    let mut run = vec![program];
    run.extend(words(&[
        "--show-column-numbers",
        "--show-error-end",
        "--show-error-codes",
        "--no-error-summary",
        "--no-pretty",
        "--no-color-output",
    ]));
    // One that is installed for all projects looks for packages in this one's environment only when told to.
    if is_elsewhere
        && let Some(python) = ask.finder.python(root, "python")
        && python.contains('/')
    {
        run.extend(words(&["--python-executable", &python]));
    }
    if !names_targets(ask, root) {
        run.push(".".to_owned());
    }
    run
}

/// Understands `a.py:1:10:1:12: error: What is wrong  [code]` and the notes behind it.
struct MypyEar;

impl Ear for MypyEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let out = String::from_utf8_lossy(told.out);
        let mut columns = Columns::new(told.ran, Counts::Bytes);
        let mut faults = Faults::new(TYPES_ERROR);
        let mut last: Option<(String, u64)> = None;
        for line in out.lines().map(plain) {
            let Some(said) = Said::read(&line) else {
                continue;
            };
            let Some(row) = said.numbers.first().copied() else {
                continue;
            };
            let place = (said.name.to_owned(), row);
            if said.is_error {
                faults.push(said.fault(told, &mut columns));
                last = Some(place);
            } else if last.as_ref() == Some(&place)
                && let Some(fault) = faults.last()
            {
                said.explain(fault);
            }
        }
        // It goes on with its defaults where it cannot read its own configuration.
        let is_config = |line: &&str| {
            let mut files = CONFIG_FILES.iter();
            files.any(|file| {
                line.strip_prefix(file)
                    .is_some_and(|rest| rest.starts_with([':', ',']))
            })
        };
        if told.exit != 2
            && let Some(line) = told.err.lines().find(is_config)
        {
            return Heard::Broken {
                reason: format!("mypy does not understand its configuration: {line}"),
                remedy: "correct what it names; `mypy --help` lists the options".to_owned(),
            };
        }
        // Where nothing is left to check, nothing is wrong.
        if told.exit == 2 && told.err.contains("There are no .py[i] files in directory") {
            return faults.heard(Some(0));
        }
        // 2 is a crash, or a file that does not parse.
        let is_fail = matches!(told.exit, 1 | 2) && faults.has_error();
        if is_fail || (told.exit == 0 && !faults.has_error()) {
            return faults.heard(None);
        }
        said::broken(told, "mypy", "mypy .")
    }
}

/// Where its configuration lies.
const CONFIG_FILES: [&str; 4] = ["mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"];

/// A line of mypy's.
struct Said<'l> {
    name: &'l str,
    /// Line, column, end line, end column: as many as it says.
    numbers: Vec<u64>,
    is_error: bool,
    message: &'l str,
}

impl<'l> Said<'l> {
    fn read(line: &'l str) -> Option<Self> {
        let marks = [(": error: ", true), (": note: ", false)];
        let found = marks.into_iter().filter_map(|(mark, is_error)| {
            let at = line.find(mark)?;
            Some((at, mark.len(), is_error))
        });
        let (at, length, is_error) = found.min()?;
        let mut name = &line[..at];
        let mut numbers = Vec::new();
        while numbers.len() < 4
            && let Some((before, number)) = name.rsplit_once(':')
            && let Ok(number) = number.parse()
        {
            numbers.insert(0, number);
            name = before;
        }
        Some(Self {
            name,
            numbers,
            is_error,
            message: &line[at + length..],
        })
    }

    fn fault(&self, told: &Told<'_>, columns: &mut Columns<'_>) -> Fault {
        let path = told.ran.path(self.name);
        // `message  [code]`
        let (message, rule) = match self.message.rsplit_once("  [") {
            Some((message, rule)) if rule.ends_with(']') => (message, rule.strip_suffix(']')),
            _ => (self.message, None),
        };
        let mut place = |line, column| columns.place(path.as_ref(), at(line, column));
        let span = match *self.numbers {
            [line, column, end_line, end_column] => {
                // Its end is the last character.
                let end = place(end_line, end_column + 1);
                Some(span(place(line, column), Some(end)))
            }
            [line, column, ..] => Some(span(place(line, column), None)),
            [line] => Some(span(place(line, 1), None)),
            [] => None,
        };
        Fault {
            span,
            rule: rule.map(str::to_owned),
            ..fault(TYPES_ERROR, path, message)
        }
    }

    fn explain(&self, fault: &mut Fault) {
        let help = fault.help.take();
        fault.help = Some(said::short(&match help {
            Some(help) => format!("{help} · {}", self.message.trim()),
            None => self.message.trim().to_owned(),
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::{Rehearsal, heard};

    fn said(files: &[(&str, &str)]) -> Vec<String> {
        let rehearsal = Rehearsal::of(files).changed(&["api/a.py"]);
        let said = rehearsal.installs(&[".venv/bin/mypy"]).said(&Mypy);
        let flags = "--show-column-numbers --show-error-end --show-error-codes --no-error-summary --no-pretty --no-color-output";
        said.iter().map(|line| line.replace(flags, "…")).collect()
    }

    #[test]
    fn it_checks_what_its_configuration_names_and_otherwise_all() {
        let all = [": .venv/bin/mypy … ."];
        let named = [": .venv/bin/mypy …"];
        assert_eq!(said(&[("mypy.ini", "[mypy]\nstrict = True\n")]), all);
        assert_eq!(said(&[("mypy.ini", "[mypy]\nfiles = api\n")]), named);
        assert_eq!(said(&[("setup.cfg", "[mypy]\npackages: api\n")]), named);
        assert_eq!(
            said(&[("pyproject.toml", "[tool.mypy]\nfiles = ['api']\n")]),
            named
        );
        assert_eq!(
            said(&[("pyproject.toml", "[[tool.mypy.overrides]]\nmodule = 'x'\n")]),
            all
        );
        assert_eq!(said(&[("requirements-dev.txt", "mypy>=1\n")]), all);
        assert!(said(&[("setup.cfg", "[metadata]\n")]).is_empty());
    }

    /// As versions 1 and 2 said it.
    #[test]
    fn its_lines_become_faults_with_places_and_notes() {
        let out = "a.py:1:10:1:10: error: Incompatible types (expression has type \"str\")  [assignment]\n\
            a.py:3:1:3:4: error: Library stubs not installed for \"yaml\"  [import-untyped]\n\
            a.py:3:1:3:4: note: Hint: \"python3 -m pip install types-PyYAML\"\n\
            a.py:3:1:3:4: note: (or run \"mypy --install-types\")\n\
            a.py:8:13:8:13: note: Revealed type is \"int\"\n\
            b:c.py:2: error: odd: error: name\n";
        assert_eq!(
            heard(&MypyEar, 1, out, ""),
            [
                "app/a.py:1:10-1:11 error assignment Incompatible types (expression has type \"str\")",
                "app/a.py:3:1-3:5 error import-untyped Library stubs not installed for \"yaml\" (Hint: \"python3 -m pip install types-PyYAML\" · (or run \"mypy --install-types\"))",
                "app/b:c.py:2:1-2:1 error - odd: error: name",
            ]
        );
        assert!(heard(&MypyEar, 0, "", "").is_empty());
    }

    #[test]
    fn a_file_that_does_not_parse_is_a_fault_and_a_crash_is_not() {
        let syntax = "p.py:1:8:1:8: error: Expected a parameter  [syntax]\n";
        assert_eq!(
            heard(&MypyEar, 2, syntax, ""),
            ["app/p.py:1:8-1:9 error syntax Expected a parameter"]
        );
        let nothing = "There are no .py[i] files in directory '.'\n";
        assert!(heard(&MypyEar, 2, "", nothing).is_empty());
        let twice = "dup/b/m.py: error: Duplicate module named \"m\" (also at \"dup/a/m.py\")\n";
        let plugin = "pyproject.toml:1:1:1:1: error: Error importing plugin \"nope.x\": No module named 'nope'  [misc]\n";
        assert!(heard(&MypyEar, 2, twice, "")[0].contains("Duplicate module"));
        assert!(heard(&MypyEar, 2, "", plugin)[0].contains("install what it names"));
        for exit in [1, 2, 3, 137] {
            assert!(heard(&MypyEar, exit, "", "")[0].starts_with('?'), "{exit}");
        }
    }
}
