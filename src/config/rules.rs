//! What serde cannot know: which texts mean something, and which settings go together.
//!
//! A rule's message is `what is wrong`, and after a line end, `what to do`.

use std::time::Duration;

use garde::error::Path;
use garde::{Error, Report, Validate};
use ignore::gitignore::GitignoreBuilder;

use super::names;
use super::needs;
use super::placeholder::{self, Fault};
use super::raw::{Context, RawCommands, RawPatterns, RawRun, RawText, RawVariables};
use super::version::Version;
use crate::check;
use crate::environment::GIT_LOCATION;
use crate::moment::Moment;
use crate::path::RepoPath;

/// The longest timeout: far beyond any hook, and far below where clocks overflow.
const LONGEST: Duration = Duration::from_hours(1000);

pub(super) fn wrong(what: impl AsRef<str>, help: impl AsRef<str>) -> Error {
    Error::new(format!("{}\n{}", what.as_ref(), help.as_ref()))
}

pub(super) fn version(text: &str, _: &Context) -> garde::Result {
    match Version::parse(text) {
        Some(_) => Ok(()),
        None => Err(wrong(
            format!("`{}` is no version", shown(text)),
            "write it as `\"0.1\"` or `\"0.1.0\"`",
        )),
    }
}

/// `run` and `fix`, which depend on `files`.
pub(super) fn run(files: Option<&RawPatterns>) -> impl FnOnce(&RawRun, &Context) -> garde::Result {
    let without_files = files.is_some_and(RawPatterns::is_none);
    move |run, _| {
        let takes_files = match run {
            RawRun::Shell(text) => shell(text)?,
            RawRun::Argv(words) => argv(words)?,
        };
        if takes_files && without_files {
            return Err(wrong(
                "`{files}` stands here, but `files: none` says that there are none",
                "take out one of the two",
            ));
        }
        Ok(())
    }
}

fn shell(text: &str) -> Result<bool, Error> {
    if text.trim().is_empty() {
        return Err(wrong("nothing to run", "write the command here"));
    }
    without_nul(text)?;
    placeholder::find(text).map_err(|fault| match fault {
        Fault::Quoted => wrong(
            "`{files}` stands inside quotes",
            "take the quotes away: every file becomes one argument of its own, spaces included",
        ),
        Fault::Escaped => wrong(
            "`{files}` stands behind a backslash",
            "take the backslash away, or pass the text in a script of your own",
        ),
        Fault::Twice => wrong(
            "`{files}` stands twice",
            "name it once: a list that is split would reach only a part of the command whole",
        ),
    })
}

fn argv(words: &[String]) -> Result<bool, Error> {
    let Some(program) = words.first() else {
        return Err(wrong(
            "nothing to run",
            "name the program as the first item",
        ));
    };
    if program.trim().is_empty() {
        return Err(wrong(
            "the first item is empty, and it names the program",
            "name the program there",
        ));
    }
    for word in words {
        without_nul(word)?;
    }
    if program.contains(placeholder::FILES) {
        return Err(wrong(
            "`{files}` stands where the program belongs",
            "name the program as the first item",
        ));
    }
    if let Some(word) = words
        .iter()
        .find(|word| word.contains(placeholder::FILES) && *word != placeholder::FILES)
    {
        return Err(wrong(
            format!("`{{files}}` is a part of the item `{}`", shown(word)),
            "in a list it must be an item of its own: `\"{files}\"`",
        ));
    }
    match words
        .iter()
        .filter(|word| *word == placeholder::FILES)
        .count()
    {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(wrong("`{files}` stands twice", "name it once")),
    }
}

fn without_nul(text: &str) -> garde::Result {
    if text.contains('\0') {
        return Err(wrong(
            "a NUL character stands here, and no program can be given one",
            "take it out",
        ));
    }
    Ok(())
}

