//! The look through open folders: each name is asked about once, in its folder, and never by its whole path.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, openat, readlinkat, statat};
use rustix::io::Errno;

use super::{MOST_STRANGERS, Strangers, Survey};
use crate::path::RepoPath;
use crate::repository::agree::about::{About, Thing};
use crate::repository::agree::disagreement;
use crate::repository::agree::look::{ABSENT, BEHIND_LINK, Look};
use crate::repository::entry::Disagreement;
use crate::repository::own::agreement::{Expected, seen};
use crate::repository::reader::Answer;

/// The names of a folder, each with whether somebody expects it.
struct Names {
    text: Vec<u8>,
    /// Where each begins and ends, sorted by name.
    places: Vec<(usize, usize)>,
    expected: Vec<bool>,
}

impl Names {
    /// Those of a folder that was opened just now: nobody has read in it yet.
    fn read(folder: BorrowedFd<'_>) -> Result<Self, Errno> {
        let (mut text, mut places) = (Vec::new(), Vec::new());
        each_name(folder, |name| {
            if !matches!(name, b"." | b".." | b".git") {
                places.push((text.len(), text.len() + name.len()));
                text.extend_from_slice(name);
            }
        })?;
        places.sort_unstable_by(|a, b| text[a.0..a.1].cmp(&text[b.0..b.1]));
        let expected = vec![false; places.len()];
        Ok(Self {
            text,
            places,
            expected,
        })
    }

    fn expect(&mut self, name: &[u8]) {
        let by_name = |place: &(usize, usize)| self.text[place.0..place.1].cmp(name);
        if let Ok(at) = self.places.binary_search_by(by_name) {
            self.expected[at] = true;
        }
    }

    fn strangers(&self) -> impl Iterator<Item = &[u8]> {
        let places = self.places.iter().zip(&self.expected);
        places
            .filter(|(_, expected)| !**expected)
            .map(|(place, _)| &self.text[place.0..place.1])
    }
}

