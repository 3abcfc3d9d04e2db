//! Whether a value looks as if a machine had made it up for nobody to guess.

use super::list::has_any;
use super::placeholder::{Strictness, is_placeholder};
use super::words::surprise;
use super::{Setting, base64, entropy, list, token};

/// What a value is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Make {
    pub(super) lower: usize,
    pub(super) upper: usize,
    pub(super) digits: usize,
    pub(super) signs: usize,
    beyond_hex: usize,
}

impl Make {
    pub(super) fn of(value: &[u8]) -> Self {
        let mut make = Self::default();
        for byte in value {
            match byte {
                b'a'..=b'z' => make.lower += 1,
                b'A'..=b'Z' => make.upper += 1,
                b'0'..=b'9' => make.digits += 1,
                _ => make.signs += 1,
            }
            make.beyond_hex += usize::from(!byte.is_ascii_hexdigit());
        }
        make
    }

    fn is_hex(self) -> bool {
        self.beyond_hex == 0 && (self.lower == 0 || self.upper == 0)
    }

    pub(super) fn letters(self) -> usize {
        self.lower + self.upper
    }
}

/// Whether the value is random enough, by so many bits more than words: the whole of it, or a long piece of it
/// behind a prefix in words.
pub(super) fn is_generated(value: &[u8], bits: i32) -> bool {
    is_random(value, bits)
        || value.split(|byte| b"_-.:~".contains(byte)).any(|piece| {
            piece.len() >= LONG_PIECE && piece.len() < value.len() && is_random(piece, bits)
        })
        || value.split(|byte| !byte.is_ascii_hexdigit()).any(|piece| {
            piece.len() >= LONG_HEX && piece.len() < value.len() && is_random(piece, bits)
        })
}

/// Shorter pieces of a name are numbers of versions and hashes of files.
const LONG_PIECE: usize = 16;

/// So many hexadecimal digits in a row are no part of a name.
const LONG_HEX: usize = 24;

fn is_random(value: &[u8], bits: i32) -> bool {
    let make = Make::of(value);
    if make.letters() == 0 || value.len() < 10 {
        return false;
    }
    if make.is_hex() {
        // A short one is a colour, an address or a commit.
        return value.len() >= 16
            && make.digits > 0
            && entropy(value) >= 2.8
            && surprise(value) >= bits.min(20);
    }
    if make.digits == 0
        && (make.lower == 0 || make.upper == 0 || value.len() < 16)
        && value.len() < 24
    {
        return false;
    }
    entropy(value) >= 3.0 && surprise(value) >= bits
}

/// Whether the value is a universally unique identifier.
pub(super) fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether the value is long and random, and yet made to be seen: a hash of a file, a public key, a picture.
pub(super) fn is_public(at: &Setting<'_>) -> bool {
    let value = at.value();
    let before = at.line_before(160);
    list::begins(PUBLIC_STARTS, value)
        || PUBLIC_BEFORE.iter().any(|end| before.ends_with(end))
        || list::is_in(HASH_LINES, before)
        || (matches!(value.len(), 40 | 64) && Make::of(value).is_hex() && has_any(before, ID_LINES))
        || list::ends(FILE_ENDINGS, value)
        || (value.len() > 60 && token::read(value).is_some())
        || hides_words(value)
}

/// Whether the value is base64 or hexadecimal digits of something that people can read, and need not hide.
fn hides_words(value: &[u8]) -> bool {
    [base64::decode(value), base64::from_hex(value)]
        .into_iter()
        .flatten()
        .filter(|plain| plain.len() >= 6 && plain.iter().all(|byte| (b' '..0x7f).contains(byte)))
        .any(|plain| is_placeholder(&plain, Strictness::Strict) || surprise(&plain) < 0)
}

/// Hashes with their name, public keys, pictures, addresses.
const PUBLIC_STARTS: &str = "\
    sha1- sha256- sha384- sha512- md5- sha256: sha1: sha512: AAAAB3NzaC1 AAAAC3NzaC1 \
    AAAAE2VjZHNh ssh- ecdsa- iVBORw0 R0lGOD /9j/ PHN2Zy UklGR d09GM d09GR data: http file: \
    LS0tLS1CRUdJTiBDRVJU LS0tLS1CRUdJTiBQVUJ MIIB MIIC MIID MIIE MIIF MIIG MIGf MFkw";

/// What an embedded picture or hash begins with.
const PUBLIC_BEFORE: &[&[u8]] = &[
    b"base64,", b"sha256:", b"sha1:", b"sha512:", b"md5:", b"sha256-", b"sha512-", b"sha384-",
];

/// What stands on lines with the hashes of what is downloaded or built.
const HASH_LINES: &str = "\
    integrity checksum sha256 sha512 sha1 md5 resolved sourcemappingurl badge \
    --mount=type=secret";

/// What stands on lines with the id of a commit or of an image.
const ID_LINES: &[&[u8]] = &[b"commit", b"revision", b"digest", b"git checkout"];

/// Ends of file names.
const FILE_ENDINGS: &str = "\
    .pem .key .crt .cer .p12 .pfx .jks .json .yaml .yml .xml .txt .html .htm .js .mjs .ts .css \
    .png .jpg .jpeg .gif .svg .ico .webp .woff .woff2 .ttf .map .md .py .go .rs .java .php .rb \
    .sh .zip .gz .tgz .jar .pdf .csv .log .env .keytab .com .org .net .dev .local .internal";
