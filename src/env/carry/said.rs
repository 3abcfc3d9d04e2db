//! What the code says of one variable, as the schema writes it: no value that may be secret comes along.

use std::collections::BTreeMap;

use super::Note;
use super::sound::sound;
use crate::env::first::{looks, yaml};
use crate::source::Source;
use crate::variable::Side;
use crate::variable::model::{Constraint, Declared, Kind, Value};

/// A key of a variable, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Type,
    Enum,
    Const,
    Schemes,
    Prefix,
    Suffix,
    Pattern,
    Min,
    Max,
    MinLength,
    MaxLength,
    Secret,
    Visibility,
    Required,
    Default,
    Description,
}

impl Key {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Enum => "enum",
            Self::Const => "const",
            Self::Schemes => "schemes",
            Self::Prefix => "prefix",
            Self::Suffix => "suffix",
            Self::Pattern => "pattern",
            Self::Min => "min",
            Self::Max => "max",
            Self::MinLength => "min_length",
            Self::MaxLength => "max_length",
            Self::Secret => "secret",
            Self::Visibility => "visibility",
            Self::Required => "required",
            Self::Default => "default",
            Self::Description => "description",
        }
    }
}

/// The keys of a variable with their values as YAML.
pub(super) type Said = BTreeMap<Key, String>;

/// A variable as it is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) said: Said,
    pub(super) lost: Vec<Note>,
    /// What is worth knowing besides.
    pub(super) hints: Vec<String>,
}

/// The pattern of a UUID, of whatever version.
const UUID: &str = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";

/// Longer descriptions are for other places.
const LONGEST: usize = 300;

/// What providers give in place of a scheme that code asks for.
const OTHER_SCHEMES: [(&str, &str); 2] =
    [("postgresql://", "postgres://"), ("redis://", "rediss://")];

/// What is to be written of a variable.
pub(super) fn wanted(declared: &Declared, source: &Source) -> Wanted {
    let mut reader = Reader {
        declared,
        source,
        hidden: hidden(declared),
        is_secret: is_secret(declared),
        wanted: Wanted {
            name: declared.name.clone(),
            said: Said::new(),
            lost: Vec::new(),
            hints: Vec::new(),
        },
    };
    reader.read();
    let mut wanted = reader.wanted;
    for (key, why) in sound(&mut wanted.said) {
        let what = format!("`{}` is left out: {why}", key.word());
        let note = Note::at(source, &declared.span, Some(&declared.name), what);
        wanted.lost.push(note);
    }
    wanted
}

/// Whether its value must not be seen.
fn is_secret(declared: &Declared) -> bool {
    let is_public = declared.side == Side::Client || looks::is_public(&declared.name);
    let default = declared.default.as_ref();
    declared.is_secret
        || !is_public
            && (looks::is_secret_name(&declared.name)
                || default.is_some_and(|default| looks::with_password(default.text())))
}

/// The values of the code that must be seen nowhere else.
fn hidden(declared: &Declared) -> Vec<&str> {
    let is_secret = is_secret(declared) || looks::is_secret_name(&declared.name);
    let default = declared.default.iter().map(Value::text);
    let own: Vec<&str> = match &declared.kind {
        Kind::Const(value) => vec![value],
        Kind::Enum(values) => values.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let all = default.chain(own).filter(|value| !value.is_empty());
    all.filter(|value| is_secret || looks::may_be_secret(value))
        .collect()
}

struct Reader<'a> {
    declared: &'a Declared,
    source: &'a Source,
    hidden: Vec<&'a str>,
    is_secret: bool,
    wanted: Wanted,
}

