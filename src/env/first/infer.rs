//! From an example to what is probably meant: the type of a variable, and what else the schema may say.
//!
//! A wrong constraint is worse than none: it stops a push that was right. So in doubt a variable is a string.

use super::example::Entry;
use super::looks;

/// A variable of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a line of its own in the schema"
)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) is_secret: bool,
    pub(crate) is_public: bool,
    /// Railway itself gives it.
    pub(crate) is_provided: bool,
    pub(crate) is_required: bool,
    pub(crate) default: Option<String>,
    pub(crate) description: Option<String>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// With the schemes that are right, where they are known.
    Url(Vec<String>),
    Int,
    Float,
    Bool,
    Port,
    Email,
    Enum(Vec<String>),
}

/// The longest description.
const LONGEST: usize = 100;

/// Infers.
pub(crate) fn variable(entry: &Entry) -> Variable {
    let name = entry.name.as_str();
    let is_public = looks::is_public(name);
    let holds = looks::with_password(&entry.value);
    let is_secret = !is_public && (looks::is_secret_name(name) || holds);
    // Railway gives all of its own but the tokens that people make.
    let of_railway = name.starts_with("RAILWAY_") && !name.ends_with("_TOKEN");
    let is_provided = of_railway || entry.value.contains("${{");
    let kind = if is_secret && !entry.value.contains("://") {
        Kind::Text
    } else {
        kind(entry)
    };
    let hides = is_secret || looks::is_secret_name(name);
    let default = if hides || is_provided || entry.is_commented {
        None
    } else {
        default(name, &kind, &entry.value)
    };
    Variable {
        name: name.to_owned(),
        is_required: !is_provided && default.is_none() && is_required(entry, is_secret),
        description: description(entry),
        kind,
        is_secret,
        is_public,
        is_provided,
        default,
    }
}

/// The same variable in another example: what both say.
pub(crate) fn merge(known: &mut Variable, other: Variable) {
    if known.kind != other.kind {
        known.kind = match (&known.kind, &other.kind) {
            (Kind::Url(_), Kind::Url(_)) => Kind::Url(Vec::new()),
            (Kind::Int, Kind::Float) | (Kind::Float, Kind::Int) => Kind::Float,
            _ => Kind::Text,
        };
        known.default = None;
    }
    if known.default != other.default {
        known.default = None;
    }
    known.is_secret |= other.is_secret;
    known.is_provided |= other.is_provided;
    known.is_required &= other.is_required;
    if known.is_secret {
        known.default = None;
    }
    if known.description.is_none() {
        known.description = other.description;
    }
}

fn kind(entry: &Entry) -> Kind {
    let (name, value) = (entry.name.as_str(), entry.value.trim());
    if value.contains("${") {
        return Kind::Text;
    }
    let is_number =
        !value.is_empty() && value.len() <= 15 && value.bytes().all(|byte| byte.is_ascii_digit());
    if name == "PORT" || name.ends_with("_PORT") {
        let fits = value.parse::<u16>().is_ok_and(|port| port > 0);
        if fits || (value.is_empty() && name == "PORT") {
            return Kind::Port;
        }
        return Kind::Text;
    }
    if let Some(schemes) = schemes(value) {
        return if is_list(entry) {
            Kind::Text
        } else {
            Kind::Url(schemes)
        };
    }
    if ["true", "false"].contains(&value.to_ascii_lowercase().as_str()) {
        return Kind::Bool;
    }
    if let Some(values) = choices(entry) {
        return Kind::Enum(values);
    }
    if is_number && !is_label(name, value) {
        return if is_share(name) {
            Kind::Float
        } else {
            Kind::Int
        };
    }
    let halves = value.split_once('.').map(|(whole, part)| [whole, part]);
    let digits = |half: &str| {
        (1..=10).contains(&half.len()) && half.bytes().all(|byte| byte.is_ascii_digit())
    };
    if halves.is_some_and(|halves| halves.into_iter().all(digits)) && !is_label(name, value) {
        return Kind::Float;
    }
    if is_email(value) && (name.contains("MAIL") || name.ends_with("_FROM")) {
        return Kind::Email;
    }
    Kind::Text
}

