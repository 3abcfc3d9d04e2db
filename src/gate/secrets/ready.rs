//! What a search goes by: guard's rules, the team's, and what was allowed. Read once, before anything runs.

use std::path::Path;

use miette::Diagnostic;

use crate::secrets::Fault;
use crate::secrets::file;
use crate::secrets::pardon::{Baseline, Detected, Ignored, Pardons};
use crate::secrets::set::RuleSet;

/// A file of rules or of pardons that cannot be read. Exit code 2.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error(transparent)]
#[diagnostic(transparent)]
pub struct RuleError(Fault);

/// Rules and pardons.
pub(in crate::gate) struct Ready {
    pub(in crate::gate) set: RuleSet,
    pub(in crate::gate) pardons: Pardons,
}

impl Ready {
    /// Those of a work tree; without one, guard's own rules and nothing allowed.
    pub(in crate::gate) fn of(root: Option<&Path>) -> Result<Self, RuleError> {
        Self::with(root, None)
    }

    /// Likewise, with another baseline than the usual one: its name, and what it holds.
    pub(in crate::gate) fn with(
        root: Option<&Path>,
        baseline: Option<(&str, &[u8])>,
    ) -> Result<Self, RuleError> {
        let read = |name: &str| std::fs::read(root?.join(name)).ok();
        let set = match read(file::NAME) {
            Some(bytes) => file::read(file::NAME, &bytes, &read).map_err(RuleError)?,
            None => RuleSet::built_in(),
        };
        let usual = read(Baseline::NAME);
        let baseline = baseline.or(usual.as_deref().map(|bytes| (Baseline::NAME, bytes)));
        let baseline = baseline.map(|(name, bytes)| Baseline::parse(name, bytes));
        let ignored = read(Ignored::NAME).map(|bytes| Ignored::parse(Ignored::NAME, &bytes));
        let detected = read(Detected::NAME).map(|bytes| Detected::parse(Detected::NAME, &bytes));
        Ok(Self {
            set,
            pardons: Pardons {
                baseline: baseline.transpose().map_err(RuleError)?,
                ignored: ignored.transpose().map_err(RuleError)?,
                detected: detected.transpose().map_err(RuleError)?,
            },
        })
    }
}
