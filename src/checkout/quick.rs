//! The quick way: a slot that holds nearly what is staged is moved on without a look at the rest of it.
//!
//! A command that reads a few files only (`reads: files`) asks that those are as they are judged. What lay in
//! the slot before is written down as a commit and what was staged on it, so the way from there to what is
//! staged now is a short list, in a repository of any size. Whatever is not plain (files that come or go,
//! conversions, submodules, other dependencies) takes the whole way, which looks at everything.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::{CheckoutError, refusal};
use super::folder::{Folder, Folders, split};
use super::memory::{MOVING, STATE};
use super::settings::Settings;
use super::state::State;
use super::wanted::{File, Wanted};
use super::write::{self, Writer};
use super::{convert, git_dir, hash, settings, survey};
use crate::change::{Base, Judged};
use crate::dependencies;
use crate::environment::Environment;
use crate::path::RepoPath;
use crate::repository::{Blob, Id, Repository};

/// The file that says where a slot stands.
const NOTE: &[u8] = b"quick";

/// The form of that file.
const FORM: u32 = 1;

/// More files than these take the whole way.
const MOST: usize = 300;

/// Where a slot stands: at a commit, with what was staged on it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Note {
    form: u32,
    /// The state that was written when everything was looked at last.
    state: [u8; 32],
    settings: [u8; 32],
    base: String,
    staged: Vec<Staged>,
    /// The files that say what is to be installed.
    manifests: Vec<Vec<u8>>,
}

/// One path that is not as it is in the commit.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Staged {
    path: Vec<u8>,
    base: Option<(String, bool)>,
    laid: Option<(String, bool)>,
}

/// What lies in a slot after a quick move.
pub(crate) struct Moved {
    pub(crate) tree: Folder,
    pub(crate) stale: Vec<dependencies::Stale>,
}

/// Writes down where a slot stands once everything was looked at; or nothing, where the quick way is closed.
pub(crate) fn note(
    place: &Path,
    repository: &Repository,
    judged: Judged,
    wanted: &Wanted,
    settings: &[Settings],
) -> Result<(), CheckoutError> {
    let refused = refusal("written", place);
    let slot = Folder::open(place).map_err(&refused)?;
    let is_plain = !convert::is_needed(wanted, settings).contains(&true);
    let note = if is_plain && wanted.sources.len() == 1 && wanted.submodules.is_empty() {
        let stands = match judged {
            Judged::Index => staged(repository),
            Judged::Commit(commit) => Some((commit, Vec::new())),
        };
        standing(&slot, stands, wanted, settings).map_err(&refused)?
    } else {
        None
    };
    match note {
        Some(note) => put(&slot, &note).map_err(&refused),
        None => slot.remove(NOTE).map_err(&refused),
    }
}

/// Closes the quick way until everything was looked at again.
pub(crate) fn forget(place: &Path) -> Result<(), CheckoutError> {
    let refused = refusal("written", place);
    let slot = Folder::open(place).map_err(&refused)?;
    slot.remove(NOTE).map_err(&refused)
}

fn standing(
    slot: &Folder,
    stands: Option<(Id, Vec<crate::change::Change>)>,
    wanted: &Wanted,
    settings: &[Settings],
) -> io::Result<Option<Note>> {
    let Some((base, staged)) = stands else {
        return Ok(None);
    };
    let state = slot.read(STATE)?;
    let state = state.as_deref().and_then(State::key_of);
    let manifests = wanted.files.iter().map(|file| file.path.clone());
    Ok(state.map(|state| Note {
        form: FORM,
        state,
        settings: settings::conversions(settings),
        base: base.to_string(),
        staged: staged.iter().map(Staged::of).collect(),
        manifests: manifests
            .filter(|path| dependencies::is_manifest(split(path).1))
            .collect(),
    }))
}

/// The commit that HEAD names and what is staged on it; none where that cannot be told quickly.
fn staged(repository: &Repository) -> Option<(Id, Vec<crate::change::Change>)> {
    repository.index_file()?;
    let staged = repository.ask(|reader| reader.staged()).ok()?;
    match staged.base {
        Some(Base::Commit(base)) => Some((base, staged.changes)),
        _ => None,
    }
}