/// Whether there may be several values in one, though the example has only one.
fn is_list(entry: &Entry) -> bool {
    const ENDS: [&str; 7] = [
        "ORIGINS",
        "ORIGIN",
        "URLS",
        "URIS",
        "HOSTS",
        "ENDPOINTS",
        "LIST",
    ];
    let last = entry.name.rsplit('_').next().unwrap_or_default();
    let said = entry.comment.join(" ").to_lowercase();
    ENDS.contains(&last) || said.contains("comma")
}

/// The schemes of an address; none where the value is no single address.
fn schemes(value: &str) -> Option<Vec<String>> {
    let (scheme, rest) = value.split_once("://")?;
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+.-".contains(&byte);
    if !scheme.starts_with(|first: char| first.is_ascii_lowercase()) || !scheme.bytes().all(plain) {
        return None;
    }
    // Several addresses, or a sentence.
    if rest.is_empty() || rest.contains([',', ' ', ';']) || rest.contains("://") {
        return None;
    }
    let family: &[&str] = match scheme.split('+').next().unwrap_or_default() {
        "http" | "https" => &["http", "https"],
        "postgres" | "postgresql" => &["postgresql", "postgres", "postgresql+asyncpg"],
        "redis" | "rediss" => &["redis", "rediss"],
        "mongodb" => &["mongodb", "mongodb+srv"],
        "amqp" | "amqps" => &["amqp", "amqps"],
        "ws" | "wss" => &["ws", "wss"],
        _ => &[],
    };
    let mut schemes: Vec<String> = family.iter().map(|scheme| (*scheme).to_owned()).collect();
    // Of a scheme that has no family here (sqlite, mysql with some driver) it is not known what else is right.
    if !schemes.is_empty() && !schemes.iter().any(|known| known == scheme) {
        schemes.push(scheme.to_owned());
    }
    Some(schemes)
}

/// The values that a comment lists: `one of: a, b, c`, `a | b | c`.
fn choices(entry: &Entry) -> Option<Vec<String>> {
    // Stages have a way of getting one more.
    let name = &entry.name;
    if name.ends_with("ENV")
        || name.ends_with("ENVIRONMENT")
        || name.ends_with("STAGE")
        || entry.value.is_empty()
    {
        return None;
    }
    // A list may go over several lines, or stand on one of them.
    let joined = entry.comment.join(" ");
    let mut said = std::iter::once(&joined).chain(&entry.comment);
    let mut values = said.find_map(|said| {
        let values = listed(said)?;
        let fits = (2..=20).contains(&values.len()) && values.contains(&entry.value);
        let safe = !values.iter().any(|value| looks::may_be_secret(value));
        (fits && safe).then_some(values)
    })?;
    let mut seen = std::collections::BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    (values.len() > 1).then_some(values)
}

/// The words of a list in a sentence.
fn listed(said: &str) -> Option<Vec<String>> {
    let plain = |word: &str| {
        let word = word.trim_matches(|letter: char| "\"'`.() ".contains(letter));
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        ((1..=40).contains(&word.len()) && word.bytes().all(letter)).then(|| word.to_owned())
    };
    let lower = said.to_ascii_lowercase();
    if let Some(at) = lower.find("one of:") {
        let list = said[at + "one of:".len()..].split(['.', ';']).next();
        let words = list.unwrap_or_default().split([',', '|']);
        return words.map(plain).collect();
    }
    let parts: Vec<&str> = said.split('|').collect();
    let count = parts.len();
    // Of the first piece its last word counts, of the last one its first.
    let word = |(at, part): (usize, &&str)| match at {
        0 => plain(part.split_whitespace().next_back()?),
        _ if at + 1 == count => plain(part.split_whitespace().next()?),
        _ => plain(part),
    };
    parts.iter().enumerate().map(word).collect()
}

/// Digits that are a name and no amount: of a chat, an account, a phone, a version.
fn is_label(name: &str, value: &str) -> bool {
    const ENDS: [&str; 12] = [
        "ID", "IDS", "KEY", "PHONE", "NUMBER", "CODE", "PIN", "VERSION", "ACCOUNT", "PROJECT",
        "TAG", "DATE",
    ];
    let last = name.rsplit('_').next().unwrap_or_default();
    let zero = value.len() > 1 && value.starts_with('0') && !value.starts_with("0.");
    // 0 and 1 are as often no and yes.
    ENDS.contains(&last) || zero || value == "0" || value == "1"
}

