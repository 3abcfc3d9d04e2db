//! Writing into a slot: every file is made beside the tree and moved to its place, never through what lies there.

use std::io::{self, Write};
use std::path::Path;

use super::error::{CheckoutError, refusal};
use super::folder::{Folder, Folders, Stat, split};
use super::hash;
use super::state::Entry;
use super::wanted::File;
use crate::change::Mode;
use crate::path::RepoPath;
use crate::repository::Id;

/// Where files are made before they are moved to their place.
pub(crate) const NEW: &[u8] = b"new";

/// Writes files into one tree.
pub(crate) struct Writer<'t> {
    folders: Folders<'t>,
    /// Beside the tree, and on the same file system.
    new: Folder,
    place: &'t Path,
}

impl<'t> Writer<'t> {
    pub(crate) fn new(slot: &Folder, tree: &'t Folder, place: &'t Path) -> io::Result<Self> {
        Ok(Self {
            folders: Folders::below(tree),
            new: emptied(slot, NEW)?,
            place,
        })
    }

    /// Writes one file or link with this content.
    pub(crate) fn put(&mut self, file: &File, content: &[u8]) -> Result<Entry, CheckoutError> {
        let laid = hash::blob(content, &file.id);
        // The mark of the move stands: a file that is cut short will be looked at.
        if let Some(stat) = self.rewrite(file, content)? {
            return Ok(entry(file, laid, stat));
        }
        let stat = self.place(file, |new| match file.mode {
            Mode::Link => new.link(b"file", content),
            mode => {
                let mut written = new.create(b"file", mode == Mode::Executable)?;
                written.write_all(content)
            }
        })?;
        Ok(entry(file, laid, stat))
    }

    /// Moves one file that was made elsewhere on the same file system to its place.
    pub(crate) fn take(
        &mut self,
        file: &File,
        laid: Id,
        from: &Folder,
        name: &[u8],
    ) -> Result<Entry, CheckoutError> {
        let stat = self.place(file, |new| from.rename(name, new, b"file"))?;
        Ok(entry(file, laid, stat))
    }

    /// Writes over the file that lies there, which costs the system less than another file; none where
    /// that is not one of guard's own.
    fn rewrite(&mut self, file: &File, content: &[u8]) -> Result<Option<Stat>, CheckoutError> {
        if !file.mode.is_regular() {
            return Ok(None);
        }
        let place = self.place.join(RepoPath::new(file.path.as_slice()).to_os());
        let (folder, name) = split(&file.path);
        let mut write = || -> io::Result<Option<Stat>> {
            let Some(folder) = self.folders.at(folder)? else {
                return Ok(None);
            };
            let executable = file.mode == Mode::Executable;
            let Some(mut open) = folder.emptied(name, executable)? else {
                return Ok(None);
            };
            open.write_all(content)?;
            Ok(folder.look(name)?.map(|look| look.stat))
        };
        write().map_err(refusal("written", &place))
    }

    fn place(
        &mut self,
        file: &File,
        make: impl FnOnce(&Folder) -> io::Result<()>,
    ) -> Result<Stat, CheckoutError> {
        let place = self.place.join(RepoPath::new(file.path.as_slice()).to_os());
        let (folder, name) = split(&file.path);
        let place_it = || {
            make(&self.new)?;
            let folder = self.folders.made(folder)?;
            self.new.rename(b"file", folder, name)?;
            // Only now: being moved is a change, too.
            folder.look(name)?.ok_or(io::ErrorKind::NotFound.into())
        };
        let placed = place_it();
        if placed.is_err() {
            // The next file needs the name; the trouble itself is told.
            drop(self.new.remove(b"file"));
        }
        Ok(placed.map_err(refusal("written", &place))?.stat)
    }
}

fn entry(file: &File, laid: Id, stat: Stat) -> Entry {
    Entry {
        path: file.path.clone(),
        mode: file.mode,
        id: file.id,
        laid,
        stat,
    }
}

/// An empty folder of this name.
pub(crate) fn emptied(slot: &Folder, name: &[u8]) -> io::Result<Folder> {
    slot.remove(name)?;
    slot.make_below(name)
}

/// Removes what is not wanted, then the folders in which nothing is left.
pub(crate) fn remove(
    tree: &Folder,
    place: &Path,
    paths: &[Vec<u8>],
    hollow: &[Vec<u8>],
) -> Result<(), CheckoutError> {
    let mut folders = Folders::below(tree);
    for path in paths {
        let (folder, name) = split(path);
        let at = place.join(RepoPath::new(path.as_slice()).to_os());
        let mut remove = || match folders.at(folder)? {
            Some(folder) => folder.remove(name),
            None => Ok(()),
        };
        remove().map_err(refusal("removed", &at))?;
    }
    // What is inside comes after what is around it.
    for path in hollow.iter().rev() {
        let (folder, name) = split(path);
        let at = place.join(RepoPath::new(path.as_slice()).to_os());
        folders.forget();
        let mut remove = || match folders.at(folder)? {
            Some(folder) => folder.remove_empty(name).map(|_| ()),
            None => Ok(()),
        };
        remove().map_err(refusal("removed", &at))?;
    }
    Ok(())
}

/// Replaces a small file of guard's own in one step.
pub(crate) fn replace(folder: &Folder, name: &[u8], content: &[u8]) -> io::Result<()> {
    let new = [name, b".new"].concat();
    folder.remove(&new)?;
    folder.create(&new, false)?.write_all(content)?;
    folder.rename(&new, folder, name)
}
