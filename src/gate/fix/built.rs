//! The repairs that guard knows itself: lines that .gitignore lacks.

use crate::command::fix::{Fixer, Repair};
use crate::config::valid::Isolate;
use crate::finding::Fix;
use crate::ignoring::{self, Scope};
use crate::path::RepoPath;
use crate::project::{Judgement, Project, split};
use crate::repository::{Change, Kind, Repository};

use super::{Found, Known, Reach, Seeking};

/// The check whose findings are mended here.
const GITIGNORE: &str = "gitignore";

/// What git should ignore.
pub(super) fn ignoring(seeking: &Seeking<'_>) -> Vec<Known> {
    let world = seeking.world;
    let settings = &world.config.checks[GITIGNORE];
    let changes = seeking.changes;
    if !settings.enabled || !(seeking.wants_tools)(settings) || changes.files.is_empty() {
        return Vec::new();
    }
    let project = Project::new(Judgement::new(world.repository, changes.judged));
    let judgement = ignoring::judge(&project, &changes.files, Scope::Change);
    let fits = |path: &RepoPath| {
        let is_in_change = changes.files.iter().any(|change| change.path == *path);
        seeking.reach == Reach::Beyond || is_in_change
    };
    let repairs: Vec<(RepoPath, Vec<u8>)> = judgement
        .repairs
        .into_iter()
        .filter(|(path, _)| fits(path))
        .map(|(path, text)| (path, text.into_bytes()))
        .collect();
    // What could not be read is said by the judgement.
    if project.take_trouble().is_some() || repairs.is_empty() {
        return Vec::new();
    }
    let repairs_of = repairs.iter();
    let more = repairs_of.filter_map(|(path, _)| unchanged(world.repository, seeking, path));
    let fixer = match seeking.filter.reason(GITIGNORE) {
        Some(reason) => Err(reason.to_owned()),
        None => Ok(Found {
            files: repairs.len(),
            isolate: Isolate::Link,
            more: more.collect(),
            fixer: Fixer {
                id: GITIGNORE.to_owned(),
                fix: Fix::Safe,
                repair: Repair::Write(repairs),
            },
        }),
    };
    vec![Known {
        id: GITIGNORE.to_owned(),
        codes: crate::check::by_id(GITIGNORE).map_or(&[], |check| check.codes()),
        fixer,
    }]
}

/// A tracked file that did not change, as a change that changes nothing: so that it may be written.
fn unchanged(repository: &Repository, seeking: &Seeking<'_>, path: &RepoPath) -> Option<Change> {
    let changes = seeking.changes;
    if changes.files.iter().any(|change| change.path == *path) {
        return None;
    }
    let (folder, name) = split(path);
    let children = repository.children(changes.judged, &folder).ok()?;
    let child = children.into_iter().find(|child| child.name == name)?;
    let blob = child.blob?;
    Some(Change {
        path: path.clone(),
        kind: Kind::Modified,
        old: Some(blob),
        new: Some(blob),
    })
}
