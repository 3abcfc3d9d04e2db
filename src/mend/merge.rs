//! The three-way merge of lines: both sides' edits, or the places where they touch; never one at the other's cost.
//!
//! Cautious on purpose. Edits that only touch are a collision too, as nobody saw them together. What a
//! side's edits are is proved before it is used: putting them into the base must give that side again.

use std::ops::Range;

use git2::{DiffOptions, Patch};

/// Files with a NUL this early are not text for git either.
const PROBED: usize = 8000;

/// Lines of our side, counted from one, that the other side's edits touch. None where there are no lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Collision(pub(crate) Vec<Option<u32>>);

/// Merges what became of `base` on our side and on theirs.
pub(crate) fn merge(base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<Vec<u8>, Collision> {
    if ours == base || ours == theirs {
        return Ok(theirs.to_vec());
    }
    if theirs == base {
        return Ok(ours.to_vec());
    }
    if [base, ours, theirs].into_iter().any(is_binary) {
        return Err(Collision(vec![None]));
    }
    let base_lines = Lines::of(base);
    let (ours, theirs) = (Lines::of(ours), Lines::of(theirs));
    let our_edits = edits(&base_lines, &ours).ok_or(Collision(vec![None]))?;
    let their_edits = edits(&base_lines, &theirs).ok_or(Collision(vec![None]))?;
    weave(&base_lines, (&ours, &our_edits), (&theirs, &their_edits))
}

fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, &bytes[..bytes.len().min(PROBED)]).is_some()
}

/// A text and where its lines are. A line holds its own line end, so that a missing one is a difference.
struct Lines<'a> {
    bytes: &'a [u8],
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let mut ends: Vec<usize> = memchr::memchr_iter(b'\n', bytes).map(|at| at + 1).collect();
        if ends.last().copied().unwrap_or(0) < bytes.len() {
            ends.push(bytes.len());
        }
        Self { bytes, ends }
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn text(&self, lines: Range<usize>) -> &'a [u8] {
        let at = |line: usize| line.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[at(lines.start)..at(lines.end)]
    }
}

/// Lines of the base that became lines of a side.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    base: Range<usize>,
    side: Range<usize>,
}

/// How `side` came from `base`; none when the edits found do not explain it.
fn edits(base: &Lines<'_>, side: &Lines<'_>) -> Option<Vec<Edit>> {
    let mut options = DiffOptions::new();
    // Whatever its size, and whatever it looks like: what is text was decided above.
    options.context_lines(0).interhunk_lines(0);
    options.force_text(true).max_size(-1).indent_heuristic(true);
    let patch = Patch::from_buffers(base.bytes, None, side.bytes, None, Some(&mut options)).ok()?;
    let mut edits = Vec::with_capacity(patch.num_hunks());
    for number in 0..patch.num_hunks() {
        let (hunk, _) = patch.hunk(number).ok()?;
        edits.push(Edit {
            base: range(hunk.old_start(), hunk.old_lines())?,
            side: range(hunk.new_start(), hunk.new_lines())?,
        });
    }
    explains(&edits, base, side).then_some(edits)
}

/// A hunk's numbers as a range from zero. An empty one is named by the line ahead of it.
fn range(start: u32, lines: u32) -> Option<Range<usize>> {
    let start = usize::try_from(start).ok()?;
    let lines = usize::try_from(lines).ok()?;
    let start = if lines == 0 {
        start
    } else {
        start.checked_sub(1)?
    };
    Some(start..start.checked_add(lines)?)
}

/// Whether the edits, put into the base, give the side byte by byte.
fn explains(edits: &[Edit], base: &Lines<'_>, side: &Lines<'_>) -> bool {
    let mut made = Vec::with_capacity(side.bytes.len());
    let mut at = 0;
    for edit in edits {
        let fits =
            at <= edit.base.start && edit.base.end <= base.len() && edit.side.end <= side.len();
        if !fits {
            return false;
        }
        made.extend_from_slice(base.text(at..edit.base.start));
        made.extend_from_slice(side.text(edit.side.clone()));
        at = edit.base.end;
    }
    made.extend_from_slice(base.text(at..base.len()));
    made == side.bytes
}

/// One side as it is being walked over: which edit comes next, and how far its lines have moved.
struct Walk<'a> {
    lines: &'a Lines<'a>,
    edits: std::iter::Peekable<std::slice::Iter<'a, Edit>>,
    /// The base and side line up to which both are known to run together.
    even: (usize, usize),
}

impl<'a> Walk<'a> {
    fn new((lines, edits): (&'a Lines<'a>, &'a [Edit])) -> Self {
        Self {
            lines,
            edits: edits.iter().peekable(),
            even: (0, 0),
        }
    }

    fn next_start(&mut self) -> Option<usize> {
        self.edits.peek().map(|edit| edit.base.start)
    }

    /// The side's line that stands for a line of the base outside of all edits.
    fn line(&self, base: usize) -> usize {
        self.even.1 + (base - self.even.0)
    }

    /// Takes all edits that touch the cluster, which grows by them; the first side line, and whether any did.
    fn take(&mut self, cluster: &mut Range<usize>) -> bool {
        let mut took = false;
        while let Some(edit) = self.edits.next_if(|edit| edit.base.start <= cluster.end) {
            cluster.end = cluster.end.max(edit.base.end);
            self.even = (edit.base.end, edit.side.end);
            took = true;
        }
        took
    }
}

/// Goes over the base and puts each cluster of touching edits in, where only one side made it or both the same.
fn weave(
    base: &Lines<'_>,
    ours: (&Lines<'_>, &[Edit]),
    theirs: (&Lines<'_>, &[Edit]),
) -> Result<Vec<u8>, Collision> {
    let (mut ours, mut theirs) = (Walk::new(ours), Walk::new(theirs));
    let mut merged = Vec::with_capacity(ours.lines.bytes.len().max(theirs.lines.bytes.len()));
    let mut collisions = Vec::new();
    let mut at = 0;
    while let Some(start) = earliest(ours.next_start(), theirs.next_start()) {
        merged.extend_from_slice(base.text(at..start));
        let (our_start, their_start) = (ours.line(start), theirs.line(start));
        let mut cluster = start..start;
        let (mut is_ours, mut is_theirs) = (false, false);
        loop {
            let (a, b) = (ours.take(&mut cluster), theirs.take(&mut cluster));
            is_ours |= a;
            is_theirs |= b;
            if !a && !b {
                break;
            }
        }
        let our_lines = our_start..ours.line(cluster.end);
        let our_text = ours.lines.text(our_lines.clone());
        let their_text = theirs.lines.text(their_start..theirs.line(cluster.end));
        match (is_ours, is_theirs) {
            (true, true) if our_text != their_text => {
                collisions.push(u32::try_from(our_lines.start + 1).ok());
            }
            (true, _) => merged.extend_from_slice(our_text),
            _ => merged.extend_from_slice(their_text),
        }
        at = cluster.end;
    }
    merged.extend_from_slice(base.text(at..base.len()));
    if collisions.is_empty() {
        Ok(merged)
    } else {
        Err(Collision(collisions))
    }
}

fn earliest(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests;
