//! The grammars of node, python and compose: what the crate `adotenv` finds becomes entries, pieces and problems.

use std::ops::Range;

use adotenv::{BomPolicy, DiagnosticCode, ItemKind};

use super::file::{Entry, Piece, PieceKind, Quote, Read, START};
use super::plain::{self, Line};
use super::text::Text;
use super::{Dialect, Problem, ProblemKind};
use crate::secret::Secret;

/// Reads a text by a grammar that has a parser of reference: plain lines at once, the rest by the grammar.
pub(super) fn read(text: &Text, dialect: Dialect) -> Read {
    let whole = text.whole.as_ref();
    let mut read = Read::default();
    let mut at = text.mark;
    while at < whole.len() {
        if let Some((line, next)) = plain::line(whole.as_bytes(), at) {
            read.plain(whole, at..next, line);
            at = next;
            continue;
        }
        let end = plain::rest(whole, at);
        read.grammar(whole, at..end, dialect);
        at = end;
    }
    read
}

impl Read {
    fn plain(&mut self, text: &str, span: Range<usize>, line: Line) {
        let kind = match line {
            Line::Blank => PieceKind::Blank,
            Line::Comment => PieceKind::Comment,
            Line::Assignment(found) => {
                let quotes = usize::from(found.quote != Quote::None);
                let body = found.value.start + quotes..found.value.end - quotes;
                self.entries.push(Entry {
                    key: text[found.key.clone()].to_owned(),
                    value: Some(Secret::new(&text[body.clone()])),
                    separator: Some(found.key.end..found.key.end + 1),
                    key_span: found.key,
                    value_span: Some(found.value),
                    body_span: Some(body),
                    export: found.export,
                    comment: found.comment,
                    quote: found.quote,
                    is_read: true,
                    place: START,
                    value_place: START,
                });
                PieceKind::Entry(self.entries.len() - 1)
            }
        };
        self.pieces.push(Piece { kind, span });
    }

    /// Reads a stretch of the text by its grammar.
    fn grammar(&mut self, text: &str, stretch: Range<usize>, dialect: Dialect) {
        let preset = match dialect {
            Dialect::Python => adotenv::Dialect::PYTHON_DOTENV,
            Dialect::Compose => adotenv::Dialect::COMPOSE,
            Dialect::Node | Dialect::Railway => adotenv::Dialect::NODE_DOTENV,
        };
        // The mark of the file is told by the text; another one is a character.
        let preset = preset.with_bom(BomPolicy::Keep);
        let base = stretch.start;
        let (document, _) = adotenv::parse_with(&text[stretch], preset);
        for item in document.items() {
            let kind = match item.kind() {
                ItemKind::Blank => PieceKind::Blank,
                ItemKind::Comment => PieceKind::Comment,
                ItemKind::Entry => PieceKind::Entry(self.entries.len()),
                _ => PieceKind::Unread,
            };
            let span = moved(item.span(), base);
            self.pieces.push(Piece { kind, span });
            if let Some(found) = item.entry() {
                self.entries
                    .push(entry(&found, document.source(), base, dialect));
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
                self.problems.push(Problem {
                    refuses,
                    ..Problem::new(kind, moved(told.span(), base))
                });
            }
        }
    }
}

fn moved(span: Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

fn entry(entry: &adotenv::Entry<'_>, text: &str, base: usize, dialect: Dialect) -> Entry {
    let tokens = entry.tokens();
    let here = |span| moved(span, base);
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
        key_span: here(entry.key_span()),
        value_span: entry.value_span().map(here),
        body_span: tokens.body.clone().map(here),
        export: tokens.export.clone().map(here),
        separator: tokens.eq.clone().map(here),
        comment: tokens.inline_comment.clone().map(here),
        quote,
        is_read: match dialect {
            // An object of JavaScript has this name already.
            Dialect::Node => entry.value().is_some() && entry.key() != "__proto__",
            // `export` on a line of its own.
            Dialect::Compose => entry.value().is_some() || !entry.key().is_empty(),
            _ => true,
        },
        place: START,
        value_place: START,
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
    use proptest::prelude::*;

    use super::*;

    /// Plain lines, lines that are nearly plain, and what may come of them.
    const LINES: &[&str] = &[
        "A=1\n",
        "export B=x y # c\n",
        "C='x' # it's\n",
        "D=\"${A}\"\r\n",
        "# c\n",
        "\n",
        " \n",
        "E=\n",
        "A\n",
        "A:\n",
        "A: 1\n",
        "export\n",
        "=1\n",
        "'x'\n",
        "F=\"x\n",
        "y\"\n",
        "G='\n",
        "H=1#it's\n",
        "I=`x\n",
        "J=1\r",
        "K=a\u{2028}L=\"b\n",
        "# \u{2028}M='\n",
        " N=1\n",
        "O = 1\n",
        "P=x'y\"\n",
        "Q=\"a\\\"b\"\n",
        "\u{feff}R=1\n",
        "A=1",
        "export ",
        "__proto__=1\n",
        "S= \n",
        "T=\"x\" y\n",
        "U=#\n",
    ];

    proptest! {
        #[test]
        fn plain_lines_are_read_as_the_grammars_read_them(
            lines in proptest::collection::vec(proptest::sample::select(LINES), 0..8),
        ) {
            let text = lines.concat();
            let text = Text::of(text.as_bytes()).expect("text");
            for dialect in [Dialect::Node, Dialect::Python, Dialect::Compose] {
                let mut slow = Read::default();
                slow.grammar(&text.whole, text.mark..text.whole.len(), dialect);
                let fast = read(&text, dialect);
                prop_assert_eq!(&fast.pieces, &slow.pieces);
                prop_assert_eq!(&fast.problems, &slow.problems);
                let shown = |read: &Read| -> Vec<(Entry, Option<String>)> {
                    let revealed = |entry: &Entry| {
                        let value = entry.value.as_ref();
                        value.map(|value| value.reveal().to_owned())
                    };
                    let entries = read.entries.iter();
                    entries.map(|entry| (entry.clone(), revealed(entry))).collect()
                };
                prop_assert_eq!(shown(&fast), shown(&slow));
            }
        }
    }

    #[test]
    fn line_ends_of_python_become_one_before_the_escapes() {
        assert_eq!(python("a\r\nb\rc\\r\\d\\", Quote::Double), "a\nb\nc\r\\d\\");
        assert_eq!(python("a\r\n\\n\\'", Quote::Single), "a\n\\n'");
    }
}
