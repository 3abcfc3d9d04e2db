//! What can be told of a source without its syntax tree: the usual words, wherever they stand.

use memchr::memmem;

use crate::variable::{Mention, Way};

/// The usual ways to ask, and which they are.
const WAYS: [(&str, Way); 3] = [
    ("process.env.", Way::Process),
    ("import.meta.env.", Way::Bundle),
    ("Bun.env.", Way::Process),
];

/// Every name behind one of the usual words. Comments and strings count too: of two mistakes, to take a used
/// variable for unused is the worse one.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    for (words, way) in WAYS {
        for at in memmem::find_iter(text.as_bytes(), words) {
            let start = at + words.len();
            let rest = text.as_bytes()[start..].iter();
            let name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
            let end = start + rest.take_while(name).count();
            if end > start {
                let mut mention = Mention::read(&text[start..end], start..end);
                mention.way = way;
                found.push(mention);
            }
        }
    }
    found
}
