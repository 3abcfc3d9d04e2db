//! Many pieces, searched side by side and told in their order.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::catch::{self, Caught};
use super::piece::{Piece, Source, Unread};
use super::scan::Text;
use super::set::RuleSet;
use crate::process::signal::Cancel;
use crate::repository::{Id, Repository};

/// What an inspection stands on.
pub(crate) struct Inspector<'a> {
    pub(crate) repository: Option<&'a Repository>,
    pub(crate) set: &'a RuleSet,
    pub(crate) cancel: &'a Cancel,
    /// About how many bytes there are in all.
    pub(crate) volume: u64,
}

/// A secret with the piece that it was found in.
pub(crate) struct Found {
    pub(crate) piece: Piece,
    pub(crate) caught: Caught,
    /// Whether it stood at this place before.
    pub(crate) is_old: bool,
}

/// What came of an inspection.
#[derive(Default)]
pub(crate) struct Inspected {
    /// In the order of the pieces, and of their lines.
    pub(crate) found: Vec<Found>,
    /// What could not be read.
    pub(crate) unread: Vec<Unread>,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    /// Contents that were looked at already.
    seen: HashSet<Id>,
    /// Secrets that were told already: each is told where it came first.
    told: HashSet<[u8; 32]>,
}

/// What one piece holds.
struct Searched {
    bytes: u64,
    caught: Vec<Caught>,
}

impl Inspector<'_> {
    /// Searches pieces, the oldest first. Several calls are one inspection.
    pub(crate) fn inspect(&self, pieces: Vec<Piece>, into: &mut Inspected) {
        let fresh = |piece: &Piece| match &piece.source {
            Source::Blob(blob) => into.seen.insert(blob.id),
            Source::File(_) => true,
        };
        let pieces: Vec<Piece> = pieces.into_iter().filter(fresh).collect();
        let searched: Vec<Result<Searched, Unread>> =
            pieces.par_iter().map(|piece| self.search(piece)).collect();
        let mut before = HashMap::new();
        for (piece, searched) in pieces.into_iter().zip(searched) {
            match searched {
                Err(unread) => into.unread.push(unread),
                Ok(searched) => {
                    into.files += 1;
                    into.bytes += searched.bytes;
                    for caught in searched.caught {
                        let name = catch::name(self.set, &caught, &piece.path);
                        if into.told.insert(name) {
                            let is_old = self.was_there(&piece, &name, &mut before);
                            let piece = piece.clone();
                            into.found.push(Found {
                                piece,
                                caught,
                                is_old,
                            });
                        }
                    }
                }
            }
        }
    }

    fn search(&self, piece: &Piece) -> Result<Searched, Unread> {
        if self.cancel.is_cancelled() {
            return Ok(Searched {
                bytes: 0,
                caught: Vec::new(),
            });
        }
        let bytes = piece.read(self.repository)?;
        Ok(Searched {
            bytes: bytes.len() as u64,
            caught: self.look(piece, &bytes),
        })
    }

    fn look(&self, piece: &Piece, bytes: &[u8]) -> Vec<Caught> {
        if memchr::memchr(0, &bytes[..bytes.len().min(8192)]).is_some() {
            return Vec::new();
        }
        let commit = piece.commit.map(|commit| commit.to_string());
        let text = Text {
            path: &piece.path,
            bytes,
            commit: commit.as_deref(),
            is_plain: true,
        };
        catch::caught(self.set, text, self.volume)
    }

    /// Whether a secret was at this place before this change.
    fn was_there(
        &self,
        piece: &Piece,
        name: &[u8; 32],
        known: &mut HashMap<Id, HashSet<[u8; 32]>>,
    ) -> bool {
        let Some(old) = piece.old else {
            return false;
        };
        let names = known.entry(old).or_insert_with(|| {
            let before = Piece {
                source: Source::Blob(crate::repository::Blob {
                    id: old,
                    mode: crate::repository::Mode::File,
                }),
                ..piece.clone()
            };
            // What cannot be read any more excuses nothing.
            let searched = self.search(&before);
            let caught = searched.map_or_else(|_| Vec::new(), |searched| searched.caught);
            let names = caught.iter();
            names
                .map(|caught| catch::name(self.set, caught, &piece.path))
                .collect()
        });
        names.contains(name)
    }
}
