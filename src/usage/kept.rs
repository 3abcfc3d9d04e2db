//! What sources said the last time, by their content: a source that has not changed is not read again.
//!
//! All of it is one file below guard's folder in git's common one, read whole and written whole. It saves time and
//! is no evidence: what is damaged, foreign, too long or of another version of these rules is a miss.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::kind::Kind;
use super::{Content, Spot};
use crate::record::files;
use crate::variable::{Need, Reading, Side, Way, What};

/// Goes up whenever a source would be read differently than before.
const RULES: u32 = 1;

/// As long the file gets: a quarter of a million sources.
const LONGEST: usize = 32 << 20;

/// The name under which a content is kept.
type Name = [u8; 16];

/// The length of the check in front of the file.
const CHECK: usize = 16;

/// What is known of contents.
#[derive(Debug, Default)]
pub struct Kept {
    /// Where it is written; nowhere without a repository.
    file: Option<PathBuf>,
    bytes: Vec<u8>,
    /// Where in the bytes each content begins and ends.
    places: HashMap<Name, (u32, u32)>,
}

impl Kept {
    /// What this common git folder has.
    pub fn of(common_dir: &Path) -> Self {
        let file = common_dir.join("guard").join("usage");
        let bytes = files::read(&file, LONGEST as u64).unwrap_or_default();
        let is_whole = bytes
            .split_at_checked(CHECK)
            .is_some_and(|(check, rest)| self::check(rest) == check);
        let mut kept = Self {
            file: Some(file),
            bytes: if is_whole { bytes } else { Vec::new() },
            places: HashMap::new(),
        };
        kept.index();
        kept
    }

    fn index(&mut self) {
        let mut at = CHECK;
        while let Some(head) = self.bytes.get(at..at + 20) {
            let (name, length) = head.split_at(16);
            let name: Name = name.try_into().expect("split at its length");
            let length: [u8; 4] = length.try_into().expect("what is left of 20 bytes");
            let start = at + 20;
            let end = start.saturating_add(u32::from_le_bytes(length) as usize);
            let (Ok(from), Ok(to)) = (u32::try_from(start), u32::try_from(end)) else {
                return;
            };
            if end > self.bytes.len() {
                return;
            }
            self.places.insert(name, (from, to));
            at = end;
        }
    }

    /// Whether anything is known of a content: then nobody need fetch it.
    pub fn knows(&self, kind: Kind, id: &[u8]) -> bool {
        self.places.contains_key(&name(kind, id))
    }

    /// What a content said.
    pub(super) fn get(&self, kind: Kind, id: &[u8]) -> Option<Content> {
        let (start, end) = self.places.get(&name(kind, id))?;
        let bytes = self.bytes.get(*start as usize..*end as usize)?;
        let mut reader = Reader { bytes };
        let content = reader.content()?;
        reader.bytes.is_empty().then_some(content)
    }

    /// Remembers what these contents said. What cannot be written is read again, and that is all.
    pub(super) fn put<'c>(&self, new: impl Iterator<Item = (Kind, &'c [u8], &'c Content)>) {
        let Some(file) = &self.file else {
            return;
        };
        let mut written = vec![0; CHECK];
        for (kind, id, content) in new {
            written.extend(name(kind, id));
            let at = written.len();
            written.extend([0; 4]);
            write(content, &mut written);
            let length = u32::try_from(written.len() - at - 4).unwrap_or(u32::MAX);
            written[at..at + 4].copy_from_slice(&length.to_le_bytes());
        }
        if written.len() == CHECK {
            return;
        }
        // The new ones stand first: what is too much is the oldest.
        let old = self.bytes.get(CHECK..).unwrap_or_default();
        let mut rest = old;
        while written.len() < LONGEST
            && let Some(head) = rest.get(16..20)
        {
            let length: [u8; 4] = head.try_into().expect("four bytes were asked for");
            let whole = 20 + u32::from_le_bytes(length) as usize;
            let Some(entry) = rest.get(..whole) else {
                break;
            };
            if written.len() + whole > LONGEST {
                break;
            }
            written.extend(entry);
            rest = &rest[whole..];
        }
        if written.len() > LONGEST {
            return;
        }
        let check = check(&written[CHECK..]);
        written[..CHECK].copy_from_slice(&check);
        let folder = file.parent().unwrap_or(file);
        let _ = files::make_folder(folder).and_then(|()| files::put_lightly(file, &written));
    }
}

