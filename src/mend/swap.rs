//! A file of the work tree gets new content in one step, and what came out is looked at: a save that was made meanwhile survives.
//!
//! The new file is exchanged with the old one, so that nothing is ever overwritten unseen. If what came
//! out is not what the new content was made from, somebody has saved, and it goes back. Where a file
//! system cannot exchange, the old file is looked at right before the new one replaces it.

use std::ffi::OsString;
use std::io::{self, ErrorKind};

use super::files::{Barred, Folder, Found, Seen, Trouble, parts};
use super::workshop::Workshop;
use crate::path::RepoPath;

/// How often somebody may save while guard puts the last save back.
const TRIES: usize = 100;

/// A path of the work tree, by its folder.
pub(crate) struct Place {
    pub(crate) path: RepoPath,
    folder: Folder,
    name: OsString,
}

/// A file that guard wrote, and what lay there before.
pub(crate) struct Swapped {
    place: Place,
    /// As it was when the new content was made from it.
    pub(crate) old: Seen,
    pub(crate) new: Vec<u8>,
    /// Where the old file lies now; none where it was replaced, and only its handle is left.
    spare: Option<Spare>,
}

/// A file beside the work tree's.
struct Spare {
    folder: Folder,
    name: OsString,
}

/// How a file got its new content, or that it did not.
enum Way {
    Exchanged(Spare),
    Replaced,
    Changed,
}

/// What came of writing a file.
pub(crate) enum Put {
    /// It holds the new content.
    Done(Swapped),
    /// Somebody saved meanwhile, and the save is in its place.
    Changed(Place),
}

/// What came of taking a write back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undone {
    /// The file is as before.
    Restored,
    /// Somebody has saved over it, and that stays.
    SavedOver,
}

impl Place {
    /// Finds a path's folder; none where the work tree has none.
    pub(crate) fn find(top: &Folder, path: &RepoPath) -> Result<Option<Self>, Barred> {
        let (folders, name) = parts(path)?;
        let folder = top.below(&folders)?;
        Ok(folder.map(|folder| Self {
            path: path.clone(),
            folder,
            name,
        }))
    }

    /// What lies there now.
    pub(crate) fn look(&self) -> io::Result<Found> {
        self.folder.look(&self.name)
    }

    /// Writes `new`, which was made from `old`.
    pub(crate) fn put(self, workshop: &Workshop, old: Seen, new: Vec<u8>) -> io::Result<Put> {
        let apart = Spare {
            folder: workshop.folder.again()?,
            name: workshop.name(),
        };
        let mut way = self.put_by(workshop, apart, &old, &new);
        if matches!(way, Err(Trouble::OtherDevice)) {
            let beside = Spare {
                folder: self.folder.again()?,
                name: workshop.name_beside(),
            };
            way = self.put_by(workshop, beside, &old, &new);
        }
        let spare = match way {
            Ok(Way::Changed) => return Ok(Put::Changed(self)),
            Ok(Way::Exchanged(spare)) => Some(spare),
            Ok(Way::Replaced) => None,
            Err(Trouble::System(error)) => return Err(error),
            Err(Trouble::Unsupported | Trouble::OtherDevice) => {
                return Err(ErrorKind::CrossesDevices.into());
            }
        };
        Ok(Put::Done(Swapped {
            place: self,
            old,
            new,
            spare,
        }))
    }

    fn put_by(
        &self,
        workshop: &Workshop,
        spare: Spare,
        old: &Seen,
        new: &[u8],
    ) -> Result<Way, Trouble> {
        let place = spare.folder.path.join(&spare.name);
        workshop.note(&place, &[], &self.path)?;
        if let Err(error) = spare.folder.create(&spare.name, new, old) {
            drop(spare.remove());
            return Err(error.into());
        }
        workshop.note(&place, &[&old.bytes, new], &self.path)?;
        let exchanged = if workshop.can_exchange.get() {
            spare.exchange(self)
        } else {
            Err(Trouble::Unsupported)
        };
        match exchanged {
            Ok(()) if spare.look().is_ok_and(|out| out.is(&old.bytes, old.mode)) => {
                Ok(Way::Exchanged(spare))
            }
            Ok(()) => {
                self.retreat(workshop, spare, old, new)?;
                Ok(Way::Changed)
            }
            Err(Trouble::Unsupported) => {
                workshop.can_exchange.set(false);
                self.replace(&spare, old)
            }
            Err(trouble) => {
                spare.remove()?;
                match trouble {
                    // Somebody took the file away.
                    Trouble::System(error) if error.kind() == ErrorKind::NotFound => {
                        Ok(Way::Changed)
                    }
                    trouble => Err(trouble),
                }
            }
        }
    }

    /// The way without an exchange: a look, and the new file over the old. What is written to the old
    /// one later is still seen by its handle.
    fn replace(&self, spare: &Spare, old: &Seen) -> Result<Way, Trouble> {
        let is_old = self.look().is_ok_and(|now| now.is(&old.bytes, old.mode));
        let done = if is_old {
            let replaced = spare.folder.replace(&spare.name, &self.folder, &self.name);
            replaced.map(|()| Way::Replaced)
        } else {
            Ok(Way::Changed)
        };
        if !matches!(done, Ok(Way::Replaced)) {
            spare.remove()?;
        }
        done
    }

