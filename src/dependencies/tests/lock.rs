//! Lock files that differ from what is installed.

use std::fs;

use super::{Isolate, World};

fn said(world: &World) -> Vec<String> {
    let prepared = world.prepare(Isolate::Link);
    // What is remembered is what was found.
    assert_eq!(world.prepare(Isolate::Link), prepared);
    prepared.stale.iter().map(ToString::to_string).collect()
}

fn npm_lock(react: &str) -> String {
    format!(
        r#"{{"packages":{{"":{{"name":"root"}},"node_modules/react":{{"version":"{react}"}},"node_modules/app":{{"link":true}},"node_modules/fsevents":{{"version":"2.3.3","optional":true}},"packages/app":{{}}}}}}"#
    )
}

#[test]
fn a_commit_that_locks_another_version_says_so() {
    let world = World::new(&[
        ("package.json", r#"{"dependencies":{"react":"18"}}"#),
        ("package-lock.json", &npm_lock("18.2.0")),
    ]);
    assert_eq!(
        said(&world),
        ["package.json: it asks for dependencies, but none are installed (`npm ci`)"]
    );
    world.install(
        "node_modules/.package-lock.json",
        r#"{"packages":{"node_modules/react":{"version":"18.2.0"},"node_modules/app":{"link":true}}}"#,
    );
    world.install("node_modules/react/package.json", "{}");
    assert_eq!(said(&world), Vec::<String>::new());
    world.repo.stage("package-lock.json", npm_lock("18.3.1"));
    world.lay();
    assert_eq!(
        said(&world),
        ["package-lock.json: react is locked at 18.3.1, but 18.2.0 is installed (`npm ci`)"]
    );
    // What is judged counts, not what lies in the work tree.
    world.install("package-lock.json", &npm_lock("18.2.0"));
    assert_eq!(said(&world).len(), 1);
}

#[test]
fn python_environments_are_compared_by_what_is_installed() {
    let world = World::new(&[
        (
            "uv.lock",
            "version = 1\n[[package]]\nname = \"Six_x\"\nversion = \"1.16.0\"\n[[package]]\nname = \"colorama\"\nversion = \"0.4\"\n",
        ),
        ("requirements.txt", "six-x==1.16.0\nflask==3.0.0\n"),
    ]);
    assert_eq!(said(&world), Vec::<String>::new());
    world.install(".venv/pyvenv.cfg", "");
    world.install(
        ".venv/lib/python3.11/site-packages/six_x-1.15.0.dist-info/METADATA",
        "",
    );
    assert_eq!(
        said(&world),
        [
            "requirements.txt: flask 3.0.0 is locked, but not installed, and 1 more differs (`pip install -r requirements.txt`)",
            "uv.lock: six-x is locked at 1.16.0, but 1.15.0 is installed (`uv sync`)",
        ]
    );
}

#[test]
fn bun_is_compared_by_what_lies_there() {
    let world = World::new(&[
        ("package.json", r#"{"dependencies":{"ms":"2"}}"#),
        (
            "bun.lock",
            "{\n  \"packages\": {\n    \"ms\": [\"ms@2.1.3\", \"\", {}, \"x\"],\n    \"app\": [\"app@workspace:packages/app\"],\n    \"fsevents\": [\"fsevents@2.3.3\", \"\", { \"os\": \"darwin\" }, \"x\"],\n  },\n}\n",
        ),
    ]);
    world.install("node_modules/ms/package.json", r#"{"version":"2.1.2"}"#);
    assert_eq!(
        said(&world),
        [
            "bun.lock: ms is locked at 2.1.3, but 2.1.2 is installed (`bun install --frozen-lockfile`)"
        ]
    );
    fs::remove_dir_all(world.repo.root.join("node_modules/ms")).unwrap();
    world.install(
        "node_modules/.bun/ms@2.1.3/node_modules/ms/package.json",
        "{}",
    );
    assert_eq!(said(&world), Vec::<String>::new());
}

#[test]
fn a_damaged_lock_file_is_no_reason_to_fail() {
    let names = [
        "package-lock.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "bun.lock",
        "uv.lock",
        "Pipfile.lock",
    ];
    let tracked: Vec<_> = names.iter().map(|name| (*name, "\u{0}{[\"")).collect();
    let world = World::new(&tracked);
    for mark in [".package-lock.json", ".pnpm/lock.yaml", ".yarn-integrity"] {
        world.install(&format!("node_modules/{mark}"), "\u{0}{[");
    }
    world.install(".venv/pyvenv.cfg", "");
    assert_eq!(said(&world), Vec::<String>::new());
}
