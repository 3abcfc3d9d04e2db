//! A path inside the judged repository: bytes as git stores them, separated by `/`, relative to the root.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use bstr::{BString, ByteSlice, ByteVec};
use serde::{Serialize, Serializer};

/// A repository-relative path. Empty means the root itself.
///
/// Bytes, not `str`: git stores any byte but NUL, and a name that is not UTF-8 must reach
/// the team's commands verbatim.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(BString);

impl RepoPath {
    /// The root of the repository.
    pub fn root() -> Self {
        Self::default()
    }

    /// A path from git's own bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(BString::from(bytes.into()))
    }

    /// The bytes as git stores them.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether this is the root itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path for the operating system.
    pub fn to_os(&self) -> PathBuf {
        self.0.to_vec().into_path_buf_lossy_free()
    }

    /// The path for people: bytes that are not UTF-8 are shown as U+FFFD.
    pub fn to_text(&self) -> Cow<'_, str> {
        self.0.to_str_lossy()
    }

    /// Whether this path is `folder` or lies below it.
    pub fn is_within(&self, folder: &RepoPath) -> bool {
        folder.is_root()
            || self
                .as_bytes()
                .strip_prefix(folder.as_bytes())
                .is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
    }

    /// This path as seen from `folder`; `None` when it lies elsewhere.
    pub fn relative_to(&self, folder: &RepoPath) -> Option<RepoPath> {
        if folder.is_root() {
            return Some(self.clone());
        }
        let rest = self.as_bytes().strip_prefix(folder.as_bytes())?;
        match rest.first() {
            None => Some(Self::root()),
            Some(b'/') => Some(Self::new(&rest[1..])),
            Some(_) => None,
        }
    }

    /// `name` below this path.
    #[must_use]
    pub fn join(&self, name: &[u8]) -> RepoPath {
        if self.is_root() {
            return Self::new(name);
        }
        let mut bytes = self.0.to_vec();
        bytes.push(b'/');
        bytes.extend_from_slice(name);
        Self::new(bytes)
    }
}

/// Bytes to an operating-system path without a detour over text where the system allows it.
trait IntoOsPath {
    fn into_path_buf_lossy_free(self) -> PathBuf;
}

impl IntoOsPath for Vec<u8> {
    fn into_path_buf_lossy_free(self) -> PathBuf {
        // On Unix every byte string is a path. Elsewhere bstr needs UTF-8, and guard says so in its promises.
        self.into_path_buf()
            .unwrap_or_else(|error| PathBuf::from(error.into_vec().to_str_lossy().into_owned()))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl From<&str> for RepoPath {
    fn from(text: &str) -> Self {
        Self::new(text.as_bytes())
    }
}

impl Serialize for RepoPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_with_the_same_prefix_is_not_within() {
        let web = RepoPath::from("apps/web");
        assert!(RepoPath::from("apps/web/a.ts").is_within(&web));
        assert!(web.is_within(&web));
        assert!(!RepoPath::from("apps/web2/a.ts").is_within(&web));
        assert_eq!(
            RepoPath::from("apps/web/a.ts").relative_to(&web),
            Some(RepoPath::from("a.ts"))
        );
        assert_eq!(RepoPath::from("apps/web2").relative_to(&web), None);
    }

    #[test]
    fn bytes_that_are_not_text_survive() {
        let path = RepoPath::new(&b"caf\xe9"[..]);
        assert_eq!(path.to_text(), "caf\u{fffd}");
        assert_eq!(path.as_bytes(), b"caf\xe9");
    }
}
