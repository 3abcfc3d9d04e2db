//! A slot made to hold a tree: moved there by difference, and repaired when the last move was cut short.

use std::path::Path;

use super::convert::{self, Conversion};
use super::error::{CheckoutError, refusal};
use super::folder::{Folder, Moment};
use super::ignored::Ignored;
use super::memory::{MOVING, Memory, STATE};
use super::settings::{self, Settings};
use super::state::{Entry, State};
use super::survey::{Need, Survey, survey};
use super::wanted::{File, Wanted};
use super::write::{self, Writer};
use super::{git_dir, name};
use crate::change::Judged;
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::process::signal::Cancel;
use crate::repository::Repository;

/// How many files are written between two looks at whether the run was cancelled.
const BETWEEN: usize = 64;

/// What lies in a slot now.
pub(crate) struct Settled {
    pub(crate) tree: Folder,
    pub(crate) entries: Vec<Entry>,
    pub(crate) settings: Vec<Settings>,
    /// When that was written down.
    pub(crate) written: Moment,
}

/// What is asked of a slot.
pub(crate) struct Order<'o> {
    pub(crate) repository: &'o Repository,
    pub(crate) environment: &'o Environment,
    pub(crate) judged: Judged,
    pub(crate) wanted: &'o Wanted,
    pub(crate) cancel: &'o Cancel,
}

/// Makes the slot at `place` hold what is wanted.
pub(crate) fn settle(place: &Path, order: &Order) -> Result<Settled, CheckoutError> {
    let Order {
        repository,
        environment,
        wanted,
        ..
    } = order;
    let refused = refusal("written", place);
    let slot = Folder::open(place).map_err(&refused)?;
    let settings = settings::of_all(&wanted.sources, environment)?;
    let conversions = settings::conversions(&settings);
    let memory = Memory::read(&slot, wanted, &conversions).map_err(&refused)?;
    if memory.state.is_none() {
        // Nobody knows what of it was ever judged.
        slot.remove(b"tree").map_err(&refused)?;
    }
    for name in [&b"tree"[..], git_dir::GIT] {
        slot.only_folder(name).map_err(&refused)?;
    }
    refuse_collisions(&slot, wanted)?;
    let at = place.join("tree");
    let tree = slot.make_below(b"tree").map_err(refusal("written", &at))?;
    let mut ignored = Ignored::new(wanted, &settings[0]);
    let survey = survey(&tree, &at, wanted, &memory, &mut ignored)?;
    let laid_out = Move {
        slot: &slot,
        place,
        tree: &tree,
        order,
        settings: &settings,
    };
    let is_same = survey.is_done() && !survey.is_touched && memory.is_whole();
    let state = memory.state.as_ref();
    let state = state.filter(|state| state.key == wanted.key && state.settings == conversions);
    let index = git_dir::index_stat(place);
    if let Some(state) = state.filter(|state| is_same && Some(state.index) == index) {
        laid_out.sweep(&survey)?;
        git_dir::settle(&slot, place, repository, order.judged, &settings[0])?;
        let entries = state.entries.clone();
        let written = memory.written;
        return Ok(Settled {
            tree,
            entries,
            settings,
            written,
        });
    }
    laid_out.mark(&survey, &memory)?;
    laid_out.sweep(&survey)?;
    let entries = laid_out.lay(&survey)?;
    git_dir::settle(&slot, place, repository, order.judged, &settings[0])?;
    let index = git_dir::write_index(&slot, place, wanted, &entries)?;
    let state = State {
        key: wanted.key,
        settings: conversions,
        index,
        entries,
    };
    write::replace(&slot, STATE, &state.to_bytes()).map_err(&refused)?;
    slot.remove(MOVING).map_err(&refused)?;
    let look = slot.look(STATE).map_err(&refused)?;
    let written = look.map(|look| look.stat.modified).unwrap_or_default();
    Ok(Settled {
        tree,
        entries: state.entries,
        settings,
        written,
    })
}

/// Refuses names that differ only in capitals where the file system does not tell them apart.
fn refuse_collisions(slot: &Folder, wanted: &Wanted) -> Result<(), CheckoutError> {
    // The lease is there, by its own name.
    if !matches!(slot.look(b"LEASE"), Ok(Some(_))) {
        return Ok(());
    }
    match name::collision(wanted.files.iter().map(|file| file.path.as_slice())) {
        None => Ok(()),
        Some((one, other)) => Err(CheckoutError::Collision {
            one: RepoPath::new(one),
            other: RepoPath::new(other),
        }),
    }
}

