//! guard.json as a tree. serde_json judges the grammar; the walk over what it accepted only finds the places.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::de::IgnoredAny;

use super::node::{DEEPEST, Entry, Fault, Node, Parsed, Value};

/// Reads a text.
pub(super) fn parse(text: &str) -> Result<Parsed, Vec<Fault>> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        return Err(vec![fault(text, &error)]);
    }
    let mut walk = Walk {
        text,
        at: 0,
        faults: Vec::new(),
        doubles: Vec::new(),
    };
    let root = walk.value(0);
    if walk.faults.is_empty() {
        Ok(Parsed {
            root,
            doubles: walk.doubles,
        })
    } else {
        Err(walk.faults)
    }
}

fn fault(text: &str, error: &serde_json::Error) -> Fault {
    let line = error.line().max(1);
    let start = text
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum::<usize>();
    let offset = (start + error.column().saturating_sub(1)).min(text.len());
    let offset = text.floor_char_boundary(offset);
    if text.trim().is_empty() {
        let message = "not valid JSON: the file is empty";
        return Fault {
            help: Some("write `{}` for a configuration without settings".to_owned()),
            ..Fault::new(0..0, message)
        };
    }
    let message = error.to_string();
    let message = match message.find(" at line ") {
        Some(end) => &message[..end],
        None => &message,
    };
    Fault::new(offset..offset, format!("not valid JSON: {message}"))
}

/// A position in a text that is known to be JSON.
struct Walk<'t> {
    text: &'t str,
    at: usize,
    faults: Vec<Fault>,
    doubles: Vec<Fault>,
}

impl Walk<'_> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\r' | b'\n') {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Node {
        self.skip_space();
        let start = self.at;
        let value = match self.peek() {
            _ if depth > DEEPEST => {
                self.faults.push(Fault::too_deep(start));
                // There is no way on without going deeper; what was found is enough.
                self.at = self.text.len();
                Value::Null
            }
            b'{' => self.map(depth),
            b'[' => self.list(depth),
            b'"' => Value::Text(self.string().0),
            _ => self.word(),
        };
        Node {
            value,
            span: start..self.at,
        }
    }

    fn map(&mut self, depth: usize) -> Value {
        let mut entries: Vec<Entry> = Vec::new();
        let mut known: BTreeSet<String> = BTreeSet::new();
        self.at += 1;
        loop {
            self.skip_space();
            match self.peek() {
                b'"' => {}
                b',' => {
                    self.at += 1;
                    continue;
                }
                _ => break,
            }
            let (key, span) = self.string();
            self.skip_space();
            self.at += 1;
            let node = self.value(depth + 1);
            if known.insert(key.clone()) {
                entries.push(Entry { key, span, node });
            } else {
                self.doubles.push(Fault::twice(&key, span));
            }
        }
        self.close();
        Value::Map(entries)
    }

    fn list(&mut self, depth: usize) -> Value {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.skip_space();
            match self.peek() {
                b',' => self.at += 1,
                b']' | 0 => break,
                _ => items.push(self.value(depth + 1)),
            }
        }
        self.close();
        Value::List(items)
    }

    /// Steps over a closing bracket; the end of the text stays the end.
    fn close(&mut self) {
        self.at = (self.at + 1).min(self.text.len());
    }

    fn string(&mut self) -> (String, Range<usize>) {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                b'\\' => self.at += 2,
                b'"' | 0 => break,
                _ => self.at += 1,
            }
        }
        self.close();
        let span = start..self.at;
        let text = self.text.get(span.clone()).unwrap_or_default();
        let text = serde_json::from_str(text).unwrap_or_else(|_| {
            let message = "not valid JSON: half of a surrogate pair stands alone";
            self.faults.push(Fault::new(span.clone(), message));
            String::new()
        });
        (text, span)
    }

    fn word(&mut self) -> Value {
        let start = self.at;
        while matches!(self.peek(), b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.' | b'E') {
            self.at += 1;
        }
        if self.at == start {
            // Not reached in JSON; a step keeps any other text from standing still.
            self.at = self.text.len();
        }
        match &self.text[start..self.at] {
            "null" => Value::Null,
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            number => match number.parse() {
                Ok(number) => Value::Integer(number),
                Err(_) => Value::Float(number.parse().unwrap_or(f64::INFINITY)),
            },
        }
    }
}
