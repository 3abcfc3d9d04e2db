//! Links among the files that count: what they lead to counts as well.

use std::collections::BTreeSet;

use super::{Content, KeyError};
use crate::path::RepoPath;
use crate::repository::{Id, Mode};

/// More links than a tree that people made has among the files that one command is about.
const MOST: usize = 1000;

/// Adds what the links lead to. `tree` is sorted by path.
pub(super) fn follow(
    counting: &mut Vec<Content>,
    tree: &[Content],
    read: &dyn Fn(&Id) -> Option<Vec<u8>>,
) -> Result<(), KeyError> {
    let mut seen: BTreeSet<RepoPath> = counting.iter().map(|(path, _)| path.clone()).collect();
    let (mut at, mut links) = (0, 0);
    while let Some((path, blob)) = counting.get(at).cloned() {
        at += 1;
        if blob.mode != Mode::Link {
            continue;
        }
        links += 1;
        let target = read(&blob.id).filter(|_| links <= MOST);
        let target = target.and_then(|target| lands(&path, &target));
        let Some(target) = target else {
            return Err(KeyError::Link(path));
        };
        let first = tree.partition_point(|(path, _)| path < &target);
        let below = tree[first..]
            .iter()
            .filter(|(path, _)| path.is_within(&target));
        let mut is_there = false;
        for content in below {
            is_there = true;
            if seen.insert(content.0.clone()) {
                counting.push(content.clone());
            }
        }
        // A link below another link, an ignored file, nothing at all: all the same from here.
        if !is_there {
            return Err(KeyError::Link(path));
        }
    }
    Ok(())
}

/// Where a link leads, by its text; none when that is outside.
fn lands(link: &RepoPath, target: &[u8]) -> Option<RepoPath> {
    if target.is_empty() || target.starts_with(b"/") {
        return None;
    }
    let mut parts: Vec<&[u8]> = link.as_bytes().split(|byte| *byte == b'/').collect();
    parts.pop();
    for part in target.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(RepoPath::new(parts.join(&b'/')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::Blob;

    /// Files of which a link's content is what its id's first bytes name.
    fn tree(files: &[(&str, Mode)]) -> Vec<Content> {
        let content = |(number, (path, mode)): (usize, &(&str, Mode))| {
            let mut id = [0; 20];
            id[0] = u8::try_from(number).unwrap();
            let id = Id::from_bytes(&id).unwrap();
            let blob = Blob { id, mode: *mode };
            (RepoPath::from(*path), blob)
        };
        files.iter().enumerate().map(content).collect()
    }

    fn followed(links: &[(&str, &str)], files: &[&str]) -> Result<String, String> {
        let mut all: Vec<(&str, Mode)> = files.iter().map(|file| (*file, Mode::File)).collect();
        all.extend(links.iter().map(|(link, _)| (*link, Mode::Link)));
        all.sort_by_key(|(path, _)| *path);
        let tree = tree(&all);
        let read = |id: &Id| {
            let (path, _) = all[usize::from(id.as_bytes()[0])];
            let (_, target) = links.iter().find(|(link, _)| *link == path)?;
            Some(target.as_bytes().to_vec())
        };
        let first = links[0].0;
        let mut counting: Vec<Content> = tree.clone();
        counting.retain(|(path, _)| path.to_text() == first);
        follow(&mut counting, &tree, &read).map_err(|error| error.to_string())?;
        let mut paths: Vec<_> = counting.iter().map(|(path, _)| path.to_string()).collect();
        paths.sort();
        Ok(paths.join(" "))
    }

    #[test]
    fn what_a_link_leads_to_counts() {
        let files = ["a", "sub/b", "sub/c"];
        for (links, wanted) in [
            (&[("l", "a")][..], "a l"),
            (&[("sub/l", "../a")], "a sub/l"),
            (&[("l", "./sub/")], "l sub/b sub/c"),
            (&[("l", "m"), ("m", "sub/b")], "l m sub/b"),
            (&[("l", "m"), ("m", "l")], "l m"),
        ] {
            assert_eq!(followed(links, &files).as_deref(), Ok(wanted), "{links:?}");
        }
        for target in ["/etc/passwd", "../a", "sub/../../a", "none", "a/b", ""] {
            assert!(followed(&[("l", target)], &files).is_err(), "{target}");
        }
    }
}
