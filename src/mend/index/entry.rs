//! Entries of an index, read and set by the git program, which knows every form that an index can have.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::mend::MendError;
use crate::path::RepoPath;
use crate::process::git::{Answer, Git};
use crate::repository::{Blob, Id, Mode};

/// Up to here paths are named as arguments; beyond, git tells of all entries.
const NAMED: usize = 200;
const NAMED_BYTES: usize = 60_000;

/// What an index holds at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) blob: Blob,
    /// git's letter for it: `H` for an ordinary entry.
    tag: u8,
}

/// The entries at these paths that are not in conflict.
pub(crate) fn entries(
    git: &Git,
    paths: &[&RepoPath],
) -> Result<BTreeMap<RepoPath, Entry>, MendError> {
    let mut arguments: Vec<OsString> = ["ls-files", "-z", "-v", "-s", "--"]
        .iter()
        .map(OsString::from)
        .collect();
    if are_few(paths) {
        arguments.extend(paths.iter().map(|path| path.to_os().into_os_string()));
    }
    let answer = good(git.ask(&arguments)?)?;
    let mut wanted: Vec<&RepoPath> = paths.to_vec();
    wanted.sort_unstable();
    let all = answer.out.split(|byte| *byte == 0).filter_map(parse);
    Ok(all
        .filter(|(path, _)| wanted.binary_search(&path).is_ok())
        .collect())
}

fn are_few(paths: &[&RepoPath]) -> bool {
    let bytes: usize = paths.iter().map(|path| path.as_bytes().len() + 1).sum();
    paths.len() <= NAMED && bytes <= NAMED_BYTES
}

/// `H 100644 ID 0<tab>PATH`
fn parse(record: &[u8]) -> Option<(RepoPath, Entry)> {
    let tab = memchr::memchr(b'\t', record)?;
    let mut fields = record[..tab].split(|byte| *byte == b' ');
    let tag = *fields.next()?.first()?;
    let mode = std::str::from_utf8(fields.next()?).ok()?;
    let mode = Mode::from_bits(u32::from_str_radix(mode, 8).ok()?)?;
    let id = Id::parse(fields.next()?)?;
    if fields.next()? != b"0" {
        return None;
    }
    let blob = Blob { id, mode };
    Some((RepoPath::new(&record[tab + 1..]), Entry { blob, tag }))
}

/// Sets entries, and forgets how their files looked.
pub(crate) fn set<'a>(
    git: &Git,
    entries: impl Iterator<Item = (&'a RepoPath, Blob)>,
) -> Result<(), MendError> {
    let mut input = Vec::new();
    for (path, blob) in entries {
        let mode = match blob.mode {
            Mode::File => "100644",
            Mode::Executable => "100755",
            Mode::Link => "120000",
            Mode::Submodule => "160000",
        };
        input.extend(format!("{mode} {}\t", blob.id).bytes());
        input.extend_from_slice(path.as_bytes());
        input.push(0);
    }
    good(git.ask_with(&["update-index", "-z", "--index-info"], input)?)?;
    Ok(())
}

/// Gives entries the flags back that they had, which setting them takes away.
pub(crate) fn keep_flags(git: &Git, held: &BTreeMap<RepoPath, Entry>) -> Result<(), MendError> {
    for (flag, letters) in [
        ("--skip-worktree", &b"Ss"[..]),
        ("--assume-unchanged", b"hs"),
    ] {
        let mut input = Vec::new();
        for (path, _) in held
            .iter()
            .filter(|(_, entry)| letters.contains(&entry.tag))
        {
            input.extend_from_slice(path.as_bytes());
            input.push(0);
        }
        if !input.is_empty() {
            good(git.ask_with(&["update-index", flag, "-z", "--stdin"], input)?)?;
        }
    }
    Ok(())
}

/// Lets git remember how the files of these paths look, so that it need not read them again.
pub(crate) fn refresh(git: &Git, paths: &[&RepoPath]) -> Result<(), MendError> {
    if paths.is_empty() {
        return Ok(());
    }
    // An index that remembers too little is right all the same, so what git says of other files does not count.
    if are_few(paths) {
        let mut arguments: Vec<OsString> = ["add", "--refresh", "--"].map(OsString::from).into();
        arguments.extend(paths.iter().map(|path| path.to_os().into_os_string()));
        git.ask(&arguments)?;
    } else {
        git.ask(&["update-index", "-q", "--refresh"])?;
    }
    Ok(())
}

fn good(answer: Answer) -> Result<Answer, MendError> {
    if answer.good() {
        return Ok(answer);
    }
    let reason = answer.complaint();
    Err(MendError::Index { reason })
}
