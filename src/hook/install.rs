//! Putting hooks in: look, decide, write, prove.

use super::apply::apply;
use super::error::HookError;
use super::files::Sharing;
use super::git::Git;
use super::place::Place;
use super::plan::{Caller, plan};
use super::probe::prove;
use super::shell::line;
use super::{Done, FileChange, Install, Preview};
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

/// Says what an install would write, and writes nothing.
pub fn preview(environment: &Environment, install: &Install) -> Result<Preview, HookError> {
    let mut git = Git::locate(environment)?;
    let place = Place::find(&mut git)?;
    if let Some(refusal) = place.refusal(&install.names, &|name| line(name, install.missing)) {
        return Err(refusal);
    }
    let plan = plan(&place, install)?;
    let mut preview = Preview::default();
    for shim in &plan.shims {
        preview.files.push(FileChange {
            path: place.shown(&shim.path),
            is_new: shim.before.is_none() && shim.keep.is_none(),
            lines: lines(&shim.bytes),
        });
        if let Some(kept) = &shim.keep {
            let kept = place.shown(kept);
            let notes = &mut preview.notes;
            notes.push(format!("your own hook is kept as {kept}, and runs first"));
        }
    }
    for (path, text) in &plan.texts {
        let before = text.before.as_deref().map_or(0, lines);
        preview.files.push(FileChange {
            path: place.shown(path),
            is_new: text.before.is_none(),
            lines: lines(&text.bytes).saturating_sub(before),
        });
    }
    for hook in &plan.hooks {
        if let Caller::ByHand(what) = &hook.caller {
            preview.notes.push(format!("{}: {what}", hook.name));
        }
    }
    Ok(preview)
}

fn lines(bytes: &[u8]) -> usize {
    bytes.split_inclusive(|byte| *byte == b'\n').count()
}

fn sharing(git: &Git<'_>) -> Result<Sharing, HookError> {
    let answer = git.try_ask(&["config", "--get", "core.sharedRepository"])?;
    Ok(Sharing::parse(&String::from_utf8_lossy(&answer.out)))
}
