//! git's index, as guard writes it: every file of the slot with what it looks like, so that git need not read any.

use super::folder::Stat;
use super::hash::Hash;
use crate::change::Mode;
use crate::repository::Id;

/// One line of an index.
pub(crate) struct Line<'e> {
    pub(crate) path: &'e [u8],
    pub(crate) mode: Mode,
    pub(crate) id: Id,
    pub(crate) stat: Stat,
}

/// The file, of lines that are sorted by path; `like` tells the kind of ids.
pub(crate) fn bytes(lines: &[Line], like: &Id) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + lines.len() * 128);
    out.extend_from_slice(b"DIRC");
    put(&mut out, 2);
    put(&mut out, low(lines.len() as u64));
    for line in lines {
        let begin = out.len();
        for moment in [line.stat.changed, line.stat.modified] {
            put(&mut out, low(moment.0.cast_unsigned()));
            put(&mut out, moment.1);
        }
        // git does not compare devices.
        put(&mut out, 0);
        put(&mut out, low(line.stat.inode));
        put(&mut out, bits(line.mode));
        put(&mut out, line.stat.owner);
        put(&mut out, line.stat.group);
        put(&mut out, low(line.stat.size));
        out.extend_from_slice(line.id.as_bytes());
        let length = u16::try_from(line.path.len())
            .unwrap_or(u16::MAX)
            .min(0xfff);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(line.path);
        // One NUL at least, up to a multiple of eight.
        let end = begin + (out.len() - begin) / 8 * 8 + 8;
        out.resize(end, 0);
    }
    let mut sum = Hash::like(like);
    sum.add(&out);
    out.extend_from_slice(sum.end().as_bytes());
    out
}

fn put(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_be_bytes());
}

/// git keeps the lower half of large numbers.
fn low(number: u64) -> u32 {
    let [.., a, b, c, d] = number.to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

fn bits(mode: Mode) -> u32 {
    match mode {
        Mode::File => 0o100_644,
        Mode::Executable => 0o100_755,
        Mode::Link => 0o120_000,
        Mode::Submodule => 0o160_000,
    }
}
