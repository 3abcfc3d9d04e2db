//! The `git` program, called so that nothing of the repository runs: no hook, no external diff,
//! no text conversion, no file-system monitor, no fetch, and never a `git` that lies in the repository.
//!
//! guard reads most repositories itself. What it cannot read it asks git about, and git's verdict is final.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::environment::{Environment, SECRETS};

/// How long one question to git may take.
pub const DEADLINE: Duration = Duration::from_mins(2);

/// How long to wait between two looks at a child that has closed its output but not ended.
const PAUSE: Duration = Duration::from_millis(1);

/// Settings of the user or the repository that would make git run something, ahead of every command.
/// Submodules are compared as git stores them, whatever the repository's `.gitmodules` says, and with
/// the untracked files in them, whatever their own settings say.
/// A comparison with the work tree refreshes what the index remembers, in git's head and not on disk.
const SAFE: [&str; 17] = [
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "diff.external=",
    "-c",
    "core.quotePath=false",
    "-c",
    "diff.ignoreSubmodules=none",
    "-c",
    "status.showUntrackedFiles=normal",
    "-c",
    "diff.autoRefreshIndex=true",
];

/// Variables that would change what git's answers mean or what it starts.
const DROPPED: [&str; 8] = [
    "GIT_ASKPASS",
    "GIT_ATTR_SOURCE",
    "GIT_DIFF_OPTS",
    "GIT_EXTERNAL_DIFF",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_PAGER",
];

/// Variables that keep git from asking, fetching, locking and translating, and from showing other
/// objects or parents than those that are stored: a push sends the stored ones.
const FIXED: [(&str, &str); 6] = [
    ("GIT_GRAFT_FILE", "/dev/null/none"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("LC_ALL", "C"),
];

/// Why git gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// No `git` on PATH outside the repository.
    #[error("no `git` program on PATH outside the repository")]
    Missing,
    /// The program could not be started or listened to.
    #[error("`git {command}` could not be run: {reason}")]
    Start {
        /// git's subcommand.
        command: String,
        /// What the system said.
        reason: String,
    },
    /// It took too long.
    #[error("`git {command}` took longer than {}s", .after.as_secs())]
    Deadline {
        /// git's subcommand.
        command: String,
        /// The time it had.
        after: Duration,
    },
}

/// What git answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: Vec<u8>,
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
}

impl Answer {
    /// Whether git said yes.
    pub fn good(&self) -> bool {
        self.code == Some(0)
    }

    /// The first line that git said in anger, free of control characters.
    pub fn complaint(&self) -> String {
        let text = String::from_utf8_lossy(&self.err);
        let line = text
            .lines()
            .find(|line| line.starts_with("fatal:") || line.starts_with("error:"))
            .or_else(|| text.lines().next())
            .unwrap_or("no reason given");
        line.trim_start_matches("fatal: ")
            .trim_start_matches("error: ")
            .chars()
            .filter(|c| !c.is_control())
            .take(300)
            .collect()
    }
}

/// A `git` program that may be asked, with the environment and the directory for it.
#[derive(Clone, Debug)]
pub struct Git {
    program: PathBuf,
    directory: PathBuf,
    variables: Vec<(OsString, OsString)>,
    deadline: Duration,
}

impl Git {
    /// Finds git on PATH, to be run in `directory`, never in one of the `untrusted` folders or another
    /// repository around it.
    ///
    /// Variables such as `GIT_DIR` stay as git gave them to the hook: they say which repository is meant.
    pub fn find(
        environment: &Environment,
        directory: &Path,
        untrusted: &[&Path],
    ) -> Result<Self, GitError> {
        let program = program(environment, directory, untrusted).ok_or(GitError::Missing)?;
        let variables = environment
            .iter()
            .filter(|(name, _)| {
                !DROPPED
                    .iter()
                    .chain(&SECRETS)
                    .any(|dropped| name.to_str() == Some(*dropped))
            })
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .chain(
                FIXED
                    .iter()
                    .map(|(name, value)| (name.into(), value.into())),
            )
            .collect();
        Ok(Self {
            program,
            directory: directory.to_owned(),
            variables,
            deadline: DEADLINE,
        })
    }

