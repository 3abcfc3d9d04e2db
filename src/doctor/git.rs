//! `git`, `reader` and `owner`: the git program, who reads this repository, and whether git trusts it.

use std::path::Path;
use std::time::Duration;

use super::{World, ask, shown};
use crate::health::{Line, State, quoted};
use crate::process::git::Git;
use crate::repository::RepositoryError;

/// The first version by which a hook can be tried, and the first that gives one standard input.
const TRIES_HOOKS: (u32, u32) = (2, 36);
/// A question is answered in milliseconds; a git that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn look(world: &World) -> Vec<Line> {
    vec![program(world), reader(world), owner(world)]
}

fn program(world: &World) -> Line {
    let directory = &world.environment.directory;
    let untrusted: Vec<&Path> = world.work_tree().into_iter().collect();
    let git = match Git::find(&world.environment, directory, &untrusted) {
        Ok(git) => git.within(PATIENCE),
        Err(error) => {
            let why = format!("{error}: hooks and ranges cannot be judged without it");
            return Line::new("git", State::Error, why);
        }
    };
    let place = shown(git.program());
    match git.ask(&["version"]) {
        Ok(answer) if answer.good() => {
            let said = String::from_utf8_lossy(&answer.out).trim().to_owned();
            version(&said, &place)
        }
        Ok(answer) => {
            let why = format!("{place} does not say its version: {}", answer.complaint());
            Line::new("git", State::Error, why)
        }
        Err(error) => Line::new("git", State::Unknown, format!("{place}: {error}")),
    }
}

fn version(said: &str, place: &str) -> Line {
    let number = ask::number(said);
    let parsed = number.and_then(|number| {
        let mut parts = number.split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    });
    match (number, parsed) {
        (Some(number), Some(parsed)) if parsed < TRIES_HOOKS => {
            let why =
                format!("{number}, {place}: older than 2.36, so no hook can be tried with it");
            Line::new("git", State::Warning, why)
        }
        (Some(number), Some(_)) => Line::ok("git", format!("{number}, {place}")),
        _ => Line::new(
            "git",
            State::Warning,
            format!("{place}: says `{said}`, which is no version"),
        ),
    }
}

/// Who reads: asked for something, so that what stands in the way shows.
fn reader(world: &World) -> Line {
    let repository = match world.repository("reader") {
        Ok(repository) => repository,
        Err(line) => return line,
    };
    let asked = repository
        .branch()
        .and_then(|_| repository.is_tracked(&"guard.yaml".into()));
    match asked {
        Ok(_) => Line::ok("reader", repository.reader()),
        Err(error) => Line::new("reader", State::Error, error.to_string()).fix("git fsck"),
    }
}

fn owner(world: &World) -> Line {
    let id = "owner";
    match &world.repository {
        Ok(repository) => match foreign(repository.git_dir()) {
            Some(user) => {
                let why =
                    format!("user {user} owns the repository, and git trusts it all the same");
                Line::ok(id, why)
            }
            None => Line::ok(id, "the repository is yours"),
        },
        Err(RepositoryError::ForeignOwner { path }) => {
            let place = shown(path);
            let why = format!("another user owns {place}, so git reads nothing from it");
            let folder = quoted(&path.to_string_lossy());
            Line::new(id, State::Error, why)
                .fix(format!("git config --global --add safe.directory {folder}"))
        }
        Err(RepositoryError::NotFound { .. }) => Line::skipped(id, super::NO_REPOSITORY),
        Err(error) => Line::new(id, State::Error, error.to_string()).fix("git status"),
    }
}

/// The user who owns a folder, where that is somebody else.
#[cfg(unix)]
fn foreign(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    let user = folder.metadata().ok()?.uid();
    (user != rustix::process::geteuid().as_raw()).then_some(user)
}

#[cfg(not(unix))]
fn foreign(_: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_git_is_told() {
        for (said, state) in [
            ("git version 2.47.3", State::Ok),
            ("git version 2.39.5 (Apple Git-154)", State::Ok),
            ("git version 2.35.1.windows.2", State::Warning),
            ("git version 3.0-rc1", State::Warning),
            ("hub", State::Warning),
        ] {
            assert_eq!(version(said, "/usr/bin/git").state, state, "{said}");
        }
    }
}
