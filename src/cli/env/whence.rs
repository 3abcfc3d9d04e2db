//! `guard env where`: who describes a variable, who sets it, and who reads it. No value is ever shown.

mod files;
mod said;
mod used;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::base::Base;
use super::help;
use crate::cli::context::Context;
use crate::cli::told::Told;
use crate::config::names;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::schema::Read;
use crate::terminal::{escape_line, text};
use crate::usage::known;
use files::{Files, Set};
use said::Said;
use used::{Used, Uses};

/// Arguments of `guard env where`.
#[derive(Args, Debug)]
#[command(before_help = help::WHERE, after_help = help::WHERE_EXITS)]
pub(crate) struct Arguments {
    /// The variable
    #[arg(value_name = "VAR")]
    variable: String,
}

/// So many places are listed of each kind; programs get all.
const LISTED: usize = 20;

/// `guard env where VAR`.
pub(crate) fn run(context: &Context, arguments: &Arguments) -> Exit {
    look(context, &arguments.variable).unwrap_or_else(|exit| exit)
}

fn look(context: &Context, name: &str) -> Result<Exit, Exit> {
    let base = Base::of(context);
    let schema = base.schema(context)?;
    let staged = used::staged(&base);
    let staged = staged.map_err(|error| context.fail(&error, error.exit()))?;
    let files = Files::read(&base, &staged);
    let uses = Uses::scan(&base, staged);
    let found = Found {
        said: schema.as_ref().map(|schema| said::of(schema, name)),
        set: files.of(name),
        is_in_process: context.environment.os(name).is_some(),
        used: uses.of(name),
        by: known::by_whom(name),
        name,
    };
    if !found.is_known() {
        let all = everything(context, schema.as_ref(), &files, &uses);
        let near = names::nearest(name, all.iter().map(String::as_str));
        let error = Unknown::new(name, near);
        context.fail(&error, Exit::Blocked);
        if context.is_for_people() {
            return Ok(Exit::Blocked);
        }
        return Ok(found.report(context, Some(error.to_string())));
    }
    if context.is_for_people() {
        return Ok(context.say(&found.text()));
    }
    Ok(found.report(context, None))
}

/// Everything that has a name here.
fn everything(
    context: &Context,
    schema: Option<&Read>,
    files: &Files,
    uses: &Uses,
) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = schema.map(said::names).unwrap_or_default();
    all.extend(files.names());
    all.extend(uses.names());
    let process = context.environment.iter();
    all.extend(process.filter_map(|(name, _)| name.to_str().map(str::to_owned)));
    all
}

/// What there is to say about one variable.
struct Found<'a> {
    name: &'a str,
    /// None where the project has no schema.
    said: Option<Vec<Said>>,
    set: Vec<Set>,
    is_in_process: bool,
    used: Vec<Used>,
    /// Who sets it everywhere, where somebody does.
    by: Option<&'static str>,
}

impl Found<'_> {
    fn is_known(&self) -> bool {
        let is_said = self.said.as_ref().is_some_and(|said| !said.is_empty());
        is_said || !self.set.is_empty() || self.is_in_process || !self.used.is_empty()
    }

    fn report(&self, context: &Context, error: Option<String>) -> Exit {
        let mut told = Told::new("env where", "where a variable comes from");
        let exit = match error {
            Some(error) => {
                told.note(Severity::Error, error);
                Exit::Blocked
            }
            None => Exit::Good,
        };
        let said = self.said.iter().flatten().map(Said::data);
        let of_code = self.used.iter().filter(|used| used.is_read());
        let places = of_code.map(|used| Value::from(used.place()));
        let others = self.used.iter().filter(|used| !used.is_read());
        told.data("variable", json!(self.name));
        told.data("schema", said.collect());
        told.data("files", self.set.iter().map(Set::data).collect());
        told.data("process", json!(self.is_in_process));
        told.data("used", places.collect());
        told.data("named", others.map(Used::data).collect());
        told.finish(context, exit)
    }

    fn text(&self) -> String {
        let mut text = escape_line(self.name).into_owned();
        if let Some(by) = self.by {
            let _ = write!(text, " ({by})");
        }
        text.push('\n');
        let none = match self.said {
            None => "there is none",
            Some(_) => "it does not have it",
        };
        let said = self.said.iter().flatten();
        let said: Vec<_> = said.map(|said| (said.place(), said.words())).collect();
        list(&mut text, "schema", &said, none);
        let rows = |is_example: bool| -> Vec<(String, String)> {
            let set = self.set.iter().filter(|set| set.is_example == is_example);
            set.map(|set| (set.place(), set.words())).collect()
        };
        list(&mut text, "files", &rows(false), "none sets it");
        list(&mut text, "example", &rows(true), "none shows it");
        let process = if self.is_in_process { "set" } else { "not set" };
        let _ = writeln!(text, "process\n  {process}");
        let used = |is_read: bool| -> Vec<(String, String)> {
            let used = self.used.iter().filter(|used| used.is_read() == is_read);
            used.map(|used| (used.place(), used.words().to_owned()))
                .collect()
        };
        list(
            &mut text,
            "read",
            &used(true),
            "by no source that is tracked",
        );
        let named = used(false);
        if !named.is_empty() {
            list(&mut text, "set or handed in", &named, "");
        }
        text
    }
}

/// A head with its lines below, or what it means that there are none.
fn list(out: &mut String, head: &str, rows: &[(String, String)], none: &str) {
    let _ = writeln!(out, "{head}");
    if rows.is_empty() {
        let _ = writeln!(out, "  {none}");
    }
    let shown = &rows[..rows.len().min(LISTED)];
    let widest = shown.iter().map(|(place, _)| text::width(place)).max();
    for (place, words) in shown {
        let place = text::pad(place, widest.unwrap_or(0).min(48));
        let line = format!("  {place}  {words}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
    if rows.len() > shown.len() {
        let _ = writeln!(out, "  and {} more", rows.len() - shown.len());
    }
}

/// Nothing has that name.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("nothing here knows a variable `{}`", names::shown(name))]
#[diagnostic(help("{help}"))]
struct Unknown {
    name: String,
    help: String,
}

impl Unknown {
    fn new(name: &str, near: Option<&str>) -> Self {
        let help = match near {
            Some(near) => format!("did you mean `{}`?", names::shown(near)),
            None => {
                "neither the schema, nor an env file, nor a tracked source, nor the process has it"
                    .to_owned()
            }
        };
        Self {
            name: name.to_owned(),
            help,
        }
    }
}
