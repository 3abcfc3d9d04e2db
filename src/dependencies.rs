//! What is installed in the user's work tree, made to be there in guard's own checkout.
//!
//! Tools run in the checkout, and must find their dependencies without a copy of them, and must
//! never load the original's files in place of those that are judged. The original is only read.
//!
//! | what | how |
//! |---|---|
//! | `node_modules` | `node`: a real folder with one link an entry; what would lead back is re-pointed, or copied |
//! | Plug'n'Play | `yarn`: the map copied, places outside the work tree spelled anew |
//! | virtual environments | `python`: real folders, editable installs re-pointed |
//! | lock files | `lock`: where the judged ones and what is installed differ, that is said |
//! | variables | `variables`: every mention of the original re-pointed, cargo's target apart |
//!
//! What was laid is remembered beside the checkout with the times of all folders that it depended
//! on (`seen`), so that a second call with nothing changed asks for those times and no more.

mod editable;
mod error;
#[cfg(unix)]
mod folder;
#[cfg(unix)]
mod lock;
#[cfg(unix)]
mod node;
#[cfg(unix)]
mod place;
#[cfg(unix)]
mod python;
mod refusal;
mod repoint;
#[cfg(unix)]
mod seen;
#[cfg(unix)]
mod site;
#[cfg(unix)]
mod state;
mod variables;
#[cfg(unix)]
mod want;
#[cfg(unix)]
mod yarn;

use std::fmt;
use std::path::{Path, PathBuf};

pub use crate::config::valid::Isolate;
use crate::path::RepoPath;
#[cfg(unix)]
use {
    folder::Folder,
    site::Site,
    state::State,
    want::{Layer, Others},
};

pub use error::DependencyError;
pub use refusal::refuses_links;
pub use variables::variables;

/// What is to be said about the dependencies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// What could not be mirrored, in sentences.
    pub notes: Vec<String>,
    /// Where the judged lock files and the installed dependencies differ.
    pub stale: Vec<Stale>,
}

/// A judged lock file and the installed dependencies that differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stale {
    /// The judged file that asks for them.
    pub file: RepoPath,
    /// Which package, what is wanted and what is installed.
    pub what: String,
    /// The command that installs them.
    pub remedy: String,
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (`{}`)", self.file, self.what, self.remedy)
    }
}

/// guard's own folder beside a checkout: what belongs to it and must not lie in it.
pub(crate) fn beside(checkout: &Path) -> PathBuf {
    let mut name = checkout.file_name().unwrap_or_default().to_owned();
    name.push("-own");
    checkout.with_file_name(name)
}

/// Whether a file of this name says what is to be installed, or how.
pub(crate) fn is_manifest(name: &[u8]) -> bool {
    const SETTINGS: [&str; 4] = [
        ".npmrc",
        ".yarnrc.yml",
        "bunfig.toml",
        "pnpm-workspace.yaml",
    ];
    #[cfg(unix)]
    let known = [&node::MANIFESTS[..], &python::MANIFESTS, &yarn::MANIFESTS]
        .into_iter()
        .flatten()
        .copied()
        .chain(lock::FILES.iter().map(|file| file.name));
    #[cfg(not(unix))]
    let known = std::iter::empty();
    known.chain(SETTINGS).any(|known| known.as_bytes() == name)
}

/// What the last laying said, where it still stands and nothing has to be done; `manifests` are the
/// judged files that [`is_manifest`] knows.
#[cfg(unix)]
pub(crate) fn standing(
    original: &Path,
    checkout: &Path,
    manifests: &[RepoPath],
    isolate: Isolate,
) -> Option<Prepared> {
    let site = Site::new(original, checkout, manifests, isolate).ok()?;
    let state = State::read(&state::own(checkout).ok()?, &state::question(&site))?;
    // Copies of judged files follow the files.
    state.injected.is_empty().then_some(state.prepared)
}

/// There is no laying here.
#[cfg(not(unix))]
pub(crate) fn standing(_: &Path, _: &Path, _: &[RepoPath], _: Isolate) -> Option<Prepared> {
    None
}

/// Makes the checkout hold what is installed in the original work tree. `tracked` are all judged
/// paths, which have been laid out already. By difference: a second call with nothing changed
/// looks at the times of the installed folders only.
#[cfg(unix)]
pub fn prepare(
    original: &Path,
    checkout: &Path,
    tracked: &[RepoPath],
    isolate: Isolate,
) -> Result<Prepared, DependencyError> {
    let site = Site::new(original, checkout, tracked, isolate)?;
    let tree = Folder::open(checkout)?;
    let own = state::own(checkout)?;
    let question = state::question(&site);
    if let Some(state) = State::read(&own, &question) {
        let repoint = site.repoint();
        let mut layer = Layer::new(&repoint);
        inject(&site, &tree, &mut layer, &state.injected)?;
        return Ok(state.prepared);
    }
    let before = State::laid(&own);
    // From here on what was remembered is wrong until everything lies there.
    let began = state::begin(&own, &before)?;
    site.find_others();
    let plan = node::plan(&site)?;
    let mut wants = plan.wants;
    wants.extend(python::plan(&site)?);
    wants.extend(yarn::plan(&site)?);
    let repoint = site.repoint();
    let mut layer = Layer::new(&repoint);
    for gone in before.iter().filter(|place| !wants.contains_key(place)) {
        place::take_away(&site, &tree, &mut layer, gone)?;
    }
    for (place, want) in &wants {
        place::lay(&tree, &mut layer, place, want)?;
    }
    inject(&site, &tree, &mut layer, &plan.injected)?;
    if layer.copied > 0 {
        site.note(format!(
            "{} files of installed dependencies were copied: the file system shares neither blocks nor inodes with guard's checkout",
            layer.copied
        ));
    }
    let folders = layer.folders;
    let differing = lock::check(&site, &tree)?;
    let state = State {
        prepared: Prepared {
            notes: site.notes.into_inner().into_iter().collect(),
            stale: differing,
        },
        injected: plan.injected,
        laid: wants.into_keys().collect(),
    };
    let seen = state::seen(site.seen.into_inner(), began, &folders);
    state.write(&own, &question, &seen)?;
    Ok(state.prepared)
}

/// Where guard laid dependencies in this checkout: what a sweep of leftovers has to spare, and
/// what is laid anew if it does not.
#[cfg(unix)]
pub fn laid(checkout: &Path) -> Vec<RepoPath> {
    state::own(checkout).map_or_else(|_| Vec::new(), |own| State::laid(&own))
}

/// Lays what is judged over the installed copies of it.
#[cfg(unix)]
fn inject(
    site: &Site<'_>,
    tree: &Folder,
    layer: &mut Layer<'_>,
    copies: &[node::Injected],
) -> Result<(), DependencyError> {
    for injected in copies {
        if let Some(copy) = tree.descend(&injected.to)? {
            layer.fill(&copy, &injected.wants(site, tree)?, Others::ModulesStay)?;
        }
    }
    Ok(())
}

/// Where guard laid dependencies in this checkout.
#[cfg(not(unix))]
pub fn laid(_checkout: &Path) -> Vec<RepoPath> {
    Vec::new()
}

/// Makes the checkout hold what is installed in the original work tree.
#[cfg(not(unix))]
pub fn prepare(
    _original: &Path,
    _checkout: &Path,
    _tracked: &[RepoPath],
    _isolate: Isolate,
) -> Result<Prepared, DependencyError> {
    Err(DependencyError::Unsupported)
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
