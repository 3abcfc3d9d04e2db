//! A large index, passed over once with little memory: what is asked for is read from the file again.
//!
//! Most of an index is never asked for, and to keep it costs more than to read it. The file stays open, and
//! git replaces it rather than write into it, so that it stays what it was. A program that does write into it
//! is noticed: a part that is read again has to have the trace that it had the first time.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use super::{
    CORRUPT, Content, ENTRY, HEADER, Index, Unreadable, extensions, header, number, plain,
};
use crate::repository::entry::Mode;

/// How much is kept at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Bytes of the file from which on it counts as large.
    pub(super) large: usize,
    /// Bytes read at once.
    pub(super) window: usize,
    /// Entries of a part.
    pub(super) part: usize,
}

pub(super) const SIZES: Sizes = Sizes {
    large: 512 * 1024,
    window: 96 * 1024,
    part: 64,
};

const FAILED: Unreadable = Unreadable("an index that cannot be read");

/// The entries of an index, in parts of as many.
#[derive(Debug)]
pub(super) struct Parts {
    file: File,
    all: Vec<Part>,
    /// Entries of a part.
    size: usize,
    /// Where the entries end.
    end: usize,
    /// Paths and modes of submodules, and of the first entries of each stretch in one folder.
    stretches: Vec<(Vec<u8>, u32)>,
    /// Whether a part was not what it was.
    is_other: AtomicBool,
}

#[derive(Debug)]
struct Part {
    /// The path of its first entry.
    first: Vec<u8>,
    trace: u64,
    bytes: OnceLock<Option<Vec<u8>>>,
}

impl Parts {
    /// The entry's part, and where it begins there.
    pub(super) fn place(&self, offsets: &[u32], which: usize) -> Option<(&[u8], usize)> {
        let at = *offsets.get(which)? as usize;
        let part = which / self.size;
        let start = *offsets.get(part * self.size)? as usize;
        let next = offsets.get((part + 1) * self.size);
        let end = next.map_or(self.end, |next| *next as usize);
        let part = self.all.get(part)?;
        let bytes = part.bytes.get_or_init(|| self.load(part, start..end));
        Some((bytes.as_deref()?, at - start))
    }

    fn load(&self, part: &Part, place: Range<usize>) -> Option<Vec<u8>> {
        let mut bytes = vec![0; place.len()];
        let read = self.file.read_exact_at(&mut bytes, place.start as u64);
        let is_same = read.is_ok() && trace(&bytes) == part.trace;
        if !is_same {
            self.is_other.store(true, Ordering::Relaxed);
        }
        is_same.then_some(bytes)
    }

    /// Where the first entry that is not sorted before a path can be.
    pub(super) fn around(&self, path: &[u8], count: usize) -> (usize, usize) {
        let part = self.all.partition_point(|part| &part.first[..] < path);
        let low = part.saturating_sub(1) * self.size;
        (low, (part * self.size).min(count))
    }

    pub(super) fn stretches(&self) -> impl Iterator<Item = (&[u8], u32)> {
        self.stretches.iter().map(|(path, mode)| (&path[..], *mode))
    }

    /// Whether anything that was told may be wrong: the file was written into.
    pub(super) fn is_other(&self) -> bool {
        self.is_other.load(Ordering::Relaxed)
    }
}

/// Passes over a file of this size; none where it is not large, or of a version that is read whole.
pub(super) fn read(
    file: &File,
    size: usize,
    written: Option<SystemTime>,
    sizes: Sizes,
) -> Result<Option<Index>, Unreadable> {
    if size < sizes.large.max(HEADER) {
        return Ok(None);
    }
    let mut window = Window {
        file,
        bytes: vec![0; sizes.window.max(HEADER)],
        filled: 0,
        from: 0,
        end: size,
    };
    window.more(0)?;
    let header = header(window.seen(), size)?;
    if !matches!(header.version, 2 | 3) {
        return Ok(None);
    }
    if header.end < HEADER {
        return Err(CORRUPT);
    }
    window.end = header.end;
    window.filled = window.filled.min(header.end);
    let mut walk = Walk {
        window,
        at: HEADER,
        part: HEADER,
        offsets: Vec::with_capacity(header.count),
        parts: Vec::with_capacity(header.count.div_ceil(sizes.part)),
        stretches: Vec::new(),
        folder: Vec::new(),
        stages: 0,
    };
    walk.entries(header.count, sizes.part)?;
    let end = walk.window.from + walk.at;
    let trees = extensions(&walk.rest()?)?;
    let unmerged = walk.stages & super::STAGE != 0;
    let parts = Parts {
        file: file.try_clone().map_err(|_| FAILED)?,
        all: walk.parts,
        size: sizes.part,
        end,
        stretches: walk.stretches,
        is_other: AtomicBool::new(false),
    };
    Ok(Some(Index {
        content: Content::Parts(parts),
        offsets: walk.offsets,
        names: None,
        trees,
        unmerged,
        written,
    }))
}

