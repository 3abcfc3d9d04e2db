//! Attributes, filters and git LFS.

use std::fs;

use sha2::{Digest, Sha256};

use super::*;
use crate::path::RepoPath;

#[test]
fn changed_attributes_change_files_that_did_not_and_no_others() {
    let world = World::new();
    world.repo.git(&["config", "core.autocrlf", "false"]);
    let none = world.repo.commit("web/a.txt", "a\n");
    world.repo.commit("web/b.bin", "b\n");
    let none = {
        let _ = none;
        world.repo.commit("c.txt", "c\n")
    };
    let some = world.repo.commit("web/.gitattributes", "*.txt eol=crlf\n");
    let checkout = world.at(none);
    let root = checkout.root().to_owned();
    let before = ["web/b.bin", "c.txt", "web/a.txt"].map(|path| identity(&root.join(path)));
    drop(checkout);
    let checkout = world.at(some);
    world.assert_is(&checkout, some);
    assert_eq!(fs::read(root.join("web/a.txt")).unwrap(), b"a\r\n");
    let after = ["web/b.bin", "c.txt", "web/a.txt"].map(|path| identity(&root.join(path)));
    assert_eq!(before[..2], after[..2]);
    assert_ne!(before[2], after[2]);
    drop(checkout);
    world.assert_is(&world.at(none), none);
}

#[test]
fn changed_settings_change_files_too() {
    let world = World::new();
    let commit = world.repo.commit("a.txt", "a\n");
    world.assert_is(&world.at(commit), commit);
    world.repo.git(&["config", "core.autocrlf", "true"]);
    let checkout = world.at(commit);
    assert_eq!(fs::read(checkout.root().join("a.txt")).unwrap(), b"a\r\n");
    drop(checkout);
    world.repo.git(&["config", "core.autocrlf", "false"]);
    let checkout = world.at(commit);
    assert_eq!(fs::read(checkout.root().join("a.txt")).unwrap(), b"a\n");
    drop(checkout);
    fs::create_dir_all(world.repo.root.join(".git/info")).unwrap();
    fs::write(world.repo.root.join(".git/info/attributes"), "* eol=crlf\n").unwrap();
    let checkout = world.at(commit);
    assert_eq!(fs::read(checkout.root().join("a.txt")).unwrap(), b"a\r\n");
}

#[test]
fn a_filter_that_must_not_fail_and_does_is_named() {
    let world = World::new();
    world.repo.commit("ok", "ok");
    world.repo.commit("secret", "cipher");
    world.repo.git(&["config", "filter.crypt.smudge", "false"]);
    world.repo.git(&["config", "filter.crypt.required", "true"]);
    world.repo.git(&["config", "filter.crypt.clean", "cat"]);
    let commit = world.repo.commit(".gitattributes", "secret filter=crypt\n");
    match world.try_of(Judged::Commit(commit)).err() {
        Some(CheckoutError::Conversion { path, filter, said }) => {
            assert_eq!(path, RepoPath::from("secret"));
            assert_eq!(filter.as_deref(), Some("crypt"));
            assert!(
                said.contains("smudge filter crypt failed") || said.contains("external filter"),
                "{said}"
            );
        }
        other => panic!("{other:?}"),
    }
    // The next use repairs what was cut short.
    world
        .repo
        .git(&["config", "filter.crypt.smudge", "tr a-z A-Z"]);
    let checkout = world.at(commit);
    assert_eq!(fs::read(checkout.root().join("secret")).unwrap(), b"CIPHER");
}

fn pointer(content: &[u8]) -> (String, String) {
    let oid = Id::from_bytes(&Sha256::digest(content))
        .unwrap()
        .to_string();
    let size = content.len();
    let text =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n");
    (oid, text)
}

#[test]
fn lfs_objects_come_from_here_or_are_named_and_no_filter_runs() {
    let world = World::new();
    let ran = world.home().join("ran");
    let (oid, text) = pointer(b"large content");
    world.repo.stage("big/a.bin", &text);
    world.repo.stage("big/empty.bin", "");
    world.repo.stage("big/none.bin", pointer(b"").1);
    world.repo.stage("not-lfs.txt", &text);
    let commit = world.repo.commit(
        ".gitattributes",
        "*.bin filter=lfs diff=lfs merge=lfs -text\n",
    );
    for kind in ["smudge", "process", "clean"] {
        let command = format!("touch '{}'; cat", ran.display());
        world
            .repo
            .git(&["config", &format!("filter.lfs.{kind}"), &command]);
    }
    world.repo.git(&["config", "filter.lfs.required", "true"]);
    let error = world.try_of(Judged::Commit(commit)).err();
    let paths = vec![RepoPath::from("big/a.bin")];
    assert_eq!(error, Some(CheckoutError::LfsMissing { paths }));

    let object = format!(".git/lfs/objects/{}/{}/{oid}", &oid[..2], &oid[2..4]);
    world.repo.write(&object, "LARGE content");
    let error = world.try_of(Judged::Commit(commit)).err();
    assert!(
        matches!(error, Some(CheckoutError::LfsDamaged { .. })),
        "{error:?}"
    );

    world.repo.write(&object, "large content");
    let checkout = world.at(commit);
    let read = |path: &str| fs::read(checkout.root().join(path)).unwrap();
    assert_eq!(read("big/a.bin"), b"large content");
    assert_eq!(read("big/empty.bin"), b"");
    assert_eq!(read("big/none.bin"), b"");
    assert_eq!(read("not-lfs.txt"), text.as_bytes());
    assert!(!ran.exists(), "git LFS was started");
    assert!(checkout.changed().unwrap().is_empty());
    fs::write(checkout.root().join("big/a.bin"), "large CONTENT").unwrap();
    assert_eq!(checkout.changed().unwrap(), [RepoPath::from("big/a.bin")]);
}
