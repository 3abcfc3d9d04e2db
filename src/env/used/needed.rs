//! Which places need a variable of the schema: those of what is deployed.
//!
//! A schema says what a deployment needs. These need nothing of it, by their kinds and paths:
//! - workflows: the forge sets what they read;
//! - tests: folders named `test`, `tests`, `__tests__`, `spec`, `e2e`, `cypress`, `fixtures`, `mocks` and the like,
//!   wherever they are, and files named `*.test.*`, `*.spec.*`, `*.stories.*`, `test_*.py`, `*_test.*`, `conftest.py`;
//! - what serves the developer: folders named `scripts`, `tools`, `ci`, `examples`, `docs`, `bench` and the like,
//!   where they are not below `src`, `app` or `lib`, which are code of the program whatever they are called; and
//!   settings of test runners and linters;
//! - in shell scripts, Dockerfiles and Compose files, what has a value of its own there for the case that nobody gives
//!   one; and what a Dockerfile takes for its build (`ARG`).

use crate::usage::{Kind, Source, Spot};
use crate::variable::What;

/// Folders of tests, wherever they are.
const TESTS: [&str; 16] = [
    "test",
    "tests",
    "__tests__",
    "spec",
    "specs",
    "e2e",
    "cypress",
    "playwright",
    "fixture",
    "fixtures",
    "__fixtures__",
    "testdata",
    "testing",
    "mocks",
    "__mocks__",
    ".storybook",
];

/// Folders of what serves the developer, where they are not a part of the program.
const TOOLS: [&str; 17] = [
    "script",
    "scripts",
    "tool",
    "tools",
    "tooling",
    "ci",
    "dev",
    "example",
    "examples",
    "docs",
    "bench",
    "benches",
    "benchmarks",
    ".github",
    ".circleci",
    ".gitlab",
    ".husky",
];

/// Folders of the program itself.
const PROGRAM: [&str; 3] = ["src", "app", "lib"];

/// Tools whose settings are read on the developer's machine only.
const SETTINGS: [&str; 12] = [
    "babel",
    "commitlint",
    "cypress",
    "drizzle",
    "eslint",
    "jest",
    "karma",
    "lint-staged",
    "playwright",
    "prettier",
    "vitest",
    "wdio",
];

/// Whether a place needs the variable that it names.
pub(super) fn is(source: &Source, spot: &Spot) -> bool {
    let by_kind = match source.kind {
        Kind::Workflow => false,
        Kind::Docker => spot.what == What::Read && !spot.has_default,
        Kind::Compose | Kind::Shell => !spot.has_default,
        Kind::Script(_) | Kind::Python | Kind::Rust => true,
    };
    by_kind && !is_aside(source)
}

/// Whether a source is no part of what is deployed.
pub(super) fn is_aside(source: &Source) -> bool {
    if source.kind == Kind::Workflow {
        return true;
    }
    let text = source.path.to_text();
    let (folders, name) = text.rsplit_once('/').unwrap_or(("", &text));
    let mut is_program = false;
    for folder in folders.split('/') {
        if TESTS.contains(&folder) || TOOLS.contains(&folder) && !is_program {
            return true;
        }
        is_program |= PROGRAM.contains(&folder);
    }
    is_aside_by_name(name)
}

fn is_aside_by_name(name: &str) -> bool {
    let mut parts = name.split('.');
    let stem = parts.next().unwrap_or_default();
    let is_marked = parts.any(|part| ["test", "spec", "stories", "e2e", "cy"].contains(&part));
    let is_test = stem.starts_with("test_")
        || stem.ends_with("_test")
        || ["tests", "conftest", "noxfile"].contains(&stem);
    let is_setting = name.contains(".config.") && SETTINGS.contains(&stem);
    is_marked || is_test || is_setting
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::Content;
    use crate::variable::Reading;

    #[test]
    fn tests_and_tools_are_no_part_of_what_is_deployed() {
        for (path, expected) in [
            ("src/a.ts", false),
            ("src/tools/search.ts", false),
            ("apps/web/src/scripts/analytics.ts", false),
            ("app/docs/page.tsx", false),
            ("next.config.js", false),
            ("entrypoint.sh", false),
            ("latest.ts", false),
            ("src/contest.py", false),
            ("src/a.test.ts", true),
            ("src/__tests__/a.ts", true),
            ("apps/api/tests/conftest.py", true),
            ("test_main.py", true),
            ("src/tests.rs", true),
            ("scripts/seed.ts", true),
            ("packages/db/scripts/seed.ts", true),
            ("tools/deploy.sh", true),
            ("playwright.config.ts", true),
            ("src/button.stories.tsx", true),
            (".github/workflows/ci.yml", true),
        ] {
            let source = Source {
                path: path.into(),
                kind: Kind::of(&path.into()).unwrap(),
                content: Content {
                    spots: Vec::new(),
                    directive: None,
                    reading: Reading::Whole,
                },
            };
            assert_eq!(is_aside(&source), expected, "{path}");
        }
    }
}
