//! Secrets under names that a framework hands to the browser, and public variables that it does not.

use super::Subject;
use super::keys::table;
use crate::dotenv::Entry;
use crate::dotenv::name::Role;
use crate::finding::{Finding, Place, Position, Severity, code};
use crate::schema::{Read, Variable, Visibility};
use crate::secret::Secret;
use crate::usage::side::framework;
use crate::variable::placeholder;

/// Words of a name that say what is secret.
const SECRET: [&str; 12] = [
    "SECRET",
    "PRIVATE_KEY",
    "SERVICE_ROLE",
    "SERVICE_KEY",
    "PASSWORD",
    "PASSWD",
    "ACCESS_TOKEN",
    "AUTH_TOKEN",
    "REFRESH_TOKEN",
    "DATABASE_URL",
    "ENCRYPTION_KEY",
    "CREDENTIALS",
];

/// What may stand behind such a word, once digits are gone (`_BASE64`).
const AFTER: [&str; 5] = ["_KEY", "_TOKEN", "_BASE", "_VALUE", "_HASH"];

/// Words of a name that say that the value is made to be seen, or that it switches something.
const SEEN: [&str; 11] = [
    "PUBLISHABLE",
    "ANON",
    "SITE_KEY",
    "SITEKEY",
    "MAPS",
    "PUBLIC_KEY",
    "CLIENT_ID",
    "MAPBOX",
    "ENABLE",
    "DISABLE",
    "SHOW",
];

/// Every secret that a browser would get.
pub(super) fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.role() == Role::Fixture && !subject.asked().is_named {
        return Vec::new();
    }
    let entries = subject.file().entries().iter();
    entries
        .filter(|entry| entry.is_read)
        .filter_map(|entry| one(subject, entry))
        .collect()
}

/// What shows that it is a secret.
struct Proof {
    what: String,
    severity: Severity,
}

fn one(subject: &Subject<'_>, entry: &Entry) -> Option<Finding> {
    let framework = framework(&entry.key)?;
    let value = entry.value.as_ref().map_or("", Secret::reveal);
    let variable = subject.effective().get(&entry.key);
    let proof = by_schema(variable)
        .or_else(|| by_value(value))
        .or_else(|| {
            by_name(&entry.key, value)
                .filter(|_| variable.is_none_or(|variable| !variable.is_public()))
        })?;
    let message = format!(
        "{framework} hands `{}` to every browser, and {}",
        entry.key, proof.what
    );
    let help = "read it on the server, under a name without that prefix; if it was built in already, rotate it";
    let mut finding = subject.found(code::ENV_PUBLIC_SECRET, &entry.key_span, message, help);
    // In an example it shows how the real file is written; a real secret in it is what the search for secrets tells.
    let most = match subject.role() {
        Role::Example => Severity::Warning,
        _ => Severity::Error,
    };
    finding.severity = proof.severity.min(most);
    Some(finding)
}

fn by_schema(variable: Option<&Variable>) -> Option<Proof> {
    let variable = variable?;
    let visibility = variable.visibility.as_ref().map(|said| said.value);
    let what = match visibility {
        _ if variable.is_secret() => "the schema says that it is a secret",
        Some(Visibility::Server) => "the schema says that only servers see it",
        _ => return None,
    };
    Some(Proof {
        what: what.to_owned(),
        severity: Severity::Error,
    })
}

fn by_value(value: &str) -> Option<Proof> {
    if placeholder::of(value).is_some() {
        return None;
    }
    let error = |what: String| {
        Some(Proof {
            what,
            severity: Severity::Error,
        })
    };
    if let Some(prefix) = table::server_prefix(value) {
        return error(format!("its value is a key for servers (`{prefix}…`)"));
    }
    if value.contains("-----BEGIN") && value.contains("PRIVATE KEY-----") {
        return error("its value is a private key".to_owned());
    }
    if is_service_role(value) {
        return error("its value opens the whole Supabase project (`service_role`)".to_owned());
    }
    let is_local = has_password(value)?;
    Some(Proof {
        what: "its value is an address with a password in it".to_owned(),
        severity: if is_local {
            Severity::Warning
        } else {
            Severity::Error
        },
    })
}

