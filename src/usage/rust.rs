//! Rust: `std::env`, `env!`, `option_env!`, and what clap takes from the environment.
//!
//! A small reader of tokens is enough, and ten times as fast as a syntax tree: it knows comments, texts of every
//! kind, lifetimes and letters, and looks at names that stand next to each other.

mod tokens;

use std::collections::HashMap;
use std::ops::Range;

use crate::variable::{Mention, Need, What};
use tokens::{Kind, Token};

/// What a source says.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let tokens = tokens::of(text);
    let mut rust = Rust {
        text,
        tokens: &tokens,
        functions: HashMap::new(),
        modules: vec!["env".to_owned()],
        found: Vec::new(),
    };
    rust.imports();
    for at in 0..tokens.len() {
        rust.look(at);
    }
    rust.found
}

struct Rust<'t> {
    text: &'t str,
    tokens: &'t [Token],
    /// Functions of `std::env` that are called by a name alone.
    functions: HashMap<String, &'static str>,
    /// Names of the module `std::env`.
    modules: Vec<String>,
    found: Vec<Mention>,
}

/// The functions of `std::env` that matter.
const FUNCTIONS: [&str; 4] = ["var", "var_os", "set_var", "remove_var"];

impl<'t> Rust<'t> {
    fn word(&self, at: usize) -> &'t str {
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Word);
        token.map_or("", |token| &self.text[token.span.clone()])
    }

    fn is(&self, at: usize, mark: u8) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Mark(mark))
    }

    /// A text and the place between its quotes.
    fn string(&self, at: usize) -> Option<(&'t str, Range<usize>)> {
        let token = self.tokens.get(at)?;
        let Kind::Text { before, behind } = token.kind else {
            return None;
        };
        let span = token.span.start + before..token.span.end.checked_sub(behind)?;
        Some((self.text.get(span.clone())?, span))
    }

    /// `use std::env;`, `use std::env as e;`, `use std::{env, fs}`, `use std::env::{var, var_os as get}`.
    fn imports(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            if self.word(at) != "use" {
                at += 1;
                continue;
            }
            let rest = &self.tokens[at..];
            let length = rest.iter().position(|token| token.kind == Kind::Mark(b';'));
            let end = at + length.unwrap_or(rest.len());
            let first = (at + 1..end).find(|at| !self.word(*at).is_empty());
            if first.is_some_and(|first| self.word(first) == "std") {
                self.import(at..end);
            }
            at = end + 1;
        }
    }

    fn import(&mut self, range: Range<usize>) {
        let mut is_env = false;
        for at in range {
            let word = self.word(at);
            let renamed = (self.word(at + 1) == "as").then(|| self.word(at + 2).to_owned());
            if word == "env" {
                is_env = true;
                self.modules.extend(renamed);
            } else if is_env && let Some(function) = FUNCTIONS.iter().find(|name| **name == word) {
                let local = renamed.unwrap_or_else(|| word.to_owned());
                self.functions.insert(local, function);
            }
        }
    }

    fn look(&mut self, at: usize) {
        let word = self.word(at);
        if word.is_empty() {
            self.sets_for_build(at);
            return;
        }
        if matches!(word, "env" | "option_env") && self.is(at + 1, b'!') {
            if let Some((name, span)) = self.string(at + 3) {
                let mention = Mention::read(name, span);
                self.found.push(if word == "env" {
                    mention.needed(Need::Required)
                } else {
                    self.outcome(mention, at + 4, Need::Optional)
                });
            }
            return;
        }
        let is_path = at >= 3 && self.is(at - 1, b':') && self.is(at - 2, b':');
        let function = if is_path {
            let module = self.word(at - 3);
            let is_known = self.modules.iter().any(|name| name == module) || module == "dotenvy";
            FUNCTIONS.into_iter().find(|name| is_known && *name == word)
        } else if at > 0 && (self.is(at - 1, b'.') || self.word(at - 1) == "fn") {
            // A method, or a function that is made here.
            None
        } else {
            self.functions.get(word).copied()
        };
        if let Some(function) = function
            && self.is(at + 1, b'(')
        {
            self.call(function, at + 2);
        } else if word == "env" {
            self.clap(at);
        }
    }

    fn call(&mut self, function: &str, at: usize) {
        let argument = if self.is(at, b'&') { at + 1 } else { at };
        if function == "remove_var" {
            return;
        }
        let Some((name, span)) = self.string(argument) else {
            let is_read = function != "set_var" && !self.is(at, b')');
            if is_read && let Some(token) = self.tokens.get(argument) {
                self.found.push(Mention::dynamic(token.span.clone()));
            }
            return;
        };
        if function == "set_var" {
            self.found.push(Mention::new(What::Assigned, name, span));
            return;
        }
        let mention = Mention::read(name, span);
        self.found
            .push(self.outcome(mention, argument + 1, Need::Unknown));
    }

    /// What is done with the answer of a call whose `)` stands at `at`.
    fn outcome(&self, mention: Mention, at: usize, otherwise: Need) -> Mention {
        if !self.is(at, b')') {
            return mention.needed(otherwise);
        }
        if self.is(at + 1, b'?') {
            return mention.needed(Need::Required);
        }
        if !self.is(at + 1, b'.') {
            return mention.needed(otherwise);
        }
        let mut method = self.word(at + 2);
        // `.ok().unwrap_or(…)`, `.as_deref().unwrap_or(…)`.
        let is_step = matches!(method, "ok" | "as_deref" | "as_ref");
        if is_step && self.is(at + 3, b'(') && self.is(at + 4, b')') && self.is(at + 5, b'.') {
            method = self.word(at + 6);
        }
        match method {
            "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" | "map_or" | "map_or_else" => {
                mention.with_default()
            }
            "unwrap" | "expect" => mention.needed(Need::Required),
            "ok" | "is_ok" | "is_err" | "is_some" | "is_none" | "is_ok_and" | "is_some_and" => {
                mention.needed(Need::Optional)
            }
            _ => mention.needed(otherwise),
        }
    }

    /// `#[arg(env = "NAME")]` and `.env("NAME")` of clap. With a second argument it sets a child's variable.
    fn clap(&mut self, at: usize) {
        let is_attribute =
            self.is(at + 1, b'=') && at > 0 && (self.is(at - 1, b'(') || self.is(at - 1, b','));
        let is_method =
            at > 0 && self.is(at - 1, b'.') && self.is(at + 1, b'(') && self.is(at + 3, b')');
        if (is_attribute || is_method)
            && let Some((name, span)) = self.string(at + 2)
        {
            self.found
                .push(Mention::read(name, span).needed(Need::Optional));
        }
    }

    /// `println!("cargo:rustc-env=NAME=value")` of a build script: `env!("NAME")` has it from there.
    fn sets_for_build(&mut self, at: usize) {
        let Some((text, span)) = self.string(at) else {
            return;
        };
        for words in ["cargo:rustc-env=", "cargo::rustc-env="] {
            if let Some(rest) = text.strip_prefix(words)
                && let Some(length) = rest.find('=')
            {
                let start = span.start + words.len();
                let name = &rest[..length];
                self.found
                    .push(Mention::new(What::Assigned, name, start..start + length));
            }
        }
    }
}
