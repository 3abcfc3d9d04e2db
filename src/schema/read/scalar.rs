//! Single values of the file: texts as they were written, numbers, words from a list.

use super::Reader;
use crate::config::names::{self, shown};
use crate::config::node::{Entry, Node, Value};
use crate::schema::model::{At, Span};

/// What a value is called.
pub(super) fn called(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Boolean(_) => "a boolean",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Text(_) => "a text",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
    }
}

impl Reader<'_> {
    /// A scalar as it was written: `1.10` stays `1.10`.
    pub(super) fn written(&self, node: &Node) -> Option<String> {
        let literal = |fallback: String| match self.source.slice(node.span.clone()).trim() {
            "" => fallback,
            literal => literal.to_owned(),
        };
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Integer(number) => Some(literal(number.to_string())),
            Value::Float(number) => Some(literal(number.to_string())),
            Value::Boolean(value) => Some(literal(value.to_string())),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// A value that must be a scalar.
    pub(super) fn text(&mut self, entry: &Entry) -> Option<At<String>> {
        let text = self.written(&entry.node);
        if text.is_none() {
            let help = match entry.node.value {
                Value::Null => "write a value behind the colon; an empty text is `\"\"`",
                _ => "write one text or number",
            };
            self.cannot_be(&entry.key, &entry.node, help);
        }
        text.map(|text| at(text, &entry.node))
    }

    /// One text or a list of texts, with something in it.
    pub(super) fn texts(&mut self, entry: &Entry) -> Option<At<Vec<String>>> {
        let items = self.items(entry)?;
        let texts: Vec<String> = items.into_iter().map(|item| item.value).collect();
        Some(at(texts, &entry.node))
    }

    /// The same, each with its place.
    pub(super) fn items(&mut self, entry: &Entry) -> Option<Vec<At<String>>> {
        let nodes: &[Node] = match &entry.node.value {
            Value::List(items) => items,
            Value::Null => &[],
            _ => std::slice::from_ref(&entry.node),
        };
        if nodes.is_empty() {
            let what = format!("`{}` names nothing", shown(&entry.key));
            let help = format!(
                "write `{}: [first, second]`, or take the key out",
                shown(&entry.key)
            );
            self.wrong(entry.node.span.clone(), what, help);
            return None;
        }
        let mut items: Vec<At<String>> = Vec::with_capacity(nodes.len());
        let mut known = std::collections::HashSet::new();
        for node in nodes {
            match self.written(node) {
                Some(text) if !known.insert(text.clone()) => {
                    let what = format!("`{}` stands twice in this list", shown(&text));
                    self.wrong(node.span.clone(), what, "take one of them out");
                }
                Some(text) => items.push(at(text, node)),
                None => self.cannot_be(&entry.key, node, "write texts or numbers"),
            }
        }
        (!items.is_empty()).then_some(items)
    }

    /// A number of characters.
    pub(super) fn length(&mut self, entry: &Entry) -> Option<At<u64>> {
        if let Value::Integer(number) = entry.node.value
            && let Ok(number) = u64::try_from(number)
        {
            return Some(at(number, &entry.node));
        }
        let what = format!("`{}` is a number of characters", entry.key);
        self.wrong(
            entry.node.span.clone(),
            what,
            "write a whole number, 0 or more",
        );
        None
    }

    /// Yes or no.
    pub(super) fn boolean(&mut self, entry: &Entry) -> Option<At<bool>> {
        if let Value::Boolean(value) = entry.node.value {
            return Some(at(value, &entry.node));
        }
        self.cannot_be(&entry.key, &entry.node, "write `true` or `false`");
        None
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(
        &mut self,
        entry: &Entry,
        all: &[(&'static str, T)],
        synonyms: &[(&str, &'static str)],
    ) -> Option<At<T>> {
        let words = || all.iter().map(|(word, _)| *word);
        let Value::Text(text) = &entry.node.value else {
            let help = format!("choose one of {}", names::list(words()));
            self.cannot_be(&entry.key, &entry.node, &help);
            return None;
        };
        if let Some((_, value)) = all.iter().find(|(word, _)| word == text) {
            return Some(at(*value, &entry.node));
        }
        let plain = text.to_ascii_lowercase();
        let meaning = |meant: &str| synonyms.iter().find(|(word, _)| *word == meant);
        let near = || names::nearest(text, words().chain(synonyms.iter().map(|(word, _)| *word)));
        let meant = meaning(&plain).map(|(_, word)| *word).or_else(near);
        let meant = meant.map(|meant| meaning(meant).map_or(meant, |(_, word)| *word));
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("choose one of {}", names::list(words())),
        };
        let what = format!("`{}` cannot be `{}`", shown(&entry.key), shown(text));
        self.wrong(entry.node.span.clone(), what, help);
        None
    }

    pub(super) fn cannot_be(&mut self, key: &str, node: &Node, help: &str) {
        let what = format!("`{}` cannot be {}", shown(key), called(&node.value));
        self.wrong(node.span.clone(), what, help);
    }
}

/// Something that was said, at its place.
pub(super) fn at<T>(value: T, node: &Node) -> At<T> {
    At {
        value,
        span: Span::of(&node.span),
    }
}
