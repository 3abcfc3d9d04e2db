//! What can be told of a source without its syntax tree: the usual words, wherever they stand.

use memchr::memmem;

use crate::variable::Mention;

/// What stands in front of a name.
const WORDS: [&str; 4] = ["environ[", "environ.get(", "getenv(", "environ.setdefault("];

/// Every name behind one of the usual words. Comments and strings count too: of two mistakes, to take a used
/// variable for unused is the worse one.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    for words in WORDS {
        for at in memmem::find_iter(text.as_bytes(), words) {
            let behind = at + words.len();
            let quoted = text[behind..].trim_start();
            let start = text.len() - quoted.len() + 1;
            let quote = quoted.bytes().next();
            if !matches!(quote, Some(b'"' | b'\'')) {
                continue;
            }
            let rest = text.as_bytes()[start..].iter();
            let name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
            let end = start + rest.take_while(name).count();
            if end > start && text.as_bytes().get(end).copied() == quote {
                found.push(Mention::read(&text[start..end], start..end));
            }
        }
    }
    found
}
