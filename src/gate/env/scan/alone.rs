//! `guard env scan`: the sources as they lie on the disk, held against the schema, by itself.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::lying::{self, Lying};
use crate::clock::Clock;
use crate::config::valid::CheckSettings;
use crate::engine::{Context, Ended, Work};
use crate::env::{CHECK, Summary, Used};
use crate::event::Listener;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::gate::GateError;
use crate::gate::alone::Alone;
use crate::gate::env::Ground;
use crate::outcome::Outcome;
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::project::split;
use crate::repository::Repository;
use crate::usage::{Kept, Usage, Why};

/// What a look at sources stands on.
pub(crate) struct Sources<'a> {
    /// None outside of any.
    pub(crate) repository: Option<&'a Arc<Repository>>,
    /// From where paths are told.
    pub(crate) root: PathBuf,
    pub(crate) settings: &'a CheckSettings,
    pub(crate) clock: &'a Clock,
    pub(crate) cancel: Cancel,
    pub(crate) notes: Vec<(Severity, String)>,
}

/// Reads the sources and tells the listeners what is wrong; what they use comes back.
pub(crate) fn env_scan(
    world: Sources<'_>,
    listeners: &mut [&mut dyn Listener],
) -> Result<(Exit, Summary), GateError> {
    let repository = world.repository.map(Arc::as_ref);
    let common_dir = repository.map(Repository::common_dir);
    let sources = lying::listed(&world.root, repository)?;
    // Neighbours have the same schema: one of each folder asks for it.
    let mut neighbours: Vec<&RepoPath> = sources.iter().map(|source| &source.path).collect();
    neighbours.dedup_by_key(|path| split(path).0);
    let ground = Ground::on_disk(&world.root, neighbours.into_iter(), common_dir);
    let ground = ground.map_err(GateError::Schema)?;
    let subject = match sources.len() {
        0 => "no source".to_owned(),
        1 => "1 source".to_owned(),
        count => format!("{count} sources"),
    };
    let summary = Arc::new(Mutex::new(Summary::default()));
    let work = Scanning {
        kept: common_dir.map(Kept::of).unwrap_or_default(),
        root: world.root,
        sources: Mutex::new(sources),
        ground,
        settings: world.settings.clone(),
        summary: Arc::clone(&summary),
    };
    let alone = Alone {
        command: "env scan",
        id: CHECK,
        subject,
        clock: world.clock,
        cancel: &world.cancel,
        notes: &world.notes,
    };
    let exit = alone.run(Box::new(work), listeners)?;
    let mut summary = summary.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((exit, std::mem::take(&mut summary)))
}

/// The look, as a step.
struct Scanning {
    root: PathBuf,
    sources: Mutex<Vec<Lying>>,
    kept: Kept,
    ground: Ground,
    settings: CheckSettings,
    /// Where what was found is left.
    summary: Arc<Mutex<Summary>>,
}

impl Work for Scanning {
    fn run(&self, _: &Context) -> Ended {
        let sources = {
            let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *sources)
        };
        let scanned = lying::read(&self.root, sources, &self.kept);
        let used = Used::of(&scanned.usage, self.ground.all().collect());
        *self.summary.lock().unwrap_or_else(PoisonError::into_inner) = used.summary();
        let (outcome, findings) = self.settings.weigh(Outcome::Passed, used.findings());
        let outcome = match outcome {
            Outcome::Passed if scanned.usage.count == 0 => {
                Outcome::skipped("there is no source to read")
            }
            Outcome::Passed => self.unread(&scanned.usage).unwrap_or(Outcome::Passed),
            outcome => outcome,
        };
        Ended {
            outcome,
            findings,
            coverage: scanned.coverage,
            cached: false,
        }
    }
}

impl Scanning {
    /// Why it is not known what the sources use. Of one that is too long, that much is known.
    fn unread(&self, usage: &Usage) -> Option<Outcome> {
        let closed = usage.unread.iter().filter(|one| one.why == Why::NoBytes);
        let mut closed = closed.filter(|one| !self.settings.excludes(&one.path));
        let first = closed.next()?;
        let reason = match closed.count() {
            0 => format!("{} cannot be read", first.path),
            more => format!("{} and {more} more cannot be read", first.path),
        };
        let remedy = "a source is a plain file that you may read: `ls -l` shows what it is";
        Some(Outcome::unknown(reason, remedy))
    }
}
