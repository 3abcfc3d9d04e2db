//! The core: laid out, moved, leased, looked at.

use std::fs;
use std::os::unix::fs::symlink;

use super::*;
use crate::path::RepoPath;

#[test]
fn a_commit_is_laid_out_and_moved_by_difference() {
    let world = World::new();
    world.repo.write("same", "same");
    world.repo.write("gone/deep/file", "gone");
    world.repo.write("b", "old");
    world.repo.write("run.sh", "#!/bin/sh\n");
    symlink("b", world.repo.root.join("link")).unwrap();
    fs::set_permissions(
        world.repo.root.join("run.sh"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    world.repo.git(&["add", "-A"]);
    let one = world.repo.commit("a", "1");
    world.repo.git(&["rm", "-rq", "gone"]);
    let two = world.repo.commit("b", "new");

    let checkout = world.at(one);
    world.assert_is(&checkout, one);
    let root = checkout.root().to_owned();
    let same = identity(&root.join("same"));
    drop(checkout);
    let checkout = world.at(two);
    assert_eq!(checkout.root(), root);
    world.assert_is(&checkout, two);
    assert!(!root.join("gone").exists());
    assert_eq!(identity(&root.join("same")), same);
    drop(checkout);
    let checkout = world.at(one);
    world.assert_is(&checkout, one);
    assert_eq!(identity(&root.join("same")), same);
    assert_eq!(world.repo.git(&["worktree", "list"]).lines().count(), 1);
}

#[test]
fn the_index_is_laid_out_before_and_after_the_first_commit() {
    let world = World::new();
    world.repo.stage("a", "staged");
    world.repo.write("a", "not staged");
    world.repo.write("untracked", "");
    let checkout = world.staged();
    assert_eq!(fs::read(checkout.root().join("a")).unwrap(), b"staged");
    assert!(!checkout.root().join("untracked").exists());
    assert_eq!(world.git_in(&checkout, &["status", "--porcelain"]), "A  a");
    assert_eq!(
        world.git_in(&checkout, &["symbolic-ref", "HEAD"]),
        "refs/heads/main"
    );
    drop(checkout);
    world.repo.git(&["commit", "-q", "-m", "x"]);
    world.repo.stage("b", "b");
    let checkout = world.staged();
    assert_eq!(world.git_in(&checkout, &["status", "--porcelain"]), "A  b");
    let top = world.git_in(&checkout, &["rev-parse", "--show-toplevel"]);
    assert_eq!(top, checkout.root().to_str().unwrap());
}

#[test]
fn what_a_tool_did_is_told_and_undone() {
    let world = World::new();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("file"), "outside").unwrap();
    for path in [
        "same",
        "touched",
        "rewritten",
        "deleted",
        "linked",
        "folder/x",
        "filed/x",
        "mode",
    ] {
        world.repo.stage(path, "content");
    }
    let commit = world.repo.commit("a", "a");
    let checkout = world.at(commit);
    let root = checkout.root().to_owned();
    assert_eq!(checkout.changed().unwrap(), []);
    fs::write(root.join("touched"), "content").unwrap();
    fs::write(root.join("rewritten"), "CONTENT").unwrap();
    fs::remove_file(root.join("deleted")).unwrap();
    fs::remove_file(root.join("linked")).unwrap();
    symlink(outside.path().join("file"), root.join("linked")).unwrap();
    fs::remove_dir_all(root.join("folder")).unwrap();
    symlink(outside.path(), root.join("folder")).unwrap();
    fs::write(outside.path().join("x"), "content").unwrap();
    fs::remove_dir_all(root.join("filed")).unwrap();
    fs::write(root.join("filed"), "").unwrap();
    fs::set_permissions(root.join("mode"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(root.join("untracked"), "").unwrap();
    let changed = [
        "deleted",
        "filed/x",
        "folder/x",
        "linked",
        "mode",
        "rewritten",
    ];
    assert_eq!(checkout.changed().unwrap(), changed.map(RepoPath::from));
    let read = |path: &str| checkout.read(&RepoPath::from(path)).unwrap();
    assert_eq!(read("rewritten").as_deref(), Some(&b"CONTENT"[..]));
    for path in [
        "linked",
        "folder/x",
        "deleted",
        "filed/x",
        "folder",
        "../lease",
        ".git",
        "/etc/passwd",
    ] {
        assert_eq!(read(path), None, "{path}");
    }
    drop(checkout);

    let checkout = world.at(commit);
    assert_eq!(checkout.root(), root);
    world.assert_is(&checkout, commit);
    assert_eq!(fs::read(outside.path().join("file")).unwrap(), b"outside");
    assert_eq!(fs::read(outside.path().join("x")).unwrap(), b"content");
}

#[test]
fn leftovers_go_and_what_is_ignored_stays() {
    let world = World::new();
    world
        .repo
        .stage(".gitignore", "target/\n*.tsbuildinfo\n!keep.tsbuildinfo\n");
    world.repo.stage("web/.gitignore", "/.next\n");
    world.repo.stage("lib/node_modules/tracked.js", "");
    let commit = world.repo.commit("web/a", "a");
    let checkout = world.at(commit);
    let root = checkout.root().to_owned();
    let kept = [
        "target/debug/x",
        "web/target/x",
        "web/.next/cache/x",
        "a.tsbuildinfo",
        "node_modules/x/y",
        "web/node_modules/x",
        ".venv/bin/x",
        "env/pyvenv.cfg",
        "env/x",
        "lib/node_modules/installed/x",
        "dropped/target/x",
    ];
    let swept = [
        "x",
        "web/x",
        ".next/x",
        "keep.tsbuildinfo",
        "dropped/x",
        "other/deep/x",
    ];
    for path in kept.iter().chain(&swept) {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), "").unwrap();
    }
    fs::create_dir_all(root.join("empty/folders")).unwrap();
    drop(checkout);
    let checkout = world.at(commit);
    for path in kept {
        assert!(checkout.root().join(path).exists(), "{path}");
    }
    for path in swept.iter().chain(&["empty", "other"]) {
        assert!(!checkout.root().join(path).exists(), "{path}");
    }
}

#[test]
fn one_tree_is_shared_and_two_take_two_slots() {
    let world = World::new();
    let one = world.repo.commit("a", "1");
    let two = world.repo.commit("a", "2");
    let (checkouts, cancel) = (world.checkouts(), Cancel::new());
    let of = |commit, isolate| {
        checkouts
            .of(Judged::Commit(commit), isolate, &cancel)
            .unwrap()
    };
    let first = of(one, Isolate::Link);
    assert!(Arc::ptr_eq(&first, &of(one, Isolate::Link)));
    let second = of(two, Isolate::Link);
    let copy = of(two, Isolate::Copy);
    let other_run = world.at(one);
    let roots: std::collections::BTreeSet<_> = [&first, &second, &copy, &other_run]
        .map(|checkout| checkout.root().to_owned())
        .into();
    assert_eq!(roots.len(), 4);
    let place = second.root().to_owned();
    drop((first, second, copy, other_run));
    // The slot that holds the tree already is preferred.
    assert_eq!(of(two, Isolate::Link).root(), place);
}

#[test]
fn what_was_tracked_goes_although_it_is_ignored_now() {
    let world = World::new();
    world.repo.stage(".gitignore", "gen/\n*.env\n");
    world.repo.write("gen/deep/x", "");
    world.repo.write("a.env", "");
    world.repo.git(&["add", "-f", "."]);
    world.repo.git(&["commit", "-q", "-m", "tracked"]);
    let tracked = world.repo.id("HEAD");
    world.repo.git(&["rm", "-rq", "--cached", "gen", "a.env"]);
    world.repo.git(&["commit", "-q", "-m", "ignored"]);
    let ignored = world.repo.id("HEAD");
    let root = world.at(tracked).root().to_owned();
    fs::write(root.join("gen/cache"), "").unwrap();
    let checkout = world.at(ignored);
    assert!(!root.join("gen/deep").exists() && !root.join("a.env").exists());
    assert!(root.join("gen/cache").exists());
    assert_eq!(world.git_in(&checkout, &["status", "--porcelain"]), "");
}
