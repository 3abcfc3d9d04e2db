//! Files that appear whole or not at all, never through a link, with the rights of a shared repository.

use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::error::HookError;

/// A hook or configuration longer than this is not one that a person wrote.
const LONGEST: u64 = 1 << 20;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing.
    Nothing,
    /// A file, with its bytes.
    File(Vec<u8>),
    /// A file too long to read.
    Huge,
    /// A symbolic link.
    Link,
    /// A folder or a device.
    Other,
}

/// Looks without following a link.
pub(crate) fn look(path: &Path) -> Result<Standing, HookError> {
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Nothing),
        Err(error) => return Err(HookError::file("look at", path)(error)),
    };
    if metadata.is_symlink() {
        return Ok(Standing::Link);
    }
    if !metadata.is_file() {
        return Ok(Standing::Other);
    }
    if metadata.len() > LONGEST {
        return Ok(Standing::Huge);
    }
    let mut bytes = Vec::new();
    open_plain(path)
        .and_then(|file| file.take(LONGEST).read_to_end(&mut bytes))
        .map_err(HookError::file("read", path))?;
    Ok(Standing::File(bytes))
}

/// Opens a file for reading; a link put there meanwhile is an error.
pub(crate) fn open_plain(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    no_links(&mut options);
    options.open(path)
}

/// Opens a file to add to its end, making it where there is none; a link is an error.
pub(crate) fn open_to_append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    no_links(&mut options);
    options.open(path)
}

#[cfg(unix)]
fn no_links(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    options.custom_flags(flags.bits().cast_signed());
}

#[cfg(not(unix))]
fn no_links(_: &mut OpenOptions) {}

/// Which rights a written file gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    /// Those of the file that it replaces.
    AsBefore,
    /// An executable's, as the user's mask has them, widened for a shared repository.
    Executable(Sharing),
}

/// `core.sharedRepository`: who else may use the repository's files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// Whoever the user's mask lets in.
    #[default]
    Mask,
    /// These bits are added.
    Add(u32),
    /// These bits, whatever the mask.
    Exactly(u32),
}

impl Sharing {
    /// Reads git's value.
    pub(crate) fn parse(value: &str) -> Self {
        match value.trim().to_ascii_lowercase().as_str() {
            "" | "umask" | "false" | "no" | "off" | "0" => Self::Mask,
            "group" | "true" | "yes" | "on" | "1" => Self::Add(0o660),
            "all" | "world" | "everybody" | "2" => Self::Add(0o664),
            octal => match u32::from_str_radix(octal, 8) {
                Ok(bits) if bits & 0o600 == 0o600 && bits <= 0o777 => Self::Exactly(bits & 0o666),
                _ => Self::Mask,
            },
        }
    }

    /// The rights of an executable file that the mask left with `mode`, as git computes them.
    pub(crate) fn executable(self, mode: u32) -> u32 {
        match self {
            Self::Mask => mode,
            Self::Add(bits) => mode | bits | (bits & 0o444) >> 2,
            Self::Exactly(bits) => mode & !0o777 | bits | (bits & 0o444) >> 2,
        }
    }
}

/// A file written beside its place, waiting to be moved there. Dropped without that, it is gone.
#[derive(Debug)]
pub(crate) struct Draft {
    at: PathBuf,
    place: PathBuf,
    moved: bool,
}

impl Draft {
    /// Writes `bytes` beside `place`. A full disk says so here, before anything is changed.
    pub(crate) fn write(place: &Path, bytes: &[u8], rights: Rights) -> Result<Self, HookError> {
        let name = format!(".guard-{}", nonce());
        let at = place.with_file_name(name);
        let before = match rights {
            Rights::AsBefore => Some(
                place
                    .symlink_metadata()
                    .map_err(HookError::file("look at", place))?,
            ),
            Rights::Executable(_) => None,
        };
        let file = create(&at).map_err(HookError::file("write", place))?;
        let draft = Self {
            at,
            place: place.to_path_buf(),
            moved: false,
        };
        fill(file, bytes, rights, before.as_ref()).map_err(HookError::file("write", place))?;
        Ok(draft)
    }

