//! The test suites of Node packages: which runner a package has, how its own script calls it, and which suites a
//! change touches.
//!
//! The script `test` is the team's word. Where it is one plain call of a known runner, guard calls that runner with
//! the script's own options, so that failing tests get places; anything else runs as the script that it is.

mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::packager::names;
use super::workspace::{Workspace, World, fits_path, touched};
use super::{Ask, pytest};
use crate::path::RepoPath;
use crate::project::{Project, up};
use words::Plain;

/// What runs a package's tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Runner {
    Jest,
    Vitest,
    Node,
    Script,
}

/// The tests of a package, as they are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suite {
    pub(crate) runner: Runner,
    /// The runner's options; a script's name.
    pub(crate) words: Vec<String>,
    pub(crate) env: BTreeMap<String, String>,
}

/// Configurations of jest.
pub(crate) const JEST: [&str; 8] = [
    "jest.config.js",
    "jest.config.ts",
    "jest.config.mjs",
    "jest.config.cjs",
    "jest.config.json",
    "jest.config.mts",
    "jest.config.cts",
    ".jestrc.json",
];

/// Configurations of vitest.
const VITEST: [&str; 13] = [
    "vitest.config.ts",
    "vitest.config.mts",
    "vitest.config.cts",
    "vitest.config.js",
    "vitest.config.mjs",
    "vitest.config.cjs",
    "vitest.workspace.ts",
    "vitest.workspace.mts",
    "vitest.workspace.js",
    "vitest.workspace.mjs",
    "vitest.workspace.json",
    "vitest.projects.ts",
    "vitest.projects.js",
];

/// Configurations that vitest shares with vite.
const VITE: [&str; 4] = [
    "vite.config.ts",
    "vite.config.mts",
    "vite.config.js",
    "vite.config.mjs",
];

/// Scripts in which a runner's own options may stand, the weightiest first.
const SCRIPTS: [&str; 7] = [
    "test",
    "test:unit",
    "unit",
    "test:run",
    "test:ci",
    "ci:test",
    "vitest",
];

/// Runners that drive a whole application: they need one, and are not a package's suite.
const END_TO_END: [&str; 6] = [
    "playwright",
    "cypress",
    "wdio",
    "detox",
    "testcafe",
    "nightwatch",
];

/// Programs that only start the scripts of other packages, or other scripts.
const ORCHESTRATORS: [&str; 7] = ["turbo", "nx", "lerna", "moon", "rush", "wireit", "ultra"];

/// The suites that a change touches, by package.
pub(crate) fn touched_suites(ask: &Ask<'_>) -> Vec<(RepoPath, Suite)> {
    let project = ask.project;
    let folders = touched(project, ask.changed, World::Node);
    let with_own: BTreeSet<&RepoPath> = folders
        .iter()
        .filter(|folder| has_suite(project, folder))
        .collect();
    let mut known = Vec::new();
    let mut found: BTreeMap<(RepoPath, Runner), Suite> = BTreeMap::new();
    for folder in &folders {
        let Some(home) = up(folder).find(|at| has_suite(project, at)) else {
            continue;
        };
        for suite in suites(project, &home) {
            let is_left_to_members = *folder == home
                && is_orchestrator(project, &home, "test")
                && with_own
                    .iter()
                    .any(|other| **other != home && other.is_within(&home));
            if is_left_to_members {
                continue;
            }
            let (home, suite) = gathered(project, &home, suite, &mut known);
            found.entry((home, suite.runner)).or_insert(suite);
        }
    }
    found
        .into_iter()
        .map(|((home, _), suite)| (home, suite))
        .collect()
}

/// Whether a folder is a package with tests, whatever the language: then a change below it does not concern those
/// of the folders above.
pub(crate) fn has_suite(project: &Project<'_>, folder: &RepoPath) -> bool {
    project.holds(folder, b"Cargo.toml")
        || pytest::is_traced(project, folder)
        || !suites(project, folder).is_empty()
}

/// Where a suite really runs: a root that gathers its packages' tests runs them once, and one whose packages need
/// each other built knows the order.
fn gathered(
    project: &Project<'_>,
    home: &RepoPath,
    suite: Suite,
    known: &mut Vec<Workspace>,
) -> (RepoPath, Suite) {
    for above in up(home).skip(1) {
        let own = suites(project, &above);
        if let Some(same) = own.into_iter().find(|own| own.runner == suite.runner)
            && gathers(project, &above, home, suite.runner)
        {
            return (above, same);
        }
    }
    let orders = |above: RepoPath| is_orchestrator(project, &above, "test");
    if up(home).skip(1).any(orders) {
        let is_in = |known: &&Workspace| known.members.iter().any(|member| member.folder == *home);
        if !known.iter().any(|workspace| is_in(&workspace)) {
            known.extend(Workspace::around(project, home, World::Node));
        }
        let is_built = |folder: &RepoPath| script(project, folder, "build").is_some();
        if let Some(workspace) = known.iter().find(is_in)
            && is_orchestrator(project, &workspace.root, "test")
            && workspace
                .needed_by(home)
                .iter()
                .any(|member| is_built(&member.folder))
        {
            return (workspace.root.clone(), of_script("test"));
        }
    }
    (home.clone(), suite)
}

