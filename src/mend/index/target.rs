//! Which index files a commit has, and who holds their locks.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::mend::MendError;
use crate::repository::Repository;

/// An index that is to get the fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) file: PathBuf,
    /// The lock to take; none where git holds it, as the file itself is the lock.
    pub(crate) lock: Option<PathBuf>,
}

/// The index that is judged first, then what else must not become stale.
pub(crate) fn targets(
    repository: &Repository,
    environment: &Environment,
) -> Result<Vec<Target>, MendError> {
    let absolute = |path: &Path| environment.directory.join(path);
    let git_dir = absolute(repository.git_dir());
    let top = repository.work_tree().map_or(git_dir.clone(), absolute);
    let named = environment
        .os("GIT_INDEX_FILE")
        .filter(|file| !file.is_empty());
    // git names it from the work tree's top.
    let file = named.map_or_else(|| git_dir.join("index"), |file| top.join(file));
    let name = file.file_name().unwrap_or_default();
    let has_name = |start: &str, end: &str| {
        let name = name.as_encoded_bytes();
        name.starts_with(start.as_bytes()) && name.ends_with(end.as_bytes())
    };
    let held = |file: PathBuf| Target { file, lock: None };
    if named.is_some() && has_name("next-index-", ".lock") {
        let later = git_dir.join("index.lock");
        if !later.is_file() {
            let reason = format!(
                "this commit has an index of its own, and the one that follows it is not at {}",
                later.display()
            );
            return Err(MendError::Index { reason });
        }
        return Ok(vec![held(file), held(later)]);
    }
    if named.is_some() && has_name("", ".lock") {
        return Ok(vec![held(file)]);
    }
    // git locks what a link leads to.
    let file = file.canonicalize().unwrap_or(file);
    let lock = Some(with_ending(&file, ".lock"));
    Ok(vec![Target { file, lock }])
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Gives a file a second name, which must be new; a copy where the file system has no links.
pub(crate) fn link(file: &Path, name: &Path) -> io::Result<()> {
    match fs::hard_link(file, name) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            let bytes = fs::read(file)?;
            let mut made = File::create_new(name)?;
            io::Write::write_all(&mut made, &bytes)
        }
        linked => linked,
    }
}

/// Whether a lock is the one that a killed run took: it is still one of the files in that run's folder.
#[cfg(unix)]
pub(crate) fn is_left_lock(run: &Path, lock: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| {
        let about = fs::symlink_metadata(path).ok()?;
        about.is_file().then(|| (about.dev(), about.ino()))
    };
    if lock.extension() != Some(OsStr::new("lock")) {
        return false;
    }
    let Some(wanted) = identity(lock) else {
        return false;
    };
    let entries = fs::read_dir(run).into_iter().flatten().flatten();
    entries
        .into_iter()
        .any(|entry| identity(&entry.path()) == Some(wanted))
}

/// Elsewhere a file's identity is not told.
#[cfg(not(unix))]
pub(crate) fn is_left_lock(_: &Path, lock: &Path) -> bool {
    let _: Option<&OsStr> = lock.extension();
    false
}
