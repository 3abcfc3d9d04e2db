//! Puts what is planned at its place in the checkout, and takes it away again.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::DependencyError;
use super::folder::Folder;
use super::site::{Site, split};
use super::want::{Entries, Layer, Others, Want};
use crate::path::RepoPath;

/// Lays one thing where the judged tree has a folder for it.
pub(crate) fn lay(
    tree: &Folder,
    layer: &mut Layer<'_>,
    place: &RepoPath,
    want: &Want,
) -> Result<(), DependencyError> {
    let (folder, name) = split(place);
    let parent = match tree.descend(&folder)? {
        Some(parent) => parent,
        None => match yarn_folder(tree, &folder)? {
            Some(parent) => parent,
            None => return Ok(()),
        },
    };
    let name = OsStr::from_bytes(name);
    layer.lay(&parent, name, want)?;
    // Also what is no folder: when somebody sweeps it away, it has to be laid again.
    layer.folders.push(parent.path().join(name));
    Ok(())
}

/// The folder of yarn's own files, which only tracked files or guard make.
fn yarn_folder(tree: &Folder, folder: &RepoPath) -> Result<Option<Folder>, DependencyError> {
    let (above, name) = split(folder);
    let Some(above) = tree.descend(&above)? else {
        return Ok(None);
    };
    let name = OsStr::from_bytes(name);
    // A link of this name is judged content.
    if name != ".yarn" || above.stat(name).is_some() {
        return Ok(None);
    }
    above.make(name).map(Some)
}

/// Takes away what guard laid at an earlier time and nobody wants now.
pub(crate) fn take_away(
    site: &Site<'_>,
    tree: &Folder,
    layer: &mut Layer<'_>,
    place: &RepoPath,
) -> Result<(), DependencyError> {
    let (folder, name) = split(place);
    let Some(parent) = tree.descend(&folder)? else {
        return Ok(());
    };
    // What is tracked by now was laid by another hand.
    if site.judges(place) {
        return Ok(());
    }
    let name = OsStr::from_bytes(name);
    if name == "node_modules"
        && let Some(modules) = parent.child(name)?
    {
        // The caches of tools stay, and with them the folder.
        layer.fill(&modules, &Entries::new(), Others::HiddenStay)?;
        parent.remove_if_empty(name);
        return Ok(());
    }
    parent.remove(name)
}
