//! The steps of writing fixes back, each of which leaves nothing behind when it refuses.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::compose::{Composed, Fix, compose};
use super::convert::{Converter, Draft};
use super::files::{Barred, Folder, Found, Seen};
use super::index::{self, Staging, Target};
use super::swap::{Place, Put, Swapped, Undone};
use super::workshop::Workshop;
use super::{Edit, MendError, Mended, holder};
use crate::change;
use crate::config::valid::EmptyFix;
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::process::git::Git;
use crate::process::signal::Cancel;
use crate::repository::Repository;

/// How often somebody may save a file before guard gives up on it.
const TRIES: usize = 20;
/// How long somebody who has a file open may take to finish, in looks of ten milliseconds.
const LOOKS: usize = 100;

/// What a run works with.
struct Run<'a> {
    repository: &'a Repository,
    workshop: &'a Workshop,
    converter: Converter<'a>,
    git: Git,
    top: Folder,
    targets: Vec<Target>,
}

/// A work-tree file and what it is to become.
struct Planned<'f, 'e> {
    fix: &'f Fix<'e>,
    place: Place,
    seen: Seen,
    composed: Composed,
}

pub(super) fn run(
    repository: &Repository,
    environment: &Environment,
    edits: &[Edit],
    empty: EmptyFix,
    cancel: &Cancel,
) -> Result<Mended, MendError> {
    refuse_unsafe(edits)?;
    let absolute = |path: &Path| environment.directory.join(path);
    let workshop = Workshop::open(&absolute(repository.common_dir()))
        .map_err(|error| MendError::not_written("guard's own folder in the repository", &error))?;
    let targets = index::targets(repository, environment)?;
    let top = repository.work_tree().map(absolute).unwrap_or_default();
    let git = git(repository, &absolute(repository.git_dir()), &top, &targets)?;
    let places = (git.clone(), targets[0].file.clone(), top.clone());
    let paths = edits.iter().map(|edit| &edit.path);
    let run = Run {
        repository,
        workshop: &workshop,
        converter: Converter::new(repository, &workshop, places, paths)?,
        git,
        top: Folder::open(&top).map_err(|error| MendError::not_written(&top.display(), &error))?,
        targets,
    };
    let done = run.mend(edits, empty, cancel);
    // Even a refusal may leave something that somebody still writes to.
    wait_for_writers(&workshop.leaving());
    workshop.tidy();
    let mut mended = done?;
    mended.rescued = workshop.rescued();
    Ok(mended)
}

/// Refuses what guard never writes to, before anything is done with its name.
fn refuse_unsafe(edits: &[Edit]) -> Result<(), MendError> {
    for edit in edits {
        if !edit.staged.mode.is_regular() {
            let path = edit.path.clone();
            let why = "it is no file";
            return Err(MendError::Unsafe { path, why });
        }
        super::files::parts(&edit.path).map_err(|barred| barred_at(&edit.path, barred))?;
    }
    Ok(())
}

/// git with every location absolute, so that it works from any folder.
fn git(
    repository: &Repository,
    git_dir: &Path,
    top: &Path,
    targets: &[Target],
) -> Result<Git, MendError> {
    let mut git = repository.git()?.clone();
    git.set("GIT_DIR", git_dir);
    git.set("GIT_WORK_TREE", top);
    let judged: &PathBuf = &targets[0].file;
    git.set("GIT_INDEX_FILE", judged);
    Ok(git)
}

