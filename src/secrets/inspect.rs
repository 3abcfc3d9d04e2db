//! Many pieces, searched side by side and told in their order.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Mutex;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::catch::{self, Catch, Caught};
use super::pardon::{Draft, Pardon, Pardons, Suspect, Verdict};
use super::piece::{self, Piece, Source, Unread};
use super::scan::Text;
use super::set::RuleSet;
use super::sort::{self, Search, Sort};
use super::tell;
use crate::event::Coverage;
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::record::Clean;
use crate::repository::contents::Contents;
use crate::repository::{Blob, Id, Mode, Repository};

/// Fewer pieces than this are searched here and now: threads would take longer to begin.
const FEW: usize = 64;

/// What an inspection stands on.
pub(crate) struct Inspector<'a> {
    pub(crate) repository: Option<&'a Repository>,
    pub(crate) set: &'a RuleSet,
    pub(crate) pardons: &'a Pardons,
    pub(crate) cancel: &'a Cancel,
    /// Which contents are known to hold nothing; none where nobody is to remember.
    pub(crate) clean: Option<&'a Mutex<Clean>>,
    /// Who writes down all that is found, allowed or not.
    pub(crate) draft: Option<&'a Mutex<Draft>>,
}

/// A secret with the piece that it was found in.
pub(crate) struct Found {
    pub(crate) piece: Piece,
    pub(crate) caught: Caught,
    /// Whether it stood at this place before.
    pub(crate) is_old: bool,
    /// Why a word that was meant to allow it does not.
    pub(crate) hint: Option<String>,
}

/// A secret that somebody allowed.
pub(crate) struct Pardoned {
    pub(crate) found: Found,
    pub(crate) pardon: Pardon,
}

/// What came of an inspection.
#[derive(Default)]
pub(crate) struct Inspected {
    /// In the order of the pieces, and of their lines.
    pub(crate) found: Vec<Found>,
    pub(crate) pardoned: Vec<Pardoned>,
    /// What could not be read.
    pub(crate) unread: Vec<Unread>,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    /// What was read of the repository, and what was too much to list.
    pub(crate) read: Vec<Read>,
    pub(crate) more: Coverage,
    /// What was searched before.
    pub(crate) known: u64,
    /// What was counted only, by its sort.
    pub(crate) passed_over: BTreeMap<Sort, u64>,
    /// Contents that were looked at already.
    seen: HashSet<Id>,
    /// Secrets that were told already: each is told where it came first.
    told: HashSet<[u8; 32]>,
    /// Made when there are many pieces.
    pool: Option<ThreadPool>,
}

/// A content that was read.
pub(crate) struct Read {
    pub(crate) path: RepoPath,
    pub(crate) id: Id,
    pub(crate) size: u64,
}

/// As many are listed.
const LISTED: usize = 100_000;

/// What one piece holds.
struct Searched {
    bytes: u64,
    sort: Sort,
    catch: Catch,
}

