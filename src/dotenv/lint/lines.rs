//! What is odd about lines, whatever stands in them: the mark, blanks at the end, line ends.

use std::ops::Range;

use memchr::memchr_iter;

use super::{Edit, File, Lint, LintKind, Quote};
use crate::secret::Secret;

const MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn lint(bytes: &[u8], file: &File, found: &mut Vec<Lint>) {
    if bytes.starts_with(MARK) {
        found.push(Lint::new(LintKind::Mark, 0..MARK.len()).with(0..MARK.len(), ""));
    }
    let mut inside = Quoted::of(file);
    let mut start = 0;
    let mut plain = 0_usize;
    let mut with_cr: Vec<usize> = Vec::new();
    let mut mended: Vec<usize> = Vec::new();
    for newline in memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let line = &bytes[start..newline];
        let has_cr = newline < bytes.len() && line.ends_with(b"\r");
        let line = if has_cr {
            &line[..line.len() - 1]
        } else {
            line
        };
        let kept = line.len() - trailing(line);
        let is_inside = inside.holds(start + kept);
        if kept < line.len() && !is_inside {
            let span = start + kept..start + line.len();
            found.push(Lint::new(LintKind::TrailingBlank, span.clone()).with(span, ""));
        }
        if has_cr {
            with_cr.push(newline - 1);
            if !inside.holds(newline) {
                mended.push(newline - 1);
            }
        } else if newline < bytes.len() {
            plain += 1;
        }
        start = newline + 1;
    }
    if let (Some(first), true) = (with_cr.first(), plain > 0) {
        let mut lint = Lint::new(LintKind::MixedLineEnds, *first..*first + 2);
        // Within a value the line end is part of it, and to some readers CRLF stays CRLF.
        lint.edits = mended
            .into_iter()
            .map(|at| Edit {
                span: at..at + 1,
                text: Secret::new(""),
            })
            .collect();
        found.push(lint);
    }
    if bytes.last().is_some_and(|last| !b"\r\n".contains(last)) {
        let end = bytes.len();
        // One LF in a file of CRLF would be the first of two kinds.
        let text = if plain == 0 && !with_cr.is_empty() {
            "\r\n"
        } else {
            "\n"
        };
        found.push(Lint::new(LintKind::NoFinalNewline, end..end).with(end..end, text));
    }
}

fn trailing(line: &[u8]) -> usize {
    let blanks = line.iter().rev();
    blanks.take_while(|byte| b" \t".contains(byte)).count()
}

/// The values within quotes, asked in the order of the file.
struct Quoted {
    spans: std::vec::IntoIter<Range<usize>>,
    next: Option<Range<usize>>,
}

impl Quoted {
    fn of(file: &File) -> Self {
        let quoted = file.entries().iter();
        let quoted = quoted.filter(|entry| entry.quote != Quote::None);
        let spans: Vec<_> = quoted
            .filter_map(|entry| entry.value_span.clone())
            .collect();
        let mut spans = spans.into_iter();
        let next = spans.next();
        Self { spans, next }
    }

    /// Whether an offset lies within quotes; offsets must not go back.
    fn holds(&mut self, at: usize) -> bool {
        while self.next.as_ref().is_some_and(|span| span.end <= at) {
            self.next = self.spans.next();
        }
        self.next.as_ref().is_some_and(|span| span.start < at)
    }
}
