//! Stores such as pnpm's, where every package has its dependencies beside it.

use std::fs;

use super::{Isolate, World};

const UNIT: &str = "node_modules/.pnpm/peer@1_lib@packages+lib/node_modules";
const COPY: &str = "node_modules/.pnpm/plugin@file+packages+plugin/node_modules";

/// A workspace as pnpm installs it.
fn workspace() -> World {
    let world = World::new(&[
        (".gitignore", "node_modules\n"),
        ("package.json", "{}"),
        ("packages/lib/package.json", r#"{"name":"@acme/lib"}"#),
        ("packages/lib/index.js", "judged"),
        ("packages/app/package.json", r#"{"name":"app"}"#),
        ("packages/plugin/package.json", r#"{"name":"plugin"}"#),
        ("packages/plugin/src/index.js", "judged"),
    ]);
    world.install(
        "node_modules/.modules.yaml",
        &format!("injectedDeps:\n  packages/plugin:\n    - {COPY}/plugin\nlayoutVersion: 5\n"),
    );
    world.install("node_modules/.pnpm/lock.yaml", "lockfileVersion: '9.0'\n");
    world.install(
        "node_modules/.pnpm/ms@2/node_modules/ms/index.js",
        "installed",
    );
    world.install(&format!("{UNIT}/peer/index.js"), "installed");
    world.link(&format!("{UNIT}/@acme/lib"), "../../../../../packages/lib");
    world.link(&format!("{UNIT}/ms"), "../../ms@2/node_modules/ms");
    let uses = "node_modules/.pnpm/uses@1/node_modules";
    world.install(&format!("{uses}/uses/index.js"), "installed");
    world.link(
        &format!("{uses}/peer"),
        "../../peer@1_lib@packages+lib/node_modules/peer",
    );
    world.install(&format!("{COPY}/plugin/package.json"), "old");
    world.install(&format!("{COPY}/plugin/src/index.js"), "old");
    world.install(&format!("{COPY}/plugin/dist/index.js"), "old");
    world.link(&format!("{COPY}/@acme/lib"), "../../../../../packages/lib");
    world.link(
        "node_modules/.pnpm/node_modules/@acme/lib",
        "../../../../packages/lib",
    );
    world.link(
        "node_modules/.pnpm/node_modules/ms",
        "../ms@2/node_modules/ms",
    );
    world.link("node_modules/ms", ".pnpm/ms@2/node_modules/ms");
    world.link("node_modules/uses", ".pnpm/uses@1/node_modules/uses");
    world.link("packages/app/node_modules/@acme/lib", "../../../lib");
    world.link(
        "packages/app/node_modules/plugin",
        format!("../../../{COPY}/plugin"),
    );
    world.link(
        "packages/app/node_modules/peer",
        format!("../../../{UNIT}/peer"),
    );
    world
}

#[test]
fn only_what_leads_back_is_real() {
    let world = workspace();
    let before = world.original();
    world.prepare(Isolate::Link);
    let ms = "original:node_modules/.pnpm/ms@2/node_modules/ms";
    let peer = format!("checkout:{UNIT}/peer/index.js");
    let beside = format!("{UNIT}/@acme/lib");
    for (path, real) in [
        ("node_modules/ms", ms),
        ("node_modules/.pnpm/node_modules/ms", ms),
        ("packages/app/node_modules/peer/index.js", &*peer),
        (&*beside, "checkout:packages/lib"),
        (
            "node_modules/uses/index.js",
            "checkout:node_modules/.pnpm/uses@1/node_modules/uses/index.js",
        ),
        (
            "node_modules/.pnpm/uses@1/node_modules/peer/index.js",
            &*peer,
        ),
        (
            "node_modules/.pnpm/node_modules/@acme/lib",
            "checkout:packages/lib",
        ),
        (
            "packages/app/node_modules/@acme/lib",
            "checkout:packages/lib",
        ),
    ] {
        assert_eq!(world.real(path), real, "{path}");
    }
    assert_eq!(world.original(), before);
}

#[test]
fn an_injected_copy_holds_what_is_judged() {
    for isolate in [Isolate::Link, Isolate::Copy] {
        let world = workspace();
        world.prepare(isolate);
        let copy = world.checkout.join("packages/app/node_modules/plugin");
        let source = copy.join("src/index.js");
        assert_eq!(fs::read_to_string(&source).unwrap(), "judged");
        assert!(!copy.join("dist").exists(), "a build of the original");
        // The next commit is another content, with nothing installed anew.
        world
            .repo
            .stage("packages/plugin/src/index.js", "judged next");
        world.lay();
        world.prepare(isolate);
        assert_eq!(fs::read_to_string(&source).unwrap(), "judged next");
        let original = world.repo.root.join(COPY).join("plugin/src/index.js");
        assert_eq!(fs::read_to_string(original).unwrap(), "old");
    }
}

#[test]
fn a_copied_store_leaves_nothing_in_the_original() {
    let world = workspace();
    world.prepare(Isolate::Copy);
    for path in world.laid().keys() {
        let real = world.real(path.to_str().unwrap());
        assert!(
            real.starts_with("checkout:"),
            "{} is {real}",
            path.display()
        );
    }
}