/// An amount that may well have a fraction.
fn is_share(name: &str) -> bool {
    [
        "RATE",
        "RATIO",
        "TEMPERATURE",
        "THRESHOLD",
        "TIMEOUT",
        "FACTOR",
        "WEIGHT",
        "PRICE",
        "AMOUNT",
        "FEE",
        "SCORE",
    ]
    .iter()
    .any(|word| name.split('_').any(|part| part == *word))
}

fn is_email(value: &str) -> bool {
    let Some((user, host)) = value.split_once('@') else {
        return false;
    };
    let odd = |letter: char| letter.is_whitespace() || "<>,;@\"".contains(letter);
    !user.is_empty()
        && host.contains('.')
        && !host.ends_with('.')
        && !user.contains(odd)
        && !host.contains(odd)
}

/// A value that may serve wherever none is set. What depends on the place or the person is none.
fn default(name: &str, kind: &Kind, value: &str) -> Option<String> {
    let value = value.trim();
    if value.is_empty() || looks::may_be_secret(value) || looks::is_local(value) {
        return None;
    }
    let last = name.rsplit('_').next().unwrap_or_default();
    let of_place = [
        "ENV",
        "ENVIRONMENT",
        "STAGE",
        "USER",
        "USERNAME",
        "HOST",
        "HOSTNAME",
        "DOMAIN",
        "BUCKET",
        "ID",
        "DB",
        "DATABASE",
        "EMAIL",
        "FROM",
        "TO",
        "PHONE",
        "ACCOUNT",
        "PROJECT",
        "ORG",
        "SERVER",
        "ADDRESS",
        "PORT",
        "URL",
        "URI",
        "ORIGIN",
        "ORIGINS",
        "HOSTS",
    ];
    if of_place.contains(&last) || name == "NODE_ENV" {
        return None;
    }
    match kind {
        Kind::Int | Kind::Float | Kind::Enum(_) => Some(value.to_owned()),
        Kind::Bool => {
            let risky = [
                "DEBUG", "DEV", "TEST", "MOCK", "LOCAL", "INSECURE", "SKIP", "DISABLE",
            ];
            let is_risky = name.split('_').any(|part| risky.contains(&part));
            (!is_risky).then(|| value.to_ascii_lowercase())
        }
        Kind::Text => {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/:-".contains(&byte);
            let fits =
                value.len() <= 40 && value.bytes().all(plain) && !looks::is_placeholder(value);
            fits.then(|| value.to_owned())
        }
        Kind::Url(_) | Kind::Port | Kind::Email => None,
    }
}

/// Whether it must be set: somebody has to put something there, and nothing says that it may be left out.
fn is_required(entry: &Entry, is_secret: bool) -> bool {
    if entry.is_commented {
        return false;
    }
    let said = entry.comment.join(" ").to_lowercase();
    let may_go = [
        "optional",
        "if unset",
        "leave empty",
        "leave blank",
        "not required",
        "required if",
        "only if",
        "fallback",
    ];
    if may_go.iter().any(|words| said.contains(words)) {
        return false;
    }
    said.contains("required") || (is_secret && !entry.value.is_empty())
}

/// What the comments say, in one line; nothing of what may be secret.
fn description(entry: &Entry) -> Option<String> {
    let said = entry.comment.join(" ");
    let hides = looks::is_secret_name(&entry.name) && entry.value.len() >= 8;
    let mut line = String::new();
    for word in said.split_whitespace() {
        let word: String = word.chars().filter(|letter| !letter.is_control()).collect();
        if looks::may_be_secret(&word) || (hides && word.contains(&entry.value)) {
            // What stands around it would make no sense without it.
            break;
        }
        if line.chars().count() + word.chars().count() + 1 > LONGEST {
            line.push_str(" …");
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    line.chars().any(char::is_alphabetic).then_some(line)
}
