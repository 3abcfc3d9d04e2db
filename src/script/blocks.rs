//! The code inside of components and pages: between `<script>` and `</script>`, and an Astro page's front part.

use std::ops::Range;

use memchr::memmem;

use super::{Dialect, Facts, program};
use crate::variable::{Reading, Side};

/// As many blocks of one file are read.
const MOST: usize = 64;

/// Reads all blocks of a text.
pub(super) fn read(text: &str, dialect: Dialect) -> Facts {
    let mut facts = Facts::none();
    let mut rest = 0;
    if dialect == Dialect::Page
        && let Some(front) = front(text)
    {
        rest = front.end;
        // Astro runs it when it builds or serves the page.
        add(&mut facts, text, front, Side::Server);
    }
    for block in scripts(text, rest) {
        let side = match dialect {
            Dialect::Page => Side::Client,
            _ => Side::Unknown,
        };
        add(&mut facts, text, block, side);
    }
    facts
}

fn add(facts: &mut Facts, text: &str, block: Range<usize>, side: Side) {
    let read = program(&text[block.clone()], Dialect::TypedElements);
    // Generics of TypeScript look like elements: a block is the one or the other.
    let read = if read.reading == Reading::Whole {
        read
    } else {
        program(&text[block.clone()], Dialect::Typed)
    };
    facts.reading = facts.reading.max(read.reading);
    facts.directive = facts.directive.or(read.directive);
    for mut mention in read.mentions {
        mention.span = mention.span.start + block.start..mention.span.end + block.start;
        if mention.side == Side::Unknown {
            mention.side = side;
        }
        facts.mentions.push(mention);
    }
}

/// What stands between the two lines of `---` at the top.
fn front(text: &str) -> Option<Range<usize>> {
    let start = text.len() - text.trim_start().len();
    let inside = text[start..].strip_prefix("---")?;
    let start = text.len() - inside.len();
    let end = memmem::find(inside.as_bytes(), b"\n---")?;
    Some(start..start + end)
}

/// The insides of the script elements behind an offset.
fn scripts(text: &str, from: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let close = memmem::Finder::new("</script");
    let mut found = Vec::new();
    let mut at = from;
    while found.len() < MOST {
        let Some(open) = memmem::find(&bytes[at..], b"<script") else {
            break;
        };
        let tag = at + open + "<script".len();
        let Some(inside) = end_of_tag(bytes, tag) else {
            break;
        };
        if bytes[inside - 2] == b'/' {
            at = inside;
            continue;
        }
        let Some(length) = close.find(&bytes[inside..]) else {
            break;
        };
        found.push(inside..inside + length);
        at = inside + length;
    }
    found
}

/// Behind the `>` of a tag, whose attributes may hold one in quotes.
fn end_of_tag(bytes: &[u8], from: usize) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), _) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}
