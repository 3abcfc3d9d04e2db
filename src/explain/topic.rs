//! What can be asked for besides codes: guard's own steps and checks, the commands of guard.yaml, the
//! moments and the exit codes.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Answer, WIDTH, examples, fields, list};
use crate::check;
use crate::config::valid::{Command, Run};
use crate::exit::TABLE;
use crate::finding::code::{ALL, Code};
use crate::moment::Moment;
use crate::terminal::escape_line;
use crate::terminal::text::{clip, pad, wrap};

/// What `guard explain` takes, as its list ends with.
pub(super) const ASKED: [(&str, &str); 5] = [
    ("CODE", "why, wrong and right, what to do"),
    ("ID", "a step or a command of guard.yaml, and its codes"),
    ("config KEY", "a setting's value, and where it came from"),
    ("moments", "commit, push and ci: what is judged when"),
    ("exit-codes", "what the exit code says"),
];

/// Who says the codes that all commands may give.
const COMMAND: &str = "command";

/// guard's own steps, and the name under which it speaks for itself.
pub const STEPS: [(&str, &str); 3] = [
    (
        "change",
        "What is to be judged, where that could not be found out. It is unknown then, and never green. \
         It is planned only in that case.",
    ),
    (
        "fix",
        "The repairing forms of commands: each runs on what is staged, in guard's own checkout, and what it \
         made of files in the commit goes to the index and the work tree. It is planned with `--fix`, or where \
         a command has `fix_on_commit: true`.",
    ),
    (
        "gate",
        "guard itself, about the run as a whole. It is no step, and cannot be skipped.",
    ),
];

/// What is known of a name that is no code.
pub(super) fn of(asked: &str) -> Option<Answer> {
    let is_moment = |moment: &Moment| moment.word() == asked || moment.command() == asked;
    if asked == "moments" || Moment::ALL.iter().any(is_moment) {
        return Some(moments());
    }
    if asked == "exit-codes" {
        return Some(exit_codes());
    }
    step(asked)
}

/// Every name that `of` knows.
pub(super) fn names() -> Vec<&'static str> {
    let mut names = vec!["config", "moments", "exit-codes"];
    names.extend(Moment::ALL.iter().flat_map(|it| [it.word(), it.command()]));
    names.extend(STEPS.iter().map(|(id, _)| id));
    names.extend(check::ALL.iter().map(|check| check.id));
    names.extend(ALL.iter().flat_map(|code| examples::of(code).by));
    names.retain(|name| *name != COMMAND);
    names
}

fn given_by(id: &str) -> Vec<&'static Code> {
    let says = |code: &&Code| examples::of(code).by.contains(&id);
    ALL.iter().filter(says).collect()
}

/// One of guard's own.
fn step(id: &str) -> Option<Answer> {
    let own = STEPS.iter().find(|(known, _)| *known == id);
    let check = check::by_id(id).map(|check| check.about);
    let about = own.map(|(_, about)| *about).or(check);
    let codes = given_by(id);
    if id == COMMAND || about.is_none() && codes.is_empty() {
        return None;
    }
    let about = about.unwrap_or("One of guard's own checks.");
    let text = format!(
        "{}\n{}",
        wrap(about, WIDTH, &format!("{id}: "), "  "),
        coded(&codes)
    );
    let data = fields(json!({ "id": id, "about": about, "codes": entries(&codes) }));
    Some(Answer { text, data })
}

/// A command of guard.yaml.
pub(super) fn command(id: &str, command: &Command) -> Answer {
    let mut codes = given_by(COMMAND);
    if command.fix.is_some() {
        codes.extend(given_by("fix"));
    }
    let moments: Vec<&str> = command.at.iter().map(|moment| moment.word()).collect();
    let run = written(&command.run);
    let fix = command.fix.as_ref().map(written);
    let mut text = format!("{id}: a command of guard.yaml\n\n");
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name}{}", clip(&escape_line(value), WIDTH - 8));
    };
    line("run: ", &run);
    if let Some(fix) = &fix {
        line("fix: ", fix);
    }
    line("at:  ", &moments.join(", "));
    text.push_str(&coded(&codes));
    let more = format!("`guard explain config commands.{id}` says where it is written.");
    let _ = writeln!(text, "\n{}", wrap(&more, WIDTH, "", ""));
    let data = fields(json!({
        "id": id,
        "about": "A command of guard.yaml.",
        "run": run,
        "fix": fix,
        "at": moments,
        "codes": entries(&codes),
    }));
    Answer { text, data }
}

/// A command line as it could be typed.
fn written(run: &Run) -> String {
    match run {
        Run::Shell(line) => line.trim().to_owned(),
        Run::Argv(words) => words.join(" "),
    }
}

fn coded(codes: &[&Code]) -> String {
    if codes.is_empty() {
        return "\nIt gives no codes of its own.\n".to_owned();
    }
    let lines: String = codes.iter().map(|code| list::line(code)).collect();
    format!("\nThe codes that it may give:\n{lines}")
}

fn entries(codes: &[&Code]) -> Vec<Value> {
    codes.iter().map(|code| list::entry(code)).collect()
}

/// What is judged at a moment.
fn judged(moment: Moment) -> &'static str {
    match moment {
        Moment::Commit => "what is staged",
        Moment::Push => "what is pushed and the remote does not have",
        Moment::Ci => "what HEAD changes since its base",
    }
}

fn moments() -> Answer {
    let mut text = "The moments at which guard judges:\n\n".to_owned();
    for moment in Moment::ALL {
        let call = format!("guard run {}", moment.command());
        let _ = writeln!(
            text,
            "  {}  {}  {}",
            pad(moment.word(), 6),
            pad(&call, 20),
            judged(moment)
        );
    }
    let more = "`guard install` puts the hooks in that call the first two. \
                `at: [commit, push]` in guard.yaml says when a command runs. \
                `--plan` says what would run, and why.";
    let _ = writeln!(text, "\n{}", wrap(more, WIDTH, "", ""));
    let entry = |moment: Moment| {
        json!({
            "moment": moment,
            "run": format!("guard run {}", moment.command()),
            "judges": judged(moment),
        })
    };
    let all: Vec<Value> = Moment::ALL.into_iter().map(entry).collect();
    Answer {
        text,
        data: fields(json!({ "moments": all })),
    }
}

fn exit_codes() -> Answer {
    let mut text = "The exit codes:\n\n".to_owned();
    for (exit, meaning) in TABLE {
        let _ = writeln!(text, "  {:>3}  {meaning}", exit.code());
    }
    let entry =
        |exit: crate::exit::Exit, meaning| json!({ "exit": exit.code(), "meaning": meaning });
    let all: Vec<Value> = TABLE
        .into_iter()
        .map(|(exit, meaning)| entry(exit, meaning))
        .collect();
    Answer {
        text,
        data: fields(json!({ "exit_codes": all })),
    }
}
