//! Compose files: what is put in from outside, what the services get, and the files that hold more.

use std::ops::Range;

use super::expansion;
use super::yaml::{self, Line};
use crate::variable::{Mention, Need, What};

/// What a Compose file says.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut section: Option<(usize, Section)> = None;
    for line in yaml::lines(text) {
        references(text, line.value.clone(), &mut found);
        if line.is_block {
            continue;
        }
        let is_inside = section.is_some_and(|(indent, _)| {
            line.indent > indent || (line.is_item && line.indent >= indent)
        });
        if let Some((_, kind)) = section.filter(|_| is_inside) {
            kind.add(text, &line, &mut found);
            continue;
        }
        section = None;
        let key = line.key.clone().map_or("", |key| &text[key]);
        let kind = match key {
            "environment" => Section::Environment,
            "env_file" => Section::Files,
            _ => continue,
        };
        if line.value.is_empty() {
            section = Some((line.indent, kind));
        } else {
            for part in parts(text, line.value.clone()) {
                kind.part(text, part, &mut found);
            }
        }
    }
    found
}

#[derive(Clone, Copy)]
enum Section {
    Environment,
    Files,
}

impl Section {
    fn add(self, text: &str, line: &Line, found: &mut Vec<Mention>) {
        match (self, &line.key) {
            (Self::Environment, Some(key)) => {
                let name = &text[key.clone()];
                let what = if line.value.is_empty() {
                    // Without a value it is handed in from outside.
                    What::Read
                } else {
                    What::Assigned
                };
                found.push(Mention::new(what, name, key.clone()));
            }
            (Self::Files, Some(key)) if &text[key.clone()] == "path" => {
                self.part(text, line.value.clone(), found);
            }
            (_, None) => self.part(text, line.value.clone(), found),
            (Self::Files, Some(_)) => {}
        }
    }

    /// One word of a list: `NAME=value`, `NAME`, or a file.
    fn part(self, text: &str, range: Range<usize>, found: &mut Vec<Mention>) {
        let word = &text[range.clone()];
        let bare = word.trim_matches(['"', '\'', ' ']);
        if bare.is_empty() {
            return;
        }
        let start = range.start + (word.len() - word.trim_start_matches(['"', '\'', ' ']).len());
        match self {
            Self::Files => {
                let span = start..start + bare.len();
                found.push(Mention::new(What::File, bare, span));
            }
            Self::Environment => {
                let name = bare.split('=').next().unwrap_or_default();
                let name = name.split(": ").next().unwrap_or_default().trim();
                if name.is_empty() || name.contains('$') {
                    return;
                }
                let is_set = bare.len() > name.len();
                let what = if is_set { What::Assigned } else { What::Read };
                let mention = Mention::new(what, name, start..start + name.len());
                found.push(mention.needed(if is_set {
                    Need::Unknown
                } else {
                    Need::Optional
                }));
            }
        }
    }
}

/// The words of `[a, b]` or `{ a: b }`, or the one word.
fn parts(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let word = &text[range.clone()];
    let is_list = word.starts_with(['[', '{']) && word.ends_with([']', '}']) && word.len() >= 2;
    if !is_list {
        return vec![range];
    }
    let mut at = range.start + 1;
    let inside = &word[1..word.len() - 1];
    let mut parts = Vec::new();
    for part in inside.split(',') {
        parts.push(at..at + part.len());
        at += part.len() + 1;
    }
    parts
}

/// What Compose puts in: `$$` is a dollar.
fn references(text: &str, range: Range<usize>, found: &mut Vec<Mention>) {
    let bytes = &text.as_bytes()[..range.end];
    let mut at = range.start;
    while let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr(b'$', rest)) {
        at += next;
        if bytes.get(at + 1) == Some(&b'$') {
            at += 2;
            continue;
        }
        match expansion::at(bytes, at) {
            Some(reference) => {
                found.push(reference.mention(text));
                at = reference.end;
            }
            None => at += 1,
        }
    }
}
