//! What every command stands on: the environment, the terminal, the flags, and the way to fail.

use std::path::Path;

use miette::Diagnostic;

use crate::config::{self, Loaded};
use crate::environment::Environment;
use crate::exit::Exit;
use crate::gate;
use crate::path::RepoPath;
use crate::report::Verbosity;
use crate::repository::Repository;
use crate::secret::Redactor;
use crate::terminal::{Arrival, Color, Output, Terminal};

use super::arguments::{Format, Global, When};
use super::diagnostic;
use super::reporter::Reporter;

/// What every command stands on.
pub(crate) struct Context {
    /// The process's environment, as called in the directory that `-C` names.
    pub(crate) environment: Environment,
    /// Both streams.
    pub(crate) terminal: Terminal,
    /// `--format`.
    pub(crate) format: Format,
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
        let output = match &global.output {
            None => None,
            Some(path) => {
                let arrival = match global.format {
                    Format::Ndjson => Arrival::Streamed,
                    Format::Human | Format::Json => Arrival::Whole,
                };
                match Output::new(&environment.directory.join(path), arrival) {
                    Ok(output) => Some(output),
                    Err(error) => {
                        let terminal = plain(&environment);
                        terminal.err(&diagnostic::render(&error, &terminal));
                        return Err(error.exit());
                    }
                }
            }
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
            format: global.format,
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
        let mut read = self.environment.clone();
        let root = root(repository);
        // A file whose state cannot be found out counts as tracked: better refused than trusted.
        let is_tracked = |path: &RepoPath| repository.is_tracked(path).unwrap_or(true);
        match config::user_environment(&mut read, root, &is_tracked) {
            Ok(warnings) => {
                let redactor = read.redactor();
                self.terminal.hide(redactor.clone());
                Ok(Settings {
                    read,
                    redactor,
                    warnings,
                })
            }
            Err(error) => Err(self.fail(&error, Exit::Usage)),
        }
    }

    /// Loads the configuration.
    pub(crate) fn load(
        &self,
        repository: &Repository,
        environment: &Environment,
    ) -> Result<Loaded, Exit> {
        let request = config::Request {
            root: root(repository),
            explicit: self.config.as_deref(),
            environment,
            reserved: &[gate::CHANGE, gate::FIX],
        };
        config::load(&request).map_err(|error| match error.problems() {
            // One mistake speaks for itself.
            [one] => self.fail(one, Exit::Usage),
            _ => self.fail(&error, Exit::Usage),
        })
    }

    /// Someone who tells a run in the format that was asked for.
    pub(crate) fn reporter(&self, plan_only: bool) -> Reporter {
        Reporter::new(&self.terminal, self.format, self.verbosity, plan_only)
    }
}

/// Where configuration lies: the work tree, or the git folder of a repository without one.
fn root(repository: &Repository) -> &Path {
    repository.work_tree().unwrap_or(repository.git_dir())
}
