//! Workflows of GitHub: what their steps get, and which secrets and variables of the forge they name.

use std::ops::Range;

use memchr::memmem;

use super::expansion::name_end;
use super::yaml;
use crate::variable::{Mention, What};

/// What a workflow says.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut section: Option<usize> = None;
    for line in yaml::lines(text) {
        expressions(text, line.value.clone(), &mut found);
        if line.is_block {
            continue;
        }
        if section.is_some_and(|indent| line.indent > indent) {
            if let Some(key) = line.key {
                let name = &text[key.clone()];
                found.push(Mention::new(What::Assigned, name, key));
            }
            continue;
        }
        let is_env = line.key.is_some_and(|key| &text[key] == "env");
        section = (is_env && line.value.is_empty()).then_some(line.indent);
    }
    found
}

/// The names inside of `${{ … }}`.
fn expressions(text: &str, range: Range<usize>, found: &mut Vec<Mention>) {
    let mut at = range.start;
    while let Some(open) = memmem::find(&text.as_bytes()[at..range.end], b"${{") {
        let start = at + open + 3;
        let rest = &text.as_bytes()[start..range.end];
        let end = start + memmem::find(rest, b"}}").unwrap_or(rest.len());
        names(text, start..end, found);
        at = end;
    }
}

fn names(text: &str, range: Range<usize>, found: &mut Vec<Mention>) {
    let bytes = &text.as_bytes()[..range.end];
    let mut at = range.start;
    while at < bytes.len() {
        if bytes[at] == b'\'' {
            let rest = &bytes[at + 1..];
            at += memchr::memchr(b'\'', rest)
                .map_or(rest.len(), |end| end + 2)
                .max(1);
            continue;
        }
        let end = name_end(bytes, at);
        if end == at {
            at += 1;
            continue;
        }
        let what = match &text[at..end] {
            "secrets" => Some(What::Secret),
            "vars" => Some(What::Setting),
            _ => None,
        };
        at = end;
        let Some(what) = what else {
            // A member of something else is no context: `steps.secrets.outputs`.
            while bytes.get(at) == Some(&b'.') {
                at = name_end(bytes, at + 1).max(at + 1);
            }
            continue;
        };
        let name = if bytes.get(at) == Some(&b'.') {
            at + 1..name_end(bytes, at + 1)
        } else if bytes[at..].starts_with(b"['") {
            at + 2..name_end(bytes, at + 2)
        } else {
            continue;
        };
        if !name.is_empty() {
            at = name.end;
            found.push(Mention::new(what, &text[name.clone()], name));
        }
    }
}
