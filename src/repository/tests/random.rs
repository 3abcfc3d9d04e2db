//! Thousands of states that people get repositories into, against what git itself says of each.
//!
//! git's own porcelain is the oracle here, called plainly and read by a reader of this file's own.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;

use super::{Repo, both};
use crate::path::RepoPath;
use crate::repository::{Change, Repository, RepositoryError};

/// Random numbers that are the same in each run (xorshift).
pub(super) struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn pick<'a>(&mut self, from: &[&'a [u8]]) -> &'a [u8] {
        from[self.roll(from.len())]
    }
}

/// Names that sort in surprising places, and names that need care.
const NAMES: [&[u8]; 16] = [
    b"a",
    b"a-b",
    b"a.c",
    b"a0",
    b"b",
    b"-n",
    b"new\nline",
    b"q\"uote",
    b"caf\xe9",
    b"sp ace",
    b"$(x)",
    b"*",
    b"tab\t",
    b"\xe6\xbc\xa2",
    b"c",
    b"back\\slash",
];

const LENGTHS: [usize; 4] = [1, 2, 3, 6];

fn path(dice: &mut Dice) -> RepoPath {
    let mut path = RepoPath::root();
    for _ in 0..=dice.roll(3) {
        path = path.join(dice.pick(&NAMES));
    }
    path
}

/// Makes room for a path and puts something there: a file, an executable, or a link.
fn put(repo: &Repo, path: &RepoPath, dice: &mut Dice) {
    let file = repo.root.join(path.to_os());
    for parent in file.ancestors().skip(1).take_while(|p| *p != repo.root) {
        if parent.symlink_metadata().is_ok_and(|about| !about.is_dir()) {
            std::fs::remove_file(parent).unwrap();
        }
    }
    drop(std::fs::remove_dir_all(&file));
    drop(std::fs::remove_file(&file));
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    match dice.roll(6) {
        0 => std::os::unix::fs::symlink("else where", &file).unwrap(),
        kind => {
            std::fs::write(&file, "x".repeat(LENGTHS[dice.roll(4)])).unwrap();
            let mode = if kind == 1 { 0o755 } else { 0o644 };
            let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
            std::fs::set_permissions(&file, mode).unwrap();
        }
    }
}

fn change_something(repo: &Repo, dice: &mut Dice) {
    let path = path(dice);
    let os = path.to_os();
    let name = os.as_os_str();
    let with = |arguments: &[&str]| {
        let mut all: Vec<&std::ffi::OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        all.push(name);
        repo.try_git(&all);
    };
    match dice.roll(12) {
        0..5 => {
            put(repo, &path, dice);
            with(&["--literal-pathspecs", "add", "--"]);
        }
        5 => {
            put(repo, &path, dice);
            with(&["--literal-pathspecs", "add", "-N", "--"]);
        }
        6 => with(&["--literal-pathspecs", "rm", "-rq", "--cached", "--"]),
        7 => with(&["--literal-pathspecs", "rm", "-rqf", "--"]),
        8 => with(&["update-index", "--chmod=+x", "--"]),
        9 => {
            let mut entry = b"160000,1111111111111111111111111111111111111111,".to_vec();
            entry.extend_from_slice(path.as_bytes());
            let entry = std::ffi::OsStr::from_bytes(&entry);
            repo.try_git(&[
                "update-index".as_ref(),
                "--add".as_ref(),
                "--cacheinfo".as_ref(),
                entry,
            ]);
        }
        10 => {
            repo.try_git(&["commit", "-q", "-m", "x"]);
        }
        _ => {
            // What the index says of folders: all of it, none of it, or compressed names.
            let ways: [&[&str]; 5] = [
                &["write-tree"],
                &["update-index", "--index-version", "4"],
                &["update-index", "--index-version", "2"],
                &["read-tree", "HEAD"],
                &["update-index", "--refresh", "-q"],
            ];
            repo.try_git(ways[dice.roll(5)]);
        }
    }
}

/// What git says: the raw form of its difference, read here once more.
fn oracle(repo: &Repo, arguments: &[&str]) -> BTreeMap<Vec<u8>, String> {
    let flags = [
        "--no-renames",
        "--raw",
        "-z",
        "--no-abbrev",
        "--ignore-submodules=none",
    ];
    let output = repo.try_git(&[arguments, &flags].concat());
    assert!(output.status.success(), "{output:?}");
    let mut parts = output.stdout.split(|byte| *byte == 0);
    let mut found = BTreeMap::new();
    while let (Some(head), Some(path)) = (parts.next(), parts.next()) {
        found.insert(path.to_vec(), String::from_utf8(head.to_vec()).unwrap());
    }
    found
}

