//! The watch that Linux keeps: a queue of events for each folder, in the order in which things happen.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;

use super::Written;
use crate::path::RepoPath;

/// Events taken in one look. Whoever writes faster than they are read must not hold guard up.
const MOST: usize = 1 << 20;

/// The room for the events of one read.
const ROOM: usize = 16 * 1024;

/// The queue, and what was read from it.
pub(super) struct Queue {
    system: OwnedFd,
    /// The root as the system takes it, without a `/` at its end.
    root: Vec<u8>,
    /// Sorted, so that a folder comes before those in it.
    folders: Vec<RepoPath>,
    log: Mutex<Log>,
}

/// What happened so far: for each path the look that last saw something there.
#[derive(Default)]
struct Log {
    looks: u64,
    contents: HashMap<RepoPath, u64>,
    attributes: HashMap<RepoPath, u64>,
    /// Which folders a watch is on. One folder can have two names where file systems are bound twice.
    places: BTreeSet<(i32, usize)>,
    /// Whether anything may have happened unseen.
    is_lost: bool,
}

/// What the system did not grant.
struct Refused;

impl Queue {
    /// None where the system refuses: no watches at all, or not as many.
    pub(super) fn on(root: &Path, mut folders: Vec<RepoPath>) -> Option<Self> {
        let system = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok()?;
        folders.sort();
        folders.dedup();
        let root = root.as_os_str().as_bytes();
        let queue = Self {
            system,
            root: root.strip_suffix(b"/").unwrap_or(root).to_vec(),
            folders,
            log: Mutex::default(),
        };
        let mut log = queue.lock();
        queue.place(&mut log, |_| true).ok()?;
        drop(log);
        Some(queue)
    }

    /// Reads what happened so far, and says how many looks that makes.
    pub(super) fn look(&self) -> u64 {
        let mut log = self.lock();
        self.read(&mut log);
        log.looks
    }

    /// What happened after a look; none when something may have happened unseen.
    pub(super) fn written_since(&self, looks: u64) -> Option<Written> {
        let mut log = self.lock();
        self.read(&mut log);
        if log.is_lost {
            return None;
        }
        let since = |seen: &HashMap<RepoPath, u64>| {
            let later = seen.iter().filter(|(_, look)| **look > looks);
            later.map(|(path, _)| path.clone()).collect()
        };
        Some(Written {
            contents: since(&log.contents),
            attributes: since(&log.attributes),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        // A log that a panic left is short of events at worst, and the panic is told by itself.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a watch on each of these folders that is there. One behind a link is none of them.
    fn place(&self, log: &mut Log, is_wanted: impl Fn(&RepoPath) -> bool) -> Result<(), Refused> {
        let flags = WatchFlags::MODIFY
            | WatchFlags::CLOSE_WRITE
            | WatchFlags::ATTRIB
            | WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::MOVE
            | WatchFlags::ONLYDIR
            | WatchFlags::DONT_FOLLOW;
        let mut absent: HashSet<&[u8]> = HashSet::new();
        let mut place = Vec::new();
        for (number, folder) in self.folders.iter().enumerate() {
            let path = folder.as_bytes();
            let above = memchr::memrchr(b'/', path).map(|end| &path[..end]);
            if above.is_some_and(|above| absent.contains(above)) {
                absent.insert(path);
                continue;
            }
            if !is_wanted(folder) {
                continue;
            }
            place.clear();
            place.extend_from_slice(&self.root);
            place.push(b'/');
            place.extend_from_slice(path);
            match inotify::add_watch(&self.system, place.as_slice(), flags) {
                Ok(watch) => drop(log.places.insert((watch, number))),
                Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => drop(absent.insert(path)),
                Err(_) => return Err(Refused),
            }
        }
        Ok(())
    }

    /// Writes down all that is in the queue.
    fn read(&self, log: &mut Log) {
        log.looks += 1;
        let mut replaced = BTreeSet::new();
        let mut room = [MaybeUninit::uninit(); ROOM];
        let mut reader = Reader::new(&self.system, &mut room);
        for _ in 0..MOST {
            let event = match reader.next() {
                Ok(event) => event,
                Err(Errno::INTR) => continue,
                Err(Errno::AGAIN) => return self.follow(log, &replaced),
                Err(_) => break,
            };
            let kind = event.events();
            if kind.intersects(ReadFlags::QUEUE_OVERFLOW | ReadFlags::UNMOUNT) {
                break;
            }
            // Without a name it is about the folder itself, which the folder above tells as well.
            let Some(name) = event.file_name() else {
                continue;
            };
            let is_folder = kind.contains(ReadFlags::ISDIR);
            let is_attribute = kind.contains(ReadFlags::ATTRIB);
            if is_folder && is_attribute {
                continue;
            }
            let (first, last) = ((event.wd(), 0), (event.wd(), usize::MAX));
            let numbers = log.places.range(first..=last).map(|(_, number)| *number);
            for number in numbers.collect::<Vec<_>>() {
                let path = self.folders[number].join(name.to_bytes());
                if is_folder && self.folders.binary_search(&path).is_ok() {
                    replaced.insert(path.clone());
                }
                let seen = if is_attribute {
                    &mut log.attributes
                } else {
                    &mut log.contents
                };
                seen.insert(path, log.looks);
            }
        }
        log.is_lost = true;
    }

    /// Watches the folders that now lie where others lay. What was written in them before this is told
    /// by their own coming and going, for everything in them.
    fn follow(&self, log: &mut Log, replaced: &BTreeSet<RepoPath>) {
        if replaced.is_empty() {
            return;
        }
        let is_replaced = |folder: &RepoPath| replaced.iter().any(|top| folder.is_within(top));
        let (gone, kept) = std::mem::take(&mut log.places)
            .into_iter()
            .partition(|(_, number)| is_replaced(&self.folders[*number]));
        log.places = kept;
        let gone: BTreeSet<(i32, usize)> = gone;
        for (watch, _) in gone {
            let still_used = log.places.range((watch, 0)..=(watch, usize::MAX));
            if still_used.count() == 0 {
                // The system has dropped it already where the folder is no more.
                let _ = inotify::remove_watch(&self.system, watch);
            }
        }
        log.is_lost |= self.place(log, is_replaced).is_err();
    }
}
