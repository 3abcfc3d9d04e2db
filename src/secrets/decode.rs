//! What stands encoded in a text: base64 (both alphabets, padded or not), hex and percent encoding, and one
//! of them in another.
//!
//! Only what is text again counts: fonts and images in base64 are turned away by their first bytes. A text is
//! passed over once, in steps as long as the shortest run that counts, so that most bytes of ordinary code are
//! never looked at, and the work is linear in any text. What is not seen: a value that is broken over
//! several encoded lines in the middle, and UTF-16 in base64.

#[cfg(test)]
mod tests;

use std::ops::Range;

use memchr::memchr;

/// How deep encodings are followed: base64 in base64 is the second.
pub(crate) const DEPTH: usize = 2;

/// Shorter runs hold no secret that its own rule would know.
pub(crate) const SHORTEST: usize = 24;

/// The shortest run that can hide a word; for who asks what a value is worth.
pub(crate) const SHORTEST_WRAPPED: usize = 8;

/// Of a longer run, so many bytes are decoded.
pub(crate) const LONGEST: usize = 1 << 20;

/// So many characters tell text from anything else.
const TASTE: usize = 24;

/// How something is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Base64, usual or URL-safe.
    Base64,
    /// Hexadecimal.
    Hex,
    /// Percent encoding, as in URLs.
    Percent,
}

/// A run that is encoded, as it seems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Encoded {
    /// Where it stands.
    pub(crate) span: Range<usize>,
    /// How.
    pub(crate) kind: Kind,
}

/// Hands over every text that stands encoded in a text, to the second depth, with the place of the outermost
/// run: a finding in it stands there.
pub(crate) fn every(text: &[u8], visit: &mut dyn FnMut(Range<usize>, &[u8])) {
    for encoded in candidates(text) {
        if let Some(inner) = decode(&text[encoded.span.clone()], encoded.kind) {
            visit(encoded.span.clone(), &inner);
            deeper(&inner, 1, &mut |inner| visit(encoded.span.clone(), inner));
        }
    }
}

fn deeper(text: &[u8], depth: usize, visit: &mut dyn FnMut(&[u8])) {
    if depth == DEPTH {
        return;
    }
    for encoded in candidates(text) {
        if let Some(inner) = decode(&text[encoded.span], encoded.kind) {
            visit(&inner);
            deeper(&inner, depth + 1, visit);
        }
    }
}

/// The runs of a text that seem to be encoded: base64 and hex in their order, then percent encoding in its.
pub(crate) fn candidates(text: &[u8]) -> impl Iterator<Item = Encoded> {
    candidates_from(text, SHORTEST)
}

/// Likewise, with runs from another length on.
pub(crate) fn candidates_from(text: &[u8], shortest: usize) -> impl Iterator<Item = Encoded> {
    let runs = Runs {
        text,
        shortest,
        done: 0,
        found: Vec::new(),
    };
    let percents = Percents {
        text,
        shortest,
        done: 0,
    };
    runs.chain(percents)
}

/// What a run says; none where it is no text.
pub(crate) fn decode(run: &[u8], kind: Kind) -> Option<Vec<u8>> {
    let run = &run[..run.len().min(LONGEST)];
    let text = match kind {
        Kind::Base64 => base64(run),
        Kind::Hex => hex(run),
        Kind::Percent => percent(run),
    };
    (!text.is_empty() && is_text(&text)).then_some(text)
}

/// Runs of the letters of base64, hex among them.
struct Runs<'t> {
    text: &'t [u8],
    shortest: usize,
    /// No run begins before.
    done: usize,
    found: Vec<Encoded>,
}

impl Iterator for Runs<'_> {
    type Item = Encoded;

    fn next(&mut self) -> Option<Encoded> {
        loop {
            if let Some(found) = self.found.pop() {
                return Some(found);
            }
            // A run that counts covers the end of the next step, or begins behind it.
            let probe = self.done + self.shortest - 1;
            if !is_letter(*self.text.get(probe)?) {
                self.done = probe + 1;
                continue;
            }
            let before = self.text[self.done..probe].iter().rev();
            let start = probe - before.take_while(|byte| is_letter(**byte)).count();
            let behind = &self.text[probe..];
            let end = behind
                .iter()
                .position(|byte| !is_letter(*byte))
                .map_or(self.text.len(), |length| probe + length);
            self.done = end + 1;
            if end - start >= self.shortest {
                self.split(start, end);
                // They are taken from the end.
                self.found.reverse();
            }
        }
    }
}

