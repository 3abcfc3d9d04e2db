//! What suggests that a project has env files at all.

use std::collections::BTreeSet;

use crate::dotenv::name::{self, Role};
use crate::path::RepoPath;
use crate::project::{Kind, Project};

/// Files of projects that are deployed.
const DEPLOYED: [&str; 9] = [
    "railway.json",
    "railway.toml",
    "Procfile",
    "nixpacks.toml",
    "railpack.json",
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.yml",
    "compose.yaml",
];

/// Manifests of ecosystems that know env files.
const MANIFESTS: [&str; 5] = [
    "package.json",
    "pyproject.toml",
    "requirements.txt",
    "Pipfile",
    "Cargo.toml",
];

/// Names in manifests that mean that env files are read.
const READERS: [&str; 22] = [
    "\"dotenv\"",
    "\"dotenv-cli\"",
    "\"dotenv-expand\"",
    "\"@next/env\"",
    "\"next\"",
    "\"vite\"",
    "\"nuxt\"",
    "\"express\"",
    "\"fastify\"",
    "\"@nestjs/core\"",
    "\"react-scripts\"",
    "\"astro\"",
    "\"prisma\"",
    "\"@supabase/supabase-js\"",
    "python-dotenv",
    "pydantic-settings",
    "fastapi",
    "django",
    "flask",
    "dotenvy",
    "dotenv =",
    "environs",
];

/// Whether a folder is one in which env files lie.
pub(super) fn is_package(project: &Project<'_>, folder: &RepoPath) -> bool {
    project.first(folder, &MANIFESTS[..4]).is_some() || has_example(project, folder)
}

/// Whether one of these folders shows such a sign. A manifest alone is none: a false alarm on the first day
/// would be the end of the check.
pub(super) fn any(project: &Project<'_>, folders: &BTreeSet<RepoPath>) -> bool {
    folders.iter().any(|folder| shows(project, folder))
}

fn shows(project: &Project<'_>, folder: &RepoPath) -> bool {
    let children = project.about(folder);
    let is_railways = children
        .iter()
        .any(|child| child.kind == Kind::Folder && child.name == b".railway");
    if is_railways || has_example(project, folder) || project.first(folder, &DEPLOYED).is_some() {
        return true;
    }
    MANIFESTS.iter().any(|name| {
        let text = project.text(&folder.join(name.as_bytes()));
        let text = text.map(|text| text.to_lowercase());
        text.is_some_and(|text| READERS.iter().any(|reader| text.contains(reader)))
    })
}

fn has_example(project: &Project<'_>, folder: &RepoPath) -> bool {
    let children = project.about(folder);
    children.iter().any(|child| {
        child.kind == Kind::File && name::role(&RepoPath::new(&*child.name)) == Some(Role::Example)
    })
}
