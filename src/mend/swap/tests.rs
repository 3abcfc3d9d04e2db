//! One file, many savers: what was saved last is there at the end, alone or with what was made from it.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tempfile::TempDir;

use super::*;

struct Scene {
    _folder: TempDir,
    tree: PathBuf,
    workshop: Workshop,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        fs::create_dir(&tree).unwrap();
        fs::write(tree.join("f"), "old").unwrap();
        let workshop = Workshop::open(folder.path()).unwrap();
        Self {
            _folder: folder,
            tree,
            workshop,
        }
    }

    fn place(&self) -> Place {
        let top = Folder::open(&self.tree).unwrap();
        Place::find(&top, &"f".into()).unwrap().unwrap()
    }

    fn seen(&self) -> Seen {
        match self.place().look().unwrap() {
            Found::File(seen) => seen,
            _ => panic!("no file"),
        }
    }

    fn put(&self, seen: Seen, new: &str) -> Put {
        self.place().put(&self.workshop, seen, new.into()).unwrap()
    }

    fn done(&self, new: &str) -> Swapped {
        match self.put(self.seen(), new) {
            Put::Done(done) => done,
            Put::Changed(_) => panic!("nobody saved"),
        }
    }

    fn holds(&self) -> String {
        fs::read_to_string(self.tree.join("f")).unwrap()
    }

    fn is_tidy(&self) {
        self.workshop.tidy();
        let names = fs::read_dir(&self.tree).unwrap();
        assert_eq!(names.count(), 1);
        let rescued = self.workshop.rescued();
        assert!(rescued.is_empty(), "{rescued:?}");
    }
}

fn save_by_rename(tree: &Path, text: &str) {
    let beside = tree.parent().unwrap().join("editor");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, tree.join("f")).unwrap();
}

fn save_in_place(tree: &Path, text: &str) {
    fs::write(tree.join("f"), text).unwrap();
}

const BOTH_WAYS: [bool; 2] = [true, false];

#[test]
fn a_write_is_done_taken_back_or_given_up() {
    for can_exchange in BOTH_WAYS {
        let scene = Scene::new();
        scene.workshop.can_exchange.set(can_exchange);
        scene.done("new").retire(&scene.workshop);
        assert_eq!(scene.holds(), "new");

        let swapped = scene.done("newer");
        assert_eq!(swapped.undo(&scene.workshop).unwrap(), Undone::Restored);
        assert_eq!(scene.holds(), "new");

        let swapped = scene.done("newer");
        save_by_rename(&scene.tree, "saved");
        assert_eq!(swapped.undo(&scene.workshop).unwrap(), Undone::SavedOver);
        assert_eq!(scene.holds(), "saved");

        for save in [save_by_rename, save_in_place] {
            let stale = scene.seen();
            save(&scene.tree, "again");
            assert!(matches!(scene.put(stale, "x"), Put::Changed(_)));
            assert_eq!(scene.holds(), "again");
            save(&scene.tree, "saved");
        }

        let gone = scene.seen();
        fs::remove_file(scene.tree.join("f")).unwrap();
        assert!(matches!(scene.put(gone, "x"), Put::Changed(_)));
        assert!(!scene.tree.join("f").exists());
        fs::write(scene.tree.join("f"), "back").unwrap();
        scene.is_tidy();
    }
}

#[test]
fn what_is_written_late_is_seen_and_amended() {
    for can_exchange in BOTH_WAYS {
        let scene = Scene::new();
        scene.workshop.can_exchange.set(can_exchange);
        let mut open = fs::OpenOptions::new();
        let mut open = open.append(true).open(scene.tree.join("f")).unwrap();
        let swapped = scene.done("new");
        assert_eq!(swapped.late().unwrap(), None);
        open.write_all(b" late").unwrap();
        let late = swapped.late().unwrap().unwrap();
        assert_eq!(late, b"old late");
        assert!(
            swapped
                .amend(&scene.workshop, &late, b"new late".to_vec())
                .unwrap()
        );
        assert_eq!(scene.holds(), "new late");
        scene.is_tidy();
    }
}

#[test]
fn a_late_write_beside_another_save_is_kept_elsewhere() {
    for can_exchange in BOTH_WAYS {
        let scene = Scene::new();
        scene.workshop.can_exchange.set(can_exchange);
        let mut open = fs::OpenOptions::new();
        let mut open = open.append(true).open(scene.tree.join("f")).unwrap();
        let swapped = scene.done("new");
        open.write_all(b" late").unwrap();
        save_by_rename(&scene.tree, "saved");
        let late = swapped.late().unwrap().unwrap();
        assert!(
            !swapped
                .amend(&scene.workshop, &late, b"new late".to_vec())
                .unwrap()
        );
        assert_eq!(scene.holds(), "saved");
        scene.workshop.tidy();
        let rescued = scene.workshop.rescued();
        assert_eq!(rescued.len(), 1);
        assert_eq!(fs::read(&rescued[0].file).unwrap(), b"old late");
    }
}

#[test]
fn a_folder_or_a_link_in_its_place_is_put_back() {
    let scene = Scene::new();
    for make in [
        |path: &Path| fs::create_dir(path).unwrap(),
        |path: &Path| std::os::unix::fs::symlink("/etc/passwd", path).unwrap(),
    ] {
        let seen = scene.seen();
        let path = scene.tree.join("f");
        fs::remove_file(&path).unwrap();
        make(&path);
        let inode = fs::symlink_metadata(&path).unwrap().ino();
        assert!(matches!(scene.put(seen, "x"), Put::Changed(_)));
        assert_eq!(fs::symlink_metadata(&path).unwrap().ino(), inode);
        drop(fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)));
        fs::write(&path, "old").unwrap();
    }
    scene.is_tidy();
}

/// Several saves as fast as they go, while the file is written again and again.
fn the_last_save_is_there(save: fn(&Path, &str), rounds: usize) {
    let scene = Scene::new();
    for round in 0..rounds {
        let count = round % 7 + 1;
        let last = format!("save {round} {count}");
        let is_over = AtomicBool::new(false);
        let mut swapped = Vec::new();
        thread::scope(|scope| {
            scope.spawn(|| {
                for number in 1..=count {
                    save(&scene.tree, &format!("save {round} {number}"));
                }
                is_over.store(true, Ordering::Release);
            });
            let mut is_last = false;
            while !is_last {
                // One more after the editor has ended.
                is_last = is_over.load(Ordering::Acquire);
                let seen = scene.seen();
                let text = String::from_utf8_lossy(&seen.bytes).into_owned();
                let new = format!("{} fixed", text.trim_end_matches(" fixed"));
                if let Put::Done(done) = scene.put(seen, &new) {
                    swapped.push(done);
                }
            }
        });
        let mut kept = vec![scene.holds()];
        for one in swapped {
            if let Some(late) = one.late().unwrap() {
                kept.push(String::from_utf8(late).unwrap());
            }
            one.retire(&scene.workshop);
        }
        scene.workshop.tidy();
        for rescued in scene.workshop.rescued() {
            kept.push(fs::read_to_string(rescued.file).unwrap());
        }
        let is_kept = kept
            .iter()
            .any(|text| text.trim_end_matches(" fixed") == last);
        assert!(is_kept, "{last}: {kept:?}");
    }
}

#[test]
fn the_last_of_many_renames_is_there() {
    the_last_save_is_there(save_by_rename, 400);
}

#[test]
fn the_last_of_many_writes_is_there() {
    the_last_save_is_there(save_in_place, 400);
}
