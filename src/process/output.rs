//! A child's output on its way to people: whole lines of text, without secrets, never too much at once.

mod held;

use crate::secret::Redactor;
use held::Held;

/// A line longer than this many bytes is cut, and says so.
pub const LONGEST_LINE: usize = 64 * 1024;

/// What stands in place of a long line's rest.
const CUT: &str = " [the rest of this line was cut]\n";

/// Bytes in, lines out.
pub(super) struct Output<'a> {
    say: &'a mut dyn FnMut(&str),
    /// The beginning of a character whose rest has not come.
    torn: Vec<u8>,
    held: Held<'a>,
    /// Clean text that is ready to be told.
    ready: String,
    /// Where in `ready` the last, unfinished line begins.
    line: usize,
    /// The rest of the present line is dropped.
    cutting: bool,
}

impl<'a> Output<'a> {
    pub(super) fn new(redactor: &'a Redactor, say: &'a mut dyn FnMut(&str)) -> Self {
        Self {
            say,
            torn: Vec::new(),
            held: Held::new(redactor, LONGEST_LINE),
            ready: String::new(),
            line: 0,
            cutting: false,
        }
    }

    /// Takes what the child wrote; tells the lines that it completes.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let mut clean = String::new();
        if self.torn.is_empty() {
            let (whole, torn) = bytes.split_at(bytes.len() - torn_tail(bytes));
            self.torn.extend_from_slice(torn);
            self.held.push(&String::from_utf8_lossy(whole), &mut clean);
        } else {
            self.torn.extend_from_slice(bytes);
            let torn = self.torn.split_off(self.torn.len() - torn_tail(&self.torn));
            self.held
                .push(&String::from_utf8_lossy(&self.torn), &mut clean);
            self.torn = torn;
        }
        self.split(&clean);
        self.tell(self.line);
    }

    /// Tells the rest, also a line without its end: nothing more comes.
    pub(super) fn finish(&mut self) {
        let mut clean = String::new();
        let torn = std::mem::take(&mut self.torn);
        self.held.push(&String::from_utf8_lossy(&torn), &mut clean);
        self.held.finish(&mut clean);
        self.split(&clean);
        self.tell(self.ready.len());
    }

    fn split(&mut self, clean: &str) {
        for piece in clean.split_inclusive('\n') {
            let ends = piece.ends_with('\n');
            if self.cutting {
                self.cutting = !ends;
                continue;
            }
            let room = LONGEST_LINE - (self.ready.len() - self.line);
            if piece.len() - usize::from(ends) > room {
                self.ready
                    .push_str(&piece[..piece.floor_char_boundary(room)]);
                self.ready.push_str(CUT);
                self.cutting = !ends;
                self.line = self.ready.len();
            } else {
                self.ready.push_str(piece);
                if ends {
                    self.line = self.ready.len();
                }
            }
        }
    }

    fn tell(&mut self, until: usize) {
        if until > 0 {
            (self.say)(&self.ready[..until]);
            self.ready.drain(..until);
            self.line = 0;
        }
    }
}

/// How many bytes at the end begin a character without completing it.
fn torn_tail(bytes: &[u8]) -> usize {
    for length in 1..=bytes.len().min(3) {
        let needed = match bytes[bytes.len() - length] {
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        return if needed > length { length } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(chunks: &[&[u8]]) -> Vec<String> {
        let mut said = Vec::new();
        let mut say = |text: &str| said.push(text.to_owned());
        let redactor = Redactor::default();
        let mut output = Output::new(&redactor, &mut say);
        for chunk in chunks {
            output.take(chunk);
        }
        output.finish();
        said
    }

    #[test]
    fn lines_come_whole_and_the_last_comes_too() {
        assert_eq!(
            said(&[b"one\ntw", b"o\nthree\nfo", b"ur"]),
            ["one\n", "two\nthree\n", "four"]
        );
        assert_eq!(said(&[b""]), Vec::<String>::new());
    }

    #[test]
    fn a_character_across_a_seam_survives_and_a_broken_one_is_shown_as_such() {
        assert_eq!(said(&[b"\xe6", b"\x9d", b"\xb1\n"]), ["東\n"]);
        assert_eq!(said(&[b"caf\xe9\n"]), ["caf\u{fffd}\n"]);
        assert_eq!(said(&[b"caf\xe9"]), ["caf\u{fffd}"]);
    }

    #[test]
    fn a_line_of_any_length_takes_bounded_space() {
        let mut longest = 0;
        let mut text = String::new();
        let mut say = |part: &str| {
            longest = longest.max(part.len());
            text.push_str(part);
        };
        let redactor = Redactor::default();
        let mut output = Output::new(&redactor, &mut say);
        let chunk = [b'x'; 16 * 1024];
        for _ in 0..1000 {
            output.take(&chunk);
            assert!(output.ready.capacity() <= 4 * LONGEST_LINE);
        }
        output.take(b"\nnext\n");
        output.finish();
        assert_eq!(longest, LONGEST_LINE + CUT.len());
        assert!(text.ends_with("x [the rest of this line was cut]\nnext\n"));
    }

    proptest! {
        #[test]
        fn seams_change_nothing(
            bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'a'), Just(0xe6), Just(0x9d), Just(0xb1), any::<u8>()], 0..200),
            size in 1_usize..20,
        ) {
            let chunks: Vec<&[u8]> = bytes.chunks(size).collect();
            prop_assert_eq!(said(&chunks).concat(), String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn every_telling_but_the_last_ends_a_line(text in "[ab\n]{0,100}", size in 1_usize..9) {
            let chunks: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
            let said = said(&chunks);
            for part in said.iter().rev().skip(1) {
                prop_assert!(part.ends_with('\n'));
            }
        }
    }
}
