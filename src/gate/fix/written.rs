//! The repairs of env files: how those of the change are written, where nobody reads anything else afterwards.

use std::collections::HashSet;

use crate::command::branches;
use crate::command::fix::{Fixer, Repair};
use crate::config::valid::Isolate;
use crate::dotenv::name::{self, Role};
use crate::env::{self, Asked, CHECK, Rewritten};
use crate::finding::Fix;
use crate::finding::code::{Code, ENV_BLANKS, ENV_ENCODING, ENV_LINE_ENDS, ENV_PORTABILITY};
use crate::path::RepoPath;
use crate::project::{Judgement, Project};
use crate::repository::Change;
use crate::schema;

use super::super::plan::tools::without;
use super::{Found, Known, Seeking};

/// What is mended without changing what anybody reads.
const SAFE: &[Code] = &[ENV_BLANKS, ENV_ENCODING, ENV_LINE_ENDS, ENV_PORTABILITY];

/// What is mended so that some reader gets another value.
const UNSAFE: &[Code] = &[ENV_PORTABILITY];

/// What guard would write otherwise.
pub(super) fn env_files(seeking: &Seeking<'_>) -> Vec<Known> {
    let world = seeking.world;
    let settings = &world.config.checks[CHECK];
    let branch = seeking.branches.first().map(String::as_str);
    let is_wanted = settings.enabled
        && (seeking.wants_tools)(settings)
        && matches!(branches::skip_reason(&settings.branches, branch), Ok(None));
    if !is_wanted {
        return Vec::new();
    }
    // A pattern that cannot be read stops the judgement, which says so.
    let Ok(left) = without(&seeking.changes.files, &settings.exclude) else {
        return Vec::new();
    };
    let changes = left.as_deref().unwrap_or(&seeking.changes.files);
    let project = Project::new(Judgement::new(world.repository, seeking.changes.judged));
    let (mut safe, mut bold) = (Vec::new(), Vec::new());
    for change in changes {
        let Some((bytes, path)) = content(seeking, change) else {
            continue;
        };
        let quiet = rewritten(&project, path, &bytes, Fix::Safe);
        let loud = rewritten(&project, path, &bytes, Fix::Unsafe);
        let is_more = match (&quiet, &loud) {
            (Some(quiet), Some(loud)) => quiet.bytes != loud.bytes,
            (None, loud) => loud.is_some(),
            (Some(_), None) => false,
        };
        safe.extend(quiet.map(|made| (path.clone(), made.bytes)));
        bold.extend(
            loud.filter(|_| is_more)
                .map(|made| (path.clone(), made.bytes)),
        );
    }
    // What could not be read is said by the judgement.
    if project.take_trouble().is_some() {
        return Vec::new();
    }
    let portable = format!("{CHECK}:portable");
    [
        (CHECK.to_owned(), SAFE, Fix::Safe, safe),
        (portable, UNSAFE, Fix::Unsafe, bold),
    ]
    .into_iter()
    .filter(|(.., repairs)| !repairs.is_empty())
    .map(|(id, codes, fix, repairs)| known(seeking, id, (codes, fix), repairs))
    .collect()
}

/// An env file of the change: its bytes, and where it is.
fn content<'c>(seeking: &Seeking<'_>, change: &'c Change) -> Option<(Vec<u8>, &'c RepoPath)> {
    let blob = change.new.filter(|blob| blob.mode.is_regular())?;
    let role = name::role(&change.path)?;
    if role == Role::Fixture {
        return None;
    }
    let bytes = seeking.world.repository.read(&blob.id).ok()??;
    Some((bytes, &change.path))
}

fn rewritten(
    project: &Project<'_>,
    path: &RepoPath,
    bytes: &[u8],
    allowed: Fix,
) -> Option<Rewritten> {
    let asked = Asked {
        path,
        bytes,
        readers: &env::readers(project, path),
        // How a file is written does not depend on what it should hold.
        schema: &schema::none(),
        environment: None,
        is_committed: true,
        is_named: false,
        beside: &HashSet::new(),
        needs: None,
    };
    env::rewritten(&asked, allowed)
}

fn known(
    seeking: &Seeking<'_>,
    id: String,
    (codes, fix): (&'static [Code], Fix),
    repairs: Vec<(RepoPath, Vec<u8>)>,
) -> Known {
    let fixer = match seeking.filter.reason(CHECK) {
        Some(reason) => Err(reason.to_owned()),
        None => Ok(Found {
            files: repairs.len(),
            isolate: Isolate::Link,
            more: Vec::new(),
            fixer: Fixer {
                id: CHECK.to_owned(),
                fix,
                repair: Repair::Write(repairs),
            },
        }),
    };
    Known { id, codes, fixer }
}
