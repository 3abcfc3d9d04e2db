//! The tools of the built-in checks: those that the whole project would be judged by.

use std::collections::BTreeSet;

use super::World;
use super::tools::Wanted;
use crate::adapter::{self, Ask};
use crate::change;
use crate::command::known;
use crate::command::program::{self, Main};
use crate::moment::Moment;
use crate::process::variables::Variables;
use crate::project::{Judgement, Project};
use crate::repository::Judged;
use crate::tool::Finder;

/// Every tool of which the index has a trace, each once a package.
pub(super) fn wanted(world: &World, variables: &Variables) -> Vec<Wanted> {
    let (Some(Ok(loaded)), Ok(repository), Some(work_tree)) =
        (&world.config, &world.repository, world.work_tree())
    else {
        return Vec::new();
    };
    // What cannot be listed is said by the line about the repository.
    let Ok(all) = change::everything(repository, Judged::Index) else {
        return Vec::new();
    };
    let project = Project::new(Judgement::new(repository, Judged::Index));
    let finder = Finder::new(Some(work_tree), &world.environment);
    let mut seen = BTreeSet::new();
    let mut wanted = Vec::new();
    for adapter in adapter::ALL {
        let settings = &loaded.config.checks[adapter.check()];
        if !settings.enabled || !settings.uses(adapter.id()) {
            continue;
        }
        let ask = Ask {
            project: &project,
            changed: &all.files,
            finder: &finder,
            settings,
            coverage: None,
            moment: Moment::Push,
        };
        for unit in adapter.units(&ask) {
            let place = if unit.root.is_root() {
                String::new()
            } else {
                format!("@{}", unit.root)
            };
            let name = format!("{}{place}", unit.tool);
            if !seen.insert(name.clone()) {
                continue;
            }
            // A command of the team's own may have that name: each line has an id of its own.
            let id = if loaded.config.commands.contains_key(&name) {
                format!("tool-{}-{name}", adapter.check())
            } else {
                format!("tool-{name}")
            };
            let folder = work_tree.join(unit.root.to_os());
            let main = match &unit.call {
                Ok(call) => {
                    let command = known::command(call, &unit.root, settings);
                    program::main(unit.tool, &command, variables, work_tree)
                }
                Err(missing) => Main::Missing {
                    name: unit.tool.to_owned(),
                    remedy: missing.remedy.clone(),
                },
            };
            wanted.push(Wanted { id, folder, main });
        }
    }
    wanted
}
