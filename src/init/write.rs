//! Writing: new files only, by the handles of their folders, through no link; all of them, or none.

use std::io::{self, Write as _};
use std::path::Path;

use super::{NewFile, settings};
use crate::checkout::folder::{Folder, Sort};
use crate::exit::Exit;
use crate::path::RepoPath;
use crate::project::split;

/// Why nothing was written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(crate) enum InitError {
    /// A folder on the way is a link, or no folder.
    #[error("`{folder}` is {what}, and guard writes through none: `{path}` was not written")]
    #[diagnostic(help(
        "make `{folder}` a folder of this repository, then `guard init` again; nothing was changed"
    ))]
    NotAFolder {
        /// What stands in the way.
        folder: RepoPath,
        /// What it is.
        what: &'static str,
        /// What was to be written.
        path: RepoPath,
    },
    /// The file system said no.
    #[error("could not write `{path}`: {source}")]
    #[diagnostic(help(
        "check who owns the folder and whether the disk is full or read-only; nothing was changed"
    ))]
    File {
        /// What was to be written.
        path: RepoPath,
        /// What the system said.
        source: io::Error,
    },
}

impl InitError {
    /// Nothing was changed.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::NotAFolder { .. } | Self::File { .. } => Exit::Refused,
        }
    }

    fn file(path: &RepoPath) -> impl FnOnce(io::Error) -> Self {
        let path = path.clone();
        move |source| Self::File { path, source }
    }
}

/// Whether the way to every file is free.
pub(super) fn check(top: &Path, files: &[NewFile]) -> Result<(), InitError> {
    for file in files {
        let root = Folder::open(top).map_err(InitError::file(&file.path))?;
        let (folder, _) = split(&file.path);
        if folder.is_root() {
            continue;
        }
        let look = root
            .look(folder.as_bytes())
            .map_err(InitError::file(&file.path))?;
        let what = match look.map(|look| look.sort) {
            None | Some(Sort::Folder) => continue,
            Some(Sort::Link) => "a link",
            Some(_) => "no folder",
        };
        return Err(InitError::NotAFolder {
            folder,
            what,
            path: file.path.clone(),
        });
    }
    Ok(())
}

/// What was written, so that it can be taken back.
#[derive(Default)]
pub(crate) struct Written(Vec<Step>);

/// One thing that was done, with the folder in which it was.
enum Step {
    Folder(Folder, Vec<u8>),
    File(Folder, Vec<u8>),
}

impl Written {
    /// Takes everything back, as far as that goes: the error that led here is the one to be told.
    pub(crate) fn take_back(self) {
        for step in self.0.into_iter().rev() {
            let _ = match step {
                Step::Folder(folder, name) => folder.remove_empty(&name).map(|_| ()),
                Step::File(folder, name) => folder.remove(&name),
            };
        }
    }
}

/// Writes every file; what was written is taken back where one cannot be.
pub(super) fn all(top: &Path, files: &[NewFile]) -> Result<Written, InitError> {
    check(top, files)?;
    let mut written = Written::default();
    for file in files {
        if let Err(error) = one(top, file, &mut written) {
            written.take_back();
            return Err(InitError::file(&file.path)(error));
        }
    }
    Ok(written)
}

fn one(top: &Path, file: &NewFile, written: &mut Written) -> io::Result<()> {
    let (way, name) = split(&file.path);
    let mut folder = Folder::open(top)?;
    if !way.is_root() {
        folder = if let Some(inner) = folder.below(way.as_bytes())? {
            inner
        } else {
            let made = folder.make_below(way.as_bytes())?;
            let step = Step::Folder(folder, way.as_bytes().to_vec());
            written.0.push(step);
            made
        };
    }
    // Fails on whatever has the name, so that nothing of anybody's is replaced.
    let mut to = folder.create(name, false)?;
    written.0.push(Step::File(folder, name.to_vec()));
    to.write_all(file.text.as_bytes())?;
    to.sync_all()
}

/// Puts the schema of guard.yaml where its first line says, in guard's folder. Unchanged where it is there.
pub(crate) fn lay_schema(common: &Path, schema: &str) -> io::Result<()> {
    let way = settings::SCHEMA
        .strip_prefix(".git/")
        .unwrap_or(settings::SCHEMA);
    let (way, name) = way.rsplit_once('/').unwrap_or(("", way));
    let folder = Folder::open(common)?.make_below(way.as_bytes())?;
    if folder.read(name.as_bytes())?.as_deref() == Some(schema.as_bytes()) {
        return Ok(());
    }
    let draft = format!("{name}.new");
    folder.remove(draft.as_bytes())?;
    folder
        .create(draft.as_bytes(), false)?
        .write_all(schema.as_bytes())?;
    folder.rename(draft.as_bytes(), &folder, name.as_bytes())
}
