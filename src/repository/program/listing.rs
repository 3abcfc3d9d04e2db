//! What the index holds, by name, as git lists it: asked once, since what is judged does not change under way.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use bstr::{BStr, BString, ByteSlice};

use super::{Program, fields, unexpected};
use crate::path::RepoPath;
use crate::repository::error::RepositoryError;
use crate::repository::reader::{Answer, Child, Folders, Reader};
use crate::repository::{Blob, Judged};

const WHAT: &str = "the index";

/// Every path of the index, with git's number for its mode.
pub(super) struct Listing(BTreeMap<RepoPath, u32>);

impl Program {
    pub(super) fn listing(&self) -> Answer<&Listing> {
        if let Some(known) = self.listing.get() {
            return Ok(known);
        }
        let arguments = ["ls-files", "--stage", "-z", "--full-name"];
        let listing = Listing::parse(&self.tell(WHAT, &arguments, Vec::new())?)?;
        Ok(self.listing.get_or_init(|| listing))
    }

    /// What lies directly in a folder; what is only meant to be added does not. All is listed once.
    pub(super) fn children_in(&self, judged: Judged, folder: &RepoPath) -> Answer<Vec<Child>> {
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = if let Some(held) = all.get(&judged) {
            Arc::clone(held)
        } else {
            let held = Arc::new(match judged {
                Judged::Index => self.indexed()?,
                Judged::Commit(commit) => self.between(None, commit)?,
            });
            all.insert(judged, Arc::clone(&held));
            held
        };
        drop(all);
        let mut children: BTreeMap<BString, Option<Blob>> = BTreeMap::new();
        for change in held.iter() {
            // What is a file has nothing in it.
            let rest = change.path.relative_to(folder);
            let Some(rest) = rest.filter(|rest| !rest.is_root()) else {
                continue;
            };
            match rest.as_bytes().split_once_str("/") {
                Some((name, _)) => children.insert(name.into(), None),
                None => children.insert(rest.as_bytes().into(), change.new),
            };
        }
        let children = children.into_iter();
        Ok(children.map(|(name, blob)| Child { name, blob }).collect())
    }
}

impl Listing {
    /// Reads `mode id stage`, TAB, path, NUL.
    fn parse(out: &[u8]) -> Result<Self, RepositoryError> {
        let lines = out.split(|byte| *byte == 0).filter(|line| !line.is_empty());
        let entry = |line: &[u8]| {
            let (about, path) = line.split_once_str("\t")?;
            let [mode, _, _] = fields(BStr::new(about))?;
            let mode = u32::from_str_radix(mode.to_str().ok()?, 8).ok()?;
            Some((RepoPath::new(path), mode))
        };
        let all = lines.map(|line| entry(line).ok_or_else(|| unexpected(WHAT)));
        Ok(Self(all.collect::<Result<_, _>>()?))
    }

    pub(super) fn folders(&self) -> Folders {
        let entries = self.0.iter();
        Folders::of(entries.map(|(path, mode)| (path.as_bytes(), *mode)))
    }

    pub(super) fn below(&self, at: &[RepoPath]) -> Vec<RepoPath> {
        let below = at.iter().flat_map(|top| {
            // Between a folder and what is in it lie names that only begin like it.
            let start = self.0.range(top.clone()..).map(|(path, _)| path);
            start
                .take_while(|path| path.as_bytes().starts_with(top.as_bytes()))
                .filter(|path| path.is_within(top))
        });
        let mut found: Vec<RepoPath> = below.cloned().collect();
        found.sort();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_git_promises_is_read() {
        let id = "1".repeat(40);
        let good = format!("100644 {id} 0\ta\tb\0160000 {id} 0\ts\0");
        let listing = Listing::parse(good.as_bytes()).unwrap();
        assert_eq!(listing.below(&[RepoPath::root()]).len(), 2);
        assert_eq!(listing.below(&["a\tb".into()]).len(), 1);
        assert_eq!(listing.folders().submodules, ["s".into()]);
        for odd in ["a\0", "100644\ta\0", "x y z\ta\0", "100644 1 0 a\0"] {
            assert!(Listing::parse(odd.as_bytes()).is_err(), "{odd}");
        }
    }
}
