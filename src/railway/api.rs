//! Questions to Railway's GraphQL interface, and the forms in which it says no.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::token::Token;
use crate::clock::Timestamp;
use crate::environment::Environment;
use crate::http::{Answer, Client, Endpoint, EndpointError, HttpError, date};

/// Where Railway is.
const PUBLIC: &str = "https://backboard.railway.com/graphql/v2";

/// Where another place is named: by the environment only, never by a file that git tracks.
const ELSEWHERE: [&str; 2] = ["GUARD_RAILWAY_URL", "RAILWAY_GRAPHQL_ENDPOINT"];

/// The longest complaint of Railway's that is repeated.
const LONGEST: usize = 200;

/// Asks Railway.
#[derive(Clone, Debug)]
pub struct Api<'e> {
    /// Where it is asked.
    pub endpoint: Endpoint,
    client: Client<'e>,
}

/// Why there is no answer to use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// Nobody answered.
    #[error("{0}")]
    Http(#[from] HttpError),
    /// The token is not one, or not for this.
    #[error("Railway does not accept the token: {0}")]
    Refused(String),
    /// Railway wants to be left alone for a while.
    #[error("Railway's limit is used up{}", seconds(*.retry_after))]
    Limited {
        /// How many seconds to wait, where it says so.
        retry_after: Option<u64>,
    },
    /// It says no in another way.
    #[error("Railway says: {0}")]
    Said(String),
    /// It sends the token elsewhere, where it does not go.
    #[error("the address leads elsewhere (status {0}); a token is not sent along")]
    Redirect(u16),
    /// This is not Railway.
    #[error("what answers there is not Railway (status {0})")]
    NotRailway(u16),
}

fn seconds(wait: Option<u64>) -> String {
    wait.map_or_else(String::new, |wait| format!("; it asks to wait {wait}s"))
}

/// How many calls are left, as Railway's headers say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Of how many.
    pub limit: Option<u64>,
    /// How many.
    pub remaining: Option<u64>,
}

/// What an answer says beside its data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// The limits.
    pub limits: Limits,
    /// The time at which Railway answered, by its own clock.
    pub date: Option<Timestamp>,
}

/// The name of the variable that sets the place, where one does.
pub fn endpoint_variable(environment: &Environment) -> Option<&'static str> {
    let mut names = ELSEWHERE.into_iter();
    names.find(|name| environment.filled(name).is_some())
}

impl<'e> Api<'e> {
    /// The interface that the environment means; all questions together have `deadline`.
    pub fn of(environment: &'e Environment, deadline: Duration) -> Result<Self, EndpointError> {
        let named = endpoint_variable(environment).and_then(|name| environment.filled(name));
        Ok(Self {
            endpoint: Endpoint::parse(named.unwrap_or(PUBLIC))?,
            client: Client::new(environment, deadline),
        })
    }

    /// Whether it is Railway itself that is asked.
    pub fn is_public(&self) -> bool {
        self.endpoint.to_string() == PUBLIC
    }

    /// Asks. What the answer says beside its data is there also when the answer is no.
    pub fn ask<T: DeserializeOwned>(
        &self,
        token: &Token,
        query: &str,
    ) -> (Result<T, ApiError>, Aside) {
        let body = json!({ "query": query }).to_string();
        let headers = [(token.header(), &token.shown)];
        match self.client.post_json(&self.endpoint, &headers, &body) {
            Ok(answer) => (read(&answer), aside(&answer)),
            Err(error) => (Err(error.into()), Aside::default()),
        }
    }
}

/// What Railway answers.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Envelope<T> {
    #[serde(default)]
    data: Option<T>,
    #[serde(default)]
    errors: Option<Vec<Complaint>>,
}

#[derive(Deserialize)]
struct Complaint {
    #[serde(default)]
    message: String,
}

