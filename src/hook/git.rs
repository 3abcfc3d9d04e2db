//! The questions about hooks that only git can answer, put to the `git` program at install time.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::{HookError, plain};
use crate::environment::Environment;
use crate::process::script::{Captured, End, Script, find};

/// The git program, asked from one folder.
pub(crate) struct Git<'a> {
    program: PathBuf,
    /// Where questions are asked.
    pub(crate) directory: PathBuf,
    environment: &'a Environment,
    /// Location variables, made absolute so that they mean the same from any folder.
    location: Vec<(&'static str, OsString)>,
}

/// A question to git is answered in milliseconds; this is for a machine that is nearly dead.
const PATIENCE: Duration = Duration::from_secs(20);

impl<'a> Git<'a> {
    /// Finds git, outside whatever repository guard was called in.
    pub(crate) fn locate(environment: &'a Environment) -> Result<Self, HookError> {
        let directory = environment.directory.clone();
        let around = directory
            .ancestors()
            .find(|folder| folder.join(".git").symlink_metadata().is_ok())
            .unwrap_or(&directory);
        let program = find("git", environment, around).ok_or(HookError::NoGit)?;
        Ok(Self {
            program,
            directory,
            environment,
            location: Vec::new(),
        })
    }

    /// Asks from `top` from now on; a `GIT_DIR` that was relative to the old folder is replaced.
    pub(crate) fn settle(&mut self, top: &Path, git_dir: &Path) {
        if self.environment.os("GIT_DIR").is_some() {
            self.location.push(("GIT_DIR", git_dir.into()));
        }
        if self.environment.os("GIT_WORK_TREE").is_some() {
            self.location.push(("GIT_WORK_TREE", top.into()));
        }
        self.directory = top.to_path_buf();
    }

    /// A call of git with these arguments, as the user's own git would make it.
    pub(crate) fn call(&self, arguments: &[&str]) -> Script<'_> {
        let mut script = Script::new(&self.program, &self.directory, self.environment)
            .args(arguments.iter().copied());
        for (name, value) in &self.location {
            script = script.set(name, value);
        }
        script
    }

    /// Asks, and takes whatever exit code comes.
    pub(crate) fn try_ask(&self, arguments: &[&str]) -> Result<Captured, HookError> {
        // Nothing of the repository may run for a question, and nothing may be fetched or locked.
        let mut all = vec!["-c", "core.fsmonitor=false"];
        all.extend_from_slice(arguments);
        self.call(&all)
            .set("LC_ALL", "C")
            .set("GIT_OPTIONAL_LOCKS", "0")
            .set("GIT_NO_LAZY_FETCH", "1")
            .set("GIT_TERMINAL_PROMPT", "0")
            .capture(PATIENCE)
            .map_err(|error| HookError::Git {
                question: arguments.join(" "),
                said: error.to_string(),
            })
    }

    /// Asks, and takes anything but success as an error.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, HookError> {
        let captured = self.try_ask(arguments)?;
        if captured.end == Some(End::Code(0)) {
            return Ok(captured.out);
        }
        Err(HookError::Git {
            question: arguments.join(" "),
            said: said(&captured),
        })
    }

    /// Asks for one path.
    pub(crate) fn ask_path(&self, arguments: &[&str]) -> Result<PathBuf, HookError> {
        let mut answer = self.ask(arguments)?;
        if answer.ends_with(b"\n") {
            answer.pop();
        }
        Ok(crate::path::RepoPath::new(answer).to_os())
    }

    /// git's version as major and minor.
    pub(crate) fn version(&self) -> Result<Option<(u32, u32)>, HookError> {
        let answer = self.ask(&["version"])?;
        Ok(version_in(&String::from_utf8_lossy(&answer)))
    }
}

/// What git said, as one line: its last `fatal` or `error`, else its last line.
pub(crate) fn said(captured: &Captured) -> String {
    let Some(end) = captured.end else {
        return format!("no answer within {}s", PATIENCE.as_secs());
    };
    let text = String::from_utf8_lossy(&captured.err).into_owned();
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let line = lines()
        .find(|line| line.starts_with("fatal:") || line.starts_with("error:"))
        .or_else(|| lines().next_back());
    match line {
        Some(line) => plain(line),
        None => format!("exit code {}", end.code()),
    }
}

fn version_in(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text
        .strip_prefix("git version ")?
        .split(['.', '-', ' ', '\n']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_every_vendor_are_read() {
        for (text, version) in [
            ("git version 2.47.3\n", Some((2, 47))),
            ("git version 2.39.5 (Apple Git-154)\n", Some((2, 39))),
            ("git version 2.35.1.windows.2\n", Some((2, 35))),
            ("git version 3.0-rc1\n", Some((3, 0))),
            ("hub version 1\n", None),
            ("", None),
        ] {
            assert_eq!(version_in(text), version, "{text}");
        }
    }
}
