//! How a value stands in its text: in quotes, bare, or as a piece of something else.

use super::{Setting, place};

/// How a value is set off from what surrounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Between two quotes of a kind.
    Quoted,
    /// Without quotes, and all of what stands there.
    Bare,
    /// A call, a name, a piece of something longer.
    Piece,
}

/// How the value stands.
pub(super) fn standing(at: &Setting<'_>) -> Standing {
    let before = at
        .value
        .start
        .checked_sub(1)
        .and_then(|place| at.text.get(place))
        .copied();
    let rest = at.line_after(8);
    let after = rest.first().copied();
    if let Some(quote @ (b'"' | b'\'' | b'`')) = before {
        return if closes(quote, rest) {
            Standing::Quoted
        } else {
            Standing::Piece
        };
    }
    let ends = match after {
        None => true,
        Some(byte) if byte.is_ascii_whitespace() => true,
        Some(b'\\') => matches!(rest.get(1), Some(b'n' | b'r' | b't' | b'"' | b'\'')),
        Some(byte) => b";,&<\"'`)}]#|".contains(&byte),
    };
    if !ends {
        return Standing::Piece;
    }
    // In a program what has no quotes is a name, unless all of it stands inside a text.
    if place::is_program(at.path)
        && !matches!(after, Some(b'"' | b'\'' | b'`' | b'\\' | b'&' | b'<'))
    {
        return Standing::Piece;
    }
    Standing::Bare
}

fn closes(quote: u8, rest: &[u8]) -> bool {
    match rest {
        [first, ..] if *first == quote => true,
        // A text inside a text.
        [b'\\', second, ..] => *second == quote || matches!(second, b'n' | b'r'),
        _ => false,
    }
}
