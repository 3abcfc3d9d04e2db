//! What suggests that a project has env files at all.

use std::collections::BTreeSet;

use super::names::is_example;
use crate::path::RepoPath;
use crate::project::{Kind, Project};

/// How strongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// Its ecosystem knows them.
    Weak,
    /// It has an example, is deployed, or reads them.
    Strong,
}

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

/// The strongest sign that these folders show.
pub(super) fn of(project: &Project<'_>, folders: &BTreeSet<RepoPath>) -> Option<Sign> {
    folders
        .iter()
        .filter_map(|folder| in_folder(project, folder))
        .max()
}

fn in_folder(project: &Project<'_>, folder: &RepoPath) -> Option<Sign> {
    let children = project.children(folder);
    let is_railways = children
        .iter()
        .any(|child| child.kind == Kind::Folder && child.name == b".railway");
    if is_railways || has_example(project, folder) || project.first(folder, &DEPLOYED).is_some() {
        return Some(Sign::Strong);
    }
    let texts = MANIFESTS
        .iter()
        .filter_map(|name| Some((*name, project.text(&folder.join(name.as_bytes()))?)));
    let mut sign = None;
    for (name, text) in texts {
        if READERS
            .iter()
            .any(|reader| text.to_lowercase().contains(reader))
        {
            return Some(Sign::Strong);
        }
        // A Rust library reads none.
        if name != "Cargo.toml" {
            sign = Some(Sign::Weak);
        }
    }
    sign
}

fn has_example(project: &Project<'_>, folder: &RepoPath) -> bool {
    let children = project.children(folder);
    children
        .iter()
        .any(|child| child.kind == Kind::File && is_example(&child.name))
}
