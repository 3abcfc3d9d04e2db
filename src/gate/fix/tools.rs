//! The repairing forms of the tools that the project already has.

use crate::adapter::{self, Ask};
use crate::check::{self, Check};
use crate::command::branches;
use crate::command::fix::{Fixer, Repair, Repairing};
use crate::command::known;
use crate::config::valid::CheckSettings;
use crate::path::RepoPath;
use crate::process::variables::Variables;
use crate::project::{Judgement, Project};
use crate::tool::{Finder, Unit};

use super::super::plan::tools::without;
use super::{Found, Known, Seeking};

/// The check whose repairs come last.
const FORMAT: &str = "format";

/// Everything that the tools of this project could repair in this change.
pub(super) fn tools(seeking: &Seeking<'_>) -> Vec<Known> {
    let world = seeking.world;
    // Nobody looks at the project unless fixes of tools are wanted.
    let probe = |settings: &CheckSettings| {
        settings.enabled && (seeking.wants_tools)(settings) && !seeking.changes.files.is_empty()
    };
    let mut wanted: Vec<(&Check, &CheckSettings)> = check::ALL
        .iter()
        .filter_map(|check| Some((*check, world.config.checks.get(check.id)?)))
        .filter(|(_, settings)| probe(settings))
        .collect();
    // What a linter repairs is formatted afterwards.
    wanted.sort_by_key(|(check, _)| check.id == FORMAT);
    if wanted.is_empty() {
        return Vec::new();
    }
    let judged = seeking.changes.judged;
    let project = Project::new(Judgement::new(world.repository, judged));
    let finder = Finder::new(world.repository.work_tree(), world.environment);
    let mut known = Vec::new();
    for (check, settings) in wanted {
        let branch = seeking.branches.first().map(String::as_str);
        if !matches!(branches::skip_reason(&settings.branches, branch), Ok(None)) {
            continue;
        }
        // A pattern that cannot be read stops the judgement, which says so.
        let Ok(changed) = without(&seeking.changes.files, &settings.exclude) else {
            continue;
        };
        let ask = Ask {
            project: &project,
            changed: changed.as_deref().unwrap_or(&seeking.changes.files),
            finder: &finder,
            settings,
            coverage: None,
            moment: seeking.moment,
        };
        let adapters = adapter::ALL
            .iter()
            .filter(|adapter| adapter.check() == check.id && settings.uses(adapter.id()));
        for unit in adapters.flat_map(|adapter| adapter.units(&ask)) {
            known.extend(of_unit(seeking, check, settings, unit));
        }
    }
    known
}

/// The repairing form of one tool, where it has one.
fn of_unit(
    seeking: &Seeking<'_>,
    check: &'static Check,
    settings: &CheckSettings,
    unit: Unit,
) -> Option<Known> {
    let name = name(check.id, unit.tool, &unit.root);
    // Whether a tool that is not there could repair anything is not known; the judgement says what is missing.
    let call = unit.call.ok()?;
    let mut command = known::command(&call, &unit.root, settings);
    let repair = call.fix.as_ref()?;
    let kind = repair.kind;
    let set = |name: &str| settings.env.contains_key(name);
    for name in repair.without.iter().filter(|name| !set(name)) {
        command.env.remove(*name);
    }
    let run = command.fix?;
    let fixer = match seeking.filter.reason(check.id) {
        Some(reason) => Err(reason.to_owned()),
        None if run.takes_files() && unit.files.is_empty() => Err("no matching files".to_owned()),
        None => Ok(Found {
            files: unit.files.len(),
            isolate: command.isolate,
            more: Vec::new(),
            fixer: Fixer {
                id: check.id.to_owned(),
                fix: kind,
                repair: Repair::Command(Repairing {
                    run,
                    root: unit.root,
                    files: unit.files,
                    variables: Variables::of(
                        seeking.world.environment,
                        &command.pass_env,
                        &command.env,
                    ),
                    timeout: command.timeout,
                }),
            },
        }),
    };
    Some(Known {
        id: name,
        // A repair mends what is the check's own, not a timeout.
        codes: check.codes().get(..1).unwrap_or_default(),
        fixer,
    })
}

/// A name of its own for each tool and package.
fn name(check: &str, tool: &str, root: &RepoPath) -> String {
    if root.is_root() {
        format!("{check}:{tool}")
    } else {
        format!("{check}:{tool}@{root}")
    }
}
