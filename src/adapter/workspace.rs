//! Which packages a change touches: those in which it lies, and in a workspace those that depend on them.
//!
//! Widen, never narrow: what lies in a workspace and in none of its packages touches all of them.

mod members;

use std::collections::{BTreeMap, BTreeSet};

use crate::path::RepoPath;
use crate::project::{Project, split, up};
use crate::repository::Change;
pub(crate) use members::{fits_path, read};

/// Files that make their folder a package of its own, whatever the language.
const MANIFESTS: [&str; 16] = [
    "package.json",
    "pyproject.toml",
    "Cargo.toml",
    "setup.py",
    "setup.cfg",
    "requirements.txt",
    "Pipfile",
    "pytest.ini",
    "tox.ini",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Gemfile",
    "composer.json",
    "mix.exs",
];

/// Whose packages are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum World {
    Node,
    Python,
    Rust,
}

impl World {
    fn manifest(self) -> &'static str {
        match self {
            Self::Node => "package.json",
            Self::Python => "pyproject.toml",
            Self::Rust => "Cargo.toml",
        }
    }
}

/// Packages that know each other.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub(crate) root: RepoPath,
    /// All but the root's own package, sorted.
    pub(crate) members: Vec<Member>,
}

/// A package of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) folder: RepoPath,
    pub(crate) name: String,
    /// Names on which it depends.
    pub(crate) needs: BTreeSet<String>,
    /// Folders on which it depends.
    pub(crate) near: BTreeSet<RepoPath>,
}

impl Workspace {
    /// The workspace to which the package in a folder belongs; none where it stands alone.
    pub(crate) fn around(project: &Project<'_>, folder: &RepoPath, world: World) -> Option<Self> {
        up(folder).find_map(|root| {
            let patterns = members::patterns(project, &root, world)?;
            let members = members::expand(project, &root, &patterns, world.manifest());
            let is_in = root == *folder || world == World::Rust || members.contains(folder);
            is_in.then(|| Self {
                members: members
                    .into_iter()
                    .map(|member| read(project, member, world))
                    .collect(),
                root,
            })
        })
    }

    /// These packages and all that depend on them, however far.
    fn with_dependents(&self, touched: &mut BTreeSet<RepoPath>) {
        loop {
            let is_touched = |member: &&Member| touched.contains(&member.folder);
            let names: BTreeSet<&str> = self
                .members
                .iter()
                .filter(is_touched)
                .map(|member| member.name.as_str())
                .collect();
            let depends = |member: &Member| {
                member
                    .needs
                    .iter()
                    .any(|name| names.contains(name.as_str()))
                    || member.near.iter().any(|folder| touched.contains(folder))
            };
            let more: Vec<RepoPath> = self
                .members
                .iter()
                .filter(|member| !touched.contains(&member.folder) && depends(member))
                .map(|member| member.folder.clone())
                .collect();
            if more.is_empty() {
                return;
            }
            touched.extend(more);
        }
    }

    /// The packages on which one depends, however far.
    pub(crate) fn needed_by(&self, folder: &RepoPath) -> Vec<&Member> {
        let mut found: BTreeMap<&RepoPath, &Member> = BTreeMap::new();
        let mut open = vec![folder];
        while let Some(next) = open.pop() {
            let Some(member) = self.members.iter().find(|member| member.folder == *next) else {
                continue;
            };
            for needed in &self.members {
                let is_needed =
                    member.needs.contains(&needed.name) || member.near.contains(&needed.folder);
                if is_needed && found.insert(&needed.folder, needed).is_none() {
                    open.push(&needed.folder);
                }
            }
        }
        found.into_values().collect()
    }
}

/// The folders of the packages that a change touches. One of another language stands for itself.
pub(crate) fn touched(
    project: &Project<'_>,
    changed: &[Change],
    world: World,
) -> BTreeSet<RepoPath> {
    let mut touched = BTreeSet::new();
    let mut workspaces: BTreeMap<RepoPath, Workspace> = BTreeMap::new();
    let mut around: BTreeMap<RepoPath, Option<RepoPath>> = BTreeMap::new();
    for change in changed {
        let owner = owner(project, &change.path);
        let root = around.entry(owner.clone()).or_insert_with(|| {
            let is_own = project.holds(&owner, world.manifest().as_bytes());
            let workspace = is_own
                .then(|| Workspace::around(project, &owner, world))
                .flatten()?;
            let root = workspace.root.clone();
            workspaces.entry(root.clone()).or_insert(workspace);
            Some(root)
        });
        if root.as_ref() == Some(&owner) && !is_prose(&change.path) {
            let members = &workspaces[&owner].members;
            touched.extend(members.iter().map(|member| member.folder.clone()));
        }
        touched.insert(owner);
    }
    for workspace in workspaces.values() {
        workspace.with_dependents(&mut touched);
    }
    touched
}

/// The nearest folder above a file that is a package, whatever the language; the root where none is.
fn owner(project: &Project<'_>, file: &RepoPath) -> RepoPath {
    let (folder, _) = split(file);
    project
        .nearest(&folder, &MANIFESTS)
        .map_or_else(RepoPath::root, |(folder, _)| folder)
}

/// Whether a file is for people and for the forge: no package of a workspace reads it.
fn is_prose(path: &RepoPath) -> bool {
    let text = path.to_text().to_lowercase();
    let name = text.rsplit('/').next().unwrap_or_default();
    let endings = [".md", ".txt", ".rst"];
    let names = [
        "license",
        "codeowners",
        ".gitignore",
        ".gitattributes",
        ".editorconfig",
        "guard.yaml",
    ];
    text.starts_with(".github/")
        || text.starts_with(".vscode/")
        || names.contains(&name)
        || (endings.iter().any(|ending| name.ends_with(ending))
            && !name.starts_with("requirements"))
}

#[cfg(test)]
mod tests;
