//! Which tool a command runs: where it lies and which version it is, without running it.

mod describe;
mod runner;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::path::{Component, Path, PathBuf};

use super::words;
use crate::command::template;
use crate::config::valid::Run;
use crate::path::RepoPath;
use crate::process::variables::Variables;
use crate::record::Fields;
use runner::{Found, Home};

/// Where a command's words mean something.
pub(super) struct Place<'a> {
    /// Its working directory.
    pub(super) folder: &'a Path,
    pub(super) work_tree: &'a Path,
    pub(super) variables: &'a Variables,
}

/// More commands than a person writes on a line.
const MOST: usize = 64;

/// Adds every tool that the command names; gives the scripts of the work tree among them.
pub(super) fn identify(
    fields: &mut Fields,
    run: &Run,
    place: &Place<'_>,
) -> Result<Vec<RepoPath>, String> {
    let commands = match run {
        Run::Argv(words) => vec![words.clone()],
        Run::Shell(line) => {
            if let Some(shell) = template::argv(run, &[]).first() {
                describe::file(fields, place, Path::new(shell));
            }
            words::commands(line)
        }
    };
    let mut scripts = Vec::new();
    for words in commands.iter().take(MOST) {
        for found in runner::tools(words)? {
            fields.text(&found.name);
            match locate(place, &found) {
                Some(path) => {
                    describe::file(fields, place, &path);
                    scripts.extend(place.below(&path));
                }
                None if found.is_needed => {
                    return Err(format!("`{}` is not installed here", found.name));
                }
                // A word of the shell's own, or a tool without which the command does not pass.
                None => {
                    fields.text("not found");
                }
            }
        }
        for script in runner::scripts(words) {
            let path = place.folder.join(script);
            if path.is_file()
                && let Some(below) = place.below(&path)
            {
                describe::file(fields, place, &path);
                scripts.push(below);
            }
        }
    }
    describe::pins(fields, place);
    Ok(scripts)
}

/// A tool that a command names, and the file behind it.
pub(in crate::command) struct Tool {
    pub(in crate::command) name: String,
    pub(in crate::command) path: Option<PathBuf>,
    /// Whether the command can do nothing without it.
    pub(in crate::command) is_needed: bool,
}

/// Each simple command of `run` as the tools that it names: its own program first, then those that it
/// is there to run.
pub(super) fn named(run: &Run, place: &Place<'_>) -> Vec<Result<Vec<Tool>, String>> {
    let commands = match run {
        Run::Argv(words) => vec![words.clone()],
        Run::Shell(line) => words::commands(line),
    };
    let tools = |words: &Vec<String>| {
        let found = runner::tools(words)?;
        let tool = |(at, found): (usize, &Found)| Tool {
            name: found.name.clone(),
            path: locate(place, found),
            is_needed: at == 0 || found.is_needed,
        };
        Ok(found.iter().enumerate().map(tool).collect())
    };
    commands.iter().take(MOST).map(tools).collect()
}

/// The file behind a tool's name.
fn locate(place: &Place<'_>, found: &Found) -> Option<PathBuf> {
    if found.name.is_empty() {
        return None;
    }
    if found.name.contains('/') {
        let path = place.folder.join(&found.name);
        return path.is_file().then_some(path);
    }
    let beside = |below: &str| {
        let path = Path::new(below).join(&found.name);
        let mut folders = place.folder.ancestors();
        let inside = folders
            .by_ref()
            .take_while(|folder| folder.starts_with(place.work_tree));
        inside
            .map(|folder| folder.join(&path))
            .find(|path| path.is_file())
    };
    let own = match found.home {
        Home::Path => None,
        Home::Node => beside("node_modules/.bin"),
        Home::Python => beside(".venv/bin"),
    };
    let search = place
        .variables
        .get("PATH")
        .unwrap_or("/usr/bin:/bin".as_ref());
    own.or_else(|| {
        // What such a runner does not find here it fetches, in whatever version there is.
        let goes_on = found.home != Home::Node;
        goes_on.then(|| which::which_in(&found.name, Some(search), place.folder).ok())?
    })
}

impl Place<'_> {
    /// A file's path in the repository, where it lies in the work tree.
    fn below(&self, path: &Path) -> Option<RepoPath> {
        let mut plain = PathBuf::new();
        for part in path.components() {
            match part {
                Component::ParentDir => {
                    plain.pop();
                }
                Component::CurDir => {}
                other => plain.push(other),
            }
        }
        let below = plain.strip_prefix(self.work_tree).ok()?;
        let text = below.as_os_str().as_encoded_bytes().to_vec();
        (!text.is_empty()).then(|| RepoPath::new(text))
    }
}
