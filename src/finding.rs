//! What guard says about the user's files: data, with a place, a reason and a way out.

pub mod code;

use serde::Serialize;

use crate::path::RepoPath;
use code::Code;

/// How grave a finding is. The order is the order of gravity.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be mended; does not block.
    Warning,
    /// Blocks.
    Error,
}

impl Severity {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A position in a text: both start at 1, and columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The character in the line.
    pub column: u32,
}

/// Where a finding is: a file, and a stretch of it where one is known. The end is exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the repository's root.
    pub path: RepoPath,
    /// First character and first character behind.
    pub span: Option<(Position, Position)>,
}

/// Whether guard can mend it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Fix {
    /// By hand only.
    #[default]
    None,
    /// By `guard fix`.
    Safe,
    /// By `guard fix --unsafe`: it may change what the file means.
    Unsafe,
}

/// One thing that guard found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check or command that says so.
    pub check: String,
    /// What kind of finding this is.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Where, if it has a place.
    pub place: Option<Place>,
    /// Whether guard can mend it.
    pub fix: Fix,
    /// The commit that brought it in, where that is known.
    pub commit: Option<String>,
}

impl Finding {
    /// A finding of the code's own severity, without a place.
    pub fn new(
        check: impl Into<String>,
        code: Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            check: check.into(),
            code,
            severity: code.severity,
            message: message.into(),
            help: help.into(),
            place: None,
            fix: Fix::None,
            commit: None,
        }
    }

    /// The same finding, in a file as a whole.
    #[must_use]
    pub fn in_file(mut self, path: RepoPath) -> Self {
        self.place = Some(Place { path, span: None });
        self
    }

    /// Names this finding across runs. It does not depend on the line, so that text that moves
    /// keeps its name.
    pub fn fingerprint(&self) -> String {
        let path = self.place.as_ref().map_or(&b""[..], |p| p.path.as_bytes());
        named([
            self.check.as_bytes(),
            self.code.id.as_bytes(),
            path,
            self.message.as_bytes(),
        ])
    }
}

/// A short name for a list of parts: the same parts have the same name on every machine.
pub(crate) fn named<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> String {
    // FNV-1a over length-prefixed parts: a name, not a promise of secrecy.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in (part.len() as u64).to_le_bytes().iter().chain(part) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_ignores_the_line_and_nothing_else() {
        let plain = Finding::new("eslint", code::CMD_FAILED, "it failed", "look");
        let mut moved = plain.clone().in_file("a.ts".into());
        let at_rest = moved.fingerprint();
        let at = |line| Position { line, column: 1 };
        if let Some(place) = moved.place.as_mut() {
            place.span = Some((at(3), at(4)));
        }
        assert_eq!(moved.fingerprint(), at_rest);
        assert_ne!(plain.fingerprint(), at_rest);
        let other = Finding::new("eslint", code::CMD_FAILED, "it failed again", "look");
        assert_ne!(other.fingerprint(), plain.fingerprint());
    }
}
