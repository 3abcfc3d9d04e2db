//! What every command stands on: the environment, the terminal, the flags, and the way to fail.

use std::path::Path;

use miette::Diagnostic;
use serde_json::{Map, Value};

use crate::config::{self, ConfigError, Loaded};
use crate::environment::Environment;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::gate;
use crate::path::RepoPath;
use crate::report::human::Shown;
use crate::report::{FORMATS, Format, Manner, Report, Verbosity};
use crate::repository::Repository;
use crate::secret::Redactor;
use crate::terminal::{Color, Output, Terminal};

use super::arguments::{Global, When};
use super::diagnostic;
use super::reporter::Reporter;

/// What every command stands on.
pub(crate) struct Context {
    /// The process's environment, as called in the directory that `-C` names.
    pub(crate) environment: Environment,
    /// Both streams.
    pub(crate) terminal: Terminal,
    /// `--format`.
    pub(crate) format: &'static dyn Format,
    /// Whether annotations go beside the text for people: in GitHub Actions, where nobody chose a format.
    pub(crate) annotates: bool,
    /// `-q` and `-v`.
    pub(crate) verbosity: Verbosity,
    /// Whether questions may be asked at all.
    pub(crate) may_ask: bool,
    config: Option<std::path::PathBuf>,
}

/// The environment once the user's own files were read.
pub(crate) struct Settings {
    /// What guard itself reads: the process's variables and those of the user's files.
    pub(crate) read: Environment,
    /// Hides every secret that guard read.
    pub(crate) redactor: Redactor,
    /// What is odd about those files.
    pub(crate) warnings: Vec<String>,
}

impl Context {
    /// From flags to what they mean; says what is wrong with them.
    pub(crate) fn new(global: &Global, mut environment: Environment) -> Result<Self, Exit> {
        let color = match global.color {
            When::Auto => Color::Auto,
            When::Always => Color::Always,
            When::Never => Color::Never,
        };
        let plain = |environment: &Environment| Terminal::new(environment, color, None);
        if let Some(directory) = &global.directory {
            let directory = environment.directory.join(directory);
            // Resolved now: `..` means the folder above, not the text before the last slash.
            let directory = directory.canonicalize().unwrap_or(directory);
            if !directory.is_dir() {
                let shown = directory.display().to_string();
                plain(&environment).err(&format!(
                    "error: there is no folder `{}` to be called in\n\
                     help: `-C` names the folder in which guard is to work\n",
                    crate::terminal::escape_line(&shown)
                ));
                return Err(Exit::Usage);
            }
            environment.directory = directory;
        }
        let format = global.format.unwrap_or(FORMATS[0]);
        let output = match &global.output {
            None => None,
            Some(path) => match Output::new(&environment.directory.join(path), format.arrival()) {
                Ok(output) => Some(output),
                Err(error) => {
                    let terminal = plain(&environment);
                    terminal.err(&diagnostic::render(&error, &terminal));
                    return Err(error.exit());
                }
            },
        };
        let verbosity = match (global.quiet, global.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        let named = environment
            .os("GUARD_CONFIG")
            .filter(|name| !name.is_empty());
        let config = global.config.clone().or_else(|| named.map(Into::into));
        let terminal = Terminal::new(&environment, color, output);
        terminal.hide(environment.redactor());
        Ok(Self {
            terminal,
            format,
            annotates: global.format.is_none()
                && environment.text("GITHUB_ACTIONS") == Some("true"),
            verbosity,
            may_ask: !global.no_input,
            config: config.map(|path| environment.directory.join(path)),
            environment,
        })
    }

    /// Prints data. What could not be printed is no success.
    pub(crate) fn say(&self, data: &str) -> Exit {
        self.terminal.out(data);
        match self.terminal.finish() {
            Ok(()) => Exit::Good,
            Err(error) => self.fail(&error, error.exit()),
        }
    }

    /// Says what went wrong and hands the exit on.
    pub(crate) fn fail(&self, error: &dyn Diagnostic, exit: Exit) -> Exit {
        self.terminal
            .err(&diagnostic::render(error, &self.terminal));
        exit
    }

    /// Reads the user's own variables beside those of the process.
    pub(crate) fn settings(&self, repository: &Repository) -> Result<Settings, Exit> {
        let settings = self.try_settings(Some(repository));
        settings.map_err(|error| self.fail(&error, Exit::Usage))
    }

    /// The same for who tells by himself what is wrong; without a repository the user's own file counts.
    pub(crate) fn try_settings(
        &self,
        repository: Option<&Repository>,
    ) -> Result<Settings, ConfigError> {
        let mut read = self.environment.clone();
        let warnings = match repository {
            Some(repository) => {
                // A file whose state cannot be found out counts as tracked: better refused than trusted.
                let is_tracked = |path: &RepoPath| repository.is_tracked(path).unwrap_or(true);
                config::user_environment(&mut read, root(repository), &is_tracked)?
            }
            None => config::own_environment(&mut read)?,
        };
        let redactor = read.redactor();
        self.terminal.hide(redactor.clone());
        Ok(Settings {
            read,
            redactor,
            warnings,
        })
    }

    /// Loads the configuration, and says what is wrong with it.
    pub(crate) fn load(
        &self,
        repository: &Repository,
        environment: &Environment,
    ) -> Result<Loaded, Exit> {
        let loaded = self.try_load(repository, environment);
        loaded.map_err(|error| match error.problems() {
            // One mistake speaks for itself.
            [one] => self.fail(one, Exit::Usage),
            _ => self.fail(&error, Exit::Usage),
        })
    }

    /// The same for who tells by himself what is wrong.
    pub(crate) fn try_load(
        &self,
        repository: &Repository,
        environment: &Environment,
    ) -> Result<Loaded, ConfigError> {
        config::load(&config::Request {
            root: root(repository),
            explicit: self.config.as_deref(),
            environment,
            reserved: &[gate::CHANGE, gate::FIX],
        })
    }

    /// The configuration, where it can be read without a word; `explicit` goes before `--config`.
    pub(crate) fn look(
        &self,
        repository: &Repository,
        environment: &Environment,
        explicit: Option<&Path>,
    ) -> Option<Loaded> {
        let request = config::Request {
            root: root(repository),
            explicit: explicit.or(self.config.as_deref()),
            environment,
            reserved: &[gate::CHANGE, gate::FIX],
        };
        config::load(&request).ok()
    }

    /// Someone who tells a run in the format that was asked for.
    pub(crate) fn reporter(&self, plan_only: bool) -> Reporter<'_> {
        Reporter::new(self, plan_only)
    }

    /// How people want to be told.
    pub(crate) fn manner(&self) -> Manner {
        Manner {
            style: self.terminal.looks().out,
            verbosity: self.verbosity,
        }
    }

    /// Whether people read what is printed.
    pub(crate) fn is_for_people(&self) -> bool {
        self.format.shown() == Shown::Text
    }

    /// Prints what a command without events came to: `text` for people, `data` in every other format.
    pub(crate) fn answer(&self, command: &str, data: Map<String, Value>, text: &str) -> Exit {
        if self.is_for_people() {
            return self.say(text);
        }
        let mut report = Report::of_data(command, data);
        report.notes.push((Severity::Info, text.to_owned()));
        self.say(&self.format.answer(&report, self.manner()))
    }
}

/// Where configuration lies: the work tree, or the git folder of a repository without one.
fn root(repository: &Repository) -> &Path {
    repository.work_tree().unwrap_or(repository.git_dir())
}
