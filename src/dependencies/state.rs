//! What was laid last time, remembered beside the checkout.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::folder::Folder;
use super::node::{self, Injected};
use super::python;
use super::repoint::bytes;
use super::seen::{self, Seen};
use super::site::Site;
use super::{DependencyError, Prepared, Stale, lock, yarn};
use crate::path::RepoPath;

/// The file, and its first words: another number is another layout of the file or of what is
/// laid, and no older one is believed.
const NAME: &str = "dependencies";
const VERSION: &str = "guard dependencies 1";

/// A laying that still stands.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) prepared: Prepared,
    /// Copies of judged files: those follow the files, not the installation.
    pub(crate) injected: Vec<Injected>,
    /// Where something was laid.
    pub(crate) laid: Vec<RepoPath>,
}

/// The part of the state that is written as JSON; paths as bytes, since not all are text.
#[derive(Debug, Deserialize, Serialize)]
struct Said {
    notes: Vec<String>,
    stale: Vec<(Vec<u8>, String, String)>,
    injected: Vec<(Vec<u8>, Vec<u8>)>,
    laid: Vec<Vec<u8>>,
}

/// The folder beside the checkout.
pub(crate) fn own(checkout: &Path) -> Result<Folder, DependencyError> {
    let path = super::beside(checkout);
    let parent = path.parent().unwrap_or(checkout);
    let name = path.file_name().unwrap_or(OsStr::new("own"));
    Folder::open(parent)?.make(name)
}

/// What was asked: another original, another way or other packages are another question.
pub(crate) fn question(site: &Site<'_>) -> Vec<u8> {
    let mut question = VERSION.as_bytes().to_vec();
    let mut add = |field: &[u8]| {
        question.push(b'\n');
        question.extend_from_slice(field);
    };
    add(&bytes(site.original.as_os_str()));
    add(site.isolate.word().as_bytes());
    let locks = lock::FILES.map(|file| file.name);
    for manifests in [
        &node::MANIFESTS[..],
        &python::MANIFESTS,
        &yarn::MANIFESTS,
        &locks,
    ] {
        add(b"");
        for folder in site.folders_with(manifests) {
            add(folder.as_bytes());
        }
    }
    question
}

/// Forgets the last laying, except where it was; gives the time by the clock of files.
pub(crate) fn begin(own: &Folder, laid: &[RepoPath]) -> Result<i128, DependencyError> {
    own.remove(OsStr::new(NAME))?;
    let unfinished = State {
        laid: laid.to_vec(),
        ..State::default()
    };
    unfinished.write(own, b"unfinished", &Seen::default())?;
    Ok(seen::now(&own.path().join(NAME)))
}

impl State {
    /// The last laying, where it answered the same question and nothing has changed since.
    pub(crate) fn read(own: &Folder, question: &[u8]) -> Option<Self> {
        let text = own.read(OsStr::new(NAME))?;
        let (asked, rest) = part(&text)?;
        if asked != question {
            return None;
        }
        let (seen, rest) = part(rest)?;
        let (said, rest) = part(rest)?;
        if !rest.is_empty() || !Seen::parse(seen)?.holds() {
            return None;
        }
        let said: Said = serde_json::from_slice(said).ok()?;
        Some(Self {
            prepared: Prepared {
                notes: said.notes,
                stale: said.stale.into_iter().map(Stale::from).collect(),
            },
            injected: said
                .injected
                .into_iter()
                .map(|(from, to)| Injected {
                    from: RepoPath::new(from),
                    to: RepoPath::new(to),
                })
                .collect(),
            laid: said.laid.into_iter().map(RepoPath::new).collect(),
        })
    }

    /// Where something was laid last time, whether or not it still stands.
    pub(crate) fn laid(own: &Folder) -> Vec<RepoPath> {
        let said = own.read(OsStr::new(NAME)).and_then(|text| {
            let (_, rest) = part(&text)?;
            let (_, rest) = part(rest)?;
            serde_json::from_slice::<Said>(part(rest)?.0).ok()
        });
        let laid = said.map(|said| said.laid).unwrap_or_default();
        laid.into_iter().map(RepoPath::new).collect()
    }

    /// Remembers this laying.
    pub(crate) fn write(
        &self,
        own: &Folder,
        question: &[u8],
        seen: &Seen,
    ) -> Result<(), DependencyError> {
        let path = |path: &RepoPath| path.as_bytes().to_vec();
        let said = Said {
            notes: self.prepared.notes.clone(),
            stale: self
                .prepared
                .stale
                .iter()
                .map(|stale| (path(&stale.file), stale.what.clone(), stale.remedy.clone()))
                .collect(),
            injected: self
                .injected
                .iter()
                .map(|found| (path(&found.from), path(&found.to)))
                .collect(),
            laid: self.laid.iter().map(path).collect(),
        };
        let said = serde_json::to_vec(&said).expect("text and bytes can be written as JSON");
        let mut text = Vec::new();
        for part in [question, &seen.to_bytes(), &said] {
            text.extend_from_slice(&(part.len() as u64).to_le_bytes());
            text.extend_from_slice(part);
        }
        own.file(OsStr::new(NAME), &text, 0o600)
    }
}

/// What the laying depended on, together with the folders that it made.
pub(crate) fn seen(mut looked: Seen, began: i128, folders: &[PathBuf]) -> Seen {
    looked.distrust_since(began);
    for folder in folders {
        looked.look(folder);
    }
    looked
}

/// A part with its length in front, and the rest.
fn part(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = text.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    rest.split_at_checked(length)
}

impl From<(Vec<u8>, String, String)> for Stale {
    fn from((file, what, remedy): (Vec<u8>, String, String)) -> Self {
        Self {
            file: RepoPath::new(file),
            what,
            remedy,
        }
    }
}