/// A move under way.
struct Move<'m> {
    slot: &'m Folder,
    place: &'m Path,
    tree: &'m Folder,
    order: &'m Order<'m>,
    settings: &'m [Settings],
}

impl Move<'_> {
    /// Writes down what is about to be written, for the case that guard is killed before it is done.
    fn mark(&self, survey: &Survey, memory: &Memory) -> Result<(), CheckoutError> {
        let mut paths: Vec<&[u8]> = memory.cut().collect();
        let files = self.order.wanted.files.iter().zip(&survey.needs);
        let written = files.filter(|(_, need)| !matches!(need, Need::Nothing(_)));
        paths.extend(written.map(|(file, _)| file.path.as_slice()));
        let mark = paths.join(&b"\0"[..]);
        write::replace(self.slot, MOVING, &mark).map_err(refusal("written", self.place))
    }

    fn sweep(&self, survey: &Survey) -> Result<(), CheckoutError> {
        let at = self.place.join("tree");
        write::remove(self.tree, &at, &survey.remove, &survey.hollow)
    }

    /// Writes all that is needed, and gives every file as it lies there then.
    fn lay(&self, survey: &Survey) -> Result<Vec<Entry>, CheckoutError> {
        let wanted = self.order.wanted;
        let at = self.place.join("tree");
        let mut writer =
            Writer::new(self.slot, self.tree, &at).map_err(refusal("written", self.place))?;
        let converted = convert::is_needed(wanted, self.settings);
        let mut entries: Vec<Option<Entry>> = vec![None; wanted.files.len()];
        let mut later: Vec<Vec<usize>> = vec![Vec::new(); wanted.sources.len()];
        let mut written = 0;
        for (at, need) in survey.needs.iter().enumerate() {
            let file = &wanted.files[at];
            let is_converted = converted[file.source] && file.mode.is_regular();
            match need {
                Need::Nothing(entry) => entries[at] = Some(entry.clone()),
                Need::Converting(entry) if !is_converted && convert::is_plain(entry) => {
                    entries[at] = Some(entry.clone());
                }
                _ if is_converted => {
                    later[file.source].push(at);
                    // git reads the attributes where the files will be.
                    if file.path.ends_with(b".gitattributes") {
                        writer.put(file, &wanted.content(file)?)?;
                    }
                }
                _ => {
                    written += 1;
                    if written % BETWEEN == 0 {
                        self.go_on()?;
                    }
                    entries[at] = Some(writer.put(file, &wanted.content(file)?)?);
                }
            }
        }
        for (source, files) in later
            .iter()
            .enumerate()
            .filter(|(_, files)| !files.is_empty())
        {
            self.go_on()?;
            let laid = self.convert(source, files, &survey.needs, &mut writer)?;
            for (at, entry) in files.iter().zip(laid) {
                entries[*at] = Some(entry);
            }
        }
        let entries: Option<Vec<Entry>> = entries.into_iter().collect();
        Ok(entries.expect("every file is kept, written or converted"))
    }

    fn convert(
        &self,
        source: usize,
        files: &[usize],
        needs: &[Need],
        writer: &mut Writer,
    ) -> Result<Vec<Entry>, CheckoutError> {
        let wanted = self.order.wanted;
        let from = &wanted.sources[source];
        let conversion = Conversion {
            slot: self.slot,
            place: self.place,
            repository: &from.repository,
            settings: &self.settings[source],
            prefix: &from.prefix,
        };
        let chosen: Vec<&File> = files.iter().map(|at| &wanted.files[*at]).collect();
        let laid = |file: &File| {
            let at = wanted
                .files
                .binary_search_by(|other| other.path.cmp(&file.path));
            match needs.get(at.ok()?) {
                // Attributes were just written over.
                Some(Need::Converting(entry)) if !file.path.ends_with(b".gitattributes") => {
                    Some(entry.clone())
                }
                _ => None,
            }
        };
        conversion.lay(&chosen, writer, laid)
    }

    fn go_on(&self) -> Result<(), CheckoutError> {
        if self.order.cancel.is_cancelled() {
            return Err(CheckoutError::Cancelled);
        }
        Ok(())
    }
}
