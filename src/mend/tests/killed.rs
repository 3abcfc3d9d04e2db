//! What a killed run leaves behind, and how the next one clears it.

use super::*;
use crate::mend::workshop::Workshop;

/// A run's folder as a kill leaves it: the same files, nobody alive.
fn killed(repo: &Repo, leave: impl Fn(&Workshop)) {
    let workshop = Workshop::open(&repo.root.join(".git")).unwrap();
    leave(&workshop);
    workshop.keep();
}

#[test]
fn leftovers_are_cleared_and_an_unknown_save_is_kept() {
    let repo = with_f();
    let path = RepoPath::from("f");
    killed(&repo, |workshop| {
        for (content, has_begun) in [("old", true), ("new", true), ("save", true), ("ne", false)] {
            let place = workshop.path();
            workshop.note(&place, &[], &path).unwrap();
            fs::write(&place, content).unwrap();
            if has_begun {
                workshop.note(&place, &[b"old", b"new"], &path).unwrap();
            }
        }
        let beside = repo.root.join(workshop.name_beside());
        workshop.note(&beside, &[b"old", b"new"], &path).unwrap();
        fs::write(&beside, "new").unwrap();
        // A journal that was cut off in the middle of a line.
        fs::write(workshop.path(), "x").unwrap();
    });
    let done = mended(&repo, &[edit(&repo, "f", FIXED)]).unwrap();
    assert_eq!(done.rescued.len(), 1, "{done:?}");
    assert_eq!(done.rescued[0].path, path);
    assert_eq!(fs::read(&done.rescued[0].file).unwrap(), b"save");
    let again = mended(&repo, &[edit(&repo, "f", BASE)]).unwrap();
    assert!(again.rescued.is_empty());
}

#[test]
fn a_lock_that_a_killed_run_took_is_released_and_no_other() {
    let repo = with_f();
    let lock = repo.root.join(".git/index.lock");
    killed(&repo, |workshop| {
        let copy = workshop.path();
        fs::copy(repo.root.join(".git/index"), &copy).unwrap();
        workshop.note(&lock, &[], &RepoPath::root()).unwrap();
        fs::hard_link(&copy, &lock).unwrap();
    });
    mended(&repo, &[edit(&repo, "f", FIXED)]).unwrap();

    killed(&repo, |workshop| {
        workshop.note(&lock, &[], &RepoPath::root()).unwrap();
    });
    fs::write(&lock, "another's").unwrap();
    drop(Workshop::open(&repo.root.join(".git")).unwrap());
    assert_eq!(fs::read(&lock).unwrap(), b"another's");
}

#[test]
fn a_run_that_lives_is_left_alone() {
    let repo = with_f();
    let alive = Workshop::open(&repo.root.join(".git")).unwrap();
    let place = alive.path();
    fs::write(&place, "x").unwrap();
    mend_with(&repo, &[], &[edit(&repo, "f", FIXED)]).unwrap();
    assert_eq!(fs::read(place).unwrap(), b"x");
    drop(alive);
    is_tidy(&repo);
}
