//! git's raw form of differences: `:mode mode id id letter`, NUL, path, NUL.

use bstr::BStr;

use super::{fields, unexpected};
use crate::path::RepoPath;
use crate::repository::Id;
use crate::repository::entry::{Blob, Change, Mode};
use crate::repository::error::RepositoryError;

/// One line of the answer.
pub(super) struct Line<'a> {
    pub(super) path: &'a [u8],
    /// What both sides hold. The work tree's side has no id yet, only zeros.
    old: Option<Blob>,
    new: Option<Blob>,
    is_unmerged: bool,
}

/// The changes that git tells, sorted. Unmerged paths are an error that names them all.
pub(super) fn changes(out: &[u8], what: &'static str) -> Result<Vec<Change>, RepositoryError> {
    let lines = lines(out, what)?;
    let unmerged = lines.iter().filter(|line| line.is_unmerged);
    let mut unmerged: Vec<RepoPath> = unmerged.map(|line| RepoPath::new(line.path)).collect();
    if !unmerged.is_empty() {
        unmerged.sort();
        unmerged.dedup();
        return Err(RepositoryError::Unmerged { paths: unmerged });
    }
    let mut changes: Vec<Change> = lines
        .iter()
        .filter_map(|line| Change::between(line.path, line.old, line.new))
        .collect();
    changes.sort();
    Ok(changes)
}

/// Reads git's answer line by line.
pub(super) fn lines<'a>(
    out: &'a [u8],
    what: &'static str,
) -> Result<Vec<Line<'a>>, RepositoryError> {
    let mut lines = Vec::new();
    let mut parts = out.split(|byte| *byte == 0);
    while let Some(head) = parts.next().filter(|head| !head.is_empty()) {
        let path = parts.next().ok_or_else(|| unexpected(what))?;
        let head = head.strip_prefix(b":").ok_or_else(|| unexpected(what))?;
        let [old_mode, new_mode, old, new, letter] =
            fields(BStr::new(head)).ok_or_else(|| unexpected(what))?;
        lines.push(Line {
            path,
            old: side(old_mode, old, what)?,
            new: side(new_mode, new, what)?,
            is_unmerged: letter == "U",
        });
    }
    Ok(lines)
}

/// One side of a difference: nothing there, or a blob.
fn side(mode: &BStr, id: &BStr, what: &'static str) -> Result<Option<Blob>, RepositoryError> {
    let digits = std::str::from_utf8(mode).ok();
    let bits = digits.and_then(|digits| u32::from_str_radix(digits, 8).ok());
    match (bits, Id::parse(id)) {
        (Some(0), Some(_)) => Ok(None),
        (Some(bits), Some(id)) => match Mode::from_bits(bits) {
            Some(mode) => Ok(Some(Blob { id, mode })),
            None => Err(unexpected(what)),
        },
        _ => Err(unexpected(what)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::entry::Kind;

    fn line(old: &str, new: &str, letter: &str, path: &str) -> String {
        let id = |mode: &str| if mode == "000000" { "0" } else { "a" }.repeat(40);
        format!(":{old} {new} {} {} {letter}\0{path}\0", id(old), id(new))
    }

    #[test]
    fn odd_names_and_all_kinds_are_read() {
        let out = [
            line("000000", "100644", "A", "z \n\"q"),
            line("100644", "000000", "D", "-a"),
            line("100644", "100755", "M", "m"),
            line("100644", "120000", "T", "t"),
        ];
        let changes = changes(out.concat().as_bytes(), "x").unwrap();
        let shown: Vec<_> = changes
            .iter()
            .map(|change| (change.path.to_text().into_owned(), change.kind))
            .collect();
        let wanted = [
            ("-a", Kind::Deleted),
            ("m", Kind::Modified),
            ("t", Kind::TypeChanged),
            ("z \n\"q", Kind::Added),
        ];
        assert_eq!(shown, wanted.map(|(path, kind)| (path.to_owned(), kind)));
    }

    #[test]
    fn conflicts_are_named_and_nonsense_is_refused() {
        let out = [
            line("100644", "000000", "U", "b"),
            line("100644", "100644", "M", "c"),
            line("100644", "000000", "U", "a"),
        ];
        let error = changes(out.concat().as_bytes(), "x").unwrap_err();
        let paths = vec!["a".into(), "b".into()];
        assert_eq!(error, RepositoryError::Unmerged { paths });
        for bad in ["x\0y\0", ":1 2 3\0a\0", ":100644 100644 a b M"] {
            assert!(changes(bad.as_bytes(), "x").is_err(), "{bad}");
        }
    }
}
