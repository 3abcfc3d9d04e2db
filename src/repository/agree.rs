//! Whether the work tree holds what is judged: what a tool that runs in place would read.
//!
//! A path agrees when its bytes, or what git would store for them (line ends, clean filters), are the
//! judged blob, its kind and executable bit are the judged ones, and no link stands in its way.

pub(crate) mod about;
pub(crate) mod look;

use super::Id;
use super::entry::{Blob, Disagreement, Judged};
use super::program::Program;
use super::reader::{Answer, Reader};
use crate::path::RepoPath;
use look::Look;

const DIFFERS: &str = "differs in the work tree";
const UNTRACKED: &str = "is not part of what is judged";
const CONFLICT: &str = "is in conflict";

/// Ids of what lies in the work tree, as it lies there.
pub(crate) trait Contents {
    /// The ids of files; none for one that cannot be read.
    fn files(&self, paths: &[&RepoPath]) -> Answer<Vec<Option<Id>>>;
    /// Whether git would store a file's bytes as they are, whatever they are.
    fn is_plain(&self, path: &RepoPath) -> bool;
    /// The id of a link's target.
    fn link(&self, target: &[u8]) -> Answer<Option<Id>>;
}

/// A path whose kind agrees and whose content is still to be compared.
pub(crate) struct Open {
    pub(crate) path: RepoPath,
    pub(crate) blob: Blob,
    pub(crate) look: Look,
}

/// Compares the contents of what is still open.
pub(crate) fn settle(
    contents: &impl Contents,
    program: &Program,
    judged: Judged,
    open: &[Open],
) -> Answer<Vec<Disagreement>> {
    let mut found = Vec::new();
    let mut files = Vec::new();
    let mut submodules = Vec::new();
    for one in open {
        match &one.look {
            Look::Link(target) if contents.link(target)? == Some(one.blob.id) => {}
            Look::Link(_) => found.push(disagreement(&one.path, DIFFERS)),
            Look::Submodule => submodules.push(&one.path),
            _ => files.push(one),
        }
    }
    let other = unlike(&files, &contents.files(&paths(&files))?);
    let (plain, other): (Vec<&Open>, Vec<&Open>) = other
        .into_iter()
        .partition(|one| contents.is_plain(&one.path));
    found.extend(plain.iter().map(|one| disagreement(&one.path, DIFFERS)));
    let other = unlike(&other, &program.cleaned(&paths(&other))?);
    found.extend(other.iter().map(|one| disagreement(&one.path, DIFFERS)));
    let moved = program.moved_submodules(judged, &submodules)?;
    found.extend(
        moved
            .iter()
            .map(|path| disagreement(path, "is at another commit, or changed within")),
    );
    found.sort();
    Ok(found)
}

/// Those whose id is not the judged one.
fn unlike<'a>(files: &[&'a Open], ids: &[Option<Id>]) -> Vec<&'a Open> {
    let pairs = files.iter().zip(ids);
    pairs
        .filter(|(file, id)| **id != Some(file.blob.id))
        .map(|(file, _)| *file)
        .collect()
}

fn paths<'a>(files: &[&'a Open]) -> Vec<&'a RepoPath> {
    files.iter().map(|file| &file.path).collect()
}

/// The first untracked, unignored path below `places` that is not judged.
pub(crate) fn untracked(
    program: &Program,
    places: &[RepoPath],
    is_judged: impl Fn(&RepoPath) -> bool,
) -> Answer<Option<Disagreement>> {
    let others = program.untracked(places)?;
    let mut extra = others.into_iter().filter(|path| !is_judged(path));
    Ok(extra.next().map(|path| disagreement(&path, UNTRACKED)))
}

/// A conflict in the index, told as a disagreement.
pub(crate) fn conflict(path: &RepoPath) -> Disagreement {
    disagreement(path, CONFLICT)
}

pub(crate) fn disagreement(path: &RepoPath, why: &'static str) -> Disagreement {
    Disagreement {
        path: path.clone(),
        why,
    }
}

/// The settings of git that say what the file system can keep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Abilities {
    pub(crate) executable_bit: bool,
    pub(crate) links: bool,
}

impl Abilities {
    pub(crate) fn of(reader: &impl Reader) -> Answer<Self> {
        let config = reader.config()?;
        let is_on = |wanted: &str| {
            let mut values = config.iter().rev().filter(|(name, _)| name == wanted);
            let value = values.next().map(|(_, value)| value.to_ascii_lowercase());
            !matches!(
                value.as_deref(),
                Some(b"false" | b"no" | b"off" | b"0" | b"")
            )
        };
        Ok(Self {
            executable_bit: is_on("core.filemode"),
            links: is_on("core.symlinks"),
        })
    }
}
