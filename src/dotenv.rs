//! `.env` files as their readers see them: bytes in; entries with places, and problems, out.
//!
//! ```text
//! bytes ──> text ──> literal (node, python, compose) ─┐
//!                └─> railway ─────────────────────────┴─> expand ──> File
//! difference: the same bytes in several dialects, and where they part    lint: what is odd in any of them
//! ```
//!
//! Nothing is executed, and the process's environment is not looked at: who wants its variables in references
//! hands in a lookup. The literal grammars of node, python and compose are those of the crate `adotenv`, which the
//! tests hold against the real parsers; what python and compose put in place of references, compose's escapes, and
//! Railway's lines are written here.
//!
//! # What is known of Railway
//!
//! Known: the raw editor takes `KEY=VALUE` lines or JSON; a value may go over several lines; `${{Service.NAME}}` is
//! a reference that Railway resolves, so it stays text. `railway variable set` takes its argument as it stands,
//! quotes included. Not known, because no grammar is published: escapes, inline comments, `export`. Here a pair of
//! quotes around a whole value is taken off, nothing is unescaped, ` #` begins a comment as everywhere else, and a
//! line that begins with `export` is not counted on.

mod difference;
mod expand;
mod file;
mod lint;
mod literal;
pub mod name;
mod plain;
mod problem;
mod railway;
#[cfg(test)]
mod tests;
mod text;

use std::ops::Range;

use crate::secret::Secret;
pub use difference::{Cause, Difference, Reading, Told, differences};
pub use file::{Entry, File, Piece, PieceKind, Quote};
pub(crate) use lint::apply;
pub use lint::{Lint, LintKind, lint};
pub use problem::{Problem, ProblemKind};
pub use text::LARGEST;

/// Whose rules a file is read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// dotenv for Node, without expansion.
    Node,
    /// python-dotenv, references expanded.
    Python,
    /// Docker Compose's `env_file`, references expanded.
    Compose,
    /// Railway's raw editor.
    Railway,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Node, Self::Python, Self::Compose, Self::Railway];

    /// The name that people type.
    pub fn word(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Python => "python",
            Self::Compose => "compose",
            Self::Railway => "railway",
        }
    }
}

/// Gives the value of a variable that is not in the file.
pub type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

/// Reads a file; references see the file alone.
pub fn parse(bytes: &[u8], dialect: Dialect) -> File {
    parse_with(bytes, dialect, &|_| None)
}

/// Reads a file; references see what the lookup knows, too: python after the file, compose before it.
pub fn parse_with(bytes: &[u8], dialect: Dialect, lookup: Lookup) -> File {
    let text = match text::Text::of(bytes) {
        Ok(text) => text,
        Err(kind) => return File::unreadable(bytes, dialect, kind),
    };
    let mut read = match dialect {
        Dialect::Railway => railway::read(&text),
        _ => literal::read(&text, dialect),
    };
    let is_lossless = text.is_lossless();
    expand::expand(&mut read, dialect, lookup);
    if dialect == Dialect::Python && !is_lossless {
        let span = text.first_loss();
        read.problems
            .push(Problem::refusal(ProblemKind::NotUtf8, span));
    }
    File::new(&text, dialect, read)
}

/// A change of the file that mends something: this stretch becomes this text. The text may hold a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub span: Range<usize>,
    /// What comes in their place.
    pub text: Secret,
}

/// What is read of a file in all its parts, for whoever drives the room from outside, as the fuzz targets do: how many
/// entries, problems, differences and oddities there are.
pub fn count(bytes: &[u8]) -> [usize; 4] {
    let files = Dialect::ALL.map(|dialect| parse(bytes, dialect));
    [
        files.iter().map(|file| file.entries().len()).sum(),
        files.iter().map(|file| file.problems().len()).sum(),
        differences(bytes, &Dialect::ALL).len(),
        lint(bytes, Dialect::Node).len(),
    ]
}
