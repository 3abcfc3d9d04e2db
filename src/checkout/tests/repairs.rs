//! Cut short, damaged, and attacked: the next use holds what is judged, and nothing outside was touched.

use std::os::unix::fs::symlink;

use super::*;
use crate::path::RepoPath;

/// A repository with two commits that share little.
fn two() -> (World, Id, Id) {
    let world = World::new();
    world.repo.stage("same", "same");
    world.repo.stage(".gitignore", "*.log\n");
    let one = world.repo.commit("a/b", "1");
    world.repo.git(&["rm", "-rq", "a"]);
    world.repo.git(&["add", "-f", "."]);
    world.repo.write("new.log", "tracked all the same");
    world.repo.git(&["add", "-f", "new.log"]);
    let two = world.repo.commit("a", "2");
    (world, one, two)
}

fn slot(world: &World, commit: Id) -> PathBuf {
    world.at(commit).root().parent().unwrap().to_owned()
}

#[test]
fn a_move_that_was_cut_short_is_repaired() {
    let (world, one, two) = two();
    let slot = slot(&world, one);
    let tree = slot.join("tree");
    // As a kill would leave it on the way to the second commit.
    fs::write(slot.join("moving"), "a\0new.log").unwrap();
    fs::remove_dir_all(tree.join("a")).unwrap();
    fs::write(tree.join("a"), "").unwrap();
    fs::write(tree.join("new.log"), "tra").unwrap();
    let kept = identity(&tree.join("same"));
    for commit in [one, two, one] {
        let checkout = world.at(commit);
        world.assert_is(&checkout, commit);
        assert!(!slot.join("moving").exists());
    }
    assert_eq!(identity(&tree.join("same")), kept);
}

#[test]
fn after_a_cut_no_look_is_trusted() {
    let (world, one, _) = two();
    let slot = slot(&world, one);
    // The same length, and a state that claims to have seen it.
    let file = slot.join("tree/same");
    let state = fs::read(slot.join("state")).unwrap();
    let mut state = super::super::state::State::parse(&state).unwrap();
    fs::write(&file, "SAME").unwrap();
    let folder = super::super::folder::Folder::open(&slot.join("tree")).unwrap();
    let stat = folder.look(b"same").unwrap().unwrap().stat;
    for entry in state
        .entries
        .iter_mut()
        .filter(|entry| entry.path == b"same")
    {
        entry.stat = stat;
    }
    fs::write(slot.join("state"), state.to_bytes()).unwrap();
    fs::write(slot.join("moving"), "").unwrap();
    world.assert_is(&world.at(one), one);
}

#[test]
fn a_damaged_or_lost_state_starts_anew() {
    let (world, one, two) = two();
    let slot = slot(&world, two);
    for damage in ["cut", "lost", "other"] {
        fs::write(slot.join("tree/left.log"), "of an unknown tree").unwrap();
        let state = fs::read(slot.join("state")).unwrap();
        match damage {
            "cut" => fs::write(slot.join("state"), &state[..state.len() / 2]).unwrap(),
            "other" => fs::write(slot.join("state"), "guard checkout 9\n").unwrap(),
            _ => fs::remove_file(slot.join("state")).unwrap(),
        }
        let checkout = world.at(one);
        world.assert_is(&checkout, one);
        assert!(!checkout.root().join("left.log").exists(), "{damage}");
        assert!(!checkout.root().join("new.log").exists(), "{damage}");
    }
}

#[test]
fn links_planted_in_the_slot_are_not_followed() {
    let (world, one, two) = two();
    let outside = tempfile::tempdir().unwrap();
    let precious = outside.path().join("precious");
    let plant = |place: &Path| {
        let about = fs::symlink_metadata(place);
        match about {
            Ok(about) if about.is_dir() => fs::remove_dir_all(place).unwrap(),
            Ok(_) => fs::remove_file(place).unwrap(),
            Err(_) => {}
        }
        symlink(outside.path(), place).unwrap();
    };
    fs::write(&precious, "precious").unwrap();
    fs::create_dir(outside.path().join("stage")).unwrap();
    let slot = slot(&world, one);
    for (at, place) in [
        "tree/a",
        "tree/.git",
        "tree",
        "new",
        "stage",
        "git",
        "git/HEAD",
        "git/logs",
    ]
    .into_iter()
    .enumerate()
    {
        plant(&slot.join(place));
        let commit = [one, two][at % 2];
        let checkout = world.at(commit);
        world.assert_is(&checkout, commit);
        assert_eq!(checkout.root(), slot.join("tree"));
        let names: Vec<_> = fs::read_dir(outside.path())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        assert_eq!(names.len(), 2, "{place}: {names:?}");
        assert_eq!(fs::read(&precious).unwrap(), b"precious", "{place}");
    }
}

