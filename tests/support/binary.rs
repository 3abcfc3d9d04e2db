//! The real binary, run in a scrubbed environment, with what it printed made comparable.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A call of the binary that is being put together.
pub(crate) struct Guard {
    command: Command,
    stdin: Vec<u8>,
    folder: String,
}

/// What came of a call.
pub(crate) struct Ran {
    /// The exit code; a signal shows as 128 and its number.
    pub(crate) code: i32,
    /// Standard output with paths and times replaced.
    pub(crate) out: String,
    /// Standard error with paths and times replaced.
    pub(crate) err: String,
}

impl Guard {
    /// A call in `folder` with `home` as the user's folder.
    pub(crate) fn new(folder: &Path, home: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guard"));
        scrub(&mut command, home);
        command.current_dir(folder);
        Self {
            command,
            stdin: Vec::new(),
            folder: folder
                .parent()
                .expect("a work tree lies in a folder")
                .to_string_lossy()
                .into_owned(),
        }
    }

    /// More arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    /// One argument, verbatim.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// A variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// What it reads from standard input.
    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    /// Another directory to be called in.
    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// The command itself, for tests that need more than a call that ends.
    pub(crate) fn command(self) -> Command {
        self.command
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Ran {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut pipe = child.stdin.take().expect("a pipe was asked for");
        let input = std::mem::take(&mut self.stdin);
        let feed = std::thread::spawn(move || {
            // A binary that does not read is no failure of the test's own.
            let _ = pipe.write_all(&input);
        });
        let output = child.wait_with_output().expect("the binary ends");
        feed.join().expect("the feeder ends");
        Ran::of(&output, &self.folder)
    }
}

impl Ran {
    /// What a process left, with `folder` replaced.
    pub(crate) fn of(output: &Output, folder: &str) -> Self {
        use std::os::unix::process::ExitStatusExt;
        let code = output
            .status
            .code()
            .unwrap_or_else(|| 128 + output.status.signal().unwrap_or(0));
        Self {
            code,
            out: tidy(&output.stdout, folder),
            err: tidy(&output.stderr, folder),
        }
    }

    /// The JSON on standard output.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error} in:\n{}\n{}", self.out, self.err))
    }

    /// Code, standard output and standard error in one text, for snapshots.
    pub(crate) fn whole(&self) -> String {
        format!(
            "exit {}\n--- out\n{}--- err\n{}",
            self.code, self.out, self.err
        )
    }
}

/// Takes away everything ambient that could change what git or guard say.
pub(crate) fn scrub(command: &mut Command, home: &Path) {
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join(".config"))
        .env("XDG_STATE_HOME", home.join(".state"))
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "author")
        .env("GIT_AUTHOR_EMAIL", "author@example.test")
        .env("GIT_COMMITTER_NAME", "committer")
        .env("GIT_COMMITTER_EMAIL", "committer@example.test")
        .env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");
}

/// Replaces the temporary folder and durations.
fn tidy(bytes: &[u8], folder: &str) -> String {
    let text = String::from_utf8_lossy(bytes).replace(folder, "[FOLDER]");
    let mut tidy = String::new();
    let mut rest = text.as_str();
    // A duration is digits (with one dot) and `ms` or `s`, standing alone.
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let before = rest[..at].chars().next_back();
        let number = rest[at..]
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .map_or(&rest[at..], |end| &rest[at..at + end]);
        let after = &rest[at + number.len()..];
        let unit = ["ms", "s"].into_iter().find(|unit| {
            after
                .strip_prefix(unit)
                .is_some_and(|next| !next.starts_with(|c: char| c.is_alphanumeric()))
        });
        // What a message promises (`timed out after 60s`) is no measurement.
        let promised = rest[..at].ends_with("after ");
        let alone = !promised && before.is_none_or(|c| c.is_whitespace() || "([,·".contains(c));
        tidy.push_str(&rest[..at]);
        match unit {
            Some(unit) if alone => {
                tidy.push_str("[TIME]");
                rest = &after[unit.len()..];
            }
            _ => {
                tidy.push_str(number);
                rest = after;
            }
        }
    }
    tidy.push_str(rest);
    tidy
}
