//! Which files are env files, by their names: those of one machine, those that teams share, and examples.

use crate::path::RepoPath;

/// What kind of env file a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// What one machine or production knows: never committed.
    Private,
    /// Defaults of an environment, which some frameworks tell teams to commit.
    Shared,
    /// A sample for tests or documentation.
    Fixture,
}

/// Parts of a name that say that it is no real env file.
const EXAMPLES: [&str; 12] = [
    "example", "examples", "sample", "template", "tpl", "tmpl", "dist", "default", "defaults",
    "schema", "vault", "md",
];

/// Environments whose defaults are shared.
const SHARED: [&str; 8] = [
    "development",
    "dev",
    "test",
    "testing",
    "staging",
    "stage",
    "ci",
    "e2e",
];

/// Folders of what only serves tests and readers.
const ASIDE: [&str; 14] = [
    "test",
    "tests",
    "__tests__",
    "spec",
    "specs",
    "fixture",
    "fixtures",
    "__fixtures__",
    "testdata",
    "example",
    "examples",
    "docs",
    "mocks",
    "__mocks__",
];

/// Endings of files that are about env files, and are none.
const SOURCES: [&str; 12] = [
    "ts", "js", "mjs", "cjs", "tsx", "py", "rs", "go", "sh", "json", "yaml", "yml",
];

/// What a path means; none where it is no env file.
pub(super) fn of(path: &RepoPath) -> Option<Name> {
    let text = path.to_text();
    let (folders, name) = text.rsplit_once('/').unwrap_or(("", &text));
    let name = name.to_lowercase();
    let parts: Vec<&str> = if let Some(rest) = name.strip_prefix(".env.") {
        rest.split('.').collect()
    } else if name == ".env" {
        Vec::new()
    } else {
        // `production.env`, but not `.env` of another kind such as `.envrc`.
        name.strip_suffix(".env")?
            .split(['.', '-', '_'])
            .filter(|part| !part.is_empty())
            .collect()
    };
    let has = |known: &[&str]| parts.iter().any(|part| known.contains(part));
    let is_source = parts.last().is_some_and(|last| SOURCES.contains(last));
    if has(&EXAMPLES) || is_source {
        return None;
    }
    if folders.split('/').any(|folder| ASIDE.contains(&folder)) {
        return Some(Name::Fixture);
    }
    let is_shared = has(&SHARED) && !has(&["local"]);
    Some(if is_shared {
        Name::Shared
    } else {
        Name::Private
    })
}

/// Whether a name is that of an example.
pub(super) fn is_example(name: &[u8]) -> bool {
    let name = String::from_utf8_lossy(name).to_lowercase();
    let is_env = name.starts_with(".env.") || name.strip_suffix(".env").is_some();
    is_env
        && name
            .split(['.', '-', '_'])
            .any(|part| EXAMPLES[..9].contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_whose_they_are() {
        for (path, name) in [
            (".env", Some(Name::Private)),
            ("apps/web/.env.local", Some(Name::Private)),
            (".env.development.local", Some(Name::Private)),
            (".env.production", Some(Name::Private)),
            ("prod.env", Some(Name::Private)),
            (".env.keys", Some(Name::Private)),
            (".env.development", Some(Name::Shared)),
            ("staging.env", Some(Name::Shared)),
            ("tests/fixtures/.env", Some(Name::Fixture)),
            (".env.example", None),
            (".env.local.example", None),
            ("example.env", None),
            (".env.vault", None),
            (".env.d.ts", None),
            (".envrc", None),
            ("src/env.ts", None),
            (".environment", None),
            ("", None),
        ] {
            assert_eq!(of(&path.into()), name, "{path}");
        }
        assert!(is_example(b".env.sample") && is_example(b"example.env") && !is_example(b".env"));
    }
}