/// The names in a folder, read by the opening that there is: another one for each of thousands takes longer than
/// the reading.
#[cfg(target_os = "linux")]
fn each_name(folder: BorrowedFd<'_>, mut take: impl FnMut(&[u8])) -> Result<(), Errno> {
    /// Room for a hundred long names.
    const ROOM: usize = 32 << 10;
    let mut room = Vec::with_capacity(ROOM);
    let mut entries = rustix::fs::RawDir::new(folder, room.spare_capacity_mut());
    while let Some(entry) = entries.next() {
        take(entry?.file_name().to_bytes());
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn each_name(folder: BorrowedFd<'_>, mut take: impl FnMut(&[u8])) -> Result<(), Errno> {
    for entry in rustix::fs::Dir::read_from(folder)? {
        take(entry?.file_name().to_bytes());
    }
    Ok(())
}

impl Survey<'_> {
    /// Looks at everything below `root`; the first that differs.
    pub(in crate::repository::own) fn look(
        &mut self,
        root: &RepoPath,
        all: &[Expected<'_>],
    ) -> Answer<Option<Disagreement>> {
        let is_file = all.iter().any(|expected| expected.path == root.as_bytes());
        let top = self.own.work_tree.clone().unwrap_or_default();
        let mut folder = openat(CWD, &top, FOLDER, Mode::empty());
        for part in root.as_bytes().split(|byte| *byte == b'/') {
            if let (Ok(above), false) = (&folder, part.is_empty()) {
                folder = openat(above, part, FOLDER, Mode::empty());
            }
        }
        let Ok(folder) = folder else {
            // No folder there, or none that can be read: path by path it is told why.
            return self.look_at_each(all);
        };
        if is_file {
            return self.look_at_each(all);
        }
        let prefix = if root.is_root() {
            0
        } else {
            root.as_bytes().len() + 1
        };
        if let Some(found) = self.folder(&folder, prefix, all)? {
            return Ok(Some(found));
        }
        self.settle()
    }

    /// Looks at a folder. Its path takes the first `prefix` bytes of every expected path.
    fn folder(
        &mut self,
        folder: &OwnedFd,
        prefix: usize,
        all: &[Expected<'_>],
    ) -> Answer<Option<Disagreement>> {
        let Ok(mut names) = Names::read(folder.as_fd()) else {
            return Ok(all.first().map(unreadable));
        };
        let mut rest = all;
        while let Some(first) = rest.first() {
            let below = &first.path[prefix..];
            let slash = memchr::memchr(b'/', below);
            let name = &below[..slash.unwrap_or(below.len())];
            let found = if slash.is_some() {
                let end = prefix + name.len() + 1;
                let here = &first.path[..end];
                let count = rest
                    .iter()
                    .take_while(|next| next.path.starts_with(here))
                    .count();
                let (inside, after) = rest.split_at(count);
                rest = after;
                self.below(folder, name, end, inside, &mut names)?
            } else {
                rest = &rest[1..];
                self.file(folder, name, first, &mut names)?
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        self.remember_strangers(&names, all, prefix);
        Ok(None)
    }

    /// A folder within a folder.
    fn below(
        &mut self,
        folder: &OwnedFd,
        name: &[u8],
        prefix: usize,
        inside: &[Expected<'_>],
        names: &mut Names,
    ) -> Answer<Option<Disagreement>> {
        match openat(folder, name, FOLDER, Mode::empty()) {
            Ok(inner) => {
                names.expect(name);
                self.folder(&inner, prefix, inside)
            }
            Err(error) => {
                // What the index alone has there may well be gone.
                let missed = inside.iter().find(|expected| expected.blob.is_some());
                let why = match error {
                    Errno::LOOP => &BEHIND_LINK,
                    Errno::NOENT | Errno::NOTDIR if is_link(folder, name) => &BEHIND_LINK,
                    Errno::NOENT | Errno::NOTDIR => &ABSENT,
                    _ => return Ok(inside.first().map(unreadable)),
                };
                Ok(missed.and_then(|expected| differs(expected, why)))
            }
        }
    }

    fn file(
        &mut self,
        folder: &OwnedFd,
        name: &[u8],
        expected: &Expected<'_>,
        names: &mut Names,
    ) -> Answer<Option<Disagreement>> {
        let about = match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(about) => About::from(&about),
            Err(Errno::NOENT) => {
                let missed = expected.blob.map(|_| expected);
                return Ok(missed.and_then(|expected| differs(expected, &ABSENT)));
            }
            Err(_) => return Ok(Some(unreadable(expected))),
        };
        // A folder where nothing is judged is a stranger, unless something is judged in it.
        if expected.blob.is_some() || about.thing != Thing::Folder {
            names.expect(name);
        }
        let target = || {
            let target = readlinkat(folder, name, Vec::new()).ok()?;
            Some(target.into_bytes())
        };
        let look = self.abilities.compare(&about, expected.blob, target);
        let seen = seen(self.index, expected, look, Some(&about));
        self.take(seen)
    }

    fn remember_strangers(&mut self, names: &Names, all: &[Expected<'_>], prefix: usize) {
        let Strangers::Named(strangers) = &mut self.strangers else {
            return;
        };
        let Some(here) = all.first().map(|first| &first.path[..prefix]) else {
            // Nothing is judged below the root: only an empty project has no path to begin with.
            self.strangers = Strangers::Unknown;
            return;
        };
        for name in names.strangers() {
            // Those that are too many are not needed one by one.
            if strangers.len() <= MOST_STRANGERS {
                strangers.push(RepoPath::new([here, name].concat()));
            }
        }
    }
}

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

fn is_link(folder: &OwnedFd, name: &[u8]) -> bool {
    let about = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW);
    about.is_ok_and(|about| About::from(&about).thing == Thing::Link)
}

fn differs(expected: &Expected<'_>, look: &Look) -> Option<Disagreement> {
    match look {
        Look::Differs(why) => Some(disagreement(&RepoPath::new(expected.path), why)),
        _ => None,
    }
}

fn unreadable(expected: &Expected<'_>) -> Disagreement {
    disagreement(
        &RepoPath::new(expected.path),
        "cannot be read in the work tree",
    )
}
