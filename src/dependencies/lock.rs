//! Judged lock files against what is installed: tools run with what is installed, so a difference
//! is said before anybody believes their verdict.

mod npm;
mod pnpm;
mod python;
mod yarn;

use std::collections::BTreeMap;

use super::folder::Folder;
use super::site::Site;
use super::{DependencyError, Stale};
use crate::path::RepoPath;

/// A lock file, who reads it, and what installs what it asks for.
pub(crate) struct LockFile {
    pub(crate) name: &'static str,
    remedy: &'static str,
    differences: fn(&Case<'_>) -> Vec<Difference>,
}

/// All that are known. Where several lie in one folder, each is compared with its own installer's
/// traces, and says nothing without any.
pub(crate) const FILES: [LockFile; 10] = [
    LockFile {
        name: "package-lock.json",
        remedy: "npm ci",
        differences: npm::differences,
    },
    LockFile {
        name: "pnpm-lock.yaml",
        remedy: "pnpm install --frozen-lockfile",
        differences: pnpm::differences,
    },
    LockFile {
        name: "yarn.lock",
        remedy: "yarn install",
        differences: yarn::differences,
    },
    LockFile {
        name: "bun.lock",
        remedy: "bun install --frozen-lockfile",
        differences: npm::bun_differences,
    },
    LockFile {
        name: "uv.lock",
        remedy: "uv sync",
        differences: python::toml_differences,
    },
    LockFile {
        name: "poetry.lock",
        remedy: "poetry install",
        differences: python::toml_differences,
    },
    LockFile {
        name: "pdm.lock",
        remedy: "pdm sync",
        differences: python::toml_differences,
    },
    LockFile {
        name: "Pipfile.lock",
        remedy: "pipenv sync",
        differences: python::pipfile_differences,
    },
    LockFile {
        name: "requirements.txt",
        remedy: "pip install -r requirements.txt",
        differences: python::requirements_differences,
    },
    LockFile {
        name: "bun.lockb",
        remedy: "bun install --frozen-lockfile",
        // Binary: only that nothing is installed can be said.
        differences: |_| Vec::new(),
    },
];

/// One lock file to compare.
pub(crate) struct Case<'a> {
    site: &'a Site<'a>,
    /// The folder of the lock file.
    folder: &'a RepoPath,
    text: &'a str,
}

/// One package that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Difference {
    name: String,
    wanted: Option<String>,
    installed: Option<String>,
}

/// Compares every judged lock file.
pub(crate) fn check(site: &Site<'_>, tree: &Folder) -> Result<Vec<Stale>, DependencyError> {
    let mut found = Vec::new();
    let mut locked = BTreeMap::new();
    for file in &FILES {
        for folder in site.folders_with(&[file.name]) {
            let path = folder.join(file.name.as_bytes());
            let Some(text) = site.judged(tree, &path)? else {
                continue;
            };
            let text = String::from_utf8_lossy(&text);
            let case = Case {
                site,
                folder: &folder,
                text: &text,
            };
            let remedy = remedy(file, &text);
            found.extend(stale(path, (file.differences)(&case), remedy));
            locked.entry(folder).or_insert(remedy);
        }
    }
    // A package without a lock file of its own has its dependencies from a folder above.
    locked.entry(RepoPath::root()).or_insert("npm install");
    for (folder, remedy) in locked {
        found.extend(absent(site, tree, &folder, remedy)?);
    }
    found.sort();
    Ok(found)
}

fn remedy(file: &LockFile, text: &str) -> &'static str {
    match file.name {
        "yarn.lock" if text.contains("\n__metadata:") => "yarn install --immutable",
        "yarn.lock" => "yarn install --frozen-lockfile",
        _ => file.remedy,
    }
}

