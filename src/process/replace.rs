//! Another program in guard's place: its exit code, its signals and its streams are its own.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Command;

use super::start::{StartError, explain, locate};
use super::variables::Variables;

/// Becomes this program, with these variables and no others. It comes back only where that fails; on a system
/// without such a step, with the exit code of a child.
pub fn replace(
    argv: &[OsString],
    variables: &Variables,
    directory: &Path,
) -> Result<i32, StartError> {
    let (asked, arguments) = argv.split_first().ok_or_else(|| StartError::NotFound {
        program: String::new(),
    })?;
    let program = asked.to_string_lossy().into_owned();
    let path = locate(asked, variables, directory).ok_or_else(|| StartError::NotFound {
        program: program.clone(),
    })?;
    let mut command = Command::new(&path);
    command
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs(variables.iter());
    become_it(&mut command, asked).map_err(|error| explain(error, program, &path))
}

#[cfg(unix)]
fn become_it(command: &mut Command, asked: &OsString) -> io::Result<i32> {
    use std::os::unix::process::CommandExt;
    Err(command.arg0(asked).exec())
}

#[cfg(not(unix))]
fn become_it(command: &mut Command, _: &OsString) -> io::Result<i32> {
    Ok(command.status()?.code().unwrap_or(1))
}
