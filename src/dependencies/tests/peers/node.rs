//! npm, pnpm, yarn and bun workspaces.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::super::{Isolate, World};
use crate::environment::Environment;

/// Loads everything that it can from every package, and says which files that were.
const PROBE: &str = r#"
const { createRequire } = require("node:module");
const path = require("node:path");
const names = ["@acme/lib", "plugin", "peer", "uses-peer", "plain"];
const found = {};
for (const from of [".", "packages/lib", "packages/app", "packages/plugin"]) {
  const load = createRequire(path.resolve(from, "package.json"));
  for (const name of names) {
    let file;
    try { file = load.resolve(name); } catch { continue; }
    console.log(file);
    const value = load(name);
    if (typeof value === "string") console.log(value);
    found[name] = true;
  }
}
for (const file of Object.keys(require.cache)) console.log(file);
console.error = () => {};
for (const name of names) if (!found[name]) { console.log("missing " + name); }
"#;

/// A workspace with packages that need each other, and third parties packed beside it: `peer`
/// loads a package of the workspace, `uses-peer` loads `peer`, `plain` nothing.
fn workspace(workspace_range: &str) -> World {
    let beside = |name: &str| format!("file:../../../{name}.tgz");
    let manifest = |name: &str, dependencies: &[(&str, &str)]| {
        serde_json::json!({
            "name": name, "version": "1.0.0", "main": "index.js",
            "dependencies": dependencies.iter().copied().collect::<std::collections::BTreeMap<_, _>>(),
        })
    };
    let (peer, uses, plain) = (beside("peer"), beside("uses-peer"), beside("plain"));
    let mut lib = manifest("@acme/lib", &[("plain", &plain)]);
    lib["bin"] = serde_json::json!({"acme-lib": "./cli.js"});
    let app = manifest(
        "app",
        &[
            ("@acme/lib", workspace_range),
            ("plugin", workspace_range),
            ("peer", &peer),
            ("uses-peer", &uses),
            ("plain", &plain),
        ],
    );
    let plugin = manifest("plugin", &[("@acme/lib", workspace_range), ("peer", &peer)]);
    let root = serde_json::json!({
        "name": "root", "private": true, "workspaces": ["packages/*"],
    });
    let world = World::new(&[
        (".gitignore", "node_modules\n.pnp.*\n.yarn\n"),
        ("package.json", &root.to_string()),
        ("packages/lib/package.json", &lib.to_string()),
        ("packages/lib/index.js", "module.exports = __filename"),
        (
            "packages/lib/cli.js",
            "#!/usr/bin/env node\nconsole.log(__filename)\n",
        ),
        ("packages/app/package.json", &app.to_string()),
        (
            "packages/app/index.js",
            "module.exports = require('uses-peer')",
        ),
        ("packages/plugin/package.json", &plugin.to_string()),
        (
            "packages/plugin/index.js",
            "module.exports = require('peer')",
        ),
        ("probe.js", PROBE),
    ]);
    let program = world.repo.root.join("packages/lib/cli.js");
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    world.repo.git(&["add", "packages/lib/cli.js"]);
    world.lay();
    let above = world.repo.root.parent().unwrap().to_owned();
    for (name, extra, code) in [
        ("plain", "", "module.exports = 1"),
        (
            "peer",
            r#","peerDependencies":{"@acme/lib":"*"}"#,
            "module.exports = require('@acme/lib')",
        ),
        (
            "uses-peer",
            r#","peerDependencies":{"peer":"*","@acme/lib":"*"}"#,
            "module.exports = require('peer')",
        ),
    ] {
        let package = above.join("packed").join(name).join("package");
        fs::create_dir_all(&package).unwrap();
        let manifest = format!(r#"{{"name":"{name}","version":"1.0.0"{extra}}}"#);
        fs::write(package.join("package.json"), manifest).unwrap();
        fs::write(package.join("index.js"), code).unwrap();
        let archive = above.join(format!("{name}.tgz"));
        let folder = package.parent().unwrap();
        world.run(&[
            "tar",
            "czf",
            archive.to_str().unwrap(),
            "-C",
            folder.to_str().unwrap(),
            "package",
        ]);
    }
    world
}

/// Prepares, and loads everything in the checkout.
fn check(world: &World, probe: &[&str]) {
    // What was just installed is what its lock file says.
    for lock in [
        "package-lock.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "bun.lock",
    ] {
        if world.repo.root.join(lock).exists() {
            world.repo.git(&["add", lock]);
        }
    }
    world.lay();
    for isolate in [Isolate::Link, Isolate::Copy] {
        // Links first, then copies in their place.
        let before = world.original();
        let prepared = world.prepare(isolate);
        let output = world.run_there("", probe);
        assert!(!output.contains("missing"), "{output}");
        assert_eq!(prepared.stale, vec![]);
        world.assert_judged(&output);
        assert_eq!(world.original(), before, "the original was written");
        assert_eq!(world.prepare(isolate), prepared);
    }
}

fn check_program(world: &World, argv: &[&str]) {
    for isolate in [Isolate::Copy, Isolate::Link] {
        world.prepare(isolate);
        let output = world.run_there("packages/app", argv);
        world.assert_judged(&output);
    }
}

/// yarn's newer line, beside the classic one on PATH.
fn berry() -> String {
    let path = Environment::read().text("PATH").unwrap().to_owned();
    let places = std::env::split_paths(&path);
    let scripts = places.map(|folder| folder.join("../@yarnpkg/cli-dist/bin/yarn.js"));
    let found: Option<PathBuf> = scripts.into_iter().find(|script| script.is_file());
    let found = found.expect("@yarnpkg/cli-dist is installed beside yarn");
    found.canonicalize().unwrap().display().to_string()
}

#[test]
fn npm() {
    let world = workspace("1.0.0");
    world.run(&["npm", "install", "--legacy-peer-deps"]);
    check(&world, &["node", "probe.js"]);
    check_program(&world, &["acme-lib"]);
    check_program(&world, &["npx", "acme-lib"]);
}

#[test]
fn pnpm() {
    let world = workspace("workspace:*");
    world
        .repo
        .stage("pnpm-workspace.yaml", "packages:\n  - packages/*\n");
    world.run(&[
        "pnpm",
        "install",
        "--offline",
        "--no-strict-peer-dependencies",
    ]);
    check(&world, &["node", "probe.js"]);
    check_program(&world, &["pnpm", "exec", "acme-lib"]);
}

#[test]
fn pnpm_with_injected_packages() {
    let world = workspace("workspace:*");
    world.repo.stage(
        "pnpm-workspace.yaml",
        "packages:\n  - packages/*\ninjectWorkspacePackages: true\n",
    );
    world.run(&[
        "pnpm",
        "install",
        "--offline",
        "--no-strict-peer-dependencies",
    ]);
    world.repo.stage(
        "packages/plugin/index.js",
        "module.exports = 'next ' + require('peer')",
    );
    world.lay();
    check(&world, &["node", "probe.js"]);
}

#[test]
fn classic_yarn() {
    let world = workspace("1.0.0");
    world.run(&["yarn", "install", "--offline"]);
    check(&world, &["node", "probe.js"]);
    check_program(&world, &["yarn", "--silent", "run", "acme-lib"]);
}

#[test]
fn berry_with_every_linker() {
    let yarn = berry();
    for linker in ["node-modules", "pnpm", "pnp"] {
        let world = workspace("workspace:*");
        world
            .repo
            .stage(".yarnrc.yml", format!("nodeLinker: {linker}\n"));
        world.run(&["node", &yarn, "install"]);
        check(&world, &["node", &yarn, "node", "probe.js"]);
        check_program(&world, &["node", &yarn, "run", "acme-lib"]);
    }
}

#[test]
fn bun() {
    for linker in ["hoisted", "isolated"] {
        let world = workspace("workspace:*");
        world.run(&["bun", "install", "--linker", linker]);
        check(&world, &["node", "probe.js"]);
        check_program(&world, &["bun", "run", "acme-lib"]);
    }
}
