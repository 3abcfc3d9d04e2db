//! The index's TREE extension: folders of which git knows that the index holds exactly a tree's content.

use std::ops::Range;

use super::Unreadable;

const BAD: Unreadable = Unreadable("a damaged tree cache in the index");
const ID: usize = 20;
/// Deeper than any folder that a path can name; git itself stops at 2048.
const DEPTH: usize = 2048;

/// All folders of the extension, each followed by those below it.
#[derive(Debug)]
pub(crate) struct CacheTree {
    bytes: Vec<u8>,
    nodes: Vec<Node>,
}

/// One folder.
#[derive(Clone, Debug)]
struct Node {
    name: Range<usize>,
    /// How many index entries it covers and where its tree's id lies; none when git no longer knows.
    valid: Option<(usize, usize)>,
    /// The number of the first folder that is not below it.
    end: usize,
}

/// What git knows of a folder: the number of entries below it, and the tree they make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known<'a> {
    pub(crate) entries: usize,
    pub(crate) tree: &'a [u8],
}

impl CacheTree {
    /// Reads the extension's content.
    pub(crate) fn parse(content: &[u8]) -> Result<Self, Unreadable> {
        let bytes = content.to_vec();
        let mut nodes: Vec<Node> = Vec::new();
        // The folders that are being read, with the number of those still to come below them.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            if nodes.is_empty() != open.is_empty() || open.len() > DEPTH {
                return Err(BAD);
            }
            let (node, below, next) = node(&bytes, at)?;
            at = next;
            let number = nodes.len();
            nodes.push(node);
            if let Some(parent) = open.last_mut() {
                parent.1 -= 1;
            }
            open.push((number, below));
            while let Some(&(done, 0)) = open.last() {
                nodes[done].end = nodes.len();
                open.pop();
            }
        }
        if open.is_empty() {
            Ok(Self { bytes, nodes })
        } else {
            Err(BAD)
        }
    }

    /// The number of the root folder.
    pub(crate) fn root(&self) -> Option<usize> {
        (!self.nodes.is_empty()).then_some(0)
    }

    /// What git knows of a folder.
    pub(crate) fn known(&self, node: usize) -> Option<Known<'_>> {
        let (entries, id) = self.nodes.get(node)?.valid?;
        let tree = self.bytes.get(id..id + ID)?;
        Some(Known { entries, tree })
    }

    /// The folders right below one, sorted by name: git keeps them by length.
    pub(crate) fn children(&self, node: usize) -> Vec<(&[u8], usize)> {
        let Some(parent) = self.nodes.get(node) else {
            return Vec::new();
        };
        let mut children = Vec::new();
        let mut child = node + 1;
        while child < parent.end {
            let Node { name, end, .. } = &self.nodes[child];
            children.push((&self.bytes[name.clone()], child));
            child = *end;
        }
        children.sort_unstable();
        children
    }
}

/// Reads one folder: its name, NUL, entries, a blank, folders below, a line end, and the id if it is valid.
fn node(bytes: &[u8], at: usize) -> Result<(Node, usize, usize), Unreadable> {
    let rest = &bytes[at..];
    let name = memchr::memchr(0, rest).ok_or(BAD)?;
    let line = memchr::memchr(b'\n', &rest[name..]).ok_or(BAD)? + name;
    let counts = std::str::from_utf8(&rest[name + 1..line]).map_err(|_| BAD)?;
    let (entries, below) = counts.split_once(' ').ok_or(BAD)?;
    let entries: i64 = entries.parse().map_err(|_| BAD)?;
    let below: usize = below.parse().map_err(|_| BAD)?;
    let id = at + line + 1;
    let valid = usize::try_from(entries).ok().map(|entries| (entries, id));
    let next = if valid.is_some() { id + ID } else { id };
    // Each folder below needs at least six bytes.
    if next > bytes.len() || below > (bytes.len() - next) / 6 {
        return Err(BAD);
    }
    let node = Node {
        name: at..at + name,
        valid,
        end: 0,
    };
    Ok((node, below, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid(name: &str, entries: usize, below: usize, id: u8) -> Vec<u8> {
        let mut bytes = format!("{name}\0{entries} {below}\n").into_bytes();
        bytes.extend_from_slice(&[id; ID]);
        bytes
    }

    #[test]
    fn folders_are_found_below_theirs() {
        let bytes = [
            b"\0-1 2\n".to_vec(),
            valid("b", 3, 1, 1),
            valid("cc", 1, 0, 2),
            valid("aa", 4, 0, 3),
        ]
        .concat();
        let trees = CacheTree::parse(&bytes).unwrap();
        let root = trees.root().unwrap();
        assert_eq!(trees.known(root), None);
        let children = trees.children(root);
        assert_eq!(children, [(&b"aa"[..], 3), (&b"b"[..], 1)]);
        assert_eq!(trees.known(3).unwrap().entries, 4);
        assert_eq!(trees.known(3).unwrap().tree, [3; ID]);
        assert_eq!(trees.children(1), [(&b"cc"[..], 2)]);
    }

    #[test]
    fn lies_about_counts_are_refused() {
        for bad in [
            b"\0-1 1\n".to_vec(),
            b"\0-1 99999999999999999999\n".to_vec(),
            b"\0-1 4294967295\n".to_vec(),
            b"\0 0\n".to_vec(),
            b"\x003 0".to_vec(),
            b"\x003 0\nshort".to_vec(),
            [valid("", 1, 0, 1), valid("", 1, 0, 1)].concat(),
            [valid("", 1, 1, 1)].concat(),
            b"a\0-1 1\n".repeat(5000),
        ] {
            assert!(CacheTree::parse(&bad).is_err(), "{bad:?}");
        }
    }
}
