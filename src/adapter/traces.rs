//! Traces of a tool in a project: a section of a manifest, or its name among the dependencies.

use std::collections::BTreeSet;

use super::packages::ends;
use crate::path::RepoPath;
use crate::project::{Kind, Project, up};

/// Where package.json names what it needs.
const NODE_LISTS: [&str; 3] = ["dependencies", "devDependencies", "optionalDependencies"];

/// Whether package.json in a folder names a package.
pub(super) fn node_names(project: &Project<'_>, folder: &RepoPath, package: &str) -> bool {
    let Some(manifest) = project.json(&folder.join(b"package.json")) else {
        return false;
    };
    let named = |list: &&str| {
        manifest
            .get(list)
            .is_some_and(|list| list.get(package).is_some())
    };
    NODE_LISTS.iter().any(named)
}

/// Whether package.json in a folder or above it names a package.
pub(super) fn node_names_above(project: &Project<'_>, folder: &RepoPath, package: &str) -> bool {
    up(folder).any(|folder| node_names(project, &folder, package))
}

/// Whether package.json in a folder has a key.
pub(super) fn package_key(project: &Project<'_>, folder: &RepoPath, key: &str) -> bool {
    let manifest = project.json(&folder.join(b"package.json"));
    manifest.is_some_and(|manifest| manifest.get(key).is_some())
}

/// Whether pyproject.toml in a folder has a table like `tool.ruff`. Where it cannot be parsed, its text decides:
/// then the tool is asked, and says what is wrong with it.
pub(super) fn pyproject_has(project: &Project<'_>, folder: &RepoPath, table: &str) -> bool {
    toml_has(project, &folder.join(b"pyproject.toml"), table)
}

/// The same for any TOML file.
pub(super) fn toml_has(project: &Project<'_>, path: &RepoPath, table: &str) -> bool {
    let Some(text) = project.text(path) else {
        return false;
    };
    let Some(root) = project.toml(path) else {
        let (open, below) = (format!("[{table}]"), format!("[{table}."));
        let mut lines = text.lines().map(str::trim);
        return lines.any(|line| line.starts_with(&open) || line.starts_with(&below));
    };
    let mut names = table.split('.');
    let first = names.next().and_then(|name| root.get(name));
    names
        .fold(first, |at, name| at.and_then(|at| at.get(name)))
        .is_some()
}

/// The lines of a section of a file like setup.cfg, without their indentation; none where there is no such section.
pub(super) fn ini_section(
    project: &Project<'_>,
    folder: &RepoPath,
    file: &str,
    section: &str,
) -> Option<Vec<String>> {
    let text = project.text(&folder.join(file.as_bytes()))?;
    let head = format!("[{section}]");
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| *line == head)?;
    let body = lines.take_while(|line| !line.starts_with('['));
    Some(body.map(str::to_owned).collect())
}

/// Whether lines of a section set one of these keys.
pub(super) fn sets(lines: &[String], keys: &[&str]) -> bool {
    let key = |line: &String| {
        line.split(['=', ':'])
            .next()
            .map(|key| key.trim().to_owned())
    };
    lines
        .iter()
        .filter_map(key)
        .any(|key| keys.contains(&key.as_str()))
}

/// Whether a file of this name lists Python packages.
pub(super) fn is_requirements(name: &str) -> bool {
    name.contains("requirements") && ends(name, &["in", "txt"])
}

/// Whether a Python manifest in a folder names a package.
pub(super) fn python_names(project: &Project<'_>, folder: &RepoPath, package: &str) -> bool {
    requirements_with(project, folder, package).is_some()
        || pyproject_names(project, folder).contains(package)
        || pipfile_names(project, folder, package)
}

/// The requirements file in a folder, or in its folder `requirements`, that names a package.
pub(super) fn requirements_with(
    project: &Project<'_>,
    folder: &RepoPath,
    package: &str,
) -> Option<RepoPath> {
    let below = folder.join(b"requirements");
    let here = project.about(folder);
    let has_folder = |child: &&crate::project::Child| {
        child.kind == Kind::Folder && child.name == b"requirements"
    };
    let mut files: Vec<RepoPath> = Vec::new();
    for child in here.iter().filter(|child| child.kind == Kind::File) {
        if std::str::from_utf8(&child.name).is_ok_and(is_requirements) {
            files.push(folder.join(&child.name));
        }
    }
    if here.iter().any(|child| has_folder(&child)) {
        let lists = |child: &&crate::project::Child| {
            child.kind == Kind::File && child.name.ends_with(b".txt")
        };
        for child in project.children(&below).iter().filter(lists) {
            files.push(below.join(&child.name));
        }
    }
    files.into_iter().find(|path| {
        let text = project.text(path).unwrap_or_default();
        text.lines().any(|line| requirement(line) == package)
    })
}

/// The package that a requirement names: `Black[d]>=24 ; …` is `black`.
fn requirement(text: &str) -> String {
    let text = text.trim();
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter)));
    let name = &text[..end.unwrap_or(text.len())];
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

