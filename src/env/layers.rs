//! Which files are read together, and whose example says what a package needs.
//!
//! Some frameworks lay several files of a folder over each other. What one of them sets is not missing in another.

use std::collections::HashSet;

use super::{Asked, Subject, example};
use crate::dotenv::{self, Dialect, name};
use crate::path::RepoPath;
use crate::project::{Kind, Project, split, up};
use crate::schema;

/// Frameworks that hand variables to browsers; all of them read several env files together.
const BROWSER: [&str; 12] = [
    "next",
    "vite",
    "nuxt",
    "astro",
    "react-scripts",
    "gatsby",
    "@remix-run/dev",
    "@react-router/dev",
    "@sveltejs/kit",
    "@vue/cli-service",
    "@craco/craco",
    "expo",
];

/// What else reads several env files together.
const LAYERED: [&str; 2] = ["@next/env", "dotenv-flow"];

/// Whether the nearest package.json shows what reads several files together.
fn is_layered(project: &Project<'_>, folder: &RepoPath) -> bool {
    has_browser(project, folder) || depends(project, folder, &LAYERED)
}

/// Whether the nearest package.json shows a framework that hands variables to browsers.
pub(crate) fn has_browser(project: &Project<'_>, folder: &RepoPath) -> bool {
    depends(project, folder, &BROWSER)
}

fn depends(project: &Project<'_>, folder: &RepoPath, names: &[&str]) -> bool {
    let Some((folder, name)) = project.nearest(folder, &["package.json"]) else {
        return false;
    };
    let Some(manifest) = project.json(&folder.join(name.as_bytes())) else {
        return false;
    };
    ["dependencies", "devDependencies", "peerDependencies"]
        .iter()
        .any(|part| {
            let part = manifest.get(part);
            part.is_some_and(|part| names.iter().any(|name| part.get(name).is_some()))
        })
}

/// The names of the files in the same folder that are read together with one.
fn together(name: &str) -> Vec<String> {
    let Some(rest) = name.strip_prefix(".env") else {
        return Vec::new();
    };
    match rest {
        "" => vec![".env.local".to_owned()],
        ".local" => vec![".env".to_owned()],
        rest => match rest.strip_suffix(".local") {
            Some(".test") => vec![".env".to_owned(), ".env.test".to_owned()],
            Some(own) => vec![
                ".env".to_owned(),
                ".env.local".to_owned(),
                format!(".env{own}"),
            ],
            None => vec![".env".to_owned(), format!("{name}.local")],
        },
    }
}

/// What the files set that are read together with this one.
pub(crate) fn beside(project: &Project<'_>, path: &RepoPath, reader: Dialect) -> HashSet<String> {
    let mut set = HashSet::new();
    let (folder, name) = split(path);
    let name = String::from_utf8_lossy(name);
    let others = together(&name);
    if others.is_empty() || !is_layered(project, &folder) {
        return set;
    }
    for other in others {
        let other = folder.join(other.as_bytes());
        if let Some(text) = project.text(&other) {
            let file = dotenv::parse(text.as_bytes(), reader);
            let entries = file.entries().iter();
            let filled = entries.filter(|entry| {
                entry.is_read
                    && entry
                        .value
                        .as_ref()
                        .is_some_and(|value| !value.reveal().is_empty())
            });
            set.extend(filled.map(|entry| entry.key.clone()));
        }
    }
    set
}

/// What a package below the schema's folder needs of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// All of it: the schema is its own.
    All,
    /// What its example names.
    These(HashSet<String>),
    /// Nobody has said.
    Unsaid,
}

/// What the package that a file belongs to needs of the schema that lies in a folder.
pub(crate) fn needs(
    project: &Project<'_>,
    path: &RepoPath,
    schema: &RepoPath,
    reader: Dialect,
) -> Needs {
    let folder = split(path).0;
    let is_package = |folder: &RepoPath| {
        let children = project.about(folder);
        let mut files = children.iter().filter(|child| child.kind == Kind::File);
        files.any(|file| super::is_manifest(&file.name))
    };
    let package = up(&folder)
        .take_while(|folder| folder != schema && folder.is_within(schema))
        .find(is_package);
    let Some(package) = package else {
        return Needs::All;
    };
    let children = project.children(&package);
    let mut names = HashSet::new();
    let mut has_example = false;
    for child in children.iter().filter(|child| child.kind == Kind::File) {
        let path = package.join(&child.name);
        if name::role(&path) != Some(name::Role::Example) {
            continue;
        }
        let Some(text) = project.text(&path) else {
            continue;
        };
        has_example = true;
        let none = schema::none();
        let asked = Asked {
            path: &path,
            bytes: text.as_bytes(),
            readers: &[reader],
            schema: &none,
            environment: None,
            is_committed: false,
            is_named: false,
            beside: &HashSet::new(),
            needs: None,
        };
        names.extend(example::shown(&Subject::of(&asked)));
    }
    if has_example {
        Needs::These(names)
    } else {
        Needs::Unsaid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sketch::Sketch;

    fn sorted(set: HashSet<String>) -> String {
        let mut names: Vec<String> = set.into_iter().collect();
        names.sort();
        names.join(" ")
    }

    #[test]
    fn frameworks_lay_files_over_each_other_and_plain_readers_do_not() {
        let files = |manifest: &'static str| {
            Project::new(Sketch::of(&[
                ("package.json", manifest),
                (".env", "A=1\nEMPTY=\n"),
                (".env.local", "B=1\n"),
                (".env.production", "C=1\n"),
                (".env.production.local", "D=1\n"),
                ("docs/prod.env", "E=1\n"),
            ]))
        };
        let next = files("{\"dependencies\":{\"next\":\"16\"}}");
        for (path, expected) in [
            (".env", "B"),
            (".env.local", "A"),
            (".env.production", "A D"),
            (".env.production.local", "A B C"),
            (".env.test.local", "A"),
            ("docs/prod.env", ""),
        ] {
            assert_eq!(
                sorted(beside(&next, &path.into(), Dialect::Node)),
                expected,
                "{path}"
            );
        }
        let express = files("{\"dependencies\":{\"express\":\"5\",\"dotenv\":\"18\"}}");
        assert_eq!(
            sorted(beside(&express, &".env.local".into(), Dialect::Node)),
            ""
        );
        assert!(has_browser(&next, &"docs".into()) && !has_browser(&express, &RepoPath::root()));
    }

    #[test]
    fn a_package_needs_what_its_example_names() {
        let project = Project::new(Sketch::of(&[
            ("package.json", "{}"),
            (".env.example", "A=\nB=\n"),
            ("apps/web/package.json", "{}"),
            ("apps/web/.env.example", "A=\n# C=\n"),
            ("apps/api/pyproject.toml", ""),
            ("apps/api/src/.env", "A=1"),
            ("config/.env", "A=1"),
        ]));
        let of =
            |path: &str, schema: &str| needs(&project, &path.into(), &schema.into(), Dialect::Node);
        assert_eq!(of(".env", ""), Needs::All);
        assert_eq!(of("config/.env", ""), Needs::All);
        assert_eq!(of("apps/api/src/.env", ""), Needs::Unsaid);
        assert_eq!(of("apps/web/.env", "apps/web"), Needs::All);
        match of("apps/web/.env.local", "") {
            Needs::These(names) => assert_eq!(sorted(names), "A C"),
            other => panic!("{other:?}"),
        }
    }
}
