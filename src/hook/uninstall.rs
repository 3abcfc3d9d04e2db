//! Taking hooks out: what stood there before stands there again, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::HookError;
use super::files::{Draft, Rights, Standing as Found, look};
use super::git::Git;
use super::place::{Place, Standing};
use super::plan::{kept, owner};
use super::shell::{Left, part};
use super::shim::Owner;
use super::{HookName, Removed, lefthook, pre_commit};
use crate::environment::Environment;

/// Takes guard's hooks and lines out. What is not guard's is left, and said where it was expected
/// to be.
pub fn uninstall(environment: &Environment) -> Result<Vec<Removed>, HookError> {
    let mut git = Git::locate(environment)?;
    let place = Place::find(&mut git)?;
    let mut removed = Vec::new();
    for name in HookName::ALL {
        let mut said = Vec::new();
        for folder in folders(&place) {
            shim(&place, name, &folder.join(name.word()), &mut said)?;
            moved(&place, name, &folder, &mut said)?;
        }
        for file in files(&place, name) {
            line(&place, name, &file, &mut said)?;
        }
        removed.extend(said.into_iter().map(|what| Removed { name, what }));
    }
    Ok(removed)
}

/// The folders that may hold guard's own hooks: git's present one, and the usual one in case
/// core.hooksPath was set after the install.
fn folders(place: &Place) -> Vec<PathBuf> {
    let mut folders = vec![place.common_dir.join("hooks")];
    if matches!(place.standing, Standing::Private) && !folders.contains(&place.hooks) {
        folders.push(place.hooks.clone());
    }
    folders
}

/// The files of the team's that may hold guard's line.
fn files(place: &Place, name: HookName) -> Vec<PathBuf> {
    let mut files = vec![place.top.join(".husky").join(name.word())];
    match &place.standing {
        Standing::Tracked => files.push(place.hooks.join(name.word())),
        Standing::Husky(folder) => files.push(folder.join(name.word())),
        _ => {}
    }
    let configs = [lefthook::config(&place.top), pre_commit::config(&place.top)];
    files.extend(
        configs
            .into_iter()
            .flatten()
            .map(|file| place.top.join(file)),
    );
    files.sort();
    files.dedup();
    files
}

fn shim(
    place: &Place,
    name: HookName,
    path: &Path,
    said: &mut Vec<String>,
) -> Result<(), HookError> {
    let (shown, kept) = (place.shown(path), kept(path));
    let was_kept = look(&kept)? != Found::Nothing;
    let found = look(path)?;
    match (owner(name, &found), was_kept) {
        (Some(Owner::Guard) | None, true) => {
            // One step: there is no moment without a hook.
            fs::rename(&kept, path).map_err(HookError::file("put back", path))?;
            said.push(format!("put your own hook back: {shown}"));
        }
        (Some(Owner::Guard), false) => {
            fs::remove_file(path).map_err(HookError::file("remove", path))?;
            said.push(format!("removed {shown}"));
        }
        (Some(Owner::GuardChanged), _) => said.push(format!(
            "left {shown}: it is guard's hook, edited or of another version; remove it by hand"
        )),
        (Some(_), true) => said.push(format!(
            "left {shown}: it is not guard's; your earlier hook is still kept as {}",
            place.shown(&kept)
        )),
        (Some(_) | None, false) => {}
    }
    Ok(())
}

/// Other managers move what stood there before them out of their way: lefthook to `.old`, where
/// it rests, pre-commit and prek to `.legacy`, where they run it.
fn moved(
    place: &Place,
    name: HookName,
    folder: &Path,
    said: &mut Vec<String>,
) -> Result<(), HookError> {
    for end in ["old", "legacy"] {
        let path = folder.join(format!("{name}.{end}"));
        if owner(name, &look(&path)?) == Some(Owner::Guard) {
            fs::remove_file(&path).map_err(HookError::file("remove", &path))?;
            said.push(format!("removed {}", place.shown(&path)));
        }
    }
    Ok(())
}

fn line(
    place: &Place,
    name: HookName,
    path: &Path,
    said: &mut Vec<String>,
) -> Result<(), HookError> {
    // A link is not followed: guard never wrote through one.
    let Found::File(bytes) = look(path)? else {
        return Ok(());
    };
    let shown = place.shown(path);
    match part(&bytes, name) {
        Left::Untouched => {}
        Left::Script(rest) => {
            Draft::write(path, &rest, Rights::AsBefore)?.put()?;
            said.push(format!("took guard's line out of {shown}"));
        }
        Left::Nothing => {
            fs::remove_file(path).map_err(HookError::file("remove", path))?;
            // git tracks no empty folders, so an empty one was made for this file; any other stays.
            if let Some(folder) = path.parent().filter(|folder| *folder != place.top) {
                let _ = fs::remove_dir(folder);
            }
            said.push(format!("removed {shown}"));
        }
    }
    Ok(())
}
