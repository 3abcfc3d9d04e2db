//! A table of all variables, for a page of documentation.

use std::fmt::Write as _;

use super::{everything, words};
use crate::schema::effective::Effective;
use crate::schema::model::Variable;

/// The table.
pub fn markdown(effective: &Effective<'_>) -> String {
    let mut text = String::from(
        "| Variable | What it is | Required | Default | Notes |\n|---|---|---|---|---|\n",
    );
    for shown in everything(effective) {
        let variable = shown.variable;
        let default = match &variable.default {
            Some(_) if !shown.elsewhere.is_empty() => String::new(),
            Some(_) if variable.is_secret() => "hidden".to_owned(),
            Some(default) if default.value.is_empty() => "empty".to_owned(),
            Some(default) => code(&words::plain(&default.value)),
            None => String::new(),
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {default} | {} |",
            variable.name,
            cell(&words::kind(&shown)),
            cell(&words::need(&shown, effective)),
            notes(variable)
        );
    }
    text
}

fn notes(variable: &Variable) -> String {
    let mut notes = Vec::new();
    if let Some(description) = &variable.description {
        let text = words::plain(&description.value);
        let end = if text.ends_with(['.', '?', '!', ':']) {
            ""
        } else {
            "."
        };
        notes.push(format!("{}{end}", cell(&text)));
    }
    if variable.is_secret() {
        notes.push("Secret.".to_owned());
    }
    if variable.is_public() {
        notes.push("Seen by browsers.".to_owned());
    }
    if variable.is_provided() {
        notes.push("Provided by Railway.".to_owned());
    }
    if let Some(rotation) = &variable.rotation {
        notes.push(format!(
            "Changed every {}.",
            cell(&words::plain(&rotation.value))
        ));
    }
    if let Some(owner) = &variable.owner {
        notes.push(format!("Owner: {}.", cell(&words::plain(&owner.value))));
    }
    match variable
        .deprecated
        .as_ref()
        .and_then(|said| said.value.as_deref())
    {
        None => {}
        Some("") => notes.push("Deprecated.".to_owned()),
        Some(instead) => notes.push(format!("Deprecated: {}.", cell(&words::plain(instead)))),
    }
    notes.join(" ")
}

/// A text in which nothing is Markdown.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '!' => {
                safe.push('\\');
                safe.push(letter);
            }
            letter => safe.push(letter),
        }
    }
    safe
}

/// A text between backticks, as many as it takes.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    let longest = text.split(|letter| letter != '`').map(str::len).max();
    let ticks = "`".repeat(longest.unwrap_or_default() + 1);
    let blank = if ticks.len() > 1 { " " } else { "" };
    format!("{ticks}{blank}{text}{blank}{ticks}")
}