    /// Moves it to its place in one step.
    pub(crate) fn put(mut self) -> Result<(), HookError> {
        fs::rename(&self.at, &self.place).map_err(HookError::file("write", &self.place))?;
        self.moved = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.moved {
            // Nobody but this draft knows its random name; a leftover would only be litter.
            let _ = fs::remove_file(&self.at);
        }
    }
}

fn fill(mut file: File, bytes: &[u8], rights: Rights, before: Option<&Metadata>) -> io::Result<()> {
    file.write_all(bytes)?;
    match (rights, before) {
        (Rights::Executable(sharing), _) => share(&file, sharing)?,
        (Rights::AsBefore, Some(before)) => file.set_permissions(before.permissions())?,
        (Rights::AsBefore, None) => {}
    }
    file.sync_all()
}

fn create(at: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // `create_new` fails on whatever is there already, a link included.
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o777);
    }
    options.open(at)
}

#[cfg(unix)]
fn share(file: &File, sharing: Sharing) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata()?.permissions().mode() & 0o7777;
    let wanted = sharing.executable(mode);
    if wanted == mode {
        return Ok(());
    }
    file.set_permissions(fs::Permissions::from_mode(wanted))
}

#[cfg(not(unix))]
fn share(_: &File, _: Sharing) -> io::Result<()> {
    Ok(())
}

/// Whether git would run the file: it ignores hooks without the right to execute.
#[cfg(unix)]
pub(crate) fn is_executable(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}

/// Whether git would run the file: without such rights it runs every hook.
#[cfg(not(unix))]
pub(crate) fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// Gives what stands at `from` the second name `to`, so that there is no moment without a hook;
/// where the file system has no second names it is moved. Whatever stands at `to` is left alone.
pub(crate) fn keep(from: &Path, to: &Path) -> Result<(), HookError> {
    let failed = || HookError::file("keep your hook as", to);
    if let Ok(target) = fs::read_link(from) {
        return link(&target, to).map_err(failed());
    }
    match fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(failed()(error)),
        Err(_) => fs::rename(from, to).map_err(failed()),
    }
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A name that nobody can foresee: the standard library seeds its hash maps from the system.
pub(crate) fn nonce() -> String {
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn shared_rights_are_gits() {
        for (value, mask, mode) in [
            ("", 0o755, 0o755),
            ("group", 0o755, 0o775),
            ("1", 0o700, 0o770),
            ("all", 0o750, 0o775),
            ("0660", 0o755, 0o770),
            ("0664", 0o700, 0o775),
            ("0640", 0o755, 0o750),
            ("nonsense", 0o755, 0o755),
        ] {
            let got = Sharing::parse(value).executable(mask);
            assert_eq!(got, mode, "{value}: {got:o}");
        }
    }

    #[test]
    fn a_draft_that_is_not_moved_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("hook");
        drop(Draft::write(&place, b"x", Rights::Executable(Sharing::Mask)).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_link_is_replaced_and_never_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (place, target) = (folder.path().join("hook"), folder.path().join("target"));
        fs::write(&target, "mine").unwrap();
        symlink(&target, &place).unwrap();
        assert_eq!(look(&place).unwrap(), Standing::Link);
        assert!(open_to_append(&place).is_err());
        let kept = folder.path().join("kept");
        keep(&place, &kept).unwrap();
        Draft::write(&place, b"new", Rights::Executable(Sharing::Mask))
            .unwrap()
            .put()
            .unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"mine");
        assert_eq!(fs::read(&place).unwrap(), b"new");
        assert_eq!(fs::read_link(&kept).unwrap(), target);
    }

    #[test]
    fn what_is_kept_keeps_its_bytes_and_rights_and_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (hook, kept) = (folder.path().join("hook"), folder.path().join("kept"));
        fs::write(&hook, "mine").unwrap();
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o741)).unwrap();
        keep(&hook, &kept).unwrap();
        assert_eq!(fs::read(&kept).unwrap(), b"mine");
        assert_eq!(kept.metadata().unwrap().permissions().mode() & 0o777, 0o741);
        assert!(keep(&hook, &kept).is_err());
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(look(folder.path()).unwrap(), Standing::Other);
        assert_eq!(
            look(&folder.path().join("none")).unwrap(),
            Standing::Nothing
        );
    }
}
