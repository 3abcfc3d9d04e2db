//! The packages of a workspace: where its manifest says they are, what they are called, what they need.

use std::collections::BTreeSet;

use serde_json::Value;
use toml::Table;

use super::{Member, World};
use crate::path::RepoPath;
use crate::project::{Kind, Project, split};

/// As many packages are known of one workspace.
const MOST: usize = 5000;

/// As deep does `**` go.
const DEEPEST: usize = 6;

/// Where the members of a workspace with this root are; none where there is no workspace.
pub(super) fn patterns(
    project: &Project<'_>,
    root: &RepoPath,
    world: World,
) -> Option<Vec<String>> {
    match world {
        World::Node => of_node(project, root),
        World::Python => {
            let manifest = project.toml(&root.join(b"pyproject.toml"))?;
            let workspace = table(table(table(&manifest, "tool")?, "uv")?, "workspace")?;
            Some(signed(
                texts(workspace.get("members")),
                texts(workspace.get("exclude")),
            ))
        }
        World::Rust => {
            let manifest = project.toml(&root.join(b"Cargo.toml"))?;
            let workspace = table(&manifest, "workspace")?;
            let mut members = texts(workspace.get("members"));
            // What the root's own package takes by a path is a member without being named.
            members.extend(paths(&manifest));
            Some(signed(members, texts(workspace.get("exclude"))))
        }
    }
}

fn of_node(project: &Project<'_>, root: &RepoPath) -> Option<Vec<String>> {
    if let Some(text) = project.text(&root.join(b"pnpm-workspace.yaml")) {
        let value = crate::config::yaml_value(&text).unwrap_or_default();
        // One without packages only holds settings.
        if let Some(packages) = value.get("packages") {
            return Some(words(packages));
        }
    }
    let manifest = project.json(&root.join(b"package.json"))?;
    let workspaces = manifest.get("workspaces")?;
    let packages = workspaces.get("packages").unwrap_or(workspaces);
    packages.is_array().then(|| words(packages))
}

/// The folders that patterns mean and that hold a manifest, sorted.
pub(super) fn expand(
    project: &Project<'_>,
    root: &RepoPath,
    patterns: &[String],
    manifest: &str,
) -> BTreeSet<RepoPath> {
    let mut found = BTreeSet::new();
    for pattern in patterns {
        let parts = |pattern: &str| -> Vec<String> {
            let parts = pattern
                .split('/')
                .filter(|part| !part.is_empty() && *part != ".");
            let mut parts: Vec<String> = parts.map(str::to_owned).collect();
            parts.dedup_by(|a, b| a == "**" && b == "**");
            parts
        };
        if let Some(taken_back) = pattern.strip_prefix('!') {
            let parts = parts(taken_back);
            found.retain(|folder: &RepoPath| {
                let below = folder.relative_to(root).unwrap_or_default();
                !fits_path(&parts, &below)
            });
        } else {
            let parts = parts(pattern);
            if are_few(&parts) {
                walk(project, root, &parts, manifest, &mut found);
            }
        }
    }
    found.remove(root);
    found
}

fn walk(
    project: &Project<'_>,
    folder: &RepoPath,
    parts: &[String],
    manifest: &str,
    found: &mut BTreeSet<RepoPath>,
) {
    if found.len() >= MOST {
        return;
    }
    let Some((part, rest)) = parts.split_first() else {
        if project.holds(folder, manifest.as_bytes()) {
            found.insert(folder.clone());
        }
        return;
    };
    if part == "**" {
        walk(project, folder, rest, manifest, found);
        if crate::project::up(folder).count() > DEEPEST {
            return;
        }
    }
    if part == ".." {
        if !folder.is_root() {
            walk(project, &split(folder).0, rest, manifest, found);
        }
        return;
    }
    for child in project.children(folder).iter() {
        let is_hidden = child.name.starts_with(b".") || child.name == b"node_modules";
        if child.kind != Kind::Folder || is_hidden {
            continue;
        }
        let below = folder.join(&child.name);
        if part == "**" {
            walk(project, &below, parts, manifest, found);
        } else if fits(part.as_bytes(), &child.name) {
            walk(project, &below, rest, manifest, found);
        }
    }
}

/// Whether a path has the form of a pattern's parts.
pub(crate) fn fits_path(parts: &[String], path: &RepoPath) -> bool {
    fn go(parts: &[String], names: &[&[u8]]) -> bool {
        match (parts.split_first(), names.split_first()) {
            (None, None) => true,
            (Some((part, rest)), _) if part == "**" => {
                go(rest, names)
                    || names
                        .split_first()
                        .is_some_and(|(_, names)| go(parts, names))
            }
            (Some((part, rest)), Some((name, names))) => {
                fits(part.as_bytes(), name) && go(rest, names)
            }
            _ => false,
        }
    }
    let names = path.as_bytes().split(|byte| *byte == b'/');
    let names: Vec<&[u8]> = names.filter(|name| !name.is_empty()).take(32).collect();
    are_few(parts) && go(parts, &names)
}

/// Whether a pattern has few `**`: they are tried in all ways, and no real one has many.
fn are_few(parts: &[String]) -> bool {
    parts.iter().filter(|part| *part == "**").count() <= 3
}

