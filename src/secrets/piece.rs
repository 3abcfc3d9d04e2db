//! A piece of what is searched: a content with its place and its past.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::path::RepoPath;
use crate::repository::contents::{Content, Contents};
use crate::repository::{Blob, Id, RepositoryError};

/// More than this is not taken into memory: whoever has such a file is told that nobody looked into it.
pub(crate) const MOST: u64 = 100 << 20;

/// A content to be searched.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// Where it is told to be.
    pub(crate) path: RepoPath,
    /// Where it is read.
    pub(crate) source: Source,
    /// What was at this place before.
    pub(crate) old: Option<Id>,
    /// The commit that brings it.
    pub(crate) commit: Option<Id>,
}

/// Where a content is read.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// In the repository.
    Blob(Blob),
    /// On the disk.
    File(PathBuf),
}

/// Why a content could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    /// Which.
    pub(crate) path: RepoPath,
    /// In half a sentence: `it is not in this clone`.
    pub(crate) why: String,
    /// What to do about it.
    pub(crate) remedy: String,
}

impl Piece {
    /// Its bytes.
    pub(crate) fn read(&self, contents: Option<&Contents<'_>>) -> Result<Vec<u8>, Unread> {
        match (&self.source, contents) {
            (Source::Blob(blob), Some(contents)) => self.blob(&blob.id, contents),
            (Source::Blob(_), None) => Err(self.missing()),
            (Source::File(place), _) => self.file(place),
        }
    }

    fn blob(&self, id: &Id, contents: &Contents<'_>) -> Result<Vec<u8>, Unread> {
        match contents.read(id, MOST) {
            Ok(content) => self.bytes(content),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// The bytes that somebody read for it.
    pub(crate) fn bytes(&self, content: Content) -> Result<Vec<u8>, Unread> {
        match content {
            Content::Whole(bytes) => Ok(bytes),
            Content::Large(size) => Err(self.large(size)),
            Content::Missing => Err(self.missing()),
        }
    }

    /// It could not be read, since nothing could.
    pub(crate) fn failed(&self, error: &RepositoryError) -> Unread {
        self.unread(error.to_string(), "`git fsck` tells what is damaged")
    }

    fn file(&self, place: &Path) -> Result<Vec<u8>, Unread> {
        let failed = |error: io::Error| {
            self.unread(error.to_string(), "make it readable, or name other paths")
        };
        let about = fs::metadata(place).map_err(failed)?;
        if about.len() > MOST {
            return Err(self.large(about.len()));
        }
        fs::read(place).map_err(failed)
    }

    /// It is not there.
    pub(crate) fn missing(&self) -> Unread {
        let remedy = "`git fetch --refetch` brings what a partial clone lacks; `git fsck` tells what is missing";
        self.unread("its content is not in this clone".to_owned(), remedy)
    }

    fn large(&self, size: u64) -> Unread {
        let why = format!(
            "it has {} MB, and guard looks into files of up to 100",
            size >> 20
        );
        let remedy = "keep it out of git, or name it under `checks.secrets.exclude`";
        self.unread(why, remedy)
    }

    fn unread(&self, why: String, remedy: &str) -> Unread {
        Unread {
            path: self.path.clone(),
            why,
            remedy: remedy.to_owned(),
        }
    }
}
