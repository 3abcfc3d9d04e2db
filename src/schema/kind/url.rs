//! URLs, as programs for the web and drivers of databases read them.

use super::Wrong;
use super::net::is_host;

/// The parts of a URL that rules are about. What stands before an `@` is not one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url<'t> {
    pub(crate) scheme: &'t str,
    /// The hosts without ports: several where a database has several. None where a file is named.
    pub(crate) hosts: Vec<&'t str>,
}

/// Schemes that name a file or a socket rather than a host.
const LOCAL: [&str; 3] = ["file", "sqlite", "unix"];

const HELP: &str = "write the scheme, the host and, where there is one, the port: \
                    `https://api.example.org:8443/v1`";

impl<'t> Url<'t> {
    /// Reads a text.
    pub(crate) fn parse(text: &'t str) -> Result<Self, Wrong> {
        let wrong = |what: &str| Err(Wrong::new(format!("is not a URL: {what}"), HELP));
        if text.is_empty() {
            return wrong("it is empty");
        }
        if text.trim() != text {
            return wrong("there are blanks around it");
        }
        if text
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control())
        {
            return wrong("it has a blank or a control character");
        }
        if text.starts_with(['"', '\'']) {
            return wrong("its quotes are part of the value");
        }
        // `jdbc:postgresql://…` is a scheme around another.
        let bare = text.strip_prefix("jdbc:").unwrap_or(text);
        let Some((scheme, rest)) = bare.split_once("://") else {
            return wrong("it has no scheme such as `https://`");
        };
        let mut letters = scheme.bytes();
        let is_scheme = letters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic())
            && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        if !is_scheme {
            return wrong("what stands before `://` is no scheme");
        }
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let authority = &rest[..end];
        let hosts = authority
            .rsplit_once('@')
            .map_or(authority, |(_, hosts)| hosts);
        if hosts.is_empty() {
            let driver = scheme.split('+').next().unwrap_or(scheme);
            if LOCAL.iter().any(|local| driver.eq_ignore_ascii_case(local))
                || end < rest.len() && has_socket(rest)
            {
                return Ok(Self {
                    scheme,
                    hosts: Vec::new(),
                });
            }
            return wrong("it has no host");
        }
        // A `/`, `?` or `#` in a password ends what programs take for the host.
        let is_cut =
            rest[end..].contains('@') && !authority.contains('@') && authority.contains(':');
        let mut names = Vec::new();
        for host in hosts.split(',') {
            let (name, port) = split(host);
            let is_port = port.is_none_or(|port| {
                port.is_empty()
                    || port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
            });
            match (is_host(name), is_port) {
                (true, true) => names.push(name),
                _ if is_cut => {
                    return wrong(
                        "a `/`, `?` or `#` in the password wants to be written `%2F`, `%3F`, `%23`",
                    );
                }
                (false, _) => return wrong("its host is none"),
                (true, false) => return wrong("its port is none"),
            }
        }
        Ok(Self {
            scheme,
            hosts: names,
        })
    }
}

/// A database behind a socket: `postgresql:///name?host=/var/run`, or with a path only.
fn has_socket(rest: &str) -> bool {
    rest.starts_with('/') && rest.contains("host=")
}

/// A host and its port.
pub(crate) fn split(host: &str) -> (&str, Option<&str>) {
    let behind = host.rfind(']').map_or(0, |at| at + 1);
    match host[behind..].find(':') {
        Some(at) => (&host[..behind + at], Some(&host[behind + at + 1..])),
        None => (host, None),
    }
}
