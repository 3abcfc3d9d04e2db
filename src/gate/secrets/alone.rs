//! `guard secrets`: the one check, asked for by itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Ready, Scope, Search, Searching, Update};
use crate::change;
use crate::clock::Clock;
use crate::config::valid::CheckSettings;
use crate::event::Listener;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::gate::alone::Alone;
use crate::gate::{Cache, GateError};
use crate::process::signal::Cancel;
use crate::repository::{Judged, Repository, RepositoryError};
use crate::secret::Found;
use crate::secrets::{CHECK, Reach};

/// What is to be searched.
pub enum Wanted {
    /// All that is tracked, as it is staged.
    Tracked,
    /// What is staged against HEAD.
    Staged,
    /// Every commit of a range.
    Range {
        /// From here.
        from: String,
        /// Up to here.
        to: String,
    },
    /// Every commit of every ref.
    History,
    /// Files and folders on the disk.
    Paths {
        /// From where they are told.
        root: PathBuf,
        /// Which.
        paths: Vec<PathBuf>,
    },
}

/// What a search for secrets stands on.
pub struct Searched<'a> {
    /// None where only paths are searched.
    pub repository: Option<&'a Arc<Repository>>,
    /// What holds for the check.
    pub settings: &'a CheckSettings,
    /// The time.
    pub clock: &'a Clock,
    /// The wish that it ends.
    pub cancel: Cancel,
    /// Who hides what is found.
    pub found: Found,
    /// Whether what was searched before is searched again.
    pub cache: Cache,
    /// Another baseline than the usual one, or one that is to be written.
    pub baseline: Option<Baseline>,
    /// Things to say first.
    pub notes: Vec<(Severity, String)>,
}

/// A baseline that was named, or that is to be written.
pub struct Baseline {
    /// Where it lies.
    pub path: PathBuf,
    /// How it was named.
    pub name: String,
    /// What it holds; nothing where it is still to be made.
    pub bytes: Vec<u8>,
    /// Whether it is written anew.
    pub is_updated: bool,
}

/// Searches, and tells what it finds to the listeners.
pub fn secrets(
    world: &Searched<'_>,
    wanted: Wanted,
    listeners: &mut [&mut dyn Listener],
) -> Result<Exit, GateError> {
    let is_whole = matches!(wanted, Wanted::Tracked);
    let (words, scope) = scope(world.repository, wanted)?;
    let baseline = world.baseline.as_ref();
    let update = baseline
        .filter(|baseline| baseline.is_updated)
        .map(|baseline| Update {
            root: root_of(world.repository, &baseline.path),
            path: baseline.path.clone(),
            is_whole,
        });
    let baseline = baseline.map(|baseline| (&*baseline.name, &*baseline.bytes));
    let baseline = baseline.filter(|(_, bytes)| !bytes.is_empty());
    let root = world
        .repository
        .and_then(|repository| repository.work_tree());
    let work = Search {
        repository: world.repository.cloned(),
        scopes: vec![scope],
        is_whole,
        changed: Vec::new(),
        settings: world.settings.clone(),
        ready: Arc::new(Ready::with(root, baseline)?),
        update,
        cache: world.cache,
        searching: Arc::new(Searching::default()),
    };
    work.searching.begin(&world.found);
    let alone = Alone {
        command: CHECK,
        id: CHECK,
        subject: words,
        clock: world.clock,
        cancel: &world.cancel,
        notes: &world.notes,
    };
    alone.run(Box::new(work), listeners)
}

/// Below which no link is followed when a baseline is written.
fn root_of(repository: Option<&Arc<Repository>>, path: &Path) -> PathBuf {
    let work_tree = repository.and_then(|repository| repository.work_tree());
    let root = work_tree.or(path.parent()).unwrap_or(path);
    root.to_owned()
}

fn scope(
    repository: Option<&Arc<Repository>>,
    wanted: Wanted,
) -> Result<(String, Scope), RepositoryError> {
    let repository = match (wanted, repository) {
        (Wanted::Paths { root, paths }, _) => {
            let words = match &paths[..] {
                [one] => one.display().to_string(),
                several => format!("{} paths", several.len()),
            };
            return Ok((words, Scope::Paths { root, paths }));
        }
        (wanted, Some(repository)) => (wanted, repository),
        (_, None) => unreachable!("whoever asks for a repository's contents has one"),
    };
    let (wanted, repository) = repository;
    Ok(match wanted {
        Wanted::Paths { .. } => unreachable!("it was answered above"),
        Wanted::Tracked => {
            let all = change::everything(repository, Judged::Index)?;
            (
                "all tracked files".to_owned(),
                Scope::Changes(all.files, Reach::Staged),
            )
        }
        Wanted::Staged => {
            let staged = change::staged(repository)?;
            (staged.reason, Scope::Changes(staged.files, Reach::Staged))
        }
        Wanted::Range { from, to } => {
            let range = change::range(repository, &from, &to)?;
            let tips = match range.judged {
                Judged::Commit(commit) => vec![commit],
                Judged::Index => Vec::new(),
            };
            let known = range.known.unwrap_or_default();
            (
                format!("every commit {}", range.reason),
                Scope::Commits { tips, known },
            )
        }
        Wanted::History => {
            let tips = change::tips(repository)?;
            (
                "all of history".to_owned(),
                Scope::Commits {
                    tips,
                    known: Vec::new(),
                },
            )
        }
    })
}
