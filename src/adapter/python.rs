//! What Python manifests name: dependencies under all the headings that its package managers have.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::path::RepoPath;
use crate::project::Project;

/// Files that list what is to be installed.
const REQUIREMENTS: [&str; 9] = [
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-test.txt",
    "requirements_dev.txt",
    "requirements_test.txt",
    "dev-requirements.txt",
    "test-requirements.txt",
    "requirements/dev.txt",
    "requirements/test.txt",
];

/// A distribution's name as it is compared: `A_x[extra]>=1` is `a-x`.
pub(crate) fn bare_name(wanted: &str) -> String {
    let wanted = wanted.trim();
    let end = wanted
        .find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.')));
    wanted[..end.unwrap_or(wanted.len())]
        .to_lowercase()
        .replace(['_', '.'], "-")
}

/// Every distribution that a pyproject.toml names.
pub(crate) fn dependencies(manifest: &Table) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Some(project) = sub(manifest, "project") {
        take(project.get("dependencies"), &mut names);
        groups(project.get("optional-dependencies"), &mut names);
    }
    groups(manifest.get("dependency-groups"), &mut names);
    let Some(tool) = sub(manifest, "tool") else {
        return names;
    };
    if let Some(uv) = sub(tool, "uv") {
        take(uv.get("dev-dependencies"), &mut names);
    }
    if let Some(pdm) = sub(tool, "pdm") {
        groups(pdm.get("dev-dependencies"), &mut names);
    }
    if let Some(poetry) = sub(tool, "poetry") {
        take(poetry.get("dependencies"), &mut names);
        take(poetry.get("dev-dependencies"), &mut names);
        for (_, group) in sub(poetry, "group").into_iter().flatten() {
            take(group.get("dependencies"), &mut names);
        }
    }
    for (_, environment) in sub(tool, "hatch")
        .and_then(|hatch| sub(hatch, "envs"))
        .into_iter()
        .flatten()
    {
        take(environment.get("dependencies"), &mut names);
        take(environment.get("extra-dependencies"), &mut names);
    }
    names
}

/// Whether the manifests of a folder name a distribution.
pub(crate) fn names(project: &Project<'_>, folder: &RepoPath, distribution: &str) -> bool {
    let manifest = project.toml(&folder.join(b"pyproject.toml"));
    if manifest.is_some_and(|manifest| dependencies(&manifest).contains(distribution)) {
        return true;
    }
    let pipfile = project.toml(&folder.join(b"Pipfile"));
    let in_pipfile = pipfile.is_some_and(|pipfile| {
        let mut names = BTreeSet::new();
        take(pipfile.get("packages"), &mut names);
        take(pipfile.get("dev-packages"), &mut names);
        names.contains(distribution)
    });
    in_pipfile
        || REQUIREMENTS.iter().any(|file| {
            let text = project.text(&folder.join(file.as_bytes()));
            text.is_some_and(|text| text.lines().any(|line| bare_name(line) == distribution))
        })
}

/// A list of requirements, or a table whose keys are names.
fn take(wanted: Option<&Value>, names: &mut BTreeSet<String>) {
    match wanted {
        Some(Value::Array(list)) => {
            names.extend(list.iter().filter_map(Value::as_str).map(bare_name));
        }
        Some(Value::Table(table)) => names.extend(table.keys().map(|name| bare_name(name))),
        _ => {}
    }
}

fn groups(groups: Option<&Value>, names: &mut BTreeSet<String>) {
    for (_, group) in groups.and_then(Value::as_table).into_iter().flatten() {
        take(Some(group), names);
    }
}

fn sub<'t>(table: &'t Table, name: &str) -> Option<&'t Table> {
    table.get(name)?.as_table()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sketch::Sketch;

    #[test]
    fn every_heading_is_looked_under() {
        for (file, text) in [
            ("pyproject.toml", "[project]\ndependencies=[\"PyTest>=8\"]"),
            (
                "pyproject.toml",
                "[project.optional-dependencies]\ndev=[\"pytest[x]\"]",
            ),
            (
                "pyproject.toml",
                "[dependency-groups]\ndev=[{include-group=\"a\"},\"pytest\"]",
            ),
            (
                "pyproject.toml",
                "[tool.uv]\ndev-dependencies=[\"pytest ~= 8\"]",
            ),
            (
                "pyproject.toml",
                "[tool.poetry.group.dev.dependencies]\npytest=\"^8\"",
            ),
            (
                "pyproject.toml",
                "[tool.hatch.envs.test]\nextra-dependencies=[\"pytest\"]",
            ),
            ("requirements-dev.txt", "# x\nblack\npytest==8.1  # y\n"),
            ("requirements/test.txt", "pytest\n"),
            ("Pipfile", "[dev-packages]\npytest = \"*\""),
        ] {
            let project = Project::new(Sketch::of(&[(file, text)]));
            assert!(names(&project, &RepoPath::root(), "pytest"), "{text}");
            assert!(!names(&project, &RepoPath::root(), "pytest-cov"), "{text}");
        }
        let project = Project::new(Sketch::of(&[(
            "requirements.txt",
            "pytest-cov\n# pytest\n-r pytest\n",
        )]));
        assert!(!names(&project, &RepoPath::root(), "pytest"));
    }
}
