//! What a file of the work tree becomes: the fix, the user's change and what is staged, merged in the form that git stores.

use super::convert::{Converter, Draft, Law, Stored};
use super::merge::{Collision, merge};
use super::{Edit, MendError};

/// A fix and both its sides, as git stores them.
pub(crate) struct Fix<'a> {
    pub(crate) edit: &'a Edit,
    /// What is staged.
    pub(crate) base: Vec<u8>,
    /// The fix.
    pub(crate) theirs: Stored,
}

impl Fix<'_> {
    pub(crate) fn draft<'b>(&'b self, bytes: &'b [u8]) -> Draft<'b> {
        Draft {
            path: &self.edit.path,
            staged: self.edit.staged,
            bytes,
        }
    }
}

/// New content for the work tree.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Composed {
    pub(crate) bytes: Vec<u8>,
    /// Whether it is what the index will hold.
    pub(crate) is_even: bool,
}

pub(crate) type Outcome = Result<Composed, Collision>;

/// Composes what these files become, given what the work tree holds of each.
pub(crate) fn compose(
    converter: &Converter<'_>,
    files: &[(&Fix<'_>, &[u8])],
) -> Result<Vec<Outcome>, MendError> {
    let drafts: Vec<Draft<'_>> = files
        .iter()
        .filter(|(fix, _)| converter.law(&fix.edit.path) != Law::Plain)
        .map(|(fix, ours)| fix.draft(ours))
        .collect();
    let mut cleaned = converter.clean(&drafts)?.into_iter();
    files
        .iter()
        .map(|(fix, ours)| {
            if converter.law(&fix.edit.path) == Law::Plain {
                return Ok(stored(fix, ours, ours));
            }
            let clean = cleaned.next();
            let clean = clean.expect("every draft that was given is cleaned");
            converted(converter, fix, ours, &clean)
        })
        .collect()
}

/// Merges in stored form, in which the work tree holds `clean`.
fn stored(fix: &Fix<'_>, ours: &[u8], clean: &[u8]) -> Outcome {
    let fixed = &fix.edit.fixed;
    if clean == fix.base {
        return Ok(even(fixed.clone()));
    }
    if clean == fix.theirs.bytes {
        return Ok(even(ours.to_vec()));
    }
    let bytes = merge(&fix.base, clean, &fix.theirs.bytes)?;
    let is_even = bytes == fix.theirs.bytes;
    Ok(Composed { bytes, is_even })
}

fn even(bytes: Vec<u8>) -> Composed {
    let is_even = true;
    Composed { bytes, is_even }
}

/// The same where git converts.
fn converted(
    converter: &Converter<'_>,
    fix: &Fix<'_>,
    ours: &[u8],
    clean: &Stored,
) -> Result<Outcome, MendError> {
    let path = &fix.edit.path;
    if clean.bytes == fix.base || clean.bytes == fix.theirs.bytes {
        return Ok(stored(fix, ours, &clean.bytes));
    }
    // The user's file may have another form than git would give it. Then it is merged as it is.
    if converter.smudge(path, &clean.bytes)? != ours {
        let base = converter.smudge(path, &fix.base)?;
        let bytes = match merge(&base, ours, &fix.edit.fixed) {
            Ok(bytes) => bytes,
            Err(collision) => return Ok(Err(collision)),
        };
        let is_even = false;
        return Ok(Ok(Composed { bytes, is_even }));
    }
    let merged = match merge(&fix.base, &clean.bytes, &fix.theirs.bytes) {
        Ok(merged) => merged,
        Err(collision) => return Ok(Err(collision)),
    };
    let bytes = if merged == fix.theirs.bytes {
        fix.edit.fixed.clone()
    } else {
        converter.smudge(path, &merged)?
    };
    let is_even = merged == fix.theirs.bytes;
    Ok(Ok(Composed { bytes, is_even }))
}
