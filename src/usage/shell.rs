//! Shell scripts: what they take from the environment.
//!
//! A script's own variables are none of the environment: a name counts until it is first given a value, and only
//! where it is written in capitals, as variables that come from outside are.

use std::collections::HashSet;
use std::ops::Range;

use memchr::memchr;

use super::expansion::{self, Missing, name_end};
use crate::variable::{Mention, What, is_capital};

/// What a script says.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut own = HashSet::new();
    part(text, 0..text.len(), &mut own)
}

/// What a part of a text says that is a script. `own` are the names that have a value already.
pub(super) fn part(text: &str, range: Range<usize>, own: &mut HashSet<String>) -> Vec<Mention> {
    let mut shell = Shell {
        text,
        bytes: &text.as_bytes()[..range.end],
        at: range.start,
        own,
        found: Vec::new(),
        waiting: Vec::new(),
        mode: Mode::Start,
    };
    shell.run();
    shell.found
}

/// A document that begins on the next line.
struct Document {
    end: Vec<u8>,
    is_plain: bool,
    has_tabs: bool,
}

/// What the next word of a command is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The command, or a value for it.
    Start,
    /// A word that means nothing here.
    Words,
    /// A name that is exported, with its value or without.
    Exports,
    /// A name of the script's own, with its value or without: `local A=1 B`.
    Values,
    /// A name of the script's own: `read A B`, `for A in`.
    Names,
    /// A file whose variables are taken in.
    File,
}

struct Shell<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    own: &'t mut HashSet<String>,
    found: Vec<Mention>,
    waiting: Vec<Document>,
    mode: Mode,
}