/// The suites of one package.
pub(crate) fn suites(project: &Project<'_>, folder: &RepoPath) -> Vec<Suite> {
    if !project.holds(folder, b"package.json") {
        return Vec::new();
    }
    let own = script(project, folder, "test").filter(|text| !is_placeholder(text));
    let Some(text) = own.filter(|text| !is_end_to_end(text)) else {
        return by_trace(project, folder);
    };
    if let Some(suite) = words::plain(&text).and_then(runner) {
        // A second runner counts where it is configured: being installed is not being used.
        let is_other = |other: &Suite| {
            other.runner != suite.runner && is_configured(project, folder, other.runner)
        };
        let others: Vec<Suite> = by_trace(project, folder)
            .into_iter()
            .filter(is_other)
            .collect();
        return [suite].into_iter().chain(others).collect();
    }
    if delegates(&text) {
        let traced = by_trace(project, folder);
        if !traced.is_empty() {
            return traced;
        }
    }
    // A watcher never ends: another script may be the one for machines.
    let candidates = ["test", "test:ci", "test:run", "ci:test"];
    let named = candidates.into_iter().find(|name| {
        let text = script(project, folder, name);
        text.is_some_and(|text| !watches(&text))
    });
    vec![of_script(named.unwrap_or("test"))]
}

/// The runners that a package has by their configuration or by name, with the options of a script that calls them.
fn by_trace(project: &Project<'_>, folder: &RepoPath) -> Vec<Suite> {
    let known = SCRIPTS
        .iter()
        .filter_map(|name| script(project, folder, name));
    let known: Vec<Suite> = known
        .filter_map(|text| runner(words::plain(&text)?))
        .collect();
    let mut suites = Vec::new();
    for kind in [Runner::Jest, Runner::Vitest, Runner::Node] {
        let name = if kind == Runner::Jest {
            "jest"
        } else {
            "vitest"
        };
        let called = known.iter().find(|suite| suite.runner == kind);
        let is_traced = kind != Runner::Node
            && (is_configured(project, folder, kind) || names(project, folder, name));
        if is_traced || called.is_some() {
            suites.push(called.cloned().unwrap_or_else(|| Suite {
                runner: kind,
                words: Vec::new(),
                env: BTreeMap::new(),
            }));
        }
    }
    suites
}

fn is_configured(project: &Project<'_>, folder: &RepoPath, runner: Runner) -> bool {
    match runner {
        Runner::Jest => {
            project.first(folder, &JEST).is_some() || manifest(project, folder, "jest").is_some()
        }
        Runner::Vitest => project.first(folder, &VITEST).is_some(),
        Runner::Node | Runner::Script => false,
    }
}

/// The known runner that a plain command calls, with its options but those that watch, narrow or report.
fn runner(plain: Plain) -> Option<Suite> {
    let mut words = plain.words.into_iter();
    let (runner, words): (_, Vec<String>) = match words.next()?.as_str() {
        "jest" => (Runner::Jest, words.collect()),
        "vitest" => {
            let mut words: Vec<String> = words.collect();
            match words.first().map(String::as_str) {
                Some("run" | "watch" | "dev") => drop(words.remove(0)),
                Some("related" | "bench" | "list" | "init" | "typecheck") => return None,
                _ => {}
            }
            (Runner::Vitest, words)
        }
        "node" => {
            let words: Vec<String> = words.collect();
            if !words.iter().any(|word| word == "--test") {
                return None;
            }
            (Runner::Node, words)
        }
        _ => return None,
    };
    Some(Suite {
        runner,
        words: kept(words),
        env: plain.env,
    })
}

/// Options without those that guard sets itself, and those that watch or narrow.
fn kept(words: Vec<String>) -> Vec<String> {
    const DROPPED: [&str; 19] = [
        "-w",
        "-o",
        "-u",
        "--watch",
        "--watchAll",
        "--watch-path",
        "--ui",
        "--open",
        "--run",
        "--onlyChanged",
        "--lastCommit",
        "--changed",
        "--ci",
        "--json",
        "--passWithNoTests",
        "--notify",
        "--updateSnapshot",
        "--update",
        "--no-watch",
    ];
    const WITH_VALUE: [&str; 6] = [
        "--outputFile",
        "--changedSince",
        "--test-reporter",
        "--test-reporter-destination",
        "--reporters",
        "--reporter",
    ];
    let mut kept = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let name = word.split_once('=').map_or(word.as_str(), |(name, _)| name);
        if WITH_VALUE.contains(&name) || name.starts_with("--outputFile.") {
            if name.len() == word.len() {
                words.next();
            }
        } else if !DROPPED.contains(&name) {
            kept.push(word);
        }
    }
    kept
}

fn of_script(name: &str) -> Suite {
    Suite {
        runner: Runner::Script,
        words: vec![name.to_owned()],
        env: BTreeMap::new(),
    }
}

