//! The text of the schema: one line a variable where it fits, and beside it what could not be carried over.

use std::fmt::Write as _;

use super::Note;
use super::layers::{Layers, plain};
use super::said::{Said, Wanted};
use crate::config::names;
use crate::env::first::yaml;

/// How what is said of a boolean begins that takes every text: all of them share one comment.
const LOOSE: &str = "`coerce.boolean()`";

/// The file.
pub(super) fn yaml(layers: &Layers, from: &str, lost: &[Note]) -> String {
    let mut text = String::from("# What the environment of this project must hold.\n");
    comment(
        &mut text,
        0,
        &format!("Carried over from {from} by `guard env import`."),
    );
    for note in lost {
        comment(&mut text, 0, &told(note));
    }
    loose(&mut text, layers);
    text.push_str(if layers.base.is_empty() {
        "variables: {}\n"
    } else {
        "variables:\n"
    });
    for wanted in &layers.base {
        variable(&mut text, 2, wanted, &plain(wanted.said.clone()));
    }
    if layers.environments.is_empty() {
        return text;
    }
    text.push_str("environments:\n");
    for environment in &layers.environments {
        let name = yaml::text(&environment.name);
        if environment.extends.is_none() && environment.variables.is_empty() {
            let _ = writeln!(text, "  {name}: {{}}");
            continue;
        }
        let _ = writeln!(text, "  {name}:");
        if let Some(extends) = &environment.extends {
            let _ = writeln!(text, "    extends: {}", yaml::text(extends));
        }
        if !environment.variables.is_empty() {
            text.push_str("    variables:\n");
        }
        for wanted in &environment.variables {
            variable(&mut text, 6, wanted, &wanted.said);
        }
    }
    text
}

/// What is to be known of all booleans at once.
fn loose(text: &mut String, layers: &Layers) {
    let mut notes: Vec<&Note> = layers.lost().filter(|note| is_loose(note)).collect();
    notes.sort();
    let Some(first) = notes.first() else {
        return;
    };
    let mut lines: Vec<usize> = notes.iter().map(|note| note.line).collect();
    lines.dedup();
    let word = if lines.len() == 1 { "line" } else { "lines" };
    let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
    let lines = lines.join(", ");
    comment(
        text,
        0,
        &format!("stricter than the code, {word} {lines}: {}", first.what),
    );
}

fn variable(text: &mut String, indent: usize, wanted: &Wanted, said: &Said) {
    for hint in &wanted.hints {
        comment(text, indent, hint);
    }
    for note in wanted.lost.iter().filter(|note| !is_loose(note)) {
        comment(text, indent, &told(note));
    }
    let keys: Vec<(&str, String)> = said
        .iter()
        .map(|(key, value)| (key.word(), value.clone()))
        .collect();
    text.push_str(&yaml::entry(indent, &wanted.name, &keys));
}

fn is_loose(note: &Note) -> bool {
    note.what.starts_with(LOOSE)
}

fn told(note: &Note) -> String {
    let Note { line, what, .. } = note;
    format!("could not be carried over, line {line}: {what}")
}

fn comment(text: &mut String, indent: usize, said: &str) {
    let said: String = said.chars().map(names::visible).collect();
    let _ = writeln!(text, "{:indent$}# {}", "", yaml::comment(&said));
}
