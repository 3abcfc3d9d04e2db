//! The tracked sources that read, declare or set a variable: code, workflows, compose files, Dockerfiles.

use rayon::prelude::*;
use serde_json::{Value, json};

use crate::change;
use crate::cli::env::base::Base;
use crate::path::RepoPath;
use crate::repository::{Blob, Judged, RepositoryError};
use crate::usage::{self, File, Kept, Usage, Why};
use crate::variable::What;

/// All that sources say.
pub(super) struct Uses(Usage);

/// One place.
pub(super) struct Used {
    path: RepoPath,
    line: u32,
    what: What,
}

/// Every plain file that is tracked, as it is staged; none outside of a repository.
pub(super) fn staged(base: &Base) -> Result<Vec<(RepoPath, Blob)>, RepositoryError> {
    let Some(repository) = &base.repository else {
        return Ok(Vec::new());
    };
    let staged = change::everything(repository, Judged::Index)?.files;
    let staged = staged.into_iter();
    let staged = staged.filter_map(|file| Some((file.path, file.new?)));
    Ok(staged.filter(|(_, blob)| blob.mode.is_regular()).collect())
}

impl Uses {
    /// Reads every source.
    pub(super) fn scan(base: &Base, staged: Vec<(RepoPath, Blob)>) -> Self {
        let Some(repository) = &base.repository else {
            return Self(Usage::default());
        };
        let kept = Kept::of(repository.common_dir());
        let files = staged.into_par_iter().map(|(path, blob)| File {
            path,
            id: blob.id.as_bytes().try_into().ok(),
            read: move || {
                let bytes = repository.read(&blob.id).ok().flatten();
                bytes.map(Into::into).ok_or(Why::NoBytes)
            },
        });
        Self(usage::scan(files, &kept))
    }

    /// Every place that names it.
    pub(super) fn of(&self, name: &str) -> Vec<Used> {
        let mut all = Vec::new();
        for source in &self.0.sources {
            let spots = source.content.spots.iter();
            let spots = spots.filter(|spot| spot.name == name && spot.what != What::File);
            all.extend(spots.map(|spot| Used {
                path: source.path.clone(),
                line: spot.line,
                what: spot.what,
            }));
        }
        all.dedup_by(|a, b| a.path == b.path && a.line == b.line && a.what == b.what);
        all
    }

    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let spots = self
            .0
            .sources
            .iter()
            .flat_map(|source| &source.content.spots);
        let spots = spots.filter(|spot| spot.what != What::File && !spot.name.is_empty());
        spots.map(|spot| spot.name.clone())
    }
}

impl Used {
    /// Whether a program asks for it there; else somebody sets it, or hands it in.
    pub(super) fn is_read(&self) -> bool {
        matches!(self.what, What::Read | What::Declared)
    }

    /// `path:line`, for people and programs.
    pub(super) fn place(&self) -> String {
        let path = self.path.to_text();
        format!("{}:{}", crate::terminal::escape_line(&path), self.line)
    }

    pub(super) fn words(&self) -> &'static str {
        match self.what {
            What::Read | What::Dynamic | What::File => "read",
            What::Declared => "declared",
            What::Assigned => "set",
            What::Secret => "a secret of the forge",
            What::Setting => "a variable of the forge",
        }
    }

    pub(super) fn data(&self) -> Value {
        let how = match self.what {
            What::Secret => "secret",
            What::Setting => "variable",
            _ => "set",
        };
        json!({ "place": self.place(), "as": how })
    }
}
