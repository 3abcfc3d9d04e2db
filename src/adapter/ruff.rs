//! Ruff: one tool, two checks. As a formatter it is planned only where the project says that it formats with
//! ruff: many lint with it and format with something else.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::by_file::{ByFile, mentions, text_of, words};
use super::packages::{Interest, PYTHON_LOCKS, Touched, ends, touched};
use super::said::{self, Faults, at, fault, plain, span};
use super::{Adapter, Ask, install, traces};
use crate::config::valid::Reads;
use crate::finding::Fix;
use crate::finding::code::{Code, FORMAT_DIFFERS, LINT_RULE};
use crate::path::RepoPath;
use crate::project::up;
use crate::tool::{Ear, Fault, Heard, Told, Unit};

const CONFIGS: [&str; 2] = ["ruff.toml", ".ruff.toml"];

/// One of its two checks.
pub(super) struct Ruff {
    check: &'static str,
    run: &'static [&'static str],
    fix: &'static [&'static str],
    ear: &'static RuffEar,
}

/// As a linter. What the configuration says about repairing does not count while it judges.
pub(super) static LINT: Ruff = Ruff {
    check: "lint",
    run: &[
        "check",
        "--no-fix",
        "--no-fix-only",
        "--force-exclude",
        "--output-format=json",
    ],
    fix: &["check", "--fix", "--no-unsafe-fixes", "--force-exclude"],
    ear: &RuffEar {
        code: LINT_RULE,
        see: "ruff check .",
    },
};

/// As a formatter.
pub(super) static FORMAT: Ruff = Ruff {
    check: "format",
    run: &["format", "--check", "--force-exclude"],
    fix: &["format", "--force-exclude"],
    ear: &RuffEar {
        code: FORMAT_DIFFERS,
        see: "ruff format --check .",
    },
};

impl Adapter for Ruff {
    fn id(&self) -> &'static str {
        "ruff"
    }

    fn check(&self) -> &'static str {
        self.check
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let interest = Interest {
            judges: &|name| ends(name, &["py", "pyi", "ipynb"]),
            rules: &rules,
            home: &|folder| is_home(ask, folder),
        };
        let touched = touched(ask, &interest).into_iter();
        let meant = touched.filter(|touched| self.check == "lint" || formats(ask, &touched.root));
        meant
            .filter_map(|touched| self.unit(ask, touched))
            .collect()
    }
}

fn rules(name: &str) -> bool {
    CONFIGS.contains(&name)
        || name == "pyproject.toml"
        || PYTHON_LOCKS.contains(&name)
        || traces::is_requirements(name)
}

fn is_home(ask: &Ask<'_>, folder: &RepoPath) -> bool {
    ask.project.first(folder, &CONFIGS).is_some()
        || traces::pyproject_has(ask.project, folder, "tool.ruff")
        || traces::python_names(ask.project, folder, "ruff")
}

/// Whether anything says that ruff formats here: its own configuration, or a place where teams write down what
/// they run.
fn formats(ask: &Ask<'_>, root: &RepoPath) -> bool {
    const RECIPES: [&str; 10] = [
        ".pre-commit-config.yaml",
        "Justfile",
        "Makefile",
        "Taskfile.yml",
        "justfile",
        "lefthook.yml",
        "noxfile.py",
        "package.json",
        "pyproject.toml",
        "tox.ini",
    ];
    up(root).any(|folder| {
        let has =
            |name: &&str| traces::toml_has(ask.project, &folder.join(name.as_bytes()), "format");
        CONFIGS.iter().any(has)
            || traces::pyproject_has(ask.project, &folder, "tool.ruff.format")
            || mentions(
                &text_of(ask, &folder, &RECIPES),
                &["ruff format", "ruff-format"],
            )
    })
}

impl Ruff {
    fn unit(&self, ask: &Ask<'_>, touched: Touched) -> Option<Unit> {
        let names = ["ruff.toml", ".ruff.toml", "pyproject.toml"];
        let texts = up(&touched.root).map(|folder| text_of(ask, &folder, &names));
        let config: String = texts.collect();
        // Whether an import is the project's own, or a folder a package, other files decide.
        let others = ["\"I", "'I", "ALL", "isort", "extend =", "extend="];
        let is_lint = self.check == "lint";
        let tool = ByFile {
            tool: "ruff",
            found: install::python(ask, &touched.root, "ruff"),
            run: words(self.run),
            fix: words(self.fix),
            reads: if is_lint && mentions(&config, &others) {
                Reads::Project
            } else {
                Reads::Files
            },
            rules: &rules,
            ear: self.ear,
            // Versions whose formatter knows no such flag do not look at the variable.
            env: BTreeMap::from([("RUFF_OUTPUT_FORMAT".to_owned(), "json".to_owned())]),
        };
        tool.unit(ask, touched)
    }
}

