//! What a project is built with: packages and their frameworks, workspaces, Railway files, hook managers, tools.
//!
//! One list of all files answers where things are; only manifests are opened.

mod cargo;
mod files;
mod managers;
mod node;
mod python;
mod tools;
mod workspace;

use serde::Serialize;

use crate::path::RepoPath;
use crate::project::{Project, split};

pub(crate) use managers::{LINT_STAGED, Manager};
pub(crate) use tools::Tool;
pub(crate) use workspace::{Workspace, node_manager};

/// More packages than this are counted and not opened.
const MOST_PACKAGES: usize = 400;

/// What was found.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Stack {
    /// The packages, by folder.
    pub(crate) packages: Vec<Package>,
    /// The workspaces that hold them together.
    pub(crate) workspaces: Vec<Workspace>,
    /// The files that tell Railway what to do.
    pub(crate) railway: Vec<RepoPath>,
    /// The examples of environment files.
    pub(crate) env_examples: Vec<RepoPath>,
    /// Who runs hooks already.
    pub(crate) hook_managers: Vec<Manager>,
    /// The tools of which there is a trace.
    pub(crate) tools: Vec<Tool>,
    /// How many files there are.
    pub(crate) files: usize,
    /// How many manifests were not opened, because there are so many.
    pub(crate) unopened: usize,
}

/// A folder with a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Package {
    /// Its folder.
    pub(crate) root: RepoPath,
    /// The language or platform: `Node.js`.
    pub(crate) language: &'static str,
    /// Whether guard knows the tools of that language.
    pub(crate) known: bool,
    /// What it is built with.
    pub(crate) uses: Vec<Part>,
}

/// Something that a package is built with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Part {
    /// Its name: `Next.js`.
    pub(crate) name: &'static str,
    /// The version that the manifest asks for, as far as it matters: `16`, `0.115`.
    pub(crate) version: Option<String>,
}

impl Stack {
    /// Looks at a project.
    pub(crate) fn of(project: &Project<'_>) -> Self {
        let files = project.files();
        let mut stack = Self {
            files: files.len(),
            ..Self::default()
        };
        let mut manifests: Vec<&RepoPath> = Vec::new();
        for path in files.iter().filter(|path| !files::is_foreign(path)) {
            if files::is_railway(path) {
                stack.railway.push(path.clone());
            }
            if files::is_example(split(path).1) {
                stack.env_examples.push(path.clone());
            }
            if files::manifest(split(path).1).is_some() {
                manifests.push(path);
            }
        }
        // The nearest to the root first: those say what the project is.
        manifests.sort_by_key(|path| (depth(path), (*path).clone()));
        stack.env_examples.sort_by_key(|path| {
            let plain = split(path).1 == b".env.example";
            (depth(path), !plain, path.clone())
        });
        stack.unopened = manifests.len().saturating_sub(MOST_PACKAGES);
        manifests.truncate(MOST_PACKAGES);
        for path in &manifests {
            stack.package(project, path);
        }
        stack
            .packages
            .sort_by(|a, b| (&a.root, a.language).cmp(&(&b.root, b.language)));
        stack.workspaces = workspace::all(project, &manifests, &stack.packages);
        stack.hook_managers = managers::all(project);
        stack.tools = tools::all(project, &stack.roots());
        stack
    }

    /// Whether some package uses this.
    pub(crate) fn uses(&self, name: &str) -> Option<&Package> {
        let mut packages = self.packages.iter();
        packages.find(|package| package.uses.iter().any(|part| part.name == name))
    }

    fn roots(&self) -> Vec<RepoPath> {
        let mut roots: Vec<RepoPath> = self.packages.iter().map(|it| it.root.clone()).collect();
        roots.dedup();
        roots
    }

    fn package(&mut self, project: &Project<'_>, manifest: &RepoPath) {
        let (root, name) = split(manifest);
        let Some(language) = files::manifest(name) else {
            return;
        };
        let uses = match language {
            files::NODE => node::uses(project, manifest),
            files::PYTHON => python::uses(project, &root, manifest),
            files::RUST => match cargo::uses(project, manifest) {
                Some(uses) => uses,
                None => return,
            },
            _ => Vec::new(),
        };
        // A folder may have several manifests of one language: pyproject.toml and requirements.txt.
        let mut packages = self.packages.iter_mut();
        match packages.find(|package| package.root == root && package.language == language) {
            Some(package) => {
                let news = uses.into_iter().filter(|part| {
                    let known = package.uses.iter();
                    !known.map(|known| known.name).any(|name| name == part.name)
                });
                let news: Vec<Part> = news.collect();
                package.uses.extend(news);
            }
            None => self.packages.push(Package {
                known: files::KNOWN.contains(&language),
                root,
                language,
                uses,
            }),
        }
    }
}

fn depth(path: &RepoPath) -> usize {
    memchr::memchr_iter(b'/', path.as_bytes()).count()
}

/// What of a version range matters to people: the major number, or `0.115` before the first.
fn version(range: &str) -> Option<String> {
    let plain = range.trim_start_matches(|first: char| !first.is_ascii_digit());
    // `workspace:*`, `latest`, a path or an address say nothing.
    let lead = &range[..range.len() - plain.len()];
    if lead.contains([':', '/', '*']) || plain.len() > 30 {
        return None;
    }
    let number = |text: &str| -> String { text.chars().take_while(char::is_ascii_digit).collect() };
    let mut parts = plain.split('.');
    let major = number(parts.next()?);
    if major.is_empty() {
        return None;
    }
    match parts.next().map(number) {
        Some(minor) if major == "0" && !minor.is_empty() => Some(format!("0.{minor}")),
        _ => Some(major),
    }
}

#[cfg(test)]
mod tests;
