//! The user's own variables from files: tokens and endpoints that belong in no guard.yaml.
//!
//! They come from the user's folder, or from a file that git does not track: what a clone brings
//! must not name an endpoint that a token is sent to.

use std::cell::Cell;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::file;
use super::names::shown;
use super::problem::{ConfigError, Problem};
use super::shape::{COMMAND, TOP};
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::source::Source;

/// The file beside guard.yaml.
const BESIDE: &str = ".env.guard";

/// The names of CONTRACT §5 that are no settings.
const TAKEN: [&str; 15] = [
    "GITHUB_TOKEN",
    "GUARD",
    "GUARD_CACHE_TOKEN",
    "GUARD_CACHE_URL",
    "GUARD_CONFIG",
    "GUARD_ENV",
    "GUARD_RAILWAY_URL",
    "GUARD_REGISTRY_URL",
    "GUARD_SKIP",
    "GUARD_SMTP_URL",
    "PAGERDUTY_ROUTING_KEY",
    "RAILWAY_API_TOKEN",
    "RAILWAY_GRAPHQL_ENDPOINT",
    "RAILWAY_TOKEN",
    "SLACK_WEBHOOK_URL",
];

/// Adds what the user's files say; what the process's environment says stands. Gives warnings back.
pub fn user_environment(
    environment: &mut Environment,
    root: &Path,
    is_tracked: &dyn Fn(&RepoPath) -> bool,
) -> Result<Vec<String>, ConfigError> {
    let mut warnings = Vec::new();
    let beside = root.join(BESIDE);
    if beside.symlink_metadata().is_ok() {
        if is_tracked(&RepoPath::from(BESIDE)) {
            return Err(ConfigError::one(Problem::new(
                format!("{BESIDE} is tracked by git, and it holds secrets"),
                format!(
                    "take it out with `git rm --cached {BESIDE}`, ignore it, and renew what it held"
                ),
            )));
        }
        // The nearer file first: what is set already stands.
        add(environment, &beside, root, &mut warnings)?;
    }
    add_own(environment, root, &mut warnings)?;
    Ok(warnings)
}

/// The same where there is no repository: only the file in the user's folder.
pub fn own_environment(environment: &mut Environment) -> Result<Vec<String>, ConfigError> {
    let mut warnings = Vec::new();
    // Nothing lies below it: the file is named by its whole path.
    add_own(environment, Path::new("/dev/null/none"), &mut warnings)?;
    Ok(warnings)
}

fn add_own(
    environment: &mut Environment,
    root: &Path,
    warnings: &mut Vec<String>,
) -> Result<(), ConfigError> {
    match own_file(environment).filter(|own| own.symlink_metadata().is_ok()) {
        Some(own) => add(environment, &own, root, warnings),
        None => Ok(()),
    }
}

/// The file in the user's configuration folder.
fn own_file(environment: &Environment) -> Option<PathBuf> {
    let configured = environment.os("XDG_CONFIG_HOME").map(PathBuf::from);
    // The specification: a path that is not absolute is to be ignored.
    let folder = configured
        .filter(|folder| folder.is_absolute())
        .or_else(|| Some(environment.home()?.join(".config")))?;
    Some(folder.join("guard").join("env"))
}

fn add(
    environment: &mut Environment,
    path: &Path,
    root: &Path,
    warnings: &mut Vec<String>,
) -> Result<(), ConfigError> {
    let name = file::name(path, root);
    let bytes = file::bytes(path, &name)?;
    let source = match String::from_utf8(bytes) {
        // dotenvy takes a last line that ends in a space for an unfinished one.
        Ok(text) => Source::new(name, text + "\n"),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let source = Source::new(name, String::from_utf8_lossy(error.as_bytes()));
            let help = "save the file as UTF-8";
            return Err(ConfigError::one(Problem::at_hidden(
                &source,
                valid,
                "not UTF-8",
                help,
            )));
        }
    };
    let given = pairs(&source)?;
    for (name, _) in given.iter().filter(|(name, _)| !is_taken(name)) {
        warnings.push(format!(
            "{}: guard takes no variable {} from there",
            source.name(),
            shown(name)
        ));
    }
    // From the end, since what is set stands: a name that is there twice has its last value, as everywhere.
    for (name, value) in given.iter().rev().filter(|(name, _)| is_taken(name)) {
        environment.add(name, value);
    }
    Ok(())
}

/// The names and values of a text.
pub(super) fn pairs(source: &Source) -> Result<Vec<(String, String)>, ConfigError> {
    let read = Cell::new(0);
    let lines = Lines {
        text: source.text(),
        read: &read,
    };
    dotenvy::Iter::new(lines)
        .collect::<Result<_, _>>()
        .map_err(|error| ConfigError::one(fault(source, read.get(), &error)))
}

/// The names of the contract, settings included.
fn is_taken(name: &str) -> bool {
    let setting = || {
        let keys = TOP
            .iter()
            .map(|key| super::variables::variable(&[key.name.to_owned()]));
        let is_key = keys.into_iter().any(|variable| variable == name);
        is_key || is_command_setting(name)
    };
    TAKEN.contains(&name) || setting()
}

/// Which commands there are is not known yet; what no command has is told when the settings are read.
fn is_command_setting(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("GUARD_COMMANDS_") else {
        return false;
    };
    COMMAND
        .iter()
        .any(|key| rest.ends_with(&format!("_{}", key.name.to_ascii_uppercase())))
}

/// A mistake in such a file, without the line: it may hold a secret. dotenvy says no place; it is
/// in the last line that dotenvy asked for, or in the text up to the end when a quote stays open.
fn fault(source: &Source, read: usize, error: &dotenvy::Error) -> Problem {
    let text = source.text();
    let offset = match error {
        dotenvy::Error::LineParse(rest, _) if text.ends_with(rest.as_str()) => {
            text.len() - rest.len()
        }
        _ => read.saturating_sub(1),
    };
    Problem::at_hidden(
        source,
        offset,
        "not written as NAME=value",
        "put the value in quotes, in single ones where it holds `$`",
    )
}

/// Hands a text out line by line, and remembers how far.
struct Lines<'t> {
    text: &'t str,
    read: &'t Cell<usize>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.text.as_bytes()[self.read.get()..];
        let line = rest
            .split_inclusive(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let length = line.len().min(buffer.len());
        buffer[..length].copy_from_slice(&line[..length]);
        self.read.set(self.read.get() + length);
        Ok(length)
    }
}
