//! Where readers of the same file get different values, why, and how to write it so that all get the same.

mod cause;
mod rewrite;

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use memchr::memchr;

pub use cause::Cause;

use super::{Dialect, Edit, Entry, File, Quote, parse, plain};
use crate::secret::Secret;
use crate::source::Position;

/// What a reader makes of one assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// This variable with this value.
    Value {
        /// The name.
        key: String,
        /// The value.
        value: Secret,
    },
    /// Nothing: it does not see an assignment, or a name without a value.
    Nothing,
    /// It refuses the whole file for it.
    Refused,
    /// Nobody outside knows: Railway has no published grammar for `export` and for escapes.
    Unknown,
}

/// One reader and what it makes of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The reader.
    pub dialect: Dialect,
    /// What it gets.
    pub told: Told,
}

/// An assignment that readers disagree about.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The name, as the first who sees it reads it.
    pub key: String,
    /// The value with its quotes, or the name where there is no value.
    pub span: Range<usize>,
    /// Where that begins.
    pub place: Position,
    /// Who reads what, in the order in which the readers were named.
    pub readings: Vec<Reading>,
    /// Why, as far as it can be told.
    pub causes: Vec<Cause>,
    /// The assignment written so that all readers get the same, where that is safe to say.
    pub rewrite: Option<Edit>,
}

impl Difference {
    /// Whether two readers are known to get different values; else one of them may.
    pub fn is_certain(&self) -> bool {
        let known = self.readings.iter().map(|reading| &reading.told);
        let mut known = known.filter(|told| **told != Told::Unknown);
        let first = known.next();
        known.any(|told| Some(told) != first)
    }
}

/// Every assignment that these readers disagree about, in the order of the file.
pub fn differences(bytes: &[u8], dialects: &[Dialect]) -> Vec<Difference> {
    if std::str::from_utf8(bytes).is_ok_and(plain::is_all) {
        return Vec::new();
    }
    let files: Vec<File> = dialects
        .iter()
        .map(|dialect| parse(bytes, *dialect))
        .collect();
    let refusals: Vec<BTreeSet<usize>> = files.iter().map(refusals).collect();
    let names: HashSet<&str> = files
        .iter()
        .flat_map(File::entries)
        .map(|entry| entry.key.as_str())
        .collect();
    let mut next = vec![0; files.len()];
    let mut found = Vec::new();
    let head = |next: &[usize]| {
        let heads = files.iter().zip(next);
        heads
            .filter_map(|(file, at)| file.entries().get(*at))
            .map(|entry| entry.key_span.start)
            .min()
    };
    while let Some(start) = head(&next) {
        let mut row = Vec::with_capacity(files.len());
        for (file, at) in files.iter().zip(&mut next) {
            let entry = file.entries().get(*at);
            let entry = entry.filter(|entry| entry.key_span.start == start);
            *at += usize::from(entry.is_some());
            row.push(entry);
        }
        let seen = Seen {
            bytes,
            files: &files,
            refusals: &refusals,
            names: &names,
        };
        found.extend(seen.compare(&row));
    }
    found
}

/// Where a reader gives up.
fn refusals(file: &File) -> BTreeSet<usize> {
    let refusing = file.problems().iter().filter(|problem| problem.refuses);
    refusing.map(|problem| problem.span.start).collect()
}

/// A file as all of its readers see it.
struct Seen<'f> {
    bytes: &'f [u8],
    files: &'f [File],
    /// Where each reader gives up.
    refusals: &'f [BTreeSet<usize>],
    /// Every name that any of them reads.
    names: &'f HashSet<&'f str>,
}

impl Seen<'_> {
    /// Whether an assignment holds what is not known of Railway.
    fn is_beyond(&self, seen: &[&Entry]) -> bool {
        let has_escape = |entry: &Entry| {
            let body = entry.body_span.clone().unwrap_or_default();
            entry.quote == Quote::Double && memchr(b'\\', &self.bytes[body]).is_some()
        };
        let is_odd = |entry: &Entry| entry.export.is_some() || has_escape(entry);
        seen.iter()
            .any(|entry| entry.value.is_some() && is_odd(entry))
    }

    /// What the readers make of the assignments that begin at one place.
    fn compare(&self, row: &[Option<&Entry>]) -> Option<Difference> {
        let seen: Vec<&Entry> = row.iter().copied().flatten().collect();
        let first = *seen.first()?;
        let end = seen.iter().map(|entry| end(entry)).max()?;
        let within = first.key_span.start..=end;
        let readings = row.iter().zip(self.files).zip(self.refusals);
        let readings: Vec<Reading> = readings
            .map(|((entry, file), refusals)| Reading {
                dialect: file.dialect(),
                told: if refusals.range(within.clone()).next().is_some() {
                    Told::Refused
                } else if file.dialect() == Dialect::Railway && self.is_beyond(&seen) {
                    Told::Unknown
                } else {
                    told(*entry)
                },
            })
            .collect();
        if readings.windows(2).all(|pair| pair[0].told == pair[1].told) {
            return None;
        }
        let valued = seen.iter().find_map(|entry| {
            let span = entry.value_span.clone()?;
            Some((span, entry.value_place))
        });
        let (span, place) = valued.unwrap_or((first.key_span.clone(), first.place));
        let causes = cause::causes(self.bytes, &seen, &readings, end);
        let rewrite = rewrite::rewrite(&rewrite::Wanted {
            bytes: self.bytes,
            seen: &seen,
            end,
            readings: &readings,
            causes: &causes,
            names: self.names,
        });
        Some(Difference {
            key: first.key.clone(),
            span,
            place,
            readings,
            causes,
            rewrite,
        })
    }
}

fn told(entry: Option<&Entry>) -> Told {
    match entry {
        Some(Entry {
            key,
            value: Some(value),
            is_read: true,
            ..
        }) => Told::Value {
            key: key.clone(),
            value: value.clone(),
        },
        _ => Told::Nothing,
    }
}

fn end(entry: &Entry) -> usize {
    let value = entry.value_span.as_ref().map(|span| span.end);
    value.unwrap_or(entry.key_span.end)
}
