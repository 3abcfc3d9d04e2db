//! git's index, read from its bytes: versions 2, 3 and 4, each access checked, nothing copied that need not be.
//!
//! The index belongs to the user, but a clone can carry a crafted one in a nested folder, and a full disk
//! can cut one short. What is only strange is `Unreadable`, and the git program gives its own verdict. What
//! is damaged is said to be: git does not check how long the file is, and reads made-up files beyond its end.

pub(crate) mod cache_tree;
#[cfg(unix)]
mod parts;

use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::time::SystemTime;

use super::Id;
use super::reader::Folders;
use super::tree::EMPTY;
use super::walk::Trees;
use super::walk::staged::staged;
use crate::path::RepoPath;
use cache_tree::CacheTree;

/// Why guard's own reader does not answer, and the git program is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable(pub &'static str);

impl Unreadable {
    /// Whether git's verdict would be worth nothing either.
    pub(crate) fn is_damage(self) -> bool {
        self == CORRUPT || self == ENTRY
    }
}

const HEADER: usize = 12;
const ID: usize = 20;
/// Bytes ahead of an entry's flags: ten numbers and the id.
const FLAGS: usize = 40 + ID;
const STAGE: u16 = 0x3000;
const EXTENDED: u16 = 0x4000;
const NAME: u16 = 0x0fff;
const INTENT_TO_ADD: u16 = 0x2000;

const CORRUPT: Unreadable = Unreadable("a damaged index");
const ENTRY: Unreadable = Unreadable("a damaged index entry");

/// An index with SHA-1 ids.
#[derive(Debug)]
pub(crate) struct Index {
    content: Content,
    /// Where each entry begins.
    offsets: Vec<u32>,
    /// The names of a version 4 index, which stores them as differences: all in one text, and where each ends.
    names: Option<(Vec<u8>, Vec<u32>)>,
    /// What git proved equal to trees when it last wrote the index.
    pub(crate) trees: Option<CacheTree>,
    /// Whether any entry stands for one side of a conflict.
    pub(crate) unmerged: bool,
    /// When the file was written: entries as young as this may have changed unseen.
    pub(crate) written: Option<SystemTime>,
}

/// Where the entries are.
#[derive(Debug)]
enum Content {
    Whole(Vec<u8>),
    #[cfg(unix)]
    Parts(parts::Parts),
}

/// One entry of the index, as it lies in the bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) path: &'a [u8],
    pub(crate) id: &'a [u8],
    /// The ten numbers ahead of the id, among them what the file looked like when it was added.
    numbers: &'a [u8],
    pub(crate) stage: u8,
    pub(crate) intent_to_add: bool,
}

impl Entry<'_> {
    /// git's number for the mode.
    pub(crate) fn mode(&self) -> u32 {
        self.number(6)
    }

    /// One of the ten numbers: ctime (seconds, nanoseconds), mtime (likewise), dev, ino, mode, uid, gid, size.
    pub(crate) fn number(&self, at: usize) -> u32 {
        number(self.numbers, at * 4).unwrap_or_default()
    }
}

impl Index {
    /// An index that nothing was ever added to: a repository without an index file has it.
    pub(crate) fn empty() -> Self {
        Self {
            content: Content::Whole(Vec::new()),
            offsets: Vec::new(),
            names: None,
            trees: None,
            unmerged: false,
            written: None,
        }
    }

    /// Reads an index from its file.
    pub(crate) fn read(mut file: File) -> Result<Self, Unreadable> {
        const FAILED: Unreadable = Unreadable("an index that cannot be opened");
        let about = file.metadata().map_err(|_| FAILED)?;
        let written = about.modified().ok();
        let size = usize::try_from(about.len()).map_err(|_| FAILED)?;
        #[cfg(unix)]
        if let Some(index) = parts::read(&file, size, written, parts::SIZES)? {
            return Ok(index);
        }
        // One byte more than needed, so that the end is seen without another allocation.
        let mut bytes = Vec::with_capacity(size + 1);
        file.read_to_end(&mut bytes).map_err(|_| FAILED)?;
        Self::parse(bytes, written)
    }

    /// Reads an index from its bytes.
    pub(crate) fn parse(bytes: Vec<u8>, written: Option<SystemTime>) -> Result<Self, Unreadable> {
        let Header {
            version,
            count,
            end,
        } = header(&bytes, bytes.len())?;
        let mut index = Self {
            content: Content::Whole(Vec::new()),
            offsets: Vec::with_capacity(count),
            names: None,
            trees: None,
            unmerged: false,
            written,
        };
        let at = match version {
            2 | 3 => index.read_plain(&bytes[..end], count)?,
            4 => index.read_compressed(&bytes[..end], count)?,
            _ => return Err(Unreadable("an index version of its own")),
        };
        index.trees = extensions(bytes.get(at..end).ok_or(CORRUPT)?)?;
        index.content = Content::Whole(bytes);
        Ok(index)
    }

