//! The ids that git would give to contents: what lies in a checkout is told by them.

use std::io::{self, Read};

use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::repository::Id;

/// git's two kinds of hashes, under way.
pub(crate) enum Hash {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Hash {
    /// The kind of hash that made an id of as many bytes.
    pub(crate) fn like(id: &Id) -> Self {
        if id.as_bytes().len() == 20 {
            Self::Sha1(Sha1::new())
        } else {
            Self::Sha256(Sha256::new())
        }
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
        }
    }

    pub(crate) fn end(self) -> Id {
        let id = match self {
            Self::Sha1(hash) => Id::from_bytes(&hash.finalize()),
            Self::Sha256(hash) => Id::from_bytes(&hash.finalize()),
        };
        id.expect("both hashes are as long as an id")
    }
}

/// The id of a blob with this content, in the kind of `like`.
pub(crate) fn blob(content: &[u8], like: &Id) -> Id {
    let mut hash = begin(content.len() as u64, like);
    hash.add(content);
    hash.end()
}

/// The same for what is too large to hold; none when it has another length than promised.
pub(crate) fn blob_of(mut content: impl Read, size: u64, like: &Id) -> io::Result<Option<Id>> {
    let mut hash = begin(size, like);
    let mut piece = vec![0; 1 << 16];
    let mut seen = 0;
    loop {
        match content.read(&mut piece)? {
            0 => return Ok((seen == size).then(|| hash.end())),
            read => {
                seen += read as u64;
                hash.add(&piece[..read]);
            }
        }
    }
}

fn begin(size: u64, like: &Id) -> Hash {
    let mut hash = Hash::like(like);
    hash.add(format!("blob {size}\0").as_bytes());
    hash
}

/// A SHA-256 over parts that cannot run into each other.
pub(crate) fn of_parts<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> [u8; 32] {
    let mut hash = blake3::Hasher::new();
    for part in parts {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_git_s() {
        let one = Id::parse("0".repeat(40)).unwrap();
        let two = Id::parse("0".repeat(64)).unwrap();
        // `printf hello | git hash-object --stdin`, in both kinds of repository.
        let known = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";
        assert_eq!(blob(b"hello", &one).to_string(), known);
        let known = "8aec4e4876f854f688d0ebfc8f37598f38e5fd6903cccc850ca36591175aeb60";
        assert_eq!(blob(b"hello", &two).to_string(), known);
        for like in [one, two] {
            let streamed = blob_of(&b"hello"[..], 5, &like).unwrap();
            assert_eq!(streamed, Some(blob(b"hello", &like)));
            assert_eq!(blob_of(&b"hello"[..], 4, &like).unwrap(), None);
        }
        assert_ne!(of_parts([&b"ab"[..], b"c"]), of_parts([&b"a"[..], b"bc"]));
    }
}