/// Errors come under every status, 200 among them.
fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, ApiError> {
    let status = answer.status;
    if status == 429 {
        let retry_after = answer.header("retry-after");
        return Err(ApiError::Limited {
            retry_after: retry_after.and_then(|value| value.trim().parse().ok()),
        });
    }
    if (300..400).contains(&status) {
        return Err(ApiError::Redirect(status));
    }
    // First without the data, which is null or half there where something is wrong.
    let said = serde_json::from_slice::<Envelope<serde_json::Value>>(&answer.body);
    let complaint = said.ok().and_then(|envelope| envelope.errors);
    let complaint = complaint.and_then(|all| all.into_iter().next());
    let message = complaint.map(|complaint| complaint.message.chars().take(LONGEST).collect());
    match (status, message) {
        (401 | 403, message) => Err(ApiError::Refused(
            message.unwrap_or_else(|| format!("status {status}")),
        )),
        (_, Some(message)) if is_refusal(&message) => Err(ApiError::Refused(message)),
        (_, Some(message)) => Err(ApiError::Said(message)),
        (200, None) => serde_json::from_slice::<Envelope<T>>(&answer.body)
            .ok()
            .and_then(|envelope| envelope.data)
            .ok_or(ApiError::NotRailway(status)),
        _ => Err(ApiError::NotRailway(status)),
    }
}

/// The words in which Railway refuses a token.
fn is_refusal(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    [
        "not authorized",
        "unauthorized",
        "token not found",
        "invalid token",
        "two factor",
    ]
    .iter()
    .any(|words| message.contains(words))
}

fn aside(answer: &Answer) -> Aside {
    let number = |name: &str| answer.header(name)?.trim().parse().ok();
    Aside {
        limits: Limits {
            limit: number("x-ratelimit-limit"),
            remaining: number("x-ratelimit-remaining"),
        },
        date: answer.header("date").and_then(date::parse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Result<serde_json::Value, ApiError> {
        read(&Answer {
            status,
            body: body.as_bytes().to_vec(),
            ..Answer::default()
        })
    }

    #[test]
    fn a_no_is_heard_under_every_status() {
        let refused = |why: &str| Err(ApiError::Refused(why.to_owned()));
        for (status, body, heard) in [
            (200, r#"{"data":{"a":1}}"#, Ok(json!({ "a": 1 }))),
            (
                200,
                r#"{"data":null,"errors":[{"message":"Not Authorized"}]}"#,
                refused("Not Authorized"),
            ),
            (
                200,
                r#"{"data":{"a":1},"errors":[{"message":"Problem"}]}"#,
                Err(ApiError::Said("Problem".to_owned())),
            ),
            (401, "", refused("status 401")),
            (
                400,
                r#"{"errors":[{"message":"Project Token not found"}]}"#,
                refused("Project Token not found"),
            ),
            (200, r#"{"data":null}"#, Err(ApiError::NotRailway(200))),
            (200, "<html>", Err(ApiError::NotRailway(200))),
            (502, "", Err(ApiError::NotRailway(502))),
            (302, "", Err(ApiError::Redirect(302))),
            (429, "", Err(ApiError::Limited { retry_after: None })),
        ] {
            assert_eq!(of(status, body), heard, "{status} {body}");
        }
    }

    #[test]
    fn another_place_comes_from_the_environment() {
        let place = |variables: &[(&str, &str)]| {
            let environment = Environment::of("/", variables.iter().copied());
            Api::of(&environment, Duration::from_secs(1)).map(|api| api.endpoint.to_string())
        };
        assert_eq!(place(&[("A", "")]), Ok(PUBLIC.to_owned()));
        let railways = ("RAILWAY_GRAPHQL_ENDPOINT", "https://b.test/");
        assert_eq!(place(&[railways]), Ok("https://b.test/".to_owned()));
        let guards = ("GUARD_RAILWAY_URL", "http://a.test/");
        assert_eq!(place(&[railways, guards]), Err(EndpointError::Plain));
    }
}
