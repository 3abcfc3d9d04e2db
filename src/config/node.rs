//! One layer as a tree that knows where each key and value stands, whatever the format it was written in.

use std::fmt;
use std::ops::Range;

use figment::value::{Dict, Value as Merged};

/// The deepest nesting that any format may have; guard's own goes four levels deep.
pub(crate) const DEEPEST: usize = 64;

/// A text that was understood.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parsed {
    pub(crate) root: Node,
    /// Keys that stand twice: the first is taken, so that whatever else is wrong can be told as well.
    pub(crate) doubles: Vec<Fault>,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Range<usize>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i128),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value. No two entries of a map have the same key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) span: Range<usize>,
    pub(crate) node: Node,
}

/// What is wrong with a text before its meaning is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Fault {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            help: None,
        }
    }

    /// A key that stands twice in one map.
    pub(crate) fn twice(key: &str, span: Range<usize>) -> Self {
        Self {
            span,
            message: format!("the key `{key}` stands twice here"),
            help: Some("keep one of them: guard does not choose".to_owned()),
        }
    }

    /// Nesting beyond reason.
    pub(crate) fn too_deep(at: usize) -> Self {
        Self::new(at..at, format!("more than {DEEPEST} levels of nesting"))
    }
}

impl Node {
    /// A value that stands in no text.
    pub(crate) fn nowhere(value: Value) -> Self {
        Self { value, span: 0..0 }
    }

    /// A value below a chain of keys, all of them in no text.
    pub(crate) fn below(keys: &[String], value: Node) -> Self {
        keys.iter().rev().fold(value, |node, key| {
            Node::nowhere(Value::Map(vec![Entry {
                key: key.clone(),
                span: 0..0,
                node,
            }]))
        })
    }

    /// The value under a key of a map.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// The keys of a map, in the order in which they were written.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let entries: &[Entry] = match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        };
        entries.iter().map(|entry| entry.key.as_str())
    }

    /// The spans of the key and of the value at the end of a trail.
    pub(crate) fn find(&self, trail: &Trail) -> Option<Spot<'_>> {
        let mut spot = Spot {
            key: None,
            node: self,
        };
        for step in &trail.0 {
            spot = match (step, &spot.node.value) {
                (Step::Key(key), Value::Map(_)) => {
                    let entry = spot.node.entry(key)?;
                    Spot {
                        key: Some(entry.span.clone()),
                        node: &entry.node,
                    }
                }
                (Step::Index(index), Value::List(items)) => Spot {
                    key: spot.key,
                    node: items.get(*index)?,
                },
                _ => return None,
            };
        }
        Some(spot)
    }

    /// The map that figment merges; anything but a map counts as empty.
    pub(crate) fn to_dict(&self) -> Dict {
        match &self.value {
            Value::Map(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.node.to_merged()))
                .collect(),
            _ => Dict::new(),
        }
    }

    fn to_merged(&self) -> Merged {
        match &self.value {
            Value::Null => Merged::from(figment::value::Empty::Unit),
            Value::Boolean(value) => Merged::from(*value),
            // What fits is handed over as the type that serde expects.
            Value::Integer(value) => match i64::try_from(*value) {
                Ok(value) => Merged::from(value),
                Err(_) => Merged::from(*value),
            },
            Value::Float(value) => Merged::from(*value),
            Value::Text(value) => Merged::from(value.clone()),
            Value::List(items) => {
                Merged::from(items.iter().map(Self::to_merged).collect::<Vec<_>>())
            }
            Value::Map(_) => Merged::from(self.to_dict()),
        }
    }
}

/// Where a trail ends in a layer.
#[derive(Clone, Debug)]
pub(crate) struct Spot<'n> {
    /// The nearest key at or above the value.
    pub(crate) key: Option<Range<usize>>,
    /// The value.
    pub(crate) node: &'n Node,
}

/// The way from the root to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trail(pub(crate) Vec<Step>);

/// One step of a trail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

impl Trail {
    /// The trail of these keys.
    pub(crate) fn of<K: Into<String>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self(keys.into_iter().map(|key| Step::Key(key.into())).collect())
    }

    pub(crate) fn key(&self, key: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        Self(steps)
    }

    pub(crate) fn index(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        Self(steps)
    }

    pub(crate) fn parent(&self) -> Self {
        Self(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// The part before the first index: lists replace each other whole, so a layer owns them whole.
    pub(crate) fn keys_only(&self) -> Self {
        let steps = self
            .0
            .iter()
            .take_while(|step| matches!(step, Step::Key(_)));
        Self(steps.cloned().collect())
    }

    pub(crate) fn starts_with(&self, other: &Trail) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if position == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
