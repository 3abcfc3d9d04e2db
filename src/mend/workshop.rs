//! guard's own folder for a run of mending: what is not finished lies here, and what a killed run left is cleared.
//!
//! A run that is killed between an exchange and the look at what came out may hold a save that nobody
//! merged. The journal tells what a leftover should hold; one that holds anything else is kept, and named.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};

use super::Rescued;
use super::files::{Folder, Found};
use super::swap::Retired;
use crate::path::RepoPath;

/// A run's folder. It goes when the run is over, unless something in it is still wanted.
pub(crate) struct Workshop {
    pub(crate) folder: Folder,
    guard: PathBuf,
    journal: File,
    /// Held for as long as the run lives: the system lets go of it however the run ends.
    _alive: File,
    count: Cell<u32>,
    is_kept: Cell<bool>,
    /// Whether files are exchanged: not where the file system has said once that it cannot.
    pub(crate) can_exchange: Cell<bool>,
    rescued: RefCell<Vec<Rescued>>,
    retired: RefCell<Vec<Retired>>,
}

const JOURNAL: &str = "journal";
const ALIVE: &str = "alive";
/// Place, path, digests.
const FIELDS: usize = 3;

impl Workshop {
    /// Makes the folder, and clears what killed runs have left.
    pub(crate) fn open(common_dir: &Path) -> io::Result<Self> {
        let guard = common_dir.join("guard");
        let all = guard.join("mend");
        for folder in [&guard, &all] {
            private(folder)?;
        }
        // One at a time here, so that nobody clears a folder that is just being made.
        let door = File::create(all.join("door"))?;
        door.lock()?;
        let rescued = clear(&guard, &all)?;
        let path = fresh(&all)?;
        let alive = File::create_new(path.join(ALIVE))?;
        alive.lock()?;
        let workshop = Self {
            journal: File::create_new(path.join(JOURNAL))?,
            folder: Folder::open(&path)?,
            guard,
            _alive: alive,
            count: Cell::new(0),
            is_kept: Cell::new(false),
            can_exchange: Cell::new(true),
            rescued: RefCell::new(rescued),
            retired: RefCell::default(),
        };
        Ok(workshop)
    }

    /// A name that nothing has here yet.
    pub(crate) fn name(&self) -> OsString {
        let count = self.count.get();
        self.count.set(count + 1);
        count.to_string().into()
    }

    /// A path that nothing has here yet.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path.join(self.name())
    }

    /// A name for a file outside of this folder, which nothing else has.
    pub(crate) fn name_beside(&self) -> OsString {
        let count = self.name();
        let run = self.folder.path.file_name().unwrap_or_default();
        let parts = [".guard-mend-".as_ref(), run, "-".as_ref(), &count];
        parts.into_iter().collect()
    }

    /// Writes down what may lie at a place, before it does; nothing while guard is still writing it.
    pub(crate) fn note(&self, place: &Path, contents: &[&[u8]], path: &RepoPath) -> io::Result<()> {
        let digests: Vec<String> = contents.iter().map(|bytes| digest(bytes)).collect();
        let mut record = Vec::new();
        for field in [
            place.as_os_str().as_encoded_bytes(),
            path.as_bytes(),
            digests.join(" ").as_bytes(),
        ] {
            record.extend_from_slice(field);
            record.push(0);
        }
        (&self.journal).write_all(&record)
    }

    /// Keeps bytes that belong nowhere else.
    pub(crate) fn rescue(&self, path: &RepoPath, bytes: &[u8]) -> io::Result<()> {
        let rescued = rescue(&self.guard, path, bytes)?;
        self.rescued.borrow_mut().push(rescued);
        Ok(())
    }

    /// What had to be kept elsewhere, by this run or after one that was killed.
    pub(crate) fn rescued(&self) -> Vec<Rescued> {
        self.rescued.take()
    }

    /// Takes a file that is to go at the end of the run.
    pub(crate) fn retire(&self, retired: Retired) {
        self.retired.borrow_mut().push(retired);
    }

    /// The files that are to go.
    pub(crate) fn leaving(&self) -> Vec<(u64, u64)> {
        let retired = self.retired.borrow();
        retired.iter().filter_map(Retired::identity).collect()
    }

    /// Removes what is to go; what is found in it unexpectedly is kept.
    pub(crate) fn tidy(&self) {
        for retired in self.retired.take() {
            if retired.remove(self).is_err() {
                self.keep();
            }
        }
    }

    /// Leaves the folder for the next run to clear: somebody may still write to what is in it.
    pub(crate) fn keep(&self) {
        self.is_kept.set(true);
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // After a panic nobody knows what lies here.
        if !self.is_kept.get() && !std::thread::panicking() {
            self.tidy();
            // What cannot be removed now, the next run clears.
            drop(clear_one(&self.guard, &self.folder.path, &mut Vec::new()));
        }
    }
}

