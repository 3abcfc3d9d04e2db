//! What a file is, by its path and its first bytes, and how each sort is searched.
//!
//! `ALL` is the whole list, in the order in which it is asked; the docs are made from it. Rules that look at
//! names (a key store in the repository) hold for every sort. What is not searched is counted and named.

mod lists;
#[cfg(test)]
mod tests;
mod wide;

use bstr::ByteSlice;
use memchr::memchr;

use crate::path::RepoPath;
use lists::{ARCHIVE_ENDINGS, ARCHIVES, BINARIES, LOCK_FILES, SNAPSHOTS, VENDORED};
pub(crate) use wide::to_utf8;

/// As many of the first bytes say what a file is. git looks as far for a NUL.
const FIRST: usize = 8192;

/// A text whose lines are as long on average was written by a tool, for a machine.
const LONG_LINE: usize = 1000;

/// A pointer is smaller.
const LONGEST_POINTER: usize = 1024;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Sort {
    /// A pointer to a file that git LFS keeps.
    LfsPointer,
    /// A file that holds other files, or one that is packed.
    Archive,
    /// UTF-16, least byte first.
    Utf16Le,
    /// UTF-16, greatest byte first.
    Utf16Be,
    /// Anything that is no text.
    Binary,
    /// What a package manager noted.
    LockFile,
    /// Other people's files, kept in this repository.
    Vendored,
    /// Where generated code came from.
    SourceMap,
    /// What a test saw, kept by the test runner.
    Snapshot,
    /// Text in lines too long for people.
    Minified,
    /// Everything else.
    Text,
}

/// How much of a sort is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// By every rule.
    Whole,
    /// By the rules whose values have a form of their own. Generic ones, which judge by names and by chance, stay out.
    Formed,
    /// Not at all: it is counted and named.
    Not,
}

/// A sort and its treatment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Treatment {
    /// The sort.
    pub(crate) sort: Sort,
    /// What it is called, as a plural: "3 archives were not searched".
    pub(crate) name: &'static str,
    /// How it is known.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "docs/secrets.md is held against it")
    )]
    pub(crate) known_by: &'static str,
    /// How much of it is searched.
    pub(crate) search: Search,
    /// Why.
    pub(crate) why: &'static str,
}

/// Every sort, in the order in which it is asked.
pub(crate) const ALL: [Treatment; 11] = [
    Treatment {
        sort: Sort::LfsPointer,
        name: "git LFS pointers",
        known_by: "the first line that git LFS writes, in a file below 1 KB",
        search: Search::Not,
        why: "The content is not in the commit; guard fetches nothing.",
    },
    Treatment {
        sort: Sort::Archive,
        name: "archives",
        known_by: "its first bytes, or a name such as .zip, .jar, .whl, .docx with binary content",
        search: Search::Not,
        why: "A packed file can be a thousand times as large as it looks, and no finding in it has a line to mend.",
    },
    Treatment {
        sort: Sort::Utf16Le,
        name: "UTF-16 texts",
        known_by: "a byte order mark, or NUL in every second byte",
        search: Search::Whole,
        why: "It is text: it is turned into UTF-8 and searched.",
    },
    Treatment {
        sort: Sort::Utf16Be,
        name: "UTF-16 texts",
        known_by: "a byte order mark, or NUL in every second byte",
        search: Search::Whole,
        why: "It is text: it is turned into UTF-8 and searched.",
    },
    Treatment {
        sort: Sort::Binary,
        name: "binary files",
        known_by: "a NUL in the first 8 KB, or the first bytes of a PDF, an image or a font",
        search: Search::Not,
        why: "Values in compiled and packed data have no line, and chance finds too many there.",
    },
    Treatment {
        sort: Sort::LockFile,
        name: "lock files",
        known_by: "its name: package-lock.json, yarn.lock, Cargo.lock, uv.lock and their like",
        search: Search::Formed,
        why: "It is full of hashes, which generic rules take for keys; a token in a registry's URL is found.",
    },
    Treatment {
        sort: Sort::Vendored,
        name: "vendored files",
        known_by: "a folder such as node_modules, third_party, site-packages, vendor at the root, or a library's file name",
        search: Search::Formed,
        why: "Others wrote it, with examples and test keys in it; a key with a form of its own is found.",
    },
    Treatment {
        sort: Sort::SourceMap,
        name: "source maps",
        known_by: "a name that ends in .map, and JSON in it",
        search: Search::Formed,
        why: "It repeats code in one line; what was compiled into it is found by its form.",
    },
    Treatment {
        sort: Sort::Snapshot,
        name: "test snapshots",
        known_by: "a folder __snapshots__, or a name that ends in .snap or .ambr",
        search: Search::Formed,
        why: "It repeats what a program printed; a key with a form of its own is found.",
    },
    Treatment {
        sort: Sort::Minified,
        name: "minified files",
        known_by: "lines of more than 1000 bytes on average, or .min. in the name",
        search: Search::Formed,
        why: "Names were shortened, so that names say nothing; a key with a form of its own is found.",
    },
    Treatment {
        sort: Sort::Text,
        name: "texts",
        known_by: "nothing of the above",
        search: Search::Whole,
        why: "People wrote it.",
    },
];