/// What is said about a file of which these packages differ.
fn stale(file: RepoPath, mut all: Vec<Difference>, remedy: &str) -> Option<Stale> {
    all.sort();
    all.dedup();
    let first = all.first()?;
    let name = &first.name;
    let what = match (&first.wanted, &first.installed) {
        (Some(wanted), Some(installed)) => {
            format!("{name} is locked at {wanted}, but {installed} is installed")
        }
        (Some(wanted), None) => format!("{name} {wanted} is locked, but not installed"),
        (None, Some(installed)) => format!("{name} {installed} is installed, but not locked"),
        (None, None) => return None,
    };
    let others = match all.len() - 1 {
        0 => String::new(),
        1 => ", and 1 more differs".to_owned(),
        more => format!(", and {more} more differ"),
    };
    Some(Stale {
        file,
        what: one_line(&format!("{what}{others}")),
        remedy: remedy.to_owned(),
    })
}

/// Names and versions come from files: none breaks a line or a terminal.
fn one_line(text: &str) -> String {
    let plain = text.chars().filter(|letter| !letter.is_control());
    plain.take(300).collect()
}

/// Says that nothing is installed, where a `package.json` asks for something.
fn absent(
    site: &Site<'_>,
    tree: &Folder,
    folder: &RepoPath,
    remedy: &str,
) -> Result<Option<Stale>, DependencyError> {
    let place = site.original.join(folder.to_os());
    let traces = ["node_modules", ".pnp.cjs", ".pnp.js", ".pnp.data.json"];
    let path = folder.join(b"package.json");
    for trace in traces {
        site.seen.borrow_mut().look(&place.join(trace));
    }
    if traces.iter().any(|trace| place.join(trace).exists()) {
        return Ok(None);
    }
    let Some(text) = site.judged(tree, &path)? else {
        return Ok(None);
    };
    let manifest: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let asks = ["dependencies", "devDependencies"]
        .iter()
        .filter_map(|kind| manifest.get(kind)?.as_object())
        .any(|names| !names.is_empty());
    Ok(asks.then(|| Stale {
        file: path,
        what: "it asks for dependencies, but none are installed".to_owned(),
        remedy: remedy.to_owned(),
    }))
}

/// Compares two lists of names and versions; what is wanted and `optional` may be absent.
fn compare(
    wanted: &BTreeMap<String, String>,
    installed: &BTreeMap<String, String>,
    optional: &dyn Fn(&str) -> bool,
) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, version) in wanted {
        let there = installed.get(name);
        if there != Some(version) && !(there.is_none() && optional(name)) {
            found.push(Difference {
                name: name.clone(),
                wanted: Some(version.clone()),
                installed: there.cloned(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(name: &str, wanted: Option<&str>, installed: Option<&str>) -> Difference {
        Difference {
            name: name.into(),
            wanted: wanted.map(Into::into),
            installed: installed.map(Into::into),
        }
    }

    #[test]
    fn a_difference_is_one_sentence() {
        let said = |all: Vec<Difference>| {
            stale("package-lock.json".into(), all, "npm ci").map(|stale| stale.to_string())
        };
        assert_eq!(said(vec![]), None);
        let react = difference("react", Some("18.3.1"), Some("18.2.0"));
        assert_eq!(
            said(vec![react.clone()]).unwrap(),
            "package-lock.json: react is locked at 18.3.1, but 18.2.0 is installed (`npm ci`)"
        );
        let vite = difference("vite", Some("5.0.0"), None);
        let more = difference("zod\n\u{1b}[31m", None, Some("3"));
        assert_eq!(
            said(vec![vite.clone(), more.clone(), react]).unwrap(),
            "package-lock.json: react is locked at 18.3.1, but 18.2.0 is installed, and 2 more differ (`npm ci`)"
        );
        assert_eq!(
            said(vec![more, vite]).unwrap(),
            "package-lock.json: vite 5.0.0 is locked, but not installed, and 1 more differs (`npm ci`)"
        );
        assert!(!one_line("a\nb\u{1b}[0m").contains(['\n', '\u{1b}']));
    }
}
