//! Who repairs what: the fixers that a change has, for a commit that repairs itself and for `guard fix`.

mod built;
mod tools;
mod written;

use std::sync::Arc;

use crate::change::{Change, ChangeSet};
use crate::checkout::Checkouts;
use crate::command::branches;
use crate::command::fix::{FixWork, Fixer, Repair, Repairing, Rest};
use crate::command::select::{self, Decision};
use crate::config::valid::{CheckSettings, Command, EmptyFix, Isolate};
use crate::engine::{Plan, PlanError, Step};
use crate::event::Will;
use crate::finding::code::Code;
use crate::finding::{Fix, code};
use crate::moment::Moment;
use crate::path::RepoPath;
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

/// What a source of fixers is asked.
pub(super) struct Seeking<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) filter: &'a Filter,
    /// The files to be repaired.
    pub(super) changes: &'a ChangeSet,
    /// The branches that they are for.
    pub(super) branches: &'a [String],
    /// Which commands count, beside having a `fix`.
    pub(super) counts: &'a dyn Fn(&Command) -> bool,
    /// Which built-in checks count.
    pub(super) wants_tools: &'a dyn Fn(&CheckSettings) -> bool,
    /// When.
    pub(super) moment: Moment,
    /// Which files may be written.
    pub(super) reach: Reach,
}

/// Which files a repair may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Those of the change: nothing else belongs into the commit that is being made.
    Change,
    /// Others too: somebody asked for it.
    Beyond,
}

/// What a source knows of: by its name, a fixer or the reason why it is not for this change.
pub(super) struct Known {
    pub(super) id: String,
    /// The codes of the findings that it mends.
    pub(super) codes: &'static [Code],
    pub(super) fixer: Result<Found, String>,
}

/// A fixer, and what it is about.
pub(super) struct Found {
    pub(super) fixer: Fixer,
    /// How many files it is about.
    pub(super) files: usize,
    /// How dependencies come into the checkout that it runs in.
    pub(super) isolate: Isolate,
    /// Files besides those of the change that it writes.
    pub(super) more: Vec<Change>,
}

/// What the repairing form of a command mends.
const COMMAND: &[Code] = &[code::CMD_FAILED];

type Source = fn(&Seeking<'_>) -> Vec<Known>;

/// Where fixers come from, in the order in which they repair: one line each.
const SOURCES: &[Source] = &[commands, tools::tools, built::ignoring, written::env_files];

/// Everybody who could repair this change.
pub(super) fn known(seeking: &Seeking<'_>) -> Vec<Known> {
    SOURCES.iter().flat_map(|source| source(seeking)).collect()
}

/// The repairing forms of the team's commands.
fn commands(seeking: &Seeking<'_>) -> Vec<Known> {
    let all = seeking.world.config.commands.iter();
    let counting = all.filter(|(_, command)| (seeking.counts)(command));
    counting
        .filter_map(|(id, command)| of_command(seeking, id, command))
        .collect()
}

/// The repairing form of a command, where it has one.
fn of_command(seeking: &Seeking<'_>, id: &str, command: &Command) -> Option<Known> {
    let run = command.fix.clone()?;
    let fixer = about(seeking, id, command).and_then(|files| {
        if run.takes_files() && files.is_empty() {
            return Err("no matching files".to_owned());
        }
        let variables = Variables::of(seeking.world.environment, &command.pass_env, &command.env);
        Ok(Found {
            files: files.len(),
            isolate: command.isolate,
            more: Vec::new(),
            fixer: Fixer {
                id: id.to_owned(),
                fix: Fix::Safe,
                repair: Repair::Command(Repairing {
                    run,
                    root: command.root.clone(),
                    files,
                    variables,
                    timeout: command.timeout,
                }),
            },
        })
    });
    Some(Known {
        id: id.to_owned(),
        codes: COMMAND,
        fixer,
    })
}

/// The files of the change that a command is about, or why it is not about this change.
fn about(seeking: &Seeking<'_>, id: &str, command: &Command) -> Result<Vec<RepoPath>, String> {
    if let Some(reason) = seeking.filter.reason(id) {
        return Err(reason.to_owned());
    }
    let branch = seeking.branches.first().map(String::as_str);
    let odd = |error: &dyn std::fmt::Display| error.to_string();
    if let Some(reason) =
        branches::skip_reason(&command.branches, branch).map_err(|error| odd(&error))?
    {
        return Err(reason);
    }
    let changed: Vec<_> = seeking.changes.files.iter().map(candidate).collect();
    match select::decide(command, &changed).map_err(|error| odd(&error))? {
        Decision::Run { files, .. } => Ok(files),
        Decision::Skip { reason } => Err(reason),
    }
}

/// The work of these fixers on these files.
pub(super) fn work(
    world: &World<'_>,
    checkouts: &Arc<Checkouts>,
    (found, changes): (Vec<Found>, Vec<Change>),
    (empty, rest): (EmptyFix, Rest),
) -> FixWork {
    let isolate = found.iter().map(|found| found.isolate);
    let isolate = isolate.max().unwrap_or_default();
    let (found, mut changes) = (found, changes);
    changes.extend(found.iter().flat_map(|found| found.more.clone()));
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    FixWork {
        id: FIX,
        isolate,
        fixers: found.into_iter().map(|found| found.fixer).collect(),
        changes,
        repository: Arc::clone(world.repository),
        environment: world.environment.clone(),
        checkouts: Arc::clone(checkouts),
        redactor: world.redactor.clone(),
        empty,
        rest,
    }
}

/// The step that repairs what is staged; none where nothing is to be repaired.
pub(super) fn plan(
    world: &World<'_>,
    request: &Request,
    subject: &Subject,
    checkouts: &Arc<Checkouts>,
) -> Result<Option<Plan>, PlanError> {
    // A push sends commits that are made: nothing is written back there.
    let [
        Part {
            changes, branches, ..
        },
    ] = subject.parts.as_slice()
    else {
        return Ok(None);
    };
    let written_back = request.moment == Moment::Commit && request.fixes != Fixes::Never;
    if !written_back || world.repository.work_tree().is_none() {
        return Ok(None);
    }
    let seeking = Seeking {
        world,
        filter: &request.filter,
        changes,
        branches,
        counts: &|command| {
            command.at.contains(&Moment::Commit)
                && (request.fixes == Fixes::All || command.fix_on_commit)
        },
        wants_tools: &|settings| {
            request.fixes == Fixes::All && settings.at.contains(&Moment::Commit)
        },
        moment: Moment::Commit,
        reach: Reach::Change,
    };
    // A pattern that cannot be read stops the judgement, which says so.
    let found: Vec<Found> = known(&seeking)
        .into_iter()
        .filter_map(|known| known.fixer.ok())
        .filter(|found| found.fixer.fix == Fix::Safe)
        .collect();
    if found.is_empty() {
        return Ok(None);
    }
    let ids: Vec<&str> = found.iter().map(|found| found.fixer.id.as_str()).collect();
    let reason = format!("repairs what is staged: {}", ids.join(", "));
    let skipped = request
        .filter
        .reason(FIX)
        .filter(|_| request.filter.names(FIX));
    let handed = (found, changes.files.clone());
    let work = work(
        world,
        checkouts,
        handed,
        (world.config.empty_fix, Rest::Judged),
    );
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
