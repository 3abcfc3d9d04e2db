//! What is to lie in a checkout: every judged file, those of submodules included.

use std::sync::Arc;

use super::error::CheckoutError;
use super::{hash, name, submodule};
use crate::change::{self, Judged, Mode};
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::repository::{Id, Repository};

/// One file that is to lie there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: Vec<u8>,
    pub(crate) mode: Mode,
    pub(crate) id: Id,
    /// Which repository has the content.
    pub(crate) source: usize,
}

/// A repository that contents come from, and where its files lie in the checkout.
pub(crate) struct Source {
    pub(crate) repository: Arc<Repository>,
    /// Empty, or a submodule's path with a `/` at its end.
    pub(crate) prefix: Vec<u8>,
}

/// All that is to lie there.
pub(crate) struct Wanted {
    /// Sorted by path.
    pub(crate) files: Vec<File>,
    /// The judged repository's own submodules, which its index names.
    pub(crate) submodules: Vec<(Vec<u8>, Id)>,
    /// The judged repository first, then the submodules'.
    pub(crate) sources: Vec<Source>,
    /// Equal keys are equal trees.
    pub(crate) key: [u8; 32],
}

impl Wanted {
    pub(crate) fn of(
        repository: &Arc<Repository>,
        judged: Judged,
        environment: &Environment,
    ) -> Result<Self, CheckoutError> {
        let mut wanted = Self {
            files: Vec::new(),
            submodules: Vec::new(),
            sources: Vec::new(),
            key: [0; 32],
        };
        let mut waiting = vec![(
            Source {
                repository: Arc::clone(repository),
                prefix: Vec::new(),
            },
            judged,
        )];
        while let Some((source, judged)) = waiting.pop() {
            let submodules = wanted.add(source, judged)?;
            let from = wanted.sources.last().expect("one was just added");
            let inner = submodule::all(from, &wanted, &submodules, environment)?;
            waiting.extend(inner);
            if wanted.sources.len() == 1 {
                wanted.submodules = submodules;
            }
        }
        // One repository's files come sorted.
        if wanted.sources.len() > 1 {
            wanted.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        }
        if let Some(twice) = wanted
            .files
            .windows(2)
            .find(|two| two[0].path == two[1].path)
        {
            return Err(CheckoutError::Name {
                path: RepoPath::new(twice[0].path.as_slice()),
                why: "it is there twice",
            });
        }
        wanted.key = wanted.key();
        Ok(wanted)
    }

    /// Adds one repository's files, and gives its submodules.
    fn add(&mut self, source: Source, judged: Judged) -> Result<Vec<(Vec<u8>, Id)>, CheckoutError> {
        let mut submodules = Vec::new();
        let at = self.sources.len();
        let all = change::everything(&source.repository, judged)?;
        self.files.reserve(all.files.len());
        for file in all.files {
            let Some(blob) = file.new else { continue };
            let path = [source.prefix.as_slice(), file.path.as_bytes()].concat();
            if let Some(why) = name::refused(&path) {
                let path = RepoPath::new(path);
                return Err(CheckoutError::Name { path, why });
            }
            if blob.mode == Mode::Submodule {
                submodules.push((path, blob.id));
            } else {
                self.files.push(File {
                    path,
                    mode: blob.mode,
                    id: blob.id,
                    source: at,
                });
            }
        }
        self.sources.push(source);
        Ok(submodules)
    }

    fn key(&self) -> [u8; 32] {
        let files = self.files.iter().flat_map(|file| {
            let mode: &[u8] = match file.mode {
                Mode::File => b"f",
                Mode::Executable => b"x",
                Mode::Link => b"l",
                Mode::Submodule => b"s",
            };
            [file.path.as_slice(), mode, file.id.as_bytes()]
        });
        let submodules = self.submodules.iter();
        let submodules = submodules.flat_map(|(path, id)| [path.as_slice(), b"s", id.as_bytes()]);
        hash::of_parts(files.chain(submodules))
    }

    pub(crate) fn file(&self, path: &[u8]) -> Option<&File> {
        let found = self
            .files
            .binary_search_by(|file| file.path.as_slice().cmp(path));
        found.ok().map(|at| &self.files[at])
    }

    /// A small file's content as it was committed; none when there is none, or when it is a link.
    pub(crate) fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, CheckoutError> {
        match self.file(path) {
            Some(file) if file.mode.is_regular() => self.content(file).map(Some),
            _ => Ok(None),
        }
    }

    /// A file's content as git stores it.
    pub(crate) fn content(&self, file: &File) -> Result<Vec<u8>, CheckoutError> {
        let content = self.sources[file.source].repository.read(&file.id)?;
        content.ok_or_else(|| CheckoutError::Missing {
            path: RepoPath::new(file.path.as_slice()),
            id: file.id,
        })
    }
}
