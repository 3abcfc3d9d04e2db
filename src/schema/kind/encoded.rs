//! JSON, base64, hexadecimal digits and versions.

use serde::de::IgnoredAny;

use super::{Odd, Wrong};

/// JSON. What it holds is not looked at.
pub(super) fn json(text: &str) -> Result<Option<Odd>, Wrong> {
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Ok(None),
        Err(error) => {
            let place = match error.line() {
                0 | 1 => format!("character {}", error.column()),
                line => format!("line {line}, character {}", error.column()),
            };
            Err(Wrong::new(
                format!("is not JSON: it breaks off or goes wrong at {place}"),
                "keys and texts stand in double quotes; put the whole value in single quotes",
            ))
        }
    }
}

/// Base64, the usual alphabet or the one for URLs, with padding or without.
pub(super) fn base64(text: &str) -> Result<Option<Odd>, Wrong> {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let is_in = |others: &[u8]| {
        let mut bytes = body.bytes();
        bytes.all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
    };
    let is_whole = match body.len() % 4 {
        0 => padding == 0,
        2 => padding == 0 || padding == 2,
        3 => padding == 0 || padding == 1,
        _ => false,
    };
    if !body.is_empty() && is_whole && (is_in(b"+/") || is_in(b"-_")) {
        return Ok(None);
    }
    let what = match () {
        () if body.is_empty() => "is not base64: it is empty",
        () if !is_whole => "is not base64: its length does not fit, so it may be cut",
        () => "is not base64: it has characters that do not belong there",
    };
    Err(Wrong::new(
        what,
        "`openssl rand -base64 32` makes a random value",
    ))
}

/// Hexadecimal digits.
pub(super) fn hex(text: &str) -> Result<Option<Odd>, Wrong> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let what = match () {
        () if text.is_empty() => "is not hexadecimal: it is empty",
        () if text.starts_with("0x") => "is not hexadecimal: it begins with `0x`",
        () => "is not hexadecimal: it has other characters than 0-9 and a-f",
    };
    Err(Wrong::new(
        what,
        "`openssl rand -hex 32` makes a random value",
    ))
}

/// A version as semver.org describes it.
pub(super) fn semver(text: &str) -> Result<Option<Odd>, Wrong> {
    if is_semver(text) {
        return Ok(None);
    }
    let what = match () {
        () if text.starts_with(['v', 'V']) && is_semver(&text[1..]) => {
            "is not a version: it begins with a `v`"
        }
        () => "is not a version",
    };
    Err(Wrong::new(what, "write `1.2.3`, or `1.2.3-rc.1`"))
}

fn is_semver(text: &str) -> bool {
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (core, before) = match text.split_once('-') {
        Some((core, before)) => (core, Some(before)),
        None => (text, None),
    };
    let is_number = |part: &str| {
        let is_digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        is_digits && (part.len() == 1 || !part.starts_with('0'))
    };
    let is_name = |part: &str| {
        let mut bytes = part.bytes();
        !part.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_before = |part: &str| {
        is_name(part) && (part.bytes().any(|byte| !byte.is_ascii_digit()) || is_number(part))
    };
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && before.is_none_or(|before| before.split('.').all(is_before))
        && build.is_none_or(|build| build.split('.').all(is_name))
}
