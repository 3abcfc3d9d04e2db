//! The search for secrets as a step of the plan.

use std::sync::Arc;

use super::Planner;
use crate::change::{Change, ChangeSet};
use crate::config::valid::CheckSettings;
use crate::engine::Step;
use crate::event::Will;
use crate::gate::secrets::{Ready, RuleError, Scope, Search, Searching};
use crate::secrets::CHECK;

impl Planner<'_, '_> {
    /// The search for secrets; no step where nothing goes out that could hold any.
    pub(super) fn secrets(&mut self, settings: &CheckSettings) -> Result<Option<Step>, RuleError> {
        let filter = &self.request.filter;
        let reason = filter.reason(CHECK);
        if reason.is_some() && !filter.names(CHECK) {
            return Ok(None);
        }
        let mut scopes = Vec::new();
        let mut why = reason.map(str::to_owned);
        for desk in &self.parts {
            let part = desk.part;
            match super::refusal(&settings.branches, &part.branches) {
                Ok(Some(refusal)) | Err(refusal) => drop(why.get_or_insert(refusal)),
                Ok(None) => scopes.push(Scope::of(&part.changes)),
            }
        }
        let changed = changed(self.parts.iter().map(|desk| &desk.part.changes));
        scopes.retain(|scope| !scope.is_empty());
        if scopes.is_empty() && reason.is_none() && !filter.asks(CHECK) {
            return Ok(None);
        }
        let will = if scopes.is_empty() || reason.is_some() {
            Will::Skip
        } else {
            Will::Run
        };
        let because = match will {
            Will::Run => Scope::words(&scopes),
            _ => why.unwrap_or_else(|| "nothing here brings any content".to_owned()),
        };
        let root = self.world.repository.work_tree();
        let ready = Arc::new(Ready::of(root)?);
        let searching = Arc::new(Searching::default());
        self.searching = (will == Will::Run).then(|| Arc::clone(&searching));
        Ok(Some(Step {
            id: CHECK.to_owned(),
            needs: Vec::new(),
            will,
            reason: because,
            work: Some(Box::new(Search {
                repository: Some(Arc::clone(self.world.repository)),
                scopes,
                is_whole: false,
                changed,
                settings: settings.clone(),
                ready,
                cache: self.request.cache,
                update: None,
                searching,
            })),
        }))
    }
}

/// What differs from a base; where there is none, nothing is looser than before.
fn changed<'c>(parts: impl Iterator<Item = &'c ChangeSet>) -> Vec<Change> {
    parts
        .filter(|changes| changes.base.is_some())
        .flat_map(|changes| changes.files.iter().cloned())
        .collect()
}
