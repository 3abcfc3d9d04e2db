//! Dockerfiles: what the build takes (`ARG`), what the image sets (`ENV`), and what its commands read.

use std::collections::HashSet;
use std::ops::Range;

use super::expansion::{self, name_end};
use super::shell;
use crate::variable::{Mention, Need, What};

/// What a Dockerfile says.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut docker = Docker {
        text,
        own: HashSet::new(),
        found: Vec::new(),
    };
    let mut at = 0;
    while at < text.len() {
        let instruction = instruction(text, at);
        at = instruction.end;
        docker.instruction(instruction);
    }
    docker.found
}

/// The bytes of the instruction that begins on this line, with the lines that it goes on with.
fn instruction(text: &str, start: usize) -> Range<usize> {
    let mut at = start;
    let mut documents: Vec<&str> = Vec::new();
    for line in text[start..].split_inclusive('\n') {
        at += line.len();
        let trimmed = line.trim();
        if let Some(end) = documents.first() {
            if trimmed == *end {
                documents.remove(0);
            }
            if documents.is_empty() {
                break;
            }
            continue;
        }
        // A comment between two parts ends nothing.
        let is_comment = trimmed.starts_with('#') && at > start + line.len();
        let goes_on = trimmed.ends_with('\\') || trimmed.ends_with('`');
        documents = announced(trimmed);
        if !(goes_on || is_comment) && documents.is_empty() {
            break;
        }
        if trimmed.starts_with('#') && at == start + line.len() {
            break;
        }
    }
    start..at
}

/// The ends of the documents that a `RUN <<END` announces.
fn announced(line: &str) -> Vec<&str> {
    let begins = ["RUN", "COPY", "ADD"];
    let is_one = line
        .split_whitespace()
        .next()
        .is_some_and(|first| begins.iter().any(|begin| first.eq_ignore_ascii_case(begin)));
    if !is_one {
        return Vec::new();
    }
    let parts = line.split("<<").skip(1);
    let ends = parts.filter_map(|rest| {
        let word = rest.trim_start_matches('-').trim_start_matches(['"', '\'']);
        let length = name_end(word.as_bytes(), 0);
        (length > 0).then(|| &word[..length])
    });
    ends.collect()
}

struct Docker<'t> {
    text: &'t str,
    /// What the build or the image gives a value.
    own: HashSet<String>,
    found: Vec<Mention>,
}

impl Docker<'_> {
    fn instruction(&mut self, range: Range<usize>) {
        let line = &self.text[range.clone()];
        let blank = line.len() - line.trim_start().len();
        let name_length = line[blank..]
            .find(|letter: char| letter.is_whitespace())
            .unwrap_or(line.len() - blank);
        let name = &line[blank..blank + name_length];
        let rest = range.start + blank + name_length..range.end;
        match name.to_ascii_uppercase().as_str() {
            "ARG" => self.assignments(rest, What::Declared),
            "ENV" => self.assignments(rest, What::Assigned),
            "RUN" | "CMD" | "ENTRYPOINT" | "HEALTHCHECK" | "SHELL" => self.command(rest),
            "FROM" | "COPY" | "ADD" | "LABEL" | "EXPOSE" | "USER" | "WORKDIR" | "VOLUME"
            | "STOPSIGNAL" => self.references(rest),
            "ONBUILD" if !rest.is_empty() => self.instruction(rest),
            _ => {}
        }
    }

    /// `NAME=value NAME="value"`, `ARG NAME`, and the old `ENV NAME value`.
    fn assignments(&mut self, range: Range<usize>, what: What) {
        let bytes = &self.text.as_bytes()[..range.end];
        let mut at = range.start;
        while at < bytes.len() {
            if !(bytes[at].is_ascii_alphabetic() || bytes[at] == b'_') {
                at += 1;
                continue;
            }
            let end = name_end(bytes, at);
            let name = at..end;
            let has_value = bytes.get(end) == Some(&b'=');
            let value_end = if has_value {
                word_end(bytes, end)
            } else if what == What::Assigned {
                // The old way: the rest of the line is the value.
                bytes.len()
            } else {
                end
            };
            // The value is read before the name has it.
            self.references(end..value_end);
            let written = &self.text[name.clone()];
            let mention = Mention::new(what, written, name);
            self.found.push(match (what, has_value) {
                (What::Declared, true) => mention.with_default(),
                (What::Declared, false) => mention.needed(Need::Optional),
                _ => mention,
            });
            self.own.insert(written.to_owned());
            at = value_end.max(end + 1);
        }
    }

    /// What docker itself puts in.
    fn references(&mut self, range: Range<usize>) {
        let bytes = &self.text.as_bytes()[..range.end];
        let mut at = range.start;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' => at += 2,
                b'$' => {
                    let Some(found) = expansion::at(bytes, at) else {
                        at += 1;
                        continue;
                    };
                    if !self.own.contains(&self.text[found.name.clone()]) {
                        self.found.push(found.mention(self.text));
                    }
                    at = found.end;
                }
                _ => at += 1,
            }
        }
    }

    /// A command for the shell. In a list of words the shell has no part, unless it is called by name.
    fn command(&mut self, range: Range<usize>) {
        let line = self.text[range.clone()].trim_start();
        let is_list = line.starts_with('[') || line.starts_with("CMD [");
        if is_list && !line.contains("\"-c\"") && !line.contains("\"-lc\"") {
            return;
        }
        let found = if is_list {
            // The quotes are those of the list, not of the shell.
            let before = self.found.len();
            self.references(range);
            self.found.split_off(before)
        } else {
            // What one command sets, the next does not have.
            shell::part(self.text, range, &mut self.own.clone())
        };
        self.found.extend(found);
    }
}

/// Behind the word that goes on here, in which quotes hide blanks.
fn word_end(bytes: &[u8], from: usize) -> usize {
    let mut quote = None;
    let mut at = from;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (_, b'\\') => at += 1,
            (None, b' ' | b'\t' | b'\r' | b'\n') => return at,
            (None, open @ (b'"' | b'\'')) => quote = Some(open),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