impl Reader<'_> {
    fn read(&mut self) {
        let declared = self.declared;
        for lost in &declared.lost {
            let what = match self.clean(&lost.what) {
                what if what.is_empty() => "this is not carried over".to_owned(),
                what => what,
            };
            self.lose_at(&lost.span, what);
        }
        self.kind();
        for constraint in &declared.constraints {
            self.constraint(constraint);
        }
        self.put(Key::Secret, self.is_secret.to_string());
        let is_public = declared.side == Side::Client || looks::is_public(&declared.name);
        if is_public && !self.is_secret {
            self.put(Key::Visibility, "public".to_owned());
        } else if declared.side == Side::Server {
            self.put(Key::Visibility, "server".to_owned());
        }
        self.put(Key::Required, declared.is_required.to_string());
        if let Some(default) = &declared.default {
            self.default(default.text());
        }
        if let Some(description) = &declared.description {
            let words = self.clean(description);
            if !words.is_empty() {
                self.put(Key::Description, yaml::text(&words));
            }
        }
    }

    fn put(&mut self, key: Key, value: String) {
        self.wanted.said.insert(key, value);
    }

    fn lose(&mut self, what: impl Into<String>) {
        let span = self.declared.span.clone();
        self.lose_at(&span, what.into());
    }

    fn lose_at(&mut self, span: &std::ops::Range<usize>, what: String) {
        let note = Note::at(self.source, span, Some(&self.declared.name), what);
        self.wanted.lost.push(note);
    }

    fn is_hidden(&self, value: &str) -> bool {
        self.hidden.contains(&value)
    }

    fn kind(&mut self) {
        let word = match &self.declared.kind {
            Kind::Text | Kind::Unknown => "string",
            Kind::Integer => "int",
            Kind::Number => "float",
            Kind::Boolean => "bool",
            Kind::Url => "url",
            Kind::Email => "email",
            Kind::Json => "json",
            Kind::Base64 => "base64",
            Kind::Hex => "hex",
            Kind::Uuid => {
                self.put(Key::Pattern, yaml::text(UUID));
                "string"
            }
            Kind::Enum(values) => self.choices(values),
            Kind::Const(value) if self.is_hidden(value) => {
                self.lose("its one value is not copied: it may be a secret");
                "string"
            }
            Kind::Const(value) => {
                self.put(Key::Const, yaml::text(value));
                "string"
            }
        };
        self.put(Key::Type, word.to_owned());
    }

    fn choices(&mut self, values: &[String]) -> &'static str {
        if values.iter().any(|value| self.is_hidden(value)) {
            self.lose("its values are not copied: they may be secrets");
            return "string";
        }
        let mut seen = std::collections::HashSet::new();
        let values = values.iter().map(String::as_str);
        let values: Vec<&str> = values.filter(|value| seen.insert(*value)).collect();
        if values.is_empty() {
            self.lose("its list of values is empty");
            return "string";
        }
        self.put(Key::Enum, yaml::list(values));
        "enum"
    }

    fn constraint(&mut self, constraint: &Constraint) {
        let (key, value) = match constraint {
            Constraint::Min(value) => (Key::Min, value.as_str()),
            Constraint::Max(value) => (Key::Max, value.as_str()),
            Constraint::MinLength(value) => (Key::MinLength, value.as_str()),
            Constraint::MaxLength(value) => (Key::MaxLength, value.as_str()),
            Constraint::Prefix(value) => (Key::Prefix, value.as_str()),
            Constraint::Suffix(value) => (Key::Suffix, value.as_str()),
            Constraint::Pattern(value) => (Key::Pattern, value.as_str()),
            Constraint::Schemes(schemes) => {
                self.put(Key::Schemes, yaml::list(schemes.iter().copied()));
                return;
            }
        };
        // A prefix such as `sk_live_` is known to all; more of a key is not. A pattern says less than what fits it.
        let is_close = value.len() > 16 && looks::may_be_secret(value);
        let is_literal = key != Key::Pattern || !value.contains(['[', '{', '(', '*', '+', '\\']);
        let is_named = self.shows(value) && !is_number(value);
        if is_named || is_literal && (is_close || looks::with_password(value)) {
            let what = format!("`{}` is not copied: it may be a secret", key.word());
            return self.lose(what);
        }
        if self.wanted.said.contains_key(&key) {
            let what = format!(
                "`{}` is asked for twice: the first one is carried over",
                key.word()
            );
            return self.lose(what);
        }
        let other = OTHER_SCHEMES.iter().find(|(scheme, _)| *scheme == value);
        if let Some((scheme, other)) = other.filter(|_| key == Key::Prefix) {
            let both = yaml::list([*scheme, *other]);
            let hint = format!("some providers give {other}: `prefix: {both}` takes both");
            self.wanted.hints.push(hint);
        }
        let written = match key {
            Key::Min | Key::Max | Key::MinLength | Key::MaxLength if is_number(value) => {
                value.to_owned()
            }
            _ => yaml::text(value),
        };
        self.put(key, written);
    }

    fn default(&mut self, value: &str) {
        if self.is_hidden(value) {
            return self.lose("its default is not copied: it may be a secret");
        }
        if value.is_empty() && self.is_secret {
            return;
        }
        let is_plain = match self.declared.kind {
            Kind::Integer | Kind::Number => is_number(value),
            Kind::Boolean => ["true", "false"].contains(&value),
            _ => false,
        };
        let written = if is_plain {
            value.to_owned()
        } else {
            yaml::text(value)
        };
        self.put(Key::Default, written);
    }

    /// Whether a text holds what must not be seen. So short a value is in many words.
    fn shows(&self, text: &str) -> bool {
        let mut hidden = self.hidden.iter();
        hidden.any(|value| value.len() > 3 && text.contains(*value))
    }

    /// Words for people on one line, up to what may be a secret.
    fn clean(&self, said: &str) -> String {
        let mut line = String::new();
        for word in said.split_whitespace() {
            let word: String = word.chars().filter(|letter| !letter.is_control()).collect();
            // A value may go over several words.
            if looks::may_be_secret(&word) || self.shows(said) {
                line.push_str(if line.is_empty() { "" } else { " …" });
                break;
            }
            if line.chars().count() + word.chars().count() >= LONGEST {
                line.push_str(" …");
                break;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        line
    }
}

/// Whether YAML, too, takes it for a number, and for the same.
fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.len() <= 15
        && are_digits(whole)
        && are_digits(part)
        && (whole == "0" || !whole.starts_with('0'))
}