/// A change in the words of git's raw form.
fn raw(change: &Change) -> String {
    use crate::repository::{Kind, Mode};
    let side = |blob: Option<crate::repository::Blob>| match blob {
        None => ("000000", "0".repeat(40)),
        Some(blob) => {
            let mode = match blob.mode {
                Mode::File => "100644",
                Mode::Executable => "100755",
                Mode::Link => "120000",
                Mode::Submodule => "160000",
            };
            (mode, blob.id.to_string())
        }
    };
    let ((old_mode, old), (new_mode, new)) = (side(change.old), side(change.new));
    let letter = match change.kind {
        Kind::Added => 'A',
        Kind::Modified => 'M',
        Kind::Deleted => 'D',
        Kind::TypeChanged => 'T',
    };
    format!(":{old_mode} {new_mode} {old} {new} {letter}")
}

fn table(changes: &[Change]) -> BTreeMap<Vec<u8>, String> {
    assert!(changes.is_sorted_by(|a, b| a.path < b.path), "{changes:?}");
    changes
        .iter()
        .map(|change| (change.path.as_bytes().to_vec(), raw(change)))
        .collect()
}

fn check(repo: &Repo, seed: u64) {
    let staged = |repository: &Repository| repository.ask(|reader| reader.staged());
    let found = both(|| repo.open(), staged);
    let unmerged = repo.git(&["diff", "--name-only", "--diff-filter=U"]);
    if !unmerged.is_empty() {
        assert!(
            matches!(found, Err(RepositoryError::Unmerged { .. })),
            "seed {seed}"
        );
        return;
    }
    let repository = repo.open();
    let found = staged(&repository).unwrap();
    assert_eq!(repository.reader(), super::super::OWN, "seed {seed}");
    assert_eq!(
        table(&found.changes),
        oracle(repo, &["diff", "--cached"]),
        "seed {seed}"
    );
    let all = both(
        || repo.open(),
        |repository| repository.ask(|reader| reader.indexed()),
    );
    assert!(all.is_ok(), "seed {seed}: {all:?}");
}

fn check_range(repo: &Repo, seed: u64) {
    let log = repo.try_git(&["rev-list", "HEAD"]);
    let commits = String::from_utf8(log.stdout).unwrap();
    let commits: Vec<&str> = commits.lines().collect();
    let (Some(new), Some(old)) = (commits.first(), commits.last()) else {
        return;
    };
    let (old_id, new_id) = (repo.id(old), repo.id(new));
    let between = |repository: &Repository| repository.ask(|r| r.between(Some(old_id), new_id));
    let found = both(|| repo.open(), between).unwrap();
    assert_eq!(
        table(&found),
        oracle(repo, &["diff", old, new]),
        "seed {seed}"
    );
}

/// Two branches that touch the same places, merged: conflicts of every kind.
fn collide(repo: &Repo, dice: &mut Dice) {
    repo.try_git(&["commit", "-q", "-m", "before", "--allow-empty"]);
    repo.try_git(&["checkout", "-qf", "-B", "side"]);
    for _ in 0..6 {
        change_something(repo, dice);
    }
    repo.try_git(&["commit", "-q", "-m", "side", "--allow-empty"]);
    repo.try_git(&["checkout", "-qf", "main"]);
    for _ in 0..6 {
        change_something(repo, dice);
    }
    repo.try_git(&["commit", "-q", "-m", "main", "--allow-empty"]);
    repo.try_git(&["merge", "-q", "side"]);
}

fn states(seeds: std::ops::Range<u64>, steps: usize) {
    for seed in seeds {
        let mut dice = Dice::new(seed);
        let repo = Repo::new();
        for _ in 0..steps {
            for _ in 0..4 {
                change_something(&repo, &mut dice);
            }
            check(&repo, seed);
        }
        collide(&repo, &mut dice);
        check(&repo, seed);
        check_range(&repo, seed);
    }
}

#[test]
fn every_random_state_is_read_as_git_reads_it() {
    states(0..12, 6);
}

#[cfg(feature = "slow-tests")]
#[test]
fn thousands_of_random_states_are_read_as_git_reads_them() {
    states(1000..1300, 10);
}
