//! `guard complete`: what could come next on a command line, for the scripts that shells load.
//!
//! One candidate a line, a tab, and what it is. A first line `:files` or `:folders` hands over to the
//! shell's own completion of paths. Nothing is ever said on standard error, and nothing of the repository runs.

mod live;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Arg, Command, CommandFactory, ValueHint};

use super::arguments::Cli;
use super::context::Context;
use crate::exit::Exit;
use live::Live;

/// Nobody reads on.
const MOST: usize = 500;

/// Prints what could come next.
pub(crate) fn run(context: &Context, words: Vec<OsString>, fresh: bool) -> Exit {
    let lossy = |word: OsString| word.to_string_lossy().into_owned();
    let mut words: Vec<String> = words.into_iter().map(lossy).collect();
    if fresh || words.is_empty() {
        words.push(String::new());
    }
    let mut command = Cli::command();
    command.build();
    let line = Line::of(&command, &words);
    let lookup = Live::new(context, line.directory.as_deref(), line.config.as_deref());
    context.terminal.out(&line.answer(&lookup).text());
    // Whoever completes has no use for an error.
    let _ = context.terminal.finish();
    Exit::Good
}

/// What could come next.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// One of these.
    Values(Vec<Candidate>),
    /// The name of a file.
    Files,
    /// The name of a folder.
    Folders,
}

/// A word that could come next, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    word: String,
    about: String,
}

impl Candidate {
    fn new(word: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            word: word.into(),
            about: about.into(),
        }
    }

    /// Whether a shell takes it as it is. Names come from the repository: one that would mean something to
    /// a shell is not offered.
    fn is_harmless(&self) -> bool {
        let is_plain = |c: char| c.is_alphanumeric() || "-_./:@+=,%".contains(c);
        !self.word.is_empty() && self.word.chars().all(is_plain)
    }
}

impl Answer {
    fn text(&self) -> String {
        match self {
            Self::Files => ":files\n".to_owned(),
            Self::Folders => ":folders\n".to_owned(),
            Self::Values(all) => {
                let mut text = String::new();
                for one in all.iter().filter(|one| one.is_harmless()).take(MOST) {
                    let about = one.about.lines().next().unwrap_or_default();
                    let _ = writeln!(text, "{}\t{about}", one.word);
                }
                text
            }
        }
    }
}

/// A command line up to the word that is being typed.
struct Line<'c> {
    /// The command that the words lead to.
    command: &'c Command,
    /// The words that are its own.
    given: Vec<String>,
    /// The flag whose value is being typed.
    open: Option<&'c Arg>,
    /// Whether `--` has come.
    is_bare: bool,
    /// What is typed so far.
    typed: String,
    /// What `-C` and `--config` name.
    directory: Option<PathBuf>,
    config: Option<PathBuf>,
}

impl<'c> Line<'c> {
    fn of(command: &'c Command, words: &[String]) -> Self {
        let mut line = Self {
            command,
            given: Vec::new(),
            open: None,
            is_bare: false,
            typed: words.last().cloned().unwrap_or_default(),
            directory: None,
            config: None,
        };
        for word in &words[..words.len().saturating_sub(1)] {
            line.take(word);
        }
        line
    }

