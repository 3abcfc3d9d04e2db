//! Writing a baseline: all that is found now is known from now on.

use std::path::PathBuf;

use miette::Diagnostic as _;

use crate::outcome::Outcome;
use crate::secrets::pardon::{self, Draft, Pardons};

/// A baseline that is to be written.
#[derive(Clone, Debug)]
pub(in crate::gate) struct Update {
    /// The work tree: no link below it is followed.
    pub(super) root: PathBuf,
    /// The file.
    pub(super) path: PathBuf,
    /// Whether everything is searched that a baseline can be about: then what is not found is forgotten.
    pub(super) is_whole: bool,
}

impl Update {
    /// Begins it, on what the old one knows.
    pub(super) fn draft(&self, pardons: &Pardons) -> Result<Draft, Outcome> {
        if let Some(old) = &pardons.baseline {
            return Ok(Draft::of(old, |_| self.is_whole));
        }
        let salt = pardon::salt().map_err(|error| {
            let reason = format!("no randomness for a baseline: {error}");
            Outcome::unknown(
                reason,
                "try again; the system must have a source of randomness",
            )
        })?;
        Ok(Draft::new(salt))
    }

    /// Writes it; how it went, in a line.
    pub(super) fn write(&self, draft: Draft, pardons: &Pardons) -> (Outcome, String) {
        let new = draft.finish();
        let (before, now) = (
            pardons
                .baseline
                .as_ref()
                .map_or(0, |old| old.entries().len()),
            new.entries().len(),
        );
        let name = self.path.strip_prefix(&self.root).unwrap_or(&self.path);
        let name = name.display();
        match pardon::write(&self.root, &self.path, &new.text()) {
            Ok(true) => (
                Outcome::Passed,
                format!(
                    "{name}: {now} known findings, {before} before; look at each and rotate what is real\n"
                ),
            ),
            Ok(false) => (
                Outcome::Passed,
                format!("{name}: {now} known findings, as before\n"),
            ),
            Err(refused) => {
                let help = refused.help().map(|help| help.to_string());
                (
                    Outcome::unknown(refused.to_string(), help.unwrap_or_default()),
                    String::new(),
                )
            }
        }
    }
}