/// Every package that pyproject.toml in a folder names, by any of the ways to do so.
fn pyproject_names(project: &Project<'_>, folder: &RepoPath) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let Some(manifest) = project.toml(&folder.join(b"pyproject.toml")) else {
        return names;
    };
    let table = |path: &str| {
        let mut parts = path.split('.');
        let first = parts.next().and_then(|part| manifest.get(part));
        parts.fold(first, |at, part| at.and_then(|at| at.get(part)))
    };
    for list in ["project.dependencies", "tool.uv.dev-dependencies"] {
        names.extend(table(list).into_iter().flat_map(listed));
    }
    for lists in [
        "project.optional-dependencies",
        "dependency-groups",
        "tool.pdm.dev-dependencies",
    ] {
        let lists = table(lists).and_then(toml::Value::as_table);
        let lists = lists.into_iter().flat_map(toml::Table::values);
        names.extend(lists.flat_map(listed));
    }
    let keys = |at: Option<&toml::Value>| -> Vec<String> {
        let keys = at.and_then(toml::Value::as_table);
        let keys = keys.into_iter().flat_map(toml::Table::keys);
        keys.map(|key| requirement(key)).collect()
    };
    names.extend(keys(table("tool.poetry.dependencies")));
    names.extend(keys(table("tool.poetry.dev-dependencies")));
    let groups = table("tool.poetry.group").and_then(toml::Value::as_table);
    for group in groups.into_iter().flat_map(toml::Table::values) {
        names.extend(keys(group.get("dependencies")));
    }
    names
}

fn listed(list: &toml::Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(toml::Value::as_str)
        .map(requirement)
        .collect()
}

fn pipfile_names(project: &Project<'_>, folder: &RepoPath, package: &str) -> bool {
    let Some(manifest) = project.toml(&folder.join(b"Pipfile")) else {
        return false;
    };
    ["packages", "dev-packages"].iter().any(|list| {
        let list = manifest.get(*list).and_then(toml::Value::as_table);
        list.is_some_and(|list| list.keys().any(|key| requirement(key) == package))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sketch::Sketch;

    fn project(files: &[(&str, &str)]) -> Project<'static> {
        Project::new(Sketch::of(files))
    }

    #[test]
    fn python_packages_are_found_wherever_they_are_named() {
        for (path, text) in [
            (
                "requirements-dev.txt",
                "# tools\n-r requirements.txt\nBlack[d]>=24 ; python_version > '3.8'\n",
            ),
            ("requirements/dev.txt", "black==24.1\n"),
            ("dev_requirements.in", "black\n"),
            (
                "pyproject.toml",
                "[project]\ndependencies = [\"black~=24\"]\n",
            ),
            (
                "pyproject.toml",
                "[project.optional-dependencies]\ndev = [\"black\"]\n",
            ),
            (
                "pyproject.toml",
                "[dependency-groups]\ndev = [{include-group = \"x\"}, \"black\"]\n",
            ),
            (
                "pyproject.toml",
                "[tool.poetry.group.dev.dependencies]\nblack = \"^24\"\n",
            ),
            (
                "pyproject.toml",
                "[tool.poetry.dev-dependencies]\nblack = {version = \"*\"}\n",
            ),
            (
                "pyproject.toml",
                "[tool.uv]\ndev-dependencies = [\"black\"]\n",
            ),
            ("Pipfile", "[dev-packages]\nblack = \"*\"\n"),
        ] {
            assert!(
                python_names(&project(&[(path, text)]), &RepoPath::root(), "black"),
                "{path} {text}"
            );
        }
        for (path, text) in [
            ("requirements.txt", "blackdoc\n# black\n"),
            ("notes.txt", "black\n"),
            ("pyproject.toml", "[tool.blacken]\n"),
        ] {
            assert!(
                !python_names(&project(&[(path, text)]), &RepoPath::root(), "black"),
                "{path} {text}"
            );
        }
    }

    #[test]
    fn sections_are_found_also_in_what_cannot_be_parsed() {
        let root = RepoPath::root();
        for (text, found) in [
            ("[tool.ruff.lint]\nselect = []\n", true),
            ("[tool]\nruff = {line-length = 3}\n", true),
            ("[tool.ruffian]\n", false),
            ("[tool.ruff]\nbroken", true),
            ("# [tool.ruff]\nbroken", false),
        ] {
            let project = project(&[("pyproject.toml", text)]);
            assert_eq!(pyproject_has(&project, &root, "tool.ruff"), found, "{text}");
        }
        let setup = project(&[(
            "setup.cfg",
            "[metadata]\nname = x\n[mypy]\n files = a\n[mypy-b.*]\nx = 1\n",
        )]);
        let lines = ini_section(&setup, &root, "setup.cfg", "mypy").expect("there");
        assert!(sets(&lines, &["files"]) && !sets(&lines, &["x"]));
        assert_eq!(ini_section(&setup, &root, "setup.cfg", "flake8"), None);
    }
}
