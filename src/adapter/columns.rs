//! Columns as people count them: tools count bytes or UTF-16 units, guard counts characters.
//!
//! They differ only in lines that are not ASCII, so the line is looked up where the tool read it. A line that
//! cannot be read keeps the tool's own count.

use std::fs;
use std::path::Path;

use crate::finding::Position;
use crate::path::RepoPath;
use crate::tool::Ran;

/// A file that is larger is not looked into.
const LARGEST: u64 = 4 << 20;

/// What a tool counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    Bytes,
    Utf16,
}

/// Looks lines up. Tools name the faults of a file one after the other, so the last file is kept.
pub(super) struct Columns<'r> {
    ran: &'r Ran,
    counts: Counts,
    last: Option<(RepoPath, Lines)>,
}

/// A file, and where its lines begin.
#[derive(Default)]
struct Lines {
    text: Vec<u8>,
    starts: Vec<usize>,
}

impl<'r> Columns<'r> {
    pub(super) fn new(ran: &'r Ran, counts: Counts) -> Self {
        Self {
            ran,
            counts,
            last: None,
        }
    }

    /// The same place, in characters.
    pub(super) fn place(&mut self, path: Option<&RepoPath>, place: Position) -> Position {
        let Some(path) = path else { return place };
        if self.last.as_ref().is_none_or(|(last, _)| last != path) {
            self.last = Some((path.clone(), self.open(path)));
        }
        let line = self.last.as_ref().map(|(_, lines)| lines.get(place.line));
        let line = line.filter(|line| !line.is_ascii()).unwrap_or_default();
        let Ok(line) = std::str::from_utf8(line) else {
            return place;
        };
        let column = if line.is_empty() {
            place.column
        } else {
            characters(line, place.column, self.counts)
        };
        Position { column, ..place }
    }

    fn open(&self, path: &RepoPath) -> Lines {
        let below = path.to_os();
        let mut tops = self.ran.tops.iter();
        tops.find_map(|top| read(&top.join(&below)))
            .unwrap_or_default()
    }
}

fn read(path: &Path) -> Option<Lines> {
    let about = fs::symlink_metadata(path).ok()?;
    if !about.is_file() || about.len() > LARGEST {
        return None;
    }
    let text = fs::read(path).ok()?;
    let ends = memchr::memchr_iter(b'\n', &text).map(|end| end + 1);
    let starts = std::iter::once(0).chain(ends).collect();
    Some(Lines { text, starts })
}

impl Lines {
    fn get(&self, line: u32) -> &[u8] {
        let Some(index) = (line as usize).checked_sub(1) else {
            return &[];
        };
        let Some(start) = self.starts.get(index) else {
            return &[];
        };
        let end = self.starts.get(index + 1).copied();
        &self.text[*start..end.unwrap_or(self.text.len())]
    }
}

/// A column in characters, both from 1.
fn characters(line: &str, column: u32, counts: Counts) -> u32 {
    let mut left = column.saturating_sub(1) as usize;
    let mut passed = 0;
    for letter in line.chars() {
        let width = match counts {
            Counts::Bytes => letter.len_utf8(),
            Counts::Utf16 => letter.len_utf16(),
        };
        if left < width {
            break;
        }
        left -= width;
        passed += 1;
    }
    // Behind the line's end every unit counts as one.
    let beyond = if passed == line.chars().count() {
        left
    } else {
        0
    };
    u32::try_from(passed + beyond + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_characters() {
        let line = "é = \"😀\"; x";
        for (counts, column, characters_before) in [
            (Counts::Bytes, 1, 1),
            (Counts::Bytes, 3, 2),
            (Counts::Bytes, 14, 10),
            (Counts::Utf16, 11, 10),
            (Counts::Utf16, 2, 2),
            (Counts::Utf16, 100, 99),
        ] {
            assert_eq!(
                characters(line, column, counts),
                characters_before,
                "{column}"
            );
        }
    }

    #[test]
    fn lines_are_read_where_the_tool_ran_and_otherwise_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("a.js"), "x\n\"😀\"; y\n").expect("written");
        let ran = Ran {
            tops: vec!["/nowhere".into(), folder.path().to_owned()],
            root: RepoPath::root(),
        };
        let mut columns = Columns::new(&ran, Counts::Utf16);
        let mut at = |path: &str, line, column| {
            let place = Position { line, column };
            columns.place(Some(&path.into()), place).column
        };
        assert_eq!(at("a.js", 2, 7), 6);
        assert_eq!(at("a.js", 1, 7), 7);
        assert_eq!(at("a.js", 99, 7), 7);
        assert_eq!(at("gone.js", 2, 7), 7);
    }
}
