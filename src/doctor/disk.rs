//! `disk`: how much room there is where guard and git write.

use std::path::{Path, PathBuf};

use super::{World, registry, shown, size};
use crate::health::{Line, State};

/// A checkout of a middling project, and a build in it.
const ENOUGH: u64 = 1 << 30;

pub(super) fn look(world: &World) -> Vec<Line> {
    let mut places: Vec<PathBuf> = Vec::new();
    if let Ok(repository) = &world.repository {
        places.extend(repository.work_tree().map(Path::to_owned));
        places.push(repository.common_dir().to_owned());
    }
    places.extend(registry::state_home(&world.environment));
    let mut rooms: Vec<(PathBuf, u64)> = Vec::new();
    for place in places {
        let place = standing(&place);
        match free(&place) {
            Some((_, system)) if rooms.iter().any(|(known, _)| same(known, system)) => {}
            Some((free, _)) => rooms.push((place, free)),
            None => {}
        }
    }
    vec![line(&rooms)]
}

fn same(known: &Path, system: u64) -> bool {
    free(known).is_some_and(|(_, other)| other == system)
}

fn line(rooms: &[(PathBuf, u64)]) -> Line {
    let told: Vec<String> = rooms
        .iter()
        .map(|(place, free)| format!("{} free at {}", size(*free), shown(place)))
        .collect();
    let told = told.join(", ");
    match rooms.iter().map(|(_, free)| *free).min() {
        None => Line::skipped("disk", "the system does not say how much room there is"),
        Some(free) if free < ENOUGH => {
            let why = format!("{told}: checkouts and builds need about {}", size(ENOUGH));
            Line::new("disk", State::Warning, why).fix("guard cache prune")
        }
        Some(_) => Line::ok("disk", told),
    }
}

/// The place itself, or the nearest folder above it that is there.
fn standing(place: &Path) -> PathBuf {
    let mut folders = place.ancestors();
    let found = folders.find(|folder| folder.is_dir());
    found.unwrap_or(Path::new("/")).to_owned()
}

/// Whether a file could be written at a path, by the folders that are there.
pub(super) fn writable(file: &Path) -> Result<(), String> {
    let above = file.parent().unwrap_or(file);
    let mut folders = above.ancestors();
    let there = folders.find(|folder| folder.symlink_metadata().is_ok());
    let folder = there.unwrap_or(Path::new("/"));
    if !folder.is_dir() {
        return Err(format!("{} is no folder", shown(folder)));
    }
    is_writable(folder).map_err(|error| format!("{}: {error}", shown(folder)))
}

#[cfg(unix)]
fn is_writable(folder: &Path) -> std::io::Result<()> {
    use rustix::fs::Access;
    Ok(rustix::fs::access(
        folder,
        Access::WRITE_OK | Access::EXEC_OK,
    )?)
}

/// Found out when something is written.
#[cfg(not(unix))]
fn is_writable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// The bytes that the user may still write there, and which file system it is.
#[cfg(unix)]
fn free(place: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let about = rustix::fs::statvfs(place).ok()?;
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    Some((free, place.metadata().ok()?.dev()))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<(u64, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_room_is_told() {
        let of = |free: &[u64]| {
            let rooms: Vec<_> = free.iter().map(|free| ("/x".into(), *free)).collect();
            line(&rooms)
        };
        assert_eq!(of(&[]).state, State::Skipped);
        assert_eq!(of(&[2 << 30]).state, State::Ok);
        assert_eq!(of(&[2 << 30, 1 << 20]).state, State::Warning);
    }

    #[cfg(unix)]
    #[test]
    fn a_place_that_is_not_there_counts_as_the_folder_above() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path();
        assert_eq!(standing(&top.join("a/b")), top);
        assert!(free(top).is_some());
        assert_eq!(writable(&top.join("a/b/c")), Ok(()));
        std::fs::write(top.join("a"), "").unwrap();
        assert!(
            writable(&top.join("a/b"))
                .unwrap_err()
                .contains("no folder")
        );
        assert_eq!(top.read_dir().unwrap().count(), 1, "nothing is made");
    }
}
