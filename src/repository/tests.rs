//! Repositories for tests, made by the real git, and what every kind of repository must answer.

mod agreement;
mod discovery;
mod history;
mod kinds;
mod places;
mod processes;
mod random;

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::{Change, Id, Repository, RepositoryError};
use crate::environment::Environment;

/// A repository in a folder of its own.
pub(crate) struct Repo {
    _folder: TempDir,
    pub(crate) root: PathBuf,
}

/// Variables that keep the machine's settings out of a test, and make commits repeatable.
const NEUTRAL: [(&str, &str); 8] = [
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_AUTHOR_NAME", "a"),
    ("GIT_AUTHOR_EMAIL", "a@example.com"),
    ("GIT_COMMITTER_NAME", "c"),
    ("GIT_COMMITTER_EMAIL", "c@example.com"),
    ("HOME", "/nonexistent"),
    ("LC_ALL", "C"),
];

impl Repo {
    /// A new repository, with these arguments of `git init`.
    pub(crate) fn with(arguments: &[&str]) -> Self {
        let repo = Self::nowhere();
        std::fs::create_dir(&repo.root).unwrap();
        repo.git(&[&["init", "-q", "-b", "main"], arguments].concat());
        repo
    }

    /// A new repository.
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// A new repository whose refs are kept in tables; none where this git knows no tables.
    pub(crate) fn with_tables() -> Option<Self> {
        let repo = Self::nowhere();
        std::fs::create_dir(&repo.root).unwrap();
        let init = ["init", "-q", "-b", "main", "--ref-format=reftable"];
        let output = repo.try_git(&init);
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.code() == Some(129) {
            eprintln!("this git knows no tables of refs, so that they are not tested: {said}");
            return None;
        }
        assert!(output.status.success(), "{said}");
        Some(repo)
    }

    /// A place for a repository that the test makes itself.
    pub(crate) fn nowhere() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("repo");
        Self {
            _folder: folder,
            root,
        }
    }

    /// A clone of this repository, with these arguments.
    pub(crate) fn cloned(&self, arguments: &[&str]) -> Self {
        let clone = Self::nowhere();
        let url = format!("file://{}", self.root.display());
        let target = clone.root.to_str().unwrap();
        let parent = clone.root.parent().unwrap();
        let all = [&["clone", "-q"], arguments, &[&url, target]].concat();
        let output = command(parent, &all).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        clone
    }

    /// Runs git, which must be content.
    pub(crate) fn git<A: AsRef<OsStr>>(&self, arguments: &[A]) -> String {
        let output = self.try_git(arguments);
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        text.trim_end_matches('\n').to_owned()
    }

    /// Runs git, which may refuse.
    pub(crate) fn try_git<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Output {
        command(&self.root, arguments).output().unwrap()
    }

    /// Runs git with something on its standard input.
    pub(crate) fn git_with(&self, arguments: &[&str], input: &str) {
        let mut command = command(&self.root, arguments);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        assert!(child.wait().unwrap().success());
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    /// Writes a file and stages it.
    pub(crate) fn stage(&self, path: &str, text: impl AsRef<[u8]>) {
        self.write(path, text);
        self.git(&["add", "--", path]);
    }

    /// Writes a file and commits it.
    pub(crate) fn commit(&self, path: &str, text: impl AsRef<[u8]>) -> Id {
        self.stage(path, text);
        self.git(&["commit", "-q", "-m", path]);
        self.id("HEAD")
    }

    /// What a revision names.
    pub(crate) fn id(&self, revision: &str) -> Id {
        Id::parse(self.git(&["rev-parse", revision])).unwrap()
    }

    /// The environment of a call in the repository's top.
    pub(crate) fn environment(&self) -> Environment {
        self.environment_with(&[])
    }

    /// The same with more variables.
    pub(crate) fn environment_with(&self, more: &[(&str, &str)]) -> Environment {
        environment(&self.root, more)
    }

    /// Opens it as guard does.
    pub(crate) fn open(&self) -> Repository {
        self.open_with(&[])
    }

    /// Opens it as guard does in a hook with these variables.
    pub(crate) fn open_with(&self, more: &[(&str, &str)]) -> Repository {
        Repository::discover(&self.environment_with(more)).unwrap()
    }
}

/// An environment as a test needs it.
pub(crate) fn environment(directory: &Path, more: &[(&str, &str)]) -> Environment {
    let path = path();
    let path = ("PATH", path.as_str());
    let all = NEUTRAL.iter().chain([&path]).chain(more).copied();
    Environment::of(directory, all)
}

/// Where the machine has its git.
fn path() -> String {
    let environment = Environment::read();
    environment.text("PATH").unwrap_or_default().to_owned()
}

fn command<A: AsRef<OsStr>>(directory: &Path, arguments: &[A]) -> Command {
    let mut command = Command::new("git");
    command
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("PATH", path())
        .envs(NEUTRAL);
    command
}

impl Repository {
    /// The same repository, served by the git program alone.
    pub(crate) fn by_program(mut self) -> Self {
        self.own = None;
        super::note(&self.served_by_git, "a test");
        self
    }
}

/// What both readers say to the same question, which must be the same.
pub(crate) fn both<T: PartialEq + std::fmt::Debug>(
    open: impl Fn() -> Repository,
    question: impl Fn(&Repository) -> Result<T, RepositoryError>,
) -> Result<T, RepositoryError> {
    let own = question(&open());
    let program = question(&open().by_program());
    assert_eq!(own, program, "guard's own reader, then the git program");
    own
}

/// Changes as short text: a letter and a path each.
pub(crate) fn brief(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|change| {
            let letter = match change.kind {
                super::Kind::Added => 'A',
                super::Kind::Modified => 'M',
                super::Kind::Deleted => 'D',
                super::Kind::TypeChanged => 'T',
            };
            format!("{letter} {}", change.path)
        })
        .collect()
}
