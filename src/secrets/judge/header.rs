//! What stands behind `Authorization:` in requests.

use super::generated::{is_generated, is_public, is_uuid};
use super::placeholder::{Strictness, is_placeholder};
use super::{Setting, base64, password};

/// Whether the value of a `Basic` header is a user with a real password.
pub(super) fn is_basic(at: &Setting<'_>) -> bool {
    let Some(pair) = base64::decode(at.value()) else {
        return false;
    };
    let Some(colon) = pair.iter().position(|byte| *byte == b':') else {
        return false;
    };
    let (user, secret) = (&pair[..colon], &pair[colon + 1..]);
    if !pair
        .iter()
        .all(|byte| byte.is_ascii_graphic() || *byte == b' ')
    {
        return false;
    }
    // Some services take the key for the user and leave the password empty.
    let secret = match secret {
        b"" if is_generated(user, 12) => user,
        _ => secret,
    };
    !is_placeholder(at.value(), Strictness::Strict)
        && password::is_real(secret)
        && !is_placeholder(secret, Strictness::Strict)
        && secret.len() >= 6
}

/// Whether the value of a `Bearer` header opens something, unless a token says of itself that it is none.
pub(super) fn is_bearer(at: &Setting<'_>) -> bool {
    let value = at.value();
    !is_placeholder(value, Strictness::Strict)
        && !is_public(at)
        && (is_uuid(value) || is_generated(value, 8))
}
