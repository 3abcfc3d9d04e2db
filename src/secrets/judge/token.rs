//! What a JSON Web Token says of itself: only what opens something is a secret.

use serde_json::{Map, Value};

use super::base64;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// It opens something.
    Secret,
    /// It opens everything of a Supabase project.
    ServiceRole,
    /// Made to be public, unsigned, or a well-known sample.
    Harmless,
}

/// Reads a token; `None` when it is none: its header and what it carries have to be JSON objects.
pub(super) fn read(value: &[u8]) -> Option<Token> {
    let mut parts = value.split(|byte| *byte == b'.');
    let header = object(parts.next()?)?;
    let payload = object(parts.next()?)?;
    let signature = parts.next().unwrap_or_default();
    let algorithm = header.get("alg").and_then(Value::as_str);
    if algorithm.is_some_and(|name| name.eq_ignore_ascii_case("none"))
        || signature.len() < SHORTEST_SIGNATURE
    {
        return Some(Token::Harmless);
    }
    if payload.get("iss").and_then(Value::as_str) == Some("supabase-demo") {
        return Some(Token::Harmless);
    }
    // Supabase's keys say whose they are; the anonymous one stands in every browser.
    match payload.get("role").and_then(Value::as_str) {
        Some("service_role") => return Some(Token::ServiceRole),
        Some("anon" | "authenticated") if !payload.contains_key("sub") => {
            return Some(Token::Harmless);
        }
        _ => {}
    }
    Some(if is_sample(&payload) {
        Token::Harmless
    } else {
        Token::Secret
    })
}

/// The shortest that is in use has 32 bytes; tests and documents shorten them.
const SHORTEST_SIGNATURE: usize = 20;

fn object(part: &[u8]) -> Option<Map<String, Value>> {
    let bytes = base64::decode(part)?;
    match serde_json::from_slice(&bytes).ok()? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// The token of the documentation: subject 1234567890, John Doe, or just `user`; or one that says a single thing, and that to nobody.
fn is_sample(payload: &Map<String, Value>) -> bool {
    let is = |name: &str, wanted: &str| payload.get(name).and_then(Value::as_str) == Some(wanted);
    is("sub", "1234567890")
        || is("name", "John Doe")
        || is("sub", "user")
        || (payload.len() <= 1
            && !["sub", "iss", "jti", "email", "exp", "uid", "user_id"]
                .iter()
                .any(|claim| payload.contains_key(*claim)))
}