#[test]
fn a_tool_may_leave_anything_and_it_goes() {
    let (world, one, _) = two();
    let slot = slot(&world, one);
    let tree = slot.join("tree");
    let made = tree.join("locked/inner");
    fs::create_dir_all(&made).unwrap();
    fs::write(made.join("file"), "").unwrap();
    fs::set_permissions(&made, fs::Permissions::from_mode(0o500)).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(tree.join("pipe"))
        .status()
        .unwrap();
    assert!(pipe.success());
    fs::remove_file(tree.join("same")).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(tree.join("same"))
        .status()
        .unwrap();
    assert!(pipe.success());
    fs::create_dir_all(slot.join("git/rebase-merge")).unwrap();
    fs::create_dir_all(tree.join("cloned/.git")).unwrap();
    fs::write(tree.join("cloned/.git/config"), "").unwrap();
    world.repo.git(&[
        "-C",
        tree.to_str().unwrap(),
        "update-index",
        "--force-remove",
        "a/b",
    ]);
    fs::write(slot.join("git/index.lock"), "").unwrap();
    let checkout = world.at(one);
    world.assert_is(&checkout, one);
    for gone in ["locked", "pipe", "cloned"] {
        assert!(!tree.join(gone).exists(), "{gone}");
    }
    assert!(!slot.join("git/index.lock").exists());
}

#[test]
fn a_file_changed_in_the_same_instant_is_seen() {
    let (world, one, _) = two();
    for _ in 0..20 {
        let checkout = world.at(one);
        let file = checkout.root().join("same");
        // As long as before, and as soon as possible.
        fs::write(&file, "SAME").unwrap();
        assert_eq!(checkout.changed().unwrap(), [RepoPath::from("same")]);
        drop(checkout);
        let checkout = world.at(one);
        assert_eq!(fs::read(&file).unwrap(), b"same");
        assert!(checkout.changed().unwrap().is_empty());
    }
}

/// A commit with a tree that git's own commands would not make.
fn hostile(repo: &Repo, mode: &str, names: &[&str]) -> Id {
    let blob = repo.git(&["hash-object", "-w", "--stdin"]);
    let mut object = blob;
    for (depth, name) in names.iter().rev().enumerate() {
        let raw: Vec<u8> = (0..40)
            .step_by(2)
            .map(|at| u8::from_str_radix(&object[at..at + 2], 16).unwrap())
            .collect();
        let mode = if depth == 0 { mode } else { "40000" };
        let tree = [mode.as_bytes(), b" ", name.as_bytes(), b"\0", &raw].concat();
        repo.write("tree", tree);
        object = repo.git(&["hash-object", "-w", "-t", "tree", "--literally", "tree"]);
    }
    Id::parse(repo.git(&["commit-tree", "-m", "x", &object])).unwrap()
}

#[test]
fn names_that_lead_elsewhere_are_refused_and_named() {
    let world = World::new();
    for (mode, names) in [
        ("100644", &[".."][..]),
        ("100644", &["..", "x"]),
        ("120000", &[".git"]),
        ("100644", &[".GIT", "config"]),
        ("100644", &["a", "git~1", "config"]),
        ("100644", &["."]),
        ("100644", &["a", ".git ", "x"]),
        ("160000", &[".git"]),
    ] {
        let commit = hostile(&world.repo, mode, names);
        let error = world.try_of(Judged::Commit(commit)).err();
        match &error {
            Some(CheckoutError::Name { path, .. }) => {
                assert_eq!(path.to_text(), names.join("/"));
            }
            // git's own reader may have refused it first.
            Some(CheckoutError::Repository(_)) => {}
            _ => panic!("{names:?}: {error:?}"),
        }
    }
}

#[test]
fn a_content_that_is_not_here_is_named() {
    let world = World::new();
    let commit = world.repo.commit("a", "lost");
    let id = world.repo.id("HEAD:a").to_string();
    fs::remove_file(
        world
            .repo
            .root
            .join(".git/objects")
            .join(&id[..2])
            .join(&id[2..]),
    )
    .unwrap();
    match world.try_of(Judged::Commit(commit)).err() {
        Some(CheckoutError::Missing { path, id: named }) => {
            assert_eq!((path.to_text().as_ref(), named.to_string()), ("a", id));
        }
        other => panic!("{other:?}"),
    }
}