/// The stretch of the file that is looked at.
struct Window<'f> {
    file: &'f File,
    bytes: Vec<u8>,
    filled: usize,
    /// Where in the file it begins.
    from: usize,
    /// Where in the file it must end.
    end: usize,
}

impl Window<'_> {
    fn seen(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// Moves on, so that it begins at what was at `start`. False where nothing more can be seen.
    fn more(&mut self, start: usize) -> Result<bool, Unreadable> {
        self.bytes.copy_within(start..self.filled, 0);
        self.filled -= start;
        self.from += start;
        if self.filled == self.bytes.len() {
            self.bytes.resize(2 * self.filled, 0);
        }
        let there = self.end - self.from - self.filled;
        let room = there.min(self.bytes.len() - self.filled);
        let place = (self.from + self.filled) as u64;
        let unread = &mut self.bytes[self.filled..self.filled + room];
        self.file.read_exact_at(unread, place).map_err(|_| FAILED)?;
        self.filled += room;
        Ok(room > 0)
    }
}

/// The one walk over the entries.
struct Walk<'f> {
    window: Window<'f>,
    /// Where in the window the next entry begins, and the part that it is in.
    at: usize,
    part: usize,
    offsets: Vec<u32>,
    parts: Vec<Part>,
    stretches: Vec<(Vec<u8>, u32)>,
    /// The folder of the last entry, with a `/` at its end.
    folder: Vec<u8>,
    stages: u16,
}

impl Walk<'_> {
    fn entries(&mut self, count: usize, size: usize) -> Result<(), Unreadable> {
        for number in 0..count {
            if number % size == 0 {
                self.close();
            }
            let entry = loop {
                let seen = self.window.seen();
                let why = match plain(seen, self.at) {
                    Ok(entry) if entry.next <= seen.len() => break entry,
                    Ok(_) => ENTRY,
                    Err(why) => why,
                };
                if !self.window.more(self.part)? {
                    return Err(why);
                }
                self.at -= self.part;
                self.part = 0;
            };
            let seen = self.window.seen();
            let path = &seen[entry.name];
            if number % size == 0 {
                self.parts.push(Part {
                    first: path.to_vec(),
                    trace: 0,
                    bytes: OnceLock::new(),
                });
            }
            let mode = number_of_mode(seen, self.at);
            let name = path.strip_prefix(&self.folder[..]);
            let is_same = name.is_some_and(|name| memchr::memchr(b'/', name).is_none());
            if !is_same || Mode::from_bits(mode) == Some(Mode::Submodule) {
                let folder = memchr::memrchr(b'/', path).map_or(0, |end| end + 1);
                self.folder = path[..folder].to_vec();
                self.stretches.push((path.to_vec(), mode));
            }
            self.stages |= entry.flags;
            let offset = self.window.from + self.at;
            let offset = u32::try_from(offset).map_err(|_| CORRUPT)?;
            self.offsets.push(offset);
            self.at = entry.next;
        }
        self.close();
        Ok(())
    }

    /// The part ends here, if one has begun.
    fn close(&mut self) {
        if let Some(part) = self.parts.last_mut() {
            part.trace = trace(&self.window.seen()[self.part..self.at]);
        }
        self.part = self.at;
    }

    /// What follows the entries.
    fn rest(&mut self) -> Result<Vec<u8>, Unreadable> {
        while self.window.more(self.at)? {
            self.at = 0;
        }
        Ok(self.window.seen().to_vec())
    }
}

fn number_of_mode(bytes: &[u8], at: usize) -> u32 {
    number(bytes, at + 24).unwrap_or_default()
}

/// A trace of bytes, fast rather than secret: other bytes leave another, but for one in 2^64.
fn trace(bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let step = |lane: u64, word: u64| (lane ^ word).wrapping_mul(ODD).rotate_left(29);
    // Four lanes, since each step of one waits for the one before.
    let mut lanes = [1, 2, 3, 4];
    let (blocks, rest) = bytes.as_chunks::<32>();
    for block in blocks {
        for (lane, word) in lanes.iter_mut().zip(block.as_chunks::<8>().0) {
            *lane = step(*lane, u64::from_le_bytes(*word));
        }
    }
    let rest = rest.iter().map(|byte| u64::from(*byte));
    lanes.into_iter().chain(rest).fold(bytes.len() as u64, step)
}
