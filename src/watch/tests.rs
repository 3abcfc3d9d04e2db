//! What a real folder tells while real files change in it.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::{Mark, Watch, Written};
use crate::path::RepoPath;

const FILES: [&str; 5] = ["a", "b", "in/c", "in/deep/d", "other/e"];

/// A folder with the files, each as old as the hills.
fn tree() -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    for name in FILES {
        let file = tree.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, name).unwrap();
    }
    tree
}

fn folders() -> Vec<RepoPath> {
    ["", "in", "in/deep", "other", "not/there"]
        .map(RepoPath::from)
        .to_vec()
}

fn written(watch: &Watch, mark: Mark) -> Written {
    watch.written_since(mark, || FILES.map(RepoPath::from).to_vec())
}

fn contents(watch: &Watch, mark: Mark) -> Vec<String> {
    let found = written(watch, mark).contents;
    found.iter().map(RepoPath::to_string).collect()
}

/// Waits until the clock of the file system has surely moved on.
fn later(root: &Path) {
    let (start, probe) = (SystemTime::now(), root.join(".probe"));
    let wanted = start + Duration::from_millis(60);
    for _ in 0..10_000_000 {
        fs::write(&probe, "x").unwrap();
        let now = probe.symlink_metadata().unwrap().modified().unwrap();
        if now > wanted {
            fs::remove_file(&probe).unwrap();
            return;
        }
    }
    panic!("the clock stands still");
}

#[test]
fn times_tell_what_was_written_made_moved_and_removed() {
    let tree = tree();
    let root = tree.path();
    fs::remove_file(root.join("other/e")).unwrap();
    later(root);
    let watch = Watch::refused(root);
    let mark = watch.mark();
    assert_eq!(contents(&watch, mark), Vec::<String>::new());
    fs::write(root.join("b"), "new").unwrap();
    fs::remove_file(root.join("in/c")).unwrap();
    assert_eq!(contents(&watch, mark), ["b", "in/c"]);
    fs::rename(root.join("b"), root.join("a")).unwrap();
    // That a folder is gone was written in the one above.
    fs::remove_dir_all(root.join("in")).unwrap();
    assert_eq!(contents(&watch, mark), ["a", "b", "in/c", "in/deep/d"]);
    later(root);
    let mark = watch.mark();
    later(root);
    fs::write(root.join("other/e"), "again").unwrap();
    let found = contents(&watch, mark);
    assert!(found.contains(&"other/e".to_owned()), "{found:?}");
    assert!(!found.contains(&"a".to_owned()), "{found:?}");
}

#[cfg(unix)]
#[test]
fn a_time_that_was_set_back_hides_nothing() {
    let tree = tree();
    let root = tree.path();
    later(root);
    let watch = Watch::refused(root);
    let mark = watch.mark();
    let file = fs::File::options().write(true).open(root.join("a"));
    file.unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(contents(&watch, mark), ["a"]);
}

#[cfg(target_os = "linux")]
mod told {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::sync::Barrier;

    use proptest::prelude::*;

    use super::*;

    fn on(root: &Path) -> Watch {
        let watch = Watch::on(root, folders());
        assert!(watch.queue.is_some(), "the system refuses to watch");
        watch
    }

    /// What one deed is told as.
    fn after(deed: impl FnOnce(&Path)) -> Vec<String> {
        let tree = tree();
        let watch = on(tree.path());
        let mark = watch.mark();
        deed(tree.path());
        contents(&watch, mark)
    }

    #[test]
    fn every_way_to_write_is_told_by_name() {
        let none = Vec::<String>::new();
        assert_eq!(after(|_| ()), none);
        assert_eq!(after(|root| drop(fs::read(root.join("a")))), none);
        assert_eq!(after(|root| fs::write(root.join("a"), "1").unwrap()), ["a"]);
        let cut = |root: &Path| drop(fs::File::create(root.join("in/c")).unwrap());
        assert_eq!(after(cut), ["in/c"]);
        let shorter = |root: &Path| {
            let file = fs::File::options().write(true).open(root.join("b"));
            file.unwrap().set_len(0).unwrap();
        };
        assert_eq!(after(shorter), ["b"]);
        let rename = |root: &Path| fs::rename(root.join("a"), root.join("in/c")).unwrap();
        assert_eq!(after(rename), ["a", "in/c"]);
        let remove = |root: &Path| fs::remove_file(root.join("in/deep/d")).unwrap();
        assert_eq!(after(remove), ["in/deep/d"]);
        let link = |root: &Path| symlink("a", root.join("new")).unwrap();
        assert_eq!(after(link), ["new"]);
        // Through another name of the same folder.
        let aside = |root: &Path| {
            symlink(root.join("in"), root.join("way")).unwrap();
            fs::write(root.join("way/deep/d"), "1").unwrap();
        };
        assert_eq!(after(aside), ["in/deep/d", "way"]);
        let still_open = |root: &Path| {
            use std::io::Write;
            let mut file = fs::File::options().append(true).open(root.join("a"));
            file.as_mut().unwrap().write_all(b"more").unwrap();
            std::mem::forget(file);
        };
        assert_eq!(after(still_open), ["a"]);
    }