/// Whether a URL with a password in it is about this machine; none where it has none.
fn has_password(value: &str) -> Option<bool> {
    let (scheme, rest) = value.split_once("://")?;
    let is_scheme = scheme
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (user, host) = rest[..end].rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    if !is_scheme || password.is_empty() || password.contains("${") {
        return None;
    }
    Some(host.starts_with("localhost") || host.starts_with("127."))
}

/// Whether a token says of itself that it is the one of Supabase's servers.
fn is_service_role(value: &str) -> bool {
    let mut parts = value.split('.');
    let (Some(head), Some(body), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    if !head.starts_with("eyJ") || body.len() > 4096 {
        return false;
    }
    let claims =
        decoded(body).and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    claims.is_some_and(|claims| claims["role"] == "service_role")
}

/// The bytes of base64 as tokens write it.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("eight bits are a byte"));
            bits &= (1 << count) - 1;
        }
    }
    Some(bytes)
}

/// A name can only make it likely. What is no more than a switch or a number is no secret.
fn by_name(key: &str, value: &str) -> Option<Proof> {
    let is_seen = SEEN
        .iter()
        .any(|word| format!("_{key}_").contains(&format!("_{word}_")));
    let is_switch = value.len() < 6 && !value.is_empty() || value.starts_with('/');
    (ends_secretly(key) && !is_seen && !is_switch).then(|| Proof {
        what: "its name says that it is a secret".to_owned(),
        severity: Severity::Warning,
    })
}

/// Whether a name ends with a word for what is secret; `…_PASSWORD_SIGNUP` is about something else.
fn ends_secretly(key: &str) -> bool {
    let key = key.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let key = key.trim_end_matches('_');
    let bare = AFTER.iter().find_map(|after| key.strip_suffix(after));
    [Some(key), bare].into_iter().flatten().any(|key| {
        SECRET.iter().any(|word| {
            let rest = key.strip_suffix(word);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
        })
    })
}

