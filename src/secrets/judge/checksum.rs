//! The checksum that GitHub and npm write at the end of their tokens: CRC-32 in base 62.

/// How many characters the checksum takes.
const LENGTH: usize = 6;

/// Whether the last six characters are the checksum of what stands between the prefix and them.
///
/// The prefix ends at the last `_`: `ghp_`, `gho_`, `npm_`.
pub(crate) fn agrees(token: &[u8]) -> bool {
    let Some(prefix) = token.iter().rposition(|byte| *byte == b'_') else {
        return false;
    };
    let body = &token[prefix + 1..];
    let Some(cut) = body.len().checked_sub(LENGTH).filter(|cut| *cut > 0) else {
        return false;
    };
    let (random, written) = body.split_at(cut);
    base62(crc32(random)) == written
}

/// The checksum of zip and PNG, bit by bit: tokens are short.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |state, byte| {
        (0..8).fold(state ^ u32::from(*byte), |state, _| {
            state >> 1 ^ (0xedb8_8320 & (state & 1).wrapping_neg())
        })
    })
}

/// Six digits, the highest first, filled up with zeros.
pub(crate) fn base62(mut number: u32) -> [u8; LENGTH] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut written = [b'0'; LENGTH];
    for place in written.iter_mut().rev() {
        *place = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    written
}
