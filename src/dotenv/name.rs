//! Which files are env files, by their names: those of one machine, those that teams share, and examples; and
//! which environment a name speaks of.

use crate::path::RepoPath;

/// What kind of env file a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What one machine or production knows: never committed.
    Private,
    /// Defaults of an environment, which some frameworks tell teams to commit.
    Shared,
    /// A sample for tests or documentation.
    Fixture,
    /// What shows newcomers which variables there are.
    Example,
}

/// Parts of a name that say that it shows what a real one would hold.
const EXAMPLES: [&str; 9] = [
    "example", "examples", "sample", "template", "tpl", "tmpl", "dist", "default", "defaults",
];

/// Endings of what is named so and is no list of variables.
const NO_EXAMPLES: [&str; 3] = ["schema", "vault", "md"];

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

/// Words of a name that are no environment.
const LAYERS: [&str; 4] = ["local", "docker", "shared", "common"];

/// What a path means; none where it is no env file.
pub fn role(path: &RepoPath) -> Option<Role> {
    // Every path of a large change is asked about.
    let mut places = path.as_bytes().windows(4);
    if !places.any(|place| place.eq_ignore_ascii_case(b".env")) {
        return None;
    }
    let text = path.to_text();
    let (folders, name) = text.rsplit_once('/').unwrap_or(("", &text));
    let parts = parts(name)?;
    let has = |known: &[&str]| parts.iter().any(|part| known.contains(&part.as_str()));
    let is_about = parts.last().is_some_and(|last| {
        SOURCES.contains(&last.as_str()) || NO_EXAMPLES.contains(&last.as_str())
    });
    if is_about {
        return None;
    }
    if has(&EXAMPLES) {
        return Some(Role::Example);
    }
    if folders.split('/').any(|folder| ASIDE.contains(&folder)) {
        return Some(Role::Fixture);
    }
    let is_shared = has(&SHARED) && !has(&["local"]);
    Some(if is_shared {
        Role::Shared
    } else {
        Role::Private
    })
}

/// The environment that a name speaks of: `production` of `.env.production.local`.
pub fn environment(path: &RepoPath) -> Option<String> {
    let text = path.to_text();
    let name = text.rsplit('/').next().unwrap_or_default();
    let mut parts = parts(name)?.into_iter();
    let is_layer = |part: &String| {
        let part = part.as_str();
        LAYERS.contains(&part) || EXAMPLES.contains(&part)
    };
    parts.find(|part| !is_layer(part))
}

/// The words of a name besides `env`; none where it is not that of an env file.
fn parts(name: &str) -> Option<Vec<String>> {
    let name = name.to_lowercase();
    let words = |text: &str, marks: &[char]| {
        let words = text.split(marks).filter(|part| !part.is_empty());
        words.map(str::to_owned).collect()
    };
    if name == ".env" {
        return Some(Vec::new());
    }
    if let Some(rest) = name.strip_prefix(".env.") {
        return Some(words(rest, &['.']));
    }
    // `production.env`, but not `.env` of another kind such as `.envrc`.
    let rest = name.strip_suffix(".env")?;
    Some(words(rest, &['.', '-', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_whose_they_are() {
        for (path, role) in [
            (".env", Some(Role::Private)),
            ("apps/web/.env.local", Some(Role::Private)),
            (".env.development.local", Some(Role::Private)),
            (".env.production", Some(Role::Private)),
            ("prod.env", Some(Role::Private)),
            (".env.keys", Some(Role::Private)),
            (".env.development", Some(Role::Shared)),
            ("staging.env", Some(Role::Shared)),
            ("tests/fixtures/.env", Some(Role::Fixture)),
            (".env.example", Some(Role::Example)),
            (".env.local.example", Some(Role::Example)),
            ("tests/.env.sample", Some(Role::Example)),
            ("example.env", Some(Role::Example)),
            (".env.vault", None),
            (".env.schema", None),
            (".env.d.ts", None),
            (".env.example.md", None),
            (".envrc", None),
            ("src/env.ts", None),
            (".environment", None),
            ("", None),
        ] {
            assert_eq!(super::role(&path.into()), role, "{path}");
        }
    }

    #[test]
    fn names_say_for_which_environment_they_are() {
        for (path, name) in [
            (".env", None),
            (".env.local", None),
            (".env.example", None),
            (".env.production", Some("production")),
            ("api/.env.Production.local", Some("production")),
            (".env.staging.example", Some("staging")),
            ("prod.env", Some("prod")),
            (".env.docker", None),
            ("src/main.rs", None),
        ] {
            assert_eq!(environment(&path.into()).as_deref(), name, "{path}");
        }
    }
}
