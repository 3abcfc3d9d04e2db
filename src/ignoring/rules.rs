//! What the judged .gitignore files ignore. The user's own and those of this clone do not count: nobody else has them.

use std::collections::HashMap;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::IGNORE;
use crate::path::RepoPath;
use crate::project::{Project, split, up};

/// What becomes of a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Ignored,
    /// No rule is about it.
    Open,
    /// A rule of this file takes it back, at this line.
    TakenBack(RepoPath, u32),
}

/// The rules of each folder, read when they are first asked for.
pub(super) struct Rules<'a, 'p> {
    project: &'a Project<'p>,
    by_folder: HashMap<RepoPath, Option<Gitignore>>,
}

impl<'a, 'p> Rules<'a, 'p> {
    pub(super) fn new(project: &'a Project<'p>) -> Self {
        Self {
            project,
            by_folder: HashMap::new(),
        }
    }

    /// How many files were read.
    pub(super) fn read(&self) -> u64 {
        self.by_folder.values().flatten().count() as u64
    }

    /// What becomes of a file at this path. A folder that is ignored takes along what lies in it.
    pub(super) fn verdict(&mut self, path: &RepoPath) -> Verdict {
        let mut above: Vec<RepoPath> = up(&split(path).0)
            .filter(|folder| !folder.is_root())
            .collect();
        above.reverse();
        if above
            .iter()
            .any(|folder| self.decide(folder, true) == Verdict::Ignored)
        {
            return Verdict::Ignored;
        }
        self.decide(path, false)
    }

    fn decide(&mut self, path: &RepoPath, is_folder: bool) -> Verdict {
        for folder in up(&split(path).0) {
            let below = path
                .relative_to(&folder)
                .expect("it is a folder above the path");
            let Some(rules) = self.of(&folder) else {
                continue;
            };
            match rules.matched(below.to_os(), is_folder) {
                Match::None => {}
                Match::Ignore(_) => return Verdict::Ignored,
                Match::Whitelist(rule) => {
                    let original = rule.original().to_owned();
                    let file = folder.join(IGNORE);
                    let line = self.line(&file, &original);
                    return Verdict::TakenBack(file, line);
                }
            }
        }
        Verdict::Open
    }

    fn of(&mut self, folder: &RepoPath) -> Option<&Gitignore> {
        let project = self.project;
        let read = || Some(rules(&project.text(&folder.join(IGNORE))?));
        self.by_folder
            .entry(folder.clone())
            .or_insert_with(read)
            .as_ref()
    }

    /// The last line that says this.
    fn line(&self, file: &RepoPath, original: &str) -> u32 {
        let text = self.project.text(file).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let at = lines
            .iter()
            .rposition(|line| line.trim() == original.trim());
        at.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(1)
    }
}

fn rules(text: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for line in text.trim_start_matches('\u{feff}').lines() {
        // A rule that is none ignores nothing, as in git.
        drop(builder.add_line(None, line));
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// A .gitignore with these lines behind all others, where the last one decides. Its line ends and comments stay.
pub(crate) fn repaired(text: &str, lines: &[&str]) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut repaired = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        repaired.push_str(end);
    }
    if !text.trim().is_empty() {
        repaired.push_str(end);
    }
    repaired.push_str("# Env files hold what must not leave the machine.");
    repaired.push_str(end);
    for line in lines {
        repaired.push_str(line);
        repaired.push_str(end);
    }
    repaired
}
