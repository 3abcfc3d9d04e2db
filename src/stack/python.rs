//! What a Python package is built with, by pyproject.toml, requirements.txt or Pipfile.

use toml::{Table, Value};

use super::{Part, version};
use crate::path::RepoPath;
use crate::project::{Project, split};

const KNOWN: [(&str, &str); 6] = [
    ("fastapi", "FastAPI"),
    ("django", "Django"),
    ("flask", "Flask"),
    ("alembic", "Alembic"),
    ("supabase", "Supabase"),
    ("celery", "Celery workers"),
];

pub(super) fn uses(project: &Project<'_>, root: &RepoPath, manifest: &RepoPath) -> Vec<Part> {
    let asked = requirements(project, manifest);
    let mut uses: Vec<Part> = Vec::new();
    for (dependency, name) in KNOWN {
        if let Some((_, range)) = asked.iter().find(|(asked, _)| asked == dependency) {
            let shown = ["FastAPI", "Django", "Flask"].contains(&name);
            uses.push(Part {
                name,
                version: version(range).filter(|_| shown),
            });
        }
    }
    let signs = [
        ("Alembic", project.holds(root, b"alembic.ini")),
        ("Supabase", project.has(&root.join(b"supabase/config.toml"))),
    ];
    for (name, there) in signs {
        if there && uses.iter().all(|part| part.name != name) {
            uses.push(Part {
                name,
                version: None,
            });
        }
    }
    uses
}

/// What a manifest asks for: the name in its one spelling, and the range.
pub(super) fn requirements(project: &Project<'_>, manifest: &RepoPath) -> Vec<(String, String)> {
    match split(manifest).1 {
        b"pyproject.toml" | b"Pipfile" => {
            let table = project.toml(manifest);
            table.map(|table| of_table(&table)).unwrap_or_default()
        }
        _ => {
            let text = project.text(manifest).unwrap_or_default();
            text.lines().filter_map(requirement).collect()
        }
    }
}

fn of_table(table: &Table) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut lines = |list: Option<&Value>| {
        let items = list.and_then(Value::as_array).into_iter().flatten();
        all.extend(items.filter_map(Value::as_str).filter_map(requirement));
    };
    let project = table.get("project");
    lines(project.and_then(|project| project.get("dependencies")));
    let groups = [
        project.and_then(|project| project.get("optional-dependencies")),
        table.get("dependency-groups"),
    ];
    for group in groups.into_iter().flatten().filter_map(Value::as_table) {
        group.values().for_each(|list| lines(Some(list)));
    }
    // Poetry's and Pipenv's are tables.
    let poetry = table.get("tool").and_then(|tool| tool.get("poetry"));
    let mut maps = vec![
        poetry.and_then(|poetry| poetry.get("dependencies")),
        poetry.and_then(|poetry| poetry.get("dev-dependencies")),
        table.get("packages"),
        table.get("dev-packages"),
    ];
    let groups = poetry.and_then(|poetry| poetry.get("group")?.as_table());
    maps.extend(groups.into_iter().flat_map(|groups| {
        let groups = groups.values();
        groups.map(|group| group.get("dependencies"))
    }));
    for (name, asked) in maps
        .into_iter()
        .flatten()
        .filter_map(Value::as_table)
        .flatten()
    {
        let range = asked.as_str().or_else(|| asked.get("version")?.as_str());
        all.push((plain(name), range.unwrap_or_default().to_owned()));
    }
    all
}

/// A line as pip reads it: `fastapi[standard]>=0.115 ; python_version > "3.8"  # why`.
fn requirement(line: &str) -> Option<(String, String)> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let end = line.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter)));
    let (name, rest) = line.split_at(end.unwrap_or(line.len()));
    if name.is_empty() || name.starts_with('-') {
        return None;
    }
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']').map_or("", |(_, rest)| rest),
        None => rest,
    };
    let range = rest.split(';').next().unwrap_or_default();
    Some((plain(name), range.trim().to_owned()))
}

/// One spelling for names that pip holds to be the same.
fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}
