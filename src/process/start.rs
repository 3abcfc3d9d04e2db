//! Finding a program and starting it, with an error that names what is missing.

use std::ffi::OsStr;
use std::io::{self, PipeReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use miette::Diagnostic;
use thiserror::Error;

use super::Job;
use super::variables::Variables;

/// Why a process could not be run.
#[derive(Debug, Error, Diagnostic)]
pub enum StartError {
    /// The program is not there.
    #[error("`{program}` was not found")]
    #[diagnostic(help("install `{program}`, or put its folder on PATH"))]
    NotFound {
        /// As it was asked for.
        program: String,
    },
    /// The program is there and cannot be run.
    #[error("`{program}` cannot be run: {why}")]
    #[diagnostic(help("make it executable (`chmod +x {program}`) and give a script a `#!` line"))]
    NotExecutable {
        /// As it was asked for.
        program: String,
        /// In half a sentence.
        why: String,
    },
    /// The working directory is not there.
    #[error("the folder {} does not exist", directory.display())]
    #[diagnostic(help("correct the folder, or make it"))]
    NoDirectory {
        /// The folder.
        directory: PathBuf,
    },
    /// The system said no for another reason.
    #[error("`{program}` could not be run: {error}")]
    #[diagnostic(help(
        "if the system is out of processes, memory or open files, close something and try again"
    ))]
    System {
        /// As it was asked for.
        program: String,
        /// The system's answer.
        error: io::Error,
    },
}

impl StartError {
    /// What a shell, and `env`, exit with where a program cannot be started.
    pub fn shell_code(&self) -> u8 {
        match self {
            Self::NotFound { .. } => 127,
            Self::NotExecutable { .. } | Self::NoDirectory { .. } | Self::System { .. } => 126,
        }
    }

    pub(super) fn system(job: &Job, error: io::Error) -> Self {
        let program = job.argv.first().map(|word| word.to_string_lossy());
        Self::System {
            program: program.unwrap_or_default().into_owned(),
            error,
        }
    }
}

/// The name of the variable by which a job's processes are known, wherever they went.
///
/// Not `GUARD_…`: those are settings, and an unknown one is warned about.
pub(super) const TAG: &str = "RAILGUARD_JOB";

/// Starts the job's process as the leader of a group of its own; gives its output to read.
pub(super) fn start(job: &Job, tag: &str) -> Result<(Child, PipeReader), StartError> {
    let asked: &OsStr = job.argv.first().map_or(OsStr::new(""), |word| word);
    let program = asked.to_string_lossy().into_owned();
    if !job.directory.is_dir() {
        return Err(StartError::NoDirectory {
            directory: job.directory.to_owned(),
        });
    }
    let path = locate(asked, job.variables, job.directory).ok_or_else(|| StartError::NotFound {
        program: program.clone(),
    })?;
    spawn(job, asked, &path, tag).map_err(|error| explain(error, program, &path))
}

/// The file to start. Found here rather than by the system: the error is clearer, and the
/// standard library can then start it without copying guard first.
pub(super) fn locate(asked: &OsStr, variables: &Variables, directory: &Path) -> Option<PathBuf> {
    if asked.is_empty() {
        return None;
    }
    if asked.as_encoded_bytes().contains(&b'/') {
        let path = directory.join(asked);
        return path.exists().then_some(path);
    }
    let search = variables.get("PATH");
    let search = search.unwrap_or(OsStr::new("/usr/bin:/bin"));
    which::which_in(asked, Some(search), directory).ok()
}

fn spawn(job: &Job, asked: &OsStr, path: &Path, tag: &str) -> io::Result<(Child, PipeReader)> {
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(path);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.arg0(asked).process_group(0);
    }
    #[cfg(not(unix))]
    let _ = asked;
    command
        .args(&job.argv[1..])
        .current_dir(job.directory)
        .env_clear()
        .envs(job.variables.iter())
        // Tools that trust PWD must not be sent to where guard was called.
        .env("PWD", job.directory)
        .env(TAG, tag)
        .stdin(Stdio::null())
        .stdout(match job.apart {
            Some(file) => Stdio::from(file.try_clone()?),
            None => Stdio::from(writer.try_clone()?),
        })
        .stderr(writer);
    // The command, and with it guard's own copies of the writing end, is gone when this returns:
    // the reader sees the end when the last process that writes has ended.
    Ok((command.spawn()?, reader))
}

pub(super) fn explain(error: io::Error, program: String, path: &Path) -> StartError {
    /// The system's number for a file that it cannot read as a program; the same everywhere.
    const NOT_A_PROGRAM: i32 = 8;
    let why = match error.kind() {
        io::ErrorKind::PermissionDenied if path.is_dir() => "it is a folder",
        io::ErrorKind::PermissionDenied => "it is not executable",
        io::ErrorKind::NotFound => "the program of its `#!` line is missing",
        _ if error.raw_os_error() == Some(NOT_A_PROGRAM) => "it is not a program",
        _ => return StartError::System { program, error },
    };
    StartError::NotExecutable {
        program,
        why: why.to_owned(),
    }
}
