//! The store, with real files, locks and threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::prune::Limits;
use super::*;
use crate::clock::Timestamp;
use crate::process::signal::{Cancel, Interruption};

const DAY: u64 = 24 * 3600 * 1000;
const NOW: Timestamp = Timestamp(1_795_250_940_000);

/// A common git folder and the store in it.
fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::of(folder.path()).unwrap();
    (folder, store)
}

fn key(name: impl AsRef<[u8]>) -> Key {
    Fields::new("test").bytes(name.as_ref()).key()
}

fn record(at: Timestamp) -> Record {
    Record {
        id: "lint".to_owned(),
        at,
        duration_ms: 5,
    }
}

/// Every file below the store, without its locks.
fn files(store: &Store) -> Vec<PathBuf> {
    let shards = fs::read_dir(store.folder()).into_iter().flatten().flatten();
    let shards = shards.filter(|shard| shard.path() != store.flights());
    let mut files: Vec<PathBuf> = shards
        .flat_map(|shard| fs::read_dir(shard.path()).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

#[test]
fn what_is_put_is_found_and_nothing_else() {
    let (folder, store) = store();
    assert_eq!(store.find(&key("a")), None);
    assert!(
        !folder.path().join("guard").exists(),
        "looking makes nothing"
    );
    store.put(&key("a"), &record(NOW)).unwrap();
    assert_eq!(store.find(&key("a")), Some(record(NOW)));
    assert_eq!(store.find(&key("b")), None);
    let again = Store::of(folder.path()).unwrap();
    assert_eq!(again.find(&key("a")), Some(record(NOW)));
    let newer = record(Timestamp(NOW.0 + 1));
    store.put(&key("a"), &newer).unwrap();
    assert_eq!(store.find(&key("a")), Some(newer));
    assert_eq!(files(&store).len(), 1, "and nothing unfinished is left");
}

#[test]
fn every_prefix_and_every_changed_byte_is_a_miss() {
    let key = key("a");
    let whole = record(NOW).write(&key);
    assert!(Record::read(&key, &whole).is_some());
    for cut in 0..whole.len() {
        assert_eq!(Record::read(&key, &whole[..cut]), None, "{cut}");
    }
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            assert_eq!(Record::read(&key, &bytes), None, "{at}");
        }
    }
    assert_eq!(Record::read(&self::key("b"), &whole), None);
}

#[test]
fn one_key_is_one_flight_at_a_time() {
    let (_folder, store) = store();
    let (inside, most, flights) = (AtomicUsize::new(0), AtomicUsize::new(0), 200);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..flights / 4 {
                    let claim = store.claim(&key("a"), &Cancel::new(), Duration::from_mins(1));
                    assert!(matches!(claim, Claim::Mine(_)), "{claim:?}");
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    thread::yield_now();
                    inside.fetch_sub(1, Ordering::SeqCst);
                    drop(claim);
                }
            });
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert_eq!(
        fs::read_dir(store.flights()).unwrap().count(),
        0,
        "no lock is left behind"
    );
}

#[test]
fn other_keys_do_not_wait_and_a_wait_ends() {
    let (_folder, store) = store();
    let cancel = Cancel::new();
    let held = store.claim(&key("a"), &cancel, Duration::ZERO);
    assert!(matches!(held, Claim::Mine(_)));
    assert!(matches!(
        store.claim(&key("b"), &cancel, Duration::ZERO),
        Claim::Mine(_)
    ));
    assert!(matches!(
        store.claim(&key("a"), &cancel, Duration::ZERO),
        Claim::Without
    ));
    cancel.cancel(Interruption::Interrupt);
    let waited = store.claim(&key("a"), &cancel, Duration::from_hours(1));
    assert!(matches!(waited, Claim::Cancelled));
    drop(held);
    let free = store.claim(&key("a"), &cancel, Duration::ZERO);
    assert!(matches!(free, Claim::Mine(_)));
}

/// Many keys whose records lie in one folder.
fn neighbours(count: usize) -> Vec<Key> {
    let all = (0_u64..).map(|number| key(number.to_le_bytes()));
    all.filter(|key| key.shard() == 7).take(count).collect()
}

#[test]
fn the_least_used_go_when_there_are_too_many() {
    let (_folder, mut store) = store();
    let keys = neighbours(8);
    let size = record(NOW).write(&keys[0]).len() as u64;
    for limits in [
        Limits {
            records: 5,
            bytes: u64::MAX,
        },
        Limits {
            records: usize::MAX,
            bytes: 5 * size,
        },
    ] {
        store.limits = limits;
        for (at, key) in keys.iter().enumerate() {
            let age = Timestamp(NOW.0 - DAY * 10 + at as u64 * 1000);
            store.put(key, &record(age)).unwrap();
            // The first is of use all the time.
            store.touch(&keys[0], NOW);
            assert!(files(&store).len() <= 5);
        }
        let found = keys.iter().map(|key| store.find(key).is_some());
        let found: Vec<bool> = found.collect();
        assert_eq!(found, [true, false, false, false, true, true, true, true]);
        store.prune(Prune::All, NOW).unwrap();
    }
}