impl Runs<'_> {
    /// What of a run is encoded: all of it, or what stands between letters that part as well as they encode.
    /// `/api/BASE64` and `prefix_BASE64` would else be out of step.
    fn split(&mut self, mut start: usize, end: usize) {
        let is_escape = start > 0 && self.text[start - 1] == b'\\';
        if is_escape && b"nrt".contains(&self.text[start]) {
            start += 1;
        }
        if self.take(start, end) {
            return;
        }
        for parting in [&b"_-"[..], b"/+"] {
            let run = &self.text[start..end];
            if !run.iter().any(|byte| parting.contains(byte)) {
                continue;
            }
            let mut at = start;
            let pieces: Vec<Range<usize>> = run
                .split(|byte| parting.contains(byte))
                .map(|piece| {
                    let span = at..at + piece.len();
                    at = span.end + 1;
                    span
                })
                .filter(|span| span.len() >= self.shortest)
                .collect();
            for span in pieces {
                self.take(span.start, span.end);
            }
            if !self.found.is_empty() {
                return;
            }
        }
    }

    /// Takes a run that seems to be encoded.
    fn take(&mut self, start: usize, end: usize) -> bool {
        let run = &self.text[start..end];
        if run.len() < self.shortest {
            return false;
        }
        let taste = &run[..run.len().min(TASTE)];
        let digits = taste.strip_prefix(b"0x").unwrap_or(taste);
        let kind = if digits.iter().all(u8::is_ascii_hexdigit) && is_text(&hex(digits)) {
            Kind::Hex
        } else if is_text(&base64(taste)) {
            Kind::Base64
        } else {
            return false;
        };
        let padding = self.text[end..].iter().take(2);
        let padding = padding.take_while(|byte| **byte == b'=').count();
        let end = if kind == Kind::Hex {
            end
        } else {
            end + padding
        };
        self.found.push(Encoded {
            span: start..end,
            kind,
        });
        true
    }
}

/// Runs of what URLs are made of, with a byte in percent encoding in them.
struct Percents<'t> {
    text: &'t [u8],
    shortest: usize,
    done: usize,
}

impl Iterator for Percents<'_> {
    type Item = Encoded;

    fn next(&mut self) -> Option<Encoded> {
        let mut from = self.done;
        loop {
            let at = from + memchr(b'%', self.text.get(from..)?)?;
            from = at + 1;
            if escaped(&self.text[at..]).is_none() {
                continue;
            }
            let before = self.text[self.done..at].iter().rev();
            let start = at - before.take_while(|byte| is_of_url(**byte)).count();
            let behind = &self.text[at..];
            let end = behind
                .iter()
                .position(|byte| !is_of_url(*byte))
                .map_or(self.text.len(), |length| at + length);
            self.done = end;
            from = end;
            if end - start >= self.shortest {
                return Some(Encoded {
                    span: start..end,
                    kind: Kind::Percent,
                });
            }
        }
    }
}

/// What each byte stands for in base64, in both alphabets; 64 for what stands for nothing.
const SIXES: [u8; 256] = {
    let mut sixes = [64; 256];
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut at = 0_u8;
    while at < 64 {
        sixes[letters[at as usize] as usize] = at;
        at += 1;
    }
    sixes[b'-' as usize] = 62;
    sixes[b'_' as usize] = 63;
    sixes
};

fn is_letter(byte: u8) -> bool {
    SIXES[usize::from(byte)] < 64
}

fn is_of_url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"%-._~+/:?#@!$&*,;=()[]".contains(&byte)
}

fn base64(run: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(run.len() / 4 * 3 + 2);
    let mut bits = 0_u32;
    let mut count = 0;
    for byte in run {
        let six = SIXES[usize::from(*byte)];
        if six == 64 {
            break;
        }
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            let [byte, ..] = (bits >> count).to_le_bytes();
            text.push(byte);
        }
    }
    text
}

fn hex(run: &[u8]) -> Vec<u8> {
    let run = run.strip_prefix(b"0x").unwrap_or(run);
    run.chunks_exact(2).map_while(pair).collect()
}

fn percent(run: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(run.len());
    let mut at = 0;
    while at < run.len() {
        let escaped = escaped(&run[at..]);
        text.push(escaped.unwrap_or(run[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    text
}

/// The byte that `%41` stands for; a control character is none, and `%02x` is a format.
fn escaped(text: &[u8]) -> Option<u8> {
    let byte = pair(text.strip_prefix(b"%")?.get(..2)?)?;
    (byte >= b' ' || b"\t\r\n".contains(&byte)).then_some(byte)
}

/// The byte that two hex digits stand for.
fn pair(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(digits[at]).to_digit(16);
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

/// Whether bytes are text: at most one in eight is neither printable nor part of a UTF-8 character.
fn is_text(bytes: &[u8]) -> bool {
    let is_odd = |byte: &u8| (*byte < b' ' && !b"\t\r\n".contains(byte)) || *byte == 0x7f;
    let mut odd = 0;
    for chunk in bytes.utf8_chunks() {
        odd += chunk.valid().bytes().filter(|byte| is_odd(byte)).count();
        odd += chunk.invalid().len();
    }
    odd * 8 <= bytes.len()
}