    /// Where the program lies.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Sets a variable for this git, for locations that must be absolute from another directory.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.push((name.into(), value.into()));
    }

    /// The same git with less or more time.
    #[must_use]
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Asks git, with nothing on its standard input.
    pub fn ask<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<Answer, GitError> {
        self.ask_with(arguments, Vec::new())
    }

    /// Asks git, with `input` on its standard input.
    pub fn ask_with<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
        input: Vec<u8>,
    ) -> Result<Answer, GitError> {
        let named = arguments
            .first()
            .map(|name| name.as_ref().to_string_lossy().into_owned())
            .unwrap_or_default();
        let child = self.start(arguments, !input.is_empty());
        child
            .and_then(|child| self.listen(child, input))
            .map_err(|trouble| match trouble {
                Trouble::System(error) => GitError::Start {
                    command: named.clone(),
                    reason: error.to_string(),
                },
                Trouble::Deadline => GitError::Deadline {
                    command: named.clone(),
                    after: self.deadline,
                },
            })
    }

    fn start<A: AsRef<OsStr>>(&self, arguments: &[A], has_input: bool) -> Result<Child, Trouble> {
        let stdin = if has_input {
            Stdio::piped()
        } else {
            Stdio::null()
        };
        Command::new(&self.program)
            .args(SAFE)
            .args(arguments)
            .current_dir(&self.directory)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Trouble::System)
    }

    /// Reads both outputs beside each other, so that neither pipe can fill and stop git.
    fn listen(&self, mut child: Child, input: Vec<u8>) -> Result<Answer, Trouble> {
        let until = Instant::now() + self.deadline;
        if let Some(mut stdin) = child.stdin.take() {
            // A git that does not read to the end closes the pipe; its exit code tells more than the write.
            thread::spawn(move || drop(stdin.write_all(&input)));
        }
        let out = drain(child.stdout.take());
        let err = drain(child.stderr.take());
        let read = receive(&out, until).and_then(|out| Ok((out, receive(&err, until)?)));
        let ended = read.and_then(|texts| Ok((texts, wait(&mut child, until)?)));
        if ended.is_err() {
            // Already gone is as good as ended.
            drop(child.kill());
            drop(child.wait());
        }
        ended.map(|((out, err), code)| Answer { out, err, code })
    }
}

/// What can go wrong between starting git and its last word.
enum Trouble {
    System(std::io::Error),
    Deadline,
}

type Drained = mpsc::Receiver<std::io::Result<Vec<u8>>>;

fn drain<R: Read + Send + 'static>(pipe: Option<R>) -> Drained {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe
            .map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut bytes))
            .map(|_| bytes);
        // Nobody listens any more once the deadline has passed.
        drop(sender.send(read));
    });
    receiver
}

fn receive(drained: &Drained, until: Instant) -> Result<Vec<u8>, Trouble> {
    match drained.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(read) => read.map_err(Trouble::System),
        Err(RecvTimeoutError::Timeout) => Err(Trouble::Deadline),
        Err(RecvTimeoutError::Disconnected) => Err(Trouble::System(std::io::Error::other(
            "its output was not read",
        ))),
    }
}

fn wait(child: &mut Child, until: Instant) -> Result<Option<i32>, Trouble> {
    loop {
        match child.try_wait().map_err(Trouble::System)? {
            Some(status) => return Ok(status.code()),
            None if Instant::now() >= until => return Err(Trouble::Deadline),
            None => thread::sleep(PAUSE),
        }
    }
}

/// Folders of the system, where git itself belongs: a repository that keeps track of them does not
/// make it untrustworthy.
const SYSTEM: [&str; 2] = ["/", "/usr"];

/// The first `git` on PATH that lies in no untrusted folder, links resolved.
fn program(environment: &Environment, directory: &Path, untrusted: &[&Path]) -> Option<PathBuf> {
    let path = environment.os("PATH")?;
    // A relative entry means another folder in each directory, the repository's own among them.
    let absolute =
        std::env::join_paths(std::env::split_paths(path).filter(|p| p.is_absolute())).ok()?;
    let untrusted: Vec<PathBuf> = untrusted
        .iter()
        .flat_map(|folder| named_and_real(folder))
        .filter(|folder| !is_system(folder))
        .collect();
    let directories = named_and_real(directory);
    let is_trusted = |place: &Path| {
        !untrusted.iter().any(|folder| place.starts_with(folder))
            && !is_in_repository(place, &directories)
    };
    let trusted = |candidate: &PathBuf| {
        let real = candidate.canonicalize();
        real.is_ok_and(|real| is_trusted(candidate) && is_trusted(&real))
    };
    which::which_in_all("git", Some(absolute), "/")
        .ok()?
        .find(trusted)
}

fn named_and_real(folder: &Path) -> Vec<PathBuf> {
    let real = folder.canonicalize().ok();
    std::iter::once(folder.to_owned()).chain(real).collect()
}

fn is_system(folder: &Path) -> bool {
    SYSTEM.iter().any(|system| folder == Path::new(system))
}