    fn take(&mut self, word: &str) {
        if let Some(flag) = self.open.take() {
            self.note(flag, word);
        } else if self.is_bare {
            self.given.push(word.to_owned());
        } else if word == "--" {
            self.is_bare = true;
        } else if let Some(long) = word.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            match (self.long(name), value) {
                (Some(flag), Some(value)) => self.note(flag, value),
                (Some(flag), None) if takes_value(flag) => self.open = Some(flag),
                _ => {}
            }
        } else if let Some(shorts) = word.strip_prefix('-').filter(|rest| !rest.is_empty()) {
            self.shorts(shorts);
        } else if let Some(inner) = self.inner(word) {
            self.command = inner;
            self.given.clear();
        } else {
            self.given.push(word.to_owned());
        }
    }

    /// Letters behind one dash: the first that takes a value takes the rest.
    fn shorts(&mut self, shorts: &str) {
        for (at, letter) in shorts.char_indices() {
            let mut all = self.command.get_arguments();
            let flag = all.find(|flag| flag.get_short() == Some(letter));
            let Some(flag) = flag.filter(|flag| takes_value(flag)) else {
                continue;
            };
            match &shorts[at + letter.len_utf8()..] {
                "" => self.open = Some(flag),
                value => self.note(flag, value),
            }
            return;
        }
    }

    fn note(&mut self, flag: &Arg, value: &str) {
        match flag.get_id().as_str() {
            "directory" => self.directory = Some(value.into()),
            "config" => self.config = Some(value.into()),
            _ => {}
        }
    }

    fn long(&self, name: &str) -> Option<&'c Arg> {
        self.command.get_arguments().find(|flag| {
            let aliases = flag.get_visible_aliases().unwrap_or_default();
            flag.get_long() == Some(name) || aliases.contains(&name)
        })
    }

    /// The command's own command of that name, where one may stand here.
    fn inner(&self, word: &str) -> Option<&'c Command> {
        let here = self.given.is_empty().then_some(self.command)?;
        here.get_subcommands()
            .find(|inner| inner.get_name() == word)
    }

    fn answer(&self, live: &Live<'_>) -> Answer {
        if let Some(flag) = self.open {
            return self.values(flag, "", &self.typed, live);
        }
        if self.is_bare {
            return Answer::Values(Vec::new());
        }
        if let Some((name, value)) = self.typed.split_once('=')
            && let Some(flag) = name.strip_prefix("--").and_then(|name| self.long(name))
        {
            return self.values(flag, &format!("{name}="), value, live);
        }
        if self.typed.starts_with('-') {
            return Answer::Values(self.flags());
        }
        let mut all = self.commands();
        if let Some(positional) = self.positional() {
            match self.values(positional, "", &self.typed, live) {
                Answer::Values(values) => all.extend(values),
                paths => return paths,
            }
        }
        if all.is_empty() && self.typed.is_empty() {
            all = self.flags();
        }
        Answer::Values(all)
    }

    fn commands(&self) -> Vec<Candidate> {
        if !self.given.is_empty() {
            return Vec::new();
        }
        let visible = self.command.get_subcommands();
        let visible = visible.filter(|inner| !inner.is_hide_set() && inner.get_name() != "help");
        visible
            .filter(|inner| inner.get_name().starts_with(&self.typed))
            .map(|inner| {
                let about = inner.get_about().map(ToString::to_string);
                Candidate::new(inner.get_name(), about.unwrap_or_default())
            })
            .collect()
    }

    fn flags(&self) -> Vec<Candidate> {
        let all = self.command.get_arguments();
        let shown = all.filter(|flag| !flag.is_hide_set() && !flag.is_positional());
        let mut flags = Vec::new();
        for flag in shown {
            let about = flag.get_help().map(ToString::to_string).unwrap_or_default();
            let longs = flag.get_long_and_visible_aliases().unwrap_or_default();
            let mut names: Vec<String> = longs.iter().map(|long| format!("--{long}")).collect();
            if names.is_empty() {
                names.extend(flag.get_short().map(|short| format!("-{short}")));
            }
            let fitting = names
                .into_iter()
                .filter(|name| name.starts_with(&self.typed));
            flags.extend(fitting.map(|name| Candidate::new(name, about.as_str())));
        }
        flags
    }

    fn positional(&self) -> Option<&'c Arg> {
        let all = self.command.get_positionals();
        let all: Vec<&Arg> = all.filter(|one| !one.is_last_set()).collect();
        let is_many = |one: &Arg| one.get_num_args().is_some_and(|many| many.max_values() > 1);
        let many = all.last().copied().filter(|last| is_many(last));
        all.get(self.given.len()).copied().or(many)
    }

    /// What a flag or a positional takes, each behind `before`.
    fn values(&self, of: &Arg, before: &str, typed: &str, live: &Live<'_>) -> Answer {
        let known = of.get_possible_values();
        let id = of.get_id().as_str();
        let name = self.command.get_name();
        let all: Vec<Candidate> = if !known.is_empty() && takes_value(of) {
            let shown = known.iter().filter(|value| !value.is_hide_set());
            shown
                .map(|value| {
                    let about = value.get_help().map(ToString::to_string);
                    Candidate::new(value.get_name(), about.unwrap_or_default())
                })
                .collect()
        } else {
            match (name, id) {
                (_, "only" | "skip") => return self.list(before, typed, live),
                (_, "from" | "to") => live.revisions(),
                ("fix", "codes") => Live::codes(),
                ("explain", "topic") => Live::topics(),
                ("explain", "key") if self.given == ["config"] => live.settings(),
                ("man", _) => Live::pages(&self.given),
                _ => match of.get_value_hint() {
                    ValueHint::DirPath => return Answer::Folders,
                    ValueHint::AnyPath | ValueHint::FilePath => return Answer::Files,
                    _ => Vec::new(),
                },
            }
        };
        let typed = typed.to_lowercase();
        let fitting = all
            .into_iter()
            .filter(|one| one.word.to_lowercase().starts_with(&typed));
        Answer::Values(
            fitting
                .map(|one| Candidate::new(format!("{before}{}", one.word), one.about))
                .collect(),
        )
    }

    /// Ids, separated by commas: what stands there already stays.
    fn list(&self, before: &str, typed: &str, live: &Live<'_>) -> Answer {
        let (kept, last) = typed
            .rfind(',')
            .map_or(("", typed), |comma| typed.split_at(comma + 1));
        let named: Vec<&str> = kept.split(',').collect();
        let ids = live.ids(self.command.get_name()).into_iter();
        let fitting = ids.filter(|id| id.word.starts_with(last) && !named.contains(&&*id.word));
        Answer::Values(
            fitting
                .map(|id| Candidate::new(format!("{before}{kept}{}", id.word), id.about))
                .collect(),
        )
    }
}

fn takes_value(flag: &Arg) -> bool {
    flag.get_action().takes_values()
}