/// Moves the slot at `place` to what is staged; none where that takes the whole way.
pub(crate) fn settle(
    place: &Path,
    repository: &Repository,
    environment: &Environment,
    isolate: super::Isolate,
    reads: &[RepoPath],
) -> Result<Option<Moved>, CheckoutError> {
    let refused = refusal("written", place);
    let slot = Folder::open(place).map_err(&refused)?;
    let Some(note) = current(&slot).map_err(&refused)? else {
        return Ok(None);
    };
    let own = Settings::read(repository, environment)?;
    let settings = [own];
    if settings::conversions(&settings) != note.settings {
        return Ok(None);
    }
    let Some((base, changes)) = staged(repository) else {
        return Ok(None);
    };
    let Some(files) = way(repository, &note, base, &changes) else {
        return Ok(None);
    };
    let at = place.join("tree");
    let Some(tree) = slot.below(b"tree").map_err(&refused)? else {
        return Ok(None);
    };
    let standing = Note {
        base: base.to_string(),
        staged: changes.iter().map(Staged::of).collect(),
        ..note.clone()
    };
    if !files.is_empty() {
        let paths: Vec<&[u8]> = files.iter().map(|file| file.path.as_slice()).collect();
        write::replace(&slot, MOVING, &paths.join(&b"\0"[..])).map_err(&refused)?;
        let mut writer = Writer::new(&slot, &tree, &at).map_err(&refused)?;
        for file in &files {
            let Some(content) = repository.read(&file.id)? else {
                return Ok(None);
            };
            writer.put(file, &content)?;
        }
    }
    git_dir::settle(&slot, place, repository, Judged::Index, &settings[0])?;
    if !borrow_index(place, repository) {
        return Ok(None);
    }
    if standing != note {
        put(&slot, &standing).map_err(&refused)?;
    }
    slot.remove(MOVING).map_err(&refused)?;
    if !holds(&tree, &at, repository, reads)? {
        return Ok(None);
    }
    let Some(stale) = installed(&at, repository, isolate, &standing.manifests) else {
        return Ok(None);
    };
    Ok(Some(Moved { tree, stale }))
}

/// Where the slot stands, if that can be believed.
fn current(slot: &Folder) -> io::Result<Option<Note>> {
    if slot.look(MOVING)?.is_some() {
        return Ok(None);
    }
    let Some(text) = slot.read(NOTE)? else {
        return Ok(None);
    };
    let Ok(note) = serde_json::from_slice::<Note>(&text) else {
        return Ok(None);
    };
    let Some(mut state) = slot.file(STATE)? else {
        return Ok(None);
    };
    let mut head = [0; 128];
    let read = io::Read::read(&mut state, &mut head)?;
    let is_of = State::key_of(&head[..read]) == Some(note.state);
    Ok((note.form == FORM && is_of).then_some(note))
}

/// The files to write; none where something comes, goes, or is no ordinary file.
fn way(
    repository: &Repository,
    note: &Note,
    base: Id,
    changes: &[crate::change::Change],
) -> Option<Vec<File>> {
    // What lies there, and what is wanted there, by path.
    let mut ways: BTreeMap<&[u8], (Option<Blob>, Option<Blob>)> = BTreeMap::new();
    for change in changes {
        ways.insert(change.path.as_bytes(), (change.old, change.new));
    }
    let from = Id::parse(&note.base)?;
    let between = if from == base {
        Vec::new()
    } else {
        let between = repository.ask(|reader| reader.between(Some(from), base));
        between.ok()?
    };
    for change in &between {
        ways.entry(change.path.as_bytes())
            .and_modify(|way| way.0 = change.old)
            .or_insert((change.old, change.new));
    }
    for staged in &note.staged {
        let laid = blob(staged.laid.as_ref())?;
        let base = blob(staged.base.as_ref())?;
        ways.entry(&staged.path)
            .and_modify(|way| way.0 = laid)
            .or_insert((laid, base));
    }
    let mut files = Vec::new();
    for (path, (laid, wanted)) in ways {
        if laid == wanted {
            continue;
        }
        let (laid, wanted) = (laid?, wanted?);
        let (_, name) = split(path);
        let is_quick = laid.mode == wanted.mode
            && wanted.mode.is_regular()
            && super::name::refused(path).is_none()
            && name != b".gitattributes"
            && !dependencies::is_manifest(name);
        if !is_quick || files.len() == MOST {
            return None;
        }
        files.push(File {
            path: path.to_vec(),
            mode: wanted.mode,
            id: wanted.id,
            source: 0,
        });
    }
    Some(files)
}