    /// Walks over the entries of versions 2 and 3.
    fn read_plain(&mut self, bytes: &[u8], count: usize) -> Result<usize, Unreadable> {
        let mut at = HEADER;
        let mut stages = 0;
        for _ in 0..count {
            let entry = plain(bytes, at)?;
            stages |= entry.flags;
            self.offsets.push(u32::try_from(at).map_err(|_| CORRUPT)?);
            at = entry.next;
        }
        self.unmerged = stages & STAGE != 0;
        Ok(at)
    }

    /// Walks over the entries of version 4 and writes their names out.
    fn read_compressed(&mut self, bytes: &[u8], count: usize) -> Result<usize, Unreadable> {
        let end = bytes.len();
        let mut names: Vec<u8> = Vec::with_capacity(end);
        let mut ends = Vec::with_capacity(count);
        let (mut at, mut previous, mut stages) = (HEADER, 0..0, 0);
        for _ in 0..count {
            let flags = short(bytes, at + FLAGS).ok_or(ENTRY)?;
            let (strip, name) = varint(bytes, at + name_offset(flags)).ok_or(ENTRY)?;
            let rest = bytes.get(name..).ok_or(ENTRY)?;
            let suffix = &rest[..memchr::memchr(0, rest).ok_or(ENTRY)?];
            let kept = previous.len().checked_sub(strip).ok_or(ENTRY)?;
            let start = names.len();
            // A few bytes can ask for a long name again and again; no honest index grows like that.
            if start + kept + suffix.len() > 64 * end.max(1 << 14) {
                return Err(CORRUPT);
            }
            names.extend_from_within(previous.start..previous.start + kept);
            names.extend_from_slice(suffix);
            previous = start..names.len();
            stages |= flags;
            ends.push(u32::try_from(names.len()).map_err(|_| CORRUPT)?);
            self.offsets.push(u32::try_from(at).map_err(|_| CORRUPT)?);
            at = name + suffix.len() + 1;
        }
        self.unmerged = stages & STAGE != 0;
        self.names = Some((names, ends));
        Ok(at)
    }

    /// The tree of all entries, where git knew it when it wrote the index.
    pub(crate) fn known_tree(&self) -> Option<Id> {
        let trees = self.trees.as_ref()?;
        let known = trees.known(trees.root()?)?;
        // What is only going to be added is in no tree, and git forgets the tree then.
        (known.entries == self.len()).then(|| Id::from_bytes(known.tree))?
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len()
    }

    /// The bytes that an entry lies in, and where it begins there.
    fn place(&self, which: usize) -> Option<(&[u8], usize)> {
        match &self.content {
            Content::Whole(bytes) => Some((bytes, *self.offsets.get(which)? as usize)),
            #[cfg(unix)]
            Content::Parts(parts) => parts.place(&self.offsets, which),
        }
    }

    /// Whether the file was written into since it was read: nothing that was told holds then.
    pub(crate) fn is_other(&self) -> bool {
        match &self.content {
            Content::Whole(_) => false,
            #[cfg(unix)]
            Content::Parts(parts) => parts.is_other(),
        }
    }

    /// The folders in which anything lies.
    pub(crate) fn folders(&self) -> Folders {
        match &self.content {
            Content::Whole(_) => {
                let entries = self.entries();
                Folders::of(entries.map(|entry| (entry.path, entry.mode())))
            }
            #[cfg(unix)]
            Content::Parts(parts) => Folders::of(parts.stretches()),
        }
    }

