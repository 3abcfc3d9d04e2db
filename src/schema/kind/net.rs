//! Mail addresses, telephone numbers and the names of hosts.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Odd, Wrong};

/// A mail address as people have them: no quotes, no comments, a domain with a dot.
pub(super) fn email(text: &str) -> Result<Option<Odd>, Wrong> {
    let wrong = |what: &str| {
        let what = format!("is not a mail address{what}");
        Err(Wrong::new(
            what,
            "write one address, like `name@example.org`",
        ))
    };
    let Some((local, domain)) = text.rsplit_once('@') else {
        return wrong(": it has no `@`");
    };
    let is_letter =
        |letter: char| letter.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(letter);
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_letter);
    if local.len() > 64 || !local.split('.').all(is_atom) {
        return wrong(": what stands before the `@` is none");
    }
    if !domain.contains('.') || !is_name(domain) || domain.contains('_') {
        return wrong(": what stands behind the `@` is no domain");
    }
    Ok(None)
}

/// A telephone number: `+` and up to 15 digits, or the digits alone.
pub(super) fn phone(text: &str) -> Result<Option<Odd>, Wrong> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        return Ok(None);
    }
    Err(Wrong::new(
        "is not a telephone number",
        "write `+`, the country's code and the digits, without blanks: `+15550100`",
    ))
}

/// Whether a text can be a host: a name, or an address.
pub(super) fn is_host(text: &str) -> bool {
    if let Some(address) = text.strip_prefix('[') {
        let address = address.strip_suffix(']').unwrap_or_default();
        let address = address.split('%').next().unwrap_or_default();
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let last = text.trim_end_matches('.').rsplit('.').next();
    let is_address =
        last.is_some_and(|last| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()));
    if is_address {
        return text.parse::<Ipv4Addr>().is_ok();
    }
    is_name(text)
}

/// Labels of letters, digits, dashes and, as in names of containers, underscores.
fn is_name(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        (1..=63).contains(&label.chars().count())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}
