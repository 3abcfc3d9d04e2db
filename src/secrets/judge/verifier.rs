//! The verifiers that rules name: `check = "…"`.

use super::generated::Make;
use super::placeholder::{Strictness, is_placeholder};
use super::token::Token;
use super::words::surprise;
use super::{
    Setting, assignment, base64, checksum, connection, header, kubernetes, password, place,
    private_key, token,
};

/// What a rule asks of a value beyond its expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verifier {
    /// Ends with the checksum of GitHub's and npm's tokens.
    Github,
    /// A JSON Web Token that opens something.
    Jwt,
    /// A JSON Web Token of Supabase's `service_role`.
    ServiceRole,
    /// An open private key behind its header.
    PrivateKey,
    /// A connection string with a real password.
    Connection,
    /// Decodes as base64.
    Base64,
    /// Letters and digits both, and no word.
    Mixed,
    /// A generic assignment that is one of a secret.
    Assignment,
    /// A password that is neither a sample nor everybody's first guess.
    Password,
    /// `Basic` authorization with a real password.
    Basic,
    /// `Bearer` authorization with a real token.
    Bearer,
    /// A manifest of a Kubernetes Secret with a value in it.
    Kubernetes,
}

/// Every verifier with its name.
pub(super) const NAMES: &[(&str, Verifier)] = &[
    ("assignment", Verifier::Assignment),
    ("base64", Verifier::Base64),
    ("basic", Verifier::Basic),
    ("bearer", Verifier::Bearer),
    ("connection", Verifier::Connection),
    ("github", Verifier::Github),
    ("jwt", Verifier::Jwt),
    ("kubernetes", Verifier::Kubernetes),
    ("mixed", Verifier::Mixed),
    ("password", Verifier::Password),
    ("private-key", Verifier::PrivateKey),
    ("service-role", Verifier::ServiceRole),
];

impl Verifier {
    /// The verifier of this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(own, _)| *own == name)
            .map(|(_, verifier)| *verifier)
    }

    /// Whether the value is what the rule takes it for.
    pub(crate) fn holds(self, at: &Setting<'_>) -> bool {
        let value = at.value();
        match self {
            Self::Github => checksum::agrees(value),
            Self::Jwt => !place::is_trial(at.path) && token::read(value) == Some(Token::Secret),
            Self::ServiceRole => token::read(value) == Some(Token::ServiceRole),
            Self::PrivateKey => private_key::holds(at),
            Self::Connection => connection::holds(at),
            Self::Base64 => base64::decode(value).is_some(),
            Self::Mixed => is_mixed(value),
            Self::Assignment => assignment::holds(at),
            Self::Password => {
                password::is_real(value)
                    && !is_placeholder(value, Strictness::Strict)
                    && (surprise(value) >= 8 || !value.iter().all(u8::is_ascii_lowercase))
            }
            Self::Basic => header::is_basic(at),
            Self::Bearer => header::is_bearer(at),
            Self::Kubernetes => kubernetes::holds(at),
        }
    }
}

fn is_mixed(value: &[u8]) -> bool {
    /// A word of so many characters without a sign in it is none.
    const LONG: usize = 20;
    /// Nor does a word hold so many digits.
    const MANY: usize = 4;
    /// So many bits more than words need no digit.
    const NO_WORD: i32 = 16;
    let make = Make::of(value);
    let is_row = make.signs == 0 && value.len() >= LONG;
    match make.digits {
        0 => is_row && make.lower > 0 && make.upper > 0 && surprise(value) >= NO_WORD,
        digits => make.letters() > 0 && ((is_row && digits >= MANY) || surprise(value) > 0),
    }
}
