//! What a Rust package is built with, by Cargo.toml.

use toml::Value;

use super::{Part, version};
use crate::path::RepoPath;
use crate::project::Project;

const KNOWN: [(&str, &str); 4] = [
    ("axum", "axum"),
    ("actix-web", "Actix Web"),
    ("rocket", "Rocket"),
    ("sqlx", "SQLx"),
];

/// None for a manifest that only holds a workspace together.
pub(super) fn uses(project: &Project<'_>, manifest: &RepoPath) -> Option<Vec<Part>> {
    let table = project.toml(manifest)?;
    table.get("package")?;
    let dependencies = table.get("dependencies").and_then(Value::as_table);
    let part = |(dependency, name): &(&str, &'static str)| {
        let asked = dependencies?.get(*dependency)?;
        let range = asked.as_str().or_else(|| asked.get("version")?.as_str());
        Some(Part {
            name,
            version: range.and_then(version),
        })
    };
    Some(KNOWN.iter().filter_map(part).collect())
}
