//! From bytes to text: the byte order mark, encodings, and the way back from the text to the bytes.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr_iter, memrchr};

use super::ProblemKind;

/// Larger files are refused: no env file holds as much, and it is not worth the memory.
pub const LARGEST: usize = 64 << 20;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a file. Offsets of the text become offsets of the bytes where a span leaves the room.
pub(super) struct Text<'b> {
    /// The text, its mark included, each run of bad bytes replaced.
    pub(super) whole: Cow<'b, str>,
    /// How many bytes the byte order mark takes.
    pub(super) mark: usize,
    /// Behind each replacement: where that is in the text and in the bytes.
    anchors: Vec<(usize, usize)>,
    first_loss: Range<usize>,
    /// How many bytes there are.
    len: usize,
}

impl<'b> Text<'b> {
    /// The text, or why there is none.
    pub(super) fn of(bytes: &'b [u8]) -> Result<Self, ProblemKind> {
        if bytes.len() > LARGEST {
            return Err(ProblemKind::TooLarge);
        }
        if is_utf16(bytes) {
            return Err(ProblemKind::Utf16);
        }
        let mark = if bytes.starts_with(MARK) {
            MARK.len()
        } else {
            0
        };
        let mut made = Self {
            whole: Cow::Borrowed(""),
            mark,
            anchors: Vec::new(),
            first_loss: 0..0,
            len: bytes.len(),
        };
        if let Ok(text) = std::str::from_utf8(bytes) {
            made.whole = Cow::Borrowed(text);
            return Ok(made);
        }
        let mut text = String::with_capacity(bytes.len());
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            at += chunk.valid().len();
            let bad = chunk.invalid().len();
            if bad == 0 {
                continue;
            }
            if made.anchors.is_empty() {
                made.first_loss = at..at + bad;
            }
            text.push(char::REPLACEMENT_CHARACTER);
            at += bad;
            made.anchors.push((text.len(), at));
        }
        made.whole = Cow::Owned(text);
        Ok(made)
    }

    /// Whether every byte is in the text.
    pub(super) fn is_lossless(&self) -> bool {
        self.anchors.is_empty()
    }

    /// The first bytes that are not.
    pub(super) fn first_loss(&self) -> Range<usize> {
        self.first_loss.clone()
    }

    /// The bytes of a stretch of the text.
    pub(super) fn bytes(&self, span: &Range<usize>) -> Range<usize> {
        self.byte(span.start)..self.byte(span.end)
    }

    /// Where in the text a byte is.
    pub(super) fn offset(&self, byte: usize) -> usize {
        let behind = self.anchors.partition_point(|(_, at)| *at <= byte);
        match behind.checked_sub(1).map(|last| self.anchors[last]) {
            Some((text, at)) => text + byte - at,
            None => byte,
        }
    }

    fn byte(&self, offset: usize) -> usize {
        let behind = self.anchors.partition_point(|(text, _)| *text <= offset);
        match behind.checked_sub(1).map(|last| self.anchors[last]) {
            Some((text, byte)) => (byte + offset - text).min(self.len),
            None => offset,
        }
    }
}

/// By its mark, or because every second byte is NUL, as ASCII in UTF-16 has it.
fn is_utf16(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return true;
    }
    let head = &bytes[..bytes.len().min(256)];
    let nuls = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0);
    let half = head.len() / 2;
    let (even, odd) = (nuls(0).count(), nuls(1).count());
    half >= 2 && ((even == 0 && odd * 10 >= half * 9) || (odd == 0 && even * 10 >= half * 9))
}

/// The line of a file that takes the most bytes: what makes a file too large is one value.
pub(super) fn longest_line(bytes: &[u8]) -> Range<usize> {
    let mut longest = 0..0;
    let mut start = 0;
    for end in memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        if end - start > longest.len() {
            longest = start..end;
        }
        start = end + 1;
    }
    longest
}

/// Where the last of each of these bytes is.
pub(super) fn last_of(byte: u8, text: &str) -> Option<usize> {
    memrchr(byte, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_bytes_are_replaced_and_the_way_back_is_kept() {
        let text = Text::of(b"\xef\xbb\xbfA=\xff\xc3\nB=1").unwrap();
        assert_eq!(text.whole, "\u{feff}A=\u{fffd}\u{fffd}\nB=1");
        // Each replacement takes three bytes where one stood.
        assert_eq!(text.bytes(&(3..4)), 3..4);
        assert_eq!(text.bytes(&(5..8)), 5..6);
        assert_eq!(text.bytes(&(5..11)), 5..7);
        assert_eq!(text.bytes(&(12..15)), 8..11);
        assert_eq!(text.first_loss(), 5..6);
    }

    #[test]
    fn utf16_is_told_from_text_with_a_nul() {
        let utf16 =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        assert!(is_utf16(&utf16("\u{feff}A=1")));
        assert!(is_utf16(&utf16("A=1\nB=2")));
        assert!(is_utf16(b"\0A\0=\x001"));
        assert!(!is_utf16(b"A=1\0"));
        assert!(!is_utf16(b""));
        assert!(!is_utf16(b"\0"));
    }
}