impl Sort {
    /// What a file is. `bytes` is the blob, or its first 8 KB; `size` is the blob's.
    pub(crate) fn of(path: &RepoPath, bytes: &[u8], size: u64) -> Self {
        let path = path.as_bytes().to_ascii_lowercase();
        let name = path.rsplit(|byte| *byte == b'/').next();
        let name = name.unwrap_or_default();
        let first = &bytes[..bytes.len().min(FIRST)];
        by_bytes(name, first, size).unwrap_or_else(|| by_name(&path, name, first))
    }

    /// How it is treated.
    pub(crate) fn treatment(self) -> &'static Treatment {
        ALL.iter()
            .find(|treatment| treatment.sort == self)
            .expect("every sort is in the list, and a test says so")
    }

    /// How much of it is searched.
    pub(crate) fn search(self) -> Search {
        self.treatment().search
    }
}

/// What the bytes leave no doubt of.
fn by_bytes(name: &[u8], first: &[u8], size: u64) -> Option<Sort> {
    if lists::LFS.iter().any(|head| first.starts_with(head)) && size < LONGEST_POINTER as u64 {
        return Some(Sort::LfsPointer);
    }
    let starts = |(offset, head): &(usize, &[u8])| {
        first
            .get(*offset..)
            .is_some_and(|rest| rest.starts_with(head))
    };
    if ARCHIVES.iter().any(starts) {
        return Some(Sort::Archive);
    }
    if let Some(wide) = wide::order(first) {
        return Some(wide);
    }
    if memchr(0, first).is_some() {
        let is_packed = ARCHIVE_ENDINGS
            .iter()
            .any(|end| name.ends_with(end.as_bytes()));
        return Some(if is_packed {
            Sort::Archive
        } else {
            Sort::Binary
        });
    }
    BINARIES
        .iter()
        .any(|head| first.starts_with(head))
        .then_some(Sort::Binary)
}

/// What a text is, by its name and by the length of its lines.
fn by_name(path: &[u8], name: &[u8], first: &[u8]) -> Sort {
    let ends = |ending: &str| name.ends_with(ending.as_bytes());
    if LOCK_FILES.iter().any(|lock| name == lock.as_bytes()) {
        return Sort::LockFile;
    }
    if VENDORED.iter().any(|vendored| vendored.holds(path, name)) {
        return Sort::Vendored;
    }
    if ends(".map") && first.trim_ascii_start().starts_with(b"{") {
        return Sort::SourceMap;
    }
    if SNAPSHOTS.iter().any(|ending| ends(ending)) || has_folder(path, "__snapshots__") {
        return Sort::Snapshot;
    }
    if name.contains_str(".min.") || has_long_lines(first) {
        return Sort::Minified;
    }
    Sort::Text
}

/// Whether the lines are too long for people. Of a short text nothing is said: one long line is a key, or a token.
fn has_long_lines(first: &[u8]) -> bool {
    let lines = first.find_iter(b"\n").count().max(1);
    first.len() >= 2 * LONG_LINE && first.len() / lines > LONG_LINE
}

/// Whether a file lies below a folder of a name.
fn has_folder(path: &[u8], folder: &str) -> bool {
    let mut folders = path.split(|byte| *byte == b'/').rev().skip(1);
    folders.any(|name| name == folder.as_bytes())
}