/// Variables that the schema calls public, and that no framework hands to the browser: told at the schema.
pub(crate) fn unseen(schema: &Read) -> Vec<Finding> {
    let public = schema
        .schema
        .variables
        .iter()
        .filter(|variable| variable.is_public());
    let unseen = public.filter(|variable| framework(&variable.name).is_none());
    unseen
        .filter_map(|variable| {
            let said = variable.visibility.as_ref()?;
            let message = format!(
                "`{}` is said to be public, and no framework hands a variable of this name to the browser",
                variable.name
            );
            let help = "give it the prefix of the framework (`NEXT_PUBLIC_`, `VITE_`, …), or take `visibility` out";
            let mut finding = Finding::new(super::CHECK, code::ENV_PUBLIC_NAME, message, help);
            let range = said.span.range();
            let position = |offset| {
                let at = schema.source.position(offset);
                let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
                Position {
                    line: number(at.line),
                    column: number(at.column),
                }
            };
            finding.place = Some(Place {
                path: schema.source.name().into(),
                span: Some((position(range.start), position(range.end))),
            });
            Some(finding)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::tests::{Case, told};
    use crate::schema;

    #[test]
    fn what_only_servers_may_know_is_not_handed_to_browsers() {
        let schema = "\
variables:
  NEXT_PUBLIC_A: { secret: true }
  VITE_B: { visibility: server }
  PUBLIC_C: {}
  VITE_RESET_TOKEN_SECRET: { visibility: public }
";
        let case = |path: &'static str| Case::of(path).schema(schema);
        for (case, text, expected) in [
            (
                case(".env"),
                "NEXT_PUBLIC_A=x\n",
                "1:1 error ENV-PUBLIC-SECRET",
            ),
            (
                case(".env"),
                "\nexport VITE_B=x\n",
                "2:8 error ENV-PUBLIC-SECRET",
            ),
            (case(".env"), "PUBLIC_C=x\n", ""),
            (
                case(".env"),
                "PUBLIC_C=sk-ant-api03-abcdefghijklmnop\n",
                "1:1 error ENV-PUBLIC-SECRET",
            ),
            (
                case(".env"),
                "PUBLIC_C=sk_live_4eC39HqLyjWDarjtT1zdp7dc\n",
                "1:1 error ENV-PUBLIC-SECRET",
            ),
            (
                case(".env"),
                "PUBLIC_C=pk_live_4eC39HqLyjWDarjtT1zdp7dc\n",
                "",
            ),
            (
                case(".env"),
                "PUBLIC_C=postgres://u:hunter22@db.acme.io/x\n",
                "1:1 error ENV-PUBLIC-SECRET",
            ),
            (
                case(".env"),
                "PUBLIC_C=http://u:hunter22@localhost:1/x\n",
                "1:1 warning ENV-PUBLIC-SECRET",
            ),
            (case(".env"), "PUBLIC_C=https://acme.io:443/@x:y\n", ""),
            (
                case(".env"),
                "PUBLIC_C=\"-----BEGIN PRIVATE KEY-----\\nabc\"\n",
                "1:1 error ENV-PUBLIC-SECRET",
            ),
            (
                case(".env"),
                "PUBLIC_C=eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2lnbmF0dXJl\n",
                "1:1 error ENV-PUBLIC-SECRET",
            ),
            (
                case(".env"),
                "PUBLIC_C=eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2lnbmF0dXJl\n",
                "",
            ),
            (
                case(".env"),
                "VITE_DISCORD_CLIENT_SECRET=\n",
                "1:1 warning ENV-PUBLIC-SECRET",
            ),
            (
                case(".env"),
                "REACT_APP_DB_PASSWORD=hunter22\n",
                "1:1 warning ENV-PUBLIC-SECRET",
            ),
            (
                case(".env"),
                "EXPO_PUBLIC_SUPABASE_SERVICE_ROLE_KEY=abcdefgh\n",
                "1:1 warning ENV-PUBLIC-SECRET",
            ),
            (case(".env"), "VITE_RESET_TOKEN_SECRET=abcdefgh\n", ""),
            (
                case(".env.example"),
                "NEXT_PUBLIC_A=x\n",
                "1:1 warning ENV-PUBLIC-SECRET",
            ),
            (case("tests/.env"), "NEXT_PUBLIC_A=x\n", ""),
            (
                case(".env"),
                "STRIPE_SECRET_KEY=sk_live_4eC39HqLyjWDarjtT1zdp7dc\n",
                "",
            ),
        ] {
            assert_eq!(told(&case, text, "ENV-PUBLIC-SECRET"), expected, "{text}");
        }
        for seen in [
            "NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY=abcdefgh",
            "NEXT_PUBLIC_SUPABASE_ANON_KEY=abcdefgh",
            "VITE_RECAPTCHA_SITE_KEY=abcdefgh",
            "VITE_GOOGLE_MAPS_KEY=abcdefgh",
            "NEXT_PUBLIC_PASSWORD_MIN_LENGTH=12",
            "NEXT_PUBLIC_PASSWORD_RESET_PAGE=account",
            "VITE_ENABLE_PASSWORD=true",
            "VITE_SECRETARY_NAME=somebody",
            "NEXT_PUBLIC_DISABLE_EMAIL_PASSWORD_SIGNUP=",
            "NEXT_PUBLIC_PASSWORD_HELP=https://acme.io/help",
        ] {
            let case = Case::of(".env");
            assert_eq!(told(&case, seen, "ENV-PUBLIC-SECRET"), "", "{seen}");
        }
    }

    #[test]
    fn what_is_said_to_be_public_has_a_name_that_is() {
        let text =
            "variables:\n  API_URL: { visibility: public }\n  VITE_X: { visibility: public }\n";
        let read = schema::read("schemas/env.yaml", text.as_bytes()).unwrap();
        let found = unseen(&read);
        let places: Vec<String> = found
            .iter()
            .map(|finding| {
                let (start, _) = finding.place.as_ref().unwrap().span.unwrap();
                format!("{}:{} {}", start.line, start.column, finding.message)
            })
            .collect();
        assert_eq!(places.len(), 1);
        assert!(
            places[0].starts_with("2:26 `API_URL` is said to be public"),
            "{places:?}"
        );
    }
}
