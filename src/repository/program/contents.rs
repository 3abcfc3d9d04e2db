//! The work tree beside what is judged, as the git program sees it: filters, submodules, untracked files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{PLAIN, Program, raw, refusal};
use crate::path::RepoPath;
use crate::repository::Id;
use crate::repository::agree::look::{Look, Looker};
use crate::repository::agree::{
    Abilities, Contents, Open, conflict, disagreement, settle, untracked,
};
use crate::repository::entry::{Blob, Disagreement, Judged};
use crate::repository::error::RepositoryError;
use crate::repository::reader::{Answer, Reader};

pub(super) fn disagreeing(
    program: &Program,
    judged: Judged,
    paths: &[RepoPath],
) -> Answer<Vec<Disagreement>> {
    let held = held(program, judged)?;
    verify(program, judged, paths.iter(), &held)
}

pub(super) fn project(
    program: &Program,
    judged: Judged,
    root: &RepoPath,
) -> Answer<Option<Disagreement>> {
    let Suspects { paths, unmerged } = program.suspects(judged)?;
    if let Some(path) = unmerged.iter().find(|path| path.is_within(root)) {
        return Ok(Some(conflict(path)));
    }
    let held = held(program, judged)?;
    let below = paths.iter().filter(|path| path.is_within(root));
    if let Some(first) = verify(program, judged, below, &held)?.into_iter().next() {
        return Ok(Some(first));
    }
    untracked(program, std::slice::from_ref(root), |path| {
        held.contains_key(path)
    })
}

/// Paths at which the work tree may differ.
struct Suspects {
    paths: BTreeSet<RepoPath>,
    unmerged: BTreeSet<RepoPath>,
}

/// All that is judged, by path.
fn held(program: &Program, judged: Judged) -> Answer<BTreeMap<RepoPath, Blob>> {
    let all = match judged {
        Judged::Index => program.indexed()?,
        Judged::Commit(commit) => program.between(None, commit)?,
    };
    let pairs = all.into_iter();
    Ok(pairs
        .filter_map(|change| Some((change.path, change.new?)))
        .collect())
}

fn verify<'a>(
    program: &Program,
    judged: Judged,
    paths: impl Iterator<Item = &'a RepoPath>,
    held: &BTreeMap<RepoPath, Blob>,
) -> Answer<Vec<Disagreement>> {
    let mut looker = Looker::new(program.work_tree()?, Abilities::of(program)?);
    let (mut found, mut open) = (Vec::new(), Vec::new());
    for path in paths {
        let blob = held.get(path).copied();
        match (looker.look(path, blob).0, blob) {
            (Look::Differs(why), _) => found.push(disagreement(path, why)),
            (look @ (Look::File | Look::Link(_) | Look::Submodule), Some(blob)) => {
                let path = path.clone();
                open.push(Open { path, blob, look });
            }
            _ => {}
        }
    }
    found.extend(settle(program, program, judged, &open)?);
    found.sort();
    found.dedup();
    Ok(found)
}

impl Program {
    fn work_tree(&self) -> Answer<&Path> {
        match &self.work_tree {
            Some(work_tree) => Ok(work_tree),
            None => Err(RepositoryError::NoWorkTree {
                git_dir: PathBuf::new(),
            }
            .into()),
        }
    }

    /// Every path that git sees changed, and those at which it was told not to look.
    fn suspects(&self, judged: Judged) -> Answer<Suspects> {
        let differing = self.against_work_tree(judged, &[])?;
        let mut paths: BTreeSet<RepoPath> = differing.into_iter().collect();
        let mut unmerged = BTreeSet::new();
        let listed = self.tell("the index", &["ls-files", "-v", "-z"], Vec::new())?;
        for line in listed.split(|byte| *byte == 0) {
            // A small letter: assume unchanged. S: skip in the work tree. M: unmerged.
            if let [tag, b' ', path @ ..] = line {
                match tag {
                    b'M' | b'm' => unmerged.insert(RepoPath::new(path)),
                    b'S' | b'a'..=b'z' => paths.insert(RepoPath::new(path)),
                    _ => false,
                };
            }
        }
        Ok(Suspects { paths, unmerged })
    }

