//! Package managers: which one a folder has, how it runs a script, and which command brings what is missing.

use super::Ask;
use crate::path::RepoPath;
use crate::project::{Project, up};
use crate::tool::Missing;

/// Lock files, and whose they are.
const LOCKS: [(&str, Node); 6] = [
    ("pnpm-lock.yaml", Node::Pnpm),
    ("bun.lock", Node::Bun),
    ("bun.lockb", Node::Bun),
    ("yarn.lock", Node::Yarn),
    ("package-lock.json", Node::Npm),
    ("npm-shrinkwrap.json", Node::Npm),
];

/// A package manager of Node's world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Npm,
    Pnpm,
    Yarn,
    Bun,
}

impl Node {
    /// The one whose lock file lies nearest, or that the manifest names; and the folder where it installs.
    pub(crate) fn of(project: &Project<'_>, root: &RepoPath) -> (Self, RepoPath) {
        for folder in up(root) {
            if let Some((_, own)) = LOCKS
                .iter()
                .find(|(name, _)| project.holds(&folder, name.as_bytes()))
            {
                return (*own, folder);
            }
            let manifest = project.json(&folder.join(b"package.json"));
            let named = manifest
                .as_ref()
                .and_then(|manifest| manifest.get("packageManager")?.as_str());
            if let Some(own) = named.and_then(Self::named) {
                return (own, folder);
            }
        }
        (Self::Npm, root.clone())
    }

    fn named(name: &str) -> Option<Self> {
        match name.split('@').next()? {
            "npm" => Some(Self::Npm),
            "pnpm" => Some(Self::Pnpm),
            "yarn" => Some(Self::Yarn),
            "bun" => Some(Self::Bun),
            _ => None,
        }
    }

    /// How it is called.
    pub(crate) fn program(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Pnpm => "pnpm",
            Self::Yarn => "yarn",
            Self::Bun => "bun",
        }
    }

    /// Runs a script of package.json.
    pub(crate) fn script(self, name: &str) -> Vec<String> {
        [self.program(), "run", name].map(str::to_owned).to_vec()
    }

    /// Installs what is locked.
    fn install(self, project: &Project<'_>, folder: &RepoPath) -> &'static str {
        let locks = ["package-lock.json", "npm-shrinkwrap.json"];
        match self {
            Self::Npm if project.first(folder, &locks).is_none() => "npm install",
            Self::Npm => "npm ci",
            Self::Pnpm => "pnpm install --frozen-lockfile",
            Self::Yarn => "yarn install",
            Self::Bun => "bun install",
        }
    }

    fn add(self) -> &'static str {
        match self {
            Self::Npm => "npm install --save-dev",
            Self::Pnpm => "pnpm add --save-dev",
            Self::Yarn => "yarn add --dev",
            Self::Bun => "bun add --dev",
        }
    }
}

/// A Node package that is not installed: the command depends on whether a manifest names it.
pub(crate) fn missing_node(project: &Project<'_>, root: &RepoPath, tool: &str) -> Missing {
    let (own, folder) = Node::of(project, root);
    let naming = up(root).find(|folder| names(project, folder, tool));
    match naming {
        Some(naming) => Missing {
            reason: format!(
                "`{tool}` is in {} and not installed",
                naming.join(b"package.json")
            ),
            remedy: within(&folder, own.install(project, &folder)),
        },
        None => Missing {
            reason: format!("`{tool}` is asked for and not installed"),
            remedy: within(root, &format!("{} {tool}", own.add())),
        },
    }
}

/// The same for a project, as it lies there. Yarn may have put packages where no program finds them but its own.
pub(crate) fn missing(ask: &Ask<'_>, root: &RepoPath, tool: &str) -> Missing {
    let is_named = up(root).any(|folder| names(ask.project, &folder, tool));
    let found = plug_and_play(ask, root, tool).filter(|_| is_named);
    found.unwrap_or_else(|| missing_node(ask.project, root, tool))
}