/// Whether these files lie in the tree as they are staged, and nothing does where nothing is.
pub(crate) fn holds(
    tree: &Folder,
    at: &Path,
    repository: &Repository,
    paths: &[RepoPath],
) -> Result<bool, CheckoutError> {
    if paths.len() > MOST {
        return Ok(false);
    }
    let judged = repository.ask(|reader| reader.indexed_at(paths))?;
    let mut folders = Folders::below(tree);
    for (path, judged) in paths.iter().zip(judged) {
        let refused = refusal("read", at);
        if !holds_one(&mut folders, path.as_bytes(), judged).map_err(refused)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn holds_one(folders: &mut Folders<'_>, path: &[u8], judged: Option<Blob>) -> io::Result<bool> {
    let (folder, name) = split(path);
    let Some(folder) = folders.at(folder)? else {
        return Ok(judged.is_none());
    };
    match (folder.look(name)?, judged) {
        (None, judged) => Ok(judged.is_none()),
        (Some(look), None) => Ok(look.sort == super::folder::Sort::Folder),
        (Some(look), Some(blob)) if survey::is_sort(blob.mode, look.sort) => {
            let id = if blob.mode.is_regular() {
                match folder.file(name)? {
                    Some(file) => hash::blob_of(file, look.stat.size, &blob.id)?,
                    None => None,
                }
            } else {
                Some(hash::blob(&folder.target(name)?, &blob.id))
            };
            Ok(id == Some(blob.id))
        }
        _ => Ok(false),
    }
}

/// The slot's index becomes the one that is judged. git never writes into an index, it makes a new one, so
/// that both may be one file. Whether it could be done.
fn borrow_index(place: &Path, repository: &Repository) -> bool {
    let Some(index) = repository.index_file() else {
        return false;
    };
    let (new, old) = (place.join("git/index.new"), place.join("git/index"));
    // Left by a guard that was killed, or not there.
    let _ = std::fs::remove_file(&new);
    let made = std::fs::hard_link(index, &new).or_else(|_| std::fs::copy(index, &new).map(|_| ()));
    made.and_then(|()| std::fs::rename(&new, &old)).is_ok()
}

/// The lock files that differ, where what is installed is as it was; none where it must be laid anew.
fn installed(
    at: &Path,
    repository: &Repository,
    isolate: super::Isolate,
    manifests: &[Vec<u8>],
) -> Option<Vec<dependencies::Stale>> {
    let Some(work_tree) = repository.work_tree() else {
        return Some(Vec::new());
    };
    let manifests: Vec<RepoPath> = manifests
        .iter()
        .map(|path| RepoPath::new(path.as_slice()))
        .collect();
    let prepared = dependencies::standing(work_tree, at, &manifests, isolate)?;
    Some(prepared.stale)
}

fn put(slot: &Folder, note: &Note) -> io::Result<()> {
    let text = serde_json::to_vec(note).map_err(io::Error::other)?;
    write::replace(slot, NOTE, &text)
}

impl Staged {
    fn of(change: &crate::change::Change) -> Self {
        Self {
            path: change.path.as_bytes().to_vec(),
            base: change.old.map(written),
            laid: change.new.map(written),
        }
    }
}

/// A regular file's id and whether it is executable; anything else closes the quick way when it is read.
fn written(blob: Blob) -> (String, bool) {
    let is_executable = blob.mode == crate::change::Mode::Executable;
    let id = if blob.mode.is_regular() {
        blob.id.to_string()
    } else {
        String::new()
    };
    (id, is_executable)
}

/// What was written; the outer none is for what is no ordinary file.
#[expect(
    clippy::option_option,
    reason = "nothing there is not the same as something else there"
)]
fn blob(written: Option<&(String, bool)>) -> Option<Option<Blob>> {
    let Some((id, is_executable)) = written else {
        return Some(None);
    };
    let mode = if *is_executable {
        crate::change::Mode::Executable
    } else {
        crate::change::Mode::File
    };
    let id = Id::parse(id)?;
    Some(Some(Blob { id, mode }))
}
