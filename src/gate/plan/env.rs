//! The judgement of env files as a step of the plan.

use std::sync::Arc;

use super::Planner;
use crate::config::valid::CheckSettings;
use crate::engine::Step;
use crate::env::{self, CHECK, Choice};
use crate::event::Will;
use crate::gate::GateError;
use crate::gate::env::{Ground, Judging, NoGround, Reach, Scope, of_schema};
use crate::gate::subject::Selection;
use crate::moment::Moment;

impl Planner<'_, '_> {
    /// The judgement of env files; no step where the change is about none and the project has no schema.
    pub(super) fn env(&mut self, settings: &CheckSettings) -> Result<Option<Step>, GateError> {
        let filter = &self.request.filter;
        let reason = filter.reason(CHECK);
        if reason.is_some() && !filter.names(CHECK) {
            return Ok(None);
        }
        let is_whole = matches!(self.request.selection, Selection::AllFiles);
        let is_late = self.request.moment != Moment::Commit;
        let mut scopes = Vec::new();
        let mut why = reason.map(str::to_owned);
        for desk in &self.parts {
            let part = desk.part;
            match super::refusal(&settings.branches, &part.branches) {
                Ok(Some(refusal)) | Err(refusal) => {
                    why.get_or_insert(refusal);
                    continue;
                }
                Ok(None) => {}
            }
            if reason.is_some() {
                continue;
            }
            let changed = |change: &crate::change::Change| {
                let is_schema = of_schema(&change.path).is_some();
                is_schema || change.new.is_some() && env::is_judged(&change.path)
            };
            let is_about = part.changes.files.iter().any(changed);
            if !is_about && !is_late && !is_whole && !filter.asks(CHECK) {
                continue;
            }
            let wide = if is_whole || is_late {
                Reach::Everything
            } else {
                Reach::Change
            };
            let ground = match Ground::of(self.world.repository, &part.changes, wide) {
                Ok(ground) => ground,
                Err(NoGround::Schema(error)) => return Err(GateError::Schema(error)),
                Err(NoGround::Repository(error)) => return Err(error.into()),
            };
            if !is_about && !ground.is_there() && !filter.asks(CHECK) {
                continue;
            }
            let choice = self.choice(&part.branches, &ground);
            if ground.is_there() {
                ground.knows(&choice).map_err(GateError::Schema)?;
            }
            let reach = if is_whole || is_late && ground.is_there() {
                Reach::Everything
            } else {
                Reach::Change
            };
            scopes.push(Scope::Change {
                ground,
                reach,
                choice,
                commit: Some(&part.name).filter(|name| !name.is_empty()).cloned(),
                changes: Box::new(part.changes.clone()),
            });
        }
        if scopes.is_empty() && reason.is_none() && !filter.asks(CHECK) {
            return Ok(None);
        }
        let is_run = !scopes.is_empty();
        Ok(Some(Step {
            id: CHECK.to_owned(),
            needs: Vec::new(),
            will: if is_run { Will::Run } else { Will::Skip },
            reason: if is_run {
                "the change is about env files, or the project has a schema of them".to_owned()
            } else {
                why.unwrap_or_else(|| "nothing here is about env files".to_owned())
            },
            work: Some(Box::new(Judging {
                repository: Some(Arc::clone(self.world.repository)),
                scopes,
                settings: settings.clone(),
            })),
        }))
    }

    /// Which environment files are for that do not say it by their names.
    fn choice(&self, branches: &[String], ground: &Ground) -> Choice {
        let asked = self.world.environment.filled("GUARD_ENV");
        let schema = &ground.at(&crate::path::RepoPath::root()).1.schema().schema;
        let mut deployed = branches
            .iter()
            .filter(|_| self.request.moment != Moment::Commit);
        let is_production = |branch: &&String| {
            let environment = schema.environment_of_branch(branch);
            environment.is_some_and(|name| schema.for_environment(Some(name)).is_production())
        };
        // One commit may go to several branches: what is right in production is wanted most.
        let production = deployed.clone().find(is_production);
        let some = || deployed.find(|branch| schema.environment_of_branch(branch).is_some());
        Choice {
            forced: None,
            asked: asked.map(str::to_owned),
            branch: production.or_else(some).cloned(),
        }
    }
}