impl Inspector<'_> {
    /// Searches pieces, the oldest first. Several calls are one inspection.
    pub(crate) fn inspect(&self, pieces: Vec<Piece>, into: &mut Inspected) {
        let fresh = |piece: &Piece| match &piece.source {
            Source::Blob(blob) => into.seen.insert(blob.id),
            Source::File(_) => true,
        };
        let mut pieces: Vec<Piece> = pieces.into_iter().filter(fresh).collect();
        let all = pieces.len();
        pieces.retain(|piece| !self.is_known(piece));
        into.known += (all - pieces.len()) as u64;
        let searched = self.search_all(&pieces, into);
        self.remember(&pieces, &searched);
        let mut before = HashMap::new();
        for (piece, searched) in pieces.into_iter().zip(searched) {
            match searched {
                Err(unread) => into.unread.push(unread),
                Ok(searched) => self.take(&piece, searched, &mut before, into),
            }
        }
    }

    fn take(
        &self,
        piece: &Piece,
        searched: Searched,
        before: &mut HashMap<Id, HashSet<[u8; 32]>>,
        into: &mut Inspected,
    ) {
        into.files += 1;
        into.bytes += searched.bytes;
        match &piece.source {
            Source::Blob(blob) if into.read.len() < LISTED => into.read.push(Read {
                path: piece.path.clone(),
                id: blob.id,
                size: searched.bytes,
            }),
            _ => {
                into.more.files += 1;
                into.more.bytes += searched.bytes;
            }
        }
        if searched.sort.search() == Search::Not {
            *into.passed_over.entry(searched.sort).or_default() += 1;
        }
        let verdicts = self.verdicts(piece, &searched.catch.caught);
        for (caught, verdict) in searched.catch.caught.into_iter().zip(verdicts) {
            let name = catch::name(self.set, &caught, &piece.path);
            if !into.told.insert(name) {
                continue;
            }
            let is_old = self.was_there(piece, &name, before);
            let mut found = Found {
                piece: piece.clone(),
                caught,
                is_old,
                hint: None,
            };
            match verdict {
                Verdict::Told(hint) => {
                    found.hint = hint;
                    into.found.push(found);
                }
                Verdict::Pardoned(pardon) => into.pardoned.push(Pardoned { found, pardon }),
            }
        }
    }

    fn verdicts(&self, piece: &Piece, caught: &[Caught]) -> Vec<Verdict> {
        let commit = piece.commit.map(|commit| commit.to_string());
        let codes: Vec<&str> = caught
            .iter()
            .map(|caught| tell::code_of(self.set, caught.rule).id)
            .collect();
        let suspects: Vec<Suspect<'_>> = caught
            .iter()
            .zip(&codes)
            .map(|(caught, code)| Suspect {
                code,
                path: &piece.path,
                commit: commit.as_deref(),
                line: caught.place.0.line as usize,
                value: &caught.value,
                here: &caught.here,
                above: &caught.above,
            })
            .collect();
        if let Some(draft) = self.draft
            && let Ok(mut draft) = draft.lock()
        {
            draft.add(&suspects, |_| true);
        }
        self.pardons.judge(&suspects)
    }

    fn search_all(&self, pieces: &[Piece], into: &mut Inspected) -> Vec<Result<Searched, Unread>> {
        if let Some(repository) = self
            .repository
            .filter(|repository| !repository.reads_contents())
        {
            return self.search_by_program(repository, pieces);
        }
        let alone = |contents: Option<Contents<'_>>| {
            let searched = pieces.iter();
            searched
                .map(|piece| self.search(piece, piece.read(contents.as_ref())))
                .collect()
        };
        if pieces.len() < FEW {
            return alone(self.repository.map(Repository::shared_contents));
        }
        self.set.expect_much();
        let pool = match into.pool.take() {
            Some(pool) => Ok(pool),
            None => ThreadPoolBuilder::new().build(),
        };
        let Ok(pool) = pool else {
            return alone(self.repository.map(Repository::contents));
        };
        let contents = || self.repository.map(Repository::contents);
        let all = || {
            let searched = pieces.par_iter();
            searched
                .map_init(contents, |contents, piece| {
                    self.search(piece, piece.read(contents.as_ref()))
                })
                .collect()
        };
        // On a thread of its own: one of the engine's would take up another step while it waits, and that step
        // waits for this one before it shows anything.
        let searched = std::thread::scope(|scope| scope.spawn(|| pool.install(all)).join());
        into.pool = Some(pool);
        searched.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// The same where the git program reads: it is asked for many at once.
    fn search_by_program(
        &self,
        repository: &Repository,
        pieces: &[Piece],
    ) -> Vec<Result<Searched, Unread>> {
        let mut all: Vec<Option<Result<Searched, Unread>>> = Vec::new();
        all.resize_with(pieces.len(), || None);
        let mut blobs = Vec::new();
        for (place, piece) in pieces.iter().enumerate() {
            match &piece.source {
                Source::Blob(blob) => blobs.push((place, blob.id)),
                Source::File(_) => all[place] = Some(self.search(piece, piece.read(None))),
            }
        }
        let ids: Vec<Id> = blobs.iter().map(|(_, id)| *id).collect();
        let told = repository.each_content(&ids, piece::MOST, &mut |number, content| {
            let place = blobs[number].0;
            let piece = &pieces[place];
            all[place] = Some(self.search(piece, piece.bytes(content)));
        });
        let searched = all.into_iter().zip(pieces);
        searched
            .map(|(searched, piece)| match (searched, &told) {
                (Some(searched), _) => searched,
                (None, Err(error)) => Err(piece.failed(error)),
                (None, Ok(())) => Err(piece.missing()),
            })
            .collect()
    }

    fn search(&self, piece: &Piece, bytes: Result<Vec<u8>, Unread>) -> Result<Searched, Unread> {
        if self.cancel.is_cancelled() {
            // Whoever ends a run is told that it ended.
            return Ok(Searched {
                bytes: 0,
                sort: Sort::Text,
                catch: Catch::default(),
            });
        }
        let bytes = bytes?;
        let size = bytes.len() as u64;
        let sort = Sort::of(&piece.path, &bytes, size);
        let mut catch = self.look(piece, sort, bytes);
        if let Some(caught) = catch::by_path(self.set, &piece.path) {
            catch.caught.insert(0, caught);
            catch.is_clean = false;
        }
        Ok(Searched {
            bytes: size,
            sort,
            catch,
        })
    }

    fn look(&self, piece: &Piece, sort: Sort, bytes: Vec<u8>) -> Catch {
        let search = sort.search();
        if search == Search::Not {
            // Another name may make something else of it.
            return Catch::default();
        }
        let bytes = match sort::to_utf8(&bytes, sort) {
            Some(text) => text.into_bytes(),
            None => bytes,
        };
        let commit = piece.commit.map(|commit| commit.to_string());
        let text = Text {
            path: &piece.path,
            bytes: &bytes,
            commit: commit.as_deref(),
            is_plain: search == Search::Whole,
        };
        let mut catch = catch::catch(self.set, text);
        // By another name more rules may speak.
        catch.is_clean &= text.is_plain;
        catch
    }

    fn is_known(&self, piece: &Piece) -> bool {
        let (Source::Blob(blob), Some(clean)) = (&piece.source, self.clean) else {
            return false;
        };
        catch::by_path(self.set, &piece.path).is_none()
            && clean
                .lock()
                .is_ok_and(|mut clean| clean.has(blob.id.as_bytes()))
    }

    fn remember(&self, pieces: &[Piece], searched: &[Result<Searched, Unread>]) {
        let Some(clean) = self.clean else {
            return;
        };
        if self.cancel.is_cancelled() {
            return;
        }
        let both = pieces.iter().zip(searched);
        let ids = both.filter_map(|(piece, searched)| match (&piece.source, searched) {
            (Source::Blob(blob), Ok(searched)) if searched.catch.is_clean => {
                Some(blob.id.as_bytes())
            }
            _ => None,
        });
        if let Ok(mut clean) = clean.lock() {
            clean.put(ids);
        }
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
                source: Source::Blob(Blob {
                    id: old,
                    mode: Mode::File,
                }),
                ..piece.clone()
            };
            let contents = self.repository.map(Repository::shared_contents);
            // What cannot be read any more excuses nothing.
            let searched = self.search(&before, before.read(contents.as_ref()));
            let caught = searched.map_or_else(|_| Vec::new(), |searched| searched.catch.caught);
            let names = caught.iter();
            names
                .map(|caught| catch::name(self.set, caught, &piece.path))
                .collect()
        });
        names.contains(name)
    }
}
