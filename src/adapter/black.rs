//! Black.

use std::collections::BTreeMap;

use super::by_file::{ByFile, words};
use super::packages::{Interest, PYTHON_LOCKS, Touched, ends, touched};
use super::said::{self, Faults, at, fault, plain, span};
use super::{Adapter, Ask, install, traces};
use crate::config::valid::Reads;
use crate::finding::Fix;
use crate::finding::code::FORMAT_DIFFERS;
use crate::path::RepoPath;
use crate::project::up;
use crate::tool::{Ear, Fault, Heard, Told, Unit};

/// The adapter.
pub(super) struct Black;

impl Adapter for Black {
    fn id(&self) -> &'static str {
        "black"
    }

    fn check(&self) -> &'static str {
        "format"
    }

    fn units(&self, ask: &Ask<'_>) -> Vec<Unit> {
        let interest = Interest {
            judges: &|name| ends(name, &["py", "pyi"]),
            rules: &rules,
            home: &|folder| {
                traces::pyproject_has(ask.project, folder, "tool.black")
                    || traces::python_names(ask.project, folder, "black")
            },
        };
        let touched = touched(ask, &interest).into_iter();
        touched.filter_map(|touched| unit(ask, touched)).collect()
    }
}

fn rules(name: &str) -> bool {
    name == "pyproject.toml" || PYTHON_LOCKS.contains(&name) || traces::is_requirements(name)
}

fn unit(ask: &Ask<'_>, touched: Touched) -> Option<Unit> {
    let mut run = words(&["--check", "--no-color"]);
    let mut fix = words(&["--quiet"]);
    if let Some(pattern) = left_out(ask, &touched.root).filter(|_| !touched.whole) {
        for line in [&mut run, &mut fix] {
            line.extend(words(&["--force-exclude", &pattern]));
        }
    }
    let tool = ByFile {
        tool: "black",
        found: install::python(ask, &touched.root, "black"),
        run,
        fix,
        reads: Reads::Files,
        rules: &rules,
        ear: &BlackEar,
        env: BTreeMap::new(),
    };
    tool.unit(ask, touched)
}

/// What the configuration leaves out, as one pattern: files that are named black judges all the same, unless they
/// are left out by force.
fn left_out(ask: &Ask<'_>, root: &RepoPath) -> Option<String> {
    let manifest = up(root).find_map(|folder| ask.project.toml(&folder.join(b"pyproject.toml")))?;
    let section = manifest.get("tool")?.get("black")?;
    if section.get("force-exclude").is_some() {
        return None;
    }
    let pattern = |key: &str| {
        let pattern = section.get(key)?.as_str()?;
        // Black reads a pattern of several lines as one with room for remarks.
        Some(if pattern.contains('\n') {
            format!("(?x:{pattern}\n)")
        } else {
            format!("(?:{pattern})")
        })
    };
    let patterns: Vec<String> = ["exclude", "extend-exclude"]
        .into_iter()
        .filter_map(pattern)
        .collect();
    (!patterns.is_empty()).then(|| {
        // It takes one that has a line end for one with remarks throughout.
        let all = patterns.join("|");
        if all.contains('\n') {
            all.replace("(?:", "(?-x:")
        } else {
            all
        }
    })
}

/// Understands what black says on standard error.
struct BlackEar;

impl Ear for BlackEar {
    fn hear(&self, told: &Told<'_>) -> Heard {
        let mut faults = Faults::new(FORMAT_DIFFERS);
        for line in told.err.lines().map(plain) {
            if let Some(name) = line.strip_prefix("would reformat ") {
                faults.push(Fault {
                    fix: Fix::Safe,
                    ..fault(
                        FORMAT_DIFFERS,
                        told.ran.path(name),
                        "black would format it differently",
                    )
                });
            } else if let Some(rest) = line.strip_prefix("error: cannot ") {
                faults.push(unreadable(rest, told));
            }
        }
        // 123 is a file that it cannot format.
        let is_fail = matches!(told.exit, 1 | 123) && faults.has_error();
        if told.exit == 0 || is_fail {
            return faults.heard(None);
        }
        said::broken(told, "black", "black --check .")
    }
}

