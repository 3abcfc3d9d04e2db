//! Indexes that git wrote, then cut, bent and made up: no byte of them may bring guard down.

use proptest::prelude::*;

use super::*;
use crate::repository::tests::Repo;

/// A real index of a version, and the tree of its HEAD.
fn real(version: &str) -> (Vec<u8>, Vec<u8>) {
    let repo = Repo::new();
    for path in ["a/b/c", "a/b/d", "a/e", "f", "g/h"] {
        repo.write(path, path);
    }
    repo.git(&["add", "."]);
    repo.git(&["commit", "-q", "-m", "x"]);
    repo.stage("a/b/d", "other");
    repo.write("meant", "x");
    repo.git(&["add", "-N", "meant"]);
    repo.git(&["update-index", "--index-version", version]);
    let index = std::fs::read(repo.root.join(".git/index")).unwrap();
    let git = |arguments: &[&str]| repo.try_git(arguments).stdout;
    (index, git(&["cat-file", "tree", "HEAD^{tree}"]))
}

/// The same bytes as a file, passed over in steps of a few bytes; none where it would be read whole.
#[cfg(unix)]
fn in_parts(bytes: &[u8], part: usize) -> Result<Option<Index>, Unreadable> {
    let sizes = parts::Sizes {
        large: 0,
        window: 1,
        part,
    };
    let file = tempfile::tempfile().unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, bytes, 0).unwrap();
    parts::read(&file, bytes.len(), None, sizes)
}

/// All that an index tells.
#[cfg(unix)]
fn told(index: &Index) -> String {
    let asked = [&b""[..], b"a", b"a/b", b"a/b/d", b"b", b"g/h", b"z"];
    let asked = asked.map(|path| (index.position(path), index.find(path)));
    let all: Vec<_> = index.entries().collect();
    let (unmerged, tree) = (index.unmerged, index.known_tree());
    format!(
        "{all:?} {asked:?} {unmerged} {tree:?} {:?}",
        index.folders()
    )
}

/// However it is read, an index tells the same.
#[cfg(unix)]
fn compare_ways(bytes: &[u8]) {
    let whole = Index::parse(bytes.to_vec(), None);
    let is_sorted = |index: &Index| {
        let all: Vec<_> = index.entries().map(|entry| entry.path).collect();
        all.is_sorted()
    };
    for part in [1, 2, 3, 100] {
        match (&whole, in_parts(bytes, part)) {
            (_, Ok(None)) => {}
            (Ok(whole), Ok(Some(parted))) => {
                assert_eq!(whole.len(), parted.len());
                // Where to look for a name is anybody's guess otherwise.
                if is_sorted(whole) {
                    assert_eq!(told(&parted), told(whole), "{part}");
                }
                assert!(!parted.is_other());
            }
            (Err(whole), Err(parted)) => assert_eq!(whole.is_damage(), parted.is_damage()),
            (whole, parted) => panic!("{part}: {whole:?} beside {parted:?}"),
        }
    }
}

#[cfg(unix)]
#[test]
fn what_was_written_into_the_file_is_noticed() {
    use std::os::unix::fs::FileExt;
    let bytes = real("2").0;
    let file = tempfile::tempfile().unwrap();
    file.write_all_at(&bytes, 0).unwrap();
    let sizes = parts::Sizes {
        large: 0,
        window: 100,
        part: 2,
    };
    let index = parts::read(&file, bytes.len(), None, sizes);
    let index = index.unwrap().unwrap();
    assert_eq!(index.entry(0).unwrap().path, b"a/b/c");
    // Any byte of the entries that were not read again yet.
    let last = memchr::memmem::find(&bytes, b"g/h").unwrap();
    file.write_all_at(b"G", last as u64).unwrap();
    assert_eq!(index.entry(1).unwrap().path, b"a/b/d");
    assert!(!index.is_other());
    assert!(index.find(b"g/h").is_none());
    assert!(index.is_other());
    file.write_all_at(b"g", last as u64).unwrap();
    assert!(index.is_other(), "what was told stays doubtful");
}

/// Whatever is asked of an index, once it was read.
fn use_all(bytes: Vec<u8>, tree: &[u8]) -> bool {
    #[cfg(unix)]
    compare_ways(&bytes);
    if let Ok(index) = Index::parse(bytes.clone(), None) {
        for entry in index.entries() {
            assert!(index.position(entry.path) <= index.len());
            let numbers: Vec<u32> = (0..10).map(|at| entry.number(at)).collect();
            assert_eq!(numbers[6], entry.mode());
        }
        if let Some(trees) = &index.trees {
            let root = trees.root().into_iter();
            for (_, child) in root.flat_map(|root| trees.children(root)) {
                trees.known(child);
            }
        }
    }
    names_from_bytes(bytes, tree).is_ok()
}

