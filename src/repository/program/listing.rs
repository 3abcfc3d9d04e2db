//! What the index holds, by name, as git lists it: asked once, since what is judged does not change under way.

use std::collections::BTreeMap;

use bstr::{BStr, BString, ByteSlice};

use super::{Program, fields, unexpected};
use crate::path::RepoPath;
use crate::repository::error::RepositoryError;
use crate::repository::reader::{Answer, Child, Folders};
use crate::repository::{Blob, Id, Mode};

const WHAT: &str = "the index";

/// Every path of the index, with git's number for its mode, and what it holds.
pub(super) struct Listing(BTreeMap<RepoPath, (u32, Option<Id>)>);

impl Program {
    pub(super) fn listing(&self) -> Answer<&Listing> {
        if let Some(known) = self.listing.get() {
            return Ok(known);
        }
        let arguments = ["ls-files", "--stage", "-z", "--full-name"];
        let listing = Listing::parse(&self.tell(WHAT, &arguments, Vec::new())?)?;
        Ok(self.listing.get_or_init(|| listing))
    }

    /// What lies directly in a folder of a commit.
    pub(super) fn children_of(&self, commit: Id, folder: &RepoPath) -> Answer<Vec<Child>> {
        const WHAT: &str = "a commit's tree";
        let commit = commit.to_string();
        let mut arguments = vec!["ls-tree", "-z", "--full-tree", &commit, "--"];
        let below = format!("{}/", folder.to_text());
        if !folder.is_root() {
            arguments.push(&below);
        }
        let out = self.tell(WHAT, &arguments, Vec::new())?;
        let lines = out.split(|byte| *byte == 0).filter(|line| !line.is_empty());
        let mut children = Vec::new();
        for line in lines {
            let child = child(line, folder).ok_or_else(|| unexpected(WHAT))?;
            children.push(child);
        }
        children.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(children)
    }
}

/// Reads `mode type id`, TAB, path.
fn child(line: &[u8], folder: &RepoPath) -> Option<Child> {
    let (about, path) = line.split_once_str("\t")?;
    let [mode, kind, id] = fields(BStr::new(about))?;
    let name = RepoPath::new(path).relative_to(folder)?;
    let mode = u32::from_str_radix(mode.to_str().ok()?, 8).ok()?;
    let blob = if kind == "tree" {
        None
    } else {
        let (id, mode) = (Id::parse(id.to_str().ok()?)?, Mode::from_bits(mode)?);
        Some(Blob { id, mode })
    };
    Some(Child {
        name: BString::from(name.as_bytes()),
        blob,
    })
}

impl Listing {
    /// Reads `mode id stage`, TAB, path, NUL.
    fn parse(out: &[u8]) -> Result<Self, RepositoryError> {
        let lines = out.split(|byte| *byte == 0).filter(|line| !line.is_empty());
        let entry = |line: &[u8]| {
            let (about, path) = line.split_once_str("\t")?;
            let [mode, id, _] = fields(BStr::new(about))?;
            let mode = u32::from_str_radix(mode.to_str().ok()?, 8).ok()?;
            Some((RepoPath::new(path), (mode, Id::parse(id.to_str().ok()?))))
        };
        let all = lines.map(|line| entry(line).ok_or_else(|| unexpected(WHAT)));
        Ok(Self(all.collect::<Result<_, _>>()?))
    }

    pub(super) fn folders(&self) -> Folders {
        let entries = self.0.iter();
        Folders::of(entries.map(|(path, (mode, _))| (path.as_bytes(), *mode)))
    }

    pub(super) fn children(&self, folder: &RepoPath) -> Vec<Child> {
        let mut children: BTreeMap<BString, Option<Blob>> = BTreeMap::new();
        for (path, (mode, id)) in &self.0 {
            let Some(rest) = path.relative_to(folder).filter(|rest| !rest.is_root()) else {
                continue;
            };
            match rest.as_bytes().split_once_str("/") {
                Some((name, _)) => {
                    children.insert(name.into(), None);
                }
                None => {
                    if let (Some(id), Some(mode)) = (*id, Mode::from_bits(*mode)) {
                        children.insert(rest.as_bytes().into(), Some(Blob { id, mode }));
                    }
                }
            }
        }
        let children = children.into_iter();
        children.map(|(name, blob)| Child { name, blob }).collect()
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
