//! Patterns as gitignore writes them: the last that matches decides, `!` takes back.

mod narrow;

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use miette::Diagnostic;
use thiserror::Error;

use crate::path::RepoPath;

/// A pattern that cannot be read.
#[derive(Debug, Error, Diagnostic)]
#[error("`{pattern}` is not a pattern: {why}")]
#[diagnostic(help("patterns are written as in .gitignore: `*.ts`, `src/**`, `!src/generated/**`"))]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub why: String,
}

/// Patterns that together pick some of many names.
pub struct Patterns(Gitignore);

impl Patterns {
    /// Patterns for files, relative to one folder.
    pub fn of_files(patterns: &[String]) -> Result<Self, PatternError> {
        Self::build(
            "*",
            patterns.iter().map(|pattern| (pattern, pattern.clone())),
        )
    }

    /// The same, good for these paths only; `None` when they pick none of them for sure.
    pub fn for_paths(
        patterns: &[String],
        paths: &[&RepoPath],
    ) -> Result<Option<Self>, PatternError> {
        let patterns = narrow::narrow(patterns, paths);
        if patterns.is_empty() {
            return Ok(None);
        }
        Self::of_files(&patterns).map(Some)
    }

    /// Patterns for whole names such as those of branches: `main` is not in `feature/main`.
    pub fn of_names(patterns: &[String]) -> Result<Self, PatternError> {
        let anchored = patterns.iter().map(|pattern| {
            let anchored = match pattern.strip_prefix('!') {
                Some(pattern) => format!("!/{pattern}"),
                None => format!("/{pattern}"),
            };
            (pattern, anchored)
        });
        Self::build("/**", anchored)
    }

    fn build<'p>(
        everything: &str,
        patterns: impl Iterator<Item = (&'p String, String)>,
    ) -> Result<Self, PatternError> {
        let mut builder = GitignoreBuilder::new("");
        let mut add = |original: &str, pattern: &str| {
            builder
                .add_line(None, pattern)
                .map(|_| ())
                .map_err(|error| PatternError {
                    pattern: original.to_owned(),
                    why: match error {
                        ignore::Error::Glob { err, .. } => err,
                        other => other.to_string(),
                    },
                })
        };
        let patterns: Vec<(&String, String)> = patterns.collect();
        // Patterns that only take back take back from everything.
        if !patterns.is_empty() && patterns.iter().all(|(_, pattern)| pattern.starts_with('!')) {
            add(everything, everything)?;
        }
        for (original, pattern) in &patterns {
            add(original, pattern)?;
        }
        builder.build().map(Self).map_err(|error| PatternError {
            pattern: String::new(),
            why: error.to_string(),
        })
    }

    /// Whether a file is picked, by its own path or by a folder that it lies in.
    pub fn pick_file(&self, path: &Path) -> bool {
        // The library insists on a path below its root; git has no other, a hostile index may.
        !path.as_os_str().is_empty()
            && !path.has_root()
            && self.0.matched_path_or_any_parents(path, false).is_ignore()
    }

    /// Whether a whole name is picked.
    pub fn pick_name(&self, name: &str) -> bool {
        !name.is_empty() && !name.starts_with('/') && self.0.matched(name, false).is_ignore()
    }
}
