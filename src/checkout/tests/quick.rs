//! The quick way: what it does not look at, what it does, and where it is closed.

use super::*;
use crate::path::RepoPath;

fn quickly(world: &World, reads: &[&str]) -> Arc<Checkout> {
    let reads: Vec<RepoPath> = reads.iter().map(|path| (*path).into()).collect();
    let checkouts = world.checkouts();
    checkouts
        .for_files(&reads, Isolate::Link, &Cancel::new())
        .unwrap()
}

/// Two files, committed and laid out once; then one of them is staged anew.
fn prepared() -> World {
    let world = World::new();
    world.repo.stage("a.txt", "a\n");
    world.repo.stage("deep/b.txt", "b\n");
    world.repo.git(&["commit", "-q", "-m", "base"]);
    drop(world.staged());
    world.repo.stage("a.txt", "staged\n");
    world.repo.write("a.txt", "not staged\n");
    world
}

fn read(checkout: &Checkout, path: &str) -> String {
    let bytes = checkout.read(&path.into()).unwrap().unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn only_what_is_read_is_looked_at() {
    let world = prepared();
    let root = world.staged().root().to_owned();
    world.repo.stage("a.txt", "staged again\n");
    fs::write(root.join("deep/b.txt"), "a tool's\n").unwrap();
    let quick = quickly(&world, &["a.txt"]);
    assert_eq!(read(&quick, "a.txt"), "staged again\n");
    assert_eq!(read(&quick, "deep/b.txt"), "a tool's\n", "nobody reads it");
    assert!(quick.changed().unwrap().is_empty());
    drop(quick);
    // Who reads it has everything looked at.
    let whole = quickly(&world, &["deep/b.txt"]);
    assert_eq!(read(&whole, "deep/b.txt"), "b\n");
    assert_eq!(read(&whole, "a.txt"), "staged again\n");
}

#[test]
fn the_way_leads_over_commits_and_back() {
    let world = prepared();
    for turn in 0..6 {
        let staged = format!("staged {turn}\n");
        world.repo.stage("a.txt", &staged);
        if turn % 2 == 0 {
            world.repo.stage("deep/b.txt", format!("b {turn}\n"));
            world.repo.git(&["commit", "-q", "-m", "next"]);
        }
        if turn == 4 {
            world.repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
        }
        let quick = quickly(&world, &["a.txt", "deep/b.txt"]);
        let index = |path: &str| world.repo.git(&["show", &format!(":{path}")]) + "\n";
        for path in ["a.txt", "deep/b.txt"] {
            assert_eq!(read(&quick, path), index(path), "turn {turn}");
        }
        assert_eq!(
            world.git_in(&quick, &["diff", "--name-only"]),
            "",
            "turn {turn}"
        );
    }
    // The whole look finds nothing to mend.
    let whole = world.staged();
    assert!(whole.changed().unwrap().is_empty());
}

#[test]
fn the_way_leads_from_a_commit_that_was_judged_too() {
    let world = prepared();
    let old = Id::parse(world.repo.git(&["rev-parse", "HEAD"])).unwrap();
    world.repo.stage("deep/b.txt", "newer\n");
    world.repo.git(&["commit", "-q", "-m", "next"]);
    // Another commit than the one that is checked out was judged last.
    drop(world.at(old));
    world.repo.stage("a.txt", "staged after that\n");
    let quick = quickly(&world, &["a.txt"]);
    assert_eq!(read(&quick, "a.txt"), "staged after that\n");
    assert_eq!(
        read(&quick, "deep/b.txt"),
        "newer\n",
        "though nobody reads it"
    );
}

#[test]
fn what_a_step_changes_is_named() {
    let world = prepared();
    let quick = quickly(&world, &["a.txt"]);
    fs::write(quick.root().join("deep/b.txt"), "changed\n").unwrap();
    let reads: [RepoPath; 1] = ["a.txt".into()];
    assert_eq!(quick.newly_changed(&reads).unwrap(), ["deep/b.txt".into()]);
    assert!(quick.newly_changed(&reads).unwrap().is_empty(), "said once");
    drop(quick);
    // From then on the slot is not believed, and is mended.
    let after = quickly(&world, &["a.txt"]);
    assert_eq!(read(&after, "deep/b.txt"), "b\n");
}

#[test]
fn what_is_not_plain_takes_the_whole_way() {
    type Deed = fn(&Repo);
    let deeds: [(&str, Deed); 6] = [
        ("a new file", |repo| repo.stage("new.txt", "n\n")),
        ("a deletion", |repo| {
            repo.git(&["rm", "-q", "-f", "deep/c.txt"]);
        }),
        ("a mode", |repo| {
            repo.git(&["update-index", "--chmod=+x", "deep/c.txt"]);
        }),
        ("attributes", |repo| {
            repo.stage(".gitattributes", "*.txt eol=crlf\n");
        }),
        ("settings", |repo| {
            repo.git(&["config", "core.autocrlf", "true"]);
        }),
        ("a manifest", |repo| {
            repo.stage("package.json", "{\"name\":\"x\"}\n");
        }),
    ];
    for (name, deed) in deeds {
        let world = World::new();
        world.repo.stage("a.txt", "a\n");
        world.repo.stage("deep/c.txt", "c\n");
        world.repo.stage("package.json", "{}\n");
        world.repo.git(&["commit", "-q", "-m", "base"]);
        let root = world.staged().root().to_owned();
        // Left by a tool: only the whole look takes it away.
        fs::write(root.join("dropping"), "x").unwrap();
        deed(&world.repo);
        let checkout = quickly(&world, &["a.txt"]);
        assert!(!checkout.root().join("dropping").exists(), "{name}");
        assert!(checkout.changed().unwrap().is_empty(), "{name}");
    }
}

#[test]
fn a_move_that_was_cut_short_is_not_believed() {
    let world = prepared();
    let root = world.staged().root().to_owned();
    fs::write(root.join("deep/b.txt"), "half").unwrap();
    fs::write(root.parent().unwrap().join("moving"), "deep/b.txt").unwrap();
    let checkout = quickly(&world, &["a.txt"]);
    assert_eq!(read(&checkout, "deep/b.txt"), "b\n");
    drop(checkout);
    for damage in [&b""[..], b"{}", b"\xff"] {
        fs::write(root.parent().unwrap().join("quick"), damage).unwrap();
        fs::write(root.join("dropping"), "x").unwrap();
        drop(quickly(&world, &["a.txt"]));
        assert!(!root.join("dropping").exists(), "{damage:?}");
    }
}