/// Understands JSON, and what the formatter of older versions says in its place.
struct RuffEar {
    code: Code,
    see: &'static str,
}

#[derive(Deserialize)]
struct Diagnostic {
    code: Option<String>,
    message: String,
    filename: String,
    cell: Option<u64>,
    location: Option<Location>,
    end_location: Option<Location>,
    fix: Option<Repair>,
}

#[derive(Deserialize)]
struct Location {
    row: u64,
    column: u64,
}

#[derive(Deserialize)]
struct Repair {
    applicability: Option<String>,
}

impl Ear for RuffEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let mut faults = Faults::new(self.code);
        let list = said::elements::<Diagnostic>(told.out, None);
        let is_whole = list.as_ref().is_none_or(|(_, is_whole)| *is_whole);
        let is_heard = match &list {
            Some((diagnostics, _)) => {
                let all = diagnostics.iter();
                all.for_each(|diagnostic| faults.push(self.fault(diagnostic, told)));
                true
            }
            None => self.is_format() && self.hear_lines(told, &mut faults),
        };
        if !is_whole {
            faults.note("ruff said more than guard keeps; what it said last is missing".into());
        }
        // 2 is a crash for the linter; for the formatter also a file that it cannot parse.
        let is_known = matches!(told.exit, 0 | 1) || (told.exit == 2 && self.is_format());
        let is_sure = faults.has_error() || (told.exit == 0 && is_whole);
        if is_heard && is_known && is_sure {
            return faults.heard(None);
        }
        said::broken(told, "ruff", self.see)
    }
}

impl RuffEar {
    fn is_format(&self) -> bool {
        self.code.id == FORMAT_DIFFERS.id
    }

    fn fault(&self, diagnostic: &Diagnostic, told: &Told<'_>) -> Fault {
        let path = told.ran.path(&diagnostic.filename);
        if diagnostic.code.as_deref() == Some("unformatted") {
            return differs(path);
        }
        let place = |location: &Location| at(location.row, location.column);
        let start = diagnostic.location.as_ref().map(place);
        let end = diagnostic.end_location.as_ref().map(place);
        // A notebook's lines are counted in each of its cells.
        let (message, start) = match diagnostic.cell {
            Some(cell) => (format!("cell {cell}: {}", diagnostic.message), None),
            None => (diagnostic.message.clone(), start),
        };
        let applicability = diagnostic
            .fix
            .as_ref()
            .map(|fix| fix.applicability.as_deref());
        Fault {
            span: start.map(|start| span(start, end)),
            rule: diagnostic.code.clone(),
            fix: match applicability {
                Some(Some("safe" | "Safe" | "always")) => Fix::Safe,
                _ => Fix::None,
            },
            ..fault(self.code, path, message)
        }
    }

    /// Whether these are a formatter's lines: `Would reformat: a.py`, and errors on standard error.
    fn hear_lines(&self, told: &Told<'_>, faults: &mut Faults) -> bool {
        let out = String::from_utf8_lossy(told.out);
        let mut lines = out.lines().peekable();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("Would reformat: ") {
                faults.push(differs(told.ran.path(name)));
            } else if line.starts_with("unformatted: ")
                && let Some(place) = lines
                    .peek()
                    .and_then(|next| next.trim().strip_prefix("--> "))
            {
                let name = place.rsplitn(3, ':').last().unwrap_or(place);
                faults.push(differs(told.ran.path(name)));
            } else if let Some(message) = line.strip_prefix("invalid-syntax: ")
                && let Some(place) = lines
                    .peek()
                    .and_then(|next| next.trim().strip_prefix("--> "))
            {
                faults.push(self.unreadable(place, message, told));
            }
        }
        for line in told.err.lines().map(plain) {
            if let Some(rest) = line.strip_prefix("error: Failed to parse ")
                && let Some((place, message)) = rest.split_once(": ")
            {
                faults.push(self.unreadable(place, message, told));
            }
        }
        true
    }

    /// `a.py:1:7`
    fn unreadable(&self, place: &str, message: &str, told: &Told<'_>) -> Fault {
        let mut parts = place.rsplitn(3, ':');
        let column = parts.next().and_then(|part| part.parse().ok());
        let line = parts.next().and_then(|part| part.parse().ok());
        let place = line.zip(column).map(|(line, column)| at(line, column));
        Fault {
            span: place.map(|place| span(place, None)),
            rule: Some("invalid-syntax".to_owned()),
            ..fault(
                self.code,
                told.ran.path(parts.next().unwrap_or_default()),
                message,
            )
        }
    }
}

fn differs(path: Option<RepoPath>) -> Fault {
    Fault {
        fix: Fix::Safe,
        ..fault(FORMAT_DIFFERS, path, "ruff would format it differently")
    }
}

#[cfg(test)]
mod tests;