#[test]
fn use_is_written_down_once_a_day() {
    let (_folder, store) = store();
    store.put(&key("a"), &record(NOW)).unwrap();
    let time = || files(&store)[0].metadata().unwrap().modified().unwrap();
    let before = time();
    store.touch(&key("a"), Timestamp(NOW.0 + DAY));
    assert_eq!(time(), before);
    store.touch(&key("a"), Timestamp(NOW.0 + DAY + 1));
    assert!(time() > before);
    store.touch(&key("b"), NOW);
}

#[test]
fn a_prune_takes_what_is_of_no_use() {
    let (_folder, store) = store();
    let old = Timestamp(NOW.0 - 31 * DAY);
    store.put(&key("good"), &record(NOW)).unwrap();
    store.put(&key("old"), &record(old)).unwrap();
    store.put(&key("bad"), &record(NOW)).unwrap();
    let path = |key: &Key| {
        store
            .folder()
            .join(format!("{:02x}", key.shard()))
            .join(key.to_string())
    };
    fs::write(path(&key("bad")), "no record").unwrap();
    fs::write(store.folder().join("stranger"), "x").unwrap();
    let draft = path(&key("good")).with_file_name(".new-0");
    fs::write(&draft, "half").unwrap();
    let held = store.claim(&key("held"), &Cancel::new(), Duration::ZERO);
    fs::write(store.flights().join(key("left").to_string()), "").unwrap();

    let pruned = store.prune(Prune::Useless, NOW).unwrap();
    // The old one, the bad one, the stranger, the lock; the draft is too young.
    assert_eq!((pruned.removed, pruned.kept), (4, 2));
    assert!(store.find(&key("good")).is_some() && draft.exists());
    assert_eq!(
        fs::read_dir(store.flights()).unwrap().count(),
        1,
        "one is held"
    );
    let hours = Timestamp(
        u64::try_from(
            draft
                .metadata()
                .unwrap()
                .modified()
                .unwrap()
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap()
                .as_millis(),
        )
        .unwrap()
            + 3_600_001,
    );
    assert_eq!(store.prune(Prune::All, hours).unwrap().kept, 0);
    assert_eq!(files(&store), Vec::<PathBuf>::new());
    drop(held);
    assert_eq!(store.prune(Prune::All, NOW).unwrap().removed, 0);
    store.put(&key("good"), &record(NOW)).unwrap();
    assert!(store.find(&key("good")).is_some());
}

#[test]
fn a_prune_and_many_writers_do_not_hurt_each_other() {
    let (_folder, store) = store();
    thread::scope(|scope| {
        for writer in 0..3_u64 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..50_u64 {
                    let key = key([writer, number].map(u64::to_le_bytes).concat());
                    store.put(&key, &record(NOW)).unwrap();
                    if let Some(found) = store.find(&key) {
                        assert_eq!(found, record(NOW));
                    }
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..20 {
                store.prune(Prune::All, NOW).unwrap();
            }
        });
    });
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) {
    std::os::unix::fs::symlink(target, at).unwrap();
}

#[test]
#[cfg(unix)]
fn no_link_is_followed() {
    for name in ["guard", "guard/records"] {
        let folder = tempfile::tempdir().unwrap();
        let target = tempfile::tempdir().unwrap();
        let at = folder.path().join(name);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        link(target.path(), &at);
        assert!(matches!(
            Store::of(folder.path()),
            Err(StoreError::NotAFolder(_))
        ));
    }
    let (_folder, store) = store();
    let target = tempfile::tempdir().unwrap();
    store.put(&key("a"), &record(NOW)).unwrap();
    let shard = files(&store)[0].parent().unwrap().to_owned();
    fs::rename(&shard, target.path().join("moved")).unwrap();
    link(&target.path().join("moved"), &shard);
    assert_eq!(store.find(&key("a")), None);
    assert!(store.put(&key("a"), &record(NOW)).is_err());
    link(target.path(), &store.flights());
    assert!(matches!(
        store.claim(&key("a"), &Cancel::new(), Duration::ZERO),
        Claim::Without
    ));
    store.prune(Prune::All, NOW).unwrap();
    assert_eq!(
        fs::read_dir(target.path().join("moved")).unwrap().count(),
        1
    );
}

#[test]
#[cfg(unix)]
fn a_pipe_is_neither_read_nor_waited_for() {
    let (_folder, store) = store();
    store.put(&key("a"), &record(NOW)).unwrap();
    let path = files(&store)[0].clone();
    fs::remove_file(&path).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(&path)
        .status()
        .unwrap();
    assert!(made.success());
    assert_eq!(store.find(&key("a")), None);
    store.put(&key("a"), &record(NOW)).unwrap();
    assert!(store.find(&key("a")).is_some());
}
