//! What a reader makes trouble about, and where.

use std::ops::Range;

use super::file::START;
use crate::source::Position;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// UTF-16, which every reader takes for something else.
    Utf16,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// More than any env file holds.
    TooLarge,
    /// A NUL, which no variable can hold.
    Nul,
    /// A value longer than a process can be given.
    ValueTooLong,
    /// A quote that is not closed.
    UnterminatedQuote,
    /// Something behind the closing quote.
    TextBehindQuote,
    /// A name that the reader does not take.
    Key,
    /// A line that is no assignment.
    NoAssignment,
    /// A `${…}` that is none.
    Reference,
    /// A `${NAME:?…}` whose variable has no value.
    Required,
    /// References that make each other larger without end.
    Runaway,
}

impl ProblemKind {
    /// It in words, behind a place.
    pub fn words(self) -> &'static str {
        match self {
            Self::Utf16 => "the file is UTF-16; save it as UTF-8",
            Self::NotUtf8 => "these bytes are not UTF-8; save the file as UTF-8",
            Self::TooLarge => "the file is larger than 64 MiB; this is its longest line",
            Self::Nul => "a NUL character; no variable can hold one",
            Self::ValueTooLong => {
                "the value is longer than 128 KiB, the most that a process can be given"
            }
            Self::UnterminatedQuote => "the quote is not closed",
            Self::TextBehindQuote => "there is text behind the closing quote",
            Self::Key => "this is not a name that can be read",
            Self::NoAssignment => "this is no assignment, so it is not read",
            Self::Reference => {
                "`${` begins a reference that cannot be read; `$$` or single quotes make it text"
            }
            Self::Required => "the reference wants a variable that has no value",
            Self::Runaway => "the references grow beyond 1 MiB, so they were left as text",
        }
    }
}

/// Something that a reader refuses, drops or cannot use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// The bytes it is about.
    pub span: Range<usize>,
    /// Where they begin.
    pub place: Position,
    /// Whether the reader refuses the whole file for it.
    pub refuses: bool,
}

impl Problem {
    /// One that costs its line only. Its place is found when the file is put together.
    pub(super) fn new(kind: ProblemKind, span: Range<usize>) -> Self {
        Self {
            kind,
            span,
            place: START,
            refuses: false,
        }
    }

    /// One that costs the whole file.
    pub(super) fn refusal(kind: ProblemKind, span: Range<usize>) -> Self {
        Self {
            refuses: true,
            ..Self::new(kind, span)
        }
    }
}
