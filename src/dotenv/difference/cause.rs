//! Why readers disagree about an assignment: what stands in it that they are known to take differently.

use super::{Entry, Reading, Told};
use crate::dotenv::Quote;

/// What readers take differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// `#` in a value without quotes.
    Hash,
    /// A backslash in a value with quotes.
    Backslash,
    /// `$`.
    Dollar,
    /// Backticks.
    Backtick,
    /// `:` between name and value.
    Colon,
    /// A name that is not made of letters, digits and underscores.
    Key,
    /// `export`, with other than one blank behind it, or at all.
    Export,
    /// A quote that is not closed.
    UnterminatedQuote,
    /// Something behind the closing quote.
    TextBehindQuote,
    /// A line end other than LF in a value.
    LineEnd,
    /// A blank that only some readers know as one.
    Blank,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// None of these.
    Other,
}

impl Cause {
    /// It in one sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Hash => "to node every `#` begins a comment, to the others one behind a blank",
            Self::Backslash => {
                "each reader knows other escapes: node `\\n` and `\\r` alone, Railway none that is known"
            }
            Self::Dollar => {
                "python expands `${NAME}`, compose `$NAME` too, node and Railway keep both"
            }
            Self::Backtick => "only node takes backticks for quotes",
            Self::Colon => "only node and compose read `NAME: value`",
            Self::Key => "not every reader takes such a name",
            Self::Export => "not every reader knows `export`",
            Self::UnterminatedQuote => {
                "the quote is not closed, and each reader ends the value elsewhere"
            }
            Self::TextBehindQuote => {
                "behind the closing quote node keeps all of it, python drops the line"
            }
            Self::LineEnd => "not every reader makes one line end of CR and CRLF",
            Self::Blank => "not every reader takes this character for a blank",
            Self::NotUtf8 => "python refuses bytes that are not UTF-8, the others replace them",
            Self::Other => "the readers' rules differ here",
        }
    }
}

/// Everything in an assignment that may be the reason.
pub(super) fn causes(
    bytes: &[u8],
    seen: &[&Entry],
    readings: &[Reading],
    end: usize,
) -> Vec<Cause> {
    let first = seen[0];
    let whole = String::from_utf8_lossy(&bytes[first.key_span.start..end]);
    let separator = seen.iter().find_map(|entry| entry.separator.as_ref());
    let behind = separator.map_or(end, |separator| separator.end.min(end));
    let raw = String::from_utf8_lossy(&bytes[behind..end]);
    let raw = raw.trim_start();
    let quotes = |quote: Quote| seen.iter().any(|entry| entry.quote == quote);
    let is_quoted = quotes(Quote::Single) || quotes(Quote::Double);
    let opens = raw.starts_with(['"', '\'']);
    let reads_all = readings
        .iter()
        .all(|reading| matches!(reading.told, Told::Value { .. }));
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';

    let mut causes = Vec::new();
    let mut add = |is_so: bool, cause| {
        if is_so {
            causes.push(cause);
        }
    };
    add(
        separator.is_some_and(|separator| bytes[separator.clone()] == *b":"),
        Cause::Colon,
    );
    add(!first.key.chars().all(is_name), Cause::Key);
    add(raw.starts_with('`'), Cause::Backtick);
    if opens {
        let quote = raw.chars().next().unwrap_or('"');
        let closed = raw[1..].contains(quote);
        add(!closed, Cause::UnterminatedQuote);
        let differ = seen.iter().any(|entry| entry.quote != first.quote);
        let is_cut = closed && (differ || !is_quoted || !reads_all) && !raw.ends_with(quote);
        add(is_cut, Cause::TextBehindQuote);
        add(raw.contains('\\'), Cause::Backslash);
    } else if !raw.starts_with('`') {
        add(raw.contains('#'), Cause::Hash);
    }
    add(raw.contains('$'), Cause::Dollar);
    let before = first.key_span.start.checked_sub(1).map(|at| bytes[at]);
    add(
        whole.contains('\r') || before == Some(b'\r'),
        Cause::LineEnd,
    );
    add(whole.contains(char::REPLACEMENT_CHARACTER), Cause::NotUtf8);
    add(
        whole
            .chars()
            .any(|letter| letter.is_whitespace() && !letter.is_ascii()),
        Cause::Blank,
    );
    if causes.is_empty() {
        let is_exported = seen.iter().any(|entry| entry.export.is_some());
        causes.push(if is_exported {
            Cause::Export
        } else {
            Cause::Other
        });
    }
    causes
}
