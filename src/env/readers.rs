//! Who reads a project's env files: what lies beside them says it.

use crate::dotenv::Dialect;
use crate::path::RepoPath;
use crate::project::{Kind, Project, up};

/// What shows that a reader is there, by the names of files.
const SIGNS: &[(Dialect, &[&str])] = &[
    (Dialect::Node, &["package.json", "deno.json"]),
    (
        Dialect::Python,
        &[
            "pyproject.toml",
            "requirements.txt",
            "Pipfile",
            "setup.py",
            "manage.py",
        ],
    ),
    (
        Dialect::Compose,
        &[
            "docker-compose.yml",
            "docker-compose.yaml",
            "compose.yml",
            "compose.yaml",
        ],
    ),
    (
        Dialect::Railway,
        &[
            "railway.json",
            "railway.toml",
            "nixpacks.toml",
            "railpack.json",
        ],
    ),
];

/// Who reads the files of a folder, the most important first: who has a sign in the folder or above it. Where
/// nothing says anything, Node does.
pub(crate) fn readers(project: &Project<'_>, folder: &RepoPath) -> Vec<Dialect> {
    let mut found = Vec::new();
    for folder in up(folder) {
        for (dialect, names) in SIGNS {
            let is_railways = *dialect == Dialect::Railway && has_folder(project, &folder);
            let is_there = is_railways || project.first(&folder, names).is_some();
            // The nearest package says in which language the files are read.
            let is_language = |dialect: Dialect| matches!(dialect, Dialect::Node | Dialect::Python);
            let is_decided = is_language(*dialect)
                && found
                    .iter()
                    .any(|(by, other)| *by != folder && is_language(*other));
            if is_there && !is_decided && !found.iter().any(|(_, other)| other == dialect) {
                found.push((folder.clone(), *dialect));
            }
        }
    }
    let mut readers: Vec<Dialect> = found.into_iter().map(|(_, dialect)| dialect).collect();
    readers.sort_unstable();
    if !readers
        .iter()
        .any(|reader| matches!(reader, Dialect::Node | Dialect::Python))
    {
        readers.insert(0, Dialect::Node);
    }
    readers
}

/// Whether a file of this name makes its folder a package.
pub(crate) fn is_manifest(name: &[u8]) -> bool {
    const OTHERS: [&str; 3] = ["Cargo.toml", "go.mod", "Gemfile"];
    let languages = SIGNS[..2].iter().flat_map(|(_, names)| names.iter());
    let mut names = languages.chain(&OTHERS);
    names.any(|known| known.as_bytes() == name)
}

fn has_folder(project: &Project<'_>, folder: &RepoPath) -> bool {
    let children = project.about(folder);
    let mut folders = children.iter().filter(|child| child.kind == Kind::Folder);
    folders.any(|child| child.name == b".railway")
}
