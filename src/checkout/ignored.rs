//! What the judged repository ignores: caches that tools leave, and that make the next use warm.

use std::collections::HashMap;

use bstr::ByteSlice;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::error::CheckoutError;
use super::folder::split;
use super::settings::Settings;
use super::wanted::Wanted;
use crate::path::RepoPath;

/// The ignore rules, each file of them read when a leftover below it is first met.
pub(crate) struct Ignored<'w> {
    wanted: &'w Wanted,
    by_folder: HashMap<Vec<u8>, Gitignore>,
    /// For the whole tree, the stronger first: `info/exclude`, then the user's own file.
    general: Vec<Gitignore>,
}

impl<'w> Ignored<'w> {
    pub(crate) fn new(wanted: &'w Wanted, settings: &Settings) -> Self {
        let exclude = settings.common_dir.join("info/exclude");
        let files = [
            Some(exclude),
            settings.user_file("core.excludesfile", "ignore"),
        ];
        let texts = files.into_iter().flatten().map(std::fs::read);
        Self {
            wanted,
            by_folder: HashMap::new(),
            // A file that is not there ignores nothing.
            general: texts.flatten().map(|text| rules(&text)).collect(),
        }
    }

    /// Whether a path is ignored, provided that no folder above it is.
    pub(crate) fn is(&mut self, path: &[u8], is_folder: bool) -> Result<bool, CheckoutError> {
        let mut folder = path;
        while !folder.is_empty() {
            (folder, _) = split(folder);
            let below = path[folder.len()..].trim_start_with(|c| c == '/');
            match verdict(self.of(folder)?, below, is_folder) {
                Match::None => {}
                decided => return Ok(decided.is_ignore()),
            }
        }
        let mut verdicts = self
            .general
            .iter()
            .map(|rules| verdict(rules, path, is_folder));
        Ok(verdicts
            .find(|verdict| !verdict.is_none())
            .is_some_and(|verdict| verdict.is_ignore()))
    }

    fn of(&mut self, folder: &[u8]) -> Result<&Gitignore, CheckoutError> {
        if !self.by_folder.contains_key(folder) {
            let file = RepoPath::new(folder).join(b".gitignore");
            let text = self.wanted.read(file.as_bytes())?;
            let rules = text.map_or_else(Gitignore::empty, |text| rules(&text));
            self.by_folder.insert(folder.to_vec(), rules);
        }
        Ok(&self.by_folder[folder])
    }
}

fn verdict<'g>(
    rules: &'g Gitignore,
    path: &[u8],
    is_folder: bool,
) -> Match<&'g ignore::gitignore::Glob> {
    if rules.is_empty() {
        return Match::None;
    }
    rules.matched(RepoPath::new(path).to_os(), is_folder)
}

fn rules(text: &[u8]) -> Gitignore {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut builder = GitignoreBuilder::new("");
    for line in text.lines() {
        // A rule that is none ignores nothing, as in git.
        drop(builder.add_line(None, &line.to_str_lossy()));
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
