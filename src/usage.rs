//! Which environment variables the sources of a project read, declare and set, and where.
//!
//! ```text
//! (path, id, bytes) ─> kind ─> kept ── known by its id ──────────────┐
//!                               └──> script · python · rust · shell ─┴─> Content ─> side ─> Usage
//!                                    docker · compose · workflow
//! ```
//!
//! What a content says is kept by the content's id and knows no path; where its code runs is asked of both.

mod compose;
mod docker;
mod expansion;
mod kept;
mod kind;
pub mod known;
mod rust;
mod scan;
mod shell;
pub mod side;
#[cfg(test)]
mod tests;
mod workflow;
mod yaml;

use crate::path::RepoPath;
use crate::variable::{Mention, Need, Reading, Side, Way, What};
pub use kept::Kept;
pub use kind::Kind;
pub use scan::{File, LONGEST, Source, Unread, Usage, Why, scan};

/// A place in a source that names a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The name; empty where it is made while the program runs.
    pub name: String,
    /// The line; the first is 1.
    pub line: u32,
    /// The character within the line; the first is 1.
    pub column: u32,
    /// What is done.
    pub what: What,
    /// Whether it may be missing.
    pub need: Need,
    /// Whether a value stands there for the case that it is missing.
    pub has_default: bool,
    /// Where the code runs, as far as the source itself says so; `side::of` knows more.
    pub side: Side,
    /// By which way it is asked for.
    pub way: Way,
}

/// What one content says, wherever it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The places, in the order of the text.
    pub spots: Vec<Spot>,
    /// What the source says of itself by `"use client"` or `"use server"`.
    pub directive: Option<Side>,
    /// How much was understood.
    pub reading: Reading,
}

/// What a text says. Nothing is executed and nothing is asked of the process.
pub fn content(kind: Kind, bytes: &[u8]) -> Content {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let silent = Content {
        spots: Vec::new(),
        directive: None,
        reading: Reading::Whole,
    };
    if !kind.may_speak(bytes) {
        return silent;
    }
    // A `.ts` may be a film. git looks as far for a NUL.
    if memchr::memchr(0, &bytes[..bytes.len().min(8192)]).is_some() {
        return silent;
    }
    let text = String::from_utf8_lossy(bytes);
    let mut said = kind.read(&text);
    said.mentions.sort_by_key(|mention| mention.span.start);
    Content {
        spots: places(&text, said.mentions),
        directive: said.directive,
        reading: said.reading,
    }
}

/// For whoever drives the readers from outside, as the fuzz target does: how many places a text has, where the
/// path says what kind of text it is.
pub fn count(path: &str, bytes: &[u8]) -> Option<usize> {
    let kind = Kind::of(&RepoPath::from(path))?;
    Some(content(kind, bytes).spots.len())
}

/// Whether a text can be the name of a variable, or of a file: one word without anything that hides in it.
fn is_name(mention: &Mention) -> bool {
    /// Longer names are none.
    const LONGEST: usize = 1024;
    let is_odd =
        |letter: char| letter.is_whitespace() || letter.is_control() || "\\\"'`=".contains(letter);
    match mention.what {
        What::Dynamic => true,
        _ => (1..=LONGEST).contains(&mention.name.len()) && !mention.name.contains(is_odd),
    }
}

/// Counts lines and columns, in one walk over the text.
fn places(text: &str, mentions: Vec<Mention>) -> Vec<Spot> {
    let (mut at, mut line, mut column) = (0, 1, 1);
    let named = mentions.into_iter().filter(is_name);
    named
        .map(|mention| {
            let offset = text.floor_char_boundary(mention.span.start);
            let between = &text[at..offset.max(at)];
            line +=
                u32::try_from(memchr::memchr_iter(b'\n', between.as_bytes()).count()).unwrap_or(0);
            let behind = memchr::memrchr(b'\n', between.as_bytes());
            if behind.is_some() {
                column = 1;
            }
            let letters = &between[behind.map_or(0, |end| end + 1)..];
            column += u32::try_from(letters.chars().count()).unwrap_or(0);
            at = offset.max(at);
            Spot {
                name: mention.name,
                line,
                column,
                what: mention.what,
                need: mention.need,
                has_default: mention.has_default,
                side: mention.side,
                way: mention.way,
            }
        })
        .collect()
}
