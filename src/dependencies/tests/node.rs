//! Flat `node_modules`, as npm, yarn and bun make them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::{Isolate, World};
use crate::dependencies::{laid, prepare};
use crate::path::RepoPath;

/// A workspace as npm installs it: `app` and `@acme/lib` of the repository, third parties with
/// and without a dependency on them, one nested.
fn workspace() -> World {
    let world = World::new(&[
        (".gitignore", "node_modules\n"),
        ("package.json", r#"{"workspaces":["packages/*"]}"#),
        ("packages/lib/package.json", r#"{"name":"@acme/lib"}"#),
        ("packages/lib/cli.js", "judged"),
        ("packages/app/package.json", r#"{"name":"app"}"#),
        ("packages/app/index.js", "judged"),
    ]);
    world.link("node_modules/app", "../packages/app");
    world.link("node_modules/@acme/lib", "../../packages/lib");
    world.link("node_modules/.bin/acme", "../@acme/lib/cli.js");
    world.link("node_modules/.bin/ms", "../ms/cli.js");
    world.install("node_modules/.package-lock.json", "{}");
    world.install("node_modules/.cache/x", "theirs");
    for (place, manifest) in [
        ("node_modules/ms", r#"{"name":"ms"}"#),
        ("node_modules/@types/node", r#"{"name":"@types/node"}"#),
        (
            "node_modules/peer",
            r#"{"peerDependencies":{"@acme/lib":"*"}}"#,
        ),
        ("node_modules/uses-peer", r#"{"dependencies":{"peer":"*"}}"#),
        ("node_modules/holder", r#"{"name":"holder"}"#),
        (
            "node_modules/holder/node_modules/inner",
            r#"{"dependencies":{"app":"1"}}"#,
        ),
        ("node_modules/holder/node_modules/plain", "{}"),
        ("packages/app/node_modules/ms", r#"{"name":"ms"}"#),
    ] {
        world.install(&format!("{place}/package.json"), manifest);
        world.install(&format!("{place}/index.js"), "installed");
        world.install(&format!("{place}/cli.js"), "installed");
    }
    world
}

#[test]
fn packages_of_the_repository_lead_into_the_checkout() {
    let world = workspace();
    let before = world.original();
    let prepared = world.prepare(Isolate::Link);
    assert_eq!(prepared.notes, Vec::<String>::new());
    for (path, real) in [
        ("node_modules", "checkout:node_modules"),
        (
            "node_modules/app/index.js",
            "checkout:packages/app/index.js",
        ),
        ("node_modules/@acme/lib", "checkout:packages/lib"),
        ("node_modules/.bin/acme", "checkout:packages/lib/cli.js"),
        ("node_modules/.bin/ms", "original:node_modules/ms/cli.js"),
        ("node_modules/ms", "original:node_modules/ms"),
        (
            "node_modules/@types/node",
            "original:node_modules/@types/node",
        ),
        (
            "packages/app/node_modules/ms",
            "original:packages/app/node_modules/ms",
        ),
        ("node_modules/.cache", "none"),
    ] {
        assert_eq!(world.real(path), real, "{path}");
    }
    assert_eq!(world.original(), before);
}

#[test]
fn what_depends_on_the_repository_is_copied_with_all_that_depend_on_it() {
    let world = workspace();
    world.prepare(Isolate::Link);
    for path in [
        "node_modules/peer/index.js",
        "node_modules/uses-peer/index.js",
        "node_modules/holder/index.js",
        "node_modules/holder/node_modules/inner/index.js",
    ] {
        assert_eq!(world.real(path), format!("checkout:{path}"));
    }
    let plain = "node_modules/holder/node_modules/plain";
    assert_eq!(world.real(plain), format!("original:{plain}"));
}

#[test]
fn a_copy_leaves_nothing_in_the_original() {
    let world = workspace();
    let before = world.original();
    world.prepare(Isolate::Copy);
    for path in world.laid().keys() {
        let real = world.real(path.to_str().unwrap());
        assert!(
            real.starts_with("checkout:"),
            "{} is {real}",
            path.display()
        );
    }
    assert_eq!(
        world.real("node_modules/.bin/ms"),
        "checkout:node_modules/ms/cli.js"
    );
    assert_eq!(world.original(), before);
}

#[test]
fn a_second_time_changes_nothing_and_an_installation_changes_what_it_must() {
    for isolate in [Isolate::Link, Isolate::Copy] {
        let world = workspace();
        world.prepare(isolate);
        let first = world.laid();
        world.prepare(isolate);
        assert_eq!(world.laid(), first);

        world.install("node_modules/new/index.js", "installed");
        fs::remove_dir_all(world.repo.root.join("node_modules/ms")).unwrap();
        fs::remove_file(world.repo.root.join("node_modules/.bin/ms")).unwrap();
        world.prepare(isolate);
        assert_ne!(world.real("node_modules/new/index.js"), "none");
        assert!(fs::symlink_metadata(world.checkout.join("node_modules/ms")).is_err());
        let untouched = Path::new("node_modules/peer/index.js");
        assert_eq!(world.laid()[untouched], first[untouched]);

        fs::remove_dir_all(world.repo.root.join("node_modules")).unwrap();
        world.prepare(isolate);
        assert_eq!(world.real("node_modules"), "none");
    }
}

#[test]
fn what_tools_did_to_the_checkout_is_undone_without_following() {
    let world = workspace();
    world.prepare(Isolate::Link);
    let before = world.original();
    let modules = world.checkout.join("node_modules");
    fs::remove_file(modules.join("ms")).unwrap();
    fs::create_dir(modules.join("ms")).unwrap();
    fs::write(modules.join("ms/index.js"), "theirs").unwrap();
    symlink(world.repo.root.join("packages"), modules.join("stray")).unwrap();
    fs::create_dir(modules.join(".vite")).unwrap();
    world.prepare(Isolate::Link);
    assert_eq!(world.real("node_modules/ms"), "original:node_modules/ms");
    assert!(fs::symlink_metadata(modules.join("stray")).is_err());
    assert!(modules.join(".vite").is_dir());
    // A link where the real folder was: guard writes beside it, never through it.
    fs::remove_dir_all(&modules).unwrap();
    symlink(world.repo.root.join("node_modules"), &modules).unwrap();
    world.prepare(Isolate::Link);
    assert_eq!(world.real("node_modules"), "checkout:node_modules");
    assert_eq!(world.original(), before);
}

#[test]
fn a_folder_of_the_checkout_that_is_a_link_is_not_written_through() {
    let world = workspace();
    let outside = world.repo.root.parent().unwrap().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::remove_dir_all(world.checkout.join("packages/app")).unwrap();
    symlink(&outside, world.checkout.join("packages/app")).unwrap();
    world.prepare(Isolate::Link);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}

#[test]
fn tracked_dependencies_are_judged_content() {
    let world = World::new(&[
        ("package.json", "{}"),
        ("node_modules/kept/index.js", "judged"),
    ]);
    world.install("node_modules/other/index.js", "not judged");
    world.prepare(Isolate::Link);
    assert_eq!(
        world.real("node_modules/kept/index.js"),
        "checkout:node_modules/kept/index.js"
    );
    assert_eq!(world.real("node_modules/other"), "none");
}

#[test]
fn a_script_that_names_the_original_is_rewritten() {
    let world = workspace();
    let root = world.repo.root.display().to_string();
    let shim = format!("#!/bin/sh\nexport NODE_PATH=\"{root}/node_modules:{root}2\"\n");
    world.install("node_modules/.bin/shim", &shim);
    world.prepare(Isolate::Link);
    let text = fs::read_to_string(world.checkout.join("node_modules/.bin/shim")).unwrap();
    let checkout = world.checkout.display();
    assert!(
        text.contains(&format!("\"{checkout}/node_modules:{root}2\"")),
        "{text}"
    );
}

#[test]
fn links_to_elsewhere_stay_and_links_to_what_nobody_judges_are_said() {
    let world = workspace();
    let outside = world.repo.root.parent().unwrap().join("outside");
    fs::create_dir(&outside).unwrap();
    world.link("node_modules/outside", &outside);
    world.link("node_modules/relative", "../../outside");
    world.link(
        "node_modules/absolute",
        world.repo.root.join("packages/lib"),
    );
    world.install("vendor/gone/package.json", "{}");
    world.link("node_modules/gone", "../vendor/gone");
    let prepared = world.prepare(Isolate::Link);
    assert_eq!(
        world.real("node_modules/outside"),
        outside.display().to_string()
    );
    assert_eq!(
        world.real("node_modules/relative"),
        outside.display().to_string()
    );
    assert_eq!(world.real("node_modules/absolute"), "checkout:packages/lib");
    assert_eq!(world.real("node_modules/gone"), "none");
    assert_eq!(
        prepared.notes,
        [
            "node_modules/gone leads to vendor/gone, which git does not track: it is not in the checkout"
        ]
    );
    assert_eq!(world.prepare(Isolate::Link), prepared);
}

#[test]
fn a_link_into_another_work_tree_leads_into_the_checkout_too() {
    let world = workspace();
    world.repo.git(&["commit", "-q", "-m", "x"]);
    // A linked work tree that borrows what is installed in the first.
    let linked = world.repo.root.parent().unwrap().join("linked");
    world
        .repo
        .git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    symlink(
        world.repo.root.join("node_modules"),
        linked.join("node_modules"),
    )
    .unwrap();
    prepare(&linked, &world.checkout, &world.tracked(), Isolate::Link).unwrap();
    for (path, real) in [
        ("node_modules", "checkout:node_modules"),
        ("node_modules/@acme/lib", "checkout:packages/lib"),
        ("node_modules/.bin/acme", "checkout:packages/lib/cli.js"),
        ("node_modules/ms", "original:node_modules/ms"),
        (
            "node_modules/peer/index.js",
            "checkout:node_modules/peer/index.js",
        ),
    ] {
        assert_eq!(world.real(path), real, "{path}");
    }
}

#[test]
fn what_prisma_generates_shares_nothing_with_the_original() {
    use std::os::unix::fs::MetadataExt;
    let world = workspace();
    let client = "node_modules/.prisma/client/index.js";
    world.install(client, "generated");
    let manifest = r#"{"name":"@prisma/client"}"#;
    world.install("node_modules/@prisma/client/package.json", manifest);
    world.install(
        "node_modules/adapter/package.json",
        r#"{"peerDependencies":{"@prisma/client":"*"}}"#,
    );
    world.prepare(Isolate::Link);
    for path in [
        client,
        "node_modules/@prisma/client/package.json",
        "node_modules/adapter/package.json",
    ] {
        assert_eq!(world.real(path), format!("checkout:{path}"));
    }
    let inode = |root: &Path| fs::metadata(root.join(client)).unwrap().ino();
    assert_ne!(inode(&world.checkout), inode(&world.repo.root));
    // Copies of everything may share, and this still does not.
    world.prepare(Isolate::Copy);
    assert_ne!(inode(&world.checkout), inode(&world.repo.root));
}

#[test]
fn what_was_laid_is_known_and_taken_away_when_its_package_goes() {
    let world = workspace();
    assert_eq!(laid(&world.checkout), vec![]);
    world.prepare(Isolate::Link);
    let places = ["node_modules", "packages/app/node_modules"].map(RepoPath::from);
    assert_eq!(laid(&world.checkout), places);
    world
        .repo
        .git(&["rm", "-q", "--cached", "packages/app/package.json"]);
    // A later run that was cut off still knows what lies there.
    let state = super::super::beside(&world.checkout).join("dependencies");
    let whole = fs::read(&state).unwrap();
    world.prepare(Isolate::Link);
    assert_eq!(world.real("packages/app/node_modules"), "none");
    assert_eq!(laid(&world.checkout), places[..1]);
    // A damaged state is no state.
    for length in [0, 7, 8, whole.len() / 2, whole.len() - 1] {
        fs::write(&state, &whole[..length]).unwrap();
        world.prepare(Isolate::Link);
        assert_eq!(
            world.real("node_modules/@acme/lib"),
            "checkout:packages/lib"
        );
    }
}

#[test]
fn what_a_tool_installed_itself_stays() {
    let world = World::new(&[("package.json", "{}"), ("pyproject.toml", "")]);
    let theirs = world.checkout.join("node_modules/theirs");
    fs::create_dir_all(&theirs).unwrap();
    fs::create_dir_all(world.checkout.join(".venv")).unwrap();
    fs::write(world.checkout.join(".venv/pyvenv.cfg"), "").unwrap();
    world.prepare(Isolate::Link);
    assert!(theirs.is_dir());
    assert!(world.checkout.join(".venv/pyvenv.cfg").exists());
}

#[test]
fn what_was_swept_away_is_laid_anew() {
    let world = World::new(&[("package.json", "{}"), ("yarn.lock", "__metadata:\n")]);
    world.install(".pnp.cjs", "  \"packageLocation\": \"../cache/ms.zip/\",\n");
    world.install(".yarn/unplugged/x/index.js", "installed");
    world.prepare(Isolate::Link);
    world.prepare(Isolate::Link);
    let map = world.checkout.join(".pnp.cjs");
    let text = fs::read_to_string(&map).unwrap();
    assert!(text.contains("\"../../cache/ms.zip/\""), "{text}");
    fs::remove_file(&map).unwrap();
    fs::remove_dir_all(world.checkout.join(".yarn")).unwrap();
    world.prepare(Isolate::Link);
    assert!(map.exists());
    assert_eq!(world.real(".yarn/unplugged"), "original:.yarn/unplugged");
}
