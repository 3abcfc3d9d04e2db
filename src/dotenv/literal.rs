//! The grammars of node, python and compose: what the crate `adotenv` finds becomes entries, pieces and problems.

use adotenv::{DiagnosticCode, ItemKind};

use super::file::{Entry, Piece, PieceKind, Quote, Read};
use super::text::Text;
use super::{Dialect, Problem, ProblemKind};
use crate::secret::Secret;
use crate::source::Position;

/// Reads a text by a grammar that has a parser of reference.
pub(super) fn read(text: &Text, dialect: Dialect) -> Read {
    let preset = match dialect {
        Dialect::Python => adotenv::Dialect::PYTHON_DOTENV,
        Dialect::Compose => adotenv::Dialect::COMPOSE,
        Dialect::Node | Dialect::Railway => adotenv::Dialect::NODE_DOTENV,
    };
    let (document, _) = adotenv::parse_with(&text.whole, preset);
    let mut read = Read::default();
    for item in document.items() {
        let kind = match item.kind() {
            ItemKind::Blank => PieceKind::Blank,
            ItemKind::Comment => PieceKind::Comment,
            ItemKind::Entry => PieceKind::Entry(read.entries.len()),
            _ => PieceKind::Unread,
        };
        let span = item.span();
        // The mark is told apart by the text, and no part of any item.
        read.pieces.push(Piece { kind, span });
        if let Some(entry) = item.entry() {
            read.entries.push(of(&entry, &text.whole, dialect));
        }
        if let Some(told) = item.diagnostic() {
            let kind = match told.code() {
                DiagnosticCode::UnterminatedQuote => ProblemKind::UnterminatedQuote,
                DiagnosticCode::TrailingText => ProblemKind::TextBehindQuote,
                DiagnosticCode::InvalidKey => ProblemKind::Key,
                _ => ProblemKind::NoAssignment,
            };
            // python warns and goes on, node says nothing, compose stops.
            let refuses = dialect == Dialect::Compose;
            read.problems.push(Problem {
                refuses,
                ..Problem::new(kind, told.span())
            });
        }
    }
    read
}

fn of(entry: &adotenv::Entry<'_>, text: &str, dialect: Dialect) -> Entry {
    let tokens = entry.tokens();
    let quote = match entry.quote() {
        adotenv::Quote::Single => Quote::Single,
        adotenv::Quote::Double => Quote::Double,
        adotenv::Quote::Backtick => Quote::Backtick,
        _ => Quote::None,
    };
    let raw = tokens.body.as_ref().map(|body| &text[body.clone()]);
    let value = match (raw, dialect, quote) {
        // Escapes and references are one thing in compose: `\$` is no reference.
        (Some(raw), Dialect::Compose, Quote::Double) => Some(raw.to_owned()),
        (Some(raw), Dialect::Python, Quote::Single | Quote::Double) if raw.contains('\r') => {
            Some(python(raw, quote))
        }
        _ => entry.value().map(str::to_owned),
    };
    let value = value.map(Secret::new);
    Entry {
        key: match dialect {
            Dialect::Python => one_line_end(entry.key()),
            _ => entry.key().to_owned(),
        },
        value,
        key_span: entry.key_span(),
        value_span: entry.value_span(),
        body_span: tokens.body.clone(),
        export: tokens.export.clone(),
        separator: tokens.eq.clone(),
        comment: tokens.inline_comment.clone(),
        quote,
        is_read: match dialect {
            // An object of JavaScript has this name already.
            Dialect::Node => entry.value().is_some() && entry.key() != "__proto__",
            // `export` on a line of its own.
            Dialect::Compose => entry.value().is_some() || !entry.key().is_empty(),
            _ => true,
        },
        place: Position { line: 1, column: 1 },
        value_place: Position { line: 1, column: 1 },
    }
}

/// A quoted value of python. It opens files as text, so every line end became one character before the escapes.
fn python(raw: &str, quote: Quote) -> String {
    let raw = one_line_end(raw);
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw.chars();
    while let Some(letter) = rest.next() {
        if letter != '\\' {
            value.push(letter);
            continue;
        }
        let mut ahead = rest.clone();
        let meant = match (ahead.next(), quote) {
            (Some(plain @ ('\\' | '\'')), _) => Some(plain),
            (Some('"'), Quote::Double) => Some('"'),
            (Some('a'), Quote::Double) => Some('\u{7}'),
            (Some('b'), Quote::Double) => Some('\u{8}'),
            (Some('f'), Quote::Double) => Some('\u{c}'),
            (Some('n'), Quote::Double) => Some('\n'),
            (Some('r'), Quote::Double) => Some('\r'),
            (Some('t'), Quote::Double) => Some('\t'),
            (Some('v'), Quote::Double) => Some('\u{b}'),
            _ => None,
        };
        match meant {
            Some(meant) => {
                value.push(meant);
                rest = ahead;
            }
            None => value.push('\\'),
        }
    }
    value
}

fn one_line_end(text: &str) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_python_become_one_before_the_escapes() {
        assert_eq!(python("a\r\nb\rc\\r\\d\\", Quote::Double), "a\nb\nc\r\\d\\");
        assert_eq!(python("a\r\n\\n\\'", Quote::Single), "a\n\\n'");
    }
}