/// `parse: a.py:1:6`, or `format a.py: cannot parse: 1:6: def f(:` in older versions.
fn unreadable(rest: &str, told: &Told<'_>) -> Fault {
    let number = |text: Option<&str>| text.and_then(|text| text.trim().parse().ok());
    let (name, line, column) = if let Some(place) = rest.strip_prefix("parse: ") {
        let mut parts = place.rsplitn(3, ':');
        let (column, line) = (number(parts.next()), number(parts.next()));
        (parts.next().unwrap_or(place), line, column)
    } else {
        let rest = rest.strip_prefix("format ").unwrap_or(rest);
        let (name, words) = rest.split_once(": ").unwrap_or((rest, ""));
        let words = words.to_ascii_lowercase();
        let place = words
            .split_once("cannot parse: ")
            .map_or("", |(_, place)| place);
        let mut parts = place.splitn(3, ':');
        (name, number(parts.next()), number(parts.next()))
    };
    // Black counts columns from 0.
    let place = line.map(|line| at(line, column.map_or(1, |column: u64| column + 1)));
    Fault {
        span: place.map(|place| span(place, None)),
        ..fault(
            FORMAT_DIFFERS,
            told.ran.path(name),
            "cannot be read: it does not parse",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::rehearsal::{Rehearsal, heard};

    fn said(config: &str) -> Vec<String> {
        Rehearsal::of(&[("pyproject.toml", config)])
            .changed(&["a.py"])
            .installs(&[".venv/bin/black"])
            .said(&Black)
    }

    #[test]
    fn it_is_planned_where_it_is_configured_or_named() {
        let wanted = ": .venv/bin/black --check --no-color {files}";
        assert_eq!(said("[tool.black]\nline-length = 100\n"), [wanted]);
        assert_eq!(
            said("[dependency-groups]\ndev = [\"black>=24\"]\n"),
            [wanted]
        );
        assert!(said("[tool.ruff]\n").is_empty());
    }

    #[test]
    fn what_it_leaves_out_stays_left_out() {
        let line = ": .venv/bin/black --check --no-color --force-exclude";
        assert_eq!(
            said("[tool.black]\nextend-exclude = \"gen\"\n"),
            [format!("{line} (?:gen) {{files}}")]
        );
        assert_eq!(
            said("[tool.black]\nexclude = \"old\"\nextend-exclude = '''\n^/gen  # made\n'''\n"),
            [format!("{line} (?-x:old)|(?x:^/gen  # made\n\n) {{files}}")]
        );
        assert!(
            !said("[tool.black]\nexclude = \"a\"\nforce-exclude = \"b\"\n")[0].contains("force")
        );
    }

    /// As versions 26 and 23 said it.
    #[test]
    fn its_lines_become_faults() {
        let err = "error: cannot parse: p.py:1:6\n    def f(:\n         ^\nParseError: bad input\nwould reformat a.py\n\nOh no! 💥 💔 💥\n1 file would be reformatted.\n";
        assert_eq!(
            heard(&BlackEar, 123, "", err),
            [
                "app/p.py:1:7-1:7 error - cannot be read: it does not parse",
                "app/a.py error - black would format it differently [safe]",
            ]
        );
        let old = "error: cannot format p.py: Cannot parse: 1:6: def f(:\n";
        assert_eq!(
            heard(&BlackEar, 123, "", old),
            ["app/p.py:1:7-1:7 error - cannot be read: it does not parse"]
        );
        assert!(heard(&BlackEar, 0, "", "All done! ✨ 🍰 ✨\n").is_empty());
    }

    #[test]
    fn what_is_not_understood_is_no_pass() {
        let err = "Error: Invalid value for '--config': (in pyproject.toml)\n";
        for exit in [1, 2, 123, 127] {
            assert!(heard(&BlackEar, exit, "", err)[0].starts_with("? black: Invalid value"));
            assert!(heard(&BlackEar, exit, "", "")[0].starts_with('?'));
        }
    }
}