/// Whether a program lies in a repository around one of the directories, or below it. A repository
/// elsewhere may be what a package manager keeps its programs in.
fn is_in_repository(place: &Path, directories: &[PathBuf]) -> bool {
    let is_near = |folder: &Path| {
        let mut all = directories.iter();
        all.any(|directory| directory.starts_with(folder) || folder.starts_with(directory))
    };
    place.ancestors().skip(1).any(|folder| {
        !is_system(folder) && is_near(folder) && folder.join(".git").symlink_metadata().is_ok()
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn script(folder: &Path, text: &str) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        let file = folder.join("git");
        std::fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    fn with_path(folders: &[&Path]) -> Environment {
        let path = std::env::join_paths(folders).unwrap();
        Environment::of("/", [(OsString::from("PATH"), path)])
    }

    #[test]
    fn a_git_inside_the_repository_is_never_started() {
        let folder = tempfile::tempdir().unwrap();
        let (repo, bin) = (folder.path().join("repo"), folder.path().join("bin"));
        script(&repo.join("bin"), "echo evil");
        let link = folder.path().join("link");
        std::fs::create_dir(&link).unwrap();
        std::os::unix::fs::symlink(repo.join("bin/git"), link.join("git")).unwrap();
        let good = script(&bin, "echo good");

        let environment = with_path(&[Path::new("."), &repo.join("bin"), &link, &bin]);
        assert_eq!(program(&environment, &repo, &[&repo]), Some(good));
        let only_evil = with_path(&[&repo.join("bin"), &link]);
        assert_eq!(program(&only_evil, &repo, &[&repo]), None);
        assert_eq!(
            Git::find(&only_evil, &repo, &[&repo]).unwrap_err(),
            GitError::Missing
        );
    }

    #[test]
    fn a_git_below_the_directory_is_started_unless_a_repository_is_around_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let found = script(&root.join("a/bin"), "echo");
        let environment = with_path(&[&root.join("a/bin")]);
        let from = |directory: &Path| program(&environment, directory, &[]);
        assert_eq!(from(&root), Some(found.clone()));
        assert_eq!(from(Path::new("/")), Some(found.clone()));
        let work_tree = program(&environment, &root, &[Path::new("/")]);
        assert_eq!(work_tree, Some(found.clone()));
        std::fs::create_dir(root.join("a/.git")).unwrap();
        for directory in [&root, &root.join("a"), &root.join("a/bin"), Path::new("/")] {
            assert_eq!(from(directory), None, "{}", directory.display());
        }
        assert_eq!(from(&root.join("b")), Some(found));
    }

    #[test]
    fn more_output_than_a_pipe_holds_comes_whole_from_both_sides() {
        let folder = tempfile::tempdir().unwrap();
        script(
            folder.path(),
            "/bin/cat >&2; /usr/bin/head -c 1000000 /dev/zero; exit 3",
        );
        let git = Git::find(&with_path(&[folder.path()]), Path::new("/"), &[]).unwrap();
        let answer = git.ask_with(&["x"], vec![b'x'; 500_000]).unwrap();
        assert_eq!((answer.out.len(), answer.err.len()), (1_000_000, 500_000));
        assert_eq!(answer.code, Some(3));
    }

    #[test]
    fn a_git_that_does_not_answer_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        script(folder.path(), "exec /bin/sleep 60");
        let git = Git::find(&with_path(&[folder.path()]), Path::new("/"), &[])
            .unwrap()
            .within(Duration::from_millis(50));
        let error = git.ask(&["status"]).unwrap_err();
        assert!(
            matches!(error, GitError::Deadline { ref command, .. } if command == "status"),
            "{error}"
        );
    }

    #[test]
    fn secrets_stay_here_and_locations_go_along() {
        let folder = tempfile::tempdir().unwrap();
        script(folder.path(), "/usr/bin/env");
        let environment = Environment::of(
            "/",
            [
                ("PATH", folder.path().to_str().unwrap()),
                ("RAILWAY_TOKEN", "hush"),
                ("GIT_INDEX_FILE", ".git/next"),
                ("GIT_EXTERNAL_DIFF", "evil"),
                ("GIT_NO_LAZY_FETCH", "0"),
            ],
        );
        let git = Git::find(&environment, Path::new("/"), &[]).unwrap();
        let seen = String::from_utf8(git.ask(&["x"]).unwrap().out).unwrap();
        assert!(!seen.contains("hush") && !seen.contains("evil"), "{seen}");
        assert!(seen.contains("GIT_INDEX_FILE=.git/next"), "{seen}");
        assert!(seen.contains("GIT_NO_LAZY_FETCH=1"), "{seen}");
    }

    #[test]
    fn complaints_are_one_clean_line() {
        let answer = Answer {
            out: Vec::new(),
            err: b"warning: x\nfatal: bad \x1b[31mobject\nmore".to_vec(),
            code: Some(128),
        };
        assert_eq!(answer.complaint(), "bad [31mobject");
    }
}
