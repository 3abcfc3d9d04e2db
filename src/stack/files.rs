//! Which files say something about the stack, by their names.

use crate::path::RepoPath;
use crate::project::split;

/// Languages and platforms by the name that people are told.
pub(super) const NODE: &str = "Node.js";
pub(super) const PYTHON: &str = "Python";
pub(super) const RUST: &str = "Rust";

/// Those whose tools guard knows.
pub(super) const KNOWN: [&str; 3] = [NODE, PYTHON, RUST];

/// Folders in which other people's packages lie, or packages that only tests look at.
const FOREIGN: [&[u8]; 9] = [
    b"node_modules",
    b".venv",
    b"venv",
    b"vendor",
    b"site-packages",
    b"target",
    b"fixtures",
    b"__fixtures__",
    b"testdata",
];

/// Whether a path lies in a folder that says nothing about this project.
pub(super) fn is_foreign(path: &RepoPath) -> bool {
    let mut parts = path.as_bytes().split(|byte| *byte == b'/');
    parts.next_back();
    parts.any(|part| FOREIGN.contains(&part))
}

/// The language of which a file of this name is a manifest.
pub(super) fn manifest(name: &[u8]) -> Option<&'static str> {
    Some(match name {
        b"package.json" => NODE,
        b"pyproject.toml" | b"requirements.txt" | b"Pipfile" | b"setup.py" => PYTHON,
        b"Cargo.toml" => RUST,
        b"go.mod" => "Go",
        b"Gemfile" => "Ruby",
        b"composer.json" => "PHP",
        b"pom.xml" | b"build.gradle" | b"build.gradle.kts" => "the JVM",
        b"mix.exs" => "Elixir",
        b"deno.json" | b"deno.jsonc" => "Deno",
        b"Package.swift" => "Swift",
        _ if name.ends_with(b".csproj") => ".NET",
        _ => return None,
    })
}

/// Whether a file tells Railway what to do.
pub(super) fn is_railway(path: &RepoPath) -> bool {
    let (folder, name) = split(path);
    match name {
        b"railway.json" | b"railway.toml" => true,
        b"railway.ts" | b"railway.py" | b"railway.go" => split(&folder).1 == b".railway",
        _ => false,
    }
}

/// Whether a file of this name shows what an environment file is to hold.
pub(super) fn is_example(name: &[u8]) -> bool {
    const WORDS: [&str; 4] = ["example", "sample", "template", "dist"];
    // `.env.ts.template` and `env.example.md` are something else.
    const OTHER: [&str; 10] = [
        "ts", "js", "mjs", "md", "json", "yaml", "yml", "py", "rs", "go",
    ];
    let Ok(name) = std::str::from_utf8(name) else {
        return false;
    };
    let parts: Vec<&str> = name.trim_start_matches('.').split('.').collect();
    let says = parts.iter().any(|part| WORDS.contains(part));
    match parts[..] {
        [first, "env"] => WORDS.contains(&first),
        ["env", ..] => says && !parts.iter().any(|part| OTHER.contains(part)),
        _ => false,
    }
}
