//! What a change newly pardons: `GATE-LOOSENED` says it, so that nobody loosens a check in passing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bstr::ByteSlice;

use super::comment::{Mark, marks};
use super::{Baseline, Detected, Ignored};

/// One thing that was told before and is pardoned now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loosened {
    /// The line of the judged text where it stands, where it has one.
    pub(crate) line: Option<usize>,
    /// What is pardoned, as the end of a sentence: "this change newly allows …".
    pub(crate) what: String,
}

/// What a baseline pardons beyond its base. A base that is missing or cannot be read pardoned nothing.
pub(crate) fn loosened_baseline(base: Option<&[u8]>, judged: &Baseline) -> Vec<Loosened> {
    let base = base
        .and_then(|bytes| Baseline::parse("", bytes).ok())
        .unwrap_or_default();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for entry in judged.beyond(&base) {
        *counts.entry((&entry.path, &entry.code)).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|((path, code), count)| Loosened {
            line: None,
            what: match count {
                1 => format!("{code} in {path}"),
                _ => format!("{code} in {path}, {count} times"),
            },
        })
        .collect()
}

/// Which comments of a file silence something that none silenced in its base. A comment that moved, or got
/// another reason, is not new.
pub(crate) fn loosened_comments(base: Option<&[u8]>, judged: &[u8]) -> Vec<Loosened> {
    let mut before: HashMap<String, usize> = HashMap::new();
    for (_, what) in silenced(base.unwrap_or_default()) {
        *before.entry(what).or_default() += 1;
    }
    let old_lines: BTreeSet<&[u8]> = base
        .unwrap_or_default()
        .lines()
        .map(<[u8]>::trim_ascii)
        .collect();
    let lines: Vec<&[u8]> = judged.lines().collect();
    // Lines that stand in the base as they are use up its count first, so that the new ones are left.
    let (kept, fresh): (Vec<_>, Vec<_>) = silenced(judged)
        .into_iter()
        .partition(|(line, _)| old_lines.contains(lines[line - 1].trim_ascii()));
    let mut loosened: Vec<Loosened> = kept
        .into_iter()
        .chain(fresh)
        .filter(|(_, what)| match before.get_mut(what) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => true,
        })
        .map(|(line, what)| Loosened {
            line: Some(line),
            what,
        })
        .collect();
    loosened.sort_by_key(|loosened| loosened.line);
    loosened
}

/// What the comments of a text silence, with their lines.
fn silenced(text: &[u8]) -> Vec<(usize, String)> {
    let of_mark = |mark: Mark| -> Vec<String> {
        if mark.codes.is_empty() {
            return vec![format!("everything on a line, by `{}`", mark.words)];
        }
        let by = |code: &String| format!("{code}, by a comment");
        mark.codes.iter().map(by).collect()
    };
    text.lines()
        .enumerate()
        .flat_map(|(index, line)| {
            let counting = marks(line).into_iter().filter(Mark::counts);
            counting
                .flat_map(of_mark)
                .map(move |what| (index + 1, what))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// What a `.gitleaksignore` pardons beyond its base.
pub(crate) fn loosened_ignored(name: &str, base: Option<&[u8]>, judged: &Ignored) -> Vec<Loosened> {
    let base = base
        .and_then(|bytes| Ignored::parse(name, bytes).ok())
        .unwrap_or_default();
    judged
        .beyond(&base)
        .into_iter()
        .map(|(line, what)| Loosened {
            line: Some(line),
            what,
        })
        .collect()
}

/// What a `.secrets.baseline` pardons beyond its base.
pub(crate) fn loosened_detected(base: Option<&[u8]>, judged: &Detected) -> Vec<Loosened> {
    let base = base
        .and_then(|bytes| Detected::parse("", bytes).ok())
        .unwrap_or_default();
    judged
        .beyond(&base)
        .into_iter()
        .map(|(path, count)| Loosened {
            line: None,
            what: match count {
                1 => format!("a value in {path}"),
                _ => format!("{count} values in {path}"),
            },
        })
        .collect()
}
