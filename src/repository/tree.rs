//! A tree object's content, entry by entry, straight from its bytes.

use std::cmp::Ordering;

use super::index::Unreadable;

const BAD: Unreadable = Unreadable("a damaged tree");
const ID: usize = 20;

/// The tree that holds nothing. Git knows it without storing it.
pub(crate) const EMPTY: [u8; ID] = [
    0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e, 0xb9, 0xa0, 0x60, 0xe5, 0x4b, 0xf8, 0xd6, 0x92, 0x88,
    0xfb, 0xee, 0x49, 0x04,
];

/// One entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) mode: u32,
    pub(crate) id: &'a [u8],
}

impl Item<'_> {
    pub(crate) fn is_folder(&self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }
}

/// Reads a tree with SHA-1 ids.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Items<'a>(&'a [u8]);

impl<'a> Items<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next entry: its mode in octal digits, a blank, its name, NUL, its id.
    pub(crate) fn next(&mut self) -> Result<Option<Item<'a>>, Unreadable> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let blank = self.0.iter().take(8).position(|b| *b == b' ').ok_or(BAD)?;
        let mut mode = 0;
        for digit in &self.0[..blank] {
            if !(b'0'..=b'7').contains(digit) {
                return Err(BAD);
            }
            mode = mode * 8 + u32::from(digit - b'0');
        }
        let rest = &self.0[blank + 1..];
        let end = memchr::memchr(0, rest).ok_or(BAD)?;
        let (name, id) = (&rest[..end], rest.get(end + 1..end + 1 + ID).ok_or(BAD)?);
        if name.is_empty() {
            return Err(BAD);
        }
        self.0 = &rest[end + 1 + ID..];
        Ok(Some(Item { name, mode, id }))
    }
}

/// git's order of names in a tree: a folder is sorted as if its name ended with a slash.
pub(crate) fn order(a: (&[u8], bool), b: (&[u8], bool)) -> Ordering {
    let length = a.0.len().min(b.0.len());
    a.0[..length].cmp(&b.0[..length]).then_with(|| {
        let next = |(name, folder): (&[u8], bool)| match name.get(length) {
            Some(byte) => u16::from(*byte) + 1,
            None if folder => u16::from(b'/') + 1,
            None => 0,
        };
        next(a).cmp(&next(b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_sorts_as_with_a_slash() {
        let mut names = [
            (&b"a0"[..], false),
            (b"a", true),
            (b"a-b", false),
            (b"a", false),
            (b"a.c", false),
        ];
        names.sort_by(|a, b| order(*a, *b));
        let shown: Vec<_> = names.iter().map(|(n, d)| (n.len(), *d)).collect();
        assert_eq!(
            shown,
            [(1, false), (3, false), (3, false), (1, true), (2, false)]
        );
    }

    #[test]
    fn entries_are_read_to_the_last_byte() {
        let mut bytes = b"100644 a b\0".to_vec();
        bytes.extend_from_slice(&[7; ID]);
        bytes.extend_from_slice(b"40000 c\0");
        bytes.extend_from_slice(&[8; ID]);
        let mut items = Items::new(&bytes);
        let first = items.next().unwrap().unwrap();
        assert_eq!((first.name, first.mode), (&b"a b"[..], 0o100_644));
        let second = items.next().unwrap().unwrap();
        assert!(second.is_folder() && second.id == [8; ID]);
        assert_eq!(items.next(), Ok(None));
        for cut in 1..bytes.len() {
            let mut items = Items::new(&bytes[..cut]);
            let read = std::iter::from_fn(|| items.next().transpose()).take(3);
            assert!(cut == 31 || read.last().unwrap().is_err(), "{cut}");
        }
    }
}
