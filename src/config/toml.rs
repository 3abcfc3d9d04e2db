//! guard.toml as a tree.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::names::shown;
use super::node::{DEEPEST, Entry, Fault, Node, Parsed, Value};

/// Reads a text. Every mistake that the parser can get past is reported.
pub(super) fn parse(text: &str) -> Result<Parsed, Vec<Fault>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let (doubles, errors): (Vec<_>, Vec<_>) = errors.iter().partition(|error| is_double(error));
    let mut faults: Vec<Fault> = errors.iter().map(|error| fault(text, error)).collect();
    let span = table.span();
    let value = entries(table.into_inner(), 0, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Parsed {
        root: Node { value, span },
        doubles: doubles.iter().map(|error| double(text, error)).collect(),
    })
}

/// Reads one value, as a variable may hold it.
pub(super) fn value(text: &str) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    let mut faults = Vec::new();
    let node = node(value, 0, &mut faults);
    faults.is_empty().then_some(node)
}

fn is_double(error: &toml::de::Error) -> bool {
    error.message().contains("duplicate key")
}

fn double(text: &str, error: &toml::de::Error) -> Fault {
    let span = error.span().unwrap_or(text.len()..text.len());
    let key = text.get(span.clone()).unwrap_or_default();
    Fault::twice(&shown(key.trim_matches(['"', '\''])), span)
}

fn fault(text: &str, error: &toml::de::Error) -> Fault {
    let span = error.span().unwrap_or(text.len()..text.len());
    let message = error.message().trim().replace('\n', ", ");
    Fault::new(span, format!("not valid TOML: {message}"))
}

fn node(value: Spanned<DeValue<'_>>, depth: usize, faults: &mut Vec<Fault>) -> Node {
    let span = value.span();
    if depth > DEEPEST {
        faults.push(Fault::too_deep(span.start));
        return Node {
            value: Value::Null,
            span,
        };
    }
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => {
            match i128::from_str_radix(&number.as_str().replace('_', ""), number.radix()) {
                Ok(number) => Value::Integer(number),
                Err(_) => Value::Text(number.to_string()),
            }
        }
        DeValue::Float(number) => match number.as_str().replace('_', "").parse() {
            Ok(number) => Value::Float(number),
            Err(_) => Value::Text(number.as_str().to_owned()),
        },
        DeValue::Boolean(value) => Value::Boolean(value),
        DeValue::Datetime(_) => {
            faults.push(Fault {
                help: Some("put it in quotes if it is meant as a text".to_owned()),
                ..Fault::new(
                    span.clone(),
                    "no setting of guard is a date or a time of day",
                )
            });
            Value::Null
        }
        DeValue::Array(items) => {
            let items = items.into_iter();
            Value::List(items.map(|item| node(item, depth + 1, faults)).collect())
        }
        DeValue::Table(table) => entries(table, depth + 1, faults),
    };
    Node { value, span }
}

fn entries(table: DeTable<'_>, depth: usize, faults: &mut Vec<Fault>) -> Value {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            span: key.span(),
            key: key.into_inner().into_owned(),
            node: node(value, depth, faults),
        })
        .collect();
    entries.sort_by_key(|entry| entry.span.start);
    Value::Map(entries)
}
