//! The tokens that the environment has, and how each is shown to Railway.

use crate::environment::Environment;
use crate::secret::Secret;

/// Who may hold a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One environment of one project.
    Project,
    /// A person's or a workspace's.
    Account,
}

/// A token.
#[derive(Clone, Debug)]
pub struct Token {
    /// The variable that has it.
    pub variable: &'static str,
    /// Who may hold it.
    pub kind: Kind,
    /// As it is sent.
    pub(super) shown: Secret,
}

impl Token {
    /// The header in which it is sent.
    pub(super) fn header(&self) -> &'static str {
        match self.kind {
            Kind::Project => "project-access-token",
            Kind::Account => "authorization",
        }
    }

    /// Whether it can be sent at all: a line end or a control character in it would be another header.
    pub fn is_plain(&self) -> bool {
        let value = self.shown.reveal();
        value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    }
}

/// The tokens that are set, the one that serves first: `RAILWAY_TOKEN` wins, as for Railway's own program.
pub fn tokens(environment: &Environment) -> Vec<Token> {
    let set = |variable| environment.filled(variable).map(str::trim);
    let project = set("RAILWAY_TOKEN").map(|value| Token {
        variable: "RAILWAY_TOKEN",
        kind: Kind::Project,
        shown: Secret::new(value),
    });
    let account = set("RAILWAY_API_TOKEN").map(|value| Token {
        variable: "RAILWAY_API_TOKEN",
        kind: Kind::Account,
        shown: Secret::new(format!("Bearer {value}")),
    });
    project.into_iter().chain(account).collect()
}
