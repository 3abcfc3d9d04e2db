//! Folders reached without following a link, so that nothing that guard writes or removes leaves them.

#[cfg(any(not(unix), test))]
#[cfg_attr(
    unix,
    expect(dead_code, reason = "compiled for its form; it serves elsewhere")
)]
mod elsewhere;
#[cfg(unix)]
mod handle;

#[cfg(not(unix))]
pub(crate) use elsewhere::{Folder, look_at};
#[cfg(unix)]
pub(crate) use handle::{Folder, look_at};

/// What kind of thing has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    File {
        executable: bool,
    },
    Link,
    Folder,
    /// A socket, a pipe, a device.
    Other,
}

/// What the system remembers about a file: whoever changes the file changes this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) size: u64,
    pub(crate) modified: Moment,
    pub(crate) changed: Moment,
    pub(crate) inode: u64,
    pub(crate) owner: u32,
    pub(crate) group: u32,
}

/// Seconds and nanoseconds by the file system's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64, pub(crate) u32);

/// A look at what has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) sort: Sort,
    pub(crate) stat: Stat,
}

impl Folder {
    /// Removes what has a name unless it is a real folder.
    pub(crate) fn only_folder(&self, name: &[u8]) -> std::io::Result<()> {
        match self.look(name)? {
            Some(look) if look.sort != Sort::Folder => self.remove(name),
            _ => Ok(()),
        }
    }
}

/// The folder and the name of a path; the folder of a name alone is empty.
pub(crate) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (&[], path),
    }
}

/// Folders below one root, the last one kept open: paths come sorted, so that the next is often in it.
pub(crate) struct Folders<'r> {
    root: &'r Folder,
    last: Option<(Vec<u8>, Folder)>,
}

impl<'r> Folders<'r> {
    pub(crate) fn below(root: &'r Folder) -> Self {
        Self { root, last: None }
    }

    /// The folder at a path; none where it is no folder, or only by way of a link.
    pub(crate) fn at(&mut self, path: &[u8]) -> std::io::Result<Option<&Folder>> {
        self.get(path, Folder::below)
    }

    /// The folder at a path, made where it is missing.
    pub(crate) fn made(&mut self, path: &[u8]) -> std::io::Result<&Folder> {
        let made = self.get(path, |root, path| root.make_below(path).map(Some))?;
        made.ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }

    /// Forgets what is open: somebody may have removed it.
    pub(crate) fn forget(&mut self) {
        self.last = None;
    }

    fn get(
        &mut self,
        path: &[u8],
        open: impl Fn(&Folder, &[u8]) -> std::io::Result<Option<Folder>>,
    ) -> std::io::Result<Option<&Folder>> {
        if path.is_empty() {
            return Ok(Some(self.root));
        }
        if self.last.as_ref().is_none_or(|(last, _)| last != path) {
            self.last = None;
            let Some(folder) = open(self.root, path)? else {
                return Ok(None);
            };
            self.last = Some((path.to_vec(), folder));
        }
        Ok(self.last.as_ref().map(|(_, folder)| folder))
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
