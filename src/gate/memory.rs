//! What passed before: looked up before a command is planned, written down after it passed.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::change::{Change, Judged};
use crate::clock::{Clock, Timestamp};
use crate::command::key::{self, Content, Facts};
use crate::command::recorded::{Recorded, Records};
use crate::config::valid::{Command, Reads};
use crate::engine::Work;
use crate::finding::Severity;
use crate::path::RepoPath;
use crate::process::variables::Variables;
use crate::record::{Key, Record, Store, StoreError};
use crate::repository::{Id, Repository, RepositoryError};

use super::World;
use super::place::remedy;

/// Whether earlier passes may serve, and this run's be remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cache {
    /// Both.
    #[default]
    Use,
    /// Neither.
    Leave,
}

/// The records of this repository, as one run uses them.
pub(super) struct Memory<'a> {
    world: &'a World<'a>,
    /// Opened when a command asks; nothing where there is none to be had.
    store: OnceCell<Option<Arc<Store>>>,
    work_tree: OnceCell<Option<PathBuf>>,
    cache: Cache,
    notes: Notes,
    /// The records that served, and what else is to be known by them.
    hits: Vec<Hit>,
}

/// What is to be said aloud once, and what with `-v` only.
#[derive(Default)]
struct Notes {
    warning: Option<String>,
    quiet: Vec<String>,
}

/// One judged tree, as far as records care; each question is asked once.
#[derive(Default)]
pub(super) struct Known {
    /// Its id, where that can be told.
    root: OnceCell<Option<Id>>,
}

/// A record that served.
struct Hit {
    key: Key,
    /// A key that would have been faster.
    also: Option<Key>,
    record: Record,
}

/// What a pass of a known tool depends on, besides how it is called.
#[derive(Clone, Copy)]
pub(super) struct Counts<'a> {
    /// The files that it is handed.
    pub(super) files: &'a [RepoPath],
    pub(super) changes: &'a [Change],
    /// Exact paths of other files.
    pub(super) inputs: &'a [RepoPath],
    /// Settings that decide what counts as a pass.
    pub(super) words: &'a str,
}

/// What the records say of one command.
pub(super) enum Recalled {
    /// It passed on this content; why it is not run.
    Passed(String),
    /// It did not, as far as is known; a pass goes into these records.
    Open(Option<Records>),
}

impl<'a> Memory<'a> {
    pub(super) fn new(world: &'a World<'a>, cache: Cache) -> Self {
        Self {
            world,
            store: OnceCell::new(),
            work_tree: OnceCell::new(),
            cache,
            notes: Notes::default(),
            hits: Vec::new(),
        }
    }

    /// Looks a command up. `tree` lists the judged tree, and is asked only where its id is new.
    pub(super) fn recall(
        &mut self,
        id: &str,
        command: &Command,
        files: &[RepoPath],
        changes: &[Change],
        known: (&Known, Judged),
        tree: impl FnOnce() -> Result<Vec<Content>, RepositoryError>,
    ) -> Recalled {
        if self.cache == Cache::Leave || !key::is_remembered(command) {
            return Recalled::Open(None);
        }
        let (Some(work_tree), Some(store)) = (self.work_tree(), self.store()) else {
            return Recalled::Open(None);
        };
        let environment = self.world.environment;
        let variables = Variables::of(environment, &command.pass_env, &command.env);
        let facts = match key::facts(command, &variables, &work_tree) {
            Ok(facts) => facts,
            Err(why) => {
                let note = format!("passes of `{id}` are not remembered: {why}");
                self.notes.quiet.push(note);
                return Recalled::Open(None);
            }
        };
        let handed = handed(command, files, changes);
        let (known, judged) = known;
        let root = known.root(self.world.repository, judged);
        let by_tree = root.map(|root| facts.by_tree(command, &root, &handed));
        if let Some(key) = by_tree
            && let Some(record) = store.find(&key)
        {
            return self.hit(key, None, record);
        }
        let by_content = match self.by_content(&facts, command, &handed, tree) {
            Ok(key) => key,
            Err(why) => {
                let note = format!("passes of `{id}` are not remembered: {why}");
                self.notes.quiet.push(note);
                return Recalled::Open(None);
            }
        };
        if let Some(record) = store.find(&by_content) {
            return self.hit(by_content, by_tree, record);
        }
        Recalled::Open(Some(Records {
            store,
            key: by_content,
            also: by_tree,
            clock: self.world.clock.clone(),
        }))
    }

    /// Looks one run of a known tool up. What reads a whole project passed on that judged tree, and on no other;
    /// what reads a few files passed on those and on its exact inputs.
    pub(super) fn recall_unit(
        &mut self,
        name: &str,
        command: &Command,
        counts: Counts<'_>,
        known: (&Known, Judged),
    ) -> Recalled {
        if self.cache == Cache::Leave || !key::is_remembered(command) {
            return Recalled::Open(None);
        }
        let (Some(work_tree), Some(store)) = (self.work_tree(), self.store()) else {
            return Recalled::Open(None);
        };
        let variables = Variables::of(self.world.environment, &command.pass_env, &command.env);
        let mut facts = match key::facts(command, &variables, &work_tree) {
            Ok(facts) => facts,
            Err(why) => {
                let note = format!("passes of `{name}` are not remembered: {why}");
                self.notes.quiet.push(note);
                return Recalled::Open(None);
            }
        };
        facts.also(counts.inputs, counts.words);
        let handed = handed(command, counts.files, counts.changes);
        let (known, judged) = known;
        let key = match command.reads {
            Reads::Project => {
                let root = known.root(self.world.repository, judged);
                root.map(|root| facts.by_tree(command, &root, &handed))
            }
            Reads::Files => {
                let repository = self.world.repository;
                let singles = || held(repository, judged, facts.singles());
                self.by_content(&facts, command, &handed, singles).ok()
            }
        };
        let Some(key) = key else {
            return Recalled::Open(None);
        };
        if let Some(record) = store.find(&key) {
            return self.hit(key, None, record);
        }
        Recalled::Open(Some(Records {
            store,
            key,
            also: None,
            clock: self.world.clock.clone(),
        }))
    }

