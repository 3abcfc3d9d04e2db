//! The tools of which the project has a trace: a dependency, a file, a section.

use serde::Serialize;

use super::node::range;
use super::{python, version};
use crate::path::RepoPath;
use crate::project::{Project, up};

/// A tool that the project uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Tool {
    /// Its name.
    pub(crate) id: &'static str,
    /// The installed version, else the one that is asked for.
    pub(crate) version: Option<String>,
    /// The first folder in which there is a trace of it.
    pub(crate) root: RepoPath,
}

/// What gives a tool away.
struct Trace {
    id: &'static str,
    /// A package of npm.
    node: Option<&'static str>,
    /// A package of pip, also a section `[tool.NAME]`.
    python: Option<&'static str>,
    files: &'static [&'static str],
}

const fn node(id: &'static str, package: &'static str, files: &'static [&'static str]) -> Trace {
    Trace {
        id,
        node: Some(package),
        python: None,
        files,
    }
}

const fn python(id: &'static str, files: &'static [&'static str]) -> Trace {
    Trace {
        id,
        node: None,
        python: Some(id),
        files,
    }
}

const TRACES: [Trace; 15] = [
    node(
        "eslint",
        "eslint",
        &[
            "eslint.config.js",
            "eslint.config.mjs",
            "eslint.config.ts",
            ".eslintrc.json",
            ".eslintrc.js",
            ".eslintrc.cjs",
        ],
    ),
    node("biome", "@biomejs/biome", &["biome.json", "biome.jsonc"]),
    node("oxlint", "oxlint", &[".oxlintrc.json"]),
    node(
        "prettier",
        "prettier",
        &[
            ".prettierrc",
            ".prettierrc.json",
            "prettier.config.js",
            "prettier.config.mjs",
        ],
    ),
    node("tsc", "typescript", &[]),
    node("jest", "jest", &["jest.config.js", "jest.config.ts"]),
    node(
        "vitest",
        "vitest",
        &["vitest.config.ts", "vitest.config.js"],
    ),
    python("ruff", &["ruff.toml", ".ruff.toml"]),
    python("flake8", &[".flake8"]),
    python("black", &[]),
    python("mypy", &["mypy.ini", ".mypy.ini"]),
    python("pyright", &["pyrightconfig.json"]),
    python("pytest", &["pytest.ini"]),
    Trace {
        id: "clippy",
        node: None,
        python: None,
        files: &["Cargo.toml"],
    },
    Trace {
        id: "rustfmt",
        node: None,
        python: None,
        files: &["Cargo.toml"],
    },
];

/// Every tool, in the order in which people think of them.
pub(super) fn all(project: &Project<'_>, roots: &[RepoPath]) -> Vec<Tool> {
    let mut places: Vec<&RepoPath> = roots.iter().collect();
    let root = RepoPath::root();
    if !roots.contains(&root) {
        places.insert(0, &root);
    }
    let tool = |trace: &Trace| {
        places.iter().find_map(|root| {
            let version = trace.found(project, root)?;
            Some(Tool {
                id: trace.id,
                version,
                root: (*root).clone(),
            })
        })
    };
    TRACES.iter().filter_map(tool).collect()
}

impl Trace {
    /// Whether a folder has a trace of it; with the version, where that is cheap to know.
    #[expect(
        clippy::option_option,
        reason = "no trace, a trace without a version, a trace with one"
    )]
    fn found(&self, project: &Project<'_>, root: &RepoPath) -> Option<Option<String>> {
        if let Some(package) = self.node {
            let manifest = project.json(&root.join(b"package.json"));
            let asked = manifest
                .as_ref()
                .and_then(|manifest| range(manifest, package));
            if let Some(asked) = asked {
                return Some(installed(project, root, package).or_else(|| version(asked)));
            }
        }
        if let Some(package) = self.python {
            for manifest in [
                "pyproject.toml",
                "requirements.txt",
                "requirements-dev.txt",
                "Pipfile",
            ] {
                let asked = python::requirements(project, &root.join(manifest.as_bytes()));
                if let Some((_, range)) = asked.iter().find(|(name, _)| name == package) {
                    return Some(version(range));
                }
            }
            let table = project.toml(&root.join(b"pyproject.toml"));
            let section = table
                .as_ref()
                .and_then(|table| table.get("tool")?.get(package));
            if section.is_some() {
                return Some(None);
            }
        }
        project.first(root, self.files).map(|_| None)
    }
}

/// The version that npm, pnpm, yarn or bun put there.
fn installed(project: &Project<'_>, root: &RepoPath, package: &str) -> Option<String> {
    let below = format!("node_modules/{package}/package.json");
    let mut folders = up(root);
    let manifest = folders.find_map(|folder| project.json(&folder.join(below.as_bytes())))?;
    let version = manifest.get("version")?.as_str()?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-+".contains(letter);
    (version.len() <= 40 && version.chars().all(plain)).then(|| version.to_owned())
}