/// A script of a package.
pub(crate) fn script(project: &Project<'_>, folder: &RepoPath, name: &str) -> Option<String> {
    let scripts = manifest(project, folder, "scripts")?;
    let text = scripts.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn manifest(project: &Project<'_>, folder: &RepoPath, section: &str) -> Option<Value> {
    project
        .json(&folder.join(b"package.json"))?
        .get(section)
        .cloned()
}

/// What `npm init` writes, and others that only say that there is nothing.
fn is_placeholder(text: &str) -> bool {
    let text = text.to_lowercase();
    let says =
        text.starts_with("echo ") || matches!(text.as_str(), "true" | ":" | "exit 0" | "exit 1");
    says && !["&& n", "&& y", "&& p", "| "]
        .iter()
        .any(|more| text.contains(more))
}

fn is_end_to_end(text: &str) -> bool {
    words::plain(text).is_some_and(|plain| END_TO_END.contains(&plain.words[0].as_str()))
}

/// Whether a script only calls other scripts of its package.
fn delegates(text: &str) -> bool {
    let mut parts = text.split("&&").map(str::trim);
    parts.all(|part| {
        let mut words = part.split_whitespace();
        let first = words.next().unwrap_or_default();
        match first {
            "run-s" | "run-p" | "npm-run-all" | "npm-run-all2" => true,
            "bun" => words.next() == Some("run"),
            "npm" | "pnpm" | "yarn" => {
                let is_of_others = |word: &str| {
                    matches!(
                        word,
                        "-r" | "--recursive" | "-ws" | "--workspaces" | "workspaces"
                    )
                };
                !words.any(|word| {
                    is_of_others(word)
                        || word.starts_with("--filter")
                        || word.starts_with("--workspace")
                })
            }
            _ => false,
        }
    })
}

/// Whether a script would stay and wait for changes.
pub(crate) fn watches(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let never_ends = |word: &str| {
        matches!(
            word,
            "--watch" | "--watchAll" | "--watch=true" | "--watchAll=true" | "nodemon" | "chokidar"
        )
    };
    // Angular's runner watches unless it is told not to.
    let is_angular =
        text.contains("ng test") && !text.contains("watch=false") && !text.contains("no-watch");
    (is_angular && words.clone().next() == Some("ng")) || words.any(never_ends)
}

/// Whether a script of a workspace's root only starts those of its packages.
pub(crate) fn is_orchestrator(project: &Project<'_>, root: &RepoPath, name: &str) -> bool {
    let Some(text) = script(project, root, name) else {
        return false;
    };
    // Packages that nx infers have no scripts: only nx knows them.
    if project.holds(root, b"nx.json") && text.contains("nx ") {
        return false;
    }
    let of_others = [
        " -r ",
        " --recursive ",
        " -ws",
        " --workspaces",
        " workspaces ",
        " --filter",
    ];
    let padded = format!("{text} ");
    text.split_whitespace()
        .any(|word| ORCHESTRATORS.contains(&word))
        || of_others.iter().any(|option| padded.contains(option))
}

/// Whether the configuration of a folder says that the tests of a package below it belong to its own.
fn gathers(project: &Project<'_>, above: &RepoPath, package: &RepoPath, runner: Runner) -> bool {
    let Some(below) = package.relative_to(above) else {
        return false;
    };
    let is_meant = |pattern: &str| {
        let pattern = pattern.trim_start_matches("<rootDir>/");
        let parts = pattern
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".");
        let parts: Vec<String> = parts.map(str::to_owned).collect();
        let is_file = parts.last().is_some_and(|last| last.contains('.'));
        let folder = &parts[..parts.len() - usize::from(is_file)];
        !folder.is_empty() && fits_path(folder, &below)
    };
    let (files, keys): (&[&str], &[&str]) = match runner {
        Runner::Jest => (&JEST, &["projects"]),
        Runner::Vitest => (&VITEST, &["projects", "workspace"]),
        Runner::Node | Runner::Script => return false,
    };
    if runner == Runner::Jest
        && let Some(jest) = manifest(project, above, "jest")
        && let Some(projects) = jest.get("projects").and_then(Value::as_array)
    {
        return projects.iter().filter_map(Value::as_str).any(is_meant);
    }
    let shared: &[&str] = if runner == Runner::Vitest { &VITE } else { &[] };
    files.iter().chain(shared).any(|file| {
        let Some(text) = project.text(&above.join(file.as_bytes())) else {
            return false;
        };
        let start = if file.contains("workspace") || file.contains("projects") {
            Some(0)
        } else {
            keys.iter().filter_map(|key| text.find(key)).min()
        };
        start.is_some_and(|start| literals(&text[start..]).any(is_meant))
    })
}

/// The texts in quotes of a source, as far as no escape stands in them.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        let at = rest.find(['"', '\'', '`'])?;
        let quote = rest[at..].chars().next()?;
        let inside = &rest[at + 1..];
        let end = inside.find([quote, '\n']).unwrap_or(inside.len());
        rest = inside.get(end + 1..).unwrap_or_default();
        Some(&inside[..end])
    })
}

#[cfg(test)]
mod tests;
