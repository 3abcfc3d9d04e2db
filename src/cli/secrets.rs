//! `guard secrets`: from what was typed to what is searched.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use clap::Args;

use crate::check;
use crate::clock::Clock;
use crate::config::valid::CheckSettings;
use crate::event::Listener;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::gate::{self, Baseline, Cache, Searched, Wanted};
use crate::process::signal::Cancel;
use crate::repository::Repository;

use super::context::Context;
use super::help;

/// Arguments of `guard secrets`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that people type"
)]
#[derive(Args, Debug)]
#[command(before_help = help::SECRETS, after_help = help::SECRETS_EXITS)]
pub(crate) struct Arguments {
    /// Files and folders on the disk, as they are now (default: all tracked files, as they are staged)
    #[arg(value_name = "PATHS", conflicts_with_all = ["staged", "from", "history"])]
    paths: Vec<PathBuf>,
    /// What is staged
    #[arg(long, conflicts_with_all = ["from", "history"])]
    staged: bool,
    /// Every commit since this one
    #[arg(long, value_name = "A", conflicts_with = "history")]
    from: Option<String>,
    /// Up to this commit (default: HEAD)
    #[arg(long, value_name = "B", requires = "from")]
    to: Option<String>,
    /// Every commit of every ref
    #[arg(long)]
    history: bool,
    /// The file of known findings (default: guard-baseline.json at the root, where there is one)
    #[arg(long, value_name = "F")]
    baseline: Option<PathBuf>,
    /// Write all that is found into the baseline: from then on it is known
    #[arg(long)]
    update_baseline: bool,
    /// Search again what was searched before
    #[arg(long)]
    no_cache: bool,
}

/// `guard secrets [PATHS…]`.
pub(crate) fn run(context: &Context, arguments: &Arguments) -> Exit {
    let paths: Vec<PathBuf> = arguments
        .paths
        .iter()
        .map(|path| context.environment.directory.join(path))
        .collect();
    if let Some(missing) = paths
        .iter()
        .position(|path| path.symlink_metadata().is_err())
    {
        let error = NoPath(arguments.paths[missing].display().to_string());
        return context.fail(&error, Exit::Usage);
    }
    let repository = match Repository::discover(&context.environment) {
        Ok(repository) => Some(Arc::new(repository)),
        // Paths may lie anywhere.
        Err(error) if !paths.is_empty() && error.exit() == Exit::Usage => None,
        Err(error) => return context.fail(&error, error.exit()),
    };
    let check = check::by_id("secrets").expect("it is in the list of checks");
    let mut settings = CheckSettings::of(check);
    let mut notes = Vec::new();
    if let Some(repository) = &repository {
        let read = match context.settings(repository) {
            Ok(read) => read,
            Err(exit) => return exit,
        };
        let loaded = match context.load(repository, &read.read) {
            Ok(loaded) => loaded,
            Err(exit) => return exit,
        };
        let warnings = loaded.warnings.iter().chain(&read.warnings);
        notes.extend(warnings.map(|warning| (Severity::Warning, warning.clone())));
        if let Some(configured) = loaded.config.checks.get("secrets") {
            settings = configured.clone();
        }
    }
    let directory = &context.environment.directory;
    let work_tree = repository.as_deref().and_then(Repository::work_tree);
    let root = work_tree.unwrap_or(directory).to_owned();
    let wanted = match &arguments.from {
        _ if !paths.is_empty() => Wanted::Paths { root, paths },
        _ if arguments.history => Wanted::History,
        _ if arguments.staged => Wanted::Staged,
        None => Wanted::Tracked,
        Some(from) => Wanted::Range {
            from: from.clone(),
            to: arguments.to.clone().unwrap_or_else(|| "HEAD".to_owned()),
        },
    };
    let baseline = match baseline(arguments, directory, work_tree) {
        Ok(baseline) => baseline,
        Err(error) => return context.fail(&error, Exit::Usage),
    };
    let clock = Clock::Real;
    let searched = Searched {
        repository: repository.as_ref(),
        settings: &settings,
        clock: &clock,
        cancel: Cancel::new(),
        found: context.environment.found.clone(),
        cache: if arguments.no_cache {
            Cache::Leave
        } else {
            Cache::Use
        },
        baseline,
        notes,
    };
    let mut reporter = context.reporter(false);
    let ended = {
        let mut listeners: Vec<&mut dyn Listener> = reporter.listeners();
        gate::secrets(&searched, wanted, &mut listeners)
    };
    match ended {
        Ok(exit) => reporter.finish(exit),
        Err(error) => context.fail(&error, error.exit()),
    }
}

/// The baseline that was named or is to be written.
fn baseline(
    arguments: &Arguments,
    directory: &Path,
    work_tree: Option<&Path>,
) -> Result<Option<Baseline>, NoBaseline> {
    let is_updated = arguments.update_baseline;
    let (path, name) = match &arguments.baseline {
        Some(named) => (directory.join(named), named.display().to_string()),
        None if is_updated => (
            work_tree.unwrap_or(directory).join(gate::BASELINE),
            gate::BASELINE.to_owned(),
        ),
        None => return Ok(None),
    };
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(Baseline {
            path,
            name,
            bytes,
            is_updated,
        })),
        Err(error) if is_updated && error.kind() == io::ErrorKind::NotFound => Ok(Some(Baseline {
            path,
            name,
            bytes: Vec::new(),
            is_updated,
        })),
        Err(error) => Err(NoBaseline { name, error }),
    }
}

/// A baseline that cannot be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("the baseline `{name}` cannot be read: {error}")]
#[diagnostic(help(
    "`guard secrets --update-baseline` writes one at the root; `--baseline FILE` names another"
))]
struct NoBaseline {
    name: String,
    error: io::Error,
}

/// A path that is not there.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("there is no `{0}`")]
#[diagnostic(help(
    "`guard secrets` searches files and folders as they are on the disk; without a path, all that is tracked"
))]
struct NoPath(String);
