//! Who reads a project's env files: what lies beside them says it.
//!
//! The nearest package says in which language a file is read. Compose reads what an `env_file` names, and the `.env`
//! beside its own file; a folder with a Railway file has its variables pasted into Railway's editor.

mod compose;

use crate::dotenv::Dialect;
use crate::path::RepoPath;
use crate::project::{Kind, Project, split, up};

/// What shows in which language a package is written, by the names of files.
const LANGUAGES: &[(Dialect, &[&str])] = &[
    (Dialect::Node, &["package.json", "deno.json", "deno.jsonc"]),
    (
        Dialect::Python,
        &[
            "pyproject.toml",
            "requirements.txt",
            "Pipfile",
            "setup.py",
            "setup.cfg",
            "manage.py",
        ],
    ),
];

/// What shows that a package is written in a language whose readers are not known here.
const OTHERS: &[&str] = &["Cargo.toml", "go.mod", "Gemfile"];

/// What shows that a package is deployed to Railway.
const RAILWAY: &[&str] = &[
    "railway.json",
    "railway.toml",
    "nixpacks.toml",
    "railpack.json",
];

/// Folders below one that are looked into for packages, where it is none itself.
const MOST: usize = 64;

/// Who reads a file, the most important first. Where nothing says anything, Node does.
pub(crate) fn readers(project: &Project<'_>, path: &RepoPath) -> Vec<Dialect> {
    let (folder, _) = split(path);
    let mut readers = languages(project, &folder);
    if compose::reads(project, path) {
        readers.push(Dialect::Compose);
    }
    if readers.is_empty() {
        readers.push(Dialect::Node);
    }
    if up(&folder).any(|folder| is_railways(project, &folder)) {
        readers.push(Dialect::Railway);
    }
    readers
}

/// Whether a file of this name makes its folder a package.
pub(crate) fn is_manifest(name: &[u8]) -> bool {
    let languages = LANGUAGES.iter().flat_map(|(_, names)| names.iter());
    let mut names = languages.chain(OTHERS);
    names.any(|known| known.as_bytes() == name)
}

/// The languages of the nearest package; where there is none above, those of the packages directly below.
fn languages(project: &Project<'_>, folder: &RepoPath) -> Vec<Dialect> {
    for folder in up(folder) {
        let found = of_folder(project, &folder);
        if !found.is_empty() || project.first(&folder, OTHERS).is_some() {
            return found;
        }
    }
    let children = project.about(folder);
    let folders = children.iter().filter(|child| child.kind == Kind::Folder);
    let folders =
        folders.filter(|child| !child.name.starts_with(b".") && child.name != b"node_modules");
    let mut found: Vec<Dialect> = folders
        .take(MOST)
        .flat_map(|child| of_folder(project, &folder.join(&child.name)))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn of_folder(project: &Project<'_>, folder: &RepoPath) -> Vec<Dialect> {
    let known = LANGUAGES.iter();
    let found = known.filter(|(_, names)| project.first(folder, names).is_some());
    found.map(|(dialect, _)| *dialect).collect()
}

fn is_railways(project: &Project<'_>, folder: &RepoPath) -> bool {
    let children = project.about(folder);
    let mut folders = children.iter().filter(|child| child.kind == Kind::Folder);
    folders.any(|child| child.name == b".railway") || project.first(folder, RAILWAY).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sketch::Sketch;

    /// Who reads a file of a project with these files.
    fn told(files: &[(&str, &str)], path: &str) -> String {
        let project = Project::new(Sketch::of(files));
        let readers = readers(&project, &path.into());
        let words: Vec<&str> = readers.iter().map(|reader| reader.word()).collect();
        words.join(" ")
    }

    #[test]
    fn what_lies_beside_and_above_says_who_reads_a_file() {
        for (names, path, wanted) in [
            (&[][..], ".env", "node"),
            (&["package.json"], ".env", "node"),
            (&["pyproject.toml"], ".env.local", "python"),
            (&["manage.py", "package.json"], ".env", "node python"),
            (&["package.json", "railway.json"], ".env", "node railway"),
            (
                &["manage.py", ".railway/railway.ts"],
                ".env",
                "python railway",
            ),
            (&["railway.toml"], ".env", "node railway"),
            (&["Cargo.toml"], ".env", "node"),
            // A package of a monorepo is read by its own language.
            (
                &["package.json", "api/pyproject.toml"],
                "api/.env",
                "python",
            ),
            (&["package.json", "api/pyproject.toml"], ".env", "node"),
            (&["package.json", "api/Cargo.toml"], "api/.env", "node"),
            (&["manage.py", "api/Cargo.toml"], "api/.env", "node"),
            (
                &["package.json", "web/railway.json", "web/package.json"],
                "web/.env",
                "node railway",
            ),
            (&["package.json", "web/railway.json"], "api/.env", "node"),
            // No package itself: those below it are what it is for.
            (
                &["api/pyproject.toml", "web/package.json"],
                ".env",
                "node python",
            ),
            (&["api/requirements.txt"], ".env", "python"),
            (
                &["node_modules/package.json", "a/manage.py"],
                ".env",
                "python",
            ),
        ] {
            let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, "")).collect();
            assert_eq!(told(&files, path), wanted, "{names:?} {path}");
        }
    }

    #[test]
    fn compose_reads_what_it_is_told_to_read() {
        let file =
            "services: { a: { env_file: .env.a }, b: { env_file: [{ path: ./api/.env.b }] } }\n";
        let named = &[("compose.yaml", file), ("package.json", "")][..];
        let plain = &[("docker-compose.yml", "services: {}\n")][..];
        let below = &[
            (
                "docker/compose.yml",
                "services: { a: { env_file: [../.env.local] } }\n",
            ),
            ("pyproject.toml", ""),
        ][..];
        let some = &[
            (
                "docker-compose.prod.yml",
                "services: { a: { env_file: '.env.${STAGE:-dev}' } }\n",
            ),
            ("manage.py", ""),
        ][..];
        for (files, path, wanted) in [
            (named, ".env", "node compose"),
            (named, ".env.example", "node compose"),
            (named, ".env.a", "node compose"),
            (named, ".env.a.example", "node compose"),
            (named, "api/.env.b", "node compose"),
            (named, "api/.env", "node"),
            (named, ".env.local", "node"),
            (plain, ".env", "compose"),
            (plain, ".env.local", "node"),
            (below, ".env.local", "python compose"),
            (below, ".env", "python"),
            (some, ".env.production", "python compose"),
            (some, "other/.env.production", "python"),
        ] {
            assert_eq!(told(files, path), wanted, "{path} of {files:?}");
        }
    }

    #[test]
    fn a_compose_file_that_cannot_be_read_names_nothing() {
        for text in [
            "services: [",
            "- a",
            "services: { a: 1 }",
            "services: { a: { env_file: { x: y } } }",
        ] {
            let files = [("compose.yml", text), ("manage.py", "")];
            assert_eq!(told(&files, ".env.a"), "python", "{text}");
            assert_eq!(told(&files, ".env"), "python compose", "{text}");
        }
    }
}
