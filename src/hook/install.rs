//! Putting hooks in: look, decide, write, prove.

use super::apply::apply;
use super::error::HookError;
use super::files::Sharing;
use super::git::Git;
use super::place::Place;
use super::plan::plan;
use super::probe::prove;
use super::shell::line;
use super::{Done, Install};
use crate::environment::Environment;

/// Puts the hooks in and proves that they fire. A second time changes no byte.
pub fn install(environment: &Environment, install: &Install) -> Result<Vec<Done>, HookError> {
    let mut git = Git::locate(environment)?;
    let place = Place::find(&mut git)?;
    if let Some(refusal) = place.refusal(&install.names, &|name| line(name, install.missing)) {
        return Err(refusal);
    }
    let plan = plan(&place, install)?;
    apply(&plan, sharing(&git)?)?;
    let mut done = Vec::new();
    for planned in plan.hooks {
        let fires = prove(&git, &place, &planned)?;
        done.push(Done {
            name: planned.name,
            what: planned.what,
            fires,
        });
    }
    Ok(done)
}

fn sharing(git: &Git<'_>) -> Result<Sharing, HookError> {
    let answer = git.try_ask(&["config", "--get", "core.sharedRepository"])?;
    Ok(Sharing::parse(&String::from_utf8_lossy(&answer.out)))
}
