//! Fixes before the judgement: at a commit, the repairing forms of commands run first, and what they made is judged.

use std::sync::Arc;

use crate::change::Change;
use crate::checkout::Checkouts;
use crate::command::branches;
use crate::command::fix::{FixWork, Fixer};
use crate::command::select::{self, Decision};
use crate::config::valid::{Command, Isolate};
use crate::engine::{Plan, PlanError, Step};
use crate::event::Will;
use crate::moment::Moment;
use crate::process::variables::Variables;

use super::plan::candidate;
use super::subject::{Part, Subject};
use super::{FIX, Filter, Request, World};

/// Which fixes are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fixes {
    /// Those of commands with `fix_on_commit`.
    #[default]
    Configured,
    /// All.
    All,
    /// None: nothing is to be written back.
    Never,
}

/// The step that repairs what is staged; none where nothing is to be repaired.
pub(super) fn plan(
    world: &World<'_>,
    request: &Request,
    subject: &Subject,
    checkouts: &Arc<Checkouts>,
) -> Result<Option<Plan>, PlanError> {
    // A push sends commits that are made: nothing is written back there.
    let [part] = subject.parts.as_slice() else {
        return Ok(None);
    };
    let written_back = request.moment == Moment::Commit && request.fixes != Fixes::Never;
    if !written_back || world.repository.work_tree().is_none() {
        return Ok(None);
    }
    let wanted = world.config.commands.iter().filter(|(_, command)| {
        command.at.contains(&Moment::Commit)
            && (request.fixes == Fixes::All || command.fix_on_commit)
    });
    let mut isolate = Isolate::Link;
    let mut fixers = Vec::new();
    for (id, command) in wanted {
        if let Some(fixer) = fixer(world, &request.filter, part, id, command) {
            isolate = isolate.max(command.isolate);
            fixers.push(fixer);
        }
    }
    if fixers.is_empty() {
        return Ok(None);
    }
    let ids: Vec<&str> = fixers.iter().map(|fixer| fixer.id.as_str()).collect();
    let reason = format!("repairs what is staged: {}", ids.join(", "));
    let skipped = request
        .filter
        .reason(FIX)
        .filter(|_| request.filter.names(FIX));
    let changes: Vec<Change> = part.changes.files.clone();
    let work = FixWork {
        id: FIX,
        fixers,
        changes,
        repository: Arc::clone(world.repository),
        environment: world.environment.clone(),
        checkouts: Arc::clone(checkouts),
        isolate,
        redactor: world.redactor.clone(),
        empty: world.config.empty_fix,
    };
    let step = Step {
        id: FIX.to_owned(),
        needs: Vec::new(),
        will: if skipped.is_some() {
            Will::Skip
        } else {
            Will::Run
        },
        reason: skipped.map_or(reason, ToOwned::to_owned),
        work: Some(Box::new(work)),
    };
    Plan::new(vec![step]).map(Some)
}

/// The repairing form of a command, where the command is about this change.
fn fixer(
    world: &World<'_>,
    filter: &Filter,
    part: &Part,
    id: &str,
    command: &Command,
) -> Option<Fixer> {
    let run = command.fix.clone()?;
    if filter.reason(id).is_some() || !is_for(command, &part.branches) {
        return None;
    }
    let changed: Vec<_> = part.changes.files.iter().map(candidate).collect();
    // A pattern that cannot be read stops the judgement, which says so.
    let Ok(Decision::Run { files, .. }) = select::decide(command, &changed) else {
        return None;
    };
    if run.takes_files() && files.is_empty() {
        return None;
    }
    Some(Fixer {
        id: id.to_owned(),
        run,
        root: command.root.clone(),
        files,
        variables: Variables::of(world.environment, &command.pass_env, &command.env),
        timeout: command.timeout,
    })
}

fn is_for(command: &Command, on: &[String]) -> bool {
    let branch = on.first().map(String::as_str);
    matches!(branches::skip_reason(&command.branches, branch), Ok(None))
}
