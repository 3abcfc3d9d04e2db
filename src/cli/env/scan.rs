//! `guard env scan`: which variables the sources use, for people as a table and for programs as data.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Map, Value, json};

use super::ground::Ground;
use super::help;
use crate::cli::context::Context;
use crate::clock::Clock;
use crate::env::{Line, Summary};
use crate::event::Listener;
use crate::exit::Exit;
use crate::gate::{self, Sources};
use crate::process::signal::Cancel;
use crate::schema;
use crate::terminal::{escape_line, text};

/// Wider names are not waited for.
const WIDEST: usize = 40;

/// So many lines a list has.
const MOST: usize = 10;

/// Arguments of `guard env scan`.
#[derive(Args, Debug)]
#[command(before_help = help::SCAN, after_help = help::SCAN_EXITS)]
pub(crate) struct Arguments {}

/// `guard env scan`.
pub(crate) fn run(context: &Context, _: &Arguments) -> Exit {
    let ground = match Ground::of(context) {
        Ok(ground) => ground,
        Err(exit) => return exit,
    };
    let clock = Clock::Real;
    let sources = Sources {
        repository: ground.repository.as_ref(),
        root: ground.root(context),
        settings: &ground.settings,
        clock: &clock,
        cancel: Cancel::new(),
        notes: ground.notes.clone(),
    };
    let mut reporter = context.reporter(false);
    let ended = {
        let mut listeners: Vec<&mut dyn Listener> = reporter.listeners();
        gate::env_scan(sources, &mut listeners)
    };
    match ended {
        Ok((exit, summary)) => {
            if context.is_for_people() {
                context.terminal.out(&table(&summary));
            } else {
                reporter.add(data(&summary));
            }
            reporter.finish(exit)
        }
        Err(error) => context.fail(&error, error.exit()),
    }
}

fn data(summary: &Summary) -> Map<String, Value> {
    let place = |(path, line): &Line| format!("{path}:{line}");
    let places = |lines: &[Line]| lines.iter().map(place).collect::<Vec<String>>();
    let used = summary.used.iter();
    let used: Map<String, Value> = used
        .map(|(name, lines)| (name.clone(), json!(places(lines))))
        .collect();
    let undeclared = summary.undeclared.iter().map(|(name, _)| name);
    let unread = summary.unread.iter().map(|(path, _)| path.to_string());
    let mut data = Map::new();
    data.insert("used".to_owned(), Value::Object(used));
    data.insert("undeclared".to_owned(), undeclared.cloned().collect());
    data.insert("unused".to_owned(), json!(summary.unused));
    data.insert("client".to_owned(), json!(summary.client));
    data.insert("dynamic".to_owned(), json!(places(&summary.dynamic)));
    data.insert("unread".to_owned(), unread.collect());
    data
}

/// All variables with the first place of each, and what is odd about some.
fn table(summary: &Summary) -> String {
    let variables = counted(summary.used.len(), "variable");
    let sources = counted(summary.sources, "source");
    let mut told = format!("{variables} in {sources}\n");
    let names = summary.used.keys();
    let widest = names.map(|name| text::width(&escape_line(name))).max();
    let widest = widest.unwrap_or_default().min(WIDEST);
    let most = summary.used.values().map(Vec::len).max();
    let digits = most.unwrap_or_default().to_string().len();
    for (name, lines) in &summary.used {
        let name = text::pad(&escape_line(name), widest);
        let count = lines.len();
        let first = lines.first().map(shown).unwrap_or_default();
        let _ = writeln!(told, "  {name}  {count:>digits$}  {first}");
    }
    if summary.has_schema {
        let undeclared = summary.undeclared.iter().map(|(name, near)| match near {
            Some(near) => format!("{} (did you mean `{near}`?)", escape_line(name)),
            None => escape_line(name).into_owned(),
        });
        list(&mut told, "not in the schema", undeclared);
        let unsure = if summary.sees_all {
            ""
        } else {
            ", as far as can be seen"
        };
        let head = format!("in the schema, and named by no source{unsure}");
        let unused = summary.unused.iter();
        list(
            &mut told,
            &head,
            unused.map(|name| escape_line(name).into_owned()),
        );
    } else {
        let _ = writeln!(
            told,
            "\nthere is no `{}` to hold them against",
            schema::PATH
        );
    }
    list(
        &mut told,
        "read by names that only the running program knows",
        summary.dynamic.iter().map(shown),
    );
    let unread = summary.unread.iter();
    let unread = unread.map(|(path, what)| format!("{}: {what}", escape_line(&path.to_text())));
    list(&mut told, "not read as a whole", unread);
    told.push('\n');
    told
}

/// A head and what belongs to it, a line each; nothing where there is nothing.
fn list(told: &mut String, head: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(told, "\n{head}:");
    for line in lines.iter().take(MOST) {
        let _ = writeln!(told, "  {line}");
    }
    let more = lines.len().saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(told, "  and {more} more: `--format json` has all");
    }
}

fn shown((path, line): &Line) -> String {
    format!("{}:{line}", escape_line(&path.to_text()))
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}