    #[test]
    fn a_mode_that_was_set_is_told_apart() {
        let tree = tree();
        let watch = on(tree.path());
        let mark = watch.mark();
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(tree.path().join("in/c"), mode.clone()).unwrap();
        fs::set_permissions(tree.path().join("in"), mode).unwrap();
        let found = written(&watch, mark);
        assert_eq!(found.contents.len(), 0, "{found:?}");
        assert_eq!(found.attributes, ["in/c".into()].into());
    }

    #[test]
    fn marks_part_what_comes_before_from_what_comes_after() {
        let tree = tree();
        let write = |name: &str| fs::write(tree.path().join(name), "1").unwrap();
        let watch = on(tree.path());
        write("a");
        let first = watch.mark();
        write("b");
        let second = watch.mark();
        write("in/c");
        assert_eq!(contents(&watch, first), ["b", "in/c"]);
        assert_eq!(contents(&watch, second), ["in/c"]);
        write("b");
        assert_eq!(contents(&watch, second), ["b", "in/c"]);
        assert_eq!(contents(&watch, watch.mark()), Vec::<String>::new());
    }

    #[test]
    fn a_folder_that_comes_and_goes_is_followed() {
        let tree = tree();
        let root = tree.path();
        let watch = on(root);
        let mark = watch.mark();
        fs::rename(root.join("in"), root.join("away")).unwrap();
        let found = contents(&watch, mark);
        assert!(found.contains(&"in".to_owned()), "{found:?}");
        // What is written there now is no business of the watch.
        let mark = watch.mark();
        fs::write(root.join("away/c"), "1").unwrap();
        assert_eq!(contents(&watch, mark), Vec::<String>::new());
        // A folder in its place is.
        fs::create_dir_all(root.join("in/deep")).unwrap();
        fs::write(root.join("in/deep/d"), "1").unwrap();
        let found = contents(&watch, mark);
        assert!(found.contains(&"in".to_owned()), "{found:?}");
        let mark = watch.mark();
        fs::write(root.join("in/deep/d"), "2").unwrap();
        assert_eq!(contents(&watch, mark), ["in/deep/d"]);
        // Back again: each of both is what it is called now.
        fs::remove_dir_all(root.join("in")).unwrap();
        fs::rename(root.join("away"), root.join("in")).unwrap();
        let mark = watch.mark();
        fs::write(root.join("in/c"), "3").unwrap();
        fs::write(root.join("in/deep/d"), "3").unwrap();
        assert_eq!(contents(&watch, mark), ["in/c", "in/deep/d"]);
    }

    #[test]
    fn a_folder_that_was_not_there_is_watched_once_it_is() {
        let tree = tree();
        let root = tree.path();
        let folders = ["", "not", "not/there"].map(RepoPath::from).to_vec();
        let watch = Watch::on(root, folders);
        let mark = watch.mark();
        fs::create_dir_all(root.join("not/there")).unwrap();
        assert_eq!(contents(&watch, mark), ["not"]);
        let mark = watch.mark();
        fs::write(root.join("not/there/x"), "1").unwrap();
        assert_eq!(contents(&watch, mark), ["not/there/x"]);
    }

    #[test]
    fn a_folder_behind_a_link_is_not_the_one_that_was_meant() {
        let tree = tree();
        let root = tree.path();
        fs::rename(root.join("in"), root.join("real")).unwrap();
        symlink("real", root.join("in")).unwrap();
        let watch = on(root);
        let mark = watch.mark();
        fs::write(root.join("real/deep/d"), "1").unwrap();
        assert_eq!(contents(&watch, mark), Vec::<String>::new());
    }