    fn by_content(
        &self,
        facts: &Facts,
        command: &Command,
        handed: &[Content],
        tree: impl FnOnce() -> Result<Vec<Content>, RepositoryError>,
    ) -> Result<Key, String> {
        let tree = if facts.needs_tree(command) {
            tree().map_err(|error| error.to_string())?
        } else {
            Vec::new()
        };
        let read = |id: &Id| self.world.repository.read(id).ok().flatten();
        facts
            .by_content(command, &tree, handed, &read)
            .map_err(|error| error.to_string())
    }

    /// What is to be said about it.
    pub(super) fn told(&self) -> impl Iterator<Item = (Severity, String)> {
        let aloud = self
            .notes
            .warning
            .iter()
            .map(|note| (Severity::Warning, note));
        let quiet = self.notes.quiet.iter().map(|note| (Severity::Info, note));
        aloud
            .chain(quiet)
            .map(|(severity, note)| (severity, note.clone()))
    }

    /// Remembers what was of use. Not for a plan, which writes nothing.
    pub(super) fn settle(&self) {
        let Some(Some(store)) = self.store.get() else {
            return;
        };
        for hit in &self.hits {
            store.touch(&hit.key, self.world.clock.now());
            if let Some(also) = &hit.also {
                // Without it the next run takes longer, and that is all.
                let _ = store.put(also, &hit.record);
            }
        }
    }

    fn hit(&mut self, key: Key, also: Option<Key>, record: Record) -> Recalled {
        let reason = reason(&record, self.world.clock);
        self.hits.push(Hit { key, also, record });
        Recalled::Passed(reason)
    }

    /// The work tree by the path that a tool's own path can be compared with.
    fn work_tree(&self) -> Option<PathBuf> {
        let resolved = || {
            let root = self.world.repository.work_tree()?;
            Some(root.canonicalize().unwrap_or_else(|_| root.to_owned()))
        };
        self.work_tree.get_or_init(resolved).clone()
    }

    fn store(&mut self) -> Option<Arc<Store>> {
        let opened = self.store.get_or_init(|| {
            let opened = Store::of(self.world.repository.common_dir());
            let opened = opened.map_err(|error| self.notes.warning = Some(unusable(&error)));
            opened.ok().map(Arc::new)
        });
        opened.clone()
    }
}

impl Known {
    fn root(&self, repository: &Repository, judged: Judged) -> Option<Id> {
        // What cannot be told is known by its files.
        let root = || repository.root_tree(judged).ok().flatten();
        *self.root.get_or_init(root)
    }
}

/// A work that is looked up once more before it runs, and remembered when it passed.
pub(super) fn recorded(id: &str, records: Option<Records>, work: Box<dyn Work>) -> Box<dyn Work> {
    match records {
        Some(records) => Box::new(Recorded::new(id, records, work)),
        None => work,
    }
}

/// What is judged at these paths, as far as anything is.
fn held(
    repository: &Repository,
    judged: Judged,
    paths: &[RepoPath],
) -> Result<Vec<Content>, RepositoryError> {
    let mut found = Vec::new();
    for path in paths {
        let (folder, name) = crate::project::split(path);
        let children = repository.children(judged, &folder)?;
        let child = children.into_iter().find(|child| child.name == name);
        if let Some(blob) = child.and_then(|child| child.blob) {
            found.push((path.clone(), blob));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The files that a command is handed, with what they hold.
fn handed(command: &Command, files: &[RepoPath], changes: &[Change]) -> Vec<Content> {
    if !command.run.takes_files() {
        return Vec::new();
    }
    let blobs: BTreeMap<&RepoPath, _> = changes
        .iter()
        .filter_map(|change| Some((&change.path, change.new?)))
        .collect();
    let content = |path: &RepoPath| Some((path.clone(), *blobs.get(path)?));
    files.iter().filter_map(content).collect()
}

fn unusable(error: &StoreError) -> String {
    format!("passes are not remembered: {error}; {}", remedy(error))
}

/// `passed on the same content 3 minutes ago`.
fn reason(record: &Record, clock: &Clock) -> String {
    format!("passed on the same content {}", ago(record.at, clock.now()))
}

fn ago(then: Timestamp, now: Timestamp) -> String {
    let past = now.since(then);
    let told = |count: u64, unit: &str| {
        let s = if count == 1 { "" } else { "s" };
        format!("{count} {unit}{s} ago")
    };
    let units = [
        (Duration::from_hours(24), "day"),
        (Duration::from_hours(1), "hour"),
        (Duration::from_mins(1), "minute"),
    ];
    let fits = units.iter().find(|(unit, _)| past >= *unit);
    fits.map_or_else(
        || "moments ago".to_owned(),
        |(unit, name)| told(past.as_secs() / unit.as_secs(), name),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_past_is_told_in_its_largest_unit() {
        for (seconds, text) in [
            (0, "moments ago"),
            (59, "moments ago"),
            (60, "1 minute ago"),
            (179, "2 minutes ago"),
            (3600, "1 hour ago"),
            (86_399, "23 hours ago"),
            (86_400, "1 day ago"),
            (864_000, "10 days ago"),
        ] {
            let now = Timestamp(seconds * 1000 + 5);
            assert_eq!(ago(Timestamp(5), now), text);
        }
        assert_eq!(ago(Timestamp(9), Timestamp(5)), "moments ago");
    }
}
