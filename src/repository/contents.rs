//! Many contents, read fast: each thread has a way of its own, since libgit2 lets in one at a time; and where the
//! git program reads, it is asked for many at once.

use git2::{ObjectType, Odb};

use super::reader::Trouble;
use super::{Id, Repository, RepositoryError, open};

/// Who reads contents for one thread.
pub(crate) struct Contents<'r> {
    own: Option<git2::Repository>,
    shared: &'r Repository,
}

/// A content, as far as it is one.
pub(crate) enum Content {
    /// Its bytes.
    Whole(Vec<u8>),
    /// It has so many, which is more than was asked for.
    Large(u64),
    /// It is not in this clone.
    Missing,
}

impl Repository {
    /// Whether guard reads contents itself: then each is asked for alone.
    pub(crate) fn reads_contents(&self) -> bool {
        self.own.is_some()
    }

    /// A reader for the thread that reads the repository anyway.
    pub(crate) fn shared_contents(&self) -> Contents<'_> {
        Contents {
            own: None,
            shared: self,
        }
    }

    /// A reader for one more thread.
    pub(crate) fn contents(&self) -> Contents<'_> {
        let own = self.reads_contents().then(|| open(self.git_dir()).ok());
        Contents {
            own: own.flatten(),
            shared: self,
        }
    }

    /// Hands these contents on, one after the other, where the git program reads them.
    pub(crate) fn each_content(
        &self,
        ids: &[Id],
        most: u64,
        take: &mut dyn FnMut(usize, Content),
    ) -> Result<(), RepositoryError> {
        let told = self.program.each_content(ids, most, take);
        told.map_err(|trouble| match trouble {
            Trouble::Final(error) => error,
            Trouble::Unreadable(unreadable) => RepositoryError::Unreadable {
                what: "contents",
                why: unreadable.0.to_owned(),
            },
        })
    }
}

impl Contents<'_> {
    /// A content of at most so many bytes.
    pub(crate) fn read(&self, id: &Id, most: u64) -> Result<Content, RepositoryError> {
        let store = self.own.as_ref().and_then(|own| own.odb().ok());
        if let Some(content) = store.and_then(|store| read(&store, id, most)) {
            return Ok(content);
        }
        // Whatever libgit2 objects to: the usual way says what it is.
        let Some(size) = self.shared.size(id)? else {
            return Ok(Content::Missing);
        };
        if size > most {
            return Ok(Content::Large(size));
        }
        let bytes = self.shared.read(id)?;
        Ok(bytes.map_or(Content::Missing, Content::Whole))
    }
}

fn read(store: &Odb<'_>, id: &Id, most: u64) -> Option<Content> {
    let id = git2::Oid::from_bytes(id.as_bytes()).ok()?;
    match store.read_header(id) {
        Ok((size, ObjectType::Blob)) if size as u64 > most => Some(Content::Large(size as u64)),
        Ok((_, ObjectType::Blob)) => {
            let object = store.read(id).ok()?;
            Some(Content::Whole(object.data().to_vec()))
        }
        Ok(_) | Err(_) => None,
    }
}
