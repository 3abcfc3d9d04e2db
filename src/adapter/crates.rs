//! Which packages of a Cargo workspace a change touches, and how cargo is told to take them.

use std::collections::{BTreeMap, BTreeSet};

use super::Ask;
use super::packager::missing_program;
use super::workspace::{Workspace, World, touched};
use crate::path::RepoPath;
use crate::project::up;
use crate::tool::Missing;

/// A workspace, or a package that stands alone.
pub(crate) struct Crates {
    pub(crate) root: RepoPath,
    /// `--workspace`, or `-p` and a name for each package.
    pub(crate) chosen: Vec<String>,
    /// The lock file is committed: then it must fit, and cargo must not write it.
    pub(crate) is_locked: bool,
}

impl Crates {
    /// What a change touches, by workspace.
    pub(crate) fn touched(ask: &Ask<'_>) -> Vec<Self> {
        let project = ask.project;
        let mut by_root: BTreeMap<RepoPath, (Option<Workspace>, BTreeSet<RepoPath>)> =
            BTreeMap::new();
        for folder in touched(project, ask.changed, World::Rust) {
            let Some(home) = up(&folder).find(|at| project.holds(at, b"Cargo.toml")) else {
                continue;
            };
            // A folder of another language below a crate is none of its business once it has a suite of its own.
            let stops = up(&folder).find(|at| super::suite::has_suite(project, at));
            if stops.as_ref() != Some(&home) {
                continue;
            }
            let workspace = Workspace::around(project, &home, World::Rust);
            let root = workspace
                .as_ref()
                .map_or_else(|| home.clone(), |workspace| workspace.root.clone());
            let entry = by_root.entry(root).or_insert((workspace, BTreeSet::new()));
            entry.1.insert(home);
        }
        by_root
            .into_iter()
            .map(|(root, (workspace, homes))| Self {
                chosen: chosen(ask, &root, workspace.as_ref(), &homes),
                is_locked: project.holds(&root, b"Cargo.lock"),
                root,
            })
            .collect()
    }

    /// A command line of cargo for these packages.
    pub(crate) fn cargo(&self, ask: &Ask<'_>, words: &[&str]) -> Result<Vec<String>, Missing> {
        let program = ask.finder.on_path("cargo");
        let program = program
            .ok_or_else(|| missing_program("cargo", "install Rust from https://rustup.rs"))?;
        let words = words.iter().map(|word| (*word).to_owned());
        let mut run: Vec<String> = std::iter::once(program).chain(words).collect();
        run.extend(self.chosen.iter().cloned());
        if self.is_locked {
            run.push("--locked".to_owned());
        }
        Ok(run)
    }
}

/// All packages where all are touched, or one that has no name to call it by; else each of them.
fn chosen(
    ask: &Ask<'_>,
    root: &RepoPath,
    workspace: Option<&Workspace>,
    homes: &BTreeSet<RepoPath>,
) -> Vec<String> {
    let all = vec!["--workspace".to_owned()];
    let Some(workspace) = workspace else {
        return Vec::new();
    };
    if workspace
        .members
        .iter()
        .all(|member| homes.contains(&member.folder))
    {
        return all;
    }
    let mut chosen = Vec::new();
    for home in homes {
        let name = if home == root {
            own_name(ask, root)
        } else {
            let mut members = workspace.members.iter();
            let member = members.find(|member| member.folder == *home);
            member
                .map(|member| member.name.clone())
                .filter(|name| !name.is_empty())
        };
        match name {
            Some(name) => chosen.extend(["-p".to_owned(), name]),
            None => return all,
        }
    }
    chosen
}

fn own_name(ask: &Ask<'_>, root: &RepoPath) -> Option<String> {
    let manifest = ask.project.toml(&root.join(b"Cargo.toml"))?;
    let name = manifest.get("package")?.get("name")?.as_str()?;
    Some(name.to_owned())
}