impl Run<'_> {
    fn mend(&self, edits: &[Edit], empty: EmptyFix, cancel: &Cancel) -> Result<Mended, MendError> {
        let fixes = self.fixes(edits)?;
        if empty == EmptyFix::Block {
            self.refuse_empty(&fixes)?;
        }
        let planned = self.plan(&fixes)?;
        if cancel.is_cancelled() {
            return Err(MendError::Cancelled);
        }
        let mut swapped = Vec::new();
        let staged = self
            .write(planned, &fixes, &mut swapped)
            .and_then(|stagings| self.stage(&stagings, cancel));
        if let Err(because) = staged {
            return Err(self.undo(swapped, because));
        }
        let saved_over = self.settle(swapped, &fixes);
        let mut paths: Vec<RepoPath> = fixes.iter().map(|fix| fix.edit.path.clone()).collect();
        paths.sort();
        Ok(Mended {
            files: paths,
            saved_over,
            ..Mended::default()
        })
    }

    /// The edits that change what git stores.
    fn fixes<'e>(&self, edits: &'e [Edit]) -> Result<Vec<Fix<'e>>, MendError> {
        let drafts: Vec<Draft<'_>> = edits
            .iter()
            .map(|edit| Draft {
                path: &edit.path,
                staged: edit.staged,
                bytes: &edit.fixed,
            })
            .collect();
        let stored = self.converter.clean(&drafts)?;
        let mut fixes = Vec::new();
        for (edit, theirs) in edits.iter().zip(stored) {
            if theirs.id != edit.staged.id {
                let base = self.converter.read(&edit.path, &edit.staged.id)?;
                fixes.push(Fix { edit, base, theirs });
            }
        }
        Ok(fixes)
    }

    /// Refuses fixes that take everything back that is staged, but for a merge, which may change nothing.
    fn refuse_empty(&self, fixes: &[Fix<'_>]) -> Result<(), MendError> {
        if fixes.is_empty() || self.repository.git_dir().join("MERGE_HEAD").exists() {
            return Ok(());
        }
        let staged = change::staged(self.repository)?;
        let is_undone = |change: &change::Change| {
            fixes.iter().any(|fix| {
                let old = change.old.map(|old| (old.id, old.mode));
                fix.edit.path == change.path && old == Some((fix.theirs.id, fix.edit.staged.mode))
            })
        };
        if staged.files.iter().all(is_undone) {
            return Err(MendError::WouldBeEmpty);
        }
        Ok(())
    }

    /// Merges everything; whatever collides is named at once.
    fn plan<'f, 'e>(&self, fixes: &'f [Fix<'e>]) -> Result<Vec<Planned<'f, 'e>>, MendError> {
        let mut found = Vec::new();
        for fix in fixes {
            let path = &fix.edit.path;
            let place = Place::find(&self.top, path).map_err(|barred| barred_at(path, barred))?;
            let Some(place) = place else { continue };
            if let Some(seen) = file(&place)? {
                found.push((fix, place, seen));
            }
        }
        let sides: Vec<(&Fix<'_>, &[u8])> = found
            .iter()
            .map(|(fix, _, seen)| (*fix, &seen.bytes[..]))
            .collect();
        let outcomes = compose(&self.converter, &sides)?;
        let mut planned = Vec::new();
        let mut places = Vec::new();
        for ((fix, place, seen), outcome) in found.into_iter().zip(outcomes) {
            match outcome {
                Ok(composed) => planned.push(Planned {
                    fix,
                    place,
                    seen,
                    composed,
                }),
                Err(collision) => {
                    let at = collision.0.into_iter();
                    places.extend(at.map(|line| (fix.edit.path.clone(), line)));
                }
            }
        }
        if places.is_empty() {
            Ok(planned)
        } else {
            Err(MendError::Collides { places })
        }
    }

    /// Writes the work tree, and tells what is to be staged.
    fn write(
        &self,
        planned: Vec<Planned<'_, '_>>,
        fixes: &[Fix<'_>],
        swapped: &mut Vec<Swapped>,
    ) -> Result<Vec<Staging>, MendError> {
        let mut even = Vec::new();
        for one in planned {
            let path = one.fix.edit.path.clone();
            if self.write_one(one, swapped)? {
                even.push(path);
            }
        }
        let staging = |fix: &Fix<'_>| Staging {
            path: fix.edit.path.clone(),
            old: fix.edit.staged,
            new: fix.theirs.id,
            is_even: even.contains(&fix.edit.path),
        };
        Ok(fixes.iter().map(staging).collect())
    }

    /// Writes one file, merging anew as often as somebody saves it. Returns whether it holds just the fix.
    fn write_one(
        &self,
        planned: Planned<'_, '_>,
        swapped: &mut Vec<Swapped>,
    ) -> Result<bool, MendError> {
        let Planned {
            fix,
            mut place,
            mut seen,
            mut composed,
        } = planned;
        let path = &fix.edit.path;
        for _ in 0..TRIES {
            if composed.bytes == seen.bytes {
                return Ok(composed.is_even);
            }
            let is_even = composed.is_even;
            let put = place.put(self.workshop, seen, composed.bytes);
            place = match put.map_err(|error| MendError::not_written(path, &error))? {
                Put::Done(done) => {
                    swapped.push(done);
                    return Ok(is_even);
                }
                Put::Changed(place) => place,
            };
            seen = match file(&place)? {
                Some(seen) => seen,
                // It was taken away meanwhile, and stays away.
                None => return Ok(false),
            };
            composed = self.compose_one(fix, &seen.bytes)?.map_err(|collision| {
                let at = collision.0.into_iter();
                let places = at.map(|line| (path.clone(), line)).collect();
                MendError::Collides { places }
            })?;
        }
        Err(MendError::Busy { path: path.clone() })
    }

    fn compose_one(
        &self,
        fix: &Fix<'_>,
        ours: &[u8],
    ) -> Result<super::compose::Outcome, MendError> {
        let mut outcomes = compose(&self.converter, &[(fix, ours)])?;
        Ok(outcomes.pop().expect("one file was composed"))
    }

    fn stage(&self, stagings: &[Staging], cancel: &Cancel) -> Result<(), MendError> {
        if stagings.is_empty() {
            return Ok(());
        }
        let places = [self.top.path.as_path(), self.repository.git_dir()];
        index::write(
            &self.git,
            self.workshop,
            &self.targets,
            stagings,
            &places,
            cancel,
        )
    }

    /// Takes everything back that was written.
    fn undo(&self, swapped: Vec<Swapped>, because: MendError) -> MendError {
        let mut paths = Vec::new();
        for one in swapped.into_iter().rev() {
            let path = one.path().clone();
            if !matches!(one.undo(self.workshop), Ok(Undone::Restored)) {
                paths.push(path);
            }
        }
        if paths.is_empty() {
            return because;
        }
        paths.sort();
        MendError::SavedOver {
            paths,
            because: Box::new(because),
        }
    }

    /// Looks at every old file once more, as somebody may have had it open, and lets it go. The fixes are
    /// staged by now, so whatever goes wrong, the save stands.
    fn settle(&self, swapped: Vec<Swapped>, fixes: &[Fix<'_>]) -> Vec<RepoPath> {
        let old: Vec<_> = swapped.iter().map(|one| one.old.identity).collect();
        wait_for_writers(&old);
        let mut saved_over = Vec::new();
        for one in swapped {
            let path = one.path().clone();
            let late = match one.late() {
                Ok(None) => {
                    one.retire(self.workshop);
                    continue;
                }
                Ok(Some(late)) => late,
                Err(_) => {
                    self.workshop.keep();
                    continue;
                }
            };
            let fix = fixes.iter().find(|fix| fix.edit.path == path);
            let fix = fix.expect("only fixes are written");
            let merged = self.compose_one(fix, &late).ok().and_then(Result::ok);
            let is_merged = merged.is_some();
            let content = merged.map_or_else(|| late.clone(), |composed| composed.bytes);
            let amended = one.amend(self.workshop, &late, content);
            if !(is_merged && matches!(amended, Ok(true))) {
                saved_over.push(path);
            }
        }
        saved_over
    }
}

/// Waits until nobody has these files open for writing, for a second at most.
fn wait_for_writers(files: &[(u64, u64)]) {
    for _ in 0..LOOKS {
        if !holder::is_written(files) {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// The regular file at a place; none where there is nothing, or something else.
fn file(place: &Place) -> Result<Option<Seen>, MendError> {
    match place.look() {
        Ok(Found::File(seen)) => Ok(Some(seen)),
        Ok(Found::Missing | Found::Other) => Ok(None),
        Err(error) => Err(MendError::not_written(&place.path, &error)),
    }
}

fn barred_at(path: &RepoPath, barred: Barred) -> MendError {
    match barred {
        Barred::Unsafe(why) => MendError::Unsafe {
            path: path.clone(),
            why,
        },
        Barred::System(error) => MendError::not_written(path, &error),
    }
}
