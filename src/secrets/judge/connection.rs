//! Connection strings: whether the password inside is a real one, by its value and by the host.

use super::generated::is_generated;
use super::list::{has, has_any};
use super::placeholder::{Strictness, is_placeholder};
use super::words::surprise;
use super::{Setting, list, password, place};

/// Whether the password inside an address or a list of settings is real.
pub(super) fn holds(at: &Setting<'_>) -> bool {
    let value = at.value();
    // An expression that looks for addresses is none.
    let is_expression = [&b"\\w"[..], b"\\d", b"[^", b"[a-", b"[0-", b".*", b".+"];
    if !password::is_real(value) || has_any(value, &is_expression) {
        return false;
    }
    let (user, host) = match at.text.get(at.value.end) {
        Some(b'@') => (user_before(at), host_after(at)),
        _ => match settings(at) {
            Some(host) => (&b""[..], host),
            None => return false,
        },
    };
    match reach(host) {
        // Documentation has no values that only a machine makes.
        Reach::Nowhere => is_generated(value, 40),
        Reach::Here => {
            (is_serious(value) || password::is_mixed(value))
                && value != user
                && !place::is_trial(at.path)
        }
        Reach::Elsewhere if place::is_trial(at.path) => is_generated(value, 30),
        Reach::Elsewhere => {
            value != user
                && (is_serious(value)
                    || (is_no_word(value) && !is_placeholder(value, Strictness::Strict)))
        }
    }
}

/// Whether what stands behind `://` may be a user's name, a password and a host: whoever asks has no expression yet.
pub(crate) fn may_connect(rest: &[u8]) -> bool {
    /// As much as the rules' expressions take for the one and the other.
    const LONGEST: usize = 80 + 1 + 160 + 1;
    let rest = &rest[..rest.len().min(LONGEST)];
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b":/\"'`<>".contains(byte);
    let Some(colon) = rest.iter().position(ends) else {
        return false;
    };
    let behind = rest[colon..].strip_prefix(b":").unwrap_or_default();
    let password = behind.iter().position(ends);
    let password = &behind[..password.unwrap_or(behind.len())];
    password.iter().skip(3).any(|byte| *byte == b'@')
}

/// Whether somebody took the trouble to make it up: on a developer's own machine nothing else counts.
fn is_serious(value: &[u8]) -> bool {
    value.len() >= 8
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_alphabetic)
        && surprise(value) >= 4
        && !is_placeholder(value, Strictness::Strict)
}

/// Whether a password that opens something far away is more than a short word.
fn is_no_word(value: &[u8]) -> bool {
    value.len() >= 6 && (surprise(value) > 0 || !value.iter().all(u8::is_ascii_lowercase))
}

/// Where a host lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// A name of documentation, a variable.
    Nowhere,
    /// This machine, or a container beside it.
    Here,
    /// Somewhere on a network.
    Elsewhere,
}

fn reach(host: &[u8]) -> Reach {
    const DOCUMENTED: &str = "\
        example. .example .test .invalid yourhost your- your_ myhost mydomain my-host yourdomain \
        domain.com host.com foo. bar.com server.com site.com company.com acme. hostname $ { < % xxx \
        ...";
    if host.is_empty() || list::is_in(DOCUMENTED, host) {
        return Reach::Nowhere;
    }
    if has_any(
        host,
        &[
            b"localhost",
            b"127.0.0.1",
            b"0.0.0.0",
            b"host.docker.internal",
            b"[::1]",
        ],
    ) || !host.contains(&b'.')
    {
        return Reach::Here;
    }
    Reach::Elsewhere
}

/// What stands between `://` and the password's colon.
fn user_before<'a>(at: &Setting<'a>) -> &'a [u8] {
    let before = at.line_before(200);
    let before = before.strip_suffix(b":").unwrap_or(before);
    let start = before
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |slash| slash + 1);
    &before[start..]
}

/// What stands behind the `@`, as far as a host goes.
fn host_after<'a>(at: &Setting<'a>) -> &'a [u8] {
    let after = at.line_after(260).strip_prefix(b"@").unwrap_or_default();
    let end = after
        .iter()
        .position(|byte| b"/?#\"'`,;)] \t\r\\&|".contains(byte))
        .unwrap_or(after.len());
    without_port(&after[..end])
}

fn without_port(host: &[u8]) -> &[u8] {
    match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) if host[colon + 1..].iter().all(u8::is_ascii_digit) => &host[..colon],
        _ => host,
    }
}

/// The host of a list of settings (`Server=…;Password=…`) around the value; `None` when it is no such list.
fn settings<'a>(at: &Setting<'a>) -> Option<&'a [u8]> {
    const HOSTS: &[&[u8]] = &[
        b"data source=",
        b"datasource=",
        b"server=",
        b"host=",
        b"address=",
        b"addr=",
        b"endpoint=",
        b"://",
        b"jdbc:oracle:thin:@",
    ];
    const OTHERS: &[&[u8]] = &[
        b"user id=",
        b"userid=",
        b"uid=",
        b"user=",
        b"username=",
        b"database=",
        b"initial catalog=",
        b"dbname=",
        b"dsn=",
        b"driver=",
    ];
    let before = at.line_before(400);
    let after = at.line_after(200);
    let found = [before, after].into_iter().find_map(|side| {
        HOSTS.iter().find_map(|name| {
            let place = side
                .windows(name.len())
                .rposition(|window| window.eq_ignore_ascii_case(name))?;
            Some(&side[place + name.len()..])
        })
    });
    let is_list = OTHERS
        .iter()
        .any(|name| has(before, name) || has(after, name))
        || before
            .windows(5)
            .any(|window| window.eq_ignore_ascii_case(b"jdbc:"));
    let rest = found.filter(|_| is_list)?;
    let rest = rest.strip_prefix(b"tcp:").unwrap_or(rest);
    let end = rest
        .iter()
        .position(|byte| b";,\"'`/?& \t\r\\".contains(byte))
        .unwrap_or(rest.len());
    Some(without_port(&rest[..end]))
}
