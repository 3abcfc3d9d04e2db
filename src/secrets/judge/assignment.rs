//! A generic assignment: `api_key = "…"` of a service that nobody knows.
//!
//! No single sign is enough. The name must promise a secret, the value must stand there as a literal,
//! the file must not be one of hashes, and the value must look made up by a machine (or, for a password,
//! chosen by somebody).

use std::ops::Range;

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

/// Where values that could be secrets stand behind names, as far as can be told without the rules' expressions: those
/// cost more to make than all of this. No place of a text is looked at twice.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// No such value begins between these two.
    none: Range<usize>,
    /// One begins here.
    found: Option<usize>,
}

impl Values {
    /// Whether one may be assigned to a name that has a word ending here. The words come nearly in their order.
    pub(crate) fn may_follow(&mut self, text: &[u8], word: usize) -> bool {
        /// What the expressions allow between the word and the value.
        const REACH: usize = 110;
        let reach = word..text.len().min(word + REACH);
        let Some(mark) = text[reach.clone()]
            .iter()
            .position(|byte| b"=:>,(|".contains(byte))
        else {
            return false;
        };
        let starts = word + mark + 1..reach.end;
        if self.found.is_some_and(|found| starts.contains(&found)) {
            return true;
        }
        let is_known = |start: &usize| self.none.contains(start);
        let mut unknown = starts.clone().filter(|start| !is_known(start));
        self.found = unknown.find(|start| may_begin(text, *start));
        let end = self.found.unwrap_or(starts.end);
        let touches = starts.start <= self.none.end && self.none.start <= end;
        self.none = if touches {
            self.none.start.min(starts.start)..self.none.end.max(end)
        } else {
            starts.start..end
        };
        self.found.is_some()
    }
}

/// Whether what may be a secret begins here, behind such a byte: what has the letters of keys, what has none of the
/// signs of programs, or what goes on to the next quote.
fn may_begin(text: &[u8], start: usize) -> bool {
    /// The longest value.
    const LONGEST: usize = 310;
    let before = text[start - 1];
    let rest = &text[start..text.len().min(start + LONGEST)];
    let is_mark = b"=:>,(|@ \t\r\n\\".contains(&before);
    let is_quote = b"\"'`".contains(&before);
    let is_sign = |byte: u8| byte.is_ascii_whitespace() || b"\"'`,;<>(){}[]\\&|".contains(&byte);
    if !is_mark && !is_quote
        || rest
            .first()
            .is_none_or(|first| is_sign(*first) && !is_quote)
    {
        return false;
    }
    let until = |ends: &dyn Fn(u8) -> bool| {
        let end = rest.iter().position(|byte| ends(*byte));
        &rest[..end.unwrap_or(rest.len())]
    };
    let key = until(&|byte| !byte.is_ascii_alphanumeric() && !b"_.=+/~:-".contains(&byte));
    let bare = until(&is_sign);
    may_be_secret(key)
        || (bare.len() > key.len() && may_be_secret(bare))
        || (is_quote && may_be_secret(until(&|byte| b"\"'`\r\n\\".contains(&byte))))
}

/// What none of the rules of `holds` would turn away.
fn may_be_secret(value: &[u8]) -> bool {
    value.len() >= 8
        && (is_generated(value, SECRET_BITS)
            || password::is_chosen(value)
            || password::is_marked(value))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn may_follow(text: &str, word: &str) -> bool {
        let end = text.find(word).unwrap() + word.len();
        Values::default().may_follow(text.as_bytes(), end)
    }

    #[test]
    fn what_may_be_a_secret_is_seen_behind_every_way_to_assign() {
        let value = ["kq7Zt2", "Wm9xRb", "4VnL8y", "Jd5c"].concat();
        for text in [
            format!("token={value}"),
            format!("token: \"{value}\""),
            format!("\"token\" : '{value}',"),
            format!("token := `{value}`"),
            format!("token string = \"{value}\""),
            format!("token\" value=\"{value}\""),
            format!("token => @{value}"),
            format!("token, \"{value}\""),
            format!("token || '{value}'"),
            format!("token == x == {value}"),
        ] {
            assert!(may_follow(&text, "token"), "{text}");
        }
        for text in [
            format!("token {value}"),
            format!("token = {}{value}", " ".repeat(120)),
            "const token = await this.session.getToken(request)".to_owned(),
            "token: string; userName: string; const passwordHash = 1".to_owned(),
            "token".to_owned(),
            "token=".to_owned(),
        ] {
            assert!(!may_follow(&text, "token"), "{text}");
        }
    }

    #[test]
    fn no_order_of_words_changes_what_is_seen() {
        let value = ["kq7Zt2", "Wm9xRb", "4VnL8y", "Jd5c"].concat();
        let text = format!("token = one; token = {value}; token = two; key = three").repeat(3);
        let ends: Vec<usize> = (3..text.len()).step_by(4).collect();
        let alone = |end: &usize| Values::default().may_follow(text.as_bytes(), *end);
        let alone: Vec<bool> = ends.iter().map(alone).collect();
        for step in [1, 3, 7] {
            let mut values = Values::default();
            for place in (0..ends.len()).map(|at| at * step % ends.len()) {
                let seen = values.may_follow(text.as_bytes(), ends[place]);
                assert_eq!(seen, alone[place], "{step}: {place}");
            }
        }
        assert!(alone.contains(&true) && alone.contains(&false));
    }
}