    /// An entry by its number.
    pub(crate) fn entry(&self, which: usize) -> Option<Entry<'_>> {
        let (bytes, at) = self.place(which)?;
        let flags = short(bytes, at + FLAGS)?;
        let extended = if flags & EXTENDED == 0 {
            0
        } else {
            short(bytes, at + FLAGS + 2)?
        };
        let path = if let Some((names, ends)) = &self.names {
            let start = which
                .checked_sub(1)
                .map_or(Some(0), |w| ends.get(w).copied())?;
            names.get(start as usize..*ends.get(which)? as usize)?
        } else {
            let name = at + name_offset(flags);
            let rest = bytes.get(name..)?;
            match flags & NAME {
                NAME => &rest[..memchr::memchr(0, rest)?],
                length => rest.get(..usize::from(length))?,
            }
        };
        Some(Entry {
            path,
            id: bytes.get(at + 40..at + FLAGS)?,
            numbers: bytes.get(at..at + 40)?,
            stage: u8::try_from((flags & STAGE) >> 12).ok()?,
            intent_to_add: extended & INTENT_TO_ADD != 0,
        })
    }

    /// All entries, in git's order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.len()).filter_map(|which| self.entry(which))
    }

    /// The number of the first entry that is not sorted before `path`.
    pub(crate) fn position(&self, path: &[u8]) -> usize {
        let (mut low, mut high) = match &self.content {
            Content::Whole(_) => (0, self.len()),
            #[cfg(unix)]
            Content::Parts(parts) => parts.around(path, self.len()),
        };
        while low < high {
            let middle = low.midpoint(high);
            match self.entry(middle) {
                Some(entry) if entry.path < path => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    /// The number of the entry at a path, unless it is one side of a conflict.
    pub(crate) fn find(&self, path: &[u8]) -> Option<usize> {
        let number = self.position(path);
        let entry = self.entry(number)?;
        (entry.path == path && entry.stage == 0).then_some(number)
    }
}

/// Walks an index and the root of the tree beside it from nothing but their bytes, for tests that throw
/// anything at it: the names that differ, or why it cannot be read.
pub fn names_from_bytes(index: Vec<u8>, tree: &[u8]) -> Result<Vec<RepoPath>, Unreadable> {
    struct Only<'a>(&'a [u8]);
    impl<'a> Trees for Only<'a> {
        type Tree = &'a [u8];
        fn tree(&self, id: &[u8]) -> Result<&'a [u8], Unreadable> {
            if id == EMPTY {
                Ok(self.0)
            } else {
                Err(Unreadable("a missing tree"))
            }
        }
    }
    let index = Index::parse(index, None)?;
    for entry in index.entries() {
        index.find(entry.path);
    }
    let changes = staged(&Only(tree), Some(&EMPTY), &index)?;
    Ok(changes.into_iter().map(|change| change.path).collect())
}

/// What the first bytes of an index say.
struct Header {
    version: u32,
    count: usize,
    /// Where its checksum begins.
    end: usize,
}

fn header(bytes: &[u8], size: usize) -> Result<Header, Unreadable> {
    if bytes.get(..4) != Some(b"DIRC") {
        return Err(CORRUPT);
    }
    let version = number(bytes, 4).ok_or(CORRUPT)?;
    let count = number(bytes, 8).ok_or(CORRUPT)? as usize;
    let end = size.checked_sub(ID).ok_or(CORRUPT)?;
    // An offset is kept in 32 bits, and no entry is smaller than this.
    if u32::try_from(size).is_err() || count > end / FLAGS {
        return Err(CORRUPT);
    }
    Ok(Header {
        version,
        count,
        end,
    })
}

/// An entry of versions 2 and 3, where it was found to be whole.
struct Plain {
    flags: u16,
    name: Range<usize>,
    /// Where the next one begins: they are padded to eight bytes.
    next: usize,
}

fn plain(bytes: &[u8], at: usize) -> Result<Plain, Unreadable> {
    let flags = short(bytes, at + FLAGS).ok_or(ENTRY)?;
    let name = at + name_offset(flags);
    let length = match flags & NAME {
        NAME => memchr::memchr(0, bytes.get(name..).ok_or(ENTRY)?).ok_or(ENTRY)?,
        length => usize::from(length),
    };
    if bytes.get(name + length) != Some(&0) {
        return Err(ENTRY);
    }
    Ok(Plain {
        flags,
        name: name..name + length,
        next: at + ((name - at + length + 8) & !7),
    })
}

/// Reads what follows the entries. An extension in lower case must be understood, says git's format.
fn extensions(bytes: &[u8]) -> Result<Option<CacheTree>, Unreadable> {
    let (mut at, mut trees) = (0, None);
    while at < bytes.len() {
        let size = number(bytes, at + 4).ok_or(CORRUPT)? as usize;
        let body = at + 8..at + 8 + size;
        let content = bytes.get(body.clone()).ok_or(CORRUPT)?;
        match &bytes[at..at + 4] {
            b"TREE" => trees = Some(CacheTree::parse(content)?),
            b"link" => return Err(Unreadable("a split index")),
            b"sdir" => return Err(Unreadable("a sparse index")),
            name if name[0].is_ascii_uppercase() => {}
            _ => return Err(Unreadable("an index extension of its own")),
        }
        at = body.end;
    }
    Ok(trees)
}

fn name_offset(flags: u16) -> usize {
    FLAGS + if flags & EXTENDED == 0 { 2 } else { 4 }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

/// git's variable-width number: seven bits a byte, each further byte counting from one more.
fn varint(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut byte = *bytes.get(at)?;
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        at += 1;
        byte = *bytes.get(at)?;
        value = value.checked_add(1)?.checked_mul(128)? + usize::from(byte & 0x7f);
    }
    Some((value, at + 1))
}

#[cfg(test)]
mod tests;
