//! Where readers of the same file get different values, why, and how to write it so that all get the same.

mod cause;
mod rewrite;

use std::collections::BTreeSet;
use std::ops::Range;

pub use cause::Cause;

use super::{Dialect, Edit, Entry, File, parse};
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

/// Every assignment that these readers disagree about, in the order of the file.
pub fn differences(bytes: &[u8], dialects: &[Dialect]) -> Vec<Difference> {
    let files: Vec<File> = dialects.iter().map(|dialect| parse(bytes, *dialect)).collect();
    let refusals: Vec<BTreeSet<usize>> = files.iter().map(refusals).collect();
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
        found.extend(compare(bytes, &files, &row, &refusals));
    }
    found
}

/// Where a reader gives up.
fn refusals(file: &File) -> BTreeSet<usize> {
    let refusing = file.problems().iter().filter(|problem| problem.refuses);
    refusing.map(|problem| problem.span.start).collect()
}

fn compare(
    bytes: &[u8],
    files: &[File],
    row: &[Option<&Entry>],
    refusals: &[BTreeSet<usize>],
) -> Option<Difference> {
    let end = row.iter().flatten().map(|entry| end(entry)).max()?;
    let seen: Vec<&Entry> = row.iter().copied().flatten().collect();
    let first = seen.first()?;
    let start = first.key_span.start;
    let readings: Vec<Reading> = row
        .iter()
        .enumerate()
        .map(|(number, entry)| Reading {
            dialect: files[number].dialect(),
            told: if refusals[number].range(start..=end).next().is_some() {
                Told::Refused
            } else {
                told(*entry)
            },
        })
        .collect();
    if readings.windows(2).all(|pair| pair[0].told == pair[1].told) {
        return None;
    }
    let valued = seen.iter().find(|entry| entry.value_span.is_some());
    let (span, place) = match valued {
        Some(entry) => (
            entry.value_span.clone().unwrap_or_default(),
            entry.value_place,
        ),
        None => (first.key_span.clone(), first.place),
    };
    let causes = cause::causes(bytes, &seen, &readings, end);
    let rewrite = rewrite::rewrite(&rewrite::Wanted {
        bytes,
        first,
        end,
        readings: &readings,
        causes: &causes,
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
