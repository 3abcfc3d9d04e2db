//! Base64 in both alphabets, padded or not, as far as it is needed to look inside.

/// More is not looked at: what a value means stands at its beginning.
const MOST: usize = 64 * 1024;

/// The bytes, when all of it is base64; `None` otherwise.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > MOST {
        return None;
    }
    let body = trim_padding(text);
    if body.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3 + 2);
    for group in body.chunks(4) {
        let mut bits = 0_u32;
        for &letter in group {
            bits = bits << 6 | u32::from(six_bits(letter)?);
        }
        let missing = 4 - group.len();
        bits <<= 6 * missing;
        let [_, one, two, three] = bits.to_be_bytes();
        bytes.extend_from_slice(&[one, two, three][..3 - missing]);
    }
    Some(bytes)
}

fn trim_padding(text: &[u8]) -> &[u8] {
    let mut body = text;
    for _ in 0..2 {
        body = body.strip_suffix(b"=").unwrap_or(body);
    }
    body
}

fn six_bits(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// The bytes that hexadecimal digits stand for; `None` when there are others among them.
pub(super) fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > MOST || !text.len().is_multiple_of(2) {
        return None;
    }
    text.chunks(2)
        .map(|pair| Some(four_bits(pair[0])? << 4 | four_bits(pair[1])?))
        .collect()
}

fn four_bits(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