    #[test]
    fn where_the_queue_ran_over_the_times_tell() {
        let limit = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap();
        let limit: usize = limit.trim().parse().unwrap();
        let tree = tree();
        let root = tree.path();
        later(root);
        let watch = on(root);
        let mark = watch.mark();
        // Equal events in a row count once, so that two files take turns.
        for number in 0..limit / 2 + 100 {
            fs::write(root.join(["x", "y"][number % 2]), "1").unwrap();
        }
        fs::write(root.join("other/e"), "1").unwrap();
        assert_eq!(contents(&watch, mark), ["other/e"]);
        assert!(watch.told_since(watch.mark()).is_none(), "it knows again");
    }

    const FOLDERS: [&str; 4] = ["", "in", "in/deep", "other"];

    /// What anybody may do to files and folders, by number. What cannot be done is left undone.
    fn deed(root: &Path, (what, which, other): (u8, usize, usize), turn: usize) {
        let folder = |number: usize| root.join(FOLDERS[number % 4]);
        let file = |number: usize| folder(number).join(["a", "b"][number / 4 % 2]);
        let _ = match what {
            0 | 1 => fs::write(file(which), turn.to_string()),
            2 => fs::remove_file(file(which)),
            3 => fs::rename(file(which), file(other)),
            4 => fs::File::create(file(which)).map(drop),
            5 => fs::create_dir_all(folder(which)),
            6 if which % 4 > 0 => fs::remove_dir_all(folder(which)),
            7 if which % 4 > 0 && other % 4 > 0 => fs::rename(folder(which), folder(other)),
            8 if which % 4 > 0 => fs::rename(folder(which), root.join("aside")),
            9 if which % 4 > 0 => fs::rename(root.join("aside"), folder(which)),
            10 => fs::copy(file(which), file(other)).map(drop),
            11 => symlink("a", file(which)),
            _ => Ok(()),
        };
    }

    /// What lies at each place that is watched: a link's target, or a file's content.
    fn snapshot(root: &Path) -> Vec<(RepoPath, Option<Vec<u8>>)> {
        let folders = FOLDERS.iter().map(|folder| RepoPath::from(*folder));
        let files = folders.flat_map(|folder| [folder.join(b"a"), folder.join(b"b")]);
        let content = |place: &Path| match fs::read_link(place) {
            Ok(target) => Some(target.into_os_string().into_encoded_bytes()),
            Err(_) => fs::read(place).ok(),
        };
        files
            .map(|file| (file.clone(), content(&root.join(file.to_os()))))
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn whatever_happens_no_change_is_missed(
            deeds in prop::collection::vec((0..12_u8, 0..8_usize, 0..8_usize), 1..25),
            marked in prop::collection::vec(any::<bool>(), 25),
        ) {
            let tree = tempfile::tempdir().unwrap();
            let root = tree.path();
            for folder in FOLDERS {
                fs::create_dir_all(root.join(folder)).unwrap();
                fs::write(root.join(folder).join("a"), "").unwrap();
            }
            let watch = on(root);
            let mut marks = vec![(watch.mark(), snapshot(root))];
            for (turn, deed) in deeds.iter().enumerate() {
                self::deed(root, *deed, turn);
                if marked[turn] {
                    marks.push((watch.mark(), snapshot(root)));
                }
            }
            let now = snapshot(root);
            for (number, (mark, then)) in marks.iter().enumerate() {
                let found = written(&watch, *mark).contents;
                for (file, content) in then {
                    let is_same = now.contains(&(file.clone(), content.clone()));
                    let is_told = found.iter().any(|path| file.is_within(path));
                    prop_assert!(is_same || is_told, "{file} since mark {number}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn several_share_one_watch() {
        let tree = tree();
        let root = tree.path();
        let watch = on(root);
        let together = Barrier::new(8);
        std::thread::scope(|scope| {
            for number in 0..8 {
                let (watch, together) = (&watch, &together);
                scope.spawn(move || {
                    let name = format!("in/deep/{number}");
                    for turn in 0..50 {
                        together.wait();
                        let mark = watch.mark();
                        fs::write(root.join(&name), turn.to_string()).unwrap();
                        let found = contents(watch, mark);
                        assert!(found.contains(&name), "{turn}: {found:?}");
                    }
                });
            }
        });
    }
}
