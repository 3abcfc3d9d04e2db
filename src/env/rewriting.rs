//! Env files written anew: the edits that findings offer, made only where nobody reads anything that was not meant.

use std::collections::{HashMap, HashSet};

use super::{Asked, Subject, example, portable, written};
use crate::dotenv::name::Role;
use crate::dotenv::{self, Dialect, Edit, File};
use crate::finding::code::{Code, ENV_EXAMPLE};
use crate::finding::{Finding, Fix};
use crate::secret::Secret;

/// One edit may make room for another; more rounds than this none has needed.
const ROUNDS: usize = 4;

/// Where not all edits can be made together, as many are tried one by one.
const SINGLY: usize = 32;

/// Something that is wrong, and what mends it.
pub(super) struct Mendable {
    pub(super) finding: Finding,
    /// What mends it; how daring that is says the finding.
    pub(super) edits: Vec<Edit>,
    /// The variable that readers may get otherwise than before; none where each gets what it got.
    pub(super) changes: Option<String>,
}

impl Mendable {
    /// What only people can mend.
    pub(super) fn by_hand(finding: Finding) -> Self {
        Self {
            finding,
            edits: Vec::new(),
            changes: None,
        }
    }
}

/// A file that was written anew.
#[derive(Debug)]
pub(crate) struct Rewritten {
    pub(crate) bytes: Vec<u8>,
    /// What is mended by it, sorted.
    pub(crate) codes: Vec<Code>,
}

/// The file with every edit made that is allowed and holds; none where there is nothing to be made.
pub(crate) fn rewritten(asked: &Asked<'_>, allowed: Fix) -> Option<Rewritten> {
    let mut made = Rewritten {
        bytes: asked.bytes.to_vec(),
        codes: Vec::new(),
    };
    for _ in 0..ROUNDS {
        let Some((bytes, codes)) = round(asked, &made.bytes, allowed) else {
            break;
        };
        made.bytes = bytes;
        made.codes.extend(codes);
    }
    if let Some(bytes) = completed(asked, &made.bytes).filter(|_| allowed != Fix::None) {
        made.bytes = bytes;
        made.codes.push(ENV_EXAMPLE);
    }
    made.codes.sort_unstable_by_key(|code| code.id);
    made.codes.dedup();
    (made.bytes != asked.bytes).then_some(made)
}

/// An example with the lines that it lacks, if all that stood there stays as it was.
fn completed(asked: &Asked<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
    let asked = Asked { bytes, ..*asked };
    let edit = example::edit(&Subject::of(&asked))?;
    let after = dotenv::apply(bytes, std::iter::once(&edit));
    let both = read(bytes, asked.readers);
    let mut both = both.iter().zip(read(&after, asked.readers));
    let stays = |(before, after): (&File, File)| {
        let mut entries = before.entries().iter().zip(after.entries());
        after.refused().is_none()
            && before.entries().len() <= after.entries().len()
            && entries.all(|(one, other)| one.key == other.key && one.value == other.value)
    };
    both.all(stays).then_some(after)
}

/// One round: all edits together, else those that change nothing, else one by one.
fn round(asked: &Asked<'_>, bytes: &[u8], allowed: Fix) -> Option<(Vec<u8>, Vec<Code>)> {
    let asked = Asked { bytes, ..*asked };
    let subject = Subject::of(&asked);
    if subject.role() == Role::Fixture && !asked.is_named {
        return None;
    }
    let found = written::found(&subject).into_iter();
    let mut found: Vec<Mendable> = found.chain(portable::found(&subject)).collect();
    found.retain(|found| !found.edits.is_empty() && is_allowed(found.finding.fix, allowed));
    if found.is_empty() {
        return None;
    }
    let before = read(bytes, asked.readers);
    let all: Vec<&Mendable> = found.iter().collect();
    let quiet: Vec<&Mendable> = found.iter().filter(|one| one.changes.is_none()).collect();
    let together = [&all, &quiet];
    let mut together = together.into_iter().filter(|some| !some.is_empty());
    if let Some(made) = together.find_map(|some| attempt(bytes, &before, some)) {
        return Some(made);
    }
    let loud = found.iter().filter(|one| one.changes.is_some());
    loud.take(SINGLY)
        .find_map(|one| attempt(bytes, &before, &[one]))
}

fn is_allowed(fix: Fix, allowed: Fix) -> bool {
    match fix {
        Fix::None => false,
        Fix::Safe => allowed != Fix::None,
        Fix::Unsafe => allowed == Fix::Unsafe,
    }
}

/// The file with these edits, if it still says what it said.
fn attempt(bytes: &[u8], before: &[File], found: &[&Mendable]) -> Option<(Vec<u8>, Vec<Code>)> {
    let edits = found.iter().flat_map(|one| &one.edits);
    let after = dotenv::apply(bytes, edits);
    let (mut may_change, mut may_appear) = (HashSet::new(), HashSet::new());
    for one in found {
        if let Some(key) = &one.changes {
            may_appear.insert(key.as_str());
            if one.finding.fix == Fix::Unsafe {
                may_change.insert(key.as_str());
            }
        }
    }
    let holds = before.iter().all(|before| {
        let after = dotenv::parse(&after, before.dialect());
        is_kept(before, &after, &may_change, &may_appear)
    });
    let codes = found.iter().map(|one| one.finding.code).collect();
    (holds && after != bytes).then_some((after, codes))
}

fn read(bytes: &[u8], readers: &[Dialect]) -> Vec<File> {
    let readers = readers.iter();
    readers
        .map(|reader| dotenv::parse(bytes, *reader))
        .collect()
}

/// Whether a reader gets of the new file what it got of the old one.
fn is_kept(
    before: &File,
    after: &File,
    may_change: &HashSet<&str>,
    may_appear: &HashSet<&str>,
) -> bool {
    if before.refused().is_some() {
        // It got nothing: whatever it gets now is better.
        return true;
    }
    if after.refused().is_some() {
        return false;
    }
    let (before, after) = (values(before), values(after));
    before
        .iter()
        .all(|(key, value)| may_change.contains(key) || after.get(key) == Some(value))
        && after
            .keys()
            .all(|key| before.contains_key(key) || may_appear.contains(key))
}

/// What a reader hands on.
fn values(file: &File) -> HashMap<&str, Option<&Secret>> {
    let read = file.effective();
    read.map(|entry| (entry.key.as_str(), entry.value.as_ref()))
        .collect()
}

#[cfg(test)]
mod tests;
