//! What a value is worth: whether it is a secret, by its own shape and by where it stands.
//!
//! Everything here is pure, reads any bytes and takes time linear in the value and in a bounded
//! stretch around it.

mod assignment;
mod base64;
mod checksum;
mod connection;
mod entropy;
mod generated;
mod header;
mod kubernetes;
mod list;
mod name;
mod password;
mod place;
mod placeholder;
mod private_key;
mod standing;
mod token;
mod verifier;
mod words;

use std::ops::Range;

use crate::path::RepoPath;

pub(crate) use self::assignment::Values;
pub(crate) use self::connection::may_connect;
pub(crate) use self::entropy::entropy;
pub(crate) use self::placeholder::{Strictness, is_placeholder};
pub(crate) use self::verifier::Verifier;

/// Where a value stands.
#[derive(Clone, Debug)]
pub(crate) struct Setting<'a> {
    /// The whole blob, or what was decoded from it.
    pub(crate) text: &'a [u8],
    /// The rule's match.
    pub(crate) whole: Range<usize>,
    /// The value inside the match.
    pub(crate) value: Range<usize>,
    /// The file that it stands in.
    pub(crate) path: &'a RepoPath,
}

impl<'a> Setting<'a> {
    /// The value itself.
    pub(crate) fn value(&self) -> &'a [u8] {
        self.text.get(self.value.clone()).unwrap_or_default()
    }

    /// What stands before the value on its line, at most `most` bytes of it.
    fn line_before(&self, most: usize) -> &'a [u8] {
        let end = self.value.start.min(self.text.len());
        let before = &self.text[end.saturating_sub(most)..end];
        match before.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => &before[at + 1..],
            None => before,
        }
    }

    /// What stands after the value on its line, at most `most` bytes of it.
    fn line_after(&self, most: usize) -> &'a [u8] {
        let start = self.value.end.min(self.text.len());
        let after = &self.text[start..self.text.len().min(start + most)];
        match after.iter().position(|byte| *byte == b'\n') {
            Some(at) => &after[..at],
            None => after,
        }
    }
}

#[cfg(test)]
mod tests;