impl Shell<'_> {
    fn run(&mut self) {
        let mut is_start = true;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b'\n' => {
                    self.at += 1;
                    self.command();
                    self.documents();
                    is_start = true;
                }
                b' ' | b'\t' | b'\r' => {
                    self.at += 1;
                    is_start = true;
                }
                b';' | b'&' | b'|' | b'(' | b')' | b'`' => {
                    self.at += 1;
                    self.command();
                    is_start = true;
                }
                b'#' if is_start => self.at = self.line_end(),
                b'\'' => {
                    self.single();
                    is_start = false;
                }
                b'"' => {
                    self.double();
                    is_start = false;
                }
                b'\\' => {
                    self.at += 2;
                    is_start = false;
                }
                b'$' => {
                    self.dollar(true);
                    is_start = false;
                }
                b'<' if self.bytes[self.at..].starts_with(b"<<") => self.document(),
                _ if is_start => {
                    is_start = self.word();
                }
                _ => self.at += 1,
            }
        }
    }

    fn command(&mut self) {
        self.mode = Mode::Start;
    }

    fn line_end(&self) -> usize {
        let rest = &self.bytes[self.at..];
        self.at + memchr(b'\n', rest).unwrap_or(rest.len())
    }

    /// A word begins here. Says whether another may begin right behind what was read.
    fn word(&mut self) -> bool {
        let start = self.at;
        let end = name_end(self.bytes, start);
        let rest = &self.bytes[end..];
        let is_assignment = end > start
            && (rest.starts_with(b"=") || rest.starts_with(b"+=") || rest.starts_with(b"["));
        let takes_values = matches!(self.mode, Mode::Start | Mode::Exports | Mode::Values);
        if is_assignment && takes_values && (self.mode == Mode::Start || rest[0] != b'[') {
            return self.assignment(start..end);
        }
        if self.mode == Mode::File {
            self.mode = Mode::Words;
            self.file();
            self.at = self.at.max(start + 1);
            return false;
        }
        if end == start {
            return self.mark();
        }
        self.at = end;
        let is_whole = rest
            .first()
            .is_none_or(|byte| b" \t\r\n;&|()<>".contains(byte));
        let word = self.text.get(start..end).unwrap_or_default();
        match self.mode {
            Mode::Names if word == "in" => self.mode = Mode::Words,
            Mode::Names | Mode::Values if is_whole => {
                self.own.insert(word.to_owned());
            }
            Mode::Start => {
                self.mode = match word {
                    _ if !is_whole => Mode::Words,
                    "export" => Mode::Exports,
                    "declare" | "typeset" | "readonly" | "local" => Mode::Values,
                    "read" | "for" | "getopts" | "mapfile" | "readarray" | "select" => Mode::Names,
                    "source" => Mode::File,
                    "then" | "do" | "else" | "if" | "elif" | "while" | "until" | "time" | "env"
                    | "exec" | "command" | "builtin" | "sudo" => Mode::Start,
                    _ => Mode::Words,
                };
            }
            _ => {}
        }
        false
    }

    /// A word that begins with no letter. Says whether another may begin right behind its first byte.
    fn mark(&mut self) -> bool {
        let is_start = self.mode == Mode::Start;
        let rest = &self.bytes[self.at..];
        let is_dot = is_start && rest.starts_with(b". ");
        let is_frame = matches!(rest[0], b'{' | b'!' | b'[');
        if is_dot {
            self.mode = Mode::File;
        } else if is_start && !is_frame {
            self.mode = Mode::Words;
        }
        self.at += 1;
        is_dot || is_frame
    }

    /// `NAME=value`: the value is read first, as the shell does.
    fn assignment(&mut self, name: Range<usize>) -> bool {
        let mut depth = 0_usize;
        self.at = name.end;
        if self.bytes.get(self.at) == Some(&b'[') {
            self.at =
                memchr(b']', &self.bytes[self.at..]).map_or(self.at + 1, |end| self.at + end + 1);
        }
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b')' if depth == 0 => break,
                b'(' => {
                    depth += 1;
                    self.at += 1;
                }
                b')' => {
                    depth -= 1;
                    self.at += 1;
                }
                b'\'' => self.single(),
                b'"' => self.double(),
                b'\\' => self.at += 2,
                // A command inside of the value is read as the rest of the script is.
                b'`' => break,
                b'$' if self.bytes.get(self.at + 1) == Some(&b'(') => break,
                b'$' => self.dollar(true),
                _ => self.at += 1,
            }
        }
        let written = &self.text[name.clone()];
        if self.mode == Mode::Exports && is_capital(written) {
            let mention = Mention::new(What::Assigned, written, name.clone());
            self.found.push(mention);
        }
        self.own.insert(written.to_owned());
        true
    }

    /// `. .env`, `source "./.env"`: a file whose name tells that it holds variables.
    fn file(&mut self) {
        let rest = &self.bytes[self.at..];
        let is_end = |byte: &u8| b" \t\r\n;&|()\"'".contains(byte);
        let end = self.at + rest.iter().position(is_end).unwrap_or(rest.len());
        let path = self.text.get(self.at..end).unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        if name.starts_with(".env") && !path.contains('$') {
            let mention = Mention::new(What::File, path, self.at..end);
            self.found.push(mention);
            self.at = end;
        }
    }

    fn single(&mut self) {
        let from = self.at + 1;
        let end = self.bytes.get(from..).and_then(|rest| memchr(b'\'', rest));
        self.at = end.map_or(self.bytes.len(), |end| from + end + 1);
    }

    fn double(&mut self) {
        self.at += 1;
        if self.mode == Mode::File {
            self.mode = Mode::Words;
            self.file();
        }
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.at += 2,
                b'$' => self.dollar(false),
                _ => self.at += 1,
            }
        }
    }

    /// A reference, or what else a `$` begins.
    fn dollar(&mut self, is_bare: bool) {
        let Some(found) = expansion::at(self.bytes, self.at) else {
            self.at += 1;
            match self.bytes.get(self.at) {
                // `$'…'`, in which a backslash hides the quote.
                Some(b'\'') if is_bare => self.ansi(),
                Some(b'(') => {
                    self.at += 1;
                    self.command();
                }
                // `$1`, `$?`, `$#`: the next letter begins no comment.
                Some(_) if is_bare => self.at += 1,
                _ => {}
            }
            return;
        };
        let name = &self.text[found.name.clone()];
        if is_capital(name) && !self.own.contains(name) {
            self.found.push(found.mention(self.text));
            if found.missing == Missing::Kept {
                self.own.insert(name.to_owned());
            }
        }
        self.at = found.end;
    }

    fn ansi(&mut self) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'\'' {
                return;
            }
        }
    }

    /// `<<END`, `<<-'END'`.
    fn document(&mut self) {
        self.at += 2;
        if self.bytes.get(self.at) == Some(&b'<') {
            // `<<<`: the next word is the input.
            self.at += 1;
            return;
        }
        let has_tabs = self.bytes.get(self.at) == Some(&b'-');
        self.at += usize::from(has_tabs);
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let rest = &self.bytes[self.at..];
        let is_end = |byte: &u8| b" \t\r\n;&|()<>".contains(byte);
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let word = &rest[..length];
        let is_plain = word.iter().any(|byte| b"'\"\\".contains(byte));
        let end: Vec<u8> = word
            .iter()
            .copied()
            .filter(|byte| !b"'\"\\".contains(byte))
            .collect();
        self.at += length;
        if !end.is_empty() {
            self.waiting.push(Document {
                end,
                is_plain,
                has_tabs,
            });
        }
    }

    /// The documents that were announced on the line before.
    fn documents(&mut self) {
        for document in std::mem::take(&mut self.waiting) {
            while self.at < self.bytes.len() {
                let end = self.line_end();
                let mut line = &self.bytes[self.at..end];
                if document.has_tabs {
                    let tabs = line.iter().take_while(|byte| **byte == b'\t').count();
                    line = &line[tabs..];
                }
                if line.strip_suffix(b"\r").unwrap_or(line) == document.end {
                    self.at = (end + 1).min(self.bytes.len());
                    break;
                }
                while !document.is_plain && self.at < end {
                    match self.bytes[self.at] {
                        b'\\' => self.at += 2,
                        b'$' => self.dollar(false),
                        _ => self.at += 1,
                    }
                }
                self.at = (end + 1).min(self.bytes.len()).max(self.at);
            }
        }
    }
}