/// What is true of a tool where Yarn installs without `node_modules`.
pub(crate) fn plug_and_play(ask: &Ask<'_>, root: &RepoPath, program: &str) -> Option<Missing> {
    let is_there = ask.finder.lies(root, ".pnp.cjs");
    is_there.then(|| Missing {
        reason: format!(
            "`{program}` lies where only Yarn finds it (.pnp.cjs), and guard calls no tool there"
        ),
        remedy: format!(
            "make it a command of guard.yaml that runs `yarn {program}`, or set `nodeLinker: \
             node-modules` in .yarnrc.yml"
        ),
    })
}

/// What the scripts of a package need and nobody installed.
pub(crate) fn not_installed(project: &Project<'_>, root: &RepoPath) -> Missing {
    let (own, folder) = Node::of(project, root);
    Missing {
        reason: format!(
            "the packages of {} are not installed",
            root.join(b"package.json")
        ),
        remedy: within(&folder, own.install(project, &folder)),
    }
}

/// Whether a folder's package.json names a package.
pub(crate) fn names(project: &Project<'_>, folder: &RepoPath, package: &str) -> bool {
    let Some(manifest) = project.json(&folder.join(b"package.json")) else {
        return false;
    };
    let sections = [
        "dependencies",
        "devDependencies",
        "optionalDependencies",
        "peerDependencies",
    ];
    let mut sections = sections
        .iter()
        .filter_map(|section| manifest.get(section)?.as_object());
    sections.any(|section| section.contains_key(package))
}

/// A Python package that is not installed.
pub(crate) fn missing_python(project: &Project<'_>, root: &RepoPath, tool: &str) -> Missing {
    let managers = [
        ("uv.lock", "uv sync"),
        ("poetry.lock", "poetry install"),
        ("pdm.lock", "pdm install"),
        ("Pipfile.lock", "pipenv install --dev"),
    ];
    let locked = up(root).find_map(|folder| {
        let found = managers
            .iter()
            .find(|(lock, _)| project.holds(&folder, lock.as_bytes()));
        found.map(|(_, install)| within(&folder, install))
    });
    Missing {
        reason: format!("`{tool}` is asked for and not installed"),
        remedy: locked.unwrap_or_else(|| format!("python3 -m pip install {tool}")),
    }
}

/// A program that no package manager of the project brings.
pub(crate) fn missing_program(program: &str, remedy: &str) -> Missing {
    Missing {
        reason: format!("`{program}` is not on PATH"),
        remedy: remedy.to_owned(),
    }
}

fn within(folder: &RepoPath, command: &str) -> String {
    if folder.is_root() {
        return command.to_owned();
    }
    format!("cd {folder} && {command}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sketch::Sketch;

    #[test]
    fn the_lock_file_that_lies_nearest_decides() {
        let project = Project::new(Sketch::of(&[
            ("pnpm-lock.yaml", ""),
            ("package.json", "{\"packageManager\":\"yarn@4\"}"),
            (
                "apps/web/package.json",
                "{\"devDependencies\":{\"jest\":\"^30\"}}",
            ),
            ("old/package.json", "{\"packageManager\":\"bun@1.2\"}"),
        ]));
        let web = missing_node(&project, &"apps/web".into(), "jest");
        assert_eq!(
            web.reason,
            "`jest` is in apps/web/package.json and not installed"
        );
        assert_eq!(web.remedy, "pnpm install --frozen-lockfile");
        let old = missing_node(&project, &"old".into(), "jest");
        assert_eq!(old.remedy, "cd old && bun add --dev jest");
    }

    #[test]
    fn pythons_install_command_is_its_managers() {
        let project = Project::new(Sketch::of(&[("api/uv.lock", ""), ("b/a", "")]));
        let remedy = |root: &str| missing_python(&project, &root.into(), "pytest").remedy;
        assert_eq!(remedy("api"), "cd api && uv sync");
        assert_eq!(remedy("b"), "python3 -m pip install pytest");
    }
}