/// A fix that is wanted must be there.
pub(super) fn fix_on_commit(has_fix: bool) -> impl FnOnce(&bool, &Context) -> garde::Result {
    move |wanted, _| {
        if *wanted && !has_fix {
            return Err(wrong(
                "there is no `fix` that could run at commit",
                "write the repairing form of the command under `fix`, or take this out",
            ));
        }
        Ok(())
    }
}

#[expect(clippy::ptr_arg, reason = "the signature is garde's")]
pub(super) fn some_moment(at: &Vec<Moment>, _: &Context) -> garde::Result {
    if at.is_empty() {
        return Err(wrong(
            "no moment is named, so it would never run",
            "name some of `commit`, `push`, `ci`, or leave `at` out for all of them",
        ));
    }
    Ok(())
}

/// A gitignore-style pattern.
pub(super) fn pattern(text: &str, _: &Context) -> garde::Result {
    if text.trim().is_empty() {
        return Err(wrong(
            "the pattern is empty",
            "take it out, or write `**` for all",
        ));
    }
    if text.starts_with('#') {
        return Err(wrong(
            format!("`{}` is a comment in gitignore's language", shown(text)),
            format!("write `\\{}` for a name that begins with `#`", shown(text)),
        ));
    }
    without_nul(text)?;
    let bare = text.strip_prefix('!').unwrap_or(text);
    if bare.starts_with("./") || bare.starts_with("../") || bare.contains("/../") {
        return Err(wrong(
            format!("`{}` never matches: paths begin at the root", shown(text)),
            "write it without `./` or `../`: `/src/**` is only the `src` at the root",
        ));
    }
    if has_open_bracket(bare) {
        return Err(wrong(
            format!("`{}` never matches: its `[` is not closed", shown(text)),
            "close it (`[abc]`), or write `\\[` for the character itself",
        ));
    }
    // Only reads the pattern; nothing is compiled here.
    match GitignoreBuilder::new("").add_line(None, text) {
        Ok(_) => Ok(()),
        Err(error) => Err(wrong(
            format!("`{}` is no pattern: {}", shown(text), reason(&error)),
            "patterns are written as in .gitignore: `*.rs`, `src/**`, `**/*.{ts,tsx}`",
        )),
    }
}

/// Whether a `[` is never closed: the library takes such a pattern and matches nothing with it.
fn has_open_bracket(pattern: &str) -> bool {
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '[' => {
                // A `]` right after the opening, or after its negation, is a member.
                let rest = letters.as_str();
                let inside = rest.trim_start_matches(['!', '^']);
                match inside
                    .char_indices()
                    .skip(1)
                    .find(|(_, letter)| *letter == ']')
                {
                    Some((end, _)) => letters = inside[end + 1..].chars(),
                    None => return true,
                }
            }
            _ => {}
        }
    }
    false
}

/// The cause without the pattern, which the message has already.
fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    }
}

pub(super) fn root(text: &str, _: &Context) -> garde::Result {
    folder(text).map(|_| ()).map_err(|what| {
        wrong(
            format!("`{}` {what}", shown(text)),
            "name a folder of this repository, seen from its root: `apps/web`",
        )
    })
}

/// A folder below the repository's root, or why it is none.
pub(super) fn folder(text: &str) -> Result<RepoPath, &'static str> {
    if text.is_empty() {
        return Err("is empty");
    }
    if text.starts_with('/') {
        return Err("is an absolute path");
    }
    if text.contains('\0') {
        return Err("contains a NUL character");
    }
    let mut path = RepoPath::root();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => return Err("leads upwards"),
            // Some file systems take all of these for the folder in which git keeps itself.
            name if names::spells_git(name) => return Err("leads into git's own folder"),
            name => path = path.join(name.as_bytes()),
        }
    }
    Ok(path)
}

