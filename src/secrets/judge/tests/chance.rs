//! Values that are made up from a seed, so that no file holds anything that looks like a secret.

pub(super) const HEX: &[u8] = b"0123456789abcdef";
pub(super) const SMALL: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
pub(super) const DIGITS_AND_LETTERS: &[u8] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub(super) const BASE64: &[u8] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A small generator: good enough for characters, the same on every machine.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// So many characters of an alphabet.
    pub(super) fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| self.one_of(alphabet)).collect()
    }

    fn one_of(&mut self, alphabet: &[u8]) -> char {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let place = (self.0 >> 33) % alphabet.len() as u64;
        let place = usize::try_from(place).expect("alphabets are short");
        char::from(alphabet[place])
    }
}

/// Base64 as tokens are written in.
pub(super) fn base64url(text: &str) -> String {
    let mut written = String::new();
    for group in text.as_bytes().chunks(3) {
        let bits = group
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            let six = (bits >> (18 - 6 * place)) & 63;
            let letter = BASE64[six as usize];
            written.push(match letter {
                b'+' => '-',
                b'/' => '_',
                letter => char::from(letter),
            });
        }
    }
    written
}