/// Makes a folder that is the user's alone, and never follows a link to one.
fn private(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    let made = {
        use std::os::unix::fs::DirBuilderExt;
        fs::DirBuilder::new().mode(0o700).create(folder)
    };
    #[cfg(not(unix))]
    let made = fs::create_dir(folder);
    match made {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let is_folder = fs::symlink_metadata(folder)?.is_dir();
            let told = || io::Error::other(format!("{} is no folder", folder.display()));
            if is_folder { Ok(()) } else { Err(told()) }
        }
        made => made,
    }
}

fn fresh(all: &Path) -> io::Result<PathBuf> {
    let process = std::process::id();
    for count in 0..1000 {
        let path = all.join(format!("{process}-{count}"));
        if fs::symlink_metadata(&path).is_err() {
            private(&path)?;
            return Ok(path);
        }
    }
    Err(io::Error::other(format!("{} is full", all.display())))
}

/// Clears what runs that are over have left.
fn clear(guard: &Path, all: &Path) -> io::Result<Vec<Rescued>> {
    let mut rescued = Vec::new();
    for entry in fs::read_dir(all)? {
        let run = entry?.path();
        if fs::symlink_metadata(&run).is_ok_and(|about| about.is_dir()) && is_over(&run)? {
            clear_one(guard, &run, &mut rescued)?;
        }
    }
    Ok(rescued)
}

fn is_over(run: &Path) -> io::Result<bool> {
    let alive = match OpenOptions::new().write(true).open(run.join(ALIVE)) {
        Ok(alive) => alive,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    match alive.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// What the journal tells of a place: the path, and the digests of what may lie there.
type Told<'a> = (&'a [u8], Vec<&'a [u8]>);

fn clear_one(guard: &Path, run: &Path, rescued: &mut Vec<Rescued>) -> io::Result<()> {
    let journal = fs::read(run.join(JOURNAL)).unwrap_or_default();
    let fields: Vec<&[u8]> = journal.split(|byte| *byte == 0).collect();
    let mut places: BTreeMap<&[u8], Told<'_>> = BTreeMap::new();
    // What was cut off in the middle never came to be.
    for record in fields.chunks_exact(FIELDS) {
        let (_, digests) = places.entry(record[0]).or_insert((record[1], Vec::new()));
        let told = record[2].split(|byte| *byte == b' ');
        digests.extend(told.filter(|digest| !digest.is_empty()));
    }
    for (place, (path, digests)) in places {
        let place = RepoPath::new(place).to_os();
        let (Some(above), Some(name)) = (place.parent(), place.file_name()) else {
            continue;
        };
        if super::index::is_left_lock(run, &place) {
            fs::remove_file(&place)?;
            continue;
        }
        let is_ours = above == run || name.as_encoded_bytes().starts_with(b".guard-mend-");
        let Some(folder) = Folder::open(above).ok().filter(|_| is_ours) else {
            continue;
        };
        if let Found::File(left) = folder.look(name)? {
            let holds = digest(&left.bytes);
            if !digests.is_empty() && !digests.contains(&holds.as_bytes()) {
                rescued.push(rescue(guard, &RepoPath::new(path), &left.bytes)?);
            }
            folder.remove(name)?;
        }
    }
    fs::remove_dir_all(run)
}

fn rescue(guard: &Path, path: &RepoPath, bytes: &[u8]) -> io::Result<Rescued> {
    let folder = guard.join("rescued");
    private(&folder)?;
    let name = path.as_bytes().rsplit(|byte| *byte == b'/').next();
    // The name is for people; with a number ahead of it, it must still be short enough to be one.
    let name = name.unwrap_or_default();
    let name = RepoPath::new(&name[..name.len().min(200)]).to_os();
    for count in 0..100_000 {
        let mut file = OsString::from(format!("{count}-"));
        file.push(&name);
        let file = folder.join(file);
        match File::create_new(&file) {
            Ok(mut made) => {
                made.write_all(bytes)?;
                let path = path.clone();
                return Ok(Rescued { path, file });
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(format!("{} is full", folder.display())))
}

/// What stands for a content in the journal.
fn digest(bytes: &[u8]) -> String {
    let id = Oid::hash_object(ObjectType::Blob, bytes);
    id.expect("bytes in memory can be hashed").to_string()
}
