//! The way to the network: one blocking request at a time, bounded in time and size, never along a redirect.
//!
//! The roots that a certificate must lead to are the machine's own, or those that `SSL_CERT_FILE` and
//! `SSL_CERT_DIR` name: a company's proxy with its own authority works here as it does for the other
//! tools of that machine. Nothing of this is looked at before a request is made.

pub mod date;
mod endpoint;
mod proxy;
mod roots;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};

use crate::clock::{Clock, Timestamp};
use crate::environment::Environment;
use crate::secret::Secret;
pub use endpoint::{Endpoint, EndpointError};

/// A longer answer is none that guard asked for.
const LONGEST: u64 = 256 << 10;
/// The longest header value that is looked at.
const LONGEST_HEADER: usize = 200;

/// What came back.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status: 200.
    pub status: u16,
    /// Names in small letters, with their values.
    pub(crate) headers: Vec<(String, String)>,
    /// What it holds.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header, by its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// It took too long.
    #[error("no answer within {}s", .0.as_secs_f32())]
    Deadline(Duration),
    /// The name leads nowhere.
    #[error("the name could not be resolved, or there is no network")]
    NoSuchHost,
    /// Nobody was reached.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// Whoever answered did not prove who they are.
    #[error("no trusted connection: {0}")]
    Untrusted(String),
    /// Nobody can prove anything on this machine.
    #[error("no root certificates could be read: SSL_CERT_FILE names a file of them")]
    NoRoots,
    /// The proxy variable's value is not understood. It may hold a password.
    #[error("the address in {0} is not one of an http proxy")]
    Proxy(&'static str),
    /// What came back is no HTTP, or too much of it.
    #[error("the answer is not understood: {0}")]
    Garbage(String),
}

/// Asks.
#[derive(Clone, Debug)]
pub struct Client<'e> {
    environment: &'e Environment,
    deadline: Duration,
    begun: Timestamp,
}

impl<'e> Client<'e> {
    /// A client with this environment's proxy and roots; `deadline` is for all its requests together,
    /// and runs from now on.
    pub fn new(environment: &'e Environment, deadline: Duration) -> Self {
        Self {
            environment,
            deadline,
            begun: Clock::Real.now(),
        }
    }

    /// Posts JSON with these headers. A redirect is an answer, and is not followed.
    pub fn post_json(
        &self,
        endpoint: &Endpoint,
        headers: &[(&str, &Secret)],
        body: &str,
    ) -> Result<Answer, HttpError> {
        let spent = Clock::Real.now().since(self.begun);
        let left = self.deadline.checked_sub(spent);
        let left = left.filter(|left| !left.is_zero());
        let agent = self.agent(endpoint, left.ok_or(HttpError::Deadline(self.deadline))?)?;
        let mut request = agent
            .post(endpoint.as_str())
            .header("content-type", "application/json")
            .header("accept", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value.reveal());
        }
        let mut response = request.send(body).map_err(|error| self.trouble(&error))?;
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                let value = value.to_str().ok()?;
                let value: String = value.chars().take(LONGEST_HEADER).collect();
                Some((name.as_str().to_owned(), value))
            })
            .collect();
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(LONGEST);
        Ok(Answer {
            status,
            headers,
            body: body.read_to_vec().map_err(|error| self.trouble(&error))?,
        })
    }

    fn agent(&self, endpoint: &Endpoint, left: Duration) -> Result<ureq::Agent, HttpError> {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(left))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .user_agent(concat!("railguard/", env!("CARGO_PKG_VERSION")))
            .proxy(proxy::for_endpoint(self.environment, endpoint)?);
        if !endpoint.is_encrypted() {
            return Ok(config.build().new_agent());
        }
        let roots = roots::load(self.environment)?;
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .root_certs(RootCerts::from(roots))
            .build();
        Ok(config.tls_config(tls).build().new_agent())
    }

    /// In words of our own: the library's may hold an address with a password.
    fn trouble(&self, error: &ureq::Error) -> HttpError {
        match error {
            ureq::Error::Timeout(_) => HttpError::Deadline(self.deadline),
            ureq::Error::HostNotFound => HttpError::NoSuchHost,
            ureq::Error::Io(error) => match error.kind() {
                io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                    HttpError::Deadline(self.deadline)
                }
                // rustls speaks through the connection that it wraps.
                io::ErrorKind::InvalidData => HttpError::Untrusted(error.to_string()),
                // What the system has no kind for is mostly a name that it could not look up.
                kind if error.raw_os_error().is_none() && kind != io::ErrorKind::UnexpectedEof => {
                    HttpError::NoSuchHost
                }
                kind => HttpError::Unreachable(kind.to_string()),
            },
            ureq::Error::ConnectionFailed => HttpError::Unreachable("nobody answers".to_owned()),
            ureq::Error::ConnectProxyFailed(_) => {
                HttpError::Unreachable("the proxy refused".to_owned())
            }
            ureq::Error::Tls(why) => HttpError::Untrusted((*why).to_owned()),
            ureq::Error::Rustls(error) => HttpError::Untrusted(error.to_string()),
            ureq::Error::BodyExceedsLimit(_) => HttpError::Garbage("it is too long".to_owned()),
            _ => HttpError::Garbage("it is no HTTP".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
