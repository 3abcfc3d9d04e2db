//! Many sources at once, and what is remembered of them.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::*;

fn id(number: usize) -> [u8; 20] {
    let mut id = [7; 20];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}

/// Scans sources by their paths and texts; says how many were read.
fn scanned(sources: &[(&str, &'static str)], kept: &Kept) -> (Usage, usize) {
    let reads = AtomicUsize::new(0);
    let files: Vec<_> = sources
        .iter()
        .enumerate()
        .map(|(number, (path, text))| File {
            path: RepoPath::from(*path),
            id: Some(id(number)),
            read: || {
                reads.fetch_add(1, Ordering::Relaxed);
                Ok(Cow::Borrowed(text.as_bytes()))
            },
        })
        .collect();
    let usage = scan(files.into_par_iter(), kept);
    (usage, reads.into_inner())
}

const SOURCES: [(&str, &str); 5] = [
    (
        "b.ts",
        "'use client'\nprocess.env.A ?? 'x'; process.env[b]; const = ",
    ),
    ("a.py", "import os\nos.environ['A']\nos.environ['B'] = '1'"),
    ("c.md", "process.env.A"),
    ("d.ts", "const nothing = 1"),
    ("Dockerfile", "ARG A=1"),
];

#[test]
fn sources_are_told_by_their_paths() {
    let (usage, reads) = scanned(&SOURCES, &Kept::default());
    assert_eq!((usage.count, reads), (4, 4));
    let paths: Vec<String> = usage
        .sources
        .iter()
        .map(|source| source.path.to_string())
        .collect();
    assert_eq!(paths, ["Dockerfile", "a.py", "b.ts"]);
    let readers = usage.by_name(&[What::Read]);
    assert_eq!(readers.keys().collect::<Vec<_>>(), [&"A"]);
    assert_eq!(readers["A"].len(), 2);
}

#[test]
fn what_is_known_is_not_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let (first, reads) = scanned(&SOURCES, &Kept::of(folder.path()));
    assert_eq!(reads, 4);
    let (second, reads) = scanned(&SOURCES, &Kept::of(folder.path()));
    assert_eq!((first, 0), (second, reads));
    // The same content as another kind of source is another question.
    let (_, reads) = scanned(&[("b.sh", "echo $A")], &Kept::of(folder.path()));
    assert_eq!(reads, 1);
    // And what was known before is still.
    let (_, reads) = scanned(&SOURCES, &Kept::of(folder.path()));
    assert_eq!(reads, 0);
}

#[test]
fn damage_is_a_miss() {
    let folder = tempfile::tempdir().unwrap();
    let (first, _) = scanned(&SOURCES, &Kept::of(folder.path()));
    let file = folder.path().join("guard/usage");
    let whole = std::fs::read(&file).unwrap();
    for at in (0..whole.len()).step_by(3) {
        let mut bent = whole.clone();
        bent[at] ^= 1;
        std::fs::write(&file, &bent).unwrap();
        let (again, reads) = scanned(&SOURCES, &Kept::of(folder.path()));
        assert_eq!((&first, 4), (&again, reads), "{at}");
        std::fs::write(&file, &whole[..at]).unwrap();
        let (again, reads) = scanned(&SOURCES, &Kept::of(folder.path()));
        assert_eq!((&first, 4), (&again, reads), "{at}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let files = vec![
        File {
            path: RepoPath::from("a.ts"),
            id: None,
            read: Err(Why::NoBytes),
        },
        File {
            path: RepoPath::from("b.ts"),
            id: None,
            read: Ok(vec![b' '; LONGEST + 1]),
        },
    ];
    let files = files.into_par_iter().map(|file| File {
        path: file.path,
        id: file.id,
        read: || file.read.map(Cow::<[u8]>::Owned),
    });
    let usage = scan(files, &Kept::default());
    let whys: Vec<Why> = usage.unread.iter().map(|unread| unread.why).collect();
    assert_eq!(whys, [Why::NoBytes, Why::TooLong]);
}