    /// The paths that differ between what is judged and the work tree, as git sees it.
    fn against_work_tree(&self, judged: Judged, paths: &[&RepoPath]) -> Answer<Vec<RepoPath>> {
        const WHAT: &str = "the work tree";
        let commit = match judged {
            Judged::Index => None,
            Judged::Commit(commit) => Some(commit.to_string()),
        };
        let mut arguments: Vec<OsString> = std::iter::once(&"diff")
            .chain(&PLAIN)
            .map(Into::into)
            .chain(commit.map(Into::into))
            .collect();
        arguments.push("--".into());
        arguments.extend(paths.iter().map(|path| path.to_os().into_os_string()));
        let answer = self.git()?.ask(&arguments)?;
        if !answer.good() {
            return Err(refusal(WHAT, &answer).into());
        }
        let lines = raw::lines(&answer.out, WHAT)?.into_iter();
        Ok(lines.map(|line| RepoPath::new(line.path)).collect())
    }

    /// The ids that git would store for files: line ends and clean filters applied.
    pub(crate) fn cleaned(&self, paths: &[&RepoPath]) -> Answer<Vec<Option<Id>>> {
        self.hash(&["hash-object", "--stdin-paths"], paths)
    }

    fn hash(&self, arguments: &[&str], paths: &[&RepoPath]) -> Answer<Vec<Option<Id>>> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let mut input = Vec::new();
        for path in paths {
            quote(path.as_bytes(), &mut input);
            input.push(b'\n');
        }
        let answer = self.git()?.ask_with(arguments, input)?;
        // A filter that is missing, or a file that just went, stops git: what it did not hash differs.
        let ids = answer.out.split(|byte| *byte == b'\n').map(Id::parse);
        let unknown = std::iter::repeat(None);
        Ok(ids.chain(unknown).take(paths.len()).collect())
    }

    /// Which of the submodules are elsewhere or changed within.
    pub(crate) fn moved_submodules(
        &self,
        judged: Judged,
        paths: &[&RepoPath],
    ) -> Answer<Vec<RepoPath>> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        self.against_work_tree(judged, paths)
    }

    /// Files below `places` that git neither tracks nor ignores.
    pub(crate) fn untracked(&self, places: &[RepoPath]) -> Answer<Vec<RepoPath>> {
        let base = ["ls-files", "--others", "--exclude-standard", "-z", "--"];
        let mut arguments: Vec<OsString> = base.iter().map(Into::into).collect();
        let places = places.iter().filter(|place| !place.is_root());
        arguments.extend(places.map(|place| place.to_os().into_os_string()));
        let answer = self.git()?.ask(&arguments)?;
        if !answer.good() {
            return Err(refusal("untracked files", &answer).into());
        }
        let names = answer.out.split(|byte| *byte == 0);
        let mut paths: Vec<RepoPath> = names
            .filter(|name| !name.is_empty())
            .map(RepoPath::new)
            .collect();
        paths.sort();
        Ok(paths)
    }
}

/// Writes a path as one line of git's: in quotes where a byte could end the line or begin quotes.
fn quote(path: &[u8], line: &mut Vec<u8>) {
    let is_plain = |byte: &u8| *byte >= b' ' && !b"\"\\\x7f".contains(byte);
    if path.iter().all(is_plain) {
        line.extend_from_slice(path);
        return;
    }
    line.push(b'"');
    for byte in path {
        if is_plain(byte) {
            line.push(*byte);
        } else {
            line.extend_from_slice(format!("\\{byte:03o}").as_bytes());
        }
    }
    line.push(b'"');
}

impl Contents for Program {
    fn files(&self, paths: &[&RepoPath]) -> Answer<Vec<Option<Id>>> {
        self.hash(&["hash-object", "--no-filters", "--stdin-paths"], paths)
    }

    /// git is asked anyway.
    fn is_plain(&self, _: &RepoPath) -> bool {
        false
    }

    fn link(&self, target: &[u8]) -> Answer<Option<Id>> {
        let arguments = ["hash-object", "--stdin"];
        let out = self.tell("a link", &arguments, target.to_vec())?;
        Ok(Id::parse(out.trim_ascii()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_any_name() {
        let mut line = Vec::new();
        quote(b"caf\xe9 x", &mut line);
        assert_eq!(line, b"caf\xe9 x");
        line.clear();
        quote(b"a\n\"b\\\r", &mut line);
        assert_eq!(line, br#""a\012\042b\134\015""#);
    }
}
