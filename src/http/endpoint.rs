//! An address that a token may be sent to: encrypted, or on this very machine.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

/// An address that a token may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    uri: Uri,
    host: String,
}

/// Why no token is sent there. None of these repeats the address: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not an address.
    #[error("it is not an address such as https://host/path")]
    Malformed,
    /// A user or password stands in it.
    #[error("it has a user or password in it, which is no place for one")]
    Credentials,
    /// Everybody on the way could read the token.
    #[error("a token goes over https only, and over http to this machine only")]
    Plain,
}

impl Endpoint {
    /// Reads an address, and refuses one that no token may be sent to.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let uri: Uri = text.trim().parse().map_err(|_| EndpointError::Malformed)?;
        let (scheme, authority) = match (uri.scheme_str(), uri.authority()) {
            (Some(scheme), Some(authority)) => (scheme.to_ascii_lowercase(), authority),
            _ => return Err(EndpointError::Malformed),
        };
        if authority.as_str().contains('@') {
            return Err(EndpointError::Credentials);
        }
        let host = authority.host().trim_matches(['[', ']']);
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if host.is_empty() {
            return Err(EndpointError::Malformed);
        }
        match scheme.as_str() {
            "https" => {}
            "http" if is_loopback(&host) => {}
            "http" => return Err(EndpointError::Plain),
            _ => return Err(EndpointError::Malformed),
        }
        Ok(Self { uri, host })
    }

    /// Whether nobody on the way can read what is sent.
    pub(super) fn is_encrypted(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// Whether it lies on this machine.
    pub(super) fn is_here(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The host, without brackets.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The whole address, for the one place that asks it.
    pub(super) fn as_str(&self) -> String {
        self.uri.to_string()
    }
}

impl fmt::Display for Endpoint {
    /// For people: host and path. What stands behind a `?` may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.uri.scheme_str().unwrap_or_default();
        let authority = self.uri.authority().map_or("", |found| found.as_str());
        write!(f, "{scheme}://{authority}{}", self.uri.path())
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_only_where_nobody_listens() {
        for (text, shown) in [
            ("https://a.test/graphql/v2", Ok("https://a.test/graphql/v2")),
            ("HTTPS://A.test", Ok("https://A.test/")),
            (
                "http://127.0.0.1:8080/g?key=x",
                Ok("http://127.0.0.1:8080/g"),
            ),
            ("http://[::1]:1/g", Ok("http://[::1]:1/g")),
            ("http://localhost:1/g", Ok("http://localhost:1/g")),
            ("http://a.test/g", Err(EndpointError::Plain)),
            ("http://127.0.0.1.a.test/g", Err(EndpointError::Plain)),
            ("http://localhost.a.test/g", Err(EndpointError::Plain)),
            ("http://0.0.0.0/g", Err(EndpointError::Plain)),
            ("https://u:p@a.test/g", Err(EndpointError::Credentials)),
            ("http://localhost@a.test/g", Err(EndpointError::Credentials)),
            ("ftp://127.0.0.1/g", Err(EndpointError::Malformed)),
            ("a.test/graphql", Err(EndpointError::Malformed)),
            ("/graphql", Err(EndpointError::Malformed)),
            ("", Err(EndpointError::Malformed)),
            ("https://a b/", Err(EndpointError::Malformed)),
        ] {
            let parsed = Endpoint::parse(text).map(|endpoint| endpoint.to_string());
            assert_eq!(parsed, shown.map(str::to_owned), "{text}");
        }
    }
}
