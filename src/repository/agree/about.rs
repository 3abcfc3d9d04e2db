//! What the file system says about one name, however it was asked.

use std::fs::Metadata;

/// What kind of thing has the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    Folder,
    File,
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// What the file system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) thing: Thing,
    /// Whether its owner may execute it; none where there is no such bit.
    pub(crate) executable: Option<bool>,
    /// The times, the inode, the owner and the size, as an index remembers them.
    pub(crate) memory: Option<Memory>,
}

/// ctime and mtime in seconds and nanoseconds, inode, user, group, size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) ctime: (u64, u64),
    pub(crate) mtime: (u64, u64),
    pub(crate) inode: u64,
    pub(crate) user: u64,
    pub(crate) group: u64,
    pub(crate) size: u64,
}

impl From<&Metadata> for About {
    fn from(about: &Metadata) -> Self {
        let thing = if about.is_dir() {
            Thing::Folder
        } else if about.is_symlink() {
            Thing::Link
        } else if about.is_file() {
            Thing::File
        } else {
            Thing::Other
        };
        Self::with(thing, about)
    }
}

impl About {
    #[cfg(unix)]
    fn with(thing: Thing, about: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            thing,
            executable: Some(about.mode() & 0o100 != 0),
            memory: Some(Memory {
                ctime: (
                    about.ctime().cast_unsigned(),
                    about.ctime_nsec().cast_unsigned(),
                ),
                mtime: (
                    about.mtime().cast_unsigned(),
                    about.mtime_nsec().cast_unsigned(),
                ),
                inode: about.ino(),
                user: about.uid().into(),
                group: about.gid().into(),
                size: about.size(),
            }),
        }
    }

    /// What the index remembers of a file is not portable: its content is compared.
    #[cfg(not(unix))]
    fn with(thing: Thing, _: &Metadata) -> Self {
        Self {
            thing,
            executable: None,
            memory: None,
        }
    }
}

#[cfg(unix)]
impl From<&rustix::fs::Stat> for About {
    #[allow(
        clippy::cast_sign_loss,
        clippy::unnecessary_cast,
        clippy::useless_conversion,
        clippy::allow_attributes,
        reason = "the widths of these fields differ from system to system"
    )]
    fn from(about: &rustix::fs::Stat) -> Self {
        use rustix::fs::FileType;
        let thing = match FileType::from_raw_mode(about.st_mode) {
            FileType::Directory => Thing::Folder,
            FileType::RegularFile => Thing::File,
            FileType::Symlink => Thing::Link,
            _ => Thing::Other,
        };
        Self {
            thing,
            executable: Some(about.st_mode & 0o100 != 0),
            memory: Some(Memory {
                ctime: (about.st_ctime as u64, about.st_ctime_nsec as u64),
                mtime: (about.st_mtime as u64, about.st_mtime_nsec as u64),
                inode: about.st_ino.into(),
                user: about.st_uid.into(),
                group: about.st_gid.into(),
                size: about.st_size as u64,
            }),
        }
    }
}
