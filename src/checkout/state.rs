//! What a slot remembers of what was laid out in it: a compact file that tells when it is damaged.

use super::folder::{Moment, Stat};
use super::hash;
use crate::change::Mode;
use crate::repository::Id;

/// The first bytes; another form gets another number.
const MAGIC: &[u8] = b"guard checkout 1\n";

/// How many bytes of a checksum are kept.
const SUM: usize = 16;

/// One file as it was laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) path: Vec<u8>,
    pub(crate) mode: Mode,
    /// The judged content.
    pub(crate) id: Id,
    /// The id that the content has as it lies there: another one where git converted it.
    pub(crate) laid: Id,
    pub(crate) stat: Stat,
}

/// All that is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// What was laid out, as one hash: equal keys are equal trees.
    pub(crate) key: [u8; 32],
    /// The settings by which contents were converted.
    pub(crate) settings: [u8; 32],
    /// git's index of the slot, as it was left.
    pub(crate) index: Stat,
    /// Every file, sorted by path.
    pub(crate) entries: Vec<Entry>,
}

impl State {
    /// The key alone, from the first bytes of the file.
    pub(crate) fn key_of(bytes: &[u8]) -> Option<[u8; 32]> {
        bytes.strip_prefix(MAGIC)?.first_chunk().copied()
    }

    pub(crate) fn entry(&self, path: &[u8]) -> Option<&Entry> {
        let found = self
            .entries
            .binary_search_by(|entry| entry.path.as_slice().cmp(path));
        found.ok().map(|at| &self.entries[at])
    }

    /// Whether anything was laid out below a folder.
    pub(crate) fn has_below(&self, folder: &[u8]) -> bool {
        let below = [folder, b"/"].concat();
        let after = self
            .entries
            .partition_point(|entry| entry.path.as_slice() < below.as_slice());
        let next = self.entries.get(after);
        next.is_some_and(|entry| entry.path.starts_with(&below))
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256 + self.entries.len() * 160);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.key);
        out.extend_from_slice(&self.settings);
        put_stat(&mut out, &self.index);
        put_number(&mut out, self.entries.len() as u64);
        for entry in &self.entries {
            put_number(&mut out, entry.path.len() as u64);
            out.extend_from_slice(&entry.path);
            out.push(to_letter(entry.mode));
            put_id(&mut out, &entry.id);
            put_id(&mut out, &entry.laid);
            put_stat(&mut out, &entry.stat);
        }
        let sum = hash::of_parts([out.as_slice()]);
        out.extend_from_slice(&sum[..SUM]);
        out
    }

    /// None when the bytes are not what guard wrote.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let (body, sum) = bytes.split_last_chunk::<SUM>()?;
        if hash::of_parts([body])[..SUM] != *sum {
            return None;
        }
        let mut rest = Rest(body.strip_prefix(MAGIC)?);
        let key = *rest.chunk()?;
        let settings = *rest.chunk()?;
        let index = rest.stat()?;
        let count = usize::try_from(rest.number()?).ok()?;
        let mut entries = Vec::with_capacity(count.min(body.len() / 64));
        for _ in 0..count {
            let length = usize::try_from(rest.number()?).ok()?;
            let path = rest.take(length)?.to_vec();
            let mode = from_letter(rest.take(1)?[0])?;
            entries.push(Entry {
                path,
                mode,
                id: rest.id()?,
                laid: rest.id()?,
                stat: rest.stat()?,
            });
        }
        let is_whole = rest.0.is_empty() && entries.is_sorted_by(|a, b| a.path < b.path);
        is_whole.then_some(Self {
            key,
            settings,
            index,
            entries,
        })
    }
}

fn to_letter(mode: Mode) -> u8 {
    match mode {
        Mode::File => b'f',
        Mode::Executable => b'x',
        Mode::Link => b'l',
        Mode::Submodule => b's',
    }
}

fn from_letter(letter: u8) -> Option<Mode> {
    match letter {
        b'f' => Some(Mode::File),
        b'x' => Some(Mode::Executable),
        b'l' => Some(Mode::Link),
        b's' => Some(Mode::Submodule),
        _ => None,
    }
}

fn put_number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put_id(out: &mut Vec<u8>, id: &Id) {
    let bytes = id.as_bytes();
    out.push(if bytes.len() == 20 { 20 } else { 32 });
    out.extend_from_slice(bytes);
}

fn put_stat(out: &mut Vec<u8>, stat: &Stat) {
    put_number(out, stat.size);
    for moment in [stat.modified, stat.changed] {
        out.extend_from_slice(&moment.0.to_le_bytes());
        out.extend_from_slice(&moment.1.to_le_bytes());
    }
    put_number(out, stat.inode);
    out.extend_from_slice(&stat.owner.to_le_bytes());
    out.extend_from_slice(&stat.group.to_le_bytes());
}

/// What is still to be read.
struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn chunk<const N: usize>(&mut self) -> Option<&'b [u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        self.chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    fn small(&mut self) -> Option<u32> {
        self.chunk().map(|bytes| u32::from_le_bytes(*bytes))
    }

    fn moment(&mut self) -> Option<Moment> {
        let seconds = self.chunk().map(|bytes| i64::from_le_bytes(*bytes))?;
        Some(Moment(seconds, self.small()?))
    }

    fn id(&mut self) -> Option<Id> {
        let length = usize::from(self.take(1)?[0]);
        Id::from_bytes(self.take(length)?)
    }

    fn stat(&mut self) -> Option<Stat> {
        Some(Stat {
            size: self.number()?,
            modified: self.moment()?,
            changed: self.moment()?,
            inode: self.number()?,
            owner: self.small()?,
            group: self.small()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        let entry = |path: &str, digit: &str, mode| Entry {
            path: path.into(),
            mode,
            id: Id::parse(digit.repeat(40)).unwrap(),
            laid: Id::parse(digit.repeat(64)).unwrap(),
            stat: Stat {
                size: 7,
                modified: Moment(-1, 5),
                changed: Moment(3, 4),
                inode: u64::MAX,
                owner: 1,
                group: 2,
            },
        };
        State {
            key: [1; 32],
            settings: [2; 32],
            index: Stat::default(),
            entries: vec![
                entry("a", "1", Mode::File),
                entry("b-c", "2", Mode::Executable),
                entry("b/c", "3", Mode::Link),
            ],
        }
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let bytes = state().to_bytes();
        assert_eq!(State::parse(&bytes), Some(state()));
        assert_eq!(State::key_of(&bytes), Some([1; 32]));
        for cut in 0..bytes.len() {
            assert_eq!(State::parse(&bytes[..cut]), None, "{cut}");
            let mut damaged = bytes.clone();
            damaged[cut] ^= 1;
            assert_eq!(State::parse(&damaged), None, "{cut}");
        }
    }

    #[test]
    fn files_are_found_by_path_and_by_folder() {
        let state = state();
        assert_eq!(
            state.entry(b"b/c").map(|entry| entry.mode),
            Some(Mode::Link)
        );
        assert_eq!(state.entry(b"b"), None);
        assert!(state.has_below(b"b"));
        assert!(!state.has_below(b"a") && !state.has_below(b"b-c") && !state.has_below(b"c"));
    }
}
