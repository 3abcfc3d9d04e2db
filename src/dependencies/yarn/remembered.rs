//! What yarn remembers of its installation: values as V8 writes them, compressed. One of its
//! linkers notes absolute places there, and runs programs from them.

use std::io::{Read, Write};
use std::path::Path;

use bstr::ByteSlice;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::super::repoint::Repoint;

/// More than any installation needs, and less than memory has.
const LARGEST: u64 = 256 << 20;

/// V8's mark of a string with one byte a letter; its length follows, then the letters.
const STRING: u8 = b'"';

/// The same for the checkout; `None` where it cannot be read.
pub(super) fn moved(repoint: &Repoint, original: &Path, packed: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let mut reader = GzDecoder::new(packed).take(LARGEST + 1);
    reader.read_to_end(&mut text).ok()?;
    if text.len() as u64 > LARGEST {
        return None;
    }
    let original = original.to_str()?;
    let wide: Vec<u8> = original.encode_utf16().flat_map(u16::to_le_bytes).collect();
    if text.contains_str(&wide) {
        return None;
    }
    if !original.is_ascii() {
        // Letters above ASCII have one byte here, where they have one at all.
        let narrow: Option<Vec<u8>> = original
            .chars()
            .map(|letter| u8::try_from(u32::from(letter)).ok())
            .collect();
        let named = narrow.is_some_and(|narrow| text.contains_str(&narrow));
        return (!named).then(|| packed.to_vec());
    }
    let mut made = Vec::new();
    let mut done = 0;
    while let Some(at) = text[done..].find(original) {
        let start = done + at;
        let (mark, length) = string_before(&text, start)?;
        let end = start.checked_add(length)?;
        let moved = repoint.text(text.get(start..end)?);
        if !moved.is_ascii() {
            return None;
        }
        made.extend_from_slice(text.get(done..mark)?);
        made.push(STRING);
        push_number(&mut made, moved.len());
        made.extend_from_slice(&moved);
        done = end;
    }
    if done == 0 {
        return Some(packed.to_vec());
    }
    made.extend_from_slice(&text[done..]);
    let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
    writer.write_all(&made).ok()?;
    writer.finish().ok()
}

/// Where the mark of the string stands whose letters start here, and their number.
fn string_before(text: &[u8], start: usize) -> Option<(usize, usize)> {
    (1..=4).find_map(|width| {
        let mark = start.checked_sub(width + 1)?;
        let number = &text[mark + 1..start];
        let (last, others) = number.split_last()?;
        let whole = others.iter().all(|byte| byte & 0x80 != 0) && last & 0x80 == 0;
        let value = number.iter().enumerate().fold(0, |sum, (at, byte)| {
            sum | usize::from(byte & 0x7f) << (7 * at)
        });
        (text[mark] == STRING && whole).then_some((mark, value))
    })
}

/// A number, seven bits a byte, the lowest first.
fn push_number(made: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        made.push(u8::try_from(number & 0x7f).expect("seven bits fit") | 0x80);
        number >>= 7;
    }
    made.push(u8::try_from(number).expect("what is left is below 128"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    fn string(letters: &str) -> Vec<u8> {
        let mut made = vec![STRING];
        push_number(&mut made, letters.len());
        made.extend_from_slice(letters.as_bytes());
        made
    }

    fn through(text: &[u8]) -> Option<Vec<u8>> {
        let to = format!("/state/{}/tree", "x".repeat(200));
        let repoint = Repoint::new(Path::new("/w/app"), Path::new(&to));
        let made = moved(&repoint, Path::new("/w/app"), &packed(text))?;
        let mut text = Vec::new();
        GzDecoder::new(&made[..]).read_to_end(&mut text).unwrap();
        Some(text)
    }

    #[test]
    fn strings_grow_with_their_lengths() {
        let text = [&string("a")[..], &string("/w/app/node_modules"), b"{"].concat();
        let to = format!("/state/{}/tree/node_modules", "x".repeat(200));
        let expected = [&string("a")[..], &string(&to), b"{"].concat();
        assert_eq!(through(&text), Some(expected));
    }

    #[test]
    fn what_names_nothing_stays_and_what_cannot_be_read_is_refused() {
        let plain = string("/w/other");
        assert_eq!(through(&plain), Some(plain));
        let wide: Vec<u8> = "/w/app".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(through(&wide), None);
        assert_eq!(through(b"/w/app without a mark"), None);
        let repoint = Repoint::new(Path::new("/w"), Path::new("/s"));
        assert_eq!(moved(&repoint, Path::new("/w"), b"no archive"), None);
    }
}
