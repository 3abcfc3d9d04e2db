//! A generic assignment: `api_key = "…"` of a service that nobody knows.
//!
//! No single sign is enough. The name must promise a secret, the value must stand there as a literal,
//! the file must not be one of hashes, and the value must look made up by a machine (or, for a password,
//! chosen by somebody).

use super::generated::{is_generated, is_public, is_uuid};
use super::name::{Name, Promise};
use super::placeholder::{Strictness, is_placeholder, parts};
use super::standing::{Standing, standing};
use super::{Setting, password, place};

/// How many bits a value must be more random than words when its name says that it is secret.
const SECRET_BITS: i32 = 8;

/// The same when the value is short: chance has had less to say.
const SHORT_BITS: i32 = 14;

/// Shorter values are short.
const SHORT: usize = 16;

/// The same for a name that may be that of anything.
const PERHAPS_BITS: i32 = 16;

/// The same where code is tried out.
const TRIAL_BITS: i32 = 60;

/// Whether the assignment is one of a secret.
pub(super) fn holds(at: &Setting<'_>) -> bool {
    let value = at.value();
    if value.len() < 8 || place::holds_hashes(at.path) {
        return false;
    }
    let name = Name::of(at);
    let promise = name.promise();
    if promise == Promise::Public {
        return false;
    }
    let standing = standing(at);
    if standing == Standing::Piece || !assigns(&name, standing) {
        return false;
    }
    if is_placeholder(value, Strictness::Strict) || is_public(at) {
        return false;
    }
    let is_trial = place::is_trial(at.path);
    match promise {
        Promise::Public => false,
        Promise::Password => {
            !is_trial
                && (password::is_chosen(value)
                    || (standing == Standing::Quoted
                        && !place::is_program(at.path)
                        && password::is_marked(value)))
        }
        _ if is_trial => is_generated(value, TRIAL_BITS),
        Promise::Secret if value.len() < SHORT => is_generated(value, SHORT_BITS),
        Promise::Secret => !is_uuid(value) && is_generated(value, SECRET_BITS),
        Promise::Perhaps => !is_uuid(value) && is_generated(value, PERHAPS_BITS),
    }
}

/// Whether what stands between name and value assigns the one to the other, and is no sentence.
fn assigns(name: &Name<'_>, standing: Standing) -> bool {
    let between = name.between;
    let Some(operator) = between.iter().position(|byte| b"=:>,(|?".contains(byte)) else {
        return false;
    };
    let (before, rest) = between.split_at(operator);
    // `var apiToken string = "…"` has one word in between; a sentence has more.
    if parts(before).count() > 1 {
        return false;
    }
    let is_quoted_name = before.iter().any(|byte| b"\"'`".contains(byte));
    let breaks_line = rest.contains(&b'\n');
    match rest.first() {
        Some(b',') => is_quoted_name && standing == Standing::Quoted,
        Some(b'(' | b'|') => standing == Standing::Quoted && !breaks_line,
        Some(b'>') => true,
        _ => !breaks_line || standing == Standing::Quoted,
    }
}
