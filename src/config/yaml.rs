//! guard.yaml as a tree: the only place that knows the YAML library.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{DuplicateKeyPolicy, Location, NonFiniteFloatPolicy, Options, Spanned};

use super::node::{DEEPEST, Entry, Fault, Node, Parsed, Value};

/// A text as a plain value, without places. `on` and `no` are words, as the tools that other
/// managers are written with read them.
pub(super) fn value(text: &str) -> Option<serde_json::Value> {
    let options = serde_yaml::options! { strict_booleans: true };
    serde_yaml::from_str_with_options(text, options).ok()
}

/// Reads a text.
pub(super) fn parse(text: &str) -> Result<Parsed, Vec<Fault>> {
    parse_within(text, 100_000)
}

/// Reads a text of at most so many values.
pub(super) fn parse_within(text: &str, most: usize) -> Result<Parsed, Vec<Fault>> {
    let root: Spanned<Content> = serde_yaml::from_str_with_options(text, options(most))
        .map_err(|error| vec![fault(text, &error)])?;
    let mut doubles = Vec::new();
    let root = place(root, &mut doubles);
    Ok(Parsed { root, doubles })
}

/// Limits far beyond any real configuration, so that no file of a kilobyte costs a gigabyte.
fn options(most: usize) -> Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_nodes: most,
            max_events: most.saturating_mul(4).max(1_000_000),
        },
        alias_limits: serde_yaml::alias_limits! {
            max_total_replayed_events: 100_000,
        },
        // All of them arrive, so that every double is reported and not only the first.
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        // YAML 1.2: `on` and `no` are words.
        strict_booleans: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    }
}

/// The library's tree before places are bytes and doubles are found.
enum Content {
    Scalar(Value),
    List(Vec<Spanned<Content>>),
    Map(Vec<(Spanned<Key>, Spanned<Content>)>),
}

struct Key(String);

fn place(content: Spanned<Content>, doubles: &mut Vec<Fault>) -> Node {
    let span = bytes(&content.defined);
    let value = match content.value {
        Content::Scalar(value) => value,
        Content::List(items) => {
            Value::List(items.into_iter().map(|item| place(item, doubles)).collect())
        }
        Content::Map(pairs) => Value::Map(entries(pairs, doubles)),
    };
    Node { value, span }
}

/// The entries of a map: what a merge key (`<<`) brings gives way to what is written out.
fn entries(pairs: Vec<(Spanned<Key>, Spanned<Content>)>, doubles: &mut Vec<Fault>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::with_capacity(pairs.len());
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for (key, content) in pairs {
        let by_merge = key.defined != key.referenced;
        let entry = Entry {
            span: bytes(&key.defined),
            key: key.value.0,
            node: place(content, doubles),
        };
        match known.get_mut(&entry.key) {
            None => {
                let index = entries.len();
                known.insert(entry.key.clone(), Known { index, by_merge });
                entries.push(entry);
            }
            Some(_) if by_merge => {}
            Some(known) if known.by_merge => {
                known.by_merge = false;
                entries[known.index] = entry;
            }
            Some(_) => doubles.push(Fault::twice(&entry.key, entry.span)),
        }
    }
    entries
}

/// A key that a map has already.
struct Known {
    index: usize,
    by_merge: bool,
}

fn bytes(location: &Location) -> Range<usize> {
    let number = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok());
    let start = number(location.span().byte_offset()).unwrap_or_default();
    let length = number(location.span().byte_len()).unwrap_or_default();
    start..start.saturating_add(length)
}

fn fault(text: &str, error: &serde_yaml::Error) -> Fault {
    let span = match error.location() {
        Some(location) if location.span().byte_offset().is_some() => bytes(&location),
        Some(location) => offset(text, &location),
        None => text.len()..text.len(),
    };
    let message = error.to_string();
    // The place is said by the label; the library says it once more.
    let message = match message.find(" at line ") {
        Some(end) => &message[..end],
        None => &message,
    };
    let (message, help) = in_plain_words(message);
    Fault {
        span,
        message: format!("not valid YAML: {message}"),
        help: help.map(str::to_owned),
    }
}

/// Where the library speaks to programmers, and what usually lies behind its words.
fn in_plain_words(message: &str) -> (&str, Option<&str>) {
    if message.contains("multiple YAML documents") {
        return (
            "a second document begins",
            Some("keep one document in the file"),
        );
    }
    if message.contains("tabs disallowed") {
        return (message, Some("indent by spaces: YAML allows no tabs there"));
    }
    if message.contains("while parsing a flow mapping") {
        return (
            message,
            Some(
                "inside `{ }` a text with braces or commas wants quotes: `run: \"npx eslint {files}\"`",
            ),
        );
    }
    if message == "expected string scalar" {
        return ("a key must be a text", None);
    }
    (message, None)
}

/// The scanner knows lines and columns only.
fn offset(text: &str, location: &Location) -> Range<usize> {
    let line = usize::try_from(location.line()).unwrap_or_default();
    let column = usize::try_from(location.column()).unwrap_or_default();
    let mut lines = text.split_inclusive('\n');
    let start: usize = lines
        .by_ref()
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let within = lines.next().unwrap_or_default().char_indices();
    let end = within.map(|(index, _)| index).nth(column.saturating_sub(1));
    let offset = end.map_or(text.len(), |index| start + index);
    offset..offset
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Key)
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Boolean(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Integer(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Integer(value.into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Text(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Text(value)))
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Null))
    }

    fn visit_bytes<E: serde::de::Error>(self, _: &[u8]) -> Result<Content, E> {
        Err(E::custom("binary values have no meaning here"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Content, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Content::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut pairs = Vec::new();
        while let Some(key) = map.next_key()? {
            pairs.push((key, map.next_value()?));
        }
        Ok(Content::Map(pairs))
    }
}
