//! Writing a baseline: whole or not at all, and never through a link.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use tempfile::NamedTempFile;

/// Why a baseline was not written.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum Refused {
    /// Something else than a file lies there.
    #[error("{} is {what}, and a baseline is only written to a plain file", path.display())]
    #[diagnostic(help("Remove it, or give another name with `--baseline FILE`."))]
    NotAFile {
        /// What was to be written.
        path: PathBuf,
        /// `a link`, `a folder`.
        what: &'static str,
    },
    /// A folder on the way below the root is a link.
    #[error("{} is a link, and guard writes nothing through links", folder.display())]
    #[diagnostic(help("Give a path that does not pass through it with `--baseline FILE`."))]
    Link {
        /// The link.
        folder: PathBuf,
    },
    /// The system said no.
    #[error("{} cannot be written: {source}", path.display())]
    #[diagnostic(help("Mend that, or give another name with `--baseline FILE`."))]
    System {
        /// What was to be written.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

/// Writes a baseline. `root` is the work tree's root: no link below it is followed. A file that has these
/// bytes already is left alone; the answer is whether anything was written.
pub(crate) fn write(root: &Path, path: &Path, text: &str) -> Result<bool, Refused> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if let Some(link) = link_between(root, folder) {
        return Err(Refused::Link { folder: link });
    }
    let refused = |what| Refused::NotAFile {
        path: path.to_owned(),
        what,
    };
    let system = |source| Refused::System {
        path: path.to_owned(),
        source,
    };
    let rights = match path.symlink_metadata() {
        Ok(about) if about.is_symlink() => return Err(refused("a link")),
        Ok(about) if about.is_dir() => return Err(refused("a folder")),
        Ok(about) if !about.is_file() => return Err(refused("no plain file")),
        Ok(about) => {
            if fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes()) {
                return Ok(false);
            }
            Some(about.permissions())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(system(error)),
    };
    // A rename replaces the name and follows nothing, whatever comes to lie there meanwhile.
    let mut draft = draft(folder).map_err(system)?;
    let written = draft.write_all(text.as_bytes());
    written
        .and_then(|()| match rights {
            Some(rights) => draft.as_file().set_permissions(rights),
            None => Ok(()),
        })
        .and_then(|()| draft.as_file().sync_all())
        .map_err(system)?;
    draft.persist(path).map_err(|error| system(error.error))?;
    Ok(true)
}

/// What an unfinished file begins with.
const DRAFT: &str = ".guard-baseline-";

/// A file that nobody else has. Whoever may read new files may read it, by the user's mask: it is to be committed.
#[cfg(unix)]
fn draft(folder: &Path) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt as _;
    tempfile::Builder::new()
        .prefix(DRAFT)
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)
}

/// A file that nobody else has.
#[cfg(not(unix))]
fn draft(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(DRAFT).tempfile_in(folder)
}

/// The first link on the way from the root to a folder below it.
fn link_between(root: &Path, folder: &Path) -> Option<PathBuf> {
    let below = folder.strip_prefix(root).ok()?;
    let mut at = root.to_owned();
    below.components().find_map(|part| {
        at.push(part);
        at.is_symlink().then(|| at.clone())
    })
}
