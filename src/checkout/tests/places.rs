//! Where checkouts lie, who has them, and when they go.

use std::thread;
use std::time::Duration;

use super::*;
use crate::checkout::{lease, prune};
use crate::clock::{Clock, Timestamp};
use crate::process::signal::Interruption;

fn of(repo: &Repo, variables: &[(&str, &str)], commit: Id) -> Arc<Checkout> {
    let environment = repo.environment_with(variables);
    let repository = Arc::new(Repository::discover(&environment).unwrap());
    let checkouts = Checkouts::new(repository, &environment);
    checkouts
        .of(Judged::Commit(commit), Isolate::Link, &Cancel::new())
        .unwrap()
}

#[test]
fn the_place_is_the_state_folder_or_the_home_or_the_repository() {
    let repo = Repo::new();
    let commit = repo.commit("a", "a");
    let home = tempfile::tempdir().unwrap();
    let home_text = home.path().to_str().unwrap();
    let common = repo.root.join(".git/guard/checkout");
    for (variables, place) in [
        (
            &[("XDG_STATE_HOME", home_text)][..],
            home.path().join("guard/checkout"),
        ),
        (
            &[("HOME", home_text)],
            home.path().join(".local/state/guard/checkout"),
        ),
        (
            &[("HOME", home_text), ("XDG_STATE_HOME", "relative")],
            home.path().join(".local/state/guard/checkout"),
        ),
        (&[], common.clone()),
        (&[("XDG_STATE_HOME", "/dev/null/x")], common.clone()),
    ] {
        let checkout = of(&repo, variables, commit);
        let root = checkout.root();
        assert!(
            root.starts_with(&place),
            "{} is not below {}",
            root.display(),
            place.display()
        );
        assert_eq!(
            checkout.take_said().notes.len(),
            usize::from(place == common)
        );
        for folder in root
            .parent()
            .unwrap()
            .ancestors()
            .take_while(|folder| folder.starts_with(&place))
        {
            let mode = fs::metadata(folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        }
        assert_eq!(files(root).len(), 1);
        assert!(root.join(".git").is_file());
    }
}

#[test]
fn threads_that_want_different_trees_at_once_get_different_slots() {
    let world = World::new();
    let commits: Vec<Id> = (0..6)
        .map(|n| world.repo.commit("a", format!("{n}")))
        .collect();
    let checkouts = world.checkouts();
    let laid = thread::scope(|scope| {
        let threads: Vec<_> = commits
            .iter()
            .chain(&commits)
            .map(|commit| {
                let checkouts = &checkouts;
                scope.spawn(move || {
                    checkouts
                        .of(Judged::Commit(*commit), Isolate::Link, &Cancel::new())
                        .unwrap()
                })
            })
            .collect();
        let laid: Vec<_> = threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect();
        laid
    });
    for (at, commit) in commits.iter().enumerate() {
        world.assert_is(&laid[at], *commit);
        assert!(Arc::ptr_eq(&laid[at], &laid[at + commits.len()]));
    }
}

#[test]
fn who_waits_for_a_slot_gets_the_next_or_can_be_cancelled() {
    let world = World::new();
    let commits: Vec<Id> = (0..=lease::SLOTS)
        .map(|n| world.repo.commit("a", format!("{n}")))
        .collect();
    let checkouts = world.checkouts();
    let of =
        |commit: Id, cancel: &Cancel| checkouts.of(Judged::Commit(commit), Isolate::Link, cancel);
    let never = Cancel::new();
    let mut held: Vec<_> = commits[1..]
        .iter()
        .map(|commit| of(*commit, &never).unwrap())
        .collect();
    let cancelled = Cancel::new();
    cancelled.cancel(Interruption::Interrupt);
    assert_eq!(
        of(commits[0], &cancelled).err(),
        Some(CheckoutError::Cancelled)
    );
    thread::scope(|scope| {
        let waiting = scope.spawn(|| of(commits[0], &never).unwrap());
        let root = held.pop().map(|last| last.root().to_owned());
        assert_eq!(Some(waiting.join().unwrap().root().to_owned()), root);
    });
}

#[test]
fn what_is_old_or_orphaned_is_pruned_and_what_is_in_use_stays() {
    let world = World::new();
    let one = world.repo.commit("a", "1");
    let two = world.repo.commit("a", "2");
    let now = Clock::Real.now();
    let at = |days: u64| Timestamp(now.0 + days * 24 * 3600 * 1000);
    let environment = world.environment();
    let repository = Repository::discover(&environment).unwrap();
    let prune = |days| {
        prune(Some(&repository), &environment, at(days))
            .unwrap()
            .slots
    };
    let held = world.at(one);
    let free = world.at(two).root().parent().unwrap().to_owned();
    assert_eq!(prune(13), Vec::<PathBuf>::new());
    assert_eq!(prune(15), std::slice::from_ref(&free));
    assert!(!free.exists() && held.root().is_dir());
    world.assert_is(&held, one);
    // Used again, it is made again.
    world.assert_is(&world.at(two), two);

    let slot = held.root().parent().unwrap().to_owned();
    fs::rename(&world.repo.root, world.repo.root.with_extension("gone")).unwrap();
    let gone = prune(0);
    assert!(gone == [free], "{gone:?}");
    drop(held);
    assert_eq!(prune(0), std::slice::from_ref(&slot));
    assert!(!slot.parent().unwrap().exists());
}

#[test]
fn a_lease_is_free_again_when_its_holder_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let slot = folder.path().join("link-1");
    let lease = lease::lock(&slot).unwrap().unwrap();
    assert!(lease::lock(&slot).unwrap().is_none());
    drop(lease);
    let lease = lease::lock(&slot).unwrap();
    assert!(lease.is_some());
    let age = fs::metadata(slot.join("lease"))
        .unwrap()
        .modified()
        .unwrap()
        .elapsed();
    assert!(age.unwrap_or_default() < Duration::from_mins(1));
}
