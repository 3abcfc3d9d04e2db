//! The values that depend on where one is: the repository's refs, the configuration's names.

use std::path::{Path, PathBuf};

use clap::CommandFactory;

use super::super::arguments::Cli;
use super::super::context::Context;
use super::Candidate;
use crate::change;
use crate::check::{self, Check};
use crate::config::Loaded;
use crate::environment::Environment;
use crate::finding::code;
use crate::gate;
use crate::repository::Repository;

/// Looks values up. What cannot be read gives none.
pub(super) struct Live<'a> {
    context: &'a Context,
    environment: Environment,
    config: Option<PathBuf>,
}

impl<'a> Live<'a> {
    /// `directory` and `config` are what the line that is being typed names.
    pub(super) fn new(
        context: &'a Context,
        directory: Option<&Path>,
        config: Option<&Path>,
    ) -> Self {
        let mut environment = context.environment.clone();
        if let Some(directory) = directory {
            environment.directory = environment.directory.join(directory);
        }
        let config = config.map(|file| environment.directory.join(file));
        Self {
            context,
            environment,
            config,
        }
    }

    fn repository(&self) -> Option<Repository> {
        Repository::discover(&self.environment).ok()
    }

    fn loaded(&self) -> Option<Loaded> {
        let config = self.config.as_deref();
        let repository = self.repository()?;
        self.context.look(&repository, &self.environment, config)
    }

    /// What `--only` and `--skip` of a command take.
    pub(super) fn ids(&self, of: &str) -> Vec<Candidate> {
        let Some(loaded) = self.loaded() else {
            return Vec::new();
        };
        let commands = loaded.config.commands.iter();
        // Only what repairs can be left out of a repair.
        let fitting = commands.filter(|(_, command)| of != "fix" || command.fix.is_some());
        let mut ids: Vec<Candidate> = fitting
            .map(|(id, _)| Candidate::new(id, "a command of guard.yaml"))
            .collect();
        let repairs = |check: &&&Check| ["env", "format", "gitignore", "lint"].contains(&check.id);
        let checks = check::ALL
            .iter()
            .filter(|check| of != "fix" || repairs(check));
        ids.extend(checks.map(|check| Candidate::new(check.id, check.title)));
        if of == "run" {
            ids.push(Candidate::new(gate::FIX, "the repair before a commit"));
        }
        ids
    }

    /// Names of commits.
    pub(super) fn revisions(&self) -> Vec<Candidate> {
        let repository = self.repository();
        let names = repository.and_then(|repository| change::names(&repository).ok());
        let head = Candidate::new("HEAD", "what is checked out");
        let names = names.unwrap_or_default().into_iter();
        std::iter::once(head)
            .chain(names.map(|(name, kind)| Candidate::new(name, kind)))
            .collect()
    }

    /// Settings of the configuration, as dotted paths.
    pub(super) fn settings(&self) -> Vec<Candidate> {
        let loaded = self.loaded();
        let keys = loaded.map(|loaded| loaded.keys()).unwrap_or_default();
        keys.into_iter()
            .map(|key| Candidate::new(key, ""))
            .collect()
    }

    /// Finding codes.
    pub(super) fn codes() -> Vec<Candidate> {
        let all = code::ALL.iter();
        all.map(|code| Candidate::new(code.id, code.title))
            .collect()
    }

    /// What can be explained.
    pub(super) fn topics() -> Vec<Candidate> {
        let all = code::Code::every();
        let mut topics: Vec<Candidate> = all
            .map(|code| Candidate::new(code.id, code.title))
            .collect();
        topics.push(Candidate::new("config", "a setting and where it came from"));
        topics.push(Candidate::new("exit-codes", "what the exit code says"));
        topics.push(Candidate::new("moments", "commit, push and ci"));
        let checks = check::ALL.iter();
        topics.extend(checks.map(|check| Candidate::new(check.id, check.title)));
        topics
    }

    /// The commands that have a page, below those that are named already.
    pub(super) fn pages(given: &[String]) -> Vec<Candidate> {
        let mut command = Cli::command();
        for name in given {
            match command.find_subcommand(name) {
                Some(inner) => command = inner.clone(),
                None => return Vec::new(),
            }
        }
        let visible = command.get_subcommands().filter(|one| !one.is_hide_set());
        visible
            .map(|inner| {
                let about = inner.get_about().map(ToString::to_string);
                Candidate::new(inner.get_name(), about.unwrap_or_default())
            })
            .collect()
    }
}