    /// Puts back what came out. What guard had put there must come out again; if something else does,
    /// it is a newer save, and belongs there itself.
    fn retreat(
        &self,
        workshop: &Workshop,
        spare: Spare,
        old: &Seen,
        new: &[u8],
    ) -> io::Result<Undone> {
        let done = self.retreat_by(&spare, old, new);
        match &done {
            // It is guard's own, or a save that a newer one took the place of.
            Ok(_) => spare.retire(workshop, &self.path, &[&old.bytes, new]),
            // The next run finds what lies there, and keeps it.
            Err(_) => workshop.keep(),
        }
        done
    }

    fn retreat_by(&self, spare: &Spare, old: &Seen, new: &[u8]) -> io::Result<Undone> {
        let mut back = spare.look()?;
        let mut undone = Undone::Restored;
        spare.exchange(self)?;
        let mut out = spare.look()?;
        if out.is(new, old.mode) {
            return Ok(undone);
        }
        for _ in 0..TRIES {
            undone = Undone::SavedOver;
            let newer = out;
            spare.exchange(self)?;
            out = spare.look()?;
            if out.is_like(&back) {
                return Ok(undone);
            }
            back = newer;
        }
        Err(io::Error::other("it is being saved again and again"))
    }
}

impl Swapped {
    /// The path.
    pub(crate) fn path(&self) -> &RepoPath {
        &self.place.path
    }

    /// What was written to the old file after guard had looked at it, by somebody who had it open.
    pub(crate) fn late(&self) -> io::Result<Option<Vec<u8>>> {
        let now = match &self.spare {
            None => self.old.again()?,
            Some(spare) => match spare.look()? {
                Found::File(seen) => seen.bytes,
                // It lies in guard's own folder.
                Found::Missing | Found::Other => return Ok(None),
            },
        };
        Ok((now != self.old.bytes).then_some(now))
    }

    /// Takes the write back, unless somebody has saved over it.
    pub(crate) fn undo(self, workshop: &Workshop) -> io::Result<Undone> {
        let Self {
            place,
            old,
            new,
            spare,
        } = self;
        if let Some(spare) = spare {
            return place.retreat(workshop, spare, &old, &new);
        }
        let bytes = old.again()?;
        match place.look()? {
            Found::File(now) if now.bytes == new => {
                let put = place.put(workshop, now, bytes)?;
                Ok(match put {
                    Put::Done(_) => Undone::Restored,
                    Put::Changed(_) => Undone::SavedOver,
                })
            }
            _ => Ok(Undone::SavedOver),
        }
    }

    /// Gives a file that was written to late another content, if it still has the one that guard gave it.
    /// Returns whether it did.
    pub(crate) fn amend(
        self,
        workshop: &Workshop,
        late: &[u8],
        content: Vec<u8>,
    ) -> io::Result<bool> {
        let Self {
            place,
            old,
            new,
            spare,
        } = self;
        let path = place.path.clone();
        let now = place.look()?;
        let amended = match now {
            Found::File(now) if now.bytes == new => match place.put(workshop, now, content)? {
                Put::Done(swapped) => {
                    swapped.retire(workshop);
                    true
                }
                Put::Changed(_) => false,
            },
            _ => false,
        };
        if !amended {
            workshop.rescue(&path, late)?;
        }
        if let Some(spare) = spare {
            spare.retire(workshop, &path, &[&old.bytes, late]);
        }
        Ok(amended)
    }

    /// Lets go of the old file.
    pub(crate) fn retire(self, workshop: &Workshop) {
        if let Some(spare) = self.spare {
            spare.retire(workshop, &self.place.path, &[&self.old.bytes]);
        }
    }
}

/// A file that nobody should need any more: looked at once more before it goes.
pub(crate) struct Retired {
    spare: Spare,
    path: RepoPath,
    known: Vec<Vec<u8>>,
}

impl Retired {
    /// Device and number, by which a process that still writes to it is known.
    pub(crate) fn identity(&self) -> Option<(u64, u64)> {
        match self.spare.look() {
            Ok(Found::File(seen)) => Some(seen.identity),
            _ => None,
        }
    }

    /// Removes it; what is in it is kept elsewhere unless it is known.
    pub(crate) fn remove(self, workshop: &Workshop) -> io::Result<()> {
        match self.spare.look()? {
            Found::Missing => return Ok(()),
            Found::Other => {
                workshop.keep();
                return Ok(());
            }
            Found::File(seen) if self.known.contains(&seen.bytes) => {}
            Found::File(seen) => workshop.rescue(&self.path, &seen.bytes)?,
        }
        self.spare.remove()
    }
}

impl Spare {
    fn look(&self) -> io::Result<Found> {
        self.folder.look(&self.name)
    }

    fn remove(&self) -> io::Result<()> {
        self.folder.remove(&self.name)
    }

    fn exchange(&self, place: &Place) -> Result<(), Trouble> {
        self.folder.exchange(&self.name, &place.folder, &place.name)
    }

    /// Somebody may have it open still, so it goes at the end of the run.
    fn retire(self, workshop: &Workshop, path: &RepoPath, known: &[&[u8]]) {
        workshop.retire(Retired {
            spare: self,
            path: path.clone(),
            known: known.iter().map(|bytes| bytes.to_vec()).collect(),
        });
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