/// Whether a name has the form of one part of a pattern. Alternatives in braces are taken for anything: widen.
fn fits(part: &[u8], name: &[u8]) -> bool {
    let is_wild = |byte: &u8| matches!(byte, b'*' | b'?' | b'{' | b'[');
    let Some(at) = part.iter().position(is_wild) else {
        return part == name;
    };
    let behind = part
        .iter()
        .rposition(|byte| matches!(byte, b'*' | b'?' | b'}' | b']'));
    let end = &part[behind.map_or(at + 1, |behind| behind.max(at) + 1)..];
    name.len() >= at + end.len() && name.starts_with(&part[..at]) && name.ends_with(end)
}

/// What a member's manifest says.
pub(crate) fn read(project: &Project<'_>, folder: RepoPath, world: World) -> Member {
    let mut member = Member {
        name: String::new(),
        needs: BTreeSet::new(),
        near: BTreeSet::new(),
        folder,
    };
    // One whose manifest cannot be read has no name and needs nobody: its own tool will say so.
    let _ = match world {
        World::Node => read_node(project, &mut member),
        World::Python => read_python(project, &mut member),
        World::Rust => read_rust(project, &mut member),
    };
    member
}

fn read_node(project: &Project<'_>, member: &mut Member) -> Option<()> {
    let manifest = project.json(&member.folder.join(b"package.json"))?;
    let name = manifest.get("name").and_then(Value::as_str);
    member.name = name.map(str::to_owned).unwrap_or_default();
    let sections = [
        "dependencies",
        "devDependencies",
        "peerDependencies",
        "optionalDependencies",
    ];
    for section in sections {
        for (name, wanted) in manifest
            .get(section)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let wanted = wanted.as_str().unwrap_or_default();
            let path = ["file:", "link:", "portal:"]
                .iter()
                .find_map(|kind| wanted.strip_prefix(kind));
            if let Some(folder) = path.and_then(|path| beside(&member.folder, path)) {
                member.near.insert(folder);
            }
            // `"web-ui": "npm:@acme/ui@*"` and `"workspace:@acme/ui@*"` are other names for it.
            let other = wanted
                .split_once(':')
                .and_then(|(_, other)| other.rsplit_once('@'));
            if let Some((other, _)) = other {
                member.needs.insert(other.to_owned());
            }
            member.needs.insert(name.clone());
        }
    }
    Some(())
}

fn read_python(project: &Project<'_>, member: &mut Member) -> Option<()> {
    let manifest = project.toml(&member.folder.join(b"pyproject.toml"))?;
    let own = table(&manifest, "project").and_then(|own| own.get("name")?.as_str());
    member.name = super::super::python::bare_name(own.unwrap_or_default());
    member.needs = super::super::python::dependencies(&manifest);
    Some(())
}

fn read_rust(project: &Project<'_>, member: &mut Member) -> Option<()> {
    let manifest = project.toml(&member.folder.join(b"Cargo.toml"))?;
    let own = table(&manifest, "package").and_then(|own| own.get("name")?.as_str());
    member.name = own.map(str::to_owned).unwrap_or_default();
    for (name, wanted) in dependencies(&manifest) {
        let named = wanted.get("package").and_then(toml::Value::as_str);
        member.needs.insert(named.unwrap_or(name).to_owned());
    }
    let near = paths(&manifest);
    member
        .near
        .extend(near.iter().filter_map(|path| beside(&member.folder, path)));
    Some(())
}

/// The dependencies of a Cargo manifest, those for one target only too.
fn dependencies(manifest: &Table) -> Vec<(&str, &toml::Value)> {
    let targets = table(manifest, "target").into_iter().flatten();
    let targets = targets.filter_map(|(_, target)| target.as_table());
    let holders = std::iter::once(manifest).chain(targets);
    let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
    holders
        .flat_map(|holder| sections.iter().filter_map(|section| table(holder, section)))
        .flatten()
        .map(|(name, wanted)| (name.as_str(), wanted))
        .collect()
}

fn paths(manifest: &Table) -> Vec<String> {
    let all = dependencies(manifest).into_iter();
    let paths = all.filter_map(|(_, wanted)| wanted.get("path")?.as_str());
    paths.map(str::to_owned).collect()
}

/// A folder by its path from another one.
fn beside(folder: &RepoPath, path: &str) -> Option<RepoPath> {
    let mut parts: Vec<&[u8]> = folder.as_bytes().split(|byte| *byte == b'/').collect();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part.as_bytes());
        }
    }
    parts.retain(|part| !part.is_empty());
    Some(RepoPath::new(parts.join(&b'/')))
}

fn signed(mut members: Vec<String>, excluded: Vec<String>) -> Vec<String> {
    members.extend(excluded.into_iter().map(|pattern| format!("!{pattern}")));
    members
}

fn table<'t>(table: &'t Table, name: &str) -> Option<&'t Table> {
    table.get(name)?.as_table()
}

fn texts(value: Option<&toml::Value>) -> Vec<String> {
    let values = value.and_then(toml::Value::as_array).into_iter().flatten();
    values
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

fn words(value: &Value) -> Vec<String> {
    let values = value.as_array().into_iter().flatten();
    values
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}
