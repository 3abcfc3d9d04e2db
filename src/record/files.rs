//! The store's files: never through a link, whole or not at all, the user's own.

use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// What an unfinished file begins with.
pub(super) const DRAFT: &str = ".new-";

/// Reads a plain file of the user's own; anything else, or one that is too long, is not there.
pub(crate) fn read(path: &Path, longest: u64) -> Option<Vec<u8>> {
    let mut options = OpenOptions::new();
    options.read(true);
    no_links(&mut options);
    let file = options.open(path).ok()?;
    let about = file.metadata().ok()?;
    if !about.is_file() || !is_own(&about) || about.len() > longest {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(longest + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= longest).then_some(bytes)
}

/// Puts a file in its place in one step, and waits until the disk has it.
pub(super) fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_file_name(format!("{DRAFT}{}", nonce()));
    let written = write(&draft, bytes).and_then(|()| fs::rename(&draft, path));
    if let Err(error) = written {
        // Nobody else knows its name; what cannot be removed is removed by `prune`.
        let _ = fs::remove_file(&draft);
        return Err(error);
    }
    sync_folder(path.parent().unwrap_or(path))
}

fn write(draft: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    // Fails on whatever is there already, a link included.
    options.write(true).create_new(true);
    private(&mut options);
    let mut file = options.open(draft)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Puts a file in its place in one step, without waiting for the disk: who reads it tells a damaged one.
pub(crate) fn put_lightly(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_file_name(format!("{DRAFT}{}", nonce()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    let written = options
        .open(&draft)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

/// A file of the user's own, never by way of a link.
pub(super) fn careful(options: &mut OpenOptions) {
    no_links(options);
    private(options);
}

/// Opens a file to lock it, making it where there is none; a link is an error.
pub(super) fn open_to_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    no_links(&mut options);
    private(&mut options);
    options.open(path)
}

/// Makes a folder where there is none. Its parent must be one.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        other => return other,
    }
    if is_folder(path) {
        Ok(())
    } else {
        let why = format!("{} is not a folder", path.display());
        Err(io::Error::new(io::ErrorKind::NotADirectory, why))
    }
}

/// Whether a folder is there, and no link to one.
pub(super) fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|about| about.is_dir())
}

#[cfg(unix)]
fn no_links(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    // A pipe that somebody put there is not waited for.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    options.custom_flags(flags.bits().cast_signed());
}

#[cfg(not(unix))]
fn no_links(_: &mut OpenOptions) {}

#[cfg(unix)]
fn private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn private(_: &mut OpenOptions) {}

/// Whether the user wrote it: in a shared repository others do not say what passed.
#[cfg(unix)]
fn is_own(about: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    about.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_own(_: &Metadata) -> bool {
    true
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Folders cannot be opened here.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether files can be made in a folder.
#[cfg(unix)]
pub(super) fn is_writable(folder: &Path) -> io::Result<()> {
    use rustix::fs::Access;
    Ok(rustix::fs::access(
        folder,
        Access::WRITE_OK | Access::EXEC_OK,
    )?)
}

/// Found out when something is written.
#[cfg(not(unix))]
pub(super) fn is_writable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A name that nobody can foresee: the standard library seeds its hash maps from the system.
fn nonce() -> String {
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}
