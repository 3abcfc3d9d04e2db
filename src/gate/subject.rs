//! What is judged: one change at a commit, one for each pushed commit at a push, one range in CI.

use bstr::{BString, ByteSlice};

use crate::change::push::Update;
use crate::change::{self, ChangeSet, Judged, Remote};
use crate::finding::Finding;
use crate::moment::Moment;
use crate::repository::{Repository, RepositoryError};

use super::World;

/// What was asked to be judged.
pub enum Selection {
    /// What the moment is about.
    Usual,
    /// What these ref updates push.
    Pushed {
        /// git's lines.
        updates: Vec<Update>,
        /// Where to.
        remote: Remote,
    },
    /// A range of commits.
    Range {
        /// The base.
        from: String,
        /// The end.
        to: String,
    },
    /// Every file.
    AllFiles,
}

/// What is judged.
pub struct Subject {
    /// In words, for people.
    pub words: String,
    /// The changes, each with the branches that it is for.
    pub(crate) parts: Vec<Part>,
    /// What was pushed and cannot be judged, each with its reason.
    pub(crate) unjudged: Vec<String>,
}

/// One change.
pub(crate) struct Part {
    /// The change itself.
    pub(crate) changes: ChangeSet,
    /// The short names of the branches that it is for; none for a tag or a detached head.
    pub(crate) branches: Vec<String>,
    /// What it is called where there are several; a commit's short id.
    pub(crate) name: String,
}

impl Subject {
    /// Why these changes and no others.
    pub(crate) fn reasons(&self) -> Vec<String> {
        self.parts
            .iter()
            .map(|part| match part.name.as_str() {
                "" => part.changes.reason.clone(),
                name => format!("{name}: {}", part.changes.reason),
            })
            .collect()
    }

    /// What was found while the change was looked for.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.parts
            .iter()
            .flat_map(|part| part.changes.findings.iter().cloned())
            .collect()
    }
}

/// Finds what is to be judged.
pub(crate) fn find(
    world: &World<'_>,
    moment: Moment,
    selection: &Selection,
) -> Result<Subject, RepositoryError> {
    let repository = world.repository;
    // Where no command asks for the branch, nobody looks: git may have to be asked.
    let commands = world.config.commands.values();
    let asked = commands
        .filter(|command| command.at.contains(&moment))
        .any(|command| !command.branches.is_empty());
    let checked_out = || -> Result<Vec<String>, RepositoryError> {
        // CI checks out commits: there its own word names the branch.
        let named = if moment == Moment::Ci {
            ci_branch(world)
        } else {
            None
        };
        let branch = match named {
            None if asked => repository.branch()?,
            named => named,
        };
        Ok(branch.into_iter().collect())
    };
    match selection {
        Selection::AllFiles => {
            let judged = match moment {
                Moment::Commit => Judged::Index,
                Moment::Push | Moment::Ci => change::head(repository)?,
            };
            let changes = change::everything(repository, judged)?;
            Ok(one("all files", changes, checked_out()?))
        }
        Selection::Range { from, to } => {
            let changes = change::range(repository, from, to)?;
            Ok(one(&format!("{from}..{to}"), changes, checked_out()?))
        }
        Selection::Pushed { updates, remote } => pushed(repository, updates, remote),
        Selection::Usual if moment == Moment::Commit => {
            let changes = change::staged(repository)?;
            Ok(one("staged", changes, checked_out()?))
        }
        Selection::Usual => {
            let changes = change::ci(repository, world.environment)?;
            Ok(one("this range", changes, checked_out()?))
        }
    }
}

fn one(words: &str, changes: ChangeSet, branches: Vec<String>) -> Subject {
    Subject {
        words: words.to_owned(),
        parts: vec![Part {
            changes,
            branches,
            name: String::new(),
        }],
        unjudged: Vec::new(),
    }
}

fn pushed(
    repository: &Repository,
    updates: &[Update],
    remote: &Remote,
) -> Result<Subject, RepositoryError> {
    let change::Pushes {
        commits: pushed,
        unjudged,
    } = change::pushed(repository, updates, remote)?;
    let several = pushed.len() > 1;
    let mut words = Vec::new();
    let parts = pushed
        .into_iter()
        .map(|pushed| {
            let branches: Vec<String> = pushed.refs.iter().filter_map(Update::branch).collect();
            words.extend(pushed.refs.iter().map(told));
            let name = match (&pushed.changes.judged, several) {
                (Judged::Commit(id), true) => id.short(),
                _ => String::new(),
            };
            Part {
                changes: pushed.changes,
                branches,
                name,
            }
        })
        .collect();
    Ok(Subject {
        words: shortened(&words),
        parts,
        unjudged,
    })
}

/// A list that stays a line: its first, and how many there are more.
fn shortened(words: &[String]) -> String {
    const MOST: usize = 5;
    let shown = words[..words.len().min(MOST)].join(", ");
    match words.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A ref update as people say it: `main -> main`.
fn told(update: &Update) -> String {
    let short = |name: &BString| {
        let name = name.to_str_lossy();
        let tail = name.strip_prefix("refs/heads/");
        tail.or_else(|| name.strip_prefix("refs/tags/"))
            .unwrap_or(&name)
            .to_owned()
    };
    let (local, remote) = (short(&update.local_ref), short(&update.remote_ref));
    format!("{local} -> {remote}")
}

/// The branch by the CI's own word: CI checks out commits, not branches.
fn ci_branch(world: &World<'_>) -> Option<String> {
    let variables = [
        "GITHUB_HEAD_REF",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
        "CI_COMMIT_BRANCH",
        "CIRCLE_BRANCH",
        "BUILDKITE_BRANCH",
    ];
    if let Some(branch) = variables
        .into_iter()
        .find_map(|name| world.environment.filled(name))
    {
        return Some(branch.to_owned());
    }
    // On GitHub a ref name may be a tag's.
    let is_branch = world.environment.text("GITHUB_REF_TYPE") != Some("tag");
    let name = world.environment.filled("GITHUB_REF_NAME")?;
    is_branch.then(|| name.to_owned())
}