pub(super) fn variable(name: &str, _: &Context) -> garde::Result {
    if !names::is_variable(name) {
        return Err(wrong(
            format!("`{}` is no name of a variable", shown(name)),
            "letters, digits and `_`, with no digit first",
        ));
    }
    if GIT_LOCATION.contains(&name) {
        return Err(wrong(
            format!("`{name}` tells git where the repository is, and no command is given it"),
            "take it out: the command runs in the right folder",
        ));
    }
    Ok(())
}

pub(super) fn timeout(text: &str, _: &Context) -> garde::Result {
    match super::duration::parse(text) {
        Some(Duration::ZERO) => Err(wrong(
            format!("a timeout of `{}` leaves no time at all", shown(text)),
            "write a positive time such as `60s`, or leave it out for none",
        )),
        Some(time) if time > LONGEST => Err(wrong(
            format!("`{}` is longer than 1000 hours", shown(text)),
            "write a shorter time, or leave it out for none",
        )),
        Some(_) => Ok(()),
        None => Err(wrong(
            format!("`{}` is no time", shown(text)),
            "write it as `500ms`, `60s`, `5m` or `1h30m`",
        )),
    }
}

impl Validate for RawPatterns {
    type Context = Context;

    fn validate_into(
        &self,
        context: &Context,
        parent: &mut dyn FnMut() -> Path,
        report: &mut Report,
    ) {
        if self.items().is_empty() {
            report.append(
                parent(),
                wrong(
                    "the list of patterns is empty",
                    "leave it out, or name some patterns; `files: none` is for a command that wants no files",
                ),
            );
        }
        for (index, item) in self.items().iter().enumerate() {
            if let Err(error) = pattern(item, context) {
                let path = match self {
                    Self::One(_) => parent(),
                    Self::Many(_) => parent().join(index),
                };
                report.append(path, error);
            }
        }
    }
}

impl Validate for RawVariables {
    type Context = Context;

    fn validate_into(
        &self,
        context: &Context,
        parent: &mut dyn FnMut() -> Path,
        report: &mut Report,
    ) {
        for (name, value) in &self.0 {
            let value_is_sound = match value {
                RawText::Text(text) => without_nul(text),
                RawText::Number(_) | RawText::Boolean(_) => Ok(()),
            };
            for error in [variable(name, context), value_is_sound]
                .into_iter()
                .filter_map(Result::err)
            {
                report.append(parent().join(name.as_str()), error);
            }
        }
    }
}

impl Validate for RawCommands {
    type Context = Context;

    fn validate_into(
        &self,
        context: &Context,
        parent: &mut dyn FnMut() -> Path,
        report: &mut Report,
    ) {
        for (name, command) in &self.0 {
            if let Err(error) = step_id(name, context) {
                report.append(parent().join(name.as_str()), error);
            }
            command.validate_into(context, &mut || parent().join(name.as_str()), report);
        }
        for (name, place, fault) in needs::judge(self, context) {
            let path = parent().join(name).join("needs");
            let path = match place {
                Some(index) => path.join(index),
                None => path,
            };
            report.append(path, fault);
        }
    }
}

/// The name of a command, which is the id of its step.
fn step_id(name: &str, context: &Context) -> garde::Result {
    if !names::is_step(name) {
        return Err(wrong(
            format!("`{}` is no name for a command", shown(name)),
            "letters, digits and `_`, `.`, `:`, `-`: it is the id that `--only` and `--skip` take",
        ));
    }
    if context.reserved.contains(name) {
        let whose = match check::by_id(name) {
            Some(_) => "a built-in check",
            None => "a step of guard's own",
        };
        return Err(wrong(
            format!("`{name}` is the id of {whose}"),
            format!("call the command something else, such as `{name}-team`"),
        ));
    }
    Ok(())
}

/// A user's text inside a message: no control characters, and not without end.
pub(super) fn shown(text: &str) -> String {
    names::shown(text)
}

/// A need that cannot be met, said about the item of the list that names it.
pub(super) fn need(what: impl AsRef<str>, help: impl AsRef<str>) -> Error {
    wrong(what, help)
}