#[test]
fn a_name_longer_than_its_field_is_read_whole() {
    let repo = Repo::new();
    let folder = ["d".repeat(200).as_str(); 25].join("/");
    for version in ["2", "4"] {
        let blob = repo.git(&["hash-object", "-w", "/dev/null"]);
        let entry = format!("100644,{blob},{folder}/x");
        repo.git(&["update-index", "--add", "--cacheinfo", &entry]);
        repo.git(&["update-index", "--index-version", version]);
        let bytes = std::fs::read(repo.root.join(".git/index")).unwrap();
        #[cfg(unix)]
        compare_ways(&bytes);
        let index = Index::parse(bytes, None).unwrap();
        let entry = index.entry(0).unwrap();
        assert_eq!(entry.path, format!("{folder}/x").as_bytes());
        assert!(index.find(entry.path).is_some());
    }
}

#[test]
fn every_cut_and_every_bent_byte_is_borne() {
    for version in ["2", "4"] {
        let (index, tree) = real(version);
        assert!(names_from_bytes(index.clone(), b"").is_ok());
        for cut in 0..index.len() {
            assert!(!use_all(index[..cut].to_vec(), &tree), "cut at {cut}");
        }
        for at in 0..index.len() {
            for value in [0, 1, 0x2f, 0x7f, 0x80, 0xff] {
                let mut bent = index.clone();
                bent[at] = value;
                use_all(bent, &tree);
            }
        }
        for at in 0..tree.len() {
            for value in [0, b' ', b'/', b'4', 0xff] {
                let mut bent = tree.clone();
                bent[at] = value;
                use_all(index.clone(), &bent);
            }
        }
    }
}

#[test]
fn a_huge_count_and_names_that_grow_are_refused() {
    let mut bytes = b"DIRC\0\0\0\x02\xff\xff\xff\xff".to_vec();
    bytes.extend_from_slice(&[0; 1000]);
    assert_eq!(Index::parse(bytes, None).err(), Some(CORRUPT));

    // Each entry of 64 bytes keeps all of the name before it.
    let count = 200_000_u32;
    let mut bytes = b"DIRC\0\0\0\x04".to_vec();
    bytes.extend_from_slice(&count.to_be_bytes());
    for which in 0..count {
        bytes.extend_from_slice(&[0; FLAGS + 2 + 1]);
        if which == 0 {
            bytes.extend_from_slice("x".repeat(60_000).as_bytes());
        }
        bytes.push(0);
    }
    bytes.extend_from_slice(&[0; ID]);
    assert_eq!(Index::parse(bytes, None).err(), Some(CORRUPT));
}

/// Where every tree is empty.
struct NoTree;

impl Trees for NoTree {
    type Tree = Vec<u8>;

    fn tree(&self, _: &[u8]) -> Result<Vec<u8>, Unreadable> {
        Ok(Vec::new())
    }
}

#[test]
fn a_tree_cache_that_does_not_fit_is_not_believed() {
    let repo = Repo::new();
    repo.commit("a/b", "1");
    let (head, file) = (repo.id("HEAD^{tree}"), repo.root.join(".git/index"));
    let whole = std::fs::read(&file).unwrap();
    let at = memchr::memmem::find(&whole, b"TREE").unwrap();
    for lie in ["9 1", "0 1", "2 1"] {
        // The root's count, in the first line of the extension.
        let mut bent = whole.clone();
        bent[at + 9..at + 12].copy_from_slice(lie.as_bytes());
        let index = Index::parse(bent, None).unwrap();
        let found = staged(&NoTree, Some(head.as_bytes()), &index);
        let why = "a tree cache that does not fit the index";
        assert_eq!(found, Err(Unreadable(why)), "{lie}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn made_up_bytes_are_borne(
        version in prop_oneof![Just(2_u32), Just(3), Just(4), any::<u32>()],
        count in prop_oneof![0..9_u32, any::<u32>()],
        body in prop::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 0..700),
        tree in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let head = [b"DIRC".to_vec(), version.to_be_bytes().to_vec(), count.to_be_bytes().to_vec()];
        use_all([head.concat(), body].concat(), &tree);
    }
}