fn check(bytes: &[u8]) -> Name {
    let mut hasher = blake3::Hasher::new_derive_key("guard usage, what sources said");
    hasher.update(&RULES.to_le_bytes());
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(bytes);
    half(hasher.finalize())
}

fn name(kind: Kind, id: &[u8]) -> Name {
    if let Ok(long) = <[u8; 20]>::try_from(id) {
        // git's own hash is as good a name as one of ours, and is there already.
        let mut name = [0; 16];
        name.copy_from_slice(&long[..16]);
        name[15] ^= kind.number();
        return name;
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[kind.number()]);
    hasher.update(id);
    half(hasher.finalize())
}

fn half(hash: blake3::Hash) -> Name {
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_bytes()[..16]);
    half
}

fn write(content: &Content, into: &mut Vec<u8>) {
    let directive = match content.directive {
        None => 0,
        Some(Side::Client) => 1,
        Some(Side::Server) => 2,
        Some(Side::Unknown) => 3,
    };
    let reading = match content.reading {
        Reading::Whole => 0,
        Reading::Broken => 1,
        Reading::Rough => 2,
    };
    into.extend([directive, reading]);
    for spot in &content.spots {
        let what = WHATS.iter().position(|what| *what == spot.what);
        let need = NEEDS.iter().position(|need| *need == spot.need);
        let side = SIDES.iter().position(|side| *side == spot.side);
        let way = u8::from(spot.way == Way::Bundle);
        let flags =
            [what, need, side].map(|at| at.and_then(|at| u8::try_from(at).ok()).unwrap_or(0));
        into.extend(flags);
        into.push(way | (u8::from(spot.has_default) << 1));
        into.extend(spot.line.to_le_bytes());
        into.extend(spot.column.to_le_bytes());
        let length = u16::try_from(spot.name.len()).unwrap_or(0);
        into.extend(length.to_le_bytes());
        into.extend(&spot.name.as_bytes()[..usize::from(length)]);
    }
}

const WHATS: [What; 7] = [
    What::Read,
    What::Dynamic,
    What::Declared,
    What::Assigned,
    What::File,
    What::Secret,
    What::Setting,
];
const NEEDS: [Need; 3] = [Need::Required, Need::Optional, Need::Unknown];
const SIDES: [Side; 3] = [Side::Server, Side::Client, Side::Unknown];

/// What is left to read of one content.
struct Reader<'b> {
    bytes: &'b [u8],
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*taken)
    }

    fn content(&mut self) -> Option<Content> {
        let [directive, reading] = self.take()?;
        let mut content = Content {
            directive: [
                None,
                Some(Side::Client),
                Some(Side::Server),
                Some(Side::Unknown),
            ]
            .get(usize::from(directive))
            .copied()?,
            reading: [Reading::Whole, Reading::Broken, Reading::Rough]
                .get(usize::from(reading))
                .copied()?,
            spots: Vec::new(),
        };
        while !self.bytes.is_empty() {
            content.spots.push(self.spot()?);
        }
        Some(content)
    }

    fn spot(&mut self) -> Option<Spot> {
        let [what, need, side, bits] = self.take()?;
        let line = u32::from_le_bytes(self.take()?);
        let column = u32::from_le_bytes(self.take()?);
        let length = usize::from(u16::from_le_bytes(self.take()?));
        let (name, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(Spot {
            name: std::str::from_utf8(name).ok()?.to_owned(),
            line,
            column,
            what: *WHATS.get(usize::from(what))?,
            need: *NEEDS.get(usize::from(need))?,
            side: *SIDES.get(usize::from(side))?,
            has_default: bits & 2 != 0,
            way: if bits & 1 == 0 {
                Way::Process
            } else {
                Way::Bundle
            },
        })
    }
}
