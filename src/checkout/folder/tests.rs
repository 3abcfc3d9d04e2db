//! Folders against links.

use std::fs;
use std::os::unix::fs::symlink;

use super::*;

#[test]
fn no_path_leaves_its_folder() {
    let place = tempfile::tempdir().unwrap();
    let outside = place.path().join("outside");
    fs::create_dir_all(outside.join("inner")).unwrap();
    let inside = place.path().join("inside");
    fs::create_dir_all(inside.join("real/folder")).unwrap();
    fs::write(inside.join("file"), "").unwrap();
    symlink(&outside, inside.join("link")).unwrap();
    symlink("real", inside.join("near")).unwrap();
    symlink("link", inside.join("real/up")).unwrap();
    let root = Folder::open(&inside).unwrap();
    assert!(root.below(b"real/folder").unwrap().is_some());
    assert!(root.step(b"real/folder").is_ok());
    for path in [
        "link",
        "link/inner",
        "near",
        "near/folder",
        "real/up",
        "file",
        "file/x",
        "missing",
    ] {
        assert!(root.below(path.as_bytes()).unwrap().is_none(), "{path}");
        assert!(root.step(path.as_bytes()).is_err(), "{path}");
    }
    for path in ["..", "../outside", "real/../../outside", "/", "/etc"] {
        assert!(
            !matches!(root.below(path.as_bytes()), Ok(Some(_))),
            "{path}"
        );
        assert!(root.step(path.as_bytes()).is_err(), "{path}");
        assert!(root.make_below(path.as_bytes()).is_err(), "{path}");
    }
    for path in ["link/new", "near/new", "file/new"] {
        assert!(root.make_below(path.as_bytes()).is_err(), "{path}");
    }
    assert!(Folder::open(&inside.join("link")).is_err());
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
}

#[test]
fn what_is_removed_is_the_link_and_never_what_it_leads_to() {
    let place = tempfile::tempdir().unwrap();
    let outside = place.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("precious"), "precious").unwrap();
    let inside = place.path().join("inside");
    fs::create_dir_all(inside.join("a/b/c")).unwrap();
    symlink(&outside, inside.join("a/b/link")).unwrap();
    symlink(outside.join("precious"), inside.join("file")).unwrap();
    symlink(&outside, inside.join("link")).unwrap();
    let root = Folder::open(&inside).unwrap();
    for name in [&b"a"[..], b"file", b"link", b"missing"] {
        root.remove(name).unwrap();
    }
    assert_eq!(root.names().unwrap(), Vec::<Vec<u8>>::new());
    assert_eq!(fs::read(outside.join("precious")).unwrap(), b"precious");
}

#[test]
fn no_name_is_written_through() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("target");
    let inside = place.path().join("inside");
    fs::create_dir(&inside).unwrap();
    symlink(&target, inside.join("link")).unwrap();
    let root = Folder::open(&inside).unwrap();
    assert!(root.create(b"link", false).is_err());
    assert!(root.link(b"link", b"x").is_err());
    assert!(root.file(b"link").unwrap().is_none());
    root.create(b"new", false).unwrap();
    root.rename(b"new", &root, b"link").unwrap();
    assert!(!target.exists());
    assert!(root.file(b"link").unwrap().is_some());
    assert!(root.file(b".").unwrap().is_none());
}
