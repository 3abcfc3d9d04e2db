//! git LFS without git LFS: a pointer is replaced by the object that is already here, never fetched.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::PathBuf;

use bstr::ByteSlice;
use sha2::{Digest, Sha256};

use super::folder::Folder;
use super::settings::Settings;
use crate::repository::Id;

/// Pointers are small, says the specification.
const LONGEST: u64 = 1024;

/// Up to this size an object's content is checked, not only its length.
const CHECKED: u64 = 64 << 20;

const VERSIONS: [&[u8]; 2] = [
    b"version https://git-lfs.github.com/spec/v1\n",
    b"version https://hawser.github.com/spec/v1\n",
];

/// What a pointer points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pointer {
    oid: String,
    size: u64,
}

/// The pointer that a text is; none when it is none.
pub(crate) fn pointer(text: &[u8]) -> Option<Pointer> {
    if !VERSIONS.iter().any(|version| text.starts_with(version)) {
        return None;
    }
    let value = |key: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix(key.as_bytes())?.to_str().ok())
    };
    let oid = value("oid sha256:")?;
    let is_hash = oid.len() == 64 && oid.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let size = value("size ")?.parse().ok()?;
    is_hash.then(|| Pointer {
        oid: oid.to_owned(),
        size,
    })
}

/// The pointer that a file is.
pub(crate) fn pointer_in(top: &Folder, folder: &[u8], name: &[u8]) -> io::Result<Option<Pointer>> {
    let below;
    let within = if folder.is_empty() {
        top
    } else {
        match top.below(folder)? {
            Some(folder) => {
                below = folder;
                &below
            }
            None => return Ok(None),
        }
    };
    let Some(file) = within.file(name)? else {
        return Ok(None);
    };
    let mut text = Vec::new();
    file.take(LONGEST).read_to_end(&mut text)?;
    Ok(pointer(&text))
}

/// What became of a pointer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    Yes,
    Missing,
    Damaged(PathBuf),
}

/// Where git LFS keeps its objects.
pub(crate) struct Store(PathBuf);

impl Store {
    pub(crate) fn of(settings: &Settings) -> Self {
        let common = &settings.common_dir;
        let named = settings
            .get("lfs.storage")
            .filter(|value| !value.is_empty());
        let folder = match named {
            Some(value) if value.starts_with(b"~/") => settings.path("lfs.storage"),
            // Relative to the repository's own folder, not to its work tree.
            Some(value) => Some(common.join(crate::path::RepoPath::new(value).to_os())),
            None => None,
        };
        Self(folder.unwrap_or_else(|| common.join("lfs")))
    }

    /// Puts the object in the place of its pointer.
    pub(crate) fn fill(
        &self,
        pointer: &Pointer,
        top: &Folder,
        folder: &[u8],
        name: &[u8],
        executable: bool,
    ) -> io::Result<Filled> {
        let (first, second) = (&pointer.oid[..2], &pointer.oid[2..4]);
        let object = self
            .0
            .join("objects")
            .join(first)
            .join(second)
            .join(&pointer.oid);
        let mut from = match File::open(&object) {
            Ok(file) => file,
            // Nothing is stored for what is empty.
            Err(_) if pointer.size == 0 => return put(top, folder, name, executable, None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Filled::Missing),
            Err(error) => return Err(error),
        };
        if !is_whole(&mut from, pointer)? {
            return Ok(Filled::Damaged(object));
        }
        put(top, folder, name, executable, Some(from))
    }
}

fn is_whole(file: &mut File, pointer: &Pointer) -> io::Result<bool> {
    let about = file.metadata()?;
    if !about.is_file() || about.len() != pointer.size {
        return Ok(false);
    }
    if pointer.size > CHECKED {
        return Ok(true);
    }
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => hash.update(&piece[..read]),
        }
    }
    file.rewind()?;
    let said = Id::from_bytes(&hash.finalize()).map(|id| id.to_string());
    Ok(said.as_deref() == Some(&pointer.oid))
}

fn put(
    top: &Folder,
    folder: &[u8],
    name: &[u8],
    executable: bool,
    from: Option<File>,
) -> io::Result<Filled> {
    let made;
    let within = if folder.is_empty() {
        top
    } else {
        made = top.make_below(folder)?;
        &made
    };
    within.remove(name)?;
    let mut to = within.create(name, executable)?;
    if let Some(mut from) = from {
        // Where the file system can, the system shares the content instead of copying it.
        io::copy(&mut from, &mut to)?;
    }
    Ok(Filled::Yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_pointers_are_pointers() {
        let oid = "ab".repeat(32);
        let text =
            format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 12\n");
        let known = Pointer {
            oid: oid.clone(),
            size: 12,
        };
        assert_eq!(pointer(text.as_bytes()), Some(known));
        for bad in [
            text.replace("size 12", "size -1"),
            text.replace("size 12", ""),
            text.replace("sha256", "md5"),
            text.replace("ab", "/."),
            text.replace(&oid, &oid[1..]),
            text.replace("v1", "v2"),
            format!(" {text}"),
        ] {
            assert_eq!(pointer(bad.as_bytes()), None, "{bad}");
        }
    }
}
