//! Whether a password is one that somebody could be using: no sample, no variable, not everybody's first guess.

use super::generated::Make;
use super::list::has_any;
use super::placeholder::{Strictness, is_placeholder, is_well_known};
use super::words::surprise;

/// The shortest that opens anything today.
const SHORTEST: usize = 8;

/// The longest that people set.
const LONGEST: usize = 128;

/// What mixes three kinds of characters may be made of words.
const MIXED_BITS: i32 = -6;

/// Whether a value that is assigned to a password's name is one: letters with digits or signs, and no code.
pub(super) fn is_chosen(value: &[u8]) -> bool {
    let make = Make::of(value);
    let kinds = [make.lower, make.upper, make.digits, make.signs]
        .iter()
        .filter(|count| **count > 0)
        .count();
    (SHORTEST..=LONGEST).contains(&value.len())
        && value.iter().all(u8::is_ascii_graphic)
        && make.letters() > 0
        && !is_code(value)
        && !is_placeholder(value, Strictness::Strict)
        && match kinds {
            0 | 1 => false,
            2 => make.digits > 0 && surprise(value) >= 4,
            _ => surprise(value) >= MIXED_BITS,
        }
}

/// Whether a value mixes three kinds of characters as passwords have to, whatever words it is made of.
pub(super) fn is_mixed(value: &[u8]) -> bool {
    let make = Make::of(value);
    value.len() >= SHORTEST
        && make.lower > 0
        && make.upper > 0
        && make.digits > 0
        && !is_placeholder(value, Strictness::Strict)
}

/// Whether a value without digits is a password by a sign between its letters that no word has. In a program such a
/// sign may begin a variable.
pub(super) fn is_marked(value: &[u8]) -> bool {
    let make = Make::of(value);
    (SHORTEST..=LONGEST).contains(&value.len())
        && make.signs <= 2
        && make.letters() + make.signs == value.len()
        && value[1..value.len() - 1]
            .iter()
            .any(|byte| b"$!#%^*?+~".contains(byte))
        && !is_code(value)
        && !is_placeholder(value, Strictness::Strict)
}

/// Whether a password that stands where only one can stand (behind a user name) is real.
pub(super) fn is_real(value: &[u8]) -> bool {
    value.len() >= 4
        && value
            .iter()
            .all(|byte| byte.is_ascii_graphic() || *byte >= 0x80)
        && !is_placeholder(value, Strictness::Light)
        && !value.starts_with(b"$")
        && !value.starts_with(b"%")
        && !is_well_known(value)
        && !is_constant(value)
}

/// `DB_PASSWORD` stands for one.
fn is_constant(value: &[u8]) -> bool {
    value
        .iter()
        .all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
}

/// Whether the value is an expression, a path, an address or markup.
fn is_code(value: &[u8]) -> bool {
    has_any(
        value,
        &[
            b"()", b"=>", b"://", b"&&", b"||", b"==", b"->", b"::", b"&lt;", b"\\u", b"\\n",
            b"</", b"/>",
        ],
    ) || value.iter().any(|byte| b"(){}<>;|`".contains(byte))
        && value.iter().filter(|byte| byte.is_ascii_digit()).count() < 2
        || matches!(
            value.first(),
            Some(b'/' | b'.' | b'#' | b'$' | b'%' | b'-' | b'~' | b'+' | b'{' | b'[' | b'(')
        )
        || value.split(|byte| *byte == b'/').nth(3).is_some()
}
