//! Workspaces: which packages npm, pnpm, yarn, bun, uv and cargo hold together.

use ignore::overrides::OverrideBuilder;
use serde::Serialize;
use serde_json::Value;

use super::{Package, files};
use crate::config;
use crate::path::RepoPath;
use crate::project::{Project, split};

/// Packages that one tool holds together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Workspace {
    /// The tool: `pnpm`.
    pub(crate) tool: &'static str,
    /// Where it begins.
    pub(crate) root: RepoPath,
    /// The folders of its packages, the root's own left out.
    pub(crate) packages: Vec<RepoPath>,
}

/// Every workspace that one of these manifests begins.
pub(super) fn all(
    project: &Project<'_>,
    manifests: &[&RepoPath],
    packages: &[Package],
) -> Vec<Workspace> {
    let mut all = Vec::new();
    for manifest in manifests {
        let (root, name) = split(manifest);
        let found = match name {
            b"package.json" => node(project, &root, manifest),
            b"pyproject.toml" => table(project, manifest, &["tool", "uv", "workspace"])
                .map(|patterns| ("uv", patterns)),
            b"Cargo.toml" => {
                table(project, manifest, &["workspace"]).map(|patterns| ("cargo", patterns))
            }
            _ => None,
        };
        let Some((tool, patterns)) = found else {
            continue;
        };
        let language = files::manifest(name);
        let of_tool = packages
            .iter()
            .filter(|package| language == Some(package.language));
        all.push(Workspace {
            tool,
            packages: members(&root, &patterns, of_tool),
            root,
        });
    }
    all
}

/// The package manager whose lock file lies in a folder or above it; npm where none does.
pub(crate) fn node_manager(project: &Project<'_>, root: &RepoPath) -> &'static str {
    const LOCKS: [(&str, &str); 6] = [
        ("pnpm-lock.yaml", "pnpm"),
        ("pnpm-workspace.yaml", "pnpm"),
        ("yarn.lock", "yarn"),
        ("bun.lock", "bun"),
        ("bun.lockb", "bun"),
        ("package-lock.json", "npm"),
    ];
    let locks = LOCKS.map(|(lock, _)| lock);
    if let Some((_, found)) = project.nearest(root, &locks) {
        let known = LOCKS.iter().find(|(lock, _)| *lock == found);
        return known.map_or("npm", |(_, tool)| tool);
    }
    let named = crate::project::up(root).find_map(|folder| {
        let package = project.json(&folder.join(b"package.json"))?;
        let named = package.get("packageManager")?.as_str()?;
        let tools = ["npm", "pnpm", "yarn", "bun"];
        tools
            .into_iter()
            .find(|tool| named.split('@').next() == Some(tool))
    });
    named.unwrap_or("npm")
}

fn node(
    project: &Project<'_>,
    root: &RepoPath,
    manifest: &RepoPath,
) -> Option<(&'static str, Vec<String>)> {
    if let Some(text) = project.text(&root.join(b"pnpm-workspace.yaml")) {
        let patterns = config::yaml_value(&text).map(|value| texts(&value["packages"]));
        // Without any patterns the file only holds settings.
        if let Some(patterns) = patterns.filter(|patterns| !patterns.is_empty()) {
            return Some(("pnpm", patterns));
        }
    }
    let package = project.json(manifest)?;
    let listed = package.get("workspaces")?;
    let patterns = texts(listed.get("packages").unwrap_or(listed));
    Some((node_manager(project, root), patterns))
}

fn table(project: &Project<'_>, manifest: &RepoPath, way: &[&str]) -> Option<Vec<String>> {
    let table = project.toml(manifest)?;
    let (first, rest) = way.split_first()?;
    let mut value = table.get(*first)?;
    for key in rest {
        value = value.get(key)?;
    }
    let list = |key: &str| -> Vec<String> {
        let items = value.get(key).and_then(|list| list.as_array());
        let texts = items.into_iter().flatten().filter_map(|item| item.as_str());
        texts.map(str::to_owned).collect()
    };
    let mut patterns = list("members");
    patterns.extend(
        list("exclude")
            .into_iter()
            .map(|pattern| format!("!{pattern}")),
    );
    Some(patterns)
}

fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The folders with a manifest that the patterns mean.
fn members<'p>(
    root: &RepoPath,
    patterns: &[String],
    packages: impl Iterator<Item = &'p Package>,
) -> Vec<RepoPath> {
    let mut builder = OverrideBuilder::new("/");
    for pattern in patterns {
        let (not, pattern) = match pattern.strip_prefix('!') {
            Some(pattern) => ("!", pattern),
            None => ("", pattern.as_str()),
        };
        let pattern = pattern.trim_start_matches("./").trim_matches('/');
        // A pattern that cannot be read names no package; the tool itself will say so.
        let _ = builder.add(&format!("{not}/{pattern}"));
    }
    let Ok(wanted) = builder.build() else {
        return Vec::new();
    };
    let is_member = |folder: &&RepoPath| {
        let below = folder.relative_to(root).filter(|below| !below.is_root());
        below.is_some_and(|below| wanted.matched(below.to_os(), true).is_whitelist())
    };
    let folders = packages.map(|package| &package.root);
    folders.filter(is_member).cloned().collect()
}
