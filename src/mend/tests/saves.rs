//! Somebody saves while guard writes: every save survives.

use crate::config::valid::EmptyFix;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::*;

/// How an editor saves.
#[derive(Clone, Copy, Debug)]
enum Way {
    InPlace,
    Rename,
}

fn save(repo: &Repo, way: Way, text: &str) {
    let file = repo.root.join("f");
    match way {
        Way::InPlace => fs::write(file, text).unwrap(),
        Way::Rename => {
            let beside = repo.root.join(".git/editor");
            fs::write(&beside, text).unwrap();
            fs::rename(beside, file).unwrap();
        }
    }
}

/// Mends while an editor saves once, at a moment that differs from try to try, and then looks for the save.
fn every_save_survives(way: Way, tries: usize, text: &str, merged: &str) {
    let repo = with_f();
    let edits = [edit(&repo, "f", FIXED)];
    let mut seen = [0; 3];
    for number in 0..tries {
        repo.write("f", BASE);
        repo.git(&[
            "update-index",
            "--add",
            "--cacheinfo",
            &format!("100644,{},f", edits[0].staged.id),
        ]);
        let done = AtomicBool::new(false);
        let done = thread::scope(|scope| {
            let editor = scope.spawn(|| {
                // The journal is written right before the file is: from there on every moment is tried.
                while !done.load(Ordering::Acquire) && !is_about_to_write(&repo) {
                    std::hint::spin_loop();
                }
                for _ in 0..number % 125 * 8 {
                    std::hint::spin_loop();
                }
                save(&repo, way, text);
            });
            let mended = mend_with(&repo, &[], &edits);
            done.store(true, Ordering::Release);
            editor.join().unwrap();
            mended
        });
        let held = String::from_utf8(file(&repo, "f")).unwrap();
        let is_kept = held == text || held == merged;
        assert!(is_kept, "try {number}, {way:?}: {held:?} after {done:?}");
        match done {
            Ok(done) => {
                assert!(done.rescued.is_empty(), "{done:?}");
                assert_eq!(indexed(&repo, "f"), FIXED.as_bytes());
                seen[usize::from(held == merged)] += 1;
            }
            Err(MendError::Collides { .. } | MendError::SavedOver { .. }) => {
                assert_eq!(held, text);
                assert_eq!(indexed(&repo, "f"), BASE.as_bytes());
                seen[2] += 1;
            }
            Err(error) => panic!("{error}"),
        }
        is_tidy(&repo);
    }
    assert_ne!(seen, [0, 0, 0], "{way:?}: no save met the write");
}

fn is_about_to_write(repo: &Repo) -> bool {
    let runs = fs::read_dir(repo.root.join(".git/guard/mend"));
    let mut runs = runs.into_iter().flatten().flatten();
    runs.any(|run| fs::metadata(run.path().join("journal")).is_ok_and(|about| about.len() > 0))
}

const MINE: &str = "one\ntwo\nthree\nfour\nfive\nmine\n";
const BOTH: &str = "ONE\ntwo\nthree\nfour\nfive\nmine\n";

#[test]
fn a_save_in_place_survives() {
    every_save_survives(Way::InPlace, 150, MINE, BOTH);
}

#[test]
fn a_save_by_rename_survives() {
    every_save_survives(Way::Rename, 150, MINE, BOTH);
}

#[test]
fn a_save_that_collides_survives() {
    every_save_survives(Way::InPlace, 40, "mine\ntwo\n", "mine\ntwo\n");
    every_save_survives(Way::Rename, 40, "mine\ntwo\n", "mine\ntwo\n");
}

#[test]
fn what_is_written_late_to_the_old_file_is_merged() {
    let repo = with_f();
    let lock = repo.root.join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let edits = [edit(&repo, "f", FIXED)];
    // Opened before guard begins, written when guard has moved it away.
    let mut open = fs::OpenOptions::new()
        .append(true)
        .open(repo.root.join("f"))
        .unwrap();
    thread::scope(|scope| {
        let mending = scope.spawn(|| mend_with(&repo, &[], &edits));
        until_fixed(&repo, "f");
        open.write_all(b"seven\n").unwrap();
        drop(open);
        fs::remove_file(&lock).unwrap();
        let done = mending.join().unwrap().unwrap();
        assert!(
            done.saved_over.is_empty() && done.rescued.is_empty(),
            "{done:?}"
        );
    });
    assert_eq!(indexed(&repo, "f"), FIXED.as_bytes());
    assert_eq!(file(&repo, "f"), format!("{FIXED}seven\n").as_bytes());
    is_tidy(&repo);
}

#[test]
fn a_save_over_the_fix_stays_when_the_index_cannot_be_written() {
    let repo = with_f();
    repo.stage("g", BASE);
    let lock = repo.root.join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let edits = [edit(&repo, "f", FIXED), edit(&repo, "g", FIXED)];
    let cancel = Cancel::new();
    thread::scope(|scope| {
        let mending = scope.spawn(|| {
            let repository = repo.open();
            mend(
                &repository,
                &repo.environment(),
                &edits,
                EmptyFix::Block,
                &cancel,
            )
        });
        until_fixed(&repo, "g");
        save(&repo, Way::Rename, BOTH);
        cancel.cancel(crate::process::signal::Interruption::Terminate);
        let error = mending.join().unwrap().unwrap_err();
        let MendError::SavedOver { paths, .. } = &error else {
            panic!("{error}");
        };
        assert_eq!(paths, &[RepoPath::from("f")]);
    });
    assert_eq!(file(&repo, "f"), BOTH.as_bytes());
    assert_eq!(file(&repo, "g"), BASE.as_bytes());
    fs::remove_file(lock).unwrap();
    is_tidy(&repo);
}
