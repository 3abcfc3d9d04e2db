//! Who runs hooks already, by the files in which it is told what to run.

use serde::Serialize;

use super::node::range;
use super::version;
use crate::path::RepoPath;
use crate::project::{Kind, Project};

/// Somebody who runs hooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Manager {
    /// Its name, as `--import` takes it.
    pub(crate) id: &'static str,
    /// The file or folder that tells it what to run.
    pub(crate) file: RepoPath,
    /// The version that package.json asks for.
    pub(crate) version: Option<String>,
}

/// Where lefthook looks, in its own order.
const LEFTHOOK: [&str; 12] = [
    "lefthook.yml",
    "lefthook.yaml",
    "lefthook.toml",
    "lefthook.json",
    ".lefthook.yml",
    ".lefthook.yaml",
    ".lefthook.toml",
    ".lefthook.json",
    ".config/lefthook.yml",
    ".config/lefthook.yaml",
    ".config/lefthook.toml",
    ".config/lefthook.json",
];

/// Where lint-staged looks besides package.json.
pub(crate) const LINT_STAGED: [&str; 13] = [
    ".lintstagedrc",
    ".lintstagedrc.json",
    ".lintstagedrc.yaml",
    ".lintstagedrc.yml",
    ".lintstagedrc.mjs",
    ".lintstagedrc.js",
    ".lintstagedrc.cjs",
    ".lintstagedrc.ts",
    "lint-staged.config.mjs",
    "lint-staged.config.js",
    "lint-staged.config.cjs",
    "lint-staged.config.mts",
    "lint-staged.config.ts",
];

const PRE_COMMIT: [&str; 2] = [".pre-commit-config.yaml", ".pre-commit-config.yml"];

pub(super) fn all(project: &Project<'_>) -> Vec<Manager> {
    let root = RepoPath::root();
    let package = project.json(&"package.json".into());
    let asked = |name: &str| {
        let range = package.as_ref().and_then(|package| range(package, name))?;
        version(range)
    };
    let first = |files: &[&str]| {
        let mut files = files.iter().map(|file| RepoPath::from(*file));
        files.find(|file| project.has(file))
    };
    let husky = project.children(&root);
    let husky = husky
        .iter()
        .any(|child| child.name == b".husky" && child.kind == Kind::Folder);
    let in_package = package
        .as_ref()
        .is_some_and(|package| package.get("lint-staged").is_some());
    let lint_staged = if in_package {
        Some(RepoPath::from("package.json"))
    } else {
        first(&LINT_STAGED)
    };
    let found = [
        ("husky", husky.then(|| RepoPath::from(".husky"))),
        ("lefthook", first(&LEFTHOOK)),
        ("pre-commit", first(&PRE_COMMIT)),
        ("lint-staged", lint_staged),
    ];
    let manager = |(id, file): (&'static str, Option<RepoPath>)| {
        Some(Manager {
            id,
            file: file?,
            version: asked(id),
        })
    };
    found.into_iter().filter_map(manager).collect()
}
