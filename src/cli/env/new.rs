//! A file that a command was asked to write: a new one only, through no link.

use std::io::{self, Write as _};
use std::path::Path;

use crate::checkout::folder::{Folder, Sort};
use crate::path::RepoPath;
use crate::project::split;

/// Why nothing was written. Nothing was changed.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(super) enum NotWritten {
    /// Something has the name.
    #[error("`{path}` stands already, and guard does not write over it")]
    #[diagnostic(help("{remedy}; nothing was changed"))]
    Stands {
        path: RepoPath,
        remedy: &'static str,
    },
    /// The folder is a link, or none.
    #[error(
        "`{folder}` is no folder but something else, and guard writes through none: `{path}` was not written"
    )]
    #[diagnostic(help("make `{folder}` a folder of this repository; nothing was changed"))]
    NoFolder { folder: RepoPath, path: RepoPath },
    /// The file system said no.
    #[error("could not write `{path}`: {source}")]
    #[diagnostic(help(
        "check who owns the folder and whether the disk is full or read-only; nothing was changed"
    ))]
    File { path: RepoPath, source: io::Error },
}

/// Writes a new file below `top`; its folder is made where it is missing. `remedy` is for whoever has one already.
pub(super) fn write(
    top: &Path,
    path: &RepoPath,
    text: &str,
    remedy: &'static str,
) -> Result<(), NotWritten> {
    let failed = |source: io::Error| NotWritten::File {
        path: path.clone(),
        source,
    };
    let (way, name) = split(path);
    let root = Folder::open(top).map_err(failed)?;
    let look = root.look(way.as_bytes());
    let sort = look.ok().flatten().map(|look| look.sort);
    if !way.is_root() && sort.is_some_and(|sort| sort != Sort::Folder) {
        return Err(NotWritten::NoFolder {
            folder: way,
            path: path.clone(),
        });
    }
    let is_made = !way.is_root() && sort.is_none();
    let folder = if way.is_root() {
        root
    } else {
        root.make_below(way.as_bytes()).map_err(failed)?
    };
    let written = one(&folder, name, text);
    if written.is_err() && is_made {
        // Only an empty one goes: the error is what is to be told.
        let _ = Folder::open(top).and_then(|root| root.remove_empty(way.as_bytes()));
    }
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => NotWritten::Stands {
            path: path.clone(),
            remedy,
        },
        _ => failed(error),
    })
}

fn one(folder: &Folder, name: &[u8], text: &str) -> io::Result<()> {
    // Fails on whatever has the name, so that nothing of anybody's is replaced.
    let mut to = folder.create(name, false)?;
    let written = to.write_all(text.as_bytes()).and_then(|()| to.sync_all());
    if written.is_err() {
        let _ = folder.remove(name);
    }
    written
}
